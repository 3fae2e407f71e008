package templates

import "cchc/domain/document"

// DuePage is GET /documents/{id}/extend and /documents/{id}/exempt for the
// authority's officers. Posts key, revision, content_hash, reason and, to extend,
// until (yyyy-mm-dd or dd/mm/yyyy: the new last day) to the same address.
type DuePage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int
	ContentHash string
	Action      document.Action // Extend or Exempt
	Due         *DueLine        // as it stands
	Until       string          // yyyy-mm-dd, or as typed
	Reason      string
}

// Extending tells which of the two the page is.
func (p DuePage) Extending() bool { return p.Action == document.Extend }

// NumberPage is GET /documents/{id}/number for the unit's clerk and director.
// Posts key and number (blank: the next of the series) to the same address.
type NumberPage struct {
	Shell
	Document DocumentHead
	Key      string
	Next     string // "07/BC-STC": the number it would bear now
	Assigned bool   // that number has been set aside for this document
	Typed    string // as typed
	Open     bool   // the document waits for its signature
}
