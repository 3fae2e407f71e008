package web

import (
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

// Shares of the annex's columns, in millimetres of a landscape page without a column
// of notes.
var taskShares = []int{11, 42, 68, 44, 31, 31, 25, 30}

const noteColumn = 7

// taskTable is the annex of tasks, by field. The column of notes is printed where
// some task has one.
func taskTable(table plan.Table, tasks []plan.Task, year period.Period) *paper.TaskTable {
	out := &paper.TaskTable{Title: words.PaperTasksTitle(year)}
	noted := false
	for number, group := range table.Groups(tasks) {
		out.Rows = append(out.Rows, paper.TaskRow{Group: words.TaskGroup(number+1, group.Field.Name)})
		for i, task := range group.Tasks {
			row := taskText(task, group.First+i, table)
			noted = noted || row.Note != ""
			out.Rows = append(out.Rows, paper.TaskRow{Cells: []string{
				words.Number(row.Number), row.Target, row.Name, task.Product, row.Lead,
				strings.ReplaceAll(row.Coordinating, "; ", ", "), row.Time, row.Note,
			}})
		}
	}
	for i, head := range words.PaperTaskHeads() {
		if i == noteColumn && !noted {
			break
		}
		out.Columns = append(out.Columns, paper.TaskColumn{Head: head, Share: taskShares[i], Centred: i == 0 || i == 6})
	}
	return out
}
