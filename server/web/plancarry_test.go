package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// nextYear has the chain's plan be that of the year before and asks the unit for the
// plan of the year that is suggested.
func (c *chain) nextYear(t *testing.T, year int) {
	t.Helper()
	c.exec(`update campaigns set period = $1 where period = $2`, strconv.Itoa(year-1)+"y", strconv.Itoa(year)+"y")
	officer := c.at[staff.Officer]
	f := officer.get(t, "/campaigns/new?form=kh-cchc-nam.1").want(t, http.StatusOK).filled(t, "/campaigns/new")
	f["unit"], f["code"] = []string{"STC"}, []string{"kh-sau"}
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/kh-sau")
	c.id = "kh-sau-STC"
}

func TestWhatLastYearsPlanLeftIsTakenOver(t *testing.T) {
	c, year := newLivingPlan(t)
	author := c.at[staff.Specialist]
	old := c.id
	c.nextYear(t, year)
	list := author.get(t, c.path("/plan")).want(t, http.StatusOK).
		says(t, "Kế hoạch năm "+strconv.Itoa(year-1)+" còn 2 nhiệm vụ chưa hoàn thành.", "Lấy từ kế hoạch năm trước")
	if !strings.Contains(list.body, "/documents/"+old+"/tracking") {
		t.Error("the offer does not lead to that plan")
	}
	for range 2 { // a double click takes over once
		author.post(t, c.path("/plan"), url.Values{"carry": {"1"}}).want(t, http.StatusSeeOther, c.path("/plan"))
	}
	author.get(t, c.path("/plan")).want(t, http.StatusOK).says(t, "Lấy từ năm trước, chưa xem lại", "2 nhiệm vụ lấy từ năm trước chưa xem lại.",
		"Quý II/"+strconv.Itoa(year), "Thường xuyên", "Đã xem tất cả").silent(t, "Lấy từ kế hoạch năm trước")
	author.get(t, c.path("/check")).want(t, http.StatusOK).says(t, "Nhiệm vụ 1 lấy từ năm trước, chưa xem lại.", "Vẫn trình được")

	// Written anew, or said to hold, a task has been looked at.
	saved := c.sends(t, author, map[string]int{"t1": 1}, map[string]string{"t1.deadline": "quý III"}, nil)
	if saved.Rows["t1"].Stale || !strings.HasPrefix(saved.Stale, "1 nhiệm vụ") {
		t.Errorf("after writing it anew %+v, %q", saved.Rows["t1"], saved.Stale)
	}
	looked := c.sends(t, author, nil, nil, url.Values{"looked": {"t2"}})
	if row, told := looked.Rows["t2"]; !told || row.Stale || looked.Stale != "" {
		t.Errorf("after looking at it %+v, %q", looked.Rows, looked.Stale)
	}
	author.get(t, c.path("/plan")).silent(t, "chưa xem lại")
	author.get(t, c.path("/check")).silent(t, "lấy từ năm trước")

	// Without scripts, one or all; and what was taken out is not offered again.
	c.exec(`update draft_tasks set looked_at = null`)
	author.post(t, c.path("/plan"), url.Values{"looked": {"t1"}}).want(t, http.StatusSeeOther, c.path("/plan#task-t1"))
	if c.count(`select count(*) from draft_tasks where document_id = $1 and looked_at is null`, c.id) != 1 {
		t.Error("looking at one is not looking at one")
	}
	author.post(t, c.path("/plan"), url.Values{"looked": {"all"}}).want(t, http.StatusSeeOther, c.path("/plan"))
	page := author.get(t, c.path("/plan")).silent(t, "chưa xem lại").filled(t, c.path("/plan"))
	page.Set("remove", "t2")
	author.post(t, c.path("/plan"), page).want(t, http.StatusSeeOther)
	author.get(t, c.path("/plan")).says(t, "Đã bỏ").silent(t, "Lấy từ kế hoạch năm trước")
	author.post(t, c.path("/plan"), url.Values{"carry": {"1"}}).want(t, http.StatusSeeOther)
	if c.count(`select count(*) from draft_tasks where document_id = $1 and not removed`, c.id) != 1 {
		t.Error("a task that was taken out came back by itself")
	}
}

// What has been completed is done with; without a plan of the year before nothing is
// offered.
func TestCompletedTasksAreNotTakenOver(t *testing.T) {
	c, year := newLivingPlan(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/plan")).want(t, http.StatusSeeOther)
	form := author.get(t, c.path("/tracking/t1/result")).want(t, http.StatusOK).filled(t, c.path("/tracking/t1/result"))
	for name, text := range map[string]string{"number": "12/BC-STC", "issued_on": "01/11/2026", "title": "Báo cáo", "note": "Bản gốc ở Văn phòng"} {
		form.Set(name, text)
	}
	c.sendResult("t1", form, "ket-qua.pdf", "%PDF-1.4 kết quả").want(t, http.StatusSeeOther)
	c.nextYear(t, year)
	author.get(t, c.path("/plan")).says(t, "còn 1 nhiệm vụ chưa hoàn thành")
	author.post(t, c.path("/plan"), url.Values{"carry": {"1"}}).want(t, http.StatusSeeOther)
	author.get(t, c.path("/plan")).says(t, "Công khai thủ tục").silent(t, "Rà soát văn bản")

	none, _ := newPlanChain(t)
	none.at[staff.Specialist].get(t, none.path("/plan")).silent(t, "Lấy từ kế hoạch năm trước")
	none.at[staff.Specialist].post(t, none.path("/plan"), url.Values{"carry": {"1"}}).want(t, http.StatusUnprocessableEntity).says(t, "chưa có nội dung đã ký")
}
