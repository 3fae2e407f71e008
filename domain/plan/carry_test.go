package plan_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/plan"
)

func TestTasksAreCarriedIntoALaterYear(t *testing.T) {
	for deadline, want := range map[string]string{
		"2026-06-30": "2027-06-30", "2028-02-29": "2027-02-28", "2026-02-28": "2027-02-28", "2026-12-31": "2027-12-31",
		"2026m06": "2027m06", "2026q4": "2027q4", "recurring": "recurring", "on_request": "on_request", "": "",
	} {
		stood, err := plan.ParseDeadline(deadline)
		if err != nil {
			t.Fatal(err)
		}
		start := calendar.Date(2026, 2, 1)
		task := plan.Task{Key: "a", Field: "the-che", Name: "Rà soát", ProductKind: "phim", Lead: plan.Party{Unit: "STC", Name: "Sở Tài chính"}, Start: &start, Deadline: stood, City: "c1", CityName: "Việc của Thành phố"}
		carried := reader().Table.Carry(task, 2027)
		if got := carried.Deadline.Code(); got != want {
			t.Errorf("%q is carried as %q, want %q", deadline, got, want)
		}
		if carried.Start != nil || carried.City != "" || carried.CityName != "" || carried.ProductKind != "" || carried.Field != "the-che" || carried.Key != "a" || carried.Name != task.Name || carried.Lead != task.Lead {
			t.Errorf("carried as %+v", carried)
		}
	}
	if carried := reader().Table.Carry(plan.Task{Key: "a", Field: "cu"}, 2027); carried.Field != "" {
		t.Errorf("a field that the table does not have is carried as %q", carried.Field)
	}
}
