package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/plan"
	"cchc/domain/prose"
)

// Rows of search_texts are written in the transaction that makes what they tell:
// the launch, the freezing of a revision, its signature, an adjustment of a plan.

// searchRow is one row of search_texts.
type searchRow struct {
	head     searchHead
	own      bool
	revision int
	at       time.Time
	texts    []string
	numbers  []IssuedNumber
}

// IssuedNumber is a number that a document bears.
type IssuedNumber struct {
	Number int    `db:"number"`
	Symbol string `db:"symbol"`
}

const searchHeads = `
		select d.id, d.kind, d.unit_code, u.name as unit_name, u.abbreviation, c.name as campaign_name, c.period, c.window_to
		from documents d join units u on u.code = d.unit_code join campaigns c on c.code = d.campaign`

// indexLaunched makes new documents of a campaign found by unit and campaign.
func indexLaunched(ctx context.Context, tx *sqlx.Tx, campaign string, units []string, at time.Time) error {
	const list = searchHeads + ` where d.campaign = $1 and d.unit_code = any($2)`
	var heads []searchHead
	if err := tx.SelectContext(ctx, &heads, list, campaign, pq.Array(units)); err != nil {
		return wrap("read what was launched", err)
	}
	rows := make([]searchRow, len(heads))
	for i, head := range heads {
		rows[i] = searchRow{head: head, at: at}
	}
	return writeSearchRows(ctx, tx, rows)
}

// indexFrozen makes the newest revision found by the unit's own people.
func (r *recorder) indexFrozen(ctx context.Context, content form.Content, at time.Time) error {
	row, err := r.searchRow(ctx, at)
	if err != nil {
		return err
	}
	row.own, row.texts = true, plainTexts(content)
	return writeSearchRows(ctx, r.tx, []searchRow{row})
}

// indexSigned makes the signed revision found by everybody who reads the
// document, and by its number.
func (r *recorder) indexSigned(ctx context.Context, at time.Time) error {
	const read = `select content from revisions where document_id = $1 and revision = $2`
	var raw []byte
	if err := r.tx.GetContext(ctx, &raw, read, r.doc.ID, r.doc.Revision); err != nil {
		return wrap("read signed revision", err)
	}
	texts, err := textsIn(raw)
	if err != nil {
		return err
	}
	row, err := r.searchRow(ctx, at)
	if err != nil {
		return err
	}
	row.texts = texts
	if err := writeSearchRows(ctx, r.tx, []searchRow{row}); err != nil {
		return err
	}
	_, err = r.tx.ExecContext(ctx, `delete from search_texts where document_id = $1 and own`, r.doc.ID)
	return wrap("open text to all readers", err)
}

func (r *recorder) searchRow(ctx context.Context, at time.Time) (searchRow, error) {
	return newSearchRow(ctx, r.tx, r.doc.ID, r.doc.Revision, at)
}

// newSearchRow is a document's row without its texts.
func newSearchRow(ctx context.Context, tx *sqlx.Tx, document string, revision int, at time.Time) (searchRow, error) {
	const head = searchHeads + ` where d.id = $1`
	row := searchRow{revision: revision, at: at}
	if err := tx.GetContext(ctx, &row.head, head, document); err != nil {
		return row, wrap("read what a document is found by", err)
	}
	const numbers = `select number, symbol from document_numbers where document_id = $1 and state = 'issued'`
	err := tx.SelectContext(ctx, &row.numbers, numbers, document)
	return row, wrap("read numbers", err)
}

// textsIn is the texts of a frozen content.
func textsIn(raw []byte) ([]string, error) {
	var content form.Content
	if err := json.Unmarshal(raw, &content); err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	return plainTexts(content), nil
}

// plainTexts is the narrative, a plan's tasks and what a self-assessment explains, as
// plain text.
func plainTexts(content form.Content) []string {
	texts := make([]string, 0, len(content.Sections)+len(content.Tasks))
	for _, code := range slices.Sorted(maps.Keys(content.Sections)) {
		texts = append(texts, prose.Parse(content.Sections[code]).Plain())
	}
	texts = append(texts, taskTexts(content.Tasks)...)
	for _, answer := range content.Answers {
		texts = append(texts, answer.Explanation)
	}
	return texts
}

