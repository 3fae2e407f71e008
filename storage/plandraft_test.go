package storage_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	rules "cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
)

// planDesk is a desk whose document is a yearly plan, its narrative written and no
// task yet.
func planDesk(t *testing.T) *desk {
	t.Helper()
	return deskOf(t, planCampaign("STC", "SYT"), "I.1", "I.2", "II", "IV")
}

func planCampaign(units ...string) campaign.Plan {
	p := plan(units...)
	p.Code, p.Kind, p.Name = "kh-2027y", document.Plan, "Kế hoạch CCHC năm 2027"
	p.Form, p.FormVersion, p.Period = "kh-cchc-nam", 1, period.Period{Kind: period.Year, Year: 2027, Number: 1}.Code()
	return p
}

func row(key string) rules.Task {
	return rules.Task{
		Key: key, Field: "the-che", Name: "Rà soát văn bản " + key, Product: "Báo cáo", ProductKind: "bao-cao",
		Lead: rules.Party{Unit: "STC", Name: "Sở Tài chính"}, Deadline: rules.InQuarter(2027, 2),
	}
}

func (d *desk) saveTasks(who staff.Actor, changes ...storage.TaskChange) map[string]storage.Saved {
	d.t.Helper()
	saved, err := d.db.Store.SaveTasks(context.Background(), d.id, changes, who)
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}

// order is the keys of the draft's table as it is arranged.
func (d *desk) order() string {
	d.t.Helper()
	draft, err := d.db.Store.Draft(context.Background(), d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	var keys []string
	for _, task := range draft.Content.Tasks {
		keys = append(keys, task.Key)
	}
	return strings.Join(keys, " ")
}

func TestTasksAreSavedPlacedAndMoved(t *testing.T) {
	d := planDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	if n := d.count(`select count(*) from documents where id = $1 and not started`, d.id); n != 1 {
		t.Fatal("the plan has begun before anybody wrote a task")
	}
	saved := d.saveTasks(author,
		storage.TaskChange{Task: row("a")}, storage.TaskChange{Task: row("b")}, storage.TaskChange{Task: row("c")},
		storage.TaskChange{Task: row("d"), After: "a"}, storage.TaskChange{Task: row("e"), After: storage.FirstPlace})
	if saved["d"].Version != 1 || saved["d"].At.IsZero() || len(saved) != 5 {
		t.Errorf("saved %+v", saved)
	}
	if got := d.order(); got != "e a d b c" {
		t.Errorf("order %s", got)
	}
	if n := d.count(`select count(*) from documents where id = $1 and started`, d.id); n != 1 {
		t.Error("the first task did not start the document")
	}
	for _, step := range []struct {
		keys  []string
		after string
		want  string
	}{
		{[]string{"c"}, storage.FirstPlace, "c e a d b"},
		{[]string{"a", "e"}, "b", "c d b a e"},
		{[]string{"e", "e", "nobody"}, "c", "c e d b a"},
	} {
		if err := d.db.Store.MoveTasks(ctx, d.id, step.keys, step.after, author); err != nil {
			t.Fatal(err)
		}
		if got := d.order(); got != step.want {
			t.Errorf("%v behind %s: %s, want %s", step.keys, step.after, got, step.want)
		}
	}
	if n := d.count(`select count(*) from draft_tasks where version = 1`); n != 5 {
		t.Error("moving changed a row's version: it would look like a conflict")
	}
	for _, after := range []string{"a", "nobody"} {
		if err := d.db.Store.MoveTasks(ctx, d.id, []string{"a"}, after, author); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("behind %s: %v", after, err)
		}
	}
	// Rows of an earlier field come first, wherever they were written.
	steering := row("f")
	steering.Field = "chi-dao"
	d.saveTasks(author, storage.TaskChange{Task: steering})
	if got := d.order(); got != "f c e d b a" {
		t.Errorf("arranged %s", got)
	}
}

func TestTasksAreKeptClean(t *testing.T) {
	d := planDesk(t)
	task := row("a")
	task.Name, task.Lead.Name = " Ra\u0300 soa\u0301t\r\nvăn bản\u0007 ", "Sở \n Tài chính"
	task.Coordinating = []rules.Party{{Name: " "}, {Name: "Công  an"}, {Name: "công an"}}
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: task})
	draft, err := d.db.Store.Draft(context.Background(), d.id)
	if err != nil {
		t.Fatal(err)
	}
	got := draft.Tasks["a"]
	if got.Name != "Rà soát\nvăn bản" || got.Lead.Name != "Sở Tài chính" || len(got.Coordinating) != 1 || got.Coordinating[0].Name != "Công an" {
		t.Errorf("kept %+v", got)
	}
	if !slices.EqualFunc(draft.Content.Tasks, []rules.Task{got.Task}, rules.Task.Same) || draft.Hash != draft.Content.Hash() {
		t.Errorf("the content has %+v", draft.Content.Tasks)
	}
	if len(draft.Result.Errors) > 0 {
		t.Errorf("a complete plan: %v", draft.Result.Errors)
	}
}

