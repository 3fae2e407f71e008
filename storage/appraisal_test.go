package storage_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// What is handed in waits at its appraisers at once: each field at whoever owns it, the
// unit's own at the authority; self scores are frozen.
func TestAnAppraisalBeginsWithTheHandIn(t *testing.T) {
	b := handedIn(t)
	if n := b.count(`select count(*) from appraisals where document_id = $1 and stage = 'first' and wake_at < now() - interval '1 minute'`, b.id); n != 1 {
		t.Fatalf("%d appraisals wait for their workflow", n)
	}
	want := map[string]string{"1": "SNV", "2": "STP", "3": "VP", "4": "SNV", "5": "SNV", "6": "SNV", "7": "SKHCN", "8": "SNV"}
	v := b.view(b.people[staff.Officer])
	for _, f := range v.Fields {
		if f.Appraiser != want[f.Code] {
			t.Errorf("field %s is appraised by %s, want %s", f.Code, f.Appraiser, want[f.Code])
		}
		delete(want, f.Code)
	}
	if len(want) != 0 {
		t.Errorf("fields without appraiser: %v", want)
	}
	asked := 0
	for _, c := range v.Set.Criteria {
		if c.Asked() {
			asked++
		}
	}
	if n := b.count(`select count(*) from index_scores where document_id = $1`, b.id); n != asked || len(v.Criteria) != asked {
		t.Errorf("%d scores, %d criteria, want %d", n, len(v.Criteria), asked)
	}
	if out := b.count(`select count(*) from index_scores where self_out and self = 0`); out == 0 {
		t.Error("what does not apply is not told apart")
	}
	if found, err := b.db.Store.BeginAppraisals(context.Background(), "", 10); found.Begun != 0 || err != nil {
		t.Errorf("they were begun again: %+v, %v", found, err)
	}
	// One that was handed in before there were appraisals is begun by the worker.
	b.exec(`truncate appraisals cascade`)
	if found, err := b.db.Store.BeginAppraisals(context.Background(), "", 10); found.Begun != 1 || err != nil || b.stage() != appraisal.First {
		t.Errorf("%+v, %v", found, err)
	}
}

// One that cannot be begun keeps no other from it, and is begun once it can be.
func TestOneThatCannotBeBegun(t *testing.T) {
	b := handedIn(t)
	ctx := context.Background()
	c, err := b.db.Store.IndexCampaign(ctx, staff.Scope{All: true}, "cs-2026y")
	if err != nil {
		t.Fatal(err)
	}
	b.db.Appraise(t, storagetest.Appraisal{Campaign: c.Code, Unit: "SYT", Set: c.Set, By: b.people[staff.Officer].Person})
	b.exec(`truncate appraisals cascade`)
	b.exec(`update documents set (stage, revision, closed_at, wake_at) = ('handed_in', 1, now(), null) where unit_code = 'SYT'`)
	b.exec(`alter table appraisals add constraint broken check (document_id <> '` + b.id + `')`)
	found, err := b.db.Store.BeginAppraisals(ctx, "", 1)
	if err != nil || found.Begun != 0 || found.Failed[b.id] == nil || found.Next != b.id {
		t.Fatalf("%+v, %v", found, err)
	}
	if found, err = b.db.Store.BeginAppraisals(ctx, found.Next, 2); err != nil || found.Begun != 1 || len(found.Failed) != 0 || found.Next != "" {
		t.Errorf("%+v, %v", found, err)
	}
	b.exec(`alter table appraisals drop constraint broken`)
	if found, err = b.db.Store.BeginAppraisals(ctx, "", 2); err != nil || found.Begun != 1 || b.stage() != appraisal.First {
		t.Errorf("%+v, %v", found, err)
	}
}

