package par

import (
	"slices"
	"strconv"
	"strings"

	"cchc/domain/decimal"
	"cchc/domain/rule"
)

// The codes of what is wrong with a workbook of survey results, each at its cell
// (SurveyField).
const (
	SurveyUnit     rule.Code = "survey_unit"      // the text: no unit of the campaign
	SurveyGroup    rule.Code = "survey_group"     // the text: no group of respondents
	SurveyTwice    rule.Code = "survey_twice"     // the earlier row with this unit and group
	SurveyMean     rule.Code = "survey_mean"      // no percentage from 0 to 100
	SurveyAnswers  rule.Code = "survey_answers"   // no whole number
	SurveyNoMean   rule.Code = "survey_no_mean"   // answers, and what they say is missing
	SurveyNoCount  rule.Code = "survey_no_count"  // a mean of how many answers
	SurveyNotAsked rule.Code = "survey_not_asked" // the group is not asked about this criterion
)

// UnitOpinion is what a group thinks of a unit in one criterion.
type UnitOpinion struct {
	Unit string
	Opinion
}

// SurveySheet is a table of survey results found in a workbook: a line a unit and a
// group of respondents. Rows and columns are counted from 1, as workbooks do.
type SurveySheet struct {
	Head    int            // row of the heads
	Columns map[string]int // column of the sheet by name
	Lines   []SurveyLine
}

// SurveyLine is one row of the table, a text a column.
type SurveyLine struct {
	Row   int
	Cells map[string]string
}

// The columns of the table. Each criterion of a survey has two more.
const (
	SurveyUnitColumn  = "unit"
	SurveyGroupColumn = "group"
)

// SurveyMeanColumn is the column of a criterion's means, in percent of the best.
func SurveyMeanColumn(criterion string) string { return "mean/" + criterion }

// SurveyAnswersColumn is the column of how many answered.
func SurveyAnswersColumn(criterion string) string { return "answers/" + criterion }

// SurveyField names a cell in broken rules: "survey.12.mean/1.7.1".
func SurveyField(row int, column string) string {
	return surveyPrefix + strconv.Itoa(row) + "." + column
}

const surveyPrefix = "survey."

// ParseSurveyField reads what SurveyField writes.
func ParseSurveyField(field string) (row int, column string, ok bool) {
	rest, found := strings.CutPrefix(field, surveyPrefix)
	number, column, cut := strings.Cut(rest, ".")
	row, err := strconv.Atoi(number)
	return row, column, found && cut && err == nil
}

// SurveyReader reads tables of survey results.
type SurveyReader struct {
	Set   Set
	Units map[string]bool // codes of those that may be named
	// Fold takes case and diacritics off a text, so that people may write heads and
	// groups as they are used to.
	Fold func(string) string
}

// SurveyHeads says what columns are called in workbooks, folded.
type SurveyHeads map[string][]string

const surveyHeadWithin = 60 // rows in which the heads must stand

// Find finds the table in the texts of a sheet: under the first row that names the
// units, the groups and the means of at least one criterion. Blank rows are passed
// over. False: there is no such table.
func (r SurveyReader) Find(texts [][]string, heads SurveyHeads) (SurveySheet, bool) {
	var sheet SurveySheet
	for row := 0; row < min(len(texts), surveyHeadWithin); row++ {
		columns := r.columnsIn(texts[row], heads)
		if columns[SurveyUnitColumn] > 0 && columns[SurveyGroupColumn] > 0 && len(columns) > 2 {
			sheet.Head, sheet.Columns = row+1, columns
			break
		}
	}
	if sheet.Head == 0 {
		return sheet, false
	}
	for row := sheet.Head; row < len(texts); row++ {
		line, said := SurveyLine{Row: row + 1, Cells: map[string]string{}}, false
		for column, at := range sheet.Columns {
			if at <= len(texts[row]) {
				text := strings.TrimSpace(texts[row][at-1])
				line.Cells[column], said = text, said || text != ""
			}
		}
		if said {
			sheet.Lines = append(sheet.Lines, line)
		}
	}
	return sheet, true
}

func (r SurveyReader) columnsIn(row []string, heads SurveyHeads) map[string]int {
	columns := map[string]int{}
	for i, text := range row {
		text = strings.Join(strings.Fields(r.Fold(text)), " ")
		for column, names := range heads {
			if text != "" && columns[column] == 0 && slices.Contains(names, text) {
				columns[column] = i + 1
			}
		}
	}
	return columns
}

