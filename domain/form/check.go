package form

import (
	"errors"
	"math/big"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// The codes of broken rules. Arguments, in order, are JSON scalars; figures are
// in Decimal's canonical form.
const (
	codeWrongForm     rule.Code = "form_version"          // form, number wanted
	codeSectionBlank  rule.Code = "section_blank"         // -
	codeSectionOther  rule.Code = "section_unknown"       // -
	codeUnknown       rule.Code = "figure_unknown"        // -
	codeNotAsked      rule.Code = "figure_not_asked"      // last day asked (ISO)
	codeComputed      rule.Code = "figure_computed"       // -
	codeNotInteger    rule.Code = "figure_not_integer"    // -
	codeEquation      rule.Code = "figure_equation"       // rule, left value, right value
	codeInequality    rule.Code = "figure_inequality"     // rule, left value, right value
	codeChange        rule.Code = "figure_change"         // value a year ago, value now, tolerance in percent
	codeCumulative    rule.Code = "figure_cumulative"     // value reported for the shorter period, value now
	codeKnown         rule.Code = "figure_known"          // value that the system knows, value now
	codeReasonMissing rule.Code = "figure_reason_missing" // -
)

// FigureField names an indicator's field in broken rules: "figure.3.18".
func FigureField(code string) string { return "figure." + code }

// SectionField names a section's field in broken rules: "section.II.2".
func SectionField(code string) string { return "section." + code }

// Context is what a check may compare with: the unit's own earlier figures, by
// indicator, with the reasons it gave for them. A nil map is unknown: checks that
// need it are not applied; nor are those that need a value it lacks. WindowEnd
// decides which indicators are asked; its zero value asks all.
//
// Known are figures that the system itself has: of the unit's plan (QD 1439 art. 9).
// Another number may be reported, with the reason why it differs.
type Context struct {
	Previous       map[string]Figure // the adjoining period before: what is carried over
	PreviousInYear map[string]Figure // the newest before in the same year
	Begun          map[string]Figure // the longest that begins with this period and ends before it
	SameLastYear   map[string]Figure // the same period of the year before
	Known          map[string]Decimal
	Periods        ContextPeriods
	WindowEnd      calendar.Day
	Own            period.Period // the one that is reported on; tasks of a plan must lie in it
	Facts          par.Facts     // what the system knows of the unit and the year; nil: not looked for
}

// ContextPeriods are the codes of the periods from which the figures of a
// Context come (domain/period), for people to read; empty where there are none.
type ContextPeriods struct{ Previous, Begun string }

// Result is everything a check found, in the order of the form.
type Result struct {
	Errors   rule.Errors        // block submission; among them a missing reason for a warning
	Warnings rule.Errors        // every warning, whether or not its field has a reason
	Missing  []string           // indicators left blank: zero must be written
	Ratios   map[string]Decimal // the computed percentages; absent: shown as a dash
}

// Unexplained counts the figures with a warning and no reason for it.
func (r Result) Unexplained() int {
	n := 0
	for _, one := range r.Errors {
		if one.Code == codeReasonMissing {
			n++
		}
	}
	return n
}

// Check finds all that is wrong with the content at once. A rule with a blank
// operand does not fire: the blank itself is reported.
func (v Version) Check(c Content, ctx Context) Result {
	run := checking{version: v, content: c, context: ctx}
	if c.Form != v.Code || c.FormVersion != v.Number {
		run.Errors.Add(codeWrongForm, "", v.Code, v.Number)
	}
	run.sections()
	run.tasks()
	run.answers()
	run.figures()
	run.rules()
	run.cumulative()
	run.changes()
	run.known()
	run.reasons()
	return run.Result
}

// ParseFigure reads a typed figure of the indicator: nil without an error when
// the text is blank. Broken rules carry the figure's field: those of ParseVN, and
// figure_not_integer, figure_computed, figure_unknown.
func (v Version) ParseFigure(code, text string) (*Decimal, rule.Errors) {
	field := FigureField(code)
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	indicator, known := v.Indicator(code)
	switch {
	case !known:
		return nil, rule.Broken(codeUnknown, field)
	case indicator.Type == TypeRatio:
		return nil, rule.Broken(codeComputed, field)
	}
	number, err := ParseVN(text)
	var broken rule.Errors
	if errors.As(err, &broken) {
		broken[0].Field = field
		return nil, broken
	}
	if broken = indicator.accepts(number); broken != nil {
		return nil, broken
	}
	return &number, nil
}

// accepts checks a number by itself, wherever it came from.
func (i Indicator) accepts(number Decimal) rule.Errors {
	field := FigureField(i.Code)
	switch {
	case number.Sign() < 0:
		return rule.Broken(decimal.Negative, field)
	case number.Oversized():
		return rule.Broken(decimal.TooBig, field, decimal.MaxDigits)
	case i.Type == TypeInteger && !number.IsInteger():
		return rule.Broken(codeNotInteger, field)
	}
	return nil
}

// checking is one run over one content.
type checking struct {
	version Version
	content Content
	context Context
	Result
}

func (k *checking) sections() {
	for _, section := range k.version.Sections {
		if section.Required && strings.TrimSpace(k.content.Sections[section.Code]) == "" {
			k.Errors.Add(codeSectionBlank, SectionField(section.Code))
		}
	}
	for _, code := range sortedKeys(k.content.Sections) {
		if _, known := k.version.Section(code); !known {
			k.Errors.Add(codeSectionOther, SectionField(code))
		}
	}
}

func (k *checking) figures() {
	k.Ratios = map[string]Decimal{}
	for _, indicator := range k.version.Indicators {
		k.figure(indicator, k.content.Figures[indicator.Code].Value)
	}
	for _, code := range sortedKeys(k.content.Figures) {
		if _, known := k.version.Indicator(code); !known {
			k.Errors.Add(codeUnknown, FigureField(code))
		}
	}
}

func (k *checking) figure(indicator Indicator, value *Decimal) {
	field := FigureField(indicator.Code)
	asked := indicator.asked(k.context.WindowEnd)
	switch {
	case !asked && value != nil:
		k.Errors.Add(codeNotAsked, field, indicator.ValidTo)
	case !asked:
	case indicator.Type == TypeRatio:
		if value != nil {
			k.Errors.Add(codeComputed, field)
		}
		if percent, ok := k.ratio(indicator); ok {
			k.Ratios[indicator.Code] = percent
		}
	case value == nil:
		k.Missing = append(k.Missing, indicator.Code)
		k.Errors.Add(decimal.Blank, field)
	default:
		k.Errors = append(k.Errors, indicator.accepts(*value)...)
	}
}

// rules applies every check whose operands are all there.
func (k *checking) rules() {
	for _, check := range k.version.Checks {
		parsed, err := ParseRule(check.Rule)
		if err != nil {
			continue // Validate refuses such a form before it can be used
		}
		left, leftKnown := k.sum(parsed.Left)
		right, rightKnown := k.sum(parsed.Right)
		if !leftKnown || !rightKnown || holds(left, parsed.Op, right) {
			continue
		}
		code := codeInequality
		if parsed.Op == "=" {
			code = codeEquation
		}
		found := &k.Errors
		if check.Severity == SeverityWarning {
			found = &k.Warnings
		}
		found.Add(code, k.fieldOf(parsed), check.Rule, decimal.FormatUnits(left), decimal.FormatUnits(right))
	}
}

// fieldOf is where a broken rule is shown: its first figure that is still asked.
func (k *checking) fieldOf(parsed Rule) string {
	for _, operand := range parsed.operands() {
		indicator, _ := k.version.Indicator(operand.Code)
		if operand.Source == FromCurrent && indicator.asked(k.context.WindowEnd) {
			return FigureField(operand.Code)
		}
	}
	return ""
}

func holds(left *big.Int, op string, right *big.Int) bool {
	switch order := left.Cmp(right); op {
	case "<=":
		return order <= 0
	case ">=":
		return order >= 0
	default:
		return order == 0
	}
}

// sum adds up one side in ten-thousandths. Indicators no longer asked drop out;
// a side of nothing else, or with a blank, is unknown.
func (k *checking) sum(side []Operand) (*big.Int, bool) {
	total, terms := new(big.Int), 0
	for _, operand := range side {
		indicator, _ := k.version.Indicator(operand.Code)
		if operand.Source == FromCurrent && !indicator.asked(k.context.WindowEnd) {
			continue
		}
		value, known := k.value(operand, indicator)
		if !known {
			return nil, false
		}
		terms++
		if operand.Negative {
			total.Sub(total, value.Units())
		} else {
			total.Add(total, value.Units())
		}
	}
	return total, terms > 0
}

func (k *checking) value(operand Operand, indicator Indicator) (Decimal, bool) {
	var value *Decimal
	switch operand.Source {
	case FromLiteral:
		return operand.Literal, true
	case FromPrevious:
		value = k.context.Previous[operand.Code].Value
	case FromPreviousInYear:
		value = k.context.PreviousInYear[operand.Code].Value
	default:
		if indicator.Type == TypeRatio {
			return k.ratio(indicator)
		}
		value = k.content.Figures[operand.Code].Value
	}
	if value == nil {
		return Decimal{}, false
	}
	return *value, true
}

// ratio computes by sum, so that indicators no longer asked drop out of it too.
func (k *checking) ratio(indicator Indicator) (Decimal, bool) {
	return ratioOf(indicator, k.sum)
}

// cumulative holds that what flowed in a part of the period is part of what
// flowed in the whole: nine months count at least what half a year has counted.
func (k *checking) cumulative() {
	for _, indicator := range k.version.Active(k.context.WindowEnd) {
		before := k.context.Begun[indicator.Code].Value
		now := k.content.Figures[indicator.Code].Value
		if indicator.AcrossTime != AcrossTimeSum || before == nil || now == nil {
			continue
		}
		if now.Units().Cmp(before.Units()) < 0 {
			k.Errors.Add(codeCumulative, FigureField(indicator.Code), before.String(), now.String())
		}
	}
}

// changes warns of figures that moved by more than the tolerance against the same
// period of the year before. From zero no percentage can be reckoned. Ratios
// follow from figures that are compared themselves.
func (k *checking) changes() {
	if k.version.Tolerance <= 0 {
		return
	}
	for _, indicator := range k.version.Active(k.context.WindowEnd) {
		before := k.context.SameLastYear[indicator.Code].Value
		now := k.content.Figures[indicator.Code].Value
		if indicator.Type == TypeRatio || before == nil || now == nil || before.Sign() == 0 {
			continue
		}
		if changedBeyond(*before, *now, k.version.Tolerance) {
			k.Warnings.Add(codeChange, FigureField(indicator.Code), before.String(), now.String(), k.version.Tolerance)
		}
	}
}

// known warns of figures that differ from what the system itself has counted.
func (k *checking) known() {
	for _, indicator := range k.version.Active(k.context.WindowEnd) {
		known, has := k.context.Known[indicator.Code]
		now := k.content.Figures[indicator.Code].Value
		if has && indicator.Type != TypeRatio && now != nil && *now != known {
			k.Warnings.Add(codeKnown, FigureField(indicator.Code), known.String(), now.String())
		}
	}
}

// Recall adds the warnings of a submission that hung on what the system knew at that
// moment: it has gone on counting, and the reasons given still stand for them.
func (r *Result) Recall(frozen rule.Errors) {
	for _, warning := range frozen {
		if warning.Code == codeKnown {
			r.Warnings = append(r.Warnings, warning)
		}
	}
}

// changedBeyond tells whether |now-before| > percent of |before|.
func changedBeyond(before, now Decimal, percent int) bool {
	change := new(big.Int).Sub(now.Units(), before.Units())
	change.Mul(change.Abs(change), big.NewInt(100))
	limit := before.Units()
	limit.Mul(limit.Abs(limit), big.NewInt(int64(percent)))
	return change.Cmp(limit) > 0
}

// reasons asks once for a reason at each field that has warnings and none yet.
func (k *checking) reasons() {
	asked := map[string]bool{}
	for _, warning := range k.Warnings {
		code := strings.TrimPrefix(warning.Field, FigureField(""))
		if asked[code] || strings.TrimSpace(k.content.Figures[code].Reason) != "" {
			continue
		}
		asked[code] = true
		k.Errors.Add(codeReasonMissing, warning.Field)
	}
}
