package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"cchc/e2e/stack"
)

// patience is how long one step of a person may take. The machine of a test is
// small and busy; a person would be long gone.
const patience = 2 * time.Minute

// A tab is one person's browser, with their own cookies, in one test. Every
// method ends the test when the step cannot be done as a person would do it.
type tab struct {
	t          testing.TB
	web        string
	ctx        context.Context
	scriptless bool
}

// step runs one thing within patience.
func step[T any](b *tab, what string, do chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, do)
	if err != nil {
		b.t.Fatalf("%s: %v\non %s:\n%s", what, err, b.address(), b.words())
	}
	return result
}

// address and words describe where the tab is, for messages: they never fail.
func (b *tab) address() string {
	return quietly(b, `location.pathname + location.search`)
}

func (b *tab) words() string {
	return quietly(b, `(document.querySelector("main") ?? document.body).innerText`)
}

func quietly(b *tab, expression string) string {
	ctx, cancel := context.WithTimeout(b.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](expression))
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return text
}

// ask evaluates a function with its arguments in the page.
func ask[T any](b *tab, function string, args ...any) T {
	b.t.Helper()
	return step(b, "ask the page", chromedp.Evaluate[T](call(function, args...), chromedp.EvalAwaitPromise))
}

func call(function string, args ...any) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		text, err := json.Marshal(arg)
		if err != nil {
			panic(err)
		}
		quoted[i] = string(text)
	}
	return fmt.Sprintf("(%s)(%s)", function, strings.Join(quoted, ", "))
}

// visit opens an address of the system and returns the status of the answer.
func (b *tab) visit(path string) int64 {
	b.t.Helper()
	answer := step(b, "open "+path, chromedp.NavigateResponse(b.web+path))
	if answer == nil {
		b.t.Fatalf("open %s: no answer", path)
	}
	return answer.Status
}

// open visits a page that must be in order.
func (b *tab) open(path string) {
	b.t.Helper()
	if status := b.visit(path); status != 200 {
		b.t.Fatalf("open %s: status %d\n%s", path, status, b.words())
	}
}

// point is where a click goes.
type point struct {
	X, Y    float64
	Covered string // what lies above it there; empty: nothing
}

// byLabel finds what a person would press: a link, button, choice or fold by the
// words that are seen on it.
const byLabel = `(label) => {
	const words = (e) => (e.getAttribute("aria-label") ?? e.innerText).replace(/\s+/g, " ").trim();
	const all = [...document.querySelectorAll("a, button, summary, label, input[type=submit]")]
		.filter((e) => e.checkVisibility({ visibilityProperty: true }));
	const inMain = all.filter((e) => e.closest("main"));
	const found = [...inMain, ...all].find((e) => words(e) === label) ?? [...inMain, ...all].find((e) => words(e).startsWith(label));
	return (` + place + `)(found);
}`

// bySelector finds an element that is seen.
const bySelector = `(selector) => (` + place + `)([...document.querySelectorAll(selector)].find((e) => e.checkVisibility({ visibilityProperty: true })))`

// place brings an element into view and tells where its middle is, or null.
const place = `(e) => {
	if (!e) return null;
	e.scrollIntoView({ block: "center", behavior: "instant" });
	const box = e.getClientRects()[0];
	const at = { X: box.x + box.width / 2, Y: box.y + box.height / 2, Covered: "" };
	const top = document.elementFromPoint(at.X, at.Y);
	if (top && !e.contains(top) && !top.contains(e)) at.Covered = top.outerHTML.slice(0, 200);
	return at;
}`

// find waits until what a person would press is there, stands still and lies under
// nothing: what is saved, who is here and what is news moves the page as it comes.
func (b *tab) find(function, what string) point {
	b.t.Helper()
	var before *point
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		at := ask[*point](b, function, what)
		still := at != nil && before != nil && *at == *before
		before = at
		switch {
		case still && at.Covered == "":
			return *at
		case time.Now().Before(deadline):
		case at != nil:
			b.t.Fatalf("%q does not stand still or lies under %q\non %s", what, at.Covered, b.address())
		default:
			b.t.Fatalf("there is no %q on %s:\n%s", what, b.address(), b.words())
		}
	}
}

// tap clicks on what bears the label, and stays on the page.
func (b *tab) tap(label string) {
	b.t.Helper()
	at := b.find(byLabel, label)
	step(b, "tap "+label, chromedp.MouseClickXY(at.X, at.Y))
}

