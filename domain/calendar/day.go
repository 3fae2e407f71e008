package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Zone is Vietnam's civil time: UTC+7 all year, no daylight saving. It is a
// fixed zone so that no rule depends on a time zone database.
var Zone = time.FixedZone("+07", 7*3600)

const (
	isoLayout     = "2006-01-02"
	secondsPerDay = 24 * 60 * 60
)

// Day is a civil date in Vietnam, counted in days since 1970-01-01. Days compare
// and subtract as numbers. In JSON, text and SQL it is "2006-01-02"; a date that
// may be absent is a *Day.
type Day int32

// Date is the day with these civil fields; out-of-range months and days are
// normalised as time.Date does (month 0 is December of the year before).
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// DayOf is the civil day in Vietnam on which the instant falls.
func DayOf(t time.Time) Day {
	return Date(t.In(Zone).Date())
}

// ParseDay reads "2006-01-02" and nothing else.
func ParseDay(iso string) (Day, error) {
	t, err := time.Parse(isoLayout, iso)
	if err != nil {
		return 0, fmt.Errorf("parse day %q: want yyyy-mm-dd", iso)
	}
	return Date(t.Date()), nil
}

func (d Day) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// Year is the civil year.
func (d Day) Year() int { return d.utc().Year() }

// Month is the civil month.
func (d Day) Month() time.Month { return d.utc().Month() }

// Day is the day of the month, 1 to 31.
func (d Day) Day() int { return d.utc().Day() }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// Add is the day n calendar days later; n may be negative.
func (d Day) Add(n int) Day { return d + Day(n) }

// Start is 00:00 of the day in Zone.
func (d Day) Start() time.Time {
	t := d.utc()
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Zone)
}

// At is the instant that many minutes after midnight in Zone; 1440 is 24:00, the
// start of the next day.
func (d Day) At(minutes int) time.Time {
	return d.Start().Add(time.Duration(minutes) * time.Minute)
}

// String is the ISO form, "2006-01-02".
func (d Day) String() string { return d.utc().Format(isoLayout) }

// MarshalText gives the ISO form, also to JSON.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form.
func (d *Day) UnmarshalText(text []byte) error {
	day, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = day
	return nil
}

// Value writes the day as text, so that no session time zone can move it.
func (d Day) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a date column. A time.Time is taken by its own civil fields: the
// driver hands a date over as midnight UTC, and the date is what was stored. NULL
// is an error; scan a nullable column into a *Day.
func (d *Day) Scan(source any) error {
	switch value := source.(type) {
	case time.Time:
		*d = Date(value.Date())
		return nil
	case string:
		return d.UnmarshalText([]byte(value))
	case []byte:
		return d.UnmarshalText(value)
	default:
		return fmt.Errorf("scan day: cannot read %T", source)
	}
}
