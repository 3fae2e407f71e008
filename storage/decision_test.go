package storage_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestWholeChainWithOneReturn(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	state := d.must(staff.Officer, document.Return, document.Drafting)
	if state.Status != document.Returned {
		t.Errorf("status %s after a return", state.Status)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	state = d.must(staff.Officer, document.Confirm, document.Approved)
	if !state.Closed || state.Next != nil {
		t.Errorf("approved document still waits: %+v", state)
	}
	if n := d.count(`select count(*) from revisions where document_id = $1`, d.id); n != 2 {
		t.Errorf("%d revisions, want 2: the earlier one stays (QĐ 1439 Đ8.2)", n)
	}
	files, err := d.db.Store.IssuedFiles(context.Background(), d.id)
	if err != nil || len(files) != 2 || files[0].Number == files[1].Number {
		t.Errorf("issued files %+v, %v: want two with numbers of their own", files, err)
	}
	if n := d.count(`select count(*) from tasks where document_id = $1 and closed_at is null`, d.id); n != 0 {
		t.Errorf("%d tasks open on an approved document", n)
	}
	if n := d.count(`select count(*) from history where document_id = $1 and event in ('submit','approve','sign','return','confirm')`, d.id); n != 8 {
		t.Errorf("%d decisions in the history, want 8", n)
	}
	if n := d.count(`select count(*) from documents where status <> case when stage <> 'drafting' then stage when returned then 'returned' when not started then 'not_started' else 'drafting' end`); n != 0 {
		t.Error("the generated status disagrees with its rule")
	}
}

func TestSameKeyIsOneDecision(t *testing.T) {
	d := newDesk(t)
	n := d.decision(staff.Specialist, document.Submit)
	ids := make([]int64, 8)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			id, err := d.db.Store.AddDecision(context.Background(), n)
			if err != nil {
				t.Errorf("click %d: %v", i, err)
			}
			ids[i] = id
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("clicks gave different decisions: %v", ids)
		}
	}
	d.record()
	if id, err := d.db.Store.AddDecision(context.Background(), n); err != nil || id != ids[0] {
		t.Errorf("a replay after the answer: %d, %v", id, err)
	}
	n.Actor = d.people[staff.DivisionHead]
	if _, err := d.db.Store.AddDecision(context.Background(), n); !has(err, storage.KeyReused) {
		t.Errorf("somebody else's key: %v", err)
	}
}

func TestTwoRowsOnOneStageInOrderOfReceipt(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	first := d.decision(staff.DivisionHead, document.Approve)
	d.people["second"] = d.person("head2", staff.DivisionHead, "STC")
	second := d.decision("second", document.Return)
	ctx := context.Background()
	for _, n := range []storage.NewDecision{first, second} {
		if _, err := d.db.Store.AddDecision(ctx, n); err != nil {
			t.Fatal(err)
		}
	}
	if state := d.record(); state.Stage != document.Signing || state.Answered != 2 {
		t.Fatalf("state %+v", state)
	}
	id, err := d.db.Store.AddDecision(ctx, second) // the replay finds its answer
	if err != nil {
		t.Fatal(err)
	}
	answer, err := d.db.Store.DecisionAnswer(ctx, id, second.Actor.Person)
	if err != nil || answer.Outcome != storage.Refused || !answer.Broken.Has(document.WrongStage) {
		t.Errorf("second answer %+v, %v", answer, err)
	}
}

func TestStalePageIsRefused(t *testing.T) {
	d := newDesk(t)
	n := d.decision(staff.Specialist, document.Submit)
	d.exec(`update draft_sections set body = 'Đã đổi' where document_id = $1 and section = 'I'`, d.id)
	if _, err := d.db.Store.AddDecision(context.Background(), n); !has(err, document.ContentChanged) {
		t.Errorf("a submission of other content: %v", err)
	}
}

