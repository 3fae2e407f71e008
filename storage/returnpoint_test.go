package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// sendsBack returns the document with points.
func (d *desk) sendsBack(role staff.Role, points ...document.Point) storage.DocumentState {
	d.t.Helper()
	n := d.decision(role, document.Return)
	n.Points = points
	if _, err := d.db.Store.AddDecision(context.Background(), n); err != nil {
		d.t.Fatal(err)
	}
	return d.record()
}

func (d *desk) points(authoritys bool) []storage.ReturnPoint {
	d.t.Helper()
	points, err := d.db.Store.ReturnPoints(context.Background(), d.id, authoritys)
	if err != nil {
		d.t.Fatal(err)
	}
	return points
}

// QĐ 1439 art. 8.2: what a return asks for is answered before the document is handed in
// again, and stands beside the next review.
func TestReturnPoints(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	must := document.Point{Field: "section.II.2", Must: true, Text: "Nêu rõ nguyên nhân."}
	should := document.Point{Text: "Rút gọn phần mở đầu."}
	bad := d.decision(staff.DivisionHead, document.Return)
	bad.Points = []document.Point{must, {Field: "figure.1.1"}}
	if _, err := d.db.Store.AddDecision(ctx, bad); !has(err, document.PointBlank) {
		t.Errorf("a point without words: %v", err)
	}
	if state := d.sendsBack(staff.DivisionHead, must, should); state.Stage != document.Drafting {
		t.Fatalf("%+v", state)
	}
	points := d.points(false)
	if len(points) != 2 || points[0].Point != must || points[1].Point != should || !points[0].Open() {
		t.Fatalf("%+v", points)
	}
	if d.points(true) != nil {
		t.Error("the authority is told what the unit's own desk has asked for")
	}
	if _, err := d.take(staff.Specialist, document.Submit); !has(err, document.PointOpen) {
		t.Errorf("handed in again with an open point: %v", err)
	}
	author := d.people[staff.Specialist]
	key := uuid.New()
	for range 2 { // a double click
		if err := d.db.Store.AnswerPoint(ctx, key, d.id, points[0].ID, " Đã bổ sung. ", author); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.db.Store.AnswerPoint(ctx, key, d.id, points[0].ID, "Đã bổ sung ở đoạn ba.", author); !has(err, storage.KeyReused) {
		t.Errorf("the same form with other words: %v", err)
	}
	if n := d.count(`select count(*) from point_answers`); n != 1 {
		t.Errorf("%d answers of one click", n)
	}
	for name, err := range map[string]error{
		"blank":    d.db.Store.AnswerPoint(ctx, uuid.New(), d.id, points[0].ID, " ", author),
		"the head": d.db.Store.AnswerPoint(ctx, uuid.New(), d.id, points[0].ID, "x", d.people[staff.DivisionHead]),
	} {
		if !has(err, document.AnswerBlank) && !has(err, document.NotYourRole) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.db.Store.AnswerPoint(ctx, uuid.New(), d.id, points[1].ID+1, "x", author); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a point of nothing: %v", err)
	}
	if got := d.points(false)[0]; got.Answer != "Đã bổ sung." || got.AnsweredBy == "" || got.AnsweredAt == nil {
		t.Errorf("%+v", got)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview) // the other point only should be mended
	if err := d.db.Store.AnswerPoint(ctx, uuid.New(), d.id, points[1].ID, "x", author); !has(err, document.WrongStage) {
		t.Errorf("answered after it was handed in: %v", err)
	}
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	if state := d.sendsBack(staff.Officer); state.Stage != document.Drafting || d.points(false) != nil {
		t.Errorf("a return with a reason alone: %+v, %+v", state, d.points(false))
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	// A return that is refused asks for nothing.
	late := d.decision(staff.DivisionHead, document.Return)
	late.Points = []document.Point{must}
	if _, err := d.db.Store.AddDecision(ctx, late); err != nil {
		t.Fatal(err)
	}
	d.exec(`update decisions set outcome = 'refused', answered_at = clock_timestamp() where key = $1`, late.Key)
	if d.points(false) != nil {
		t.Error("points of a return that was refused")
	}
}
