package web

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/server/notary"
)

func TestWholeChainOverThePages(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.fill()
	c.submit().says(t, "Đã trình trưởng phòng", "QĐ-", "Trưởng phòng xem xét")
	c.approve().says(t, "Đã duyệt và trình ký số")
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).
		says(t, "Không có giá trị pháp lý", "Chứng thư số là của bạn", "BC-STC")
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword))).
		says(t, "Nộp đúng hạn", "Số 01/BC-STC")
	back := c.decide(staff.Officer, "/return", "/return", url.Values{"reason": {"Bổ sung phần III."}})
	c.follow(staff.Officer, back).says(t, "Đã trả lại để bổ sung")
	c.at[staff.Specialist].get(t, c.path("")).want(t, http.StatusOK).
		says(t, "Bổ sung phần III.", "Đang soạn lần 2", "Số 01/BC-STC, đã ký số")
	c.submit()
	c.approve()
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil)).says(t, "Đã xác nhận đạt yêu cầu")
	if c.stage() != document.Approved {
		t.Fatalf("stage %s", c.stage())
	}
	for revision, number := range map[string]string{"1": "01-BC-STC.pdf", "2": "02-BC-STC.pdf"} {
		file := c.at[staff.Viewer].get(t, c.path("/issued/"+revision+".pdf")).want(t, http.StatusOK)
		if !strings.HasPrefix(file.body, "%PDF-") || !strings.Contains(file.Header.Get("Content-Disposition"), number) ||
			!strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("revision %s: %.20q, %s", revision, file.body, file.Header.Get("Content-Disposition"))
		}
	}
	if n := c.count(`select count(*) from audit where action = 'download'`); n != 2 {
		t.Errorf("%d downloads in the audit, want 2", n)
	}
	c.at[staff.Viewer].get(t, c.path("/issued/3.pdf")).want(t, http.StatusNotFound)
	c.at[staff.Viewer].get(t, c.path("")).want(t, http.StatusOK).says(t, "Đã duyệt", "Nộp lần đầu đúng hạn")
}

func TestReplayedFormIsOneDecision(t *testing.T) {
	c := newChain(t)
	c.fill()
	form := c.at[staff.Specialist].get(t, c.path("/check")).bound(t)
	var wait sync.WaitGroup
	locations := make([]string, 4)
	for i := range locations {
		wait.Go(func() {
			b := c.as(t, c.who[staff.Specialist])
			locations[i] = b.post(t, c.path("/submit"), form).want(t, http.StatusSeeOther).Header.Get("Location")
		})
	}
	wait.Wait()
	for _, location := range locations {
		if location != "/decisions/"+form.Get("key") {
			t.Errorf("goes to %q", location)
		}
	}
	if n := c.count(`select count(*) from decisions`); n != 1 {
		t.Errorf("%d decisions, want 1", n)
	}
	// Much later, from the browser's history.
	c.at[staff.Specialist].post(t, c.path("/submit"), form).want(t, http.StatusSeeOther, locations[0])
	form.Set("key", "nonsense")
	c.at[staff.Specialist].post(t, c.path("/submit"), form).want(t, http.StatusBadRequest)
}

func TestStalePagesAnswer409(t *testing.T) {
	c := newChain(t)
	c.fill()
	stale := c.at[staff.Specialist].get(t, c.path("/check")).bound(t)
	c.exec(`update draft_sections set body = 'Sửa sau khi mở trang', version = version + 1 where document_id = $1 and section = 'I'`, c.id)
	c.at[staff.Specialist].post(t, c.path("/submit"), stale).want(t, http.StatusConflict).says(t, "chưa được ghi nhận")
	c.submit()
	review := c.at[staff.DivisionHead].get(t, c.path("/review")).bound(t)
	c.follow(staff.DivisionHead, c.decide(staff.DivisionHead, "/return", "/return", url.Values{"reason": {"Bổ sung"}}))
	// The stage has moved on.
	c.at[staff.DivisionHead].post(t, c.path("/approve"), review).want(t, http.StatusConflict).says(t, "đã chuyển sang bước “Soạn”")
	c.exec(`update draft_sections set body = 'Bản thứ hai', version = version + 1 where document_id = $1 and section = 'I'`, c.id)
	c.submit()
	// The same stage with another content: the answer shows what differs.
	review.Set("key", uuid.NewString())
	c.at[staff.DivisionHead].post(t, c.path("/approve"), review).want(t, http.StatusConflict).says(t, "Đã đổi từ lúc bạn mở trang", "Bản thứ hai", "I. Công tác chỉ đạo")
	if c.stage() != document.DivisionReview {
		t.Errorf("stage %s", c.stage())
	}
	c.at[staff.DivisionHead].get(t, c.path("/review")).says(t, "Khác lần 1", "Bản thứ hai", "Bổ sung")
}

