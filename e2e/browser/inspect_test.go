package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cchc/e2e/stack"
	"cchc/templates"
	"cchc/templates/samples"
)

// Widths in CSS pixels: an office screen, an old one, a phone, the narrowest phone
// that pages promise to fit, and a sheet of A4.
const (
	desk      = 1280
	small     = 1024
	phone     = 390
	narrowest = 360
	sheet     = 794
)

// shown are the pages of the register that were looked at.
var shown sync.Map

// inspect looks at the page that is there as a reviewer would: at every width,
// in light and dark, with axe; and keeps pictures of it where somebody wants to look
// at them. The page itself is not left.
func (b *tab) inspect(name string) {
	b.t.Helper()
	shown.Store(ask[string](b, `() => document.body.dataset.page`), true)
	b.look(name)
}

// look is what inspect does, at a page that is none of the register.
func (b *tab) look(name string) {
	b.t.Helper()
	for _, width := range []int64{desk, small, phone} {
		b.wide(width)
		b.grow(width)       // once a width: each change of the window lays the page out anew
		if width == small { // the same words and colours as on the larger screen, placed otherwise
			b.axe(fmt.Sprintf("%s at %d px", name, width), places)
		} else {
			b.axe(fmt.Sprintf("%s at %d px", name, width), wcag)
		}
		b.keep(fmt.Sprintf("%s-%d", name, width))
		b.media(dark)
		if width != small {
			b.axe(fmt.Sprintf("%s at %d px, dark", name, width), colours)
		}
		b.keep(fmt.Sprintf("%s-%d-dark", name, width))
		b.media(light)
	}
	if pictures { // nothing is asserted of paper here
		b.wide(sheet)
		b.media(paper)
		b.picture(name + "-print")
		b.media(light)
	}
	b.wide(narrowest)
	b.fits(name)
	b.wide(desk)
}

// fits tells that the page does not scroll sideways in the narrowest window, once it has
// come to rest: a font that is on its way, or the window's own change, is no fault.
func (b *tab) fits(name string) {
	b.t.Helper()
	const width = `async () => { await document.fonts.ready; return document.documentElement.scrollWidth; }`
	wide := 0
	for range 20 {
		if wide = ask[int](b, width); wide <= narrowest {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	b.t.Errorf("%s scrolls sideways at %d px: %d px wide, by %s", name, narrowest, wide, ask[string](b, widest))
}

// widest names the elements that stick out of a narrow window.
const widest = `() => [...document.querySelectorAll("main *, header *, nav *")]
	.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
	.slice(0, 5).map((e) => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join("; ")`

var axeSource = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile(filepath.Join(stack.Root(), "e2e", "testdata", "axe", "axe.min.js"))
	return string(source), err
})

// What axe is asked: everything of WCAG 2.2 AA, or only what depends on colours, or on
// where things stand.
var (
	wcag = map[string]any{
		"runOnly": map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}},
		"rules":   map[string]any{"target-size": map[string]any{"enabled": true}},
	}
	colours = map[string]any{"runOnly": map[string]any{"type": "rule", "values": []string{"color-contrast", "link-in-text-block"}}}
	places  = map[string]any{
		"runOnly": map[string]any{"type": "rule", "values": []string{"target-size", "scrollable-region-focusable"}},
		"rules":   map[string]any{"target-size": map[string]any{"enabled": true}},
	}
)

// axe reports every violation of these rules that axe-core finds in the page.
func (b *tab) axe(what string, rules map[string]any) {
	b.t.Helper()
	source, err := axeSource()
	if err != nil {
		b.t.Fatal(err)
	}
	if !ask[bool](b, `() => "axe" in window`) {
		step(b, "bring axe", chromedp.Evaluate[chromedp.Void](source+";0"))
	}
	const run = `async (rules) => {
		const found = await axe.run(document, { ...rules, resultTypes: ["violations"] });
		return found.violations.map((v) => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 4).map((n) =>
			"    " + n.html.slice(0, 160) + "\n      " + n.any.concat(n.all, n.none).map((c) => c.message).join("; ")).join("\n"));
	}`
	for _, violation := range ask[[]string](b, run, rules) {
		b.t.Errorf("%s: %s", what, violation)
	}
}

// tabsTo reaches what a person works with on this page by the Tab key alone, and
// checks at each stop that it can be seen what has the focus.
func (b *tab) tabsTo(selector string) {
	b.t.Helper()
	const most = 200
	ask[bool](b, `() => { document.activeElement?.blur(); scrollTo(0, 0); return true; }`)
	for range most {
		step(b, "press Tab", chromedp.KeyEvent(kb.Tab))
		stop := ask[struct{ Fault, What string }](b, focused)
		if stop.Fault != "" {
			b.t.Errorf("on %s %s when it has the focus: %s", b.address(), stop.Fault, stop.What)
		}
		if ask[bool](b, `(selector) => document.activeElement?.matches(selector) ?? false`, selector) {
			return
		}
	}
	b.t.Fatalf("%s on %s is not reached by %d times Tab", selector, b.address(), most)
}

// focused tells what is wrong with what has the focus: it must have a ring, and no
// bar may lie over it (WCAG 2.2, 2.4.7 and 2.4.11).
const focused = `() => {
	const e = document.activeElement, box = e.getBoundingClientRect();
	const told = (Fault) => ({ Fault, What: e.outerHTML.slice(0, 160) });
	if (e === document.body) return { Fault: "", What: "" };
	const ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
	// A link over a whole row wears its ring on the row's own box.
	if (!ringed(getComputedStyle(e)) && !ringed(getComputedStyle(e, "::after"))) return told("there is no ring");
	const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth), top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
	if (right <= left || bottom <= top) return told("it is out of sight");
	const seen = [0.5, 0.2, 0.8].some((part) => {
		const above = document.elementFromPoint(left + (right - left) / 2, top + (bottom - top) * part);
		return above && (e.contains(above) || above.contains(e) || above.closest("label")?.control === e);
	});
	return seen ? { Fault: "", What: "" } : told("it is covered");
}`

