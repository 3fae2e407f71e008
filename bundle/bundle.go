// Package bundle makes one file of the evidence of a self-assessment (QĐ 1439 Đ8.3a
// asks for exactly one): a ZIP with a table of contents, the hash of every file, and
// each file once, however many criteria it proves.
//
// What lives here: how the ZIP is laid out (Archive), what goes into it and under which
// names (Sealer), and how it is read again. What must not: SQL, the words of the table
// of contents (templates/contents), and who may read it.
//
// A submission freezes answers and files; sealing follows once, by whoever comes first:
// the worker, or the page on which the director signs. It reads all files, so that one
// which is gone or damaged is found then and not years later, and settles the bytes.
// From then on the ZIP is made anew for each reader, from the kept files, and is always
// the same to the byte.
package bundle

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path"
	"slices"
	"strings"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates/contents"
	"cchc/templates/words"
)

// Own is how many files of a bundle are its own: the table of contents and the list of
// hashes.
const Own = 2

// Damaged is the broken rule of an attached file that cannot be read as it was; its
// name.
const Damaged rule.Code = "bundle_damaged"

// Sealer settles the bytes of bundles.
type Sealer struct{ Store *storage.Store }

// Seal settles the bundle of a frozen revision, if nobody has yet, and returns it. It
// reads every file twice, in the memory of a buffer. rule.Errors: a file is damaged;
// the bundle says so until it is mended. ErrNotFound: the revision has none.
func (s Sealer) Seal(ctx context.Context, document string, revision int) (storage.Bundle, error) {
	b, err := s.Store.Bundle(ctx, document, revision)
	if err != nil || b.Sealed() {
		return b, err
	}
	if err := s.settle(ctx, &b); err != nil {
		var broken rule.Errors
		if errors.As(err, &broken) {
			err = errors.Join(err, s.Store.NoteBundleProblem(ctx, b, words.Message(broken[0])))
		}
		return b, err
	}
	if err := s.Store.SealBundle(ctx, b); err != nil {
		return b, err
	}
	return s.Store.Bundle(ctx, document, revision)
}

// settle finds out what the bundle is made of, and what the whole hashes to.
func (s Sealer) settle(ctx context.Context, b *storage.Bundle) error {
	view, err := s.Store.DocumentView(ctx, staff.Scope{All: true}, b.Document)
	if err != nil {
		return err
	}
	revision, err := s.Store.Revision(ctx, b.Document, b.Revision)
	if err != nil {
		return err
	}
	checked, err := s.Store.Checked(ctx, view, revision)
	if err != nil {
		return err
	}
	evidence, err := s.evidence(ctx, revision.Content.Files)
	if err != nil {
		return err
	}
	own, err := s.own(ctx, contentsOf(view, revision, checked, evidence), evidence)
	if err != nil {
		return err
	}
	b.Entries = append(own, entries(evidence)...)
	archive, err := s.archive(revision, *b)
	if err != nil {
		return err
	}
	reader := archive.Reader()
	defer func() { _ = reader.Close() }()
	b.Size = archive.Size()
	b.Hash, _, err = digest(ctx, reader)
	return err
}

// proof is an attached file with its place in the bundle.
type proof struct {
	storage.BundleEntry
	given string // its name as the unit gave it
}

func entries(evidence []proof) []storage.BundleEntry {
	all := make([]storage.BundleEntry, len(evidence))
	for i, one := range evidence {
		all[i] = one.BundleEntry
	}
	return all
}

// evidence reads every attached file through, in the order of their names.
func (s Sealer) evidence(ctx context.Context, files []form.FileRef) ([]proof, error) {
	sorted := slices.SortedFunc(slices.Values(files), func(a, b form.FileRef) int {
		return strings.Compare(a.Name+"\x00"+a.Hash, b.Name+"\x00"+b.Hash)
	})
	all := make([]proof, len(sorted))
	for i, file := range sorted {
		crc, size, err := s.measure(ctx, file)
		if err != nil {
			return nil, err
		}
		all[i] = proof{given: file.Name, BundleEntry: storage.BundleEntry{
			Name: path.Join(contents.Folder, fmt.Sprintf("%03d-%s", i+1, plainName(file.Name))), Hash: file.Hash, Size: size, CRC: crc,
		}}
	}
	return all, nil
}

// measure reads a file and holds it against its hash.
func (s Sealer) measure(ctx context.Context, file form.FileRef) (crc uint32, size int64, err error) {
	kept, err := s.Store.OpenFile(file.Hash)
	if errors.Is(err, storage.ErrNotFound) {
		return 0, 0, rule.Broken(Damaged, "", file.Name)
	}
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = kept.Close() }()
	sum := crc32.NewIEEE()
	hash, size, err := digest(ctx, io.TeeReader(kept, sum))
	if err != nil {
		return 0, 0, err
	}
	if hash != file.Hash {
		return 0, 0, rule.Broken(Damaged, "", file.Name)
	}
	return sum.Sum32(), size, nil
}

