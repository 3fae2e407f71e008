package plan

import (
	"regexp"
	"slices"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// StartUnclear is the broken rule of a first day that cannot be read; at its cell,
// the first argument is the row's number.
const StartUnclear rule.Code = "task_start_unclear"

// Cells is a row as people write it: a text a column, by Column names.
type Cells map[string]string

// Reader turns rows as people write them into tasks, for pages, pasted ranges and
// workbooks alike.
type Reader struct {
	Table Table
	Year  int                               // of deadlines that name none
	Fold  func(string) string               // small letters without diacritics
	Day   func(string) (calendar.Day, bool) // a day as people write it
	Party func(string) Party                // who is meant by a name
	City  []CityTask                        // the tasks of the city's plan; none: they are not asked for
}

// Names splits the names of a cell, "Sở Tài chính; Công an", as they are typed.
func Names(text string) []string {
	names := strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' || r == '\r' })
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// Names lists every name in the row's cells, for a Reader's Party.
func (c Cells) Names() []string { return append(Names(c[ColumnLead]), Names(c[ColumnCoordinating])...) }

// Read writes the cells into the task and tells which of them it cannot read, each
// at its cell of the row with that number: such a cell keeps what the task says.
// Columns that the cells lack stay too. Whether a task is complete is Check's to say.
func (r Reader) Read(task Task, cells Cells, row int) (Task, rule.Errors) {
	var broken rule.Errors
	unclear := func(code rule.Code, column string) { broken.Add(code, TaskField(task.Key, column), row) }
	for _, column := range Columns {
		text, given := cells[column]
		if !given {
			continue
		}
		text = strings.TrimSpace(text)
		switch column {
		case ColumnField:
			if code, known := r.choice(r.Table.Fields, text); known {
				task.Field = code
			} else {
				unclear(FieldUnknown, column)
			}
		case ColumnProductKind:
			if code, known := r.choice(r.Table.Products, text); known {
				task.ProductKind = code
			} else {
				unclear(KindUnknown, column)
			}
		case ColumnStart:
			if day, known := r.day(text); known {
				task.Start = day
			} else {
				unclear(StartUnclear, column)
			}
		case ColumnDeadline:
			if deadline, unread := ReadDeadline(r.Fold(text), r.Year); unread == nil {
				task.Deadline = deadline
			} else {
				unclear(DeadlineUnclear, column)
			}
		case ColumnLead:
			task.Lead = r.party(strings.Join(Names(text), ", "))
		case ColumnCoordinating:
			task.Coordinating = nil
			for _, name := range Names(text) {
				task.Coordinating = append(task.Coordinating, r.party(name))
			}
		case ColumnCity:
			if !r.readCity(&task, text) {
				unclear(CityUnclear, column)
			}
		default:
			task.setText(column, text)
		}
	}
	return task, broken
}

// readCity reads which of the city's tasks is carried out. What says the same as the task
// does leaves it as it is: the city's plan may have taken it out since.
func (r Reader) readCity(task *Task, text string) bool {
	switch {
	case len(r.City) == 0, text == task.CityName && text != "":
		return true
	case text == "":
		task.City, task.CityName = "", ""
		return true
	}
	one, found := MatchCity(r.City, text, r.Fold)
	if found {
		task.City, task.CityName = one.Key, one.Name
	}
	return found
}

func (t *Task) setText(column, text string) {
	switch column {
	case ColumnTarget:
		t.Target = text
	case ColumnName:
		t.Name = text
	case ColumnProduct:
		t.Product = text
	case ColumnNote:
		t.Note = text
	}
}

func (r Reader) party(name string) Party {
	if name == "" {
		return Party{}
	}
	return r.Party(name)
}

func (r Reader) day(text string) (*calendar.Day, bool) {
	if text == "" {
		return nil, true
	}
	day, known := r.Day(text)
	return &day, known
}

// FieldNamed finds the field that a text names, such as the heading of a part of a
// table: "II. Cải cách thể chế". False for a blank text too.
func (r Reader) FieldNamed(text string) (string, bool) {
	code, known := r.choice(r.Table.Fields, text)
	return code, known && code != ""
}

// enumerator is what stands before a name in a list: "II.", "2)", "b/".
var enumerator = regexp.MustCompile(`^(?:[ivx]{1,4}|\d{1,2}|[a-h])[.)/:-]\s*`)

// choice finds what is meant: by its code, or by its name with or without
// diacritics, also behind a number of a list. Blank means none.
func (r Reader) choice(choices []Choice, text string) (string, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", true
	}
	folded := squeeze(r.Fold(text))
	bare := enumerator.ReplaceAllString(folded, "")
	for _, one := range choices {
		if name := squeeze(r.Fold(one.Name)); one.Code == text || name == folded || name == bare {
			return one.Code, true
		}
	}
	return "", false
}
