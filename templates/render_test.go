package templates_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cchc/templates"
	"cchc/templates/samples"
)

// harmless are the forms whose repetition changes nothing, so that they need no
// idempotency key.
var harmless = []string{"/sign-in", "/sign-out", "/activate", "/theme", "/notices/read", "/notices/resend", "/documents/bc-2026q4-STC/copy", "/first-look", "/campaigns/kh-2027y/city-plan"}

// TestEveryPage renders each sample as a reader would get it and holds the
// markup to the rules of the package.
func TestEveryPage(t *testing.T) {
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, sample := range samples.All() {
		shown[sample.Page] = true
		t.Run(sample.Name, func(t *testing.T) {
			doc := render(t, pages, sample)
			checkNothingInline(t, doc)
			checkIDs(t, doc)
			checkFields(t, doc)
			checkForms(t, doc)
			checkHeadings(t, doc)
			checkAssets(t, doc)
			checkPrimary(t, doc)
			checkWorded(t, doc)
		})
	}
	for _, name := range templates.Names() {
		if !shown[name] {
			t.Errorf("page %s has no sample", name)
		}
	}
}

// checkWorded: what is wrong is said in a sentence, never by its code.
func checkWorded(t *testing.T, doc *html.Node) {
	t.Helper()
	for n := range doc.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "chưa hợp lệ (mã ") {
			t.Errorf("a rule has no sentence: %s", n.Data)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	if err := pages.Render(&bytes.Buffer{}, "tasks/list", templates.SignInPage{}); err == nil {
		t.Error("a page took another page's view")
	}
	if err := pages.Render(&bytes.Buffer{}, "tasks/nothing", templates.TasksPage{}); err == nil {
		t.Error("an unknown page was rendered")
	}
}

// TestEscaping puts markup into what people type; none may arrive as markup.
func TestEscaping(t *testing.T) {
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	evil := `"><script>alert(1)</script>`
	view := templates.SignInPage{Shell: templates.Shell{Title: evil, Path: evil}, Username: evil, Return: evil,
		Note: &templates.Note{Tone: templates.ToneInfo, Bold: evil, Text: evil}}
	if err := pages.Render(&page, "session/sign-in", view); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>alert") {
		t.Error("typed markup reached the page")
	}
}

func render(t *testing.T, pages *templates.Templates, sample samples.Sample) *html.Node {
	t.Helper()
	var page bytes.Buffer
	if err := pages.Render(&page, sample.Page, sample.View); err != nil {
		t.Fatal(err)
	}
	if text := page.String(); strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "%!") || strings.Contains(text, "<no value>") {
		t.Errorf("unsafe or unformatted value in the page")
	}
	doc, err := html.Parse(&page)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func checkNothingInline(t *testing.T, doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" {
			t.Errorf("inline <%s>", n.Data)
		}
		for _, a := range n.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(a.Val), "javascript:") {
				t.Errorf("inline %s on <%s>", a.Key, n.Data)
			}
		}
	}
}

func checkIDs(t *testing.T, doc *html.Node) {
	ids := map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("id %q occurs twice", id)
			}
			ids[id] = true
		}
	}
	for n := range doc.Descendants() {
		refs := strings.Fields(attr(n, "aria-describedby") + " " + attr(n, "aria-labelledby") + " " + attr(n, "for"))
		if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") {
			refs = append(refs, href[1:])
		}
		for _, ref := range refs {
			if !ids[ref] {
				t.Errorf("<%s> points to id %q, which is not there", n.Data, ref)
			}
		}
	}
}

func checkFields(t *testing.T, doc *html.Node) {
	labelled := map[string]bool{}
	for n := range doc.Descendants() {
		if n.Data == "label" {
			labelled[attr(n, "for")] = true
		}
	}
	for n := range doc.Descendants() {
		isField := n.Data == "select" || n.Data == "textarea" || n.Data == "input" && attr(n, "type") != "hidden"
		if !isField || attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != "" {
			continue
		}
		if !labelled[attr(n, "id")] && !inside(n, "label") {
			t.Errorf("field %q has no label", attr(n, "name"))
		}
	}
	for n := range doc.Descendants() {
		if (n.Data == "a" || n.Data == "button") && strings.TrimSpace(text(n)) == "" && attr(n, "aria-label") == "" {
			t.Errorf("<%s> to %q says nothing", n.Data, attr(n, "href"))
		}
	}
}

func checkForms(t *testing.T, doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Data != "form" || attr(n, "method") != "post" {
			continue
		}
		if action := attr(n, "action"); !strings.HasPrefix(action, "/") {
			t.Errorf("form posts to %q", action)
		}
		if slices.Contains(harmless, attr(n, "action")) || field(n, "base_version") != nil || attr(n, "data-autosave") != "" || based(n) {
			continue // saving drafts is guarded by the base version, of each figure or task its own
		}
		if key := field(n, "key"); key == nil || attr(key, "value") == "" {
			t.Errorf("form to %s has no key", attr(n, "action"))
		}
	}
}

// based tells whether the form carries base versions of single cells or rows.
func based(form *html.Node) bool {
	for n := range form.Descendants() {
		if n.Data == "input" && strings.HasPrefix(attr(n, "name"), "base.") {
			return true
		}
	}
	return false
}

func checkHeadings(t *testing.T, doc *html.Node) {
	count, last := 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode || len(n.Data) != 2 || n.Data[0] != 'h' || n.Data[1] < '1' || n.Data[1] > '6' {
			continue
		}
		level := int(n.Data[1] - '0')
		if level == 1 {
			count++
		}
		if level > last+1 && last > 0 {
			t.Errorf("heading %q jumps from level %d to %d", text(n), last, level)
		}
		last = level
	}
	if count != 1 {
		t.Errorf("%d h1 on the page, want one", count)
	}
}

// checkAssets asks the static handler's file list for whatever the page uses.
func checkAssets(t *testing.T, doc *html.Node) {
	icons := spriteIcons(t)
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			if !strings.HasPrefix(a.Val, "/static/") || a.Key == "action" {
				continue
			}
			file, fragment, _ := strings.Cut(a.Val, "#")
			if status, _ := fetch(file); status != 200 {
				t.Errorf("%s answers %d", file, status)
			}
			if fragment != "" && !icons[fragment] {
				t.Errorf("icon %s is not in the sprite: add it to assets/icons.txt", fragment)
			}
		}
		if n.Type == html.ElementNode && n.Data != "a" && (strings.HasPrefix(attr(n, "src"), "http") || strings.HasPrefix(attr(n, "href"), "http")) {
			t.Errorf("<%s> fetches from elsewhere", n.Data)
		}
	}
}

func checkPrimary(t *testing.T, doc *html.Node) {
	count := 0
	for n := range doc.Descendants() {
		if slices.Contains(strings.Fields(attr(n, "class")), "button-primary") {
			count++
		}
	}
	if count > 1 {
		t.Errorf("%d primary buttons, want at most one", count)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func inside(n *html.Node, tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == tag {
			return true
		}
	}
	return false
}

func field(form *html.Node, name string) *html.Node {
	for n := range form.Descendants() {
		if n.Data == "input" && attr(n, "name") == name {
			return n
		}
	}
	return nil
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}
