package storage_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
)

// ruled is a campaign whose due follows from the rule of its period: the first month
// from next year on whose window ends on a Monday to Wednesday without a marked day
// in the two weeks around, so that a holiday right after the window moves its due.
func (d *desk) ruled(code string, units ...string) (campaign.Plan, calendar.Day) {
	d.t.Helper()
	ctx := context.Background()
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	rules, err := d.db.Store.PeriodRules(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	year := time.Now().Year() + 1
	for number := 1; number <= 12; number++ {
		p := period.Period{Kind: period.Month, Year: year, Number: number}
		r, _ := rules.For(p)
		window := r.Window(p)
		holiday := window.To + 1
		due, _ := r.Suggest(p, window, days)
		if due.Day != window.To+3 || !days.IsWorkingDay(holiday) {
			continue
		}
		plan := plan(units...)
		plan.Code, plan.Period, plan.Window, plan.Due = code, p.Code(), window, due
		return plan, holiday
	}
	d.t.Fatal("no month fits")
	return campaign.Plan{}, 0
}

func (d *desk) launch(p campaign.Plan) {
	d.t.Helper()
	if _, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, p); err != nil {
		d.t.Fatal(err)
	}
}

func off(day calendar.Day) calendar.Change {
	return calendar.Change{Put: []calendar.Mark{{Date: day, Kind: calendar.Holiday, Name: "Nghỉ thêm", Certainty: calendar.Expected}}}
}

func (d *desk) edit(version int, change calendar.Change) storage.CalendarEdit {
	officer := d.people[staff.Officer]
	return storage.CalendarEdit{Key: uuid.New(), Version: version, Change: change, Actor: officer, Audit: storage.Audit{Person: officer.Person}}
}

