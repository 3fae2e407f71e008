package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/prose"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

// NothingEarlier refuses a copy where the unit has handed in no report of the
// period before, or one without a word for what was asked.
const NothingEarlier rule.Code = "nothing_earlier"

// EarlierReport is the narrative of the same unit in the period before: of the
// newest revision that its director signed.
type EarlierReport struct {
	Document string
	Revision int
	Period   string
	Sections map[string]string // by code
}

// Earlier reads the report whose words may be taken over, of the same form: see
// period.Earlier; nil when there is none. The caller has checked that the reader is one of the document's
// authors.
func (s *Store) Earlier(ctx context.Context, id string) (*EarlierReport, error) {
	return earlier(ctx, s.db, id)
}

func earlier(ctx context.Context, q sqlx.ExtContext, id string) (*EarlierReport, error) {
	const own = `
		select c.form, c.period, d.unit_code
		from documents d join campaigns c on c.code = d.campaign where d.id = $1`
	var doc struct {
		Form   string `db:"form"`
		Period string `db:"period"`
		Unit   string `db:"unit_code"`
	}
	if err := sqlx.GetContext(ctx, q, &doc, own, id); err != nil {
		return nil, wrap("read period of "+id, err)
	}
	now, err := ownPeriod(doc.Period)
	if err != nil {
		return nil, fmt.Errorf("read period of %s: %w", id, err)
	}
	if now == (period.Period{}) {
		return nil, nil
	}
	const newest = `
		select d.id, r.revision, c.period, coalesce(r.content -> 'sections', '{}')` + reported + `
		join revisions r on r.document_id = a.document_id and r.revision = a.revision
		where d.unit_code = $1 and c.form = $2 and c.period = any($3)
		order by array_position($3, c.period),` + reportedOrder + ` limit 1`
	var report EarlierReport
	var sections []byte
	err = q.QueryRowxContext(ctx, newest, doc.Unit, doc.Form, pq.Array(period.Codes(now.Earlier()))).
		Scan(&report.Document, &report.Revision, &report.Period, &sections)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, wrap("read report before "+id, err)
	}
	if err := json.Unmarshal(sections, &report.Sections); err != nil {
		return nil, fmt.Errorf("read report before %s: %w", id, err)
	}
	return &report, nil
}

// CopyEarlier copies the narrative of the period before: into the section, after
// what stands there, or with an empty section into every blank one. It returns
// the sections that were changed. Each copied paragraph counts as not brought up
// to date until it is changed or confirmed. A paragraph that stands there
// already is not copied again, so a double click copies once. rule.Errors: not the
// moment, not the person, NothingEarlier, or too long.
func (s *Store) CopyEarlier(ctx context.Context, id, section string, actor staff.Actor) ([]string, error) {
	var changed []string
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockForDraft(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		version, err := s.formVersion(ctx, tx, doc.Form, doc.FormVersion)
		if err != nil {
			return err
		}
		if _, known := version.Section(section); section != "" && !known {
			return fmt.Errorf("copy into section %s: %w", section, ErrNotFound)
		}
		report, err := earlier(ctx, tx, id)
		if err != nil {
			return err
		}
		if report == nil {
			return rule.Broken(NothingEarlier, "")
		}
		standing, err := draftContent(ctx, tx, id, version)
		if err != nil {
			return err
		}
		c := copying{tx: tx, id: id, report: report, person: actor.Person}
		for _, one := range version.Sections {
			if one.Code != section && (section != "" || prose.Parse(standing.Sections[one.Code]).Words() > 0) {
				continue
			}
			copied, err := c.section(ctx, one.Code, standing.Sections[one.Code])
			if err != nil {
				return err
			}
			if copied {
				changed = append(changed, one.Code)
			}
		}
		if section != "" && report.Sections[section] == "" {
			return rule.Broken(NothingEarlier, "")
		}
		if len(changed) == 0 {
			return nil
		}
		return markStarted(ctx, tx, doc)
	})
	return changed, err
}

