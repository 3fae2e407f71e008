package storage_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// standing is a city with an officer and one monthly series whose next campaign
// is to be proposed at once.
func standing(t *testing.T) (*desk, staff.Actor, campaign.Series) {
	t.Helper()
	d := &desk{t: t, db: storagetest.Open(t)}
	officer := d.person("officer", staff.Officer, "SNV")
	s := campaign.Series{
		Code: "hang-thang", Name: "Báo cáo CCHC", Form: "bc-cchc-quy", Period: period.Month,
		Groups: []string{"department"}, LeadDays: campaign.MaxLeadDays, Active: true,
	}
	if err := d.db.Store.AddSeries(context.Background(), uuid.New(), officer.Person, s); err != nil {
		t.Fatal(err)
	}
	return d, officer, s
}

func TestSeriesIsKeptByVersion(t *testing.T) {
	d, officer, s := standing(t)
	ctx := context.Background()
	key := uuid.New()
	other := s
	other.Code = "quy"
	for range 2 { // a double click
		if err := d.db.Store.AddSeries(ctx, key, officer.Person, other); err != nil {
			t.Fatal(err)
		}
	}
	var broken rule.Errors
	if err := d.db.Store.AddSeries(ctx, uuid.New(), officer.Person, s); !errors.As(err, &broken) || !broken.Has(storage.SeriesTaken) {
		t.Errorf("the code again: %v", err)
	}
	before, err := d.db.Store.Series(ctx, s.Code)
	if err != nil {
		t.Fatal(err)
	}
	s.Active, s.LeadDays = false, 5
	if err := d.db.Store.ChangeSeries(ctx, officer.Person, before.Version, s); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.ChangeSeries(ctx, officer.Person, before.Version, s); !errors.As(err, &broken) || !broken.Has(storage.SeriesChanged) {
		t.Errorf("a change of what was changed meanwhile: %v", err)
	}
	s.Active = true
	if err := d.db.Store.ChangeSeries(ctx, officer.Person, before.Version+1, s); err != nil {
		t.Fatal(err)
	}
	after, err := d.db.Store.Series(ctx, s.Code)
	if err != nil || !after.Since.After(before.Since) || after.LeadDays != 5 || after.Version != 3 || after.EditedBy == "" {
		t.Errorf("in force again: %+v, %v", after, err)
	}
	s.Form = ""
	if err := d.db.Store.ChangeSeries(ctx, officer.Person, 3, s); !errors.As(err, &broken) || !broken.Has(campaign.SeriesFormBad) {
		t.Errorf("a series without a form: %v", err)
	}
	if _, err := d.db.Store.Series(ctx, "none"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a series that is not: %v", err)
	}
}

