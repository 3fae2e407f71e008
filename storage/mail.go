package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"cchc/domain/calendar"

	"github.com/jmoiron/sqlx"
)

// How the queue of mails behaves.
const (
	mailQuiet    = 30 * time.Second // a mail leaves once nothing more has come for this long,
	mailPatience = 2 * time.Minute  // or once the oldest notice has waited this long
	mailLease    = 2 * time.Minute  // a claimed mail is free again after this; longer than one sending may take
	mailRetry    = time.Minute      // after the first refusal, doubling
	mailRetryMax = time.Hour
	mailGiveUp   = 3 * 24 * time.Hour // of refusals for the time being

	// The day of digests turns five minutes after the hour at which the ladders'
	// rungs come (domain/period), Vietnam's time: whatever a day's rungs bring is
	// in that day's digest, together with what was held back before.
	digestTurn = 8*60 + 5
)

// Mail is one mail to one person, with the notices that still hold.
type Mail struct {
	ID        int64  `db:"id"`
	MessageID string `db:"message_id"` // without angle brackets; the same at every attempt
	Person    int64  `db:"person_id"`
	Name      string `db:"name"`
	Address   string `db:"address"` // the person's present one
	Notices   []PostedNotice
}

// GatherMails makes mails out of waiting notices, one a person, for at most
// limit people, and returns how many it made. A burst becomes one mail: it waits
// for half a minute of quiet, two minutes at most. A ladder's reminders, overdue
// nudges and escalations leave at once for the first time on a day; later ones of
// that day travel with the next other mail or wait for the day to turn
// (digestTurn), except a reminder whose due comes before that. What the authority
// sends by hand never waits. domain is the right side of the new Message-IDs. Only
// one worker gathers at a time; for another it makes none.
func (s *Store) GatherMails(ctx context.Context, domain string, limit int) (int64, error) {
	const lock = `select pg_try_advisory_xact_lock(14390013)`
	const gather = `
		with waiting as (
			select n.id, n.person_id, n.created_at,
				n.args->>'rung' is not null
				and n.kind in ('reminder', 'overdue', 'escalation') and not (n.kind = 'reminder'
					and coalesce(to_timestamp((n.args->>'due')::bigint), d.due_at) < $5) as patient
			from notices n left join documents d on d.id = n.document_id
			where n.mail_state = 'queued' and n.mail_id is null
		), nudged as (
			select distinct m.person_id
			from mails m join notices n on n.mail_id = m.id
			where m.person_id in (select person_id from waiting) and m.created_at >= $4
				and n.kind in ('reminder', 'overdue', 'escalation') and n.mail_state <> 'dropped'
		), ready as (
			select w.person_id, min(w.id) as first
			from waiting w
			where not (w.patient and w.person_id in (select person_id from nudged))
			group by w.person_id
			having max(w.created_at) <= clock_timestamp() - $2 * interval '1 second'
				or min(w.created_at) <= clock_timestamp() - $3 * interval '1 second'
			order by first limit $6
		), made as (
			insert into mails (message_id, person_id, address)
			select gen_random_uuid() || '@' || $1, r.person_id, p.mail
			from ready r join persons p on p.id = r.person_id order by r.first
			returning id, person_id
		), filled as (
			update notices n set mail_id = m.id from made m
			where n.person_id = m.person_id and n.mail_state = 'queued' and n.mail_id is null
		)
		select count(*) from made`
	var made int64
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		var mine bool
		if err := tx.GetContext(ctx, &mine, lock); err != nil || !mine {
			return err
		}
		var now time.Time
		if err := tx.GetContext(ctx, &now, `select clock_timestamp()`); err != nil {
			return err
		}
		since, until := digestDay(now)
		return tx.GetContext(ctx, &made, gather, domain, mailQuiet.Seconds(), mailPatience.Seconds(),
			since, until, limit)
	})
	return made, wrap("gather mails", err)
}

// digestDay is the day of digests that now lies in.
func digestDay(now time.Time) (since, until time.Time) {
	day := calendar.DayOf(now)
	if now.Before(day.At(digestTurn)) {
		day = day.Add(-1)
	}
	return day.At(digestTurn), day.Add(1).At(digestTurn)
}

// MailsDue tells whether a mail is waiting to be sent now.
func (s *Store) MailsDue(ctx context.Context) (bool, error) {
	const due = `select exists (select from mails where state = 'queued' and next_at <= clock_timestamp())`
	var any bool
	err := s.db.GetContext(ctx, &any, due)
	return any, wrap("look for due mails", err)
}

