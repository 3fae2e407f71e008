package storage

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/outage"
	"cchc/domain/staff"
)

const mostNoticePDF = 10 << 20 // bytes

// PublishOutageNotice publishes the notice with its print (nil: it has none), and writes
// the notices to the people of all units in the same transaction. What was printed is
// told by its hash: if the notice has been changed since, or its turn is another one,
// nothing happens, and the workflow looks again.
func (s *Store) PublishOutageNotice(ctx context.Context, id int64, hash string, pdf []byte) error {
	var file StoredFile
	if pdf != nil {
		var err error
		if file, err = s.keepBytes(bytes.NewReader(pdf), "application/pdf", mostNoticePDF); err != nil {
			return err
		}
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		n, err := oneNotice(ctx, tx, id)
		if err != nil {
			return err
		}
		c, err := s.outageCourse(ctx, tx, n.Outage)
		if err != nil {
			return err
		}
		turn := c.course().Turn(c.at())
		if turn.Step != outage.PublishNotice || turn.Notice != id {
			return nil
		}
		if n, err = oneNotice(ctx, tx, id); err != nil || n.Hash != hash { // as it stands now that the row is held
			return err
		}
		if pdf != nil {
			if err := addFileRow(ctx, tx, file); err != nil {
				return err
			}
		}
		const publish = `update outage_notices set published_at = $2, pdf_hash = nullif($3, ''), told = true where id = $1`
		if _, err := tx.ExecContext(ctx, publish, id, c.at(), file.Hash); err != nil {
			return wrap("publish notice of an outage", err)
		}
		line := outageLine{
			Key: fmt.Sprintf("published:%d", id), Event: OutagePublished, Detail: OutageDetail{Kind: n.Kind, Number: n.Number},
		}
		if err := addOutageEvent(ctx, tx, c.ID, line); err != nil {
			return err
		}
		return tellNotice(ctx, tx, n, nil)
	})
}

// AddNoticePrint keeps the print of a notice that was published without one, and gives
// the hash of the print that it has: one that is there stays.
func (s *Store) AddNoticePrint(ctx context.Context, id int64, pdf []byte) (hash string, err error) {
	file, err := s.keepBytes(bytes.NewReader(pdf), "application/pdf", mostNoticePDF)
	if err != nil {
		return "", err
	}
	const add = `
		update outage_notices set pdf_hash = coalesce(pdf_hash, $2) where id = $1 and published_at is not null
		returning pdf_hash`
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := addFileRow(ctx, tx, file); err != nil {
			return err
		}
		return tx.GetContext(ctx, &hash, add, id, file.Hash)
	})
	return hash, wrap("add print of a notice", err)
}

// MarkOutagePosted notes that page, feed and files show the notice.
func (s *Store) MarkOutagePosted(ctx context.Context, id int64) error {
	_, err := s.db.ExecContext(ctx, `update outage_notices set posted = true where id = $1 and not posted`, id)
	return wrap("mark notice posted", err)
}

