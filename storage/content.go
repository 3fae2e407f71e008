package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"cchc/domain/form"
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
	version, err := s.formVersion(ctx, s.db, f.Form, f.Version)
	if err != nil {
		return form.Content{}, err
	}
	return draftContent(ctx, s.db, id, version)
}

// draftContent gathers what has been written so far. Texts are stored in NFC.
func draftContent(ctx context.Context, q sqlx.QueryerContext, document string, version form.Version) (form.Content, error) {
	c := form.Content{
		Form: version.Code, FormVersion: version.Number,
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
	var err error
	if version.Plan != nil {
		c.Tasks, _, err = draftTasks(ctx, q, document, *version.Plan)
	}
	if version.Index != nil && err == nil {
		c.Answers, _, err = draftAnswers(ctx, q, document, *version.Index)
	}
	return c, err
}
