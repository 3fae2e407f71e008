package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates/words"
)

func inDays(n int) string { return words.Date(calendar.DayOf(time.Now()).Add(n)) }

func (c *chain) ask(role staff.Role, until, reason string) answer {
	c.t.Helper()
	return c.at[role].post(c.t, c.path("/extension"), url.Values{"key": {uuid.NewString()}, "until": {until}, "reason": {reason}})
}

func (c *chain) request() string {
	c.t.Helper()
	var id string
	if err := c.Owner.QueryRow(`select id from extension_requests order by id desc limit 1`).Scan(&id); err != nil {
		c.t.Fatal(err)
	}
	return id
}

// The unit asks, the officer finds it in three places and grants it: the due
// moves, and both sides read it.
func TestUnitAsksOfficerGrants(t *testing.T) {
	c := newChain(t)
	officer, author := c.at[staff.Officer], c.at[staff.Specialist]
	officer.get(t, "/extensions").want(t, http.StatusOK).says(t, "Không có đề nghị gia hạn nào chờ quyết định")
	author.get(t, c.path("")).says(t, "Xin gia hạn")
	author.get(t, c.path("/extension")).want(t, http.StatusOK).says(t, "Gửi đề nghị gia hạn")
	c.ask(staff.Specialist, inDays(40), "Chờ quyết toán").want(t, http.StatusSeeOther, c.path(""))
	author.get(t, c.path("")).says(t, "Đã gửi đề nghị gia hạn", "Chờ Sở Nội vụ quyết định", "đã xin gia hạn đến")
	officer.get(t, "/tasks").says(t, "1 đề nghị gia hạn chờ quyết định")
	officer.get(t, "/campaigns/bc-2026q4?flag=asking").says(t, "1 đơn vị, xin gia hạn", "Xin gia hạn đến", "1 đơn vị xin gia hạn")
	officer.get(t, c.path("")).says(t, "Quyết định")
	officer.get(t, c.path("/extend")).says(t, "Chờ quyết toán")
	officer.get(t, "/extensions").says(t, "Chờ quyết toán", "1 đề nghị chờ quyết định")

	form := url.Values{
		"key": {uuid.NewString()}, "request": {c.request()}, "until." + c.request(): {inDays(38)},
		"reason": {"Công văn 12/STC"}, "verdict": {"grant"},
	}
	officer.post(t, "/extensions", form).want(t, http.StatusSeeOther, "/extensions/batches/"+form.Get("key"))
	officer.post(t, "/extensions", form).want(t, http.StatusSeeOther, "/extensions/batches/"+form.Get("key")) // a double click
	officer.get(t, "/extensions/batches/"+form.Get("key")).says(t, "1 đơn vị được gia hạn", "24:00 "+inDays(38), "Công văn 12/STC")
	if n := c.count(`select count(*) from decisions where action = 'extend' and outcome = 'applied'`); n != 1 {
		t.Errorf("%d extensions", n)
	}
	author.get(t, c.path("")).says(t, "đã gia hạn theo đề nghị của đơn vị", "Đã gia hạn đến 24:00 "+inDays(38)).silent(t, "Chờ Sở Nội vụ quyết định")
	author.get(t, "/notices").says(t, "Đã gia hạn")
}

