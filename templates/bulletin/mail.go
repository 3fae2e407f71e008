package bulletin

import (
	"embed"
	"fmt"
	"strings"
	"text/template"
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

//go:embed *.txt
var letters embed.FS

var texts = template.Must(template.New("").Funcs(template.FuncMap{
	"moment": words.Moment, "instant": words.Instant,
}).ParseFS(letters, "*.txt"))

// Letter is a mail: subject and plain text.
type Letter struct{ Subject, Text string }

const prefix = "[CCHC] "

// ToUnit tells a unit's contact what a bulletin says.
func ToUnit(name string, b Bulletin, page string) (Letter, error) {
	return letter(prefix+b.Heading()+": "+b.Title, "unit.txt", struct {
		Name, Page string
		Bulletin
	}{line(name), page, b})
}

// Alarm is what operators and officers are told at once.
type Alarm struct {
	Name    string
	Outage  string // its id
	System  string // the address that was looked at
	Span    outage.Span
	Due     time.Time // when a notice is due; zero: never
	Noticed bool      // a notice has gone out
	Made    time.Time
}

// ToOperator tells that the software has stopped, or that it is usable again.
func ToOperator(a Alarm) (Letter, error) {
	a.Name = line(a.Name)
	if a.Span.Open() {
		return letter(prefix+"Phần mềm không truy cập được từ "+words.Moment(a.Span.From), "down.txt", a)
	}
	return letter(prefix+"Phần mềm đã truy cập được từ "+words.Moment(a.Span.To), "up.txt", a)
}

// Request asks an officer for a word.
type Request struct {
	Name    string
	Draft   Bulletin
	Span    outage.Span
	Due     time.Time
	Link    string // to the draft; "": there is none, only the command
	Expires time.Time
	Command string // what an operator types on the watcher's host instead
	Again   bool
}

// ToOfficer asks for approval of a draft.
func ToOfficer(r Request) (Letter, error) {
	r.Name = line(r.Name)
	subject := "Cần duyệt thông báo ngừng hoạt động của Phần mềm"
	if r.Again {
		subject = "Nhắc: " + strings.ToLower(subject[:1]) + subject[1:]
	}
	return letter(prefix+subject, "approve.txt", r)
}

// Trouble tells operators what the watcher itself cannot do.
type Trouble struct {
	Name, What string
	Made       time.Time
}

// ToMender asks operators to look after the watcher.
func ToMender(t Trouble) (Letter, error) {
	t.Name = line(t.Name)
	return letter(prefix+"Chương trình giám sát cần được kiểm tra", "trouble.txt", t)
}

func letter(subject, page string, value any) (Letter, error) {
	var out strings.Builder
	if err := texts.ExecuteTemplate(&out, page, value); err != nil {
		return Letter{}, fmt.Errorf("write mail: %w", err)
	}
	return Letter{Subject: line(subject), Text: out.String()}, nil
}

// line keeps data from breaking a header or the letter's layout.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
