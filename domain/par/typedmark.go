package par

import (
	"strings"

	"cchc/domain/decimal"
)

// TypedMark is a mark as it stands in the fields of a form, before it is given.
type TypedMark struct {
	Criterion     string
	Points        string // as typed
	NotApplicable bool
	Agrees        bool // what stands is to be taken over
	Reason        string
}

// Blank tells whether nothing was typed or ticked.
func (t TypedMark) Blank() bool {
	return strings.TrimSpace(t.Points+t.Reason) == "" && !t.NotApplicable && !t.Agrees
}

// Read is what was typed as points; false: it is no number of points.
func (t TypedMark) Read() (Points, bool) {
	n, err := decimal.ParseVN(strings.TrimSpace(t.Points))
	points, exact := PointsOf(n)
	return points, err == nil && exact
}

// Unread tells whether something was typed as points that is none.
func (t TypedMark) Unread() bool {
	_, read := t.Read()
	return strings.TrimSpace(t.Points) != "" && !read
}

// Says tells whether the mark is what was typed. What agrees says no points of its own.
func (t TypedMark) Says(m Mark) bool {
	if strings.TrimSpace(t.Reason) != strings.TrimSpace(m.Reason) || t.NotApplicable != m.NotApplicable {
		return false
	}
	if strings.TrimSpace(t.Points) == "" {
		return m.NotApplicable
	}
	points, read := t.Read()
	return read && points == m.Points
}

// Typed is a mark as the fields of a form show it.
func (m Mark) Typed() TypedMark {
	t := TypedMark{Criterion: m.Criterion, NotApplicable: m.NotApplicable, Reason: m.Reason}
	if !m.NotApplicable {
		t.Points = m.Points.VN()
	}
	return t
}
