package document

import (
	"strconv"
	"strings"

	"cchc/domain/rule"
)

// Point is one thing that a return asks for (QĐ 1439 Đ8.2: "những nội dung cần làm rõ").
type Point struct {
	Field string `db:"field"` // of the content, as broken rules name it; empty: all of it
	Must  bool   `db:"must"`  // nothing is handed in again before it is answered
	Text  string `db:"body"`
}

// Bounds of points and of their answers, in letters where they are texts.
const (
	PointsMost = 50
	PointMax   = 1000
)

// Codes of what can be wrong with points and answers.
const (
	PointBlank     rule.Code = "point_blank"     // a point says what is to be mended
	PointTooLong   rule.Code = "point_too_long"  // args: the most letters allowed
	PointsTooMany  rule.Code = "points_too_many" // args: the most points of a return
	PointElsewhere rule.Code = "point_elsewhere" // the content has no such place
	PointOpen      rule.Code = "point_open"      // args: its text; it must be answered before handing in
	AnswerBlank    rule.Code = "point_answer_blank"
)

// PointField names a point of a form, counted from 1, or what of it is wrong.
func PointField(n int, part string) string { return "point." + strconv.Itoa(n) + "." + part }

// CheckPoints finds what is wrong with the points of a return, each at its place in
// the form.
func CheckPoints(points []Point) rule.Errors {
	var errs rule.Errors
	if len(points) > PointsMost {
		errs.Add(PointsTooMany, "reason", PointsMost)
	}
	for i, one := range points {
		errs = append(errs, checkPointText(one.Text, PointField(i+1, "text"), PointBlank)...)
	}
	return errs
}

// CheckAnswer finds what is wrong with the answer to a point, at "answer".
func CheckAnswer(text string) rule.Errors { return checkPointText(text, "answer", AnswerBlank) }

func checkPointText(text, field string, blank rule.Code) rule.Errors {
	letters := len([]rune(strings.TrimSpace(text)))
	switch {
	case letters == 0:
		return rule.Broken(blank, field)
	case letters > PointMax:
		return rule.Broken(PointTooLong, field, PointMax)
	}
	return nil
}
