package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
)

// Files is a folder of files named by the SHA-256 of their bytes. A file there
// is complete or absent: it is written aside, synced and renamed.
type Files struct{ dir string }

// ErrTooBig is returned when a file has more bytes than allowed.
var ErrTooBig = errors.New("file too big")

// StoredFile is a file kept by its hash.
type StoredFile struct {
	Hash      string `db:"hash"`
	Size      int64  `db:"size"`
	MediaType string `db:"media_type"`
}

func openFiles(dir string) (Files, error) {
	if dir == "" {
		return Files{}, errors.New("open files: no folder given")
	}
	if err := os.MkdirAll(filepath.Join(dir, "incoming"), 0o750); err != nil {
		return Files{}, fmt.Errorf("open files: %w", err)
	}
	return Files{dir: dir}, nil
}

func (f Files) path(hash string) string {
	return filepath.Join(f.dir, hash[:2], hash)
}

// put writes the bytes durably under their hash. At most limit bytes are taken.
func (f Files) put(from io.Reader, limit int64) (hash string, size int64, err error) {
	temp, err := os.CreateTemp(filepath.Join(f.dir, "incoming"), "file-")
	if err != nil {
		return "", 0, fmt.Errorf("keep file: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already once renamed
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(temp, sum), io.LimitReader(from, limit+1))
	if err == nil && size > limit {
		err = ErrTooBig
	}
	if err == nil {
		err = temp.Sync()
	}
	if closeErr := temp.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", 0, fmt.Errorf("keep file: %w", err)
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	return hash, size, f.settle(temp.Name(), hash)
}

// settle moves a finished file to its place and makes the move itself durable.
func (f Files) settle(temp, hash string) error {
	dir := filepath.Dir(f.path(hash))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	if err := os.Chmod(temp, 0o640); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	if err := os.Rename(temp, f.path(hash)); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("keep file: %w", err)
	}
	return nil
}

// AddFile keeps the bytes and their row. The same bytes twice are one file.
func (s *Store) AddFile(ctx context.Context, from io.Reader, mediaType string, limit int64) (StoredFile, error) {
	file, err := s.keepBytes(from, mediaType, limit)
	if err != nil {
		return StoredFile{}, err
	}
	return file, addFileRow(ctx, s.db, file)
}

// keepBytes keeps the bytes alone: their row belongs into the transaction that
// refers to them.
func (s *Store) keepBytes(from io.Reader, mediaType string, limit int64) (StoredFile, error) {
	hash, size, err := s.files.put(from, limit)
	return StoredFile{Hash: hash, Size: size, MediaType: mediaType}, err
}

func addFileRow(ctx context.Context, db sqlx.ExtContext, file StoredFile) error {
	const add = `
		insert into files (hash, size, media_type) values ($1, $2, $3)
		on conflict (hash) do nothing`
	_, err := db.ExecContext(ctx, add, file.Hash, file.Size, file.MediaType)
	return wrap("add file row", err)
}

// OpenFile opens a kept file for reading. The caller has already checked that
// the reader may see the document it belongs to.
func (s *Store) OpenFile(hash string) (*os.File, error) {
	if len(hash) != 64 {
		return nil, ErrNotFound
	}
	f, err := os.Open(s.files.path(hash))
	if errors.Is(err, os.ErrNotExist) {
		return nil, ErrNotFound
	}
	return f, wrap("open file", err)
}

// ReadFile reads a whole kept file.
func (s *Store) ReadFile(hash string) ([]byte, error) {
	f, err := s.OpenFile(hash)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(f)
	return data, wrap("read file", err)
}
