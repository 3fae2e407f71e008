package storage

import (
	"fmt"
	"slices"

	"cchc/domain/appraisal"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// agenda is what the present round waits for.
func (a *lockedAppraisal) agenda() appraisal.Agenda {
	agenda := appraisal.Agenda{Stage: a.Stage, Ladder: a.schedule.Ladder, Calendar: a.days}
	if a.DueAt != nil {
		agenda.DueAt = *a.DueAt
	}
	return agenda
}

// recipients turns a ladder's word for people into roles at units: in the rounds of
// marks those whose fields wait, in between the unit.
func (a *lockedAppraisal) recipients(to string) []staff.Position {
	switch to {
	case period.ToAuthorityOfficer:
		return []staff.Position{{Unit: a.store.authority, Role: staff.Officer}}
	case period.ToAuthorityHead:
		return []staff.Position{{Unit: a.store.authority, Role: staff.AuthorityHead}}
	}
	if a.Stage == appraisal.Explaining {
		return []staff.Position{{Unit: a.doc.Unit, Role: unitRoles[to]}}
	}
	var waited []staff.Position
	for _, unit := range a.waitedFor() {
		role := unitRoles[to]
		if unit == a.store.authority {
			role = staff.AuthorityHead
			if to == period.ToHolder {
				role = staff.Officer
			}
		}
		waited = append(waited, staff.Position{Unit: unit, Role: role})
	}
	return waited
}

var unitRoles = map[string]staff.Role{
	period.ToHolder: staff.Specialist, period.ToDivisionHead: staff.DivisionHead, period.ToDirector: staff.Director,
}

// waitedFor are the units whose fields are not finished, each once.
func (a *lockedAppraisal) waitedFor() []string {
	var units []string
	for _, f := range a.fields {
		if f.FinishedAt == nil && !slices.Contains(units, f.Appraiser) {
			units = append(units, f.Appraiser)
		}
	}
	return units
}

// announce tells those whom a stage that has begun asks for something, and the unit how
// it ended.
func (a *lockedAppraisal) announce(from appraisal.Stage) {
	switch a.Stage {
	case appraisal.Explaining:
		a.tellUnit(NoticeExplain, staff.Specialist, staff.DivisionHead, staff.Director)
	case appraisal.Second:
		for _, unit := range a.waitedFor() {
			role := staff.Specialist
			if unit == a.store.authority {
				role = staff.Officer
			}
			a.notice(NoticeSecondRound, unit, role)
		}
	case appraisal.Done:
		a.tellUnit(NoticeAppraised, staff.Specialist, staff.Director)
	}
}

func (a *lockedAppraisal) tellUnit(kind string, roles ...staff.Role) {
	for _, role := range roles {
		a.notice(kind, a.doc.Unit, role)
	}
}

// notice is one of the present stage about this appraisal.
func (a *lockedAppraisal) notice(kind, unit string, role staff.Role) {
	args := map[string]any{"appraisal": a.doc.ID}
	if a.DueAt != nil {
		args["due"] = a.DueAt.Unix()
	}
	a.notices = append(a.notices, Notice{
		Key:  fmt.Sprintf("%s:%s:%s:%d:%s", a.doc.ID, kind, unit, a.RoundAt.Unix(), role),
		Kind: kind, Document: a.doc.ID, Role: role, Unit: unit, Args: args,
	})
}
