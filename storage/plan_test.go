package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/outage"
	"cchc/domain/par"
	tasks "cchc/domain/plan"
	"cchc/domain/reminder"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/storage/storagetest/volume"
)

// growing are the tables that grow as long as the city reports.
var growing = []string{
	"documents", "decisions", "return_points", "point_answers", "handled", "history", "tasks", "notices", "mails", "revisions",
	"draft_sections", "draft_figures", "draft_files", "draft_tasks", "plan_imports", "document_numbers", "signing_attempts", "search_texts", "files", "audit",
	"document_tallies", "handled_tallies", "extension_requests", "extension_batches", "extension_batch_items",
	"draft_answers", "indicator_sums",
	"outage_events", "outage_words", "outage_reports", "heartbeat_gaps", // of outages themselves there are some a year
	"plan_trackings", "plan_tasks", "task_entries", "task_tallies", "plan_leads", "plan_adjustments", "adjusted_tasks", "adjustment_steps",
	"appraisals", "appraisal_fields", "index_scores", "appraisal_marks", "appraisal_steps", "draft_explanations", "explanation_files", "draft_marks",
	"failed_attempts", "outage_batch_items", "outage_batches",
	"index_sums", "survey_opinions", "survey_sums", "score_extras", "published_results",
}

// small are the indexes that hold open work alone, whatever has been done: they
// may be read from end to end.
var small = []string{
	"documents_wake", "documents_open", "documents_due", "documents_returned", "decisions_unanswered", "tasks_desk", "tasks_one_open",
	"mails_queue", "mails_failed", "notices_queue", "notices_lost", "notices_unread", "handled_open", "signing_one_open",
	"document_tallies_fresh", "handled_tallies_fresh", "task_tallies_fresh", "extension_requests_open", "extension_requests_one_open", "extension_batches_undone",
	"plan_adjustments_open", "plan_adjustments_one_open",
	"appraisals_wake", "appraisals_open", "appraisals_explaining", "appraisal_fields_queue", "appraisal_steps_one_late", "outage_batches_undone", "heartbeat_gaps_fresh",
	"appraisals_due", "extension_batch_items_failed", "outage_batch_items_failed",
}

// atSize are indexes where the planner may begin with few rows, because it takes
// filters that are not set for narrow ones: what it does at size is held by
// TestInboxAtSize, and by the plans that make bench writes.
var atSize = []string{"documents_pkey"}

