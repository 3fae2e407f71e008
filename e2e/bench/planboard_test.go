package bench

import (
	"fmt"
	"testing"
	"time"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// measurePlanBoards: the boards over the tasks of the year's plans, of the whole city
// and of one unit, beside the statements they run. Engine and worker rest meanwhile.
func (t *town) measurePlanBoards(b *testing.B) {
	t.open(b)
	t.Kill(stack.Worker, stack.Temporal)
	defer t.Revive(stack.Temporal, stack.Worker)
	raw := t.bareReaders(b, readers)
	year := time.Now().Year()
	city := "/campaigns/" + volume.PlanCampaign(year) + "/tasks"
	tasks := t.Count(`select count(*) from plan_tasks`)
	if most := everyone * volume.TasksOfPlan; tasks < most*95/100 {
		b.Fatalf("%d tasks are followed, want some %d", tasks, most)
	}
	b.Logf("%d tasks of %d plans, %d sums", tasks, t.Count(`select count(*) from plan_trackings`), t.Count(`select count(*) from task_tallies`))
	var own, unit string
	if err := t.Owner.QueryRow(`select document_id, unit_code from plan_leads where unit_code like 'ZZ%' order by document_id limit 1`).Scan(&own, &unit); err != nil {
		b.Fatal(err)
	}
	statements := map[string][]recorded{}
	for _, page := range []pageRead{
		{"plan board, by task, 1st and 40th page", volume.Officer, []string{city, city + "?page=40"}, 50},
		{"plan board, by status", volume.Officer, []string{city + "?status=overdue", city + "?status=not_started", city + "?status=done_late"}, 50},
		{"plan board, filtered", volume.Officer, []string{
			fmt.Sprintf("%s?month=%d-06&status=done_in_time", city, year), city + "?field=the-che&group=commune", city + "?lead=" + unit,
		}, 5},
		{"plan board, by lead", volume.Officer, []string{city + "?view=leads", city + "?view=leads&sort=share&page=7", city + "?view=leads&sort=name"}, 0},
		{"plan board, by month", volume.Officer, []string{city + "?view=months", city + "?view=months&field=thu-tuc"}, 0},
		{"plan board of one unit", volume.Username(unit, "specialist"), []string{"/documents/" + own + "/board", "/documents/" + own + "/board?view=months"}, 0},
	} {
		statements[page.name] = t.measurePage(b, page, raw)
	}
	t.explainPages(b, statements)
}
