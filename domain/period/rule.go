package period

import (
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// Rule is a periodic regime: from when to when the data of a kind of period are
// taken, and when its reports are due. Rules are rows that officers edit; the
// first ones say what Decree 09/2019/ND-CP art. 12 and 8.5b say.
type Rule struct {
	ID        int64        `db:"id"`
	Kind      Kind         `db:"kind"`
	ValidFrom calendar.Day `db:"valid_from"` // for periods that begin on this day or later

	MonthsBefore int `db:"months_before"` // the window begins so many months before the period's first
	FromDay      int `db:"from_day"`      // 1..31; a day that the month lacks is its last
	ToDay        int `db:"to_day"`        // of the period's last month, as FromDay

	WorkingDays int   `db:"working_days"` // that units have after the window
	Inclusive   bool  `db:"due_inclusive"`
	Cutoff      int   `db:"due_cutoff"` // minutes after midnight
	Shift       Shift `db:"due_shift"`

	WindowSource    string `db:"window_source"` // as printed
	WindowCertainty string `db:"window_certainty"`
	DueSource       string `db:"due_source"`
	DueCertainty    string `db:"due_certainty"`
}

// Rules are the rows of all kinds.
type Rules []Rule

// For is the rule in force for the period: of those of its kind that begin on or
// before the period's first day the newest, of one day the one added last. false:
// there is none, and nothing can be suggested.
func (rs Rules) For(p Period) (Rule, bool) {
	var found Rule
	ok := false
	for _, r := range rs {
		if r.Kind != p.Kind || r.ValidFrom > p.From() {
			continue
		}
		if !ok || r.ValidFrom > found.ValidFrom || r.ValidFrom == found.ValidFrom && r.ID > found.ID {
			found, ok = r, true
		}
	}
	return found, ok
}

// Window is the data window of the period. Law calls it "thoi gian chot so lieu":
// it is neither the period nor the deadline (QD 1439 art. 3.6).
func (r Rule) Window(p Period) Window {
	first, last := p.months()
	return Window{
		From: dayOfMonth(p.Year, first-time.Month(r.MonthsBefore), r.FromDay),
		To:   dayOfMonth(p.Year, last, r.ToDay),
	}
}

// dayOfMonth is the day of a month, or the month's last where it is shorter.
// Months below 1 are of the year before.
func dayOfMonth(year int, month time.Month, day int) calendar.Day {
	return min(calendar.Date(year, month, day), calendar.Date(year, month+1, 1).Add(-1))
}

// minimumWorkingDays lie between the end of data taking and the deadline
// (Decree 09/2019/ND-CP art. 8.5b).
const minimumWorkingDays = 1

// Suggest is the due by this rule after the window, with the reasons. Units get
// the rule's working days in full, at least one. An excluded due day is the next
// working day after them: being a working day, no shift can take a day away.
func (r Rule) Suggest(p Period, w Window, c calendar.Calendar) (Due, []Step) {
	steps := []Step{r.windowStep(p, w)}
	days := r.WorkingDays
	if days < minimumWorkingDays {
		steps = append(steps, Step{StepMinimum, []any{days, minimumWorkingDays}, SourceDecreeGap})
		days = minimumWorkingDays
	}
	last := c.AddWorkingDays(w.To, days)
	due := Due{Day: last, Inclusive: r.Inclusive, Cutoff: r.Cutoff, Shift: r.Shift}
	if !r.Inclusive {
		due.Day = c.AddWorkingDays(last, 1)
	}
	steps = append(steps, Step{StepWorkingDays, []any{days, w.To, last}, r.DueSource})
	if r.DueCertainty != CertaintyOfficial {
		steps = append(steps, Step{StepUncertain, []any{r.DueCertainty}, SourceRules})
	}
	steps = append(steps, unusualDays(w.To.Add(1), due.Day, c)...)
	steps = append(steps, due.boundStep(due.Day, r.DueSource))
	if due.Day <= p.To() {
		steps = append(steps, Step{StepBeforeEnd, []any{due.Day, p.To()}, r.WindowSource})
	}
	return due, steps
}

func (r Rule) windowStep(p Period, w Window) Step {
	if w != r.Window(p) {
		return Step{StepWindowSet, []any{w.From, w.To}, SourceGuidance}
	}
	return Step{StepWindow, []any{w.From, w.To}, r.WindowSource}
}

// How sure a rule or a day is.
const (
	CertaintyOfficial   = "official"   // read in the text that orders it
	CertaintyExpected   = "expected"   // announced, not yet in force
	CertaintyUnverified = "unverified" // from practice, the text was not found
)

// Codes of broken rules of a rule, each at the field it names.
const (
	RuleKind      rule.Code = "rule_kind"
	RuleMonths    rule.Code = "rule_months"  // args: the most months
	RuleDay       rule.Code = "rule_day"     // at from_day, to_day
	RuleWindow    rule.Code = "rule_window"  // ends before it begins
	RuleDays      rule.Code = "rule_days"    // args: the fewest, the most
	RuleSource    rule.Code = "rule_source"  // at window_source, due_source; args: the most letters
	RuleCertainty rule.Code = "rule_certain" // at window_certainty, due_certainty
)

// RuleCodes lists every code above.
var RuleCodes = []rule.Code{RuleKind, RuleMonths, RuleDay, RuleWindow, RuleDays, RuleSource, RuleCertainty}

const (
	maxMonthsBefore = 3
	maxWorkingDays  = 60
	maxSource       = 200
)

// Validate reports everything that is wrong with the rule, with the codes above
// and those of Due.Validate. The decree's one working day (art. 8.5b) is the
// least that a rule may give.
func (r Rule) Validate() rule.Errors {
	broken := Due{Cutoff: r.Cutoff, Shift: r.Shift}.Validate()
	if _, known := monthsOf[r.Kind]; !known {
		broken.Add(RuleKind, "kind")
	}
	if r.MonthsBefore < 0 || r.MonthsBefore > maxMonthsBefore {
		broken.Add(RuleMonths, "months_before", maxMonthsBefore)
	}
	if r.FromDay < 1 || r.FromDay > 31 {
		broken.Add(RuleDay, "from_day")
	}
	if r.ToDay < 1 || r.ToDay > 31 {
		broken.Add(RuleDay, "to_day")
	}
	if r.Kind == Month && r.MonthsBefore == 0 && r.FromDay > r.ToDay {
		broken.Add(RuleWindow, "to_day")
	}
	if r.WorkingDays < minimumWorkingDays || r.WorkingDays > maxWorkingDays {
		broken.Add(RuleDays, "working_days", minimumWorkingDays, maxWorkingDays)
	}
	for field, text := range map[string]string{"window_source": r.WindowSource, "due_source": r.DueSource} {
		if strings.TrimSpace(text) == "" || len([]rune(text)) > maxSource {
			broken.Add(RuleSource, field, maxSource)
		}
	}
	for field, text := range map[string]string{"window_certainty": r.WindowCertainty, "due_certainty": r.DueCertainty} {
		if text != CertaintyOfficial && text != CertaintyExpected && text != CertaintyUnverified {
			broken.Add(RuleCertainty, field)
		}
	}
	return broken
}
