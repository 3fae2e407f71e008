package crash

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/e2e/stack"
)

var record = flag.Bool("record", false, "write the histories of the lives below to workflows/testdata")

// only keeps what is recorded already as it was: histories of earlier releases are
// worth more than those of this one.
var only = flag.String("only", "", "with -record, the one life to write")

// TestHistories lives a few lives on the real engine and holds their histories
// to the size that four decisions may have. With -record they become what
// workflows' replay test replays for ever after.
func TestHistories(t *testing.T) {
	t.Parallel() // they mostly wait
	s := stack.Start(t)
	c := settle(t, s, 5, time.Now().Truncate(time.Minute).Add(2*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	asked := c.ask(c.units[4])
	lives := map[string]func() error{
		"straight": func() error { return c.carry(ctx, c.units[0]) },
		"returned": func() error { return c.returned(ctx, c.units[1]) },
		"overdue": func() error {
			time.Sleep(time.Until(time.Now().Truncate(time.Minute).Add(2*time.Minute + 5*time.Second)))
			return c.carry(ctx, c.units[2])
		},
	}
	ended := func(id string) {
		s.Eventually(id+" has ended", time.Minute, func() bool {
			running, err := s.Engine.Knows(ctx, id)
			return err == nil && !running
		})
	}
	lives["reopened"] = func() error { // its history is that of the second run
		if err := c.carry(ctx, c.units[3]); err != nil {
			return err
		}
		ended(c.campaign + "-" + c.units[3])
		return c.reopen(ctx, c.units[3])
	}
	lives["requested"] = func() error { return asked.reminded(ctx, c.units[4]) }
	for i, name := range []string{"straight", "returned", "overdue", "reopened", "requested"} {
		if err := lives[name](); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		id := c.campaign + "-" + c.units[i]
		if name == "requested" {
			id = asked.campaign + "-" + c.units[i]
		}
		ended(id)
		history := c.history(ctx, id)
		t.Logf("%s: %d events", name, len(history.GetEvents()))
		if name == "straight" && len(history.GetEvents()) > 50 {
			t.Errorf("%d events carry four decisions, want at most 50", len(history.GetEvents()))
		}
		c.record(name, history)
	}
	ended("launch-" + c.campaign)
	c.record("launched", c.history(ctx, "launch-"+c.campaign))
}

// ask requests a report of the unit within 24 hours, and has it written. Hours end at
// a whole minute, so the reminder 24 hours ahead comes within a minute.
func (c *city) ask(unit string) *city {
	c.t.Helper()
	asked := *c
	asked.campaign = "dx-" + uuid.NewString()[:8]
	own := campaign.OwnForm(asked.campaign, "Báo cáo hồ sơ trễ hạn", []form.Section{{Title: "Tình hình", Required: true}}, form.Version{})
	ladder := period.HoursLadder(24)
	ladder[0].Hours = -24
	plan := campaign.Plan{
		Code: asked.campaign, Kind: document.AdHoc, Name: own.Title, Form: own.Code, FormVersion: own.Number,
		Ladder: campaign.NameRungs(ladder), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{unit},
		Request: &campaign.Request{
			Number: "2315/UBND-KSTTHC", Date: calendar.DayOf(time.Now()), Issuer: "Ủy ban nhân dân Thành phố", Title: "Về hồ sơ trễ hạn",
			Ahead: period.Ahead{Span: period.SpanHours, Count: 24}, Form: own,
		},
	}
	ctx := context.Background()
	if _, err := c.Store.LaunchCampaign(ctx, uuid.New(), c.officer.Person, plan); err != nil {
		c.t.Fatal(err)
	}
	if err := c.Engine.LaunchCampaign(ctx, plan.Code); err != nil {
		c.t.Fatal(err)
	}
	c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, 'I', 'Nội dung', $2)`, asked.campaign+"-"+unit, c.officer.Person)
	return &asked
}

// reminded is carried after its first reminder has gone out.
func (c *city) reminded(ctx context.Context, unit string) error {
	c.Eventually("the reminder 24 hours ahead is sent", 2*time.Minute, func() bool {
		return c.Count(`select count(*) from history where document_id = $1 and event = 'reminder_sent'`, c.campaign+"-"+unit) == 1
	})
	return c.carry(ctx, unit)
}

// returned is sent back by the division head once.
func (c *city) returned(ctx context.Context, unit string) error {
	if err := c.decide(ctx, unit, document.Submit); err != nil {
		return err
	}
	if err := c.decide(ctx, unit, document.Return); err != nil {
		return err
	}
	return c.carry(ctx, unit)
}

func (c *city) history(ctx context.Context, id string) *historypb.History {
	c.t.Helper()
	events := c.Engine.Temporal().GetWorkflowHistory(ctx, id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	history := new(historypb.History)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			c.t.Fatal(err)
		}
		history.Events = append(history.Events, event)
	}
	return history
}

// A recorded history names no machine.
var identity = regexp.MustCompile(`"(identity|hostName|originalHostName)": *"[^"]*"`)

// record keeps the history, when asked to.
func (c *city) record(name string, history *historypb.History) {
	c.t.Helper()
	if !*record || *only != "" && *only != name {
		return
	}
	data, err := protojson.MarshalOptions{Indent: " "}.Marshal(history)
	if err != nil {
		c.t.Fatal(err)
	}
	data = identity.ReplaceAll(data, []byte(`"$1": "recorder"`))
	path := filepath.Join(stack.Root(), "workflows", "testdata", name+".json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		c.t.Fatal(err)
	}
}
