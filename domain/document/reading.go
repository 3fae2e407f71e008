package document

import "slices"

// Reading is which frozen revisions of a document there are, and which of them
// the director has signed: all that decides who may read what.
//
// The signature hands a revision in (QĐ 1439 Đ8.1b); until then it is the unit's
// internal paper. The one signed before stays what others read while the next is
// made, also after the document was sent back or reopened (QĐ 1439 Đ8.2).
type Reading struct {
	Revision int   // the newest frozen one; 0: none
	Signed   []int // in ascending order
}

// Opens tells whether a frozen revision may be read: by the unit's own people
// always, by others once its director has signed it.
func (r Reading) Opens(revision int, own bool) bool {
	if revision < 1 || revision > r.Revision {
		return false
	}
	return own || slices.Contains(r.Signed, revision)
}

// Newest is the newest revision that may be read; 0: none.
func (r Reading) Newest(own bool) int { return r.Before(r.Revision+1, own) }

// Before is the newest revision before the given one that may be read; 0: none.
func (r Reading) Before(revision int, own bool) int {
	for revision--; revision > 0; revision-- {
		if r.Opens(revision, own) {
			return revision
		}
	}
	return 0
}

// All lists the revisions that may be read, in ascending order.
func (r Reading) All(own bool) []int {
	var open []int
	for revision := 1; revision <= r.Revision; revision++ {
		if r.Opens(revision, own) {
			open = append(open, revision)
		}
	}
	return open
}
