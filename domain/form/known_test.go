package form_test

import (
	"slices"
	"testing"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// What the unit's plan knows is offered and compared with, never forced (QD 1439
// art. 9; dossier 4: reports 1.1-1.3 pull from the plan, with a reconcile note).
func TestKnownFiguresNeedANoteWhereTheyDiffer(t *testing.T) {
	v := quarterly(t)
	known := map[string]form.Decimal{"1.1": form.DecimalOf(60), "1.2": form.DecimalOf(24), "1.3": form.DecimalOf(40)}
	for _, row := range []struct {
		first, second, reason string
		known                 map[string]form.Decimal
		warned                []string
		missing               bool
		source                string
	}{
		{"60", "24", "", known, nil, false, "the same numbers"},
		{"60", "23", "", known, []string{"figure.1.2"}, true, "one less, and nobody has said why"},
		{"60", "23", "  ", known, []string{"figure.1.2"}, true, "a note of spaces is none"},
		{"60", "23", "Một nhiệm vụ hoàn thành ngoài kế hoạch", known, []string{"figure.1.2"}, false, "with the note it may be handed in; the warning stays for readers"},
		{"60", "", "", known, nil, false, "a blank is told as a blank"},
		{"58", "23", "", nil, nil, false, "no plan, nothing to compare with"},
	} {
		c := complete(t)
		set(t, &c, "1.1", row.first)
		set(t, &c, "1.2", row.second)
		figure := c.Figures["1.2"]
		figure.Reason = row.reason
		c.Figures["1.2"] = figure
		result := v.Check(c, form.Context{WindowEnd: windowEnd, Known: row.known})
		var warned []string
		for _, one := range result.Warnings {
			if one.Code == "figure_known" {
				warned = append(warned, one.Field)
			}
		}
		missing := slices.ContainsFunc(result.Errors, func(e rule.Error) bool { return e.Code == "figure_reason_missing" })
		if !slices.Equal(warned, row.warned) || missing != row.missing {
			t.Errorf("%s: warned at %v, note missing %v", row.source, warned, missing)
		}
	}
	// The computed share follows from its terms and is compared with nothing.
	c := complete(t)
	set(t, &c, "1.1", "60")
	set(t, &c, "1.2", "24")
	if ratio := v.Check(c, form.Context{WindowEnd: windowEnd, Known: known}).Ratios["1.3"]; ratio.String() != "40" {
		t.Errorf("1.3 is %s", ratio)
	}
}

func TestRecallKeepsWhatWasKnownAtTheSubmission(t *testing.T) {
	result := form.Result{Warnings: rule.Broken("figure_change", "figure.1.4", "1", "2", 30)}
	result.Recall(rule.Errors{{Code: "figure_known", Field: "figure.1.2", Args: []any{"24", "23"}}, {Code: "figure_change", Field: "figure.1.5"}})
	if len(result.Warnings) != 2 || result.Warnings[1].Field != "figure.1.2" {
		t.Errorf("%+v", result.Warnings)
	}
}
