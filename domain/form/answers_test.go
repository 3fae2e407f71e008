package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

// assessment is the form of the self-assessment that ships with the software.
func assessment(t *testing.T) form.Version {
	t.Helper()
	return seedtest.Form(t, "cs-cchc-nam", 1)
}

func TestAssessmentForm(t *testing.T) {
	v := assessment(t)
	if broken := v.Validate(); broken != nil {
		t.Error(broken)
	}
	v.Plan = yearly(t).Plan
	if broken := v.Validate(); !broken.Has("form_kinds") {
		t.Errorf("a form of two kinds: %v", broken)
	}
	v.Plan, v.Index.Criteria[0].Max = nil, 1
	if broken := v.Validate(); len(broken) == 0 || broken[0].Field != "total" {
		t.Errorf("a set that does not sum: %v", broken)
	}
}

func assessed() form.Content {
	yes, claim := true, par.Points(25)
	day := calendar.Date(2026, 1, 20)
	one, two := form.DecimalOf(1), form.DecimalOf(2)
	return form.Content{
		Form: "cs-cchc-nam", FormVersion: 1,
		Files: []form.FileRef{{Name: "a.pdf", Hash: "f1", Size: 1}},
		Answers: []par.Answer{
			{Criterion: "1.1.1", Day: &day, Evidence: []string{"f1"}},
			{Criterion: "1.1.2", Yes: &yes, Claim: &claim, Explanation: "thiếu \r\nmột phần", Evidence: []string{"f2", "f1"}},
			{Criterion: "1.1.3", Done: &one, Of: &two},
			{Criterion: "1.6.1", Items: map[string]bool{"plan": false, "people": true}, Sources: []string{"kh-2026-STC"}},
			{Criterion: "6.1.1", NotApplicable: true},
			{Criterion: "1.2.1", Number: &two},
		},
	}
}

func TestCanonicalAnswers(t *testing.T) {
	want := `"sections":{},"answers":[` +
		`{"criterion":"1.1.1","day":"2026-01-20","evidence":["f1"]},` +
		`{"claim":"0.25","criterion":"1.1.2","evidence":["f1","f2"],"explanation":"thiếu\nmột phần","yes":true},` +
		`{"criterion":"1.1.3","done":"1","of":"2"},` +
		`{"criterion":"1.6.1","items":{"people":true,"plan":false},"sources":["kh-2026-STC"]},` +
		`{"criterion":"6.1.1","not_applicable":true},` +
		`{"criterion":"1.2.1","number":"2"}]}`
	if got := string(assessed().Canonical()); !strings.HasSuffix(got, want) || !json.Valid([]byte(got)) {
		t.Errorf("%s\nwant it to end with\n%s", got, want)
	}
	without := assessed()
	without.Answers = nil
	if strings.Contains(string(without.Canonical()), "answers") {
		t.Error("a content without answers speaks of them")
	}
}

func TestAnswersThroughJSON(t *testing.T) {
	var back form.Content // what is frozen is the canonical form
	if err := json.Unmarshal(assessed().Canonical(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Hash() != assessed().Hash() {
		t.Errorf("%s\nbecame\n%s", assessed().Canonical(), back.Canonical())
	}
}

func TestAnswerDifferences(t *testing.T) {
	changed := assessed()
	no := false
	changed.Answers[1].Yes, changed.Answers[1].Explanation = &no, "thiếu\nmột phần  "
	got := form.Differences(assessed(), changed)
	if len(got) != 1 || got[0] != (form.Difference{Field: "score.1.1.2/yes", Before: "true", After: "false"}) {
		t.Errorf("%+v", got)
	}
}

func TestCheckOfAnswers(t *testing.T) {
	v := assessment(t)
	c := assessed()
	own := period.Period{Kind: period.Year, Year: 2026}
	broken := v.Check(c, form.Context{Own: own}).Errors
	if !broken.Has(par.EvidenceUnknown) || !broken.Has(par.NotAppWhy) || !broken.Has(par.Missing) {
		t.Errorf("%v", broken)
	}
	for _, one := range broken {
		if one.Field == par.AnswerField("1.1.1", par.MemberDay) {
			t.Errorf("a day of the year that is assessed: %v", one)
		}
	}
	if broken := yearly(t).Check(c, form.Context{}).Errors; !broken.Has("answers_unknown") {
		t.Errorf("answers in a plan: %v", broken)
	}
}
