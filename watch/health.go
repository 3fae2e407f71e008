package main

import (
	"context"

	"cchc/domain/outage"
)

// checkUp looks whether what the watcher needs on the day is there, while the system
// is: a wrong address is found now.
func (w *watcher) checkUp(ctx context.Context) {
	before := w.health
	w.health.Witness, w.health.Mail = w.checkWitness(ctx), w.checkMail(ctx)
	w.deaf.Store(w.health.Witness == outage.Silent)
	if w.health.Witness != before.Witness && w.health.Witness == outage.Silent {
		w.log.Warn("CCHC_WATCH_WITNESS does not answer, though the system does: it is not relied on", "address", w.cfg.Witness.Redacted())
	}
	if w.health.Mail != before.Mail && w.health.Mail == outage.Silent {
		w.log.Warn("CCHC_SMTP_ADDRESS: no mail can be handed in", "address", w.cfg.Mail.Address)
	}
}

// checkWitness finds a witness silent only while the system is heard: the watcher's own
// line may have gone down since the last look, which says nothing of the witness.
func (w *watcher) checkWitness(ctx context.Context) outage.Check {
	switch {
	case w.cfg.Witness == nil:
		return outage.Unset
	case w.probe.answers(ctx, w.cfg.Witness):
		return outage.Works
	case !w.probe.ready(ctx):
		return w.health.Witness
	}
	return outage.Silent
}

func (w *watcher) checkMail(ctx context.Context) outage.Check {
	if w.cfg.Mail.Address == "" {
		return outage.Unset
	}
	line, err := w.mails.Dial(ctx)
	if err != nil {
		return outage.Silent
	}
	line.Close()
	return outage.Works
}

// tellHealth tells the system how the watcher stands, for its operators' page.
func (w *watcher) tellHealth(ctx context.Context) {
	if err := w.system.tellHealth(ctx, w.health); err != nil {
		w.log.Warn("health", "error", err)
	}
}
