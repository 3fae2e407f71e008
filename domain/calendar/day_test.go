package calendar_test

import (
	"database/sql"
	"encoding/json"
	"testing"
	"time"

	"cchc/domain/calendar"
)

func TestDayOfIsVietnamsCivilDay(t *testing.T) {
	for _, row := range []struct{ instant, want string }{
		{"2026-11-22T16:59:59Z", "2026-11-22"},
		{"2026-11-22T17:00:00Z", "2026-11-23"},
		{"2026-11-22T23:59:59+07:00", "2026-11-22"},
		{"2026-11-23T00:00:00+07:00", "2026-11-23"},
		{"2026-12-31T17:00:00Z", "2027-01-01"},
		{"1969-12-31T16:59:59Z", "1969-12-31"},
	} {
		instant, err := time.Parse(time.RFC3339, row.instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.DayOf(instant); got.String() != row.want {
			t.Errorf("%s is on %s, want %s", row.instant, got, row.want)
		}
	}
}

func TestDayFieldsAndInstants(t *testing.T) {
	for d := calendar.Date(1960, time.January, 1); d < calendar.Date(2040, time.January, 1); d++ {
		if calendar.Date(d.Year(), d.Month(), d.Day()) != d {
			t.Fatalf("%s: civil fields make another day", d)
		}
		if back := day(t, d.String()); back != d {
			t.Fatalf("%s reads back as %s", d, back)
		}
		if calendar.DayOf(d.Start()) != d || calendar.DayOf(d.Start().Add(-1)) != d.Add(-1) {
			t.Fatalf("%s does not start at its first instant", d)
		}
		if !d.At(1440).Equal(d.Add(1).Start()) {
			t.Fatalf("24:00 of %s is not the start of the next day", d)
		}
	}
	d := calendar.Date(2026, time.November, 24)
	if d.Weekday() != time.Tuesday {
		t.Errorf("24/11/2026 is a %s, want Tuesday", d.Weekday())
	}
	if got := d.At(17 * 60).UTC().Format(time.RFC3339); got != "2026-11-24T10:00:00Z" {
		t.Errorf("17:00 in Vietnam is %s", got)
	}
	if calendar.Date(2026, 0, 15) != day(t, "2025-12-15") {
		t.Error("month 0 is not December of the year before")
	}
}

func TestParseDayRefuses(t *testing.T) {
	for _, text := range []string{"", "2026-13-01", "2026-02-30", "24/11/2026", "2026-11-24T00:00:00Z", " 2026-11-24", "infinity", "2026-1-2"} {
		if d, err := calendar.ParseDay(text); err == nil {
			t.Errorf("%q was read as %s", text, d)
		}
	}
}

func TestDayScanAndValue(t *testing.T) {
	want := calendar.Date(2026, time.November, 24)
	for _, source := range []any{
		"2026-11-24", []byte("2026-11-24"),
		time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 24, 0, 0, 0, 0, time.FixedZone("", 0)),
		time.Date(2026, 11, 24, 0, 0, 0, 0, calendar.Zone),
	} {
		var got calendar.Day
		if err := got.Scan(source); err != nil || got != want {
			t.Errorf("scan %v: %s, %v", source, got, err)
		}
	}
	for _, source := range []any{nil, 20781, "infinity", []byte("")} {
		if err := new(calendar.Day).Scan(source); err == nil {
			t.Errorf("%v was scanned", source)
		}
	}
	if value, err := want.Value(); err != nil || value != "2026-11-24" {
		t.Errorf("value %v, %v", value, err)
	}
	var absent sql.Null[calendar.Day]
	if err := absent.Scan(nil); err != nil || absent.Valid {
		t.Errorf("a null day: %+v, %v", absent, err)
	}
}

func TestDayInJSON(t *testing.T) {
	type row struct {
		Day  calendar.Day         `json:"day"`
		None *calendar.Day        `json:"none"`
		By   map[calendar.Day]int `json:"by"`
	}
	d := calendar.Date(2026, time.November, 24)
	text, err := json.Marshal(row{Day: d, By: map[calendar.Day]int{d: 1}})
	if err != nil || string(text) != `{"day":"2026-11-24","none":null,"by":{"2026-11-24":1}}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back row
	if err := json.Unmarshal(text, &back); err != nil || back.Day != d || back.None != nil || back.By[d] != 1 {
		t.Errorf("read back %+v, %v", back, err)
	}
	if json.Unmarshal([]byte(`{"day":"24/11/2026"}`), &back) == nil {
		t.Error("a Vietnamese date was read as ISO")
	}
}
