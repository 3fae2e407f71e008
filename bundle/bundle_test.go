package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/bundle"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/decimal"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// assessment is one unit's self-assessment on a store of its own.
type assessment struct {
	t      *testing.T
	db     *storagetest.Database
	id     string
	author staff.Actor
	sealer bundle.Sealer
}

func newAssessment(t *testing.T) *assessment {
	t.Helper()
	a := &assessment{t: t, db: storagetest.Open(t)}
	a.sealer = bundle.Sealer{Store: a.db.Store}
	a.author = a.person(staff.Specialist, "STC")
	due := calendar.DayOf(time.Now()).Add(30)
	code, err := a.db.Store.LaunchCampaign(context.Background(), uuid.New(), a.person(staff.Officer, "SNV").Person, campaign.Plan{
		Code: "cs-2026y", Kind: document.Index, Name: "Chỉ số CCHC năm 2026", Form: "cs-cchc-nam", FormVersion: 1,
		Period: period.Period{Kind: period.Year, Year: 2026, Number: 1}.Code(),
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)}, Due: period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	})
	if err != nil {
		t.Fatal(err)
	}
	a.id = code + "-STC"
	a.exec(`insert into draft_sections (document_id, section, body, updated_by)
		select $1, s, 'Nội dung', $2 from unnest(array['I', 'II']) s`, a.id, a.author.Person)
	return a
}

func (a *assessment) exec(statement string, args ...any) {
	a.t.Helper()
	if _, err := a.db.Owner.Exec(statement, args...); err != nil {
		a.t.Fatalf("%s: %v", statement, err)
	}
}

func (a *assessment) person(role staff.Role, unit string) staff.Actor {
	a.t.Helper()
	var id int64
	const add = `insert into persons (username, name, name_key, state) values ('p' || gen_random_uuid(), 'Người soạn', 'nguoi soan', 'active') returning id`
	if err := a.db.Owner.QueryRow(add).Scan(&id); err != nil {
		a.t.Fatal(err)
	}
	a.exec(`insert into positions (person_id, unit_code, role) values ($1, $2, $3)`, id, unit, role)
	return staff.Actor{Person: id, Positions: []staff.Position{{Unit: unit, Role: role}}}
}

// attach adds a file to the draft; its hash.
func (a *assessment) attach(name, text string) string {
	a.t.Helper()
	file, err := a.db.Store.AddDraftFile(context.Background(), a.id, name, strings.NewReader("%PDF-1.7\n"+text+"\n%%EOF"), a.author)
	if err != nil {
		a.t.Fatal(err)
	}
	return file.Hash
}

// submit answers everything, with what proves the criteria, and freezes it.
func (a *assessment) submit(proofs map[string][]string) {
	a.t.Helper()
	ctx := context.Background()
	version, err := a.db.Store.FormVersion(ctx, "cs-cchc-nam", 1)
	if err != nil {
		a.t.Fatal(err)
	}
	zero, ten := decimal.Number{}, decimal.Of(10)
	var changes []storage.AnswerChange
	for _, c := range version.Index.Criteria {
		if !c.Asked() {
			continue
		}
		yes := len(proofs[c.Code]) > 0
		answer := par.Answer{Criterion: c.Code, Yes: &yes, Done: &zero, Of: &ten, Number: &zero, Evidence: proofs[c.Code]}
		switch {
		case c.Kind == par.Deduct:
			answer.Number = &ten
		case c.MayNotApply && !yes:
			answer.NotApplicable, answer.Explanation = true, "Không thuộc chức năng của Sở"
		}
		changes = append(changes, storage.AnswerChange{Answer: answer})
	}
	if _, err := a.db.Store.SaveAnswers(ctx, a.id, changes, a.author); err != nil {
		a.t.Fatal(err)
	}
	content, err := a.db.Store.DraftContent(ctx, a.id)
	if err != nil {
		a.t.Fatal(err)
	}
	n := storage.NewDecision{Key: uuid.New(), Document: a.id, Action: document.Submit, Actor: a.author, ContentHash: content.Hash()}
	if _, err := a.db.Store.AddDecision(ctx, n); err != nil {
		a.t.Fatal(err)
	}
	if state, err := a.db.Store.RecordDecisions(ctx, a.id, time.Time{}, ""); err != nil || state.Revision != 1 {
		a.t.Fatalf("revision %d: %v", state.Revision, err)
	}
}