// own keeps the table of contents and the list of hashes as files: they are frozen
// with the bundle, whatever later releases would write.
func (s Sealer) own(ctx context.Context, c contents.Contents, evidence []proof) ([]storage.BundleEntry, error) {
	page, err := c.HTML()
	if err != nil {
		return nil, err
	}
	first, err := s.keep(ctx, contents.Page, "text/html", page)
	if err != nil {
		return nil, err
	}
	sums := []contents.Sum{{Hash: first.Hash, Path: first.Name}}
	for _, one := range evidence {
		sums = append(sums, contents.Sum{Hash: one.Hash, Path: one.Name})
	}
	second, err := s.keep(ctx, contents.Sums, "text/plain", contents.SumList(sums))
	return []storage.BundleEntry{first, second}, err
}

func (s Sealer) keep(ctx context.Context, name, mediaType string, data []byte) (storage.BundleEntry, error) {
	file, err := s.Store.AddFile(ctx, strings.NewReader(string(data)), mediaType, int64(len(data)))
	return storage.BundleEntry{Name: name, Hash: file.Hash, Size: file.Size, CRC: crc32.ChecksumIEEE(data)}, err
}

// Open is the archive of a sealed bundle.
func (s Sealer) Open(ctx context.Context, b storage.Bundle) (*Archive, error) {
	revision, err := s.Store.Revision(ctx, b.Document, b.Revision)
	if err != nil {
		return nil, err
	}
	archive, err := s.archive(revision, b)
	if err == nil && archive.Size() != b.Size {
		err = fmt.Errorf("bundle %d of %s: %d bytes, sealed with %d", b.Revision, b.Document, archive.Size(), b.Size)
	}
	return archive, err
}

func (s Sealer) archive(revision storage.RevisionView, b storage.Bundle) (*Archive, error) {
	members := make([]Member, len(b.Entries))
	for i, one := range b.Entries {
		members[i] = Member{Name: one.Name, Size: one.Size, CRC: one.CRC, Open: func() (Source, error) { return s.Store.OpenFile(one.Hash) }}
	}
	return NewArchive(revision.SubmittedAt, members)
}

// digest reads to the end, or until nobody waits any more.
func digest(ctx context.Context, from io.Reader) (hash string, size int64, err error) {
	sum := sha256.New()
	size, err = io.Copy(sum, patient{ctx, from})
	return hex.EncodeToString(sum.Sum(nil)), size, err
}

// patient is a reader that ends with its context.
type patient struct {
	ctx  context.Context
	from io.Reader
}

func (p patient) Read(into []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.from.Read(into)
}

// plainName is a name in letters that every computer unpacks: without diacritics, in
// lower case, hyphens between words.
func plainName(name string) string {
	const longest = 80
	ending := path.Ext(name)
	text := dashed(strings.TrimSuffix(name, ending))
	text = strings.TrimRight(text[:min(len(text), longest)], "-")
	if ending = dashed(ending); ending != "" {
		ending = "." + ending
	}
	return text + ending
}

func dashed(text string) string {
	var b strings.Builder
	for _, letter := range storage.Fold(text) {
		switch {
		case 'a' <= letter && letter <= 'z' || '0' <= letter && letter <= '9':
			b.WriteRune(letter)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(b.String(), "-")
}

// contentsOf words what the bundle holds.
func contentsOf(view storage.DocumentView, revision storage.RevisionView, checked storage.Checked, evidence []proof) contents.Contents {
	c := contents.Contents{
		Title: view.Campaign.Name, Unit: view.Unit.Name, Revision: revision.Number,
		Submitted: revision.Submitter + ", " + words.Moment(revision.SubmittedAt), ContentHash: revision.ContentHash,
	}
	given := par.Answers(checked.Content.Answers)
	proves := map[string][]string{}
	for _, one := range checked.Form.Index.Criteria {
		for _, hash := range given[one.Code].Evidence {
			proves[hash] = append(proves[hash], one.Code)
		}
	}
	files := map[string]contents.File{}
	for i, one := range evidence {
		file := contents.File{
			Number: i + 1, Path: one.Name, Name: one.given, Size: words.Size(one.Size), Hash: one.Hash, Proves: proves[one.Hash],
		}
		c.Files, files[one.Hash] = append(c.Files, file), file
	}
	for _, f := range checked.Form.Index.Fields {
		field := contents.Field{Name: f.Code + ". " + f.Name}
		for _, one := range checked.Form.Index.InField(f.Code) {
			field.Criteria = append(field.Criteria, criterion(one, given[one.Code], checked.Context.Own.Year, files))
		}
		c.Fields = append(c.Fields, field)
	}
	return c
}

func criterion(c par.Criterion, a par.Answer, year int, files map[string]contents.File) contents.Criterion {
	row := contents.Criterion{Code: c.Code, Name: c.Name, Max: c.Max.VN(), Survey: !c.Asked()}
	if score := c.Score(a, year); c.Asked() && score.Known {
		row.Points = score.Points.VN()
		if score.NotApplicable {
			row.Points = words.NotApplicable
		}
	}
	for _, hash := range a.Evidence {
		if file, there := files[hash]; there {
			row.Files = append(row.Files, file)
		}
	}
	return row
}
