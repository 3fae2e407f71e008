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
	Asked       *AskedNote      // what the unit asks for; nil: nothing
	Until       string          // 22/12/2026, or as typed
	Reason      string
}

// Extending tells which of the two the page is.
func (p DuePage) Extending() bool { return p.Action == document.Extend }