// Nobody marks what is not theirs, what they had a part in, or without a reason; a
// double click is one mark, and two appraisers do not overwrite each other.
func TestMarks(t *testing.T) {
	b := handedIn(t)
	ctx, officer := context.Background(), b.people[staff.Officer]
	yesNo := "2.4.1" // of STP
	b.refused("no reason", b.give(yesNo, 50, ""), par.MarkUnexplained)
	b.refused("too much", b.give(yesNo, 5000, "x"), par.MarkOver)
	for name, who := range map[string]staff.Actor{
		"the authority, of STP's field": officer, "the unit itself": b.people[staff.Specialist], "another department": b.appraisers["VP"],
	} {
		err := b.db.Store.SaveMarks(ctx, storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: who,
			Marks: []storage.MarkGiven{{Criterion: yesNo, Points: 50, Reason: "x"}}})
		b.refused(name, err, appraisal.NotYours)
	}
	drafter := b.people[staff.Specialist]
	drafter.Positions = append(slices.Clone(drafter.Positions), staff.Position{Unit: "STP", Role: staff.Specialist})
	err := b.db.Store.SaveMarks(ctx, storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: drafter,
		Marks: []storage.MarkGiven{{Criterion: yesNo, Points: 50, Reason: "x"}}})
	b.refused("who drafted the self-assessment", err, appraisal.OwnPart)
	if n := b.count(`select count(*) from appraisal_marks`); n != 0 {
		t.Fatalf("%d marks", n)
	}

	given := storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: b.appraisers["STP"],
		Marks: []storage.MarkGiven{{Criterion: yesNo, Points: 50, Reason: "Có văn bản rà soát"}}}
	for range 2 {
		if err := b.db.Store.SaveMarks(ctx, given); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.count(`select count(*) from appraisal_marks`); n != 1 {
		t.Errorf("a double click is %d marks", n)
	}
	given.Marks[0].Points = 25 // gone back to, and sent with something else
	b.refused("by the same form, changed", b.db.Store.SaveMarks(ctx, given), storage.MarkOvertaken)
	given.Key = uuid.New()
	b.refused("on an old screen", b.db.Store.SaveMarks(ctx, given), storage.MarkOvertaken)
	if err := b.give(yesNo, 25, "Chỉ rà soát một phần"); err != nil {
		t.Fatal(err)
	}
	if n := b.count(`select count(*) from index_scores s join appraisal_fields f using (document_id, field) where s.criterion = $1 and s.first = 25 and s.final = 25 and s.second is null and f.marked = 1`, yesNo); n != 1 {
		t.Error("the newest mark does not stand")
	}
	if err := b.db.Store.SaveMarks(ctx, storage.NewMarks{Key: uuid.New(), Document: b.id, Field: "2", Actor: b.appraisers["STP"],
		Marks: []storage.MarkGiven{{Criterion: "1.1.2", Points: 0}}}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a criterion of another field: %v", err)
	}
}

// All that agrees is taken over in one go, each recorded; what asks for a remark (1.1.2)
// is left.
func TestWhatAgreesIsTakenOverAtOnce(t *testing.T) {
	b := handedIn(t)
	todo := b.number(`select todo from appraisal_fields where field = '1'`)
	if n := b.agree("1"); n != todo-1 {
		t.Errorf("%d of %d were taken over", n, todo)
	}
	if n := b.agree("1"); n != 0 {
		t.Errorf("%d again", n)
	}
	if n := b.count(`select count(*) from appraisal_marks where reason = '' and round = 1`); n != todo-1 {
		t.Errorf("%d marks", n)
	}
	b.refused("one is unmarked", b.finish("1"), appraisal.Unmarked)
	b.refused("no remark", b.give("1.1.2", 0, ""), par.MarkRemark)
	if err := b.give("1.1.2", 0, "Không có kế hoạch"); err != nil {
		t.Fatal(err)
	}
	if err := b.finish("1"); err != nil {
		t.Fatal(err)
	}
	b.refused("after the end of the round", b.give("1.1.2", 10, "x"), appraisal.FieldFinished)
	if err := b.decideStep(storage.AppraisalDecision{Action: appraisal.Resume, Field: "1", Actor: b.by("1")}); err != nil {
		t.Fatal(err)
	}
	if err := b.give("1.1.2", 10, "Có kế hoạch"); err != nil {
		t.Fatal(err)
	}
}

