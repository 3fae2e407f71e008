package par

import "cchc/domain/decimal"

// Reason is one step of the answer to "Vì sao?": what was looked at and what it gave.
// Arguments are Points, decimal.Number, calendar.Day, int or string, in the order
// told at the code. Percentages are cut to two decimals, never rounded up: one that
// just misses a threshold does not read as having reached it.
type Reason struct {
	Code ReasonCode
	Args []any
}

// ReasonCode names a step. Each has its words in templates/words.
type ReasonCode string

// The steps of a score.
const (
	WhyMissing       ReasonCode = "missing"        // something is not answered yet
	WhyNotApplicable ReasonCode = "not_applicable" // most points, which leave the total
	WhyYes           ReasonCode = "yes"            // points
	WhyNo            ReasonCode = "no"             //
	WhyOnTime        ReasonCode = "on_time"        // day, deadline, points
	WhyLate          ReasonCode = "late"           // day, deadline, days late, the step's days, points
	WhyTooLate       ReasonCode = "too_late"       // day, deadline, days late, the last step's days
	WhyNeverDone     ReasonCode = "never_done"     // deadline
	WhyRatio         ReasonCode = "ratio"          // done, of, percent
	WhyNoCases       ReasonCode = "no_cases"       // points: there was nothing to be done
	WhyNoCasesOut    ReasonCode = "no_cases_out"   // most points, which leave the total
	WhyFull          ReasonCode = "full"           // points: all of it was done
	WhyBelowFloor    ReasonCode = "below_floor"    // percent, floor
	WhyShare         ReasonCode = "share"          // percent, most points, points
	WhyTargetMet     ReasonCode = "target_met"     // percent, target, points
	WhyTargetShare   ReasonCode = "target_share"   // percent, target, most points, points
	WhyBand          ReasonCode = "band"           // value, from, points
	WhyBandBelow     ReasonCode = "band_below"     // value, the lowest step
	WhyDeducted      ReasonCode = "deducted"       // cases, points a case, most points, points
	WhyCounted       ReasonCode = "counted"        // cases, points a case, most points, points
	WhyItem          ReasonCode = "item"           // name, points
	WhyItemMissing   ReasonCode = "item_missing"   // name
	WhyClaimed       ReasonCode = "claimed"        // points that the rule gives; -1: none yet, points claimed
	WhyFact          ReasonCode = "fact"           // how many documents count
)

// The steps of a survey's score.
const (
	WhySurveyGroup   ReasonCode = "survey_group"   // name, mean in percent, weight in percent, answers
	WhySurveyUnasked ReasonCode = "survey_unasked" // name: nobody of this group answered; the others count for it
	WhySurveyMean    ReasonCode = "survey_mean"    // mean in percent, most points, points
	WhySurveyNone    ReasonCode = "survey_none"    //
)

// The steps of an appraisal, a total, a class and a rank.
const (
	WhySelf        ReasonCode = "self"         // points of the self-assessment
	WhySelfBlank   ReasonCode = "self_blank"   //
	WhyConfirmed   ReasonCode = "confirmed"    // round, points
	WhyMarked      ReasonCode = "marked"       // round, points, reason
	WhyMarkedOut   ReasonCode = "marked_out"   // round, reason: does not apply
	WhyUnappraised ReasonCode = "unappraised"  //
	WhySum         ReasonCode = "sum"          // appraised points, survey points, sum
	WhyRescaled    ReasonCode = "rescaled"     // sum, most points without what does not apply, the set's total, points
	WhyBonus       ReasonCode = "bonus"        // asked, most, given
	WhyPenalty     ReasonCode = "penalty"      // asked, most, taken
	WhyBounded     ReasonCode = "bounded"      // before, after
	WhyClass       ReasonCode = "class"        // name, from percent, percent
	WhyRank        ReasonCode = "rank"         // rank, of
	WhyRankShared  ReasonCode = "rank_shared"  // rank, of, how many share it
	WhyIncomplete  ReasonCode = "incomplete"   // criteria that have no points yet
	WhyAllOut      ReasonCode = "nothing_left" // no criterion applies
	WhyOpen        ReasonCode = "open"         // the appraisal is not over
)

// Reasons lists every step.
var Reasons = []ReasonCode{
	WhyMissing, WhyNotApplicable, WhyYes, WhyNo, WhyOnTime, WhyLate, WhyTooLate, WhyNeverDone, WhyRatio,
	WhyNoCases, WhyNoCasesOut, WhyFull, WhyBelowFloor, WhyShare, WhyTargetMet, WhyTargetShare, WhyBand, WhyBandBelow,
	WhyDeducted, WhyCounted, WhyItem, WhyItemMissing, WhyClaimed, WhyFact,
	WhySurveyGroup, WhySurveyUnasked, WhySurveyMean, WhySurveyNone,
	WhySelf, WhySelfBlank, WhyConfirmed, WhyMarked, WhyMarkedOut, WhyUnappraised, WhySum, WhyRescaled,
	WhyBonus, WhyPenalty, WhyBounded, WhyClass, WhyRank, WhyRankShared, WhyIncomplete, WhyAllOut, WhyOpen,
}

// Score is what a criterion gives, and why.
type Score struct {
	Points        Points
	Known         bool // false: there are no points yet
	NotApplicable bool // the criterion's points leave the total
	Why           []Reason
}

func (s Score) because(code ReasonCode, args ...any) Score {
	s.Why = append(s.Why[:len(s.Why):len(s.Why)], Reason{Code: code, Args: args})
	return s
}

func (s Score) give(p Points) Score {
	s.Points, s.Known = p, true
	return s
}

func (s Score) leaveOut() Score {
	s.Points, s.Known, s.NotApplicable = 0, true, true
	return s
}

// percentCut is above/below in percent, cut to two decimals.
func percentCut(done, of decimal.Number) decimal.Number {
	cut := quotient(done, of, 100*100)
	return decimal.OfTenThousandths(cut * hundredth)
}
