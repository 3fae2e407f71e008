package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"cchc/domain/rule"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// workbookTooLarge breaks a workbook as a whole; its argument is its name.
const workbookTooLarge rule.Code = "workbook_too_large"

// workbookLimit is a workbook of the greatest size with what a form puts around it.
const workbookLimit = storage.MaxWorkbook + bodyLimit

// takeWorkbook hands the workbook of the request over to be kept. rule.Errors at the field
// "file": why it is not taken.
func takeWorkbook(r *http.Request, keep func(name string, from io.Reader) error) error {
	name, file, err := uploaded(r)
	if err != nil {
		return err
	}
	return tooBig(keep(name, file), name, storage.MaxWorkbook)
}

// importBook is a workbook that somebody has handed in. It is held against what stands
// anew at each look, and nothing of it is saved before that person says so.
type importBook struct {
	file   string      // as it was named
	book   *sheet.Book // nil: it cannot be read
	name   string      // of the sheet with the table
	rows   int         // of the table
	broken rule.Errors // of the workbook as a whole, at the field "file"
}

// openImport reads a workbook; find looks for its table. Close what it returns.
func openImport(file string, data []byte, find func(*importBook) error) (*importBook, error) {
	b := &importBook{file: file}
	var err error
	switch b.book, err = sheet.Open(data); {
	case errors.Is(err, sheet.ErrUnreadable):
		b.breaks(storage.WorkbookUnreadable)
		return b, nil
	case errors.Is(err, sheet.ErrTooLarge):
		b.breaks(workbookTooLarge)
		return b, nil
	case err != nil:
		return nil, err
	}
	if err := find(b); err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// breaks says what is wrong with the workbook as a whole.
func (b *importBook) breaks(code rule.Code) { b.broken = rule.Broken(code, "file", b.file) }

// look hands over the texts of one sheet after the other until a table is found in one,
// which then is the workbook's; how many rows it has is found's to say.
func (b *importBook) look(found func(texts [][]string) (rows int, is bool), none, empty rule.Code) error {
	for _, name := range b.book.Sheets() {
		texts, err := b.book.Texts(name)
		if err != nil {
			return err
		}
		if len(texts) >= sheet.MostRows { // what lies beyond is not read: nothing of it is
			b.breaks(workbookTooLarge)
			return nil
		}
		if rows, is := found(texts); is {
			if b.name, b.rows = name, rows; rows == 0 {
				b.breaks(empty)
			}
			return nil
		}
	}
	b.breaks(none)
	return nil
}

func (b *importBook) close() error {
	if b.book == nil {
		return nil
	}
	return b.book.Close()
}

// importMarks are marks in the workbook as a page tells them.
func importMarks(marks []sheet.Mark) []templates.ImportMark {
	told := make([]templates.ImportMark, len(marks))
	for i, one := range marks {
		told[i] = templates.ImportMark{Cell: sheet.Cell(one.Column, one.Row), Text: one.Text}
	}
	return told
}

// sendMarked sends the workbook with all that is wrong marked in it; one that is wrong as a
// whole has no place for marks. Of is what the download is noted under.
func (s *Server) sendMarked(w http.ResponseWriter, r *http.Request, of string, b *importBook, marks []sheet.Mark) error {
	if b.broken != nil {
		return storage.ErrNotFound
	}
	var book bytes.Buffer
	if err := b.book.Marked(&book, b.name, marks, words.SheetErrors, [2]string{words.ErrorCell, words.SheetErrors}); err != nil {
		return err
	}
	return s.sendWorkbook(w, r, of, "loi-"+b.file, b.rows, &book)
}
