package period_test

import (
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/migrations/seedtest"
)

func TestDefaultLadderWalked(t *testing.T) {
	c := seedtest.Calendar(t)
	launch := mustDay(t, "2026-11-01").At(9 * 60)
	due := period.Due{Day: mustDay(t, "2026-12-17"), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone}
	last := due.LastInstant(c)
	want := []struct {
		code string
		at   string
	}{
		{"before_5", "2026-12-09 08:00:00"},
		{"before_1", "2026-12-15 08:00:00"},
		{"due", "2026-12-17 00:00:00"},
		{"nudge", "2026-12-17 08:00:00"},
		{"escalate_director", "2026-12-17 08:00:01"},
		{"nudge", "2026-12-18 08:00:00"},
		{"nudge", "2026-12-21 08:00:00"},
		{"escalate_authority", "2026-12-21 08:00:01"},
		{"nudge", "2026-12-22 08:00:00"},
	}
	ladder, after := period.DefaultLadder(), launch
	for _, step := range want {
		rung, index, at, ok := ladder.Next(after, last, c)
		if !ok || rung.Code != step.code || at.In(calendar.Zone).Format(time.DateTime) != step.at || ladder[index].Code != rung.Code {
			t.Fatalf("after %s comes %s at %s (%v), want %s at %s", after, rung.Code, at.In(calendar.Zone), ok, step.code, step.at)
		}
		after = at
	}
	all := ladder.All(launch, last, c)
	if len(all) != 5+period.MaxNudges {
		t.Fatalf("%d occurrences, want %d", len(all), 5+period.MaxNudges)
	}
	// The 30th working day after Wednesday 16/12, the new year's holiday between.
	if end := all[len(all)-1].Time.In(calendar.Zone).Format(time.DateTime); end != "2027-01-28 08:00:00" {
		t.Errorf("the last nudge comes at %s", end)
	}
	if _, _, _, ok := ladder.Next(all[len(all)-1].Time, last, c); ok {
		t.Error("something comes after the last nudge")
	}
}

func TestRungsFollowTheWorkingCalendar(t *testing.T) {
	c := seedtest.Calendar(t)
	for _, row := range []struct {
		due    period.Due
		offset int
		want   string
		why    string
	}{
		{period.Due{Day: mustDay(t, "2026-11-26"), Cutoff: 1440}, -1, "2026-11-23 08:00", "over Culture Day"},
		{period.Due{Day: mustDay(t, "2026-11-26"), Cutoff: 1440}, 1, "2026-11-26 08:00", "the due day itself is the first day after"},
		{period.Due{Day: mustDay(t, "2026-11-26"), Inclusive: true, Cutoff: 1440}, 1, "2026-11-27 08:00", "included, the day after it is"},
		{period.Due{Day: mustDay(t, "2026-11-26"), Inclusive: true, Cutoff: 1020}, 1, "2026-11-27 08:00", "a cutoff at 17:00 ends the same day"},
		{period.Due{Day: mustDay(t, "2026-06-15"), Cutoff: 1440}, -1, "2026-06-12 08:00", "the last day is a Sunday"},
		{period.Due{Day: mustDay(t, "2026-02-13"), Inclusive: true, Cutoff: 1440}, 1, "2026-02-23 08:00", "after Tet"},
		{period.Due{Day: mustDay(t, "2026-08-24"), Inclusive: true, Cutoff: 1440}, -1, "2026-08-22 08:00", "a worked Saturday"},
		{period.Due{Day: mustDay(t, "2026-08-28"), Inclusive: true, Cutoff: 1020}, 0, "2026-08-28 17:00", "the due instant"},
	} {
		ladder := period.Ladder{{Code: "x", WorkingDays: row.offset, To: []string{period.ToHolder}}}
		_, _, at, ok := ladder.Next(row.due.Day.Add(-100).Start(), row.due.LastInstant(c), c)
		if got := at.In(calendar.Zone).Format(local); !ok || got != row.want {
			t.Errorf("%s: %s, want %s", row.why, got, row.want)
		}
	}
}

