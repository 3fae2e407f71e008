package storage_test

import (
	"context"
	"testing"

	"cchc/domain/staff"
)

// Workbooks that nobody took over are forgotten after a while, and at once when their
// plan is no longer in writing.
func TestWorkbooksAreForgotten(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	for i, days := range []int{0, 29, 31} {
		hash := string(rune('a'+i)) + "000000000000000000000000000000000000000000000000000000000000000"
		d.exec(`insert into files (hash, size, media_type) values ($1, 1, 'application/x')`, hash)
		d.exec(`insert into plan_imports (document_id, hash, name, uploaded_by, uploaded_at) values ($1, $2, 'x.xlsx', $3, clock_timestamp() - make_interval(days => $4))`,
			d.id, hash, d.people[staff.Specialist].Person, days)
	}
	for _, step := range []struct {
		arrange string
		want    int64
	}{
		{`select`, 1}, {`select`, 0}, {`update documents set stage = 'division_review'`, 2},
	} {
		d.exec(step.arrange)
		if n, err := d.db.Store.SweepPlanImports(ctx); err != nil || n != step.want {
			t.Errorf("after %q %d are forgotten, %v; want %d", step.arrange, n, err, step.want)
		}
	}
}
