package plan

import (
	"cchc/domain/period"
	"cchc/domain/rule"
)

// The codes of broken rules of a table. Each stands at its cell (TaskField) or at
// the table (TableField); the first argument at a cell is the row's number, from 1.
const (
	Empty            rule.Code = "plan_empty"             // at the table
	TooMany          rule.Code = "plan_too_many"          // at the table; most rows, rows
	KeyBad           rule.Code = "task_key"               // row: no key, or one that stands twice
	FieldMissing     rule.Code = "task_field_missing"     // row
	FieldUnknown     rule.Code = "task_field_unknown"     // row
	NameMissing      rule.Code = "task_name_missing"      // row
	ProductMissing   rule.Code = "task_product_missing"   // row
	KindUnknown      rule.Code = "task_product_unknown"   // row
	LeadMissing      rule.Code = "task_lead_missing"      // row
	LeadHelps        rule.Code = "task_lead_coordinates"  // row: the lead is among the coordinating
	DeadlineMissing  rule.Code = "task_deadline_missing"  // row
	DeadlineOutside  rule.Code = "task_deadline_outside"  // row, first and last day of the plan's year (ISO)
	StartOutside     rule.Code = "task_start_outside"     // row, first and last day of the plan's year (ISO)
	StartAfterEnd    rule.Code = "task_start_after_end"   // row, the deadline's day (ISO)
	Duplicate        rule.Code = "task_duplicate"         // row, the earlier row
	TextTooLong      rule.Code = "task_text_too_long"     // row, most letters
	CoordinatingMany rule.Code = "task_coordinating_many" // row, most names
)

// Check finds all that is wrong with a table at once. Rows are numbered as they
// stand: hand in an arranged table. Days are held against the plan's period; one
// that is not valid is not checked against.
func (t Table) Check(tasks []Task, year period.Period) rule.Errors {
	var broken rule.Errors
	if len(tasks) == 0 {
		broken.Add(Empty, TableField)
	}
	if len(tasks) > MaxTasks {
		broken.Add(TooMany, TableField, MaxTasks, len(tasks))
	}
	seen, keys := map[string]int{}, map[string]bool{}
	for i, task := range tasks {
		k := cellCheck{table: t, task: task, row: i + 1}
		if !ValidKey(task.Key) || keys[task.Key] {
			k.add(KeyBad, "")
		}
		keys[task.Key] = true
		k.cells()
		k.days(year)
		if first, again := seen[task.sameWork()]; again && task.Name != "" {
			k.add(Duplicate, ColumnName, first)
		} else {
			seen[task.sameWork()] = k.row
		}
		broken = append(broken, k.broken...)
	}
	return broken
}

// Acceptable finds what may not even stand in a draft: codes that the form does not
// have, texts too long. The row's number is the caller's.
func (t Table) Acceptable(task Task, row int) rule.Errors {
	k := cellCheck{table: t, task: task, row: row}
	if !ValidKey(task.Key) {
		k.add(KeyBad, "")
	}
	k.codes()
	k.lengths()
	return k.broken
}

// sameWork is alike for rows that are the same task written twice: the same field,
// words, lead and deadline. The same words for another quarter are another task.
func (t Task) sameWork() string {
	return t.Field + "\x00" + squeeze(t.Name) + "\x00" + squeeze(t.Text(ColumnLead)) + "\x00" + t.Deadline.Code()
}

// cellCheck is one run over one row.
type cellCheck struct {
	table  Table
	task   Task
	row    int
	broken rule.Errors
}

func (k *cellCheck) add(code rule.Code, column string, args ...any) {
	k.broken.Add(code, TaskField(k.task.Key, column), append([]any{k.row}, args...)...)
}

// cells checks what each cell holds, in the order of the columns.
func (k *cellCheck) cells() {
	if k.task.Field == "" {
		k.add(FieldMissing, ColumnField)
	}
	k.codes()
	if k.task.Name == "" {
		k.add(NameMissing, ColumnName)
	}
	if k.task.Product == "" {
		k.add(ProductMissing, ColumnProduct)
	}
	if k.task.Lead.Absent() {
		k.add(LeadMissing, ColumnLead)
	}
	for _, helper := range k.task.Coordinating {
		if !k.task.Lead.Absent() && helper.Same(k.task.Lead) {
			k.add(LeadHelps, ColumnCoordinating)
			break
		}
	}
	if k.task.Deadline.Absent() {
		k.add(DeadlineMissing, ColumnDeadline)
	}
	k.lengths()
}

func (k *cellCheck) codes() {
	if _, known := k.table.Field(k.task.Field); !known && k.task.Field != "" {
		k.add(FieldUnknown, ColumnField)
	}
	if _, known := k.table.Product(k.task.ProductKind); !known && k.task.ProductKind != "" {
		k.add(KindUnknown, ColumnProductKind)
	}
}

func (k *cellCheck) lengths() {
	for _, column := range []string{ColumnTarget, ColumnName, ColumnProduct, ColumnNote} {
		if len([]rune(k.task.Text(column))) > MaxText {
			k.add(TextTooLong, column, MaxText)
		}
	}
	if len([]rune(k.task.Lead.Name)) > MaxParty {
		k.add(TextTooLong, ColumnLead, MaxParty)
	}
	if len(k.task.Coordinating) > MaxCoordinating {
		k.add(CoordinatingMany, ColumnCoordinating, MaxCoordinating)
	}
	for _, helper := range k.task.Coordinating {
		if len([]rune(helper.Name)) > MaxParty {
			k.add(TextTooLong, ColumnCoordinating, MaxParty)
			break
		}
	}
}

// days holds the named days against the plan's year, before any shift: "quý IV" of
// a year that ends on a Sunday still belongs to it.
func (k *cellCheck) days(year period.Period) {
	end, named := k.task.Deadline.Nominal()
	start := k.task.Start
	if year.Valid() {
		from, to := year.From(), year.To()
		if start != nil && (*start < from || *start > to) {
			k.add(StartOutside, ColumnStart, from.String(), to.String())
		}
		if named && (end < from || end > to) {
			k.add(DeadlineOutside, ColumnDeadline, from.String(), to.String())
		}
	}
	if start != nil && named && *start > end {
		k.add(StartAfterEnd, ColumnStart, end.String())
	}
}
