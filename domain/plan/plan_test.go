package plan_test

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/migrations/seedtest"
)

// The form's part of these tests.
var table = plan.Table{
	Fields:   []plan.Choice{{Code: "CD", Name: "Chỉ đạo, điều hành"}, {Code: "TC", Name: "Cải cách thể chế"}, {Code: "TT", Name: "Cải cách thủ tục hành chính"}},
	Products: []plan.Choice{{Code: "plan", Name: "Kế hoạch"}, {Code: "report", Name: "Báo cáo"}},
	Deadline: plan.DefaultDeadlineRule(),
}

var year = period.Period{Kind: period.Year, Year: 2027, Number: 1}

// complete is a task with which nothing is wrong.
func complete(key string) plan.Task {
	return plan.Task{
		Key: key, Field: "TC", Name: "Rà soát văn bản quy phạm pháp luật (" + key + ")", Product: "Báo cáo kết quả rà soát",
		ProductKind: "report", Lead: plan.Party{Unit: "STP", Name: "Sở Tư pháp"}, Deadline: plan.InQuarter(2027, 2),
	}
}

func TestCheckNamesEveryBrokenRuleAtItsCell(t *testing.T) {
	early, late := day(t, "2026-12-31"), day(t, "2027-07-01")
	long := strings.Repeat("ă", plan.MaxText+1)
	many := make([]plan.Party, plan.MaxCoordinating+1)
	for _, row := range []struct {
		change func(*plan.Task)
		code   rule.Code
		column string
		args   []any // after the row's number
		source string
	}{
		{func(k *plan.Task) { k.Field = "" }, plan.FieldMissing, plan.ColumnField, nil, "NQ 76/NQ-CP: each task belongs to a field"},
		{func(k *plan.Task) { k.Field = "XX" }, plan.FieldUnknown, plan.ColumnField, nil, "the form's fields"},
		{func(k *plan.Task) { k.Name = "" }, plan.NameMissing, plan.ColumnName, nil, "the usual annex of a plan"},
		{func(k *plan.Task) { k.Product = "" }, plan.ProductMissing, plan.ColumnProduct, nil, "the usual annex of a plan"},
		{func(k *plan.Task) { k.ProductKind = "statue" }, plan.KindUnknown, plan.ColumnProductKind, nil, "the form's products"},
		{func(k *plan.Task) { k.Lead = plan.Party{Name: " "} }, plan.LeadMissing, plan.ColumnLead, nil, "the usual annex of a plan"},
		{func(k *plan.Task) { k.Coordinating = []plan.Party{{Unit: "STP", Name: "STP"}} }, plan.LeadHelps, plan.ColumnCoordinating, nil, "nobody helps oneself"},
		{func(k *plan.Task) { k.Deadline = plan.Deadline{} }, plan.DeadlineMissing, plan.ColumnDeadline, nil, "the usual annex of a plan"},
		{func(k *plan.Task) { k.Deadline = plan.OnDay(day(t, "2028-01-01")) }, plan.DeadlineOutside, plan.ColumnDeadline, []any{"2027-01-01", "2027-12-31"}, "QD 1439 art. 9: a yearly plan"},
		{func(k *plan.Task) { k.Deadline = plan.InQuarter(2026, 4) }, plan.DeadlineOutside, plan.ColumnDeadline, []any{"2027-01-01", "2027-12-31"}, "the quarter before"},
		{func(k *plan.Task) { k.Start = &early }, plan.StartOutside, plan.ColumnStart, []any{"2027-01-01", "2027-12-31"}, "the day before the year"},
		{func(k *plan.Task) { k.Start = &late }, plan.StartAfterEnd, plan.ColumnStart, []any{"2027-06-30"}, "the day after the quarter's end"},
		{func(k *plan.Task) { k.Name = long }, plan.TextTooLong, plan.ColumnName, []any{plan.MaxText}, "a cell that still prints"},
		{func(k *plan.Task) { k.Lead.Name = long }, plan.TextTooLong, plan.ColumnLead, []any{plan.MaxParty}, "a name"},
		{func(k *plan.Task) { k.Coordinating = many }, plan.CoordinatingMany, plan.ColumnCoordinating, []any{plan.MaxCoordinating}, "a cell that still prints"},
		{func(k *plan.Task) { k.Key = "A.B" }, plan.KeyBad, "", nil, "keys stand in field names"},
	} {
		task := complete("b")
		row.change(&task)
		want := rule.Errors{{Code: row.code, Field: plan.TaskField(task.Key, row.column), Args: append([]any{2}, row.args...)}}
		if got := table.Check([]plan.Task{complete("a"), task}, year); !reflect.DeepEqual(got, want) {
			t.Errorf("%s (%s)\n got %+v\nwant %+v", row.code, row.source, got, want)
		}
	}
}

