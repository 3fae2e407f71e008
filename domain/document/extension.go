package document

import (
	"strings"
	"time"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Ask is a unit's request for more time, before it is kept.
type Ask struct {
	Person int64
	Role   string
	Unit   string
	Reason string
	Until  time.Time // the last allowed instant that is wanted
	At     time.Time // when it was received
}

// Refusals of a request for more time, and of its answer.
const (
	ExtensionPast    rule.Code = "extension_past"     // the wanted instant lies behind
	ExtensionTooFar  rule.Code = "extension_too_far"  // args: the most days allowed
	AskedAlready     rule.Code = "extension_asked"    // one open request a document
	RequestAnswered  rule.Code = "request_answered"   // it has ended already
	RequestInWaiting rule.Code = "request_in_waiting" // a decision about it is on its way
)

// MostDaysAsked is how many days after the due a unit may ask for: what lies
// further is a slip of the hand.
const MostDaysAsked = 180

// askers are who may ask for more time, at the document's own unit.
var askers = []staff.Role{staff.Specialist, staff.DivisionHead}

// AskerOf picks the position in which the actor may ask for more time for a
// document of the unit; ok is false when they have none.
func AskerOf(actor staff.Actor, unit string) (staff.Position, bool) {
	for _, role := range askers {
		if actor.Holds(role, unit) {
			return staff.Position{Unit: unit, Role: role}, true
		}
	}
	return staff.Position{}, false
}

// AtUnitDesk tells whether a document lies at a desk of its own unit: whose due
// may be extended.
func (s Stage) AtUnitDesk() bool {
	_, desk, open := DeskOf(s)
	return open && desk == AtUnit
}

// CheckAsk collects what speaks against a request for more time (QĐ 1439 Đ15.1:
// the authority decides on it). asked tells whether one is open already. The
// caller has checked that the person holds the role.
func CheckAsk(s State, a Ask, asked bool) rule.Errors {
	switch {
	case s.Stage.Closed():
		return rule.Broken(Closed, "")
	case !s.Stage.AtUnitDesk():
		return rule.Broken(WrongStage, "", string(s.Stage))
	case a.Unit != s.Unit || !asks(a.Role):
		return rule.Broken(NotYourRole, "")
	case asked:
		return rule.Broken(AskedAlready, "")
	}
	errs := CheckReason(a.Reason, true)
	switch {
	case !a.Until.After(s.DueAt):
		errs.Add(ExtensionNotLater, "until")
	case !a.Until.After(a.At):
		errs.Add(ExtensionPast, "until")
	case a.Until.After(later(s.DueAt, a.At).AddDate(0, 0, MostDaysAsked)):
		errs.Add(ExtensionTooFar, "until", MostDaysAsked)
	}
	return errs
}

func asks(role string) bool {
	for _, one := range askers {
		if string(one) == role {
			return true
		}
	}
	return false
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// CheckDecline collects what speaks against declining a request.
func CheckDecline(reason string) rule.Errors { return CheckReason(reason, true) }

// EndsRequest tells whether a decision that was applied leaves an open request
// without object: the document left the unit's desks. An extension answers it.
func EndsRequest(to Stage) bool { return !to.AtUnitDesk() }

// CheckReason finds what is wrong with a reason that somebody gives, at "reason".
func CheckReason(reason string, needed bool) rule.Errors {
	var errs rule.Errors
	reason = strings.TrimSpace(reason)
	if needed && reason == "" {
		errs.Add(ReasonMissing, "reason")
	}
	if len([]rune(reason)) > ReasonMax {
		errs.Add(ReasonTooLong, "reason", ReasonMax)
	}
	return errs
}
