package par

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/rule"
)

// The codes of what is wrong with a set itself, at "total", "fields.0.name",
// "criteria.12.max", "groups.1.code", "classes.0.from"; rows count from 0.
const (
	SetEmpty         rule.Code = "set_empty"          // no criteria
	SetTotal         rule.Code = "set_total"          // the sum of all criteria, what it must be
	SetMany          rule.Code = "set_many"           // rows allowed
	SetMissing       rule.Code = "set_missing"        // -
	SetLong          rule.Code = "set_long"           // letters allowed
	SetTwice         rule.Code = "set_twice"          // the earlier row, counted from 1
	SetFieldCode     rule.Code = "set_field_code"     // -
	SetCriterionCode rule.Code = "set_criterion_code" // -
	SetChoiceCode    rule.Code = "set_choice_code"    // of a group or a line of a checklist
	SetFieldUnknown  rule.Code = "set_field_unknown"  // -
	SetFieldApart    rule.Code = "set_field_apart"    // criteria of one field stand apart
	SetFieldBare     rule.Code = "set_field_bare"     // a field without criteria
	SetMax           rule.Code = "set_max"            // -
	SetKind          rule.Code = "set_kind"           // -
	SetEvidence      rule.Code = "set_evidence"       // -
	SetFact          rule.Code = "set_fact"           // the fact cannot answer a criterion of this kind
	SetDeadline      rule.Code = "set_deadline"       // -
	SetLate          rule.Code = "set_late"           // days must ascend, points fall and stay below the most
	SetFloor         rule.Code = "set_floor"          // -
	SetTarget        rule.Code = "set_target"         // -
	SetBasis         rule.Code = "set_basis"          // -
	SetBandsMissing  rule.Code = "set_bands_missing"  // -
	SetBandsOrder    rule.Code = "set_bands_order"    // -
	SetBandsPoints   rule.Code = "set_bands_points"   // most points
	SetBandsReach    rule.Code = "set_bands_reach"    // no step gives the most points
	SetBandsShare    rule.Code = "set_bands_share"    // a share of what is no ratio
	SetWithout       rule.Code = "set_without"        // -
	SetStep          rule.Code = "set_step"           // -
	SetItems         rule.Code = "set_items"          // sum of the lines, most points
	SetWeights       rule.Code = "set_weights"        // sum in percent
	SetWeight        rule.Code = "set_weight"         // a weight of nothing or less; the group's code
	SetGroupUnknown  rule.Code = "set_group_unknown"  // the code
	SetClasses       rule.Code = "set_classes"        // must fall from row to row and end at 0
	SetBonus         rule.Code = "set_bonus"          // between nothing and the total
)

// Limits of a set. They keep a self-assessment readable and a page answerable.
const (
	MaxFields   = 20
	MaxCriteria = 200
	MaxGroups   = 20
	MaxClasses  = 10
	MaxBands    = 20
	MaxItems    = 30
	MaxName     = 500
	MaxGuide    = 2000
	MaxLabel    = 200
)

// The tables of a set, as fields of broken rules name them.
const (
	FieldTable     = "fields"
	CriterionTable = "criteria"
	GroupTable     = "groups"
	ClassTable     = "classes"
)

var (
	fieldPattern     = regexp.MustCompile(`^[A-Z0-9]{1,6}$`)
	criterionPattern = regexp.MustCompile(`^[1-9][0-9]{0,3}(\.[1-9][0-9]{0,3}){0,4}$`)
	choicePattern    = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
)

// Validate finds all that is wrong with the set, at the rows where it stands. Only a
// set without any may be published.
func (s Set) Validate() rule.Errors {
	v := setCheck{set: s}
	v.general()
	v.fields()
	v.criteria()
	v.groups()
	v.classes()
	return v.broken
}

// setCheck is one run over one set.
type setCheck struct {
	set    Set
	broken rule.Errors
}

func (v *setCheck) general() {
	s := v.set
	if len(s.Criteria) == 0 {
		v.broken.Add(SetEmpty, CriterionTable)
	}
	if sum := Sum(s.Criteria); len(s.Criteria) > 0 && sum != s.Total || s.Total <= 0 {
		v.broken.Add(SetTotal, "total", sum.String(), s.Total.String())
	}
	if s.Bonus < 0 || s.Bonus > max(s.Total, 0) {
		v.broken.Add(SetBonus, "bonus")
	}
	if s.Penalty < 0 || s.Penalty > max(s.Total, 0) {
		v.broken.Add(SetBonus, "penalty")
	}
	v.many(FieldTable, len(s.Fields), MaxFields)
	v.many(CriterionTable, len(s.Criteria), MaxCriteria)
	v.many(GroupTable, len(s.Groups), MaxGroups)
	v.many(ClassTable, len(s.Classes), MaxClasses)
}

