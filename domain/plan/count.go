package plan

import "cchc/domain/calendar"

// Dated is what is known of a task, by days.
type Dated struct {
	Added     *calendar.Day // when an adjustment put it in; nil: it stood from the beginning
	Done      *calendar.Day // of the result document that stands; nil: none does
	Cancelled *calendar.Day // when an adjustment took it out; nil: it stands
}

// Count is what a report says of a plan: indicators 1.1 and 1.2.
type Count struct {
	Tasks int // to be carried out in the year
	Done  int // of them completed, from the year's first day on
}

// CountOn counts a plan at the end of a report's data window: a result document of a
// later date does not count yet (QD 1439 art. 3.6), a task taken out later still
// stands, and one put in later does not yet. What has been written since about earlier
// days counts.
func CountOn(tasks []Dated, last calendar.Day) Count {
	var c Count
	for _, task := range tasks {
		if task.Cancelled != nil && *task.Cancelled <= last || task.Added != nil && *task.Added > last {
			continue
		}
		c.Tasks++
		if task.Done != nil && *task.Done <= last {
			c.Done++
		}
	}
	return c
}
