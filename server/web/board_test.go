package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
)

func TestRemindingOnce(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT", "SXD")
	holder := k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	k.exec(t, `update documents set desk_since = clock_timestamp() - interval '1 day', due_at = clock_timestamp() - interval '1 hour'`)
	k.exec(t, `update documents set desk_since = clock_timestamp() where unit_code = 'SXD'`)
	officer := k.at(t, "SNV", staff.Officer)
	path := "/campaigns/" + code
	board := officer.get(t, path).says(t, "Nhắc 3 đơn vị quá hạn", "Sổ quá hạn, 3 đơn vị")
	if !strings.Contains(board.body, `href="`+path+`/remind?flag=overdue"`) {
		t.Error("the board does not lead to the preview")
	}
	preview := officer.get(t, path+"/remind?flag=overdue").want(t, http.StatusOK).
		says(t, "Chưa gửi gì", "Sẽ nhắc 1 đơn vị", "Bỏ qua 1 đơn vị", "1 đơn vị chưa có người giữ", "1 đơn vị vừa xử lý, bỏ qua", "Nhắc 2 đơn vị")
	if n, err := k.Store.UnreadNotices(context.Background(), holder); err != nil || n != 0 {
		t.Errorf("the preview has sent %d notices, %v", n, err)
	}
	f := preview.filled(t, path+"/remind")
	if f.Get("flag") != "overdue" {
		t.Errorf("the form carries %v", f)
	}
	done := path + "/reminders/" + f.Get("key")
	for range 2 { // a double click
		officer.post(t, path+"/remind", f).want(t, http.StatusSeeOther, done)
	}
	officer.get(t, done).want(t, http.StatusOK).
		says(t, "Đã nhắc 1 đơn vị", "1 đơn vị đã được nhắc", "1 đơn vị vừa xử lý, đã bỏ qua", "Sở Tài chính", "Người").silent(t, "Chưa gửi gì")
	f.Set("key", uuid.NewString())
	officer.post(t, path+"/remind", f).want(t, http.StatusSeeOther)
	officer.get(t, path+"/reminders/"+f.Get("key")).says(t, "Đã nhắc 0 đơn vị", "2 đơn vị đã được nhắc trước đó trong ngày")
	if n, err := k.Store.UnreadNotices(context.Background(), holder); err != nil || n != 1 {
		t.Errorf("the holder has %d notices, %v", n, err)
	}
	officer.post(t, "/campaigns/bc-none/remind", f).want(t, http.StatusNotFound)
	officer.post(t, path+"/remind", url.Values{}).want(t, http.StatusBadRequest)
	officer.get(t, path+"/reminders/"+uuid.NewString()).want(t, http.StatusNotFound)
	officer.get(t, path+"/remind?q=khong+co").want(t, http.StatusOK).says(t, "Không có đơn vị nào cần nhắc lúc này")
}

// opened reads the answer as a workbook and gives the rows of its only sheet.
func (a answer) opened(t *testing.T) [][]string {
	t.Helper()
	a.want(t, http.StatusOK)
	if kind := a.Header.Get("Content-Type"); kind != sheet.MediaType {
		t.Errorf("the type is %q", kind)
	}
	f, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestBoardAsWorkbook(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT", "SXD")
	k.exec(t, `update documents set due_at = clock_timestamp() - interval '80 hours' where unit_code <> 'SXD'`)
	officer := k.at(t, "SNV", staff.Officer)
	book := officer.get(t, "/campaigns/"+code+"/board.xlsx?flag=overdue&page=7")
	rows := book.opened(t)
	if got := book.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment; filename="+code+"-theo-doi-2") {
		t.Errorf("the file is called %q", got)
	}
	if len(rows) != 7 || rows[4][0] != "Đơn vị" || rows[5][0] != "Sở Tài chính" && rows[5][0] != "Sở Y tế" || rows[5][2] != "Chưa thực hiện" {
		t.Errorf("the workbook says %q", rows)
	}
	if !strings.Contains(rows[2][0], "quá hạn") || !strings.Contains(rows[1][0], "Người") {
		t.Errorf("its head says %q", rows[:3])
	}
	own := k.at(t, "STC", staff.Specialist).get(t, "/campaigns/"+code+"/board.xlsx").opened(t)
	if len(own) != 6 || own[5][0] != "Sở Tài chính" {
		t.Errorf("a unit's people take away %q", own)
	}
	var logged int
	if err := k.Owner.QueryRow(`select count(*) from audit where action = 'download' and object = $1 and detail->>'file' like '%.xlsx'`, code).Scan(&logged); err != nil || logged != 2 {
		t.Errorf("%d downloads are logged, %v", logged, err)
	}
	k.at(t, "SCT", staff.Specialist).get(t, "/campaigns/"+code+"/board.xlsx").want(t, http.StatusNotFound)
}