func (a *assessment) bundle() storage.Bundle {
	a.t.Helper()
	b, err := a.db.Store.Bundle(context.Background(), a.id, 1)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *assessment) seal() storage.Bundle {
	a.t.Helper()
	b, err := a.sealer.Seal(context.Background(), a.id, 1)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

// read makes the ZIP as a reader gets it.
func (a *assessment) read(b storage.Bundle) []byte {
	a.t.Helper()
	archive, err := a.sealer.Open(context.Background(), b)
	if err != nil {
		a.t.Fatal(err)
	}
	reader := archive.Reader()
	defer func() { _ = reader.Close() }()
	data, err := io.ReadAll(reader)
	if err != nil {
		a.t.Fatal(err)
	}
	return data
}

// TestEvidenceIsOneFile: QĐ 1439 Đ8.3a: one file, with a table of contents, whose hash
// can be named by what is signed; a file that proves two criteria stands in it once.
func TestEvidenceIsOneFile(t *testing.T) {
	a := newAssessment(t)
	plan, photo := a.attach("Kế hoạch CCHC năm 2026 (bản ký).pdf", "kế hoạch"), a.attach("Ảnh bộ phận một cửa.PDF", "ảnh")
	a.attach("Không dùng.pdf", "thừa")
	a.submit(map[string][]string{"1.1.2": {plan}, "2.4.1": {plan, photo}})
	if b := a.bundle(); b.Sealed() || b.Hash != "" {
		t.Fatalf("sealed by the submission, which reads no files: %+v", b)
	}
	b := a.seal()
	data := a.read(b)
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != b.Hash || int64(len(data)) != b.Size {
		t.Errorf("%d bytes hash to %x, sealed are %d and %s", len(data), sum, b.Size, b.Hash)
	}
	names, texts := unpacked(t, data)
	want := []string{"00-muc-luc.html", "SHA256SUMS.txt", "minh-chung/001-khong-dung.pdf", "minh-chung/002-ke-hoach-cchc-nam-2026-ban-ky.pdf", "minh-chung/003-anh-bo-phan-mot-cua.pdf"}
	if !slices.Equal(names, want) {
		t.Fatalf("%q", names)
	}
	contents := texts[names[0]]
	for _, said := range []string{"Sở Tài chính", "Chỉ số CCHC năm 2026, lần trình 1", "Kế hoạch CCHC năm 2026 (bản ký).pdf", plan, photo, "1.1.2, 2.4.1", "Lấy điểm khảo sát", "Không gắn tiêu chí"} {
		if !strings.Contains(contents, said) {
			t.Errorf("the table of contents does not say %q", said)
		}
	}
	var sums strings.Builder
	for _, name := range append(names[:1:1], names[2:]...) {
		_, _ = fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(texts[name])), name)
	}
	if texts["SHA256SUMS.txt"] != sums.String() {
		t.Errorf("the list of hashes is\n%swant\n%s", texts["SHA256SUMS.txt"], sums.String())
	}
	// What stands on paper is what everybody gets, also later and from the draft that
	// has gone on.
	if again := a.seal(); again.Hash != b.Hash || !bytes.Equal(a.read(again), data) {
		t.Error("sealed again it is another")
	}
}

func unpacked(t *testing.T, data []byte) (names []string, texts map[string]string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	texts = map[string]string{}
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		names, texts[file.Name] = append(names, file.Name), string(text)
	}
	return names, texts
}

// TestADamagedFileIsFoundWhenSealed: not years later by whoever appraises; mended, the
// bundle is sealed by the next try.
func TestADamagedFileIsFoundWhenSealed(t *testing.T) {
	a := newAssessment(t)
	hash := a.attach("Kế hoạch.pdf", "kế hoạch")
	a.submit(map[string][]string{"1.1.2": {hash}})
	kept, err := a.db.Store.OpenFile(hash)
	if err != nil {
		t.Fatal(err)
	}
	path := kept.Name()
	_ = kept.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for what, damage := range map[string]func() error{
		"changed": func() error { return os.WriteFile(path, bytes.ToUpper(whole), 0o600) },
		"gone":    func() error { return os.Remove(path) },
	} {
		if err := damage(); err != nil {
			t.Fatal(err)
		}
		if _, err := a.sealer.Seal(context.Background(), a.id, 1); !strings.Contains(fmt.Sprint(err), string(bundle.Damaged)) {
			t.Errorf("%s: %v", what, err)
		}
		if b := a.bundle(); b.Sealed() || !strings.Contains(b.Problem, "Kế hoạch.pdf") {
			t.Errorf("%s: %+v", what, b)
		}
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if b := a.seal(); !b.Sealed() || b.Problem != "" {
		t.Errorf("mended: %+v", b)
	}
}

// TestWaitingBundlesComeRound: a worker that died while it sealed loses nothing, and
// two do not seal the same at once.
func TestWaitingBundlesComeRound(t *testing.T) {
	a := newAssessment(t)
	a.submit(nil)
	ctx := context.Background()
	claim := func() int {
		t.Helper()
		claimed, err := a.db.Store.ClaimBundles(ctx, 5)
		if err != nil {
			t.Fatal(err)
		}
		return len(claimed)
	}
	if first, second := claim(), claim(); first != 1 || second != 0 {
		t.Errorf("claimed %d times, then %d", first, second)
	}
	a.exec(`update evidence_bundles set retry_at = clock_timestamp()`) // a minute later
	if again := claim(); again != 1 {
		t.Error("its taker died, and nobody takes it again")
	}
	if b := a.seal(); b.Files != bundle.Own {
		t.Errorf("without any evidence it holds %d files", b.Files)
	}
	a.exec(`update evidence_bundles set retry_at = clock_timestamp()`)
	if claim() != 0 {
		t.Error("a sealed bundle waits")
	}
	if _, err := a.sealer.Seal(ctx, a.id, 2); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("of a revision that there is not: %v", err)
	}
}
