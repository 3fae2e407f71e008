package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/campaign"
	"cchc/domain/decimal"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// indexDesk is a desk whose document is a self-assessment, its narrative written and
// nothing answered yet.
func indexDesk(t *testing.T) *desk {
	t.Helper()
	return deskOf(t, indexCampaign("STC", "SYT"), "I", "II")
}

func indexCampaign(units ...string) campaign.Plan {
	p := plan(units...)
	p.Code, p.Kind, p.Name = "cs-2026y", document.Index, "Chỉ số CCHC năm 2026"
	p.Form, p.FormVersion, p.Period = "cs-cchc-nam", 1, period.Period{Kind: period.Year, Year: 2026, Number: 1}.Code()
	return p
}

func (d *desk) saveAnswers(changes ...storage.AnswerChange) map[string]storage.Saved {
	d.t.Helper()
	saved, err := d.db.Store.SaveAnswers(context.Background(), d.id, changes, d.people[staff.Specialist])
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

// answerAll answers every criterion with what claims no points, so that no evidence is
// asked for; those that the system answers are asked for too.
func (d *desk) answerAll() {
	d.t.Helper()
	d.saveAnswers(storagetest.Unclaimed(*d.draft().Form.Index, "Không thuộc chức năng của Sở")...)
}

func TestAnswersAreSavedByVersion(t *testing.T) {
	d := indexDesk(t)
	other := d.person("other", staff.Specialist, "STC")
	yes, no := true, false
	first := d.saveAnswers(storage.AnswerChange{Answer: par.Answer{Criterion: "1.1.2", Yes: &yes, Explanation: " đủ  "}})
	if first["1.1.2"].Version != 1 {
		t.Fatalf("%+v", first)
	}
	again := d.saveAnswers(storage.AnswerChange{Answer: par.Answer{Criterion: "1.1.2", Yes: &yes, Explanation: "đủ"}})
	if again["1.1.2"].Version != 1 {
		t.Error("the same answer again is another version")
	}
	_, err := d.db.Store.SaveAnswers(context.Background(), d.id, []storage.AnswerChange{
		{Answer: par.Answer{Criterion: "1.1.2", Yes: &no}, Base: 0}, {Answer: par.Answer{Criterion: "2.4.1", Yes: &no}},
	}, other)
	var conflicts storage.Conflicts
	if !errors.As(err, &conflicts) || len(conflicts) != 1 || conflicts[0].Field != "score.1.1.2" || *conflicts[0].Answer.Yes != true {
		t.Fatalf("%v", err)
	}
	draft := d.draft()
	if len(draft.Content.Answers) != 2 || draft.Answers["2.4.1"].Version != 1 {
		t.Errorf("the answer that nobody overtook was not saved: %+v", draft.Answers)
	}
	// What is cleared stands nowhere, and keeps its version.
	d.saveAnswers(storage.AnswerChange{Answer: par.Answer{Criterion: "1.1.2"}, Base: 1})
	if draft := d.draft(); len(draft.Content.Answers) != 1 || draft.Answers["1.1.2"].Version != 2 {
		t.Errorf("%+v", draft.Answers)
	}
}

// What is left blank takes nothing away from a colleague, and is no conflict with them:
// also where the system answers and only the claim is the unit's (1.2.1).
func TestAnswersThatAreLeftBlank(t *testing.T) {
	d := indexDesk(t)
	other := d.person("other", staff.Specialist, "STC")
	yes, claim := true, par.Points(50)
	if _, err := d.db.Store.SaveAnswers(context.Background(), d.id, []storage.AnswerChange{
		{Answer: par.Answer{Criterion: "2.4.1", Yes: &yes}}, {Answer: par.Answer{Criterion: "1.2.1", Claim: &claim, Explanation: "Đã nộp bù"}},
	}, other); err != nil {
		t.Fatal(err)
	}
	saved := d.saveAnswers(storage.AnswerChange{Answer: par.Answer{Criterion: "1.1.2", Yes: &yes}},
		storage.AnswerChange{Answer: par.Answer{Criterion: "2.4.1"}}, storage.AnswerChange{Answer: par.Answer{Criterion: "1.2.1"}})
	if len(saved) != 1 || saved["1.1.2"].Version != 1 { // the old version stays on the screen: what is typed there next shows both
		t.Errorf("%+v", saved)
	}
	answers := d.draft().Answers
	if one := answers["2.4.1"]; one.Yes == nil || one.Version != 1 {
		t.Errorf("%+v", one)
	}
	if one := answers["1.2.1"]; one.Claim == nil || one.Version != 1 {
		t.Errorf("%+v", one)
	}
}

func TestAnswersThatNoDraftTakes(t *testing.T) {
	d := indexDesk(t)
	minus, much := decimal.OfTenThousandths(-1), par.Points(5000)
	_, err := d.db.Store.SaveAnswers(context.Background(), d.id, []storage.AnswerChange{
		{Answer: par.Answer{Criterion: "1.1.3", Done: &minus}}, {Answer: par.Answer{Criterion: "1.1.2", Claim: &much}}, {Answer: par.Answer{Criterion: "9.9.9"}},
	}, d.people[staff.Specialist])
	var broken rule.Errors
	if !errors.As(err, &broken) || !broken.Has(par.NumberNegative) || !broken.Has(par.ClaimOver) || !broken.Has(par.Unknown) {
		t.Errorf("%v", err)
	}
	if n := d.count(`select count(*) from draft_answers`); n != 0 {
		t.Errorf("%d answers were saved", n)
	}
	if _, err := d.db.Store.SaveAnswers(context.Background(), d.id, nil, d.people[staff.Director]); !errors.As(err, &broken) || !broken.Has(document.NotYourRole) {
		t.Errorf("a director writes: %v", err)
	}
	report := newDesk(t)
	if _, err := report.db.Store.SaveAnswers(context.Background(), report.id, nil, report.people[staff.Specialist]); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("answers in a report: %v", err)
	}
}

