package volume

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/period"
)

const (
	indexForm = "cs-cchc-nam"
	// IndexYears is how many years have been assessed: the last one and those before.
	IndexYears    = 2
	indexRound    = 101 // the newest one's number among the rounds
	indexAgo      = 30  // days since the newest one's due
	proofsOfIndex = 12  // files of a self-assessment, each of several criteria
)

// IndexYear is the newest assessed year: the one that had ended when the city is
// shown.
func IndexYear(now time.Time) int { return calendar.DayOf(now.UTC()).Year() - 1 }

// IndexCampaign is the code of the campaign that assesses a year.
func IndexCampaign(year int) string { return fmt.Sprintf("cs-%dy", year) }

// indexCampaigns ask every unit for its self-assessment of each year.
func (m *maker) indexCampaigns(ladder, confirm string) error {
	newest := IndexYear(m.now)
	for back := range IndexYears {
		year, due := newest-back, calendar.DayOf(m.now).Add(-indexAgo-365*back).Start()
		code, last := IndexCampaign(year), calendar.DayOf(due).Add(-1)
		if err := m.exec(`
			with added as (
				insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to,
					due_day, due_inclusive, due_shift, due_at, ladder, confirm_ladder, guidance, launched_by, launched_at, started_at)
				values ($1, $2, 'index', $3, '`+indexForm+`', 1, $4, $5, $6, $7, true, 'none', $8, $9, $10, '1400/SNV-CCHC',
					(select id from persons where username = '`+Officer+`'), $11, $11)
			) insert into rounds values ($12, $1, $11, $8, '`+scored+`')`,
			code, uuid.NewSHA1(uuid.NameSpaceOID, []byte(code)), fmt.Sprintf(text.Index, year), fmt.Sprintf("%dy", year),
			calendar.Date(year, time.January, 1), calendar.Date(year, time.December, 31), last, due, ladder, confirm,
			last.Add(-daysOpen).Start(), indexRound+back); err != nil {
			return err
		}
	}
	return nil
}

// indexContents are the self-assessments that units share, with their answers and
// files. A day in an answer lies in the newest year: in those before it is early.
func (m *maker) indexContents() error {
	var raw []byte
	if err := m.conn.QueryRowContext(m.ctx, `select content from form_versions where form = '`+indexForm+`' and version = 1`).Scan(&raw); err != nil {
		return err
	}
	var version form.Version
	if err := json.Unmarshal(raw, &version); err != nil {
		return err
	}
	if err := m.all(`create temp table content_answer (v int, criterion text, answer jsonb)`,
		`create temp table content_file (v int, hash text, name text)`,
		`create temp table content_score (v int, criterion text, field text, place int, most int, self int, out boolean)`,
		`create temp table content_field (field text, owner text, place int, todo int)`); err != nil {
		return err
	}
	year := IndexYear(m.now)
	for v := range contents {
		c := writeAssessment(version, v, year)
		if found := version.Check(c, form.Context{Own: period.Period{Kind: period.Year, Year: year, Number: 1}}).Errors; found != nil {
			return found
		}
		if err := errors.Join(m.keep(v, scored, c), m.keepAnswers(v, c), m.keepScores(v, *version.Index, c, year)); err != nil {
			return err
		}
	}
	return errors.Join(m.keepFields(*version.Index), m.all(`analyze content_answer`, `analyze content_file`, `analyze content_score`))
}

// writeAssessment makes the self-assessment numbered v.
func writeAssessment(version form.Version, v, year int) form.Content {
	c := form.Content{Form: version.Code, FormVersion: version.Number, Sections: map[string]string{}, Figures: map[string]form.Figure{}}
	for i, section := range version.Sections {
		c.Sections[section.Code] = fmt.Sprintf(text.Sentences[(v+i)%len(text.Sentences)], 3+v, 1+i)
	}
	for n := range proofsOfIndex {
		name := fmt.Sprintf(text.Proofs[n%len(text.Proofs)], v*proofsOfIndex+n+1)
		c.Files = append(c.Files, form.FileRef{Name: name, Hash: form.HashOf([]byte(name))})
	}
	for i, criterion := range version.Index.Criteria {
		if criterion.Asked() {
			c.Answers = append(c.Answers, answer(criterion, v, i, year, c.Files))
		}
	}
	c.Answers = version.Index.Arrange(c.Answers)
	return c
}

// answer is one in full or nearly so; now and then something was late or left out,
// does not apply, or is claimed otherwise.
func answer(c par.Criterion, v, i, year int, files []form.FileRef) par.Answer {
	luck := (v*7 + i*13) % 20
	a := par.Answer{Criterion: c.Code, NotApplicable: c.MayNotApply && luck == 0, Items: map[string]bool{}}
	if a.NotApplicable {
		a.Explanation = text.NotApplicable
		return c.Clean(a)
	}
	yes := luck > 1
	of, done, cases := decimal.Of(int64(10+(v+i)%40)), decimal.Of(int64(10+(v+i)%40-luck%4)), decimal.Of(int64(luck%3))
	a.Yes, a.Of, a.Done, a.Number = &yes, &of, &done, &cases
	if c.Rule.Deadline != nil && yes {
		day := c.Rule.Deadline.In(year).Add(luck - 15)
		a.Day = &day
	}
	for k, item := range c.Rule.Items {
		a.Items[item.Code] = (luck+k)%6 > 0
	}
	if c.Evidence == par.EvidenceRequired {
		a.Evidence = []string{files[i/5%len(files)].Hash}
	}
	if byRule := c.ByRule(a, year); luck == 5 && byRule.Known && byRule.Points < c.Max {
		claim := c.Max
		a.Claim, a.Explanation = &claim, text.Claim
	}
	return c.Clean(a)
}

func (m *maker) keepAnswers(v int, c form.Content) error {
	var criteria, answers, hashes, names []string
	for _, a := range c.Answers {
		raw, err := json.Marshal(a)
		if err != nil {
			return err
		}
		criteria, answers = append(criteria, a.Criterion), append(answers, string(raw))
	}
	for _, file := range c.Files {
		hashes, names = append(hashes, file.Hash), append(names, file.Name)
	}
	return errors.Join(
		m.exec(`insert into content_answer select $1, * from unnest($2::text[], $3::jsonb[])`, v, pq.Array(criteria), pq.Array(answers)),
		m.exec(`insert into content_file select $1, * from unnest($2::text[], $3::text[])`, v, pq.Array(hashes), pq.Array(names)))
}

// answers are what stands in the newest year's drafts, and the rows of their files.
// Of the years before, what was frozen is enough: nobody opens those drafts.
func (m *maker) answers() error {
	return m.all(`
		insert into files (hash, size, media_type, stored_at)
		select distinct on (hash) hash, 240000, 'application/pdf', (select min(launched) from rounds where written = '`+scored+`') from content_file`, `
		insert into draft_answers (document_id, criterion, answer, version, updated_by, updated_at)
		select p.id, a.criterion, a.answer, p.revision, d.person, p.first - interval '1 hour'
		from plan p join desk d on d.unit_code = p.unit and d.role = 'specialist'
		join content_answer a on a.v = (p.v + p.revision) % 48
		where p.c = `+fmt.Sprint(indexRound)+` order by p.n, a.criterion`, `
		insert into draft_files (document_id, hash, name, added_by, added_at)
		select p.id, f.hash, f.name, d.person, p.first - interval '1 hour'
		from plan p join desk d on d.unit_code = p.unit and d.role = 'specialist'
		join content_file f on f.v = (p.v + p.revision) % 48
		where p.c = `+fmt.Sprint(indexRound)+` order by p.n, f.hash`)
}
