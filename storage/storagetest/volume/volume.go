// Package volume fills a database with as much as a city leaves behind in years:
// units with their people, campaigns by quarter, documents in every status with
// their revisions, decisions, history, tasks, numbers, notices and drafts, the
// year's plans with what has become of their tasks, and two years' self-assessments
// of every unit, handed in.
//
// The rows are written by plain SQL, thousands a statement, and not by the
// application's own road, which would take hours. So that they are what that
// road would have left, Check holds them against the rules of the domain. The
// same sizes and the same instant give the same rows. Test code only: it needs
// a superuser, and a database that has been migrated and seeded and is empty
// otherwise.
package volume

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/storage"
)

// Size is how much there is to be.
type Size struct {
	Units     int // besides the authority
	Campaigns int // one a quarter, the newest under way
	// Full is how many of the newest campaigns, and of those a year before them,
	// have reports written in full: ten sections, every figure.
	Full int
}

// The sizes in use: the whole city over five years, and what a test can wait for.
var (
	City  = Size{Units: 4000, Campaigns: 20, Full: 2}
	Small = Size{Units: 240, Campaigns: 12, Full: 1}
)

// Authority is the unit that asks.
const Authority = "SNV"

// Officer is the username of the authority's officer who has confirmed or
// returned every document so far.
const Officer = "snv_officer"

// Password opens every account.
const Password = storage.DemoPassword

// Username is that of the first person who holds the role at the unit.
func Username(unit, role string) string { return lower(unit) + "_" + role }

// maker is one filling: a connection with temporary tables, and the instant at
// which the city is shown.
type maker struct {
	ctx  context.Context
	conn *sql.Conn
	size Size
	now  time.Time
}

// Fill writes everything, the newest due instant a day before now, and analyses
// it. Foreign keys are not looked at row by row; Check looks at them all at once.
func Fill(ctx context.Context, owner *sql.DB, size Size, now time.Time) error {
	conn, err := owner.Conn(ctx)
	if err != nil {
		return fmt.Errorf("fill: %w", err)
	}
	defer func() { _ = conn.Close() }()
	m := &maker{ctx: ctx, conn: conn, size: size, now: now.UTC().Truncate(time.Second)}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"prepare", m.prepare},
		{"units", m.units}, {"people", m.people}, {"campaigns", m.campaigns}, {"contents", m.contents},
		{"plan", m.plan}, {"documents", m.documents}, {"decisions", m.decisions}, {"signatures", m.signatures},
		{"revisions", m.revisions}, {"drafts", m.drafts}, {"tasks", m.tasks}, {"history", m.history},
		{"living plans", m.livingPlans}, {"answers", m.answers}, {"appraisals", m.appraisals},
		{"notices", m.notices}, {"sums", func() error { return storage.ResumSums(ctx, owner) }}, {"finish", m.finish},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("fill %s: %w", step.what, err)
		}
	}
	return nil
}

func (m *maker) exec(statement string, args ...any) error {
	_, err := m.conn.ExecContext(m.ctx, statement, args...)
	return err
}

func (m *maker) all(statements ...string) error {
	for _, statement := range statements {
		if err := m.exec(statement); err != nil {
			return fmt.Errorf("%w\n%s", err, statement)
		}
	}
	return nil
}

// prepare turns off what would make each row dear. luck is the chance by which
// the rows differ: 0 to 999, always the same for the same words.
func (m *maker) prepare() error {
	return m.all(
		`set synchronous_commit = off`, `set session_replication_role = replica`, `set work_mem = '128MB'`,
		`set maintenance_work_mem = '256MB'`, `set max_parallel_workers_per_gather = 0`,
		`create function pg_temp.luck(id text, salt text) returns int language sql immutable parallel safe
			return ('x' || substr(md5(id || salt), 1, 7))::bit(28)::int % 1000`,
	)
}

// finish gives the planner its statistics, and hands the connection back as it was.
func (m *maker) finish() error {
	return m.all(`discard all`, `vacuum analyze`)
}

// due is the last allowed instant of a campaign, counted back from the newest: 0.
func (m *maker) due(back int) time.Time {
	return calendar.DayOf(m.now).Add(-91 * back).Start()
}

// daysOpen is how long before its due a campaign is launched.
const daysOpen = 25
