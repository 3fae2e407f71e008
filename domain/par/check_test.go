package par_test

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
)

// found writes broken rules as "code@field code@field".
func found(broken rule.Errors) string {
	parts := make([]string, len(broken))
	for i, one := range broken {
		parts[i] = string(one.Code) + "@" + one.Field
	}
	return strings.Join(parts, " ")
}

// full answers every criterion of the shipped set with the most points.
func full(t *testing.T, s par.Set, facts par.Facts) []par.Answer {
	t.Helper()
	var answers []par.Answer
	ten := decimal.Of(10)
	for _, c := range s.Criteria {
		a := par.Answer{Criterion: c.Code, Evidence: []string{"f1"}, Yes: yes(true), Day: day(t, "2026-01-05"), Done: &ten, Of: &ten, Number: &ten}
		if c.Kind == par.Deduct {
			a.Number = &decimal.Number{}
		}
		if c.Kind == par.Banded && c.Rule.Basis == par.OfValue {
			hundred := decimal.Of(100)
			a.Number = &hundred
		}
		if c.Asked() {
			answers = append(answers, c.Clean(a))
		}
	}
	return s.WithFacts(answers, facts)
}

// kept is a unit that keeps to the regulation.
func kept() par.Facts {
	items := map[string]bool{}
	for _, item := range par.KeptItems {
		items[item] = true
	}
	return par.Facts{par.FactLate: {}, par.FactReturns: {}, par.FactCompliance: {Items: items}}
}

func TestAPerfectSelfAssessment(t *testing.T) {
	s, facts := shipped(t), kept()
	answers := full(t, s, facts)
	if broken := s.Check(answers, par.Context{Year: year, Facts: facts, Files: map[string]bool{"f1": true}}); broken != nil {
		t.Error(broken)
	}
	var sum par.Points
	by := par.Answers(answers)
	for _, c := range s.Criteria {
		if score := c.Score(by[c.Code], year); c.Asked() {
			sum += score.Points
			if score.Points != c.Max {
				t.Errorf("%s gives %s of %s: %v", c.Code, score.Points, c.Max, score.Why)
			}
		}
	}
	if sum != 6800 { // dossier 3.3: 68 appraised
		t.Errorf("%s points", sum)
	}
}

func TestCheckOfABlankOne(t *testing.T) {
	s := shipped(t)
	broken := s.Check(nil, par.Context{Year: year})
	missing := map[string]bool{}
	for _, one := range broken {
		criterion, _, ok := par.ParseAnswerField(one.Field)
		if !ok || one.Code != par.Missing && one.Code != par.ItemMissing {
			t.Errorf("%s at %s", one.Code, one.Field)
		}
		missing[criterion] = true
	}
	for _, c := range s.Criteria {
		if c.Asked() != missing[c.Code] {
			t.Errorf("%s: told %t", c.Code, missing[c.Code])
		}
	}
}

