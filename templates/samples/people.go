package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/staff"
)

var (
	officerActor    = staff.Actor{Person: 1, Positions: []staff.Position{{Unit: "SNV", Role: staff.Officer}}}
	specialistActor = staff.Actor{Person: 2, Positions: []staff.Position{{Unit: "STC", Role: staff.Specialist}}}
	directorActor   = staff.Actor{Person: 3, Positions: []staff.Position{{Unit: "STC", Role: staff.Director}}}
)

// at is an instant of the invented December.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.December, day, hour, minute, 0, 0, calendar.Zone)
}
