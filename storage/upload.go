package storage

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"

	"github.com/gabriel-vasile/mimetype"
	"github.com/jmoiron/sqlx"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Limits of attached files; how many a document carries is FileLimit.
const (
	MaxUpload    = 20 << 20 // bytes of one file
	maxFileName  = 200      // letters
	uploadField  = "file"
	maxZipScan   = 10_000 // entries looked at for encryption
	unknownMedia = "application/octet-stream"
)

// Codes of why a file is not taken. Each carries the file's name first.
const (
	FileMissing   rule.Code = "file_missing"    // none was chosen; no args
	FileEmpty     rule.Code = "file_empty"      // name
	FileTooBig    rule.Code = "file_too_big"    // name, megabytes allowed
	FileWrongType rule.Code = "file_wrong_type" // name, what it is (a media type)
	FileProtected rule.Code = "file_protected"  // name: opens with a password only
	FilesTooMany  rule.Code = "files_too_many"  // name, the most files
	FilesTooBig   rule.Code = "files_too_big"   // name, megabytes allowed together
)

// uploadTypes are the types taken, told from the content and never the name.
var uploadTypes = []string{
	"application/pdf",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"image/png", "image/jpeg", "application/zip",
}

// UploadAccept is what a file field offers: the same types by their endings.
const UploadAccept = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg,.zip"

// AddDraftFile attaches a file to the draft. The same bytes twice are one file.
// rule.Errors at the field "file": what is wrong with it.
func (s *Store) AddDraftFile(ctx context.Context, id, name string, from io.Reader, actor staff.Actor) (StoredFile, error) {
	if err := s.inTx(ctx, func(tx *sqlx.Tx) error { // before anything is kept
		_, err := lockForDraft(ctx, tx, id, actor)
		return err
	}); err != nil {
		return StoredFile{}, err
	}
	name = cleanName(name)
	file, err := s.keepUpload(ctx, name, from)
	if err != nil {
		return StoredFile{}, err
	}
	return file, s.inTx(ctx, func(tx *sqlx.Tx) error {
		doc, err := lockForDraft(ctx, tx, id, actor)
		if err != nil {
			return err
		}
		if err := attachFile(ctx, tx, doc, file.Hash, name, actor.Person); err != nil {
			return err
		}
		return markStarted(ctx, tx, doc)
	})
}

// keepUpload reads an upload and keeps its bytes.
func (s *Store) keepUpload(ctx context.Context, name string, from io.Reader) (StoredFile, error) {
	data, err := io.ReadAll(io.LimitReader(from, MaxUpload+1))
	if err != nil {
		return StoredFile{}, fmt.Errorf("read upload: %w", err)
	}
	mediaType, broken := inspectUpload(name, data)
	if broken != nil {
		return StoredFile{}, broken
	}
	return s.AddFile(ctx, bytes.NewReader(data), mediaType, MaxUpload)
}

func attachFile(ctx context.Context, tx *sqlx.Tx, doc *lockedDocument, hash, name string, person int64) error {
	limit, err := fileLimit(ctx, tx, doc.Kind)
	if err != nil {
		return err
	}
	const count = `
		select count(*) as files, coalesce(sum(f.size), 0) + (select size from files where hash = $2) as bytes,
		       coalesce(bool_or(a.hash = $2), false) as attached
		from draft_files a join files f using (hash) where a.document_id = $1`
	var now struct {
		FileLimit
		Attached bool `db:"attached"`
	}
	if err := tx.GetContext(ctx, &now, count, doc.ID, hash); err != nil {
		return wrap("count files", err)
	}
	switch {
	case now.Attached:
		return nil
	case now.Files >= limit.Files:
		return rule.Broken(FilesTooMany, uploadField, name, limit.Files)
	case now.Bytes > limit.Bytes:
		return rule.Broken(FilesTooBig, uploadField, name, limit.Bytes>>20)
	}
	const attach = `insert into draft_files (document_id, hash, name, added_by) values ($1, $2, $3, $4)`
	_, err = tx.ExecContext(ctx, attach, doc.ID, hash, name, person)
	return wrap("attach file", err)
}

// RemoveDraftFile takes a file off the draft. Its bytes stay: an earlier
// revision may hold it. Removing it again changes nothing.
func (s *Store) RemoveDraftFile(ctx context.Context, id, hash string, actor staff.Actor) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockForDraft(ctx, tx, id, actor); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `delete from draft_files where document_id = $1 and hash = $2`, id, hash)
		return wrap("remove file", err)
	})
}

// inspectUpload tells a file's type from its content, or why it is not taken.
func inspectUpload(name string, data []byte) (string, rule.Errors) {
	switch {
	case name == "":
		return "", rule.Broken(FileMissing, uploadField)
	case len(data) == 0:
		return "", rule.Broken(FileEmpty, uploadField, name)
	case len(data) > MaxUpload:
		return "", rule.Broken(FileTooBig, uploadField, name, MaxUpload>>20)
	}
	found := mimetype.Detect(data)
	if protected(found, data) {
		return "", rule.Broken(FileProtected, uploadField, name)
	}
	for _, allowed := range uploadTypes {
		if found.Is(allowed) {
			return allowed, nil
		}
	}
	kind := found.String()
	if found.Is(unknownMedia) {
		kind = ""
	}
	return "", rule.Broken(FileWrongType, uploadField, name, kind)
}

// pdfEncryption is the trailer's entry of a PDF that asks for a password.
var pdfEncryption = regexp.MustCompile(`/Encrypt\s*(?:<<|\d+\s+\d+\s+R)`)

// packageStream is the directory entry (UTF-16) under which Office keeps a
// document that opens with a password only.
var packageStream = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

func protected(found *mimetype.MIME, data []byte) bool {
	switch {
	case found.Is("application/pdf"):
		return pdfEncryption.Match(data)
	case found.Is("application/zip"):
		return zipEncrypted(data)
	}
	return bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}) && bytes.Contains(data, packageStream)
}

// zipEncrypted looks at bit 0 of each entry's flags.
func zipEncrypted(data []byte) bool {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	for i, file := range archive.File {
		if file.Flags&1 != 0 {
			return true
		}
		if i > maxZipScan {
			break
		}
	}
	return false
}