func TestDeclinedWithAReason(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	c.ask(staff.DivisionHead, inDays(40), "Chờ quyết toán").want(t, http.StatusSeeOther)
	form := url.Values{"key": {uuid.NewString()}, "request": {c.request()}, "until." + c.request(): {"x"}, "reason": {" "}, "verdict": {"decline"}}
	officer.post(t, "/extensions", form).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do")
	form.Set("verdict", "grant")
	form.Set("reason", "Đủ căn cứ")
	bad := officer.post(t, "/extensions", form).want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(bad.body, `value="x"`) || !strings.Contains(bad.body, "Đủ căn cứ") {
		t.Error("what was typed is gone")
	}
	form.Del("request")
	officer.post(t, "/extensions", form).want(t, http.StatusUnprocessableEntity).says(t, "Chọn ít nhất một đề nghị")
	form.Set("request", c.request())
	form.Set("verdict", "decline")
	form.Set("reason", "Không đủ căn cứ")
	officer.post(t, "/extensions", form).want(t, http.StatusSeeOther)
	officer.get(t, "/extensions/batches/"+form.Get("key")).says(t, "1 đơn vị không được gia hạn")
	c.at[staff.DivisionHead].get(t, c.path("")).says(t, "không đồng ý gia hạn", "Không đủ căn cứ")
	c.at[staff.DivisionHead].get(t, "/notices").says(t, "Không được gia hạn")
}

func TestWhatAUnitMayNotAsk(t *testing.T) {
	c := newChain(t)
	c.ask(staff.Specialist, "hôm kia", "x").want(t, http.StatusUnprocessableEntity).says(t, "Xin gia hạn")
	c.ask(staff.Specialist, inDays(1), "x").want(t, http.StatusUnprocessableEntity).says(t, "Hạn mới phải sau hạn đang áp dụng")
	c.ask(staff.Specialist, inDays(400), "x").want(t, http.StatusUnprocessableEntity).says(t, "Ngày đề nghị quá xa")
	kept := c.ask(staff.Specialist, inDays(40), "").want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do")
	if !strings.Contains(kept.body, inDays(40)) {
		t.Error("the typed day is gone")
	}
	c.ask(staff.Specialist, inDays(40), "x").want(t, http.StatusSeeOther)
	c.ask(staff.DivisionHead, inDays(41), "y").want(t, http.StatusUnprocessableEntity).says(t, "đã có một đề nghị gia hạn")
	withdraw := url.Values{"key": {uuid.NewString()}, "request": {c.request()}}
	c.at[staff.DivisionHead].post(t, c.path("/extension/withdraw"), withdraw).want(t, http.StatusSeeOther, c.path(""))
	c.at[staff.Specialist].post(t, c.path("/extension/withdraw"), withdraw).want(t, http.StatusUnprocessableEntity).says(t, "đã kết thúc")
	c.at[staff.Specialist].get(t, c.path("")).says(t, "đã rút đề nghị gia hạn")
	c.exec(`update documents set stage = 'approved', closed_at = now() where id = $1`, c.id)
	c.ask(staff.Specialist, inDays(40), "x").want(t, http.StatusConflict)
	c.at[staff.Specialist].get(t, c.path("/extension")).says(t, "Văn bản đã kết thúc")
	if document.Approved.AtUnitDesk() {
		t.Error("an approved document lies at a unit's desk")
	}
}