// TestFactsOfAUnit: late, missing and returned reports of the year count, exempted ones
// and those of other years do not (QĐ 1439 Đ15.2).
func TestFactsOfAUnit(t *testing.T) {
	d := indexDesk(t)
	report := func(code, window, signed, due, stage string, returns int) {
		d.exec(`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by)
			select $1, gen_random_uuid(), 'report', $1, 'bc-cchc-quy', 1, $1, $2::date, $2::date, $2::date, $3, ladder, confirm_ladder, launched_by from campaigns where code = 'cs-2026y'`, code, window, due)
		d.exec(`insert into documents (id, campaign, unit_code, kind, stage, unit_due_at, due_at, desk_since, rung_at, created_at, first_signed_at, returns, closed_at)
			values ($1, $2, 'STC', 'report', $3, $4, $4, now(), now(), now(), nullif($5, '')::timestamptz, $6, case when $3 in ('approved', 'exempt') then now() end)`,
			code+"-STC", code, stage, due, signed, returns)
	}
	const past, later = "2026-04-01T00:00:00Z", "2099-01-01T00:00:00Z"
	report("on-time", "2026-03-14", "2026-03-20T00:00:00Z", past, "approved", 0)
	report("late", "2026-06-14", "2026-07-01T00:00:00Z", past, "approved", 2)
	report("missing", "2026-09-14", "", past, "drafting", 0)
	report("not-due", "2026-12-14", "", later, "drafting", 1)
	report("exempt", "2026-12-13", "", past, "exempt", 0)
	report("last-year", "2025-12-14", "2026-07-01T00:00:00Z", past, "approved", 3)

	facts, err := d.db.Store.UnitFacts(context.Background(), "STC", 2026)
	if err != nil {
		t.Fatal(err)
	}
	if f := facts[par.FactLate]; f.Number != 2 || fmt.Sprint(f.Sources) != "[late-STC missing-STC]" {
		t.Errorf("late: %+v", f)
	}
	if f := facts[par.FactReturns]; f.Number != 3 || fmt.Sprint(f.Sources) != "[late-STC not-due-STC]" {
		t.Errorf("returned: %+v", f)
	}
	if f := facts[par.FactCompliance]; f.Items[par.KeptSigned] || f.Items[par.KeptPeople] || f.Items[par.KeptPlan] || f.Items[par.KeptProgress] {
		t.Errorf("compliance: %+v", f)
	}
	d.person("focal", staff.FocalOfficer, "STC")
	d.exec(`update documents set first_signed_at = $1 where id = 'missing-STC'`, later)
	if facts, err = d.db.Store.UnitFacts(context.Background(), "STC", 2026); err != nil {
		t.Fatal(err)
	}
	if f := facts[par.FactCompliance]; !f.Items[par.KeptSigned] || !f.Items[par.KeptPeople] || len(f.Items) != len(par.KeptItems) {
		t.Errorf("compliance: %+v", f)
	}
}