func TestCheckOfWholeTables(t *testing.T) {
	if got := table.Check(nil, year); !reflect.DeepEqual(got, rule.Broken(plan.Empty, plan.TableField)) {
		t.Errorf("an empty table: %v", got)
	}
	full := make([]plan.Task, plan.MaxTasks)
	for i := range full {
		full[i] = complete("t" + strings.Repeat("x", i%30) + string(rune('a'+i/30)))
	}
	if got := table.Check(full, year); got != nil {
		t.Errorf("a full table: %v", got[:min(3, len(got))])
	}
	if got := table.Check(append(full, complete("z")), year); !reflect.DeepEqual(got, rule.Broken(plan.TooMany, plan.TableField, plan.MaxTasks, plan.MaxTasks+1)) {
		t.Errorf("one too many: %v", got)
	}
	if got := table.Check([]plan.Task{{Key: "a"}}, year); len(got) != 5 {
		t.Errorf("an empty row has all its faults at once: %v", got)
	}
}

func TestCheckFindsTasksWrittenTwice(t *testing.T) {
	first, again := complete("a"), complete("b")
	again.Name = "  rà soát  VĂN BẢN quy phạm pháp luật (a)"
	got := table.Check([]plan.Task{first, again}, year)
	want := rule.Broken(plan.Duplicate, plan.TaskField("b", plan.ColumnName), 2, 1)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("twice the same: %v", got)
	}
	again.Deadline = plan.InQuarter(2027, 4)
	if got := table.Check([]plan.Task{first, again}, year); got != nil {
		t.Errorf("the same for another quarter is another task: %v", got)
	}
	again = first
	if got := table.Check([]plan.Task{first, again}, year); !got.Has(plan.KeyBad) {
		t.Errorf("a key that stands twice: %v", got)
	}
}

func TestAcceptableLetsADraftBeIncomplete(t *testing.T) {
	if got := table.Acceptable(plan.Task{Key: "a"}, 1); got != nil {
		t.Errorf("an empty row: %v", got)
	}
	wrong := plan.Task{Key: "a", Field: "XX", ProductKind: "XX", Note: strings.Repeat("x", plan.MaxText+1)}
	got := table.Acceptable(wrong, 4)
	if !got.Has(plan.FieldUnknown) || !got.Has(plan.KindUnknown) || !got.Has(plan.TextTooLong) || got[0].Args[0] != 4 {
		t.Errorf("what no draft takes: %v", got)
	}
}

func TestArrangeAndGroups(t *testing.T) {
	rows := []plan.Task{{Key: "a", Field: "TT"}, {Key: "b"}, {Key: "c", Field: "CD"}, {Key: "d", Field: "TT"}, {Key: "e", Field: "XX"}}
	if got := keys(table.Arrange(rows)); got != "c a d b e" {
		t.Errorf("arranged: %s", got)
	}
	groups := table.Groups(rows)
	if len(groups) != 3 || groups[0].Field.Code != "CD" || groups[1].First != 2 || len(groups[1].Tasks) != 2 || groups[2].First != 4 || groups[2].Field.Code != "" {
		t.Errorf("groups: %+v", groups)
	}
	if keys(rows) != "a b c d e" {
		t.Error("the rows handed in were moved")
	}
}

func TestTaskFieldsAreReadAsWritten(t *testing.T) {
	for field, want := range map[string][2]string{
		plan.TaskField("0b1f2c3d-aa", plan.ColumnLead): {"0b1f2c3d-aa", "lead"},
		plan.TaskField("t1", ""):                       {"t1", ""},
	} {
		if key, column, ok := plan.ParseTaskField(field); !ok || key != want[0] || column != want[1] {
			t.Errorf("%q is read as %q, %q, %v", field, key, column, ok)
		}
	}
	for _, other := range []string{"figure.1.1", "tasks", "task.", "task.Ä.lead"} {
		if _, _, ok := plan.ParseTaskField(other); ok {
			t.Errorf("%q is read as a task's field", other)
		}
	}
}