// tapOn clicks on the first element that is seen.
func (b *tab) tapOn(selector string) {
	b.t.Helper()
	at := b.find(bySelector, selector)
	step(b, "tap "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

// press clicks on what bears the label, waits for the page that follows, and
// returns its status.
func (b *tab) press(label string) int64 {
	b.t.Helper()
	at := b.find(byLabel, label)
	return b.follow("press "+label, chromedp.MouseClickXY(at.X, at.Y))
}

// follow does something that leads to another page.
func (b *tab) follow(what string, do chromedp.Action[chromedp.Void]) int64 {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	answer, err := chromedp.RunResponse(ctx, do)
	if err != nil || answer == nil {
		b.t.Fatalf("%s: no page followed: %v\non %s:\n%s", what, err, b.address(), b.words())
	}
	return answer.Status
}

// pressed is press where the page that follows must be in order.
func (b *tab) pressed(label string) {
	b.t.Helper()
	if status := b.press(label); status != 200 {
		b.t.Fatalf("press %q: status %d on %s:\n%s", label, status, b.address(), b.words())
	}
}

// write types into the field of that name, over what stood there, as an input
// method does: into its editor, where it has one.
func (b *tab) write(field, text string) {
	b.t.Helper()
	const enter = `(name, scripts) => {
		const field = document.querySelector('[name="' + name + '"]');
		if (!field) return false;
		const editor = document.getElementById(field.id + "-editor");
		if (scripts && field.matches("[data-editor]") && !editor) return false; // it is on its way
		if (editor && field.hidden) {
			editor.focus();
			return document.activeElement === editor;
		}
		field.focus({ preventScroll: false });
		field.select();
		return document.activeElement === field;
	}`
	b.until("there is a field "+field+" to write into", func() bool { return ask[bool](b, enter, field, !b.scriptless) })
	if text == "" {
		step(b, "empty "+field, chromedp.KeyEvent("\b"))
		return
	}
	if !ask[bool](b, `() => document.activeElement.isContentEditable`) {
		b.insert(text)
		return
	}
	b.key("a", 'A', control)
	for i, paragraph := range strings.FieldsFunc(text, func(letter rune) bool { return letter == '\n' }) {
		if i > 0 {
			b.key("Enter", '\r', 0)
		}
		b.insert(paragraph)
	}
}

// control is the Ctrl key, held while another is pressed.
const control = 2

// key presses a key of that name and code. As on a keyboard, a page that takes the
// key for itself keeps it from typing.
func (b *tab) key(name string, code int64, modifiers int64) {
	b.t.Helper()
	press := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: name, WindowsVirtualKeyCode: code, Modifiers: modifiers}
	if code == '\r' {
		press.Text = "\r"
	}
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		press.Type = kind
		if kind == input.DispatchKeyEventTypeKeyUp {
			press.Text = ""
		}
		if _, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, press); err != nil {
			b.t.Fatalf("press %s: %v", name, err)
		}
	}
}

// insert brings letters to where the cursor is, as an input method does. A browser
// drops what comes while the window has no focus, without a word: it is brought again.
func (b *tab) insert(text string) {
	b.t.Helper()
	before := ask[string](b, cursor)
	b.until(fmt.Sprintf("%q arrives at the cursor", text), func() bool {
		if _, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}); err != nil {
			b.t.Fatalf("write %q: %v", text, err)
		}
		return ask[string](b, cursor) != before
	})
}

// cursor is what stands where the cursor is, and where in it.
const cursor = `() => {
	const e = document.activeElement, mark = getSelection();
	return e.isContentEditable ? [e.innerHTML, mark.isCollapsed, mark.anchorOffset].join(" ") : [e.value, e.selectionStart, e.selectionEnd].join(" ");
}`

// value is what stands in a field.
func (b *tab) value(field string) string {
	b.t.Helper()
	return ask[string](b, `(name) => document.querySelector('[name="' + name + '"]')?.value ?? "(no such field)"`, field)
}

// sees waits until the page's main part says the words.
func (b *tab) sees(words ...string) {
	b.t.Helper()
	for _, want := range words {
		b.until("the page says "+want, func() bool { return strings.Contains(squeeze(b.words()), squeeze(want)) })
	}
}

