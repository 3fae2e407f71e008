package templates

import "time"

// Comments is "Ý kiến" beside a document: what the unit's own people tell each
// other. The form posts key and comment to /documents/{id}/comments.
type Comments struct {
	URL  string
	Key  string
	All  []Comment // oldest first
	Text string    // typed and not taken
}

// Comment is one of them.
type Comment struct {
	ID   int64
	Who  string
	Body string
	At   time.Time
}

// TitleComments is the page on which a comment is written after an error, and
// the heading everywhere.
const TitleComments = "Ý kiến trong đơn vị"

// CommentsPage is the answer to a comment that could not be taken: the same form
// with what was typed.
type CommentsPage struct {
	Shell
	Document DocumentHead
	Comments *Comments
}
