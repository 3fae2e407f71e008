package web

import (
	"bytes"
	"net/http"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// exportBoard is the board as a workbook, as the address narrows it.
func (s *Server) exportBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := boardFilter(r.URL.Query())
	filter.All = true
	v, err := s.boardView(r, actor, filter)
	if err != nil {
		return err
	}
	return s.sendBook(w, r, v, "theo-doi", sheet.Table{
		Name: templates.SheetBoard, Title: v.campaign.Name,
		Columns: columns(templates.BoardSheet, boardColumns), Rows: rowsOf(v.Rows, v.boardCells),
	})
}

// exportOverdue is the register of what is overdue as a workbook.
func (s *Server) exportOverdue(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := overdueFilter(r.URL.Query())
	filter.All = true
	v, err := s.boardView(r, actor, filter)
	if err != nil {
		return err
	}
	return s.sendBook(w, r, v, "qua-han", sheet.Table{
		Name: templates.SheetOverdue, Title: templates.OverduePrintTitle(v.campaign.Name),
		Columns: columns(templates.OverdueSheet, overdueColumns), Rows: rowsOf(v.Rows, v.overdueCells),
	})
}

// sendBook writes the workbook's head and sends it. what is part of the file's name.
func (s *Server) sendBook(w http.ResponseWriter, r *http.Request, v boardView, what string, table sheet.Table) error {
	table.About = templates.TakenHead(v.campaign.Name, words.Moment(v.Now), v.reader, v.narrowed())[1:]
	if v.Matching > len(v.Rows) {
		table.About = append(table.About, templates.CutNote(len(v.Rows), v.Matching))
	}
	var book bytes.Buffer
	if err := sheet.Write(&book, table); err != nil {
		return err
	}
	name := v.campaign.Code + "-" + what + "-" + v.Now.In(calendar.Zone).Format("20060102-1504") + ".xlsx"
	return s.sendWorkbook(w, r, v.campaign.Code, name, len(v.Rows), &book)
}

// sendWorkbook notes the download of so many rows of something (QĐ 1439 Đ5), and sends
// it.
func (s *Server) sendWorkbook(w http.ResponseWriter, r *http.Request, of, name string, rows int, book *bytes.Buffer) error {
	if err := s.audit(r, storage.AuditDownload, of, map[string]any{"file": name, "rows": rows, "filter": r.URL.RawQuery}); err != nil {
		return err
	}
	disposition(w, "attachment", name, sheet.MediaType)
	w.Header().Set("Cache-Control", "no-store")
	_, err := book.WriteTo(w)
	return gone(err)
}

// width is a column's look.
type width struct {
	letters int
	kind    sheet.Kind
}

// The looks of the columns whose titles stand in templates, in their order.
var (
	boardColumns = []width{
		{38, sheet.Text}, {12, sheet.Text}, {18, sheet.Text}, {30, sheet.Text}, {20, sheet.Text}, {17, sheet.Moment},
		{13, sheet.Number}, {13, sheet.Number}, {13, sheet.Number}, {13, sheet.Number},
		{12, sheet.Date}, {9, sheet.Text}, {11, sheet.Number}, {17, sheet.Moment}, {26, sheet.Text}, {10, sheet.Number}, {10, sheet.Number}, {9, sheet.Number}, {48, sheet.Text},
	}
	overdueColumns = []width{
		{38, sheet.Text}, {12, sheet.Text}, {20, sheet.Text}, {30, sheet.Text}, {17, sheet.Moment}, {12, sheet.Date}, {9, sheet.Text},
		{11, sheet.Number}, {42, sheet.Text}, {48, sheet.Text}, {36, sheet.Text}, {17, sheet.Moment},
	}
)

func columns(titles []string, widths []width) []sheet.Column {
	columns := make([]sheet.Column, len(titles))
	for i, title := range titles {
		columns[i] = sheet.Column{Title: title, Width: widths[i].letters, Kind: widths[i].kind}
	}
	return columns
}

// rowsOf walks the rows as a table takes them.
func rowsOf(rows []storage.BoardRow, cells func(storage.BoardRow) []any) func(func([]any) error) error {
	return func(yield func([]any) error) error {
		for _, row := range rows {
			if err := yield(cells(row)); err != nil {
				return err
			}
		}
		return nil
	}
}

func (v boardView) boardCells(one storage.BoardRow) []any {
	role, since := "", any(nil)
	if one.DeskRole != "" {
		role, since = templates.DeskName(one.Stage), one.DeskSince
	}
	cells := []any{one.UnitName, words.UnitGroup(one.Group), words.Status(one.Status), v.holders(one), role, since}
	days := document.DaysAtDesks(one.Arrivals, v.Now, v.days)
	for _, stage := range document.DeskStages {
		if n, visited := days[stage]; visited {
			cells = append(cells, n)
		} else {
			cells = append(cells, nil)
		}
	}
	due := one.DueAt
	if one.ClosedAt != nil {
		due = one.UnitDueAt
	}
	over := any(nil)
	if one.Overdue(v.Now) {
		over = v.over(one)
	}
	class := document.PunctualityOf(one.Stage, one.UnitDueAt, one.FirstSignedAt, one.Returns)
	return append(cells, words.LastDay(due), words.LastClock(due), over, optional(one.FirstSignedAt),
		words.Punctuality(class), one.Returns, one.Reopened, one.Revision, note(one))
}

func (v boardView) overdueCells(one storage.BoardRow) []any {
	cells := []any{
		one.UnitName, words.UnitGroup(one.Group), templates.DeskName(one.Stage), v.holders(one), one.DeskSince,
		words.LastDay(one.DueAt), words.LastClock(one.DueAt), v.over(one), v.cause(one), note(one), nil, nil,
	}
	if c := one.Cause; c != nil {
		cells[10], cells[11] = c.By+", "+templates.CausePosition(c.Role, c.Unit), c.At
	}
	return cells
}

// holders are all the names at the desk.
func (v boardView) holders(one storage.BoardRow) string {
	if one.Vacant() {
		return templates.NobodyHolds
	}
	return templates.AllNames(one.Holders)
}

func note(one storage.BoardRow) any {
	if one.Cause == nil {
		return nil
	}
	return one.Cause.Text
}

// optional is the instant, or nothing.
func optional(at *time.Time) any {
	if at == nil {
		return nil
	}
	return *at
}
