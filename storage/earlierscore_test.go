package storage_test

import (
	"context"
	"slices"
	"testing"

	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/storage"
)

// TestEarlierScoresGoOnUnderAnotherCode: this year's set has gained a criterion, so those
// behind it are numbered anew; each stands beside its own score of the year before.
func TestEarlierScoresGoOnUnderAnotherCode(t *testing.T) {
	d := newRankDesk(t, "STC")
	d.appraised("STC", 50, nil, nil)
	d.exec(`update index_scores set first = 0 where criterion = '1.1.1'`)
	before, err := period.Parse(d.c.Period)
	if err != nil {
		t.Fatal(err)
	}
	var v storage.AppraisalView
	v.Set = d.c.Set
	v.Set.Criteria = slices.Clone(d.c.Set.Criteria)
	first, second := v.Set.Criteria[0], v.Set.Criteria[1]
	if first.Code != "1.1.1" || second.Code != "1.1.2" {
		t.Fatalf("the set begins with %s and %s", first.Code, second.Code)
	}
	v.Set.Criteria[0] = par.Criterion{Code: "1.1.1", Field: "1", Name: "Tiêu chí mới", Max: 100, Kind: par.YesNo}
	v.Set.Criteria[1].Name, v.Set.Criteria[1].Max = first.Name, first.Max+50
	v.Document.Unit.Code = "STC"
	before.Year++
	v.Document.Campaign.Period = before.Code()

	earlier, err := d.db.Store.EarlierScores(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	if one, has := earlier["1.1.1"]; has {
		t.Errorf("what is new stands beside %s of the year before", one.Criterion)
	}
	one := earlier["1.1.2"]
	if one.Criterion != "1.1.1" || one.Final == nil || *one.Final != 0 || !one.Then.Moved() || one.Then.Alike() {
		t.Errorf("1.1.2 stands beside %+v", one)
	}
	if same := earlier["1.1.3"]; same.Criterion != "1.1.3" || same.Then.Moved() || !same.Then.Alike() || same.Final == nil || *same.Final == 0 {
		t.Errorf("1.1.3 stands beside %+v", same)
	}
	v.Document.Unit.Code = "SYT"
	if none, err := d.db.Store.EarlierScores(context.Background(), v); err != nil || len(none) != 0 {
		t.Errorf("another unit's scores: %v %v", none, err)
	}
}