// TestNoStatementReadsHistoryThrough runs what the pages, the decision road and
// the worker's own loops run, and asks for the plan of every statement that was
// prepared for it, one plan for all arguments, as the programs have it. Whatever
// could go by an index is made to: at this size reading a table through is often
// cheaper. A scan that is left then has no index to go by, and neither has a scan
// of an index without a condition.
func TestNoStatementReadsHistoryThrough(t *testing.T) {
	db := storagetest.Open(t)
	ctx := context.Background()
	if err := volume.Fill(ctx, db.Owner, volume.Size{Units: 50, Campaigns: 8, Full: 1}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Reindex(ctx, db.Owner); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Owner.Exec(`analyze`); err != nil {
		t.Fatal(err)
	}
	store, err := storage.Open(ctx, storage.Options{URL: db.URL, Files: t.TempDir(), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	if err := run(ctx, store, db); err != nil {
		t.Fatal(err)
	}
	conn, err := store.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	for _, setting := range []string{`set enable_seqscan = off`, `set enable_hashjoin = off`, `set enable_mergejoin = off`, `discard plans`} {
		if _, err := conn.ExecContext(ctx, setting); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := conn.QueryContext(ctx, `select name, statement, cardinality(parameter_types) from pg_prepared_statements order by name`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	type prepared struct {
		name, text string
		parameters int
	}
	var all []prepared
	for rows.Next() {
		var p prepared
		if err := rows.Scan(&p.name, &p.text, &p.parameters); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, p := range all {
		if !regexp.MustCompile(`(?is)^\s*(select|with|insert|update|delete)\b`).MatchString(p.text) {
			continue
		}
		nulls := strings.TrimSuffix(strings.Repeat("null, ", p.parameters), ", ")
		if p.parameters > 0 {
			nulls = "(" + nulls + ")"
		}
		var plan string
		if err := conn.QueryRowContext(ctx, fmt.Sprintf(`explain (format json) execute %q %s`, p.name, nulls)).Scan(&plan); err != nil {
			t.Fatalf("%v\n%s", err, p.text)
		}
		looked++
		for _, found := range through(t, plan) {
			t.Errorf("%s:\n%s", found, p.text)
		}
	}
	if looked < 60 {
		t.Errorf("only %d statements were looked at", looked)
	}
}

// run does what people and programs do, so that every statement of it is kept.
func run(ctx context.Context, store *storage.Store, db *storagetest.Database) error {
	find := func(query string) (text string) {
		_ = db.Owner.QueryRow(query).Scan(&text)
		return text
	}
	newest := find(`select code from campaigns order by due_at desc limit 1`)
	of := func(status string) string {
		return find(`select id from documents where campaign = '` + newest + `' and status = '` + status + `' order by revision desc, id limit 1`)
	}
	actor := func(username string) staff.Actor {
		var id int64
		_ = db.Owner.QueryRow(`select id from persons where username = $1`, username).Scan(&id)
		a, _ := store.Actor(ctx, id)
		return a
	}
	officer := actor(volume.Officer)
	draft, review, approved := of("drafting"), of("division_review"), of("approved")
	unit := draft[strings.LastIndexByte(draft, '-')+1:]
	head := actor(volume.Username(review[strings.LastIndexByte(review, '-')+1:], "division_head"))
	specialist := actor(volume.Username(unit, "specialist"))
	var errs []error
	check := func(_ any, err error) { errs = append(errs, err) }
	for _, who := range []staff.Actor{officer, specialist} {
		for _, tab := range storage.InboxTabs {
			check(store.Inbox(ctx, who, storage.InboxFilter{Tab: tab, Query: "tan", Due: storage.InboxOverdue}))
		}
		check(store.NextTask(ctx, who, storage.InboxFilter{}, draft))
		check(store.Waiting(ctx, who.Person))
		check(store.Search(ctx, who, storage.SearchQuery{Text: "thư xin lỗi"}))
		check(store.Search(ctx, who, storage.SearchQuery{Text: "12/BC"}))
		check(store.Search(ctx, who, storage.SearchQuery{Text: "thư xin lỗi", Status: document.InSigning}))
		check(store.Search(ctx, who, storage.SearchQuery{Text: "thư xin lỗi", Status: document.IsApproved}))
		check(store.Notices(ctx, who.Person, 1000, 50))
		check(store.UnreadNotices(ctx, who.Person))
	}
	for _, who := range []staff.Actor{officer, specialist} {
		check(store.Campaigns(ctx, who.Reads(), storage.CampaignFilter{State: storage.CampaignOpen}))
		check(store.Dashboard(ctx, who.Reads(), newest))
		check(store.Board(ctx, who.Reads(), newest, storage.BoardFilter{Sort: storage.BoardByUnit}))
		for _, filter := range []storage.InboxFilter{{Tab: storage.InboxDone, Group: "ward"}, {Tab: storage.InboxDone, Campaign: newest}} {
			check(store.Inbox(ctx, who, filter))
		}
	}
	for _, sort := range []storage.BoardSort{storage.BoardByHeld, storage.BoardByDue, storage.BoardByUnit, storage.BoardByStatus} {
		check(store.Board(ctx, officer.Reads(), newest, storage.BoardFilter{Sort: sort, Query: "tan", Flag: storage.BoardOverdue}))
	}
	check(store.Campaign(ctx, officer.Reads(), newest))
	check(store.UnitDocuments(ctx, unit, 1))
	for _, who := range []staff.Actor{officer, specialist} {
		check(store.ComparableForms(ctx, who.Reads()))
		check(store.IndicatorSeries(ctx, who.Reads(), storage.SeriesQuery{Form: "bc-cchc-quy", Indicator: "1.3"}))
		check(store.Contributions(ctx, who.Reads(), storage.ContributionQuery{Campaign: newest, Indicator: "1.3"}))
	}
	check(store.FoldSums(ctx))
	for _, scope := range []staff.Scope{officer.Reads(), specialist.Reads()} {
		check(store.OpenRequests(ctx, scope, "", 1))
		check(store.OpenRequests(ctx, scope, newest, 1))
		check(store.RequestCount(ctx, scope, ""))
		check(store.RequestCutoffs(ctx, scope, []int64{1}))
	}
	check(store.OpenRequest(ctx, draft))
	check(nil, store.AskExtension(ctx, storage.NewRequest{Key: uuid.New(), Document: draft, Actor: specialist, Reason: "x", Until: time.Now().AddDate(0, 4, 0)}))
	batch := storage.NewBatch{Key: uuid.New(), Actor: officer, Verdict: storage.Decline, Reason: "x", Answers: []storage.RequestAnswer{{Request: 1}}}
	check(nil, store.AddBatch(ctx, batch))
	check(nil, store.AnswerBatch(ctx, batch.Key))
	check(store.UndoneBatches(ctx))
	check(store.Batch(ctx, batch.Key))
	errs = append(errs, afterOutage(ctx, store, db, officer, specialist, draft))
	check(store.CalendarChanges(ctx, 10))
	holiday := off(calendar.Date(time.Now().Year()+2, 3, 3))
	check(store.PreviewCalendar(ctx, holiday))
	check(nil, store.ChangeCalendar(ctx, storage.CalendarEdit{Key: uuid.New(), Change: holiday, Actor: officer, Audit: storage.Audit{Person: officer.Person}}))
	check(store.ReminderPreview(ctx, newest, storage.BoardFilter{}))
	for _, id := range []string{draft, review, approved} {
		view, err := store.DocumentView(ctx, officer.Reads(), id)
		errs = append(errs, err)
		check(store.Timeline(ctx, id))
		check(store.ReturnPoints(ctx, id, true))
		check(store.SignedBefore(ctx, []string{id}))
		check(store.IssuedFiles(ctx, id))
		check(store.Attempts(ctx, id))
		check(store.WaitingDecisions(ctx, id))
		check(store.Revisions(ctx, id))
		check(store.Comments(ctx, id))
		check(store.OverdueCauses(ctx, id))
		if view.Revision > 0 {
			revision, err := store.Revision(ctx, id, view.Revision)
			errs = append(errs, err)
			check(store.Checked(ctx, view, revision))
		}
	}
	content, err := store.Draft(ctx, draft)
	errs = append(errs, err)
	check(store.Earlier(ctx, draft))
	check(store.SaveSection(ctx, draft, "I", "mới", content.Sections["I"].Version, specialist))
	check(store.DocumentUnit(ctx, draft))
	check(store.LaunchCampaign(ctx, uuid.New(), officer.Person, planCampaign(unit)))
	yearly := planCampaign().Code + "-" + unit
	check(store.SaveTasks(ctx, yearly, []storage.TaskChange{{Task: row("a")}}, specialist))
	check(store.Draft(ctx, yearly))
	check(store.RemovedTasks(ctx, yearly))
	check(store.EarlierPlan(ctx, yearly))
	errs = append(errs, store.LookAtTasks(ctx, yearly, []string{"a"}, specialist))
	check(store.LaunchCampaign(ctx, uuid.New(), officer.Person, indexCampaign(unit)))
	assessed := indexCampaign().Code + "-" + unit
	yes := true
	check(store.SaveAnswers(ctx, assessed, []storage.AnswerChange{{Answer: par.Answer{Criterion: "1.1.2", Yes: &yes}}}, specialist))
	check(store.Draft(ctx, assessed))
	ranked, err := store.IndexCampaign(ctx, officer.Reads(), indexCampaign().Code)
	errs = append(errs, err)
	check(store.Ranking(ctx, officer.Reads(), ranked))
	results := []par.UnitOpinion{{Unit: unit, Opinion: par.Opinion{Criterion: "3.6.1", Group: "nguoi-dan", Answers: 1}}}
	check(store.SurveyChanges(ctx, ranked.Code, results))
	check(store.CampaignUnits(ctx, ranked.Code))
	check(store.CampaignUnit(ctx, ranked.Code, unit))
	check(store.FindCampaignUnits(ctx, ranked.Code, "tan", 20))
	check(store.SurveyReach(ctx, ranked.Code))
	check(store.SurveyOpinions(ctx, ranked.Code))
	check(store.SurveyImports(ctx, ranked.Code))
	_, _, err = store.ScoreExtras(ctx, ranked.Code, storage.ExtraFilter{Query: "tan", Page: 2})
	errs = append(errs, err)
	check(store.Publications(ctx, ranked.Code))
	check(store.PublishedGroups(ctx, ranked.Code, 1))
	check(store.PublishedList(ctx, ranked.Code, 1, storage.PublishedFilter{Group: "communes", Class: "Tốt", Query: "tan"}))
	for _, who := range []staff.Actor{officer, specialist} {
		if _, err := store.PublishedResult(ctx, who.Reads(), ranked.Code, 1, unit); !errors.Is(err, storage.ErrNotFound) {
			errs = append(errs, fmt.Errorf("a result that nobody has published: %w", err))
		}
		check(store.YearResults(ctx, who.Reads(), ranked.Form, ranked.Period, unit))
	}
	check(store.NamedParties(ctx, []string{"so tai chinh"}))
	boards := volume.PlanCampaign(time.Now().Year())
	for _, scope := range []staff.Scope{officer.Reads(), specialist.Reads()} {
		for _, filter := range []storage.PlanBoardFilter{
			{}, {Status: tasks.Overdue}, {Month: "2027-06", Field: "the-che", Group: "ward"}, {Lead: unit}, {Document: boards + "-" + unit, Lead: "x"},
		} {
			check(store.PlanTasks(ctx, scope, boards, filter))
			check(store.PlanLeads(ctx, scope, boards, filter, "tan", storage.LeadsByShare))
		}
		check(store.PlanLeads(ctx, scope, boards, storage.PlanBoardFilter{}, "", storage.LeadsByName))
		check(store.PlanCampaigns(ctx, scope, 1))
	}
	check(store.ClaimPlans(ctx, 10))
	check(store.LivingPlans(ctx, "", 10))
	check(store.TracksPlan(ctx, yearly))
	check(store.TaskEntries(ctx, yearly, "a"))
	check(store.Adjustments(ctx, yearly))
	plans, err := store.DocumentView(ctx, officer.Reads(), yearly)
	errs = append(errs, err)
	plans.Campaign.CityUnit = "SNV"
	check(store.CityTasks(ctx, plans))
	for _, who := range []staff.Actor{officer, specialist} {
		_, _, err := store.LinkedTasks(ctx, who.Reads(), plans, storage.PlanTracking{}, "a")
		errs = append(errs, err)
	}
	check(store.OpenAdjustment(ctx, yearly))
	check(store.TaskAdjustments(ctx, yearly, "a"))
	check(store.ActedOn(ctx, 1))
	check(store.AdjustedTaskVersion(ctx, 1, "a"))
	for _, who := range []staff.Actor{officer, specialist, head} {
		check(store.WaitingAdjustments(ctx, who))
	}
	var appraised string
	errs = append(errs, db.Owner.QueryRowContext(ctx, `select document_id from appraisals where stage = 'first' order by 1 limit 1`).Scan(&appraised))
	check(store.Appraisal(ctx, appraised, officer))
	check(store.MarkDrafts(ctx, storage.AppraisalView{Document: storage.DocumentView{ID: appraised}}))
	check(store.AppraisalStanding(ctx, appraised))
	check(store.AppraisalHolds(ctx, []string{appraised}))
	check(store.AppraisalDesks(ctx, officer.Reads(), appraised[:strings.LastIndexByte(appraised, '-')], time.Now()))
	for _, kind := range reminder.Kinds {
		check(store.LadderFollowers(ctx, kind))
	}
	check(store.TrackAppraisal(ctx, appraised, time.Time{}, ""))
	check(store.ClaimAppraisals(ctx, 10))
	check(store.LivingAppraisals(ctx, "", 10))
	check(store.AppraisalWork(ctx, officer))
	check(store.AppraisalGaps(ctx, appraised[:strings.LastIndexByte(appraised, '-')], officer.Reads()))
	check(store.AppraisalSchedule(ctx, appraised[:strings.LastIndexByte(appraised, '-')]))
	for _, state := range storage.AppraisalQueueStates {
		check(store.AppraisalQueue(ctx, officer, storage.AppraisalFilter{State: state}))
		check(store.AppraisalQueue(ctx, officer, storage.AppraisalFilter{State: state, Query: "phuong", Field: "1"}))
	}
	check(store.DocumentStage(ctx, draft))
	view, err := store.DocumentView(ctx, head.Reads(), review)
	errs = append(errs, err)
	key := uuid.New()
	check(store.AddDecision(ctx, storage.NewDecision{Key: key, Document: review, Action: document.Approve, Actor: head, Revision: view.Revision, ContentHash: view.ContentHash}))
	check(store.RecordDecisions(ctx, review, time.Time{}, "run"))
	check(store.DecisionUnder(ctx, key, head.Person))
	check(store.ClaimWakes(ctx, 10))
	check(store.SettleTallies(ctx))
	check(store.SampleOpen(ctx, 3))
	check(store.CampaignDocuments(ctx, newest, "", 50))
	errs = append(errs, store.Beat(ctx, storage.BeatServer))
	check(store.SettleGaps(ctx))
	outageID, err := store.OpenOutage(ctx, uuid.New(), officer, outage.AtRisk, storage.OutageText{BeganAt: time.Now().Add(-time.Hour), What: "x"})
	errs = append(errs, err)
	check(store.RecordOutage(ctx, outageID, time.Time{}, "run"))
	errs = append(errs, store.SaveOutageDraft(ctx, outageID, outage.TheNotice, 0, outage.Notice{Title: "x", Text: []string{"y"}}, false))
	check(store.ClaimOutages(ctx, 10))
	check(store.OutageNotices(ctx, outageID))
	check(store.OutageTimeline(ctx, outageID))
	check(store.AskedNotices(ctx, officer))
	check(store.Announcements(ctx, 50))
	_, _, err = store.StoppedNow(ctx)
	errs = append(errs, err)
	check(store.ComingMaintenance(ctx))
	check(store.MailsDue(ctx))
	check(store.GatherMails(ctx, "cchc.example", 10))
	check(store.UnansweredDecisions(ctx, 10))
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// afterOutage extends the deadlines that an outage of today touched.
func afterOutage(ctx context.Context, store *storage.Store, db *storagetest.Database, officer, specialist staff.Actor, draft string) error {
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, opened_at, rung_at)
		select gen_random_uuid(), 'outage', 'hand', d.due_at - interval '3 days', d.due_at - interval '1 hour', r.id, now(), now(), now()
		from documents d, outage_rules r where d.id = $1 returning id`
	var id int64
	if err := db.Owner.QueryRow(add, draft).Scan(&id); err != nil {
		return err
	}
	var errs []error
	check := func(_ any, err error) { errs = append(errs, err) }
	check(nil, store.AddAttempts(ctx, []storage.FailedAttempt{{Document: draft, Person: specialist.Person, Source: storage.ToldByBrowser, At: time.Now().Add(-time.Hour)}}))
	for _, scope := range []staff.Scope{officer.Reads(), specialist.Reads()} {
		found, err := store.OutageDeadlines(ctx, scope, id)
		errs = append(errs, err)
		check(store.TriedUnits(ctx, scope, found))
		if scope.All {
			n := storage.NewOutageBatch{Key: uuid.New(), Outage: id, Actor: officer, Reason: "x", Answers: answers(found, false, storage.DeadlineKinds...)}
			check(nil, store.AddOutageBatch(ctx, n))
			check(nil, store.AnswerOutageBatch(ctx, n.Key))
			check(store.OutageWakes(ctx, n.Key))
		}
	}
	check(store.UndoneOutageBatches(ctx))
	check(store.OutageBatches(ctx, id))
	check(store.OutageGrants(ctx, id))
	check(store.RefusedDeadlines(ctx, id))
	check(store.StuckItems(ctx, 10))
	for _, scope := range []staff.Scope{officer.Reads(), specialist.Reads()} {
		check(store.OutageGiven(ctx, scope, draft[:strings.LastIndexByte(draft, '-')]))
	}
	return errors.Join(errs...)
}

// planNode is a step of a plan.
type planNode struct {
	Type      string     `json:"Node Type"`
	Relation  string     `json:"Relation Name"`
	Index     string     `json:"Index Name"`
	Condition string     `json:"Index Cond"`
	Plans     []planNode `json:"Plans"`
}

// through lists the steps that read a growing table from end to end.
func through(t *testing.T, text string) (found []string) {
	t.Helper()
	var plans []struct{ Plan planNode }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	var walk func(n planNode)
	walk = func(n planNode) {
		grows := slices.Contains(growing, n.Relation) ||
			n.Type == "Bitmap Index Scan" && slices.ContainsFunc(growing, func(table string) bool { return strings.HasPrefix(n.Index, table+"_") })
		switch {
		case !grows:
		case n.Type == "Seq Scan":
			found = append(found, n.Relation+" is read through")
		case n.Index != "" && n.Condition == "" && !slices.Contains(small, n.Index) && !slices.Contains(atSize, n.Index):
			found = append(found, "the index "+n.Index+" is read through")
		}
		for _, one := range n.Plans {
			walk(one)
		}
	}
	for _, one := range plans {
		walk(one.Plan)
	}
	return found
}
