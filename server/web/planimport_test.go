package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/templates/words"
)

// handIn hands a workbook in, as the page's form does, and follows to what it would
// change.
func (c *chain) handIn(t *testing.T, name string, data []byte) (string, answer) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, c.path("/plan/import"), &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	taken := c.at[staff.Specialist].send(t, r)
	if taken.StatusCode != http.StatusSeeOther {
		return "", taken
	}
	shown := taken.Header.Get("Location")
	return shown, c.at[staff.Specialist].get(t, shown)
}

// workbook is the draft's own, as its author changes it.
func (c *chain) workbook(t *testing.T, path string, change func(f *excelize.File, name string)) []byte {
	t.Helper()
	got := c.at[staff.Specialist].get(t, c.path(path)).want(t, http.StatusOK)
	if got.Header.Get("Content-Type") != sheet.MediaType || !strings.Contains(got.Header.Get("Content-Disposition"), ".xlsx") {
		t.Fatalf("%s is sent as %v", path, got.Header)
	}
	f, err := excelize.OpenReader(strings.NewReader(got.body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	change(f, f.GetSheetName(0))
	var data bytes.Buffer
	if err := f.Write(&data); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// write puts texts into a row of the workbook, from the column of the field on.
func write(t *testing.T, f *excelize.File, name string, row int, texts ...string) {
	t.Helper()
	for i, text := range texts {
		if err := f.SetCellStr(name, sheet.Cell(i+2, row), text); err != nil {
			t.Fatal(err)
		}
	}
}

const firstRow = 6 // under the title, two lines about it, an empty one and the heads

func TestAPlanComesFromAWorkbook(t *testing.T) {
	c, year := newPlanChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/plan/import")).want(t, http.StatusOK).says(t, "Tải tệp mẫu", "Kiểm tra tệp").silent(t, "Tải bảng đang có")

	// All that is wrong comes back at once, marked in the author's own workbook.
	broken := c.workbook(t, "/plan/template.xlsx", func(f *excelize.File, name string) {
		write(t, f, name, firstRow, "Cải cách vũ trụ", "", "Rà soát văn bản", "Báo cáo", "", "STC", "", "31/02", "giữa năm")
		write(t, f, name, firstRow+1, "Cải cách thể chế", "", "Công khai thủ tục", "", "", "", "", "", "quý II")
	})
	shown, page := c.handIn(t, "ke-hoach.xlsx", broken)
	page.want(t, http.StatusOK).says(t, "Tệp còn 3 ô chưa đọc được", "B6", "Biểu mẫu không có lĩnh vực này.", "I6", "Chưa đọc được ngày bắt đầu",
		"J6", "Chưa đọc được thời hạn", "E7", "Chưa ghi sản phẩm dự kiến.", "G7", "Chưa ghi đơn vị hoặc người chủ trì.").silent(t, "Nhập 2 nhiệm vụ")
	marked, err := excelize.OpenReader(strings.NewReader(author.get(t, shown+"/marked.xlsx").want(t, http.StatusOK).body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = marked.Close() }()
	if rows, err := marked.GetRows(words.SheetErrors); err != nil || len(rows) != 6 {
		t.Errorf("the list of what is wrong is %q, %v", rows, err)
	}
	if text, err := marked.GetCellValue(marked.GetSheetName(0), "D6"); err != nil || text != "Rà soát văn bản" {
		t.Errorf("the author's own text is %q, %v", text, err)
	}
	author.post(t, shown, url.Values{"key": {"k"}}).want(t, http.StatusOK).says(t, "chưa đọc được")
	if c.count(`select count(*) from draft_tasks`) != 0 {
		t.Fatal("something was saved of a workbook that cannot be read")
	}

	// What can be read is shown, and saved when the author says so; twice is once.
	whole := c.workbook(t, "/plan/template.xlsx", func(f *excelize.File, name string) {
		write(t, f, name, firstRow, "Cải cách thể chế", "100 %", "Rà soát văn bản", "Báo cáo", "Báo cáo", "so tai chinh", "Phòng A; SYT", "1/2/"+strconv.Itoa(year), "quý II")
		write(t, f, name, firstRow+2, "cai cach the che", "", "Công khai thủ tục", "", "", "Phòng B", "", "", "Thường xuyên")
	})
	shown, page = c.handIn(t, "ke-hoach.xlsx", whole)
	f := page.want(t, http.StatusOK).says(t, "Chưa lưu.", "2 nhiệm vụ thay đổi", "Sở Tài chính", "Còn phải bổ sung sau khi nhập", "Nhập 2 nhiệm vụ").filled(t, shown)
	if c.count(`select count(*) from draft_tasks`) != 0 {
		t.Fatal("something was saved before the author said so")
	}
	for range 2 {
		author.post(t, shown, f).want(t, http.StatusSeeOther, c.path("/plan"))
	}
	author.get(t, c.path("/plan")).says(t, "Đã nhập 2 nhiệm vụ từ tệp “ke-hoach.xlsx”", "2 nhiệm vụ", "Phối hợp: Phòng A; Sở Y tế", "Quý II/"+strconv.Itoa(year))
	if c.count(`select count(*) from draft_tasks where version = 1`) != 2 {
		t.Error("taking over twice is not as once")
	}

	// Written out, changed and handed in again: changed tasks are known by their keys, and
	// those that are left out stay unless the author says otherwise.
	next := c.workbook(t, "/plan/tasks.xlsx", func(f *excelize.File, name string) {
		write(t, f, name, firstRow, "Cải cách thể chế", "90 %")
		if err := f.RemoveRow(name, firstRow+1); err != nil {
			t.Fatal(err)
		}
		write(t, f, name, firstRow+1, "", "", "Tập huấn")
	})
	shown, page = c.handIn(t, "sửa.xlsx", next)
	f = page.want(t, http.StatusOK).says(t, "2 nhiệm vụ thay đổi", "Không có trong tệp", "Công khai thủ tục", "90 %").filled(t, shown)
	// Somebody is faster at one of them: nothing of theirs is lost.
	c.exec(`update draft_tasks set version = 2, task = task || '{"note": "vừa sửa"}' where task->>'name' = 'Rà soát văn bản'`)
	author.post(t, shown, f).want(t, http.StatusSeeOther, shown)
	again := author.get(t, shown).want(t, http.StatusOK).says(t, "1 nhiệm vụ vừa có người sửa nên chưa nhập", "vừa sửa").filled(t, shown)
	if c.count(`select count(*) from draft_tasks where task->>'name' = 'Tập huấn'`) != 1 {
		t.Error("a conflict holds back the tasks beside it")
	}
	again.Set("drop", "1")
	author.post(t, shown, again).want(t, http.StatusSeeOther, c.path("/plan"))
	author.get(t, c.path("/plan")).says(t, "Tập huấn", "Mục tiêu: 90 %", "Đã bỏ", "Lấy lại")
	if c.count(`select count(*) from draft_tasks where removed and task->>'name' = 'Công khai thủ tục'`) != 1 {
		t.Error("what was to be taken out stands")
	}
}

// A long table gives way to a long workbook once its author says so.
func TestAWorkbookTakesThePlaceOfATable(t *testing.T) {
	c, _ := newPlanChain(t)
	author := c.at[staff.Specialist]
	c.exec(`insert into draft_tasks (document_id, key, place, task, updated_by)
		select $1, 't' || n, n, jsonb_build_object('key', 't' || n, 'name', 'Việc cũ ' || n), (select min(id) from persons) from generate_series(1, 300) n`, c.id)
	whole := c.workbook(t, "/plan/template.xlsx", func(f *excelize.File, name string) {
		for n := range 300 {
			write(t, f, name, firstRow+n, "", "", "Việc mới "+strconv.Itoa(n))
		}
	})
	shown, page := c.handIn(t, "mới.xlsx", whole)
	f := page.want(t, http.StatusOK).says(t, "Không có trong tệp", "Nhập 300 nhiệm vụ").filled(t, shown)
	f = author.post(t, shown, f).want(t, http.StatusUnprocessableEntity).says(t, "Tối đa 500 nhiệm vụ, hiện có 600.").filled(t, shown)
	f.Set("drop", "1")
	author.post(t, shown, f).want(t, http.StatusSeeOther, c.path("/plan"))
	if n := c.count(`select count(*) from draft_tasks where not removed and task->>'name' like 'Việc mới %'`); n != 300 {
		t.Errorf("%d tasks came from the workbook", n)
	}
	if n := c.count(`select count(*) from draft_tasks where not removed`); n != 300 {
		t.Errorf("%d tasks stand", n)
	}
}

func TestWorkbooksThatAreNone(t *testing.T) {
	c, _ := newPlanChain(t)
	for name, data := range map[string][]byte{"a.csv": []byte("Nhiệm vụ;Thời hạn"), "a.xlsx": []byte("PK\x03\x04"), "": nil} {
		if _, page := c.handIn(t, name, data); page.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%q is answered with %d: %.200s", name, page.StatusCode, page.words())
		}
	}
	empty := c.workbook(t, "/plan/template.xlsx", func(*excelize.File, string) {})
	_, page := c.handIn(t, "trống.xlsx", empty)
	page.want(t, http.StatusUnprocessableEntity).says(t, "chưa có nhiệm vụ nào")
	other := c.workbook(t, "/plan/template.xlsx", func(f *excelize.File, name string) {
		if err := f.SetCellStr(name, "D5", "Việc"); err != nil {
			t.Fatal(err)
		}
	})
	_, page = c.handIn(t, "khác.xlsx", other)
	page.want(t, http.StatusUnprocessableEntity).says(t, "không có bảng nhiệm vụ")
	// Another document's workbook is nobody's here.
	c.at[staff.Specialist].get(t, c.path("/plan/import/"+strings.Repeat("a", 64))).want(t, http.StatusNotFound)
}
