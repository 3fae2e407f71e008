package templates

import "cchc/domain/document"

// SearchPage is GET /search?q=&year=&kind=&status=&in=&page=: documents by number, unit,
// campaign and text; for readers of all units also units and campaigns.
type SearchPage struct {
	Shell
	Query    string
	Asked    bool     // something was looked for
	Years    []Option // first: all; none: nothing to choose
	Statuses []Option // first: all
	Kinds    []Option
	Chips    []FilterChip
	ClearURL string
	Count    string // "Hơn 1.000 văn bản"
	Folded   bool   // nothing fits as written: these do without diacritics
	TextURL  string // the same number as a word of the text; empty: it is no number
	Places   []SearchPlaces
	Hits     []SearchHit
	Paging   Paging
	Empty    Empty // shown when there is no hit
}

// SearchPlaces is what else has the words in its name.
type SearchPlaces struct {
	Name   string // "Đơn vị", "Đợt báo cáo"
	Places []SearchPlace
}

// SearchPlace is a unit or a campaign: a link to its board.
type SearchPlace struct {
	Icon  string
	Name  []Piece
	About string
	URL   string
}

// SearchHit is one document found; the whole row is one link.
type SearchHit struct {
	URL     string
	Unit    []Piece
	Title   []Piece // the campaign
	Number  string  // "12/BC-STC"; may be empty
	When    string  // "16/12/2026"
	Status  document.Status
	Snippet []Piece // may be empty
	Former  bool    // the snippet is of a plan's table as it was approved, before an adjustment
}

// Piece is a part of a text, marked where it is what was looked for.
type Piece struct {
	Text   string `json:"text"`
	Marked bool   `json:"marked,omitempty"`
}

// Glance is what the search dialog shows while somebody types, as JSON. Said is
// for the live region and the line under the field.
type Glance struct {
	Said   string        `json:"said"`
	Groups []GlanceGroup `json:"groups"`
}

// GlanceGroup is the options of one sort.
type GlanceGroup struct {
	Name    string         `json:"name"`
	Options []GlanceOption `json:"options"`
}

// GlanceOption is one place to go to.
type GlanceOption struct {
	URL   string  `json:"url"`
	Name  []Piece `json:"name"`
	About []Piece `json:"about,omitempty"`
	State string  `json:"state,omitempty"` // stage, in words
}
