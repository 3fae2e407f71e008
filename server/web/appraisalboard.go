package web

import (
	"net/http"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// addAppraisals adds to a board of self-assessments what goes on with those that were
// handed in.
func (s *Server) addAppraisals(r *http.Request, scope staff.Scope, v *boardView) error {
	if v.campaign.Kind != document.Index {
		return nil
	}
	var handedIn []string
	for _, row := range v.Rows {
		if row.Stage == document.HandedIn {
			handedIn = append(handedIn, row.Document)
		}
	}
	var err error
	if v.appraised, err = s.store.AppraisalHolds(r.Context(), handedIn); err != nil {
		return err
	}
	v.rounds, err = s.store.AppraisalDesks(r.Context(), scope, v.campaign.Code, v.Now)
	return err
}

// appraisalRow makes a board's row say who has what was handed in: its own chain is over,
// and its appraisal is what is waited for.
func (v boardView) appraisalRow(row *templates.BoardRow, hold storage.AppraisalHold) {
	chip := templates.AppraisalChip(hold.Stage)
	if row.Appraisal = &chip; hold.EndedAt != nil {
		chip = templates.AppraisedChip()
		row.Since = words.Date(calendar.DayOf(*hold.EndedAt))
		return
	}
	row.Since, row.Role = words.Date(calendar.DayOf(hold.Since)), words.AppraisalStage(hold.Stage)
	if row.Holder = row.Unit; hold.Stage != appraisal.Explaining {
		row.Holder = templates.AppraiserNames(hold.Waits)
	}
	if hold.DueAt == nil {
		return
	}
	if row.Due = words.InstantShort(*hold.DueAt); !v.Now.Before(*hold.DueAt) {
		row.Flags = append(row.Flags, templates.OverdueFlag(words.Overdue(*hold.DueAt, v.Now, v.days)))
	}
}

// appraisalLoads are the rounds of a campaign's appraisal beside its desks.
func appraisalLoads(desks map[appraisal.Stage]storage.DeskLoad, now time.Time, days calendar.Calendar, board string) []templates.DeskLoad {
	var loads []templates.DeskLoad
	for _, stage := range appraisal.Stages {
		if load := desks[stage]; load.Open > 0 {
			loads = append(loads, deskLoad(words.AppraisalStage(stage), load, now, days, board+"/appraisal"))
		}
	}
	return loads
}
