package storage

import (
	"context"
	"io/fs"
	"slices"
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
	return s.withDemoHash(ctx, func(tx *sqlx.Tx, hash string) error {
		taken, err := usernames(ctx, tx)
		if err != nil {
			return err
		}
		people = slices.DeleteFunc(people, func(p staff.NewPerson) bool { return taken[strings.ToLower(p.Username)] })
		if err := s.addDemoPeople(ctx, tx, people, hash); err != nil {
			return err
		}
		const settings = `
			insert into settings (key, value) values ('session_idle_minutes', '480'), ('lockout_minutes', '5')
			on conflict (key) do nothing`
		_, err = tx.ExecContext(ctx, settings)
		return wrap("seed demo settings", err)
	})
}

// AddDemoPeople makes further demo accounts, all or none, ready to sign in.
// rule.Errors: one of them is there already.
func (s *Store) AddDemoPeople(ctx context.Context, people []staff.NewPerson) error {
	return s.withDemoHash(ctx, func(tx *sqlx.Tx, hash string) error {
		return s.addDemoPeople(ctx, tx, people, hash)
	})
}

// withDemoHash runs a change of accounts, alone among such changes. The slow
// hash of the one demo password is made before.
func (s *Store) withDemoHash(ctx context.Context, change func(tx *sqlx.Tx, hash string) error) error {
	hash, err := hashPassword(ctx, DemoPassword)
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, accountLock); err != nil {
			return wrap("seed demo", err)
		}
		return change(tx, hash)
	})
}

func (s *Store) addDemoPeople(ctx context.Context, tx *sqlx.Tx, people []staff.NewPerson, hash string) error {
	const activate = `
		update persons set state = 'active', password_hash = $2, activation_hash = null, activation_expires = null
		where id = any($1)`
	if len(people) == 0 {
		return nil
	}
	known, err := s.checkPeople(ctx, tx, people)
	if err != nil {
		return err
	}
	issued, err := addPeople(ctx, tx, people, known)
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

// demoYear is the setting that tells that a demonstration's year is complete.
const demoYear = "demo_year"

// DemoYearComplete tells whether the demonstration's year has been made.
func (s *Store) DemoYearComplete(ctx context.Context) (bool, error) {
	complete, err := s.SettingNumber(ctx, demoYear, 0)
	return complete == 1, err
}

// CompleteDemoYear notes that it has: from then on the documents are people's.
func (s *Store) CompleteDemoYear(ctx context.Context) error {
	const note = `insert into settings (key, value) values ($1, '1') on conflict (key) do nothing`
	_, err := s.db.ExecContext(ctx, note, demoYear)
	return wrap("note the demo year", err)
}