// Where nothing differs there is nothing to explain.
func TestAnAppraisalThatAgreesIsDone(t *testing.T) {
	b := handedIn(t)
	b.markAll()
	if stage := b.stage(); stage != appraisal.Done {
		t.Fatalf("stage %s", stage)
	}
	if n := b.count(`select count(*) from index_scores where final is distinct from self or final_out <> self_out`); n != 0 {
		t.Errorf("%d scores differ", n)
	}
	if n := b.count(`select count(*) from notices where kind = 'appraisal_done'`); n != 2 {
		t.Errorf("%d notices of the end", n)
	}
	if state := b.track(); !state.Ended || !state.Next.IsZero() {
		t.Errorf("%+v", state)
	}
}

// disputed has one criterion marked otherwise than the unit did, and all fields finished.
func disputed(t *testing.T) *bench {
	t.Helper()
	b := handedIn(t)
	if err := b.give("2.4.1", 50, "Có kết quả"); err != nil {
		t.Fatal(err)
	}
	b.markAll()
	if stage := b.stage(); stage != appraisal.Explaining {
		t.Fatalf("stage %s", stage)
	}
	return b
}

// The unit sees the marks once the round is over, explains what differs, and only that is
// marked again.
func TestAnExplanationInTime(t *testing.T) {
	b := disputed(t)
	ctx, specialist, director := context.Background(), b.people[staff.Specialist], b.people[staff.Director]
	if n := b.count(`select count(*) from notices where kind = 'appraisal_explain'`); n != 3 {
		t.Errorf("%d people of the unit were told", n)
	}
	_, err := b.db.Store.SaveExplanations(ctx, b.id, []storage.ExplanationChange{{Criterion: "1.1.2", Text: "x"}}, specialist)
	b.refused("what agrees", err, appraisal.ExplanationUnasked)
	_, err = b.db.Store.SaveExplanations(ctx, b.id, []storage.ExplanationChange{{Criterion: "2.4.1", Text: "x"}}, b.appraisers["STP"])
	b.refused("somebody else", err, appraisal.NotYours)
	b.refused("nothing is written", b.explain(), appraisal.ExplanationBlank)
	b.explainDraft("2.4.1", "Văn bản số 12 đã nêu đủ")
	var conflicts storage.Conflicts
	if _, err := b.db.Store.SaveExplanations(ctx, b.id, []storage.ExplanationChange{{Criterion: "2.4.1", Text: "khác"}}, director); !errors.As(err, &conflicts) || conflicts[0].Body != "Văn bản số 12 đã nêu đủ" {
		t.Fatalf("on an old screen: %v", err)
	}
	pdf := []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
	for range 2 {
		if err := b.db.Store.AddExplanationFile(ctx, b.id, "2.4.1", "vb12.pdf", bytes.NewReader(pdf), specialist); err != nil {
			t.Fatal(err)
		}
	}
	old := b.view(director).DraftHash
	b.refused("a specialist sends", b.decideStep(storage.AppraisalDecision{Action: appraisal.Explain, Hash: old, Actor: specialist}), appraisal.NotYours)
	b.refused("another text on the screen", b.decideStep(storage.AppraisalDecision{Action: appraisal.Explain, Hash: "-", Actor: director}), document.ContentChanged)
	if err := b.explain(); err != nil {
		t.Fatal(err)
	}
	if stage := b.stage(); stage != appraisal.Second {
		t.Fatalf("stage %s", stage)
	}
	b.refused("twice", b.explain(), appraisal.Answered)
	stp := b.view(b.appraisers["STP"])
	if stp.State.Fields[1].Todo != 1 || stp.State.Fields[1].Finished || !stp.State.Fields[0].Finished {
		t.Errorf("%+v", stp.State.Fields)
	}
	hash := ""
	for _, c := range stp.Criteria {
		if c.Field != "2" {
			t.Errorf("STP sees %s", c.Code)
		}
		if c.Code == "2.4.1" && c.Explanation != nil && len(c.Explanation.Files) == 1 {
			hash = c.Explanation.Files[0].Hash
		}
	}
	if file, err := b.db.Store.AppraisalFile(ctx, stp, hash); err != nil || file.Name != "vb12.pdf" {
		t.Errorf("%+v, %v", file, err)
	}
	if _, err := b.db.Store.AppraisalFile(ctx, b.view(b.appraisers["VP"]), hash); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("VP opens a file of another field: %v", err)
	}
	b.refused("what was not explained", b.give("2.3.1", 10, "x"), appraisal.FieldFinished)
	if err := b.give("2.4.1", 100, "Giải trình thuyết phục"); err != nil {
		t.Fatal(err)
	}
	// While it is weighed, the unit sees the first mark alone.
	for _, c := range b.view(specialist).Criteria {
		if c.Code == "2.4.1" && (c.Appraised.First == nil || c.Appraised.Second != nil) {
			t.Errorf("%+v", c.Appraised)
		}
	}
	if err := b.finish("2"); err != nil {
		t.Fatal(err)
	}
	if n := b.count(`select count(*) from index_scores where criterion = '2.4.1' and first = 50 and second = 100 and final = 100`); n != 1 || b.stage() != appraisal.Done {
		t.Errorf("stage %s", b.stage())
	}
}