// Walking with Next meets exactly what All simulates, at instants that are unique
// and in order, whatever the ladder.
func TestNextWalksAll(t *testing.T) {
	c, random := seedtest.Calendar(t), rand.New(rand.NewSource(3))
	for range 150 {
		var ladder period.Ladder
		for i := range 1 + random.Intn(6) {
			days := random.Intn(12) - 5
			ladder = append(ladder, period.Rung{
				Code: string(rune('a' + i)), WorkingDays: days, To: []string{period.ToHolder}, Repeat: days > 0 && random.Intn(2) == 0,
			})
		}
		last := calendar.Date(2026, time.January, 1).Add(random.Intn(700)).At(1 + random.Intn(1440))
		launch := last.Add(-time.Duration(random.Intn(20*24)) * time.Hour)
		all := ladder.All(launch, last, c)
		after := launch
		for _, want := range all {
			rung, index, at, ok := ladder.Next(after, last, c)
			if !ok || index != want.Index || !at.Equal(want.Time) || !reflect.DeepEqual(rung, want.Rung) {
				t.Fatalf("%+v after %s: got rung %d at %s, want %d at %s", ladder, after, index, at, want.Index, want.Time)
			}
			if !at.After(after) {
				t.Fatalf("%+v: %s does not come after %s", ladder, at, after)
			}
			if (rung.WorkingDays < 0) != at.Before(last) {
				t.Fatalf("rung %+v comes at %s, the end is %s", rung, at, last)
			}
			after = at
		}
		if _, _, _, ok := ladder.Next(after, last, c); ok {
			t.Fatalf("%+v: Next goes on where All ends", ladder)
		}
	}
}

func TestLadderValidate(t *testing.T) {
	if broken := period.DefaultLadder().Validate(); broken != nil {
		t.Errorf("the default ladder: %v", broken)
	}
	holder := []string{period.ToHolder}
	long := make(period.Ladder, period.MaxRungs+1)
	for _, row := range []struct {
		ladder period.Ladder
		code   rule.Code
		field  string
	}{
		{nil, "ladder_empty", "ladder"},
		{long, "ladder_too_long", "ladder"},
		{period.Ladder{{Code: "", To: holder}}, "ladder_code", "ladder.0"},
		{period.Ladder{{Code: "Nhắc", To: holder}}, "ladder_code", "ladder.0"},
		{period.Ladder{{Code: "a", To: holder}, {Code: "a", WorkingDays: 1, To: holder}}, "ladder_code_twice", "ladder.1"},
		{period.Ladder{{Code: "a", To: holder}, {Code: "b", To: holder}}, "ladder_due_twice", "ladder.1"},
		{period.Ladder{{Code: "a", WorkingDays: -61, To: holder}}, "ladder_days", "ladder.0"},
		{period.Ladder{{Code: "a", WorkingDays: 61, To: holder}}, "ladder_days", "ladder.0"},
		{period.Ladder{{Code: "a", WorkingDays: 0, Repeat: true, To: holder}}, "ladder_repeat_before_due", "ladder.0"},
		{period.Ladder{{Code: "a"}}, "ladder_recipient_missing", "ladder.0"},
		{period.Ladder{{Code: "a", To: []string{"nobody"}}}, "ladder_recipient_unknown", "ladder.0"},
	} {
		found := false
		for _, one := range row.ladder.Validate() {
			found = found || (one.Code == row.code && one.Field == row.field)
		}
		if !found {
			t.Errorf("%+v: no %s at %s in %v", row.ladder, row.code, row.field, row.ladder.Validate())
		}
	}
}

func TestLadderAsData(t *testing.T) {
	text, err := json.Marshal(period.DefaultLadder())
	if err != nil {
		t.Fatal(err)
	}
	var back period.Ladder
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, period.DefaultLadder()) {
		t.Errorf("%s reads back as %+v, %v", text, back, err)
	}
}

// Reminders of a delay wait while the clocks stand still; those before the due do not.
func TestRungsAfterTheDuePassOverStandingDays(t *testing.T) {
	due := mustDay(t, "2026-10-06").At(17 * 60)
	c := seedtest.Calendar(t).Standing([]calendar.Day{mustDay(t, "2026-10-05"), mustDay(t, "2026-10-07"), mustDay(t, "2026-10-08")})
	got := map[string]string{}
	for _, one := range period.DefaultLadder().All(mustDay(t, "2026-09-01").Start(), due, c) {
		if _, first := got[one.Rung.Code]; !first {
			got[one.Rung.Code] = one.Time.In(calendar.Zone).Format(time.DateOnly)
		}
	}
	for code, want := range map[string]string{
		"before_1": "2026-10-05", "due": "2026-10-06", "nudge": "2026-10-09", "escalate_director": "2026-10-09", "escalate_authority": "2026-10-13",
	} {
		if got[code] != want {
			t.Errorf("%s on %s, want %s", code, got[code], want)
		}
	}
}