func TestRevokedAccountIsGoneAtOnceAndEndedRoleIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		revoke string
		want   document.Stage
	}{
		"role ended after receipt": {`update positions set valid_to = clock_timestamp() where person_id = $1`, document.DivisionReview},
		"account closed":           {`update persons set state = 'closed' where id = $1`, document.Drafting},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			n := d.decision(staff.Specialist, document.Submit)
			if _, err := d.db.Store.AddDecision(context.Background(), n); err != nil {
				t.Fatal(err)
			}
			d.exec(c.revoke, n.Actor.Person)
			if state := d.record(); state.Stage != c.want {
				t.Errorf("stage %s, want %s", state.Stage, c.want)
			}
		})
	}
}

func TestNobodyActsTwiceInOneChain(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	both := d.people[staff.Specialist]
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'STC', 'division_head')`, both.Person)
	both.Positions = append(both.Positions, staff.Position{Unit: "STC", Role: staff.DivisionHead})
	d.people[staff.DivisionHead] = both
	if _, err := d.take(staff.DivisionHead, document.Approve); !has(err, document.ActedBefore) {
		t.Errorf("approving one's own submission: %v", err)
	}
}

func TestPoisonedDecisionIsSetAside(t *testing.T) {
	d := newDesk(t)
	// Freezing fails for this document and for no other.
	d.exec(`create function poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$`)
	d.exec(`create trigger poison before insert on revisions for each row execute function poison()`)
	n := d.decision(staff.Specialist, document.Submit)
	id, err := d.db.Store.AddDecision(context.Background(), n)
	if err != nil {
		t.Fatal(err)
	}
	for try := 1; try < 5; try++ {
		if state := d.record(); !state.NeedsLookIn || state.Stage != document.Drafting {
			t.Fatalf("try %d: %+v", try, state)
		}
	}
	if state := d.record(); state.NeedsLookIn {
		t.Fatalf("after five tries: %+v", state)
	}
	answer, err := d.db.Store.DecisionAnswer(context.Background(), id, n.Actor.Person)
	if err != nil || answer.Outcome != storage.Failed {
		t.Errorf("answer %+v, %v", answer, err)
	}
	d.exec(`drop trigger poison on revisions`)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
}

func TestDuePassesOnceAndInsideASigningAttempt(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	state := d.must(staff.DivisionHead, document.Approve, document.Signing)
	ctx := context.Background()
	revision, hash := d.screen()
	in := storage.SigningIntent{Document: d.id, Actor: d.people[staff.Director], Revision: revision, ContentHash: hash}
	attempt, err := d.db.Store.ReserveNumber(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.BeginSigning(ctx, attempt.ID, in, storage.Prepared{PDF: []byte("%PDF"), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}, time.Minute); err != nil {
		t.Fatal(err)
	}
	second := d.person("director2", staff.Director, "STC")
	n := storage.NewDecision{Key: uuid.New(), Document: d.id, Action: document.Return, Actor: second, Revision: revision, ContentHash: hash, Reason: "x"}
	if _, err := d.db.Store.AddDecision(ctx, n); !has(err, document.SigningInProgress) {
		t.Errorf("a return while somebody signs: %v", err)
	}
	for state.Next != nil && !state.Overdue {
		at := state.Next.At
		for range 2 { // the answer of the first call may be lost
			if state, err = d.db.Store.RecordDecisions(ctx, d.id, at, "run-1"); err != nil {
				t.Fatal(err)
			}
			if state.Passed == nil || !state.Passed.At.Equal(at) {
				t.Fatalf("rung %v not passed: %+v", at, state)
			}
			if state.Next != nil && !state.Next.At.After(at) {
				t.Fatalf("next instant %v is not later than %v", state.Next.At, at)
			}
		}
	}
	if !state.Overdue || d.count(`select count(*) from history where document_id = $1 and event = 'due_passed'`, d.id) != 1 {
		t.Errorf("due not passed exactly once: %+v", state)
	}
}

func TestNumbersAreNeverUsedTwice(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	ctx := context.Background()
	revision, hash := d.screen()
	in := storage.SigningIntent{Document: d.id, Actor: d.people[staff.Director], Revision: revision, ContentHash: hash, Number: 7}
	first, err := d.db.Store.ReserveNumber(ctx, in)
	if err != nil || first.NumberText() != "07/BC-STC" {
		t.Fatalf("first number %q, %v", first.NumberText(), err)
	}
	if _, err := d.db.Store.ReserveNumber(ctx, in); !has(err, storage.NumberUsed) {
		t.Errorf("number 7 again: %v", err)
	}
	in.Number = 0
	next, err := d.db.Store.ReserveNumber(ctx, in)
	if err != nil || next.Number != 8 {
		t.Errorf("next number %d, %v", next.Number, err)
	}
	if number, err := d.db.Store.AssignNumber(ctx, d.id, d.people[staff.Clerk], 20); err != nil || number != 20 {
		t.Fatalf("clerk's number %d, %v", number, err)
	}
	if _, err := d.sign(d.people[staff.Director]); err != nil {
		t.Fatal(err)
	}
	files, err := d.db.Store.IssuedFiles(ctx, d.id)
	if err != nil || len(files) != 1 || files[0].Number != 20 {
		t.Errorf("issued %+v, %v: want the clerk's number", files, err)
	}
	if n := d.count(`select count(*) from document_numbers where state = 'void'`); n != 2 {
		t.Errorf("%d void numbers, want 7 and 8", n)
	}
}

// The answer of AddSignedDecision may be lost after its commit: the web then
// abandons the attempt, and the stored decision must still be applied.
func TestAbandoningASignedAttemptLosesNothing(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	ctx := context.Background()
	revision, hash := d.screen()
	in := storage.SigningIntent{Document: d.id, Actor: d.people[staff.Director], Revision: revision, ContentHash: hash}
	attempt, err := d.db.Store.ReserveNumber(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.BeginSigning(ctx, attempt.ID, in, storage.Prepared{PDF: []byte("%PDF"), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}, time.Minute); err != nil {
		t.Fatal(err)
	}
	n := storage.NewDecision{Key: uuid.New(), Document: d.id, Actor: in.Actor, Revision: revision, ContentHash: hash}
	if _, err := d.db.Store.AddSignedDecision(ctx, n, attempt.ID, []byte("%PDF signed")); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.AbandonSigning(ctx, attempt.ID, "failed"); err != nil {
		t.Fatal(err)
	}
	if state := d.record(); state.Stage != document.AuthorityReview {
		t.Errorf("stage %s after the signature", state.Stage)
	}
}

func TestLateRowOnClosedDocument(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	late := d.decision(staff.DivisionHead, document.Approve)
	id, err := d.db.Store.AddDecision(context.Background(), late)
	if err != nil {
		t.Fatal(err)
	}
	d.exec(`update documents set stage = 'exempt', closed_at = now() where id = $1`, d.id)
	if state := d.record(); !state.Closed || state.Answered != 1 {
		t.Errorf("state %+v", state)
	}
	answer, err := d.db.Store.DecisionAnswer(context.Background(), id, late.Actor.Person)
	if err != nil || answer.Outcome != storage.Refused || !answer.Broken.Has(document.Closed) {
		t.Errorf("answer %+v, %v", answer, err)
	}
	if _, err := d.db.Store.AddDecision(context.Background(), d.decision(staff.DivisionHead, document.Approve)); !has(err, document.Closed) {
		t.Errorf("a closed document takes decisions: %v", err)
	}
}

func TestExtensionMovesDueAndLadder(t *testing.T) {
	d := newDesk(t)
	before := d.record()
	n := d.decision(staff.Officer, document.Extend)
	n.Until = before.DueAt
	if _, err := d.db.Store.AddDecision(context.Background(), n); !has(err, document.ExtensionNotLater) {
		t.Errorf("an extension to the same instant: %v", err)
	}
	n.Until = before.DueAt.AddDate(0, 0, 7)
	if _, err := d.db.Store.AddDecision(context.Background(), n); err != nil {
		t.Fatal(err)
	}
	after := d.record()
	if !after.DueAt.Equal(n.Until) || after.Next.At.Equal(before.Next.At) {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestLaunchTwiceIsOneCampaign(t *testing.T) {
	db := storagetest.Open(t)
	d := &desk{t: t, db: db, people: map[staff.Role]staff.Actor{}}
	officer := d.person("officer", staff.Officer, "SNV")
	key := uuid.New()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if code, err := db.Store.LaunchCampaign(context.Background(), key, officer.Person, plan("STC", "SYT")); err != nil || code != "bc-2026q4" {
				t.Errorf("launch: %q, %v", code, err)
			}
		})
	}
	wait.Wait()
	if n := d.count(`select count(*) from documents`); n != 2 {
		t.Errorf("%d documents, want 2", n)
	}
	if _, err := db.Store.LaunchCampaign(context.Background(), uuid.New(), officer.Person, plan("STC")); !has(err, storage.CampaignCodeTaken) {
		t.Errorf("another launch with the same code: %v", err)
	}
}

func TestAppMayNotRewriteHistory(t *testing.T) {
	d := newDesk(t)
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	app := storagetest.OpenAs(t, d.db.URL)
	for _, statement := range []string{
		`update history set event = 'x'`, `delete from history`, `delete from decisions`,
		`update decisions set action = 'confirm'`, `update revisions set content = '{}'`,
		`delete from revisions`, `update audit set action = 'x'`, `drop table history`,
		`delete from signing_attempts`, `delete from document_numbers`,
	} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("cchc_app may: %s", statement)
		}
	}
}

func TestRelayBacksOff(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.record()
	signals := 0
	d.exec(`update documents set wake_at = clock_timestamp() - interval '2 minutes' where id = $1`, d.id)
	d.exec(`update documents set wake_at = null where id <> $1`, d.id)
	// A simulated day: the table is moved back instead of the clock forward.
	for minute := 0; minute < 24*60; minute++ {
		wakes, err := d.db.Store.ClaimWakes(ctx, 10)
		if err != nil {
			t.Fatal(err)
		}
		signals += len(wakes)
		d.exec(`update documents set relay_at = relay_at - interval '1 minute', wake_at = wake_at - interval '1 minute'`)
	}
	if signals == 0 || signals > 40 {
		t.Errorf("%d signals to a stuck workflow in a day, want at most 40", signals)
	}
}

// A decision that nobody has brought forward is told again after three seconds; in a
// rush it is on its way, and telling it again waits.
func TestRelayWaitsInARush(t *testing.T) {
	d := newDesk(t)
	d.record()
	d.exec(`update documents set wake_at = null`)
	for _, row := range []struct {
		why         string
		rows        int
		age         string
		told, again int
	}{
		{"one, just now", 1, "1 second", 0, 0},
		{"one that was not brought forward", 0, "4 seconds", 1, 0},
		{"a rush", 60, "4 seconds", 0, 0},
		{"a rush that does not end", 0, "31 seconds", 1, 0},
	} {
		d.exec(`update documents set relay_at = null, relay_failures = 0`)
		d.exec(`insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, received_at)
			select gen_random_uuid(), $1, 'submit', $2, 'specialist', 'STC', 0, '', clock_timestamp() from generate_series(1, $3)`,
			d.id, d.people[staff.Specialist].Person, row.rows)
		d.exec(`update decisions set received_at = clock_timestamp() - $1::interval where outcome is null`, row.age)
		for _, want := range []int{row.told, row.again} {
			wakes, err := d.db.Store.ClaimWakes(context.Background(), 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(wakes) != want {
				t.Errorf("%s: %d signals, want %d", row.why, len(wakes), want)
			}
		}
	}
}
