package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

func TestDocumentViewStaysWithinScope(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	for name, c := range map[string]struct {
		actor staff.Actor
		sees  bool
	}{
		"own unit":                {d.people[staff.Clerk], true},
		"authority's officer":     {d.people[staff.Officer], true},
		"city leader":             {d.person("viewer", staff.Viewer, "VP"), true},
		"another unit":            {d.person("other", staff.Director, "SYT"), false},
		"account administrator":   {d.person("admin", staff.AccountAdmin, "SNV"), false},
		"nobody":                  {staff.Actor{}, false},
		"the authority as a unit": {d.person("clerk", staff.Clerk, "SNV"), false},
	} {
		v, err := d.db.Store.DocumentView(ctx, c.actor.Reads(), d.id)
		if c.sees && (err != nil || v.ID != d.id || v.Unit.Name != "Sở Tài chính" || v.Campaign.Code != "bc-2026q4") {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
		if !c.sees && !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("%s: %v, want not found", name, err)
		}
	}
}

func TestDocumentViewTellsDeskAndOffers(t *testing.T) {
	d := newDesk(t)
	ctx, all := context.Background(), staff.Scope{All: true}
	view := func() storage.DocumentView {
		t.Helper()
		v, err := d.db.Store.DocumentView(ctx, all, d.id)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := view()
	if v.DeskRole != staff.Specialist || len(v.Holders) != 1 || v.Holders[0].Person != d.people[staff.Specialist].Person {
		t.Errorf("desk while drafting: %+v", v)
	}
	if v.Overdue() || v.Campaign.Due.Cutoff != 1440 || !v.DueAt.Equal(v.Campaign.DueAt) {
		t.Errorf("due: %+v", v)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	if offers := document.Offers(view().State(), d.people[staff.DivisionHead], "SNV"); len(offers) != 2 {
		t.Errorf("offered to the division head: %v", offers)
	}
	// Who has acted is offered nothing in another role.
	both := d.people[staff.Specialist]
	both.Positions = append(both.Positions, staff.Position{Unit: "STC", Role: staff.DivisionHead})
	if offers := document.Offers(view().State(), both, "SNV"); len(offers) != 1 || offers[0] != document.Recall {
		t.Errorf("offered to the author as head: %v, want the recall alone", offers)
	}
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	if v := view(); v.DeskUnit != "SNV" || v.DeskRole != staff.Officer {
		t.Errorf("desk after the signature: %s at %s", v.DeskRole, v.DeskUnit)
	}
	d.must(staff.Officer, document.Confirm, document.Approved)
	if v := view(); v.DeskRole != "" || len(v.Holders) != 0 || v.Overdue() {
		t.Errorf("desk of an approved document: %+v", v)
	}
}

func TestTimelineAndRevisions(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Return, document.Drafting)
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "Đã bổ sung", 1, d.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	events, err := d.db.Store.Timeline(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"submit", "return", "submit", "launched"}
	if len(events) != len(want) {
		t.Fatalf("%d events, want %d", len(events), len(want))
	}
	for i, event := range events {
		if event.Event != want[i] || event.PersonName == "" {
			t.Errorf("event %d: %+v, want %s with a name", i, event, want[i])
		}
	}
	if events[1].Reason != "Lý do" || events[1].Detail["due"] == nil {
		t.Errorf("the return lost its reason or due: %+v", events[1])
	}
	lines, err := d.db.Store.Revisions(ctx, d.id)
	if err != nil || len(lines) != 2 || lines[0].Number != 2 {
		t.Errorf("revisions %+v, %v", lines, err)
	}
	if _, err := d.db.Store.Revision(ctx, d.id, 3); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a revision that is not there: %v", err)
	}
}

func TestWaitingDecisionsAreSeen(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	n := d.decision(staff.Specialist, document.Submit)
	if _, err := d.db.Store.AddDecision(ctx, n); err != nil {
		t.Fatal(err)
	}
	waiting, err := d.db.Store.WaitingDecisions(ctx, d.id)
	if err != nil || len(waiting) != 1 || waiting[0].Key != n.Key || waiting[0].PersonName == "" {
		t.Fatalf("waiting %+v, %v", waiting, err)
	}
	if a, err := d.db.Store.DecisionUnder(ctx, n.Key, n.Actor.Person); err != nil || a.Outcome != "" || a.Document != d.id {
		t.Errorf("found under its key: %+v, %v", a, err)
	}
	if _, err := d.db.Store.DecisionUnder(ctx, n.Key, d.people[staff.DivisionHead].Person); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("somebody else's decision: %v", err)
	}
	d.record()
	if waiting, err = d.db.Store.WaitingDecisions(ctx, d.id); err != nil || len(waiting) != 0 {
		t.Errorf("answered ones still wait: %+v, %v", waiting, err)
	}
}

func TestAnswersComeByNotificationAndWithoutIt(t *testing.T) {
	for name, listening := range map[string]bool{"listening": true, "by reading the row alone": false} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			answers := d.db.Store.Answers()
			ended := make(chan error, 1)
			if listening {
				hear := map[string]func(string){storage.ChannelDecision: answers.Hear}
				go func() { ended <- d.db.Store.Listen(ctx, hear) }()
			}
			waiter := answers.Register()
			defer waiter.Leave()
			n := d.decision(staff.Specialist, document.Submit)
			id, err := d.db.Store.AddDecision(ctx, n)
			if err != nil {
				t.Fatal(err)
			}
			a, err := waiter.Wait(ctx, id, n.Actor.Person, 50*time.Millisecond)
			if err != nil || a.Outcome != "" {
				t.Fatalf("before anything happened: %+v, %v", a, err)
			}
			recorded := make(chan error, 1)
			go func() {
				_, err := d.db.Store.RecordDecisions(ctx, d.id, time.Time{}, "")
				recorded <- err
			}()
			a, err = waiter.Wait(ctx, id, n.Actor.Person, time.Minute)
			if err != nil || a.Outcome != storage.Applied {
				t.Errorf("answer %+v, %v", a, err)
			}
			if err := <-recorded; err != nil {
				t.Fatal(err)
			}
			stop()
			if listening {
				if err := <-ended; err != nil {
					t.Errorf("listener ended with %v", err)
				}
			}
		})
	}
}
