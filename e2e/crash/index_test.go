package crash

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

// TestASelfAssessmentsHistory takes a self-assessment through its chain, which ends
// with the director's signature (QĐ 1439 Đ8.3b), on the real engine; with -record its
// history is kept like those of TestHistories. Its evidence becomes one file beside it.
func TestASelfAssessmentsHistory(t *testing.T) {
	t.Parallel()
	s := stack.Start(t)
	c := settle(t, s, 1, time.Now().Truncate(time.Minute).Add(time.Hour))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	unit := c.units[0]
	assessed := c.assess(unit)
	id := assessed.campaign + "-" + unit
	for _, action := range []document.Action{document.Submit, document.Return, document.Submit, document.Approve, document.Sign} {
		if err := assessed.decide(ctx, unit, action); err != nil {
			t.Fatalf("%s: %v", action, err)
		}
	}
	s.Eventually(id+" has ended", time.Minute, func() bool {
		running, err := s.Engine.Knows(ctx, id)
		return err == nil && !running
	})
	if n := c.Count(`select count(*) from documents where id = $1 and stage = 'handed_in' and closed_at is not null`, id); n != 1 {
		t.Error("it is not handed in")
	}
	s.Eventually("the evidence of both submissions is one file each", time.Minute, func() bool {
		return c.Count(`select count(*) from evidence_bundles where document_id = $1 and sealed_at is not null`, id) == 2
	})
	c.record("assessed", c.history(ctx, id))
}

// assess asks the unit for its self-assessment of the year before, and has it answered:
// nothing was done in that year, which this system does not know of either.
func (c *city) assess(unit string) *city {
	c.t.Helper()
	assessed := *c
	assessed.campaign = "cs-" + uuid.NewString()[:8]
	due := time.Now().Add(20 * 24 * time.Hour)
	plan := campaign.Plan{
		Code: assessed.campaign, Kind: document.Index, Name: "Chỉ số CCHC", Form: "cs-cchc-nam", FormVersion: 1,
		Period: period.Period{Kind: period.Year, Year: 2025, Number: 1}.Code(),
		Window: period.Window{From: calendar.DayOf(due) - 60, To: calendar.DayOf(due) - 12}, Due: period.Due{Day: calendar.DayOf(due), Cutoff: 1440, Shift: period.ShiftNone},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{unit},
	}
	ctx := context.Background()
	if _, err := c.Store.LaunchCampaign(ctx, uuid.New(), c.officer.Person, plan); err != nil {
		c.t.Fatal(err)
	}
	if err := c.Engine.LaunchCampaign(ctx, plan.Code); err != nil {
		c.t.Fatal(err)
	}
	id := plan.Code + "-" + unit
	c.exec(`insert into draft_sections (document_id, section, body, updated_by) select $1, s, 'Nội dung', $2 from unnest(array['I', 'II']) s`, id, c.officer.Person)
	version, err := c.Store.FormVersion(ctx, plan.Form, plan.FormVersion)
	if err != nil {
		c.t.Fatal(err)
	}
	no, nothing, cases := false, decimal.Number{}, decimal.Of(10)
	var changes []storage.AnswerChange
	for _, criterion := range version.Index.Criteria {
		if !criterion.Asked() {
			continue
		}
		a := par.Answer{Criterion: criterion.Code, Yes: &no, Done: &nothing, Of: &cases, Number: &nothing}
		if criterion.Kind == par.Deduct {
			a.Number = &cases
		}
		changes = append(changes, storage.AnswerChange{Answer: criterion.Clean(a)})
	}
	if _, err := c.Store.SaveAnswers(ctx, id, changes, c.people[unit][staff.Specialist]); err != nil {
		c.t.Fatal(err)
	}
	return &assessed
}
