package form

import (
	"regexp"
	"sort"
	"strconv"

	"cchc/domain/plan"
	"cchc/domain/rule"
)

// codeTasksOther is the broken rule of tasks in a form that has no plan.
const codeTasksOther rule.Code = "tasks_unknown"

// tasks checks a plan's table by the rules of its own.
func (k *checking) tasks() {
	if k.version.Plan == nil {
		if len(k.content.Tasks) > 0 {
			k.Errors.Add(codeTasksOther, plan.TableField)
		}
		return
	}
	k.Errors = append(k.Errors, k.version.Plan.Check(k.content.Tasks, k.context.Own)...)
}

// Limits of what a plan's form offers to choose from.
const (
	MaxPlanFields   = 30
	MaxPlanProducts = 60
)

// plan checks what the form says of its table of tasks, at "plan.fields.0.name",
// "plan.products.2.code", "plan.deadline".
func (n *validation) plan() {
	if n.version.Plan == nil {
		return
	}
	table := n.version.Plan
	if len(table.Fields) == 0 {
		n.broken.Add(codeFormMissing, "plan.fields")
	}
	n.choices("plan.fields", table.Fields, MaxPlanFields)
	n.choices("plan.products", table.Products, MaxPlanProducts)
	for _, broken := range table.Deadline.Validate() {
		n.broken.Add(broken.Code, "plan.deadline", broken.Args...)
	}
}

func (n *validation) choices(field string, choices []plan.Choice, most int) {
	n.many(field, len(choices), most)
	seen := map[string]int{}
	for row, one := range choices {
		at := RowField(field, row, "code")
		if !choicePattern.MatchString(one.Code) {
			n.broken.Add(codeChoiceCode, at)
		}
		n.once(codeTwice, at, one.Code, row, seen)
		n.text(RowField(field, row, "name"), one.Name, MaxTitle)
	}
}

var choicePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// tasks writes a plan's table: an object a row, its keys sorted, blanks left out.
func (w *canonicalWriter) tasks(tasks []plan.Task) {
	if len(tasks) == 0 {
		return
	}
	w.raw(`,"tasks":[`)
	for i, task := range tasks {
		w.separate(i)
		w.task(task)
	}
	w.raw(`]`)
}

// taskMembers are the names under which a task is written, sorted. All but the two
// with parties are texts.
var taskMembers = func() []string {
	members := append([]string{memberKey, memberCityName}, plan.Columns...)
	sort.Strings(members)
	return members
}()

// The members that are no columns.
const (
	memberKey      = "key"
	memberCityName = "city_name"
)

func (w *canonicalWriter) task(task plan.Task) {
	w.raw(`{`)
	written := 0
	member := func(name string) *canonicalWriter {
		w.separate(written)
		written++
		return w.text(name).raw(`:`)
	}
	for _, name := range taskMembers {
		switch name {
		case plan.ColumnLead:
			if !task.Lead.Absent() {
				member(name).party(task.Lead)
			}
		case plan.ColumnCoordinating:
			if len(task.Coordinating) > 0 {
				member(name).parties(task.Coordinating)
			}
		case memberKey:
			member(name).text(task.Key)
		case plan.ColumnCity:
			if task.City != "" {
				member(name).text(task.City)
			}
		case memberCityName:
			if words := trimmed(task.CityName); task.City != "" && words != "" {
				member(name).text(words)
			}
		default:
			if value := trimmed(task.Text(name)); value != "" {
				member(name).text(value)
			}
		}
	}
	w.raw(`}`)
}

func (w *canonicalWriter) parties(parties []plan.Party) {
	w.raw(`[`)
	for i, party := range parties {
		w.separate(i)
		w.party(party)
	}
	w.raw(`]`)
}

func (w *canonicalWriter) party(p plan.Party) {
	w.raw(`{"name":`).text(trimmed(p.Name))
	if p.Unit != "" {
		w.raw(`,"unit":`).text(p.Unit)
	}
	w.raw(`}`)
}

// taskDifferences are those of two tables, cell by cell: of a changed task each
// column, of an added or removed one the row with its number and name, of a moved
// one its row.
func taskDifferences(before, after []plan.Task) []Difference {
	var found []Difference
	for _, one := range plan.Differences(before, after) {
		for _, column := range one.Columns {
			found = append(found, Difference{
				Field: plan.TaskField(one.Key, column), Before: one.Before.Text(column), After: one.After.Text(column),
			})
		}
		if one.Kind != plan.Changed || one.Moved {
			found = append(found, Difference{
				Field: plan.TaskField(one.Key, ""), Before: rowText(one.RowBefore, one.Before), After: rowText(one.RowAfter, one.After),
			})
		}
	}
	return found
}

// rowText is a row for people who look at a difference: "3. Rà soát văn bản"; empty
// where there is no row.
func rowText(row int, task plan.Task) string {
	if row == 0 {
		return ""
	}
	return strconv.Itoa(row) + ". " + task.Name
}
