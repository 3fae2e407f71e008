package volume

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/plan"
)

const (
	planForm = "kh-cchc-nam"
	// TasksOfPlan is how many tasks each plan has.
	TasksOfPlan = 60
	planRound   = 100 // its number among the rounds: long done, like those of years ago
	planDue     = 3   // quarters ago
)

// year is that of the plans that live.
func (m *maker) year() int { return calendar.DayOf(m.now).Year() }

// planCampaign asks every unit for the year's plan.
func (m *maker) planCampaign(ladder, confirm string) error {
	year, due := m.year(), m.due(planDue)
	code, last := PlanCampaign(year), calendar.DayOf(due).Add(-1)
	return m.exec(`
		with added as (
			insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to,
				due_day, due_inclusive, due_shift, due_at, ladder, confirm_ladder, guidance, launched_by, launched_at, started_at)
			values ($1, $2, 'plan', $3, '`+planForm+`', 1, $4, $5, $6, $7, true, 'none', $8, $9, $10, '1300/SNV-CCHC',
				(select id from persons where username = '`+Officer+`'), $11, $11)
		) insert into rounds values ($12, $1, $11, $8, '`+yearly+`')`,
		code, uuid.NewSHA1(uuid.NameSpaceOID, []byte(code)), fmt.Sprintf(text.Plan, year), fmt.Sprintf("%dy", year),
		calendar.Date(year, time.January, 1), calendar.Date(year, time.December, 31), last, due, ladder, confirm,
		last.Add(-daysOpen).Start(), planRound)
}

// PlanCampaign is the code of the campaign of a year's plans.
func PlanCampaign(year int) string { return fmt.Sprintf("kh-%dy", year) }

// planContents are the plans that units share, with the last day of each task.
func (m *maker) planContents() error {
	var raw []byte
	if err := m.conn.QueryRowContext(m.ctx, `select content from form_versions where form = '`+planForm+`' and version = 1`).Scan(&raw); err != nil {
		return err
	}
	var version form.Version
	if err := json.Unmarshal(raw, &version); err != nil {
		return err
	}
	if err := m.exec(`create temp table content_task (v int, place int, key text, task jsonb, last_day date, ends_at timestamptz)`); err != nil {
		return err
	}
	days, err := m.calendar()
	if err != nil {
		return err
	}
	year := period.Period{Kind: period.Year, Year: m.year(), Number: 1}
	for v := range contents {
		c := writePlan(version, v, m.year())
		if found := version.Check(c, form.Context{Own: year}).Errors; found != nil {
			return found
		}
		if err := m.keep(v, yearly, c); err != nil {
			return err
		}
		if err := m.keepTasks(v, version.Plan.Deadline, days, c.Tasks); err != nil {
			return err
		}
	}
	return m.exec(`analyze content_task`)
}

// calendar is that of the database.
func (m *maker) calendar() (calendar.Calendar, error) {
	var marks []calendar.Mark
	rows, err := m.conn.QueryContext(m.ctx, `select date, kind from holidays`)
	if err != nil {
		return calendar.Calendar{}, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one calendar.Mark
		if err := rows.Scan(&one.Date, &one.Kind); err != nil {
			return calendar.Calendar{}, err
		}
		marks = append(marks, one)
	}
	return calendar.New(marks), rows.Err()
}

// writePlan makes the plan numbered v.
func writePlan(version form.Version, v, year int) form.Content {
	c := form.Content{Form: version.Code, FormVersion: version.Number, Sections: map[string]string{}, Figures: map[string]form.Figure{}}
	for i, section := range version.Sections {
		c.Sections[section.Code] = fmt.Sprintf(text.Sentences[(v+i)%len(text.Sentences)], 3+v, 1+i)
	}
	fields, products := version.Plan.Fields, version.Plan.Products
	for n := range TasksOfPlan {
		kind := products[(n+v)%len(products)]
		c.Tasks = append(c.Tasks, plan.Task{
			Key: fmt.Sprintf("t%d", n+1), Field: fields[n%len(fields)].Code, Name: fmt.Sprintf(text.Tasks[n%len(text.Tasks)], 1+n+v%9),
			Product: kind.Name, ProductKind: kind.Code, Lead: plan.Party{Name: text.Leads[(n+v)%len(text.Leads)]},
			Coordinating: []plan.Party{{Name: text.Leads[(n+v+1)%len(text.Leads)]}}, Deadline: deadline(n, v, year),
		})
	}
	c.Tasks = version.Plan.Arrange(c.Tasks)
	return c
}

