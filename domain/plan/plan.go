// Package plan holds the rules of a yearly plan (kế hoạch CCHC, QD 1439 art. 9):
// its table of tasks, until when each is to be done, what is wrong with a table,
// how two tables differ, and how far the work has come.
//
// A table is part of a document's content (form.Content.Tasks) and goes through
// the same chain as any report. What is done later, when the plan lives for its
// year, is not content: progress, results and cancellations are facts that are
// handed in, and a task's status is always derived from them, never typed.
//
// Nothing here may read a clock, know a document's stage or hold words: fields and
// kinds of products are data of the form's version.
package plan

import (
	"regexp"
	"slices"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

// Limits of a table.
const (
	MaxTasks        = 500 // rows
	MaxText         = 2000
	MaxParty        = 300 // letters of one name
	MaxCoordinating = 40
)

// Table is what a form's version says of its plan: which fields its tasks belong
// to, which kinds of products there are, and how their deadlines are read.
type Table struct {
	Fields   []Choice     `json:"fields"`   // in the order in which they are printed
	Products []Choice     `json:"products"` // kinds of expected products
	Deadline DeadlineRule `json:"deadline"`
	// Ladder is the reminders of a plan that lives; none: the usual ones (domain/reminder).
	Ladder period.Ladder `json:"ladder,omitempty"`
	// Waiting is the reminders of an adjustment that lies at a desk, counted from the
	// day on which it came there; none: the usual ones.
	Waiting period.Ladder `json:"waiting,omitempty"`
}

// Choice is one of the values a column may have.
type Choice struct {
	Code string `json:"code"` // stable between versions of a form
	Name string `json:"name"`
}

// Field is the field with the code.
func (t Table) Field(code string) (Choice, bool) { return find(t.Fields, code) }

// Product is the kind of product with the code.
func (t Table) Product(code string) (Choice, bool) { return find(t.Products, code) }

func find(choices []Choice, code string) (Choice, bool) {
	i := slices.IndexFunc(choices, func(c Choice) bool { return c.Code == code })
	if i < 0 {
		return Choice{}, false
	}
	return choices[i], true
}

// Task is one row of a plan. Text is plain, in Unicode NFC: callers normalise it
// when it comes in. A draft's task may lack anything but its key.
type Task struct {
	Key          string        `json:"key"` // the same task in every revision and adjustment; never given to another
	Field        string        `json:"field,omitempty"`
	Target       string        `json:"target,omitempty"` // mục tiêu, chỉ tiêu
	Name         string        `json:"name,omitempty"`   // nhiệm vụ
	Product      string        `json:"product,omitempty"`
	ProductKind  string        `json:"product_kind,omitempty"`
	Lead         Party         `json:"lead"`
	Coordinating []Party       `json:"coordinating,omitempty"`
	Start        *calendar.Day `json:"start,omitempty"`
	Deadline     Deadline      `json:"deadline"`
	Note         string        `json:"note,omitempty"`
	// City is the key of the task of the city's own plan that this one carries out;
	// CityName is its words when it was chosen, which stand with the plan for good.
	City     string `json:"city,omitempty"`
	CityName string `json:"city_name,omitempty"`
}

// Party is who leads a task or helps with it: a unit of the city, a part of the
// unit, or a person. Name is what is printed; Unit is the unit's code where the
// name is that of one, else empty.
type Party struct {
	Unit string `json:"unit,omitempty"`
	Name string `json:"name,omitempty"`
}

// Absent tells whether nobody is named.
func (p Party) Absent() bool { return p.Unit == "" && strings.TrimSpace(p.Name) == "" }

// Same tells whether both mean the same: the same unit, or the same name but for
// capitals and spaces.
func (p Party) Same(other Party) bool {
	if p.Unit != "" || other.Unit != "" {
		return p.Unit == other.Unit
	}
	return squeeze(p.Name) == squeeze(other.Name)
}

// The columns of the table, as fields of broken rules and of differences name them.
const (
	ColumnField        = "field"
	ColumnTarget       = "target"
	ColumnName         = "name"
	ColumnProduct      = "product"
	ColumnProductKind  = "product_kind"
	ColumnLead         = "lead"
	ColumnCoordinating = "coordinating"
	ColumnStart        = "start"
	ColumnDeadline     = "deadline"
	ColumnNote         = "note"
	ColumnCity         = "city"
)

// Columns lists the columns in the order in which they are written and shown.
var Columns = []string{
	ColumnField, ColumnTarget, ColumnName, ColumnProduct, ColumnProductKind, ColumnLead,
	ColumnCoordinating, ColumnStart, ColumnDeadline, ColumnNote, ColumnCity,
}

// Text is the column's value as one canonical text, "" when it is blank: codes as
// they are, days as ISO, a deadline as its code, parties one a line ("Sở Tài
// chính"; with its unit's code in brackets: "Sở Tài chính [STC]"), the city's task
// with its key in brackets.
func (t Task) Text(column string) string {
	switch column {
	case ColumnField:
		return t.Field
	case ColumnTarget:
		return t.Target
	case ColumnName:
		return t.Name
	case ColumnProduct:
		return t.Product
	case ColumnProductKind:
		return t.ProductKind
	case ColumnLead:
		return partyText(t.Lead)
	case ColumnCoordinating:
		lines := make([]string, len(t.Coordinating))
		for i, party := range t.Coordinating {
			lines[i] = partyText(party)
		}
		return strings.Join(lines, "\n")
	case ColumnStart:
		if t.Start == nil {
			return ""
		}
		return t.Start.String()
	case ColumnDeadline:
		return t.Deadline.Code()
	case ColumnNote:
		return t.Note
	case ColumnCity:
		if t.City == "" {
			return ""
		}
		return t.CityName + " [" + t.City + "]"
	}
	return ""
}

// Words is what people wrote into the row, on one line, for search.
func (t Task) Words() string {
	texts := []string{t.Name, t.Target, t.Product, t.Lead.Name}
	for _, party := range t.Coordinating {
		texts = append(texts, party.Name)
	}
	texts = slices.DeleteFunc(append(texts, t.Note), func(text string) bool { return text == "" })
	return strings.Join(strings.Fields(strings.Join(texts, "; ")), " ")
}

func partyText(p Party) string {
	if p.Unit == "" {
		return p.Name
	}
	return p.Name + " [" + p.Unit + "]"
}

// Same tells whether both rows say the same in every column. Keys are not compared.
func (t Task) Same(other Task) bool { return len(t.Differing(other)) == 0 }

// Differing lists the columns in which the rows differ, in the order of Columns.
func (t Task) Differing(other Task) []string {
	var differing []string
	for _, column := range Columns {
		if t.Text(column) != other.Text(column) {
			differing = append(differing, column)
		}
	}
	return differing
}

// Clean is the task as it is kept: texts without space around them, parties without
// a name left out, a lead or helper named twice once.
func (t Task) Clean() Task {
	for _, text := range []*string{&t.Field, &t.Target, &t.Name, &t.Product, &t.ProductKind, &t.Note, &t.Lead.Unit, &t.Lead.Name, &t.City, &t.CityName} {
		*text = strings.TrimSpace(*text)
	}
	if t.City == "" {
		t.CityName = ""
	}
	var helpers []Party
	for _, party := range t.Coordinating {
		party = Party{Unit: strings.TrimSpace(party.Unit), Name: strings.TrimSpace(party.Name)}
		if !party.Absent() && !slices.ContainsFunc(helpers, party.Same) {
			helpers = append(helpers, party)
		}
	}
	t.Coordinating = helpers
	return t
}

// keyPattern keeps keys apart from the dots of field names; a UUID fits.
var keyPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// ValidKey tells whether the text may be a task's key: 1 to 40 small letters,
// digits and hyphens.
func ValidKey(key string) bool { return keyPattern.MatchString(key) }

// Arrange is the table as it is checked, shown, printed and frozen: by the order of
// the fields, within a field as the rows stand; rows of no known field come last. A
// row's number is its place in this order.
func (t Table) Arrange(tasks []Task) []Task {
	arranged := slices.Clone(tasks)
	slices.SortStableFunc(arranged, func(a, b Task) int { return t.fieldOrder(a) - t.fieldOrder(b) })
	return arranged
}

func (t Table) fieldOrder(task Task) int {
	if i := slices.IndexFunc(t.Fields, func(c Choice) bool { return c.Code == task.Field }); i >= 0 {
		return i
	}
	return len(t.Fields)
}

// Group is the tasks of one field.
type Group struct {
	Field Choice // the zero Choice: of no known field
	First int    // number of its first row, from 1
	Tasks []Task
}

// Groups is the arranged table by field; fields without a task are left out.
func (t Table) Groups(tasks []Task) []Group {
	var groups []Group
	for i, task := range t.Arrange(tasks) {
		field, _ := t.Field(task.Field)
		if len(groups) == 0 || groups[len(groups)-1].Field != field {
			groups = append(groups, Group{Field: field, First: i + 1})
		}
		last := &groups[len(groups)-1]
		last.Tasks = append(last.Tasks, task)
	}
	return groups
}

// Index tells where the task with the key stands; -1: nowhere.
func Index(tasks []Task, key string) int {
	return slices.IndexFunc(tasks, func(t Task) bool { return t.Key == key })
}

// TaskField names a cell in broken rules and differences: "task.<key>.deadline";
// with an empty column the row: "task.<key>".
func TaskField(key, column string) string {
	if column == "" {
		return taskPrefix + key
	}
	return taskPrefix + key + "." + column
}

// TableField is the place of a rule broken by the table as a whole.
const TableField = "tasks"

const taskPrefix = "task."

// ParseTaskField reads what TaskField writes.
func ParseTaskField(field string) (key, column string, ok bool) {
	rest, found := strings.CutPrefix(field, taskPrefix)
	key, column, _ = strings.Cut(rest, ".")
	return key, column, found && ValidKey(key)
}

// squeeze is a text for comparing: small letters, one space between words.
func squeeze(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(text)), " ")
}
