package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// newLivingPlan is STC's plan, confirmed, with a task until the end of June and a
// recurring one.
func newLivingPlan(t *testing.T) (c *chain, year int) {
	t.Helper()
	c, year = newPlanChain(t)
	c.giveKey("")
	c.task("t1", plannedTask("Rà soát văn bản", "the-che", "quý II")).want(t, http.StatusSeeOther)
	c.task("t2", plannedTask("Công khai thủ tục", "thu-tuc", "thường xuyên")).want(t, http.StatusSeeOther)
	c.submit()
	c.approve()
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil))
	return c, year
}

// sendResult posts the form of a result with a file, as a browser does.
func (c *chain) sendResult(key string, fields url.Values, name, content string) answer {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range fields {
		if err := form.WriteField(field, values[0]); err != nil {
			c.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || form.Close() != nil {
		c.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, c.path("/tracking/"+key+"/result"), &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return c.at[staff.Specialist].send(c.t, r)
}

// A task that was given more time after an outage says so wherever it is listed, with the
// days that did not count.
func TestTasksSayWhatAnOutageGave(t *testing.T) {
	c, year := newLivingPlan(t)
	given := calendar.Date(year, time.July, 2)
	lost := calendar.Date(year, time.June, 30)
	path, _ := c.stopped()
	outage := strings.Split(path, "/")[2]
	c.exec(`update outages set began_at = $1, ended_at = $2`, lost.At(8*60), lost.At(17*60))
	c.exec(`update plan_tasks set extended_to = $1, extended_by = $2, last_day = $1, ends_at = $3 where key = 't1'`, given.String(), outage, given.Add(1).Start())
	said := "Gia hạn đến hết ngày " + words.Date(given) + " do sự cố phần mềm"
	viewer := c.at[staff.Viewer]
	viewer.get(t, c.path("/tracking")).says(t, said, "Gia hạn do sự cố: 1 nhiệm vụ")
	viewer.get(t, c.path("/tracking/t1")).says(t, said)
	viewer.get(t, c.path("/tracking/t2")).silent(t, "do sự cố phần mềm")
	viewer.get(t, c.path("/board")).says(t, said, "Gia hạn do sự cố: 1 nhiệm vụ")
	viewer.get(t, "/campaigns/"+strings.TrimSuffix(c.id, "-STC")+"/tasks").says(t, said, "Gia hạn do sự cố: 1 nhiệm vụ")
}

func TestALivingPlanIsFollowed(t *testing.T) {
	c, _ := newLivingPlan(t)
	author, viewer := c.at[staff.Specialist], c.at[staff.Viewer]
	author.get(t, c.path("")).want(t, http.StatusOK).says(t, "Theo dõi kế hoạch")
	viewer.get(t, c.path("/tracking")).want(t, http.StatusOK).says(t, "2 nhiệm vụ", "Hoàn thành 0, đạt 0 %", "Rà soát văn bản",
		"Chưa thực hiện", "Chưa ghi tiến độ", "ngày làm việc")

	// What is wrong is told at its field; what was typed stays; a double click is one entry.
	path := c.path("/tracking/t1")
	f := author.get(t, path).want(t, http.StatusOK).says(t, "Vì sao ngày này?", "Ghi tiến độ", "Theo thời hạn trong kế hoạch").filled(t, path+"/progress")
	f.Set("note", "Đã gửi phiếu rà soát")
	f.Set("percent", "140")
	page := author.post(t, path+"/progress", f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi số nguyên từ 0 đến 100.")
	if page.field(t, "note") != "Đã gửi phiếu rà soát" || page.field(t, "percent") != "140" {
		t.Error("what was typed is gone")
	}
	f.Set("percent", "40")
	for range 2 {
		author.post(t, path+"/progress", f).want(t, http.StatusSeeOther, path)
	}
	if n := c.count(`select count(*) from task_entries`); n != 1 {
		t.Errorf("%d entries", n)
	}
	author.get(t, path).says(t, "Đã ghi tiến độ.", "ghi tiến độ 40 %", "Đang thực hiện")
	viewer.get(t, c.path("/tracking?status=in_progress")).says(t, "40 %: Đã gửi phiếu rà soát").silent(t, "Công khai thủ tục")
	viewer.get(t, c.path("/tracking?status=overdue")).want(t, http.StatusOK).says(t, "Không có nhiệm vụ nào ở trạng thái này")
	viewer.get(t, path).want(t, http.StatusOK).silent(t, "Ghi văn bản kết quả", "Tỷ lệ hoàn thành")
	viewer.post(t, path+"/progress", f).want(t, http.StatusForbidden)
	c.at[staff.Director].post(t, path+"/progress", f).want(t, http.StatusForbidden)

	// The result document completes the task.
	f = author.get(t, path+"/result").want(t, http.StatusOK).filled(t, path+"/result")
	today := calendar.DayOf(time.Now())
	if f.Get("issued_on") != words.Date(today) {
		t.Errorf("the day is suggested as %q", f.Get("issued_on"))
	}
	f.Del("file")
	f.Set("title", "Báo cáo kết quả rà soát")
	f.Set("issued_on", words.Date(today+1))
	page = c.sendResult("t1", f, "ket-qua.pdf", "%PDF-1.4 kết quả").want(t, http.StatusUnprocessableEntity).
		says(t, "Chưa ghi số, ký hiệu của văn bản.", "không được sau hôm nay", "Chọn lại tệp “ket-qua.pdf”")
	if page.field(t, "title") != "Báo cáo kết quả rà soát" {
		t.Error("what was typed is gone")
	}
	f.Set("issued_on", "31/02/2027")
	author.post(t, path+"/result", f).want(t, http.StatusUnprocessableEntity).says(t, "Nhập ngày theo dạng")
	f.Set("issued_on", words.Date(today))
	f.Set("number", "12/BC-STC")
	author.post(t, path+"/result", f).want(t, http.StatusUnprocessableEntity).says(t, "Chọn tệp văn bản, hoặc ghi nơi lưu văn bản")
	for range 2 {
		c.sendResult("t1", f, "ket-qua.pdf", "%PDF-1.4 kết quả").want(t, http.StatusSeeOther, path)
	}
	shown := viewer.get(t, path).says(t, "Hoàn thành đúng hạn", "Số 12/BC-STC", "ket-qua.pdf")
	at := strings.Index(shown.body, "/results/")
	file := shown.body[at : at+len("/results/")+64]
	if got := viewer.get(t, c.path(file)).want(t, http.StatusOK); got.body != "%PDF-1.4 kết quả" || !strings.Contains(got.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the file is sent as %q", got.body)
	}
	other := c.as(t, c.person(t, staff.Position{Unit: "SYT", Role: staff.Specialist}))
	other.get(t, c.path(file)).want(t, http.StatusForbidden)
	viewer.get(t, c.path("/tracking")).says(t, "Hoàn thành 1, đạt 50 %", "ket-qua.pdf")

	// Withdrawn with a reason it is no result, and stays in the history.
	author.post(t, path+"/withdraw", url.Values{"key": {uuid.NewString()}, "note": {" "}}).want(t, http.StatusUnprocessableEntity).says(t, "Chưa ghi nội dung.")
	w := author.get(t, path+"/result").says(t, "Rút văn bản kết quả").filled(t, path+"/withdraw")
	w.Set("note", "Nhầm số văn bản")
	author.post(t, path+"/withdraw", w).want(t, http.StatusSeeOther, path)
	author.get(t, path).says(t, "Đang thực hiện", "Nhầm số văn bản", "(đã rút)")
	author.get(t, c.path("/tracking/zz")).want(t, http.StatusNotFound)
}

// Who has a plan's tasks open sees what is written about them.
func TestEntriesAreTold(t *testing.T) {
	c, _ := newLivingPlan(t)
	listening(t, c.kit)
	page := newOpenPage(-1, staff.Scope{All: true}, []string{watchDocument + c.id})
	if !c.server.live.join(page, time.Now()) {
		t.Fatal("the hub takes nobody")
	}
	defer c.server.live.leave(page)
	path := c.path("/tracking/t1")
	f := c.at[staff.Specialist].get(t, path).filled(t, path+"/progress")
	f.Set("note", "Đã gửi phiếu rà soát")
	c.at[staff.Specialist].post(t, path+"/progress", f).want(t, http.StatusSeeOther)
	select {
	case <-page.wake:
	case <-time.After(patience):
		t.Error("nothing was told")
	}
}

// A report, and a plan that is not approved yet, have nothing to follow.
func TestOnlyApprovedPlansAreFollowed(t *testing.T) {
	c := newChain(t)
	c.at[staff.Specialist].get(t, c.path("/tracking")).want(t, http.StatusNotFound)
	p, _ := newPlanChain(t)
	p.at[staff.Specialist].get(t, p.path("/tracking")).want(t, http.StatusNotFound)
	p.at[staff.Specialist].get(t, p.path("")).silent(t, "Theo dõi kế hoạch")
}
