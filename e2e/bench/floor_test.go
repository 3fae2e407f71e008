package bench

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
	"golang.org/x/sync/errgroup"

	"cchc/e2e/stack"
)

// bare is the floor: the engine alone on the same Temporal and the same
// PostgreSQL. Four signals, each answered by one committed single-row insert.
type bare struct {
	engine  client.Client
	insert  *sql.Stmt
	waiting sync.Map // chan int by workflow id
}

const (
	bareQueue  = "bare"
	bareSignal = "step"
	steps      = 4
)

func newBare(b *testing.B, s *stack.Stack) *bare {
	b.Helper()
	db, err := sql.Open("postgres", s.Cluster.URL("cchc"))
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(32)
	b.Cleanup(func() { _ = db.Close() })
	if _, err := db.Exec(`create table bare (id bigint generated always as identity primary key, workflow text not null, step int not null)`); err != nil {
		b.Fatal(err)
	}
	f := &bare{engine: s.Engine.Temporal()}
	if f.insert, err = db.Prepare(`insert into bare (workflow, step) values ($1, $2)`); err != nil {
		b.Fatal(err)
	}
	w := worker.New(f.engine, bareQueue, worker.Options{MaxConcurrentWorkflowTaskPollers: 16, MaxConcurrentActivityTaskPollers: 1})
	w.RegisterWorkflow(fourSteps)
	w.RegisterActivity(f)
	if err := w.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(w.Stop)
	return f
}

// fourSteps is the workflow of the floor.
func fourSteps(ctx workflow.Context, id string) error {
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 5 * time.Second})
	signals := workflow.GetSignalChannel(ctx, bareSignal)
	var f *bare
	for step := range steps {
		signals.Receive(ctx, nil)
		if err := workflow.ExecuteLocalActivity(ctx, f.Step, id, step).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// Step commits the row and tells the client that waits in this same process.
func (f *bare) Step(ctx context.Context, id string, step int) error {
	if _, err := f.insert.ExecContext(ctx, id, step); err != nil {
		return err
	}
	if done, ok := f.waiting.Load(id); ok {
		done.(chan int) <- step
	}
	return nil
}

// start sets n workflows going, as many at once as clients.
func (f *bare) start(n, clients int) ([]string, error) {
	ids := make([]string, n)
	var group errgroup.Group
	group.SetLimit(clients)
	for i := range ids {
		ids[i] = "bare-" + uuid.NewString()
		group.Go(func() error {
			_, err := f.engine.ExecuteWorkflow(context.Background(), client.StartWorkflowOptions{ID: ids[i], TaskQueue: bareQueue}, fourSteps, ids[i])
			return err
		})
	}
	return ids, group.Wait()
}

// carry takes workflows through their four steps.
func (f *bare) carry(ids []string, clients int) error {
	var group errgroup.Group
	group.SetLimit(clients)
	for _, id := range ids {
		group.Go(func() error { return f.walk(id) })
	}
	return group.Wait()
}

func (f *bare) walk(id string) error {
	done := make(chan int, 2*steps) // a step may run twice
	f.waiting.Store(id, done)
	defer f.waiting.Delete(id)
	for step := range steps {
		if err := f.engine.SignalWorkflow(context.Background(), id, "", bareSignal, step); err != nil {
			return err
		}
		for got := -1; got != step; {
			select {
			case got = <-done:
			case <-time.After(time.Minute):
				return fmt.Errorf("%s: no step %d within a minute", id, step)
			}
		}
	}
	return nil
}
