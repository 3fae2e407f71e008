package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"cchc/domain/outage"
)

// watchHealth is the setting in which the separate watcher's word about itself stands.
const watchHealth = "watch_health"

// KeepWatchHealth keeps how the watcher stands, as it told last.
func (s *Store) KeepWatchHealth(ctx context.Context, health outage.Health) error {
	const keep = `
		insert into settings (key, value) values ($1, $2)
		on conflict (key) do update set value = excluded.value where settings.value <> excluded.value`
	text, err := json.Marshal(health)
	if err != nil {
		return fmt.Errorf("keep health of the watcher: %w", err)
	}
	_, err = s.db.ExecContext(ctx, keep, watchHealth, string(text))
	return wrap("keep health of the watcher", err)
}

// WatchHealth is how the watcher stands; told: it has said so at all.
func (s *Store) WatchHealth(ctx context.Context) (health outage.Health, told bool, err error) {
	var text string
	err = s.db.GetContext(ctx, &text, `select value from settings where key = $1`, watchHealth)
	if errors.Is(err, sql.ErrNoRows) {
		return health, false, nil
	}
	if err != nil {
		return health, false, wrap("read health of the watcher", err)
	}
	if err := json.Unmarshal([]byte(text), &health); err != nil {
		return health, false, fmt.Errorf("read health of the watcher: %w", err)
	}
	return health, true, nil
}
