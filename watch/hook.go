package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"time"
)

const (
	hookTimeout = 30 * time.Second
	hookTries   = 5
)

// runHooks runs the operators' own program for what has happened, until it ends well
// or five times.
func (w *watcher) runHooks(ctx context.Context, id string) error {
	r := w.records[id]
	for _, event := range slices.Sorted(maps.Keys(r.Hooks)) {
		run := r.Hooks[event]
		if run.Done || w.now().Before(run.Next) {
			continue
		}
		done := w.cfg.Hook == "" || w.runHook(ctx, event, r)
		err := w.change(id, func(r *record) error {
			run.Tries++
			run.Done, run.Next = done || run.Tries >= hookTries, w.now().Add(time.Minute)
			r.Hooks[event] = run
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) runHook(ctx context.Context, event string, r record) bool {
	report, err := json.Marshal(r.Report)
	if err != nil {
		w.log.Error("hook", "event", event, "error", err)
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, w.cfg.Hook, event, r.ID)
	command.Stdin = bytes.NewReader(report)
	command.WaitDelay = time.Second // what it has started may hold its output open
	if said, err := command.CombinedOutput(); err != nil {
		w.log.Error("hook", "event", event, "error", err, "said", string(said[:min(len(said), 1000)]))
		return false
	}
	return true
}
