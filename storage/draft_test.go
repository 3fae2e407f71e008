package storage_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// blank is a desk whose draft nobody has touched.
func blankDesk(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.exec(`delete from draft_sections`)
	d.exec(`delete from draft_figures`)
	return d
}

func TestFirstSaveStartsTheDocument(t *testing.T) {
	d := blankDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "  \n", 0, author); err != nil {
		t.Fatal(err)
	}
	d.exec(`delete from draft_sections`)
	d.exec(`update documents set started = false where id = $1`, d.id)
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "", 0, author); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from documents where id = $1 and started`, d.id); n != 0 {
		t.Error("saving nothing started the document")
	}
	saved, err := d.db.Store.SaveSection(ctx, d.id, "I", "Dòng 1\r\nDòng\x00 2\u0007", 0, author)
	if err != nil || saved.Version != 1 || saved.At.IsZero() {
		t.Fatalf("saved %+v, %v", saved, err)
	}
	draft, err := d.db.Store.Draft(ctx, d.id)
	if err != nil || draft.Sections["I"].Body != "Dòng 1\nDòng 2" {
		t.Errorf("kept %q, %v: want line ends as \\n, no control characters", draft.Sections["I"].Body, err)
	}
	if n := d.count(`select count(*) from documents where id = $1 and status = 'drafting'`, d.id); n != 1 {
		t.Error("the first line did not start the document")
	}
}

func TestTextIsKeptComposed(t *testing.T) {
	d := blankDesk(t)
	decomposed := "Ba\u0301o ca\u0301o"
	if _, err := d.db.Store.SaveSection(context.Background(), d.id, "I", decomposed, 0, d.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from draft_sections where document_id = $1 and body = 'Báo cáo'`, d.id); n != 1 {
		t.Error("text is not in NFC")
	}
}

func TestSectionConflictIsShownAndNothingOverwritten(t *testing.T) {
	d := blankDesk(t)
	ctx := context.Background()
	first, second := d.people[staff.Specialist], d.person("second", staff.Specialist, "STC")
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "của người thứ nhất", 0, first); err != nil {
		t.Fatal(err)
	}
	_, err := d.db.Store.SaveSection(ctx, d.id, "I", "của người thứ hai", 0, second)
	var conflicts storage.Conflicts
	if !errors.As(err, &conflicts) {
		t.Fatalf("a stale save: %v, want conflicts", err)
	}
	stands, ok := conflicts.At(form.SectionField("I"))
	if !ok || stands.Body != "của người thứ nhất" || stands.Version != 1 || stands.By == "" || stands.At.IsZero() {
		t.Errorf("conflict %+v", stands)
	}
	if n := d.count(`select count(*) from draft_sections where body = 'của người thứ nhất' and version = 1`); n != 1 {
		t.Error("the earlier text was overwritten")
	}
	// The same text again is no conflict, whatever it was based on: autosave repeats itself.
	saved, err := d.db.Store.SaveSection(ctx, d.id, "I", "của người thứ nhất", 0, first)
	if err != nil || saved.Version != 1 {
		t.Errorf("a repeated save: %+v, %v", saved, err)
	}
	saved, err = d.db.Store.SaveSection(ctx, d.id, "I", "của người thứ hai", stands.Version, second)
	if err != nil || saved.Version != 2 {
		t.Errorf("a save on the present base: %+v, %v", saved, err)
	}
}

