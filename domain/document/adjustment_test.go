package document_test

import (
	"slices"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// Every stage against every action in every position: the adjustment moves where the
// table of QD 1439 art. 8.1b, 8.2, 9 and 13.2 says so, and nowhere else.
func TestAdjustmentsGoTheirChain(t *testing.T) {
	const authority = "SNV"
	want := map[string]document.Stage{
		"drafting/submit/specialist":              document.DivisionReview,  // 13.2
		"drafting/discard/specialist":             document.Discarded,       // 13.2
		"division_review/approve/division_head":   document.AuthorityReview, // 8.1b
		"division_review/return/division_head":    document.Drafting,        // 8.2
		"division_review/recall/specialist":       document.Drafting,        // ND 30/2020 18.4
		"authority_review/confirm/officer":        document.Approved,        // 9, 8.1b
		"authority_review/confirm/authority_head": document.Approved,
		"authority_review/return/officer":         document.Drafting, // 8.2
		"authority_review/return/authority_head":  document.Drafting,
	}
	found := 0
	for _, stage := range append(slices.Clone(document.Stages), document.Discarded) {
		for _, action := range append(slices.Clone(document.Actions), document.Discard) {
			for _, role := range staff.Roles {
				unit := "STC"
				if role.AtAuthorityOnly() {
					unit = authority
				}
				s := document.State{Kind: document.Plan, Unit: "STC", Stage: stage, ContentHash: "h", Submitter: 7}
				d := document.Decision{Action: action, Person: 7, Role: string(role), Unit: unit, ContentHash: "h", Reason: "Vì"}
				key := string(stage) + "/" + string(action) + "/" + string(role)
				move, broken := document.NextAdjustment(s, d, authority)
				if to, may := want[key]; may != (broken == nil) || may && move.To != to {
					t.Errorf("%s: %v, %v", key, move.To, broken)
				} else if may {
					found++
				}
				d.Unit = "SYT"
				if _, broken := document.NextAdjustment(s, d, authority); broken == nil {
					t.Errorf("%s from another unit", key)
				}
			}
		}
	}
	if found != len(want) || found != len(document.AdjustmentMoves) {
		t.Errorf("%d moves of %d", found, len(want))
	}
}

func TestAdjustmentsAreRefused(t *testing.T) {
	state := func(stage document.Stage) document.State {
		return document.State{Kind: document.Plan, Unit: "STC", Stage: stage, ContentHash: "h", Submitter: 1, Acted: []document.Part{{Person: 1, Role: "specialist"}}}
	}
	head := document.Decision{Action: document.Approve, Person: 2, Role: "division_head", Unit: "STC", ContentHash: "h"}
	for name, c := range map[string]struct {
		stage  document.Stage
		change func(*document.Decision)
		code   string
	}{
		"other content than on the screen": {document.DivisionReview, func(d *document.Decision) { d.ContentHash = "g" }, "content_changed"},
		"who entered it checks it (8.1b)":  {document.DivisionReview, func(d *document.Decision) { d.Person = 1 }, "acted_before"},
		"returned without a reason (8.2)":  {document.DivisionReview, func(d *document.Decision) { d.Action = document.Return }, "reason_missing"},
		"it lies elsewhere":                {document.AuthorityReview, func(*document.Decision) {}, "stage_moved"},
		"in force":                         {document.Approved, func(*document.Decision) {}, "document_closed"},
		"given up":                         {document.Discarded, func(*document.Decision) {}, "document_closed"},
		"recalled by another specialist": {document.DivisionReview, func(d *document.Decision) {
			d.Action, d.Role, d.Person = document.Recall, "specialist", 3
		}, "not_the_author"},
	} {
		d := head
		c.change(&d)
		if _, broken := document.NextAdjustment(state(c.stage), d, "SNV"); len(broken) != 1 || string(broken[0].Code) != c.code {
			t.Errorf("%s: %v, want %s", name, broken, c.code)
		}
	}
	actor := staff.Actor{Person: 2, Positions: []staff.Position{{Unit: "STC", Role: staff.DivisionHead}}}
	if offers := document.AdjustmentOffers(state(document.DivisionReview), actor, "SNV"); !slices.Equal(offers, []document.Action{document.Approve, document.Return}) {
		t.Errorf("offered %v", offers)
	}
	if _, broken := document.AdjustmentRole(state(document.Drafting), document.Approve, actor, "SNV"); !broken.Has(document.WrongStage) {
		t.Errorf("%v", broken)
	}
	if _, broken := document.AdjustmentRole(state(document.Drafting), document.Confirm, actor, "SNV"); !broken.Has(document.NotYourRole) {
		t.Errorf("%v", broken)
	}
}
