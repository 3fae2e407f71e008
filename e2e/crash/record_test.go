package crash

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"cchc/domain/document"
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
	c := settle(t, s, 4, time.Now().Truncate(time.Minute).Add(2*time.Minute))
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	defer cancel()
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
	for i, name := range []string{"straight", "returned", "overdue", "reopened"} {
		if err := lives[name](); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		id := c.campaign + "-" + c.units[i]
		ended(id)
		history := c.history(ctx, id)
		t.Logf("%s: %d events", name, len(history.GetEvents()))
		if name == "straight" && len(history.GetEvents()) > 50 {
			t.Errorf("%d events carry four decisions, want at most 50", len(history.GetEvents()))
		}
		if *record && (*only == "" || *only == name) {
			c.write(name, history)
		}
	}
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

func (c *city) write(name string, history *historypb.History) {
	c.t.Helper()
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
