package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/unicode/norm"

	"cchc/domain/calendar"
	"cchc/domain/staff"
)

// CheckPeople reads a list of people in CSV and finds everything that is wrong
// with it, at once. Nothing is saved.
func (s *Store) CheckPeople(ctx context.Context, list string) ([]staff.NewPerson, error) {
	people, errs := staff.ParsePeople(norm.NFC.String(list))
	if errs != nil {
		return nil, errs
	}
	_, err := s.checkPeople(ctx, s.db, people)
	return people, err
}

// importing is what names of new accounts are made and checked by.
type importing struct {
	prefixes map[string]string // of usernames, by unit
	taken    map[string]bool   // usernames
}

func (s *Store) checkPeople(ctx context.Context, q sqlx.ExtContext, people []staff.NewPerson) (importing, error) {
	units, err := unitPrefixes(ctx, q)
	if err != nil {
		return importing{}, err
	}
	known := func(code string) bool { return units[code] != "" }
	errs := staff.CheckPeople(people, known, s.authority)
	taken, err := usernames(ctx, q)
	if err != nil {
		return importing{}, err
	}
	present, err := presentPeople(ctx, q, people)
	if err != nil {
		return importing{}, err
	}
	for _, p := range people {
		field := "row." + strconv.Itoa(p.Row)
		if taken[p.Username] {
			errs.Add(staff.PersonTaken, field, p.Row, p.Username)
		} else if username := present[presence(p)]; username != "" && p.Username == "" {
			errs.Add(staff.PersonTaken, field, p.Row, username)
		}
	}
	return importing{prefixes: units, taken: taken}, errs.Err()
}

// unitPrefixes gives each unit in force what its usernames begin with: a
// department's code, the name of a ward or commune.
func unitPrefixes(ctx context.Context, q sqlx.ExtContext) (map[string]string, error) {
	const read = `
		select code, case unit_group when 'department' then code else place end as prefix
		from units where valid_from <= $1 and (valid_to is null or valid_to >= $1)`
	var now time.Time
	if err := sqlx.GetContext(ctx, q, &now, `select clock_timestamp()`); err != nil {
		return nil, wrap("read units", err)
	}
	var rows []struct{ Code, Prefix string }
	if err := sqlx.SelectContext(ctx, q, &rows, read, calendar.DayOf(now)); err != nil {
		return nil, wrap("read units", err)
	}
	prefixes := make(map[string]string, len(rows))
	for _, row := range rows {
		prefixes[row.Code] = letters(row.Prefix)
	}
	return prefixes, nil
}

// letters keeps what may stand in a username.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, Fold(text))
}

func usernames(ctx context.Context, q sqlx.ExtContext) (map[string]bool, error) {
	var names []string
	if err := sqlx.SelectContext(ctx, q, &names, `select username from persons`); err != nil {
		return nil, wrap("read usernames", err)
	}
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[name] = true
	}
	return taken, nil
}

// presence is by what a row without a username is recognised as someone who has
// an account already: the same list posted twice must not double its people.
func presence(p staff.NewPerson) string {
	return p.Unit + "|" + string(p.Role) + "|" + Fold(p.Name) + "|" + p.Mail
}

func presentPeople(ctx context.Context, q sqlx.ExtContext, people []staff.NewPerson) (map[string]string, error) {
	const read = `
		select p.unit_code, p.role, q.name_key, q.mail, q.username
		from positions p join persons q on q.id = p.person_id
		where p.valid_to is null and q.state <> 'closed' and p.unit_code = any($1)`
	seen := map[string]bool{}
	var units []string
	for _, p := range people {
		if !seen[p.Unit] {
			seen[p.Unit] = true
			units = append(units, p.Unit)
		}
	}
	var rows []struct {
		staff.Position
		NameKey  string `db:"name_key"`
		Mail     string `db:"mail"`
		Username string `db:"username"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, read, pq.Array(units)); err != nil {
		return nil, wrap("read people", err)
	}
	present := make(map[string]string, len(rows))
	for _, row := range rows {
		present[row.Unit+"|"+string(row.Role)+"|"+row.NameKey+"|"+row.Mail] = row.Username
	}
	return present, nil
}

// ImportPeople makes the accounts of a list, all or none, and tells their
// one-time codes. It checks the list again: accounts may have come meanwhile.
func (s *Store) ImportPeople(ctx context.Context, by Audit, people []staff.NewPerson) ([]Issued, error) {
	var issued []Issued
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, accountLock); err != nil {
			return wrap("import people", err)
		}
		known, err := s.checkPeople(ctx, tx, people)
		if err != nil {
			return err
		}
		if issued, err = addPeople(ctx, tx, people, known); err != nil {
			return err
		}
		by.Action, by.Object = AuditImported, strconv.Itoa(len(issued))
		return addAudit(ctx, tx, by)
	})
	return issued, err
}

func addPeople(ctx context.Context, tx *sqlx.Tx, people []staff.NewPerson, known importing) ([]Issued, error) {
	const position = `insert into positions (person_id, unit_code, role) values ($1, $2, $3)`
	for _, p := range people { // names that were asked for come before made ones
		known.taken[p.Username] = true
	}
	var issued []Issued
	at := map[string]int{} // a username's place in issued
	for _, p := range people {
		i, again := at[p.Username]
		if !again || p.Username == "" {
			one, err := addPerson(ctx, tx, p, known)
			if err != nil {
				return nil, err
			}
			issued = append(issued, one)
			i = len(issued) - 1
			at[one.Username] = i
		}
		if _, err := tx.ExecContext(ctx, position, issued[i].Person, p.Unit, p.Role); err != nil {
			return nil, wrap("add position", err)
		}
		issued[i].Positions = append(issued[i].Positions, staff.Position{Unit: p.Unit, Role: p.Role})
	}
	return issued, nil
}

func addPerson(ctx context.Context, tx *sqlx.Tx, p staff.NewPerson, known importing) (Issued, error) {
	const add = `
		insert into persons (username, name, name_key, mail, activation_hash, activation_expires)
		values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
		returning id, activation_expires`
	username := p.Username
	if username == "" {
		username = known.username(p)
	}
	code, hash := newCode()
	issued := Issued{Username: username, Name: p.Name, Code: code}
	err := tx.QueryRowxContext(ctx, add, username, p.Name, Fold(p.Name), p.Mail, hash, codeLife.Seconds()).
		Scan(&issued.Person, &issued.Expires)
	return issued, wrap("add person "+username, err)
}

// username makes "stc.hanhntm" of Nguyễn Thị Mỹ Hạnh at STC: the given name, then
// the first letters of the others; a number where that is taken.
func (known importing) username(p staff.NewPerson) string {
	parts := strings.Fields(Fold(p.Name))
	given := ""
	for i := len(parts) - 1; i >= 0 && given == ""; i-- {
		given = letters(parts[i])
		parts = parts[:i]
	}
	for _, part := range parts {
		if rest := letters(part); rest != "" {
			given += rest[:1]
		}
	}
	base := known.prefixes[p.Unit] + "." + given
	name := base
	for n := 2; known.taken[name]; n++ {
		name = fmt.Sprintf("%s%d", base, n)
	}
	known.taken[name] = true
	return name
}
