package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
)

// Bundle is the one evidence file of a submission (QĐ 1439 Đ8.3a): a ZIP that is made
// anew from its entries whenever somebody reads it, always of the same bytes. Before it
// is sealed only Document and Revision are known.
type Bundle struct {
	Document string     `db:"document_id"`
	Revision int        `db:"revision"`
	Hash     string     `db:"hash"` // SHA-256 of the ZIP, hex
	Size     int64      `db:"size"` // bytes of the ZIP
	Files    int        `db:"files"`
	SealedAt *time.Time `db:"sealed_at"`
	Problem  string     `db:"problem"` // why it could not be sealed so far

	Entries []BundleEntry `db:"-"`
}

// BundleEntry is one file of a bundle.
type BundleEntry struct {
	Name string `json:"name"` // within the ZIP
	Hash string `json:"hash"` // by which it is kept
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc"` // CRC-32 (IEEE), which a ZIP names before the bytes
}

// Sealed tells whether the bundle's bytes are settled.
func (b Bundle) Sealed() bool { return b.SealedAt != nil }

const readBundles = `
		select document_id, revision, coalesce(hash, '') as hash, coalesce(size, 0) as size,
		       coalesce(jsonb_array_length(entries), 0) as files, sealed_at, problem
		from evidence_bundles where document_id = $1`

// Bundles lists a document's bundles by revision, without their entries. The caller has
// already checked which revisions the reader may see.
func (s *Store) Bundles(ctx context.Context, document string) (map[int]Bundle, error) {
	var rows []Bundle
	if err := s.db.SelectContext(ctx, &rows, readBundles, document); err != nil {
		return nil, wrap("list bundles of "+document, err)
	}
	bundles := make(map[int]Bundle, len(rows))
	for _, row := range rows {
		bundles[row.Revision] = row
	}
	return bundles, nil
}

// Bundle reads one with its entries. ErrNotFound: the revision has none.
func (s *Store) Bundle(ctx context.Context, document string, revision int) (Bundle, error) {
	b, err := s.bundleRow(ctx, document, revision)
	if err != nil || !b.Sealed() {
		return b, err
	}
	const read = `select entries from evidence_bundles where document_id = $1 and revision = $2`
	var raw []byte
	if err := s.db.GetContext(ctx, &raw, read, document, revision); err != nil {
		return b, wrap("read entries of a bundle", err)
	}
	if err := json.Unmarshal(raw, &b.Entries); err != nil {
		return b, fmt.Errorf("read bundle %d of %s: %w", revision, document, err)
	}
	return b, nil
}

// bundleRow is a bundle without its entries.
func (s *Store) bundleRow(ctx context.Context, document string, revision int) (Bundle, error) {
	var b Bundle
	err := s.db.GetContext(ctx, &b, readBundles+` and revision = $2`, document, revision)
	return b, wrap(fmt.Sprintf("read bundle %d of %s", revision, document), err)
}

// openBundle makes the bundle's row with the submission that it belongs to; its bytes
// are settled later, because that reads all files.
func (r *recorder) openBundle(ctx context.Context) error {
	if r.doc.Kind != document.Index {
		return nil
	}
	const open = `insert into evidence_bundles (document_id, revision) values ($1, $2)`
	_, err := r.tx.ExecContext(ctx, open, r.doc.ID, r.doc.Revision)
	return wrap("open bundle", err)
}

// SealBundle settles the bundle's bytes. The first to do so wins; everybody else has
// made the same.
func (s *Store) SealBundle(ctx context.Context, b Bundle) error {
	entries, err := json.Marshal(b.Entries)
	if err != nil {
		return fmt.Errorf("seal bundle of %s: %w", b.Document, err)
	}
	const seal = `
		update evidence_bundles set entries = $3, hash = $4, size = $5, sealed_at = clock_timestamp(), problem = ''
		where document_id = $1 and revision = $2 and sealed_at is null`
	_, err = s.db.ExecContext(ctx, seal, b.Document, b.Revision, string(entries), b.Hash, b.Size)
	return wrap("seal bundle", err)
}

// ClaimBundles takes bundles that wait to be sealed. Each comes round again after a
// while, later and later up to an hour, until it is: also when its taker has died.
func (s *Store) ClaimBundles(ctx context.Context, most int) ([]Bundle, error) {
	const claim = `
		update evidence_bundles b
		set tries = b.tries + 1, retry_at = clock_timestamp() + least(interval '1 hour', interval '1 minute' * (b.tries + 1))
		from (
			select document_id, revision from evidence_bundles
			where sealed_at is null and retry_at <= clock_timestamp()
			order by retry_at limit $1 for update skip locked
		) due
		where b.document_id = due.document_id and b.revision = due.revision
		returning b.document_id, b.revision`
	var claimed []Bundle
	err := s.db.SelectContext(ctx, &claimed, claim, most)
	return claimed, wrap("claim bundles", err)
}

// NoteBundleProblem remembers why a bundle could not be sealed.
func (s *Store) NoteBundleProblem(ctx context.Context, b Bundle, problem string) error {
	const note = `
		update evidence_bundles set problem = $3
		where document_id = $1 and revision = $2 and sealed_at is null`
	_, err := s.db.ExecContext(ctx, note, b.Document, b.Revision, problem)
	return wrap("note problem of a bundle", err)
}

// FileLimit is how many files a document may carry, and how many bytes together.
type FileLimit struct {
	Files int   `db:"files"`
	Bytes int64 `db:"bytes"`
}

// FileLimit reads that of a kind of documents.
func (s *Store) FileLimit(ctx context.Context, kind document.Kind) (FileLimit, error) {
	return fileLimit(ctx, s.db, kind)
}

func fileLimit(ctx context.Context, q sqlx.QueryerContext, kind document.Kind) (FileLimit, error) {
	var limit FileLimit
	err := sqlx.GetContext(ctx, q, &limit, `select files, bytes from file_limits where kind = $1`, kind)
	return limit, wrap("read limits of files", err)
}
