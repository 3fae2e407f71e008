package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/domain/outage"
	"cchc/post/posttest"
)

// drafted is a kit whose notice waits for its officers, with the link of one of them.
func drafted(t *testing.T) (k *kit, link string) {
	t.Helper()
	k = newKit(t, "2026-10-05 09:50", city(3), nil)
	k.system.set(false)
	k.until("2026-10-07 10:30", 30*minute)
	for _, m := range k.mailed("Cần duyệt") {
		if m.To == "bao@snv.example" {
			return k, linkIn(t, m)
		}
	}
	t.Fatal("not asked")
	return nil, ""
}

func TestALinkShowsAndApprovesOnce(t *testing.T) {
	k, link := drafted(t)
	for range 3 { // mail programs look for themselves
		a := k.get("/approve?token=" + link)
		if a.Code != http.StatusOK || !strings.Contains(a.Body.String(), "Duyệt thông báo</button>") ||
			!strings.Contains(a.Body.String(), "Gửi thư đến <strong>3</strong> người nhận") || a.Header().Get("Cache-Control") != "no-store" {
			t.Fatalf("%d\n%s", a.Code, a.Body)
		}
	}
	if n := len(k.only().Notice.Approvals); n != 0 {
		t.Fatalf("%d words from looking", n)
	}
	if a := k.get("/draft.pdf?token=" + link); !strings.HasPrefix(a.Body.String(), "%PDF-") {
		t.Errorf("print: %d", a.Code)
	}
	fields := url.Values{"token": {link}, "hash": {k.only().Notice.Hash}}
	for range 2 {
		if a := k.send("/approve", fields); a.Code != http.StatusOK {
			t.Errorf("%d\n%s", a.Code, a.Body)
		}
	}
	if r := k.only(); len(r.Notice.Approvals) != 1 || r.Notice.Approvals[0].Name != "Trần Quốc Bảo" || r.Notice.Approvals[0].Party != outage.Authority {
		t.Errorf("%+v", r.Notice.Approvals)
	}
	if a := k.get("/approve?token=" + link); !strings.Contains(a.Body.String(), "Ông/bà đã duyệt") {
		t.Errorf("used link: %s", a.Body)
	}
}

func TestLinksThatAreNoGood(t *testing.T) {
	k, link := drafted(t)
	id := k.only().ID
	good := right{Outage: id, Mail: "bao@snv.example", Party: outage.Authority, Expires: k.clock.Add(time.Hour)}
	expired, elsewhere, left, other := good, good, good, good
	expired.Expires = k.clock
	elsewhere.Outage = "20200101T000000Z"
	left.Mail = "left@snv.example"
	other.Party = outage.IT
	for name, token := range map[string]string{
		"none": "", "noise": "abc.def", "of another key": sign([]byte("other"), good), "expired": sign(k.key, expired),
		"of no outage": sign(k.key, elsewhere), "of an officer who has left": sign(k.key, left), "for another body": sign(k.key, other), "spelt otherwise": link + "\n", "seal cut off": link[:strings.IndexByte(link, '.')], "seal of another": link[:strings.IndexByte(link, '.')] + sign(k.key, expired)[strings.IndexByte(sign(k.key, expired), '.'):],
	} {
		fields := url.Values{"token": {token}, "hash": {k.only().Notice.Hash}}
		for _, path := range []string{"/approve", "/amend"} {
			if a := k.send(path, fields); a.Code != http.StatusForbidden {
				t.Errorf("%s at %s: %d", name, path, a.Code)
			}
		}
		for _, path := range []string{"/approve?token=", "/draft.pdf?token="} {
			if a := k.get(path + url.QueryEscape(token)); a.Code != http.StatusForbidden || strings.Contains(a.Body.String(), "ngừng hoạt động từ") {
				t.Errorf("%s at %s: %d", name, path, a.Code)
			}
		}
	}
	if len(k.only().Notice.Approvals) != 0 {
		t.Error("a word was taken")
	}
}

func TestAmending(t *testing.T) {
	k, link := drafted(t)
	first := k.only().Notice.Hash
	if _, err := k.command("approve", k.only().ID, "-by", "ha@skhcn.example"); err != nil {
		t.Fatal(err)
	}
	bad := url.Values{"token": {link}, "hash": {first}, "number": {"mười hai"}, "until": {"08:00 31/02/2027"}, "note": {strings.Repeat("ă", 1001)}}
	a := k.send("/amend", bad)
	body := a.Body.String()
	if a.Code != http.StatusUnprocessableEntity || strings.Count(body, `class="fault"`) != 3 || !strings.Contains(body, `value="mười hai"`) || !strings.Contains(body, `value="08:00 31/02/2027"`) {
		t.Errorf("%d\n%s", a.Code, body)
	}
	fields := url.Values{"token": {link}, "hash": {first}, "number": {"12/TB-SNV"}, "until": {"08:00  09/10/2026"}, "note": {"Trung tâm dữ liệu mất điện.\n<b>x</b>"}}
	if a := k.send("/amend", fields); a.Code != http.StatusSeeOther || a.Header().Get("Location") != "/approve?token="+link {
		t.Errorf("%d %s", a.Code, a.Header().Get("Location"))
	}
	n := k.only().Notice
	if n.Hash == first || n.Number != "12/TB-SNV" || len(n.Lacks(needs(k.known()))) != 2 {
		t.Errorf("%+v", n)
	}
	body = k.get("/approve?token=" + link).Body.String()
	for _, want := range []string{"số 12/TB-SNV", "08:00 ngày 09/10/2026", "&lt;b&gt;x", "Trung tâm dữ liệu mất điện."} {
		if !strings.Contains(body, want) {
			t.Errorf("no %q in\n%s", want, body)
		}
	}
	if a := k.send("/approve", url.Values{"token": {link}, "hash": {first}}); a.Code != http.StatusConflict {
		t.Errorf("a word for the draft before: %d", a.Code)
	}
	// Both are asked anew, and what goes out is what they approved, with the print.
	k.step(minute)
	if asked := k.mailed("duyệt thông báo"); len(asked) != 4 {
		t.Errorf("%d asked", len(asked))
	}
	k.bothApprove()
	k.step(minute)
	sent := k.mailed("Thông báo số 12/TB-SNV")
	if len(sent) != 3 || len(sent[0].Files) != 1 || !strings.HasPrefix(sent[0].Files[0].Name, "12-TB-SNV-") {
		t.Fatalf("%d sent", len(sent))
	}
	if name := "tb-" + k.only().ID + "-stopped.pdf"; !strings.HasPrefix(k.public(name), "%PDF-") || !strings.Contains(k.public(pageFile), `href="`+name+`"`) {
		t.Error("the print is not on the page")
	}
}

