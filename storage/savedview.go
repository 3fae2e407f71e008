package storage

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/jmoiron/sqlx"

	"cchc/domain/rule"
)

// Codes of a saved view that cannot be taken, at the field "name".
const (
	ViewNameMissing rule.Code = "view_name_missing"
	ViewNameLong    rule.Code = "view_name_long" // args: the most letters allowed
	ViewNameTaken   rule.Code = "view_name_taken"
	ViewsMany       rule.Code = "views_many" // args: the most views allowed
)

// Limits of saved views.
const (
	ViewNameMax = 60 // letters
	ViewsMax    = 20 // of one person
)

// SavedView is a person's own filter of "my tasks" under a name.
type SavedView struct {
	ID    int64  `db:"id"`
	Name  string `db:"name"`
	Query string `db:"query"` // parameters of the list's address
	Home  bool   `db:"home"`  // the person's first page
}

// SavedViews lists a person's views by name.
func (s *Store) SavedViews(ctx context.Context, person int64) ([]SavedView, error) {
	const list = `
		select id, name, query, home from saved_views where person_id = $1
		order by name collate "vi-x-icu", id`
	var views []SavedView
	err := s.db.SelectContext(ctx, &views, list, person)
	return views, wrap("list saved views", err)
}

// HomeView is the query of the view that the person's first page opens; empty
// when they have chosen none.
func (s *Store) HomeView(ctx context.Context, person int64) (string, error) {
	const read = `select query from saved_views where person_id = $1 and home`
	var query string
	err := s.db.GetContext(ctx, &query, read, person)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return query, wrap("read home view", err)
}

// SaveView keeps a filter under a name; the same filter under the same name is
// kept already. rule.Errors: the name, or that there are too many.
func (s *Store) SaveView(ctx context.Context, person int64, v SavedView) error {
	name, broken := viewName(v.Name)
	if broken != nil {
		return broken
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockViews(ctx, tx, person); err != nil {
			return err
		}
		var known struct {
			Views int  `db:"views"`
			Taken bool `db:"taken"`
			Same  bool `db:"same"`
		}
		const look = `
			select count(*) as views, count(*) filter (where name_key = $2) > 0 as taken,
			       count(*) filter (where name_key = $2 and query = $3) > 0 as same
			from saved_views where person_id = $1`
		if err := tx.GetContext(ctx, &known, look, person, viewKey(name), v.Query); err != nil {
			return wrap("look at saved views", err)
		}
		switch {
		case known.Taken && !known.Same:
			return rule.Broken(ViewNameTaken, "name")
		case !known.Taken && known.Views >= ViewsMax:
			return rule.Broken(ViewsMany, "name", ViewsMax)
		}
		const add = `
			insert into saved_views (person_id, name, name_key, query) values ($1, $2, $3, $4)
			on conflict (person_id, name_key) do update set name = excluded.name
			returning id`
		var id int64
		if err := tx.GetContext(ctx, &id, add, person, name, viewKey(name), v.Query); err != nil || !v.Home {
			return wrap("save view", err)
		}
		return makeHome(ctx, tx, person, id)
	})
}

// RenameView gives a person's view another name.
func (s *Store) RenameView(ctx context.Context, person, id int64, to string) error {
	name, broken := viewName(to)
	if broken != nil {
		return broken
	}
	const rename = `update saved_views set name = $3, name_key = $4 where id = $2 and person_id = $1`
	result, err := s.db.ExecContext(ctx, rename, person, id, name, viewKey(name))
	if uniqueViolation(err, "saved_views_person_id_name_key_key") {
		return rule.Broken(ViewNameTaken, "name")
	}
	return oneRow(result, err, "rename view", ErrNotFound)
}

// RemoveView forgets a person's view. One that is gone already is no error.
func (s *Store) RemoveView(ctx context.Context, person, id int64) error {
	const remove = `delete from saved_views where id = $2 and person_id = $1`
	_, err := s.db.ExecContext(ctx, remove, person, id)
	return wrap("remove view", err)
}

// SetHomeView makes a view the person's first page; 0 goes back to the plain
// list.
func (s *Store) SetHomeView(ctx context.Context, person, id int64) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := lockViews(ctx, tx, person); err != nil {
			return err
		}
		return makeHome(ctx, tx, person, id)
	})
}

func makeHome(ctx context.Context, tx *sqlx.Tx, person, id int64) error {
	const none = `update saved_views set home = false where person_id = $1 and home and id <> $2`
	if _, err := tx.ExecContext(ctx, none, person, id); err != nil || id == 0 {
		return wrap("leave home view", err)
	}
	const one = `update saved_views set home = true where person_id = $1 and id = $2`
	result, err := tx.ExecContext(ctx, one, person, id)
	return oneRow(result, err, "set home view", ErrNotFound)
}

// lockViews keeps two forms of one person apart, so that their views are
// counted rightly.
func lockViews(ctx context.Context, tx *sqlx.Tx, person int64) error {
	_, err := tx.ExecContext(ctx, `select from persons where id = $1 for no key update`, person)
	return wrap("lock saved views", err)
}

func viewName(typed string) (string, rule.Errors) {
	name := strings.Join(strings.Fields(CleanText(typed)), " ")
	switch letters := len([]rune(name)); {
	case letters == 0:
		return "", rule.Broken(ViewNameMissing, "name")
	case letters > ViewNameMax:
		return "", rule.Broken(ViewNameLong, "name", ViewNameMax)
	}
	return name, nil
}

func viewKey(name string) string { return strings.ToLower(name) }