// copying is one copy inside its transaction.
type copying struct {
	tx     *sqlx.Tx
	id     string
	report *EarlierReport
	person int64
}

func (c copying) section(ctx context.Context, code, stands string) (bool, error) {
	text := prose.Parse(stands)
	known := fingerprints(text)
	var copied []string
	for _, block := range prose.Parse(c.report.Sections[code]) {
		if hash := block.Fingerprint(); !slices.Contains(known, hash) {
			copied, text = append(copied, hash), append(text, block)
		}
	}
	if len(copied) == 0 {
		return false, nil
	}
	body := text.String()
	if len([]rune(body)) > MaxSection {
		return false, rule.Broken(TextTooLong, form.SectionField(code), MaxSection)
	}
	if _, err := writeSection(ctx, c.tx, c.id, code, body, c.person); err != nil {
		return false, err
	}
	const note = `
		insert into draft_copies (document_id, section, hash, source_document, source_revision, copied_by)
		select $1, $2, hash, $4, $5, $6 from unnest($3::text[]) hash
		on conflict do nothing`
	_, err := c.tx.ExecContext(ctx, note, c.id, code, pq.Array(copied), c.report.Document, c.report.Revision, c.person)
	return true, wrap("note copied paragraphs", err)
}

func fingerprints(text prose.Text) []string {
	hashes := make([]string, len(text))
	for i, block := range text {
		hashes[i] = block.Fingerprint()
	}
	return hashes
}

// ConfirmCopied notes that copied paragraphs of a section still hold in this
// period: those with the fingerprints, or with none given all of the section.
// rule.Errors: not the moment, or not the person.
func (s *Store) ConfirmCopied(ctx context.Context, id, section string, hashes []string, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockForDraft(ctx, tx, id, actor); err != nil {
			return err
		}
		const confirm = `
			update draft_copies set confirmed_by = $4, confirmed_at = clock_timestamp()
			where document_id = $1 and section = $2 and confirmed_at is null
			  and ($3::text[] is null or hash = any($3))`
		_, err := tx.ExecContext(ctx, confirm, id, section, pq.Array(hashes), actor.Person)
		return wrap("confirm copied paragraphs", err)
	})
}

// StaleIn lists the fingerprints of the paragraphs of a section's text that were
// copied and are not confirmed, in order.
func (s *Store) StaleIn(ctx context.Context, id, section, body string) ([]string, error) {
	var d Draft
	if err := d.readCopies(ctx, s.db, id); err != nil {
		return nil, wrap("read copied paragraphs of "+id, err)
	}
	d.Content.Sections = map[string]string{section: body}
	return fingerprints(d.Stale(section)), nil
}

// Stale lists the paragraphs of a section that stand there as they were copied
// from the period before, and that nobody has confirmed, in order.
func (d Draft) Stale(section string) []prose.Block {
	unconfirmed := d.unconfirmed[section]
	if len(unconfirmed) == 0 {
		return nil
	}
	var stale []prose.Block
	for _, block := range prose.Parse(d.Content.Sections[section]) {
		if unconfirmed[block.Fingerprint()] {
			stale = append(stale, block)
		}
	}
	return stale
}

// readCopies reads which copied paragraphs are not confirmed, by section.
func (d *Draft) readCopies(ctx context.Context, q sqlx.QueryerContext, id string) error {
	const list = `select section, hash from draft_copies where document_id = $1 and confirmed_at is null`
	var rows []struct {
		Section string `db:"section"`
		Hash    string `db:"hash"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list, id); err != nil {
		return err
	}
	d.unconfirmed = map[string]map[string]bool{}
	for _, row := range rows {
		if d.unconfirmed[row.Section] == nil {
			d.unconfirmed[row.Section] = map[string]bool{}
		}
		d.unconfirmed[row.Section][row.Hash] = true
	}
	return nil
}
