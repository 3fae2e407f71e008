package storage

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// Rounds is every campaign, newest first: what a search can lead to besides
// documents, and how far back it may go.
type Rounds []Round

// Round is a campaign as the search knows it.
type Round struct {
	CampaignName
	PeriodCode string       `db:"period"`
	WindowTo   calendar.Day `db:"window_to"`

	period period.Period
}

// Rounds lists the campaigns.
func (s *Store) Rounds(ctx context.Context) (Rounds, error) {
	const list = `select code, name, period, window_to from campaigns order by launched_at desc, code`
	rounds := Rounds{}
	if err := s.db.SelectContext(ctx, &rounds, list); err != nil {
		return nil, wrap("list campaigns", err)
	}
	for i := range rounds {
		var err error
		if rounds[i].period, err = foundUnder(rounds[i].PeriodCode, rounds[i].WindowTo); err != nil {
			return nil, wrap("read campaign "+rounds[i].Code, err)
		}
	}
	return rounds, nil
}

// foundUnder is the period under which a campaign is looked for: an ad hoc one, which
// has none, under the quarter of its data.
func foundUnder(code string, windowTo calendar.Day) (period.Period, error) {
	if code == "" {
		return period.Of(period.Quarter, windowTo), nil
	}
	return period.Parse(code)
}

// Years lists the years in which there are reports, newest first.
func (r Rounds) Years() []int { return r.distinct(func(p period.Period) int { return p.Year }) }

// quarters is the marks of the quarters in which there are reports, newest first.
func (r Rounds) quarters() []string {
	var marks []string
	for _, quarter := range r.distinct(quarterOf) {
		marks = append(marks, quoted(markQuarter+strconv.Itoa(quarter)))
	}
	return marks
}

// distinct is the numbers of the periods, each once, the highest first.
func (r Rounds) distinct(number func(period.Period) int) []int {
	var all []int
	for _, one := range r {
		all = append(all, number(one.period))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	slices.Reverse(all)
	return all
}

// Named finds campaigns whose name has words that begin with each word of the
// text, newest first.
func (r Rounds) Named(text string, most int) []CampaignName {
	wanted := strings.Fields(Fold(text))
	var named []CampaignName
	for _, one := range r {
		name := " " + Fold(one.Name)
		lacks := func(word string) bool { return !strings.Contains(name, " "+word) }
		if len(named) < most && len(wanted) > 0 && !slices.ContainsFunc(wanted, lacks) {
			named = append(named, one.CampaignName)
		}
	}
	return named
}

// UnitsNamed finds units by a part of their name, their code or abbreviation,
// with or without diacritics. Codes are in capitals.
func (s *Store) UnitsNamed(ctx context.Context, text string, most int) ([]staff.Unit, error) {
	const list = `
		with named as (
			select code from units where name_key like $2
			union select code from units where code = upper($1)
			union select code from units where lower(abbreviation) = lower($3))
		select u.code, u.name, u.abbreviation from named join units u on u.code = named.code
		order by u.name_key = $1 desc, length(u.name), u.code limit $4`
	key := Fold(text)
	var units []staff.Unit
	err := s.db.SelectContext(ctx, &units, list, key, "%"+likeEscape(key)+"%", strings.TrimSpace(CleanText(text)), most)
	return units, wrap("find units", err)
}
