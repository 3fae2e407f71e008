package form

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/rule"
)

// The codes of what is wrong with a form itself. Each is at the field of its row:
// "title", "sections.0.code", "indicators.12.numerator", "checks.3.rule"; rows count
// from 0, because a code may be missing or stand twice.
const (
	codeFormCode      rule.Code = "form_code"
	codeChoiceCode    rule.Code = "form_choice_code"     // of a field or kind of product
	codeFormEmpty     rule.Code = "form_empty"           // neither a section nor an indicator
	codeFormMissing   rule.Code = "form_missing"         // -
	codeFormLong      rule.Code = "form_long"            // letters allowed
	codeFormMany      rule.Code = "form_many"            // rows allowed
	codeFormTolerance rule.Code = "form_tolerance"       // most percent
	codeSectionCode   rule.Code = "form_section_code"    // -
	codeIndicatorCode rule.Code = "form_indicator_code"  // -
	codeTwice         rule.Code = "form_twice"           // the earlier row, counted from 1
	codeGroupTwice    rule.Code = "form_group_apart"     // -
	codeType          rule.Code = "form_type"            // -
	codeAcrossUnits   rule.Code = "form_across_units"    // -
	codeAcrossTime    rule.Code = "form_across_time"     // -
	codeLastDay       rule.Code = "form_last_day"        // -
	codeIndent        rule.Code = "form_indent"          // -
	codeSeverity      rule.Code = "form_severity"        // -
	codeSyntax        rule.Code = "form_rule_syntax"     // letter from 1, what is wanted there, the text from there on
	codeRuleUnknown   rule.Code = "form_rule_unknown"    // the code
	codeRatioOfRatio  rule.Code = "form_ratio_of_ratio"  // the code
	codeRatioOperand  rule.Code = "form_ratio_operand"   // -
	codeRuleNoFigure  rule.Code = "form_rule_no_figure"  // -
	codeRuleRatioThen rule.Code = "form_rule_ratio_then" // the code
	codeRuleTwice     rule.Code = "form_rule_twice"      // the earlier row, counted from 1
)

// Limits of a form. They keep a report readable and a page answerable.
const (
	MaxSections   = 100
	MaxIndicators = 500
	MaxChecks     = 400
	MaxTitle      = 300
	MaxHint       = 1000
	MaxUnit       = 60
	MaxRule       = 300
	MaxTolerance  = 1000 // percent
)

