package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

// sighting is what a source tells of an outage.
type sighting struct {
	Source string
	Span   outage.Span
	Key    uuid.UUID // derived from what was seen
	Known  int64     // the outage that the source has told of before; 0: none
}

// takeSighting widens the outage that is on record of the same time, or opens one; 0:
// it is none. Two sources at once cannot open two: one goes after the other.
func (s *Store) takeSighting(ctx context.Context, tx *sqlx.Tx, seen sighting) (int64, error) {
	if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(14390051)`); err != nil {
		return 0, wrap("take sighting", err)
	}
	by, err := loadReckoning(ctx, tx, 0)
	if err != nil {
		return 0, err
	}
	id := seen.Known
	if id == 0 {
		if by.Rule.Planned(by.windows, seen.Span) || !seen.Span.Open() && seen.Span.To.Sub(seen.Span.From) < by.Rule.Confirm {
			return 0, nil
		}
		if id, err = sameOutage(ctx, tx, by.Rule, seen.Span); err != nil {
			return 0, err
		}
	}
	if id == 0 {
		return s.addOutage(ctx, tx, newOutage{Key: seen.Key, Kind: outage.Stopped, Source: seen.Source, Span: seen.Span})
	}
	return id, widen(ctx, tx, id, seen)
}

// sameOutage finds the outage on record that a span belongs to; 0: none. One of which
// units were told that it is over is not taken up again. One that was found to be none
// was over by then: it must not swallow what comes after it.
func sameOutage(ctx context.Context, tx *sqlx.Tx, r outage.Rule, span outage.Span) (int64, error) {
	const list = `
		select id, began_at, coalesce(ended_at, dismissed_at) as ended_at from outages
		where kind = 'outage' and coalesce(closing, '') not in ('noticed', 'withdrawn')
		  and began_at > $1::timestamptz - interval '90 days'
		order by dismissed_at is not null, began_at desc`
	var rows []struct {
		ID    int64      `db:"id"`
		Began time.Time  `db:"began_at"`
		Ended *time.Time `db:"ended_at"`
	}
	if err := tx.SelectContext(ctx, &rows, list, span.From); err != nil {
		return 0, wrap("look for the same outage", err)
	}
	for _, row := range rows {
		if r.Same(spanOf(row.Began, row.Ended), span) {
			return row.ID, nil
		}
	}
	return 0, nil
}

// widen takes over what a source knows about when the outage began and ended. What
// somebody has laid down by hand only somebody ends; what was found to be none, or is
// over for units, stays as it is.
func widen(ctx context.Context, tx *sqlx.Tx, id int64, seen sighting) error {
	o, err := lockOutage(ctx, tx, id)
	if err != nil {
		return err
	}
	now := outage.Together(o.Span(), seen.Span)
	if o.Source == SourceHand && o.EndedAt == nil {
		now.To = time.Time{}
	}
	if o.ConfirmedAt != nil {
		now.From = o.BeganAt // clocks stand still from there on
	}
	fixed := o.DismissedAt != nil || o.Closing == outage.Noticed || o.Closing == outage.Withdrawn
	if fixed || now.From.Equal(o.BeganAt) && now.To.Equal(o.Span().To) {
		return nil
	}
	const widen = `
		update outages set began_at = $2, ended_at = $3, closed_at = null, closing = null, version = version + 1
		where id = $1`
	if _, err := tx.ExecContext(ctx, widen, id, now.From, instantOrNull(now.To)); err != nil {
		return wrap("widen outage", err)
	}
	for _, line := range widened(o, now, seen.Source) {
		if err := addOutageEvent(ctx, tx, id, line); err != nil {
			return err
		}
	}
	return wakeOutage(ctx, tx, id)
}

// widened says what is new.
func widened(o lockedOutage, now outage.Span, source string) []outageLine {
	var lines []outageLine
	if !now.From.Equal(o.BeganAt) {
		lines = append(lines, outageLine{
			Key: fmt.Sprintf("began:%d", now.From.UnixMilli()), Event: OutageAgain, Detail: OutageDetail{Source: source, From: &now.From},
		})
	}
	switch {
	case now.To.Equal(o.Span().To):
	case now.Open():
		lines = append(lines, outageLine{Event: OutageResumed, Detail: OutageDetail{Source: source}})
	default:
		lines = append(lines, outageLine{Key: endedKey(now), Event: OutageEnded, Detail: OutageDetail{Source: source, To: &now.To}})
	}
	return lines
}

// TakeOutageReport takes over what the separate watcher tells, and says how the outage
// stands here. It may be told again and late. What the watcher has published is
// published here too, and sent to those alone whom it has not reached, once it is done.
func (s *Store) TakeOutageReport(ctx context.Context, r outage.Report) (outage.Known, error) {
	var known outage.Known
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		before, newest, err := reportedBefore(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		if r.Version <= newest {
			known, err = s.knownOutage(ctx, tx, before, r)
			return err
		}
		id, err := s.takeSighting(ctx, tx, sighting{
			Source: SourceWatch, Span: r.Span, Known: before,
			Key: uuid.NewSHA1(uuid.NameSpaceOID, []byte("outage report "+r.ID)),
		})
		if err != nil {
			return err
		}
		if err := keepReport(ctx, tx, id, r); err != nil {
			return err
		}
		if id != 0 {
			if err := s.takeOver(ctx, tx, id, r); err != nil {
				return err
			}
		}
		known, err = s.knownOutage(ctx, tx, id, r)
		return err
	})
	if err != nil {
		err = fmt.Errorf("take report %s of the watcher: %w", r.ID, err)
	}
	return known, err
}

// reportedBefore is the outage that the watcher's one was taken for, and how new the
// newest report of it is; 0: there was none.
func reportedBefore(ctx context.Context, tx *sqlx.Tx, watch string) (id int64, version int, err error) {
	const read = `
		select coalesce(outage_id, 0) as id, version from outage_reports where watch_id = $1 order by version desc limit 1`
	var row struct {
		ID      int64 `db:"id"`
		Version int   `db:"version"`
	}
	err = wrap("look for earlier reports", tx.GetContext(ctx, &row, read, watch))
	if errors.Is(err, ErrNotFound) {
		return 0, 0, nil
	}
	return row.ID, row.Version, err
}

func keepReport(ctx context.Context, tx *sqlx.Tx, id int64, r outage.Report) error {
	encoded, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("keep report: %w", err)
	}
	const keep = `
		insert into outage_reports (watch_id, version, outage_id, report, received_at)
		values ($1, $2, nullif($3, 0), $4, clock_timestamp()) on conflict (watch_id, version) do nothing`
	_, err = tx.ExecContext(ctx, keep, r.ID, r.Version, id, string(encoded))
	return wrap("keep report", err)
}

// takeOver makes what the watcher has released a notice of ours.
func (s *Store) takeOver(ctx context.Context, tx *sqlx.Tx, id int64, r outage.Report) error {
	for _, one := range []struct {
		kind   outage.NoticeKind
		notice *outage.Notice
	}{{outage.TheNotice, r.Notice}, {outage.AllClear, r.AllClear}} {
		if one.notice == nil || one.notice.Released.IsZero() {
			continue
		}
		if err := s.takeOverNotice(ctx, tx, id, one.kind, *one.notice); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) takeOverNotice(ctx context.Context, tx *sqlx.Tx, id int64, kind outage.NoticeKind, released outage.Notice) error {
	o, err := lockOutage(ctx, tx, id)
	if err != nil {
		return err
	}
	notice, fresh, err := publishTaken(ctx, tx, id, kind, released)
	if err != nil || notice == 0 {
		return err
	}
	if fresh {
		if err := s.noteTaken(ctx, tx, o, notice, kind, released); err != nil {
			return err
		}
		if err := wakeOutage(ctx, tx, id); err != nil { // page and feed are to show it
			return err
		}
	}
	if released.Done.IsZero() {
		return nil // the watcher goes on with its mails
	}
	n, err := oneNotice(ctx, tx, notice)
	if err != nil {
		return err
	}
	return s.sendRest(ctx, tx, n, 0)
}

// publishTaken puts the watcher's notice in the place of a draft that has not gone
// out; 0: ours has gone out before.
func publishTaken(ctx context.Context, tx *sqlx.Tx, id int64, kind outage.NoticeKind, n outage.Notice) (notice int64, fresh bool, err error) {
	const look = `
		select id, published_at is not null as published, taken_over
		from outage_notices where outage_id = $1 and kind = $2 and withdrawn_at is null`
	var rows []struct {
		ID        int64 `db:"id"`
		Published bool  `db:"published"`
		TakenOver bool  `db:"taken_over"`
	}
	if err := tx.SelectContext(ctx, &rows, look, id, kind); err != nil {
		return 0, false, wrap("look for the watcher's notice", err)
	}
	for _, row := range rows {
		if row.TakenOver {
			return row.ID, false, nil
		}
		if row.Published {
			return 0, false, nil
		}
	}
	if err := withdrawDrafts(ctx, tx, id); err != nil {
		return 0, false, err
	}
	text, err := json.Marshal(n.Text)
	if err != nil {
		return 0, false, fmt.Errorf("take over notice: %w", err)
	}
	const add = `
		insert into outage_notices (outage_id, kind, number, title, paragraphs, content_hash, drafted_at, due_at, published_at, taken_over)
		values ($1, $2, $3, $4, $5, $6, $7, $7, $8, true) returning id`
	err = tx.GetContext(ctx, &notice, add, id, kind, n.Number, n.Title, string(text), n.Sum(), n.Drafted, n.Released)
	return notice, true, wrap("take over notice", err)
}

// noteTaken writes down by whose word the watcher has acted.
func (s *Store) noteTaken(ctx context.Context, tx *sqlx.Tx, o lockedOutage, notice int64, kind outage.NoticeKind, n outage.Notice) error {
	const add = `
		insert into outage_words (key, notice_id, version, content_hash, party, verdict, name, road, at)
		values ($1, $2, 1, $3, $4, 'approve', $5, $6, $7) on conflict do nothing`
	for _, a := range n.Approvals {
		key := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "outage word %d %s", notice, a.Party))
		if _, err := tx.ExecContext(ctx, add, key, notice, a.Hash, a.Party, a.Name, a.Road, a.At); err != nil {
			return wrap("take over a word", err)
		}
		if a.Party == outage.Authority {
			if err := confirmOutage(ctx, tx, o, 0, a.Name); err != nil {
				return err
			}
		}
	}
	return addOutageEvent(ctx, tx, o.ID, outageLine{
		Key: fmt.Sprintf("taken:%d", notice), Event: OutageTaken,
		Detail: OutageDetail{Kind: kind, Number: n.Number, All: len(n.Sent)},
	})
}

// knownOutage says how the outage stands here. The server leads once it has brought a
// notice before its approvers or out; never against a watcher that has released one.
func (s *Store) knownOutage(ctx context.Context, q sqlx.QueryerContext, id int64, r outage.Report) (outage.Known, error) {
	if id == 0 {
		return outage.Known{Report: r.ID, Span: r.Span}, nil
	}
	all, err := knownOutages(ctx, q, id)
	if err != nil || len(all) == 0 {
		return outage.Known{Report: r.ID, Span: r.Span}, err
	}
	known := all[0]
	known.Report = r.ID
	if r.Notice != nil && !r.Notice.Released.IsZero() {
		known.Leads = false
	}
	return known, nil
}

// knownOutages lists outages that are not closed, or the one of the id.
func knownOutages(ctx context.Context, q sqlx.QueryerContext, id int64) ([]outage.Known, error) {
	const list = `
		select o.id, o.began_at, o.ended_at,
		       coalesce((select r.watch_id from outage_reports r where r.outage_id = o.id order by r.id desc limit 1), '') as watch,
		       exists (select from outage_notices n where n.outage_id = o.id and n.kind = 'notice' and n.withdrawn_at is null
		                 and not n.taken_over) as leads,
		       exists (select from outage_notices n where n.outage_id = o.id and n.withdrawn_at is null and n.published_at is not null
		                 and not n.taken_over and n.kind = 'all_clear') as cleared
		from outages o where o.kind = 'outage' and (o.id = $1 or $1 = 0 and o.closed_at is null) order by o.id`
	var rows []struct {
		ID      int64      `db:"id"`
		Began   time.Time  `db:"began_at"`
		Ended   *time.Time `db:"ended_at"`
		Watch   string     `db:"watch"`
		Leads   bool       `db:"leads"`
		Cleared bool       `db:"cleared"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list, id); err != nil {
		return nil, wrap("list known outages", err)
	}
	known := make([]outage.Known, len(rows))
	for i, row := range rows {
		known[i] = outage.Known{
			ID: strconv.FormatInt(row.ID, 10), Report: row.Watch, Span: spanOf(row.Began, row.Ended), Leads: row.Leads, Cleared: row.Cleared,
		}
	}
	return known, nil
}

