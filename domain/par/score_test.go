package par_test

import (
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
)

func number(t *testing.T, canonical string) decimal.Number {
	t.Helper()
	n, err := decimal.Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func points(t *testing.T, canonical string) par.Points {
	t.Helper()
	p, err := par.ParsePoints(canonical)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func day(t *testing.T, iso string) *calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func yes(b bool) *bool { return &b }

// hasReason tells whether the score's explanation has the step.
func hasReason(why []par.Reason, code par.ReasonCode) bool {
	for _, r := range why {
		if r.Code == code {
			return true
		}
	}
	return false
}

// year is the one that is assessed in these tests.
const year = 2026

// expect checks what an answer gives: points, "out" (does not apply) or "" (no points yet).
func expect(t *testing.T, c par.Criterion, a par.Answer, want string, why par.ReasonCode, note string) {
	t.Helper()
	s := c.Score(a, year)
	got := s.Points.String()
	switch {
	case s.NotApplicable:
		got = "out"
	case !s.Known:
		got = ""
	}
	if got != want {
		t.Errorf("%s: %q points, want %q", note, got, want)
	}
	if !hasReason(s.Why, why) {
		t.Errorf("%s: %v does not say %s", note, s.Why, why)
	}
}

func TestYesNo(t *testing.T) {
	c := par.Criterion{Code: "1.1.2", Max: 50, Kind: par.YesNo}
	expect(t, c, par.Answer{Yes: yes(true)}, "0.5", par.WhyYes, "complete, dossier 3.3")
	expect(t, c, par.Answer{Yes: yes(false)}, "0", par.WhyNo, "lacking, dossier 3.3")
	expect(t, c, par.Answer{}, "", par.WhyMissing, "blank is not no")
}

func TestDate(t *testing.T) {
	c := par.Criterion{Code: "1.1.1", Max: 50, Kind: par.Date, Rule: par.Rule{
		Deadline: &par.Deadline{Month: 1, Day: 31}, Late: []par.LateStep{{Days: 15, Points: 25}},
	}}
	for _, row := range []struct {
		day, want string
		why       par.ReasonCode
		note      string
	}{
		{"2025-12-20", "0.5", par.WhyOnTime, "before its year has begun"},
		{"2026-01-31", "0.5", par.WhyOnTime, "on the deadline, dossier 3.3"},
		{"2026-02-01", "0.25", par.WhyLate, "a day late"},
		{"2026-02-15", "0.25", par.WhyLate, "15 days late, dossier 3.3: late ≤15 days"},
		{"2026-02-16", "0", par.WhyTooLate, "16 days late"},
	} {
		expect(t, c, par.Answer{Day: day(t, row.day)}, row.want, row.why, row.note)
	}
	expect(t, c, par.Answer{Yes: yes(false)}, "0", par.WhyNeverDone, "not done at all")
	expect(t, c, par.Answer{Yes: yes(true)}, "", par.WhyMissing, "done, but on which day")
	c.Rule.Deadline = &par.Deadline{Year: 1, Month: 1, Day: 31}
	expect(t, c, par.Answer{Day: day(t, "2027-01-31")}, "0.5", par.WhyOnTime, "a deadline in the year after (ND 34/2016 art. 164)")
	c.Rule.Late = nil
	expect(t, c, par.Answer{Day: day(t, "2027-02-01")}, "0", par.WhyTooLate, "no steps of lateness")
}

// ratioRow is one case of a ratio.
type ratioRow struct {
	done, of, want string
	why            par.ReasonCode
	note           string
}

func expectRatios(t *testing.T, c par.Criterion, rows []ratioRow) {
	t.Helper()
	for _, row := range rows {
		a := par.Answer{}
		if row.done != "" {
			n := number(t, row.done)
			a.Done = &n
		}
		if row.of != "" {
			n := number(t, row.of)
			a.Of = &n
		}
		expect(t, c, a, row.want, row.why, c.Code+" "+row.done+"/"+row.of+" "+row.note)
	}
}

func TestFormula(t *testing.T) {
	floor := decimal.Of(80)
	c := par.Criterion{Code: "1.1.3", Max: 150, Kind: par.Formula, Rule: par.Rule{Floor: &floor, Without: par.WithoutNothing}}
	expectRatios(t, c, []ratioRow{
		{"60", "60", "1.5", par.WhyFull, "100 %, dossier 3.3"},
		{"61", "60", "1.5", par.WhyFull, "never above the most"},
		{"54", "60", "1.35", par.WhyShare, "90 %"},
		{"48", "60", "1.2", par.WhyShare, "80 % exactly: the floor is inside"},
		{"47", "60", "0", par.WhyBelowFloor, "78,33 %"},
		{"79999", "100000", "0", par.WhyBelowFloor, "79,999 % would round to 80"},
		{"0", "60", "0", par.WhyBelowFloor, "nothing done"},
		{"0", "0", "0", par.WhyNoCases, "no tasks at all"},
		{"", "60", "", par.WhyMissing, "blank is not zero"},
		{"60", "", "", par.WhyMissing, "blank is not zero"},
		{"1", "1.2", "1.25", par.WhyShare, "rounded once: 83,333… % × 1,5"},
		{"166", "200", "1.25", par.WhyShare, "1,245 half up"},
		{"16599", "20000", "1.24", par.WhyShare, "1,244925"},
		{"99999999999.9999", "99999999999.9999", "1.5", par.WhyFull, "the greatest figures"},
	})
	c.Rule.Floor = nil
	expectRatios(t, c, []ratioRow{
		{"1", "300", "0.01", par.WhyShare, "0,005 half up: no floor"},
		{"1", "301", "0", par.WhyShare, "0,00498"},
	})
	c.Rule.Without = par.WithoutAll
	expectRatios(t, c, []ratioRow{{"0", "0", "1.5", par.WhyNoCases, "nothing was left undone"}})
	c.Rule.Without = par.WithoutOut
	expectRatios(t, c, []ratioRow{{"0", "0", "out", par.WhyNoCasesOut, "QD 766: 0 or N/A"}})
}

func TestCap(t *testing.T) {
	target := decimal.Of(80)
	c := par.Criterion{Code: "3.4.3", Max: 200, Kind: par.Cap, Rule: par.Rule{Target: &target}}
	expectRatios(t, c, []ratioRow{
		{"80", "100", "2", par.WhyTargetMet, "80 %: QD 766"},
		{"100", "100", "2", par.WhyTargetMet, "more than asked"},
		{"40", "100", "1", par.WhyTargetShare, "r×max/T: 40×2/80"},
		{"79", "100", "1.98", par.WhyTargetShare, "1,975 half up"},
		{"0", "100", "0", par.WhyTargetShare, "none"},
		{"0", "0", "0", par.WhyNoCases, "no files: QD 766 has 0"},
	})
	target = decimal.Of(50)
	c.Rule.Target = &target
	expectRatios(t, c, []ratioRow{{"1", "3", "1.33", par.WhyTargetShare, "files on line, dossier 3.1: 33,33…×2/50"}})
}

func TestBands(t *testing.T) {
	ratio := par.Criterion{Code: "2.2.2", Max: 150, Kind: par.Banded, Rule: par.Rule{Basis: par.OfRatio, Without: par.WithoutAll, Bands: []par.Band{
		{From: decimal.Of(80), Share: true}, {From: decimal.Of(100), Points: 150},
	}}}
	expectRatios(t, ratio, []ratioRow{
		{"10", "10", "1.5", par.WhyBand, "100 %, dossier 3.3"},
		{"9", "10", "1.35", par.WhyBand, "80–<100 %: b/a×1,5"},
		{"8", "10", "1.2", par.WhyBand, "the edge is inside"},
		{"799", "1000", "0", par.WhyBandBelow, "<80 %"},
		{"0", "0", "1.5", par.WhyNoCases, "none: 100 % or none"},
	})
	returns := par.Criterion{Code: "1.2.2", Max: 50, Kind: par.Banded, Rule: par.Rule{Basis: par.OfCount, Bands: []par.Band{
		{From: decimal.Of(0), Points: 50}, {From: decimal.Of(1), Points: 25}, {From: decimal.Of(3), Points: 0},
	}}}
	value := par.Criterion{Code: "8.4.1", Max: 200, Kind: par.Banded, Rule: par.Rule{Basis: par.OfValue, Bands: []par.Band{
		{From: decimal.Of(50), Points: 100}, {From: decimal.Of(80), Points: 200},
	}}}
	for _, row := range []struct {
		c            par.Criterion
		number, want string
		why          par.ReasonCode
	}{
		{returns, "0", "0.5", par.WhyBand}, {returns, "1", "0.25", par.WhyBand}, {returns, "2", "0.25", par.WhyBand},
		{returns, "3", "0", par.WhyBand}, {returns, "40", "0", par.WhyBand},
		{value, "49.9999", "0", par.WhyBandBelow}, {value, "50", "1", par.WhyBand}, {value, "79.99", "1", par.WhyBand},
		{value, "80", "2", par.WhyBand}, {value, "100", "2", par.WhyBand},
	} {
		n := number(t, row.number)
		expect(t, row.c, par.Answer{Number: &n}, row.want, row.why, row.c.Code+" of "+row.number)
	}
	expect(t, returns, par.Answer{}, "", par.WhyMissing, "blank is not zero")
}

func TestCases(t *testing.T) {
	late := par.Criterion{Code: "1.2.1", Max: 100, Kind: par.Deduct, Rule: par.Rule{Step: 25}}
	ideas := par.Criterion{Code: "1.5.1", Max: 100, Kind: par.Count, Rule: par.Rule{Step: 50}}
	for _, row := range []struct {
		c            par.Criterion
		number, want string
		why          par.ReasonCode
	}{
		{late, "0", "1", par.WhyDeducted}, {late, "1", "0.75", par.WhyDeducted}, {late, "4", "0", par.WhyDeducted},
		{late, "5", "0", par.WhyDeducted}, {late, "99999999999", "0", par.WhyDeducted},
		{ideas, "0", "0", par.WhyCounted}, {ideas, "1", "0.5", par.WhyCounted}, {ideas, "2", "1", par.WhyCounted},
		{ideas, "3", "1", par.WhyCounted}, {ideas, "99999999999", "1", par.WhyCounted},
	} {
		n := number(t, row.number)
		expect(t, row.c, par.Answer{Number: &n}, row.want, row.why, row.c.Code+" of "+row.number+" (dossier 3.3)")
	}
	expect(t, late, par.Answer{}, "", par.WhyMissing, "blank is not zero")
}

func TestChecklist(t *testing.T) {
	c := par.Criterion{Code: "1.6.1", Max: 100, Kind: par.Checklist, Rule: par.Rule{Items: []par.Item{
		{Code: "people", Name: "a", Points: 25}, {Code: "plan", Name: "b", Points: 25},
		{Code: "progress", Name: "c", Points: 25}, {Code: "signed", Name: "d", Points: 25},
	}}}
	all := map[string]bool{"people": true, "plan": true, "progress": true, "signed": true}
	expect(t, c, par.Answer{Items: all}, "1", par.WhyItem, "4 × 0,25, QD 1439 art. 15.2")
	expect(t, c, par.Answer{Items: map[string]bool{"people": true, "plan": false, "progress": true, "signed": false}}, "0.5", par.WhyItemMissing, "two")
	expect(t, c, par.Answer{Items: map[string]bool{"people": false, "plan": false, "progress": false, "signed": false}}, "0", par.WhyItemMissing, "none")
	expect(t, c, par.Answer{Items: map[string]bool{"people": true}}, "", par.WhyMissing, "three lines are blank")
}

func TestNotApplicable(t *testing.T) {
	floor := decimal.Of(80)
	c := par.Criterion{Code: "6.1.1", Max: 150, Kind: par.Formula, MayNotApply: true, Rule: par.Rule{Floor: &floor}}
	claim := par.Points(100)
	expect(t, c, par.Answer{NotApplicable: true}, "out", par.WhyNotApplicable, "no capital was given, dossier 3.3 N/A option")
	expect(t, c, par.Answer{NotApplicable: true, Claim: &claim}, "out", par.WhyNotApplicable, "nothing to claim")
	c.MayNotApply = false
	expect(t, c, par.Answer{NotApplicable: true}, "", par.WhyMissing, "a criterion that always applies")
}

func TestClaim(t *testing.T) {
	c := par.Criterion{Code: "1.1.2", Max: 50, Kind: par.YesNo}
	claim := func(p par.Points) *par.Points { return &p }
	expect(t, c, par.Answer{Yes: yes(false), Claim: claim(25)}, "0.25", par.WhyClaimed, "half of it")
	expect(t, c, par.Answer{Claim: claim(25)}, "0.25", par.WhyClaimed, "where the rule gives nothing yet")
	expect(t, c, par.Answer{Yes: yes(true), Claim: claim(50)}, "0.5", par.WhyYes, "what the rule gives is no claim")
	expect(t, c, par.Answer{Yes: yes(true), Claim: claim(500)}, "0.5", par.WhyYes, "never above the most")
	expect(t, c, par.Answer{Yes: yes(true), Claim: claim(-5)}, "0", par.WhyClaimed, "never below nothing")
}

func TestPercentagesOfReasonsAreCut(t *testing.T) {
	floor := decimal.Of(80)
	c := par.Criterion{Max: 150, Kind: par.Formula, Rule: par.Rule{Floor: &floor}}
	done, of := number(t, "79999"), number(t, "100000")
	s := c.Score(par.Answer{Done: &done, Of: &of}, year)
	if got := s.Why[0].Args[2].(decimal.Number); got.String() != "79.99" {
		t.Errorf("79,999 %% reads as %s", got)
	}
}

func TestPointsWritten(t *testing.T) {
	for _, row := range []struct {
		points       par.Points
		canonical, v string
	}{{0, "0", "0,00"}, {5, "0.05", "0,05"}, {150, "1.5", "1,50"}, {10000, "100", "100,00"}, {-25, "-0.25", "-0,25"}, {123456, "1234.56", "1.234,56"}} {
		if row.points.String() != row.canonical || row.points.VN() != row.v || points(t, row.canonical) != row.points {
			t.Errorf("%d is %s, %s", row.points, row.points, row.points.VN())
		}
	}
	for _, text := range []string{"", "0.005", "1,5", "x"} {
		if _, err := par.ParsePoints(text); err == nil {
			t.Errorf("%q was read as points", text)
		}
	}
}
