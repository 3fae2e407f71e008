package volume

// tasks are the stays at each desk, one after the other.
func (m *maker) tasks() error {
	return m.all(`
		create temp table stay as
		select *, lead(opened) over w as closed, lead(person) over w as closer from (
			select p.id, p.unit, 0 as k, 'drafting' as stage, p.launched as opened, null::bigint as person from plan p
			union all
			select id, unit, k, to_stage, at, person from steps
		) s window w as (partition by id order by k)`, `
		insert into tasks (document_id, stage, role, unit_code, opened_at, due_at, closed_at, closed_by)
		select s.id, s.stage,
		       case s.stage when 'drafting' then 'specialist' when 'division_review' then 'division_head' when 'signing' then 'director' else 'officer' end,
		       case s.stage when 'authority_review' then 'SNV' else s.unit end, s.opened,
		       case when s.closed is null then d.due_at else least(d.unit_due_at, s.closed + interval '1 day') end, s.closed, s.closer
		from stay s join documents d using (id)
		where s.stage not in ('approved', 'handed_in', 'exempt') order by s.opened, s.id`,
		`create temp table task as select id as task, document_id, opened_at from tasks`, `analyze task`)
}

// history tells of the launch, every decision, two reminders, and of the due
// that passed where nobody had signed.
func (m *maker) history() error {
	return m.all(`
		insert into history (document_id, key, at, event, person_id, role, unit_code, revision, from_stage, to_stage, reason, detail)
		select * from (
			select p.id, p.id || ':launched', p.launched, 'launched', d.person, 'officer', null, 0, '', 'drafting', '', '{}'::jsonb
			from plan p, desk d where d.unit_code = 'SNV' and d.role = 'officer'
			union all
			select x.document_id, 'decision:' || x.id, x.received_at, x.action, x.person_id, x.role, x.unit_code,
			       s.round - case when s.action = 'exempt' then 1 else 0 end, s.from_stage, s.to_stage, x.reason, jsonb_build_object('due', floor(extract(epoch from p.due)))
			from decisions x join steps s on s.decision = x.id join plan p on p.id = s.id
			union all
			select p.id, p.id || ':rung:' || r.index || ':' || floor(extract(epoch from p.due)) || ':' || r.index, p.due - r.before, 'reminder_sent', null, '', null,
			       0, 'drafting', 'drafting', '', jsonb_build_object('rung', r.code, 'to', array['holder'], 'due', floor(extract(epoch from p.due)))
			from plan p, (values (0, 'before_5', interval '7 days 16 hours'), (1, 'before_1', interval '1 day 16 hours')) r (index, code, before)
			where p.steps = 0 or p.first > p.due - r.before
			union all
			select p.id, p.id || ':due:' || floor(extract(epoch from p.due)), p.due, 'due_passed', null, '', null, 0, 'drafting', 'drafting', '',
			       jsonb_build_object('due', floor(extract(epoch from p.due)))
			from plan p where p.luck % 17 <> 0 and (p.steps = 0 or p.first > p.due)
		) e (document_id, key, at, event, person_id, role, unit_code, revision, from_stage, to_stage, reason, detail)
		order by e.at, e.key`)
}

// notices are what people heard of: launches, work that came to their desk,
// returns, confirmations and reminders, a mail a person and day. What came more
// than a month ago has been read.
func (m *maker) notices() error {
	if err := m.all(`
		create temp table told as
		select p.id as document_id, p.id || ':launched' as key, 'launched' as kind, p.unit as unit_code, 'specialist' as role, p.launched as at from plan p
		union all
		select s.id, s.id || ':d' || s.decision || ':task_opened', 'task_opened', case s.to_stage when 'authority_review' then 'SNV' else s.unit end,
		       case s.to_stage when 'division_review' then 'division_head' when 'signing' then 'director' else 'officer' end, s.at
		from steps s where s.action in ('submit', 'approve', 'sign') and s.to_stage <> 'handed_in'
		union all
		select s.id, s.id || ':d' || s.decision || ':returned', 'returned', s.unit, 'specialist', s.at from steps s where s.action = 'return'
		union all
		select s.id, s.id || ':d' || s.decision || ':confirmed:' || r, 'confirmed', s.unit, r, s.at from steps s, unnest(array['specialist', 'director']) r
		where s.action = 'confirm'
		union all
		select h.document_id, h.key || ':holder', 'reminder', p.unit, 'specialist', h.at
		from history h join plan p on p.id = h.document_id where h.event = 'reminder_sent'`,
		`create temp table addressed as
		select t.*, d.person, q.mail, 'volume-' || d.person || '-' || (t.at::date - '2000-01-01') as message
		from told t join desk d using (unit_code, role) join persons q on q.id = d.person`,
		`insert into mails (message_id, person_id, address, state, attempts, next_at, created_at, sent_at)
		select message, person, min(mail), 'sent', 1, min(at), min(at), min(at) from addressed group by message, person order by min(at)`,
		`create temp table mail as select id as mail, message_id as message from mails`, `analyze mail`, `analyze addressed`,
	); err != nil {
		return err
	}
	return m.exec(`
		insert into notices (key, kind, document_id, task_id, person_id, role, unit_code, args, created_at, read_at, mail_id, mail_state)
		select a.key || ':' || a.person, a.kind, a.document_id, k.task, a.person, a.role, a.unit_code,
		       jsonb_build_object('due', floor(extract(epoch from d.due_at)), 'stage', d.stage), a.at,
		       case when a.at < $1::timestamptz - interval '30 days' then a.at + interval '3 hours' end, l.mail, 'sent'
		from addressed a
		join documents d on d.id = a.document_id
		join mail l using (message)
		left join task k on k.document_id = a.document_id and k.opened_at = a.at and a.kind in ('launched', 'task_opened', 'returned')
		order by a.at, a.key`, m.now)
}
