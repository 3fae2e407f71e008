package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"cchc/domain/staff"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The kinds of notices. Each has its words in templates/mails.
const (
	NoticeLaunched   = "launched"    // a campaign asks the unit for a document
	NoticeTaskOpened = "task_opened" // a document lies at the recipient's desk
	NoticeReturned   = "returned"    // a review sent the document back
	NoticeConfirmed  = "confirmed"   // the authority confirmed time and content
	NoticeReminder   = "reminder"    // the due instant comes nearer
	NoticeDue        = "due"         // the due instant is now
	NoticeOverdue    = "overdue"     // the daily nudge after it
	NoticeEscalation = "escalation"  // a superior is told that a desk is late
	NoticeExtended   = "extended"    // the due instant moved
	NoticeExempted   = "exempted"    // the unit need not report
)

// NoticeKinds lists every kind.
var NoticeKinds = []string{
	NoticeLaunched, NoticeTaskOpened, NoticeReturned, NoticeConfirmed, NoticeReminder,
	NoticeDue, NoticeOverdue, NoticeEscalation, NoticeExtended, NoticeExempted,
}

// Notice is one event that the holders of a desk should hear of. Who they are is
// settled when it is added.
type Notice struct {
	// Key is stable for the event, e.g. "<document>:h<history id>:<role>": adding
	// the same event again adds nothing.
	Key      string
	Kind     string // one of NoticeKinds
	Document string // "": none
	Task     int64  // 0: none; once that task is closed the mail is dropped
	Role     staff.Role
	Unit     string         // whose desk, not whose document
	Args     map[string]any // what the words need beyond the document's own row
}

// addNotices writes one row for each person who holds the notice's role at its
// unit now, by the database's clock. An invited person counts once there is an
// address to reach them at. Where nobody holds the desk, one row without a
// person says so (mail_state no_recipient), and the authority sees the list.
// One statement serves any number of notices.
func addNotices(ctx context.Context, tx *sqlx.Tx, notices []Notice) error {
	const add = `
		with asked as (
			select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[],
				$5::text[], $6::text[], $7::text[]) with ordinality
				as a (key, kind, document_id, task_id, role, unit_code, args, n)
		), held as (
			select distinct a.n, p.id as person_id, p.mail
			from asked a
			join positions o on o.unit_code = a.unit_code and o.role = a.role
				and o.valid_from <= clock_timestamp()
				and (o.valid_to is null or o.valid_to > clock_timestamp())
			join persons p on p.id = o.person_id
				and (p.state = 'active' or (p.state = 'invited' and p.mail <> ''))
		)
		insert into notices (key, kind, document_id, task_id, person_id, role, unit_code, args, mail_state)
		select a.key || ':' || coalesce(h.person_id::text, 'nobody'), a.kind,
			nullif(a.document_id, ''), nullif(a.task_id, 0), h.person_id, a.role, a.unit_code, a.args::jsonb,
			case when coalesce(h.mail, '') = '' then 'no_recipient' else 'queued' end
		from asked a left join held h using (n)
		order by a.n, h.person_id
		on conflict (key) do nothing`
	if len(notices) == 0 {
		return nil
	}
	size := len(notices)
	keys, kinds, documents := make([]string, size), make([]string, size), make([]string, size)
	roles, units, args := make([]string, size), make([]string, size), make([]string, size)
	tasks := make([]int64, size)
	for i, n := range notices {
		encoded, err := encodeArgs(n.Args)
		if err != nil {
			return fmt.Errorf("add notice %s: %w", n.Key, err)
		}
		keys[i], kinds[i], documents[i], tasks[i] = n.Key, n.Kind, n.Document, n.Task
		roles[i], units[i], args[i] = string(n.Role), n.Unit, encoded
	}
	_, err := tx.ExecContext(ctx, add, pq.Array(keys), pq.Array(kinds), pq.Array(documents),
		pq.Array(tasks), pq.Array(roles), pq.Array(units), pq.Array(args))
	return wrap("add notices", err)
}

func encodeArgs(args map[string]any) (string, error) {
	if len(args) == 0 {
		return "{}", nil
	}
	encoded, err := json.Marshal(args)
	return string(encoded), err
}

// addNoticesForLaunch tells the specialists and focal officers of every unit of
// a campaign, one row a person and document, however many of the two roles they
// hold. A unit without a specialist gets the row without a person: that is the
// desk the document waits at. Calling it again, or after a unit was added, adds
// only what is missing.
func addNoticesForLaunch(ctx context.Context, tx *sqlx.Tx, campaign string) error {
	const add = `
		with held as (
			select distinct on (d.id, p.id) d.id, d.unit_code, o.role, p.id as person_id, p.mail
			from documents d
			join positions o on o.unit_code = d.unit_code and o.role in ('specialist', 'focal_officer')
				and o.valid_from <= clock_timestamp()
				and (o.valid_to is null or o.valid_to > clock_timestamp())
			join persons p on p.id = o.person_id
				and (p.state = 'active' or (p.state = 'invited' and p.mail <> ''))
			where d.campaign = $1 and d.closed_at is null
			order by d.id, p.id, o.role desc -- specialist before focal_officer
		), told as (
			select id, unit_code, role, person_id, mail from held
			union all
			select d.id, d.unit_code, 'specialist', null, ''
			from documents d
			where d.campaign = $1 and d.closed_at is null
				and not exists (select from held h where h.id = d.id and h.role = 'specialist')
		)
		insert into notices (key, kind, document_id, task_id, person_id, role, unit_code, mail_state)
		select t.id || ':launched:' || coalesce(t.person_id::text, 'nobody'), 'launched', t.id,
			k.id, t.person_id, t.role, t.unit_code,
			case when t.mail = '' then 'no_recipient' else 'queued' end
		from told t left join tasks k on k.document_id = t.id and k.closed_at is null
		order by t.id, t.person_id
		on conflict (key) do nothing`
	_, err := tx.ExecContext(ctx, add, campaign)
	return wrap("add the notices of a launch", err)
}
