package bench

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
	"cchc/storage/storagetest/volume"
)

// size is how large the city is, with five years behind it. CCHC_UNITS and
// CCHC_CAMPAIGNS make it smaller while something is being worked on.
var size = volume.Size{
	Units: number("CCHC_UNITS", volume.City.Units), Campaigns: number("CCHC_CAMPAIGNS", volume.City.Campaigns), Full: volume.City.Full,
}

// everyone is how many units report at a launch of the whole, the city's real
// 187 besides the authority among them.
var everyone = size.Units

func number(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return usual
}

// town is a running system with a specialist, a division head and a director at
// every unit.
type town struct {
	*stack.Stack
	officer staff.Actor
	people  map[string]map[staff.Role]staff.Actor // by unit
	units   []string                              // the real ones first
	form    form.Version
	seal    notary
	answers *storage.Answers
	floor   *bare
	figures table
	pages   table
	soaked  table
	windows map[string][]*visitor // signed in already, by username
	big     *launched             // the campaign of everyone, once it is launched
	started time.Duration         // what as many bare starts took before it
}

func newTown(b *testing.B) *town {
	b.Helper()
	t := &town{Stack: stack.Start(b, statistics), people: map[string]map[staff.Role]staff.Actor{}, figures: newFigures(), pages: newPages(), soaked: table{head: []string{"In the soak", "Times", "p50", "p95", "Longest"}}, windows: map[string][]*visitor{}}
	t.settle(b)
	var err error
	if t.form, err = t.Store.FormVersion(context.Background(), "bc-cchc-quy", 1); err != nil {
		b.Fatal(err)
	}
	t.seal = newNotary(b, t.form)
	t.floor = newBare(b, t.Stack)
	t.answers = t.Store.Answers()
	ctx, leave := context.WithCancel(context.Background())
	b.Cleanup(leave)
	hear := map[string]func(string){storage.ChannelDecision: t.answers.Hear}
	go func() { _ = t.Store.Listen(ctx, hear) }() // ends with the context
	return t
}

// settle fills the city, and knows the people of its units.
func (t *town) settle(b *testing.B) {
	b.Helper()
	t.exec(b, `alter system set max_wal_size = '8GB'`) // no checkpoint after the other while it is filled
	t.exec(b, `select pg_reload_conf()`)
	began := time.Now()
	if err := volume.Fill(context.Background(), t.Owner, size, time.Now()); err != nil {
		b.Fatal(err)
	}
	filled := time.Now()
	if _, err := storage.Reindex(context.Background(), t.Owner); err != nil {
		b.Fatal(err)
	}
	t.exec(b, `vacuum analyze search_texts, search_words`)
	if _, err := storage.Reindex(context.Background(), t.Owner); err != nil {
		b.Fatal(err)
	}
	indexed := time.Now()
	t.exec(b, `vacuum analyze`)
	t.exec(b, `alter system reset max_wal_size`)
	t.exec(b, `select pg_reload_conf()`)
	t.exec(b, `checkpoint`)
	if err := volume.Check(context.Background(), t.Owner); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d documents, %d decisions of one officer: filled in %s, made searchable in %s, checked in %s", t.Count(`select count(*) from documents`),
		t.Count(`select count(*) from decisions join persons p on p.id = person_id where username = $1`, volume.Officer),
		seconds(filled.Sub(began)), seconds(indexed.Sub(filled)), seconds(time.Since(indexed)))
	rows, err := t.Owner.Query(`
		select distinct on (unit_code like 'ZZ%', unit_code, role) person_id, unit_code, role from positions
		where role in ('specialist', 'division_head', 'director') and unit_code <> 'SNV' or role = 'officer'
		order by unit_code like 'ZZ%', unit_code, role, person_id`)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a staff.Actor
		var at staff.Position
		if err := rows.Scan(&a.Person, &at.Unit, &at.Role); err != nil {
			b.Fatal(err)
		}
		a.Positions = []staff.Position{at}
		switch {
		case at.Role == staff.Officer:
			t.officer = a
		case t.people[at.Unit] == nil:
			t.people[at.Unit] = map[staff.Role]staff.Actor{}
			t.units = append(t.units, at.Unit)
			fallthrough
		default:
			t.people[at.Unit][at.Role] = a
		}
	}
	if err := rows.Err(); err != nil || len(t.units) != everyone {
		b.Fatalf("%d units, want %d (%v)", len(t.units), everyone, err)
	}
}

