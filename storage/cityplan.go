package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/rule"
)

// CityPlanNamed says whose plan of a launched campaign is the city's own from now on.
type CityPlanNamed struct {
	Campaign string
	Unit     string // empty: nobody's
	Reason   string
	By       Audit // who asks, from where; what is done is filled in
}

// NameCityPlan names the city's own plan of a launched campaign, or takes the name
// away while no unit's task carries out one of its tasks. What stands already is
// named once. rule.Errors: why not. ErrNotFound: no campaign of plans.
func (s *Store) NameCityPlan(ctx context.Context, n CityPlanNamed) error {
	n.Reason = strings.TrimSpace(CleanText(n.Reason))
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		const lock = `select coalesce(city_unit, '') from campaigns where code = $1 and kind = $2 for no key update`
		var before string
		if err := tx.GetContext(ctx, &before, lock, n.Campaign, document.Plan); err != nil {
			return wrap("name the city's plan of "+n.Campaign, err)
		}
		if before == n.Unit {
			return nil
		}
		if err := n.allowed(ctx, tx, before); err != nil {
			return err
		}
		const name = `update campaigns set city_unit = nullif($2, '') where code = $1`
		if _, err := tx.ExecContext(ctx, name, n.Campaign, n.Unit); err != nil {
			return wrap("name the city's plan", err)
		}
		const tell = `select pg_notify($1, 'c:' || $2::text)`
		if _, err := tx.ExecContext(ctx, tell, ChannelLive, n.Campaign); err != nil {
			return wrap("tell open pages", err)
		}
		n.By.Action, n.By.Object = AuditCityPlan, n.Campaign
		n.By.Detail = map[string]any{"before": before, "unit": n.Unit, "reason": n.Reason}
		return addAudit(ctx, tx, n.By)
	})
}

// allowed asks the rules under the campaign's lock.
func (n CityPlanNamed) allowed(ctx context.Context, tx *sqlx.Tx, before string) error {
	if n.Reason == "" {
		return rule.Broken(campaign.CityNoReason, "reason")
	}
	const asked = `select $2 = '' or exists (select from documents where campaign = $1 and unit_code = $2)`
	var inRoster bool
	if err := tx.GetContext(ctx, &inRoster, asked, n.Campaign, n.Unit); err != nil {
		return wrap("look for the city's plan", err)
	}
	if !inRoster {
		return rule.Broken(campaign.CityAbsent, "")
	}
	if before == "" {
		return nil
	}
	const linked = `
		select (select count(*) from documents d join draft_tasks t on t.document_id = d.id
		        where d.campaign = $1 and not t.removed and t.task ->> 'city' <> '')
		     + (select count(*) from plan_tasks t
		        where t.campaign = $1 and t.city_key is not null and t.cancelled_at is null
		          and not exists (select from draft_tasks f where f.document_id = t.document_id and f.key = t.key and not f.removed))
		     + (select count(*) from plan_adjustments a join adjusted_tasks t on t.adjustment_id = a.id
		        where a.campaign = $1 and a.ended_at is null and not t.dropped and t.kind <> 'removed' and t.task ->> 'city' <> '')`
	var tasks int
	if err := tx.GetContext(ctx, &tasks, linked, n.Campaign); err != nil {
		return wrap("count what carries out the city's plan", err)
	}
	if tasks > 0 {
		return rule.Broken(campaign.CityInUse, "", fmt.Sprint(tasks))
	}
	return nil
}