// What follows from rules moves: campaign, documents, tasks, with history, notices,
// audit and a workflow that is woken. What somebody decided, and what is closed,
// stays. Saving does what the preview said.
func TestChangedCalendarMovesDues(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	p, holiday := d.ruled("bc-thang", "STC", "SYT", "SXD", "SNNMT")
	d.launch(p)
	d.exec(`update documents set unit_due_at = unit_due_at + interval '9 days', due_at = due_at + interval '9 days', extended_at = now() where id = 'bc-thang-SYT'`)
	d.exec(`update documents set stage = 'approved', closed_at = now(), first_signed_at = now() where id = 'bc-thang-SXD'`)
	d.exec(`update documents set wake_at = now() + interval '1 year'`)
	before := d.text(`select due_at::text || unit_due_at::text || punctuality from documents where id = 'bc-thang-SXD'`)

	effect, err := d.db.Store.PreviewCalendar(ctx, off(holiday))
	if err != nil {
		t.Fatal(err)
	}
	campaigns, documents := effect.Moves()
	if campaigns != 1 || documents != 2 || effect.Version != 0 {
		t.Fatalf("%d campaigns and %d documents would move", campaigns, documents)
	}
	for _, c := range effect.Campaigns {
		if c.Code != "bc-thang" {
			if !c.From.Equal(c.To) || c.ByRule {
				t.Errorf("%s, set by hand, would move", c.Code)
			}
			continue
		}
		if !c.ByRule || c.Open != 3 || c.Kept[campaign.KeptExtended] != 1 || len(c.Rungs) == 0 || !c.To.Equal(c.From.Add(24*time.Hour)) {
			t.Errorf("%+v", c)
		}
	}
	if n := d.number(`select count(*) from history where event = 'due_moved'`); n != 0 {
		t.Errorf("the preview wrote %d lines", n)
	}

	e := d.edit(0, off(holiday))
	for range 2 { // a double click
		if err := d.db.Store.ChangeCalendar(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	to := p.Due.Day.At(1440)
	for query, want := range map[string]int{
		`select count(*) from campaigns where code = 'bc-thang' and due_at = $1 and due_day = ($1 at time zone 'Asia/Ho_Chi_Minh')::date`:                            1,
		`select count(*) from documents d join tasks k on k.document_id = d.id and k.closed_at is null where d.unit_due_at = $1 and d.due_at = $1 and k.due_at = $1`: 2,
		`select count(*) from documents where wake_at < now() - interval '1 minute' and due_at = $1`:                                                                 2,
		`select count(*) from documents where due_at <> $1 and extended_at is not null`:                                                                              1,
		`select count(*) from history where event = 'due_moved' and (detail ->> 'due')::bigint = extract(epoch from $1::timestamptz)`:                                2,
		`select count(distinct document_id || role) from notices where kind = 'due_moved' and created_at < $1`:                                                       4,
		`select count(*) from calendar_changes where campaigns = 1 and documents = 2 and at < $1`:                                                                    1,
		`select count(*) from audit where action = 'calendar_changed' and at < $1`:                                                                                   1,
	} {
		if got := d.number(query, to); got != want {
			t.Errorf("%d, want %d: %s", got, want, query)
		}
	}
	if after := d.text(`select due_at::text || unit_due_at::text || punctuality from documents where id = 'bc-thang-SXD'`); after != before {
		t.Errorf("what is closed has changed: %s, was %s", after, before)
	}
	state, err := d.db.Store.RecordDecisions(ctx, "bc-thang-STC", time.Time{}, "run-1")
	if err != nil || !state.DueAt.Equal(to) {
		t.Errorf("the workflow is told %s, %v", state.DueAt, err)
	}

	// The calendar has gone on: an edit of the one before is refused, and taken back
	// everything stands as it did.
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(0, off(holiday+1))); !brokenAs(err, storage.CalendarChanged) {
		t.Errorf("an edit of an old calendar: %v", err)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(1, calendar.Change{Remove: []calendar.Day{holiday}})); err != nil {
		t.Fatal(err)
	}
	if n := d.number(`select count(*) from documents d join campaigns c on c.code = d.campaign where c.code = 'bc-thang' and d.closed_at is null and d.due_at = $1 and c.due_at = $1`, to.AddDate(0, 0, -1)); n != 2 {
		t.Errorf("%d documents stand as before", n)
	}
	changes, err := d.db.Store.CalendarChanges(ctx, 10)
	if err != nil || len(changes) != 2 || changes[1].Change.Put[0].Date != holiday {
		t.Errorf("%+v, %v", changes, err)
	}
}

// A swap, and the notice that orders it, are kept as they were entered.
func TestMarksKeepTheirNotice(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	next := time.Now().Year() + 2
	offDay, work := calendar.Date(next, 8, 3), calendar.Date(next, 8, 3)
	for !(calendar.Calendar{}).IsWorkingDay(offDay) {
		offDay++
	}
	for (calendar.Calendar{}).IsWorkingDay(work) {
		work++
	}
	notice := calendar.Date(next-1, 11, 20)
	change := calendar.Change{Put: calendar.Swap(calendar.Mark{Name: "Hoán đổi", Certainty: calendar.Official, LegalNumber: "9441/TB-BNV", LegalDate: &notice}, offDay, work)}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(0, change)); err != nil {
		t.Fatal(err)
	}
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	mark, _ := days.Mark(offDay)
	if mark.Pair == nil || *mark.Pair != work || mark.LegalNumber != "9441/TB-BNV" || mark.LegalDate == nil || *mark.LegalDate != notice {
		t.Errorf("%+v", mark)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(1, days.Removal(work))); err != nil {
		t.Fatal(err)
	}
	if n := d.number(`select count(*) from holidays where legal_number = '9441/TB-BNV'`); n != 0 {
		t.Errorf("%d of the pair stay", n)
	}
}

// Two officers edit what they both saw: one edit is taken. What is wrong with an
// edit is said before anything is written.
func TestTwoEditsOfOneCalendar(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	year := time.Now().Year() + 2
	var work sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		work.Go(func() {
			errs[i] = d.db.Store.ChangeCalendar(ctx, d.edit(0, off(calendar.Date(year, 3, 1+i))))
		})
	}
	work.Wait()
	taken := 0
	for _, err := range errs {
		switch {
		case err == nil:
			taken++
		case !brokenAs(err, storage.CalendarChanged):
			t.Error(err)
		}
	}
	if n := d.number(`select count(*) from holidays where name = 'Nghỉ thêm'`); taken != 1 || n != 1 {
		t.Errorf("%d edits taken, %d days marked", taken, n)
	}
	past := off(calendar.DayOf(time.Now()) - 7)
	for !(calendar.Calendar{}).IsWorkingDay(past.Put[0].Date) {
		past.Put[0].Date--
	}
	if _, err := d.db.Store.PreviewCalendar(ctx, past); !brokenAs(err, calendar.DayPast) {
		t.Errorf("a past day: %v", err)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(1, past)); !brokenAs(err, calendar.DayPast) {
		t.Errorf("a past day is saved: %v", err)
	}
}