var (
	formCodePattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{1,39}$`)
	sectionCodePattern = regexp.MustCompile(`^[A-Z0-9]{1,6}(\.[A-Z0-9]{1,6}){0,3}$`)
)

// Validate finds all that is wrong with the form itself, at the rows where it
// stands. Only a form without any may be published.
func (v Version) Validate() rule.Errors {
	run := validation{version: v}
	run.general()
	run.sections()
	run.indicators()
	run.checks()
	run.plan()
	run.index()
	return run.broken
}

// validation is one run over one form.
type validation struct {
	version Version
	broken  rule.Errors
}

func (n *validation) general() {
	v := n.version
	if !formCodePattern.MatchString(v.Code) {
		n.broken.Add(codeFormCode, "code")
	}
	n.text("title", v.Title, MaxTitle)
	if v.Tolerance < 0 || v.Tolerance > MaxTolerance {
		n.broken.Add(codeFormTolerance, "tolerance", MaxTolerance)
	}
	if len(v.Sections) == 0 && len(v.Indicators) == 0 {
		n.broken.Add(codeFormEmpty, "sections")
	}
	n.many("sections", len(v.Sections), MaxSections)
	n.many("indicators", len(v.Indicators), MaxIndicators)
	n.many("checks", len(v.Checks), MaxChecks)
}

func (n *validation) many(field string, rows, most int) {
	if rows > most {
		n.broken.Add(codeFormMany, field, most)
	}
}

// text demands a text of at most so many letters.
func (n *validation) text(field, text string, most int) {
	if strings.TrimSpace(text) == "" {
		n.broken.Add(codeFormMissing, field)
	}
	n.long(field, text, most)
}

func (n *validation) long(field, text string, most int) {
	if len([]rune(text)) > most {
		n.broken.Add(codeFormLong, field, most)
	}
}

// once refuses what stands in an earlier row already; blanks are told elsewhere.
func (n *validation) once(code rule.Code, field, text string, row int, seen map[string]int) {
	if text == "" {
		return
	}
	if earlier, twice := seen[text]; twice {
		n.broken.Add(code, field, earlier+1)
		return
	}
	seen[text] = row
}

func (n *validation) sections() {
	seen := map[string]int{}
	for row, section := range n.version.Sections {
		code := RowField("sections", row, "code")
		if !sectionCodePattern.MatchString(section.Code) {
			n.broken.Add(codeSectionCode, code)
		}
		n.once(codeTwice, code, section.Code, row, seen)
		n.text(RowField("sections", row, "title"), section.Title, MaxTitle)
		n.long(RowField("sections", row, "hint"), section.Hint, MaxHint)
		n.long(RowField("sections", row, "parent"), section.Parent, MaxTitle)
	}
}

func (n *validation) indicators() {
	seen, groups, group := map[string]int{}, map[string]bool{}, ""
	for row, indicator := range n.version.Indicators {
		at := func(field string) string { return RowField("indicators", row, field) }
		if !isCode(indicator.Code) {
			n.broken.Add(codeIndicatorCode, at("code"))
		}
		n.once(codeTwice, at("code"), indicator.Code, row, seen)
		n.text(at("name"), indicator.Name, MaxTitle)
		n.text(at("unit"), indicator.Unit, MaxUnit)
		n.text(at("group"), indicator.Group, MaxTitle)
		if indicator.Group != group && groups[indicator.Group] {
			n.broken.Add(codeGroupTwice, at("group"))
		}
		group = indicator.Group
		groups[group] = true
		if _, err := calendar.ParseDay(indicator.ValidTo); indicator.ValidTo != "" && err != nil {
			n.broken.Add(codeLastDay, at("valid_to"))
		}
		if indicator.Indent < 0 || indicator.Indent > 1 {
			n.broken.Add(codeIndent, at("indent"))
		}
		n.combination(indicator, at)
	}
}

// combination is how the indicator is summed up: ratios are recomputed from sums,
// never averaged.
func (n *validation) combination(i Indicator, at func(string) string) {
	switch i.Type {
	case TypeInteger, TypeDecimal:
		if i.AcrossUnits != AcrossUnitsSum {
			n.broken.Add(codeAcrossUnits, at("across_units"))
		}
		if i.AcrossTime != AcrossTimeSum && i.AcrossTime != AcrossTimeFirst && i.AcrossTime != AcrossTimeLast {
			n.broken.Add(codeAcrossTime, at("across_time"))
		}
	case TypeRatio:
		if i.AcrossUnits != AcrossUnitsRatio {
			n.broken.Add(codeAcrossUnits, at("across_units"))
		}
		if i.AcrossTime != AcrossTimeRatio {
			n.broken.Add(codeAcrossTime, at("across_time"))
		}
		n.ratioSide(at("numerator"), i.Numerator)
		n.ratioSide(at("denominator"), i.Denominator)
	default:
		n.broken.Add(codeType, at("type"))
	}
}

// ratioSide refuses ratios of ratios, which could not be recomputed from sums.
func (n *validation) ratioSide(field, text string) {
	if strings.TrimSpace(text) == "" {
		n.broken.Add(codeFormMissing, field)
		return
	}
	side, err := parseSum(text)
	if n.syntax(field, err) {
		return
	}
	for _, operand := range side {
		indicator, known := n.version.Indicator(operand.Code)
		switch {
		case operand.Source != FromCurrent:
			n.broken.Add(codeRatioOperand, field)
		case !known:
			n.broken.Add(codeRuleUnknown, field, operand.Code)
		case indicator.Type == TypeRatio:
			n.broken.Add(codeRatioOfRatio, field, operand.Code)
		}
	}
}

// syntax tells of a text that cannot be read.
func (n *validation) syntax(field string, err error) bool {
	var wrong *SyntaxError
	if !errors.As(err, &wrong) {
		return false
	}
	n.broken.Add(codeSyntax, field, wrong.Place(), wrong.Want, wrong.Rest())
	return true
}

func (n *validation) checks() {
	seen := map[string]int{}
	for row, check := range n.version.Checks {
		field := RowField("checks", row, "rule")
		if check.Severity != SeverityError && check.Severity != SeverityWarning {
			n.broken.Add(codeSeverity, RowField("checks", row, "severity"))
		}
		n.long(field, check.Rule, MaxRule)
		n.long(RowField("checks", row, "note"), check.Note, MaxTitle)
		if strings.TrimSpace(check.Rule) == "" {
			n.broken.Add(codeFormMissing, field)
			continue
		}
		parsed, err := ParseRule(check.Rule)
		if n.syntax(field, err) {
			continue
		}
		n.once(codeRuleTwice, field, parsed.String(), row, seen)
		n.operands(field, parsed)
	}
}

func (n *validation) operands(field string, parsed Rule) {
	if !slices.ContainsFunc(parsed.operands(), func(o Operand) bool { return o.Source == FromCurrent }) {
		n.broken.Add(codeRuleNoFigure, field)
	}
	told := map[string]bool{}
	for _, operand := range parsed.operands() {
		indicator, known := n.version.Indicator(operand.Code)
		switch {
		case operand.Source == FromLiteral || told[operand.Code]:
		case !known:
			told[operand.Code] = true
			n.broken.Add(codeRuleUnknown, field, operand.Code)
		case indicator.Type == TypeRatio && operand.Source != FromCurrent:
			n.broken.Add(codeRuleRatioThen, field, operand.Code)
		}
	}
}

// RuleProblems are what stands against one check of the form, at the field "rule".
func (v Version) RuleProblems(text string) rule.Errors {
	v.Checks = []Check{{Severity: SeverityError, Rule: text}}
	run := validation{version: v}
	run.checks()
	for i := range run.broken {
		run.broken[i].Field = "rule"
	}
	return run.broken
}

// planTable begins the names of the tables of a plan.
const planTable = "plan"

// RowField names a field of a row of a form in broken rules: "checks.3.rule".
func RowField(table string, row int, field string) string {
	return table + "." + strconv.Itoa(row) + "." + field
}

// RowOf is the row that a broken rule names; false when it names none. Those of a
// plan are tables of its table: "plan.fields.0.code".
func RowOf(field string) (table string, row int, ok bool) {
	parts := strings.Split(field, ".")
	if parts[0] == planTable && len(parts) == 4 {
		parts = append([]string{planTable + "." + parts[1]}, parts[2:]...)
	}
	if len(parts) != 3 {
		return "", 0, false
	}
	row, err := strconv.Atoi(parts[1])
	return parts[0], row, err == nil
}
