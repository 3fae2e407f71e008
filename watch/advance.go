package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"cchc/domain/outage"
	"cchc/paper"
	"cchc/templates/bulletin"
)

// advance takes one outage as far as it can go now. Every step looks at the record
// alone, so that a program which is killed between two goes on where it stood.
func (w *watcher) advance(ctx context.Context, id string) error {
	return errors.Join(
		w.runHooks(ctx, id),
		w.alarm(ctx, id),
		w.draft(id),
		w.askSystem(ctx, id),
		w.askOfficers(ctx, id),
		w.release(ctx, id),
		w.clear(ctx, id),
		w.publish(id),
		w.tellSystem(ctx, id),
		w.notify(ctx, id),
	)
}

// alarm tells operators and officers that the software has stopped, and that it is
// usable again.
func (w *watcher) alarm(ctx context.Context, id string) error {
	r := w.records[id]
	facts := w.known()
	alarm := bulletin.Alarm{Outage: id, System: w.cfg.System.String(), Due: r.Due, Made: w.now(), Noticed: r.Notice != nil && !r.Notice.Released.IsZero()}
	write := func(span outage.Span) func(outage.Delivery) (bulletin.Letter, error) {
		return func(d outage.Delivery) (bulletin.Letter, error) {
			alarm.Name, alarm.Span = w.nameOf(facts, d.Mail), span
			return bulletin.ToOperator(alarm)
		}
	}
	if r.Span.Open() { // who was not told before it ended need not be told then
		return w.mail(ctx, id, batch{of: told, write: write(r.Span)})
	}
	if err := w.giveUp(id, told); err != nil {
		return err
	}
	return w.mail(ctx, id, batch{of: back, write: write(r.Span)})
}

// giveUp settles what would come too late.
func (w *watcher) giveUp(id string, of box) error {
	r := w.records[id]
	if settled(*of(&r)) {
		return nil
	}
	return w.change(id, func(r *record) error {
		all := *of(r)
		for i := range all {
			if !all[i].Settled() {
				all[i].Refused, all[i].Next, all[i].Why = w.now(), time.Time{}, "given up: it would come too late"
			}
		}
		return nil
	})
}

// draft writes the notice at its mark. The mark follows the facts until then.
func (w *watcher) draft(id string) error {
	r := w.records[id]
	if !r.Span.Open() || r.Notice != nil || r.StoodBack {
		return nil
	}
	facts, now := w.known(), w.now()
	due := w.dueOf(r.Span)
	reached := facts.Rule.Reached(facts.Calendar(), r.Span, facts.Windows, now)
	if due.Equal(r.Due) && !reached {
		return nil
	}
	return w.change(id, func(r *record) error {
		r.Due = due
		if reached && r.Notice == nil {
			r.Notice = &outage.Notice{Drafted: now}
			r.Hooks["draft"] = hookRun{}
			wordDraft(r, facts)
			w.log.Warn("notice drafted", "id", id)
		}
		r.changed()
		return nil
	})
}

// wordDraft words the draft anew. What was approved before is no longer.
func wordDraft(r *record, facts outage.Facts) {
	n := r.Notice
	n.Title, n.Text = bulletin.Write(bulletin.Event{
		Kind: bulletin.Stopped, Span: r.Span, Made: n.Drafted, Until: n.Until, Days: facts.Rule.Days,
		Note: n.Note, Letterhead: facts.Letterhead, Help: facts.Help,
	})
	n.Hash = n.Sum()
	r.AskedAt = time.Time{}
}

// askOfficers asks those whose word is missing, and again where they do not answer.
func (w *watcher) askOfficers(ctx context.Context, id string) error {
	r := w.records[id]
	if !r.waits() {
		return w.giveUp(id, asked)
	}
	facts, now := w.known(), w.now()
	lacking := r.Notice.Lacks(needs(facts))
	if len(lacking) == 0 {
		return w.giveUp(id, asked)
	}
	if r.AskedAt.IsZero() || now.Sub(r.AskedAt) >= askAgain {
		err := w.change(id, func(r *record) error {
			r.Askings++
			r.AskedAt = now
			r.Asked = deliveries(w.mails.Domain(), id, "ask-"+number(r.Askings), deciders(facts, lacking))
			return nil
		})
		if err != nil {
			return err
		}
		r = w.records[id]
	}
	print, err := w.print(*r.Notice, facts)
	if err != nil {
		w.log.Error("print draft", "error", err) // the mail goes without it
	}
	return w.mail(ctx, id, batch{of: asked, files: print, write: func(d outage.Delivery) (bulletin.Letter, error) {
		return w.request(r, facts, lacking, d.Mail)
	}})
}

