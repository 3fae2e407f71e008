package demo

import (
	"encoding/json"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"cchc/domain/campaign"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/migrations"
	"cchc/migrations/seedtest"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func newAuthor(t *testing.T) author {
	t.Helper()
	raw, err := fs.ReadFile(migrations.Seed, "seed/form-bc-cchc-quy-1.json")
	if err != nil {
		t.Fatal(err)
	}
	a := author{rules: seedtest.Rules(t)}
	if err := json.Unmarshal(raw, &a.form); err != nil {
		t.Fatal(err)
	}
	if a.phrases, err = readPhrases(); err != nil {
		t.Fatal(err)
	}
	return a
}

func unitsOf(t *testing.T) []staff.Unit {
	t.Helper()
	units, err := storagetest.Open(t).Store.Units(t.Context())
	if err != nil || len(units) != 188 {
		t.Fatalf("%d units, %v", len(units), err)
	}
	return units
}

// A year and the same quarter before it, as the present one.
var quarters = func() []period.Period {
	at := period.Period{Kind: period.Quarter, Year: 2026, Number: 3}
	list := []period.Period{at}
	for range 4 {
		at = at.Previous()
		list = append(list, at)
	}
	return list
}()

// Every unit's report of every quarter can be submitted, beside its own reports
// of the quarters before, and says its own figures.
func TestReports(t *testing.T) {
	a := newAuthor(t)
	seen := map[string]string{}
	reasons, reports := 0, 0
	for _, unit := range unitsOf(t) {
		for _, at := range quarters {
			c := a.report(unit, at)
			result := a.form.Check(c, a.contextOf(unit, at))
			if result.Errors != nil {
				t.Fatalf("%s %s: %v", unit.Code, at.Code(), result.Errors)
			}
			all := ""
			for _, section := range a.form.Sections {
				all += c.Sections[section.Code] + "\n"
			}
			if strings.ContainsAny(all, "{}[]") || strings.Contains(all, " //") {
				t.Fatalf("%s %s: notation of the seed is left over:\n%s", unit.Code, at.Code(), all)
			}
			if other := seen[all]; other != "" {
				t.Errorf("%s %s says what %s says", unit.Code, at.Code(), other)
			}
			seen[all] = unit.Code + " " + at.Code()
			if files := c.Figures["3.14"].Value.VN(); !strings.Contains(all, files) {
				t.Errorf("%s %s: the narrative does not tell %s files", unit.Code, at.Code(), files)
			}
			if again := a.report(unit, at); again.Hash() != c.Hash() {
				t.Errorf("%s %s is not written twice alike", unit.Code, at.Code())
			}
			first := a.firstTry(unit, at)
			if result := a.form.Check(first, a.contextOf(unit, at)); result.Errors != nil || first.Hash() == c.Hash() {
				t.Errorf("%s %s: the first try: %v", unit.Code, at.Code(), result.Errors)
			}
			for _, nearly := range []bool{false, true} {
				if result := a.form.Check(a.begun(unit, at, nearly), a.contextOf(unit, at)); result.Errors == nil {
					t.Errorf("%s %s: half written, and complete", unit.Code, at.Code())
				}
			}
			reports++
			for _, figure := range c.Figures {
				if figure.Reason != "" {
					reasons++
				}
			}
		}
	}
	// Doubts are the exception, and there are some.
	if reasons < reports/4 || reasons > reports*5 {
		t.Errorf("%d reasons in %d reports", reasons, reports)
	}
	t.Logf("%d reasons in %d reports", reasons, reports)
}

// A report says the same whether or not the quarters before it are known here:
// the order in which they are handed in does not matter.
func TestReportHoldsWithoutEarlierOnes(t *testing.T) {
	a := newAuthor(t)
	for _, unit := range unitsOf(t)[:40] {
		for _, at := range quarters {
			ctx := form.Context{WindowEnd: a.window(at).To}
			if result := a.form.Check(a.report(unit, at), ctx); result.Errors != nil {
				t.Errorf("%s %s: %v", unit.Code, at.Code(), result.Errors)
			}
		}
	}
}

func TestPeople(t *testing.T) {
	units := unitsOf(t)
	known, err := storage.DemoPeople()
	if err != nil {
		t.Fatal(err)
	}
	held := campaign.Staffing{}
	for i, p := range known {
		at := staff.Position{Unit: p.Unit, Role: p.Role}
		held[at] = append(held[at], int64(i+1))
	}
	people, err := missingPeople(units, held)
	if err != nil {
		t.Fatal(err)
	}
	if want := 3*len(units) - 3*8; len(people) != want {
		t.Errorf("%d people, want %d: three desks of every unit but those eight that have them", len(people), want)
	}
	names := map[string]bool{}
	for _, p := range people {
		if names[p.Name] || len(strings.Fields(p.Name)) < 3 {
			t.Errorf("%q is taken or no full name", p.Name)
		}
		names[p.Name] = true
	}
	again, err := missingPeople(units, held)
	if err != nil || !slices.Equal(people, again) {
		t.Errorf("other people the second time, %v", err)
	}
	if errs := staff.CheckPeople(people, func(string) bool { return true }, "SNV"); errs != nil {
		t.Errorf("%v", errs)
	}
}