func TestFiguresConflictByCell(t *testing.T) {
	d := blankDesk(t)
	ctx := context.Background()
	first, second := d.people[staff.Specialist], d.person("second", staff.Specialist, "STC")
	one, two, zero := form.DecimalOf(1), form.DecimalOf(2), form.DecimalOf(0)
	if _, err := d.db.Store.SaveFigures(ctx, d.id, []storage.FigureChange{{Indicator: "1.1", Value: &one}}, first); err != nil {
		t.Fatal(err)
	}
	saved, err := d.db.Store.SaveFigures(ctx, d.id, []storage.FigureChange{
		{Indicator: "1.1", Value: &two}, {Indicator: "1.2", Value: &zero}, {Indicator: "1.4"},
	}, second)
	var conflicts storage.Conflicts
	if !errors.As(err, &conflicts) || len(conflicts) != 1 {
		t.Fatalf("conflicts %v, want one", err)
	}
	if stands, ok := conflicts.At(form.FigureField("1.1")); !ok || *stands.Value != one {
		t.Errorf("conflict %+v", stands)
	}
	if saved["1.2"].Version != 1 {
		t.Errorf("the cells beside it were not saved: %+v", saved)
	}
	draft, err := d.db.Store.Draft(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	if v := draft.Figures["1.1"].Value; v == nil || *v != one {
		t.Errorf("1.1 is %v, want the first person's 1", v)
	}
	if v := draft.Figures["1.2"].Value; v == nil || *v != zero {
		t.Errorf("1.2 is %v: zero is not blank", v)
	}
	if _, there := draft.Figures["1.4"]; there {
		t.Error("a blank figure was written where nothing stood")
	}
}

// A pasted range is written at once, blanks among it; of a figure that stands
// there twice the last one counts.
func TestFiguresAreWrittenTogether(t *testing.T) {
	d := blankDesk(t)
	one, two := form.DecimalOf(1), form.DecimalOf(2)
	saved, err := d.db.Store.SaveFigures(t.Context(), d.id, []storage.FigureChange{
		{Indicator: "1.1", Value: &one}, {Indicator: "1.2", Reason: "y"}, {Indicator: "1.4", Value: &one, Reason: "x"}, {Indicator: "1.1", Value: &two},
	}, d.people[staff.Specialist])
	if err != nil || len(saved) != 3 || saved["1.1"].Version != 1 || saved["1.4"].At.IsZero() {
		t.Fatalf("%+v, %v", saved, err)
	}
	draft, err := d.db.Store.Draft(t.Context(), d.id)
	if err != nil || *draft.Figures["1.1"].Value != two || draft.Figures["1.4"].Reason != "x" || draft.Figures["1.2"].Value != nil {
		t.Errorf("%+v, %v", draft.Figures, err)
	}
}

func TestFiguresThatTheFormDoesNotTake(t *testing.T) {
	d := blankDesk(t)
	half, err := form.ParseDecimal("0.5")
	if err != nil {
		t.Fatal(err)
	}
	for code, c := range map[rule.Code]storage.FigureChange{
		"figure_unknown":     {Indicator: "99.1"},
		"figure_computed":    {Indicator: "1.3", Value: &half},
		"figure_not_integer": {Indicator: "1.1", Value: &half},
		storage.TextTooLong:  {Indicator: "1.1", Reason: strings.Repeat("ố", storage.MaxFigureReason+1)},
	} {
		fine := form.DecimalOf(3)
		changes := []storage.FigureChange{c, {Indicator: "1.2", Value: &fine}}
		if _, err := d.db.Store.SaveFigures(context.Background(), d.id, changes, d.people[staff.Specialist]); !has(err, code) {
			t.Errorf("%+v: %v, want %s", c, err, code)
		}
	}
	if n := d.count(`select count(*) from draft_figures`); n != 0 {
		t.Errorf("%d figures saved beside a broken one", n)
	}
}

func TestWhoMayWriteAndWhen(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	save := func(actor staff.Actor) error {
		_, err := d.db.Store.SaveSection(ctx, d.id, "I", "Bản mới", 1, actor)
		return err
	}
	for name, actor := range map[string]staff.Actor{
		"a specialist of another unit": d.person("other", staff.Specialist, "SYT"),
		"the division head":            d.people[staff.DivisionHead],
		"an officer of the authority":  d.people[staff.Officer],
	} {
		if err := save(actor); !has(err, document.NotYourRole) {
			t.Errorf("%s: %v", name, err)
		}
		if err := d.db.Store.RemoveDraftFile(ctx, d.id, strings.Repeat("0", 64), actor); !has(err, document.NotYourRole) {
			t.Errorf("%s removes a file: %v", name, err)
		}
	}
	if _, err := d.db.Store.SaveSection(ctx, d.id, "IX", "x", 0, d.people[staff.Specialist]); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a section that the form has not: %v", err)
	}
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", strings.Repeat("ố", storage.MaxSection+1), 1, d.people[staff.Specialist]); !has(err, storage.TextTooLong) {
		t.Errorf("a text too long: %v", err)
	}
	// While a submission waits for its answer, what it freezes may not move.
	if _, err := d.db.Store.AddDecision(ctx, d.decision(staff.Specialist, document.Submit)); err != nil {
		t.Fatal(err)
	}
	if err := save(d.people[staff.Specialist]); !has(err, storage.DecisionPending) {
		t.Errorf("under a waiting submission: %v", err)
	}
	d.record()
	if err := save(d.people[staff.Specialist]); !has(err, document.WrongStage) {
		t.Errorf("after the submission: %v", err)
	}
	if n := d.count(`select count(*) from draft_sections where body = 'Bản mới'`); n != 0 {
		t.Error("something was saved")
	}
}