// deciders are the officers of the bodies whose word is missing.
func deciders(facts outage.Facts, lacking []outage.Party) []recipient {
	var all []recipient
	for _, o := range facts.Officers {
		if slices.Contains(lacking, o.Party) {
			all = append(all, recipient{Name: o.Name, Mail: o.Mail})
		}
	}
	return once(all)
}

func (w *watcher) request(r record, facts outage.Facts, lacking []outage.Party, to string) (bulletin.Letter, error) {
	officer := officerOf(facts, lacking, to)
	expires := r.AskedAt.Add(linkLasts)
	link := w.cfg.URL.JoinPath("approve")
	link.RawQuery = "token=" + sign(w.key, right{Outage: r.ID, Mail: to, Party: officer.Party, Expires: expires, Asking: r.Askings})
	return bulletin.ToOfficer(bulletin.Request{
		Name: officer.Name, Draft: bulletinOf(r.ID, bulletin.Stopped, *r.Notice, facts), Span: r.Span, Due: r.Due,
		Link: link.String(), Expires: expires, Command: "watch approve " + r.ID + " -by " + to, Again: r.Askings > 1,
	})
}

// officerOf is the officer with that address; of several, one of those bodies.
func officerOf(facts outage.Facts, parties []outage.Party, address string) outage.Officer {
	var found outage.Officer
	for _, o := range facts.Officers {
		if outage.Address(o.Mail) != outage.Address(address) {
			continue
		}
		if slices.Contains(parties, o.Party) {
			return o
		}
		found = o
	}
	return found
}

// release lets a notice go once every word that it needs is there. Where the system
// can be reached it is asked first: it may be bringing the notice out itself.
func (w *watcher) release(ctx context.Context, id string) error {
	r := w.records[id]
	facts := w.known()
	if !r.waits() || len(r.Notice.Lacks(needs(facts))) > 0 {
		return nil
	}
	led := w.leads(ctx, r)
	return w.change(id, func(r *record) error {
		if !r.waits() || len(r.Notice.Lacks(needs(facts))) > 0 {
			return nil // an officer has changed it meanwhile
		}
		r.changed()
		if led {
			r.StoodBack, r.TriedAt = true, w.now()
			return nil
		}
		w.log.Warn("notice released", "id", id)
		r.Notice.Released = w.now()
		r.Notice.Sent = deliveries(w.mails.Domain(), id, "notice", recipients(facts))
		return nil
	})
}

// clear releases the all-clear where a notice had gone out, unless the system has told
// units that it is over.
func (w *watcher) clear(ctx context.Context, id string) error {
	r := w.records[id]
	if r.Span.Open() || r.Quiet || r.StoodBack || r.AllClear != nil {
		return nil
	}
	known, err := w.system.tell(ctx, r.Report)
	return w.change(id, func(r *record) error {
		r.changed()
		r.TriedAt = time.Time{} // the system is to hear of it at once
		if err == nil && known.Cleared {
			r.StoodBack = true
			return nil
		}
		w.log.Warn("all-clear released", "id", id)
		r.AllClear = w.allClear(r)
		return nil
	})
}

// leads tells whether the system can be reached and brings the notice out itself.
func (w *watcher) leads(ctx context.Context, r record) bool {
	known, err := w.system.tell(ctx, r.Report)
	return err == nil && known.Leads
}

// askSystem asks a system for which the watcher stood back whether it still leads. One
// that has gone silent meanwhile does not.
func (w *watcher) askSystem(ctx context.Context, id string) error {
	r := w.records[id]
	now := w.now()
	if !r.StoodBack || !r.Span.Open() || now.Sub(r.TriedAt) < leadRetry {
		return nil
	}
	led := w.leads(ctx, r)
	return w.change(id, func(r *record) error {
		r.TriedAt = now
		if r.StoodBack = led; !led {
			r.AskedAt = time.Time{}
			r.changed()
		}
		return nil
	})
}

// recipients are the contacts of the facts.
func recipients(facts outage.Facts) []recipient {
	var all []recipient
	for _, c := range outage.Recipients(facts.Contacts) {
		all = append(all, recipient{Name: c.Name, Mail: c.Mail, Unit: c.Unit})
	}
	return all
}

