package bulletin

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html/template"
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

//go:embed *.html *.css
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"moment": words.Moment,
	"style":  func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file
}).ParseFS(files, "*.html"))

var style = mustRead("bulletin.css")

func mustRead(name string) string {
	content, err := files.ReadFile(name)
	if err != nil {
		panic(err) // embedded: it is there or the program was not built
	}
	return string(content)
}

// StyleSource is what a content security policy must allow for the pages' own style.
func StyleSource() string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// State is how the software stands, for the page's head.
type State struct {
	Agency string
	Since  time.Time // it has been stopped since; zero: it has not
	Until  time.Time // when it is expected back; zero: not known
	Help   []string  // whom units call
	System string    // the software's own address
	Site   string    // of the agency, where notices also stand; "": none
	Board  string    // the public page of notices, for pages that are not it; "": none
	Made   time.Time
	// Checking: the last look failed, or there was none; it is no outage yet.
	Checking bool
}

// Down tells whether the software has stopped.
func (s State) Down() bool { return !s.Since.IsZero() }

// Page is the public page: how the software stands, and the bulletins, the newest
// first. It is one file without any address but those of the prints and the feed.
func Page(state State, bulletins []Bulletin) ([]byte, error) {
	return render("site", struct {
		State
		Bulletins []Bulletin
	}{state, bulletins})
}

// Fragment is the state as a piece of a page, for other pages to hold; empty while
// the software has not stopped.
func Fragment(state State) ([]byte, error) {
	if !state.Down() {
		return nil, nil
	}
	return render("fragment", state)
}

// Unavailable is the page that stands in for the software's own while it does not
// answer: since when, until when if that is known, that what was typed is kept, and whom
// to call. It needs no other file. again is where to try again; "": at the same address.
func Unavailable(state State, again string) ([]byte, error) {
	return render("unavailable", struct {
		State
		Again string
	}{state, again})
}

// Draft is what an officer decides on.
type Draft struct {
	Officer   string
	Outage    string // its id
	Span      outage.Span
	Notice    outage.Notice
	Agency    string
	Waiting   []string // the bodies whose word is missing
	Given     []string // whose word is there
	Unreached []string // units without any mail address
	Count     int      // recipients
	Token     string   // carries the officer's right to decide
	PDF       string   // address of the print
	Until     string   // as typed: "10:00 05/10/2026"
	Number    string
	Note      string
	Errors    []Fault
	Numbered  bool // may have a number: the signer is known
}

// fewUnits are no more than a glance takes in.
const fewUnits = 8

// Few tells whether so few units have no address that their names are not folded.
func (d Draft) Few() bool { return len(d.Unreached) <= fewUnits }

// Fault is what is wrong with a field, in words.
type Fault struct{ Field, Text string }

// Fault is what is wrong with one field; "": nothing.
func (d Draft) Fault(field string) string {
	for _, f := range d.Errors {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// Approve is the page on which an officer reads a draft and approves it.
func Approve(d Draft) ([]byte, error) { return render("approve", d) }

// Said is the page that answers an officer, with what is now the case.
func Said(s Answer) ([]byte, error) { return render("said", s) }

// Answer is an answer to an officer.
type Answer struct {
	Head, Text string
	Back       string // address of the draft; "": there is no way back
}

func render(name string, value any) ([]byte, error) {
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, value); err != nil {
		return nil, fmt.Errorf("write page %s: %w", name, err)
	}
	return out.Bytes(), nil
}

// Site is where a feed belongs.
type Site struct {
	Agency string
	URL    string // of the page, with a slash at its end
}

// Feed is the bulletins as Atom 1.0 (RFC 4287), the newest first.
func Feed(site Site, bulletins []Bulletin, now time.Time) ([]byte, error) {
	feed := atomFeed{
		Language: "vi", ID: site.URL, Title: "Thông báo về " + software, Author: site.Agency,
		Links: []atomLink{{Rel: "self", Href: site.URL + FeedFile}, {Href: site.URL}},
	}
	if feed.Author == "" {
		feed.Author = software
	}
	updated := now
	for i, b := range bulletins {
		if i == 0 {
			updated = b.Published // the same bulletins, the same feed
		}
		feed.Entries = append(feed.Entries, entry(site, b))
	}
	feed.Updated = instant(updated)
	var out bytes.Buffer
	out.WriteString(xml.Header)
	encoder := xml.NewEncoder(&out)
	encoder.Indent("", " ")
	if err := encoder.Encode(feed); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// FeedFile is the feed's name beside the page.
const FeedFile = "feed.xml"

func entry(site Site, b Bulletin) atomEntry {
	text := ""
	for _, paragraph := range b.Text {
		text += paragraph + "\n"
	}
	e := atomEntry{
		ID: site.URL + "#" + b.ID, Title: b.Heading() + ": " + b.Title,
		Updated: instant(b.Published), Published: instant(b.Published),
		Links: []atomLink{{Href: site.URL + "#" + b.ID}}, Content: atomText{Type: "text", Text: text},
	}
	if b.PDF != "" {
		e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: "application/pdf", Href: site.URL + b.PDF})
	}
	return e
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr,omitempty"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Updated   string     `xml:"updated"`
	Published string     `xml:"published"`
	Links     []atomLink `xml:"link"`
	Content   atomText   `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}