func TestDecisionWaitsWhileTheEngineIsAway(t *testing.T) {
	c := newChain(t)
	c.server.patience = 50 * time.Millisecond
	c.fill()
	c.down.Store(true)
	form := c.at[staff.Specialist].get(t, c.path("/check")).bound(t)
	a := c.at[staff.Specialist].post(t, c.path("/submit"), form)
	page := c.follow(staff.Specialist, a).says(t, "Đã ghi nhận lúc", "đang xử lý")
	if !strings.Contains(page.body, `http-equiv="refresh"`) {
		t.Error("the page does not ask again by itself")
	}
	poll := c.at[staff.Specialist].get(t, a.Header.Get("Location")+"?poll=1").want(t, http.StatusOK)
	if poll.body != "{}" {
		t.Errorf("asked before the answer: %s", poll.body)
	}
	// The author, the next desk and their lists see it from the row.
	c.at[staff.Specialist].get(t, c.path("")).says(t, "đang xử lý")
	c.at[staff.DivisionHead].get(t, c.path("")).says(t, "đang xử lý").silent(t, "Xem xét và quyết định")
	c.at[staff.DivisionHead].get(t, "/tasks?tab=following").says(t, "Đã ghi nhận lúc")
	// Nobody may change what waits to be frozen, and nobody else may see the decision.
	c.at[staff.Specialist].post(t, c.path("/sections/I"), url.Values{"text": {"x"}, "base_version": {"1"}}).want(t, http.StatusUnprocessableEntity)
	c.at[staff.DivisionHead].get(t, a.Header.Get("Location")).want(t, http.StatusNotFound)
	if _, err := c.Store.RecordDecisions(context.Background(), c.id, time.Time{}, "run-1"); err != nil { // the relay has woken it
		t.Fatal(err)
	}
	poll = c.at[staff.Specialist].get(t, a.Header.Get("Location")+"?poll=1").want(t, http.StatusOK)
	if !strings.Contains(poll.body, form.Get("key")) {
		t.Errorf("asked after the answer: %s", poll.body)
	}
	c.at[staff.Specialist].get(t, a.Header.Get("Location")).says(t, "Đã trình trưởng phòng")
}