// Whoever does not explain agrees, at the latest when the time is over.
func TestNoExplanation(t *testing.T) {
	b := disputed(t)
	b.refused("a specialist agrees", b.decideStep(storage.AppraisalDecision{Action: appraisal.Accept, Actor: b.people[staff.Specialist]}), appraisal.NotYours)
	b.explainDraft("2.4.1", "Còn đang viết")
	b.refused("over what a colleague is writing", b.decideStep(storage.AppraisalDecision{Action: appraisal.Accept, Actor: b.people[staff.DivisionHead]}), appraisal.Written)
	if slices.Contains(b.view(b.people[staff.DivisionHead]).State.Offers("", b.people[staff.DivisionHead], "SNV", time.Now()), appraisal.Accept) {
		t.Error("the page offers it")
	}
	blank := []storage.ExplanationChange{{Criterion: "2.4.1", Base: 1}}
	if _, err := b.db.Store.SaveExplanations(context.Background(), b.id, blank, b.people[staff.Specialist]); err != nil {
		t.Fatal(err)
	}
	if err := b.decideStep(storage.AppraisalDecision{Action: appraisal.Accept, Actor: b.people[staff.DivisionHead]}); err != nil || b.stage() != appraisal.Done {
		t.Errorf("stage %s, %v", b.stage(), err)
	}
	b = disputed(t)
	b.age(30)
	if state := b.track(); state.Stage != appraisal.Done {
		t.Errorf("%+v", state)
	}
}

// An explanation that comes too late is kept and waits for the authority, which takes
// it or not, with a reason.
func TestALateExplanation(t *testing.T) {
	for name, row := range map[string]struct {
		answer appraisal.Action
		stage  appraisal.Stage
		notice string
	}{
		"taken":   {appraisal.TakeLate, appraisal.Second, storage.NoticeLateTaken},
		"refused": {appraisal.RefuseLate, appraisal.Done, storage.NoticeLateRefused},
	} {
		t.Run(name, func(t *testing.T) {
			b := disputed(t)
			officer := b.people[staff.Officer]
			b.explainDraft("2.4.1", "Xin bổ sung")
			b.refused("nothing is late", b.decideStep(storage.AppraisalDecision{Action: row.answer, Reason: "x", Actor: officer}), appraisal.WrongStage)
			b.age(30)
			if err := b.explain(); err != nil || b.stage() != appraisal.Done {
				t.Fatalf("stage %s, %v", b.stage(), err)
			}
			gaps, err := b.db.Store.AppraisalGaps(context.Background(), "cs-2026y", staff.Scope{All: true})
			if err != nil || gaps.Total != 1 || !gaps.Rows[0].Late {
				t.Errorf("%+v, %v", gaps, err)
			}
			if work, err := b.db.Store.AppraisalWork(context.Background(), officer); err != nil || work.LateAnswers != 1 || work.LateOne != b.id {
				t.Errorf("%+v, %v", work, err)
			}
			b.refused("without a reason", b.decideStep(storage.AppraisalDecision{Action: row.answer, Actor: officer}), document.ReasonMissing)
			b.refused("another department", b.decideStep(storage.AppraisalDecision{Action: row.answer, Reason: "x", Actor: b.appraisers["STP"]}), appraisal.NotYours)
			key := uuid.New()
			for range 2 {
				if err := b.decideStep(storage.AppraisalDecision{Key: key, Action: row.answer, Reason: "Do lỗi đường truyền", Actor: officer}); err != nil {
					t.Fatal(err)
				}
			}
			if stage := b.stage(); stage != row.stage {
				t.Errorf("stage %s", stage)
			}
			if n := b.count(`select count(*) from notices where kind = $1`, row.notice); n != 3 {
				t.Errorf("%d people of the unit were told", n)
			}
			if n := b.count(`select count(*) from appraisal_steps where action = 'explain' and late and answered_by is not null`); n != 1 {
				t.Error("the late answer still waits")
			}
		})
	}
}

