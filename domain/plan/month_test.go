package plan_test

import "testing"

func TestMonthIsThatOfTheNamedDay(t *testing.T) {
	for _, row := range []struct{ deadline, month, source string }{
		{"2028-02-29", "2028-02", "a leap day"},
		{"2027m02", "2027-02", "28/2/2027 is a Sunday and gives way to 1/3 (BLDS art. 148.5): the month stays"},
		{"2028q4", "2028-12", "31/12/2028 is a Sunday: the task stays in its year"},
		{"2027q1", "2027-03", "the last month of the quarter (BLDS art. 146.3c)"},
		{"recurring", "", "judged in every report"},
		{"on_request", "", "nobody has asked"},
		{"", "", "nothing written"},
	} {
		if got := deadline(t, row.deadline).Month(); got != row.month {
			t.Errorf("%s (%s): %q, want %q", row.deadline, row.source, got, row.month)
		}
	}
}
