package storage

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// AddNotices is addNotices in a transaction of its own.
func (s *Store) AddNotices(ctx context.Context, notices []Notice) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error { return addNotices(ctx, tx, notices) })
}

// AddNoticesForLaunch is addNoticesForLaunch in a transaction of its own.
func (s *Store) AddNoticesForLaunch(ctx context.Context, campaign string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error { return addNoticesForLaunch(ctx, tx, campaign) })
}
