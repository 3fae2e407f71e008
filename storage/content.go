package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"cchc/domain/form"
	"cchc/domain/period"
)

// FormVersion reads a published form version. It never changes, so it is read
// from the database once.
func (s *Store) FormVersion(ctx context.Context, code string, number int) (form.Version, error) {
	return s.formVersion(ctx, s.db, code, number)
}

func (s *Store) formVersion(ctx context.Context, q sqlx.QueryerContext, code string, number int) (form.Version, error) {
	key := fmt.Sprintf("%s/%d", code, number)
	if known, ok := s.forms.Load(key); ok {
		return known.(form.Version), nil
	}
	const read = `select content from form_versions where form = $1 and version = $2`
	var raw []byte
	if err := sqlx.GetContext(ctx, q, &raw, read, code, number); err != nil {
		return form.Version{}, wrap("read form "+key, err)
	}
	var version form.Version
	if err := json.Unmarshal(raw, &version); err != nil {
		return form.Version{}, fmt.Errorf("read form %s: %w", key, err)
	}
	s.forms.Store(key, version)
	return version, nil
}

// DraftContent is what has been written of the document so far.
func (s *Store) DraftContent(ctx context.Context, id string) (form.Content, error) {
	const pinned = `
		select c.form, c.form_version from documents d join campaigns c on c.code = d.campaign
		where d.id = $1`
	var f struct {
		Form    string `db:"form"`
		Version int    `db:"form_version"`
	}
	if err := s.db.GetContext(ctx, &f, pinned, id); err != nil {
		return form.Content{}, wrap("read draft of "+id, err)
	}
	return draftContent(ctx, s.db, id, f.Form, f.Version)
}

// draftContent gathers what has been written so far. Texts are stored in NFC.
func draftContent(ctx context.Context, q sqlx.QueryerContext, document, formCode string, formVersion int) (form.Content, error) {
	c := form.Content{
		Form: formCode, FormVersion: formVersion,
		Sections: map[string]string{}, Figures: map[string]form.Figure{},
	}
	var sections []struct {
		Section string `db:"section"`
		Body    string `db:"body"`
	}
	if err := sqlx.SelectContext(ctx, q, &sections,
		`select section, body from draft_sections where document_id = $1`, document); err != nil {
		return c, wrap("read draft sections", err)
	}
	for _, row := range sections {
		c.Sections[row.Section] = row.Body
	}
	var figures []struct {
		Indicator string        `db:"indicator"`
		Value     *form.Decimal `db:"value"`
		Reason    string        `db:"reason"`
	}
	if err := sqlx.SelectContext(ctx, q, &figures,
		`select indicator, value, reason from draft_figures where document_id = $1`, document); err != nil {
		return c, wrap("read draft figures", err)
	}
	for _, row := range figures {
		c.Figures[row.Indicator] = form.Figure{Code: row.Indicator, Value: row.Value, Reason: row.Reason}
	}
	var files []struct {
		Name string `db:"name"`
		Hash string `db:"hash"`
		Size int64  `db:"size"`
	}
	const listFiles = `
		select a.name, a.hash, f.size from draft_files a join files f using (hash)
		where a.document_id = $1 order by a.hash`
	if err := sqlx.SelectContext(ctx, q, &files, listFiles, document); err != nil {
		return c, wrap("read draft files", err)
	}
	for _, row := range files {
		c.Files = append(c.Files, form.FileRef{Name: row.Name, Hash: row.Hash, Size: row.Size})
	}
	return c, nil
}

// formContext gathers the same unit's figures of earlier periods that checks
// compare with. A period that was never reported stays nil: its checks are not
// applied.
func formContext(ctx context.Context, q sqlx.QueryerContext, formCode, unit, periodCode string) (form.Context, error) {
	p, err := period.Parse(periodCode)
	if err != nil {
		return form.Context{}, fmt.Errorf("read period: %w", err)
	}
	var fc form.Context
	before := p.Previous()
	if fc.Previous, err = figuresOf(ctx, q, formCode, unit, before.Code()); err != nil {
		return fc, err
	}
	if before.Year == p.Year {
		fc.PreviousInYear = fc.Previous
	}
	fc.SameLastYear, err = figuresOf(ctx, q, formCode, unit, p.SameLastYear().Code())
	return fc, err
}

// figuresOf reads the figures of the unit's newest revision for that period;
// nil when there is none.
func figuresOf(ctx context.Context, q sqlx.QueryerContext, formCode, unit, periodCode string) (map[string]*form.Decimal, error) {
	const list = `
		select f.indicator, f.value
		from documents d
		join campaigns c on c.code = d.campaign
		join revision_figures f on f.document_id = d.id and f.revision = d.revision
		where d.unit_code = $1 and c.form = $2 and c.period = $3`
	var rows []struct {
		Indicator string       `db:"indicator"`
		Value     form.Decimal `db:"value"`
	}
	if err := sqlx.SelectContext(ctx, q, &rows, list, unit, formCode, periodCode); err != nil {
		return nil, wrap("read earlier figures", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	figures := make(map[string]*form.Decimal, len(rows))
	for i := range rows {
		figures[rows[i].Indicator] = &rows[i].Value
	}
	return figures, nil
}
