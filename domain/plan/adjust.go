package plan

import (
	"slices"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// Order is the document that orders an adjustment (van ban dieu chinh): a plan that
// has been approved changes by a document, never by itself.
type Order struct {
	Number   string
	IssuedOn *calendar.Day // nil: not told
	Issuer   string
	Title    string
	HasFile  bool
}

// MaxOrderIssuer is the most letters of an issuer's name.
const MaxOrderIssuer = 150

// Adjusted is what an adjustment does to one task.
type Adjusted struct {
	Kind   ChangeKind // Added, Changed or Removed
	Task   Task       // as it is to be; of a removed one as it is
	Reason string     // needed where a task is taken out or its deadline moves
}

// Adjustment is a change of a plan that lives.
type Adjustment struct {
	Order Order
	Tasks []Adjusted
}

// ColumnReason names the reason of a changed task in broken rules.
const ColumnReason = "reason"

// The codes of broken rules of an adjustment beside those of its order, which are the
// entry's (EntryNumberMissing, EntryDateMissing, EntryDateAhead, EntryTitleMissing,
// EntryTooLong), and of the table that it makes (Check). The first argument at a task
// is its row's number.
const (
	OrderIssuerMissing rule.Code = "order_issuer_missing"     // issuer
	OrderFileMissing   rule.Code = "order_file_missing"       // file
	AdjustmentEmpty    rule.Code = "adjustment_empty"         // at the table: no task changes
	AdjustedGone       rule.Code = "adjusted_task_gone"       // row: the task stands no more
	AdjustedDone       rule.Code = "adjusted_task_done"       // row: its result stands; what is done is not changed
	AdjustedSame       rule.Code = "adjusted_task_same"       // row: nothing is changed
	AdjustReason       rule.Code = "adjust_reason_missing"    // row, at ColumnReason
	AdjustedPast       rule.Code = "adjusted_deadline_past"   // row, the order's day (ISO)
	AdjustReasonLong   rule.Code = "adjust_reason_too_long"   // row, most letters
	AdjustmentOutdated rule.Code = "adjustment_plan_reopened" // no field: the plan is being corrected
	AdjustmentMoved    rule.Code = "adjustment_plan_moved"    // no field: the plan is not what was submitted
)

// Living is a plan as it stands when it is adjusted.
type Living struct {
	Tasks    []Task          // in force, arranged
	Done     map[string]bool // keys of those with a result
	Year     period.Period
	Today    calendar.Day
	Calendar calendar.Calendar
}

// Adjust is the arranged table as an adjustment makes it. Changes of tasks that are
// not there are passed over: CheckAdjustment tells of them.
func (t Table) Adjust(tasks []Task, changes []Adjusted) []Task {
	adjusted := slices.Clone(tasks)
	for _, change := range changes {
		at := Index(adjusted, change.Task.Key)
		switch {
		case change.Kind == Added && at < 0:
			adjusted = append(adjusted, change.Task)
		case change.Kind == Changed && at >= 0:
			adjusted[at] = change.Task
		case change.Kind == Removed && at >= 0:
			adjusted = slices.Delete(adjusted, at, at+1)
		}
	}
	return t.Arrange(adjusted)
}

// CheckAdjustment finds all that is wrong with an adjustment at once: its order, each
// change, and the table that it makes. What the adjustment leaves alone is not held
// against it.
func (t Table) CheckAdjustment(now Living, a Adjustment) rule.Errors {
	broken := a.Order.Check(now.Today)
	if len(a.Tasks) == 0 {
		broken.Add(AdjustmentEmpty, TableField)
	}
	made := t.Adjust(now.Tasks, a.Tasks)
	touched := map[string]bool{}
	for _, change := range a.Tasks {
		touched[change.Task.Key] = change.Kind != Removed
		broken = append(broken, t.checkAdjusted(now, a.Order, change, made)...)
	}
	for _, one := range t.Check(made, now.Year) {
		if key, _, ok := ParseTaskField(one.Field); !ok || touched[key] {
			broken = append(broken, one)
		}
	}
	return broken
}

// Check finds what the order lacks.
func (o Order) Check(today calendar.Day) rule.Errors {
	var broken rule.Errors
	if strings.TrimSpace(o.Number) == "" {
		broken.Add(EntryNumberMissing, "number")
	}
	switch {
	case o.IssuedOn == nil:
		broken.Add(EntryDateMissing, "issued_on")
	case *o.IssuedOn > today:
		broken.Add(EntryDateAhead, "issued_on", today.String())
	}
	if strings.TrimSpace(o.Issuer) == "" {
		broken.Add(OrderIssuerMissing, "issuer")
	}
	if strings.TrimSpace(o.Title) == "" {
		broken.Add(EntryTitleMissing, "title")
	}
	if !o.HasFile {
		broken.Add(OrderFileMissing, "file")
	}
	return append(broken, o.TooLong()...)
}

// TooLong finds what may not even stand in a draft.
func (o Order) TooLong() rule.Errors {
	var broken rule.Errors
	tooLong(&broken, "number", o.Number, MaxEntryNumber)
	tooLong(&broken, "issuer", o.Issuer, MaxOrderIssuer)
	tooLong(&broken, "title", o.Title, MaxEntryTitle)
	return broken
}

func (t Table) checkAdjusted(now Living, order Order, change Adjusted, made []Task) rule.Errors {
	key := change.Task.Key
	at := Index(now.Tasks, key)
	row := Index(made, key) + 1
	if row == 0 {
		row = at + 1
	}
	var broken rule.Errors
	switch {
	case change.Kind == Added && at >= 0:
		broken.Add(KeyBad, TaskField(key, ""), row)
		return broken
	case change.Kind != Added && at < 0:
		broken.Add(AdjustedGone, TaskField(key, ""), row)
		return broken
	case change.Kind != Added && now.Done[key]:
		broken.Add(AdjustedDone, TaskField(key, ""), row)
		return broken
	case change.Kind == Changed && change.Task.Same(now.Tasks[at]):
		broken.Add(AdjustedSame, TaskField(key, ""), row)
	}
	moves := change.Kind == Changed && change.Task.Deadline != now.Tasks[at].Deadline
	if (change.Kind == Removed || moves) && strings.TrimSpace(change.Reason) == "" {
		broken.Add(AdjustReason, TaskField(key, ColumnReason), row)
	}
	if (change.Kind == Added || moves) && order.IssuedOn != nil {
		if last, named := change.Task.Deadline.LastDay(t.Deadline, now.Calendar); named && last < *order.IssuedOn {
			broken.Add(AdjustedPast, TaskField(key, ColumnDeadline), row, order.IssuedOn.String())
		}
	}
	return append(broken, change.ReasonTooLong(row)...)
}

// ReasonTooLong finds a reason that may not even stand in a draft.
func (a Adjusted) ReasonTooLong(row int) rule.Errors {
	if len([]rune(a.Reason)) > MaxText {
		return rule.Broken(AdjustReasonLong, TaskField(a.Task.Key, ColumnReason), row, MaxText)
	}
	return nil
}