// ClaimMail takes the next due mail for this worker alone, for the time of a
// lease, and reads once more what it would say: notices that no longer hold are
// dropped, and a mail with none left is not sent. ErrNotFound: nothing is due.
// After it the caller answers with MailSent, MailRefused or MailDelayed; a caller
// that dies leaves the mail to be sent again after the lease, with the same
// Message-ID.
func (s *Store) ClaimMail(ctx context.Context) (Mail, error) {
	for {
		var mail Mail
		err := s.inTx(ctx, func(tx *sqlx.Tx) error {
			var err error
			mail, err = claimMail(ctx, tx)
			return err
		})
		if err != nil || len(mail.Notices) > 0 {
			return mail, wrap("claim mail", err)
		}
	}
}

func claimMail(ctx context.Context, tx *sqlx.Tx) (Mail, error) {
	const claim = `
		with due as (
			select id from mails where state = 'queued' and next_at <= clock_timestamp()
			order by next_at, id limit 1 for update skip locked
		)
		update mails m set attempts = attempts + 1, address = p.mail,
			next_at = clock_timestamp() + $1 * interval '1 second'
		from due, persons p
		where m.id = due.id and p.id = m.person_id
		returning m.id, m.message_id, m.person_id, m.address, p.name`
	var mail Mail
	if err := tx.GetContext(ctx, &mail, claim, mailLease.Seconds()); err != nil {
		return mail, err
	}
	if err := dropStale(ctx, tx, mail.ID); err != nil {
		return mail, err
	}
	const read = postedNotice + ` where n.mail_id = $1 and n.mail_state = 'queued' order by n.id`
	if err := tx.SelectContext(ctx, &mail.Notices, read, mail.ID); err != nil {
		return mail, fmt.Errorf("read its notices: %w", err)
	}
	if len(mail.Notices) > 0 {
		return mail, nil
	}
	const drop = `update mails set state = 'dropped' where id = $1`
	_, err := tx.ExecContext(ctx, drop, mail.ID)
	return mail, err
}

// dropStale takes out of a mail what is no longer so: the task is done, or all tasks
// of a plan that it tells of; the word that it asks for is given; what an
// appraisal waited for has come; for a
// rung of the ladder also when the document has moved to another desk, its due
// has moved, or a later rung has come; the person no longer holds the desk, or
// has no account any more. Somebody whose address was taken away is not reached.
func dropStale(ctx context.Context, tx *sqlx.Tx, mail int64) error {
	const drop = `
		with checked as (
			select n.id, p.mail,
				k.closed_at is not null
				or p.state = 'closed'
				or not exists (
					select from positions o
					where o.person_id = n.person_id and o.unit_code = n.unit_code and o.role = n.role
						and o.valid_from <= clock_timestamp()
						and (o.valid_to is null or o.valid_to > clock_timestamp()))
				or n.kind in ('plan_coming', 'plan_late') and not exists (
					select from plan_tasks t
					where t.document_id = n.document_id and n.args -> 'tasks' ? t.key
						and t.done_on is null and t.cancelled_at is null)
				or n.kind = 'adjustment_waiting' and not exists (
					select from plan_adjustments a
					where a.id = (n.args ->> 'adjustment')::bigint
						and a.stage = case n.role when 'division_head' then 'division_review' else 'authority_review' end)
				or n.kind in ('adjustment_reminder', 'adjustment_lies') and not exists (
					select from plan_adjustments a
					where a.id = (n.args ->> 'adjustment')::bigint and a.stage = n.args ->> 'stage'
						and floor(extract(epoch from a.held_since)) = (n.args ->> 'since')::bigint)
				or n.kind = 'outage_approval' and not exists (
					select from outage_notices o
					where o.id = (n.args ->> 'notice')::bigint and o.published_at is null and o.withdrawn_at is null
						and not exists (
							select from outage_words w
							where w.notice_id = o.id and w.version = o.version and w.party = n.args ->> 'party'))
				or n.kind in ('appraisal_coming', 'appraisal_late') and n.args ->> 'appraises' is not null and not exists (
					select from appraisal_fields f
					where f.campaign = n.args ->> 'appraises' and f.finished_at is null
						and (f.appraiser = n.unit_code or n.role in ('officer', 'authority_head')))
				or n.kind in ('appraisal_explain', 'appraisal_explain_due', 'appraisal_explain_over') and not exists (
					select from appraisals a where a.document_id = n.document_id and a.stage = 'explaining')
				or n.kind = 'appraisal_explain_late' and not exists (
					select from appraisal_steps x where x.document_id = n.document_id and x.late and x.answered_by is null)
				or n.kind = 'appraisal_second' and not exists (
					select from appraisal_fields f
					where f.document_id = n.document_id and f.appraiser = n.unit_code and f.finished_at is null)
				or n.kind in ('reminder', 'due', 'overdue', 'escalation') and (
					d.closed_at is not null
					or n.args->>'stage' <> d.stage
					or (n.args->>'due')::bigint <> floor(extract(epoch from d.due_at))
					or exists (
						select from notices later
						where later.document_id = n.document_id and later.person_id = n.person_id
							and later.id > n.id and later.mail_state in ('queued', 'sent')
							and later.kind in ('reminder', 'due', 'overdue', 'escalation')
							and (later.kind = 'escalation') = (n.kind = 'escalation')))
				as stale
			from notices n
			join persons p on p.id = n.person_id
			left join tasks k on k.id = n.task_id
			left join documents d on d.id = n.document_id
			where n.mail_id = $1 and n.mail_state = 'queued'
		)
		update notices n
		set mail_state = case when c.stale then 'dropped' else 'no_recipient' end
		from checked c
		where n.id = c.id and (c.stale or c.mail = '')`
	_, err := tx.ExecContext(ctx, drop, mail)
	return wrap("drop stale notices", err)
}