func TestDraftHashIsTheOneThatIsSubmitted(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	if _, err := d.db.Store.AddDraftFile(ctx, d.id, "Phụ lục.pdf", strings.NewReader("%PDF-1.7\n%%EOF"), d.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	draft, err := d.db.Store.Draft(ctx, d.id)
	if err != nil {
		t.Fatal(err)
	}
	if len(draft.Result.Errors) != 0 {
		t.Errorf("checks of a complete draft: %v", draft.Result.Errors)
	}
	n := storage.NewDecision{
		Key: uuid.New(), Document: d.id, Action: document.Submit, Actor: d.people[staff.Specialist],
		Revision: draft.Revision, ContentHash: draft.Hash,
	}
	if _, err := d.db.Store.AddDecision(ctx, n); err != nil {
		t.Fatal(err)
	}
	d.record()
	revision, err := d.db.Store.Revision(ctx, d.id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if revision.ContentHash != draft.Hash || revision.Content.Hash() != draft.Hash {
		t.Errorf("hash of the draft %s, of the revision %s, of its content %s", draft.Hash, revision.ContentHash, revision.Content.Hash())
	}
	if len(revision.Content.Files) != 1 || revision.Content.Files[0].Size != 14 {
		t.Errorf("files %+v", revision.Content.Files)
	}
	if f := revision.Content.Figures["1.1"]; f.Code != "1.1" {
		t.Errorf("figure %+v has lost its code", f)
	}
}

func zipped(t *testing.T, encrypted bool) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: "ghi-chu.txt"}
	if encrypted {
		header.Flags |= 1
	}
	part, err := w.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte("nội dung"))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUploads(t *testing.T) {
	d := newDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	office := append([]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, bytes.Repeat([]byte{0}, 600)...)
	for _, r := range "EncryptedPackage" {
		office = append(office, byte(r), 0)
	}
	for _, c := range []struct {
		name, file string
		data       []byte
		want       rule.Code // empty: taken
	}{
		{"a picture", "Ảnh.png", picture.Bytes(), ""},
		{"an archive", "Hồ sơ.zip", zipped(t, false), ""},
		{"a PDF", "Báo cáo.pdf", []byte("%PDF-1.7\nstartxref\n0\n%%EOF"), ""},
		{"nothing in it", "trống.pdf", nil, storage.FileEmpty},
		{"no file chosen", "", []byte("x"), storage.FileMissing},
		{"too many bytes", "to.pdf", append([]byte("%PDF-1.7\n"), make([]byte, storage.MaxUpload)...), storage.FileTooBig},
		{"a program called a PDF", "thuc-ra.pdf", []byte("\x7fELF\x02\x01\x01 and so on"), storage.FileWrongType},
		{"a page called a PDF", "trang.pdf", []byte("<html><script>alert(1)</script></html>"), storage.FileWrongType},
		{"a PDF with a password", "khoa.pdf", []byte("%PDF-1.7\ntrailer\n<</Root 1 0 R /Encrypt 5 0 R>>\n%%EOF"), storage.FileProtected},
		{"an archive with a password", "khoa.zip", zipped(t, true), storage.FileProtected},
		{"a workbook with a password", "khoa.xlsx", office, storage.FileProtected},
	} {
		before := d.count(`select count(*) from draft_files where document_id = $1`, d.id)
		file, err := d.db.Store.AddDraftFile(ctx, d.id, c.file, bytes.NewReader(c.data), author)
		after := d.count(`select count(*) from draft_files where document_id = $1`, d.id)
		if c.want != "" {
			if !has(err, c.want) || after != before {
				t.Errorf("%s: %v, %d files more; want %s", c.name, err, after-before, c.want)
			}
			continue
		}
		if err != nil || after != before+1 {
			t.Errorf("%s: %v", c.name, err)
		}
		again, err := d.db.Store.AddDraftFile(ctx, d.id, c.file, bytes.NewReader(c.data), author)
		if err != nil || again.Hash != file.Hash || d.count(`select count(*) from draft_files where document_id = $1`, d.id) != after {
			t.Errorf("%s, a second time: %v", c.name, err)
		}
	}
}