func (v *setCheck) many(table string, rows, most int) {
	if rows > most {
		v.broken.Add(SetMany, table, most)
	}
}

func (v *setCheck) fields() {
	seen := map[string]int{}
	for row, f := range v.set.Fields {
		at := rowOf(FieldTable, row)
		v.code(at("code"), f.Code, fieldPattern, SetFieldCode, row, seen)
		v.text(at("name"), f.Name, MaxName)
		if f.Code != "" && len(v.set.InField(f.Code)) == 0 {
			v.broken.Add(SetFieldBare, at("name"))
		}
	}
}

func (v *setCheck) groups() {
	seen := map[string]int{}
	for row, g := range v.set.Groups {
		at := rowOf(GroupTable, row)
		v.code(at("code"), g.Code, choicePattern, SetChoiceCode, row, seen)
		v.text(at("name"), g.Name, MaxName)
	}
}

// classes must fall and reach down to nothing, so that every total has its class.
func (v *setCheck) classes() {
	if len(v.set.Classes) == 0 {
		v.broken.Add(SetClasses, ClassTable)
	}
	for row, c := range v.set.Classes {
		at := rowOf(ClassTable, row)
		v.text(at("name"), c.Name, MaxLabel)
		last := row == len(v.set.Classes)-1
		switch {
		case c.From.Sign() < 0 || c.From.Cmp(hundredPercent) > 0,
			row > 0 && c.From.Cmp(v.set.Classes[row-1].From) >= 0,
			last && c.From.Sign() != 0:
			v.broken.Add(SetClasses, at("from"))
		}
	}
}

func (v *setCheck) criteria() {
	seen, done, field := map[string]int{}, map[string]bool{}, ""
	for row, c := range v.set.Criteria {
		at := rowOf(CriterionTable, row)
		v.code(at("code"), c.Code, criterionPattern, SetCriterionCode, row, seen)
		v.text(at("name"), c.Name, MaxName)
		v.long(at("guide"), c.Guide, MaxGuide)
		v.long(at("done_label"), c.DoneLabel, MaxLabel)
		v.long(at("of_label"), c.OfLabel, MaxLabel)
		if _, known := v.set.Field(c.Field); !known {
			v.broken.Add(SetFieldUnknown, at("field"))
		}
		if c.Field != field && done[c.Field] {
			v.broken.Add(SetFieldApart, at("field"))
		}
		field = c.Field
		done[field] = true
		if c.Max <= 0 || c.Max > max(v.set.Total, 0) {
			v.broken.Add(SetMax, at("max"))
		}
		if !contains(EvidenceRules, c.Evidence) {
			v.broken.Add(SetEvidence, at("evidence"))
		}
		if c.Fact != "" && !c.Fact.Fits(c) {
			v.broken.Add(SetFact, at("fact"))
		}
		v.rule(c, at)
	}
}

// rule checks the numbers of the criterion's kind.
func (v *setCheck) rule(c Criterion, at func(string) string) {
	switch c.Kind {
	case YesNo:
	case Date:
		v.date(c, at)
	case Formula:
		v.percent(at("floor"), c.Rule.Floor, SetFloor, false)
	case Banded:
		v.bands(c, at)
	case Cap:
		v.percent(at("target"), c.Rule.Target, SetTarget, true)
	case Deduct, Count:
		if c.Rule.Step <= 0 || c.Rule.Step > c.Max {
			v.broken.Add(SetStep, at("step"))
		}
	case Checklist:
		v.items(c, at)
	case Survey:
		v.weights(c, at)
	default:
		v.broken.Add(SetKind, at("kind"))
	}
	if c.Ratio() && !contains(Withouts, c.Rule.Without) {
		v.broken.Add(SetWithout, at("without"))
	}
}

func (v *setCheck) date(c Criterion, at func(string) string) {
	d := c.Rule.Deadline
	if d == nil || !d.valid() {
		v.broken.Add(SetDeadline, at("deadline"))
	}
	days, points := 0, c.Max
	for _, step := range c.Rule.Late {
		if step.Days <= days || step.Points < 0 || step.Points >= points {
			v.broken.Add(SetLate, at("late"))
			return
		}
		days, points = step.Days, step.Points
	}
	if len(c.Rule.Late) > MaxBands {
		v.broken.Add(SetMany, at("late"), MaxBands)
	}
}