// TestCriteriaThatScoreThemselves: the system's own answer stands, whatever is typed;
// one that has gone stale blocks the submission until it is taken again.
func TestCriteriaThatScoreThemselves(t *testing.T) {
	d := indexDesk(t)
	d.answerAll()
	draft := d.draft()
	if a := draft.Answers["1.2.1"]; a.Number == nil || a.Number.Sign() != 0 {
		t.Fatalf("ten late reports were typed, and stand: %+v", a.Answer)
	}
	if len(draft.Result.Errors) != 0 {
		t.Fatalf("%v", draft.Result.Errors)
	}
	d.person("focal", staff.FocalOfficer, "STC") // the unit keeps to the regulation a little more
	if errs := d.draft().Result.Errors; !errs.Has(par.FactChanged) || len(errs) != 1 {
		t.Fatalf("%v", errs)
	}
	d.saveAnswers(storage.AnswerChange{Answer: par.Answer{Criterion: "1.6.1"}, Base: 1})
	if errs := d.draft().Result.Errors; len(errs) != 0 {
		t.Errorf("%v", errs)
	}
}

// TestASelfAssessmentEndsWithTheSignature: what was answered is frozen with the
// submission and ends, signed, at the appraisers' (QĐ 1439 Đ8.3b).
func TestASelfAssessmentEndsWithTheSignature(t *testing.T) {
	d := indexDesk(t)
	d.answerAll()
	hash := d.draft().Hash
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	var raw []byte
	if err := d.db.Owner.QueryRow(`select content from revisions where document_id = $1`, d.id).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	var frozen form.Content
	if err := json.Unmarshal(raw, &frozen); err != nil {
		t.Fatal(err)
	}
	if frozen.Hash() != hash || len(frozen.Answers) == 0 {
		t.Errorf("%d answers are frozen, under another hash: %t", len(frozen.Answers), frozen.Hash() != hash)
	}
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	officer, explained := d.people[staff.Officer], "không thuộc chức năng"
	if !slices.Equal(d.finds(d.people[staff.Specialist], explained), []string{d.id}) || len(d.finds(officer, explained)) != 0 {
		t.Error("what it explains is found by others than the unit's own before the signature")
	}
	state, err := d.sign(d.people[staff.Director])
	if err != nil {
		t.Fatal(err)
	}
	found, err := d.db.Store.Search(context.Background(), officer, storage.SearchQuery{Text: explained})
	if err != nil || len(found.Hits) != 1 || len(found.Hits[0].Snippet) == 0 {
		t.Errorf("after the signature: %+v, %v", found.Hits, err)
	}
	if state.Stage != document.HandedIn || !state.Closed {
		t.Errorf("after the signature: %+v", state)
	}
}

func TestTheIndexIsOfAYear(t *testing.T) {
	d := indexDesk(t)
	for name, change := range map[string]func(*campaign.Plan){
		"of a quarter": func(p *campaign.Plan) {
			p.Period = period.Period{Kind: period.Quarter, Year: 2026, Number: 4}.Code()
		},
		"as a report":        func(p *campaign.Plan) { p.Kind = document.Report },
		"on a report's form": func(p *campaign.Plan) { p.Form = "bc-cchc-quy" },
	} {
		p := indexCampaign("STC")
		p.Code = "cs-2027y"
		change(&p)
		var broken rule.Errors
		if _, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, p); !errors.As(err, &broken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
