// Package browser walks through the whole system as people do: real accounts in
// a real Chromium, against the server, worker, engine and database as processes.
//
// It holds journeys and what only a browser can tell: that pages work by mouse,
// by keyboard, without scripts and on a phone, that axe finds nothing in them,
// and that the content security policy is not broken. Rules, crashes and single
// routes are tested nearer to where they live.
package browser

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
)

// The people of the demonstration who appear here, by what they do.
const (
	officer     = "snv.baotq"
	accounts    = "snv.diempn"
	operator    = "snv.khoidm"
	chief       = "snv.phuocnh" // head of the authority
	cityViewer  = "vp.kienht"
	keyPassword = "123456"
)

// office is one unit's people in the chain.
type office struct{ unit, specialist, colleague, head, director, clerk string }

var (
	finance = office{"STC", "stc.hanhntm", "stc.huylg", "stc.ngocptb", "stc.thanghd", "stc.nhungmth"}
	health  = office{"SYT", "syt.namdh", "syt.tuttc", "syt.lamnv", "syt.binhvtt", "syt.thaoctp"}
	saigon  = office{"26740", "saigon.anhlt", "saigon.thuongnth", "saigon.yentt", "saigon.vinhlq", "saigon.maidtx"}
	canGio  = office{"27664", "cangio.tamtm", "cangio.tramdtn", "cangio.sangnv", "cangio.tuyettta", "cangio.hieupv"}
)

// town is the running system and one browser, as one journey has them: everybody
// has a window with cookies of their own.
type town struct {
	*stack.Stack
	browser context.Context
	late    string // the campaign whose due passes during the tests
	shared  *shared
	windows map[string]*tab // by whose they are

	mutex      sync.Mutex
	complaints []string
}

// shared is what the journeys have in common besides the system.
type shared struct {
	mutex   sync.Mutex
	display *display // prepared when first asked for
}

// forJourney is the same town for a journey, whose windows it has yet to open.
func (w *town) forJourney(t testing.TB) *town {
	return &town{Stack: w.For(t), browser: w.browser, late: w.late, shared: w.shared, windows: map[string]*tab{}}
}

// found starts the system with its demo people, and the browser.
func found(t *testing.T) *town {
	t.Helper()
	w := townOf(stack.Start(t), chromium(t))
	w.Run(stack.Server, "seed-demo")
	w.StartPart(stack.Server)
	w.Eventually("the server is ready", time.Minute, w.ready)
	return w
}

// townOf is a town of that system, in which nobody has signed in.
func townOf(s *stack.Stack, browser context.Context) *town {
	return &town{Stack: s, browser: browser, shared: &shared{}, windows: map[string]*tab{}}
}

// chromium starts a browser, which ends with the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: apt-get install chromium")
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "vi"),
		// Several people's windows are at work at once: none sleeps because another lies over it.
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("disable-hang-monitor", true),
		// What is pressed before a page is first drawn would be dropped, and on a busy machine that is long.
		chromedp.Flag("allow-pre-commit-input", true), chromedp.Flag("disable-features", "PaintHolding,Translate"),
		chromedp.WindowSize(1280, 900))
	t.Cleanup(cancel)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return browser
}

func (w *town) ready() bool {
	answer, err := http.Get(w.Web + "/readyz")
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// window is a new window without cookies, whose console is listened to.
func (w *town) window(t testing.TB, whose string) *tab {
	t.Helper()
	b := w.blank(t)
	if err := chromedp.Listen(b.ctx, func(event any) { w.listen(whose, event) }); err != nil {
		t.Fatalf("listen to a window: %v", err)
	}
	return b
}

// blank is a new window without cookies. It closes with the test.
func (w *town) blank(t testing.TB) *tab {
	t.Helper()
	ctx, closeWindow := chromedp.NewContext(w.browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeWindow)
	// The first step decides how long a window lives: it must have no deadline.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a window: %v", err)
	}
	b := &tab{t: t, web: w.Web, ctx: ctx}
	focused := emulation.SetFocusEmulationEnabledParams{Enabled: true} // whichever window has the machine's keyboard
	if _, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, focused); err != nil {
		t.Fatalf("focus a window: %v", err)
	}
	b.wide(desk)
	b.media(light)
	return b
}

// as is the window of a person in this journey, signed in with a session of its own: a
// session holds what the next page is to say, and would say it in another journey.
func (w *town) as(t testing.TB, username string) *tab {
	t.Helper()
	if b := w.windows[username]; b != nil {
		return b
	}
	b := w.window(t, username)
	w.signIn(b, username)
	w.windows[username] = b
	return b
}

// session is the cookie of who is signed in.
func (b *tab) session() *network.Cookie {
	b.t.Helper()
	answer, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, cookie := range answer.Cookies {
		if cookie.Name == "session" {
			return cookie
		}
	}
	b.t.Fatal("the window has no session")
	return nil
}

// signIn signs in at the page for it.
func (w *town) signIn(b *tab, username string) {
	b.t.Helper()
	if status := b.knock("/sign-in", username, storage.DemoPassword); status != http.StatusOK || b.address() == "/sign-in" {
		b.t.Fatalf("%s was not let in: status %d\n%s", username, status, b.words())
	}
}