// An answer that waits when the result is published is taken as criteria are opened again:
// the result stays until it is corrected.
func TestALateAnswerAfterThePublication(t *testing.T) {
	b := disputed(t)
	b.explainDraft("2.4.1", "Xin bổ sung")
	b.age(30)
	if err := b.explain(); err != nil {
		t.Fatal(err)
	}
	b.exec(`update appraisals set published_at = now()`)
	if err := b.decideStep(storage.AppraisalDecision{Action: appraisal.TakeLate, Reason: "Do lỗi đường truyền", Actor: b.people[staff.Officer]}); err != nil || b.stage() != appraisal.Second {
		t.Errorf("stage %s, %v", b.stage(), err)
	}
}

// A criterion that is opened again after a second mark is compared with that, which
// stands for everybody but its appraisers until the round is over.
func TestACriterionThatIsOpenedAgain(t *testing.T) {
	b := disputed(t)
	ctx, officer, unit := context.Background(), b.people[staff.Officer], b.people[staff.Director]
	second := func(points par.Points, reason string) {
		t.Helper()
		if err := b.give("2.4.1", points, reason); err != nil {
			t.Fatal(err)
		}
		if err := b.finish("2"); err != nil || b.stage() != appraisal.Done {
			t.Fatalf("stage %s, %v", b.stage(), err)
		}
	}
	reopen := func() {
		t.Helper()
		if err := b.db.Store.ReopenAppraisal(ctx, uuid.New(), b.id, []string{"2.4.1"}, "Nhầm số liệu", officer); err != nil {
			t.Fatal(err)
		}
	}
	b.explainDraft("2.4.1", "Xin bổ sung")
	if err := b.explain(); err != nil {
		t.Fatal(err)
	}
	second(100, "Giải trình thuyết phục")
	reopen()
	b.refused("the first mark's points without a word", b.give("2.4.1", 50, ""), par.MarkUnexplained)
	if err := b.give("2.4.1", 75, "Một phần"); err != nil {
		t.Fatal(err)
	}
	reopen() // while it is being marked: what is weighed stood for nobody
	seen := func(who staff.Actor) par.Appraised {
		t.Helper()
		for _, c := range b.view(who).Criteria {
			if c.Code == "2.4.1" {
				return c.Appraised
			}
		}
		t.Fatal("the criterion is out of sight")
		return par.Appraised{}
	}
	if a := seen(unit); a.Final().Points != 100 || a.Second != nil || a.Before == nil || a.Before.Reason != "Giải trình thuyết phục" {
		t.Errorf("the unit sees %+v", a)
	}
	if a := seen(b.appraisers["STP"]); a.Second == nil || a.Second.Points != 75 {
		t.Errorf("its appraiser sees %+v", a)
	}
	if n := b.agree("2"); n != 1 {
		t.Errorf("%d were taken over", n)
	}
	if a := seen(b.appraisers["STP"]); a.Final().Points != 100 || b.finish("2") != nil {
		t.Errorf("it agrees with %+v", a)
	}
	reopen()
	second(50, "Tính sai")
	if a := seen(unit); a.Final().Points != 50 || a.Before.Points != 100 || a.First.Points != 50 {
		t.Errorf("%+v", a)
	}
}

