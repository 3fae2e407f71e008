package main

import (
	"context"
	"log/slog"
	"time"

	"cchc/storage"
	"cchc/workflows"
)

// schedules makes the engine's schedules agree with the rows of the series. Pages
// do so when a series is edited; this is the net below that, and brings the
// instants of the next year along as time goes by.
type schedules struct {
	store  *storage.Store
	engine *workflows.Client
}

const schedulesEvery = 30 * time.Second

// run looks at the start and then now and then, until the context ends. Errors
// are the moment's: they are logged, and the next turn tries again.
func (s schedules) run(ctx context.Context) error {
	turn := time.NewTicker(schedulesEvery)
	defer turn.Stop()
	for {
		if err := s.reconcile(ctx); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "schedules do not agree with the series yet", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-turn.C:
		}
	}
}

func (s schedules) reconcile(ctx context.Context) error {
	all, err := s.store.SeriesSchedules(ctx)
	if err != nil {
		return err
	}
	codes := make(map[string]bool, len(all))
	for _, one := range all {
		codes[one.Code] = true
		if err := s.engine.KeepSchedule(ctx, one.Series, one.Instants); err != nil {
			return err
		}
		if !one.Behind {
			continue
		}
		// Its instant has passed without a proposal: the engine was emptied, or the
		// series came into force after it.
		if err := s.engine.Propose(ctx, one.Code); err != nil {
			return err
		}
	}
	return s.engine.DropSchedules(ctx, codes)
}
