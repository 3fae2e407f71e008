package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// A save that waits for the document's row sees what was stored while it waited.
func TestSaveThatWaitedSeesTheSubmission(t *testing.T) {
	d := newDesk(t)
	d.exec(`update documents set started = true where id = $1`, d.id)
	submission := d.decision(staff.Specialist, document.Submit)
	tx, err := d.db.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.Exec(`select from documents where id = $1 for no key update`, d.id); err != nil {
		t.Fatal(err)
	}
	saved := make(chan error, 1)
	go func() {
		_, err := d.db.Store.SaveSection(context.Background(), d.id, "I", "Bản khác", 1, d.people[staff.Specialist])
		saved <- err
	}()
	for deadline := time.Now().Add(time.Minute); d.count(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0; {
		if time.Now().After(deadline) {
			t.Fatal("the save does not wait for the document's row")
		}
	}
	const store = `
		insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at)
		values ($1, $2, 'submit', $3, 'specialist', 'STC', 0, $4, clock_timestamp())`
	if _, err := tx.Exec(store, submission.Key, d.id, submission.Actor.Person, submission.ContentHash); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; !has(err, storage.DecisionPending) {
		t.Errorf("saved under a waiting submission: %v", err)
	}
	if state := d.record(); state.Stage != document.DivisionReview {
		t.Errorf("stage %s: what was submitted has changed", state.Stage)
	}
}

// Many saves and a submission at the same moment, round after round: either the
// submission is refused because the content has changed, or no save comes after
// it. A draft never changes under a submission that waits.
func TestSavesAgainstSubmissions(t *testing.T) {
	const rounds, savers = 120, 4
	d := newDesk(t)
	d.exec(`update documents set started = true where id = $1`, d.id)
	ctx, author := context.Background(), d.people[staff.Specialist]
	stored, refused := 0, 0
	for round := range rounds {
		draft, err := d.db.Store.Draft(ctx, d.id)
		if err != nil {
			t.Fatal(err)
		}
		submission := d.decision(staff.Specialist, document.Submit)
		var group sync.WaitGroup
		begin := make(chan struct{})
		for i := range savers {
			section := draft.Form.Sections[i%2].Code
			group.Go(func() {
				<-begin
				time.Sleep(time.Duration(round%12) * 150 * time.Microsecond) // now before, now after
				_, err := d.db.Store.SaveSection(ctx, d.id, section, fmt.Sprintf("Lần %d của %d", round, i), draft.Sections[section].Version, author)
				var conflicts storage.Conflicts
				if err != nil && !errors.As(err, &conflicts) && !has(err, storage.DecisionPending) {
					t.Errorf("save: %v", err)
				}
			})
		}
		var submitted error
		group.Go(func() { <-begin; _, submitted = d.db.Store.AddDecision(ctx, submission) })
		close(begin)
		group.Wait()
		switch {
		case has(submitted, document.ContentChanged):
			refused++
			continue
		case submitted != nil:
			t.Fatal(submitted)
		}
		stored++
		if _, now := d.screen(); now != submission.ContentHash {
			t.Fatalf("round %d: the draft has changed under a submission that waits", round)
		}
		d.exec(`update decisions set outcome = 'refused', answered_at = clock_timestamp() where outcome is null`)
	}
	t.Logf("%d submissions stored, %d refused", stored, refused)
	if stored == 0 || refused == 0 {
		t.Errorf("%d submissions stored, %d refused: they did not meet", stored, refused)
	}
}

// Two people at one section: each version is written by one of them.
func TestSavesAgainstEachOther(t *testing.T) {
	const people, tries = 6, 25
	d := newDesk(t)
	d.exec(`update documents set started = true where id = $1`, d.id)
	written := make([]int, people)
	var group sync.WaitGroup
	for i := range people {
		actor := d.person(fmt.Sprint("p", i), staff.Specialist, "STC")
		group.Go(func() {
			version := 1
			for try := range tries {
				saved, err := d.db.Store.SaveSection(context.Background(), d.id, "I", fmt.Sprintf("%d của %d", try, i), version, actor)
				var conflicts storage.Conflicts
				switch {
				case errors.As(err, &conflicts):
					version = conflicts[0].Version
				case err != nil:
					t.Errorf("save: %v", err)
				case saved.Version != version+1:
					t.Errorf("version %d written over %d", saved.Version, version)
				default:
					version = saved.Version
					written[i]++
				}
			}
		})
	}
	group.Wait()
	sum := 1
	for _, n := range written {
		sum += n
	}
	if version := d.count(`select version from draft_sections where document_id = $1 and section = 'I'`, d.id); version != sum {
		t.Errorf("version %d after %d writes", version, sum)
	}
}
