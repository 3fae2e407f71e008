// Package board keeps the announcements about outages on disk: the public page, the
// Atom feed and the prints, as files that need neither the database nor the system's
// own styles. So they can be read while the database is away, served by a proxy, and
// carried to the authority's own site.
//
// What stands in an announcement is storage's, and its words are those of
// templates/bulletin. Nothing here decides what is published.
package board

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"cchc/domain/outage"
	"cchc/storage"
	"cchc/templates/bulletin"
)

// Board is a folder of announcements.
type Board struct {
	Folder string
	Public *url.URL // the system's own address
}

// Path is where the system itself shows the board; the names of files follow it.
const Path = "/announcements/"

// Names of the files, besides the prints (PDFName).
const (
	PageFile = "index.html"
	FeedFile = bulletin.FeedFile
)

// ID names an announcement on the page and in the feed, for good.
func ID(n storage.OutageNotice) string { return "tb-" + strconv.FormatInt(n.ID, 10) }

// PDFName is the file of the announcement's print; "": it has none.
func PDFName(n storage.OutageNotice) string {
	if n.PDFHash == "" {
		return ""
	}
	return ID(n) + ".pdf"
}

// Bulletin is the announcement as everybody reads it.
func Bulletin(n storage.OutageNotice, agency string) bulletin.Bulletin {
	b := bulletin.Bulletin{
		ID: ID(n), Kind: bulletin.Stopped, Number: n.Number, Title: n.Title, Text: n.Text, Agency: agency, PDF: PDFName(n),
	}
	if n.Kind == outage.AllClear || n.Ended {
		b.Kind = bulletin.AllClear
	}
	if n.PublishedAt != nil {
		b.Published = *n.PublishedAt
	}
	return b
}

// Bulletins are announcements in their order.
func Bulletins(announced []storage.OutageNotice, agency string) []bulletin.Bulletin {
	all := make([]bulletin.Bulletin, len(announced))
	for i, n := range announced {
		all[i] = Bulletin(n, agency)
	}
	return all
}

// Feed is the announcements, the newest first, as Atom.
func (b Board) Feed(all []bulletin.Bulletin, state bulletin.State) ([]byte, error) {
	return bulletin.Feed(bulletin.Site{Agency: state.Agency, URL: b.Public.JoinPath(Path).String()}, all, state.Made)
}

// Post writes page, feed and prints; print reads the print of an announcement, and is
// asked only for those that are not there yet. Each file is exchanged as a whole, the
// page last, so that it never leads to a print that is missing.
func (b Board) Post(state bulletin.State, announced []storage.OutageNotice, print func(storage.OutageNotice) ([]byte, error)) error {
	if err := os.MkdirAll(b.Folder, 0o755); err != nil {
		return fmt.Errorf("make folder of announcements: %w", err)
	}
	for _, n := range announced {
		name := PDFName(n)
		if name == "" || b.has(name) {
			continue
		}
		content, err := print(n)
		if err != nil {
			return err
		}
		if err := b.put(name, content); err != nil {
			return err
		}
	}
	all := Bulletins(announced, state.Agency)
	feed, err := b.Feed(all, state)
	if err != nil {
		return err
	}
	if err := b.put(FeedFile, feed); err != nil {
		return err
	}
	page, err := bulletin.Page(state, all)
	if err != nil {
		return err
	}
	return b.put(PageFile, page)
}

func (b Board) has(name string) bool {
	_, err := os.Stat(filepath.Join(b.Folder, name))
	return err == nil
}

// put exchanges a file: who reads it sees the old one or the new one.
func (b Board) put(name string, content []byte) error {
	temp, err := os.CreateTemp(b.Folder, ".new-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // once renamed there is nothing to remove
	_, err = temp.Write(content)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close()) // a web server of another user reads it
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(b.Folder, name))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// Read reads one of the board's files. storage.ErrNotFound: nothing was ever posted
// under the name.
func (b Board) Read(name string) ([]byte, error) {
	if filepath.Base(name) != name {
		return nil, storage.ErrNotFound
	}
	content, err := os.ReadFile(filepath.Join(b.Folder, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, storage.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return content, nil
}
