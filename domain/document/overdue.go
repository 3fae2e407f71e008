package document

import "time"

// Overdue tells whether a desk is late: the document is still open and its last
// allowed instant has come. What arrives strictly before the instant is on time.
// In SQL the same rule reads "closed_at is null and due_at <= now"; a test of
// storage holds the two together.
func Overdue(due time.Time, closed bool, now time.Time) bool {
	return !closed && !now.Before(due)
}
