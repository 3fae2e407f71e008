package campaign

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// Staffing is who can be told at each desk: ids of persons by unit and role.
type Staffing map[staff.Position][]int64

// Sends is what one rung of the ladder would send.
type Sends struct {
	Rung  period.Rung
	First time.Time // its first coming
	Times int       // how often it comes; more than once for a daily nudge
	Each  int       // notices at each coming, if no unit has handed in by then
}

// Simulation is what launching the plan would send, counted in notices: one for
// each person and document.
type Simulation struct {
	Units     int              // in the roster
	Reached   int              // units where the launch reaches somebody
	Launch    int              // notices at the launch
	UntilDue  int              // launch, reminders and the due instant together, at most
	AfterDue  int              // nudges and escalations, at most: if nobody ever hands in
	Rungs     []Sends          // in order of their first coming
	Unstaffed []staff.Position // desks of the chain at the roster's units that nobody holds
}

// chainDesks are the desks at a unit through which its document must go
// (QĐ 1439 Đ8.1b).
var chainDesks = []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director}

// Simulate tells whom the ladder would reach when the plan is launched now.
func (p Plan) Simulate(held Staffing, authority string, c calendar.Calendar, now time.Time) Simulation {
	s := Simulation{Units: len(p.Units)}
	for _, unit := range p.Units {
		told := distinct(held, unit, staff.Specialist, staff.FocalOfficer)
		s.Launch += told
		if told > 0 {
			s.Reached++
		}
		for _, role := range chainDesks {
			if desk := (staff.Position{Unit: unit, Role: role}); len(held[desk]) == 0 {
				s.Unstaffed = append(s.Unstaffed, desk)
			}
		}
	}
	s.UntilDue = s.Launch
	last := p.Due.LastInstant(c)
	at := map[int]int{} // rung -> place in s.Rungs
	for _, coming := range p.Ladder.All(now, last, c) {
		place, known := at[coming.Index]
		if !known {
			place = len(s.Rungs)
			at[coming.Index] = place
			s.Rungs = append(s.Rungs, Sends{Rung: coming.Rung, First: coming.Time, Each: p.sends(coming.Rung, held, authority)})
		}
		s.Rungs[place].Times++
		if coming.Time.After(last) {
			s.AfterDue += s.Rungs[place].Each
		} else {
			s.UntilDue += s.Rungs[place].Each
		}
	}
	return s
}

// Unmanned counts the units with a desk that nobody holds.
func (s Simulation) Unmanned() int {
	units := map[string]bool{}
	for _, desk := range s.Unstaffed {
		units[desk.Unit] = true
	}
	return len(units)
}

// sends counts the notices of one coming of a rung over the whole roster. The
// document lies with the specialist: nobody has handed in.
func (p Plan) sends(rung period.Rung, held Staffing, authority string) int {
	notices := 0
	for _, unit := range p.Units {
		for _, to := range rung.To {
			notices += len(held[recipientDesk(to, unit, authority)])
		}
	}
	return notices
}

func recipientDesk(to, unit, authority string) staff.Position {
	switch to {
	case period.ToDivisionHead:
		return staff.Position{Unit: unit, Role: staff.DivisionHead}
	case period.ToDirector:
		return staff.Position{Unit: unit, Role: staff.Director}
	case period.ToAuthorityOfficer:
		return staff.Position{Unit: authority, Role: staff.Officer}
	case period.ToAuthorityHead:
		return staff.Position{Unit: authority, Role: staff.AuthorityHead}
	}
	return staff.Position{Unit: unit, Role: staff.Specialist}
}

func distinct(held Staffing, unit string, roles ...staff.Role) int {
	seen := map[int64]bool{}
	for _, role := range roles {
		for _, person := range held[staff.Position{Unit: unit, Role: role}] {
			seen[person] = true
		}
	}
	return len(seen)
}
