package storage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// earlierReport launches the period before and gives the unit a signed revision
// of it.
func (d *desk) earlierReport(sections map[string]string) {
	d.t.Helper()
	ctx := context.Background()
	before := plan("STC", "SYT")
	before.Code, before.Period, before.Name = "bc-2026q3", "2026q3", "Báo cáo CCHC quý III năm 2026"
	code, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), d.people[staff.Officer].Person, before)
	if err != nil {
		d.t.Fatal(err)
	}
	present := d.id
	d.id = code + "-STC"
	d.fill()
	for section, body := range sections {
		d.exec(`update draft_sections set body = $3 where document_id = $1 and section = $2`, d.id, section, body)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.id = present
}

func TestNarrativeOfThePeriodBefore(t *testing.T) {
	d := blankDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	if report, err := d.db.Store.Earlier(ctx, d.id); err != nil || report != nil {
		t.Fatalf("without an earlier report: %+v, %v", report, err)
	}
	var broken rule.Errors
	if _, err := d.db.Store.CopyEarlier(ctx, d.id, "", author); !errors.As(err, &broken) || broken[0].Code != storage.NothingEarlier {
		t.Fatalf("copying nothing: %v", err)
	}
	d.earlierReport(map[string]string{"I": "Đoạn một quý III.\n- Mục hai quý III.\nĐoạn ba quý III."})
	report, err := d.db.Store.Earlier(ctx, d.id)
	if err != nil || report == nil || report.Period != "2026q3" || report.Revision != 1 || report.Sections["I"] == "" {
		t.Fatalf("earlier %+v, %v", report, err)
	}

	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "Câu mới của quý IV.", 0, author); err != nil {
		t.Fatal(err)
	}
	copied, err := d.db.Store.CopyEarlier(ctx, d.id, "", author)
	if err != nil || len(copied) == 0 || slices.Contains(copied, "I") {
		t.Fatalf("into blank sections: %v, %v", copied, err)
	}
	for range 2 { // a double click copies once
		if _, err := d.db.Store.CopyEarlier(ctx, d.id, "I", author); err != nil {
			t.Fatal(err)
		}
	}
	draft := d.draft()
	if body := draft.Sections["I"].Body; body != "Câu mới của quý IV.\nĐoạn một quý III.\n- Mục hai quý III.\nĐoạn ba quý III." {
		t.Errorf("section I: %q", body)
	}
	stale := draft.Stale("I")
	if len(stale) != 3 || stale[1].Runs[0].Text != "Mục hai quý III." {
		t.Fatalf("not brought up to date: %+v", stale)
	}

	// Changed: the words differ. A change of look is none.
	now := draft.Sections["I"]
	if _, err := d.db.Store.SaveSection(ctx, d.id, "I", "Đoạn một quý IV.\n- **Mục hai** quý III.\nĐoạn ba quý III.", now.Version, author); err != nil {
		t.Fatal(err)
	}
	if stale := d.draft().Stale("I"); len(stale) != 2 {
		t.Fatalf("after a change: %+v", stale)
	}
	if err := d.db.Store.ConfirmCopied(ctx, d.id, "I", []string{stale[1].Fingerprint()}, author); err != nil {
		t.Fatal(err)
	}
	if stale := d.draft().Stale("I"); len(stale) != 1 || stale[0].Runs[0].Text != "Đoạn ba quý III." {
		t.Fatalf("after confirming one: %+v", stale)
	}
	if err := d.db.Store.ConfirmCopied(ctx, d.id, "I", nil, author); err != nil {
		t.Fatal(err)
	}
	if stale := d.draft().Stale("I"); len(stale) != 0 {
		t.Errorf("after confirming all: %+v", stale)
	}
	if n := d.count(`select count(*) from draft_copies where section = 'I' and confirmed_by = $1`, author.Person); n != 3 {
		t.Errorf("%d confirmed by the author, want 3", n)
	}
	if len(d.draft().Stale("III")) == 0 {
		t.Error("confirming one section confirmed another")
	}
}

func TestCopyingIsForAuthorsWhileDrafting(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.earlierReport(nil)
	stranger := d.person("stranger", staff.Specialist, "SYT")
	for name, try := range map[string]func() error{
		"copy":    func() error { _, err := d.db.Store.CopyEarlier(ctx, d.id, "", stranger); return err },
		"confirm": func() error { return d.db.Store.ConfirmCopied(ctx, d.id, "I", nil, stranger) },
	} {
		var broken rule.Errors
		if err := try(); !errors.As(err, &broken) || broken[0].Code != document.NotYourRole {
			t.Errorf("%s by a stranger: %v", name, err)
		}
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	var broken rule.Errors
	if _, err := d.db.Store.CopyEarlier(ctx, d.id, "", d.people[staff.Specialist]); !errors.As(err, &broken) || broken[0].Code != document.WrongStage {
		t.Errorf("copy after the submission: %v", err)
	}
}

func (d *desk) draft() storage.Draft {
	d.t.Helper()
	draft, err := d.db.Store.Draft(context.Background(), d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return draft
}