// seesNot tells that the words are not on the page that is there now.
func (b *tab) seesNot(words string) {
	b.t.Helper()
	if strings.Contains(squeeze(b.words()), squeeze(words)) {
		b.t.Fatalf("%s says %q:\n%s", b.address(), words, b.words())
	}
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

func (b *tab) until(what string, holds func() bool) {
	b.t.Helper()
	b.within(patience, what, holds)
}

// within is until for what the product promises to be quicker, or may take longer.
func (b *tab) within(patience time.Duration, what string, holds func() bool) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.t.Fatalf("not within %v: %s\non %s:\n%s", patience, what, b.address(), b.words())
		}
	}
}

// counts is how many elements match.
func (b *tab) counts(selector string) int {
	b.t.Helper()
	return ask[int](b, `(selector) => document.querySelectorAll(selector).length`, selector)
}

// wide sets the window's width in CSS pixels.
func (b *tab) wide(width int64) {
	b.t.Helper()
	height := int64(900)
	if width < 700 {
		height = 844
	}
	step(b, "resize", chromedp.EmulateViewport(width, height))
}

// look is how a page is shown.
type look struct{ medium, colours string }

var (
	light = look{"screen", "light"}
	dark  = look{"screen", "dark"}
	paper = look{"print", "light"}
)

// media asks for the dark or the light colours, as the machine's setting does, or
// for what would be printed. Motion is reduced, so that no colour is looked at on
// its way to another.
func (b *tab) media(l look) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: l.medium,
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.colours}, {Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	if err != nil {
		b.t.Fatalf("set colours: %v", err)
	}
}

// scripts turns the page's own scripts on or off, from the next page on.
func (b *tab) scripts(on bool) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		b.t.Fatalf("set scripts: %v", err)
	}
	b.scriptless = !on
}

// picture keeps the whole page as out/screenshots/<name>.png.
func (b *tab) picture(name string) {
	b.t.Helper()
	width := ask[int64](b, `() => innerWidth`)
	b.grow(width)
	b.keep(name)
	b.wide(width)
}

// grow makes the window as high as the page, so that what sticks to the window's
// edge is at the page's end.
func (b *tab) grow(width int64) {
	b.t.Helper()
	height := ask[int64](b, `() => Math.max(innerHeight, document.documentElement.scrollHeight)`)
	step(b, "grow", chromedp.EmulateViewport(width, height))
}

// pictures tells that pictures are wanted: nothing is asserted about them, and they
// take more of a machine than all that is.
var pictures = os.Getenv("CCHC_PICTURES") != ""

// keep keeps what the window shows as out/screenshots/<name>.png, if pictures are
// wanted, packed for speed: packing takes longer than drawing.
func (b *tab) keep(name string) {
	b.t.Helper()
	if !pictures {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	fast := true
	taken, err := chromedp.Call(ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: &fast})
	if err != nil {
		b.t.Fatalf("take a picture of %s: %v", b.address(), err)
	}
	keepFile(b.t, name+".png", taken.Data)
}

// keepFile writes out/screenshots/<name>, if pictures are wanted.
func keepFile(t testing.TB, name string, data []byte) {
	t.Helper()
	if !pictures {
		return
	}
	folder := filepath.Join(stack.Root(), "out", "screenshots")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// bytesOf fetches a file with this person's session, as their browser would save
// it, and its media type.
func (b *tab) bytesOf(path string) (data []byte, kind string) {
	b.t.Helper()
	const load = `async (path) => {
		const answer = await fetch(path);
		const bytes = new Uint8Array(await answer.arrayBuffer());
		let text = "";
		for (const byte of bytes) text += String.fromCharCode(byte);
		return { Status: answer.status, Kind: answer.headers.get("content-type"), Base64: btoa(text) };
	}`
	file := ask[struct {
		Status int
		Kind   string
		Base64 []byte
	}](b, load, path)
	if file.Status != 200 {
		b.t.Fatalf("%s: status %d", path, file.Status)
	}
	return file.Base64, file.Kind
}

// href is where the link with these words leads.
func (b *tab) href(label string) string {
	b.t.Helper()
	const find = `(label) => [...document.querySelectorAll("main a")].find((e) => e.innerText.includes(label))?.getAttribute("href") ?? ""`
	path := ask[string](b, find, label)
	if path == "" {
		b.t.Fatalf("no link %q on %s:\n%s", label, b.address(), b.words())
	}
	return path
}

// exceptionText is what a page's script said as it failed.
func exceptionText(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}
