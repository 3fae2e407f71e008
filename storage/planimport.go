package storage

import (
	"context"
	"io"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/staff"
)

// PlanImport is a workbook with tasks that was handed in for a draft.
type PlanImport struct {
	Hash string `db:"hash"`
	Name string `db:"name"`
}

// AddPlanImport keeps a workbook that may become tasks of the draft. rule.Errors: not
// the moment, not the person, or at the field "file" why it is not taken.
func (s *Store) AddPlanImport(ctx context.Context, id, name string, from io.Reader, actor staff.Actor) (PlanImport, error) {
	look := func(tx *sqlx.Tx) error {
		_, _, err := s.lockPlan(ctx, tx, id, actor)
		return err
	}
	if err := s.inTx(ctx, look); err != nil { // before anything is kept
		return PlanImport{}, err
	}
	name, file, err := s.keepWorkbook(ctx, name, from)
	if err != nil {
		return PlanImport{}, err
	}
	const note = `
		insert into plan_imports (document_id, hash, name, uploaded_by) values ($1, $2, $3, $4)
		on conflict (document_id, hash) do update
		set name = excluded.name, uploaded_by = excluded.uploaded_by, uploaded_at = excluded.uploaded_at`
	_, err = s.db.ExecContext(ctx, note, id, file.Hash, name, actor.Person)
	return PlanImport{Hash: file.Hash, Name: name}, wrap("note workbook", err)
}

// importsLast is how long a workbook may lie before its author says whether its tasks
// are to be taken over.
const importsLast = 30 * 24 * time.Hour

// SweepPlanImports forgets the workbooks that lay too long, and those of plans that are
// no longer in writing, and tells how many. Their files stay: other rows may name them.
func (s *Store) SweepPlanImports(ctx context.Context) (int64, error) {
	const sweep = `
		delete from plan_imports i using documents d
		where d.id = i.document_id
		  and (d.stage <> 'drafting' or i.uploaded_at < clock_timestamp() - make_interval(secs => $1))`
	result, err := s.db.ExecContext(ctx, sweep, importsLast.Seconds())
	if err != nil {
		return 0, wrap("sweep workbooks", err)
	}
	return result.RowsAffected()
}

// PlanImport reads a workbook that was handed in for the document, with its bytes.
// The caller has checked that the reader is one of the document's authors.
func (s *Store) PlanImport(ctx context.Context, id, hash string) (PlanImport, []byte, error) {
	const read = `select hash, name from plan_imports where document_id = $1 and hash = $2`
	var one PlanImport
	if err := s.db.GetContext(ctx, &one, read, id, hash); err != nil {
		return one, nil, wrap("read workbook of "+id, err)
	}
	data, err := s.ReadFile(one.Hash)
	return one, data, err
}
