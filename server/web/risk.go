package web

import (
	"context"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/storage"
	"cchc/templates/words"
)

// hurried is an open document as its risk is reckoned.
type hurried struct {
	stage     document.Stage
	deskSince time.Time
	due       time.Time
	signed    bool // once already: how the unit stands to its due is settled
}

// asks tells whether a risk can be: at one of the unit's desks, not signed, not overdue.
func (h hurried) asks(now time.Time) bool {
	return !h.signed && h.stage.AtUnitDesk() && now.Before(h.due)
}

// risk reckons by what the unit signed before.
func (h hurried) risk(before []storage.Signed, now time.Time, days calendar.Calendar) (document.Risk, bool) {
	past := make([]document.Pace, len(before))
	for i, one := range before {
		past[i] = document.PaceOf(one.Arrivals, one.At, days)
	}
	left := days.WorkingDaysBetween(calendar.DayOf(now), words.LastDay(h.due))
	return document.RiskOf(h.stage, days.WorkingDaysHeld(h.deskSince, now), left, past)
}

// risks tells which of the documents will probably be late, and why.
func (s *Server) risks(ctx context.Context, open map[string]hurried, now time.Time, days calendar.Calendar) (map[string]document.Risk, error) {
	var ids []string
	for id, one := range open {
		if one.asks(now) {
			ids = append(ids, id)
		}
	}
	before, err := s.store.SignedBefore(ctx, ids)
	if err != nil {
		return nil, err
	}
	risks := map[string]document.Risk{}
	for id, signed := range before {
		if risk, late := open[id].risk(signed, now, days); late {
			risks[id] = risk
		}
	}
	return risks, nil
}