// taskTexts is a plan's table, a text a task.
func taskTexts(tasks []plan.Task) []string {
	texts := make([]string, len(tasks))
	for i, task := range tasks {
		texts[i] = task.Words()
	}
	return texts
}

func writeSearchRows(ctx context.Context, tx *sqlx.Tx, rows []searchRow) error {
	if len(rows) == 0 {
		return nil
	}
	var ids, units, words []string
	var own []bool
	var quarters, revisions []int64
	var at []time.Time
	all := lexemes{}
	for _, row := range rows {
		l, quarter, err := row.head.lexemes()
		if err != nil {
			return fmt.Errorf("index %s: %w", row.head.Document, err)
		}
		for _, text := range row.texts {
			l.add(text)
		}
		for _, n := range row.numbers {
			l.addNumber(n.Number, n.Symbol)
		}
		for one := range l {
			all[one] = true
		}
		ids, units, words = append(ids, row.head.Document), append(units, row.head.Unit), append(words, l.text())
		own, at = append(own, row.own), append(at, row.at)
		quarters, revisions = append(quarters, int64(quarter)), append(revisions, int64(row.revision))
	}
	const write = `
		insert into search_texts (document_id, own, unit_code, quarter, at, revision, version, words)
		select r.id, r.own, r.unit, r.quarter, r.at, r.revision, $8, array_to_tsvector(string_to_array(r.words, ' '))
		from unnest($1::text[], $2::bool[], $3::text[], $4::int[], $5::timestamptz[], $6::int[], $7::text[])
			as r (id, own, unit, quarter, at, revision, words)
		on conflict (document_id, own) do update
		set quarter = excluded.quarter, at = excluded.at, revision = excluded.revision,
		    version = excluded.version, words = excluded.words`
	if _, err := tx.ExecContext(ctx, write, pq.Array(ids), pq.Array(own), pq.Array(units), pq.Array(quarters),
		pq.Array(at), pq.Array(revisions), pq.Array(words), lexemesVersion); err != nil {
		return wrap("write search texts", err)
	}
	// In order, so that two transactions with the same new words wait for each
	// other in the same place.
	const learn = `
		insert into search_words (word, folded)
		select n.word, n.folded from unnest($1::text[], $2::bool[]) as n (word, folded)
		where not exists (select from search_words w where w.word = n.word)
		on conflict do nothing`
	vocabulary, folded := all.vocabulary()
	_, err := tx.ExecContext(ctx, learn, pq.Array(vocabulary), pq.Array(folded))
	return wrap("learn words", err)
}

// reindexed is how many documents Reindex takes in one transaction.
const reindexed = 200

// Reindex makes what documents are found by where it is missing, or was made by
// an earlier release. It may run beside everything else, and be broken off.
func Reindex(ctx context.Context, db *sql.DB) (documents int, err error) {
	pool := sqlx.NewDb(db, "postgres")
	for {
		n, err := reindexSome(ctx, pool)
		documents += n
		if err != nil || n == 0 {
			return documents, err
		}
	}
}

