package storage

import (
	"context"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/staff"
)

const unitColumns = `code, abbreviation, name, unit_group, superior, agency,
	signer_capacity, symbol, place, valid_from, valid_to`

// Unit reads one unit, in force or not.
func (s *Store) Unit(ctx context.Context, code string) (staff.Unit, error) {
	var unit staff.Unit
	err := s.db.GetContext(ctx, &unit, `select `+unitColumns+` from units where code = $1`, code)
	return unit, wrap("read unit "+code, err)
}

// Units lists the units in force today: departments first, then by name in
// Vietnamese order.
func (s *Store) Units(ctx context.Context) ([]staff.Unit, error) {
	const read = `select ` + unitColumns + ` from units
		where valid_from <= $1 and (valid_to is null or valid_to >= $1)
		order by unit_group <> 'department', name collate "vi-x-icu"`
	now, err := s.Now(ctx)
	if err != nil {
		return nil, err
	}
	var units []staff.Unit
	err = s.db.SelectContext(ctx, &units, read, calendar.DayOf(now))
	return units, wrap("read units", err)
}

// unitBytes is what is kept of documents' units: some 100 bytes each, as many
// documents as are worked on in a quarter many times over.
const unitBytes = 4 << 20

// DocumentUnit is the code of the unit whose document it is: what access is
// decided by before anything else of the document is read. It never changes, so it
// is read from the database once.
func (s *Store) DocumentUnit(ctx context.Context, document string) (string, error) {
	unit, known := s.units.Get(document)
	if known {
		return unit, nil
	}
	if err := s.db.GetContext(ctx, &unit, `select unit_code from documents where id = $1`, document); err != nil {
		return "", wrap("read unit of document", err)
	}
	s.units.Keep(document, unit, 100+len(document)+len(unit))
	return unit, nil
}

// SettingNumber reads a whole number that an administrator may have set; the
// default holds while the row is absent or is no positive number.
func (s *Store) SettingNumber(ctx context.Context, key string, usual int) (int, error) {
	var text []string
	if err := s.db.SelectContext(ctx, &text, `select value from settings where key = $1`, key); err != nil {
		return 0, wrap("read setting "+key, err)
	}
	if len(text) == 1 {
		if n, err := strconv.Atoi(text[0]); err == nil && n > 0 {
			return n, nil
		}
	}
	return usual, nil
}
