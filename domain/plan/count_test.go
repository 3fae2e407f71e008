package plan_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/plan"
)

// The window of the fourth quarter ends on 14/12 (NĐ 09/2019 art. 12.2), that of the
// first on 14/3.
func TestCountOnTheLastDayOfAWindow(t *testing.T) {
	on := func(iso string) *calendar.Day { d := day(t, iso); return &d }
	tasks := []plan.Dated{
		{}, {Done: on("2027-03-14")}, {Done: on("2027-03-15")}, {Done: on("2027-12-14")}, {Done: on("2027-12-15")},
		{Cancelled: on("2027-06-14")}, {Cancelled: on("2027-06-15")}, {Done: on("2027-05-31"), Cancelled: on("2027-09-01")},
		{Added: on("2027-06-20"), Done: on("2027-12-31")},
	}
	for _, row := range []struct {
		last        string
		tasks, done int
		source      string
	}{
		{"2026-12-14", 8, 0, "before the year: nothing is completed"},
		{"2027-03-13", 8, 0, "the day before the first result"},
		{"2027-03-14", 8, 1, "QD 1439 art. 3.6: the window's last day is in it"},
		{"2027-03-15", 8, 2, "1.2 counts from the year's first day on"},
		{"2027-06-14", 7, 3, "dossier 4: a task taken out is planned no more"},
		{"2027-06-15", 6, 3, "on the adjustment's own day"},
		{"2027-06-19", 6, 3, "an adjustment that comes later puts no task into an earlier window"},
		{"2027-06-20", 7, 3, "on the day on which it comes into force"},
		{"2027-09-01", 6, 2, "completed and then taken out: in neither number, so that 1.2 <= 1.1"},
		{"2027-12-14", 6, 3, "the window of the fourth quarter"},
		{"2027-12-31", 6, 5, "the year's last day"},
	} {
		if got := plan.CountOn(tasks, day(t, row.last)); got.Tasks != row.tasks || got.Done != row.done {
			t.Errorf("on %s (%s): %+v, want %d of %d", row.last, row.source, got, row.done, row.tasks)
		}
	}
	if got := plan.CountOn(nil, day(t, "2027-03-14")); got != (plan.Count{}) {
		t.Errorf("an empty plan counts %+v", got)
	}
}