func reindexSome(ctx context.Context, db *sqlx.DB) (int, error) {
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return 0, fmt.Errorf("reindex: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit this does nothing
	const list = searchHeads + `
		where not exists (select from search_texts s where s.document_id = d.id and not s.own and s.version = $1)
		order by d.id limit $2 for no key update of d`
	var heads []searchHead
	if err := tx.SelectContext(ctx, &heads, list, lexemesVersion, reindexed); err != nil || len(heads) == 0 {
		return 0, wrap("list what is not indexed", err)
	}
	rows, err := reindexRows(ctx, tx, heads)
	if err != nil {
		return 0, err
	}
	if err := writeSearchRows(ctx, tx, rows); err != nil {
		return 0, err
	}
	if err := tx.Commit(); err != nil {
		return 0, fmt.Errorf("reindex: %w", err)
	}
	return len(heads), nil
}

// reindexRows reads what the documents are found by now: the newest revision that
// all readers may read, and a newer one for the unit's own people.
func reindexRows(ctx context.Context, tx *sqlx.Tx, heads []searchHead) ([]searchRow, error) {
	ids, at := make([]string, len(heads)), map[string]searchHead{}
	for i, head := range heads {
		ids[i], at[head.Document] = head.Document, head
	}
	const read = `
		select d.id, d.revision, d.created_at, ` + signedRevisions + `,
		       coalesce((select json_agg(json_build_object('number', n.number, 'symbol', n.symbol))
		                 from document_numbers n where n.document_id = d.id and n.state = 'issued'), '[]') as numbers
		from documents d where d.id = any($1)`
	var found []struct {
		Document  string        `db:"id"`
		Revision  int           `db:"revision"`
		CreatedAt time.Time     `db:"created_at"`
		Signed    pq.Int64Array `db:"signed"`
		Numbers   []byte        `db:"numbers"`
	}
	if err := tx.SelectContext(ctx, &found, read, pq.Array(ids)); err != nil {
		return nil, wrap("read what is not indexed", err)
	}
	texts, err := frozenTexts(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var rows []searchRow
	for _, one := range found {
		reading := readingOf(one.Revision, one.Signed)
		open := searchRow{head: at[one.Document], at: one.CreatedAt, revision: reading.Newest(false)}
		if err := json.Unmarshal(one.Numbers, &open.numbers); err != nil {
			return nil, fmt.Errorf("read numbers of %s: %w", one.Document, err)
		}
		own := open
		if text, frozen := texts[revisionOf{one.Document, open.revision}]; frozen {
			open.texts, open.at = text.sections, text.openedAt()
		}
		rows = append(rows, open)
		if own.revision = reading.Newest(true); own.revision != open.revision {
			text := texts[revisionOf{one.Document, own.revision}]
			own.own, own.texts, own.at = true, text.sections, text.submittedAt
			rows = append(rows, own)
		}
	}
	return rows, nil
}

type revisionOf struct {
	document string
	revision int
}

// frozenText is a frozen revision as it is found.
type frozenText struct {
	sections    []string
	submittedAt time.Time
	signedAt    *time.Time
	adjustedAt  *time.Time
}

// openedAt is when everybody could read it as it stands.
func (t frozenText) openedAt() time.Time {
	if t.adjustedAt != nil {
		return *t.adjustedAt
	}
	if t.signedAt != nil {
		return *t.signedAt
	}
	return t.submittedAt
}

// frozenTexts reads the revisions of the documents.
func frozenTexts(ctx context.Context, tx *sqlx.Tx, ids []string) (map[revisionOf]frozenText, error) {
	const read = `
		select r.document_id, r.revision, r.content, r.submitted_at, a.ended_at, p.after, p.ended_at as adjusted_at
		from revisions r
		left join signing_attempts a on a.document_id = r.document_id and a.revision = r.revision and a.state = 'signed'
		left join lateral (
			select after, ended_at from plan_adjustments
			where document_id = r.document_id and revision = r.revision order by id desc limit 1) p on true
		where r.document_id = any($1)`
	var found []struct {
		Document    string     `db:"document_id"`
		Revision    int        `db:"revision"`
		Content     []byte     `db:"content"`
		SubmittedAt time.Time  `db:"submitted_at"`
		SignedAt    *time.Time `db:"ended_at"`
		After       []byte     `db:"after"` // of a plan that was adjusted
		AdjustedAt  *time.Time `db:"adjusted_at"`
	}
	if err := tx.SelectContext(ctx, &found, read, pq.Array(ids)); err != nil {
		return nil, wrap("read frozen texts", err)
	}
	texts := make(map[revisionOf]frozenText, len(found))
	for _, one := range found {
		sections, err := textsIn(one.Content)
		if err != nil {
			return nil, err
		}
		adjusted, err := tasksIn(one.After)
		if err != nil {
			return nil, err
		}
		texts[revisionOf{one.Document, one.Revision}] = frozenText{append(sections, adjusted...), one.SubmittedAt, one.SignedAt, one.AdjustedAt}
	}
	return texts, nil
}
