package compiled_test

import (
	"bytes"
	"errors"
	"html/template"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"cchc/templates/compiled"
)

type view struct {
	Text    string
	Word    named
	Marked  template.HTML
	Safe    template.URL
	Said    spoken
	Number  int
	Yes     bool
	At      time.Time
	Pointer *int
	Inner   inner
	Link    *inner
	None    *inner
	Rows    []inner
	Tree    []branch
	inner   // promotes Own
}

type named string

type spoken int

func (s spoken) String() string { return "<spoken>" }

type inner struct {
	Name string
	Own  string
}

// Of is a method of the value, At one of its address.
func (i inner) Of(n int) string { return strings.Repeat(i.Name, n) }
func (i *inner) Loud() string   { return strings.ToUpper(i.Name) }

type branch struct {
	Name string
	Tree []branch
}

var funcs = template.FuncMap{
	"double": func(s string) string { return s + s },
	"bold":   func(s string) (template.HTML, error) { return template.HTML("<b>" + s + "</b>"), nil },
	"plus":   func(n int) int { return n + 1 },
	"day":    func(t time.Time) string { return t.Format("2006-01-02") },
	"join":   func(parts ...any) int { return len(parts) },
	"make":   func(n named) inner { return inner{Name: string(n)} },
	"broken": func(string) (string, error) { return "", errors.New("broken") },
}

func sample(text string) view {
	five := 5
	return view{
		Text: text, Word: named(text), Marked: "<i>" + "&amp;</i>", Safe: "/safe?a=b c", Said: 3, Number: -1200, Yes: true,
		At: time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC), Pointer: &five, Inner: inner{Name: text}, Link: &inner{Name: text},
		Rows: []inner{{Name: "first"}, {Name: text}}, inner: inner{Own: text},
		Tree: []branch{{Name: "a", Tree: []branch{{Name: "b"}, {Name: text, Tree: []branch{{Name: "c"}}}}}},
	}
}

// pages use everything that is known.
var pages = map[string]string{
	"every place":          `<p class="{{.Text}}" title='{{.Word}}'>{{.Text}} <a href="{{.Text}}">a</a><a href="/{{.Text}}">b</a><a href="/?q={{.Text}}">c</a><textarea>{{.Text}}</textarea>`,
	"every type":           `{{.Marked}}{{.Said}}{{.Number}}{{.Yes}}{{.Pointer}}<p title="{{.Marked}}{{.Said}}{{.Number}}{{.Yes}}{{.Pointer}}"><a href="{{.Safe}}{{.Number}}">{{.At}}</a>`,
	"fields and methods":   `{{.Inner.Name}}{{.Link.Name}}{{.Own}}{{.Inner.Of 2}}{{.Link.Loud}}{{$.Text}}{{(make .Word).Of 1}}{{(index .Rows 1).Name}}`,
	"functions":            `{{double .Text}}{{double "x"}}{{bold .Text}}{{plus .Number}}{{day .At}}{{join 1 .Text true .Rows}}{{print .Text 1}}{{printf "%d" .Number}}{{(make .Word).Name}}{{len .Rows}}`,
	"choices":              `{{if .Text}}t{{else}}f{{end}}{{if and .Yes .Text}}a{{end}}{{if or .None .Rows .Number}}o{{end}}{{if not .None}}n{{end}}{{if eq .Text "<"}}e{{else if ne .Number 3}}ne{{end}}{{if lt .Number 0}}l{{end}}{{if ge .Number 0}}g{{end}}{{if eq .Yes true}}y{{end}}{{or .Text "none"}}`,
	"with":                 `{{with .Link}}{{.Name}}{{$.Text}}{{else}}none{{end}}{{with .None}}{{.Name}}{{else}}{{.Text}}{{end}}{{with $x := .Inner}}{{$x.Name}}{{.Name}}{{end}}{{if $n := .Number}}{{$n}}{{end}}`,
	"range":                `{{range .Rows}}{{.Name}}{{$.Text}}{{else}}none{{end}}{{range $i, $row := .Rows}}{{$i}}{{$row.Name}}{{end}}{{range $row := .Rows}}{{$row.Name}}{{end}}{{$all := .Rows}}{{range .Tree}}{{len $all}}{{end}}`,
	"called in places":     `{{define "name"}}{{$own := .Name}}{{$own}}{{end}}{{$own := .Text}}<p title="{{template "name" .Inner}}">{{template "name" .Link}}<a href="/x?{{template "name" .Inner}}">{{$own}}</a>`,
	"called without a dot": `{{define "sign"}}<b>+</b>{{end}}{{template "sign"}}<p title="{{template "text"}}">{{define "text"}}sign{{end}}`,
	"calls itself":         `{{define "tree"}}<ul>{{range .}}<li>{{.Name}}{{with .Tree}}{{template "tree" .}}{{end}}</li>{{end}}</ul>{{end}}{{template "tree" .Tree}}`,
}

