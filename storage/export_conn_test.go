package storage

import (
	"context"
	"database/sql"
)

// Conn is a connection of the store's own pool: of the only one, where MaxConns
// is 1, with every statement that has been run and is kept prepared.
func (s *Store) Conn(ctx context.Context) (*sql.Conn, error) { return s.db.DB.Conn(ctx) }
