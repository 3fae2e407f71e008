package document_test

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

const authority = "SNV"

var due = time.Date(2026, 12, 17, 0, 0, 0, 0, time.UTC)

// at is a report of STC, revision 1, at the stage.
func at(stage document.Stage) document.State {
	return document.State{
		Kind: document.Report, Unit: "STC", Stage: stage, Revision: 1,
		ContentHash: "h1", Submitter: 1, DueAt: due,
	}
}

// by is a well-formed decision of person 9 on what is on the screen.
func by(action document.Action, role staff.Role, unit string) document.Decision {
	return document.Decision{
		Action: action, Person: 9, Role: string(role), Unit: unit, Revision: 1,
		ContentHash: "h1", Reason: "Thiếu số liệu", Until: due.AddDate(0, 0, 3),
	}
}

// The chain of QĐ 1439 Đ8.1b, what returns (Đ8.2), what only the authority may
// do (Đ15.1), and every desk that may not.
func TestNext(t *testing.T) {
	D, V, S, A := document.Drafting, document.DivisionReview, document.Signing, document.AuthorityReview
	for _, c := range []struct {
		source string
		from   document.Stage
		d      document.Decision
		to     document.Stage
		code   rule.Code
	}{
		{"Đ8.1b", D, by(document.Submit, staff.Specialist, "STC"), V, ""},
		{"Đ8.1b", V, by(document.Approve, staff.DivisionHead, "STC"), S, ""},
		{"Đ8.1b", S, by(document.Sign, staff.Director, "STC"), A, ""},
		{"Đ8.1b", A, by(document.Confirm, staff.Officer, authority), document.Approved, ""},
		{"Đ8.1b", A, by(document.Confirm, staff.AuthorityHead, authority), document.Approved, ""},
		{"Đ8.2", V, by(document.Return, staff.DivisionHead, "STC"), D, ""},
		{"Đ8.2", S, by(document.Return, staff.Director, "STC"), D, ""},
		{"Đ8.2", A, by(document.Return, staff.Officer, authority), D, ""},
		{"Đ15.1", D, by(document.Extend, staff.Officer, authority), D, ""},
		{"Đ15.1", S, by(document.Extend, staff.Officer, authority), S, ""},
		{"Đ15.1", D, by(document.Exempt, staff.Officer, authority), document.Exempted, ""},
		{"Đ5.1 another unit", D, by(document.Submit, staff.Specialist, "SYT"), "", document.NotYourRole},
		{"Đ5.1 wrong role", V, by(document.Approve, staff.Specialist, "STC"), "", document.NotYourRole},
		{"Đ5.1 officer of a unit", A, by(document.Confirm, staff.Officer, "STC"), "", document.NotYourRole},
		{"Đ8.1b no step skipped", D, by(document.Approve, staff.DivisionHead, "STC"), "", document.WrongStage},
		{"Đ8.1b no step skipped", V, by(document.Sign, staff.Director, "STC"), "", document.WrongStage},
		{"Đ8.1b no step skipped", S, by(document.Confirm, staff.Officer, authority), "", document.WrongStage},
		{"Đ8.1b done", document.Approved, by(document.Return, staff.Officer, authority), "", document.Closed},
		{"exempt is closed", document.Exempted, by(document.Submit, staff.Specialist, "STC"), "", document.Closed},
		{"Đ8.2 mở lại để bổ sung", document.Approved, by(document.Reopen, staff.Officer, authority), D, ""},
		{"Đ8.2 lãnh đạo Sở Nội vụ mở lại", document.Approved, by(document.Reopen, staff.AuthorityHead, authority), D, ""},
		{"Đ5.1 đơn vị không tự mở lại", document.Approved, by(document.Reopen, staff.Director, "STC"), "", document.NotYourRole},
		{"Đ5.1 chuyên viên của đơn vị khác", document.Approved, by(document.Reopen, staff.Officer, "STC"), "", document.NotYourRole},
		{"đang mở thì không mở lại", A, by(document.Reopen, staff.Officer, authority), "", document.WrongStage},
		{"miễn rồi thì không mở lại", document.Exempted, by(document.Reopen, staff.Officer, authority), "", document.Closed},
		{"Đ8.3b chỉ số đã nộp thì không mở lại", document.HandedIn, by(document.Reopen, staff.Officer, authority), "", document.Closed},
		{"đã duyệt thì không gia hạn", document.Approved, by(document.Extend, staff.Officer, authority), "", document.Closed},
		{"Đ11.5 chưa ký thì không tính lại hạn nộp", D, by(document.Excuse, staff.Officer, authority), "", document.NotSigned},
		{"Đ15.1 đơn vị không tự tính lại", A, by(document.Excuse, staff.Director, "STC"), "", document.NotYourRole},
		{"miễn rồi thì không tính lại", document.Exempted, by(document.Excuse, staff.Officer, authority), "", document.Closed},
		{"Đ8.1b, Đ11.5 hạn của chính Sở Nội vụ", A, by(document.Prolong, staff.Officer, authority), A, ""},
		{"Đ11.5 ở đơn vị thì hạn của đơn vị được gia hạn", D, by(document.Prolong, staff.Officer, authority), "", document.WrongStage},
		{"Đ15.1 đơn vị không tự gia hạn xác nhận", A, by(document.Prolong, staff.Director, "STC"), "", document.NotYourRole},
		{"đã xác nhận thì không còn hạn xác nhận", document.Approved, by(document.Prolong, staff.Officer, authority), "", document.Closed},
		{"đã duyệt thì không miễn", document.Approved, by(document.Exempt, staff.Officer, authority), "", document.Closed},
		{"unknown", D, by("publish", staff.Specialist, "STC"), "", document.UnknownAction},
	} {
		move, broken := document.Next(at(c.from), c.d, authority)
		if c.code != "" {
			if !broken.Has(c.code) {
				t.Errorf("%s: %s at %s: %v, want %s", c.source, c.d.Action, c.from, broken, c.code)
			}
			continue
		}
		if broken != nil || move.To != c.to {
			t.Errorf("%s: %s at %s: to %q, %v, want %s", c.source, c.d.Action, c.from, move.To, broken, c.to)
		}
	}
}

func TestNextRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*document.State, *document.Decision)
		code   rule.Code
	}{
		"other content than on the screen": {func(s *document.State, _ *document.Decision) { s.ContentHash = "h2" }, document.ContentChanged},
		"other revision":                   {func(s *document.State, _ *document.Decision) { s.Revision = 2 }, document.ContentChanged},
		"acted before as author": {func(s *document.State, d *document.Decision) {
			s.Acted = []document.Part{{Person: d.Person, Role: string(staff.Specialist)}}
		}, document.ActedBefore},
		"no reason":    {func(_ *document.State, d *document.Decision) { d.Reason = " \n" }, document.ReasonMissing},
		"being signed": {func(s *document.State, _ *document.Decision) { s.SigningBy = 5 }, document.SigningInProgress},
		"reason too long": {func(_ *document.State, d *document.Decision) {
			d.Reason = strings.Repeat("ă", document.ReasonMax+1)
		}, document.ReasonTooLong},
	} {
		s, d := at(document.Signing), by(document.Return, staff.Director, "STC")
		if _, broken := document.Next(s, d, authority); broken != nil {
			t.Fatalf("the unchanged decision is refused: %v", broken)
		}
		c.change(&s, &d)
		if _, broken := document.Next(s, d, authority); !broken.Has(c.code) {
			t.Errorf("%s: %v, want %s", name, broken, c.code)
		}
	}
}

func TestSameRoleAgainMayAct(t *testing.T) {
	s, d := at(document.AuthorityReview), by(document.Confirm, staff.Officer, authority)
	s.Acted = []document.Part{{Person: d.Person, Role: string(staff.Officer)}} // returned it the first time
	if _, broken := document.Next(s, d, authority); broken != nil {
		t.Errorf("the officer who returned it may confirm the next revision: %v", broken)
	}
}

func TestRecallIsTheAuthorsAndOnlyUntilTheNextDeskDecides(t *testing.T) {
	d := by(document.Recall, staff.Specialist, "STC")
	d.Person = 1
	if move, broken := document.Next(at(document.DivisionReview), d, authority); broken != nil || move.To != document.Drafting {
		t.Errorf("the author's recall: %v", broken)
	}
	if _, broken := document.Next(at(document.Signing), d, authority); !broken.Has(document.WrongStage) {
		t.Errorf("a recall after the division head decided: %v", broken)
	}
	d.Person = 2
	if _, broken := document.Next(at(document.DivisionReview), d, authority); !broken.Has(document.NotTheAuthor) {
		t.Errorf("a colleague's recall: %v", broken)
	}
}

func TestExtensionMustBeLater(t *testing.T) {
	d := by(document.Extend, staff.Officer, authority)
	d.Until = due
	if _, broken := document.Next(at(document.Drafting), d, authority); !broken.Has(document.ExtensionNotLater) {
		t.Errorf("an extension to the same instant: %v", broken)
	}
}

// A reopened document needs a reason, a due that lies ahead, and what was on the
// screen must be what was approved.
func TestReopenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*document.Decision)
		code   rule.Code
	}{
		"no reason":        {func(d *document.Decision) { d.Reason = "" }, document.ReasonMissing},
		"no due":           {func(d *document.Decision) { d.Until = time.Time{} }, document.ReopenDuePast},
		"due now":          {func(d *document.Decision) { d.Until = d.ReceivedAt }, document.ReopenDuePast},
		"another revision": {func(d *document.Decision) { d.Revision = 2 }, document.ContentChanged},
	} {
		d := by(document.Reopen, staff.Officer, authority)
		d.ReceivedAt = due
		if _, broken := document.Next(at(document.Approved), d, authority); broken != nil {
			t.Fatalf("the unchanged decision is refused: %v", broken)
		}
		c.change(&d)
		if _, broken := document.Next(at(document.Approved), d, authority); !broken.Has(c.code) {
			t.Errorf("%s: %v, want %s", name, broken, c.code)
		}
	}
}