func TestTaskConflictsAreShownAndNothingOverwritten(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	first, second := d.people[staff.Specialist], d.person("second", staff.Specialist, "STC")
	d.saveTasks(first, storage.TaskChange{Task: row("a")}, storage.TaskChange{Task: row("b")}, storage.TaskChange{Task: row("c")})
	mine, theirs := row("a"), row("a")
	mine.Note, theirs.Note = "của tôi", "của người khác"
	d.saveTasks(first, storage.TaskChange{Task: mine, Base: 1}, storage.TaskChange{Task: rules.Task{Key: "b"}, Base: 1, Removed: true})

	late := row("b")
	late.Note = "sửa dòng đã bỏ"
	fresh := row("c")
	fresh.Note = "không ai tranh"
	saved, err := d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{
		{Task: theirs, Base: 1}, {Task: late, Base: 1}, {Task: fresh, Base: 1},
	}, second)
	var conflicts storage.Conflicts
	if !errors.As(err, &conflicts) || len(conflicts) != 2 {
		t.Fatalf("stale saves: %v, want two conflicts", err)
	}
	if c, _ := conflicts.At("task.a"); c.Task == nil || c.Task.Note != "của tôi" || c.Version != 2 || c.By == "" || c.At.IsZero() {
		t.Errorf("conflict of the changed row %+v", c)
	}
	if c, ok := conflicts.At("task.b"); !ok || c.Task != nil || c.Version != 2 {
		t.Errorf("conflict of the row taken out %+v", c)
	}
	if len(saved) != 1 || saved["c"].Version != 2 {
		t.Errorf("the row beside them was not saved: %+v", saved)
	}
	// The same again changes nothing, whatever it was based on: autosave repeats itself.
	saved = d.saveTasks(second, storage.TaskChange{Task: fresh, Base: 1}, storage.TaskChange{Task: rules.Task{Key: "b"}, Base: 1, Removed: true})
	if saved["c"].Version != 2 || saved["b"].Version != 2 {
		t.Errorf("a repeated save: %+v", saved)
	}
	// A row that was taken out can be put back with its words, at its place.
	d.saveTasks(second, storage.TaskChange{Task: row("b"), Base: 2})
	if got := d.order(); got != "a b c" {
		t.Errorf("order %s", got)
	}
}

func TestAFormSentTwiceAddsOneTask(t *testing.T) {
	d := planDesk(t)
	change := storage.TaskChange{Task: row(uuid.NewString())}
	d.saveTasks(d.people[staff.Specialist], change)
	if saved := d.saveTasks(d.people[staff.Specialist], change); saved[change.Task.Key].Version != 1 {
		t.Errorf("saved %+v", saved)
	}
	if n := d.count(`select count(*) from draft_tasks`); n != 1 {
		t.Errorf("%d rows", n)
	}
}

func TestWhatNoDraftTakesIsToldAtOnce(t *testing.T) {
	d := planDesk(t)
	ctx, author := context.Background(), d.people[staff.Specialist]
	bad, unit := row("a"), row("b")
	bad.Field, bad.Note = "khong-co", strings.Repeat("x", rules.MaxText+1)
	unit.Lead.Unit, unit.Coordinating = "KHONGCO", []rules.Party{{Unit: "CUNGKHONG", Name: "x"}}
	_, err := d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{{Task: bad}, {Task: row("ok")}}, author)
	if !has(err, rules.FieldUnknown) || !has(err, rules.TextTooLong) {
		t.Errorf("codes and lengths: %v", err)
	}
	_, err = d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{{Task: row("ok")}, {Task: unit}}, author)
	var broken rule.Errors
	if !errors.As(err, &broken) || len(broken) != 2 || broken[0].Field != "task.b.lead" || broken[0].Args[0] != 2 {
		t.Errorf("units: %v", err)
	}
	many := make([]storage.TaskChange, rules.MaxTasks+1)
	for i := range many {
		many[i].Task = row(fmt.Sprintf("t%d", i))
	}
	if _, err = d.db.Store.SaveTasks(ctx, d.id, many, author); !has(err, rules.TooMany) {
		t.Errorf("too many: %v", err)
	}
	if n := d.count(`select count(*) from draft_tasks`); n != 0 {
		t.Errorf("%d rows were saved beside what was refused", n)
	}
	d.saveTasks(author, many[:rules.MaxTasks]...)
	if _, err := d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{{Task: row("x")}}, d.people[staff.DivisionHead]); !has(err, document.NotYourRole) {
		t.Errorf("an outsider: %v", err)
	}
}

