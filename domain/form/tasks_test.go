package form_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/migrations/seedtest"
)

// yearly is the plan's form that ships with the software.
func yearly(t *testing.T) form.Version {
	t.Helper()
	return seedtest.Form(t, "kh-cchc-nam", 1)
}

func TestYearlyPlanForm(t *testing.T) {
	v := yearly(t)
	if broken := v.Validate(); broken != nil {
		t.Error(broken)
	}
	// NQ 76/NQ-CP: six contents of the reform, and steering.
	if v.Plan == nil || len(v.Plan.Fields) != 7 || v.Plan.Deadline != plan.DefaultDeadlineRule() || len(v.Indicators) != 0 {
		t.Errorf("the plan's form: %+v", v)
	}
	v.Plan.Fields[1].Code = v.Plan.Fields[0].Code
	v.Plan.Products[0].Name = ""
	v.Plan.Deadline.Cutoff = 0
	want := rule.Errors{
		{Code: "form_twice", Field: "plan.fields.1.code", Args: []any{1}},
		{Code: "form_missing", Field: "plan.products.0.name"},
		{Code: "due_cutoff", Field: "plan.deadline", Args: []any{0}},
	}
	if got := v.Validate(); !reflect.DeepEqual(got, want) {
		t.Errorf("a broken plan's form: %+v", got)
	}
}

func planned() form.Content {
	start := calendar.Date(2027, 1, 4)
	return form.Content{
		Form: "kh-cchc-nam", FormVersion: 1,
		Sections: map[string]string{"I.1": "Mục đích", "I.2": "Yêu cầu", "II": "Trọng tâm", "IV": "Tổ chức"},
		Tasks: []plan.Task{
			{
				Key: "a", Field: "the-che", Target: "100% văn bản \r\nđược rà soát", Name: "Rà soát văn bản", Product: "Báo cáo", ProductKind: "bao-cao",
				Lead: plan.Party{Unit: "STP", Name: "Sở Tư pháp"}, Coordinating: []plan.Party{{Name: "Văn phòng"}, {Unit: "STC", Name: "Sở Tài chính"}},
				Start: &start, Deadline: plan.InQuarter(2027, 2), Note: " ",
			},
			{Key: "b", Field: "thu-tuc", Name: "Công khai \"thủ tục\"", Product: "Danh mục", Lead: plan.Party{Name: "Phòng Cải cách"}, Deadline: plan.Deadline{Kind: plan.Recurring}},
		},
	}
}

// plannedHash was computed with another program from the text below.
const plannedHash = "4976be402e79b482f370117e0e5b51988c821abf852ed6a1c793973ee98c6ab9"

// A plan's canonical form may never change either.
func TestCanonicalOfTasksIsFrozen(t *testing.T) {
	want := `{"files":[],"figures":{},"form":"kh-cchc-nam","form_version":1,` +
		`"sections":{"I.1":"Mục đích","I.2":"Yêu cầu","II":"Trọng tâm","IV":"Tổ chức"},` +
		`"tasks":[{"coordinating":[{"name":"Văn phòng"},{"name":"Sở Tài chính","unit":"STC"}],"deadline":"2027q2","field":"the-che",` +
		`"key":"a","lead":{"name":"Sở Tư pháp","unit":"STP"},"name":"Rà soát văn bản","product":"Báo cáo","product_kind":"bao-cao",` +
		`"start":"2027-01-04","target":"100% văn bản\nđược rà soát"},` +
		`{"deadline":"recurring","field":"thu-tuc","key":"b","lead":{"name":"Phòng Cải cách"},"name":"Công khai \"thủ tục\"","product":"Danh mục"}]}`
	content := planned()
	if got := string(content.Canonical()); got != want {
		t.Errorf("canonical form\n got %s\nwant %s", got, want)
	}
	if got := content.Hash(); got != plannedHash {
		t.Errorf("hash %s, want %s", got, plannedHash)
	}
	var back form.Content
	if err := json.Unmarshal(content.Canonical(), &back); err != nil || back.Hash() != plannedHash {
		t.Errorf("read back as %+v (%v)", back, err)
	}
}

