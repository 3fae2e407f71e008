// Package paper puts a revision on paper: a PDF in the layout of an
// administrative document (NĐ 30/2020/NĐ-CP, Phụ lục I), with two empty
// signature fields at the places the decree sets.
//
// It gets text that is ready to print and knows no documents, stages or
// storage. The same report always gives the same bytes: the time is an
// argument, and nothing is random. Text is printed in NFC; letters the font
// lacks come out as a box, never as a gap.
//
// PDF is written here and not by a library: the layout (justified text, keeping
// together, tables) had to be our own anyway, and libraries parse, number and
// cut their fonts anew for every file, which cost ten times the time.
package paper

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cchc/domain/calendar"
	"cchc/signing"
	"cchc/templates/words"
)

// Names of the signature fields (NĐ 30/2020, Phụ lục I, phần II, điểm 7 and 8).
const (
	DirectorField = "ChuKyLanhDao" // picture of the signer's hand, between capacity and name
	SealField     = "DauCoQuan"    // the agency's seal, over the left third of that picture
)

// Report is one document ready for print. Capitals that the decree asks for
// (agency, type, headings) are made here.
type Report struct {
	Superior []string // superior agency, a line each: "ỦY BAN NHÂN DÂN", "THÀNH PHỐ HỒ CHÍ MINH"; may be empty
	Agency   string   // who issues: "SỞ TÀI CHÍNH"

	Number       string // "412/BC-STC"; empty: not numbered yet, which makes it a draft
	NumberSuffix string // "/BC-STC", printed after the gap while there is no number
	Place        string
	Date         calendar.Day // zero: the gap is left open, with the year of Created

	Type    string   // "BÁO CÁO"
	Subject string   // trích yếu
	To      []string // Kính gửi; may be empty
	Opening string   // leading paragraphs, may be empty
	Parts   []Part

	SignerCapacity []string // a line each: "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"
	SignerName     string
	CC             []string // Nơi nhận, without dashes and stops

	Appendix *Appendix
	Tasks    *TaskTable // of a plan

	Created time.Time // the file's own dates
	Draft   bool      // marked as such on every page, and without signature fields
	Mark    string    // what the margin of a draft says; empty: that it is one
}

// Part is a section of the text. At the first level its title is set in
// capitals on its own line (mục), at the second in bold on its own line
// (khoản), below that as the bold lead of its first paragraph (điểm).
type Part struct {
	Number string // "I.", "2.", "a)"
	Title  string
	Text   string // narrative in the notation of package prose
	Parts  []Part
}

// Appendix is the table of figures behind the text.
type Appendix struct {
	Title string
	// Columns are the heads of code, name, unit, value and, where a row has
	// one, note; empty: the usual words.
	Columns []string
	Rows    []Row
	Notes   []string // reasons given for warnings, printed under the table
}

// Row is a figure, or a heading over the rows that follow if Group is set.
type Row struct {
	Group string
	Code  string
	Name  string
	Unit  string
	Value string // as printed: "1.234,5", "—"
	Note  string
}

// Print is a report on paper.
type Print struct {
	PDF    []byte
	Pages  int             // appendix included
	Fields []signing.Field // empty signature fields in PDF: DirectorField, then SealField; none in a draft
}

func (r Report) mark() string {
	if r.Mark == "" {
		return words.PaperDraft
	}
	return r.Mark
}

// draft tells whether the print can not be signed as it is.
func (r Report) draft() bool { return r.Draft || r.Number == "" }

// check names what is missing for a print. A draft may lack what is only known
// at the signature.
func (r Report) check() error {
	needed := []struct {
		name    string
		missing bool
	}{
		{"agency", oneLine(r.Agency) == ""},
		{"type", oneLine(r.Type) == ""},
		{"place", oneLine(r.Place) == ""},
		{"time of creation", r.Created.IsZero()},
		{"date", !r.draft() && r.Date == 0},
		{"signer's capacity", !r.draft() && oneLine(strings.Join(r.SignerCapacity, " ")) == ""},
		{"signer's name", !r.draft() && oneLine(r.SignerName) == ""},
	}
	var errs []error
	for _, one := range needed {
		if one.missing {
			errs = append(errs, fmt.Errorf("no %s", one.name))
		}
	}
	return errors.Join(errs...)
}

// Filename is an ASCII name for the report's file, of number, type and subject:
// "412-BC-STC-bao-cao-cong-tac-cai-cach-hanh-chinh.pdf".
func Filename(r Report) string {
	const longest = 100
	number := r.Number
	if r.draft() {
		number = r.mark() + " " + r.Number
		if r.Number == "" {
			number += r.NumberSuffix
		}
	}
	name := slug(number, false) + "-" + slug(r.Type+" "+r.Subject, true)
	if len(name) > longest {
		name = name[:longest]
	}
	return strings.Trim(name, "-") + ".pdf"
}

// slug folds text to ASCII letters and digits joined by hyphens.
func slug(text string, lower bool) string {
	var b strings.Builder
	for _, letter := range norm.NFD.String(text) {
		switch {
		case letter == 'đ':
			letter = 'd'
		case letter == 'Đ':
			letter = 'D'
		case unicode.Is(unicode.Mn, letter):
			continue
		}
		switch {
		case letter < unicode.MaxASCII && (unicode.IsLetter(letter) || unicode.IsDigit(letter)):
			b.WriteRune(letter)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := strings.Trim(b.String(), "-")
	if lower {
		return strings.ToLower(out)
	}
	return out
}
