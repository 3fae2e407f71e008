package volume

// plan is what becomes of each document: its status, how it was returned once,
// and how far the chain has come since. At the authority six documents of
// twenty came back once. steps counts its decisions, the first at first, the
// last at last.
func (m *maker) plan() error {
	const outline = `
		create temp table plan as
		with drawn as materialized (
			select r.code || '-' || u.code as id, r.c, r.code as campaign, u.code as unit, u.n, r.launched, r.due, r.written,
			       pg_temp.luck(r.code || u.code, 'status') as luck, pg_temp.luck(r.code || u.code, 'return') as back,
			       pg_temp.luck(r.code || u.code, 'time') as pace
			from rounds r, roster u
		), fated as materialized (
			select *, case
				when written = 'index' then 'handed_in'
				when c = 0 then case
					when luck < 120 then 'not_started' when luck < 340 then 'drafting' when luck < 470 then 'division_review'
					when luck < 560 then 'signing' when luck < 730 then 'authority_review' when luck < 790 then 'returned'
					when luck < 800 then 'exempt' else 'approved' end
				when c = 1 then case
					when luck < 10 then 'exempt' when luck < 25 then 'drafting' when luck < 40 then 'returned'
					when luck < 60 then 'authority_review' else 'approved' end
				else case when luck < 12 then 'exempt' else 'approved' end end as status
			from drawn
		), routed as materialized (
			select *, case
				when status in ('not_started', 'drafting', 'exempt') then ''
				when written = 'index' then case when back < 60 then 'division' else '' end
				when back < 310 or status = 'returned' and back < 800 then 'authority'
				when back < 370 or status = 'returned' then 'division'
				else '' end as returned_by,
				case status when 'division_review' then 1 when 'signing' then 2 when 'authority_review' then 3 when 'handed_in' then 3 when 'approved' then 4 else 0 end as progress
			from fated
		), acted as materialized (
			select *, case returned_by when 'authority' then array['submit', 'approve', 'sign', 'return'] when 'division' then array['submit', 'return'] else '{}'::text[] end
				|| (array['submit', 'approve', 'sign', 'confirm'])[1:progress] || case when status = 'exempt' then array['exempt'] else '{}'::text[] end as actions,
				-- one in twelve hands in after the due; those under way keep to the time that has passed
				launched + (due - launched) * case when pace < 80 and c > 0 then 1.02 + pace / 1000.0 else 0.25 + pace / 2000.0 end as first
			from routed
		)
		select a.*, coalesce(cardinality(actions), 0) as steps, luck % 48 as v,
		       least(first + interval '1 hour' * (4 + back % 20) * greatest(cardinality(actions) - 1, 0), $1::timestamptz - interval '10 minutes' - interval '1 second' * pace) as last,
		       (case when returned_by <> '' then 1 else 0 end + case when progress > 0 then 1 else 0 end) as revision
		from acted a`
	if err := m.exec(outline, m.now); err != nil {
		return err
	}
	return m.all(`alter table plan add primary key (id)`, `analyze plan`, steps, `analyze steps`)
}

// steps are the decisions of all documents, with who took each and when.
const steps = `
	create temp table steps as
	with listed as materialized (
		select p.id, p.unit, p.c, p.v, p.written, p.returned_by, k, action, p.steps,
		       p.first + (p.last - p.first) * (k - 1) / greatest(p.steps - 1, 1) as at,
		       case when p.returned_by = 'authority' and k <= 4 or p.returned_by = 'division' and k <= 2 then 1
		            when p.returned_by = '' then 1 else 2 end as round
		from plan p, unnest(p.actions) with ordinality as a (action, k)
	), placed as materialized (
		select *, case action when 'submit' then 'specialist' when 'approve' then 'division_head' when 'sign' then 'director'
			when 'return' then case returned_by when 'division' then 'division_head' else 'officer' end else 'officer' end as role,
			case action when 'submit' then 'drafting' when 'approve' then 'division_review' when 'sign' then 'signing' when 'confirm' then 'authority_review'
				when 'exempt' then 'drafting' else case returned_by when 'division' then 'division_review' else 'authority_review' end end as from_stage,
			case action when 'submit' then 'division_review' when 'approve' then 'signing'
				when 'sign' then case written when 'index' then 'handed_in' else 'authority_review' end when 'confirm' then 'approved'
				when 'exempt' then 'exempt' else 'drafting' end as to_stage
		from listed
	), manned as (
		select *, case role when 'officer' then 'SNV' else unit end as at_unit from placed
	)
	select row_number() over (order by s.at, s.id, s.k) as decision, s.*, d.person
	from manned s join desk d on d.unit_code = s.at_unit and d.role = s.role`

