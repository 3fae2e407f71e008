package plan

import "cchc/domain/calendar"

// Carry is a task of an earlier plan as the plan of a later year takes it over, to be
// looked at: the same key and words, its deadline at the same time of that year. It
// has no first day, for it has been begun or should have been. What belongs to
// the earlier year, codes that the table does not have and the city's task of then,
// is left out.
func (t Table) Carry(task Task, year int) Task {
	task.Start, task.City, task.CityName = nil, "", ""
	task.Deadline = task.Deadline.inYear(year)
	if _, known := t.Field(task.Field); !known {
		task.Field = ""
	}
	if _, known := t.Product(task.ProductKind); !known {
		task.ProductKind = ""
	}
	return task
}

// inYear is the same deadline of another year; 29 February is the 28th where there is
// none.
func (d Deadline) inYear(year int) Deadline {
	switch d.Kind {
	case ByDate:
		month, day := d.Day.Month(), d.Day.Day()
		moved := calendar.Date(year, month, day)
		if moved.Month() != month {
			moved = calendar.Date(year, month, day-1)
		}
		return OnDay(moved)
	case ByMonth, ByQuarter:
		d.Year = year
	}
	return d
}