// notify mails the notice, and the all-clear to those whose notice is no longer on its
// way.
func (w *watcher) notify(ctx context.Context, id string) error {
	for _, one := range []struct {
		kind bulletin.Kind
		of   box
		get  func(*record) *outage.Notice
	}{
		{bulletin.Stopped, notices, func(r *record) *outage.Notice { return r.Notice }},
		{bulletin.AllClear, allClears, func(r *record) *outage.Notice { return r.AllClear }},
	} {
		r := w.records[id]
		n := one.get(&r)
		if n == nil || n.Released.IsZero() || !n.Done.IsZero() {
			continue
		}
		if err := w.notifyOf(ctx, id, one.kind, one.of, *n); err != nil {
			return err
		}
		if r = w.records[id]; !settled(*one.of(&r)) {
			continue
		}
		err := w.change(id, func(r *record) error {
			one.get(r).Done = w.now()
			r.changed()
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) notifyOf(ctx context.Context, id string, kind bulletin.Kind, of box, n outage.Notice) error {
	facts := w.known()
	b := bulletinOf(id, kind, n, facts)
	files, err := w.print(n, facts)
	if err != nil {
		w.log.Error("print notice", "error", err) // its words are in the mail
	}
	b.PDF = attached(files)
	page := w.cfg.URL.JoinPath("/").String() + "#" + b.ID
	return w.mail(ctx, id, batch{of: of, files: files,
		ready: func(r record, d outage.Delivery) bool {
			return kind == bulletin.Stopped || settledFor(r.Notice.Sent, d.Mail)
		},
		write: func(d outage.Delivery) (bulletin.Letter, error) {
			return bulletin.ToUnit(w.nameOf(facts, d.Mail), b, page)
		},
	})
}

func attached(files []file) string {
	if len(files) == 0 {
		return ""
	}
	return files[0].name
}

func settledFor(all []outage.Delivery, address string) bool {
	for _, d := range all {
		if d.Mail == address {
			return d.Settled()
		}
	}
	return true
}

// print is the notice on paper; none without a letterhead.
func (w *watcher) print(n outage.Notice, facts outage.Facts) ([]file, error) {
	if facts.Letterhead.Agency == "" {
		return nil, nil
	}
	report := paper.Announcement(facts.Letterhead, n, bulletin.Copies(facts.Letterhead))
	printed, err := paper.Render(report)
	if err != nil {
		return nil, err
	}
	return []file{{name: paper.Filename(report), content: printed.PDF}}, nil
}

// nameOf is who has that address, by the facts or the configuration.
func (w *watcher) nameOf(facts outage.Facts, address string) string {
	for _, c := range facts.Contacts {
		if outage.Address(c.Mail) == address {
			return c.Name
		}
	}
	for _, o := range facts.Officers {
		if outage.Address(o.Mail) == address {
			return o.Name
		}
	}
	for _, o := range w.cfg.Operators {
		if outage.Address(o.Address) == address && o.Name != "" {
			return o.Name
		}
	}
	return address
}

// bulletinOf is a notice as everybody may read it.
func bulletinOf(id string, kind bulletin.Kind, n outage.Notice, facts outage.Facts) bulletin.Bulletin {
	return bulletin.Bulletin{
		ID: "tb-" + id + "-" + string(kind), Kind: kind, Number: n.Number, Title: n.Title, Text: n.Text,
		Agency: facts.Letterhead.Agency, Published: n.Released, Site: facts.Site,
	}
}

// tellSystem reports what the system has not taken yet.
func (w *watcher) tellSystem(ctx context.Context, id string) error {
	r := w.records[id]
	now := w.now()
	_, last := w.looks.seen()
	if r.Taken >= r.Version || now.Sub(r.TriedAt) < reportRetry || !last.Up {
		return nil
	}
	known, err := w.system.tell(ctx, r.Report)
	if err != nil && !errors.Is(err, errNoToken) {
		w.log.Warn("report", "error", err)
	}
	version := r.Version
	return w.change(id, func(r *record) error {
		r.TriedAt = now
		if err != nil && !errors.Is(err, errNoToken) {
			return nil
		}
		r.Taken = max(r.Taken, version) // without a token nobody is to be told
		if known.Leads && r.Span.Open() && (r.Notice == nil || r.waits()) {
			r.StoodBack = true
		}
		return nil
	})
}
