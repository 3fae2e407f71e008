package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/templates/bulletin"
	"cchc/templates/words"
)

// opened lays an outage down that began so long ago, and answers with its page.
func opened(t *testing.T, b *browser, began time.Time) string {
	t.Helper()
	form := b.get(t, "/outages/new").want(t, http.StatusOK)
	got := b.post(t, "/outages/new", url.Values{
		"key": {field(t, form.body, "key")}, "kind": {"outage"}, "what": {"Hỏng máy chủ"},
		"began.day": {words.Date(calendar.DayOf(began))}, "began.clock": {words.Clock(began)},
	}).want(t, http.StatusSeeOther)
	return got.Header.Get("Location")
}

// holds looks for what stands in the markup.
func (a answer) holds(t *testing.T, wanted ...string) answer {
	t.Helper()
	for _, text := range wanted {
		if !strings.Contains(a.body, text) {
			t.Errorf("the answer does not hold %q", text)
		}
	}
	return a
}

// field is the value of a page's first hidden field of the name.
func field(t *testing.T, body, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no field %s", name)
	}
	return found[1]
}

func outageID(t *testing.T, path string) int64 {
	t.Helper()
	id, err := strconv.ParseInt(strings.TrimPrefix(path, "/outages/"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// drafted has the notice of the outage drafted as the workflow does.
func (k *kit) drafted(t *testing.T, id int64) {
	t.Helper()
	ctx := context.Background()
	if _, err := k.Store.RecordOutage(ctx, id, time.Time{}, "run"); err != nil {
		t.Fatal(err)
	}
	if err := k.Store.SaveOutageDraft(ctx, id, outage.TheNotice, 0, outage.Notice{Title: "Phần mềm ngừng hoạt động", Text: []string{"Từ thứ Hai."}}, false); err != nil {
		t.Fatal(err)
	}
}

// An outage through the pages: laid down, drafted, returned by IT, edited, approved by
// both, published, read by everybody.
func TestOutageOverPages(t *testing.T) {
	k := newKit(t)
	ctx := context.Background()
	officer, admin := k.at(t, "SNV", staff.Officer), k.at(t, "SNV", staff.SystemAdmin)
	it := k.at(t, "SKHCN", staff.Director)
	path := opened(t, admin, time.Now().AddDate(0, 0, -20))
	id := outageID(t, path)
	k.drafted(t, id)
	it.get(t, "/tasks").want(t, http.StatusOK).says(t, "chờ ông/bà cho ý kiến").holds(t, path)
	page := it.get(t, path).want(t, http.StatusOK).says(t, "Dự thảo chờ ý kiến", "Sở Khoa học và Công nghệ", "Từ thứ Hai.")
	word := path + regexp.MustCompile(`/notices/\d+/word`).FindString(page.body)
	say := func(b *browser, body string, party outage.Party, verdict, reason string) answer {
		return b.post(t, word, url.Values{
			"key": {newKey()}, "version": {versionOfDraft(t, body)}, "content_hash": {field(t, body, "content_hash")},
			"party": {string(party)}, "verdict": {verdict}, "reason": {reason},
		})
	}
	say(it, page.body, outage.Authority, "approve", "").want(t, http.StatusForbidden)
	say(it, page.body, outage.IT, "return", "").want(t, http.StatusUnprocessableEntity).says(t, "Ghi nội dung này.")
	say(it, page.body, outage.IT, "return", "Nêu rõ nguyên nhân").want(t, http.StatusSeeOther)
	edit := strings.TrimSuffix(word, "/word") + "/edit"
	form := officer.get(t, edit).want(t, http.StatusOK)
	changed := url.Values{"key": {newKey()}, "version": {field(t, form.body, "version")}, "number": {"12/TB-SNV"}, "title": {"Phần mềm ngừng hoạt động"}, "text": {"Từ thứ Hai.\n\nDo hỏng máy chủ."}}
	officer.post(t, edit, changed).want(t, http.StatusSeeOther)
	officer.post(t, edit, changed).want(t, http.StatusUnprocessableEntity).holds(t, "đã thay đổi", "Do hỏng máy chủ.")
	for party, b := range map[outage.Party]*browser{outage.IT: it, outage.Authority: officer} {
		page = b.get(t, path).want(t, http.StatusOK).says(t, "Do hỏng máy chủ.")
		say(b, page.body, party, "approve", "").want(t, http.StatusSeeOther)
	}
	state, err := k.Store.RecordOutage(ctx, id, time.Time{}, "run")
	if err != nil || state.Step != outage.PublishNotice {
		t.Fatalf("%+v, %v", state, err)
	}
	n, err := k.Store.OutageNotice(ctx, state.Notice)
	if err != nil {
		t.Fatal(err)
	}
	if got := officer.get(t, strings.TrimSuffix(word, "/word")+".pdf").want(t, http.StatusOK); !strings.HasPrefix(got.body, "%PDF-") {
		t.Errorf("draft on paper: %.20q", got.body)
	}
	if err := k.Store.PublishOutageNotice(ctx, n.ID, n.Hash, []byte("%PDF-1.7 x")); err != nil {
		t.Fatal(err)
	}
	everybody := k.visitor().get(t, "/announcements/").want(t, http.StatusOK).says(t, "Thông báo số 12/TB-SNV", "Do hỏng máy chủ.", "đang có sự cố")
	if len(everybody.Cookies()) != 0 {
		t.Error("the public page begins a session")
	}
	k.visitor().get(t, "/announcements/feed.xml").want(t, http.StatusOK).holds(t, "Do hỏng máy chủ.", "<feed")
	officer.get(t, path).want(t, http.StatusOK).says(t, "Phát hành lúc")
	it.get(t, "/notices").want(t, http.StatusOK).holds(t, "/announcements/#tb-")
	officer.get(t, strings.TrimSuffix(word, "/word")+".html").want(t, http.StatusOK).says(t, "Do hỏng máy chủ.")
	other := opened(t, admin, time.Now().Add(-time.Hour))
	officer.get(t, other+"/notices/"+strconv.FormatInt(n.ID, 10)+".pdf").want(t, http.StatusNotFound)
}

// versionOfDraft is that of the form of a word, which stands behind other forms.
func versionOfDraft(t *testing.T, body string) string {
	t.Helper()
	at := strings.Index(body, `name="content_hash"`)
	before := strings.LastIndex(body[:at], `name="version"`)
	return field(t, body[before:], "version")
}

// Errors of the forms stand at their fields, and what was typed is kept.
func TestOutageFormsKeepWhatWasTyped(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.post(t, "/outages/new", url.Values{"key": {newKey()}, "kind": {"risk"}, "began.day": {"31/31/2026"}, "began.clock": {"9 giờ"}, "what": {"Bão"}}).
		want(t, http.StatusUnprocessableEntity).holds(t, "31/31/2026", "9 giờ", "Bão", `href="#began-day"`, `href="#began-clock"`)
	soon := words.Date(calendar.DayOf(time.Now()) + 5)
	officer.post(t, "/outages/new", url.Values{"key": {newKey()}, "kind": {"outage"}, "began.day": {soon}, "began.clock": {"09:00"}, "what": {"x"}}).
		want(t, http.StatusUnprocessableEntity).says(t, "không được ở tương lai")
	path := opened(t, officer, time.Now().Add(-time.Hour))
	page := officer.get(t, path)
	version := field(t, page.body, "version")
	officer.post(t, path+"/end", url.Values{"key": {newKey()}, "version": {version}, "ended.day": {soon}, "ended.clock": {"08:00"}}).
		want(t, http.StatusUnprocessableEntity).holds(t, soon, `href="#ended-day"`)
	officer.post(t, path+"/dismiss", url.Values{"key": {newKey()}, "version": {version}}).want(t, http.StatusUnprocessableEntity).holds(t, `href="#dismissed_for"`)
	officer.post(t, path+"/edit", url.Values{"key": {newKey()}, "version": {version}, "began.day": {words.Date(calendar.DayOf(time.Now()))}, "began.clock": {"00:00"}, "what": {"Mất điện"}}).want(t, http.StatusSeeOther)
	officer.post(t, path+"/confirm", url.Values{"key": {newKey()}, "version": {version}}).want(t, http.StatusUnprocessableEntity).says(t, "đã thay đổi")
	page = officer.get(t, path).says(t, "Mất điện")
	officer.post(t, path+"/confirm", url.Values{"key": {newKey()}, "version": {field(t, page.body, "version")}}).want(t, http.StatusSeeOther)
	officer.get(t, path).says(t, "Xác nhận sự cố", "Diễn biến")

	officer.post(t, "/maintenance", url.Values{"key": {newKey()}, "from.day": {soon}, "from.clock": {"20:00"}, "to.day": {soon}, "to.clock": {"19:00"}, "purpose": {"Nâng cấp"}}).
		want(t, http.StatusUnprocessableEntity).holds(t, "Nâng cấp", `href="#to-day"`)
	officer.post(t, "/maintenance", url.Values{"key": {newKey()}, "from.day": {soon}, "from.clock": {"20:00"}, "to.day": {soon}, "to.clock": {"23:00"}, "purpose": {"Nâng cấp"}}).want(t, http.StatusSeeOther)
	windows := officer.get(t, "/maintenance").says(t, "Sắp tới", "Nâng cấp")
	cancel := regexp.MustCompile(`/maintenance/\d+/cancel`).FindString(windows.body)
	officer.post(t, cancel, url.Values{"key": {newKey()}}).want(t, http.StatusUnprocessableEntity).holds(t, `href="#reason"`)
	k.visitor().get(t, "/announcements/").says(t, "Bảo trì sắp tới")
	officer.post(t, cancel, url.Values{"key": {newKey()}, "reason": {"Hoãn"}}).want(t, http.StatusSeeOther)
	officer.get(t, "/maintenance").says(t, "Đã hủy", "Hoãn")

	form := officer.get(t, "/outage-rule").want(t, http.StatusOK)
	rule := url.Values{"key": {newKey()}, "replaces": {field(t, form.body, "replaces")}, "days": {"3"}, "count": {"whole_days"}, "lead": {"3"}, "confirm": {"x"}, "recovery": {"30"}, "announce": {"24"},
		"office.morning.opens": {"07:30"}, "office.morning.closes": {"11:30"}, "office.afternoon.opens": {"13:00"}, "office.afternoon.closes": {"17:00"}, "it_unit": {"STC"}, "approval_hours": {"8"}, "reason": {"Thử"}}
	officer.post(t, "/outage-rule", rule).want(t, http.StatusUnprocessableEntity).holds(t, `href="#confirm"`)
	rule.Set("confirm", "15")
	rule.Set("site_url", "sonoivu.example")
	officer.post(t, "/outage-rule", rule).want(t, http.StatusUnprocessableEntity).holds(t, `href="#site_url"`)
	rule.Set("site_url", "https://sonoivu.example/")
	officer.post(t, "/outage-rule", rule).want(t, http.StatusSeeOther)
	officer.get(t, "/outage-rule").says(t, "3 ngày làm việc", "theo ngày trọn", "Sở Tài chính")
	k.visitor().get(t, "/announcements/").holds(t, `<a href="https://sonoivu.example/">`)
}

// Who runs IT is data: its people come in, and those of the unit that did before do not.
func TestITSpeaks(t *testing.T) {
	k := newKit(t)
	before, specialist, after := k.at(t, "SKHCN", staff.Director), k.at(t, "SKHCN", staff.Specialist), k.at(t, "STC", staff.DivisionHead)
	before.get(t, "/outages").want(t, http.StatusOK)
	specialist.get(t, "/outages/new").want(t, http.StatusOK)
	specialist.post(t, "/outages/1/notices/1/word", url.Values{}).want(t, http.StatusForbidden)
	before.post(t, "/outages/1/confirm", url.Values{}).want(t, http.StatusForbidden)
	after.get(t, "/outages").want(t, http.StatusForbidden)
	if _, err := k.Owner.Exec(`insert into outage_rules (rule, it_unit, approval_hours, replaces) select rule, 'STC', 4, id from outage_rules`); err != nil {
		t.Fatal(err)
	}
	before.get(t, "/outages").want(t, http.StatusForbidden)
	after.get(t, "/outages").want(t, http.StatusOK)
}

// The public page and the feed go on while nothing can be written, and from disk while
// nothing can be read either.
func TestAnnouncementsWithoutTheDatabase(t *testing.T) {
	k := newKit(t)
	if _, err := k.Owner.Exec(`do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$`); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Owner.Exec(`revoke insert, update, delete on all tables in schema public from cchc_app`); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Owner.Exec(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	var read string
	for range 20 { // connections of before are given up one by one
		if a := k.visitor().get(t, "/announcements/"); a.StatusCode == http.StatusOK {
			read = a.body
			break
		}
	}
	if !strings.Contains(read, "Chưa có thông báo nào") {
		t.Errorf("while nothing can be written: %.300q", read)
	}
	k.visitor().get(t, "/announcements/feed.xml").want(t, http.StatusOK).holds(t, "<feed")
	if _, err := k.Store.OutageHandling(context.Background()); err != nil {
		t.Errorf("reading: %v", err)
	}
	if err := k.Store.Beat(context.Background(), "server"); err == nil {
		t.Error("the database can be written")
	}
	if err := k.server.board.Post(bulletin.State{Agency: "Sở Nội vụ", Made: time.Now()}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := k.Store.Close(); err != nil {
		t.Fatal(err)
	}
	gone := k.visitor().get(t, "/announcements/").want(t, http.StatusOK).says(t, "Tình trạng Phần mềm")
	if policy := gone.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "style-src 'sha256-") {
		t.Errorf("policy %q", policy)
	}
	k.visitor().get(t, "/announcements/feed.xml").want(t, http.StatusOK).holds(t, "<feed")
	for _, name := range []string{"..%2fsecret.html", ".new-1", "tb-9.pdf", "none.txt"} {
		if a := k.visitor().get(t, "/announcements/"+name); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
}

// The watcher comes by its token alone, told again and late.
func TestWatcherCalls(t *testing.T) {
	k := newKit(t)
	b := k.visitor()
	b.get(t, "/watch/facts").want(t, http.StatusNotFound) // none is configured
	k.server.watchToken = "secret"
	for _, header := range []string{"", "Bearer", "Bearer other", "secret", "Bearer secret2"} {
		b.header.Set("Authorization", header)
		b.get(t, "/watch/facts").want(t, http.StatusUnauthorized)
	}
	b.header.Set("Authorization", "Bearer secret")
	var facts outage.Facts
	if err := json.Unmarshal([]byte(b.get(t, "/watch/facts").want(t, http.StatusOK).body), &facts); err != nil || len(facts.Marks) == 0 || len(facts.Contacts) == 0 {
		t.Errorf("facts %+v, %v", facts, err)
	}
	report, err := json.Marshal(outage.Report{ID: "w1", Version: 1, Span: outage.Span{From: time.Now().Add(-2 * time.Hour), To: time.Now().Add(-time.Hour)}})
	if err != nil {
		t.Fatal(err)
	}
	tell := func(body string) answer {
		return b.send(t, httptest.NewRequest(http.MethodPost, "/watch/reports", strings.NewReader(body)))
	}
	for range 2 {
		var known outage.Known
		if err := json.Unmarshal([]byte(tell(string(report)).want(t, http.StatusOK).body), &known); err != nil || known.ID != "1" || known.Report != "w1" {
			t.Errorf("known %+v, %v", known, err)
		}
	}
	tell(`{"id":""}`).want(t, http.StatusBadRequest)
	tell(`nothing`).want(t, http.StatusBadRequest)
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/outages").says(t, "Bộ giám sát bên ngoài", "Có tín hiệu").silent(t, "địa chỉ đối chứng")
	health := func(body string) answer {
		return b.send(t, httptest.NewRequest(http.MethodPost, "/watch/health", strings.NewReader(body)))
	}
	health(`{"witness":"silent","mail":"works","refused":"no_contacts"}`).want(t, http.StatusNoContent)
	officer.get(t, "/outages").says(t, "Địa chỉ đối chứng của bộ giám sát không trả lời.", "Bộ giám sát chưa có ai để gửi thông báo.")
	health(`{"witness":"works","mail":"works"}`).want(t, http.StatusNoContent)
	officer.get(t, "/outages").silent(t, "địa chỉ đối chứng", "chưa có ai")
	health(`nothing`).want(t, http.StatusBadRequest)
}