// What is published takes no explanation any more; the authority may open criteria again.
func TestAfterThePublication(t *testing.T) {
	b := disputed(t)
	b.explainDraft("2.4.1", "Xin bổ sung")
	b.age(30)
	b.track()
	b.exec(`update appraisals set published_at = now()`)
	b.refused("after the publication", b.explain(), appraisal.Published)
	ctx, officer := context.Background(), b.people[staff.Officer]
	b.refused("nothing chosen", b.db.Store.ReopenAppraisal(ctx, uuid.New(), b.id, nil, "Nhầm", officer), appraisal.NoCriteria)
	if err := b.db.Store.ReopenAppraisal(ctx, uuid.New(), b.id, []string{"2.4.1", "1.1.2"}, "Nhầm số liệu", officer); err != nil {
		t.Fatal(err)
	}
	if n := b.count(`select count(*) from appraisal_fields where finished_at is null and todo = 1 and marked = 0`); n != 2 || b.stage() != appraisal.Second {
		t.Errorf("%d fields wait, stage %s", n, b.stage())
	}
	if state := b.track(); state.Ended || state.Waits != 2 {
		t.Errorf("%+v", state)
	}
	b.markAll()
	if n := b.count(`select count(*) from index_scores where criterion = '2.4.1' and second = 50 and final = 50`); n != 1 || b.stage() != appraisal.Done {
		t.Errorf("stage %s", b.stage())
	}
}

// The end of a round follows the schedule, unless the authority gave more time.
func TestTheScheduleOfAnAppraisal(t *testing.T) {
	b := disputed(t)
	ctx, officer := context.Background(), b.people[staff.Officer]
	now, err := b.db.Store.AppraisalSchedule(ctx, "cs-2026y")
	if err != nil {
		t.Fatal(err)
	}
	before := *b.view(officer).DueAt
	longer := now.Schedule
	longer.Explain.Days += 10
	audit := storage.Audit{Person: officer.Person}
	b.refused("a specialist", b.db.Store.SaveAppraisalSchedule(ctx, "cs-2026y", longer, now.Version, b.people[staff.Specialist], audit), document.NotYourRole)
	if err := b.db.Store.SaveAppraisalSchedule(ctx, "cs-2026y", longer, now.Version, officer, storage.Audit{Person: -1}); err == nil {
		t.Error("nobody knows who changed it")
	}
	if kept, err := b.db.Store.AppraisalSchedule(ctx, "cs-2026y"); err != nil || kept.Version != now.Version {
		t.Errorf("it was changed without a line of evidence: %+v, %v", kept, err)
	}
	if err := b.db.Store.SaveAppraisalSchedule(ctx, "cs-2026y", longer, now.Version, officer, audit); err != nil {
		t.Fatal(err)
	}
	if n := b.count(`select count(*) from audit where action = 'appraisal_schedule' and object = 'cs-2026y' and detail->'after'->'explain'->>'Days' = '15'`); n != 1 {
		t.Errorf("%d lines of evidence", n)
	}
	var conflicts storage.Conflicts
	if err := b.db.Store.SaveAppraisalSchedule(ctx, "cs-2026y", longer, now.Version, officer, audit); !errors.As(err, &conflicts) {
		t.Errorf("on an old screen: %v", err)
	}
	if state := b.track(); !state.DueAt.After(before) {
		t.Errorf("due %v, was %v", state.DueAt, before)
	}
	b.refused("no later", b.db.Store.ExtendAppraisal(ctx, uuid.New(), b.id, before, "x", officer), document.ExtensionNotLater)
	until := before.AddDate(0, 2, 0)
	if err := b.db.Store.ExtendAppraisal(ctx, uuid.New(), b.id, until, "Bão", officer); err != nil {
		t.Fatal(err)
	}
	if state := b.track(); !state.DueAt.Equal(until) {
		t.Errorf("due %v, want %v", state.DueAt, until)
	}
	if n := b.count(`select count(*) from notices where kind = 'appraisal_explain_more'`); n != 3 {
		t.Errorf("%d people of the unit were told", n)
	}
}

