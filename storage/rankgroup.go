package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Codes of what speaks against other groups.
const (
	RankGroupsReplaced rule.Code = "rank_groups_replaced" // somebody else has changed those that they were to replace
	RankGroupsReason   rule.Code = "rank_groups_reason"   // nothing was written
)

// RankGrouping is in which groups units are ranked, and who said so.
type RankGrouping struct {
	ID       int64
	Groups   par.RankGroups
	Reason   string
	EditedBy string // name; "": came with the software
	EditedAt time.Time
}

// RankGrouping reads the groups in force.
func (s *Store) RankGrouping(ctx context.Context) (RankGrouping, error) {
	all, err := rankGroupings(ctx, s.db, 1)
	if err != nil || len(all) == 0 {
		return RankGrouping{}, err
	}
	return all[0], nil
}

// RankGroupings lists the groups that held at some time, newest first.
func (s *Store) RankGroupings(ctx context.Context) ([]RankGrouping, error) {
	return rankGroupings(ctx, s.db, mostGroupings)
}

// mostGroupings is more changes than a page tells of.
const mostGroupings = 50

func rankGroupings(ctx context.Context, q sqlx.QueryerContext, most int) ([]RankGrouping, error) {
	const list = `
		select g.id, g.groups, g.reason, coalesce(p.name, '') as edited_by, g.edited_at
		from rank_groupings g left join persons p on p.id = g.edited_by order by g.id desc limit $1`
	rows, err := q.QueryxContext(ctx, list, most)
	if err != nil {
		return nil, wrap("read groups of ranking", err)
	}
	defer func() { _ = rows.Close() }()
	var all []RankGrouping
	for rows.Next() {
		var one RankGrouping
		var groups []byte
		if err := rows.Scan(&one.ID, &groups, &one.Reason, &one.EditedBy, &one.EditedAt); err != nil {
			return nil, wrap("read groups of ranking", err)
		}
		if err := json.Unmarshal(groups, &one.Groups); err != nil {
			return nil, fmt.Errorf("read groups of ranking %d: %w", one.ID, err)
		}
		all = append(all, one)
	}
	return all, wrap("read groups of ranking", rows.Err())
}

// UnitsByKind counts the units of each kind.
func (s *Store) UnitsByKind(ctx context.Context) (map[string]int, error) {
	const count = `select unit_group as kind, count(*) as n from units group by unit_group`
	var rows []struct {
		Kind string `db:"kind"`
		N    int    `db:"n"`
	}
	if err := s.db.SelectContext(ctx, &rows, count); err != nil {
		return nil, wrap("count units", err)
	}
	counts := make(map[string]int, len(rows))
	for _, row := range rows {
		counts[row.Kind] = row.N
	}
	return counts, nil
}

// NewRankGroups are groups as an officer lays them down, after the ones that were on the
// screen.
type NewRankGroups struct {
	Key      uuid.UUID
	Replaces int64
	Groups   par.RankGroups
	Reason   string
	Actor    staff.Actor
	Audit    Audit // who and from where; what is said here
}

// AddRankGroups lays groups down; earlier ones stay on record, and so does what was
// published by them. The same once more, by its key, changes nothing. rule.Errors: what Check
// says, no reason, or at no field RankGroupsReplaced, or KeyReused: the key has laid down
// others.
func (s *Store) AddRankGroups(ctx context.Context, n NewRankGroups) error {
	n.Reason = CleanText(n.Reason)
	broken := n.Groups.Check()
	switch {
	case n.Reason == "":
		broken.Add(RankGroupsReason, "reason")
	case len([]rune(n.Reason)) > mostShortText:
		broken.Add(TextLong, "reason", mostShortText)
	}
	if broken != nil {
		return broken
	}
	groups, err := json.Marshal(n.Groups)
	if err != nil {
		return fmt.Errorf("write groups of ranking: %w", err)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error { return addRankGroups(ctx, tx, n, groups) })
}

func addRankGroups(ctx context.Context, tx *sqlx.Tx, n NewRankGroups, groups []byte) error {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtextextended('rank_groups', 0))`); err != nil {
		return wrap("lock groups of ranking", err)
	}
	if done, err := n.done(ctx, tx, groups); done || err != nil {
		return err
	}
	before, err := rankGroupings(ctx, tx, 1)
	switch {
	case err != nil:
		return err
	case len(before) == 0 || before[0].ID != n.Replaces:
		return rule.Broken(RankGroupsReplaced, "")
	}
	const add = `insert into rank_groupings (key, groups, reason, replaces, edited_by) values ($1, $2, $3, $4, $5)`
	if _, err := tx.ExecContext(ctx, add, n.Key, string(groups), n.Reason, n.Replaces, n.Actor.Person); err != nil {
		return wrap("add groups of ranking", err)
	}
	n.Audit.Action, n.Audit.Object = AuditRankGroups, "rank_groups"
	n.Audit.Detail = map[string]any{"before": before[0].Groups, "after": n.Groups, "reason": n.Reason}
	return addAudit(ctx, tx, n.Audit)
}

// done tells whether the key has laid the groups down.
func (n NewRankGroups) done(ctx context.Context, tx *sqlx.Tx, groups []byte) (bool, error) {
	const look = `select groups = $2::jsonb and reason = $3 and edited_by = $4 from rank_groupings where key = $1`
	var same []bool
	if err := tx.SelectContext(ctx, &same, look, n.Key, string(groups), n.Reason, n.Actor.Person); err != nil || len(same) == 0 {
		return false, wrap("look for groups of ranking", err)
	}
	if !same[0] {
		return false, rule.Broken(KeyReused, "")
	}
	return true, nil
}
