package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

func TestCampaignsListsWhatTheScopeHas(t *testing.T) {
	d := newDesk(t)
	second := plan("SYT")
	second.Code, second.Name, second.Period = "bc-2027q1", "Báo cáo CCHC quý I năm 2027", "2027q1"
	if _, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, second); err != nil {
		t.Fatal(err)
	}
	d.exec(`update documents set due_at = clock_timestamp() - interval '1 second' where id = 'bc-2026q4-STC'`)
	d.exec(`update documents set stage = 'exempt', closed_at = clock_timestamp() where campaign = 'bc-2027q1'`)
	for _, row := range []struct {
		why   string
		scope staff.Scope
		f     storage.CampaignFilter
		want  []string
	}{
		{"everything, newest first", everything, storage.CampaignFilter{}, []string{"bc-2027q1", "bc-2026q4"}},
		{"a unit in one", staff.Scope{Units: []string{"STC"}}, storage.CampaignFilter{}, []string{"bc-2026q4"}},
		{"nothing", staff.Scope{}, storage.CampaignFilter{}, nil},
		{"by year", everything, storage.CampaignFilter{Year: "2027"}, []string{"bc-2027q1"}},
		{"open", everything, storage.CampaignFilter{State: storage.CampaignOpen}, []string{"bc-2026q4"}},
		{"closed", everything, storage.CampaignFilter{State: storage.CampaignClosed}, []string{"bc-2027q1"}},
		{"by name without diacritics", everything, storage.CampaignFilter{Query: "quy iv"}, []string{"bc-2026q4"}},
		{"by no name", everything, storage.CampaignFilter{Query: "khong co"}, nil},
	} {
		lines, err := d.db.Store.Campaigns(context.Background(), row.scope, row.f)
		if err != nil {
			t.Fatal(err)
		}
		var codes []string
		for _, line := range lines {
			codes = append(codes, line.Code)
			if line.Total != len(lines) {
				t.Errorf("%s: total %d", row.why, line.Total)
			}
		}
		if len(codes) != len(row.want) || len(codes) > 0 && codes[0] != row.want[0] {
			t.Errorf("%s: %v, want %v", row.why, codes, row.want)
		}
	}
	lines, err := d.db.Store.Campaigns(context.Background(), everything, storage.CampaignFilter{Year: "2026"})
	if err != nil {
		t.Fatal(err)
	}
	if lines[0].Counts.Sum() != 2 || lines[0].Counts[document.NotStarted] != 2 || lines[0].Overdue != 1 {
		t.Errorf("counts %v, %d overdue", lines[0].Counts, lines[0].Overdue)
	}
}

func TestCampaign(t *testing.T) {
	d := newDesk(t)
	c, err := d.db.Store.Campaign(context.Background(), everything, "bc-2026q4")
	if err != nil {
		t.Fatal(err)
	}
	if c.RosterOverall != 2 || c.StartedSoFar != 0 || c.StartedAt != nil || len(c.Ladder) == 0 || c.FormTitle == "" {
		t.Errorf("%+v", c)
	}
	if c.WindowTo != plan().Window.To || c.Due != plan().Due {
		t.Errorf("window to %s, due %+v", c.WindowTo, c.Due)
	}
	d.record()
	own := staff.Scope{Units: []string{"SYT"}}
	c, err = d.db.Store.Campaign(context.Background(), own, "bc-2026q4")
	if err != nil || c.StartedSoFar != 1 || c.StartedAt != nil {
		t.Errorf("after one run: %d started, %v, %v", c.StartedSoFar, c.StartedAt, err)
	}
	if err := d.db.Store.MarkCampaignStarted(context.Background(), "bc-2026q4"); err != nil {
		t.Fatal(err)
	}
	if c, err = d.db.Store.Campaign(context.Background(), own, "bc-2026q4"); err != nil || c.StartedAt == nil {
		t.Errorf("after all runs: %v, %v", c.StartedAt, err)
	}
	if _, err := d.db.Store.Campaign(context.Background(), staff.Scope{Units: []string{"SXD"}}, "bc-2026q4"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("outside the scope: %v", err)
	}
}

// The simulation reaches exactly whom the launch writes notices for.
func TestSimulationIsWhatTheLaunchSends(t *testing.T) {
	d := newDesk(t)
	both := d.person("focal", staff.FocalOfficer, "STC")
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'STC', 'specialist')`, both.Person)
	invited := d.person("invited", staff.Specialist, "SYT")
	d.exec(`update persons set state = 'invited' where id = $1`, invited.Person)
	unreachable := d.person("unreachable", staff.Specialist, "SYT")
	d.exec(`update persons set state = 'invited', mail = '' where id = $1`, unreachable.Person)
	next := plan("STC", "SYT", "SXD")
	next.Code, next.Period = "bc-2027q1", "2027q1"
	held, err := d.db.Store.Staffing(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := d.db.Store.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	simulated := next.Simulate(held, "SNV", calendar, time.Now())
	if _, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, next); err != nil {
		t.Fatal(err)
	}
	sent := d.count(`select count(*) from notices where document_id like 'bc-2027q1-%' and person_id is not null`)
	if simulated.Launch != sent {
		t.Errorf("%d simulated, %d sent", simulated.Launch, sent)
	}
	if reached := d.count(`select count(distinct document_id) from notices where document_id like 'bc-2027q1-%' and person_id is not null`); simulated.Reached != reached {
		t.Errorf("%d units simulated, %d reached", simulated.Reached, reached)
	}
}

func TestWhatALaunchIsSuggestedFrom(t *testing.T) {
	d := newDesk(t)
	launched, err := d.db.Store.LaunchedCampaigns(context.Background())
	if err != nil || len(launched) != 1 || launched[0].Period != "2026q4" || launched[0].Form != "bc-cchc-quy" {
		t.Errorf("launched %+v, %v", launched, err)
	}
	forms, err := d.db.Store.PublishedForms(context.Background())
	if err != nil || len(forms) == 0 || forms[0].Title == "" {
		t.Errorf("forms %+v, %v", forms, err)
	}
	units, err := d.db.Store.RosterUnits(context.Background(), "bc-2026q4")
	if err != nil || len(units) != 2 {
		t.Errorf("roster %v, %v", units, err)
	}
	marks, err := d.db.Store.Holidays(context.Background())
	if err != nil || len(marks) == 0 || marks[0].Certainty == "" || marks[0].Date > marks[len(marks)-1].Date {
		t.Errorf("%d holidays, %v", len(marks), err)
	}
}
