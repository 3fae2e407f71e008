package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"cchc/domain/staff"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The kinds of notices. Each has its words in templates/mails.
const (
	NoticeLaunched   = "launched"           // a campaign asks the unit for a document
	NoticeTaskOpened = "task_opened"        // a document lies at the recipient's desk
	NoticeReturned   = "returned"           // a review sent the document back
	NoticeConfirmed  = "confirmed"          // the authority confirmed time and content
	NoticeReminder   = "reminder"           // the due instant comes nearer
	NoticeDue        = "due"                // the due instant is now
	NoticeOverdue    = "overdue"            // the daily nudge after it
	NoticeEscalation = "escalation"         // a superior is told that a desk is late
	NoticeExtended   = "extended"           // the due instant moved
	NoticeExcused    = "excused"            // the due by which on time is measured moved, after an outage
	NoticeTaskTime   = "tasks_extended"     // tasks of a living plan got more time, after an outage
	NoticeExempted   = "exempted"           // the unit need not report
	NoticeAsked      = "extension_asked"    // a unit asks the authority for more time
	NoticeReopened   = "reopened"           // an approved document came back for correction
	NoticeDueMoved   = "due_moved"          // the due instant moved with the calendar
	NoticeDeclined   = "extension_declined" // the authority declined that
	NoticeProposed   = "proposed"           // a series asks for a campaign to be launched
	NoticePlanComing = "plan_coming"        // tasks of a living plan come due
	NoticePlanLate   = "plan_late"          // tasks of a living plan are overdue

	NoticeAdjustment         = "adjustment_waiting"  // an adjustment of a living plan lies at the recipient's desk
	NoticeAdjustmentReturned = "adjustment_returned" // it came back
	NoticeAdjusted           = "adjustment_in_force" // the plan has been adjusted
	NoticeAdjustmentStill    = "adjustment_reminder" // it still lies at the recipient's desk
	NoticeAdjustmentLies     = "adjustment_lies"     // a superior is told that it does

	NoticeOutageOpened    = "outage_opened"          // to those who look after the software: an outage or a risk is on record
	NoticeOutageApproval  = "outage_approval"        // a draft waits for the word of the recipient's department
	NoticeOutageReturned  = "outage_returned"        // a department has returned the draft
	NoticeOutage          = "outage_notice"          // units are told of an outage, of a risk, of its end, of deadlines
	NoticeMaintenance     = "maintenance"            // the software will be away
	NoticeMaintenanceOff  = "maintenance_off"        // it will not be, after all
	NoticeExplain         = "appraisal_explain"      // the first marks are there; the unit may explain
	NoticeExplainComing   = "appraisal_explain_due"  // its time comes to an end
	NoticeExplainOver     = "appraisal_explain_over" // its time is over
	NoticeExplainExtended = "appraisal_explain_more" // it was given more time
	NoticeExplainedLate   = "appraisal_explain_late" // an answer that came too late waits for the authority's word
	NoticeLateTaken       = "appraisal_late_taken"   // it is looked at all the same
	NoticeLateRefused     = "appraisal_late_refused" // it is not
	NoticeSecondRound     = "appraisal_second"       // criteria are to be marked once more
	NoticeAppraised       = "appraisal_done"         // every criterion has its final score
	NoticeAppraiseComing  = "appraisal_coming"       // fields wait, and the round's time comes to an end
	NoticeAppraiseLate    = "appraisal_late"         // fields wait past the round's time
	NoticePublished       = "index_published"        // the result of the index is public
	NoticeCorrected       = "index_corrected"        // it was published anew
)

