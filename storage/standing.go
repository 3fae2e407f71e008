package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

// withStanding is the calendar with the days on which the clocks of delays stand still,
// as of now by the database's clock.
func withStanding(ctx context.Context, q sqlx.QueryerContext, days calendar.Calendar) (calendar.Calendar, error) {
	confirmed, now, err := confirmedOutages(ctx, q)
	if err != nil || len(confirmed) == 0 {
		return days, err
	}
	return days.Standing(outage.StandingDays(days, confirmed, now)), nil
}

// confirmedOutages reads every outage that an officer has confirmed, with its rule, and
// the database's clock where there is any. There are a few a year.
func confirmedOutages(ctx context.Context, q sqlx.QueryerContext) ([]outage.Confirmed, time.Time, error) {
	const list = `
		select o.id, o.began_at, o.ended_at, r.rule, clock_timestamp() as now
		from outages o join outage_rules r on r.id = o.rule
		where o.confirmed_at is not null and o.kind = 'outage' order by o.began_at`
	var rows []struct {
		ID    int64      `db:"id"`
		Began time.Time  `db:"began_at"`
		Ended *time.Time `db:"ended_at"`
		Rule  []byte     `db:"rule"`
		Now   time.Time  `db:"now"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list); err != nil {
		return nil, time.Time{}, wrap("list confirmed outages", err)
	}
	if len(rows) == 0 {
		return nil, time.Time{}, nil
	}
	confirmed := make([]outage.Confirmed, len(rows))
	for i, row := range rows {
		one := outage.Confirmed{ID: row.ID, Span: outage.Span{From: row.Began}}
		if row.Ended != nil {
			one.To = *row.Ended
		}
		if err := json.Unmarshal(row.Rule, &one.Rule); err != nil {
			return nil, time.Time{}, fmt.Errorf("read rule of outage %d: %w", row.ID, err)
		}
		confirmed[i] = one
	}
	return confirmed, rows[0].Now, nil
}