// A link to the city's plan is part of what is decided on, and is read back whole.
func TestCanonicalOfLinkedTasks(t *testing.T) {
	content := planned()
	content.Tasks[1].City, content.Tasks[1].CityName = "c1", "Công khai thủ tục"
	got := string(content.Canonical())
	if want := `{"city":"c1","city_name":"Công khai thủ tục","deadline":"recurring","field":"thu-tuc","key":"b"`; !strings.Contains(got, want) {
		t.Errorf("canonical form %s", got)
	}
	var back form.Content
	if err := json.Unmarshal(content.Canonical(), &back); err != nil || back.Tasks[1].City != "c1" || back.Hash() != content.Hash() || content.Hash() == plannedHash {
		t.Errorf("read back as %+v (%v)", back, err)
	}
}

// A report knows nothing of tasks: its canonical form, and so every hash that has
// been decided on, is what it was before there were plans.
func TestReportsKeepTheirHashes(t *testing.T) {
	for name, tasks := range map[string][]plan.Task{"no list": nil, "an empty list": {}} {
		content := complete(t)
		before := content.Hash()
		content.Tasks = tasks
		if content.Hash() != before || strings.Contains(string(content.Canonical()), "tasks") {
			t.Errorf("%s: another canonical form: %s", name, content.Canonical())
		}
	}
	if raw, err := json.Marshal(complete(t)); err != nil || strings.Contains(string(raw), "tasks") {
		t.Errorf("a report's JSON: %s (%v)", raw, err)
	}
}

func TestCheckOfPlans(t *testing.T) {
	v, content := yearly(t), planned()
	ctx := form.Context{Own: period.Period{Kind: period.Year, Year: 2027, Number: 1}}
	if result := v.Check(content, ctx); len(result.Errors) > 0 || len(result.Warnings) > 0 {
		t.Errorf("a complete plan: %v, %v", result.Errors, result.Warnings)
	}
	content.Tasks[1].Deadline = plan.InQuarter(2028, 1)
	content.Sections["IV"] = ""
	want := rule.Errors{
		{Code: "section_blank", Field: "section.IV"},
		{Code: plan.DeadlineOutside, Field: "task.b.deadline", Args: []any{2, "2027-01-01", "2027-12-31"}},
	}
	if got := v.Check(content, ctx).Errors; !reflect.DeepEqual(got, want) {
		t.Errorf("all at once:\n got %v\nwant %v", got, want)
	}
	content.Tasks = nil
	if got := v.Check(content, ctx).Errors; !got.Has(plan.Empty) {
		t.Errorf("a plan without tasks: %v", got)
	}
	report := complete(t)
	report.Tasks = planned().Tasks
	if got := quarterly(t).Check(report, form.Context{}).Errors; !got.Has("tasks_unknown") {
		t.Errorf("a report with tasks: %v", got)
	}
}

func TestDifferencesOfPlans(t *testing.T) {
	before, after := planned(), planned()
	if found := form.Differences(before, after); len(found) > 0 {
		t.Errorf("the same plan: %v", found)
	}
	after.Tasks[0].Deadline = plan.InQuarter(2027, 3)
	after.Tasks[1].Key = "c"
	want := []form.Difference{
		{Field: "task.a.deadline", Before: "2027q2", After: "2027q3"},
		{Field: "task.c", After: `2. Công khai "thủ tục"`},
		{Field: "task.b", Before: `2. Công khai "thủ tục"`},
	}
	if found := form.Differences(before, after); !reflect.DeepEqual(found, want) {
		t.Errorf("differences: %+v", found)
	}
	after = planned()
	after.Tasks[0], after.Tasks[1] = after.Tasks[1], after.Tasks[0]
	if found := form.Differences(before, after); len(found) != 1 {
		t.Errorf("two rows that changed places: %+v", found)
	}
}
