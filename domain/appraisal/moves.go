package appraisal

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Action is what a person does with an appraisal, or time.
type Action string

// The actions.
const (
	Mark       Action = "mark"        // gives points; kept as marks, not as steps
	Finish     Action = "finish"      // a field's round is finished
	Resume     Action = "resume"      // takes that back while the round lasts
	Write      Action = "write"       // drafts the unit's answer; not a step
	Explain    Action = "explain"     // sends it
	Accept     Action = "accept"      // the unit agrees with all marks
	TakeLate   Action = "take_late"   // an answer that came too late is looked at all the same
	RefuseLate Action = "refuse_late" // it is not
	Extend     Action = "extend"      // more time for the present round
	Reopen     Action = "reopen"      // criteria are to be marked once more
	// Of time and of the system, never of a person:
	Begin   Action = "begin"   // the self-assessment was handed in
	Advance Action = "advance" // the next stage has begun
)

// Side tells at whose unit a move's role sits.
type Side string

// The sides.
const (
	AtUnit      Side = "unit"      // that assessed itself
	AtAppraiser Side = "appraiser" // of the field
	AtAuthority Side = "authority"
)

// Move is one row of what people may do: in one of the stages, somebody at the side.
type Move struct {
	Action    Action
	From      []Stage
	Side      Side
	Roles     []staff.Role // at the unit; the roles of the other sides follow from these
	NeedsText bool         // a reason must be given
	Source    string       // legal source
}

// Who marks: at the authority its own roles, at a department that owns a field those
// who draft and those who check.
var (
	authorityRoles = []staff.Role{staff.Officer, staff.AuthorityHead}
	appraiserRoles = []staff.Role{staff.Specialist, staff.DivisionHead}
)