// addFollowUp adds a notice that needs no word besides the one that the caller has: of
// what became of deadlines. The workflow publishes it, also when the outage is closed.
func (s *Store) addFollowUp(ctx context.Context, tx *sqlx.Tx, id int64, content outage.Notice) (int64, error) {
	c, err := s.outageCourse(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	added, err := s.addDraft(ctx, tx, c, newNotice{Kind: outage.Deadlines, Content: content})
	if err != nil {
		return 0, err
	}
	return added, wakeOutage(ctx, tx, id)
}

// telling is what people of all units are told at once.
type telling struct {
	Key   string // stable: told again under it nobody hears it twice
	Kind  string
	Args  map[string]any
	Roles []staff.Role // the first of them that a person holds; none: director and focal officer
	Sent  []string     // addresses (outage.Address) whose mail has gone out on another road
}

// tellNotice tells units of a published notice. Those whose mail the watcher has sent
// have it at the bell alone.
func tellNotice(ctx context.Context, tx *sqlx.Tx, n OutageNotice, sent []string) error {
	return tellUnits(ctx, tx, telling{
		Key: fmt.Sprintf("outage:%d:notice:%d", n.Outage, n.ID), Kind: NoticeOutage, Sent: sent,
		Args: map[string]any{"outage": n.Outage, "notice": n.ID, "name": n.Title, "number": n.Number, "text": n.Text},
	})
}

// tellUnits writes a notice for each person who holds one of the roles at a unit that
// is in force, once however many they hold. A unit where nobody does gets the row
// without a person, which the authority sees.
func tellUnits(ctx context.Context, tx *sqlx.Tx, t telling) error {
	const tell = `
		with current as (
			select u.code from units u, (select (clock_timestamp() at time zone 'Asia/Ho_Chi_Minh')::date as today) t
			where u.valid_from <= today and (u.valid_to is null or u.valid_to >= today)
		), held as (
			select distinct on (q.id) q.id as person_id, p.role, p.unit_code, q.mail
			from positions p
			join persons q on q.id = p.person_id and (q.state = 'active' or (q.state = 'invited' and q.mail <> ''))
			join current u on u.code = p.unit_code
			where p.role = any($5) and ` + inForce + `
			order by q.id, array_position($5::text[], p.role), p.unit_code
		), told as (
			select person_id, role, unit_code, mail from held
			union all
			select null, ($5::text[])[1], u.code, ''
			from current u
			where not exists (
				select from positions p join persons q on q.id = p.person_id
				where p.unit_code = u.code and p.role = any($5) and ` + inForce + `
				  and (q.state = 'active' or (q.state = 'invited' and q.mail <> '')))
		)
		insert into notices (key, kind, person_id, role, unit_code, args, mail_state)
		select $1 || ':' || coalesce(person_id::text, 'nobody:' || unit_code), $2, person_id, role, unit_code, $3::jsonb,
			case when mail = '' then 'no_recipient'
			     when lower(btrim(mail)) = any($4) then 'sent' else 'queued' end
		from told order by unit_code, person_id
		on conflict (key) do nothing`
	args, err := encodeArgs(t.Args)
	if err != nil {
		return fmt.Errorf("tell units: %w", err)
	}
	if len(t.Roles) == 0 {
		t.Roles = []staff.Role{staff.Director, staff.FocalOfficer}
	}
	roles := make([]string, len(t.Roles))
	for i, role := range t.Roles {
		roles[i] = string(role)
	}
	_, err = tx.ExecContext(ctx, tell, t.Key, t.Kind, args, texts(t.Sent), pq.Array(roles))
	return wrap("tell units", err)
}

// SendOutageRest has the server send what the watcher, which has published the notice,
// has not: to addresses whose mail no server has accepted. It is for when the watcher
// itself is lost; it does the same by itself once the watcher says that it is done.
func (s *Store) SendOutageRest(ctx context.Context, id int64, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		n, err := oneNotice(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := lockOutage(ctx, tx, n.Outage); err != nil {
			return err
		}
		return s.sendRest(ctx, tx, n, actor.Person)
	})
}

// sendRest tells those whom the watcher's newest report does not name as reached. Each
// report names all that the ones before it did.
func (s *Store) sendRest(ctx context.Context, tx *sqlx.Tx, n OutageNotice, by int64) error {
	const take = `update outage_notices set told = true where id = $1 and taken_over and not told`
	done, err := tx.ExecContext(ctx, take, n.ID)
	if err != nil {
		return wrap("send the rest of a notice", err)
	}
	if rows, err := done.RowsAffected(); err != nil || rows == 0 {
		return wrap("send the rest of a notice", err)
	}
	const list = `
		select distinct on (watch_id) report from outage_reports where outage_id = $1 order by watch_id, version desc`
	var raw [][]byte
	if err := tx.SelectContext(ctx, &raw, list, n.Outage); err != nil {
		return wrap("read reports of the watcher", err)
	}
	var sent []string
	for _, one := range raw {
		var report outage.Report
		if err := json.Unmarshal(one, &report); err != nil {
			return fmt.Errorf("read report of the watcher: %w", err)
		}
		sent = append(sent, accepted(report, n.Kind)...)
	}
	line := outageLine{Key: fmt.Sprintf("rest:%d", n.ID), Event: OutageRest, Person: by, Detail: OutageDetail{Kind: n.Kind}}
	if err := addOutageEvent(ctx, tx, n.Outage, line); err != nil {
		return err
	}
	return tellNotice(ctx, tx, n, sent)
}

// accepted are the addresses whose mail of the kind a server has accepted.
func accepted(r outage.Report, kind outage.NoticeKind) []string {
	n := r.Notice
	if kind == outage.AllClear {
		n = r.AllClear
	}
	if n == nil {
		return nil
	}
	var sent []string
	for _, one := range n.Sent {
		if !one.Accepted.IsZero() {
			sent = append(sent, outage.Address(one.Mail))
		}
	}
	return sent
}