// deadline is mostly a quarter or a month, for some a date, and for a few no day.
func deadline(n, v, year int) plan.Deadline {
	switch kind := n % 20; {
	case kind < 9:
		return plan.InQuarter(year, 1+(n+v)%4)
	case kind < 14:
		return plan.InMonth(year, 1+(n*5+v)%12)
	case kind < 18:
		return plan.OnDay(calendar.Date(year, time.January, 8) + calendar.Day((n*37+v*11)%350))
	case kind == 18:
		return plan.Deadline{Kind: plan.Recurring}
	}
	return plan.Deadline{Kind: plan.OnRequest}
}

func (m *maker) keepTasks(v int, rule plan.DeadlineRule, days calendar.Calendar, tasks []plan.Task) error {
	var keys, rows []string
	var lasts, ends []any
	for _, task := range tasks {
		raw, err := json.Marshal(task)
		if err != nil {
			return err
		}
		keys, rows = append(keys, task.Key), append(rows, string(raw))
		var last, end any
		if day, named := task.Deadline.LastDay(rule, days); named {
			at, _ := task.Deadline.LastInstant(rule, days)
			last, end = day.String(), at
		}
		lasts, ends = append(lasts, last), append(ends, end)
	}
	return m.exec(`insert into content_task select $1, t.n, t.key, t.task::jsonb, t.last_day, t.ends_at
		from unnest($2::text[], $3::text[], $4::date[], $5::timestamptz[]) with ordinality as t (key, task, last_day, ends_at, n)`,
		v, pq.Array(keys), pq.Array(rows), pq.Array(lasts), pq.Array(ends))
}

// livingPlans are the approved plans with what has become of each task: of those
// whose time has passed most are completed, some late; of the others some ahead.
func (m *maker) livingPlans() error {
	if err := m.exec(`
		insert into draft_tasks (document_id, key, place, task, version, updated_by, updated_at)
		select p.id, t.key, t.place, t.task, 1 + p.revision, d.person, p.first - interval '2 hours'
		from plan p join desk d on d.unit_code = p.unit and d.role = 'specialist'
		join content_task t on t.v = (p.v + p.revision) % 48
		where p.written = '` + yearly + `' and p.status <> 'exempt'`); err != nil {
		return err
	}
	if err := m.exec(`
		insert into plan_trackings (document_id, revision, rung_at, wake_at, run_id, created_at)
		select id, approved_revision, $1, $1::timestamptz + interval '1 year', 'volume', closed_at from documents
		where kind = 'plan' and stage = 'approved'`, m.now); err != nil {
		return err
	}
	if err := m.exec(`
		create temp table lived as
		with drawn as materialized (
			select d.id, d.campaign, d.unit_code, d.unit_group, d.closed_at, k.person, t.place, t.key, t.task, t.last_day, t.ends_at,
			       pg_temp.luck(d.id || t.key, 'task') as luck, $1::timestamptz as now
			from plan p join documents d on d.id = p.id
			join desk k on k.unit_code = d.unit_code and k.role = 'specialist'
			join content_task t on t.v = (p.v + p.revision) % 48
			where p.written = '`+yearly+`' and d.stage = 'approved'
		), told as (
			select *, case
				when ends_at <= now and luck < 60 then last_day + 3 + luck % 9
				when ends_at <= now and luck < 880 then last_day - luck % 12
				when ends_at > now and luck < 90 or ends_at is null and luck < 200 then now::date - 1 - luck % 20 end as done
			from drawn
		)
		select *, row_number() over (order by done, id, key) as entry,
		       case when done is null and luck % 3 > 0 then 10 * (1 + luck % 8) end as percent
		from (select id, campaign, unit_code, unit_group, closed_at, person, place, key, task, last_day, ends_at, luck,
		             case when done < now::date and done >= closed_at::date then done end as done from told) t`, m.now); err != nil {
		return err
	}
	return m.all(`analyze lived`, `
		insert into task_entries (id, key, document_id, task, kind, number, issued_on, title, note, person_id, role, unit_code, at)
		overriding system value
		select entry, md5('entry' || entry)::uuid, id, key, 'result', entry || '/BC-' || unit_code, done, '`+text.Result+`', '`+text.Result+`',
		       person, 'specialist', unit_code, done::timestamptz + interval '9 hours'
		from lived where done is not null order by entry`,
		`select setval(pg_get_serial_sequence('task_entries', 'id'), (select greatest(max(id), 1) from task_entries))`, `
		insert into plan_tasks (document_id, key, campaign, unit_code, place, task, last_day, ends_at, started_at, percent, done_on, result_id, lead_unit, lead_group)
		select id, key, campaign, unit_code, place, task, last_day, ends_at,
		       case when done is not null or percent is not null then closed_at + interval '20 days' end, percent, done,
		       case when done is not null then entry end, unit_code, unit_group
		from lived order by id, place`,
		`insert into task_tallies select *, true from counted_tasks`, `insert into plan_leads select * from counted_leads`)
}
