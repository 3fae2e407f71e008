package templates

import (
	"strconv"

	"cchc/domain/prose"
)

// Differences are the places where two versions of a content differ: narrative by
// paragraph and word, figures and files. Places that differ are numbered
// through, so that a reader goes from one to the next.
type Differences struct {
	Before, After string // heads: "Lần 1", "Bản đang soạn"
	Count         int
	SpaceOnly     bool   // nothing differs but blank lines and spaces that nobody sees
	Form          string // a sentence where the versions are on different forms; else empty
	Sections      []SectionDifference
	Cells         []CellDifference
	Files         []FileDifference
	Tasks         []TaskDifference
	Answers       []TaskDifference // to criteria
}

// Spot is one numbered difference among all of the page.
type Spot struct{ Number, Of int }

// ID is the element's id, and what its neighbours link to.
func (p Spot) ID() string { return "difference-" + strconv.Itoa(p.Number) }

// Previous is the id of the one before; empty at the first.
func (p Spot) Previous() string {
	if p.Number == 1 {
		return ""
	}
	return Spot{Number: p.Number - 1}.ID()
}

// Next is the id of the one after; empty at the last.
func (p Spot) Next() string {
	if p.Number == p.Of {
		return ""
	}
	return Spot{Number: p.Number + 1}.ID()
}

// SectionDifference is one part of the narrative that differs.
type SectionDifference struct {
	Title string // "II.2. Cải cách thủ tục hành chính"
	Parts []ProseDifference
}

// ProseDifference is a run of paragraphs that are alike, folded away, or one
// paragraph that differs.
type ProseDifference struct {
	Spot  Spot
	Same  string // notation of what is alike; empty: Block differs
	Alike int    // how many paragraphs that is
	Block BlockDifference
}

// BlockDifference is a paragraph, an item of a list or a table, with what became
// of its words.
type BlockDifference struct {
	Kind   prose.Kind
	Lead   string // of an item: "–" or "3."
	Level  int
	Spans  []prose.Span
	Rows   []prose.Row // of a table
	Header bool        // its first row is its head
	Look   string      // "Đổi cách trình bày: đoạn văn thành gạch đầu dòng"; empty: as it was
}

// Added tells whether nothing of the block was there before.
func (b BlockDifference) Added() bool { return b.all(prose.Added) }

// Dropped tells whether nothing of the block is there any more.
func (b BlockDifference) Dropped() bool { return b.all(prose.Dropped) }

func (b BlockDifference) all(mark prose.Mark) bool {
	for _, span := range b.Spans {
		if span.Mark != mark {
			return false
		}
	}
	for _, row := range b.Rows {
		if row.Mark != mark {
			return false
		}
	}
	return true
}

// CellDifference is one figure that differs, or its reason.
type CellDifference struct {
	Spot          Spot
	Code, Name    string
	Before, After string // vi-VN; empty: blank
	Change        string // "−2"; empty: not to be reckoned
	ReasonBefore  string // where the reason differs
	Reason        string // as it is now
	Computed      bool   // a ratio: it follows from others
}

// SameValue tells that only the reason differs.
func (c CellDifference) SameValue() bool { return c.Before == c.After }

// FileDifference is one attached file that came or went.
type FileDifference struct {
	Spot  Spot
	Name  string
	About string // "1,1 MB"
	URL   string
	Added bool // else it was taken away
}

// DifferencesPage is GET /documents/{id}/differences?from=1&to=3: any two
// revisions that the reader may see, and for the unit's own people also what is
// being written ("draft").
type DifferencesPage struct {
	Shell
	Document    DocumentHead
	From, To    []Option // the versions to choose from, oldest first
	Differences *Differences
	Only        bool // there is but one version: nothing to compare
}
