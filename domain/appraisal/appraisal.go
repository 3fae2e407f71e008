// Package appraisal holds the course of an appraisal of a self-assessment (QD 1439 art.
// 8.3b, 15.2): its rounds, who appraises which field, who may do what when, how long a
// round lasts, and when somebody is reminded.
//
// What a mark may be and what it makes of a score is domain/par's; the life of the
// self-assessment itself, which ended with its director's signature, is
// domain/document's. Nothing here reads a clock or knows how rows are kept.
package appraisal

import (
	"time"

	"cchc/domain/document"
	"cchc/domain/par"
)

// Stage is the round that an appraisal is in.
type Stage string

// The stages in their order.
const (
	First      Stage = "first"      // the appraisers mark what was handed in
	Explaining Stage = "explaining" // the unit answers the marks that differ from its own
	Second     Stage = "second"     // the appraisers mark again what was explained, or opened again
	Done       Stage = "done"       // every criterion has its final score
)

// Stages lists every stage in order.
var Stages = []Stage{First, Explaining, Second, Done}

// Round is the round of marks that a stage is for; 0: nobody marks.
func (s Stage) Round() int {
	switch s {
	case First:
		return par.FirstRound
	case Second:
		return par.SecondRound
	}
	return 0
}

// Appraiser is the code of the unit that appraises a field of a unit's self-assessment:
// who owns the field, else the authority. Nobody appraises their own field's owner but
// the authority; that its own self-assessment is appraised by itself is the
// regulation's (QD 1439 art. 15.1), by people who had no part in it.
func Appraiser(field par.Field, unit, authority string) string {
	if field.Appraiser == "" || field.Appraiser == unit {
		return authority
	}
	return field.Appraiser
}

// Field is how far the appraisal of one field is in the present round.
type Field struct {
	Code      string
	Appraiser string // unit
	Todo      int    // criteria to be marked
	Marked    int    // of them marked
	Finished  bool   // the appraiser has nothing to do with it, or has said so
}

// State is what an appraisal's moves are decided by.
type State struct {
	Unit      string
	Stage     Stage
	DueAt     time.Time // end of the present round's time; zero when done
	Fields    []Field
	Disputed  []string        // criteria whose first mark is not the unit's own score
	Answered  bool            // the unit has answered the first marks, one way or another
	Written   bool            // it has written about marks what it has not sent
	LateWaits bool            // its answer came too late and waits for the authority's
	Published bool            // the scores stand in a published result
	Chain     []document.Part // who had which part in the self-assessment
}

// Field is the field with the code.
func (s State) Field(code string) (Field, bool) {
	for _, f := range s.Fields {
		if f.Code == code {
			return f, true
		}
	}
	return Field{}, false
}

// finished tells whether no appraiser is waited for.
func (s State) finished() bool {
	for _, f := range s.Fields {
		if !f.Finished {
			return false
		}
	}
	return true
}

// Over tells whether the present round's time has ended.
func (s State) Over(now time.Time) bool { return s.Stage != Done && !now.Before(s.DueAt) }

// Next is the stage that follows by itself: once all appraisers have finished, or the
// time for explaining has ended. Marks do not come by themselves: an appraiser's time
// that ends makes them late, and nothing else. Where nothing differs there is nothing to
// explain, and where nothing was explained there is nothing to look at again. What is opened
// again after the end is marked in the second round.
func (s State) Next(now time.Time) (Stage, bool) {
	switch {
	case s.Stage == First && s.finished() && len(s.Disputed) > 0:
		return Explaining, true
	case s.Stage == First && s.finished(), s.Stage == Second && s.finished():
		return Done, true
	case (s.Stage == Explaining || s.Stage == Done) && !s.finished():
		return Second, true
	case s.Stage == Explaining && (s.Answered || s.Over(now)):
		return Done, true
	}
	return s.Stage, false
}
