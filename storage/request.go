package storage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
)

// CampaignRequest is what asks for the reports of an ad hoc campaign.
type CampaignRequest struct {
	Number     string       `db:"number"`
	Date       calendar.Day `db:"issued_on"`
	Issuer     string       `db:"issuer"`
	Title      string       `db:"title"`
	Span       period.Span  `db:"span"` // the time allowed as it was asked
	Count      int          `db:"count"`
	FileHash   *string      `db:"file_hash"` // nil: no file came with it
	FileName   string       `db:"file_name"`
	FileSize   int64        `db:"file_size"`
	LaunchedAt time.Time    `db:"launched_at"`
}

// CampaignRequest reads it for a campaign that the caller may read. ErrNotFound:
// the campaign is no ad hoc one.
func (s *Store) CampaignRequest(ctx context.Context, code string) (CampaignRequest, error) {
	const read = `
		select q.number, q.issued_on, q.issuer, q.title, q.span, q.count, q.file_hash, q.file_name,
		       coalesce(f.size, 0) as file_size, c.launched_at
		from campaign_requests q join campaigns c on c.code = q.campaign left join files f on f.hash = q.file_hash
		where q.campaign = $1`
	var q CampaignRequest
	err := s.db.GetContext(ctx, &q, read, code)
	return q, wrap("read request of campaign "+code, err)
}

// RequestFile is the file of a request that is being laid down.
type RequestFile struct {
	Hash string `db:"hash"`
	Name string `db:"name"`
	Size int64  `db:"size"`
}

// AddRequestFile keeps the requesting document for the launch with the key, instead
// of one that was kept before. rule.Errors at the field "file": what is wrong with
// it.
func (s *Store) AddRequestFile(ctx context.Context, key uuid.UUID, name string, from io.Reader, by int64) error {
	const add = `
		insert into request_files (launch_key, hash, name, added_by) values ($1, $2, $3, $4)
		on conflict (launch_key) do update set hash = excluded.hash, name = excluded.name, added_at = clock_timestamp()
		where request_files.added_by = excluded.added_by`
	name = cleanName(name)
	data, err := io.ReadAll(io.LimitReader(from, MaxUpload+1))
	if err != nil {
		return fmt.Errorf("read upload: %w", err)
	}
	mediaType, broken := inspectUpload(name, data)
	if broken != nil {
		return broken
	}
	file, err := s.AddFile(ctx, bytes.NewReader(data), mediaType, MaxUpload)
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, add, key, file.Hash, name, by)
	return wrap("keep requesting document", err)
}

// RemoveRequestFile takes the file off the launch that is being laid down.
func (s *Store) RemoveRequestFile(ctx context.Context, key uuid.UUID, by int64) error {
	_, err := s.db.ExecContext(ctx, `delete from request_files where launch_key = $1 and added_by = $2`, key, by)
	return wrap("remove requesting document", err)
}

// RequestFile is the file kept for the launch; nil: none.
func (s *Store) RequestFile(ctx context.Context, key uuid.UUID, by int64) (*RequestFile, error) {
	const read = `
		select r.hash, r.name, f.size from request_files r join files f on f.hash = r.hash
		where r.launch_key = $1 and r.added_by = $2`
	var file RequestFile
	err := s.db.GetContext(ctx, &file, read, key, by)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &file, wrap("read requesting document", err)
}

// addRequestForm publishes the outline that the campaign alone has, under the
// campaign's code. rule.Errors: CampaignCodeTaken, by a form that is being edited.
func addRequestForm(ctx context.Context, tx *sqlx.Tx, p campaign.Plan, by int64) error {
	const insert = `
		insert into form_versions (form, version, title, content, published_by, guidance, campaign_only)
		values ($1, $2, $3, $4, $5, $6, true)`
	const edited = `select exists (select from form_drafts where form = $1 and closed_at is null)`
	v := p.Request.Form
	var taken bool
	if err := tx.GetContext(ctx, &taken, edited, v.Code); err != nil {
		return wrap("look for form "+v.Code, err)
	}
	if taken {
		return rule.Broken(CampaignCodeTaken, "code")
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("publish form %s: %w", v.Code, err)
	}
	_, err = tx.ExecContext(ctx, insert, v.Code, v.Number, v.Title, string(raw), by, p.Guidance)
	return wrap("publish form "+v.Code, err)
}

// addRequest notes what asks for the campaign, with the file kept for its launch.
func addRequest(ctx context.Context, tx *sqlx.Tx, key uuid.UUID, p campaign.Plan, by int64) error {
	const insert = `
		insert into campaign_requests (campaign, number, issued_on, issuer, title, span, count, file_hash, file_name)
		select $1, $2, $3, $4, $5, $6, $7, f.hash, coalesce(f.name, '')
		from (select) one left join request_files f on f.launch_key = $8 and f.added_by = $9`
	const taken = `delete from request_files where launch_key = $1`
	r := p.Request
	if _, err := tx.ExecContext(ctx, insert, p.Code, r.Number, r.Date, r.Issuer, r.Title,
		string(r.Ahead.Span), r.Ahead.Count, key, by); err != nil {
		return wrap("add request", err)
	}
	_, err := tx.ExecContext(ctx, taken, key)
	return wrap("take requesting document", err)
}