// Read reads the table into opinions, and finds all that is wrong with it at once. A
// cell that is left blank says nothing; no answers at all are said by a 0.
func (r SurveyReader) Read(s SurveySheet) ([]UnitOpinion, rule.Errors) {
	var opinions []UnitOpinion
	var broken rule.Errors
	rows := map[string]int{}
	for _, line := range s.Lines {
		unit, group := r.unitOf(line), r.groupOf(line)
		if unit == "" {
			broken.Add(SurveyUnit, SurveyField(line.Row, SurveyUnitColumn), line.Cells[SurveyUnitColumn])
		}
		if group == "" {
			broken.Add(SurveyGroup, SurveyField(line.Row, SurveyGroupColumn), line.Cells[SurveyGroupColumn])
		}
		key := unit + "/" + group
		if earlier, twice := rows[key]; twice && unit != "" && group != "" {
			broken.Add(SurveyTwice, SurveyField(line.Row, SurveyUnitColumn), earlier)
			continue
		}
		rows[key] = line.Row
		for _, c := range r.Set.Criteria {
			if o, said := r.opinion(c, line, group, &broken); said && unit != "" && group != "" {
				opinions = append(opinions, UnitOpinion{Unit: unit, Opinion: o})
			}
		}
	}
	return opinions, broken
}

func (r SurveyReader) unitOf(line SurveyLine) string {
	code := strings.ToUpper(line.Cells[SurveyUnitColumn])
	if r.Units[code] {
		return code
	}
	return ""
}

// groupOf is the group that a line names, by its code or its name.
func (r SurveyReader) groupOf(line SurveyLine) string {
	text := r.Fold(line.Cells[SurveyGroupColumn])
	for _, g := range r.Set.Groups {
		if text != "" && (text == g.Code || text == r.Fold(g.Name)) {
			return g.Code
		}
	}
	return ""
}

// opinion reads the two cells of a criterion; false: nothing, or nothing readable,
// stands there.
func (r SurveyReader) opinion(c Criterion, line SurveyLine, group string, broken *rule.Errors) (Opinion, bool) {
	meanAt, countAt := SurveyMeanColumn(c.Code), SurveyAnswersColumn(c.Code)
	mean, count := line.Cells[meanAt], line.Cells[countAt]
	o := Opinion{Criterion: c.Code, Group: group}
	if mean == "" && count == "" {
		return o, false
	}
	if group != "" && !c.asks(group) {
		broken.Add(SurveyNotAsked, SurveyField(line.Row, meanAt))
		return o, false
	}
	before := len(*broken)
	if count == "" {
		broken.Add(SurveyNoCount, SurveyField(line.Row, countAt))
	} else if n, err := decimal.ParseVN(count); err != nil || !n.IsInteger() || n.TenThousandths()/decimal.One > maxAnswers {
		broken.Add(SurveyAnswers, SurveyField(line.Row, countAt))
	} else {
		o.Answers = int(n.TenThousandths() / decimal.One)
	}
	switch n, err := decimal.ParseVN(strings.TrimSpace(strings.TrimSuffix(mean, "%"))); {
	case mean == "" && (o.Answers > 0 || count == ""):
		broken.Add(SurveyNoMean, SurveyField(line.Row, meanAt))
	case mean == "":
	case err != nil || n.Cmp(hundredPercent) > 0:
		broken.Add(SurveyMean, SurveyField(line.Row, meanAt))
	default:
		o.Mean = n
	}
	if o.Answers == 0 {
		o.Mean = decimal.Number{} // of nobody there is no mean
	}
	return o, len(*broken) == before
}

// maxAnswers is more than any city asks about one unit.
const maxAnswers = 10_000_000

// asks tells whether a group's answers count for the criterion.
func (c Criterion) asks(group string) bool {
	return slices.ContainsFunc(c.Rule.Weights, func(w Weight) bool { return w.Group == group })
}

// Surveys are the criteria that others are asked about, in their order.
func (s Set) Surveys() []Criterion {
	return slices.DeleteFunc(slices.Clone(s.Criteria), Criterion.Asked)
}

// AskedOf are the criteria that a group of respondents is asked about.
func (s Set) AskedOf(group string) []Criterion {
	return slices.DeleteFunc(s.Surveys(), func(c Criterion) bool { return !c.asks(group) })
}
