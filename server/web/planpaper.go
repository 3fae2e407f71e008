package web

import (
	"slices"
	"strings"

	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/paper"
	"cchc/storage"
	"cchc/templates/words"
)

// asPlan turns a report on paper into a plan: issued by the unit itself and sent to
// nobody by name, its tasks an annex on landscape pages instead of figures.
func asPlan(report *paper.Report, v storage.DocumentView, c storage.Checked, year period.Period) {
	report.To, report.Appendix = nil, nil
	report.Subject = words.PaperPlanSubject(year)
	report.Opening = words.PaperPlanOpening(v.Unit.Name, year, v.Campaign.Guidance)
	report.Tasks = taskTable(*c.Form.Plan, c.Content.Tasks, year)
}

// asAdjusted prints a plan with its table as an adjustment has made it. The file that
// was signed says what was approved, so this one bears a mark instead of a signature.
func asAdjusted(report *paper.Report, a storage.AdjustedPlan) {
	report.Tasks.Note = words.PaperAdjusted(a.N, a.Number, a.IssuedOn)
	report.Draft, report.Mark = true, words.PaperAdjustedMark
}

// Shares of the annex's columns, in the order of words.PaperTaskHeads.
var taskShares = []int{12, 40, 66, 42, 31, 31, 30, 30}

// Columns of the annex that are printed only where some task has something there,
// and those that are centred.
var (
	columnsIfUsed  = []int{1, 7} // target, note
	columnsCentred = []int{0, 6} // number, time
)

// taskTable is the annex of tasks, by field.
func taskTable(table plan.Table, tasks []plan.Task, year period.Period) *paper.TaskTable {
	var rows []paper.TaskRow
	used := make([]bool, len(taskShares))
	for number, group := range table.Groups(tasks) {
		rows = append(rows, paper.TaskRow{Group: words.TaskGroup(number+1, group.Field.Name)})
		for i, task := range group.Tasks {
			row := taskText(task, group.First+i, table)
			cells := []string{
				words.Number(row.Number), row.Target, row.Name, task.Product, row.Lead,
				strings.ReplaceAll(row.Coordinating, "; ", ", "), row.Time, row.Note,
			}
			for at, text := range cells {
				used[at] = used[at] || text != ""
			}
			rows = append(rows, paper.TaskRow{Cells: cells})
		}
	}
	out := &paper.TaskTable{Title: words.PaperTasksTitle(year)}
	var kept []int
	for at, head := range words.PaperTaskHeads() {
		if used[at] || !slices.Contains(columnsIfUsed, at) {
			kept = append(kept, at)
			out.Columns = append(out.Columns, paper.TaskColumn{Head: head, Share: taskShares[at], Centred: slices.Contains(columnsCentred, at)})
		}
	}
	for _, row := range rows {
		out.Rows = append(out.Rows, paper.TaskRow{Group: row.Group, Cells: chosenCells(row.Cells, kept)})
	}
	return out
}

// chosenCells are the cells of those columns; none of a heading.
func chosenCells(cells []string, kept []int) []string {
	var out []string
	for _, at := range kept {
		if at < len(cells) {
			out = append(out, cells[at])
		}
	}
	return out
}