// However often and from wherever it is called, a period is proposed once, and
// each officer is told once.
func TestProposeOnce(t *testing.T) {
	d, _, s := standing(t)
	ctx := context.Background()
	var together sync.WaitGroup
	added := make([][]string, 4)
	for i := range added {
		together.Go(func() {
			var err error
			if added[i], err = d.db.Store.ProposeCampaigns(ctx, s.Code); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	total := 0
	for _, one := range added {
		total += len(one)
	}
	open, err := d.db.Store.OpenProposals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if total == 0 || total != len(open) || d.count(`select count(*) from notices where kind = 'proposed'`) != len(open) {
		t.Errorf("%d added, %d open, %d told", total, len(open), d.count(`select count(*) from notices where kind = 'proposed'`))
	}
	one := open[0]
	if one.Units != d.count(`select count(*) from units where unit_group = 'department'`) || one.Unmanned != one.Units || one.Form != s.Form {
		t.Errorf("the dry run tells of %d units, %d without somebody: %+v", one.Units, one.Unmanned, one)
	}
	schedules, err := d.db.Store.SeriesSchedules(ctx)
	if err != nil || len(schedules) != 1 || schedules[0].Behind || len(schedules[0].Instants) < 12 {
		t.Errorf("schedules %+v, %v", schedules, err)
	}
	if again, err := d.db.Store.ProposeCampaigns(ctx, "unknown"); again != nil || err != nil {
		t.Errorf("a series that is not: %v, %v", again, err)
	}
}

// What was missed while everything stood still is proposed later; what was
// launched by hand is not.
func TestProposalsAreCaughtUp(t *testing.T) {
	d, officer, s := standing(t)
	ctx := context.Background()
	d.exec(`update series set lead_days = 0, active_since = clock_timestamp() - interval '100 days'`)
	now, err := d.db.Store.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	schedules, err := d.db.Store.SeriesSchedules(ctx)
	if err != nil || !schedules[0].Behind {
		t.Errorf("nothing is missed: %+v, %v", schedules, err)
	}
	launched := period.Of(period.Month, calendar.DayOf(now)).Previous().Previous()
	p := plan("STC")
	p.Code, p.Period = "bc-"+launched.Code(), launched.Code()
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer.Person, p); err != nil {
		t.Fatal(err)
	}
	added, err := d.db.Store.ProposeCampaigns(ctx, s.Code)
	if err != nil || len(added) < 2 || len(added) > 3 {
		t.Errorf("after a hundred days: %v, %v", added, err)
	}
	for _, code := range added {
		if code == launched.Code() {
			t.Errorf("%s is proposed though it was launched", code)
		}
	}
}

func TestProposalIsLaunchedOrDismissedOnce(t *testing.T) {
	d, officer, s := standing(t)
	ctx := context.Background()
	if _, err := d.db.Store.ProposeCampaigns(ctx, s.Code); err != nil {
		t.Fatal(err)
	}
	open, err := d.db.Store.OpenProposals(ctx)
	if err != nil || len(open) < 2 {
		t.Fatalf("%d proposals, %v", len(open), err)
	}
	p := plan("STC")
	p.Code, p.Period, p.Proposal = "bc-one", open[0].Period, open[0].ID
	var broken rule.Errors
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer.Person, p); !errors.As(err, &broken) || !broken.Has(campaign.GuidanceMissing) {
		t.Errorf("without a guidance document: %v", err)
	}
	p.Guidance = "6218/SNV-CCHC ngày 20/11/2026"
	key := uuid.New()
	for range 2 { // a double click
		if _, err := d.db.Store.LaunchCampaign(ctx, key, officer.Person, p); err != nil {
			t.Fatal(err)
		}
	}
	p.Code = "bc-two"
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer.Person, p); !errors.As(err, &broken) || !broken.Has(campaign.ProposalDecided) {
		t.Errorf("launched a second time: %v", err)
	}
	if err := d.db.Store.DismissProposal(ctx, open[0].ID, officer.Person, "Không cần"); !errors.As(err, &broken) || !broken.Has(campaign.ProposalDecided) {
		t.Errorf("dismissed after the launch: %v", err)
	}
	if err := d.db.Store.DismissProposal(ctx, open[1].ID, officer.Person, " "); !errors.As(err, &broken) || !broken.Has(campaign.ProposalNoReason) {
		t.Errorf("dismissed without a reason: %v", err)
	}
	if err := d.db.Store.DismissProposal(ctx, open[1].ID, officer.Person, "Gộp vào báo cáo năm"); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]storage.ProposalState{open[0].ID: storage.ProposalLaunched, open[1].ID: storage.ProposalDismissed} {
		one, err := d.db.Store.Proposal(ctx, id)
		if err != nil || one.State != want || one.DecidedBy == "" || one.DecidedAt == nil || (one.Campaign != "") != (want == storage.ProposalLaunched) {
			t.Errorf("proposal %d: %+v, %v", id, one, err)
		}
	}
	if err := d.db.Store.DismissProposal(ctx, 999, officer.Person, "x"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a proposal that is not: %v", err)
	}
	// It is not proposed again.
	if added, err := d.db.Store.ProposeCampaigns(ctx, s.Code); err != nil || len(added) != 0 {
		t.Errorf("proposed again: %v, %v", added, err)
	}
}

// A campaign launched by hand for the same form and period answers the proposal.
func TestLaunchByHandAnswersTheProposal(t *testing.T) {
	d, officer, s := standing(t)
	ctx := context.Background()
	if _, err := d.db.Store.ProposeCampaigns(ctx, s.Code); err != nil {
		t.Fatal(err)
	}
	open, err := d.db.Store.OpenProposals(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := plan("STC")
	p.Code, p.Period = "bc-hand", open[0].Period
	if _, err := d.db.Store.LaunchCampaign(ctx, uuid.New(), officer.Person, p); err != nil {
		t.Fatal(err)
	}
	if one, err := d.db.Store.Proposal(ctx, open[0].ID); err != nil || one.Campaign != "bc-hand" || time.Since(*one.DecidedAt) > time.Minute {
		t.Errorf("the proposal is %+v, %v", one, err)
	}
}
