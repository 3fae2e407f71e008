package volume

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/form"
	"cchc/domain/period"
)

const formCode = "bc-cchc-quy"

// campaigns are one a quarter, the newest numbered 0. Their names are as an
// officer would write them.
func (m *maker) campaigns() error {
	ladder, err := json.Marshal(period.DefaultLadder())
	if err != nil {
		return err
	}
	confirm, err := json.Marshal(campaign.DefaultConfirmLadder())
	if err != nil {
		return err
	}
	if err := m.exec(`create temp table rounds (c int primary key, code text, launched timestamptz, due timestamptz, written text)`); err != nil {
		return err
	}
	newest := calendar.DayOf(m.now)
	quarter := newest.Year()*4 + (int(newest.Month())-1)/3
	for c := range m.size.Campaigns {
		due := m.due(c)
		year, number := (quarter-c)/4, (quarter-c)%4+1
		code, last := fmt.Sprintf("bc-%dq%d", year, number), calendar.DayOf(due).Add(-1)
		kind := brief
		if c < m.size.Full || c >= 4 && c < 4+m.size.Full {
			kind = full
		}
		key := uuid.NewSHA1(uuid.NameSpaceOID, []byte(code))
		if err := m.exec(`
			with added as (
				insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to,
					due_day, due_inclusive, due_shift, due_at, ladder, confirm_ladder, guidance, launched_by, launched_at, started_at)
				values ($1, $2, 'report', $3, '`+formCode+`', 1, $4, $5, $6, $7, true, 'none', $8, $9, $10, '1250/SNV-CCHC',
					(select id from persons where username = '`+Officer+`'), $11, $11)
			) insert into rounds values ($12, $1, $11, $8, $13)`,
			code, key, fmt.Sprintf(text.Campaign, text.Quarters[number-1], year),
			fmt.Sprintf("%dq%d", year, number), last.Add(-100), last.Add(-10), last, due, string(ladder), string(confirm),
			last.Add(-daysOpen).Start(), c, kind); err != nil {
			return err
		}
	}
	if err := m.planCampaign(string(ladder), string(confirm)); err != nil {
		return err
	}
	return m.indexCampaigns(string(ladder), string(confirm))
}

// contents are the reports that documents share: as many that each unit's differ
// from its neighbours'. Full ones have every section and figure; brief ones, of
// years ago, a paragraph each and the first figures; plans a table of tasks;
// self-assessments an answer to every criterion.
const contents = 48

// How a round's documents are written.
const (
	brief  = "brief"
	full   = "full"
	yearly = "plan"
	scored = "index"
)

func (m *maker) contents() error {
	var raw []byte
	const read = `select content from form_versions where form = '` + formCode + `' and version = 1`
	if err := m.conn.QueryRowContext(m.ctx, read).Scan(&raw); err != nil {
		return err
	}
	var version form.Version
	if err := json.Unmarshal(raw, &version); err != nil {
		return err
	}
	if err := m.all(
		`create temp table content (v int, written text, canonical jsonb, hash text, primary key (v, written))`,
		`create temp table content_section (v int, written text, section text, body text)`,
		`create temp table content_figure (v int, written text, indicator text, value numeric)`); err != nil {
		return err
	}
	for v := range contents {
		for _, complete := range []bool{false, true} {
			report := write(version, v, complete)
			if found := version.Check(report, form.Context{WindowEnd: calendar.Date(2026, time.August, 31)}).Errors; complete && found != nil {
				return found
			}
			kind := brief
			if complete {
				kind = full
			}
			if err := m.keep(v, kind, report); err != nil {
				return err
			}
		}
	}
	if err := errors.Join(m.planContents(), m.indexContents()); err != nil {
		return err
	}
	return m.all(`analyze content`, `analyze content_section`, `analyze content_figure`)
}

// write makes the report numbered v.
func write(version form.Version, v int, complete bool) form.Content {
	c := form.Content{Form: version.Code, FormVersion: version.Number, Sections: map[string]string{}, Figures: map[string]form.Figure{}}
	asked := version.Active(calendar.Date(2026, time.August, 31)) // what is asked every quarter
	paragraphs, figures := 1, 8
	if complete {
		paragraphs, figures = 6, len(asked)
	}
	for i, section := range version.Sections {
		var written []string
		for p := range paragraphs {
			written = append(written, fmt.Sprintf(text.Sentences[(v+i+p)%len(text.Sentences)], 3+(v*7+p*5+i)%60, 1+(v+p)%9))
		}
		c.Sections[section.Code] = strings.Join(written, "\n\n")
	}
	for _, indicator := range asked[:figures] {
		if indicator.Type != form.TypeRatio {
			value := Figure(version, indicator.Code, int64(100+v))
			c.Figures[indicator.Code] = form.Figure{Code: indicator.Code, Value: &value}
		}
	}
	return c
}

// Figure is a number that fits the form's checks whatever the others are: zero
// where a check names the indicator, else the one that is wanted.
func Figure(version form.Version, code string, wanted int64) form.Decimal {
	for _, check := range version.Checks {
		if slices.Contains(codePattern.FindAllString(check.Rule, -1), code) {
			return form.DecimalOf(0)
		}
	}
	return form.DecimalOf(wanted)
}

var codePattern = regexp.MustCompile(`\d+(\.\d+)+`)

func (m *maker) keep(v int, written string, c form.Content) error {
	if err := m.exec(`insert into content values ($1, $2, $3, $4)`, v, written, string(c.Canonical()), c.Hash()); err != nil {
		return err
	}
	var codes, bodies, indicators, values []string
	for code, body := range c.Sections {
		codes, bodies = append(codes, code), append(bodies, body)
	}
	for code, figure := range c.Figures {
		indicators, values = append(indicators, code), append(values, figure.Value.String())
	}
	if err := m.exec(`insert into content_section select $1, $2, * from unnest($3::text[], $4::text[]) s (c, b) order by s.c`,
		v, written, pq.Array(codes), pq.Array(bodies)); err != nil {
		return err
	}
	return m.exec(`insert into content_figure select $1, $2, * from unnest($3::text[], $4::numeric[]) f (c, n) order by f.c`,
		v, written, pq.Array(indicators), pq.Array(values))
}