func TestFilesOfADocument(t *testing.T) {
	d := newDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	file, err := d.db.Store.AddDraftFile(ctx, d.id, `C:\tai lieu\Phụ  lục.pdf`, strings.NewReader("%PDF-1.7\n%%EOF"), author)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Store.DocumentFile(ctx, d.id, file.Hash, false); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a draft's file for those who may not read drafts: %v", err)
	}
	if _, err := d.db.Store.DocumentFile(ctx, "bc-2026q4-SYT", file.Hash, true); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the same file asked of another document: %v", err)
	}
	got, err := d.db.Store.DocumentFile(ctx, d.id, file.Hash, true)
	if err != nil || got.Name != "Phụ lục.pdf" || got.MediaType != "application/pdf" {
		t.Errorf("file %+v, %v", got, err)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	reads := func(what string, own bool, want error) {
		t.Helper()
		if _, err := d.db.Store.DocumentFile(ctx, d.id, file.Hash, own); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
	reads("a frozen revision's file, for its own people", true, nil)
	reads("the same for others, before the signature", false, storage.ErrNotFound)
	d.must(staff.DivisionHead, document.Return, document.Drafting)
	if err := d.db.Store.RemoveDraftFile(ctx, d.id, file.Hash, author); err != nil {
		t.Fatal(err)
	}
	reads("the earlier revision's file, gone from the draft", true, nil)
	d.exec(`
		insert into signing_attempts (id, document_id, revision, content_hash, person_id, number_year, number_symbol,
			number, document_date, state)
		values (gen_random_uuid(), $1, 1, '', $2, 2026, 'BC-STC', 1, current_date, 'signed')`, d.id, author.Person)
	reads("a signed revision's file, for others", false, nil)
}

// TestTooManyFiles: how many files a document takes, and how much together, is data of
// its kind.
func TestTooManyFiles(t *testing.T) {
	d := newDesk(t)
	author := d.people[staff.Specialist]
	limit, err := d.db.Store.FileLimit(context.Background(), document.Report)
	if err != nil || limit.Files < 2 {
		t.Fatalf("%+v, %v", limit, err)
	}
	attach := func(i int, size int64) {
		d.exec(`insert into files (hash, size, media_type) values (lpad($1::text, 64, '0'), $2, 'application/pdf')`, i, size)
		d.exec(`insert into draft_files (document_id, hash, name, added_by) values ($1, lpad($2::text, 64, '0'), 'x', $3)`, d.id, i, author.Person)
	}
	add := func() error {
		_, err := d.db.Store.AddDraftFile(context.Background(), d.id, "x.pdf", strings.NewReader("%PDF-1.7\n%%EOF"), author)
		return err
	}
	attach(0, limit.Bytes)
	if err := add(); !has(err, storage.FilesTooBig) {
		t.Errorf("more than all may be together: %v", err)
	}
	d.exec(`update files set size = 1`)
	for i := 1; i < limit.Files; i++ {
		attach(i, 1)
	}
	if err := add(); !has(err, storage.FilesTooMany) {
		t.Errorf("one file more: %v", err)
	}
	d.exec(`delete from draft_files where hash = lpad('0', 64, '0')`)
	if err := errors.Join(add(), add()); err != nil {
		t.Errorf("the last one, twice: %v", err)
	}
}

func TestAppKeepsOtherPeoplesDrafts(t *testing.T) {
	app := storagetest.OpenAs(t, newDesk(t).db.URL)
	for _, statement := range []string{`delete from draft_sections`, `delete from draft_figures`, `update draft_files set name = 'x'`} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("cchc_app may: %s", statement)
		}
	}
}
