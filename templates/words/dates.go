package words

import (
	"fmt"
	"time"

	"cchc/domain/calendar"
)

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

var weekdaysShort = [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}

// Date is "15/06/2026".
func Date(d calendar.Day) string {
	return fmt.Sprintf("%02d/%02d/%d", d.Day(), int(d.Month()), d.Year())
}

// DateShort is "15/06".
func DateShort(d calendar.Day) string {
	return fmt.Sprintf("%02d/%02d", d.Day(), int(d.Month()))
}

// Weekday is "thứ Hai" ... "Chủ nhật", as inside a sentence.
func Weekday(d calendar.Day) string { return weekdays[d.Weekday()] }

// WeekdayShort is "T2" ... "CN".
func WeekdayShort(d calendar.Day) string { return weekdaysShort[d.Weekday()] }

// DateLong is "thứ Hai 15/06/2026".
func DateLong(d calendar.Day) string { return Weekday(d) + " " + Date(d) }

// Clock is "16:59".
func Clock(t time.Time) string { return t.In(calendar.Zone).Format("15:04") }

// Moment is "15:20 ngày 16/12/2026".
func Moment(t time.Time) string {
	return Clock(t) + " ngày " + Date(calendar.DayOf(t))
}

// Second is an instant to the second: "08:30:12 ngày 18/12/2026".
func Second(t time.Time) string {
	return t.In(calendar.Zone).Format("15:04:05") + " ngày " + Date(calendar.DayOf(t))
}

// MomentNear drops what the reader knows: "15:20 hôm nay", "15:20 hôm qua",
// "15:20 ngày 16/12" within the year, else Moment.
func MomentNear(t, now time.Time) string {
	day, today := calendar.DayOf(t), calendar.DayOf(now)
	switch {
	case day == today:
		return Clock(t) + " hôm nay"
	case day == today-1:
		return Clock(t) + " hôm qua"
	case day.Year() == today.Year():
		return Clock(t) + " ngày " + DateShort(day)
	}
	return Moment(t)
}

// deadline splits the instant before which something must happen into its day
// and clock: midnight is 24:00 of the day that ends, which is how people say
// until when.
func deadline(t time.Time) (calendar.Day, string) {
	day := calendar.DayOf(t)
	if day.Start().Equal(t) {
		return day - 1, "24:00"
	}
	return day, Clock(t)
}

// Instant is a deadline in full: "24:00 Chủ nhật 14/06/2026".
func Instant(t time.Time) string {
	day, clock := deadline(t)
	return clock + " " + DateLong(day)
}

// InstantShort is a deadline in a list: "24:00 14/06/2026".
func InstantShort(t time.Time) string {
	day, clock := deadline(t)
	return clock + " " + Date(day)
}

// InstantNear is a deadline in a list, near: "17:00 hôm nay", "24:00 ngày mai",
// else InstantShort.
func InstantNear(t, now time.Time) string {
	day, clock := deadline(t)
	switch day - calendar.DayOf(now) {
	case 0:
		return clock + " hôm nay"
	case 1:
		return clock + " ngày mai"
	}
	return InstantShort(t)
}

// LastDay is the last day on which something due at t may still happen.
func LastDay(t time.Time) calendar.Day {
	day, _ := deadline(t)
	return day
}

// LastClock is the clock of a deadline on its last day: "17:00", "24:00".
func LastClock(t time.Time) string {
	_, clock := deadline(t)
	return clock
}

// Ago is how long ago something happened: "vừa xong", "5 phút trước", "3 giờ
// trước", then the moment itself.
func Ago(t, now time.Time) string {
	switch passed := now.Sub(t); {
	case passed < time.Minute:
		return "vừa xong"
	case passed < time.Hour:
		return fmt.Sprintf("%d phút trước", int(passed/time.Minute))
	case passed < 12*time.Hour:
		return fmt.Sprintf("%d giờ trước", int(passed/time.Hour))
	}
	return MomentNear(t, now)
}
