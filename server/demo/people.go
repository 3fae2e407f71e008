package demo

import (
	"encoding/csv"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cchc/domain/campaign"
	"cchc/domain/staff"
	"cchc/migrations"
)

// chain is who takes a unit's document through, and what the addresses of their
// desks begin with.
var chain = []struct {
	role staff.Role
	mail string
}{
	{staff.Specialist, "chuyenvien"},
	{staff.DivisionHead, "truongphong"},
	{staff.Director, "lanhdao"},
}

// names are the parts that people's names are made of, by part; one that is
// common stands there as often as its weight.
type names map[string][]string

func readNames() (names, error) {
	raw, err := fs.ReadFile(migrations.Seed, "seed/demo-names.csv")
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	rows, err := csv.NewReader(strings.NewReader(norm.NFC.String(string(raw)))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	n := names{}
	for _, row := range rows[1:] {
		weight, err := strconv.Atoi(row[2])
		if err != nil {
			return nil, fmt.Errorf("read names: weight of %s: %w", row[1], err)
		}
		for range weight {
			n[row[0]] = append(n[row[0]], row[1])
		}
	}
	return n, nil
}

// name is the try-th name for a desk.
func (n names) name(desk dice, try int) string {
	d := desk.more(strconv.Itoa(try))
	gender := "male"
	if d.more("gender").oneIn(2) {
		gender = "female"
	}
	pick := func(part string) string {
		list := n[part]
		return list[d.more(part).between(0, int64(len(list)-1))]
	}
	return pick("family") + " " + pick(gender+"_middle") + " " + pick(gender+"_given")
}

// missingPeople gives every desk of the chain that nobody holds a person with a
// name that nobody else has.
func missingPeople(units []staff.Unit, held campaign.Staffing) ([]staff.NewPerson, error) {
	n, err := readNames()
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	var missing []staff.NewPerson
	for _, unit := range units {
		for _, desk := range chain {
			name := ""
			for try := 0; name == "" || taken[name]; try++ {
				name = n.name(throw("person", unit.Code, string(desk.role)), try)
			}
			taken[name] = true
			if len(held[staff.Position{Unit: unit.Code, Role: desk.role}]) > 0 {
				continue
			}
			missing = append(missing, staff.NewPerson{
				Row: len(missing) + 1, Unit: unit.Code, Role: desk.role, Name: name,
				Mail: desk.mail + "." + strings.ToLower(unit.Code) + "@cchc.example",
			})
		}
	}
	return missing, nil
}