// NoticeKinds lists every kind.
var NoticeKinds = []string{
	NoticeLaunched, NoticeTaskOpened, NoticeReturned, NoticeConfirmed, NoticeReminder,
	NoticeDue, NoticeOverdue, NoticeEscalation, NoticeExtended, NoticeExcused, NoticeTaskTime, NoticeExempted, NoticeAsked, NoticeDeclined, NoticeReopened, NoticeDueMoved,
	NoticeProposed, NoticePlanComing, NoticePlanLate, NoticeAdjustment, NoticeAdjustmentReturned, NoticeAdjusted, NoticeAdjustmentStill, NoticeAdjustmentLies,
	NoticeOutageOpened, NoticeOutageApproval, NoticeOutageReturned, NoticeOutage, NoticeMaintenance, NoticeMaintenanceOff,
	NoticeExplain, NoticeExplainComing, NoticeExplainOver, NoticeExplainExtended, NoticeExplainedLate, NoticeLateTaken, NoticeLateRefused,
	NoticeSecondRound, NoticeAppraised, NoticeAppraiseComing, NoticeAppraiseLate, NoticePublished, NoticeCorrected,
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

// PostedNotice is a notice as its recipient sees it, at the bell or in a mail.
type PostedNotice struct {
	ID        int64      `db:"id"`
	Kind      string     `db:"kind"`      // one of NoticeKinds
	Role      staff.Role `db:"role"`      // the desk it was sent to
	Document  string     `db:"document"`  // "": none
	Proposal  int64      `db:"proposal"`  // 0: none
	Adjusts   int64      `db:"adjusts"`   // an adjustment of the document, a plan; 0: none
	Outage    int64      `db:"outage"`    // 0: none
	Announced int64      `db:"announced"` // of an outage's notices that were published; 0: none
	RawText   []byte     `db:"text"`      // see Text
	Appraisal string     `db:"appraisal"` // the document whose appraisal it is about; "": none
	Appraises string     `db:"appraises"` // the campaign whose self-assessments wait for the recipient's marks; "": none
	Results   string     `db:"results"`   // the campaign whose result is public; "": none
	UnitCode  string     `db:"unit_code"` // of the unit that reports
	Campaign  string     `db:"campaign"`  // the campaign's name, or the one proposed
	Unit      string     `db:"unit"`      // name of the unit that reports
	Request   string     `db:"request"`   // the document that asks for an ad hoc report; "": none
	DueAt     *time.Time `db:"due_at"`    // as it stood at the event
	CreatedAt time.Time  `db:"created_at"`
	ReadAt    *time.Time `db:"read_at"`
	MailState string     `db:"mail_state"` // queued, sent, failed, dropped, no_recipient
}

// Text is what the notice says besides, in paragraphs: nothing, for most kinds.
func (n PostedNotice) Text() []string {
	var text []string
	_ = json.Unmarshal(n.RawText, &text) // written by us; a mail without it still leads to the page
	return text
}

// postedNotice is the beginning of every read of PostedNotice; n is notices.
const postedNotice = `
	select n.id, n.kind, n.role, coalesce(n.document_id, '') as document,
		coalesce((n.args->>'proposal')::bigint, 0) as proposal, coalesce((n.args->>'adjustment')::bigint, 0) as adjusts,
		coalesce((n.args->>'outage')::bigint, 0) as outage, coalesce(n.args->'text', '[]') as text,
		case when n.kind = 'outage_notice' then coalesce((n.args->>'notice')::bigint, 0) else 0 end as announced,
		coalesce(n.args->>'appraisal', '') as appraisal, coalesce(n.args->>'appraises', '') as appraises,
		coalesce(n.args->>'results', '') as results, coalesce(d.unit_code, '') as unit_code,
		coalesce(c.name, n.args->>'name', '') as campaign, coalesce(u.name, '') as unit,
		case when c.kind = 'ad_hoc' then c.guidance else '' end as request,
		case when n.args ? 'adjustment' or n.args ? 'results' or n.args ? 'appraisal' and not n.args ? 'due' then null
		     else coalesce(to_timestamp((n.args->>'due')::bigint), k.due_at, d.unit_due_at) end as due_at,
		n.created_at, n.read_at, n.mail_state
	from notices n
	left join documents d on d.id = n.document_id
	left join campaigns c on c.code = d.campaign
	left join units u on u.code = d.unit_code
	left join tasks k on k.id = n.task_id`

// Notices lists the person's notices, newest first, at most limit of those older
// than the notice before; 0: from the newest. A page begins where the last one
// ended, so that old ones cost no more than new ones.
func (s *Store) Notices(ctx context.Context, person, before int64, limit int) ([]PostedNotice, error) {
	const list = postedNotice + ` where n.person_id = $1 and n.id < $2 order by n.id desc limit $3`
	if before <= 0 {
		before = math.MaxInt64
	}
	var notices []PostedNotice
	err := s.db.SelectContext(ctx, &notices, list, person, before, limit)
	return notices, wrap("list notices", err)
}

// UnreadNotices counts the person's notices that are not read yet.
func (s *Store) UnreadNotices(ctx context.Context, person int64) (int, error) {
	const count = `select count(*) from notices where person_id = $1 and read_at is null`
	var unread int
	err := s.db.GetContext(ctx, &unread, count, person)
	return unread, wrap("count notices", err)
}

// MarkNoticesRead marks the person's notices up to and including the given one,
// the newest that was on the screen: what came later stays unread.
func (s *Store) MarkNoticesRead(ctx context.Context, person, upTo int64) error {
	const mark = `
		update notices set read_at = clock_timestamp()
		where person_id = $1 and id <= $2 and read_at is null`
	_, err := s.db.ExecContext(ctx, mark, person, upTo)
	return wrap("mark notices read", err)
}

// LostDesk is a role at a unit whose notices reach nobody.
type LostDesk struct {
	Unit      string     `db:"unit_code"`
	UnitName  string     `db:"unit"`
	Role      staff.Role `db:"role"`
	Nobody    int        `db:"nobody"`     // notices while nobody held the desk
	NoAddress int        `db:"no_address"` // notices to a holder without a mail address
	Since     time.Time  `db:"since"`      // the oldest of them
}

// LostNotices lists, for the authority, the desks whose notices about open
// documents reached nobody and which are still without a holder who can be
// reached by mail. A desk that has been staffed since then is no longer listed.
func (s *Store) LostNotices(ctx context.Context) ([]LostDesk, error) {
	const list = `
		select n.unit_code, u.name as unit, n.role,
			count(*) filter (where n.person_id is null) as nobody,
			count(*) filter (where n.person_id is not null) as no_address,
			min(n.created_at) as since
		from notices n
		join units u on u.code = n.unit_code
		left join documents d on d.id = n.document_id
		where n.mail_state = 'no_recipient' and d.closed_at is null
			and not exists (
				select from positions o join persons p on p.id = o.person_id
				where o.unit_code = n.unit_code and o.role = n.role
					and o.valid_from <= clock_timestamp()
					and (o.valid_to is null or o.valid_to > clock_timestamp())
					and p.state <> 'closed' and p.mail <> '')
		group by n.unit_code, u.name, n.role
		order by u.name collate "vi-x-icu", n.role`
	var desks []LostDesk
	err := s.db.SelectContext(ctx, &desks, list)
	return desks, wrap("list desks that notices do not reach", err)
}
