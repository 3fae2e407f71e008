package templates

import "cchc/domain/document"

// DuePage is GET /documents/{id}/extend, /exempt and /reopen for the authority's
// officers. Posts key, revision, content_hash, reason and, to extend,
// until (yyyy-mm-dd or dd/mm/yyyy: the new last day) to the same address.
type DuePage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int
	ContentHash string
	Action      document.Action // Extend, Exempt or Reopen
	Due         *DueLine        // as it stands
	Asked       *AskedNote      // what the unit asks for; nil: nothing
	Until       string          // 22/12/2026, or as typed
	Reason      string
}

// Extending and Reopening tell which of the three the page is.
func (p DuePage) Extending() bool { return p.Action == document.Extend }
func (p DuePage) Reopening() bool { return p.Action == document.Reopen }

// ReasonHint says what the reason should name.
func (p DuePage) ReasonHint() string {
	if p.Reopening() {
		return "Nêu rõ phần hoặc chỉ tiêu cần sửa và căn cứ."
	}
	return "Ghi căn cứ, ví dụ số và ngày văn bản đề nghị."
}