// The authority reopens an approved document; the unit corrects it; everybody else
// reads what was approved until the new one is signed.
func TestReopenedOverThePages(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.toSigning()
	sign := func() {
		c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	}
	sign()
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil))
	officer, author, viewer := c.at[staff.Officer], c.at[staff.Specialist], c.at[staff.Viewer]
	author.get(t, c.path("")).silent(t, "Mở lại để chỉnh sửa")
	officer.get(t, c.path("")).says(t, "Mở lại để chỉnh sửa")
	page := officer.get(t, c.path("/reopen")).want(t, http.StatusOK).says(t, "Hạn nộp lại", "Bản đã duyệt, chữ ký")
	form := page.bound(t)
	form.Set("until", "01/01/2020")
	form.Set("reason", "II.1 ghi sai số liệu")
	officer.post(t, c.path("/reopen"), form).want(t, http.StatusUnprocessableEntity).says(t, "Hạn nộp lại phải sau lúc này")
	form.Set("until", inDays(9))
	c.follow(staff.Officer, officer.post(t, c.path("/reopen"), form)).says(t, "Đã mở lại để chỉnh sửa")
	if c.stage() != document.Drafting {
		t.Fatalf("stage %s", c.stage())
	}
	author.get(t, c.path("")).says(t, "đã mở lại để chỉnh sửa", "II.1 ghi sai số liệu", "Đang soạn lần 2", "Đã mở lại sau khi duyệt", "Số 01/BC-STC, đã ký số", "Nộp lần đầu")
	author.get(t, "/notices").says(t, "Mở lại để chỉnh sửa")
	officer.get(t, "/campaigns/bc-2026q4?flag=reopened").says(t, "1 đơn vị, mở lại sau khi duyệt", "Đã mở lại sau khi duyệt")
	officer.get(t, "/dashboard/units/STC").says(t, "Đã mở lại sau khi duyệt", "Đúng hạn")
	c.exec(`update draft_sections set body = 'Nội dung đã sửa', version = version + 1 where document_id = $1 and section = 'I'`, c.id)
	viewer.get(t, c.path("")).says(t, "Nội dung phần I").silent(t, "Nội dung đã sửa")
	c.submit()
	viewer.get(t, c.path("")).silent(t, "Nội dung đã sửa")
	viewer.get(t, c.path("/print.pdf?revision=2")).want(t, http.StatusNotFound)
	c.approve()
	sign()
	viewer.get(t, c.path("")).says(t, "Nội dung đã sửa")
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil))
	viewer.get(t, c.path("")).says(t, "Đã duyệt", "Nộp lần đầu đúng hạn", "Đã mở lại sau khi duyệt", "Số 01/BC-STC", "Số 02/BC-STC")
	officer.post(t, c.path("/reopen"), form).want(t, http.StatusSeeOther) // from the browser's history: the same decision
	if c.stage() != document.Approved {
		t.Error("the old form reopened it again")
	}
}

// All requests are ticked, and left, by one button, which loses nothing that was
// typed; it decides nothing.
func TestAllRequestsAreChosenAtOnce(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	c.ask(staff.Specialist, inDays(40), "Chờ quyết toán").want(t, http.StatusSeeOther)
	first := c.request()
	c.at2(t, "SYT").post(t, "/documents/bc-2026q4-SYT/extension", url.Values{"key": {uuid.NewString()}, "until": {inDays(41)}, "reason": {"Chờ số liệu"}}).want(t, http.StatusSeeOther)
	second := c.request()
	form := officer.get(t, "/extensions").want(t, http.StatusOK).says(t, "Chọn tất cả 2 đề nghị").filled(t, "/extensions")
	if len(form["request"]) != 0 {
		t.Fatalf("%v are ticked already", form["request"])
	}
	form.Set("reason", "Công văn 12/SNV")
	form.Set("until."+first, inDays(33))
	form.Set("verdict", "all.bc-2026q4")
	chosen := officer.post(t, "/extensions", form).want(t, http.StatusOK).says(t, "Bỏ chọn 2 đề nghị").filled(t, "/extensions")
	if len(chosen["request"]) != 2 || chosen.Get("reason") != "Công văn 12/SNV" || chosen.Get("until."+first) != inDays(33) || chosen.Get("until."+second) != inDays(41) {
		t.Errorf("the form has %v", chosen)
	}
	chosen.Set("verdict", "none.bc-2026q4")
	if left := officer.post(t, "/extensions", chosen).want(t, http.StatusOK).filled(t, "/extensions"); len(left["request"]) != 0 {
		t.Errorf("%v are still ticked", left["request"])
	}
	if n := c.count(`select count(*) from decisions where action = 'extend'`); n != 0 {
		t.Errorf("%d decisions by ticking", n)
	}
	chosen.Set("verdict", "grant")
	officer.post(t, "/extensions", chosen).want(t, http.StatusSeeOther)
	if n := c.count(`select count(*) from decisions where action = 'extend' and outcome = 'applied'`); n != 2 {
		t.Errorf("%d extensions, want 2", n)
	}
}
