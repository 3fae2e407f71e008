package templates

import (
	"fmt"
	"strconv"

	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// Titles of the pages about sets of criteria.
const (
	TitleFormScale  = "Thang điểm và xếp loại"
	TitleFormFields = "Các lĩnh vực"
)

// FormScalePage is GET and POST /forms/{form}/draft/scale: what holds for all
// criteria. Values are as typed; classes and groups are in the notation of domain/par.
type FormScalePage struct {
	Shell
	Head FormDraftHead
	ScaleTyped
	Sum string // of the criteria as they stand
}

// ScaleTyped is the scale as typed.
type ScaleTyped struct{ Total, Bonus, Penalty, Classes, Groups string }

// ScaleSum says what the criteria sum to.
func ScaleSum(criteria []par.Criterion) string {
	return fmt.Sprintf("%s, tổng điểm tối đa %s", counted(len(criteria), "tiêu chí"), par.Sum(criteria).VN())
}

// FormFieldsPage is GET and POST /forms/{form}/draft/fields.
type FormFieldsPage struct {
	Shell
	Head FormDraftHead
	Rows []FormFieldRow
}

// FormFieldRow is one field of the index, as typed. A field that has criteria stays,
// with its code: they belong to it by that.
type FormFieldRow struct {
	FormRow
	par.Field
	Appraisers []Option
}

// At is the name of one of the row's inputs.
func (r FormFieldRow) At(field string) string { return r.FormRow.Field(par.FieldTable, field) }

// AppraiserOptions are the departments that may appraise a field, the authority
// first: it does so where nobody is named.
func AppraiserOptions(units []staff.Unit, authority, chosen string) []Option {
	options := []Option{{}}
	for _, unit := range units {
		switch {
		case unit.Code == authority:
			options[0] = Option{Label: unit.Name, Selected: chosen == ""}
		case unit.Group == "department" || unit.Code == chosen:
			options = append(options, Option{Value: unit.Code, Label: unit.Name, Selected: unit.Code == chosen})
		}
	}
	return options
}

// FormCriteriaPage is GET and POST /forms/{form}/draft/criteria/{field}, the field by
// its place from 1. It posts field, the code of the field that the page shows.
type FormCriteriaPage struct {
	Shell
	Head  FormDraftHead
	URL   string
	Field string // code
	Sum   string
	Rows  []FormCriterionRow
}

// CriterionTyped is one criterion as typed; lists are in the notation of domain/par.
type CriterionTyped struct {
	Code, Field, Name, Max, Kind, Evidence, Guide, Fact, DoneLabel, OfLabel string
	Deadline, DeadlineYear, Late, Floor, Target, Basis, Bands, Without      string
	Step, Items, Weights                                                    string
	MayNotApply, NeedsRemark, MayPass                                       bool
}

// FormCriterionRow is one criterion of the editor.
type FormCriterionRow struct {
	FormRow
	CriterionTyped
	Kinds, Evidences, Facts, Fields, Bases, Withouts, Years []Option
	Reading                                                 []string // how it scores, in words
	Open                                                    bool     // the lesser fields are open
}

// At is the name of one of the row's inputs.
func (r FormCriterionRow) At(field string) string { return r.FormRow.Field(par.CriterionTable, field) }

// Asks tells whether a number of the rule belongs to the row's kind.
func (r FormCriterionRow) Asks(number string) bool {
	c := par.Criterion{Kind: par.Kind(r.Kind), Rule: par.Rule{Basis: par.Basis(r.Basis)}}
	switch number {
	case "deadline":
		return c.Kind == par.Date
	case "floor":
		return c.Kind == par.Formula
	case "target":
		return c.Kind == par.Cap
	case "bands":
		return c.Kind == par.Banded
	case "step":
		return c.Kind == par.Deduct || c.Kind == par.Count
	case "items":
		return c.Kind == par.Checklist
	case "weights":
		return c.Kind == par.Survey
	case "ratio":
		return c.Ratio()
	case "counted":
		return c.Counted()
	case "evidence":
		return c.Asked()
	}
	return false
}

// choicesOf are values with their words.
func choicesOf[K ~string](values []K, chosen string, word func(K) string) []Option {
	options := make([]Option, len(values))
	for i, value := range values {
		options[i] = Option{Value: string(value), Label: word(value), Selected: string(value) == chosen}
	}
	return options
}

// KindOptions are the ways to score.
func KindOptions(chosen string) []Option {
	return choicesOf(par.Kinds, chosen, words.CriterionKind)
}

// EvidenceOptions are the rules of evidence.
func EvidenceOptions(chosen string) []Option {
	return choicesOf(par.EvidenceRules, chosen, words.EvidenceRule)
}

// BasisOptions are what bands may be steps of.
func BasisOptions(chosen string) []Option { return choicesOf(par.Bases, chosen, words.BandBasis) }

// WithoutOptions are what no cases may score.
func WithoutOptions(chosen string) []Option {
	return choicesOf(par.Withouts, chosen, words.WithoutCases)
}

// FactOptions are what the system may answer by itself.
func FactOptions(chosen string) []Option {
	return append([]Option{{Value: "", Label: "Đơn vị tự khai", Selected: chosen == ""}}, choicesOf(par.FactNames, chosen, words.FactName)...)
}

// DeadlineYearOptions are the years in which a deadline may lie.
func DeadlineYearOptions(chosen string) []Option {
	labels := []string{"Năm trước năm đánh giá", "Năm đánh giá", "Năm sau năm đánh giá"}
	options := make([]Option, len(labels))
	for i, label := range labels {
		value := strconv.Itoa(i - 1)
		options[i] = Option{Value: value, Label: label, Selected: value == chosen || value == "0" && chosen == ""}
	}
	return options
}

// CriterionFieldOptions are the fields that a criterion may be moved to.
func CriterionFieldOptions(fields []par.Field, chosen string) []Option {
	options := make([]Option, len(fields))
	for i, f := range fields {
		options[i] = Option{Value: f.Code, Label: f.Code + ". " + f.Name, Selected: f.Code == chosen}
	}
	return options
}

// FormField is one field of a published set.
type FormField struct {
	Heading string
	Facts   string // how many criteria, their sum, who appraises
	Rows    []FormCriterion
}

// FormCriterion is one criterion in words.
type FormCriterion struct {
	Code, Name, Max, Kind string
	Rule                  []string
	Evidence              string
	Guide                 string
}

// FormFields are the fields of a set in words; name gives a unit's name.
func FormFields(s *par.Set, name func(unit string) string) []FormField {
	if s == nil {
		return nil
	}
	fields := make([]FormField, len(s.Fields))
	for i, f := range s.Fields {
		criteria := s.InField(f.Code)
		fields[i] = FormField{Heading: f.Code + ". " + f.Name, Facts: ScaleSum(criteria)}
		if f.Appraiser != "" {
			fields[i].Facts += "; thẩm định: " + name(f.Appraiser)
		}
		for _, c := range criteria {
			fields[i].Rows = append(fields[i].Rows, FormCriterion{
				Code: c.Code, Name: c.Name, Max: c.Max.VN(), Kind: words.CriterionKind(c.Kind),
				Rule: words.CriterionRule(*s, c), Evidence: words.EvidenceRule(c.Evidence), Guide: c.Guide,
			})
		}
	}
	return fields
}

// FormScale is what holds for all criteria of a set, as pairs.
func FormScale(s *par.Set) []Pair {
	if s == nil {
		return nil
	}
	return []Pair{
		{Name: "Thang điểm", Value: s.Total.VN()},
		{Name: "Điểm thưởng tối đa", Value: s.Bonus.VN()}, {Name: "Điểm trừ tối đa", Value: s.Penalty.VN()},
		{Name: "Xếp loại", Value: words.Classes(s.Classes)},
	}
}

// IndexSize counts what a set asks.
func IndexSize(sections, criteria int) string {
	return fmt.Sprintf("%d phần lời, %d tiêu chí", sections, criteria)
}

var criterionChoices = map[string]func(string) string{
	"kind":     func(v string) string { return words.CriterionKind(par.Kind(v)) },
	"basis":    func(v string) string { return words.BandBasis(par.Basis(v)) },
	"without":  func(v string) string { return words.WithoutCases(par.Without(v)) },
	"evidence": func(v string) string { return words.EvidenceRule(par.Evidence(v)) },
	"fact":     func(v string) string { return words.FactName(par.FactName(v)) },
}

// CriterionReading is how a criterion scores, read aloud beside its fields.
func CriterionReading(s par.Set, c par.Criterion) []string { return words.CriterionRule(s, c) }
