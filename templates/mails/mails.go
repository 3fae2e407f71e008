// Package mails writes what a person reads in a mail: subject and plain text.
//
// A mail names the campaign, the unit and the due, and links to the page; it
// carries nothing of a document's content, no reason, no name but the
// recipient's, and never a secret. What everybody may read, an announcement,
// stands in it whole. It knows no queue and no SMTP.
package mails

import (
	"embed"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"

	"cchc/domain/staff"
	"cchc/templates/words"
)

// Notice is one thing to tell.
type Notice struct {
	Kind     string // storage's notice kinds
	Role     staff.Role
	Document string // id; "": the link leads to the person's tasks
	Campaign string // its name
	Unit     string // name of the unit that reports
	Request  string // the document that asks for an ad hoc report; "": none
	Due      *time.Time
	Adjusts  int64 // the adjustment of the document that it is about; 0: none
	Outage   int64 // 0: none
	// Announced is the announcement that everybody may read; 0: none.
	Announced int64
	Body      []string // what it says besides, in paragraphs
	Attached  bool     // its print goes with the mail
	Site      string   // address of the authority's own site, where it also stands; "": nowhere
	// Appraisal is the document whose appraisal it is about, Appraises the campaign whose
	// self-assessments wait for the recipient's marks; "": none.
	Appraisal, Appraises string
	// Results is the campaign whose result is public, UnitCode the unit that it is told; "": none.
	Results, UnitCode string
}

// Message is what a mail is made from.
type Message struct {
	Name    string // the recipient's
	Notices []Notice
	Public  *url.URL // the address people use
}

// perGroup is how many documents a digest names under one head; the page has
// them all.
const perGroup = 20

// urgency is the order of a digest's groups.
var urgency = []string{
	"outage_notice", "outage_approval", "outage_returned", "outage_opened", "maintenance", "maintenance_off",
	"overdue", "due", "returned", "adjustment_returned", "reopened", "task_opened", "adjustment_waiting", "adjustment_reminder", "appraisal_late", "appraisal_explain_over", "appraisal_explain_late", "proposed", "plan_late", "reminder", "plan_coming", "appraisal_coming", "appraisal_explain_due", "appraisal_explain", "appraisal_second", "launched",
	"escalation", "adjustment_lies", "extension_asked", "extension_declined", "extended", "excused", "tasks_extended", "due_moved", "adjustment_in_force", "appraisal_explain_more", "appraisal_late_taken", "appraisal_late_refused", "appraisal_done", "index_corrected", "index_published", "exempted", "confirmed",
}

//go:embed *.txt
var files embed.FS

var texts = template.Must(template.New("").ParseFS(files, "*.txt"))

type entry struct {
	Subject string
	Due     string // "24:00 thứ Hai 15/06/2026"; "" where a due tells nothing
	Head    string
	Text    string // the sentence of a mail about this alone
	Body    []string
	Site    string
	URL     string
}

type group struct {
	Head    string
	Count   int
	Entries []entry
	More    int
}

type view struct {
	Name   string
	Count  int
	One    entry
	Groups []group
	All    string // the page with all notices
}

// Compose writes the mail: about one notice as a letter, about several as a
// digest by urgency.
func Compose(m Message) (subject, text string, err error) {
	v := view{Name: line(m.Name), Count: len(m.Notices), All: m.Public.JoinPath("notices").String()}
	page := "digest.txt"
	if len(m.Notices) == 1 {
		page = "single.txt"
		v.One = m.entry(m.Notices[0])
		subject = singleSubject(v.One)
	} else {
		v.Groups = m.groups()
		subject = digestSubject(v)
	}
	var out strings.Builder
	if err := texts.ExecuteTemplate(&out, page, v); err != nil {
		return "", "", fmt.Errorf("compose mail: %w", err)
	}
	return subject, out.String(), nil
}

func (m Message) entry(n Notice) entry {
	e := entry{
		Head:    words.NoticeHead(n.Kind, n.Role),
		Subject: line(words.NoticeSubject(n.Campaign, n.Unit)),
		Text:    sentence(n),
		URL:     m.Public.JoinPath("tasks").String(),
	}
	for _, paragraph := range n.Body {
		e.Body = append(e.Body, line(paragraph))
	}
	if n.Attached {
		e.Body = append(e.Body, attached)
	}
	e.Site = line(n.Site)
	switch {
	case n.Announced != 0:
		e.URL = m.Public.JoinPath("announcements/").String() + "#tb-" + strconv.FormatInt(n.Announced, 10)
	case n.Outage != 0:
		e.URL = m.Public.JoinPath("outages", strconv.FormatInt(n.Outage, 10)).String()
	case n.Kind == "maintenance" || n.Kind == "maintenance_off":
		e.URL = m.Public.JoinPath("announcements/").String()
	}
	if n.Document != "" {
		e.URL = m.Public.JoinPath("documents", n.Document).String()
	}
	if n.Adjusts != 0 {
		e.URL = m.Public.JoinPath("documents", n.Document, "adjustments", strconv.FormatInt(n.Adjusts, 10)).String()
	}
	if n.Appraisal != "" {
		e.URL = m.Public.JoinPath("appraisals", n.Appraisal).String()
	}
	if n.Appraises != "" {
		e.URL = m.Public.JoinPath("appraisals").String() + "?" + url.Values{"campaign": {n.Appraises}}.Encode()
	}
	if n.Results != "" {
		e.URL = m.Public.JoinPath("campaigns", n.Results, "results", n.UnitCode).String()
	}
	if n.Due != nil && tellsDue(n.Kind) {
		e.Due = words.Instant(*n.Due)
	}
	return e
}

// tellsDue: a document that is done has no due any more, nor has what was handed in.
func tellsDue(kind string) bool {
	return kind != "confirmed" && kind != "exempted" && kind != "excused" && kind != "appraisal_done"
}

func (m Message) groups() []group {
	sorted := slices.Clone(m.Notices)
	slices.SortStableFunc(sorted, func(a, b Notice) int {
		return slices.Index(urgency, a.Kind) - slices.Index(urgency, b.Kind)
	})
	var groups []group
	for _, n := range sorted {
		e := m.entry(n)
		at := slices.IndexFunc(groups, func(g group) bool { return g.Head == e.Head })
		if at < 0 {
			at = len(groups)
			groups = append(groups, group{Head: e.Head})
		}
		groups[at].Count++
		if len(groups[at].Entries) < perGroup {
			groups[at].Entries = append(groups[at].Entries, e)
		} else {
			groups[at].More++
		}
	}
	return groups
}

// line keeps data from breaking a header or the letter's layout.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }
