package storage_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

const quarterly = "bc-cchc-quy"

var sections, checks = form.Part{Kind: form.PartSection}, form.Part{Kind: form.PartCheck}

func wantBroken(t *testing.T, err error, code rule.Code) {
	t.Helper()
	var broken rule.Errors
	if !errors.As(err, &broken) || !broken.Has(code) {
		t.Errorf("%v, want %s", err, code)
	}
}

// editing is a desk with the draft of the quarterly form's next version open.
func editing(t *testing.T) (*desk, storage.FormDraft) {
	t.Helper()
	d := newDesk(t)
	code, err := d.db.Store.StartFormDraft(context.Background(), storage.NewFormDraft{FromForm: quarterly, FromVersion: 1}, d.people[staff.Officer].Person)
	if err != nil || code != quarterly {
		t.Fatalf("started %q, %v", code, err)
	}
	draft, err := d.db.Store.FormDraft(context.Background(), quarterly)
	if err != nil || draft.Version != 1 || draft.BasedOn != 1 || draft.Content.Number != 2 || len(draft.Content.Indicators) != 105 {
		t.Fatalf("draft %+v, %v", draft, err)
	}
	return d, draft
}

// retitled is the form with another title of its first section.
func retitled(v form.Version, title string) form.Version {
	v.Sections = slices.Clone(v.Sections)
	v.Sections[0].Title = title
	return v
}

func publication(draft storage.FormDraft, older form.Version) storage.FormPublication {
	return storage.FormPublication{
		Key: uuid.New(), Form: draft.Form, Base: draft.Version, Mapping: form.SuggestMapping(older, draft.Content),
		Guidance: "6218/SNV-CCHC ngày 20/11/2026", Note: "Theo hướng dẫn mới",
	}
}

func TestOneDraftOfAForm(t *testing.T) {
	d, draft := editing(t)
	ctx, other := context.Background(), d.person("officer.two", staff.Officer, "SNV").Person
	if code, err := d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{FromForm: quarterly, FromVersion: 1}, other); err != nil || code != quarterly {
		t.Errorf("a second start: %q, %v", code, err)
	}
	if again, err := d.db.Store.FormDraft(ctx, quarterly); err != nil || again.ID != draft.ID {
		t.Errorf("the draft is %d, %v; want %d", again.ID, err, draft.ID)
	}
	_, err := d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{Code: quarterly, Title: "Khác"}, other)
	wantBroken(t, err, storage.FormCodeTaken)
	_, err = d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{Code: "Bao cao", Title: ""}, other)
	wantBroken(t, err, "form_code")
	wantBroken(t, err, "form_missing")
	if code, err := d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{Code: "bc-nam", Title: " Báo cáo  năm ", FromForm: quarterly, FromVersion: 1}, other); err != nil || code != "bc-nam" {
		t.Fatalf("%q, %v", code, err)
	}
	if fresh, err := d.db.Store.FormDraft(ctx, "bc-nam"); err != nil || fresh.Content.Number != 1 || fresh.BasedOn != 0 || fresh.Content.Title != "Báo cáo năm" || len(fresh.Content.Sections) != 10 {
		t.Errorf("a new form: %+v, %v", fresh, err)
	}
}

// TestTwoPeopleEditAForm: different parts both stay; the same part is a conflict,
// in which nothing is overwritten.
func TestTwoPeopleEditAForm(t *testing.T) {
	d, draft := editing(t)
	ctx, first, second := context.Background(), d.people[staff.Officer].Person, d.person("officer.two", staff.Officer, "SNV").Person
	mine := retitled(draft.Content, "Chỉ đạo")
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, sections, mine, first); err != nil {
		t.Fatal(err)
	}
	fewer := draft.Content
	fewer.Checks = fewer.Checks[1:]
	both, err := d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, checks, fewer, second)
	if err != nil || both.Content.Sections[0].Title != "Chỉ đạo" || len(both.Content.Checks) != len(draft.Content.Checks)-1 || both.Version != 3 {
		t.Fatalf("two parts: %v; version %d, %d checks, %q", err, both.Version, len(both.Content.Checks), both.Content.Sections[0].Title)
	}
	_, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, sections, retitled(draft.Content, "Điều hành"), second)
	var conflict *storage.FormConflict
	if !errors.As(err, &conflict) || conflict.Draft.Content.Sections[0].Title != "Chỉ đạo" || conflict.Draft.Version != 3 {
		t.Fatalf("the same part: %v", err)
	}
	if over, err := d.db.Store.SaveFormPart(ctx, quarterly, conflict.Draft.Version, sections, retitled(draft.Content, "Điều hành"), second); err != nil || over.Content.Sections[0].Title != "Điều hành" {
		t.Errorf("after having seen it: %v", err)
	}
	if same, err := d.db.Store.SaveFormPart(ctx, quarterly, 1, sections, retitled(draft.Content, "Điều hành"), first); err != nil || same.Version != 4 {
		t.Errorf("the same again: version %d, %v", same.Version, err)
	}
	if n := d.count(`select count(*) from form_draft_saves where draft_id = $1`, draft.ID); n != 4 {
		t.Errorf("%d saves are kept, want 4", n)
	}
}

func TestPublishedFormNeverChanges(t *testing.T) {
	d, draft := editing(t)
	ctx, officer := context.Background(), d.people[staff.Officer].Person
	older, err := d.db.Store.FormVersion(ctx, quarterly, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.db.Store.PublishForm(ctx, publication(draft, older), officer)
	wantBroken(t, err, storage.FormNothingDifferent)

	changed := draft.Content
	changed.Indicators = slices.Clone(changed.Indicators)
	changed.Indicators[0].Code = "1.99"
	changed.Checks = append([]form.Check{{Severity: form.SeverityError, Rule: "1.1<="}}, changed.Checks...)
	group := form.Part{Kind: form.PartIndicator, Group: changed.Indicators[0].Group}
	if draft, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, group, changed.Extract(group), officer); err != nil {
		t.Fatal(err)
	}
	if draft, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, checks, changed, officer); err != nil {
		t.Fatal(err)
	}
	unready := publication(draft, older)
	unready.Guidance, unready.Mapping = " ", form.Mapping{}
	_, err = d.db.Store.PublishForm(ctx, unready, officer)
	for _, code := range []rule.Code{"form_rule_syntax", "form_rule_unknown", "form_guidance", "form_map_lost", "form_map_missing"} {
		wantBroken(t, err, code)
	}

	sound := changed
	sound.Checks = nil
	for _, check := range older.Checks {
		if check.Rule != "1.2<=1.1" {
			sound.Checks = append(sound.Checks, check)
		}
	}
	for i := range sound.Indicators { // 1.3 was reckoned from 1.1
		sound.Indicators[i].Numerator = replaced(sound.Indicators[i].Numerator)
		sound.Indicators[i].Denominator = replaced(sound.Indicators[i].Denominator)
	}
	draft, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, checks, sound, officer)
	if err != nil {
		t.Fatal(err)
	}
	draft, err = d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, group, sound.Extract(group), officer)
	if err != nil {
		t.Fatal(err)
	}
	if broken := draft.Content.Validate(); broken != nil {
		t.Fatal(broken)
	}
	stale := publication(draft, older)
	stale.Base--
	_, err = d.db.Store.PublishForm(ctx, stale, officer)
	wantBroken(t, err, storage.FormDraftChanged)

	p := publication(draft, older)
	var wait sync.WaitGroup
	numbers, errs := make([]int, 4), make([]error, 4)
	for i := range numbers {
		wait.Go(func() { numbers[i], errs[i] = d.db.Store.PublishForm(ctx, p, officer) })
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil || !slices.Equal(numbers, []int{2, 2, 2, 2}) {
		t.Fatalf("four clicks: %v, %v", numbers, err)
	}
	if _, err := d.db.Store.FormDraft(ctx, quarterly); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("the draft after publication: %v", err)
	}
	line, err := d.db.Store.FormLine(ctx, quarterly, 2)
	if err != nil || line.PublishedBy == nil || line.Guidance != p.Guidance || line.Note != p.Note || line.Indicators != 105 || line.Campaigns != 0 {
		t.Errorf("published %+v, %v", line, err)
	}
	history, err := d.db.Store.FormHistory(ctx, quarterly)
	if err != nil || len(history.Versions) != 2 || len(history.Mappings) != 1 {
		t.Fatalf("history %+v, %v", history.Mappings, err)
	}
	if into := history.Mappings[0].Into("1.99"); len(into) != 1 || into[0].From != "1.1" {
		t.Errorf("1.99 continues %+v", into)
	}
	app := storagetest.OpenAs(t, d.db.URL)
	for _, statement := range []string{
		`update form_versions set title = 'x'`, `delete from form_versions`, `update indicator_maps set breaks = true`,
		`update form_draft_saves set content = '{}'`, `delete from form_drafts`,
	} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("the programs may %s", statement)
		}
	}
}

func replaced(side string) string {
	if side == "1.1" {
		return "1.99"
	}
	return side
}

func TestRetiredFormsAreNotOffered(t *testing.T) {
	d := newDesk(t)
	ctx, officer := context.Background(), d.people[staff.Officer].Person
	wantBroken(t, d.db.Store.RetireForm(ctx, quarterly, 1, " ", officer), storage.FormReasonMissing)
	if err := d.db.Store.RetireForm(ctx, quarterly, 9, "x", officer); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a version that is not there: %v", err)
	}
	for range 2 {
		if err := d.db.Store.RetireForm(ctx, quarterly, 1, "Đã có mẫu mới", officer); err != nil {
			t.Fatal(err)
		}
	}
	if forms, err := d.db.Store.PublishedForms(ctx); err != nil || slices.ContainsFunc(forms, func(f storage.PublishedForm) bool { return f.Form == quarterly }) {
		t.Errorf("offered: %+v, %v", forms, err)
	}
	next := plan("STC", "SYT")
	next.Code, next.Period = "bc-2027q1", "2027q1"
	_, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, next)
	wantBroken(t, err, storage.FormRetired)
	lines, err := d.db.Store.Forms(ctx)
	if err != nil || len(lines) == 0 || lines[0].RetiredReason == nil || lines[0].Campaigns != 1 {
		t.Errorf("listed: %+v, %v", lines, err)
	}
	if err := d.db.Store.RestoreForm(ctx, quarterly, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, next); err != nil {
		t.Errorf("after it was restored: %v", err)
	}
	if uses, err := d.db.Store.FormUses(ctx, quarterly, 1, 10); err != nil || len(uses) != 2 || uses[0].LaunchedAt.After(time.Now().Add(time.Hour)) {
		t.Errorf("uses %+v, %v", uses, err)
	}
}

func TestDiscardedDraftStaysOnRecord(t *testing.T) {
	d, draft := editing(t)
	ctx := context.Background()
	if err := d.db.Store.DiscardFormDraft(ctx, quarterly, d.people[staff.Officer].Person); err != nil {
		t.Fatal(err)
	}
	if drafts, err := d.db.Store.FormDrafts(ctx); err != nil || len(drafts) != 0 {
		t.Errorf("open drafts %+v, %v", drafts, err)
	}
	_, err := d.db.Store.SaveFormPart(ctx, quarterly, draft.Version, sections, retitled(draft.Content, "x"), d.people[staff.Officer].Person)
	if !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a save after that: %v", err)
	}
	if n := d.count(`select count(*) from form_draft_saves where draft_id = $1`, draft.ID); n != 1 {
		t.Error("what was saved is gone")
	}
}

// A row that is removed is put back with what was typed before, also where the page had
// saved that by itself: the click keeps it as a save of its own.
func TestAClickKeepsWhatThePageSaved(t *testing.T) {
	d, draft := editing(t)
	ctx, officer := context.Background(), d.people[staff.Officer].Person
	typed := retitled(draft.Content, "Gõ xong")
	auto, err := d.db.Store.AutosaveFormPart(ctx, quarterly, draft.Version, sections, typed, officer)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := d.db.Store.SaveFormPart(ctx, quarterly, auto.Version, sections, typed, officer)
	if err != nil {
		t.Fatal(err)
	}
	fewer := typed
	fewer.Sections = fewer.Sections[1:]
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, kept.Version, sections, fewer, officer); err != nil {
		t.Fatal(err)
	}
	if earlier, err := d.db.Store.FormSave(ctx, quarterly, kept.Version); err != nil || earlier.Sections[0].Title != "Gõ xong" {
		t.Errorf("undoing brings back %q, %v", earlier.Sections[0].Title, err)
	}
	if again, err := d.db.Store.SaveFormPart(ctx, quarterly, kept.Version+1, sections, fewer, officer); err != nil || again.Version != kept.Version+1 {
		t.Errorf("the same again: version %d, %v", again.Version, err)
	}
}

// Saves that a page makes by itself do not pile up: the person's next save takes their
// place. Who works on the same part beside it is told of every conflict.
func TestAutosavesDoNotPileUp(t *testing.T) {
	d, draft := editing(t)
	ctx, first, second := context.Background(), d.people[staff.Officer].Person, d.person("officer.two", staff.Officer, "SNV").Person
	auto := func(base int, title string) storage.FormDraft {
		t.Helper()
		saved, err := d.db.Store.AutosaveFormPart(ctx, quarterly, base, sections, retitled(draft.Content, title), first)
		if err != nil {
			t.Fatal(err)
		}
		return saved
	}
	saved := draft
	for _, title := range []string{"C", "Ch", "Chỉ đạo"} {
		saved = auto(saved.Version, title)
	}
	saves := `select count(*) from form_draft_saves`
	if n := d.count(saves); n != 2 || saved.Version != draft.Version+3 {
		t.Errorf("%d saves, version %d", n, saved.Version)
	}
	if earlier, err := d.db.Store.FormSave(ctx, quarterly, draft.Version); err != nil || !earlier.Same(sections, draft.Content) {
		t.Errorf("what it began with is gone: %v", err)
	}
	// The second has the second of those saves on the screen, which is gone: another
	// part is saved, the same one conflicts.
	fewer := draft.Content
	fewer.Checks = fewer.Checks[1:]
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, draft.Version+2, checks, fewer, second); err != nil {
		t.Errorf("another part: %v", err)
	}
	var conflict *storage.FormConflict
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, draft.Version+2, sections, retitled(draft.Content, "Điều hành"), second); !errors.As(err, &conflict) {
		t.Errorf("the same part: %v", err)
	}
	// A save by somebody else, and one by a click, stay.
	saved = auto(saved.Version, "Chỉ đạo, điều hành")
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, saved.Version, sections, retitled(draft.Content, "Chỉ đạo và điều hành"), first); err != nil {
		t.Fatal(err)
	}
	auto(saved.Version+1, "Chỉ đạo")
	if n := d.count(saves); n != 5 { // the beginning, the last of the first run, the second's, the click, the newest
		t.Errorf("%d saves", n)
	}
	if _, err := d.db.Store.SaveFormPart(ctx, quarterly, 999, sections, retitled(draft.Content, "x"), second); !errors.As(err, &conflict) {
		t.Errorf("a page of another draft: %v", err)
	}
}
