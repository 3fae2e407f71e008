package compiled

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"strings"
	"sync"
	"text/template/parse"
)

// An escaping is a place where a value may stand, known by the escapers that
// html/template puts there. Values that need care are shown by html/template
// itself, in a page that has nothing but such a place.
type escaping struct {
	page          *template.Template
	before, after string // what stands around the value in that page
	markup        bool   // values known to be HTML are written as they are
	// plain writes a text the quick way; false: it needs care, and nothing was written.
	plain func(out []byte, text string) ([]byte, bool)
}

// places is every place that our pages have values in. The escapers are not
// named here: html/template is asked which they are.
var places = []struct {
	before, after string
	markup        bool
	plain         func([]byte, string) ([]byte, bool)
}{
	{"", "", true, plainText},
	{`<p title="`, `">`, false, plainText},
	{`<title>`, `</title>`, false, plainText},
	{`<a href="`, `">`, false, plainAddress},
	{`<a href="/`, `">`, false, plainAddress},
	{`<a href="/?q=`, `">`, false, plainWord},
}

// escapings are the places by their escapers' names.
var escapings = sync.OnceValues(func() (map[string]escaping, error) {
	known := map[string]escaping{}
	for _, place := range places {
		page, err := template.New("place").Parse(place.before + "{{.}}" + place.after)
		if err != nil {
			return nil, fmt.Errorf("escapings: %w", err)
		}
		if err := page.Execute(io.Discard, ""); err != nil {
			return nil, fmt.Errorf("escapings: %w", err)
		}
		for _, node := range page.Tree.Root.Nodes {
			if action, ok := node.(*parse.ActionNode); ok {
				known[escapersOf(action.Pipe.Cmds)] = escaping{page, place.before, place.after, place.markup, place.plain}
			}
		}
	}
	return known, nil
})

// escaperPrefix begins the names of html/template's own functions.
const escaperPrefix = "_html_template_"

// isEscaper tells whether a command is one that html/template has added.
func isEscaper(command *parse.CommandNode) bool {
	name, ok := command.Args[0].(*parse.IdentifierNode)
	return ok && len(command.Args) == 1 && strings.HasPrefix(name.Ident, escaperPrefix)
}

func escapersOf(commands []*parse.CommandNode) string {
	var names []string
	for _, command := range commands {
		if isEscaper(command) {
			names = append(names, command.Args[0].String())
		}
	}
	return strings.Join(names, " ")
}

// careful has html/template write a value.
func (e escaping) careful(out []byte, value any) []byte {
	var b bytes.Buffer
	if err := e.page.Execute(&b, value); err != nil {
		panic(failure{err})
	}
	return append(out, b.Bytes()[len(e.before):b.Len()-len(e.after)]...)
}

// text writes a text.
func (e escaping) text(out []byte, text string) []byte {
	if written, ok := e.plain(out, text); ok {
		return written
	}
	return e.careful(out, text)
}

var (
	htmlType     = reflect.TypeFor[template.HTML]()
	stringerType = reflect.TypeFor[fmt.Stringer]()
	errorType    = reflect.TypeFor[error]()
)

// typed are the strings that html/template does not take for plain text.
var typed = map[reflect.Type]bool{
	htmlType: true, reflect.TypeFor[template.CSS](): true, reflect.TypeFor[template.HTMLAttr](): true,
	reflect.TypeFor[template.JS](): true, reflect.TypeFor[template.JSStr](): true,
	reflect.TypeFor[template.URL](): true, reflect.TypeFor[template.Srcset](): true,
}

// isPlain tells whether values of the type are shown as they are, by no method
// of theirs.
func isPlain(t reflect.Type) bool {
	return !typed[t] && !t.Implements(stringerType) && !t.Implements(errorType)
}

// plainText writes a text with the signs of HTML as html/template writes them.
// All that needs care is the character that no page may hold.
func plainText(out []byte, text string) ([]byte, bool) {
	begun, from := len(out), 0
	for i := range len(text) {
		sign := ""
		switch text[i] {
		case '"':
			sign = "&#34;"
		case '&':
			sign = "&amp;"
		case '\'':
			sign = "&#39;"
		case '+':
			sign = "&#43;"
		case '<':
			sign = "&lt;"
		case '>':
			sign = "&gt;"
		case 0:
			return out[:begun], false
		default:
			continue
		}
		out = append(append(out, text[from:i]...), sign...)
		from = i + 1
	}
	return append(out, text[from:]...), true
}

// plainAddress writes an address of our own: what may name another protocol, and
// what would have to be encoded, needs care.
func plainAddress(out []byte, text string) ([]byte, bool) {
	begun, from := len(out), 0
	for i := range len(text) {
		c := text[i]
		switch {
		case letterOrDigit(c) || strings.IndexByte("/?=#-._~", c) >= 0:
		case c == '%' && i+2 < len(text) && hex(text[i+1]) && hex(text[i+2]):
		case c == '&':
			out = append(append(out, text[from:i]...), "&amp;"...)
			from = i + 1
		default:
			return out[:begun], false
		}
	}
	return append(out, text[from:]...), true
}

// plainWord writes a part of a query that is letters and digits.
func plainWord(out []byte, text string) ([]byte, bool) {
	for i := range len(text) {
		if c := text[i]; !letterOrDigit(c) && c != '-' && c != '.' && c != '_' {
			return out, false
		}
	}
	return append(out, text...), true
}

func letterOrDigit(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func hex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' }
