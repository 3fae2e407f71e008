package templates

import (
	"fmt"
	"time"

	"cchc/domain/document"
	"cchc/templates/words"
)

// TitlePoint is the page on which a point is answered after an error.
const TitlePoint = "Trả lời điểm cần bổ sung"

// WholeContent is the place of a point that names none.
const WholeContent = "Toàn văn bản"

// PointRow is one row of the form of a return: where, whether it must be mended, what.
// A row that is blank altogether asks for nothing. Place, Need and Words name its
// inputs, as broken rules do: "point.1.text".
type PointRow struct {
	Heading            string // "Điểm 1"
	Place, Need, Words string
	Places             []Option // first: the whole content
	Needs              []Option
	Text               string
}

// NewPointRow is the row with a number, from 1. The place is chosen by its field.
func NewPointRow(number int, places []Option, point document.Point) PointRow {
	row := PointRow{
		Heading: fmt.Sprintf("Điểm %d", number), Place: document.PointField(number, "field"), Need: document.PointField(number, "need"),
		Words: document.PointField(number, "text"), Needs: pointNeeds(point.Must), Text: point.Text, Places: make([]Option, len(places)),
	}
	for i, one := range places {
		one.Selected = one.Value == point.Field
		row.Places[i] = one
	}
	return row
}

// The values of PointRow.Needs.
const (
	PointMust   = "must"
	PointShould = "should"
)

// pointNeeds are the choices of a row.
func pointNeeds(must bool) []Option {
	return []Option{
		{Value: PointMust, Label: words.PointNeed(true), Selected: must},
		{Value: PointShould, Label: words.PointNeed(false), Selected: !must},
	}
}

// PointList is what a return asks for, with what the unit has answered.
type PointList struct {
	Left string // "Còn 1 điểm phải sửa chưa trả lời"; "Đã trả lời mọi điểm phải sửa"
	Open bool   // some must be answered yet
	All  []PointItem
}

// PointItem is one point.
type PointItem struct {
	ID     string // of the element: "point-12"
	Place  string
	URL    string // where the place is written; empty: the reader does not write
	Chip   Chip
	Text   string
	Answer string
	By     string // "Nguyễn Thị Minh Hạnh, 09:40 ngày 16/12/2026"
	Form   *PointForm
}

// PointForm answers a point; it posts key and answer to URL.
type PointForm struct {
	ID    string // of the field: "answer-12"
	URL   string
	Key   string
	Typed string // kept input, or the answer that stands
	Again bool   // there is an answer: this one takes its place
	Open  bool   // unfolded: the first of those that must be answered
}

// PointPage is the answer to POST /documents/{id}/points/{point} that could not be
// taken: the same form with what was typed.
type PointPage struct {
	Shell
	Document DocumentHead
	Point    PointItem
}

// PointChip says whether a point must be mended, and that it has been answered.
func PointChip(must, answered bool) Chip {
	switch {
	case answered:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã trả lời"}
	case must:
		return Chip{Icon: "exclamation-circle-fill", Class: "bad", Word: words.PointNeed(true)}
	}
	return Chip{Icon: "info-circle-fill", Class: "idle", Word: words.PointNeed(false)}
}

// PointLine is a point as a line of text.
func PointLine(place string, must bool, text string) string {
	return fmt.Sprintf("%s (%s): %s", place, words.Lower(words.PointNeed(must)), text)
}

// PointsLeft says how many points that must be mended have no answer.
func PointsLeft(open int) string {
	if open == 0 {
		return "Đã trả lời mọi điểm phải sửa"
	}
	return fmt.Sprintf("Còn %s chưa trả lời", counted(open, "điểm phải sửa"))
}

// AnsweredBy says who answered a point, and when.
func AnsweredBy(name string, at, now time.Time) string {
	return name + ", " + words.MomentNear(at, now)
}
