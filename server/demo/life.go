package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/signing/testpki"
	"cchc/storage"
)

const (
	// answerPatience is how long one wait for an answer lasts; the row stays and is
	// waited for again.
	answerPatience = time.Minute
	// tries is how often a document is looked at anew after a refusal: people may
	// have been faster, or a signature begun before a crash is still open.
	tries = 30
	pause = 5 * time.Second
	// margin is how close to the due a document that is to be on time may come
	// before it is extended: the machine was too slow, or off.
	margin = 5 * time.Second
	// extension is how much time a document gets that the machine was too slow for.
	extension = 15 * time.Minute
)

// carry takes a document to its fate and returns the stage where it rests.
func (y *Year) carry(ctx context.Context, j job) (document.Stage, error) {
	if err := j.quarter.start(); err != nil {
		return "", err
	}
	refused := 0
	for {
		view, err := y.Store.DocumentView(ctx, staff.Scope{All: true}, j.id)
		if err != nil {
			return "", err
		}
		l := life{Year: y, job: j, view: view}
		goes, err := l.step(ctx)
		var broken rule.Errors
		var conflicts storage.Conflicts
		switch {
		case errors.As(err, &broken) && refused < tries && (broken.Has(document.SigningInProgress) || broken.Has(storage.DecisionPending)):
			refused++
			if err := sleep(ctx, pause); err != nil {
				return "", err
			}
		case errors.As(err, &broken), errors.As(err, &conflicts):
			y.Log.WarnContext(ctx, "document left to people", "document", j.id, "error", err)
			return view.Stage, nil
		case err != nil:
			return "", fmt.Errorf("carry %s: %w", j.id, err)
		case !goes:
			return view.Stage, nil
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// life is a document as it was just read, with its fate.
type life struct {
	*Year
	job
	view storage.DocumentView
}

// step takes the next decision; false when there is none.
func (l life) step(ctx context.Context) (bool, error) {
	action, goes := l.next(standing{stage: l.view.Stage, revision: l.view.Revision, extended: l.view.ExtendedAt != nil})
	switch {
	case l.tooSlow():
		return true, l.extendBy(ctx, l.view.Now.Add(extension), "extend.paused")
	case !goes:
		return false, l.leave(ctx)
	case action == document.Extend:
		until := l.calendar.AddWorkingDays(calendar.DayOf(l.view.Now), l.extend).Add(1).Start()
		return true, l.extendBy(ctx, until, "extend")
	}
	return true, l.decide(ctx, action)
}

// tooSlow tells that the due of a document that is to be on time has come.
func (l life) tooSlow() bool {
	return l.signs() && !l.late && l.view.FirstSignedAt == nil && l.view.ClosedAt == nil &&
		!l.view.Now.Add(margin).Before(l.view.UnitDueAt)
}

// leave writes what stands beside a document that rests, and into a draft where
// nobody has written yet.
func (l life) leave(ctx context.Context) error {
	if l.quarter.ago > 0 {
		return nil
	}
	if l.rest == document.InDrafting && l.view.Stage == document.Drafting {
		if err := l.write(ctx, l.author.begun(l.unit, l.quarter.period, l.nearly), false); err != nil {
			return err
		}
	}
	if l.view.Overdue() && throw(l.id, "explained").oneIn(2) {
		return l.explain(ctx)
	}
	if throw(l.id, "commented").oneIn(3) && l.view.Revision > 0 || l.nearly {
		return l.comment(ctx)
	}
	return nil
}

// explain notes why the document is overdue, as whoever holds it.
func (l life) explain(ctx context.Context) error {
	actor, err := l.holder(ctx, l.view.DeskUnit, l.view.DeskRole, l.id)
	if err != nil {
		return err
	}
	return l.Store.AddOverdueCause(ctx, storage.NewCause{
		Key: keyOf(l.id + " cause"), Document: l.id, Text: l.say("cause"), Actor: actor, Position: actor.Positions[0],
	}, storage.Audit{Person: actor.Person})
}

func (l life) comment(ctx context.Context) error {
	actor, err := l.holder(ctx, l.unit.Code, staff.Specialist, l.id)
	if err != nil {
		return err
	}
	return l.Store.AddComment(ctx, keyOf(l.id+" comment"), l.id, actor.Person, l.say("comment"))
}

// decide takes an action as the person whose turn it is.
func (l life) decide(ctx context.Context, action document.Action) error {
	role, unit := l.view.DeskRole, l.view.DeskUnit
	if action == document.Exempt {
		role, unit = staff.Officer, l.Store.Authority()
	}
	actor, err := l.holder(ctx, unit, role, l.id)
	if err != nil {
		return err
	}
	d := storage.NewDecision{
		Key:      keyOf(fmt.Sprintf("%s %d %s %s", l.id, l.view.Revision, l.view.Stage, action)),
		Document: l.id, Action: action, Actor: actor, Revision: l.view.Revision, ContentHash: l.view.ContentHash,
	}
	switch action {
	case document.Submit:
		content := l.content()
		d.ContentHash = content.Hash()
		if err := l.write(ctx, content, true); err != nil {
			return err
		}
	case document.Sign:
		return l.road(ctx, d, func(ctx context.Context) (int64, error) { return l.sign(ctx, d) })
	case document.Return:
		d.Reason = l.say("return." + flaw(l.unit, l.quarter.period))
	case document.Exempt:
		d.Reason = l.say("exempt")
	}
	return l.road(ctx, d, func(ctx context.Context) (int64, error) { return l.Store.AddDecision(ctx, d) })
}

func (l life) say(key string) string {
	return l.author.speaker(l.unit, l.quarter.period, form.Content{}, form.Result{}).say(key)
}

// content is what the next revision says: too little, until the last return.
func (l life) content() form.Content {
	if l.view.Revision < len(l.returns) {
		return l.author.firstTry(l.unit, l.quarter.period)
	}
	return l.author.report(l.unit, l.quarter.period)
}

func (l life) extendBy(ctx context.Context, until time.Time, why string) error {
	officer, err := l.holder(ctx, l.Store.Authority(), staff.Officer, l.id)
	if err != nil {
		return err
	}
	d := storage.NewDecision{
		Key:      keyOf(fmt.Sprintf("%s %s %d", l.id, why, l.view.UnitDueAt.Unix())),
		Document: l.id, Action: document.Extend, Actor: officer, Revision: l.view.Revision,
		ContentHash: l.view.ContentHash, Reason: l.say(why), Until: until,
	}
	return l.road(ctx, d, func(ctx context.Context) (int64, error) { return l.Store.AddDecision(ctx, d) })
}

// sign signs with the director's own key, made now if there is none.
func (l life) sign(ctx context.Context, d storage.NewDecision) (int64, error) {
	if answer, err := l.Store.DecisionUnder(ctx, d.Key, d.Actor.Person); err == nil {
		return answer.ID, nil // signed before a crash, and not answered yet
	} else if !errors.Is(err, storage.ErrNotFound) {
		return 0, err
	}
	if err := l.Keys.Ensure(d.Actor.Username, d.Actor.Name, l.unit.Name, testpki.P256); err != nil {
		return 0, err
	}
	key, err := l.Notary.Keys.Open(d.Actor.Username, []byte(KeyPassword))
	if err != nil {
		return 0, err
	}
	defer key.Wipe()
	return l.Notary.Sign(ctx, l.view, d, 0, key)
}

// road is everybody's: take a place, store the row, tell the workflow, wait.
func (l life) road(ctx context.Context, d storage.NewDecision, add func(context.Context) (int64, error)) error {
	waiter := l.Answers.Register()
	defer waiter.Leave()
	id, err := add(ctx)
	if err != nil {
		return err
	}
	if err := l.Look(ctx, d.Document, l.view.Stage, d.Key.String()); err != nil {
		l.Log.WarnContext(ctx, "signal left to the relay", "document", d.Document, "error", err)
	}
	for {
		answer, err := waiter.Wait(ctx, id, d.Actor.Person, answerPatience)
		switch {
		case err != nil:
			return err
		case answer.Outcome == storage.Applied:
			return nil
		case answer.Outcome != "":
			return answer.Broken
		}
	}
}

// write saves what differs from the draft as it stands; what has been written
// already only if over.
func (l life) write(ctx context.Context, want form.Content, over bool) error {
	specialist, err := l.holder(ctx, l.unit.Code, staff.Specialist, l.id)
	if err != nil {
		return err
	}
	var now storage.Draft
	if l.view.Started {
		if now, err = l.Store.Draft(ctx, l.id); err != nil {
			return err
		}
	}
	for _, section := range l.author.form.Sections {
		text, standing := want.Sections[section.Code], now.Sections[section.Code]
		if text == standing.Body || standing.Version > 0 && !over {
			continue
		}
		if _, err := l.Store.SaveSection(ctx, l.id, section.Code, text, standing.Version, specialist); err != nil {
			return err
		}
	}
	var changes []storage.FigureChange
	for code, figure := range want.Figures {
		standing := now.Figures[code]
		if standing.Version > 0 && (!over || standing.Value != nil && *standing.Value == *figure.Value && standing.Reason == figure.Reason) {
			continue
		}
		changes = append(changes, storage.FigureChange{
			Indicator: code, Value: figure.Value, Reason: figure.Reason, Base: standing.Version,
		})
	}
	if len(changes) == 0 {
		return nil
	}
	_, err = l.Store.SaveFigures(ctx, l.id, changes, specialist)
	return err
}
