package bench

import (
	"testing"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// measureQueue: the queue of the authority's officer over 4,000 self-assessments, narrowed
// to a field and to a unit, one field on which marks are given, and one appraisal whole;
// beside the statements they run. Engine and worker rest meanwhile.
func (t *town) measureQueue(b *testing.B) {
	t.open(b)
	t.Kill(stack.Worker, stack.Temporal)
	defer t.Revive(stack.Temporal, stack.Worker)
	raw := t.bareReaders(b, readers)
	var document, field string
	if err := t.Owner.QueryRow(`
		select document_id, field from appraisal_fields where appraiser = $1 and finished_at is null order by due_at, document_id, field limit 1`, volume.Authority).Scan(&document, &field); err != nil {
		b.Fatal(err)
	}
	statements := map[string][]recorded{}
	for _, page := range []pageRead{
		{"the appraiser's queue", volume.Officer, []string{"/appraisals"}, 0},
		{"the queue of one field", volume.Officer, []string{"/appraisals?field=" + field}, 0},
		{"the queue, looked through for a unit", volume.Officer, []string{"/appraisals?q=phuong"}, 0},
		{"one field to be marked", volume.Officer, []string{"/appraisals/" + document + "/fields/" + field}, 0},
		{"one appraisal whole", volume.Officer, []string{"/appraisals/" + document}, 0},
	} {
		statements[page.name] = t.measurePage(b, page, raw)
	}
	t.explainPages(b, statements)
}
