// Package seedtest reads the seed's tables as the domain's own values, for tests
// of rules that need no database.
package seedtest

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/migrations"
)

// Rules are the rules of periods that come with the software, numbered from 1.
func Rules(t testing.TB) period.Rules {
	t.Helper()
	var rules period.Rules
	for i, row := range table(t, "period-rules.csv") {
		number := func(column string) int {
			n, err := strconv.Atoi(row[column])
			if err != nil {
				t.Fatalf("period-rules.csv, %s: %v", column, err)
			}
			return n
		}
		from, err := calendar.ParseDay(row["valid_from"])
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, period.Rule{
			ID: int64(i + 1), Kind: period.Kind(row["kind"]), ValidFrom: from,
			MonthsBefore: number("months_before"), FromDay: number("from_day"), ToDay: number("to_day"),
			WorkingDays: number("working_days"), Inclusive: row["due_inclusive"] == "true",
			Cutoff: number("due_cutoff"), Shift: period.Shift(row["due_shift"]),
			WindowSource: row["window_source"], WindowCertainty: row["window_certainty"],
			DueSource: row["due_source"], DueCertainty: row["due_certainty"],
		})
	}
	return rules
}

// Rule is the rule of the period.
func Rule(t testing.TB, p period.Period) period.Rule {
	t.Helper()
	r, known := Rules(t).For(p)
	if !known {
		t.Fatalf("no rule for %s", p.Code())
	}
	return r
}

// Calendar is the calendar that comes with the software.
func Calendar(t testing.TB) calendar.Calendar {
	t.Helper()
	var marks []calendar.Mark
	for _, row := range table(t, "calendar.csv") {
		day, err := calendar.ParseDay(row["date"])
		if err != nil {
			t.Fatal(err)
		}
		marks = append(marks, calendar.Mark{Date: day, Kind: calendar.Kind(row["kind"]), Name: row["name"]})
	}
	return calendar.New(marks)
}

// Form is a form that comes with the software, by its code.
func Form(t testing.TB, code string, version int) form.Version {
	t.Helper()
	text, err := migrations.Seed.ReadFile(fmt.Sprintf("seed/form-%s-%d.json", code, version))
	if err != nil {
		t.Fatal(err)
	}
	var v form.Version
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("form %s: %v", code, err)
	}
	return v
}

func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := migrations.Seed.Open("seed/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, column := range records[0] {
			row[column] = record[i]
		}
		rows = append(rows, row)
	}
	return rows
}
