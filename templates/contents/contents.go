// Package contents writes what stands first in a bundle of evidence: its table of
// contents, as a page that any browser opens without this software, and a list of
// hashes that any computer can check (sha256sum -c).
//
// What lives here: the words and the layout of the two. What must not: files, and how
// a ZIP is made. The same contents always give the same bytes.
package contents

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
)

// Names within the ZIP, in letters that every computer unpacks.
const (
	Page   = "00-muc-luc.html"
	Sums   = "SHA256SUMS.txt"
	Folder = "minh-chung" // of the evidence itself
)

// Contents is what a bundle holds.
type Contents struct {
	Title       string // of the campaign
	Unit        string
	Revision    int
	Submitted   string // by whom and when
	ContentHash string // of what the unit submitted with these files
	Fields      []Field
	Files       []File
}

// Field is a part of the index with its criteria.
type Field struct {
	Name     string
	Criteria []Criterion
}

// Criterion is what a unit gives itself for one criterion, and what proves it.
type Criterion struct {
	Code, Name, Max string
	Points          string // empty: none yet
	Survey          bool   // asked of others: the unit proves nothing
	Files           []File
}

// File is one file of the bundle.
type File struct {
	Number int
	Path   string // within the ZIP
	Name   string // as the unit named it
	Size   string
	Hash   string   // SHA-256, hex
	Proves []string // codes of criteria
}

//go:embed contents.html
var source string

var page = template.Must(template.New("contents").Parse(source))

// HTML is the table of contents.
func (c Contents) HTML() ([]byte, error) {
	var out bytes.Buffer
	if err := page.Execute(&out, c); err != nil {
		return nil, fmt.Errorf("write table of contents: %w", err)
	}
	return out.Bytes(), nil
}

// Sum is a file's hash with its place within the ZIP.
type Sum struct{ Hash, Path string }

// SumList is the list of hashes, a line each.
func SumList(sums []Sum) []byte {
	var out bytes.Buffer
	for _, one := range sums {
		_, _ = fmt.Fprintf(&out, "%s  %s\n", one.Hash, one.Path) // a Buffer never fails
	}
	return out.Bytes()
}
