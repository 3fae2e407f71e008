package storage

import (
	"context"
	"time"
)

// presenceLasts is how long a person counts as present after their page was last
// heard of. Pages tell every 20 s, so two lost calls do not make anybody vanish.
const presenceLasts = 60 * time.Second

// Presence is a person who has a document's draft open.
type Presence struct {
	Person int64  `db:"person_id"`
	Name   string `db:"name"`
	Place  string `db:"place"` // path below the document: "sections/II.2", "figures/3"; empty: its own page
}

// MarkPresent notes that the person has this place of the document open now. It
// is called by a page that is looked at, never by showing one: reading writes
// nothing. The caller has checked that the person is one of its authors.
func (s *Store) MarkPresent(ctx context.Context, id string, person int64, place string) error {
	const mark = `
		insert into presences (document_id, person_id, place) values ($1, $2, $3)
		on conflict (document_id, person_id) do update
		set place = excluded.place, seen_at = clock_timestamp()`
	_, err := s.db.ExecContext(ctx, mark, id, person, place)
	return wrap("mark presence", err)
}

// Present lists who else than the person has the document open, by name. The
// caller has checked that the person is one of its authors.
func (s *Store) Present(ctx context.Context, id string, person int64) ([]Presence, error) {
	const list = `
		select e.person_id, p.name, e.place
		from presences e join persons p on p.id = e.person_id
		where e.document_id = $1 and e.person_id <> $2
		  and e.seen_at > clock_timestamp() - make_interval(secs => $3)
		order by p.name, e.person_id`
	var present []Presence
	err := s.db.SelectContext(ctx, &present, list, id, person, presenceLasts.Seconds())
	return present, wrap("list who is present", err)
}

// SweepPresences forgets who has long gone, and tells how many.
func (s *Store) SweepPresences(ctx context.Context) (int64, error) {
	const sweep = `delete from presences where seen_at < clock_timestamp() - make_interval(secs => $1)`
	result, err := s.db.ExecContext(ctx, sweep, presenceLasts.Seconds())
	if err != nil {
		return 0, wrap("sweep presences", err)
	}
	return result.RowsAffected()
}
