package storage

import "context"

// SetFirstLook closes the guided first look for a person, or opens it again.
func (s *Store) SetFirstLook(ctx context.Context, person int64, open bool) error {
	const set = `update persons set first_look_closed_at = case when $2 then null
		else coalesce(first_look_closed_at, clock_timestamp()) end where id = $1`
	_, err := s.db.ExecContext(ctx, set, person, open)
	return wrap("set first look", err)
}