// Moves is the state machine as far as people move it. Who drafts the unit's answer is
// not who answers for it (QD 1439 art. 14.2): a head sends what is drafted.
var Moves = []Move{
	{Action: Mark, From: []Stage{First, Second}, Side: AtAppraiser, Roles: appraiserRoles, Source: "QD 1439 art. 15.2"},
	{Action: Finish, From: []Stage{First, Second}, Side: AtAppraiser, Roles: appraiserRoles, Source: "QD 1439 art. 15.2"},
	{Action: Resume, From: []Stage{First, Second}, Side: AtAppraiser, Roles: appraiserRoles, Source: "QD 1439 art. 15.2"},

	{Action: Write, From: []Stage{Explaining, Second, Done}, Side: AtUnit, Roles: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director}, Source: "QD 1439 art. 13.2"},
	{Action: Explain, From: []Stage{Explaining, Second, Done}, Side: AtUnit, Roles: []staff.Role{staff.DivisionHead, staff.Director}, Source: "QD 1439 art. 14.2"},
	{Action: Accept, From: []Stage{Explaining}, Side: AtUnit, Roles: []staff.Role{staff.DivisionHead, staff.Director}, Source: "QD 1439 art. 14.2"},

	{Action: TakeLate, From: []Stage{Second, Done}, Side: AtAuthority, Roles: authorityRoles, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{Action: RefuseLate, From: []Stage{Second, Done}, Side: AtAuthority, Roles: authorityRoles, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{Action: Extend, From: []Stage{First, Explaining, Second}, Side: AtAuthority, Roles: authorityRoles, NeedsText: true, Source: "QD 1439 art. 15.1"},
	{Action: Reopen, From: []Stage{Second, Done}, Side: AtAuthority, Roles: authorityRoles, NeedsText: true, Source: "QD 1439 art. 15.1"},
}

// The codes of what speaks against a move.
const (
	WrongStage    rule.Code = "appraisal_stage"      // args: the stage now
	NotYours      rule.Code = "appraisal_not_yours"  // -
	OwnPart       rule.Code = "appraisal_own_part"   // args: the role in which they had a part in the self-assessment
	FieldUnknown  rule.Code = "appraisal_field"      // -
	FieldFinished rule.Code = "appraisal_finished"   // the field's round is finished: it must be taken up again first
	FieldOpen     rule.Code = "appraisal_open"       // the field's round is not finished
	Unmarked      rule.Code = "appraisal_unmarked"   // args: how many criteria have no mark yet
	Answered      rule.Code = "appraisal_answered"   // the unit has answered already: it does so once
	Written       rule.Code = "appraisal_written"    // accept: the unit has written what it has not sent
	NothingLate   rule.Code = "appraisal_no_late"    // no answer waits
	LateWaiting   rule.Code = "appraisal_late_waits" // an answer that came too late must be seen to first
	Published     rule.Code = "appraisal_published"  // the scores stand in a published result
	NoCriteria    rule.Code = "appraisal_criteria"   // nothing was chosen
	NotDisputed   rule.Code = "appraisal_undisputed" // nothing differs from the unit's own scores
)

// Codes lists every code above.
var Codes = []rule.Code{
	WrongStage, NotYours, OwnPart, FieldUnknown, FieldFinished, FieldOpen, Unmarked, Answered,
	Written, NothingLate, LateWaiting, Published, NoCriteria, NotDisputed,
}

// Decision is what one person wants.
type Decision struct {
	Action   Action
	Person   int64
	Field    string // mark, finish, resume
	Reason   string
	Criteria []string  // reopen
	Until    time.Time // extend: the new end of the round
}

// RoleFor picks the position in which the actor takes the action; ok is false when they
// have none.
func (s State) RoleFor(d Decision, actor staff.Actor, authority string) (staff.Position, bool) {
	for _, m := range Moves {
		if m.Action != d.Action {
			continue
		}
		unit, roles := s.sideOf(m, d.Field, authority)
		for _, role := range roles {
			if actor.Holds(role, unit) {
				return staff.Position{Unit: unit, Role: role}, true
			}
		}
	}
	return staff.Position{}, false
}

// sideOf is the unit of a move, and the roles that make it there.
func (s State) sideOf(m Move, field, authority string) (unit string, roles []staff.Role) {
	switch m.Side {
	case AtUnit:
		return s.Unit, m.Roles
	case AtAuthority:
		return authority, m.Roles
	}
	f, known := s.Field(field)
	switch {
	case !known:
		return "", nil
	case f.Appraiser == authority:
		return authority, authorityRoles
	}
	return f.Appraiser, m.Roles
}

// Check collects what speaks against the decision at the instant; the caller has picked
// the position by RoleFor.
func (s State) Check(d Decision, now time.Time) rule.Errors {
	at := slices.IndexFunc(Moves, func(m Move) bool { return m.Action == d.Action })
	if at < 0 {
		return rule.Broken(NotYours, "")
	}
	m := Moves[at]
	if m.Side != AtUnit {
		if broken := s.ownPart(d.Person); broken != nil {
			return broken
		}
	}
	if !slices.Contains(m.From, s.Stage) {
		return rule.Broken(WrongStage, "", string(s.Stage))
	}
	if broken := s.particular(d, now); broken != nil {
		return broken
	}
	return document.CheckReason(d.Reason, m.NeedsText)
}

// ownPart refuses whoever had a part in the self-assessment: nobody appraises what they
// wrote, checked or signed.
func (s State) ownPart(person int64) rule.Errors {
	for _, p := range s.Chain {
		if p.Person == person {
			return rule.Broken(OwnPart, "", p.Role)
		}
	}
	return nil
}

// particular is what each action asks beside stage, role and reason.
func (s State) particular(d Decision, now time.Time) rule.Errors {
	switch d.Action {
	case Mark, Finish, Resume:
		return s.fieldMove(d)
	case Write, Explain, Accept:
		return s.answers(d, now)
	case TakeLate, RefuseLate: // after a publication too, as criteria are opened again: what is published stays until it is corrected
		if !s.LateWaits {
			return rule.Broken(NothingLate, "")
		}
	case Extend:
		if !d.Until.After(s.DueAt) || !d.Until.After(now) {
			return rule.Broken(document.ExtensionNotLater, "until")
		}
	case Reopen:
		switch {
		case s.LateWaits:
			return rule.Broken(LateWaiting, "")
		case len(d.Criteria) == 0:
			return rule.Broken(NoCriteria, "criteria")
		}
	}
	return nil
}

func (s State) fieldMove(d Decision) rule.Errors {
	f, known := s.Field(d.Field)
	switch {
	case !known:
		return rule.Broken(FieldUnknown, "")
	case d.Action == Resume && (!f.Finished || f.Todo == 0):
		return rule.Broken(FieldOpen, "")
	case d.Action != Resume && f.Finished:
		return rule.Broken(FieldFinished, "")
	case d.Action == Finish && f.Marked < f.Todo:
		return rule.Broken(Unmarked, "", f.Todo-f.Marked)
	}
	return nil
}

// answers is what speaks against the unit's answer. It answers once; what comes after
// the end of its time is kept, and waits for the authority's word. Nobody agrees over what
// a colleague has written: it could not be sent any more.
func (s State) answers(d Decision, now time.Time) rule.Errors {
	switch {
	case s.Answered:
		return rule.Broken(Answered, "")
	case s.Published:
		return rule.Broken(Published, "")
	case len(s.Disputed) == 0:
		return rule.Broken(NotDisputed, "")
	case d.Action == Accept && s.Over(now):
		return rule.Broken(WrongStage, "", string(Done))
	case d.Action == Accept && s.Written:
		return rule.Broken(Written, "")
	}
	return nil
}

// Late tells whether the unit's answer comes too late at the instant.
func (s State) Late(now time.Time) bool { return s.Stage != Explaining || s.Over(now) }

// Offers lists the actions that the actor may take at the instant, for the field that
// is named: what pages draw their buttons from. It looks at no text.
func (s State) Offers(field string, actor staff.Actor, authority string, now time.Time) []Action {
	var offered []Action
	for _, m := range Moves {
		d := Decision{
			Action: m.Action, Person: actor.Person, Field: field, Reason: "-", Criteria: []string{"-"},
			Until: later(s.DueAt, now).Add(time.Hour),
		}
		if _, ok := s.RoleFor(d, actor, authority); ok && s.Check(d, now) == nil {
			offered = append(offered, m.Action)
		}
	}
	return offered
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Explanation is the unit's answer to the mark of one criterion.
type Explanation struct {
	Criterion string `json:"criterion"`
	Text      string `json:"text"`
	Files     []File `json:"files,omitempty"`
}

// File is a file that goes with an explanation.
type File struct {
	Hash string `json:"hash"`
	Name string `json:"name"`
}

// What an explanation may have.
const (
	MaxText  = 4000 // letters
	MaxFiles = 10   // a criterion
)

// The codes of what is wrong with an explanation.
const (
	ExplanationBlank   rule.Code = "explanation_blank"   // nothing is written at all, or files without a word
	ExplanationLong    rule.Code = "explanation_long"    // args: letters allowed
	ExplanationUnasked rule.Code = "explanation_unasked" // the criterion's mark is the unit's own score
	ExplanationFiles   rule.Code = "explanation_files"   // args: files allowed
)

// ExplanationCodes lists them.
var ExplanationCodes = []rule.Code{ExplanationBlank, ExplanationLong, ExplanationUnasked, ExplanationFiles}

// ExplainField names a criterion's explanation in broken rules: "explain.1.1.3".
func ExplainField(criterion string) string { return explainPrefix + criterion }

// ParseExplainField is the criterion of such a name.
func ParseExplainField(field string) (criterion string, ok bool) {
	return strings.CutPrefix(field, explainPrefix)
}

const explainPrefix = "explain."

// CheckDraft finds what no draft of an explanation takes.
func (s State) CheckDraft(e Explanation) rule.Errors {
	field := ExplainField(e.Criterion)
	var broken rule.Errors
	if !slices.Contains(s.Disputed, e.Criterion) {
		broken.Add(ExplanationUnasked, field)
	}
	if len([]rune(e.Text)) > MaxText {
		broken.Add(ExplanationLong, field, MaxText)
	}
	if len(e.Files) > MaxFiles {
		broken.Add(ExplanationFiles, field, MaxFiles)
	}
	return broken
}

// CheckAnswer finds what is wrong with an answer that is sent. What is left blank is
// agreed to; an answer that explains nothing at all is Accept.
func (s State) CheckAnswer(explanations []Explanation) rule.Errors {
	var broken rule.Errors
	if len(explanations) == 0 {
		broken.Add(ExplanationBlank, "")
	}
	for _, e := range explanations {
		broken = append(broken, s.CheckDraft(e)...)
		if strings.TrimSpace(e.Text) == "" {
			broken.Add(ExplanationBlank, ExplainField(e.Criterion))
		}
	}
	return broken
}

// Canonical is an answer in the one form that is hashed: a decision to send it names the
// hash of what was on the screen.
func Canonical(answer []Explanation) []byte {
	var out []byte
	for _, e := range answer {
		out = fmt.Appendf(out, "%q %q\n", e.Criterion, e.Text)
		for _, f := range e.Files {
			out = fmt.Appendf(out, "\t%s %q\n", f.Hash, f.Name)
		}
	}
	return out
}
