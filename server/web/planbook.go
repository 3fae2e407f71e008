package web

import (
	"bytes"
	"net/http"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// exportPlanBoard is a campaign's plan board as a workbook, as the address narrows it.
func (s *Server) exportPlanBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.planBoardOf(r, actor, true)
	if err != nil {
		return err
	}
	return s.sendPlanBook(w, r, b)
}

// exportUnitPlanBoard is the board of one plan as a workbook.
func (s *Server) exportUnitPlanBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.unitPlanBoard(r, actor, true)
	if err != nil {
		return err
	}
	return s.sendPlanBook(w, r, b)
}

// sendPlanBook sends the workbook of the view.
func (s *Server) sendPlanBook(w http.ResponseWriter, r *http.Request, b *planBoard) error {
	table, rows := b.book()
	table.About = append(b.head()[1:], templates.PlanDone(b.Tally(b.filter)))
	if cut := b.cut(); cut != "" {
		table.About = append(table.About, cut)
	}
	var book bytes.Buffer
	if err := sheet.Write(&book, table); err != nil {
		return err
	}
	of := b.code
	if b.one != nil {
		of = b.one.ID
	}
	name := of + "-tien-do-" + b.Now.In(calendar.Zone).Format("20060102-1504") + ".xlsx"
	return s.sendWorkbook(w, r, of, name, rows, &book)
}

// The looks of the columns whose titles stand in templates, in their order.
var (
	taskColumns = []width{
		{34, sheet.Text}, {6, sheet.Number}, {26, sheet.Text}, {54, sheet.Text}, {30, sheet.Text}, {28, sheet.Text}, {30, sheet.Text},
		{22, sheet.Text}, {12, sheet.Date}, {20, sheet.Text}, {10, sheet.Number}, {14, sheet.Date},
	}
	tallyColumns = []width{
		{38, sheet.Text}, {14, sheet.Number}, {13, sheet.Number}, {13, sheet.Number}, {11, sheet.Number},
		{13, sheet.Number}, {13, sheet.Number}, {13, sheet.Number}, {14, sheet.Text},
	}
)

// book is the table of the view, and how many rows it has.
func (b *planBoard) book() (sheet.Table, int) {
	table := sheet.Table{Title: b.head()[0]}
	var rows [][]any
	switch b.view {
	case templates.PlanLeadsView:
		table.Name, table.Columns = templates.SheetLeads, columns(templates.LeadSheet(), tallyColumns)
		for _, lead := range b.Leads {
			rows = append(rows, tallyCells(lead.Name, lead.Tally()))
		}
	case templates.PlanMonthsView:
		table.Name, table.Columns = templates.SheetMonths, columns(templates.MonthSheet(), tallyColumns)
		for month := 1; month <= 12; month++ {
			rows = append(rows, tallyCells(templates.MonthOfYear(b.year, month), b.monthTally(monthCode(b.year, month))))
		}
		rows = append(rows, tallyCells(templates.NoDeadlineMonth, b.monthTally(storage.NoMonth)))
	default:
		table.Name, table.Columns = templates.SheetTasks, columns(templates.TaskSheet, taskColumns)
		for _, one := range b.Rows {
			rows = append(rows, b.taskCells(one))
		}
	}
	table.Rows = func(yield func([]any) error) error {
		for _, row := range rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	return table, len(rows)
}

func tallyCells(name string, t plan.Tally) []any {
	cells := []any{name, t.Planned()}
	for _, status := range plan.Statuses {
		cells = append(cells, t[status])
	}
	return append(cells, words.PlanShare(t))
}

func (b *planBoard) taskCells(one storage.PlanBoardRow) []any {
	text := taskText(one.Task, one.Place, b.table)
	return []any{
		one.UnitName, one.Place, words.TaskCell(one.Task, plan.ColumnField, b.table), text.Name, text.Product, text.Lead, text.Coordinating,
		text.Time, cellOf(one.LastDay), words.TaskStatus(one.Status), cellOf(one.Percent), cellOf(one.DoneOn),
	}
}

// cellOf is the value, or an empty cell.
func cellOf[V any](value *V) any {
	if value == nil {
		return nil
	}
	return *value
}