func TestCleanAndJSON(t *testing.T) {
	start := day(t, "2027-02-01")
	task := plan.Task{
		Key: "a", Field: " TC ", Name: " Một\n", Start: &start, Deadline: plan.InQuarter(2027, 1),
		Coordinating: []plan.Party{{}, {Name: " Công an "}, {Name: "công an"}, {Unit: "STC", Name: "Sở Tài chính"}},
	}.Clean()
	if task.Field != "TC" || task.Name != "Một" || len(task.Coordinating) != 2 || task.Text(plan.ColumnCoordinating) != "Công an\nSở Tài chính [STC]" {
		t.Errorf("cleaned: %+v", task)
	}
	raw, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	var back plan.Task
	if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back, task) {
		t.Errorf("%s is read back as %+v (%v)", raw, back, err)
	}
}

func TestDifferences(t *testing.T) {
	a, b, c, d := complete("a"), complete("b"), complete("c"), complete("d")
	changed := b
	changed.Deadline, changed.Note = plan.InQuarter(2027, 3), "Lùi một quý"
	for name, row := range map[string]struct {
		before, after []plan.Task
		want          string // kind key before>after columns
	}{
		"nothing":             {[]plan.Task{a, b}, []plan.Task{a, b}, ""},
		"one added":           {[]plan.Task{a, b}, []plan.Task{a, c, b}, "added c 0>2"},
		"one removed":         {[]plan.Task{a, b, c}, []plan.Task{a, c}, "removed b 2>0"},
		"one changed":         {[]plan.Task{a, b}, []plan.Task{a, changed}, "changed b 2>2 deadline,note"},
		"one moved":           {[]plan.Task{a, b, c, d}, []plan.Task{d, a, b, c}, "moved d 4>1"},
		"changed and moved":   {[]plan.Task{a, b, c, d}, []plan.Task{a, c, d, changed}, "changed b 2>4 deadline,note moved"},
		"all removed":         {[]plan.Task{a, b}, nil, "removed a 1>0; removed b 2>0"},
		"from nothing":        {nil, []plan.Task{a, b}, "added a 0>1; added b 0>2"},
		"removed, then added": {[]plan.Task{a, b, c}, []plan.Task{a, d, c}, "added d 0>2; removed b 2>0"},
	} {
		if got := told(plan.Differences(row.before, row.after)); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// Whatever was done to a table, there are no differences exactly when it says the
// same, every task differs once, and the moved ones are the fewest possible.
func TestDifferencesHoldForAnyTables(t *testing.T) {
	random := rand.New(rand.NewSource(9))
	for range 500 {
		var before []plan.Task
		for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
			if random.Intn(4) > 0 {
				before = append(before, complete(key))
			}
		}
		after := slices.Clone(before)
		random.Shuffle(len(after), func(i, j int) { after[i], after[j] = after[j], after[i] })
		if len(after) > 0 && random.Intn(2) == 0 {
			after[0].Note = "khác"
		}
		after = append(after, complete("new"))[:len(after)+random.Intn(2)]
		found := plan.Differences(before, after)
		if same := reflect.DeepEqual(before, after); same != (len(found) == 0) {
			t.Fatalf("%s and %s: %s", keys(before), keys(after), told(found))
		}
		seen := map[string]bool{}
		for _, one := range found {
			if seen[one.Key] {
				t.Fatalf("%s differs twice: %s", one.Key, told(found))
			}
			seen[one.Key] = true
		}
	}
}

func TestStatusOf(t *testing.T) {
	c := seedtest.Calendar(t)
	on := func(iso string) *calendar.Day { d := day(t, iso); return &d }
	for _, row := range []struct {
		deadline string
		rule     plan.DeadlineRule
		facts    plan.Facts
		now      string // 12:00 of the day
		want     plan.Status
		source   string
	}{
		{"2027q2", civil, plan.Facts{}, "2027-06-30", plan.NotStarted, "1.16: nobody has started, the last day still runs"},
		{"2027q2", civil, plan.Facts{Started: true}, "2027-06-30", plan.InProgress, "1.16: in progress, in time"},
		{"2027q2", civil, plan.Facts{Started: true}, "2027-07-01", plan.Overdue, "1.15: the day after the quarter"},
		{"2027q2", civil, plan.Facts{}, "2027-07-01", plan.Overdue, "1.15: overdue also where nobody has started"},
		{"2027m02", civil, plan.Facts{}, "2027-03-01", plan.NotStarted, "BLDS art. 148.5: 28/2/2027 is a Sunday, Monday still counts"},
		{"2027m02", fixed, plan.Facts{}, "2027-03-01", plan.Overdue, "a form that lets no day give way"},
		{"2027-02-06", civil, plan.Facts{}, "2027-02-12", plan.NotStarted, "Tet 2027 gives way to the Friday after"},
		{"2027-02-06", civil, plan.Facts{}, "2027-02-13", plan.Overdue, "and ends with it"},
		{"2027-03-01", before, plan.Facts{}, "2027-03-01", plan.Overdue, "QD 1439 art. 8.1a: before the day"},
		{"2027q2", civil, plan.Facts{Done: on("2027-06-30")}, "2027-12-01", plan.DoneInTime, "1.13: by the day of the result"},
		{"2027q2", civil, plan.Facts{Done: on("2027-07-01")}, "2027-07-01", plan.DoneLate, "1.14: a day late"},
		{"2028q4", civil, plan.Facts{Done: on("2029-01-02")}, "2029-02-01", plan.DoneInTime, "1.13: on the day to which a Sunday gave way"},
		{"2028q4", civil, plan.Facts{Done: on("2029-01-03")}, "2029-02-01", plan.DoneLate, "1.14: and not after it"},
		{"recurring", civil, plan.Facts{Started: true}, "2028-01-01", plan.InProgress, "a recurring task is judged in every report, never overdue by itself"},
		{"recurring", civil, plan.Facts{Done: on("2027-12-20")}, "2028-01-01", plan.DoneInTime, "nor late"},
		{"on_request", civil, plan.Facts{}, "2028-01-01", plan.NotStarted, "nobody has asked"},
		{"2027q1", civil, plan.Facts{Cancelled: true, Done: on("2027-01-05")}, "2027-02-01", plan.Cancelled, "an adjustment took it out"},
	} {
		now := day(t, row.now).At(12 * 60)
		if got := plan.StatusOf(deadline(t, row.deadline), row.facts, now, row.rule, c); got != row.want {
			t.Errorf("%s on %s (%s): %s, want %s", row.deadline, row.now, row.source, got, row.want)
		}
	}
}

func TestTally(t *testing.T) {
	for _, row := range []struct {
		tally   plan.Tally
		percent int // hundredths; -1: none
		source  string
	}{
		{plan.Tally{}, -1, "nothing planned: a dash"},
		{plan.Tally{plan.Cancelled: 3}, -1, "all cancelled: a dash"},
		{plan.Tally{plan.Overdue: 4}, 0, "nothing done"},
		{plan.Tally{plan.DoneInTime: 1, plan.DoneLate: 1, plan.NotStarted: 1, plan.Cancelled: 5}, 6667, "dossier 4: completed/(total - cancelled), half up"},
		{plan.Tally{plan.DoneInTime: 1, plan.InProgress: 2}, 3333, "a third"},
		{plan.Tally{plan.DoneLate: 1, plan.InProgress: 799}, 13, "0,125 % is 0,13 %"},
		{plan.Tally{plan.DoneInTime: 7}, 10000, "all done"},
	} {
		got, ok := row.tally.Percent()
		if !ok {
			got = -1
		}
		if got != row.percent {
			t.Errorf("%v (%s): %d, want %d", row.tally, row.source, got, row.percent)
		}
	}
	for _, status := range plan.Statuses {
		if status.Open() == status.Done() && status != plan.Cancelled {
			t.Errorf("%s is open and done, or neither", status)
		}
	}
}

func keys(tasks []plan.Task) string {
	all := make([]string, len(tasks))
	for i, task := range tasks {
		all[i] = task.Key
	}
	return strings.Join(all, " ")
}

// told writes differences as "changed b 2>1 deadline moved; ...".
func told(changes []plan.Change) string {
	lines := make([]string, len(changes))
	for i, one := range changes {
		line := string(one.Kind) + " " + one.Key + " " + string(rune('0'+one.RowBefore)) + ">" + string(rune('0'+one.RowAfter))
		if len(one.Columns) > 0 {
			line += " " + strings.Join(one.Columns, ",")
		}
		if one.Moved && one.Kind != plan.Moved {
			line += " moved"
		}
		lines[i] = line
	}
	return strings.Join(lines, "; ")
}