// An officer who drafted it as a unit's specialist may reopen it: that decides
// nothing about the content.
func TestReopeningIsNoPartInTheChain(t *testing.T) {
	s, d := at(document.Approved), by(document.Reopen, staff.Officer, authority)
	s.Acted = []document.Part{{Person: d.Person, Role: string(staff.Specialist)}}
	if _, broken := document.Next(s, d, authority); broken != nil {
		t.Error(broken)
	}
}

// An open signing attempt does not stop the authority's extension or exemption.
func TestExtensionAndExemptionApplyWhileBeingSigned(t *testing.T) {
	s := at(document.Signing)
	s.SigningBy = 5
	for _, action := range []document.Action{document.Extend, document.Exempt} {
		if _, broken := document.Next(s, by(action, staff.Officer, authority), authority); broken != nil {
			t.Errorf("%s while being signed: %v", action, broken)
		}
	}
}

// An index report ends with the director's signature (QĐ 1439 Đ8.3b).
func TestIndexEndsWithTheSignature(t *testing.T) {
	s := at(document.Signing)
	s.Kind = document.Index
	move, broken := document.Next(s, by(document.Sign, staff.Director, "STC"), authority)
	if broken != nil || move.To != document.HandedIn || !move.To.Closed() {
		t.Errorf("index signed: to %s, %v", move.To, broken)
	}
}

// What was signed late through an outage is measured by another due; it stays where it
// lies, even when it is closed (QĐ 1439 Đ11.5, Đ15.1).
func TestExcuse(t *testing.T) {
	for _, stage := range document.Stages {
		s := at(stage)
		s.Signed, s.UnitDueAt = true, due
		move, broken := document.Next(s, by(document.Excuse, staff.Officer, authority), authority)
		if stage == document.Exempted {
			if !broken.Has(document.Closed) {
				t.Errorf("exempt: %v", broken)
			}
			continue
		}
		if broken != nil || move.To != stage {
			t.Errorf("%s: to %s, %v", stage, move.To, broken)
		}
		d := by(document.Excuse, staff.Officer, authority)
		d.Until = due
		if _, broken := document.Next(s, d, authority); !broken.Has(document.ExtensionNotLater) {
			t.Errorf("%s: the same due again: %v", stage, broken)
		}
	}
}

// The authority's own time moves to a later end or not at all.
func TestProlong(t *testing.T) {
	d := by(document.Prolong, staff.Officer, authority)
	d.Until = due
	if _, broken := document.Next(at(document.AuthorityReview), d, authority); !broken.Has(document.ExtensionNotLater) {
		t.Errorf("the same due again: %v", broken)
	}
}

// Walking the table: every open stage has a desk, a way on and, except for
// drafting, a way back; what pages offer is what the rules allow.
func TestTableOfMoves(t *testing.T) {
	for _, stage := range document.Stages {
		role, desk, ok := document.DeskOf(stage)
		if ok == stage.Closed() {
			t.Errorf("%s: desk %v, closed %v", stage, ok, stage.Closed())
		}
		if !ok {
			continue
		}
		unit := "STC"
		if desk == document.AtAuthority {
			unit = authority
		}
		actor := staff.Actor{Person: 9, Positions: []staff.Position{{Unit: unit, Role: role}}}
		on := false
		for _, action := range document.Offers(at(stage), actor, authority) {
			move, broken := document.Next(at(stage), by(action, role, unit), authority)
			if broken != nil {
				t.Errorf("%s offers %s and refuses it: %v", stage, action, broken)
			}
			on = on || move.To != stage && move.To != document.Drafting
		}
		if !on {
			t.Errorf("%s: its desk %s has no way on", stage, role)
		}
	}
	for _, move := range document.Moves {
		if move.Source == "" || !move.Role.Valid() {
			t.Errorf("move without source or role: %+v", move)
		}
		if move.Action == document.Return && !(move.NeedsText && move.Bound) {
			t.Errorf("a return without reason or hash: %+v", move)
		}
	}
}

func TestStatusOf(t *testing.T) {
	for _, c := range []struct {
		stage             document.Stage
		started, returned bool
		want              document.Status
	}{
		{document.Drafting, false, false, document.NotStarted},
		{document.Drafting, true, false, document.InDrafting},
		{document.Drafting, true, true, document.Returned},
		{document.Signing, true, true, document.InSigning},
		{document.Exempted, false, false, document.IsExempt},
	} {
		if got := document.StatusOf(c.stage, c.started, c.returned); got != c.want {
			t.Errorf("%v: %s", c, got)
		}
	}
}