// documents are written in their last state. Nobody expects their workflows:
// wake_at lies beyond every run, and the ladder has been walked up to now.
func (m *maker) documents() error {
	return m.exec(`
		insert into documents (id, campaign, unit_code, kind, stage, revision, content_hash, started, returned, submitter,
			unit_due_at, extended_at, due_at, desk_since, first_signed_at, returns, rung_at, wake_at, created_at, closed_at, unit_group, approved_revision)
		select p.id, p.campaign, p.unit, case when p.written in ('plan', 'index') then p.written else 'report' end,
		       case when p.status in ('not_started', 'drafting', 'returned') then 'drafting' else p.status end,
		       p.revision, coalesce(h.hash, ''), p.status not in ('not_started', 'exempt'), p.status = 'returned',
		       case when p.revision > 0 then w.person end,
		       due.unit, due.extended,
		       case p.status when 'authority_review' then greatest(due.unit, s.last_at + interval '2 days')
		           when 'returned' then greatest(due.unit, s.last_at + interval '4 days') else due.unit end,
		       coalesce(s.last_at, p.launched), s.signed_at, case when p.returned_by = 'authority' then 1 else 0 end,
		       case when p.status in ('approved', 'handed_in', 'exempt') then p.last else $1 end,
		       case when p.status in ('approved', 'handed_in', 'exempt') then null else $1 + interval '1 year' end,
		       p.launched, case when p.status in ('approved', 'handed_in', 'exempt') then s.last_at end, u.unit_group,
		       case p.status when 'approved' then p.revision else 0 end
		from plan p
		join units u on u.code = p.unit
		join desk w on w.unit_code = p.unit and w.role = 'specialist'
		left join content h on p.revision > 0 and h.v = (p.v + p.revision) % 48 and h.written = p.written
		left join (
			select id, max(at) as last_at, min(at) filter (where action = 'sign') as signed_at from steps group by id
		) s using (id)
		cross join lateral (
			select case when p.luck % 17 = 0 then p.due + interval '7 days' else p.due end as unit,
			       case when p.luck % 17 = 0 then p.due - interval '2 days' end as extended
		) due
		order by p.c desc, p.n`, m.now)
}

func (m *maker) decisions() error {
	if err := m.exec(`
		insert into decisions (id, key, document_id, action, person_id, role, unit_code, revision, content_hash, reason, attempt_id, received_at, outcome, answered_at)
		overriding system value
		select s.decision, md5('decision' || s.decision)::uuid, s.id, s.action, s.person, s.role, s.at_unit,
		       case when s.action = 'submit' then s.round - 1 when s.action = 'exempt' then 0 else s.round end, coalesce(h.hash, ''),
		       case s.action when 'return' then $1 when 'exempt' then $2 else '' end,
		       case s.action when 'sign' then md5('attempt' || s.decision)::uuid end, s.at, 'applied', s.at + interval '120 milliseconds'
		from steps s left join content h on s.action <> 'exempt' and h.v = (s.v + s.round) % 48 and h.written = s.written
		order by s.decision`, text.Return, text.Exempt); err != nil {
		return err
	}
	return m.all(`select setval(pg_get_serial_sequence('decisions', 'id'), (select max(id) from decisions))`, `
		insert into handled (document_id, person_id, at, unit_code, campaign, status, open)
		select d.id, x.person_id, max(x.received_at), d.unit_code, d.campaign, d.status, d.closed_at is null
		from decisions x join documents d on d.id = x.document_id group by d.id, x.person_id order by 3`,
		`insert into document_tallies select *, true from closed_documents`,
		`insert into handled_tallies select *, true from closed_handled`)
}

// signatures are the numbers, attempts and files of what directors signed. Of
// the files there are the rows alone.
func (m *maker) signatures() error {
	return m.all(`
		create temp table signed as
		select s.*, u.symbol, extract(year from s.at at time zone 'Asia/Ho_Chi_Minh')::int as year,
		       row_number() over (partition by s.unit, u.symbol, extract(year from s.at at time zone 'Asia/Ho_Chi_Minh') order by s.at) as number,
		       md5('prepared' || s.decision) || md5('prepared too' || s.decision) as prepared,
		       md5('signed' || s.decision) || md5('signed too' || s.decision) as file
		from steps s join units u on u.code = s.unit where s.action = 'sign'`, `
		insert into document_numbers (unit_code, year, symbol, number, document_id, revision, state, assigned_by, assigned_at)
		select unit, year, symbol, number, id, round, 'issued', person, at from signed order by at`, `
		insert into files (hash, size, media_type, stored_at)
		select prepared, 180000, 'application/pdf', at from signed union all select file, 196000, 'application/pdf', at from signed`, `
		insert into signing_attempts (id, document_id, revision, content_hash, person_id, number_year, number_symbol, number, document_date,
			state, preparation, prepared_pdf_hash, signed_pdf_hash, certificate, created_at, opened_at, expires_at, ended_at)
		select md5('attempt' || s.decision)::uuid, s.id, s.round, h.hash, s.person, s.year, s.symbol, s.number, (s.at at time zone 'Asia/Ho_Chi_Minh')::date,
		       'signed', '{}', s.prepared, s.file, '{}', s.at - interval '5 seconds', s.at - interval '4 seconds', s.at + interval '2 minutes', s.at
		from signed s join content h on h.v = (s.v + s.round) % 48 and h.written = s.written order by s.at`)
}

func (m *maker) revisions() error {
	return m.all(`
		insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at)
		select s.id, s.round, h.canonical, h.hash, s.person, s.at
		from steps s join content h on h.v = (s.v + s.round) % 48 and h.written = s.written
		where s.action = 'submit' order by s.at`)
}

// drafts are what stands in each document: after a submission, what was frozen.
func (m *maker) drafts() error {
	return m.all(`
		insert into draft_sections (document_id, section, body, version, updated_by, updated_at)
		select p.id, f.section, f.body, 1 + p.revision, d.person, p.first - interval '2 hours'
		from plan p join desk d on d.unit_code = p.unit and d.role = 'specialist'
		join content_section f on f.v = (p.v + p.revision) % 48 and f.written = p.written
		where p.status not in ('not_started', 'exempt') and (p.status <> 'drafting' or f.section like 'I%') order by p.c desc, p.n`, `
		insert into draft_figures (document_id, indicator, value, version, updated_by, updated_at)
		select p.id, f.indicator, f.value, 1 + p.revision, d.person, p.first - interval '1 hour'
		from plan p join desk d on d.unit_code = p.unit and d.role = 'specialist'
		join content_figure f on f.v = (p.v + p.revision) % 48 and f.written = p.written
		where p.status not in ('not_started', 'exempt') and (p.status <> 'drafting' or f.indicator like '1.%') order by p.c desc, p.n`)
}
