// Package reminder names the kinds of work that people are reminded of, and says by which
// steps each is reminded of where nobody has laid down others, and what such steps must be.
//
// When a step comes and how steps are walked is domain/period's; what waits and until when
// is that of each kind of work. Nothing here reads a clock or knows how rows are kept.
package reminder

import (
	"slices"

	"cchc/domain/appraisal"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
)

// Kind is a kind of work with reminders of its own.
type Kind string

// The kinds.
const (
	Report     Kind = "report"     // a campaign's documents at their units' desks, against the units' due
	Confirm    Kind = "confirm"    // the same at the authority's desk, against its own due
	Task       Kind = "task"       // a living plan's tasks, against each task's deadline
	Adjustment Kind = "adjustment" // a plan's adjustment, since it came to the desk where it lies
	Appraisal  Kind = "appraisal"  // an appraisal's round, against the round's end
)

// Kinds lists them in the order in which people read them.
var Kinds = []Kind{Report, Confirm, Task, Adjustment, Appraisal}

// PerCampaign tells whether each campaign keeps the steps that it was launched with. Of
// the other kinds the newest steps hold for all that waits.
func (k Kind) PerCampaign() bool { return k == Report || k == Confirm || k == Appraisal }

// HasDue tells whether there is a due to be reminded of before it comes.
func (k Kind) HasDue() bool { return k != Adjustment }

// Default is what the software comes with.
func Default(k Kind) period.Ladder {
	switch k {
	case Report:
		return period.DefaultLadder()
	case Confirm:
		return campaign.DefaultConfirmLadder()
	case Task:
		return plan.DefaultReminders()
	case Adjustment:
		return plan.DefaultWaiting()
	case Appraisal:
		return appraisal.DefaultLadder()
	}
	return nil
}

// Ladders are the steps that people have laid down, the newest of each kind.
type Ladders map[Kind]period.Ladder

// Of are the steps of a kind: those laid down, else those of the software.
func (l Ladders) Of(k Kind) period.Ladder {
	if laid := l[k]; len(laid) > 0 {
		return laid
	}
	return Default(k)
}

// What is wrong with an edit.
const (
	KindUnknown rule.Code = "reminder_kind"
	AfterOnly   rule.Code = "reminder_after_only" // no due: nothing comes before it, or at it
	Unchanged   rule.Code = "reminder_unchanged"  // the same steps as before
	ReasonBad   rule.Code = "reminder_reason"     // args: letters allowed
	Replaced    rule.Code = "reminder_replaced"   // somebody else has laid down other steps since
)

// Codes lists them.
var Codes = []rule.Code{KindUnknown, AfterOnly, Unchanged, ReasonBad, Replaced}

// MaxReason is how long the reason of an edit may be, in letters.
const MaxReason = 500

// Validate finds what is wrong with the steps of a kind, as period.Ladder names places:
// those of documents must have one at the due (the workflow tells the due by it), those
// without a due none before or at one.
func Validate(k Kind, l period.Ladder) rule.Errors {
	if !slices.Contains(Kinds, k) {
		return rule.Broken(KindUnknown, "")
	}
	broken := l.Validate()
	if (k == Report || k == Confirm) && !slices.ContainsFunc(l, period.Rung.AtDue) {
		broken.Add(campaign.LadderNeedsDue, "ladder")
	}
	for i, rung := range l {
		if !k.HasDue() && rung.WorkingDays < 1 && rung.Hours < 1 {
			broken.Add(AfterOnly, period.RungField(i))
		}
	}
	return broken
}
