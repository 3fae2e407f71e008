package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// bench is a desk whose self-assessment has been handed in, with people to appraise it.
type bench struct {
	*desk
	appraisers map[string]staff.Actor // by unit
}

// handedIn hands in a self-assessment that claims no points; STC owns a field of the
// criteria itself, STP, VP and SKHCN one each, the authority the others.
func handedIn(t *testing.T) *bench {
	t.Helper()
	d := indexDesk(t)
	d.answerAll()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	if _, err := d.sign(d.people[staff.Director]); err != nil {
		t.Fatal(err)
	}
	b := &bench{desk: d, appraisers: map[string]staff.Actor{"SNV": d.people[staff.Officer]}}
	for _, unit := range []string{"STP", "VP", "SKHCN"} {
		b.appraisers[unit] = d.person("appraiser", staff.Specialist, unit)
	}
	return b
}

func (b *bench) view(actor staff.Actor) storage.AppraisalView {
	b.t.Helper()
	v, err := b.db.Store.Appraisal(context.Background(), b.id, actor)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b *bench) stage() appraisal.Stage {
	b.t.Helper()
	return appraisal.Stage(b.text(`select stage from appraisals where document_id = $1`, b.id))
}

func (b *bench) by(field string) staff.Actor {
	b.t.Helper()
	return b.appraisers[b.text(`select appraiser from appraisal_fields where document_id = $1 and field = $2`, b.id, field)]
}

// give marks one criterion as whoever appraises its field.
func (b *bench) give(criterion string, points par.Points, reason string) error {
	c, _ := b.view(b.people[staff.Officer]).Set.Criterion(criterion)
	who := b.by(c.Field)
	seen := int64(0)
	for _, one := range b.view(who).Criteria {
		if one.Code == criterion {
			seen = one.Newest
		}
	}
	return b.db.Store.SaveMarks(context.Background(), storage.NewMarks{
		Key: uuid.New(), Document: b.id, Field: c.Field, Actor: who,
		Marks: []storage.MarkGiven{{Criterion: criterion, Points: points, Reason: reason, Seen: seen}},
	})
}

func (b *bench) agree(field string) int {
	b.t.Helper()
	who := b.by(field)
	var asked []string
	for _, c := range b.view(who).Criteria {
		if c.Field == field {
			asked = append(asked, c.Code)
		}
	}
	n, err := b.db.Store.AgreeAll(context.Background(), storage.NewMarks{Key: uuid.New(), Document: b.id, Field: field, Actor: who}, asked)
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

// decide takes a step; of finish, bound to what stands.
func (b *bench) decideStep(d storage.AppraisalDecision) error {
	b.t.Helper()
	if d.Key == uuid.Nil {
		d.Key = uuid.New()
	}
	d.Document = b.id
	return b.db.Store.DecideAppraisal(context.Background(), d)
}

func (b *bench) finish(field string) error {
	b.t.Helper()
	who := b.by(field)
	for _, f := range b.view(who).Fields {
		if f.Code == field {
			return b.decideStep(storage.AppraisalDecision{Action: appraisal.Finish, Field: field, Seen: f.Newest, Actor: who})
		}
	}
	b.t.Fatalf("no field %s", field)
	return nil
}

// markAll takes over what stands wherever nothing is marked yet, gives a remark where one
// is asked for, and finishes every field that waits.
func (b *bench) markAll() {
	b.t.Helper()
	for _, f := range b.view(b.people[staff.Officer]).Fields {
		if f.FinishedAt != nil {
			continue
		}
		b.agree(f.Code)
		for _, c := range b.view(b.by(f.Code)).Criteria {
			if c.Field == f.Code && c.Asked && !c.Marked {
				if err := b.give(c.Code, c.Appraised.Self.Points, "Đã xem hồ sơ"); err != nil {
					b.t.Fatal(err)
				}
			}
		}
		if err := b.finish(f.Code); err != nil {
			b.t.Fatal(err)
		}
	}
}

// age lets the present round have begun so many days earlier.
func (b *bench) age(days int) {
	b.exec(`update appraisals set round_at = round_at - $2 * interval '1 day', rung_at = rung_at - $2 * interval '1 day' where document_id = $1`, b.id, days)
}

func (b *bench) track() storage.AppraisalState {
	b.t.Helper()
	state, err := b.db.Store.TrackAppraisal(context.Background(), b.id, time.Time{}, "")
	if err != nil {
		b.t.Fatal(err)
	}
	return state
}

func (b *bench) explainDraft(criterion, text string) {
	b.t.Helper()
	_, err := b.db.Store.SaveExplanations(context.Background(), b.id, []storage.ExplanationChange{{Criterion: criterion, Text: text}}, b.people[staff.Specialist])
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) explain() error {
	b.t.Helper()
	return b.decideStep(storage.AppraisalDecision{Action: appraisal.Explain, Hash: b.view(b.people[staff.Director]).DraftHash, Actor: b.people[staff.Director]})
}

func codesOf(err error) []rule.Code {
	var broken rule.Errors
	errors.As(err, &broken)
	var codes []rule.Code
	for _, one := range broken {
		codes = append(codes, one.Code)
	}
	return codes
}

func (b *bench) refused(what string, err error, want rule.Code) {
	b.t.Helper()
	if codes := codesOf(err); !slices.Contains(codes, want) {
		b.t.Errorf("%s: %v, want %s", what, err, want)
	}
}