func TestReportsHaveNoTable(t *testing.T) {
	d := newDesk(t)
	_, err := d.db.Store.SaveTasks(context.Background(), d.id, []storage.TaskChange{{Task: row("a")}}, d.people[staff.Specialist])
	if !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a task in a report: %v", err)
	}
}

func TestAPlanGoesTheWholeChain(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	n := d.decision(staff.Specialist, document.Submit)
	if _, err := d.db.Store.AddDecision(ctx, n); !has(err, rules.Empty) {
		t.Errorf("a plan without tasks was submitted: %v", err)
	}
	unclear := row("b")
	unclear.Deadline = rules.InQuarter(2028, 1)
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: row("a")}, storage.TaskChange{Task: unclear})
	if _, err := d.db.Store.AddDecision(ctx, d.decision(staff.Specialist, document.Submit)); !has(err, rules.DeadlineOutside) {
		t.Errorf("a deadline outside the year was submitted: %v", err)
	}
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: row("b"), Base: 1})
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.must(staff.Officer, document.Return, document.Drafting)
	changed := row("a")
	changed.Deadline = rules.InQuarter(2027, 3)
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: changed, Base: 1},
		storage.TaskChange{Task: rules.Task{Key: "b"}, Base: 2, Removed: true}, storage.TaskChange{Task: row("c")})
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	d.must(staff.Officer, document.Confirm, document.Approved)

	first, err := d.db.Store.Revision(ctx, d.id, 1)
	if err != nil || len(first.Content.Tasks) != 2 || first.ContentHash != first.Content.Hash() {
		t.Fatalf("the earlier revision: %+v, %v", first.Content.Tasks, err)
	}
	second, err := d.db.Store.Revision(ctx, d.id, 2)
	if err != nil || second.ContentHash != second.Content.Hash() {
		t.Fatalf("the later revision: %v", err)
	}
	var kinds []string
	for _, one := range rules.Differences(first.Content.Tasks, second.Content.Tasks) {
		kinds = append(kinds, string(one.Kind)+" "+one.Key)
	}
	if got := strings.Join(kinds, ", "); got != "changed a, added c, removed b" {
		t.Errorf("differences: %s", got)
	}
	if _, err := d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{{Task: row("d")}}, d.people[staff.Specialist]); !has(err, document.Closed) {
		t.Errorf("a confirmed plan was changed: %v", err)
	}
}

func TestSearchFindsTasks(t *testing.T) {
	d := planDesk(t)
	ctx := context.Background()
	task := row("a")
	task.Name, task.Coordinating = "Xây dựng kho dữ liệu dùng chung", []rules.Party{{Name: "Trung tâm Chuyển đổi số"}}
	d.saveTasks(d.people[staff.Specialist], storage.TaskChange{Task: task})
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	look := func(actor staff.Actor, text string) []storage.Hit {
		found, err := d.db.Store.Search(ctx, actor, storage.SearchQuery{Text: text, Rows: storage.SearchPage})
		if err != nil {
			t.Fatal(err)
		}
		return found.Hits
	}
	own := look(d.people[staff.DivisionHead], "kho du lieu")
	if len(own) != 1 || own[0].Document != d.id || !slices.ContainsFunc(own[0].Snippet, func(p storage.Piece) bool { return p.Marked && p.Text == "kho" }) {
		t.Errorf("the unit's own people find %+v", own)
	}
	if found := look(d.people[staff.Officer], "kho du lieu"); len(found) != 0 {
		t.Errorf("before the signature others find %+v", found)
	}
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	if found := look(d.people[staff.Officer], "chuyển đổi số"); len(found) != 1 {
		t.Errorf("after it they find %+v", found)
	}
}

func TestNamedParties(t *testing.T) {
	d := planDesk(t)
	got, err := d.db.Store.NamedParties(context.Background(), []string{"so tai chinh", "Sở  Y tế", "syt", "Phòng Tổng hợp", ""})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]rules.Party{
		"so tai chinh": {Unit: "STC", Name: "Sở Tài chính"}, "Sở  Y tế": {Unit: "SYT", Name: "Sở Y tế"},
		"syt": {Unit: "SYT", Name: "Sở Y tế"}, "Phòng Tổng hợp": {Name: "Phòng Tổng hợp"}, "": {},
	} {
		if got[name] != want {
			t.Errorf("%q is %+v, want %+v", name, got[name], want)
		}
	}
}
