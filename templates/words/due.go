package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
)

// Due says how long is left until the last allowed instant, and until when:
//
//	Còn 3 ngày làm việc, chậm nhất 24:00 Chủ nhật 14/06/2026.
//	Hạn 17:00 hôm nay, còn 6 giờ.
//	Quá 1 ngày làm việc, hạn 24:00 thứ Năm 17/12/2026.
//	Vừa quá hạn, hạn 24:00 thứ Năm 17/12/2026.
//
// On time is strictly before last.
func Due(last, now time.Time, c calendar.Calendar) string {
	if now.Before(last) && LastDay(last) == calendar.DayOf(now) {
		return fmt.Sprintf("Hạn %s, %s.", InstantNear(last, now), lower(Left(last, now, c)))
	}
	if now.Before(last) {
		return fmt.Sprintf("%s, chậm nhất %s.", Left(last, now, c), Instant(last))
	}
	return fmt.Sprintf("%s, hạn %s.", Left(last, now, c), Instant(last))
}

// DueCounted is Due with the days after it that an outage took: "Quá 1 ngày làm việc, hạn
// 24:00 thứ Năm 17/12/2026. Không tính 1 ngày phần mềm ngừng hoạt động (18/12)."
func DueCounted(last, now time.Time, c calendar.Calendar) string {
	still := c.DaysStill(LastDay(last), calendar.DayOf(now))
	if now.Before(last) || len(still) == 0 {
		return Due(last, now, c)
	}
	return Due(last, now, c) + " " + StoodStill(still) + "."
}

// DueBefore is DueCounted with the day before which the law wants it: "Còn 3 ngày làm
// việc, nộp trước thứ Hai 15/06/2026, chậm nhất 24:00 Chủ nhật 14/06/2026."
func DueBefore(day calendar.Day, last, now time.Time, c calendar.Calendar) string {
	if !now.Before(last) || LastDay(last) == calendar.DayOf(now) {
		return DueCounted(last, now, c)
	}
	return fmt.Sprintf("%s, nộp trước %s, chậm nhất %s.", Left(last, now, c), DateLong(day), Instant(last))
}

// Left is the relative part alone: "Còn 2 ngày làm việc", "Còn 6 giờ", "Quá 1
// ngày làm việc", in the first minute after it "Vừa quá hạn".
func Left(last, now time.Time, c calendar.Calendar) string {
	if justPassed(last, now, c) {
		return justOverdue
	}
	if !now.Before(last) {
		return "Quá " + passed(last, now, c)
	}
	if LastDay(last) == calendar.DayOf(now) {
		return "Còn " + hours(last.Sub(now))
	}
	days := c.WorkingDaysBetween(calendar.DayOf(now), LastDay(last))
	switch {
	case days == 0 && !wholeDay(last) && last.Sub(now) <= 72*time.Hour:
		return "Còn " + hours(last.Sub(now)) // an hour of a day off, as an ad hoc report may be due
	case days == 0:
		return "Không còn ngày làm việc nào trước hạn"
	}
	return fmt.Sprintf("Còn %d ngày làm việc", days)
}

// wholeDay tells whether a due is the end of its day.
func wholeDay(last time.Time) bool { return calendar.DayOf(last).Start().Equal(last) }

// Overdue is the flag of a passed due: "Quá hạn 1 ngày làm việc".
func Overdue(last, now time.Time, c calendar.Calendar) string {
	if justPassed(last, now, c) {
		return justOverdue
	}
	return "Quá hạn " + passed(last, now, c)
}

const justOverdue = "Vừa quá hạn"

// justPassed is the first minute after a due within its day: there is nothing to
// count yet.
func justPassed(last, now time.Time, c calendar.Calendar) bool {
	return !now.Before(last) && c.TimeLate(last, now) < time.Minute &&
		c.WorkingDaysLate(LastDay(last), calendar.DayOf(now)) == 0
}

// passed counts whole working days after the last day, less those that an outage
// took; within the first of them it counts hours, so that nobody reads "0 ngày".
func passed(last, now time.Time, c calendar.Calendar) string {
	if days := c.WorkingDaysLate(LastDay(last), calendar.DayOf(now)); days > 0 {
		return fmt.Sprintf("%d ngày làm việc", days)
	}
	return hours(c.TimeLate(last, now))
}

// StoodStill says which days count neither as days of delay nor as days held: those that
// an outage took. Many are counted, with the first and the last.
func StoodStill(days []calendar.Day) string {
	const named = 4
	if len(days) > named {
		return fmt.Sprintf("Không tính %d ngày phần mềm ngừng hoạt động (%s đến %s)", len(days), DateShort(days[0]), Date(days[len(days)-1]))
	}
	dates := make([]string, len(days))
	for i, day := range days {
		dates[i] = DateShort(day)
	}
	return fmt.Sprintf("Không tính %d ngày phần mềm ngừng hoạt động (%s)", len(days), strings.Join(dates, ", "))
}

// hours is a short span: "6 giờ", "25 phút", below a minute "chưa đến 1 phút".
func hours(span time.Duration) string {
	switch {
	case span < time.Minute:
		return "chưa đến 1 phút"
	case span < time.Hour:
		return fmt.Sprintf("%d phút", int(span/time.Minute))
	}
	return fmt.Sprintf("%d giờ", int(span/time.Hour))
}

// Held is how long a desk has had a document: "giữ 3 ngày làm việc"; on the day
// of arrival "nhận hôm nay".
func Held(from, now time.Time, c calendar.Calendar) string {
	if days := c.WorkingDaysHeld(from, now); days > 0 {
		return fmt.Sprintf("giữ %d ngày làm việc", days)
	}
	if calendar.DayOf(from) == calendar.DayOf(now) {
		return "nhận hôm nay"
	}
	return "nhận " + MomentNear(from, now)
}

// Holder says who has a document since when: "Trần Quốc Bảo đang giữ từ 14:05
// ngày 16/12".
func Holder(who string, since, now time.Time) string {
	return fmt.Sprintf("%s đang giữ từ %s", who, MomentNear(since, now))
}

// OnTime tells how the first signed submission stood to its due: "Nộp lần đầu
// đúng hạn, 15:20 ngày 16/12/2026." or "Nộp lần đầu quá hạn 1 ngày làm việc, ...".
func OnTime(received, last time.Time, c calendar.Calendar) string {
	if received.Before(last) {
		return fmt.Sprintf("Nộp lần đầu đúng hạn, %s.", Moment(received))
	}
	return fmt.Sprintf("Nộp lần đầu quá hạn %s, %s.", passed(last, received, c), Moment(received))
}

// Pending says that a decision is recorded and waits: "Đã ghi nhận lúc 16:59,
// đang xử lý".
func Pending(received time.Time) string {
	return fmt.Sprintf("Đã ghi nhận lúc %s, đang xử lý", Clock(received))
}