// The queue of each appraiser holds their fields alone, the most urgent on top.
func TestTheQueueOfAnAppraiser(t *testing.T) {
	b := handedIn(t)
	ctx := context.Background()
	for unit, want := range map[string]int{"SNV": 5, "STP": 1, "VP": 1, "SKHCN": 1} {
		q, err := b.db.Store.AppraisalQueue(ctx, b.appraisers[unit], storage.AppraisalFilter{State: storage.AppraisalsOpen})
		if err != nil || len(q.Rows) != want || q.Total != want || q.Open != want || q.Late != 0 || q.Rows[0].FieldName == "" || len(q.Choice) != want {
			t.Errorf("%s: %+v, %v", unit, q, err)
		}
	}
	if q, err := b.db.Store.AppraisalQueue(ctx, b.people[staff.Specialist], storage.AppraisalFilter{State: storage.AppraisalsOpen}); err != nil || len(q.Rows) != 0 {
		t.Errorf("the unit's own: %+v, %v", q, err)
	}
	narrow := storage.AppraisalFilter{State: storage.AppraisalsOpen, Campaign: "cs-2026y", Field: "6", Query: "tai chinh"}
	if q, err := b.db.Store.AppraisalQueue(ctx, b.appraisers["SNV"], narrow); err != nil || len(q.Rows) != 1 || q.Total != 1 || q.Open != 5 {
		t.Errorf("%+v, %v", q, err)
	}
	b.age(90)
	b.track()
	late := storage.AppraisalFilter{State: storage.AppraisalsLate}
	if q, err := b.db.Store.AppraisalQueue(ctx, b.appraisers["STP"], late); err != nil || q.Late != 1 || len(q.Rows) != 1 {
		t.Errorf("%+v, %v", q, err)
	}
	b.agree("2")
	next, ok, err := b.db.Store.NextAppraisal(ctx, b.appraisers["SNV"], b.id, "1")
	if err != nil || !ok || next.Field != "4" {
		t.Errorf("%+v, %t, %v", next, ok, err)
	}
	b.markAll()
	done := storage.AppraisalFilter{State: storage.AppraisalsFinished}
	if q, err := b.db.Store.AppraisalQueue(ctx, b.appraisers["SNV"], done); err != nil || len(q.Rows) != 5 || q.Open != 0 {
		t.Errorf("%+v, %v", q, err)
	}
}

// Who is no party to it does not learn that it exists.
func TestWhoSeesAnAppraisal(t *testing.T) {
	b := handedIn(t)
	ctx := context.Background()
	stranger := b.person("stranger", staff.Specialist, "SYT")
	if _, err := b.db.Store.Appraisal(ctx, b.id, stranger); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	if err := b.give("2.4.1", 50, "Có kết quả"); err != nil {
		t.Fatal(err)
	}
	leader := b.person("leader", staff.Viewer, "VP")
	for name, who := range map[string]staff.Actor{"the unit": b.people[staff.Director], "a leader": leader} {
		for _, c := range b.view(who).Criteria {
			if c.Appraised.First != nil || len(c.Marks) != 0 {
				t.Errorf("%s sees a mark that is weighed: %+v", name, c.Marks)
			}
		}
	}
	if v := b.view(leader); !v.Sight.Whole || v.Sight.Own || v.Drafts != nil {
		t.Errorf("%+v", v.Sight)
	}
	marks := 0
	for _, c := range b.view(b.people[staff.Officer]).Criteria {
		marks += len(c.Marks)
	}
	if marks != 1 {
		t.Errorf("the authority sees %d marks", marks)
	}
}
