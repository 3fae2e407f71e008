package calendar_test

import (
	"encoding/csv"
	"math/rand"
	"os"
	"testing"
	"time"

	"cchc/domain/calendar"
)

// seeded is the calendar that ships with the software.
func seeded(t *testing.T) calendar.Calendar {
	t.Helper()
	return calendar.New(seedMarks(t))
}

func seedMarks(t *testing.T) []calendar.Mark {
	t.Helper()
	file, err := os.Open("../../migrations/seed/calendar.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var marks []calendar.Mark
	for _, row := range rows[1:] {
		marks = append(marks, calendar.Mark{Date: day(t, row[0]), Kind: calendar.Kind(row[1]), Name: row[2], Certainty: row[3]})
	}
	return marks
}

func day(t *testing.T, iso string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(iso)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSeedMarksMakeSense(t *testing.T) {
	seen := map[calendar.Day]bool{}
	holidays := map[int]int{}
	for _, mark := range seedMarks(t) {
		if !mark.Kind.Valid() {
			t.Errorf("%s: unknown kind %q", mark.Date, mark.Kind)
		}
		if seen[mark.Date] {
			t.Errorf("%s stands twice", mark.Date)
		}
		seen[mark.Date] = true
		weekend := mark.Date.Weekday() == time.Saturday || mark.Date.Weekday() == time.Sunday
		if mark.Kind == calendar.SwappedWork && !weekend {
			t.Errorf("%s: worked in exchange, but is a working day anyway", mark.Date)
		}
		if (mark.Kind == calendar.SwappedOff || mark.Kind == calendar.Compensatory) && weekend {
			t.Errorf("%s: given off, but is a weekend anyway", mark.Date)
		}
		if mark.Kind == calendar.Holiday {
			holidays[mark.Date.Year()]++
		}
	}
	// Labour Code 2019 art. 112: 11 days; NQ 28/2026/QH16 adds 24/11 from 2026.
	for year, want := range map[int]int{2025: 11, 2026: 12, 2027: 12, 2028: 12, 2029: 12, 2030: 12} {
		if holidays[year] != want {
			t.Errorf("%d has %d public holidays, want %d", year, holidays[year], want)
		}
	}
}

func TestIsWorkingDay(t *testing.T) {
	c := seeded(t)
	for _, row := range []struct {
		iso     string
		working bool
		source  string
	}{
		{"2025-01-01", false, "BLLD 2019 art. 112: solar new year"},
		{"2025-01-24", true, "the Friday before Tet 2025"},
		{"2025-01-27", false, "Tet 2025"},
		{"2025-01-31", false, "Tet 2025, last day"},
		{"2025-02-03", true, "the Monday after Tet 2025"},
		{"2025-04-07", false, "art. 112: Hung Kings, 10/3 lunar"},
		{"2025-04-26", true, "a Saturday worked for 02/05/2025"},
		{"2025-05-02", false, "given off in exchange for 26/04/2025"},
		{"2025-09-01", false, "art. 112: the day adjoining National Day"},
		{"2025-11-24", true, "Culture Day is no holiday before NQ 28/2026/QH16"},
		{"2026-01-02", false, "given off in exchange for 10/01/2026"},
		{"2026-01-10", true, "a Saturday worked for 02/01/2026"},
		{"2026-02-13", true, "the Friday before Tet 2026"},
		{"2026-02-16", false, "Tet 2026"},
		{"2026-02-20", false, "Tet 2026, last day"},
		{"2026-02-23", true, "the Monday after Tet 2026"},
		{"2026-04-26", false, "Hung Kings on a Sunday"},
		{"2026-04-27", false, "art. 111.3: compensation for Sunday 26/04/2026"},
		{"2026-08-21", true, "an ordinary Friday"},
		{"2026-08-22", true, "a Saturday worked for 31/08/2026"},
		{"2026-08-29", false, "an ordinary Saturday"},
		{"2026-08-31", false, "a Monday given off for 22/08/2026"},
		{"2026-09-01", false, "the day adjoining National Day"},
		{"2026-09-03", true, "after National Day"},
		{"2026-11-22", false, "an ordinary Sunday"},
		{"2026-11-24", false, "NQ 28/2026/QH16: Culture Day"},
		{"2027-02-10", false, "compensation for Tet days on a weekend"},
		{"2027-05-03", false, "compensation for Saturday 01/05/2027"},
		{"2029-11-26", false, "compensation for Culture Day on a Saturday"},
		{"2030-02-01", false, "Tet 2030: its eve; new year is 2 February in Vietnam"},
		{"2030-02-08", true, "the Friday after Tet 2030"},
		{"2031-02-03", true, "beyond the table only weekends are off"},
	} {
		if got := c.IsWorkingDay(day(t, row.iso)); got != row.working {
			t.Errorf("%s (%s): working day is %v, want %v", row.iso, row.source, got, row.working)
		}
	}
}

func TestAddWorkingDays(t *testing.T) {
	c := seeded(t)
	for _, row := range []struct {
		from string
		n    int
		want string
		why  string
	}{
		{"2026-11-22", 0, "2026-11-22", "none: the day itself, though a Sunday"},
		{"2026-11-22", 1, "2026-11-23", "from a Sunday"},
		{"2026-11-23", 1, "2026-11-25", "over Culture Day"},
		{"2026-11-25", -1, "2026-11-23", "back over Culture Day"},
		{"2026-02-13", 1, "2026-02-23", "over Tet"},
		{"2026-02-23", -1, "2026-02-13", "back over Tet"},
		{"2026-08-21", 1, "2026-08-22", "onto a worked Saturday"},
		{"2026-08-21", 2, "2026-08-24", "past a worked Saturday"},
		{"2026-08-28", 1, "2026-09-03", "over the weekend, a swapped day and National Day"},
		{"2026-04-24", 1, "2026-04-28", "over a compensatory Monday"},
		{"2026-04-29", 1, "2026-05-04", "over 30/4 and 1/5"},
		{"2027-02-04", 2, "2027-02-15", "over Tet 2027 and its compensation"},
		{"2026-12-14", 2, "2026-12-16", "the fourth quarter's window"},
	} {
		if got := c.AddWorkingDays(day(t, row.from), row.n); got != day(t, row.want) {
			t.Errorf("%s %+d (%s): %s, want %s", row.from, row.n, row.why, got, row.want)
		}
	}
}

func TestNeighbours(t *testing.T) {
	c := seeded(t)
	for _, row := range []struct{ at, next, previous string }{
		{"2026-11-24", "2026-11-25", "2026-11-23"},
		{"2026-02-18", "2026-02-23", "2026-02-13"},
		{"2026-08-22", "2026-08-22", "2026-08-22"},
		{"2026-08-30", "2026-09-03", "2026-08-28"},
		{"2026-11-23", "2026-11-23", "2026-11-23"},
	} {
		if got := c.NextWorkingDay(day(t, row.at)); got != day(t, row.next) {
			t.Errorf("next of %s: %s, want %s", row.at, got, row.next)
		}
		if got := c.PreviousWorkingDay(day(t, row.at)); got != day(t, row.previous) {
			t.Errorf("previous of %s: %s, want %s", row.at, got, row.previous)
		}
	}
}

func TestWorkingDaysHeld(t *testing.T) {
	c := seeded(t)
	at := func(iso string, minutes int) time.Time { return day(t, iso).At(minutes).UTC() }
	for _, row := range []struct {
		from, to time.Time
		want     int
		why      string
	}{
		{at("2026-11-20", 16*60+59), at("2026-11-20", 23*60), 0, "the day of arrival does not count"},
		{at("2026-11-20", 16*60+59), at("2026-11-22", 12*60), 0, "nor does a weekend"},
		{at("2026-11-20", 16*60+59), at("2026-11-23", 1), 1, "Monday"},
		{at("2026-11-20", 16*60+59), at("2026-11-25", 9*60), 2, "over Culture Day"},
		{at("2026-11-22", 0), at("2026-11-23", 9*60), 1, "arrived on a Sunday"},
		{at("2026-11-23", 6*60), at("2026-11-23", 5*60), 0, "never negative"},
	} {
		if got := c.WorkingDaysHeld(row.from, row.to); got != row.want {
			t.Errorf("%s: held %d working days, want %d", row.why, got, row.want)
		}
	}
}

// calendars are the seeded one and random ones with many marks of every kind.
func calendars(t *testing.T, random *rand.Rand) []calendar.Calendar {
	all := []calendar.Calendar{{}, seeded(t)}
	kinds := []calendar.Kind{calendar.Holiday, calendar.Compensatory, calendar.SwappedOff, calendar.SwappedWork}
	for range 20 {
		var marks []calendar.Mark
		for range 120 {
			marks = append(marks, calendar.Mark{
				Date: calendar.Date(2026, time.January, 1).Add(random.Intn(365)),
				Kind: kinds[random.Intn(len(kinds))],
			})
		}
		all = append(all, calendar.New(marks))
	}
	return all
}

func TestWorkingDayProperties(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for _, c := range calendars(t, random) {
		for range 200 {
			a := calendar.Date(2025, time.December, 1).Add(random.Intn(430))
			b := calendar.Date(2025, time.December, 1).Add(random.Intn(430))
			middle := calendar.Date(2025, time.December, 1).Add(random.Intn(430))
			n := random.Intn(40)
			if c.WorkingDaysBetween(a, b) != -c.WorkingDaysBetween(b, a) {
				t.Fatalf("counting from %s to %s and back differs", a, b)
			}
			if c.WorkingDaysBetween(a, middle)+c.WorkingDaysBetween(middle, b) != c.WorkingDaysBetween(a, b) {
				t.Fatalf("counting %s to %s is not additive at %s", a, b, middle)
			}
			later := c.AddWorkingDays(a, n)
			if got := c.WorkingDaysBetween(a, later); got != n {
				t.Fatalf("%s plus %d working days is %s, counted back %d", a, n, later, got)
			}
			if n > 0 && (!c.IsWorkingDay(later) || !c.IsWorkingDay(c.AddWorkingDays(a, -n))) {
				t.Fatalf("%s +-%d is no working day", a, n)
			}
			if c.IsWorkingDay(a) && (c.AddWorkingDays(later, -n) != a) {
				t.Fatalf("%s plus and minus %d working days is another day", a, n)
			}
			if c.NextWorkingDay(a) != c.AddWorkingDays(a.Add(-1), 1) || c.PreviousWorkingDay(a) != c.AddWorkingDays(a.Add(1), -1) {
				t.Fatalf("the neighbours of %s disagree with counting", a)
			}
		}
	}
}

func TestLaterMarkWins(t *testing.T) {
	d := calendar.Date(2026, time.November, 23)
	c := calendar.New([]calendar.Mark{{Date: d, Kind: calendar.Holiday}, {Date: d, Kind: calendar.SwappedWork, Name: "x"}})
	mark, ok := c.Mark(d)
	if !ok || mark.Name != "x" || !c.IsWorkingDay(d) {
		t.Errorf("mark %+v, working %v", mark, c.IsWorkingDay(d))
	}
	if _, ok := c.Mark(d.Add(1)); ok {
		t.Error("an unmarked day has a mark")
	}
}
