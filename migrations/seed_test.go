package migrations_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/migrations"

	"golang.org/x/text/unicode/norm"
)

// table reads a seed file: its rows by column name.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	text, err := migrations.Seed.ReadFile("seed/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if !norm.NFC.IsNormal(text) {
		t.Errorf("%s is not in NFC", name)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, column := range rows[0] {
			record[column] = strings.TrimSpace(row[i])
		}
		all = append(all, record)
	}
	return all
}

// unitCodes are the codes of all units in the seed.
func unitCodes(t *testing.T) map[string]bool {
	t.Helper()
	codes := map[string]bool{}
	add := func(code, name string) {
		if codes[code] || !regexp.MustCompile(`^[A-Z0-9]+$`).MatchString(code) || name == "" {
			t.Errorf("unit %q (%s): no name, not ASCII, or twice", code, name)
		}
		codes[code] = true
	}
	for _, row := range table(t, "departments-2025.csv") {
		add(row["code"], row["name"])
	}
	for _, row := range table(t, "wards-2025.csv") {
		add(row["gso_code"], row["name"])
	}
	return codes
}

func TestUnits(t *testing.T) {
	// NQ 202/2025/QH15 and its successors: 113 wards, 54 communes, 1 special zone.
	kinds := map[string]int{}
	for _, row := range table(t, "wards-2025.csv") {
		kinds[row["kind"]]++
	}
	if kinds["Phường"] != 113 || kinds["Xã"] != 54 || kinds["Đặc khu"] != 1 {
		t.Errorf("wards by kind: %v", kinds)
	}
	if got := len(unitCodes(t)); got != 188 {
		t.Errorf("%d units, want 188", got)
	}
}

func TestDemoPeople(t *testing.T) {
	units := unitCodes(t)
	people := map[string]map[string]int{} // unit, role: how many
	seen := map[string]bool{}
	for _, row := range table(t, "people-demo.csv") {
		if !units[row["unit"]] || !staff.Role(row["role"]).Valid() {
			t.Errorf("%s: unknown unit %s or role %s", row["name"], row["unit"], row["role"])
		}
		if !regexp.MustCompile(`^[a-z]+\.[a-z]+$`).MatchString(row["username"]) || row["mail"] != row["username"]+"@cchc.example" {
			t.Errorf("%s: user name %q, mail %q", row["name"], row["username"], row["mail"])
		}
		if seen[row["username"]] || seen[row["name"]] || len(strings.Fields(row["name"])) < 3 {
			t.Errorf("%s (%s) stands twice or has no full name", row["name"], row["username"])
		}
		seen[row["username"]], seen[row["name"]] = true, true
		if people[row["unit"]] == nil {
			people[row["unit"]] = map[string]int{}
		}
		people[row["unit"]][row["role"]]++
	}
	for _, unit := range []string{"SNV", "STC", "SYT", "26740", "27664", "SKHCN", "STP", "VP"} {
		for role, want := range map[string]int{"specialist": 2, "division_head": 1, "director": 1, "clerk": 1} {
			if people[unit][role] != want {
				t.Errorf("%s has %d of %s, want %d", unit, people[unit][role], role, want)
			}
		}
	}
	for role, want := range map[string]int{"officer": 2, "authority_head": 1, "account_admin": 1, "system_admin": 1} {
		if people["SNV"][role] != want {
			t.Errorf("the authority has %d of %s, want %d", people["SNV"][role], role, want)
		}
	}
	if people["VP"]["viewer"] != 1 {
		t.Error("there is no city viewer")
	}
}