func TestBoardInOnePiece(t *testing.T) {
	k := newKit(t)
	var units []string
	all, err := k.Store.Units(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range all[:60] {
		units = append(units, unit.Code)
	}
	code := k.launched(t, units...)
	officer := k.at(t, "SNV", staff.Officer)
	paged, whole := officer.get(t, "/campaigns/"+code+"?sort=unit"), officer.get(t, "/campaigns/"+code+"?sort=unit&all=1")
	count := func(a answer) int {
		return strings.Count(a.want(t, http.StatusOK).body, `<th scope="row"><a href="/documents/`)
	}
	if count(paged) != 50 || count(whole) != 60 {
		t.Errorf("%d rows on a page, %d in one piece", count(paged), count(whole))
	}
	whole.says(t, "SỞ NỘI VỤ THÀNH PHỐ HỒ CHÍ MINH", "Theo dõi đợt:", "Bộ lọc: không lọc; xếp theo tên đơn vị", "Người lập bảng", "Bản in.").silent(t, "Xem tiếp")
	paged.says(t, "Xem tiếp", "Xem bản in", "Xuất Excel")
}

func TestOverdueRegister(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT", "SXD")
	author := k.at(t, "STC", staff.Specialist)
	k.exec(t, `update documents set due_at = clock_timestamp() - interval '1 hour' where unit_code <> 'SXD'`)
	officer := k.at(t, "SNV", staff.Officer)
	path, cause := "/campaigns/"+code+"/overdue", "/documents/"+code+"-STC/cause"
	officer.get(t, path).want(t, http.StatusOK).
		says(t, "2 đơn vị quá hạn", "Chưa mở, chưa viết dòng nào", "Bàn trống, chưa có người giữ", "Chưa ghi", "Ghi nguyên nhân").silent(t, "Sở Xây dựng")
	page := author.get(t, cause).want(t, http.StatusOK).says(t, "Chưa ai ghi nguyên nhân")
	f := page.filled(t, cause)
	author.post(t, cause, f).want(t, http.StatusUnprocessableEntity).says(t, "Có lỗi cần sửa", "Ghi nguyên nhân.")
	f.Set("cause", "=Chờ số liệu của Kho bạc")
	for range 2 { // a double click
		author.post(t, cause, f).want(t, http.StatusSeeOther, cause)
	}
	author.get(t, cause).says(t, "Đã ghi nguyên nhân.", "=Chờ số liệu của Kho bạc", "Chuyên viên, Sở Tài chính")
	officer.get(t, path).says(t, "=Chờ số liệu của Kho bạc", "Xem và ghi thêm")
	officer.get(t, path+"?noted=yes").says(t, "1 đơn vị quá hạn", "Sở Tài chính").silent(t, "Sở Y tế")
	officer.get(t, path+"?noted=no&q=y+te").says(t, "1 đơn vị quá hạn", "Sở Y tế").silent(t, "Sở Tài chính")
	officer.get(t, path+"?group=ward").says(t, "Không có đơn vị nào khớp bộ lọc")
	rows := officer.get(t, path+".xlsx?noted=yes").opened(t)
	if len(rows) != 6 || rows[5][0] != "Sở Tài chính" || rows[5][9] != "=Chờ số liệu của Kho bạc" || !strings.Contains(rows[5][10], "Chuyên viên, Sở Tài chính") {
		t.Errorf("the workbook says %q", rows)
	}
	author.get(t, path).says(t, "1 đơn vị quá hạn", "Sở Tài chính").silent(t, "Sở Y tế", "Nhắc")
	k.at(t, "SYT", staff.Specialist).get(t, cause).want(t, http.StatusForbidden)
	k.exec(t, `update documents set due_at = clock_timestamp() + interval '1 day'`)
	author.get(t, cause).says(t, "không còn quá hạn", "=Chờ số liệu của Kho bạc")
	f.Set("key", uuid.NewString())
	author.post(t, cause, f).want(t, http.StatusUnprocessableEntity)
	officer.get(t, path).says(t, "Không có đơn vị nào quá hạn")
}

func TestMedianAtDesks(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 12, day, 9, 0, 0, 0, calendar.Zone) }
	for _, row := range []struct {
		middle [2]time.Time
		want   string
	}{
		{[2]time.Time{at(14), at(14)}, "3,0"},
		{[2]time.Time{at(14), at(15)}, "2,5"},
	} {
		loads := deskLoads(map[document.Stage]storage.DeskLoad{
			document.Signing: {Open: 2, Middle: row.middle, Oldest: at(1)},
		}, at(17), calendar.New(nil), "/campaigns/x")
		if len(loads) != 1 || loads[0].Median != row.want || loads[0].Oldest != "12" || loads[0].URL != "/campaigns/x?status=signing" {
			t.Errorf("%v: %+v, want %s", row.middle, loads, row.want)
		}
	}
}

// Every unit of a large reminder can be read: the first ones together, the others on
// pages of their outcome.
func TestRemindersOfAWholeCityArePaged(t *testing.T) {
	run := storage.ReminderRun{By: "Phạm Đức Long"}
	for i := range 2*remindListed + 7 {
		run.Results = append(run.Results, storage.ReminderResult{Document: fmt.Sprint("d", i), Outcome: storage.ReminderSent})
	}
	run.Results = append(run.Results, storage.ReminderResult{Document: "busy", Outcome: storage.ReminderBusy})
	groups := func(address string) []templates.RemindGroup {
		t.Helper()
		at, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		return remindGroups(run, at)
	}
	all := groups("/campaigns/c/remind?flag=overdue&outcome=unknown")
	if len(all) != 2 || len(all[0].Rows) != remindListed || all[0].More != remindListed+7 || all[1].MoreURL != "" {
		t.Fatalf("%d groups, %+v", len(all), all[0].More)
	}
	seen, next := len(all[0].Rows), all[0].MoreURL
	for page := 2; next != "" && page < 5; page++ {
		one := groups(next)
		if len(one) != 1 || one[0].Rows[0].URL != fmt.Sprint("/documents/d", seen) || !strings.Contains(next, "flag=overdue") {
			t.Fatalf("page %d at %s: %+v", page, next, one)
		}
		seen, next = seen+len(one[0].Rows), one[0].Paging.NextURL
	}
	if seen != 2*remindListed+7 {
		t.Errorf("%d units are listed", seen)
	}
	if gone := groups("/campaigns/c/remind?outcome=sent&page=9"); len(gone) != 1 || len(gone[0].Rows) != 7 {
		t.Errorf("beyond the last page: %+v", gone)
	}
}
