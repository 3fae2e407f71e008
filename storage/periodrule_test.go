package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/migrations/seedtest"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// An edit is a row of its own: the earlier rule stays, holds for its time, and
// cannot be edited twice.
func TestPeriodRulesAreAddedNeverChanged(t *testing.T) {
	d := &desk{t: t, db: storagetest.Open(t)}
	officer := d.person("officer", staff.Officer, "SNV").Person
	ctx := context.Background()
	rules, err := d.db.Store.PeriodRules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	q4 := period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	first, _ := rules.For(q4)
	seeded := seedtest.Rule(t, q4)
	if seeded.ID = first.ID; first != seeded {
		t.Errorf("the rule of a quarter is %+v, want that of the seed", first)
	}
	next := first
	next.ValidFrom, next.WorkingDays, next.DueSource = calendar.Date(2027, 1, 1), 3, "Công văn 6218/SNV-CCHC"
	key := uuid.New()
	for range 2 { // a double click
		if err := d.db.Store.AddPeriodRule(ctx, key, officer, first.ID, next, "Theo công văn"); err != nil {
			t.Fatal(err)
		}
	}
	rules, err = d.db.Store.PeriodRules(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if r, _ := rules.For(q4); r.WorkingDays != 2 {
		t.Errorf("the quarter under way has %d days", r.WorkingDays)
	}
	now, _ := rules.For(q4.Next())
	if now.WorkingDays != 3 || now.DueSource != next.DueSource {
		t.Errorf("the next quarter's rule is %+v", now)
	}
	var broken rule.Errors
	if err := d.db.Store.AddPeriodRule(ctx, uuid.New(), officer, first.ID, next, ""); !errors.As(err, &broken) || !broken.Has(storage.RuleReplaced) {
		t.Errorf("an edit of what somebody else has edited: %v", err)
	}
	next.WorkingDays = 0
	if err := d.db.Store.AddPeriodRule(ctx, uuid.New(), officer, now.ID, next, ""); !errors.As(err, &broken) || !broken.Has(period.RuleDays) {
		t.Errorf("a rule without a day: %v", err)
	}
	history, err := d.db.Store.PeriodRuleHistory(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var quarters []storage.PeriodRule
	for _, one := range history {
		if one.Kind == period.Quarter {
			quarters = append(quarters, one)
		}
	}
	if len(history) != 6 || len(quarters) != 2 || quarters[0].EditedBy == "" || quarters[0].Reason != "Theo công văn" || quarters[1].EditedBy != "" {
		t.Errorf("the history of a quarter's rule: %+v", quarters)
	}
	// A start after an upgrade adds none.
	if err := storage.Seed(ctx, d.db.Owner); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from period_rules`); n != 6 {
		t.Errorf("%d rules after another seed", n)
	}
}

// A launched campaign says by which rule it is due, if by one.
func TestCampaignRemembersTheRuleOfItsDue(t *testing.T) {
	d := &desk{t: t, db: storagetest.Open(t)}
	ctx := context.Background()
	officer := d.person("officer", staff.Officer, "SNV").Person
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := period.Period{Kind: period.Month, Year: calendar.Date(2100, 1, 1).Year(), Number: 2}
	r, _ := seedRules(t, d).For(p)
	byRule := plan("STC")
	byRule.Code, byRule.Period, byRule.Window = "bc-rule", p.Code(), r.Window(p)
	byRule.Due, _ = r.Suggest(p, byRule.Window, days)
	byHand := byRule
	byHand.Code, byHand.Due.Day = "bc-hand", byRule.Due.Day.Add(7)
	for _, one := range []struct {
		code string
		want int64
	}{{"bc-rule", r.ID}, {"bc-hand", 0}} {
		p := byRule
		if one.code == "bc-hand" {
			p = byHand
		}
		if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, p); err != nil {
			t.Fatal(err)
		}
		if n := d.count(`select coalesce(due_rule, 0) from campaigns where code = $1`, one.code); n != int(one.want) {
			t.Errorf("%s is due by rule %d, want %d", one.code, n, one.want)
		}
	}
}

func seedRules(t *testing.T, d *desk) period.Rules {
	t.Helper()
	rules, err := d.db.Store.PeriodRules(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return rules
}
