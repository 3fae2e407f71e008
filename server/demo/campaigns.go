package demo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
)

// keys is the space of every key that is derived here.
var keys = uuid.MustParse("8d6f6f0e-5a0d-4d1c-9f0b-7a51c0f7e9d2")

func keyOf(what string) uuid.UUID { return uuid.NewSHA1(keys, []byte(what)) }

// leads are how far ahead the dues lie at the launch, by how many quarters ago:
// enough for those that are to be on time, and no more, for the late ones wait
// for it. Three quarters make a year with the present one; the fourth is what the
// present one is compared with, and comes last.
var leads = []time.Duration{
	60 * time.Second, 150 * time.Second, 150 * time.Second, 150 * time.Second, 190 * time.Second,
}

// quartersBefore is how many earlier quarters are made.
var quartersBefore = len(leads) - 1

// formCode and formVersion are the form of the quarterly report.
const (
	formCode    = "bc-cchc-quy"
	formVersion = 1
)

// quarter is one launched campaign of the year.
type quarter struct {
	period period.Period
	ago    int
	code   string
	due    time.Time
	// started: the engine knows all its documents. Otherwise start tells it of them,
	// once; an earlier run may have ended before doing so.
	started bool
	start   func() error
}

func launchKey(quartersAgo int) uuid.UUID { return keyOf("launch " + strconv.Itoa(quartersAgo)) }

// errOwnCampaigns: somebody works here already; their data is not mixed with ours.
var errOwnCampaigns = errors.New("this database has campaigns of its own")

// campaigns finds the quarters of the year, the oldest first, and launches those
// that are missing: all together at the first start.
func (y *Year) campaigns(ctx context.Context) ([]quarter, error) {
	now, err := y.Store.Now(ctx)
	if err != nil {
		return nil, err
	}
	found, err := y.found(ctx)
	if err != nil {
		return nil, err
	}
	at := y.newest(calendar.DayOf(now))
	for _, q := range found {
		for at = q.period; q.ago > 0; q.ago-- {
			at = following(at)
		}
	}
	if len(found) == 0 {
		others, err := y.Store.LaunchedCampaigns(ctx)
		if err != nil {
			return nil, err
		}
		if len(others) > 0 {
			return nil, errOwnCampaigns
		}
	}
	var all []quarter
	for ago := quartersBefore; ago >= 0; ago-- {
		q, ok := found[ago]
		if !ok {
			if q, err = y.launch(ctx, before(at, ago), ago); err != nil {
				return nil, err
			}
		}
		q.start = sync.OnceValue(func() error { return y.Launch(ctx, q.code) })
		if q.started {
			q.start = func() error { return nil }
		}
		all = append(all, q)
	}
	return all, nil
}

func before(at period.Period, quarters int) period.Period {
	for range quarters {
		at = at.Previous()
	}
	return at
}

// newest is the quarter whose data window has ended last.
func (y *Year) newest(today calendar.Day) period.Period {
	at := period.Period{Kind: period.Quarter, Year: today.Year(), Number: 4}
	for y.author.window(at).To >= today {
		at = at.Previous()
	}
	return at
}

// found are the quarters that have been launched, by how many quarters ago.
func (y *Year) found(ctx context.Context) (map[int]quarter, error) {
	all := map[int]quarter{}
	for ago := range quartersBefore + 1 {
		code, err := y.Store.LaunchedUnder(ctx, launchKey(ago))
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := y.Store.Campaign(ctx, staff.Scope{All: true}, code)
		if err != nil {
			return nil, err
		}
		q := quarter{ago: ago, code: code, due: c.DueAt, started: c.StartedAt != nil}
		if q.period, err = period.Parse(c.Period); err != nil {
			return nil, err
		}
		all[ago] = q
	}
	return all, nil
}

func (y *Year) launch(ctx context.Context, at period.Period, ago int) (quarter, error) {
	now, err := y.Store.Now(ctx)
	if err != nil {
		return quarter{}, err
	}
	officer, err := y.holder(ctx, y.Store.Authority(), staff.Officer, "launch")
	if err != nil {
		return quarter{}, err
	}
	due := ahead(now, leads[ago])
	facts := y.author.speaker(staff.Unit{}, at, form.Content{}, form.Result{})
	plan := campaign.Plan{
		Code: campaign.SuggestCode(document.Report, at, func(string) bool { return false }), Kind: document.Report,
		Name: facts.say("campaign"), Form: formCode, FormVersion: formVersion, Period: at.Code(),
		Window: y.author.window(at), Due: due, Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Guidance: facts.say("guidance"),
	}
	for _, unit := range y.units {
		plan.Units = append(plan.Units, unit.Code)
	}
	code, err := y.Store.LaunchCampaign(ctx, launchKey(ago), officer.Person, plan)
	if err != nil {
		return quarter{}, fmt.Errorf("launch %s: %w", at.Code(), err)
	}
	days, err := y.Store.Calendar(ctx)
	return quarter{period: at, ago: ago, code: code, due: due.LastInstant(days)}, err
}

// ahead is a due at the next whole minute after the lead.
func ahead(now time.Time, lead time.Duration) period.Due {
	at := now.Add(lead).Truncate(time.Minute).Add(time.Minute)
	day := calendar.DayOf(at.Add(-time.Minute))
	return period.Due{
		Day: day, Inclusive: true, Cutoff: int(at.Sub(day.Start()) / time.Minute), Shift: period.ShiftNone,
	}
}
