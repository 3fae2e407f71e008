package crash

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/e2e/assessed"
	"cchc/e2e/stack"
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
	handedIn := c.assess(unit)
	id := handedIn.campaign + "-" + unit
	for _, action := range []document.Action{document.Submit, document.Return, document.Submit, document.Approve, document.Sign} {
		if err := handedIn.decide(ctx, unit, action); err != nil {
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
	asked := *c
	asked.campaign = "cs-" + uuid.NewString()[:8]
	assessed.Launch(c.t, c.Stack, assessed.Campaign{
		Code: asked.campaign, Name: "Chỉ số CCHC", Year: 2025, Due: time.Now().Add(20 * 24 * time.Hour), Units: []string{unit}, By: c.officer.Person,
	})
	assessed.Answer(c.t, c.Stack, asked.campaign+"-"+unit, "Nội dung", c.people[unit][staff.Specialist])
	return &asked
}
