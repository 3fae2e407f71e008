package form_test

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/plan"
)

// grouped is a form with indicators "a1 a2 b1" in groups a and b.
func grouped(codes string) form.Version {
	v := form.Version{Code: "bc", Number: 1, Title: "Báo cáo"}
	for code := range strings.FieldsSeq(codes) {
		v.Indicators = append(v.Indicators, form.Indicator{Code: code, Group: code[:1]})
	}
	return v
}

func codes(v form.Version) string {
	var all []string
	for _, one := range v.Indicators {
		all = append(all, one.Group+":"+one.Code)
	}
	return strings.Join(all, " ")
}

func TestReplaceOfAGroup(t *testing.T) {
	for name, row := range map[string]struct{ before, group, rows, want string }{
		"the same":             {"a1 a2 b1 c1", "b", "b1", "a:a1 a:a2 b:b1 c:c1"},
		"order within":         {"a1 a2 b1", "a", "a2 a1", "a:a2 a:a1 b:b1"},
		"added in the middle":  {"a1 b1 c1", "b", "b1 b2", "a:a1 b:b1 b:b2 c:c1"},
		"emptied":              {"a1 b1 c1", "b", "", "a:a1 c:c1"},
		"moved to a later one": {"a1 a2 b1 c1", "a", "a1 c2", "a:a1 b:b1 c:c1 c:c2"},
		"moved to an earlier":  {"a1 b1 b2 c1", "b", "b1 a9", "a:a1 a:a9 b:b1 c:c1"},
		"renamed":              {"a1 b1 b2 c1", "b", "d1 d2", "a:a1 d:d1 d:d2 c:c1"},
		"a group of its own":   {"a1 b1", "z", "z1", "a:a1 b:b1 z:z1"},
	} {
		v := grouped(row.before)
		got := codes(v.Replace(form.Part{Kind: form.PartIndicator, Group: row.group}, grouped(row.rows)))
		if got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
		if codes(v) != codes(grouped(row.before)) {
			t.Errorf("%s: the original has become %s", name, codes(v))
		}
	}
}

func TestPartsOfAForm(t *testing.T) {
	v := quarterly(t)
	other := quarterly(t)
	other.Title, other.Sections, other.Checks = "Khác", other.Sections[1:], nil
	parts := []form.Part{{Kind: form.PartGeneral}, {Kind: form.PartSection}, {Kind: form.PartCheck}, {Kind: form.PartIndicator, Group: v.Groups()[0]}}
	for i, part := range parts {
		if differs := !v.Same(part, other); differs != (i < 3) {
			t.Errorf("%+v differs: %v", part, differs)
		}
		if taken := v.Replace(part, other); !taken.Same(part, other) {
			t.Errorf("%+v is not taken over", part)
		}
	}
	if !v.Same(form.Part{Kind: form.PartCheck}, quarterly(t)) {
		t.Error("a form differs from itself")
	}
}

