package web

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
)

func TestPlanBoards(t *testing.T) {
	c, year := newLivingPlan(t)
	officer, author := c.at[staff.Officer], c.at[staff.Specialist]
	campaign := "/campaigns/kh-" + strconv.Itoa(year) + "y"
	city, own := campaign+"/tasks", c.path("/board")
	officer.get(t, campaign).want(t, http.StatusOK).says(t, "Tiến độ kế hoạch")
	author.get(t, c.path("/tracking")).says(t, "Bảng tiến độ")

	f := author.get(t, c.path("/tracking/t1")).filled(t, c.path("/tracking/t1/progress"))
	f.Set("note", "Đã gửi phiếu")
	f.Set("percent", "40")
	author.post(t, c.path("/tracking/t1/progress"), f).want(t, http.StatusSeeOther)
	for _, path := range []string{city, own} {
		officer.get(t, path).want(t, http.StatusOK).says(t, "2 nhiệm vụ", "Hoàn thành 0/2, đạt 0 %", "Rà soát văn bản", "Công khai thủ tục", "Đang thực hiện", "40 %", "Quý II/")
		officer.get(t, path+"?status=in_progress").says(t, "1 nhiệm vụ", "Rà soát văn bản", "Trạng thái: Đang thực hiện", "Bỏ mọi lọc").silent(t, "Công khai thủ tục")
		officer.get(t, path+"?month=none").says(t, "Công khai thủ tục", "Đến hạn: Không có ngày cuối").silent(t, "Rà soát văn bản")
		officer.get(t, path+"?month="+strconv.Itoa(year)+"-06&field=the-che").says(t, "Rà soát văn bản", "Đến hạn: Tháng 6/"+strconv.Itoa(year))
		officer.get(t, path+"?status=overdue").want(t, http.StatusOK).says(t, "Không có nhiệm vụ nào khớp bộ lọc")
		officer.get(t, path+"?view=months").want(t, http.StatusOK).says(t, "Theo tháng", "Tháng 6/"+strconv.Itoa(year), "Không có ngày cuối", "Hoàn thành")
		officer.get(t, path+"?view=leads&sort=share").want(t, http.StatusOK).says(t, "Sở Tài chính", "Xếp theo")
		// What the address asks and the board does not know narrows nothing.
		officer.get(t, path+"?status=x&month=2020-13&field=x&group=x&view=x&page=0").says(t, "Rà soát văn bản", "Công khai thủ tục")
		officer.get(t, path+"?all=1&status=in_progress").want(t, http.StatusOK).says(t, "Bản in", "Bộ lọc: trạng thái: Đang thực hiện").silent(t, "Xem tiếp")
	}
	for query, want := range map[string]string{
		"": "tháng 6 có 1 nhiệm vụ, hoàn thành 0; 1 nhiệm vụ không có ngày cuối, hoàn thành 0.", "&field=cong-vu": ": chưa có nhiệm vụ nào.",
	} {
		if months := officer.get(t, city+"?view=months"+query).says(t, "1/1 kế hoạch đã duyệt").body; !strings.Contains(months, want) {
			t.Errorf("of %q the drawing does not say %q", query, want)
		}
	}
	officer.get(t, city+"?lead=STC").says(t, "Chủ trì: Sở Tài chính", "Rà soát văn bản")
	officer.get(t, city+"?lead=SYT").says(t, "1/1 kế hoạch đã duyệt", "Không có nhiệm vụ nào khớp bộ lọc")
	officer.get(t, city+"?lead=XXX").want(t, http.StatusNotFound)
	officer.get(t, city+"?view=leads&q=khong+co").want(t, http.StatusOK).says(t, "0 đơn vị chủ trì").silent(t, "Phải thực hiện")

	// Every number of a table leads to the tasks that it counts.
	leads := officer.get(t, city+"?view=leads").body
	if !strings.Contains(leads, "lead=STC&amp;status=in_progress") {
		t.Error("a lead's number leads nowhere")
	}
	// A unit's own people count their plan; another unit's see none of it.
	author.get(t, city).want(t, http.StatusOK).says(t, "2 nhiệm vụ").silent(t, "kế hoạch đã duyệt")
	other := c.as(t, c.person(t, staff.Position{Unit: "SYT", Role: staff.Specialist}))
	other.get(t, own).want(t, http.StatusForbidden)
	if a := other.get(t, city); a.StatusCode == http.StatusOK && strings.Contains(a.body, "Rà soát văn bản") {
		t.Error("another unit reads the tasks")
	}

	rows := officer.get(t, city+".xlsx?status=in_progress").opened(t)
	said := ""
	for _, row := range rows {
		said += strings.Join(row, "|") + "\n"
	}
	if !strings.Contains(said, "Rà soát văn bản") || strings.Contains(said, "Công khai thủ tục") || !strings.Contains(said, "Đang thực hiện") || !strings.Contains(said, "Hoàn thành 0/1, đạt 0 %") {
		t.Errorf("the workbook says\n%s", said)
	}
	for _, view := range []string{"leads", "months"} {
		if rows := officer.get(t, own+".xlsx?view="+view).opened(t); len(rows) < 5 {
			t.Errorf("%s: %v", view, rows)
		}
	}
	if n := c.count(`select count(*) from audit where action = 'download' and object like 'kh-%'`); n != 3 {
		t.Errorf("%d downloads are noted", n)
	}
	// The menu leads to the plans: the authority's to the board of all, a unit's to its own.
	if page := officer.get(t, "/plans").want(t, http.StatusOK).says(t, "1/1 kế hoạch đã duyệt", "Hoàn thành 0/2, đạt 0 %").body; !strings.Contains(page, `href="`+city+`"`) || !strings.Contains(page, `href="`+city+`?status=in_progress"`) {
		t.Error("the authority's line does not lead to its board")
	}
	if page := author.get(t, "/plans").want(t, http.StatusOK).says(t, "Hoàn thành 0/2, đạt 0 %").body; !strings.Contains(page, `href="`+own+`"`) || !strings.Contains(page, `aria-current="page">Kế hoạch`) {
		t.Error("the unit's line does not lead to its board")
	}
	other.get(t, "/plans").want(t, http.StatusOK).says(t, "Chưa có đợt kế hoạch nào").silent(t, "Hoàn thành")

	// A report has no such board.
	report := newChain(t)
	report.at[staff.Officer].get(t, report.path("/board")).want(t, http.StatusNotFound)
	report.at[staff.Officer].get(t, "/campaigns/bc-2026q4/tasks").want(t, http.StatusNotFound)
}
