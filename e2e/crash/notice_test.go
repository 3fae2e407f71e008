package crash

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"

	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/e2e/stack"
	"cchc/storage"
	"cchc/workflows"
)

// TestOutagesAreToldOf brings a notice out on the real engine: drafted at its mark,
// approved by both departments while the worker is killed, published once, all clear,
// closed. Meanwhile the server is gone, and the gap is found when it is back. The
// notice's history becomes with -record what the replay test replays.
func TestOutagesAreToldOf(t *testing.T) {
	t.Parallel() // it mostly waits
	s := stack.Start(t)
	s.Run(stack.Server, "seed-demo") // the server wants its keys
	s.StartPart(stack.Server)
	c := &city{Stack: s, t: t, people: map[string]map[staff.Role]staff.Actor{}}
	c.officer = c.person(staff.Officer, "SNV")
	it := c.person(staff.Director, "SKHCN")
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c.exec(`insert into outage_rules (rule, it_unit, approval_hours, replaces)
		select rule || '{"confirm": 10000000000, "recovery": 20000000000}', it_unit, approval_hours, id from outage_rules`)
	const patience = 3 * time.Minute
	s.Eventually("the server's heart beats", patience, func() bool {
		return s.Count(`select count(*) from heartbeats where program in ('server', 'worker')`) == 2
	})
	s.Kill(stack.Server)
	gone := time.Now()
	id, err := s.Store.OpenOutage(ctx, uuid.New(), c.officer, outage.Stopped, storage.OutageText{BeganAt: gone.AddDate(0, 0, -20), What: "Hỏng máy chủ"})
	if err != nil {
		t.Fatal(err)
	}
	n := c.drafted(ctx, id, patience)
	for party, actor := range map[outage.Party]staff.Actor{outage.Authority: c.officer, outage.IT: it} {
		err := s.Store.GiveOutageWord(ctx, actor, actor.Positions[0], storage.OutageWord{
			Key: uuid.New(), Notice: n.ID, Version: n.Version, Hash: n.Hash, Party: party, Verdict: storage.OutageApprove,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s.Kill(stack.Worker)
	s.Revive(stack.Worker)
	posted := func(kind outage.NoticeKind) func() bool {
		return func() bool {
			return s.Count(`select count(*) from outage_notices where outage_id = $1 and kind = $2 and posted`, id, kind) == 1
		}
	}
	s.Eventually("the notice stands on the page", patience, posted(outage.TheNotice))
	units := s.Count(`select count(*) from units`)
	told := func(notice int64) int {
		return s.Count(`select count(distinct unit_code) from notices where kind = 'outage_notice' and (args->>'notice')::bigint = $1`, notice)
	}
	if got := told(n.ID); got != units {
		t.Errorf("%d of %d units were told", got, units)
	}
	time.Sleep(time.Until(gone.Add(65 * time.Second))) // a gap is what is longer than a minute
	s.Revive(stack.Server)
	s.Eventually("the gap is found", patience, func() bool {
		return s.Count(`select count(*) from heartbeat_gaps where program = 'server' and settled`) == 1
	})
	one, err := s.Store.Outage(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.EndOutage(ctx, id, one.Version, c.officer, time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	s.Eventually("it is over", patience, func() bool {
		return s.Count(`select count(*) from outages where id = $1 and closing = 'noticed'`, id) == 1
	})
	if posted(outage.AllClear)(); s.Count(`select count(*) from outage_events where outage_id = $1 and event = 'published'`, id) != 2 {
		t.Error("the notice and the all-clear were not published once each")
	}
	name := workflows.OutageWorkflow(id)
	s.Eventually("its workflow has ended", patience, func() bool {
		running, err := s.Engine.Knows(ctx, name)
		return err == nil && !running
	})
	history := c.history(ctx, name)
	fired := 0
	for _, event := range history.GetEvents() {
		if event.GetEventType() == enumspb.EVENT_TYPE_TIMER_FIRED {
			fired++
		}
	}
	if fired == 0 {
		t.Error("the run has waited for no instant")
	}
	t.Logf("%d events", len(history.GetEvents()))
	c.record("outage", history)
}

// drafted waits for the notice that the workflow drafts.
func (c *city) drafted(ctx context.Context, id int64, patience time.Duration) (n storage.OutageNotice) {
	c.t.Helper()
	c.Eventually("a notice is drafted", patience, func() bool {
		all, err := c.Store.OutageNotices(ctx, id)
		if err != nil || len(all) == 0 {
			return false
		}
		n = all[0]
		return true
	})
	return n
}
