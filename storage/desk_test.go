package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// desk is one test's city: a launched campaign with one department and people
// for every desk.
type desk struct {
	t      *testing.T
	db     *storagetest.Database
	id     string
	people map[staff.Role]staff.Actor
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := deskOf(t, plan("STC", "SYT"))
	d.fill()
	return d
}

// deskOf is a desk in another campaign, with those sections of its document written.
func deskOf(t *testing.T, asked campaign.Plan, sections ...string) *desk {
	t.Helper()
	d := &desk{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Clerk: "STC",
		staff.Officer: "SNV", staff.AuthorityHead: "SNV",
	} {
		d.people[role] = d.person(string(role), role, unit)
	}
	code, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, asked)
	if err != nil {
		t.Fatal(err)
	}
	d.id = code + "-STC"
	for _, section := range sections {
		d.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`,
			d.id, section, d.people[staff.Specialist].Person)
	}
	return d
}

func plan(units ...string) campaign.Plan {
	due := calendar.DayOf(time.Now()).Add(30)
	return campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: "Báo cáo CCHC quý IV năm 2026",
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)},
		Due:    period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: units,
	}
}

func (d *desk) person(name string, role staff.Role, unit string) staff.Actor {
	d.t.Helper()
	var id int64
	const add = `insert into persons (username, name, name_key, mail, state) values ($1, $1, $1, $1 || '@example.test', 'active') returning id`
	if err := d.db.Owner.QueryRow(add, unit+"."+name+uuid.NewString()[:4]).Scan(&id); err != nil {
		// user names are lower case
		if err := d.db.Owner.QueryRow(add, "p"+uuid.NewString()).Scan(&id); err != nil {
			d.t.Fatal(err)
		}
	}
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, $2, $3)`, id, unit, role)
	return staff.Actor{Person: id, Positions: []staff.Position{{Unit: unit, Role: role}}}
}

func (d *desk) exec(statement string, args ...any) {
	d.t.Helper()
	if _, err := d.db.Owner.Exec(statement, args...); err != nil {
		d.t.Fatalf("%s: %v", statement, err)
	}
}

// fill writes a complete draft: every section, every figure zero, every reason.
func (d *desk) fill() {
	d.t.Helper()
	author := d.people[staff.Specialist].Person
	version, err := d.db.Store.FormVersion(context.Background(), "bc-cchc-quy", 1)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, section := range version.Sections {
		d.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`, d.id, section.Code, author)
	}
	for _, indicator := range version.Active(plan().Window.To) {
		if indicator.Type != "ratio" {
			d.exec(`insert into draft_figures (document_id, indicator, value, reason, updated_by) values ($1, $2, 0, 'Không phát sinh', $3)`, d.id, indicator.Code, author)
		}
	}
}

// screen is what a person sees: revision and hash.
func (d *desk) screen() (int, string) {
	d.t.Helper()
	var revision int
	var hash, stage string
	if err := d.db.Owner.QueryRow(`select revision, content_hash, stage from documents where id = $1`, d.id).Scan(&revision, &hash, &stage); err != nil {
		d.t.Fatal(err)
	}
	if stage == string(document.Drafting) {
		c, err := d.db.Store.DraftContent(context.Background(), d.id)
		if err != nil {
			d.t.Fatal(err)
		}
		hash = c.Hash()
	}
	return revision, hash
}

func (d *desk) decision(role staff.Role, action document.Action) storage.NewDecision {
	revision, hash := d.screen()
	return storage.NewDecision{
		Key: uuid.New(), Document: d.id, Action: action, Actor: d.people[role],
		Revision: revision, ContentHash: hash, Reason: "Lý do",
	}
}

// take adds a decision and has it answered.
func (d *desk) take(role staff.Role, action document.Action) (storage.DocumentState, error) {
	d.t.Helper()
	if action == document.Sign {
		return d.sign(d.people[role])
	}
	n := d.decision(role, action)
	if _, err := d.db.Store.AddDecision(context.Background(), n); err != nil {
		return storage.DocumentState{}, err
	}
	return d.record(), nil
}

func (d *desk) sign(actor staff.Actor) (storage.DocumentState, error) {
	ctx := context.Background()
	revision, hash := d.screen()
	in := storage.SigningIntent{Document: d.id, Actor: actor, Revision: revision, ContentHash: hash}
	attempt, err := d.db.Store.ReserveNumber(ctx, in)
	if err != nil {
		return storage.DocumentState{}, err
	}
	prepared := storage.Prepared{PDF: []byte("%PDF prepared " + attempt.ID.String()), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}
	if err := d.db.Store.BeginSigning(ctx, attempt.ID, in, prepared, time.Minute); err != nil {
		return storage.DocumentState{}, err
	}
	n := storage.NewDecision{Key: uuid.New(), Document: d.id, Actor: actor, Revision: revision, ContentHash: hash}
	if _, err := d.db.Store.AddSignedDecision(ctx, n, attempt.ID, []byte("%PDF signed "+attempt.ID.String())); err != nil {
		return storage.DocumentState{}, err
	}
	return d.record(), nil
}

func (d *desk) record() storage.DocumentState {
	d.t.Helper()
	state, err := d.db.Store.RecordDecisions(context.Background(), d.id, time.Time{}, "run-1")
	if err != nil {
		d.t.Fatal(err)
	}
	return state
}

func (d *desk) must(role staff.Role, action document.Action, want document.Stage) storage.DocumentState {
	d.t.Helper()
	state, err := d.take(role, action)
	if err != nil {
		d.t.Fatalf("%s by %s: %v", action, role, err)
	}
	if state.Stage != want {
		d.t.Fatalf("%s by %s: stage %s, want %s", action, role, state.Stage, want)
	}
	return state
}

func (d *desk) count(query string, args ...any) int {
	d.t.Helper()
	var n int
	if err := d.db.Owner.QueryRow(query, args...).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func has(err error, code rule.Code) bool {
	var broken rule.Errors
	return errors.As(err, &broken) && broken.Has(code)
}