// MailSent notes that the server has accepted the mail.
func (s *Store) MailSent(ctx context.Context, id int64) error {
	const mark = `
		with done as (
			update mails set state = 'sent', sent_at = clock_timestamp(), last_error = ''
			where id = $1 and state = 'queued' returning id
		)
		update notices n set mail_state = 'sent' from done
		where n.mail_id = done.id and n.mail_state = 'queued'`
	_, err := s.db.ExecContext(ctx, mark, id)
	return wrap("mark mail sent", err)
}

// MailRefused notes that the server will never take this mail, and why.
func (s *Store) MailRefused(ctx context.Context, id int64, why string) error {
	const mark = `
		with done as (
			update mails set state = 'failed', last_error = $2
			where id = $1 and state = 'queued' returning id
		)
		update notices n set mail_state = 'failed' from done
		where n.mail_id = done.id and n.mail_state = 'queued'`
	_, err := s.db.ExecContext(ctx, mark, id, why)
	return wrap("mark mail refused", err)
}

// MailDelayed notes that this mail could not be sent this time. It is tried again
// after a minute, doubling to an hour; after three days of that it has failed.
func (s *Store) MailDelayed(ctx context.Context, id int64, why string) error {
	const mark = `
		update mails set last_error = $2, next_at = clock_timestamp()
			+ least($3 * 2 ^ least(attempts - 1, 20), $4) * interval '1 second'
		where id = $1 and state = 'queued'
		returning created_at < clock_timestamp() - $5 * interval '1 second'`
	var old bool
	err := s.db.GetContext(ctx, &old, mark, id, why,
		mailRetry.Seconds(), mailRetryMax.Seconds(), mailGiveUp.Seconds())
	switch {
	case errors.Is(err, sql.ErrNoRows): // the lease ran out and another worker has settled it
		return nil
	case err != nil:
		return wrap("mark mail delayed", err)
	case old:
		return s.MailRefused(ctx, id, why)
	}
	return nil
}

// DelayMails lets every mail that is due wait, because the server cannot be
// reached or takes none. It costs no mail an attempt: what was queued when the
// server went is still queued when it is back.
func (s *Store) DelayMails(ctx context.Context, wait time.Duration, why string) error {
	const delay = `
		update mails set last_error = $2, next_at = clock_timestamp() + $1 * interval '1 second'
		where state = 'queued' and next_at <= clock_timestamp()`
	_, err := s.db.ExecContext(ctx, delay, wait.Seconds(), why)
	return wrap("delay mails", err)
}

// FailedMail is a mail that its server refused for good.
type FailedMail struct {
	Person    int64     `db:"person_id"`
	Name      string    `db:"name"`
	Address   string    `db:"address"`
	Error     string    `db:"last_error"` // the server's words
	CreatedAt time.Time `db:"created_at"`
}

// FailedMails lists the newest refused mail of each person whose address is
// still the refused one, newest first, at most limit: addresses to be mended.
func (s *Store) FailedMails(ctx context.Context, limit int) ([]FailedMail, error) {
	const list = `
		select * from (
			select distinct on (m.person_id) m.person_id, p.name, m.address, m.last_error, m.created_at
			from mails m join persons p on p.id = m.person_id and p.mail = m.address
			where m.state = 'failed' and p.state <> 'closed'
			order by m.person_id, m.created_at desc
		) newest order by created_at desc limit $1`
	var mails []FailedMail
	err := s.db.SelectContext(ctx, &mails, list, limit)
	return mails, wrap("list failed mails", err)
}

// ResendFailed puts the notices of the person's failed mails back into the queue
// and returns how many there were: the next gathering makes a new mail of them,
// and what no longer holds is dropped at sending as ever. The failed mails stay
// as evidence, settled as dropped, so that a second click sends nothing twice.
func (s *Store) ResendFailed(ctx context.Context, person int64) (int, error) {
	const resend = `
		with settled as (
			update mails set state = 'dropped' where person_id = $1 and state = 'failed' returning id
		), again as (
			update notices n set mail_state = 'queued', mail_id = null
			from settled where n.mail_id = settled.id and n.mail_state = 'failed' returning n.id
		)
		select count(*) from again`
	var notices int
	err := s.db.GetContext(ctx, &notices, resend, person)
	return notices, wrap("send failed mails again", err)
}
