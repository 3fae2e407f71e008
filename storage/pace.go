package storage

import (
	"context"
	"time"

	"github.com/lib/pq"

	"cchc/domain/document"
)

// Signed is one earlier document of a unit: its way from desk to desk until it was
// signed for the first time.
type Signed struct {
	At       time.Time
	Arrivals []document.Arrival
}

// signedBefore is the ways of the newest signed documents of each one's unit and kind,
// besides itself. One statement a page: $1 the documents, $2 how many of each.
const signedBefore = `
		select o.id as of, e.id, e.first_signed_at as signed, h.to_stage as stage, h.at
		from unnest($1::text[]) as o (id)
		join documents d on d.id = o.id
		cross join lateral (
			select x.id, x.first_signed_at from documents x
			where x.unit_code = d.unit_code and x.kind = d.kind and x.id <> d.id and x.first_signed_at is not null
			order by x.created_at desc limit $2) e
		join history h on h.document_id = e.id and h.from_stage <> h.to_stage and h.at <= e.first_signed_at
		order by o.id, e.id, h.id`

// SignedBefore reads, for each document, what the unit signed before of the same kind,
// RiskLooksAt of them at most. The caller reads the documents within the reader's scope.
func (s *Store) SignedBefore(ctx context.Context, ids []string) (map[string][]Signed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var rows []struct {
		Of     string         `db:"of"`
		ID     string         `db:"id"`
		Signed time.Time      `db:"signed"`
		Stage  document.Stage `db:"stage"`
		At     time.Time      `db:"at"`
	}
	if err := s.db.SelectContext(ctx, &rows, signedBefore, pq.Array(ids), document.RiskLooksAt); err != nil {
		return nil, wrap("read earlier documents", err)
	}
	before := map[string][]Signed{}
	last := ""
	for _, row := range rows {
		list := before[row.Of]
		if key := row.Of + " " + row.ID; key != last {
			list, last = append(list, Signed{At: row.Signed}), key
		}
		one := &list[len(list)-1]
		one.Arrivals = append(one.Arrivals, document.Arrival{Stage: row.Stage, At: row.At})
		before[row.Of] = list
	}
	return before, nil
}
