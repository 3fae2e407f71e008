package web

import (
	"strings"

	"cchc/bundle"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/paper"
	"cchc/storage"
	"cchc/templates/words"
)

// asAssessment turns a report on paper into a self-assessment: its answers an annex on
// landscape pages instead of figures (QĐ 1439 Đ8.3).
func asAssessment(report *paper.Report, v storage.DocumentView, c storage.Checked, year period.Period) {
	report.Appendix = nil
	report.Subject = words.PaperScoresSubject(year.Year)
	report.Opening = words.PaperScoresOpening(v.Unit.Name, year.Year, v.Campaign.Guidance)
	report.Tasks = scoreTable(c, year.Year)
}

// Shares of the annex's columns, in the order of words.PaperScoreHeads, and those that
// are centred.
var (
	scoreShares  = []int{14, 78, 18, 20, 86, 60}
	scoreCentred = []bool{true, false, true, true, false, false}
)

// scoreTable is the annex of answers, by field, with the points the unit gives itself.
func scoreTable(c storage.Checked, year int) *paper.TaskTable {
	out := &paper.TaskTable{Title: words.PaperScoresTitle(year)}
	for i, head := range words.PaperScoreHeads() {
		out.Columns = append(out.Columns, paper.TaskColumn{Head: head, Share: scoreShares[i], Centred: scoreCentred[i]})
	}
	given := par.Answers(c.Content.Answers)
	names := map[string]string{}
	for _, file := range c.Content.Files {
		names[file.Hash] = file.Name
	}
	var sum, most par.Points
	for _, f := range c.Form.Index.Fields {
		out.Rows = append(out.Rows, paper.TaskRow{Group: f.Code + ". " + f.Name + ": " + fieldSum(c, f.Code)})
		for _, one := range c.Form.Index.InField(f.Code) {
			a := given[one.Code]
			score := one.Score(a, year)
			out.Rows = append(out.Rows, paper.TaskRow{Cells: scoreCells(one, a, score, names)})
			if one.Asked() && !score.NotApplicable {
				sum, most = sum+score.Points, most+one.Max
			}
		}
	}
	out.Rows = append(out.Rows, paper.TaskRow{Group: words.PaperScoresTotal(sum, most)})
	if b := c.Bundle; b.Sealed() {
		out.Rows = append(out.Rows, paper.TaskRow{Group: words.PaperBundle(b.Files-bundle.Own, b.Size, b.Hash)})
	}
	return out
}

func scoreCells(c par.Criterion, a par.Answer, score par.Score, names map[string]string) []string {
	if !c.Asked() {
		return []string{c.Code, c.Name, c.Max.VN(), "", words.BySurvey, ""}
	}
	points := ""
	if score.Known {
		points = scoreText(score)
	}
	told := answerLines(c, a)
	if a.Explanation != "" {
		told = append(told, a.Explanation)
	}
	files := make([]string, len(a.Evidence))
	for i, hash := range a.Evidence {
		files[i] = names[hash]
	}
	return []string{c.Code, c.Name, c.Max.VN(), points, strings.Join(told, "; "), strings.Join(files, "; ")}
}