func TestRefusalsAreShownWhereTheyBelong(t *testing.T) {
	c := newChain(t)
	// Nothing written: the check page lists it, and a forged submission is not taken.
	page := c.at[staff.Specialist].get(t, c.path("/check")).want(t, http.StatusOK).says(t, "chỗ phải sửa trước khi trình")
	if strings.Contains(page.body, `action="/documents/`+c.id+`/submit"`) {
		t.Error("an empty draft may be submitted")
	}
	draft, err := c.Store.Draft(context.Background(), c.id)
	if err != nil {
		t.Fatal(err)
	}
	forged := url.Values{"key": {uuid.NewString()}, "revision": {"0"}, "content_hash": {draft.Hash}}
	c.at[staff.Specialist].post(t, c.path("/submit"), forged).want(t, http.StatusUnprocessableEntity).says(t, "chỗ phải sửa")
	c.fill()
	c.submit()
	// A return without reason comes back with its form, still bound to the same screen.
	again := c.decide(staff.DivisionHead, "/return", "/return", url.Values{"reason": {"  "}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do.")
	if again.field(t, "revision") != "1" {
		t.Error("the form lost what was on the screen")
	}
	if n := c.count(`select count(*) from decisions where action = 'return'`); n != 0 {
		t.Errorf("%d returns without reason stored", n)
	}
	// A role taken away between the page and the form.
	form := c.at[staff.DivisionHead].get(t, c.path("/review")).bound(t)
	c.exec(`update positions set valid_to = clock_timestamp() where person_id = $1`, c.who[staff.DivisionHead])
	c.at[staff.DivisionHead].post(t, c.path("/approve"), form).want(t, http.StatusForbidden)
}

func TestRecallExtendExempt(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.submit()
	form := url.Values{"key": {c.at[staff.Specialist].get(t, c.path("/recall")).field(t, "key")}, "revision": {"1"}}
	c.follow(staff.Specialist, c.at[staff.Specialist].post(t, c.path("/recall"), form)).says(t, "Đã thu hồi")
	if c.stage() != document.Drafting {
		t.Fatalf("stage %s", c.stage())
	}
	c.decide(staff.Officer, "/extend", "/extend", url.Values{"until": {"hôm kia"}, "reason": {"Mưa lũ"}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Nhập ngày theo dạng")
	early := calendar.DayOf(time.Now()).Add(3)
	c.decide(staff.Officer, "/extend", "/extend", url.Values{"until": {early.String()}, "reason": {"Mưa lũ"}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Hạn mới phải sau hạn đang áp dụng")
	late := calendar.DayOf(time.Now()).Add(40)
	c.follow(staff.Officer, c.decide(staff.Officer, "/extend", "/extend", url.Values{"until": {late.String()}, "reason": {"Mưa lũ"}}))
	if n := c.count(`select count(*) from documents where id = $1 and unit_due_at = $2`, c.id, late.Add(1).Start()); n != 1 {
		t.Error("the last allowed instant is not the end of the day that was given")
	}
	c.follow(staff.Officer, c.decide(staff.Officer, "/exempt", "/exempt", url.Values{"reason": {"Đơn vị mới lập"}}))
	if c.stage() != document.Exempted {
		t.Errorf("stage %s", c.stage())
	}
	c.at[staff.Specialist].get(t, c.path("")).says(t, "Đơn vị được miễn báo cáo")
	c.at[staff.Officer].get(t, c.path("/extend")).want(t, http.StatusConflict)
}

func TestSigningRefusesAndTakesNoNumber(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.toSigning()
	numbers := func() int { return c.count(`select count(*) from document_numbers`) }
	for name, refusal := range map[string]struct {
		form url.Values
		says string
	}{
		"no password":    {signForm(""), "Nhập mật khẩu khóa ký."},
		"wrong password": {signForm("sai"), "Mật khẩu khóa ký không đúng"},
		"not agreed":     {url.Values{"mode": {"series"}, "password": {keyPassword}}, "Đánh dấu vào ô xác nhận"},
		"no number":      {url.Values{"mode": {"typed"}, "number": {"mười"}, "password": {keyPassword}, "agree": {"yes"}}, "Nhập số văn bản"},
	} {
		a := c.decide(staff.Director, "/sign", "/sign", refusal.form).want(t, http.StatusUnprocessableEntity).says(t, refusal.says)
		if strings.Contains(a.body, keyPassword) {
			t.Errorf("%s: the page carries the password", name)
		}
		if numbers() != 0 {
			t.Fatalf("%s took a number", name)
		}
	}
	if n := c.count(`select count(*) from audit where action = 'signing_refused'`); n != 1 {
		t.Errorf("%d refused keys in the audit, want the wrong password", n)
	}
	// The clerk's number is offered and taken.
	c.at[staff.Clerk].post(t, c.path("/number"), url.Values{"key": {uuid.NewString()}, "number": {"0"}}).want(t, http.StatusUnprocessableEntity)
	c.at[staff.Clerk].post(t, c.path("/number"), url.Values{"key": {uuid.NewString()}, "number": {"412"}}).want(t, http.StatusSeeOther)
	c.at[staff.Clerk].get(t, c.path("")).says(t, "Đã cấp số 412/BC-STC")
	c.at[staff.Director].get(t, c.path("/sign")).says(t, "Số văn thư đã cấp", "412")
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword))).says(t, "412/BC-STC")
	if n := c.count(`select count(*) from signing_attempts where state <> 'signed'`); n != 0 {
		t.Errorf("%d attempts beside the one that signed", n)
	}
}

func TestDoubleClickOnSignIsOneSignature(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.toSigning()
	form := c.at[staff.Director].get(t, c.path("/sign")).bound(t)
	for name, values := range signForm(keyPassword) {
		form[name] = values
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			c.as(t, c.who[staff.Director]).post(t, c.path("/sign"), form).want(t, http.StatusSeeOther, "/decisions/"+form.Get("key"))
		})
	}
	wait.Wait()
	if n := c.count(`select count(*) from signing_attempts`); n != 1 {
		t.Errorf("%d signing attempts, want 1", n)
	}
	if n := c.count(`select count(*) from document_numbers where state = 'issued'`); n != 1 {
		t.Errorf("%d issued numbers, want 1", n)
	}
}

func TestOnlyOnesOwnTrustedKeySigns(t *testing.T) {
	c := newChain(t)
	c.toSigning()
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).says(t, "Chưa có chứng thư số của bạn").silent(t, "Mật khẩu khóa ký")
	bound := url.Values{"key": {uuid.NewString()}, "revision": {"1"}, "content_hash": {c.hash()}}
	for name, values := range signForm(keyPassword) {
		bound[name] = values
	}
	c.giveKey("somebody-else")
	c.at[staff.Director].get(t, c.path("/sign")).says(t, "Chứng thư số không mang tên đăng nhập của bạn").silent(t, "Mật khẩu khóa ký")
	c.at[staff.Director].post(t, c.path("/sign"), bound).want(t, http.StatusUnprocessableEntity).says(t, "không mang tên đăng nhập")
	folder := c.giveKey("")
	other := c.giveKey("")
	strange, err := notary.ReadKeys(folder, filepath.Join(other, "roots.pem"))
	if err != nil {
		t.Fatal(err)
	}
	c.server.notary.Keys = strange
	c.at[staff.Director].get(t, c.path("/sign")).says(t, "không nằm trong danh sách tin cậy").silent(t, "Mật khẩu khóa ký")
	c.at[staff.Director].post(t, c.path("/sign"), bound).want(t, http.StatusUnprocessableEntity)
	if n := c.count(`select count(*) from document_numbers`); n != 0 {
		t.Errorf("%d numbers taken by keys that may not sign", n)
	}
}

func TestWrongKeyPasswordsEnd(t *testing.T) {
	c := newChain(t)
	c.giveKey("")
	c.toSigning()
	for range keyTries {
		c.decide(staff.Director, "/sign", "/sign", signForm("sai")).says(t, "không đúng")
	}
	c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)).want(t, http.StatusUnprocessableEntity).says(t, "quá nhiều lần")
}