// Days that a returned document has, and the authority's own due, are working days
// of the new calendar.
func TestDesksOwnDuesFollowTheCalendar(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	day := days.AddWorkingDays(calendar.DayOf(time.Now()), 1)
	version := 0
	for _, role := range []string{"officer", "specialist"} {
		if role == "specialist" {
			d.exec(`update documents set unit_due_at = now() - interval '1 day'`) // the days to resubmit count
			d.must(staff.Officer, document.Return, document.Drafting)
		}
		was := d.text(`select due_at::date::text from documents where id = $1`, d.id)
		if err := d.db.Store.ChangeCalendar(ctx, d.edit(version, off(day))); err != nil {
			t.Fatal(err)
		}
		version++
		if now := d.text(`select due_at::date::text from documents where id = $1`, d.id); now <= was {
			t.Errorf("the %s's due was %s and is %s", role, was, now)
		}
		if err := d.db.Store.ChangeCalendar(ctx, d.edit(version, calendar.Change{Remove: []calendar.Day{day}})); err != nil {
			t.Fatal(err)
		}
		version++
		if now := d.text(`select due_at::date::text from documents where id = $1`, d.id); now != was {
			t.Errorf("taken back the %s's due is %s, was %s", role, now, was)
		}
	}
}

// A whole city: 4,000 open documents move in seconds.
func TestChangedCalendarAtSize(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	const size = 4000
	d.exec(`insert into units (code, abbreviation, name, name_key, unit_group, agency, signer_capacity, symbol, place, valid_from)
		select 'W' || n, 'W' || n, 'Phường ' || n, 'phuong ' || n, 'ward', 'x', 'x', 'x', 'x', '2020-01-01' from generate_series(1, $1) n`, size)
	units := make([]string, size)
	for i := range units {
		units[i] = fmt.Sprintf("W%d", i+1)
	}
	p, holiday := d.ruled("bc-thang", units...)
	d.launch(p)
	began := time.Now()
	effect, err := d.db.Store.PreviewCalendar(ctx, off(holiday))
	if err != nil {
		t.Fatal(err)
	}
	preview := time.Since(began)
	began = time.Now()
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(effect.Version, off(holiday))); err != nil {
		t.Fatal(err)
	}
	saved := time.Since(began)
	t.Logf("preview %v, saved in %v", preview.Round(time.Millisecond), saved.Round(time.Millisecond))
	if n := d.number(`select count(*) from history where event = 'due_moved'`); n != size {
		t.Errorf("%d documents moved", n)
	}
	if saved > 20*time.Second {
		t.Errorf("4,000 documents took %v", saved)
	}
}

// The last days of a living plan's tasks move at once, with what is reckoned from
// them; its workflow is told to look (BLDS Đ148.5: a last day that is off gives way).
func TestChangedCalendarMovesTasksOfPlans(t *testing.T) {
	d := livingPlan(t)
	ctx := context.Background()
	last := calendar.Date(2027, time.June, 30)
	if err := d.db.Store.AddTaskEntry(ctx, d.entry(staff.DivisionHead, "b", resultOf("12/BC-STC", calendar.DayOf(time.Now())))); err != nil {
		t.Fatal(err)
	}
	d.exec(`update plan_trackings set wake_at = now() + interval '1 year'`)
	effect, err := d.db.Store.PreviewCalendar(ctx, off(last))
	if err != nil {
		t.Fatal(err)
	}
	if len(effect.Tasks) != 1 || effect.Tasks[0].Tasks != 1 || effect.Tasks[0].Plans != 1 || effect.Tasks[0].From != last || effect.Tasks[0].To != last+1 ||
		len(effect.Tasks[0].Listed) != 1 || effect.Tasks[0].Listed[0].Key != "a" || effect.Tasks[0].Listed[0].Document != d.id {
		t.Errorf("%+v", effect.Tasks) // b is completed, c names no day
	}
	if task := d.tracking().Tasks[0]; *task.LastDay != last {
		t.Errorf("the preview has moved it to %s", task.LastDay)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(0, off(last))); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{
		`select count(*) from plan_tasks where last_day = '2027-07-01' and ends_at = '2027-07-02 00:00+07'`: 2,
		`select count(*) from plan_trackings where wake_at < now()`:                                         1,
		`select count(*) from calendar_changes where tasks = 1 and proposals = 0`:                           1,
	} {
		if got := d.count(query); got != want {
			t.Errorf("%d, want %d: %s", got, want, query)
		}
	}
	d.track(time.Time{}) // the workflow reckons the same
	if task := d.tracking().Tasks[0]; *task.LastDay != last+1 {
		t.Errorf("its workflow has moved it to %s", task.LastDay)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(1, calendar.Change{Remove: []calendar.Day{last}})); err != nil {
		t.Fatal(err)
	}
	if task := d.tracking().Tasks[0]; *task.LastDay != last {
		t.Errorf("taken back, it stands at %s", task.LastDay)
	}
}