func TestCheck(t *testing.T) {
	floor := decimal.Of(80)
	n := func(text string) *decimal.Number { v := number(t, text); return &v }
	claim := func(p par.Points) *par.Points { return &p }
	ratio := par.Criterion{Code: "1.1", Max: 150, Kind: par.Formula, Rule: par.Rule{Floor: &floor}, Evidence: par.EvidenceRequired, MayNotApply: true}
	passing := ratio
	passing.Rule.MayPass = true
	plain := par.Criterion{Code: "1.1", Max: 50, Kind: par.YesNo, Evidence: par.EvidenceRequired}
	dated := par.Criterion{Code: "1.1", Max: 50, Kind: par.Date, Rule: par.Rule{Deadline: &par.Deadline{Month: 1, Day: 31}}, Evidence: par.EvidenceOptional}
	cases := par.Criterion{Code: "1.1", Max: 50, Kind: par.Deduct, Rule: par.Rule{Step: 25}, Evidence: par.EvidenceNone}
	list := par.Criterion{Code: "1.1", Max: 50, Kind: par.Checklist, Evidence: par.EvidenceNone, Rule: par.Rule{Items: []par.Item{{Code: "a", Name: "A", Points: 25}, {Code: "b", Name: "B", Points: 25}}}}
	fact := cases
	fact.Fact = par.FactLate
	survey := par.Criterion{Code: "1.1", Max: 50, Kind: par.Survey}
	proof := []string{"f1"}
	for name, row := range map[string]struct {
		c    par.Criterion
		a    par.Answer
		want string
	}{
		"all right":                   {ratio, par.Answer{Done: n("9"), Of: n("10"), Evidence: proof}, ""},
		"no points need no evidence":  {ratio, par.Answer{Done: n("1"), Of: n("10")}, ""},
		"points without evidence":     {ratio, par.Answer{Done: n("9"), Of: n("10")}, "score_evidence_missing@score.1.1/evidence"},
		"a file that is not there":    {plain, par.Answer{Yes: yes(true), Evidence: []string{"f9"}}, "score_evidence_unknown@score.1.1/evidence"},
		"half blank":                  {ratio, par.Answer{Done: n("9"), Evidence: proof}, "score_missing@score.1.1/of"},
		"more done than there was":    {ratio, par.Answer{Done: n("11"), Of: n("10"), Evidence: proof}, "score_done_over@score.1.1/done"},
		"which may be":                {passing, par.Answer{Done: n("11"), Of: n("10"), Evidence: proof}, ""},
		"negative":                    {ratio, par.Answer{Done: n("-1"), Of: n("10")}, "score_negative@score.1.1/done"},
		"too big":                     {ratio, par.Answer{Done: n("1"), Of: n("100000000000")}, "score_big@score.1.1/of"},
		"half a case":                 {cases, par.Answer{Number: n("1.5")}, "score_whole@score.1.1/number"},
		"does not apply":              {ratio, par.Answer{NotApplicable: true, Explanation: "không có vốn"}, ""},
		"does not apply, unexplained": {ratio, par.Answer{NotApplicable: true}, "score_not_app_why@score.1.1/explanation"},
		"always applies":              {plain, par.Answer{NotApplicable: true, Explanation: "x"}, "score_not_app@score.1.1/not_applicable"},
		"a day far away":              {dated, par.Answer{Day: day(t, "2020-01-01")}, "score_day@score.1.1/day"},
		"no day":                      {dated, par.Answer{Yes: yes(true)}, "score_missing@score.1.1/day"},
		"never done":                  {dated, par.Answer{Yes: yes(false)}, ""},
		"never done, on a day":        {dated, par.Answer{Yes: yes(false), Day: day(t, "2026-01-05")}, "score_day_undone@score.1.1/day"},
		"a line is blank":             {list, par.Answer{Items: map[string]bool{"a": true}}, "score_item_missing@score.1.1/items"},
		"a line that is not there":    {list, par.Answer{Items: map[string]bool{"a": true, "b": true, "c": true}}, "score_item_unknown@score.1.1/items"},
		"claims more":                 {plain, par.Answer{Yes: yes(false), Claim: claim(25), Evidence: proof}, "score_claim_unexplained@score.1.1/explanation"},
		"claims more and says why":    {plain, par.Answer{Yes: yes(false), Claim: claim(25), Explanation: "x", Evidence: proof}, ""},
		"claims too much":             {plain, par.Answer{Yes: yes(true), Claim: claim(51), Explanation: "x", Evidence: proof}, "score_claim_over@score.1.1/claim"},
		"claims less than nothing":    {plain, par.Answer{Yes: yes(true), Claim: claim(-1), Explanation: "x"}, "score_claim_negative@score.1.1/claim"},
		"what the system knows":       {fact, par.Answer{Number: n("2"), Sources: []string{"bc-2026q1-STC", "bc-2026q2-STC"}}, ""},
		"otherwise than it knows":     {fact, par.Answer{Number: n("0")}, "score_fact_changed@score.1.1"},
		"what it has not said yet":    {fact, par.Answer{}, "score_fact_changed@score.1.1"},
		"of a survey":                 {survey, par.Answer{Explanation: "x"}, "score_not_asked@score.1.1"},
		"too long":                    {cases, par.Answer{Number: n("0"), Explanation: strings.Repeat("đ", par.MaxExplanation+1)}, "score_explanation_long@score.1.1/explanation"},
	} {
		row.a.Criterion = "1.1"
		ctx := par.Context{Year: year, Files: map[string]bool{"f1": true}, Facts: par.Facts{
			par.FactLate: {Number: 2, Sources: []string{"bc-2026q2-STC", "bc-2026q1-STC"}},
		}}
		if got := found(par.Set{Criteria: []par.Criterion{row.c}}.Check([]par.Answer{row.a}, ctx)); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
	if got := found((par.Set{}).Check([]par.Answer{{Criterion: "9.9", Yes: yes(true)}}, par.Context{Year: year})); got != "score_unknown@score.9.9" {
		t.Errorf("a criterion of another set: %q", got)
	}
}

func TestClean(t *testing.T) {
	n := decimal.Of(3)
	claim := par.Points(10)
	everything := par.Answer{
		Criterion: "x", Yes: yes(false), Day: day(t, "2026-01-05"), Done: &n, Of: &n, Number: &n, Items: map[string]bool{"a": true},
		Claim: &claim, Explanation: "  vì sao ", Evidence: []string{"b", "a", "b", ""}, Sources: []string{"s"},
	}
	for _, row := range []struct {
		c    par.Criterion
		want []string
	}{
		{par.Criterion{Kind: par.YesNo}, []string{par.MemberClaim, par.MemberEvidence, par.MemberExplanation, par.MemberYes}},
		{par.Criterion{Kind: par.Date}, []string{par.MemberClaim, par.MemberDay, par.MemberEvidence, par.MemberExplanation}},
		{par.Criterion{Kind: par.Cap}, []string{par.MemberClaim, par.MemberDone, par.MemberEvidence, par.MemberExplanation, par.MemberOf}},
		{par.Criterion{Kind: par.Count, Fact: par.FactLate, Evidence: par.EvidenceNone}, []string{par.MemberClaim, par.MemberExplanation, par.MemberNumber, par.MemberSources}},
		{par.Criterion{Kind: par.Checklist}, []string{par.MemberClaim, par.MemberEvidence, par.MemberExplanation, par.MemberItems}},
		{par.Criterion{Kind: par.Survey}, []string{par.MemberEvidence, par.MemberExplanation}},
	} {
		clean := row.c.Clean(everything)
		if got := clean.Differing(par.Answer{}); !slices.Equal(got, row.want) {
			t.Errorf("%s keeps %v, want %v", row.c.Kind, got, row.want)
		}
		if again := row.c.Clean(clean); len(again.Differing(clean)) > 0 {
			t.Errorf("%s: cleaned twice, %+v becomes %+v", row.c.Kind, clean, again)
		}
	}
	clean := par.Criterion{Kind: par.YesNo}.Clean(everything)
	if clean.Explanation != "vì sao" || !slices.Equal(clean.Evidence, []string{"a", "b"}) {
		t.Errorf("%+v", clean)
	}
	if begun := (par.Criterion{Kind: par.Date}).Clean(par.Answer{Yes: yes(true)}); begun.Yes == nil || !*begun.Yes {
		t.Errorf("done, the day still to come: %+v", begun)
	}
	out := par.Criterion{Kind: par.YesNo, MayNotApply: true}.Clean(par.Answer{NotApplicable: true, Yes: yes(true), Explanation: "x"})
	if out.Yes != nil || !out.NotApplicable || out.Explanation != "x" {
		t.Errorf("what does not apply keeps its answer: %+v", out)
	}
}

func TestDifferences(t *testing.T) {
	one, two := decimal.Of(1), decimal.Of(2)
	before := []par.Answer{{Criterion: "1.1", Number: &one}, {Criterion: "1.2", Yes: yes(true)}, {Criterion: "1.3", Explanation: "x"}}
	after := []par.Answer{{Criterion: "1.1", Number: &two, Explanation: "vì"}, {Criterion: "1.2", Yes: yes(true)}, {Criterion: "2.1", Yes: yes(false)}}
	got := ""
	for _, d := range par.Differences(before, after) {
		got += d.Criterion + ":" + strings.Join(d.Members, ",") + " "
	}
	if want := "1.1:explanation,number 1.3:explanation 2.1:yes "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestArrange(t *testing.T) {
	s := par.Set{Criteria: []par.Criterion{{Code: "1.2"}, {Code: "1.10"}}}
	arranged := s.Arrange([]par.Answer{{Criterion: "9", Yes: yes(true)}, {Criterion: "1.10", Yes: yes(true)}, {Criterion: "1.2"}, {Criterion: "1.2", Yes: yes(false)}})
	if len(arranged) != 3 || arranged[0].Criterion != "1.2" || arranged[1].Criterion != "1.10" || arranged[2].Criterion != "9" {
		t.Errorf("%+v", arranged)
	}
}

func TestFactsAnswer(t *testing.T) {
	s := shipped(t)
	claim := par.Points(100)
	answers := s.WithFacts([]par.Answer{{Criterion: "1.2.1", Claim: &claim, Explanation: "được gia hạn bằng văn bản"}}, par.Facts{
		par.FactLate:       {Number: 3, Sources: []string{"bc-2026q3-STC"}},
		par.FactCompliance: {Items: map[string]bool{par.KeptPeople: true, par.KeptPlan: true}},
	})
	by := par.Answers(answers)
	late, _ := s.Criterion("1.2.1")
	if score := late.ByRule(by["1.2.1"], year); score.Points != 25 || !hasReason(score.Why, par.WhyFact) { // 1.0 − 0.25 × 3
		t.Errorf("three late reports give %+v", score)
	}
	if score := late.Score(by["1.2.1"], year); score.Points != 100 {
		t.Errorf("what the unit has added is lost: %+v", by["1.2.1"])
	}
	late.MayNotApply = true
	if a := late.Answer(par.Fact{Number: 3}, par.Answer{NotApplicable: true, Explanation: "mới thành lập"}); !late.Score(a, year).NotApplicable {
		t.Errorf("what does not apply is answered all the same: %+v", a)
	}
	compliance, _ := s.Criterion("1.6.1")
	if score := compliance.Score(by["1.6.1"], year); score.Points != 50 { // two of four, QD 1439 art. 15.2
		t.Errorf("two of four give %+v", score)
	}
	if _, answered := by["1.2.2"]; answered {
		t.Error("a fact that was not looked for answers")
	}
}

func TestValidate(t *testing.T) {
	criterion := func(change func(*par.Criterion)) func(*par.Set) {
		return func(s *par.Set) { change(&s.Criteria[0]) }
	}
	for name, row := range map[string]struct {
		change func(*par.Set)
		want   string
	}{
		"all right":                   {func(*par.Set) {}, ""},
		"does not sum":                {criterion(func(c *par.Criterion) { c.Max = 500 }), "set_total@total"},
		"no criteria":                 {func(s *par.Set) { s.Criteria = nil }, "set_empty@criteria set_field_bare@fields.0.name set_field_bare@fields.1.name"},
		"nothing to distribute":       {func(s *par.Set) { *s = par.Set{Classes: s.Classes} }, "set_empty@criteria set_total@total"},
		"a code twice":                {func(s *par.Set) { s.Criteria[1].Code = "1.1" }, "set_twice@criteria.1.code"},
		"no code":                     {criterion(func(c *par.Criterion) { c.Code = "" }), "set_criterion_code@criteria.0.code"},
		"no name":                     {criterion(func(c *par.Criterion) { c.Name = " " }), "set_missing@criteria.0.name"},
		"a field apart":               {func(s *par.Set) { s.Criteria[1], s.Criteria[2] = s.Criteria[2], s.Criteria[1] }, "set_field_apart@criteria.2.field"},
		"an unknown field":            {criterion(func(c *par.Criterion) { c.Field = "7" }), "set_field_unknown@criteria.0.field"},
		"an unknown kind":             {criterion(func(c *par.Criterion) { c.Kind = "?" }), "set_kind@criteria.0.kind"},
		"an unknown rule of evidence": {criterion(func(c *par.Criterion) { c.Evidence = "" }), "set_evidence@criteria.0.evidence"},
		"no deadline":                 {criterion(func(c *par.Criterion) { c.Kind = par.Date }), "set_deadline@criteria.0.deadline"},
		"a deadline on 29/2":          {criterion(func(c *par.Criterion) { c.Kind, c.Rule.Deadline = par.Date, &par.Deadline{Month: 2, Day: 29} }), "set_deadline@criteria.0.deadline"},
		"lateness that pays": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Deadline, c.Rule.Late = par.Date, &par.Deadline{Month: 1, Day: 31}, []par.LateStep{{Days: 15, Points: 600}}
		}), "set_late@criteria.0.late"},
		"a floor above everything": {criterion(func(c *par.Criterion) { f := decimal.Of(101); c.Kind, c.Rule.Floor = par.Formula, &f }), "set_floor@criteria.0.floor set_without@criteria.0.without"},
		"no target":                {criterion(func(c *par.Criterion) { c.Kind, c.Rule.Without = par.Cap, par.WithoutAll }), "set_target@criteria.0.target"},
		"a target of nothing": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Without, c.Rule.Target = par.Cap, par.WithoutAll, &decimal.Number{}
		}), "set_target@criteria.0.target"},
		"no bands": {criterion(func(c *par.Criterion) { c.Kind, c.Rule.Basis = par.Banded, par.OfCount }), "set_bands_missing@criteria.0.bands"},
		"bands out of order": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Basis, c.Rule.Bands = par.Banded, par.OfCount, []par.Band{{From: decimal.Of(2), Points: 600}, {From: decimal.Of(2)}}
		}), "set_bands_order@criteria.0.bands"},
		"bands beyond the most": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Basis, c.Rule.Bands = par.Banded, par.OfCount, []par.Band{{Points: 601}}
		}), "set_bands_points@criteria.0.bands"},
		"bands that never give it all": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Basis, c.Rule.Bands = par.Banded, par.OfCount, []par.Band{{Points: 599}}
		}), "set_bands_reach@criteria.0.bands"},
		"a share of a count": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Basis, c.Rule.Bands = par.Banded, par.OfCount, []par.Band{{Share: true}}
		}), "set_bands_share@criteria.0.bands"},
		"a share up to 90 percent alone": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Basis, c.Rule.Without, c.Rule.Bands = par.Banded, par.OfRatio, par.WithoutAll, []par.Band{{Share: true}, {From: decimal.Of(90), Points: 100}}
		}), "set_bands_reach@criteria.0.bands"},
		"no step": {criterion(func(c *par.Criterion) { c.Kind = par.Deduct }), "set_step@criteria.0.step"},
		"lines that do not sum": {criterion(func(c *par.Criterion) {
			c.Kind, c.Rule.Items = par.Checklist, []par.Item{{Code: "a", Name: "A", Points: 599}}
		}), "set_items@criteria.0.items"},
		"weights that do not sum": {func(s *par.Set) { s.Criteria[1].Rule.Weights[0].Percent = 59 }, "set_weights@criteria.1.weights"},
		"a weight of nothing": {func(s *par.Set) {
			w := s.Criteria[1].Rule.Weights
			w[0].Percent, w[1].Percent = 100, 0
		}, "set_weight@criteria.1.weights"},
		"a weight below nothing": {func(s *par.Set) {
			w := s.Criteria[1].Rule.Weights
			s.Criteria[1].Rule.Weights = append(w, par.Weight{Group: "khac", Percent: -10})
			s.Groups = append(s.Groups, par.Group{Code: "khac", Name: "Khác"})
		}, "set_weight@criteria.1.weights set_weights@criteria.1.weights"},
		"weights of nobody":      {func(s *par.Set) { s.Criteria[1].Rule.Weights[0].Group = "ai" }, "set_group_unknown@criteria.1.weights"},
		"a fact of another kind": {criterion(func(c *par.Criterion) { c.Fact = par.FactLate }), "set_fact@criteria.0.fact"},
		"a line that no fact knows": {criterion(func(c *par.Criterion) {
			c.Kind, c.Fact, c.Rule.Items = par.Checklist, par.FactCompliance, []par.Item{{Code: "a", Name: "A", Points: 600}}
		}), "set_fact@criteria.0.fact"},
		"no classes":                     {func(s *par.Set) { s.Classes = nil }, "set_classes@classes"},
		"classes that rise":              {func(s *par.Set) { s.Classes[1].From = decimal.Of(80) }, "set_classes@classes.1.from"},
		"classes that end above nothing": {func(s *par.Set) { s.Classes[2].From = decimal.Of(10) }, "set_classes@classes.2.from"},
		"a bonus beyond the whole":       {func(s *par.Set) { s.Bonus = 1001 }, "set_bonus@bonus"},
		"a group twice":                  {func(s *par.Set) { s.Groups = append(s.Groups, s.Groups[0]) }, "set_twice@groups.2.code"},
	} {
		s := small()
		row.change(&s)
		if got := found(s.Validate()); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}
