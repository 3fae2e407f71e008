package storage

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// NewTaskEntry is what somebody writes about a task of a living plan, as the form
// sent it.
type NewTaskEntry struct {
	Key      uuid.UUID // from the form: the same click twice is the same key
	Document string
	Task     string
	Actor    staff.Actor
	plan.Entry
	FileName string    // of a result; "": none
	File     io.Reader // its bytes, read once
}

// AddTaskEntry adds an entry to a task's history and brings its facts up to date.
// The same key again is the same entry. rule.Errors: what is wrong at which field,
// or why nothing can be written now. ErrNotFound: no such task.
func (s *Store) AddTaskEntry(ctx context.Context, n NewTaskEntry) error {
	n.Note, n.Number, n.Title = CleanText(n.Note), CleanLine(n.Number), CleanLine(n.Title)
	n.FileName = cleanName(n.FileName)
	if n.Kind != plan.Result {
		n.Number, n.Title, n.IssuedOn, n.FileName = "", "", nil, ""
	}
	n.HasFile = n.FileName != ""
	var file StoredFile
	if n.HasFile { // before its bytes are read: whether anything may be written at all
		known := false
		err := s.inTx(ctx, func(tx *sqlx.Tx) (err error) {
			_, _, known, err = s.checkEntry(ctx, tx, n)
			return err
		})
		if known || err != nil {
			return err
		}
		if file, err = s.keepUpload(ctx, n.FileName, n.File); err != nil {
			return err
		}
	}
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		p, position, known, err := s.checkEntry(ctx, tx, n)
		if known || err != nil {
			return err
		}
		return p.write(ctx, tx, n, position, file)
	})
	if uniqueViolation(err, "task_entries_key_key") { // the same key on another document at the same moment
		return rule.Broken(KeyReused, "")
	}
	return err
}

// checkEntry asks the rules under the document's lock. known: the key has been taken
// already.
func (s *Store) checkEntry(ctx context.Context, tx *sqlx.Tx, n NewTaskEntry) (*trackedPlan, staff.Position, bool, error) {
	p, err := s.lockTracked(ctx, tx, n.Document)
	if err != nil {
		return nil, staff.Position{}, false, err
	}
	if known, err := entryUnder(ctx, tx, n); known || err != nil {
		return nil, staff.Position{}, known, err
	}
	position, may := document.AskerOf(n.Actor, p.doc.Unit)
	if !may {
		return nil, position, false, rule.Broken(document.NotYourRole, "")
	}
	task, err := p.task(n.Task)
	if err != nil {
		return nil, position, false, err
	}
	if broken := n.Check(task.facts(), calendar.DayOf(p.Now)); broken != nil {
		return nil, position, false, broken
	}
	return p, position, false, nil
}

func entryUnder(ctx context.Context, tx *sqlx.Tx, n NewTaskEntry) (bool, error) {
	const find = `select person_id, document_id, task, kind from task_entries where key = $1`
	var known struct {
		Person   int64          `db:"person_id"`
		Document string         `db:"document_id"`
		Task     string         `db:"task"`
		Kind     plan.EntryKind `db:"kind"`
	}
	err := tx.GetContext(ctx, &known, find, n.Key)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err == nil && (known.Person != n.Actor.Person || known.Document != n.Document || known.Task != n.Task || known.Kind != n.Kind):
		return false, rule.Broken(KeyReused, "")
	}
	return err == nil, wrap("look for the entry's key", err)
}

