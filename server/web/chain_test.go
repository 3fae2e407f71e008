package web

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/server/notary"
	"cchc/signing/testpki"
)

// chain is the pages with one launched document of STC and a browser for each
// desk. Temporal is away; its part, calling RecordDecisions when told to look, is
// played by the real transaction.
type chain struct {
	*kit
	t    *testing.T
	id   string
	at   map[staff.Role]*browser
	who  map[staff.Role]int64
	down atomic.Bool // the workflow engine does not answer
}

const keyPassword = "hoa-sữa-7"

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{kit: newKit(t), t: t, at: map[staff.Role]*browser{}, who: map[staff.Role]int64{}}
	c.server.answers = c.Store.Answers()
	c.server.look = func(ctx context.Context, id string, _ document.Stage, _ string) error {
		if c.down.Load() {
			return errors.New("workflow engine away")
		}
		_, err := c.Store.RecordDecisions(ctx, id, time.Time{}, "run-1")
		return err
	}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Clerk: "STC",
		staff.Officer: "SNV", staff.Viewer: "VP",
	} {
		c.who[role] = c.person(t, staff.Position{Unit: unit, Role: role})
		c.at[role] = c.as(t, c.who[role])
	}
	due := calendar.DayOf(time.Now()).Add(30)
	code, err := c.Store.LaunchCampaign(context.Background(), uuid.New(), c.who[staff.Officer], campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: "Báo cáo CCHC quý IV năm 2026",
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)},
		Due:    period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC", "SYT"},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.id = code + "-STC"
	return c
}

func (c *chain) path(rest string) string { return "/documents/" + c.id + rest }

// fill writes a complete draft past the pages, which have their own tests.
func (c *chain) fill() {
	c.t.Helper()
	version, err := c.Store.FormVersion(context.Background(), "bc-cchc-quy", 1)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, section := range version.Sections {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`,
			c.id, section.Code, "Nội dung phần "+section.Code, c.who[staff.Specialist])
	}
	for _, indicator := range version.Active(calendar.DayOf(time.Now())) {
		if indicator.Type != "ratio" {
			c.exec(`insert into draft_figures (document_id, indicator, value, reason, updated_by) values ($1, $2, 0, 'Không phát sinh', $3)`,
				c.id, indicator.Code, c.who[staff.Specialist])
		}
	}
	c.exec(`update documents set started = true where id = $1`, c.id)
}

func (c *chain) exec(statement string, args ...any) {
	c.t.Helper()
	if _, err := c.Owner.Exec(statement, args...); err != nil {
		c.t.Fatalf("%s: %v", statement, err)
	}
}

func (c *chain) count(query string, args ...any) int {
	c.t.Helper()
	var n int
	if err := c.Owner.QueryRow(query, args...).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

func (c *chain) stage() document.Stage {
	c.t.Helper()
	stage, err := c.Store.DocumentStage(context.Background(), c.id)
	if err != nil {
		c.t.Fatal(err)
	}
	return stage
}

// bound is a decision's form as the page shows it.
func (a answer) bound(t *testing.T) url.Values {
	t.Helper()
	return url.Values{
		"key": {a.field(t, "key")}, "revision": {a.field(t, "revision")}, "content_hash": {a.field(t, "content_hash")},
	}
}

// decide opens the page and posts its form to the action.
func (c *chain) decide(role staff.Role, page, action string, more url.Values) answer {
	c.t.Helper()
	form := c.at[role].get(c.t, c.path(page)).want(c.t, http.StatusOK).bound(c.t)
	for name, values := range more {
		form[name] = values
	}
	return c.at[role].post(c.t, c.path(action), form)
}

// follow goes where a decision's answer says, and wants its receipt.
func (c *chain) follow(role staff.Role, a answer) answer {
	c.t.Helper()
	a.want(c.t, http.StatusSeeOther)
	location := a.Header.Get("Location")
	if !strings.HasPrefix(location, "/decisions/") {
		c.t.Fatalf("goes to %q", location)
	}
	return c.at[role].get(c.t, location).want(c.t, http.StatusOK)
}

func (c *chain) submit() answer {
	c.t.Helper()
	return c.follow(staff.Specialist, c.decide(staff.Specialist, "/check", "/submit", nil))
}

func (c *chain) approve() answer {
	c.t.Helper()
	return c.follow(staff.DivisionHead, c.decide(staff.DivisionHead, "/review", "/approve", nil))
}

// giveKey makes the director's key; its certificate names the identifier.
func (c *chain) giveKey(identifier string) (folder string) {
	c.t.Helper()
	authority, err := testpki.New(time.Now().Add(-time.Hour))
	if err != nil {
		c.t.Fatal(err)
	}
	account, err := c.Store.Account(context.Background(), c.who[staff.Director])
	if err != nil {
		c.t.Fatal(err)
	}
	if identifier == "" {
		identifier = account.Username
	}
	key, err := authority.Issue(testpki.Person{Name: account.Name, Identifier: identifier}, testpki.P256)
	if err != nil {
		c.t.Fatal(err)
	}
	packed, err := testpki.PKCS12(key, keyPassword)
	if err != nil {
		c.t.Fatal(err)
	}
	folder = c.t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
	var certificates []byte
	for _, one := range append([]*x509.Certificate{key.Certificate}, key.Chain...) {
		certificates = append(certificates, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})...)
	}
	write(account.Username+".p12", packed)
	write(account.Username+".pem", certificates)
	write(account.Username+".png", testpki.Squiggle(account.Name))
	write("roots.pem", authority.RootPEM())
	keys, err := notary.ReadKeys(folder, filepath.Join(folder, "roots.pem"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.server.notary.Keys = keys
	return folder
}

func signForm(password string) url.Values {
	return url.Values{"mode": {"series"}, "number": {""}, "password": {password}, "agree": {"yes"}}
}

func (c *chain) toSigning() {
	c.t.Helper()
	c.fill()
	c.submit()
	c.approve()
}

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

func (c *chain) hash() string {
	c.t.Helper()
	var hash string
	if err := c.Owner.QueryRow(`select content_hash from documents where id = $1`, c.id).Scan(&hash); err != nil {
		c.t.Fatal(err)
	}
	return hash
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

// attach posts a file as a browser does.
func (b *browser) attach(t *testing.T, path, name string, data []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("key", uuid.NewString())
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}
