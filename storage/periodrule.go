package storage

import (
	"context"
	"database/sql"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// RuleReplaced refuses a rule that was laid down while somebody else has changed
// the one it was to replace.
const RuleReplaced rule.Code = "rule_replaced"

// PeriodRule is a rule of the table as people see it.
type PeriodRule struct {
	period.Rule
	Reason   string    `db:"reason"`
	Replaces *int64    `db:"replaces"`
	EditedBy string    `db:"edited_by"` // name; "": came with the software
	EditedAt time.Time `db:"edited_at"`
}

const ruleColumns = `r.id, r.kind, r.valid_from, r.months_before, r.from_day, r.to_day, r.working_days, r.due_inclusive,
	r.due_cutoff, r.due_shift, r.window_source, r.window_certainty, r.due_source, r.due_certainty`

// PeriodRules reads the rules of all kinds.
func (s *Store) PeriodRules(ctx context.Context) (period.Rules, error) {
	return loadRules(ctx, s.db)
}

func loadRules(ctx context.Context, q sqlx.QueryerContext) (period.Rules, error) {
	const list = `select ` + ruleColumns + ` from period_rules r order by r.kind, r.valid_from, r.id`
	var rules period.Rules
	err := sqlx.SelectContext(ctx, q, &rules, list)
	return rules, wrap("read period rules", err)
}

// PeriodRuleHistory lists every rule that ever was, of each kind the newest edit
// first.
func (s *Store) PeriodRuleHistory(ctx context.Context) ([]PeriodRule, error) {
	const list = `select ` + ruleColumns + `, r.reason, r.replaces, coalesce(p.name, '') as edited_by, r.edited_at
		from period_rules r left join persons p on p.id = r.edited_by
		order by r.kind, r.id desc`
	var rules []PeriodRule
	err := s.db.SelectContext(ctx, &rules, list)
	return rules, wrap("list period rules", err)
}

// AddPeriodRule lays a rule down after the newest edit of its kind, which the
// caller has seen; earlier ones stay. The same key again changes nothing.
// rule.Errors: what Validate says, or RuleReplaced.
func (s *Store) AddPeriodRule(ctx context.Context, key uuid.UUID, by, replaces int64, r period.Rule, reason string) error {
	if err := r.Validate().Err(); err != nil {
		return err
	}
	const add = `
		insert into period_rules (key, kind, valid_from, months_before, from_day, to_day, working_days,
			due_inclusive, due_cutoff, due_shift, window_source, window_certainty, due_source, due_certainty,
			reason, replaces, edited_by)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, o.id, $17
		from period_rules o where o.id = $16 and o.kind = $2
		on conflict (key) do nothing`
	_, err := s.db.ExecContext(ctx, add, key, r.Kind, r.ValidFrom, r.MonthsBefore, r.FromDay, r.ToDay, r.WorkingDays,
		r.Inclusive, r.Cutoff, r.Shift, r.WindowSource, r.WindowCertainty, r.DueSource, r.DueCertainty, reason, replaces, by)
	if uniqueViolation(err, "period_rules_replaces_key") {
		return rule.Broken(RuleReplaced, "")
	}
	return wrap("add period rule", err)
}

// dueRule is the rule that the plan's due follows from; null when the due is
// another one than the rule's.
func dueRule(ctx context.Context, tx *sqlx.Tx, p campaign.Plan, c calendar.Calendar) (sql.NullInt64, error) {
	rules, err := loadRules(ctx, tx)
	if err != nil {
		return sql.NullInt64{}, err
	}
	id := p.DueRule(rules, c)
	return sql.NullInt64{Int64: id, Valid: id != 0}, nil
}
