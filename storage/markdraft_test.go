package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// typed keeps what somebody types about a criterion of field 2, on a form of its own.
func (b *bench) typed(who staff.Actor, changes ...storage.MarkChange) (map[string]storage.Saved, error) {
	return b.db.Store.SaveMarkDrafts(context.Background(), storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: who, Typed: changes})
}

func (b *bench) drafts() map[string]storage.MarkDraft {
	b.t.Helper()
	drafts, err := b.db.Store.MarkDrafts(context.Background(), b.view(b.appraisers["STP"]))
	if err != nil {
		b.t.Fatal(err)
	}
	return drafts
}

// What is typed is kept and gives nothing; colleagues never write over each other unseen,
// neither a draft nor a mark; a mark makes the drafts before it moot.
func TestMarksAreKeptWhileTheyAreTyped(t *testing.T) {
	b := handedIn(t)
	who, colleague := b.appraisers["STP"], b.person("colleague", staff.Specialist, "STP")
	name := b.text(`select name from persons where id = $1`, who.Person)
	change := func(points, reason string, base int) storage.MarkChange {
		return storage.MarkChange{TypedMark: par.TypedMark{Criterion: "2.4.1", Points: points, Reason: reason}, Base: base}
	}
	saved, err := b.typed(who, change("0,", "Mới xử lý", 0), storage.MarkChange{TypedMark: par.TypedMark{Criterion: "2.3.1"}})
	if err != nil || saved["2.4.1"].Version != 1 || saved["2.3.1"].Version != 0 {
		t.Fatalf("%+v, %v", saved, err)
	}
	if n := b.count(`select count(*) from appraisal_marks where document_id = $1`, b.id); n != 0 {
		t.Errorf("typing gave %d marks", n)
	}
	if draft := b.drafts()["2.4.1"]; !draft.Waits || draft.Points != "0," || draft.By != name {
		t.Errorf("%+v", draft)
	}
	// The same again is no other version, and what is blank takes nothing away from a colleague.
	if saved, err = b.typed(who, change("0,", "Mới xử lý", 0)); err != nil || saved["2.4.1"].Version != 1 {
		t.Errorf("%+v, %v", saved, err)
	}
	if _, err = b.typed(colleague, change("", "", 0)); err != nil || b.drafts()["2.4.1"].Points != "0," {
		t.Errorf("%v, %+v", err, b.drafts()["2.4.1"])
	}
	_, err = b.typed(colleague, change("1", "", 0), storage.MarkChange{TypedMark: par.TypedMark{Criterion: "2.3.1", Points: "0,25"}})
	var conflicts storage.Conflicts
	if !errors.As(err, &conflicts) || len(conflicts) != 1 || conflicts[0].Mark.Points != "0," || conflicts[0].Version != 1 || conflicts[0].Given {
		t.Fatalf("%+v, %v", conflicts, err)
	}
	if b.drafts()["2.3.1"].Points != "0,25" {
		t.Error("what nobody else had typed was not kept")
	}

	// A mark over what a colleague has typed since is refused, and taking over the rest leaves it.
	given := storage.MarkGiven{Criterion: "2.4.1", Points: 50, Reason: "Mới xử lý"}
	give := func(actor staff.Actor, m storage.MarkGiven) error {
		return b.db.Store.SaveMarks(context.Background(), storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: actor, Marks: []storage.MarkGiven{m}})
	}
	var broken rule.Errors
	if err := give(colleague, given); !errors.As(err, &broken) || broken[0].Code != storage.MarkOvertaken || broken[0].Args[0] != name {
		t.Errorf("%v: gave a mark over a draft of somebody else", err)
	}
	b.agree("2")
	if n := b.count(`select count(*) from appraisal_marks where document_id = $1 and criterion = any($2)`, b.id, `{2.3.1,2.4.1}`); n != 0 {
		t.Errorf("%d criteria were agreed to although somebody typed about them", n)
	}
	given.Base = 1
	if err := give(who, given); err != nil {
		t.Fatal(err)
	}
	if draft := b.drafts()["2.4.1"]; draft.Waits {
		t.Errorf("%+v waits although it was given", draft)
	}
	_, err = b.typed(colleague, change("1", "Đủ", 1))
	if conflicts = nil; !errors.As(err, &conflicts) || !conflicts[0].Given || conflicts[0].Mark.Points != "0,50" || conflicts[0].Seen == 0 {
		t.Errorf("%+v, %v", conflicts, err)
	}
	// What says the mark in other digits changes nothing.
	if _, err := b.typed(who, change("0,5", "Mới xử lý", 1)); err != nil || b.drafts()["2.4.1"].Waits {
		t.Errorf("%v, %+v", err, b.drafts()["2.4.1"])
	}

	// Nobody else's field, nobody outside.
	if _, err := b.typed(b.appraisers["VP"], change("1", "", 1)); !errors.As(err, &broken) {
		t.Errorf("%v: another department typed here", err)
	}
	if _, err := b.typed(who, storage.MarkChange{TypedMark: par.TypedMark{Criterion: "1.1.1", Points: "1"}}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("%v: a criterion of another field", err)
	}
}
