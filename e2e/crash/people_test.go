// Package crash kills the system at every point where it could hurt, while
// people carry documents through the whole chain, and then compares database,
// workflows, files and notices: no decision lost, doubled or half done.
package crash

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
)

// limit is how long a test's lives may take, on a machine that is small and busy.
const limit = 20 * time.Minute

// city is a launched campaign with one person at every desk of every unit.
type city struct {
	*stack.Stack
	t        testing.TB
	officer  staff.Actor
	people   map[string]map[staff.Role]staff.Actor // by unit
	units    []string
	campaign string
}

// settle makes the people, launches a campaign over n units due at the instant,
// and fills in every draft.
func settle(t testing.TB, s *stack.Stack, n int, due time.Time) *city {
	t.Helper()
	c := &city{Stack: s, t: t, people: map[string]map[staff.Role]staff.Actor{}, campaign: "bc-" + uuid.NewString()[:8]}
	const some = `select coalesce(array_agg(code order by code), '{}') from (select code from units where code <> 'SNV' order by code limit $1) x`
	if err := s.Owner.QueryRow(some, n).Scan(pq.Array(&c.units)); err != nil || len(c.units) != n {
		t.Fatalf("%d units, want %d (%v)", len(c.units), n, err)
	}
	c.officer = c.person(staff.Officer, "SNV")
	for _, unit := range c.units {
		c.people[unit] = map[staff.Role]staff.Actor{}
		for _, role := range []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director} {
			c.people[unit][role] = c.person(role, unit)
		}
	}
	c.launch(due)
	return c
}

func (c *city) person(role staff.Role, unit string) staff.Actor {
	c.t.Helper()
	var id int64
	const add = `
		with p as (insert into persons (username, name, name_key, mail, state)
			values ($1, $1, $1, $1 || '@cchc.example', 'active') returning id)
		insert into positions (person_id, unit_code, role) select id, $2, $3 from p returning person_id`
	if err := c.Owner.QueryRow(add, "p"+uuid.NewString(), unit, role).Scan(&id); err != nil {
		c.t.Fatal(err)
	}
	return staff.Actor{Person: id, Positions: []staff.Position{{Unit: unit, Role: role}}}
}

