package document

import (
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Discarded is the end of an adjustment that its unit does not want any more; no
// document has it.
const Discarded Stage = "discarded"

// Discard gives an adjustment up before it has been submitted; no document has it.
const Discard Action = "discard"

// AdjustmentMoves is the state machine of an adjustment of a living plan, by the
// same rules as a document's: nobody acts twice as someone else, what is decided is
// what was on the screen. It has no Signing: what changes the plan is the adjusting
// document, which the head of the unit (or the body above) has signed and issued;
// signed here it would have no greater value (QD 1439 art. 7.3). What that document
// cannot replace is who checks the entry and who confirms it: a plan goes by the
// chain of a report (art. 9, 8.1b), so the unit's specialist enters it (art. 13.2),
// their head checks it, and the authority, which confirmed the plan, confirms that
// it changes. Until then the plan stands as it was. An adjustment starts at Drafting
// and is in force at Approved.
var AdjustmentMoves = []Move{
	{From: Drafting, Action: Submit, Role: staff.Specialist, Desk: AtUnit, To: DivisionReview, Bound: true, InChain: true, Source: "QD 1439 art. 9, 13.2"},
	{From: Drafting, Action: Discard, Role: staff.Specialist, Desk: AtUnit, To: Discarded, Source: "QD 1439 art. 13.2"},

	{From: DivisionReview, Action: Approve, Role: staff.DivisionHead, Desk: AtUnit, To: AuthorityReview, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: DivisionReview, Action: Return, Role: staff.DivisionHead, Desk: AtUnit, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},
	{From: DivisionReview, Action: Recall, Role: staff.Specialist, Desk: AtUnit, To: Drafting, OnlyAuthor: true, Source: "ND 30/2020 art. 18.4"},

	{From: AuthorityReview, Action: Confirm, Role: staff.Officer, Desk: AtAuthority, To: Approved, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: AuthorityReview, Action: Confirm, Role: staff.AuthorityHead, Desk: AtAuthority, To: Approved, Bound: true, InChain: true, Source: "QD 1439 art. 8.1b"},
	{From: AuthorityReview, Action: Return, Role: staff.Officer, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},
	{From: AuthorityReview, Action: Return, Role: staff.AuthorityHead, Desk: AtAuthority, To: Drafting, NeedsText: true, Bound: true, InChain: true, Source: "QD 1439 art. 8.2"},
}

// NextAdjustment decides as Next does, about an adjustment. Its revision is always
// 0: the hash of what it says binds a decision to the screen.
func NextAdjustment(s State, d Decision, authority string) (Move, rule.Errors) {
	if s.Stage == Approved || s.Stage == Discarded {
		return Move{}, rule.Broken(Closed, "")
	}
	return next(AdjustmentMoves, s, d, authority)
}

// AdjustmentOffers lists the actions the person may take now.
func AdjustmentOffers(s State, actor staff.Actor, authority string) []Action {
	return offers(AdjustmentMoves, s, actor, authority)
}

// AdjustmentRole picks the position in which an actor takes the action. Where they
// could take it at another stage, it is WrongStage; else NotYourRole.
func AdjustmentRole(s State, action Action, actor staff.Actor, authority string) (staff.Position, rule.Errors) {
	if position, ok := roleFor(AdjustmentMoves, s, action, actor, authority); ok {
		return position, nil
	}
	for _, m := range AdjustmentMoves {
		if m.Action == action && actor.Holds(m.Role, unitOf(m.Desk, s.Unit, authority)) {
			return staff.Position{}, rule.Broken(WrongStage, "", string(s.Stage))
		}
	}
	return staff.Position{}, rule.Broken(NotYourRole, "")
}