// The due of a campaign that is proposed follows its rule; one that was decided upon
// stays as it was.
func TestChangedCalendarMovesProposals(t *testing.T) {
	d, officer, _ := standing(t)
	d.people = map[staff.Role]staff.Actor{staff.Officer: officer}
	ctx := context.Background()
	if _, err := d.db.Store.ProposeCampaigns(ctx, "hang-thang"); err != nil {
		t.Fatal(err)
	}
	open, err := d.db.Store.OpenProposals(ctx)
	if err != nil || len(open) < 2 {
		t.Fatalf("%d proposals, %v", len(open), err)
	}
	one := open[len(open)-1]
	if err := d.db.Store.DismissProposal(ctx, open[0].ID, officer.Person, "Gộp vào báo cáo năm"); err != nil {
		t.Fatal(err)
	}
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	holiday := days.NextWorkingDay(one.WindowTo + 1)
	effect, err := d.db.Store.PreviewCalendar(ctx, off(holiday))
	if err != nil || len(effect.Proposals) != 1 || effect.Proposals[0].ID != one.ID || !effect.Proposals[0].From.Equal(one.DueAt) || !effect.Proposals[0].To.After(one.DueAt) {
		t.Fatalf("%+v, %v", effect.Proposals, err)
	}
	if err := d.db.Store.ChangeCalendar(ctx, d.edit(effect.Version, off(holiday))); err != nil {
		t.Fatal(err)
	}
	moved, err := d.db.Store.Proposal(ctx, one.ID)
	if err != nil || !moved.DueAt.Equal(effect.Proposals[0].To) {
		t.Errorf("it is due %s, %v", moved.DueAt, err)
	}
	if again, err := d.db.Store.ProposeCampaigns(ctx, "hang-thang"); err != nil || len(again) != 0 {
		t.Errorf("proposed again: %v, %v", again, err)
	}
	if n := d.count(`select count(*) from calendar_changes where proposals = 1`); n != 1 {
		t.Error("the edit does not tell of it")
	}
}

// The due of proposed plans is so many working days from the day of asking (QĐ 1439 Đ9):
// a day off among them moves it, long before the year begins.
func TestChangedCalendarMovesProposedPlans(t *testing.T) {
	d, officer, _ := standing(t)
	d.people = map[staff.Role]staff.Actor{staff.Officer: officer}
	ctx := context.Background()
	yearly := campaign.Series{
		Code: "ke-hoach", Name: "Kế hoạch CCHC", Form: "kh-cchc-nam", Period: period.Year, Groups: []string{"department"}, LeadDays: campaign.MaxLeadDays, Active: true,
	}
	if err := d.db.Store.AddSeries(ctx, uuid.New(), officer.Person, yearly); err != nil {
		t.Fatal(err)
	}
	d.exec(`update series set active_since = now() - interval '400 days' where code = 'ke-hoach'`)
	if _, err := d.db.Store.ProposeCampaigns(ctx, "ke-hoach"); err != nil {
		t.Fatal(err)
	}
	open, err := d.db.Store.OpenProposals(ctx)
	if err != nil || len(open) == 0 || !open[0].Plans {
		t.Fatalf("%+v, %v", open, err)
	}
	yearly.LeadDays = 1 // changed afterwards: what was proposed stands
	if err := d.db.Store.ChangeSeries(ctx, officer.Person, 1, yearly); err != nil {
		t.Fatal(err)
	}
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	effect, err := d.db.Store.PreviewCalendar(ctx, off(days.NextWorkingDay(calendar.DayOf(time.Now())+4)))
	if err != nil || len(effect.Proposals) != len(open) {
		t.Fatalf("%d proposals move of %d, %v", len(effect.Proposals), len(open), err)
	}
	for _, one := range effect.Proposals {
		if !one.To.After(one.From) {
			t.Errorf("%+v", one)
		}
	}
}
