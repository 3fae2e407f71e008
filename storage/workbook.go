package storage

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"cchc/domain/rule"
)

// MaxWorkbook is how many bytes a workbook that is handed in may have.
const MaxWorkbook = 5 << 20

// WorkbookUnreadable refuses what is no workbook of Excel, or one that opens with a
// password; args: its name.
const WorkbookUnreadable rule.Code = "workbook_unreadable"

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// keepWorkbook keeps the bytes of a workbook. rule.Errors at the field "file": why it is
// not taken.
func (s *Store) keepWorkbook(ctx context.Context, name string, from io.Reader) (string, StoredFile, error) {
	name = cleanName(name)
	data, err := io.ReadAll(io.LimitReader(from, MaxWorkbook+1))
	switch {
	case err != nil:
		return name, StoredFile{}, fmt.Errorf("read workbook: %w", err)
	case name == "":
		return name, StoredFile{}, rule.Broken(FileMissing, uploadField)
	case len(data) > MaxWorkbook:
		return name, StoredFile{}, rule.Broken(FileTooBig, uploadField, name, MaxWorkbook>>20)
	}
	kind, broken := inspectUpload(name, data)
	if broken != nil || kind != workbookType {
		return name, StoredFile{}, rule.Broken(WorkbookUnreadable, uploadField, name)
	}
	file, err := s.AddFile(ctx, bytes.NewReader(data), kind, MaxWorkbook)
	return name, file, err
}