func (c *city) launch(due time.Time) {
	c.t.Helper()
	ends := period.EndingAt(due.Truncate(time.Minute))
	plan := campaign.Plan{
		Code: c.campaign, Kind: document.Report, Name: "Báo cáo quý", Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: ends.Day.Add(-100), To: ends.Day.Add(-20)}, Due: ends,
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: c.units,
	}
	ctx := context.Background()
	if _, err := c.Store.LaunchCampaign(ctx, uuid.New(), c.officer.Person, plan); err != nil {
		c.t.Fatal(err)
	}
	if err := c.Engine.LaunchCampaign(ctx, c.campaign); err != nil {
		c.t.Fatal(err)
	}
	version, err := c.Store.FormVersion(ctx, "bc-cchc-quy", 1)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, section := range version.Sections {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) select id, $2, 'Nội dung', $3 from documents where campaign = $1`, c.campaign, section.Code, c.officer.Person)
	}
	for _, indicator := range version.Active(plan.Window.To) {
		if indicator.Type != "ratio" {
			c.exec(`insert into draft_figures (document_id, indicator, value, reason, updated_by) select id, $2, 0, 'Không có', $3 from documents where campaign = $1`, c.campaign, indicator.Code, c.officer.Person)
		}
	}
}

func (c *city) exec(statement string, args ...any) {
	c.t.Helper()
	if _, err := c.Owner.Exec(statement, args...); err != nil {
		c.t.Fatal(fmt.Errorf("%s: %w", statement, err))
	}
}

// chain is what a document goes through.
var chain = []document.Action{document.Submit, document.Approve, document.Sign, document.Confirm}

// carry takes one document through the chain as stubborn people would: each
// decision is tried with the same key until it has its answer. now and then the
// web is killed after the row and before the signal.
func (c *city) carry(ctx context.Context, unit string) error {
	for _, action := range chain {
		if err := c.decide(ctx, unit, action); err != nil {
			return fmt.Errorf("%s of %s: %w", action, unit, err)
		}
	}
	return nil
}

// reopen gives an approved document back and takes it through the chain again.
func (c *city) reopen(ctx context.Context, unit string) error {
	if err := c.decide(ctx, unit, document.Reopen); err != nil {
		return fmt.Errorf("reopening of %s: %w", unit, err)
	}
	return c.carry(ctx, unit)
}

func (c *city) decide(ctx context.Context, unit string, action document.Action) error {
	id := c.campaign + "-" + unit
	key := uuid.New()
	for ctx.Err() == nil {
		done, err := c.try(ctx, unit, id, action, key)
		if done || err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return ctx.Err()
}

// try is one request. Broken rules end the life; anything else is weather.
func (c *city) try(ctx context.Context, unit, id string, action document.Action, key uuid.UUID) (done bool, err error) {
	actor := c.officer
	if action != document.Confirm && action != document.Reopen {
		actor = c.people[unit][map[document.Action]staff.Role{
			document.Submit: staff.Specialist, document.Approve: staff.DivisionHead,
			document.Return: staff.DivisionHead, document.Sign: staff.Director,
		}[action]]
	}
	decision, err := c.add(ctx, id, action, actor, key)
	var broken rule.Errors
	if errors.As(err, &broken) {
		if broken.Has(storage.DecisionPending) || broken.Has(document.WrongStage) || broken.Has(document.SigningInProgress) {
			return false, nil // the step before is not answered yet
		}
		return false, broken
	}
	if err != nil {
		return false, nil
	}
	if rand.IntN(4) > 0 { // one in four: killed between the row and the signal
		_ = c.Engine.Look(ctx, id, document.Drafting, key.String())
	}
	for wait := 0; wait < 100 && ctx.Err() == nil; wait++ {
		answer, err := c.Store.DecisionAnswer(ctx, decision, actor.Person)
		switch {
		case err != nil:
		case answer.Outcome == storage.Applied:
			return true, nil
		case answer.Outcome != "":
			return false, fmt.Errorf("outcome %s: %w", answer.Outcome, answer.Broken)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return false, nil
}

func (c *city) add(ctx context.Context, id string, action document.Action, actor staff.Actor, key uuid.UUID) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	n := storage.NewDecision{Key: key, Document: id, Action: action, Actor: actor, Reason: "Bổ sung số liệu"}
	if err := c.Owner.QueryRowContext(ctx, `select revision, content_hash from documents where id = $1`, id).Scan(&n.Revision, &n.ContentHash); err != nil {
		return 0, err
	}
	if action == document.Submit {
		content, err := c.Store.DraftContent(ctx, id)
		if err != nil {
			return 0, err
		}
		n.ContentHash = content.Hash()
	}
	if action == document.Reopen {
		n.Until = time.Now().Add(10 * 24 * time.Hour)
	}
	if action == document.Sign {
		return c.sign(ctx, n)
	}
	return c.Store.AddDecision(ctx, n)
}

// sign walks both phases with bytes of its own; now and then the web is killed
// after the number, after the prepared file, or after the signed file.
func (c *city) sign(ctx context.Context, n storage.NewDecision) (int64, error) {
	if id, err := c.known(ctx, n); id != 0 || err != nil {
		return id, err
	}
	in := storage.SigningIntent{Document: n.Document, Actor: n.Actor, Revision: n.Revision, ContentHash: n.ContentHash}
	killed := errors.New("killed")
	attempt, err := c.Store.ReserveNumber(ctx, in)
	if err != nil || rand.IntN(10) == 0 {
		return 0, errors.Join(err, killedUnless(err, killed))
	}
	prepared := storage.Prepared{PDF: []byte("%PDF " + attempt.ID.String()), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}
	err = c.Store.BeginSigning(ctx, attempt.ID, in, prepared, 3*time.Second)
	if err != nil || rand.IntN(10) == 0 {
		return 0, errors.Join(err, killedUnless(err, killed))
	}
	return c.Store.AddSignedDecision(ctx, n, attempt.ID, []byte("%PDF signed "+attempt.ID.String()))
}

func killedUnless(err, killed error) error {
	if err != nil {
		return nil
	}
	return killed
}

// known finds a signature whose answer was lost on the way back to its signer.
func (c *city) known(ctx context.Context, n storage.NewDecision) (int64, error) {
	var id int64
	err := c.Owner.QueryRowContext(ctx, `select coalesce((select id from decisions where key = $1), 0)`, n.Key).Scan(&id)
	return id, err
}
