package storage_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	rules "cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// stopped lays down a confirmed outage and returns its id.
func (d *desk) stopped(from, to time.Time) int64 {
	d.t.Helper()
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, confirmed_by, opened_at, rung_at)
		select gen_random_uuid(), 'outage', 'hand', $1, $2, max(id), clock_timestamp(), $3, $1, $1 from outage_rules returning id`
	var id int64
	var ended *time.Time
	if !to.IsZero() {
		ended = &to
	}
	if err := d.db.Owner.QueryRow(add, from, ended, d.people[staff.Officer].Person).Scan(&id); err != nil {
		d.t.Fatal(err)
	}
	return id
}

func (d *desk) deadlines(id int64) storage.OutageDeadlines {
	d.t.Helper()
	found, err := d.db.Store.OutageDeadlines(context.Background(), staff.Scope{All: true}, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return found
}

// June 2027: the 29th and 30th are a Tuesday and a Wednesday.
var (
	outageFrom = calendar.Date(2027, 6, 29).At(8 * 60)
	outageTo   = calendar.Date(2027, 6, 30).At(18 * 60)
	juneDue    = calendar.Date(2027, 7, 1).Start() // 24:00 of the 30th
)

// struckDesk is a campaign that was due on the outage's last day: STC has signed a day
// late, SYT is drafting, SXD was given more time since, SNNMT need not report.
func struckDesk(t *testing.T) (*desk, int64) {
	t.Helper()
	d := newDesk(t)
	p := plan("STC", "SYT", "SXD", "SNNMT")
	p.Code = "bc-su-co"
	d.launch(p)
	d.id = "bc-su-co-STC"
	d.fill()
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.exec(`update campaigns set due_at = $1, due_day = '2027-07-01' where code = 'bc-su-co'`, juneDue)
	d.exec(`update documents set unit_due_at = $1, due_at = $1 where campaign = 'bc-su-co'`, juneDue)
	d.exec(`update documents set first_signed_at = $1, due_at = '2028-01-03' where id = 'bc-su-co-STC'`, juneDue.Add(20*time.Hour))
	d.exec(`update documents set extended_at = $1 where id = 'bc-su-co-SXD'`, outageTo)
	d.exec(`update documents set stage = 'exempt', closed_at = now() where id = 'bc-su-co-SNNMT'`)
	return d, d.stopped(outageFrom, outageTo)
}

// answers are an officer's to the groups: all of each, as proposed.
func answers(found storage.OutageDeadlines, tried bool, kinds ...storage.DeadlineKind) []storage.DeadlineAnswer {
	var all []storage.DeadlineAnswer
	for _, g := range found.Groups {
		for _, kind := range kinds {
			if g.Kind == kind && !g.Extended {
				all = append(all, storage.DeadlineAnswer{Kind: kind, Campaign: g.Campaign, Due: g.Due, Until: g.Until, Tried: tried, Field: "until"})
			}
		}
	}
	return all
}

func (d *desk) extendAll(id int64, all []storage.DeadlineAnswer) (storage.NewOutageBatch, error) {
	d.t.Helper()
	n := storage.NewOutageBatch{Key: uuid.New(), Outage: id, Actor: d.people[staff.Officer], Reason: "Phần mềm ngừng hoạt động", Answers: all}
	if err := d.db.Store.AddOutageBatch(context.Background(), n); err != nil {
		return n, err
	}
	return n, d.db.Store.AnswerOutageBatch(context.Background(), n.Key)
}

// recordAll has every waiting decision answered.
func (d *desk) recordAll(batch uuid.UUID) {
	d.t.Helper()
	ctx := context.Background()
	wakes, err := d.db.Store.OutageWakes(ctx, batch)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, wake := range wakes {
		if _, err := d.db.Store.RecordDecisions(ctx, wake.Document, time.Time{}, "run-1"); err != nil {
			d.t.Fatal(err)
		}
	}
}

// What the outage touched is proposed by its rule, extended by one click, and followed
// by due, campaign, punctuality, history and notices; then nothing is left to propose.
func TestDeadlinesFollowAnOutage(t *testing.T) {
	d, id := struckDesk(t)
	found := d.deadlines(id)
	want := map[storage.DeadlineKind]int{storage.DeadlineDocuments: 2, storage.DeadlineSigned: 1}
	for _, g := range found.Groups {
		want[g.Kind]--
		// Two lost days of the last three are given back after the deadline.
		if g.Documents != 1 || g.Until.String() != "2027-07-02" || g.Given != 2 || g.Own != (g.Kind == storage.DeadlineDocuments) {
			t.Errorf("%+v", g)
		}
	}
	if len(found.Groups) != 3 || want[storage.DeadlineDocuments] != 0 || want[storage.DeadlineSigned] != 0 {
		t.Fatalf("%+v", found.Groups)
	}
	if d.text(`select punctuality from documents where id = 'bc-su-co-STC'`) != "late" {
		t.Fatal("STC is not late")
	}
	n, err := d.extendAll(id, answers(found, false, storage.DeadlineDocuments, storage.DeadlineSigned))
	if err != nil {
		t.Fatal(err)
	}
	d.recordAll(n.Key)
	given := calendar.Date(2027, 7, 3).Start()
	for what, check := range map[string]struct {
		want  int
		query string
	}{
		"SYT has more time":            {1, `select count(*) from documents where id = 'bc-su-co-SYT' and due_at = $1 and unit_due_at = $1`},
		"its task too":                 {1, `select count(*) from tasks where document_id = 'bc-su-co-SYT' and closed_at is null and due_at = $1`},
		"STC was on time":              {1, `select count(*) from documents where id = 'bc-su-co-STC' and punctuality = 'on_time' and unit_due_at = $1`},
		"the authority keeps its own":  {1, `select count(*) from documents where id = 'bc-su-co-STC' and due_at = '2028-01-03' and stage = 'authority_review' and closed_at is null and $1::timestamptz is not null`},
		"SXD was left to its own":      {1, `select count(*) from documents where id = 'bc-su-co-SXD' and due_at < $1`},
		"the campaign's due":           {1, `select count(*) from campaigns where code = 'bc-su-co' and due_at = $1 and due_day = '2027-07-03' and due_rule is null`},
		"history says why":             {2, `select count(*) from history where event in ('extend', 'excuse') and detail ? 'outage' and (detail ->> 'due')::bigint = extract(epoch from $1::timestamptz)`},
		"units are told":               {2, `select count(distinct document_id) from notices where kind in ('extended', 'excused') and $1::timestamptz is not null`},
		"all units will be told":       {1, `select count(*) from outage_notices where kind = 'deadlines' and paragraphs::text like '%dời đến%' and paragraphs::text like '%được tính theo hạn%' and $1::timestamptz is not null`},
		"the batch is carried through": {1, `select count(*) from outage_batches where done_at is not null and $1::timestamptz is not null`},
	} {
		if got := d.count(check.query, given); got != check.want {
			t.Errorf("%s: %d, want %d", what, got, check.want)
		}
	}
	if left := d.deadlines(id).Groups; len(left) != 1 || !left[0].Extended {
		t.Errorf("proposed again: %+v", left)
	}
	grants, err := d.db.Store.OutageGrants(context.Background(), id)
	if err != nil || len(grants) != 2 || !grants[0].Whole || grants[1].Kind != storage.DeadlineSigned {
		t.Errorf("%+v, %v", grants, err)
	}
	if batches, err := d.db.Store.OutageBatches(context.Background(), id); err != nil || len(batches) != 1 || batches[0].Done != 2 || batches[0].Waiting() != 0 {
		t.Errorf("%+v, %v", batches, err)
	}
	// The same click again changes nothing.
	if err := d.db.Store.AddOutageBatch(context.Background(), n); err != nil || d.count(`select count(*) from outage_batch_items`) != 3 {
		t.Errorf("the click again: %v", err)
	}
}

// What is closed stays closed, with the instant at which it was; only its class changes.
func TestAClosedDocumentIsExcused(t *testing.T) {
	d, id := struckDesk(t)
	d.must(staff.Officer, document.Confirm, document.Approved)
	closed := d.text(`select closed_at::text from documents where id = $1`, d.id)
	n, err := d.extendAll(id, answers(d.deadlines(id), false, storage.DeadlineSigned))
	if err != nil {
		t.Fatal(err)
	}
	d.recordAll(n.Key)
	if got := d.text(`select stage || punctuality || closed_at::text from documents where id = $1`, d.id); got != "approvedon_time"+closed {
		t.Errorf("%s, want approvedon_time%s", got, closed)
	}
	if d.count(`select coalesce(sum(n), 0) from document_tallies where campaign = 'bc-su-co' and punctuality = 'late'`) != 0 {
		t.Error("sums still count it as late")
	}
}

// A deadline that somebody moves between the click and its carrying out is left alone.
func TestAMovedDeadlineIsLeftAlone(t *testing.T) {
	d, id := struckDesk(t)
	ctx := context.Background()
	n := storage.NewOutageBatch{
		Key: uuid.New(), Outage: id, Actor: d.people[staff.Officer], Reason: "Sự cố", Answers: answers(d.deadlines(id), false, storage.DeadlineDocuments),
	}
	if err := d.db.Store.AddOutageBatch(ctx, n); err != nil {
		t.Fatal(err)
	}
	d.exec(`update documents set due_at = due_at + interval '30 days', unit_due_at = unit_due_at + interval '30 days' where id = 'bc-su-co-SYT'`)
	d.exec(`update outage_batches set made_at = made_at - interval '1 minute'`)
	if keys, err := d.db.Store.UndoneOutageBatches(ctx); err != nil || len(keys) != 1 || keys[0] != n.Key {
		t.Errorf("undone: %v, %v", keys, err)
	}
	for range 2 { // carried out once, however often it is tried
		if err := d.db.Store.AnswerOutageBatch(ctx, n.Key); err != nil {
			t.Fatal(err)
		}
	}
	refused, err := d.db.Store.RefusedDeadlines(ctx, id)
	if err != nil || len(refused) != 1 || !refused[0].Broken.Has(storage.DueMovedMeanwhile) || refused[0].Document != "bc-su-co-SYT" {
		t.Errorf("%+v, %v", refused, err)
	}
	if d.count(`select count(*) from decisions where action = 'extend'`) != 0 {
		t.Error("a decision was added")
	}
}

// Two officers who decide at the same moment do not extend the same deadlines twice.
func TestTwoOfficersExtendOnce(t *testing.T) {
	d, id := struckDesk(t)
	all := answers(d.deadlines(id), false, storage.DeadlineDocuments)
	errs := make(chan error)
	for range 4 {
		go func() {
			errs <- d.db.Store.AddOutageBatch(context.Background(), storage.NewOutageBatch{
				Key: uuid.New(), Outage: id, Actor: d.people[staff.Officer], Reason: "Sự cố", Answers: all,
			})
		}()
	}
	for range 4 {
		if err := <-errs; err != nil && !hasRule(err, storage.DueMovedMeanwhile) {
			t.Error(err)
		}
	}
	if n := d.count(`select count(*) from outage_batch_items where kind = 'documents'`); n != 1 {
		t.Errorf("%d items, want 1", n)
	}
}

func TestOutageBatchIsChecked(t *testing.T) {
	d, id := struckDesk(t)
	good := answers(d.deadlines(id), false, storage.DeadlineDocuments)
	for _, row := range []struct {
		why   string
		code  rule.Code
		spoil func(*storage.NewOutageBatch)
	}{
		{"not an officer", document.NotYourRole, func(n *storage.NewOutageBatch) { n.Actor = d.people[staff.Director] }},
		{"no reason", document.ReasonMissing, func(n *storage.NewOutageBatch) { n.Reason = " " }},
		{"nothing chosen", storage.DeadlinesMissing, func(n *storage.NewOutageBatch) { n.Answers = nil }},
		{"nobody tried", storage.DeadlinesMissing, func(n *storage.NewOutageBatch) { n.Answers[0].Tried = true }},
		{"no later day", document.ExtensionNotLater, func(n *storage.NewOutageBatch) { n.Answers[0].Until = calendar.Date(2027, 6, 30) }},
		{"a slip of the hand", document.ExtensionTooFar, func(n *storage.NewOutageBatch) { n.Answers[0].Until = calendar.Date(2072, 7, 2) }},
		{"another due", storage.DueMovedMeanwhile, func(n *storage.NewOutageBatch) { n.Answers[0].Due = juneDue.AddDate(0, 0, 1) }},
	} {
		n := storage.NewOutageBatch{Key: uuid.New(), Outage: id, Actor: d.people[staff.Officer], Reason: "Sự cố", Answers: append([]storage.DeadlineAnswer(nil), good...)}
		row.spoil(&n)
		if err := d.db.Store.AddOutageBatch(context.Background(), n); !hasRule(err, row.code) {
			t.Errorf("%s: %v", row.why, err)
		}
	}
	d.exec(`update outages set confirmed_at = null, confirmed_by = null`)
	if _, err := d.extendAll(id, good); !hasRule(err, storage.OutageUnconfirmed) {
		t.Errorf("unconfirmed: %v", err)
	}
	if d.count(`select count(*) from outage_batches`) != 0 {
		t.Error("a batch was kept")
	}
}

// Tasks of living plans get more time too, and keep it when the plan's rows are made
// anew; another deadline in the plan ends it.
func TestTasksFollowAnOutage(t *testing.T) {
	d := livingPlan(t)
	id := d.stopped(outageFrom, outageTo)
	n, err := d.extendAll(id, answers(d.deadlines(id), false, storage.DeadlineTasks))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		p := d.tracking()
		if p.Tasks[0].LastDay.String() != "2027-07-02" || !p.Tasks[0].Given || p.Tasks[1].LastDay.String() != "2027-07-02" || p.Tasks[2].LastDay != nil {
			t.Fatalf("%+v", p.Tasks)
		}
		if end := *p.Tasks[0].EndsAt; !end.Equal(calendar.Date(2027, 7, 3).Start()) {
			t.Errorf("ends %v", end)
		}
		d.track(time.Time{})
	}
	if d.count(`select count(*) from history where event = 'tasks_extended'`) != 1 || d.count(`select count(*) from notices where kind = 'tasks_extended'`) == 0 {
		t.Error("nobody is told")
	}
	if len(d.deadlines(id).Groups) != 0 {
		t.Errorf("proposed again: %+v", d.deadlines(id).Groups)
	}
	if batches, err := d.db.Store.OutageBatches(context.Background(), id); err != nil || batches[0].Key != n.Key || batches[0].Done != 1 {
		t.Errorf("%+v, %v", batches, err)
	}
	d.exec(`update revisions set content = jsonb_set(content, '{tasks,0,deadline}', '"2027-08-31"') where document_id = $1`, d.id)
	d.track(time.Time{})
	if p := d.tracking(); p.Tasks[0].LastDay.String() != "2027-08-31" || p.Tasks[0].Given || p.Tasks[0].Status != rules.NotStarted || !p.Tasks[1].Given {
		t.Errorf("%+v", p.Tasks)
	}
}

// Days that a confirmed outage took are days of delay nowhere; one that nobody has
// confirmed changes nothing.
func TestClocksStandStill(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	days, err := d.db.Store.Calendar(ctx)
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(time.Now())
	lost := days.AddWorkingDays(today, -2)
	id := d.stopped(lost.At(8*60), lost.At(20*60))
	d.exec(`update outages set confirmed_at = null, confirmed_by = null`)
	from := days.AddWorkingDays(today, -5)
	held := func() int {
		t.Helper()
		now, err := d.db.Store.Calendar(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return now.WorkingDaysHeld(from.At(10*60), today.At(10*60))
	}
	whole := days.WorkingDaysHeld(from.At(10*60), today.At(10*60))
	if held() != whole {
		t.Errorf("unconfirmed: %d, want %d", held(), whole)
	}
	d.exec(`update outages set confirmed_at = clock_timestamp() where id = $1`, id)
	if held() != whole-1 {
		t.Errorf("confirmed: %d, want %d", held(), whole-1)
	}
	d.stopped(lost.Add(-1).At(0), time.Time{}) // another that goes on: no future day is lost yet
	now, err := d.db.Store.Calendar(ctx)
	if err != nil || len(now.DaysStill(today, today.Add(30))) != 0 {
		t.Errorf("days ahead stand still: %v, %v", now.DaysStill(today, today.Add(30)), err)
	}
}

// The authority's own time to confirm follows as well: its due moves, and how the unit
// stood to its own stays.
func TestTheAuthoritysDueFollowsAnOutage(t *testing.T) {
	d, id := struckDesk(t)
	d.exec(`update documents set due_at = $1, unit_due_at = '2027-05-01', desk_since = $2, first_signed_at = '2027-04-01' where id = 'bc-su-co-STC'`, juneDue, outageFrom.AddDate(0, 0, -4))
	found := d.deadlines(id)
	n, err := d.extendAll(id, answers(found, false, storage.DeadlineReviews))
	if err != nil {
		t.Fatal(err)
	}
	d.recordAll(n.Key)
	given := calendar.Date(2027, 7, 3).Start()
	for what, query := range map[string]string{
		"the due of the desk alone": `select count(*) from documents where id = 'bc-su-co-STC' and due_at = $1 and unit_due_at = '2027-05-01' and extended_at is null and stage = 'authority_review' and punctuality = 'on_time'`,
		"its task":                  `select count(*) from tasks where document_id = 'bc-su-co-STC' and closed_at is null and due_at = $1`,
		"history says why":          `select count(*) from history where event = 'prolong' and detail ? 'outage' and (detail ->> 'due')::bigint = extract(epoch from $1::timestamptz)`,
		"all units will be told":    `select count(*) from outage_notices where kind = 'deadlines' and paragraphs::text like '%hạn Sở Nội vụ xác nhận%' and $1::timestamptz is not null`,
	} {
		if d.count(query, given) != 1 {
			t.Error(what)
		}
	}
	for _, g := range d.deadlines(id).Groups {
		if g.Kind == storage.DeadlineReviews {
			t.Errorf("proposed again: %+v", g)
		}
	}
	if given, err := d.db.Store.OutageGiven(context.Background(), staff.Scope{All: true}, "bc-su-co"); err != nil || given != (storage.OutageGiven{}) {
		t.Errorf("a unit was given time: %+v, %v", given, err)
	}
}

// What came to the authority after the outage has lost nothing by it.
func TestWhatCameAfterTheOutageIsLeftAlone(t *testing.T) {
	d, id := struckDesk(t)
	d.exec(`update documents set due_at = $1, desk_since = $2 where id = 'bc-su-co-STC'`, juneDue, outageTo.AddDate(0, 0, 1))
	for _, g := range d.deadlines(id).Groups {
		if g.Kind == storage.DeadlineReviews {
			t.Errorf("%+v", g)
		}
	}
}

// The round of an appraisal gets more time, keeps it when the schedule changes, and its
// unit is told; the next round owes the outage nothing.
func TestAppraisalsFollowAnOutage(t *testing.T) {
	b := disputed(t)
	due := *b.view(b.people[staff.Officer]).DueAt
	last := calendar.DayOf(due.Add(-time.Nanosecond))
	id := b.stopped(last.At(8*60), last.At(17*60))
	found := b.deadlines(id)
	all := answers(found, false, storage.DeadlineAppraisals)
	if len(all) != 1 || !all[0].Due.Equal(due) || all[0].Until <= last {
		t.Fatalf("%+v", found.Groups)
	}
	if _, err := b.extendAll(id, all); err != nil {
		t.Fatal(err)
	}
	if state := b.track(); !state.DueAt.Equal(all[0].Until.Add(1).Start()) {
		t.Errorf("due %v, want the end of %v", state.DueAt, all[0].Until)
	}
	for what, query := range map[string]string{
		"the step says why":      `select count(*) from appraisal_steps where action = 'extend' and detail ? 'outage' and reason = 'Phần mềm ngừng hoạt động'`,
		"all units will be told": `select count(*) from outage_notices where kind = 'deadlines' and paragraphs::text like '%vòng thẩm định, giải trình%'`,
		"the item is carried":    `select count(*) from outage_batch_items where kind = 'appraisals' and outcome = 'taken'`,
	} {
		if b.count(query) != 1 {
			t.Error(what)
		}
	}
	if n := b.count(`select count(*) from notices where kind = 'appraisal_explain_more'`); n != 3 {
		t.Errorf("%d people of the unit were told", n)
	}
	if left := answers(b.deadlines(id), false, storage.DeadlineAppraisals); len(left) != 0 {
		t.Errorf("proposed again: %+v", left)
	}
	if given, err := b.db.Store.OutageGiven(context.Background(), staff.Scope{All: true}, "cs-2026y"); err != nil || given.Rounds != 1 || given.Documents != 0 {
		t.Errorf("%+v, %v", given, err)
	}
}

// A round whose end somebody moves between the click and its carrying out is left alone.
func TestAMovedRoundIsLeftAlone(t *testing.T) {
	b := disputed(t)
	ctx := context.Background()
	due := *b.view(b.people[staff.Officer]).DueAt
	last := calendar.DayOf(due.Add(-time.Nanosecond))
	id := b.stopped(last.At(8*60), last.At(17*60))
	n := storage.NewOutageBatch{
		Key: uuid.New(), Outage: id, Actor: b.people[staff.Officer], Reason: "Sự cố", Answers: answers(b.deadlines(id), false, storage.DeadlineAppraisals),
	}
	if err := b.db.Store.AddOutageBatch(ctx, n); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Store.ExtendAppraisal(ctx, uuid.New(), b.id, due.AddDate(0, 1, 0), "Bão", b.people[staff.Officer]); err != nil {
		t.Fatal(err)
	}
	if err := b.db.Store.AnswerOutageBatch(ctx, n.Key); err != nil {
		t.Fatal(err)
	}
	refused, err := b.db.Store.RefusedDeadlines(ctx, id)
	if err != nil || len(refused) != 1 || !refused[0].Broken.Has(storage.DueMovedMeanwhile) {
		t.Errorf("%+v, %v", refused, err)
	}
}
