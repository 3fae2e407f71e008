// Package assessed launches campaigns of self-assessments on a running system, and has
// them answered the shortest way: nothing was done. How they are answered over the pages,
// and what becomes of them, is for the tests that use it.
package assessed

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/decimal"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
)

// The criteria that ship.
const (
	form    = "cs-cchc-nam"
	version = 1
)

// Campaign asks units for their self-assessment of a year.
type Campaign struct {
	Code  string
	Name  string
	Year  int
	Due   time.Time
	Units []string
	By    int64 // who launches it
}

// Launch launches it, on the engine too.
func Launch(t testing.TB, s *stack.Stack, c Campaign) {
	t.Helper()
	p := period.Period{Kind: period.Year, Year: c.Year, Number: 1}
	plan := campaign.Plan{
		Code: c.Code, Kind: document.Index, Name: c.Name, Form: form, FormVersion: version, Period: p.Code(), Window: period.Window{From: p.From(), To: p.To()},
		Due:    period.Due{Day: calendar.DayOf(c.Due), Cutoff: 1440, Shift: period.ShiftNone},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: c.Units,
	}
	if _, err := s.Store.LaunchCampaign(context.Background(), uuid.New(), c.By, plan); err != nil {
		t.Fatal(err)
	}
	if err := s.Engine.LaunchCampaign(context.Background(), plan.Code); err != nil {
		t.Fatal(err)
	}
}

// Answer writes the sections of a self-assessment, and answers every criterion that units
// answer: nothing was done in that year.
func Answer(t testing.TB, s *stack.Stack, id, text string, author staff.Actor) {
	t.Helper()
	const write = `insert into draft_sections (document_id, section, body, updated_by) select $1, s, $3, $2 from unnest(array['I', 'II']) s`
	if _, err := s.Owner.Exec(write, id, author.Person, text); err != nil {
		t.Fatal(err)
	}
	set, err := s.Store.IndexSet(context.Background(), form, version)
	if err != nil {
		t.Fatal(err)
	}
	no, nothing, cases := false, decimal.Number{}, decimal.Of(10)
	var changes []storage.AnswerChange
	for _, criterion := range set.Criteria {
		if !criterion.Asked() {
			continue
		}
		a := par.Answer{Criterion: criterion.Code, Yes: &no, Done: &nothing, Of: &cases, Number: &nothing}
		if criterion.Kind == par.Deduct {
			a.Number = &cases
		}
		changes = append(changes, storage.AnswerChange{Answer: criterion.Clean(a)})
	}
	if _, err := s.Store.SaveAnswers(context.Background(), id, changes, author); err != nil {
		t.Fatal(err)
	}
}