func TestGroupsMove(t *testing.T) {
	v := grouped("a1 a2 b1 c1")
	for name, row := range map[string]struct {
		group string
		up    bool
		want  string
	}{
		"up":        {"b", true, "b:b1 a:a1 a:a2 c:c1"},
		"down":      {"a", false, "b:b1 a:a1 a:a2 c:c1"},
		"first up":  {"a", true, "a:a1 a:a2 b:b1 c:c1"},
		"last down": {"c", false, "a:a1 a:a2 b:b1 c:c1"},
		"unknown":   {"z", false, "a:a1 a:a2 b:b1 c:c1"},
	} {
		if got := codes(v.MoveGroup(row.group, row.up)); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
	if got := v.AddGroup("Khác").Indicators[4]; got != form.NewIndicator("Khác", "4.1") {
		t.Errorf("a new group begins with %+v", got)
	}
	if got := v.AddGroup("b"); len(got.Indicators) != 4 || !slices.Equal(got.Groups(), []string{"a", "b", "c"}) {
		t.Errorf("a group that exists was added: %s", codes(got))
	}
}

func TestReplaceOfCriteria(t *testing.T) {
	criterion := func(code, field string) par.Criterion {
		return par.Criterion{Code: code, Field: field, Max: 100, Kind: par.YesNo}
	}
	v := form.Version{Index: &par.Set{
		Total: 300, Fields: []par.Field{{Code: "1", Name: "Một"}, {Code: "2", Name: "Hai"}},
		Criteria: []par.Criterion{criterion("1.1", "1"), criterion("1.2", "1"), criterion("2.1", "2")},
	}}
	order := func(v form.Version) string {
		var all []string
		for _, c := range v.Index.Criteria {
			all = append(all, c.Field+":"+c.Code)
		}
		return strings.Join(all, " ")
	}
	first := form.Part{Kind: form.PartCriterion, Group: "1"}
	rows := form.Version{Index: &par.Set{Criteria: []par.Criterion{criterion("1.2", "1"), criterion("1.1", "2")}}}
	if got := order(v.Replace(first, rows)); got != "1:1.2 2:2.1 2:1.1" {
		t.Errorf("moved to another field: %s", got)
	}
	fields := form.Part{Kind: form.PartField}
	turned := v.Replace(fields, form.Version{Index: &par.Set{Fields: []par.Field{{Code: "2", Name: "Hai"}}}})
	if got := order(turned); got != "2:2.1 1:1.1 1:1.2" || len(turned.Index.Fields) != 2 {
		t.Errorf("a field with criteria was taken out: %s, %v", got, turned.Index.Fields)
	}
	if !v.Same(first, turned) || v.Same(fields, turned) {
		t.Error("parts are not told apart")
	}
	scaled := v.Replace(form.Part{Kind: form.PartScale}, form.Version{Index: &par.Set{Total: 500}})
	if scaled.Index.Total != 500 || order(scaled) != order(v) || v.Index.Total != 300 {
		t.Errorf("%+v", scaled.Index)
	}
	changes := form.Changes(v, scaled.Replace(first, rows), form.Mapping{})
	var got []string
	for _, c := range changes {
		got = append(got, c.Part+" "+c.How+" "+c.Code)
	}
	if want := "scale changed , criterion changed 1.1, criterion moved 1.1"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

// The parts of a plan's form are saved apart, and their differences are told.
func TestPartsOfAPlansTable(t *testing.T) {
	before := form.Version{Code: "kh", Title: "Kế hoạch", Plan: &plan.Table{
		Fields:   []plan.Choice{{Code: "the-che", Name: "Thể chế"}, {Code: "tai-chinh", Name: "Tài chính công"}},
		Products: []plan.Choice{{Code: "bao-cao", Name: "Báo cáo"}}, Deadline: plan.DefaultDeadlineRule(),
	}}
	fields, products := form.Part{Kind: form.PartPlanField}, form.Part{Kind: form.PartPlanProduct}
	typed := form.Version{Plan: &plan.Table{
		Fields:   []plan.Choice{{Code: "tai-chinh", Name: "Tài chính công"}, {Code: "so", Name: "Chuyển đổi số"}},
		Deadline: plan.DeadlineRule{ExcludesDate: true, Cutoff: 1440, Shift: period.ShiftNone},
	}}
	after := before.Replace(fields, typed)
	if after.Same(fields, before) || !after.Same(products, before) || !after.Same(form.Part{Kind: form.PartSection}, before) || len(before.Plan.Fields) != 2 || before.Plan.Fields[0].Code != "the-che" {
		t.Errorf("%+v, it was %+v", after.Plan, before.Plan)
	}
	var told []string
	for _, one := range form.Changes(before, after, form.Mapping{}) {
		told = append(told, one.Part+" "+one.How+" "+one.Code)
	}
	want := []string{"plan_field changed ", "plan_field added so", "plan_field removed the-che"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	after = after.Replace(products, form.Version{Plan: &plan.Table{}})
	if len(after.Plan.Products) != 0 || after.Plan.Deadline.Shift != period.ShiftNone {
		t.Errorf("%+v", after.Plan)
	}
}
