package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/rule"
)

// revisionKey names a frozen revision, whose content never changes.
type revisionKey struct {
	Document string `db:"document_id"`
	Number   int    `db:"revision"`
}

// frozen is what a revision froze. It is kept between requests and shared by
// them: nobody may change it. Who may read it is asked before, at every request.
type frozen struct {
	content  form.Content
	warnings rule.Errors // what the checks doubted when it was submitted
}

// frozenBytes is how much of frozen contents is kept: some 400 reports in full.
const frozenBytes = 16 << 20

// frozenOf reads what revisions froze, those that are not kept in one statement.
func (s *Store) frozenOf(ctx context.Context, q sqlx.QueryerContext, keys ...revisionKey) (map[revisionKey]frozen, error) {
	found := make(map[revisionKey]frozen, len(keys))
	var documents []string
	var numbers []int64
	for _, key := range keys {
		if known, ok := s.frozen.Get(key); ok {
			found[key] = known
		} else {
			documents, numbers = append(documents, key.Document), append(numbers, int64(key.Number))
		}
	}
	if len(documents) == 0 {
		return found, nil
	}
	const read = `
		select r.document_id, r.revision, r.content, r.warnings
		from (select distinct * from unnest($1::text[], $2::int[])) k (document_id, revision)
		join revisions r on r.document_id = k.document_id and r.revision = k.revision`
	var rows []struct {
		revisionKey
		Content  []byte `db:"content"`
		Warnings []byte `db:"warnings"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, read, pq.Array(documents), pq.Array(numbers)); err != nil {
		return nil, wrap("read revisions", err)
	}
	for _, row := range rows {
		one, err := newFrozen(row.Content, row.Warnings)
		if err != nil {
			return nil, fmt.Errorf("read revision %d of %s: %w", row.Number, row.Document, err)
		}
		if err := addSizes(ctx, q, one.content.Files); err != nil {
			return nil, err
		}
		found[row.revisionKey] = one
		const asMaps = 2 // of what it takes as text
		s.frozen.Keep(row.revisionKey, one, asMaps*len(row.Content))
	}
	return found, nil
}

func newFrozen(content, warnings []byte) (frozen, error) {
	var one frozen
	if err := json.Unmarshal(content, &one.content); err != nil {
		return one, fmt.Errorf("content: %w", err)
	}
	if err := json.Unmarshal(warnings, &one.warnings); err != nil {
		return one, fmt.Errorf("warnings: %w", err)
	}
	for code, figure := range one.content.Figures { // the canonical form leaves these out
		figure.Code = code
		one.content.Figures[code] = figure
	}
	return one, nil
}

// addSizes fills in the files' sizes, for which their hashes stand in the
// canonical form.
func addSizes(ctx context.Context, q sqlx.QueryerContext, files []form.FileRef) error {
	if len(files) == 0 {
		return nil
	}
	hashes := make([]string, len(files))
	for i, file := range files {
		hashes[i] = file.Hash
	}
	var rows []StoredFile
	const read = `select hash, size, media_type from files where hash = any($1)`
	if err := sqlx.SelectContext(ctx, q, &rows, read, pq.Array(hashes)); err != nil {
		return wrap("read sizes of files", err)
	}
	sizes := map[string]int64{}
	for _, row := range rows {
		sizes[row.Hash] = row.Size
	}
	for i := range files {
		files[i].Size = sizes[files[i].Hash]
	}
	return nil
}