func (p *trackedPlan) write(ctx context.Context, tx *sqlx.Tx, n NewTaskEntry, position staff.Position, file StoredFile) error {
	const insert = `
		insert into task_entries (key, document_id, task, kind, note, percent, number, issued_on, title,
			file_hash, file_name, result_id, person_id, role, unit_code, at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11, $12, $13, $14, $15, $16)
		returning id`
	task, err := p.task(n.Task)
	if err != nil {
		return err
	}
	var withdrawn *int64
	if n.Kind == plan.Withdrawal {
		withdrawn = task.ResultID
	}
	var id int64
	err = tx.GetContext(ctx, &id, insert, n.Key, n.Document, n.Task, n.Kind, n.Note, n.Percent, n.Number, n.IssuedOn, n.Title,
		file.Hash, n.FileName, withdrawn, n.Actor.Person, position.Role, position.Unit, p.Now)
	if err != nil {
		return wrap("add entry", err)
	}
	if err := p.bringUpToDate(ctx, tx, n, id); err != nil {
		return err
	}
	if err := tellLive(ctx, tx, n.Document); err != nil {
		return err
	}
	if n.Kind == plan.Progress {
		return nil
	}
	return wakePlan(ctx, tx, n.Document) // the task no longer waits, or waits again
}

// tellLive tells the open pages of the document that something on them has changed
// which is no line of its history.
func tellLive(ctx context.Context, tx *sqlx.Tx, document string) error {
	_, err := tx.ExecContext(ctx, `select pg_notify($1, 'd:' || $2::text)`, ChannelLive, document)
	return wrap("tell open pages", err)
}

// bringUpToDate carries the entry over into the task's facts.
func (p *trackedPlan) bringUpToDate(ctx context.Context, tx *sqlx.Tx, n NewTaskEntry, entry int64) error {
	const update = `
		update plan_tasks
		set started_at = case when $3 = 'withdrawal' then started_at else coalesce(started_at, $4) end,
		    percent = case when $3 = 'progress' then coalesce($5, percent) else percent end,
		    done_on = case $3 when 'result' then $6::date when 'withdrawal' then null else done_on end,
		    result_id = case $3 when 'result' then $7::bigint when 'withdrawal' then null else result_id end
		where document_id = $1 and key = $2`
	_, err := tx.ExecContext(ctx, update, n.Document, n.Task, n.Kind, p.Now, n.Percent, n.IssuedOn, entry)
	return wrap("bring task up to date", err)
}

// TaskEntry is one line of a task's history.
type TaskEntry struct {
	ID        int64          `db:"id"`
	Task      string         `db:"task"`
	Kind      plan.EntryKind `db:"kind"`
	Note      string         `db:"note"`
	Percent   *int           `db:"percent"`
	Number    string         `db:"number"`
	IssuedOn  *calendar.Day  `db:"issued_on"`
	Title     string         `db:"title"`
	FileHash  string         `db:"file_hash"` // "": none
	FileName  string         `db:"file_name"`
	FileSize  int64          `db:"file_size"`
	By        string         `db:"by"` // name
	Role      staff.Role     `db:"role"`
	At        time.Time      `db:"at"`
	Withdrawn bool           `db:"withdrawn"` // a result that stands no more
}

const readEntries = `
	select e.id, e.task, e.kind, e.note, e.percent, e.number, e.issued_on, e.title, coalesce(e.file_hash, '') as file_hash,
	       e.file_name, coalesce(f.size, 0) as file_size, p.name as by, e.role, e.at,
	       exists (select from task_entries w where w.result_id = e.id) as withdrawn
	from task_entries e
	join persons p on p.id = e.person_id
	left join files f on f.hash = e.file_hash`

// TaskEntries is a task's history, newest first. The caller has read the plan
// within the reader's scope.
func (s *Store) TaskEntries(ctx context.Context, id, key string) ([]TaskEntry, error) {
	const list = readEntries + ` where e.document_id = $1 and e.task = $2 order by e.id desc`
	var entries []TaskEntry
	err := s.db.SelectContext(ctx, &entries, list, id, key)
	return entries, wrap("list entries", err)
}

// ResultFile is the file of a result, by its hash; ErrNotFound: the plan has none
// such.
func (s *Store) ResultFile(ctx context.Context, id, hash string) (DocumentFile, error) {
	const read = `
		select f.hash, f.size, f.media_type, e.file_name as name
		from task_entries e join files f on f.hash = e.file_hash
		where e.document_id = $1 and e.file_hash = $2 order by e.id desc limit 1`
	var file DocumentFile
	err := s.db.GetContext(ctx, &file, read, id, hash)
	return file, wrap("read file of a result", err)
}
