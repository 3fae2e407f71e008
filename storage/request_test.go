package storage_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
)

// asked is a request for a report in so many hours.
func asked(hours int, units ...string) campaign.Plan {
	return campaign.Plan{
		Code: "dx-thu", Kind: document.AdHoc, Name: "Báo cáo hồ sơ trễ hạn", Form: "dx-thu", FormVersion: 1,
		Ladder: campaign.NameRungs(period.HoursLadder(hours)), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Guidance: "2315/UBND ngày 20/11/2025 của UBND Thành phố", Units: units,
		Request: &campaign.Request{
			Number: "2315/UBND", Date: calendar.Date(2025, time.November, 20), Issuer: "UBND Thành phố", Title: "Về hồ sơ trễ hạn",
			Ahead: period.Ahead{Span: period.SpanHours, Count: hours},
			Form:  campaign.OwnForm("dx-thu", "Báo cáo hồ sơ trễ hạn", []form.Section{{Title: "Tình hình", Required: true}}, form.Version{}),
		},
	}
}

func TestLaunchOfARequest(t *testing.T) {
	d := newDesk(t)
	ctx, officer, key := context.Background(), d.people[staff.Officer].Person, uuid.New()
	if err := d.db.Store.AddRequestFile(ctx, key, "2315.pdf", strings.NewReader("%PDF-1.4\n%%EOF\n"), officer); err != nil {
		t.Fatal(err)
	}
	if file, err := d.db.Store.RequestFile(ctx, key, d.people[staff.Specialist].Person); err != nil || file != nil {
		t.Errorf("somebody else finds the file: %+v, %v", file, err)
	}
	for range 2 { // a double click
		if code, err := d.db.Store.LaunchCampaign(ctx, key, officer, asked(24, "STC", "SYT")); err != nil || code != "dx-thu" {
			t.Fatal(code, err)
		}
	}
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, asked(24, "STC")); !has(err, storage.CampaignCodeTaken) {
		t.Errorf("the code once more: %v", err)
	}
	q, err := d.db.Store.CampaignRequest(ctx, "dx-thu")
	if err != nil || q.Number != "2315/UBND" || q.FileHash == nil || q.FileName != "2315.pdf" || q.Count != 24 {
		t.Fatalf("%+v, %v", q, err)
	}
	if _, err := d.db.Store.DocumentFile(ctx, "dx-thu-STC", *q.FileHash, false); err != nil {
		t.Errorf("the file of the request: %v", err)
	}
	draft, err := d.db.Store.Draft(ctx, "dx-thu-STC")
	if err != nil || len(draft.Form.Sections) != 1 || draft.Form.Sections[0].Code != "I" {
		t.Errorf("%+v, %v", draft.Form, err)
	}
	if earlier, err := d.db.Store.Earlier(ctx, "dx-thu-STC"); err != nil || earlier != nil {
		t.Errorf("something to take over: %+v, %v", earlier, err)
	}
	forms, err := d.db.Store.PublishedForms(ctx)
	for _, one := range forms {
		if err != nil || one.Form == "dx-thu" {
			t.Errorf("the own form is offered: %+v, %v", one, err)
		}
	}
	if lines, err := d.db.Store.Forms(ctx); err != nil || slices.ContainsFunc(lines, func(l storage.FormLine) bool { return l.Form == "dx-thu" }) {
		t.Errorf("the own form is among the city's: %+v, %v", lines, err)
	}
	rounds, err := d.db.Store.Rounds(ctx)
	if err != nil || len(rounds.Named("tre han", 5)) != 1 {
		t.Errorf("%+v, %v", rounds, err)
	}
	state, err := d.db.Store.RecordDecisions(ctx, "dx-thu-STC", time.Time{}, "run")
	if err != nil || state.Next == nil || state.Next.Code != "before_12h" || !state.Next.At.Equal(state.DueAt.Add(-12*time.Hour)) {
		t.Errorf("%+v, %v", state.Next, err)
	}
}

// The own form has the campaign's code: neither one that is published nor one that is
// being edited may have it already.
func TestCodeOfAnOwnForm(t *testing.T) {
	d := newDesk(t)
	ctx, officer := context.Background(), d.people[staff.Officer].Person
	if _, err := d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{Code: "bieu-moi", Title: "Biểu mới"}, officer); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"bc-cchc-quy", "bieu-moi"} {
		plan := asked(24, "STC")
		plan.Code, plan.Form, plan.Request.Form.Code = code, code, code
		if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, plan); !has(err, storage.CampaignCodeTaken) {
			t.Errorf("%s: %v", code, err)
		}
	}
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer, asked(24, "STC")); err != nil {
		t.Fatal(err)
	}
	if _, err := d.db.Store.StartFormDraft(ctx, storage.NewFormDraft{Code: "dx-thu", Title: "Biểu mới"}, officer); !has(err, storage.FormCodeTaken) {
		t.Errorf("a form with the code of an own one: %v", err)
	}
}

// A file may be chosen anew and taken off until the launch.
func TestFileOfARequestThatIsLaidDown(t *testing.T) {
	d := newDesk(t)
	ctx, officer, key := context.Background(), d.people[staff.Officer].Person, uuid.New()
	for _, name := range []string{"a.pdf", "b.pdf"} {
		if err := d.db.Store.AddRequestFile(ctx, key, name, strings.NewReader("%PDF-1.4\n"+name), officer); err != nil {
			t.Fatal(err)
		}
	}
	if file, err := d.db.Store.RequestFile(ctx, key, officer); err != nil || file == nil || file.Name != "b.pdf" {
		t.Errorf("%+v, %v", file, err)
	}
	if err := d.db.Store.AddRequestFile(ctx, key, "a.exe", strings.NewReader("MZ"), officer); !has(err, storage.FileWrongType) {
		t.Errorf("a program: %v", err)
	}
	if err := d.db.Store.RemoveRequestFile(ctx, key, officer); err != nil {
		t.Fatal(err)
	}
	if file, err := d.db.Store.RequestFile(ctx, key, officer); err != nil || file != nil {
		t.Errorf("%+v, %v", file, err)
	}
}
