package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/server/notary"
	"cchc/storage"
)

// atOnce is how many documents are on their way at the same time: few, for
// people use the system meanwhile.
const atOnce = 6

// Year makes the demonstration's year.
type Year struct {
	Store   *storage.Store
	Answers *storage.Answers
	Notary  notary.Notary
	Keys    Keyring
	Look    func(ctx context.Context, id string, stage document.Stage, key string) error
	Launch  func(ctx context.Context, campaign string) error
	Log     *slog.Logger
	Say     func(format string, args ...any) // tells a person, a line a call
	Only    []string                         // codes of the units that take part; none: all

	author   author
	units    []staff.Unit
	calendar calendar.Calendar
	desks    sync.Map // holders by staff.Position
}

// Run makes what is missing of the year and returns when it is complete; once it
// is, Run does nothing. An error means that the next Run goes on from there.
func (y *Year) Run(ctx context.Context) error {
	complete, err := y.Store.DemoYearComplete(ctx)
	if err != nil || complete {
		return err
	}
	began := time.Now()
	if err := y.prepare(ctx); err != nil {
		return err
	}
	quarters, err := y.campaigns(ctx)
	if errors.Is(err, errOwnCampaigns) {
		y.Say("demo: %v: no year of examples is added", err)
		return nil
	}
	if err != nil {
		return err
	}
	q := y.queue(quarters)
	if err := y.work(ctx, q); err != nil {
		return err
	}
	if err := y.readNotices(ctx); err != nil {
		return err
	}
	if err := y.Store.CompleteDemoYear(ctx); err != nil {
		return err
	}
	y.Say("demo: the year is complete, after %d s", int(time.Since(began).Seconds()))
	return nil
}

// prepare reads what reports are made of, and gives every desk somebody.
func (y *Year) prepare(ctx context.Context) error {
	var err error
	if y.author.phrases, err = readPhrases(); err != nil {
		return err
	}
	if y.author.form, err = y.Store.FormVersion(ctx, formCode, formVersion); err != nil {
		return err
	}
	if y.author.rules, err = y.Store.PeriodRules(ctx); err != nil {
		return err
	}
	if y.calendar, err = y.Store.Calendar(ctx); err != nil {
		return err
	}
	if y.units, err = y.Store.Units(ctx); err != nil {
		return err
	}
	if len(y.Only) > 0 {
		y.units = slices.DeleteFunc(y.units, func(u staff.Unit) bool { return !slices.Contains(y.Only, u.Code) })
	}
	held, err := y.Store.Staffing(ctx)
	if err != nil {
		return err
	}
	people, err := missingPeople(y.units, held)
	if err != nil {
		return err
	}
	return y.Store.AddDemoPeople(ctx, people)
}

// holder is one of those who hold a desk: always the same one for the same thing.
func (y *Year) holder(ctx context.Context, unit string, role staff.Role, what string) (staff.Actor, error) {
	desk := staff.Position{Unit: unit, Role: role}
	found, ok := y.desks.Load(desk)
	if !ok {
		holders, err := y.Store.PeopleAt(ctx, unit, role)
		if err != nil {
			return staff.Actor{}, err
		}
		if len(holders) == 0 {
			return staff.Actor{}, fmt.Errorf("nobody is %s at %s", role, unit)
		}
		found = holders
		y.desks.Store(desk, found)
	}
	holders := found.([]storage.Holder)
	one := holders[throw(what).between(0, int64(len(holders)-1))]
	return staff.Actor{Person: one.Person, Username: one.Username, Name: one.Name, Positions: []staff.Position{desk}}, nil
}

// unread is how many notices the authority's people have not opened yet: they
// have read those of a whole year.
const unread = 12

func (y *Year) readNotices(ctx context.Context) error {
	for _, role := range []staff.Role{staff.Officer, staff.AuthorityHead} {
		holders, err := y.Store.PeopleAt(ctx, y.Store.Authority(), role)
		if err != nil {
			return err
		}
		for _, one := range holders {
			newest, err := y.Store.Notices(ctx, one.Person, 0, unread+1)
			if err != nil {
				return err
			}
			if len(newest) <= unread {
				continue
			}
			if err := y.Store.MarkNoticesRead(ctx, one.Person, newest[unread].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// work carries the documents of the queue, several at once.
func (y *Year) work(ctx context.Context, q *queue) error {
	group, ctx := errgroup.WithContext(ctx)
	for range atOnce {
		group.Go(func() error {
			for {
				one, ok := q.take(ctx)
				if !ok {
					return ctx.Err()
				}
				stage, err := y.carry(ctx, one)
				if err != nil {
					return err
				}
				q.done(one, stage)
			}
		})
	}
	return group.Wait()
}