// knock tries to sign in at a page and returns the answer. Where the name has been tried
// too often it waits, as the page asks.
func (b *tab) knock(path, username, password string) int64 {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Second) {
		b.open(path)
		b.write("username", username)
		b.write("password", password)
		if status := b.press("Đăng nhập"); status != http.StatusTooManyRequests || time.Now().After(deadline) {
			return status
		}
	}
}

// listen collects what a browser would complain about in its console: broken
// security policy, failing scripts, missing files. Answers with a status that a
// page asked for (422, 409, 403, 404) are none of that.
func (w *town) listen(whose string, event any) {
	var complaint string
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		complaint = exceptionText(event.ExceptionDetails)
	case *log.EventEntryAdded:
		entry := event.Entry
		answered := strings.Contains(entry.Text, "responded with a status of 4") && !strings.Contains(entry.URL, "/static/")
		if entry.Level != log.EntryLevelError || answered || strings.Contains(entry.Text, "ERR_ABORTED") {
			return
		}
		complaint = fmt.Sprintf("%s: %s (%s)", entry.Source, entry.Text, entry.URL)
	default:
		return
	}
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.complaints = append(w.complaints, whose+": "+complaint)
}

// quiet fails the test if a browser has complained since the last time.
func (w *town) quiet(t testing.TB) {
	t.Helper()
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for _, complaint := range w.complaints {
		t.Error(complaint)
	}
	w.complaints = nil
}

// actor is a person with their positions, for what is prepared past the pages.
func (w *town) actor(t testing.TB, username string) staff.Actor {
	t.Helper()
	var id int64
	if err := w.Owner.QueryRow(`select id from persons where username = $1`, username).Scan(&id); err != nil {
		t.Fatalf("%s: %v", username, err)
	}
	actor, err := w.Store.Actor(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// launch makes a campaign past the pages, due at the instant, and returns its code.
func (w *town) launch(t testing.TB, name string, due time.Time, units ...string) string {
	t.Helper()
	ends := period.EndingAt(due.Truncate(time.Minute))
	plan := campaign.Plan{
		Code: "bc-" + uuid.NewString()[:8], Kind: document.Report, Name: name,
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: ends.Day.Add(-100), To: ends.Day.Add(-20)}, Due: ends,
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: units,
	}
	if _, err := w.Store.LaunchCampaign(t.Context(), uuid.New(), w.actor(t, officer).Person, plan); err != nil {
		t.Fatal(err)
	}
	if err := w.Engine.LaunchCampaign(t.Context(), plan.Code); err != nil {
		t.Fatal(err)
	}
	return plan.Code
}

// soon is a due day far enough away for nothing to happen in a test.
func soon() time.Time { return time.Now().Add(30 * 24 * time.Hour) }

// fill writes a whole draft past the pages: every section, and zero for every
// figure.
func (w *town) fill(t testing.TB, id string, by string) {
	t.Helper()
	person := w.actor(t, by).Person
	version, err := w.Store.FormVersion(t.Context(), "bc-cchc-quy", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range version.Sections {
		w.exec(t, `insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`, id, section.Code, narrative, person)
	}
	for _, indicator := range version.Active(calendar.DayOf(time.Now())) {
		if indicator.Type != "ratio" {
			w.exec(t, `insert into draft_figures (document_id, indicator, value, updated_by) values ($1, $2, 0, $3)`, id, indicator.Code, person)
		}
	}
	// Another journey may have given the unit a plan of this year, which knows other numbers.
	w.reconcile(t, id)
}

// reconcile says why figures differ from the unit's plan: another journey may have one
// come into force at any moment.
func (w *town) reconcile(t testing.TB, id string) {
	t.Helper()
	w.exec(t, `update draft_figures d set reason = 'Chưa đối chiếu với kế hoạch' from indicator_sources s where d.document_id = $1 and d.indicator = s.indicator`, id)
}

// narrative is a plausible text of two paragraphs.
const narrative = "Đơn vị đã ban hành kế hoạch cải cách hành chính năm và triển khai đến từng phòng, ban; phân công người chịu trách nhiệm cho từng nhiệm vụ.\n\nTrong kỳ đã tổ chức 02 cuộc họp giao ban chuyên đề, kịp thời tháo gỡ vướng mắc về hồ sơ trễ hạn."

func (w *town) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := w.Owner.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// decide makes a decision past the pages and waits until it is applied.
func (w *town) decide(t testing.TB, id string, action document.Action, who string) {
	t.Helper()
	actor := w.actor(t, who)
	n := storage.NewDecision{Key: uuid.New(), Document: id, Action: action, Actor: actor, Reason: "Bổ sung số liệu mục 3."}
	if err := w.Owner.QueryRow(`select revision, content_hash from documents where id = $1`, id).Scan(&n.Revision, &n.ContentHash); err != nil {
		t.Fatal(err)
	}
	if action == document.Submit {
		content, err := w.Store.DraftContent(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		n.ContentHash = content.Hash()
	}
	decision, err := w.Store.AddDecision(t.Context(), n)
	if err != nil {
		t.Fatalf("%s %s: %v", action, id, err)
	}
	if err := w.Engine.Look(t.Context(), id, document.Drafting, n.Key.String()); err != nil {
		t.Fatal(err)
	}
	w.Eventually(fmt.Sprintf("%s of %s is applied", action, id), time.Minute, func() bool {
		answer, err := w.Store.DecisionAnswer(t.Context(), decision, actor.Person)
		return err == nil && answer.Outcome == storage.Applied
	})
}
