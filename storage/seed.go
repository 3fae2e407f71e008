package storage

import (
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cchc/domain/form"
	"cchc/migrations"
)

// Seed brings the reference data into an empty or older database: units,
// holidays, rules of periods and form versions from migrations/seed. What is there already stays
// as it is, because administrators edit it; so Seed may run at every start.
func Seed(ctx context.Context, owner *sql.DB) error {
	tx, err := owner.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	for _, part := range []func(context.Context, *sql.Tx) error{seedUnits, seedHolidays, seedRules, seedForms} {
		if err := part(ctx, tx); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	return nil
}

// A unitRule says how units of one kind are written on paper (NĐ 30/2020
// PL I): the first rule matches by which the list's name or kind begins.
type unitRule map[string]string

func (r unitRule) write(column, name, abbreviation string) string {
	return strings.NewReplacer(
		"{name}", name, "{NAME}", strings.ToUpper(name), "{abbreviation}", abbreviation, "|", "\n",
	).Replace(r[column])
}

func seedUnits(ctx context.Context, tx *sql.Tx) error {
	rules, err := seedTable("unit-rules.csv")
	if err != nil {
		return err
	}
	departments, err := seedTable("departments-2025.csv")
	if err != nil {
		return err
	}
	for _, row := range departments {
		if err := seedUnit(ctx, tx, rules, row["name"], row["code"], row["abbreviation"], row["name"]); err != nil {
			return err
		}
	}
	wards, err := seedTable("wards-2025.csv")
	if err != nil {
		return err
	}
	for _, row := range wards {
		if err := seedUnit(ctx, tx, rules, row["kind"], row["gso_code"], "", row["name"]); err != nil {
			return err
		}
	}
	return nil
}

func seedUnit(ctx context.Context, tx *sql.Tx, rules []map[string]string, kind, code, abbreviation, name string) error {
	const add = `
		insert into units (code, abbreviation, name, name_key, unit_group, superior,
			agency, signer_capacity, symbol, place, valid_from)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (code) do nothing`
	for _, row := range rules {
		r := unitRule(row)
		if !strings.HasPrefix(kind, r["match"]) {
			continue
		}
		full := r.write("name", name, abbreviation)
		_, err := tx.ExecContext(ctx, add, code, r.write("abbreviation", name, abbreviation),
			full, Fold(full), r["group"], r.write("superior", name, abbreviation),
			r.write("agency", name, abbreviation), r.write("capacity", name, abbreviation),
			r.write("symbol", name, abbreviation), r.write("place", name, abbreviation), r["valid_from"])
		return wrap("seed unit "+code, err)
	}
	return fmt.Errorf("seed unit %s: no rule for kind %q in unit-rules.csv", code, kind)
}

func seedHolidays(ctx context.Context, tx *sql.Tx) error {
	// A day that an administrator has taken out must not come back, so the
	// calendar is only ever seeded for years it knows nothing about.
	const years = `select distinct extract(year from date)::int::text from holidays`
	known := map[string]bool{}
	rows, err := tx.QueryContext(ctx, years)
	if err != nil {
		return fmt.Errorf("read calendar years: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var year string
		if err := rows.Scan(&year); err != nil {
			return fmt.Errorf("read calendar years: %w", err)
		}
		known[year] = true
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("read calendar years: %w", err)
	}
	days, err := seedTable("calendar.csv")
	if err != nil {
		return err
	}
	const add = `
		insert into holidays (date, kind, name, certainty) values ($1, $2, $3, $4)
		on conflict (date) do nothing`
	for _, row := range days {
		if year, _, _ := strings.Cut(row["date"], "-"); known[year] {
			continue
		}
		if _, err := tx.ExecContext(ctx, add, row["date"], row["kind"], row["name"], row["certainty"]); err != nil {
			return fmt.Errorf("seed holiday %s: %w", row["date"], err)
		}
	}
	return tellCalendar(ctx, tx)
}

// seedRules lays down the first rule of each kind of period; what officers have
// made of it since stays.
func seedRules(ctx context.Context, tx *sql.Tx) error {
	rules, err := seedTable("period-rules.csv")
	if err != nil {
		return err
	}
	const add = `
		insert into period_rules (kind, valid_from, months_before, from_day, to_day, working_days, due_inclusive,
			due_cutoff, due_shift, window_source, window_certainty, due_source, due_certainty)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		on conflict (kind) where replaces is null do nothing`
	for _, r := range rules {
		if _, err := tx.ExecContext(ctx, add, r["kind"], r["valid_from"], r["months_before"], r["from_day"], r["to_day"],
			r["working_days"], r["due_inclusive"], r["due_cutoff"], r["due_shift"], r["window_source"],
			r["window_certainty"], r["due_source"], r["due_certainty"]); err != nil {
			return fmt.Errorf("seed rule of %s: %w", r["kind"], err)
		}
	}
	return nil
}

// seedForms publishes every form-*.json. A published version
// never changes: an edited file needs a new version number.
func seedForms(ctx context.Context, tx *sql.Tx) error {
	const add = `
		insert into form_versions (form, version, title, content) values ($1, $2, $3, $4)
		on conflict (form, version) do nothing`
	names, err := fs.Glob(migrations.Seed, "seed/form-*.json")
	if err != nil {
		return fmt.Errorf("list forms: %w", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(migrations.Seed, name)
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		var version form.Version
		if err := json.Unmarshal(raw, &version); err != nil {
			return fmt.Errorf("read form %s: %w", name, err)
		}
		if err := version.Validate().Err(); err != nil {
			return fmt.Errorf("read form %s: %w", name, err)
		}
		if _, err := tx.ExecContext(ctx, add, version.Code, version.Number, version.Title, raw); err != nil {
			return fmt.Errorf("seed form %s: %w", name, err)
		}
	}
	return nil
}

// seedTable reads a CSV file of the seed, rows by column name, texts in NFC.
func seedTable(name string) ([]map[string]string, error) {
	raw, err := fs.ReadFile(migrations.Seed, path.Join("seed", name))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	records, err := csv.NewReader(strings.NewReader(norm.NFC.String(string(raw)))).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("read %s: empty", name)
	}
	table := make([]map[string]string, 0, len(records)-1)
	for _, record := range records[1:] {
		row := make(map[string]string, len(record))
		for i, column := range records[0] {
			row[column] = record[i]
		}
		table = append(table, row)
	}
	return table, nil
}
