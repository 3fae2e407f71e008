package storage

import (
	"context"
	"io/fs"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"golang.org/x/text/unicode/norm"

	"cchc/domain/staff"
	"cchc/migrations"
)

// DemoPassword opens every demo account. It is shown on the sign-in page of a
// demonstration, which is why those accounts must not exist anywhere else.
const DemoPassword = "Demo-2026!"

// DemoPeople is the people of the demonstration, from the seed data.
func DemoPeople() ([]staff.NewPerson, error) {
	raw, err := fs.ReadFile(migrations.Seed, "seed/people-demo.csv")
	if err != nil {
		return nil, wrap("read demo people", err)
	}
	people, errs := staff.ParsePeople(norm.NFC.String(string(raw)))
	return people, wrap("read demo people", errs.Err())
}

// SeedDemo makes the demo accounts that do not exist yet, ready to sign in, and
// the easier settings of a demonstration. It changes nothing that is there.
func (s *Store) SeedDemo(ctx context.Context) error {
	people, err := DemoPeople()
	if err != nil {
		return err
	}
	hash, err := hashPassword(ctx, DemoPassword)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, accountLock); err != nil {
			return wrap("seed demo", err)
		}
		if err := s.addDemoPeople(ctx, tx, people, hash); err != nil {
			return err
		}
		const settings = `
			insert into settings (key, value) values ('session_idle_minutes', '480'), ('lockout_minutes', '5')
			on conflict (key) do nothing`
		_, err := tx.ExecContext(ctx, settings)
		return wrap("seed demo settings", err)
	})
}

func (s *Store) addDemoPeople(ctx context.Context, tx *sqlx.Tx, people []staff.NewPerson, hash string) error {
	const activate = `
		update persons set state = 'active', password_hash = $2, activation_hash = null, activation_expires = null
		where id = any($1)`
	taken, err := usernames(ctx, tx)
	if err != nil {
		return err
	}
	var missing []staff.NewPerson
	for _, p := range people {
		if !taken[strings.ToLower(p.Username)] {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	known, err := s.checkPeople(ctx, tx, missing)
	if err != nil {
		return err
	}
	issued, err := addPeople(ctx, tx, missing, known)
	if err != nil {
		return err
	}
	ids := make([]int64, len(issued))
	for i, one := range issued {
		ids[i] = one.Person
	}
	_, err = tx.ExecContext(ctx, activate, pq.Array(ids), hash)
	return wrap("seed demo people", err)
}