// enters reaches it by Tab, presses Enter, and waits for the page that follows.
func (b *tab) enters(selector string) {
	b.t.Helper()
	b.tabsTo(selector)
	if status := b.follow("press Enter on "+selector, chromedp.KeyEvent(kb.Enter)); status != 200 {
		b.t.Fatalf("Enter on %s was answered with %d:\n%s", selector, status, b.words())
	}
}

// view is one page as one person sees it.
type view struct{ who, name, path string }

// everyPage looks at all pages, for everybody who has them, several people at the
// same time.
func everyPage(t *testing.T, w *town) {
	d := w.displayed(t)
	seen := map[string][]view{}
	for _, v := range d.views() {
		seen[v.who] = append(seen[v.who], v)
	}
	for who, views := range seen {
		beside(t, w, who, func(t *testing.T, w *town) {
			b := w.as(t, who)
			for _, v := range views {
				if status := b.visit(v.path); status != 200 {
					t.Errorf("%s for %s: status %d\n%s", v.path, v.who, status, b.words())
					continue
				}
				b.inspect(v.name)
			}
		})
	}
	beside(t, w, "nobody", func(t *testing.T, w *town) {
		stranger := w.window(t, "stranger")
		for _, v := range []view{{"", "sign-in", "/sign-in"}, {"", "activate", "/activate"}} {
			stranger.open(v.path)
			stranger.inspect(v.name)
		}
	})
	beside(t, w, "what is refused", func(t *testing.T, w *town) {
		b := w.as(t, finance.specialist)
		if status := b.visit("/khong-co"); status != 404 {
			t.Errorf("a page that is not there: status %d", status)
		}
		b.inspect("error-404")
		if status := b.visit("/admin/accounts"); status != 403 {
			t.Errorf("the accounts for a specialist: status %d", status)
		}
		b.inspect("error-403")
	})
}

// TestSamples looks at the pages of the register that no journey has shown (what
// follows a form, a refusal, a race) as their samples: none is left out.
func TestSamples(t *testing.T) {
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", templates.Static())
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w := &town{Stack: &stack.Stack{Web: server.URL}, browser: chromium(t)}
	sampled := map[string]bool{}
	var left []samples.Sample
	for _, sample := range samples.All() {
		if _, done := shown.Load(sample.Page); done {
			continue
		}
		sampled[sample.Page] = true
		left = append(left, sample)
		mux.HandleFunc("/sample/"+sample.Name, func(out http.ResponseWriter, _ *http.Request) {
			if err := pages.Render(out, sample.Page, sample.View); err != nil {
				t.Errorf("sample %s: %v", sample.Name, err)
			}
		})
	}
	for third := range 3 {
		t.Run(fmt.Sprintf("third %d", third+1), func(t *testing.T) {
			t.Parallel()
			own := w.forJourney(t)
			b := own.window(t, "samples")
			for i := third; i < len(left); i += 3 {
				name := left[i].Name
				t.Run(name, func(t *testing.T) {
					b.t = t
					b.open("/sample/" + name)
					b.inspect("sample-" + name)
					own.quiet(t)
				})
			}
		})
	}
	for _, name := range templates.Names() {
		if _, done := shown.Load(name); !done && !sampled[name] {
			t.Errorf("there is no picture of page %s: give it a line in views, or a sample", name)
		}
	}
}

// byKeyboard walks a report from the page of tasks to its confirmation with the
// Tab and Enter keys, and Space for the box that a director ticks.
func byKeyboard(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo làm bằng bàn phím", soon(), health.unit) + "-" + health.unit
	w.fill(t, id, health.specialist)
	row := fmt.Sprintf("main .inbox-row[href*=%q]", id)
	b := w.as(t, health.specialist)
	b.open("/tasks")
	b.enters(row)
	b.enters(".action-bar .button-primary") // to the check
	b.enters("main form .button-primary")   // submits
	b.sees("Đã trình trưởng phòng")

	b = w.as(t, health.head)
	b.open("/tasks")
	b.enters(row)
	b.enters(".action-bar .button-primary") // to the review
	b.enters("main form .button-primary")
	b.sees("Đã duyệt và trình ký số")

	b = w.as(t, health.director)
	b.open("/tasks")
	b.enters(row)
	b.enters(".action-bar .button-primary") // to the page that signs
	b.tabsTo(`[name="agree"]`)
	step(b, "tick", chromedp.KeyEvent(" "))
	b.tabsTo(`[name="password"]`)
	step(b, "type the password", chromedp.KeyEvent(keyPassword))
	b.enters("main form .button-primary")
	b.sees("Đã ký số")

	b = w.as(t, officer)
	b.open("/tasks?q=" + "Y+te")
	b.enters(row)
	b.enters(".action-bar .button-primary")
	b.enters("main form .button-primary")
	b.sees("Đã xác nhận")

	// Where people write, too.
	d := w.displayed(t)
	b = w.as(t, finance.specialist)
	for _, path := range []string{"/sections/I", "/figures/1", "/files"} {
		b.open("/documents/" + d.drafting + path)
		b.tabsTo("main form .button-primary")
	}
}
