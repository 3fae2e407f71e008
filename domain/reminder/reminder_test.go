package reminder_test

import (
	"testing"

	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/reminder"
)

func TestStepsOfEveryKindHold(t *testing.T) {
	for _, kind := range reminder.Kinds {
		if broken := reminder.Validate(kind, reminder.Default(kind)); broken != nil {
			t.Errorf("%s comes with %v", kind, broken)
		}
		if got := (reminder.Ladders{}).Of(kind); !got.Same(reminder.Default(kind)) {
			t.Errorf("%s: %v", kind, got)
		}
	}
	own := period.Ladder{{Code: "after_1", WorkingDays: 1, To: []string{period.ToHolder}}}
	if got := (reminder.Ladders{reminder.Task: own}).Of(reminder.Task); !got.Same(own) {
		t.Errorf("what was laid down does not hold: %v", got)
	}
}

func TestWhatStepsMustBe(t *testing.T) {
	holder := []string{period.ToHolder}
	due, before, after := period.Rung{Code: "due", To: holder}, period.Rung{Code: "before_1", WorkingDays: -1, To: holder}, period.Rung{Code: "after_1", WorkingDays: 1, To: holder}
	hours := period.Rung{Code: "after_2h", Hours: 2, To: holder}
	for name, one := range map[string]struct {
		kind  reminder.Kind
		steps period.Ladder
		code  string
		field string
	}{
		"a report without a step at its due":     {reminder.Report, period.Ladder{before, after}, string(campaign.LadderNeedsDue), "ladder"},
		"the authority without one":              {reminder.Confirm, period.Ladder{after}, string(campaign.LadderNeedsDue), "ladder"},
		"a task needs none":                      {reminder.Task, period.Ladder{before}, "", ""},
		"an adjustment has no due":               {reminder.Adjustment, period.Ladder{after, due}, string(reminder.AfterOnly), "ladder.1"},
		"nor a time before it":                   {reminder.Adjustment, period.Ladder{before}, string(reminder.AfterOnly), "ladder.0"},
		"hours after it came are well":           {reminder.Adjustment, period.Ladder{hours}, "", ""},
		"an appraisal may be left alone at last": {reminder.Appraisal, period.Ladder{before}, "", ""},
		"no steps at all":                        {reminder.Task, nil, "ladder_empty", "ladder"},
		"no such kind":                           {"news", period.Ladder{due}, string(reminder.KindUnknown), ""},
	} {
		broken := reminder.Validate(one.kind, one.steps)
		switch {
		case one.code == "" && broken != nil:
			t.Errorf("%s: %v", name, broken)
		case one.code != "" && (len(broken) != 1 || string(broken[0].Code) != one.code || broken[0].Field != one.field):
			t.Errorf("%s: %v", name, broken)
		}
	}
}
