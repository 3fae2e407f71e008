package web

import (
	"cchc/domain/plan"
	"cchc/domain/prose"
	"cchc/templates"
	"cchc/templates/words"
)

// tasks lists what became of a plan's tasks.
func (c *comparison) tasks() {
	table := c.after.Form.Plan
	if table == nil {
		return
	}
	for _, change := range plan.Differences(c.before.Content.Tasks, c.after.Content.Tasks) {
		found := taskDifference(change, *table)
		found.Spot = c.spot()
		c.found.Tasks = append(c.found.Tasks, found)
	}
}

// taskDifference is what became of a task in words, without its number on the page.
func taskDifference(change plan.Change, table plan.Table) templates.TaskDifference {
	shown := change.After
	if change.Kind == plan.Removed {
		shown = change.Before
	}
	found := templates.TaskDifference{
		Change: words.TaskChange(change.Kind), Row: words.TaskRows(change.RowBefore, change.RowAfter),
		Name: shown.Name, Added: change.Kind == plan.Added, Gone: change.Kind == plan.Removed,
	}
	if change.Kind == plan.Added {
		change.Columns = (plan.Task{}).Differing(change.After)
	}
	for _, column := range change.Columns {
		if column == plan.ColumnName && found.Added {
			continue // it is the heading
		}
		found.Cells = append(found.Cells, templates.TaskCellDifference{
			Column: words.TaskColumn(column),
			Spans:  cellSpans(words.TaskCell(change.Before, column, table), words.TaskCell(change.After, column, table), column),
		})
	}
	return found
}

// cellSpans compares a cell: texts by word, choices, names and days as a whole.
func cellSpans(before, after, column string) []prose.Span {
	switch column {
	case plan.ColumnTarget, plan.ColumnName, plan.ColumnProduct, plan.ColumnNote:
		return spaced(prose.Spans(cellRuns(before), cellRuns(after)))
	}
	var spans []prose.Span
	for _, run := range cellRuns(before) {
		spans = append(spans, prose.Span{Run: run, Mark: prose.Dropped})
	}
	if before != "" && after != "" {
		spans = append(spans, prose.Span{Run: prose.Run{Text: " "}})
	}
	for _, run := range cellRuns(after) {
		spans = append(spans, prose.Span{Run: run, Mark: prose.Added})
	}
	return spans
}

func cellRuns(text string) []prose.Run {
	if text == "" {
		return nil
	}
	return []prose.Run{{Text: text}}
}
