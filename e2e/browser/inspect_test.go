package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cchc/e2e/stack"
)

// Widths in CSS pixels: an office screen, a phone, and the narrowest phone that
// pages promise to fit.
const (
	desk      = 1280
	phone     = 390
	narrowest = 360
)

// inspect looks at the page that is there as a reviewer would: at the desk and on
// a phone, in light and dark, with axe; and keeps pictures of it. The page itself
// is not left.
func (b *tab) inspect(name string) {
	b.t.Helper()
	for _, width := range []int64{desk, phone} {
		b.wide(width)
		b.axe(fmt.Sprintf("%s at %d px", name, width), wcag)
		b.picture(fmt.Sprintf("%s-%d", name, width))
		b.dark(true)
		b.axe(fmt.Sprintf("%s at %d px, dark", name, width), colours)
		if width == desk {
			b.picture(name + "-dark")
		}
		b.dark(false)
	}
	b.wide(narrowest)
	if wide := ask[int](b, `() => document.documentElement.scrollWidth`); wide > narrowest {
		b.t.Errorf("%s scrolls sideways at %d px: %d px wide, by %s", name, narrowest, wide, ask[string](b, widest))
	}
	b.wide(desk)
}

// widest names the elements that stick out of a narrow window.
const widest = `() => [...document.querySelectorAll("main *, header *, nav *")]
	.filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
	.slice(0, 5).map((e) => e.tagName + "." + e.className + " " + Math.round(e.getBoundingClientRect().right)).join("; ")`

var axeSource = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile(filepath.Join(stack.Root(), "e2e", "testdata", "axe", "axe.min.js"))
	return string(source), err
})

// What axe is asked: everything of WCAG 2.2 AA, or only what depends on colours.
var (
	wcag = map[string]any{
		"runOnly": map[string]any{"type": "tag", "values": []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"}},
		"rules":   map[string]any{"target-size": map[string]any{"enabled": true}},
	}
	colours = map[string]any{"runOnly": map[string]any{"type": "rule", "values": []string{"color-contrast", "link-in-text-block"}}}
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
// checks that it can be seen when it has the focus.
func (b *tab) tabsTo(selector string) {
	b.t.Helper()
	const most = 200
	ask[bool](b, `() => { document.activeElement?.blur(); scrollTo(0, 0); return true; }`)
	for range most {
		step(b, "press Tab", chromedp.KeyEvent(kb.Tab))
		if !ask[bool](b, `(selector) => document.activeElement?.matches(selector) ?? false`, selector) {
			continue
		}
		const shown = `() => {
			const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
			if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "has no ring";
			const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
			return top && (e.contains(top) || top.contains(e)) ? "" : "is hidden or covered";
		}`
		if fault := ask[string](b, shown); fault != "" {
			b.t.Errorf("%s on %s %s when it has the focus", selector, b.address(), fault)
		}
		return
	}
	b.t.Errorf("%s on %s is not reached by %d times Tab", selector, b.address(), most)
}

// view is one page as one person sees it.
type view struct{ who, name, path string }

// everyPage looks at all pages, for everybody who has them.
func everyPage(t *testing.T, w *town) {
	d := w.displayed(t)
	stranger := w.window(t, "stranger")
	for _, v := range []view{{"", "sign-in", "/sign-in"}, {"", "activate", "/activate"}} {
		stranger.open(v.path)
		stranger.inspect(v.name)
	}
	for _, v := range d.views() {
		b := w.as(t, v.who)
		if status := b.visit(v.path); status != 200 {
			t.Errorf("%s for %s: status %d\n%s", v.path, v.who, status, b.words())
			continue
		}
		b.inspect(v.name)
	}
	b := w.as(t, finance.specialist)
	if status := b.visit("/khong-co"); status != 404 {
		t.Errorf("a page that is not there: status %d", status)
	}
	b.inspect("error-404")
	if status := b.visit("/admin/accounts"); status != 403 {
		t.Errorf("the accounts for a specialist: status %d", status)
	}
	b.inspect("error-403")
}

// byKeyboard reaches the one thing to do on the main pages with the Tab key.
func byKeyboard(t *testing.T, w *town) {
	d := w.displayed(t)
	for _, one := range []struct{ who, path, what string }{
		{finance.specialist, "/tasks", "main .inbox-row"},
		{finance.specialist, "/documents/" + d.drafting, "main .button-primary"},
		{finance.specialist, "/documents/" + d.drafting + "/sections/I", "main .button-primary"},
		{finance.specialist, "/documents/" + d.drafting + "/figures/1", "main .button-primary"},
		{health.head, "/documents/" + d.reviewed + "/review", "main .button-primary"},
		{saigon.director, "/documents/" + d.signing + "/sign", "main .button-primary"},
		{officer, "/documents/" + d.handedIn + "/review", "main .button-primary"},
	} {
		b := w.as(t, one.who)
		b.open(one.path)
		b.tabsTo(one.what)
	}
}