func (t *town) exec(b *testing.B, statement string, args ...any) {
	b.Helper()
	if _, err := t.Owner.Exec(statement, args...); err != nil {
		b.Fatal(err)
	}
}

// within waits until the count is reached and returns when it was.
func (t *town) within(b *testing.B, patience time.Duration, want int, count string, args ...any) time.Time {
	b.Helper()
	got := -1
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if err := t.Owner.QueryRow(count, args...).Scan(&got); err != nil {
			b.Fatal(err)
		}
		if got == want {
			return time.Now()
		}
	}
	b.Fatalf("%d after %v, want %d: %s", got, patience, want, count)
	return time.Time{}
}

// launched is a campaign under way.
type launched struct {
	code      string
	units     []string
	due       time.Time
	began     time.Time
	committed time.Time // its documents are there
	started   time.Time // every document's workflow has been started
	looked    time.Time // and has called RecordDecisions once
}

// launch asks the first n units for a report, and waits until each document's
// workflow has looked once.
func (t *town) launch(b *testing.B, n int, due time.Time) *launched {
	b.Helper()
	ctx := context.Background()
	l := &launched{code: "bc-" + uuid.NewString()[:8], units: t.units[:n], due: due, began: time.Now()}
	ends := period.EndingAt(due.Truncate(time.Minute))
	plan := campaign.Plan{
		Code: l.code, Kind: document.Report, Name: "Báo cáo quý", Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: ends.Day.Add(-100), To: ends.Day.Add(-20)}, Due: ends,
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: l.units,
	}
	if _, err := t.Store.LaunchCampaign(ctx, uuid.New(), t.officer.Person, plan); err != nil {
		b.Fatal(err)
	}
	l.committed = time.Now()
	if err := t.Engine.LaunchCampaign(ctx, l.code); err != nil {
		b.Fatal(err)
	}
	l.started = t.within(b, 10*time.Minute, 1, `select count(*) from campaigns where code = $1 and started_at is not null`, l.code)
	l.looked = t.within(b, 10*time.Minute, n, `select count(*) from documents where campaign = $1 and run_id <> ''`, l.code)
	return l
}

// write fills in every draft of the campaign, no figure less than the unit's own
// of earlier periods, and returns the hash of what now
// stands in each: it is the same.
func (t *town) write(b *testing.B, l *launched) string {
	b.Helper()
	var sections, figures, values []string
	for _, section := range t.form.Sections {
		sections = append(sections, section.Code)
	}
	for _, indicator := range t.form.Active(calendar.DayOf(l.due).Add(-20)) {
		if indicator.Type != form.TypeRatio {
			figures = append(figures, indicator.Code)
			values = append(values, volume.Figure(t.form, indicator.Code, 150).String())
		}
	}
	t.exec(b, `insert into draft_sections (document_id, section, body, updated_by)
		select id, s, $3, $4 from documents, unnest($2::text[]) s where campaign = $1 on conflict do nothing`, l.code, pq.Array(sections), narrative, t.officer.Person)
	t.exec(b, `insert into draft_figures (document_id, indicator, value, reason, updated_by)
		select id, f, n, 'Không có', $4 from documents, unnest($2::text[], $3::numeric[]) a (f, n) where campaign = $1 on conflict do nothing`,
		l.code, pq.Array(figures), pq.Array(values), t.officer.Person)
	content, err := t.Store.DraftContent(context.Background(), l.code+"-"+l.units[0])
	if err != nil {
		b.Fatal(err)
	}
	return content.Hash()
}