// Units get the print also where nobody had a number for it: it says so.
func TestANoticeWithoutANumberHasItsPrint(t *testing.T) {
	facts := city(3)
	facts.Site = "https://sonoivu.example/"
	k := newKit(t, "2026-10-05 09:50", facts, nil)
	k.system.set(false)
	k.until("2026-10-07 10:30", 30*minute)
	k.bothApprove()
	k.step(minute)
	sent := k.mailed("Thông báo: Phần mềm")
	if len(sent) != 3 || len(sent[0].Files) != 1 || !strings.HasPrefix(sent[0].Files[0].Name, "CHUA-CAP-SO-") ||
		!strings.HasPrefix(string(sent[0].Files[0].Bytes), "%PDF-") || !strings.Contains(sent[0].Text, facts.Site) {
		t.Fatalf("%d sent, %+v", len(sent), sent)
	}
	page := k.public(pageFile)
	if !strings.Contains(page, `href="tb-`+k.only().ID+`-stopped.pdf"`) || !strings.Contains(page, `href="`+facts.Site+`"`) {
		t.Errorf("page:\n%s", page)
	}
}

// A browser counts the end of a line as one sign and sends two.
func TestALongNoteOfManyLines(t *testing.T) {
	if a, faults := (form{note: strings.Repeat("ă\r\n", longestNote/2)}).read(time.Now()); len(faults) != 0 || strings.Contains(a.Note, "\r") {
		t.Errorf("%v", faults)
	}
}

// A link gives one word. Where the draft is changed afterwards, its officer's next word
// comes by the link of the next asking.
func TestAUsedLinkAfterAChange(t *testing.T) {
	k, link := drafted(t)
	if a := k.send("/approve", url.Values{"token": {link}, "hash": {k.only().Notice.Hash}}); a.Code != http.StatusOK {
		t.Fatalf("%d\n%s", a.Code, a.Body)
	}
	if _, err := k.command("amend", k.only().ID, "-note", "Trung tâm dữ liệu mất điện."); err != nil {
		t.Fatal(err)
	}
	fields := url.Values{"token": {link}, "hash": {k.only().Notice.Hash}, "note": {"Nội dung khác."}}
	for _, a := range []*httptest.ResponseRecorder{k.get("/approve?token=" + link), k.send("/approve", fields), k.send("/amend", fields)} {
		if a.Code != http.StatusForbidden {
			t.Errorf("%d\n%s", a.Code, a.Body)
		}
	}
	if n := k.only().Notice; n.Note != "Trung tâm dữ liệu mất điện." || len(n.Lacks(needs(k.known()))) != 2 {
		t.Errorf("%+v", n)
	}
	k.step(minute)
	again := k.mailed("duyệt thông báo")
	fresh := linkIn(t, again[slices.IndexFunc(again, func(m posttest.Received) bool {
		return m.To == "bao@snv.example" && !strings.Contains(m.Text, link)
	})])
	if a := k.send("/approve", url.Values{"token": {fresh}, "hash": {k.only().Notice.Hash}}); a.Code != http.StatusOK {
		t.Errorf("%d\n%s", a.Code, a.Body)
	}
}

func TestPublicFiles(t *testing.T) {
	k := newKit(t, "2026-10-05 09:50", city(1), nil)
	for path, want := range map[string]int{
		"/": 200, "/index.html": 200, "/feed.xml": 200, "/state.json": 200, "/state.html": 204, "/healthz": 200,
		"/key": 404, "/../key": 404, "/outages/x.json": 404, "/%2e%2e%2ffacts.json": 404, "/nothing.html": 404, "/.part-1.html": 404,
	} {
		if a := k.get(path); a.Code != want && !(want == 404 && a.Code/100 == 3) {
			t.Errorf("%s: %d, want %d", path, a.Code, want)
		}
	}
	a := k.get("/")
	policy := a.Header().Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "style-src 'sha256-") || strings.Contains(a.Body.String(), "<script") || strings.Contains(a.Body.String(), "style=") {
		t.Errorf("policy %s", policy)
	}
}
