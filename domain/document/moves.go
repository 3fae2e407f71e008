package document

import (
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Desk tells at whose unit a move's role must sit. The table does not know the
// authority's code: Next is given it.
type Desk string

// The desks.
const (
	AtUnit      Desk = "unit"      // the document's own unit
	AtAuthority Desk = "authority" // Sở Nội vụ
)

// Move is one row of the state machine: at From, a person with Role at Desk may
// take Action, and the document goes To.
type Move struct {
	From       Stage
	Action     Action
	Role       staff.Role
	Desk       Desk
	To         Stage
	NeedsText  bool   // a reason must be given
	Bound      bool   // the decision is about content: revision and hash must be those on the screen
	InChain    bool   // counts as acting in the chain: nobody may do so twice as someone else
	OnlyAuthor bool   // only the person who submitted this revision
	Source     string // legal source
}

// Moves is the state machine. An index document ends with the signature
// (QĐ 1439 Đ8.3b); EndOf resolves that. System moves (a deadline passing) do
// not change the stage and are not here.
var Moves = []Move{
	{From: Drafting, Action: Submit, Role: staff.Specialist, Desk: AtUnit, To: DivisionReview, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},

	{From: DivisionReview, Action: Approve, Role: staff.DivisionHead, Desk: AtUnit, To: Signing, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: DivisionReview, Action: Return, Role: staff.DivisionHead, Desk: AtUnit, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},
	{From: DivisionReview, Action: Recall, Role: staff.Specialist, Desk: AtUnit, To: Drafting, OnlyAuthor: true, Source: "ND 30/2020 art. 18.4"},

	{From: Signing, Action: Sign, Role: staff.Director, Desk: AtUnit, To: AuthorityReview, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: Signing, Action: Return, Role: staff.Director, Desk: AtUnit, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},

	{From: AuthorityReview, Action: Confirm, Role: staff.Officer, Desk: AtAuthority, To: Approved, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: AuthorityReview, Action: Confirm, Role: staff.AuthorityHead, Desk: AtAuthority, To: Approved, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: AuthorityReview, Action: Return, Role: staff.Officer, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},
	{From: AuthorityReview, Action: Return, Role: staff.AuthorityHead, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},

	{From: Drafting, Action: Extend, Role: staff.Officer, Desk: AtAuthority, To: Drafting, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{From: DivisionReview, Action: Extend, Role: staff.Officer, Desk: AtAuthority, To: DivisionReview, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{From: Signing, Action: Extend, Role: staff.Officer, Desk: AtAuthority, To: Signing, NeedsText: true, Source: "QD 1439 art. 15.1"},

	{From: Drafting, Action: Exempt, Role: staff.Officer, Desk: AtAuthority, To: Exempted, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{From: DivisionReview, Action: Exempt, Role: staff.Officer, Desk: AtAuthority, To: Exempted, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{From: Signing, Action: Exempt, Role: staff.Officer, Desk: AtAuthority, To: Exempted, NeedsText: true, Source: "QD 1439 art. 15.1"},

	{From: Approved, Action: Reopen, Role: staff.Officer, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, Source: "QD 1439 art. 8.2"},
	{From: Approved, Action: Reopen, Role: staff.AuthorityHead, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, Source: "QD 1439 art. 8.2"},

	// What was signed late because the software had stopped: the due moves by which on
	// time is measured, and nothing else. Only deadlines after an outage ask for it.
	{From: Drafting, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: Drafting, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},
	{From: DivisionReview, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: DivisionReview, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},
	{From: Signing, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: Signing, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},
	{From: AuthorityReview, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: AuthorityReview, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},
	{From: Approved, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: Approved, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},
	{From: HandedIn, Action: Excuse, Role: staff.Officer, Desk: AtAuthority, To: HandedIn, NeedsText: true, Source: "QD 1439 art. 11.5, 15.1"},

	// The authority's own time to confirm, of which an outage took days. Only deadlines
	// after an outage ask for it.
	{From: AuthorityReview, Action: Prolong, Role: staff.Officer, Desk: AtAuthority, To: AuthorityReview, NeedsText: true, Source: "QD 1439 art. 8.1b, 11.5"},
}

// Over tells whether nothing can be done any more that the action wants: the stage
// is an end from which no move of this action leads.
func (s Stage) Over(action Action) bool {
	if !s.Closed() {
		return false
	}
	for _, m := range Moves {
		if m.From == s && m.Action == action {
			return false
		}
	}
	return true
}

// DeskOf tells the role, and whose, that a stage waits for; ok is false when
// nobody is waited for.
func DeskOf(stage Stage) (role staff.Role, desk Desk, ok bool) {
	switch stage {
	case Drafting:
		return staff.Specialist, AtUnit, true
	case DivisionReview:
		return staff.DivisionHead, AtUnit, true
	case Signing:
		return staff.Director, AtUnit, true
	case AuthorityReview:
		return staff.Officer, AtAuthority, true
	}
	return "", "", false
}

// Codes of the refusals of a move.
const (
	Closed            rule.Code = "document_closed"
	WrongStage        rule.Code = "stage_moved"         // args: the stage now
	NotYourRole       rule.Code = "not_your_role"       //
	ReasonMissing     rule.Code = "reason_missing"      //
	ReasonTooLong     rule.Code = "reason_too_long"     // args: the most letters allowed
	ContentChanged    rule.Code = "content_changed"     // the content is not what was on the screen
	ActedBefore       rule.Code = "acted_before"        // args: the role they acted in
	NotTheAuthor      rule.Code = "not_the_author"      //
	SigningInProgress rule.Code = "signing_in_progress" //
	ExtensionNotLater rule.Code = "extension_not_later" //
	ReopenDuePast     rule.Code = "reopen_due_past"     // the time for the correction lies behind
	NotSigned         rule.Code = "not_signed"          // nothing has been handed in that could be excused
	UnknownAction     rule.Code = "unknown_action"
)

// Codes lists every refusal that Next can give.
var Codes = []rule.Code{
	Closed, WrongStage, NotYourRole, ReasonMissing, ReasonTooLong, ContentChanged,
	ActedBefore, NotTheAuthor, SigningInProgress, ExtensionNotLater, ReopenDuePast, NotSigned, UnknownAction,
}

// ReasonMax is the most letters a reason may have.
const ReasonMax = 4000

// Next decides: the move that the decision makes in this state, or why not.
// authority is the code of the authority's unit. The caller has already checked
// that the person held Role at Unit when the decision was received.
func Next(s State, d Decision, authority string) (Move, rule.Errors) {
	if s.Stage.Over(d.Action) {
		return Move{}, rule.Broken(Closed, "")
	}
	return next(Moves, s, d, authority)
}

// next decides by a table of moves.
func next(moves []Move, s State, d Decision, authority string) (Move, rule.Errors) {
	move, errs := find(moves, s, d, authority)
	if errs != nil {
		return Move{}, errs
	}
	if errs := allowed(move, s, d); errs != nil {
		return Move{}, errs
	}
	return move, nil
}

// find picks the row of the table for this stage, action and position. A person
// who may take the action at another stage is told that the stage has moved on.
func find(moves []Move, s State, d Decision, authority string) (Move, rule.Errors) {
	known, elsewhere := false, false
	for _, m := range moves {
		if m.Action != d.Action {
			continue
		}
		known = true
		if string(m.Role) != d.Role || d.Unit != unitOf(m.Desk, s.Unit, authority) {
			continue
		}
		if m.From == s.Stage {
			m.To = m.EndOf(s.Kind)
			return m, nil
		}
		elsewhere = true
	}
	switch {
	case !known:
		return Move{}, rule.Broken(UnknownAction, "")
	case elsewhere:
		return Move{}, rule.Broken(WrongStage, "", string(s.Stage))
	}
	return Move{}, rule.Broken(NotYourRole, "")
}

func unitOf(desk Desk, unit, authority string) string {
	if desk == AtAuthority {
		return authority
	}
	return unit
}

// EndOf is the move's target for this kind: an index document ends with the
// director's signature (QĐ 1439 Đ8.3b).
func (m Move) EndOf(kind Kind) Stage {
	if kind == Index && m.Action == Sign {
		return HandedIn
	}
	return m.To
}

func allowed(m Move, s State, d Decision) rule.Errors {
	if s.SigningBy != 0 && (m.From != m.To || m.Bound) && m.Action != Sign && m.Action != Exempt {
		return rule.Broken(SigningInProgress, "")
	}
	if m.Bound && (d.Revision != s.Revision || d.ContentHash != s.ContentHash) {
		return rule.Broken(ContentChanged, "")
	}
	if m.OnlyAuthor && d.Person != s.Submitter {
		return rule.Broken(NotTheAuthor, "")
	}
	if m.InChain {
		if role, twice := actedAs(s.Acted, d); twice {
			return rule.Broken(ActedBefore, "", role)
		}
	}
	return wellFormed(m, s, d)
}

// actedAs finds another role in which the person has already acted in this
// document's chain. The authority is itself a unit: its officer may not confirm
// what they drafted.
func actedAs(parts []Part, d Decision) (string, bool) {
	for _, p := range parts {
		if p.Person == d.Person && p.Role != d.Role {
			return p.Role, true
		}
	}
	return "", false
}

func wellFormed(m Move, s State, d Decision) rule.Errors {
	errs := CheckReason(d.Reason, m.NeedsText)
	if (m.Action == Extend || m.Action == Prolong) && !d.Until.After(s.DueAt) {
		errs.Add(ExtensionNotLater, "until")
	}
	if m.Action == Reopen && !d.Until.After(d.ReceivedAt) {
		errs.Add(ReopenDuePast, "until")
	}
	if m.Action == Excuse && !s.Signed {
		errs.Add(NotSigned, "")
	}
	if m.Action == Excuse && !d.Until.After(s.UnitDueAt) {
		errs.Add(ExtensionNotLater, "until")
	}
	return errs
}

// Offers lists the actions a person with these positions may take now, each
// once, in the table's order: what pages draw buttons from. It does not look at
// the content.
func Offers(s State, actor staff.Actor, authority string) []Action {
	return offers(Moves, s, actor, authority)
}

func offers(moves []Move, s State, actor staff.Actor, authority string) []Action {
	var actions []Action
	seen := map[Action]bool{}
	for _, m := range moves {
		d := Decision{
			Action: m.Action, Person: actor.Person, Role: string(m.Role),
			Unit: unitOf(m.Desk, s.Unit, authority), Revision: s.Revision,
			ContentHash: s.ContentHash, Reason: "-", Until: s.DueAt.AddDate(1, 0, 0),
		}
		if m.From != s.Stage || seen[m.Action] || !actor.Holds(m.Role, d.Unit) {
			continue
		}
		if _, errs := next(moves, s, d, authority); errs == nil {
			seen[m.Action] = true
			actions = append(actions, m.Action)
		}
	}
	return actions
}

// RoleFor picks the position in which an actor takes an action at this stage;
// ok is false when they have none.
func RoleFor(s State, action Action, actor staff.Actor, authority string) (staff.Position, bool) {
	return roleFor(Moves, s, action, actor, authority)
}

func roleFor(moves []Move, s State, action Action, actor staff.Actor, authority string) (staff.Position, bool) {
	for _, m := range moves {
		unit := unitOf(m.Desk, s.Unit, authority)
		if m.From == s.Stage && m.Action == action && actor.Holds(m.Role, unit) {
			return staff.Position{Unit: unit, Role: m.Role}, true
		}
	}
	return staff.Position{}, false
}