// OutageFacts is what the watcher keeps beside it for the time when all else is gone.
func (s *Store) OutageFacts(ctx context.Context) (outage.Facts, error) {
	h, err := s.OutageHandling(ctx)
	if err != nil {
		return outage.Facts{}, err
	}
	facts := outage.Facts{Rule: h.Rule, Help: h.Help(), Site: h.SiteURL}
	for _, fill := range []func(context.Context, *outage.Facts, OutageHandling) error{
		s.fillTime, s.fillPeople, s.fillLetterhead,
	} {
		if err := fill(ctx, &facts, h); err != nil {
			return facts, err
		}
	}
	facts.Known, err = knownOutages(ctx, s.db, 0)
	return facts, err
}

func lines(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// fillTime: the watcher reckons by days from last year on, and by windows not over.
func (s *Store) fillTime(ctx context.Context, f *outage.Facts, _ OutageHandling) error {
	now, err := s.Now(ctx)
	if err != nil {
		return err
	}
	f.Made = now
	marks, err := s.Holidays(ctx)
	if err != nil {
		return err
	}
	first := calendar.Date(calendar.DayOf(now).Year()-1, time.January, 1)
	f.Marks = slices.DeleteFunc(marks, func(m calendar.Mark) bool { return m.Date < first })
	coming, err := s.ComingMaintenance(ctx)
	for _, one := range coming {
		f.Windows = append(f.Windows, one.Window())
	}
	return err
}

// fillPeople: contacts are the heads and focal officers of units in force, each at
// each of their units; a unit without any is listed too, without an address.
func (s *Store) fillPeople(ctx context.Context, f *outage.Facts, h OutageHandling) error {
	const contacts = `
		select u.code as unit, u.name as unit_name, coalesce(p.role, 'director') as role, coalesce(p.name, '') as name,
		       coalesce(p.mail, '') as mail
		from units u
		left join lateral (
			select p.role, q.name, q.mail
			from positions p join persons q on q.id = p.person_id and q.state <> 'closed'
			where p.unit_code = u.code and p.role in ('director', 'focal_officer') and ` + inForce + `
		) p on true
		where u.valid_from <= clock_timestamp() and (u.valid_to is null or u.valid_to >= clock_timestamp() - interval '1 day')
		order by u.code, p.role, p.name`
	var rows []struct {
		Unit     string `db:"unit"`
		UnitName string `db:"unit_name"`
		Role     string `db:"role"`
		Name     string `db:"name"`
		Mail     string `db:"mail"`
	}
	if err := s.db.SelectContext(ctx, &rows, contacts); err != nil {
		return wrap("list contacts", err)
	}
	for _, row := range rows {
		post := outage.Head
		if row.Role == "focal_officer" {
			post = outage.Focal
		}
		f.Contacts = append(f.Contacts, outage.Contact{Unit: row.Unit, UnitName: row.UnitName, Post: post, Name: row.Name, Mail: row.Mail})
	}
	return s.fillOfficers(ctx, f, h)
}

// fillOfficers: whose word is needed, and who is told at once.
func (s *Store) fillOfficers(ctx context.Context, f *outage.Facts, h OutageHandling) (err error) {
	if f.Needs, err = s.outageParties(ctx, s.db, h); err != nil {
		return err
	}
	const officers = `
		select distinct on (q.id) q.name, q.mail,
		       case when p.unit_code = $1 and p.role in ('officer', 'authority_head') then 'authority'
		            when p.unit_code = $2 and p.role in ('director', 'division_head') then 'it' else '' end as party
		from positions p join persons q on q.id = p.person_id and q.state = 'active' and q.mail <> ''
		where (p.unit_code = $1 and p.role in ('officer', 'authority_head', 'system_admin')
		       or p.unit_code = $2 and p.role in ('director', 'division_head')) and ` + inForce + `
		order by q.id, party desc`
	var rows []struct {
		Name  string       `db:"name"`
		Mail  string       `db:"mail"`
		Party outage.Party `db:"party"`
	}
	if err := s.db.SelectContext(ctx, &rows, officers, s.authority, h.ITUnit); err != nil {
		return wrap("list officers", err)
	}
	for _, row := range rows {
		f.Officers = append(f.Officers, outage.Officer{Name: row.Name, Mail: row.Mail, Party: row.Party})
	}
	return nil
}

func (s *Store) fillLetterhead(ctx context.Context, f *outage.Facts, h OutageHandling) (err error) {
	f.Letterhead, err = s.OutageLetterhead(ctx, h)
	return err
}

// OutageLetterhead is what stands around a notice on paper: the authority's, with the
// department that runs IT.
func (s *Store) OutageLetterhead(ctx context.Context, h OutageHandling) (outage.Letterhead, error) {
	unit, err := s.Unit(ctx, s.authority)
	if err != nil {
		return outage.Letterhead{}, err
	}
	_, after, _ := strings.Cut(unit.Symbol, "-")
	head := outage.Letterhead{
		Superior: lines(unit.Superior), Agency: unit.Name, Place: unit.Place, Capacity: lines(unit.SignerCapacity),
		Symbol: noticeSymbol + after,
	}
	const signer = `
		select q.name from positions p join persons q on q.id = p.person_id
		where p.unit_code = $1 and p.role = 'director' and q.state = 'active' and ` + inForce + `
		order by p.valid_from, q.id limit 1`
	if err := wrap("look for the signer", s.db.GetContext(ctx, &head.Signer, signer, s.authority)); err != nil && !errors.Is(err, ErrNotFound) {
		return head, err
	}
	if it, err := s.Unit(ctx, h.ITUnit); err == nil && it.Code != s.authority {
		head.ITAgency = it.Name
	}
	return head, nil
}

// noticeSymbol is that of a "thông báo" before the agency's (NĐ 30/2020, Phụ lục III).
const noticeSymbol = "TB-"