// valid tells whether the day is there in every year.
func (d Deadline) valid() bool {
	const plainYear = 2026 // no leap year
	day := calendar.Date(plainYear, time.Month(d.Month), d.Day)
	return d.Year >= -1 && d.Year <= 1 && d.Month >= 1 && d.Month <= 12 && int(day.Month()) == d.Month && day.Day() == d.Day
}

// percent checks a threshold: a floor may be absent, a target may not.
func (v *setCheck) percent(field string, n *decimal.Number, code rule.Code, needed bool) {
	switch {
	case n == nil && !needed:
	case n == nil, n.Sign() < 0, needed && n.Sign() == 0, n.Cmp(hundredPercent) > 0:
		v.broken.Add(code, field)
	}
}

func (v *setCheck) bands(c Criterion, at func(string) string) {
	if !contains(Bases, c.Rule.Basis) {
		v.broken.Add(SetBasis, at("basis"))
	}
	field := at("bands")
	if len(c.Rule.Bands) == 0 {
		v.broken.Add(SetBandsMissing, field)
		return
	}
	v.many(field, len(c.Rule.Bands), MaxBands)
	reach := false
	for i, band := range c.Rule.Bands {
		switch {
		case band.From.Sign() < 0, i > 0 && band.From.Cmp(c.Rule.Bands[i-1].From) <= 0:
			v.broken.Add(SetBandsOrder, field)
			return
		case band.Share && c.Rule.Basis != OfRatio:
			v.broken.Add(SetBandsShare, field)
			return
		case !band.Share && (band.Points < 0 || band.Points > c.Max):
			v.broken.Add(SetBandsPoints, field, c.Max.String())
			return
		}
		last := i == len(c.Rule.Bands)-1
		reach = reach || band.Points == c.Max || band.Share && (last || c.Rule.Bands[i+1].From.Cmp(hundredPercent) > 0)
	}
	if !reach {
		v.broken.Add(SetBandsReach, field)
	}
}

func (v *setCheck) items(c Criterion, at func(string) string) {
	var sum Points
	seen := map[string]int{}
	v.many(at("items"), len(c.Rule.Items), MaxItems)
	for row, item := range c.Rule.Items {
		v.code(at("items"), item.Code, choicePattern, SetChoiceCode, row, seen)
		v.text(at("items"), item.Name, MaxName)
		if item.Points > 0 {
			sum += item.Points
		}
	}
	if sum != c.Max {
		v.broken.Add(SetItems, at("items"), sum.String(), c.Max.String())
	}
}

func (v *setCheck) weights(c Criterion, at func(string) string) {
	sum := 0
	seen := map[string]int{}
	for row, w := range c.Rule.Weights {
		known := slices.ContainsFunc(v.set.Groups, func(g Group) bool { return g.Code == w.Group })
		if !known {
			v.broken.Add(SetGroupUnknown, at("weights"), w.Group)
		}
		if w.Percent <= 0 {
			v.broken.Add(SetWeight, at("weights"), w.Group)
		}
		v.once(at("weights"), w.Group, row, seen)
		sum += w.Percent
	}
	if sum != 100 {
		v.broken.Add(SetWeights, at("weights"), sum)
	}
}

func (v *setCheck) code(field, code string, pattern *regexp.Regexp, broken rule.Code, row int, seen map[string]int) {
	if !pattern.MatchString(code) {
		v.broken.Add(broken, field)
	}
	v.once(field, code, row, seen)
}

// once refuses what stands in an earlier row already; blanks are told elsewhere.
func (v *setCheck) once(field, text string, row int, seen map[string]int) {
	if earlier, twice := seen[text]; twice && text != "" {
		v.broken.Add(SetTwice, field, earlier+1)
		return
	}
	seen[text] = row
}

func (v *setCheck) text(field, text string, most int) {
	if strings.TrimSpace(text) == "" {
		v.broken.Add(SetMissing, field)
	}
	v.long(field, text, most)
}

func (v *setCheck) long(field, text string, most int) {
	if len([]rune(text)) > most {
		v.broken.Add(SetLong, field, most)
	}
}

// rowOf names the fields of one row: "criteria.3.max".
func rowOf(table string, row int) func(field string) string {
	prefix := table + "." + strconv.Itoa(row) + "."
	return func(field string) string { return prefix + field }
}
