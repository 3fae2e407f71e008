package plan

import (
	"time"

	"cchc/domain/calendar"
)

// Status is how a task stands. It follows from its deadline and the facts; nobody
// types it. The kinds are those that indicators 1.12 to 1.16 of the report count.
type Status string

// The statuses, in the order of boards.
const (
	NotStarted Status = "not_started"  // chưa thực hiện, trong hạn
	InProgress Status = "in_progress"  // đang thực hiện, trong hạn
	Overdue    Status = "overdue"      // quá hạn, chưa hoàn thành
	DoneInTime Status = "done_in_time" // hoàn thành đúng hạn
	DoneLate   Status = "done_late"    // hoàn thành muộn
	Cancelled  Status = "cancelled"    // điều chỉnh: không thực hiện nữa
)

// Statuses lists every status in the order of boards.
var Statuses = []Status{NotStarted, InProgress, Overdue, DoneInTime, DoneLate, Cancelled}

// Facts is what is known of a task beside the plan itself.
type Facts struct {
	Started   bool          // progress has been written
	Done      *calendar.Day // the day of the result document; nil: not completed
	Cancelled bool          // taken out by an adjustment
	Extended  *calendar.Day // last day that was given after an outage; nil: that of the deadline
}

// StatusOf tells how a task stands at the instant. A cancelled task stays cancelled
// whatever else is known. A task is done in time by the day of its result; without
// a named day it is never late. Overdue begins at the last instant allowed, whether
// or not anybody has started.
func StatusOf(d Deadline, f Facts, now time.Time, r DeadlineRule, c calendar.Calendar) Status {
	last, end, named := d.Ends(f.Extended, r, c)
	switch {
	case f.Cancelled:
		return Cancelled
	case f.Done != nil && named && *f.Done > last:
		return DoneLate
	case f.Done != nil:
		return DoneInTime
	}
	if named && !now.Before(end) {
		return Overdue
	}
	if f.Started {
		return InProgress
	}
	return NotStarted
}

// Open tells whether the task still waits to be completed.
func (s Status) Open() bool { return s == NotStarted || s == InProgress || s == Overdue }

// Done tells whether the task has been completed, in time or late.
func (s Status) Done() bool { return s == DoneInTime || s == DoneLate }

// Tally counts tasks by status. Tallies of several plans add up.
type Tally map[Status]int

// Total is how many tasks there are, cancelled ones included.
func (t Tally) Total() int {
	total := 0
	for _, n := range t {
		total += n
	}
	return total
}

// Planned is how many tasks are still to be or have been carried out: all but the
// cancelled (indicator 1.1).
func (t Tally) Planned() int { return t.Total() - t[Cancelled] }

// Done is how many have been completed (indicator 1.2).
func (t Tally) Done() int { return t[DoneInTime] + t[DoneLate] }

// Percent is completed/(total - cancelled) in hundredths of a percent, half up:
// 6667 is 66,67 % (indicator 1.3). False, and shown as a dash, when nothing is
// planned.
func (t Tally) Percent() (hundredths int, ok bool) {
	planned := t.Planned()
	if planned == 0 {
		return 0, false
	}
	return (2*t.Done()*10_000 + planned) / (2 * planned), true
}
