package staff

import (
	"encoding/csv"
	"net/mail"
	"regexp"
	"strconv"
	"strings"

	"cchc/domain/rule"
)

// Codes of a refused sign-in, activation or change of an account.
const (
	SignInWrong      rule.Code = "sign_in_wrong"      // unknown username or wrong password: never which
	SignInLocked     rule.Code = "sign_in_locked"     // args: until when (RFC 3339)
	ActivationWrong  rule.Code = "activation_wrong"   // unknown, used or expired: never which
	OwnAccount       rule.Code = "own_account"        // nobody changes their own rights (QĐ 1439 Đ5.1)
	LastAccountAdmin rule.Code = "last_account_admin" // somebody must be able to issue accounts
	PositionHeld     rule.Code = "position_held"      // the person has it already
	UnitUnknown      rule.Code = "unit_unknown"       // args: what was given
	AccountClosed    rule.Code = "account_closed"     // a closed account stays closed (QĐ 1439 Đ6.4)
)

// Codes of a list of people that cannot be taken. The first argument of those
// about a row is its number, counted as spreadsheets do: the header is row 1.
const (
	PeopleFile      rule.Code = "people_file"   // args: row where reading ended
	PeopleColumn    rule.Code = "people_column" // args: the missing column
	PeopleEmpty     rule.Code = "people_empty"  // -
	PeopleMany      rule.Code = "people_many"   // args: the most rows allowed
	PersonUnit      rule.Code = "person_unit"   // args: row, what was given
	PersonRole      rule.Code = "person_role"   // args: row, what was given
	PersonElsewhere rule.Code = "person_elsewhere"
	PersonName      rule.Code = "person_name"     // args: row
	PersonMail      rule.Code = "person_mail"     // args: row, what was given
	PersonUsername  rule.Code = "person_username" // args: row, what was given
	PersonTaken     rule.Code = "person_taken"    // args: row, username
	PersonDiffers   rule.Code = "person_differs"  // args: row, username, the earlier row
	PersonRepeated  rule.Code = "person_repeated" // args: row, the earlier row
)

// AccountCodes lists the codes of this file.
var AccountCodes = []rule.Code{
	SignInWrong, SignInLocked, ActivationWrong, OwnAccount, LastAccountAdmin, PositionHeld, UnitUnknown, AccountClosed,
	PeopleFile, PeopleColumn, PeopleEmpty, PeopleMany, PersonUnit, PersonRole, PersonElsewhere, PersonName,
	PersonMail, PersonUsername, PersonTaken, PersonDiffers, PersonRepeated, RoleUnknown, RoleElsewhere,
}

// PeopleMax is the most rows that one list may have.
const PeopleMax = 5000

// NewPerson is one row of a list of people: a person with one position. A person
// with two positions has two rows with the same username.
type NewPerson struct {
	Row      int
	Unit     string
	Role     Role
	Name     string
	Mail     string
	Username string // empty: made from unit and name
}

// peopleColumns of the list's first row; username may be absent.
var peopleColumns = []string{"unit", "role", "name", "mail"}

// ParsePeople reads a list in CSV with the columns unit, role, name, mail and
// optionally username, in any order. The text is expected in NFC.
func ParsePeople(text string) ([]NewPerson, rule.Errors) {
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	reader.FieldsPerRecord = -1
	reader.TrimLeadingSpace = true
	if head, _, _ := strings.Cut(text, "\n"); strings.Count(head, ";") > strings.Count(head, ",") {
		reader.Comma = ';' // what spreadsheets write where the comma is the decimal sign
	}
	records, err := reader.ReadAll()
	if err != nil {
		return nil, rule.Broken(PeopleFile, "list", len(records)+1)
	}
	if len(records) < 2 {
		return nil, rule.Broken(PeopleEmpty, "list")
	}
	if len(records)-1 > PeopleMax {
		return nil, rule.Broken(PeopleMany, "list", PeopleMax)
	}
	at, errs := columnsOf(records[0])
	if errs != nil {
		return nil, errs
	}
	people := make([]NewPerson, 0, len(records)-1)
	for i, record := range records[1:] {
		field := func(column string) string {
			if n, ok := at[column]; ok && n < len(record) {
				return strings.Join(strings.Fields(record[n]), " ")
			}
			return ""
		}
		people = append(people, NewPerson{
			Row: i + 2, Unit: strings.ToUpper(field("unit")), Role: Role(strings.ToLower(field("role"))),
			Name: field("name"), Mail: field("mail"), Username: strings.ToLower(field("username")),
		})
	}
	return people, nil
}

func columnsOf(header []string) (map[string]int, rule.Errors) {
	at := map[string]int{}
	for i, name := range header {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	var errs rule.Errors
	for _, column := range peopleColumns {
		if _, ok := at[column]; !ok {
			errs.Add(PeopleColumn, "list", column)
		}
	}
	return at, errs
}

var usernameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,48}[a-z0-9]$`)

// CheckPeople finds everything wrong with a list at once. knownUnit tells whether
// a unit is in force.
func CheckPeople(people []NewPerson, knownUnit func(code string) bool, authority string) rule.Errors {
	var errs rule.Errors
	first := map[string]NewPerson{}
	positions := map[string]int{}
	for _, p := range people {
		field := "row." + strconv.Itoa(p.Row)
		if !knownUnit(p.Unit) {
			errs.Add(PersonUnit, field, p.Row, p.Unit)
		}
		if !p.Role.Valid() {
			errs.Add(PersonRole, field, p.Row, string(p.Role))
		} else if p.Role.AtAuthorityOnly() && p.Unit != authority {
			errs.Add(PersonElsewhere, field, p.Row, string(p.Role))
		}
		if p.Name == "" || len([]rune(p.Name)) > 100 {
			errs.Add(PersonName, field, p.Row)
		}
		if p.Mail != "" && !plainAddress(p.Mail) {
			errs.Add(PersonMail, field, p.Row, p.Mail)
		}
		if p.Username == "" {
			continue
		}
		if !usernameForm.MatchString(p.Username) {
			errs.Add(PersonUsername, field, p.Row, p.Username)
		}
		if earlier, ok := first[p.Username]; !ok {
			first[p.Username] = p
		} else if earlier.Name != p.Name || earlier.Mail != p.Mail {
			errs.Add(PersonDiffers, field, p.Row, p.Username, earlier.Row)
		}
		position := p.Username + " " + p.Unit + " " + string(p.Role)
		if row, ok := positions[position]; ok {
			errs.Add(PersonRepeated, field, p.Row, row)
		} else {
			positions[position] = p.Row
		}
	}
	return errs
}

// plainAddress tells whether the text is one mail address and nothing else.
func plainAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text && len(text) <= 254
}