func parse(t *testing.T, text string) *template.Template {
	t.Helper()
	set, err := template.New("page").Funcs(funcs).Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// TestLikeHTMLTemplate holds every page to what html/template makes of it, with
// texts that need all kinds of care.
func TestLikeHTMLTemplate(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	texts := []string{"", "<", "plain", "/documents/x?a=1&b=%20#c", "javascript:alert(1)", "mailto:a@b", "//host", "a b", "%", "%zz", "%2",
		`"><script>alert(1)</script>`, "tiếng Việt", "a+b='c'", "\x00", "\xff\xfe", "ﷺ\uFFFE", "a:b", "/a:b", "{{.}}", "`", "=", "~", "(x)"}
	for range 300 {
		letters := make([]rune, random.IntN(12))
		for i := range letters {
			letters[i] = []rune(`ab/?=&%#:+<>"'` + "`\x00 đ~-.2fF;,@![]")[random.IntN(30)]
		}
		texts = append(texts, string(letters))
	}
	for name, text := range pages {
		page, err := compiled.Compile(parse(t, text), "page", reflect.TypeFor[view](), funcs)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		plain := parse(t, text)
		for _, one := range texts {
			var got, want bytes.Buffer
			if err := page.Execute(&got, sample(one)); err != nil {
				t.Fatalf("%s of %q: %v", name, one, err)
			}
			if err := plain.Execute(&want, sample(one)); err != nil {
				t.Fatalf("%s of %q: %v", name, one, err)
			}
			if got.String() != want.String() {
				t.Fatalf("%s of %q:\n%s\nwant\n%s", name, one, &got, &want)
			}
		}
	}
}

// TestFails: what goes wrong while a page is shown is an error, and nothing of it
// is written.
func TestFails(t *testing.T) {
	for _, text := range []string{`begun {{.None.Name}}`, `begun {{broken .Text}}`, `begun {{(index .Rows 7).Name}}`} {
		page, err := compiled.Compile(parse(t, text), "page", reflect.TypeFor[view](), funcs)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := page.Execute(&out, sample("x")); err == nil || out.Len() > 0 {
			t.Errorf("%s: %v, %q", text, err, out.String())
		}
		if err := page.Execute(&out, 7); err == nil {
			t.Error("a page took another view")
		}
	}
}

// TestRefuses: what is not known is said before anything is shown, and the set is
// still good for html/template.
func TestRefuses(t *testing.T) {
	for _, text := range []string{
		`{{.Nothing}}`, `{{range .Number}}{{end}}`, `{{.Text | double}}`, `<script>{{.Text}}</script>`,
		`{{with or .None .Text}}{{.}}{{end}}`, `{{eq .Text .Number}}`, `{{double .Number}}`, `{{double "a" "b"}}`,
		`{{broken "x"}}`, `{{range .Rows}}{{break}}{{end}}`, `{{template "missing" .}}`, `<a href={{if .Text}}"{{end}}>`,
	} {
		set := parse(t, text)
		if _, err := compiled.Compile(set, "page", reflect.TypeFor[view](), funcs); err == nil {
			t.Errorf("%s was compiled", text)
		}
	}
	set := parse(t, `{{.Text | double}}`)
	_, _ = compiled.Compile(set, "page", reflect.TypeFor[view](), funcs)
	var out bytes.Buffer
	if err := set.Execute(&out, sample("<")); err != nil || out.String() != "&lt;&lt;" {
		t.Errorf("afterwards html/template shows %q, %v", out.String(), err)
	}
}
