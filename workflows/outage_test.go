package workflows_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"

	"cchc/activities"
	"cchc/board"
	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/templates/words"
	"cchc/workflows"
)

// trouble is an outage on the real store under the test environment, which skips from
// timer to timer; every activity is run twice.
type trouble struct {
	*life
	board board.Board
	id    int64
	began time.Time
	mark  time.Time
}

func newTrouble(t *testing.T, kind outage.Kind) *trouble {
	t.Helper()
	l := &life{t: t, db: storagetest.Open(t), people: map[staff.Role]staff.Actor{}}
	for role, unit := range map[staff.Role]string{staff.Officer: "SNV", staff.SystemAdmin: "SNV", staff.Director: "SKHCN"} {
		l.people[role] = l.person(role, unit)
	}
	return troubleOf(l, kind, time.Now().Add(-time.Minute))
}

// troubleOf is one among the people who are there.
func troubleOf(l *life, kind outage.Kind, began time.Time) *trouble {
	l.t.Helper()
	public, _ := url.Parse("https://cchc.example.test")
	x := &trouble{life: l, board: board.Board{Folder: l.t.TempDir(), Public: public}, began: began}
	x.open(kind)
	x.begin()
	return x
}

func (x *trouble) open(kind outage.Kind) {
	x.t.Helper()
	var err error
	x.id, err = x.db.Store.OpenOutage(context.Background(), uuid.New(), x.people[staff.SystemAdmin], kind, storage.OutageText{BeganAt: x.began, What: "Hỏng máy chủ"})
	if err != nil {
		x.t.Fatal(err)
	}
	days, err := x.db.Store.Calendar(context.Background())
	if err != nil {
		x.t.Fatal(err)
	}
	x.mark, _ = outage.DefaultRule().Mark(days, outage.Span{From: x.began}, nil)
}

func (x *trouble) begin() {
	var suite testsuite.WorkflowTestSuite
	x.env = suite.NewTestWorkflowEnvironment()
	x.env.SetTestTimeout(time.Minute)
	x.env.RegisterWorkflow(workflows.OutageNotice)
	a := &activities.Activities{Store: x.db.Store, Board: x.board}
	x.env.RegisterActivity(a)
	x.env.OnActivity(a.RecordOutage, mock.Anything, mock.Anything).Return(
		func(ctx context.Context, in activities.OutageLook) (activities.OutageState, error) {
			first, err := a.RecordOutage(ctx, in)
			again, err2 := a.RecordOutage(ctx, in)
			if first != again {
				x.t.Errorf("answers %+v, then %+v", first, again)
			}
			return again, errors.Join(err, err2)
		})
	twice := func(do func(context.Context, activities.OutageStep) error) func(context.Context, activities.OutageStep) error {
		return func(ctx context.Context, in activities.OutageStep) error {
			return errors.Join(do(ctx, in), do(ctx, in))
		}
	}
	x.env.OnActivity(a.WriteOutageNotice, mock.Anything, mock.Anything).Return(twice(a.WriteOutageNotice))
	x.env.OnActivity(a.PublishOutageNotice, mock.Anything, mock.Anything).Return(twice(a.PublishOutageNotice))
	x.env.OnActivity(a.PostOutageNotice, mock.Anything, mock.Anything).Return(twice(a.PostOutageNotice))
}

func (x *trouble) run() {
	x.t.Helper()
	x.env.ExecuteWorkflow(workflows.OutageNotice, x.id)
	if err := x.env.GetWorkflowError(); err != nil || !x.env.IsWorkflowCompleted() {
		x.t.Fatalf("workflow: completed %v, %v", x.env.IsWorkflowCompleted(), err)
	}
}

// at lets something happen at an instant of the skipped time; told: with a signal.
func (x *trouble) at(instant time.Time, told bool, do func()) {
	x.env.RegisterDelayedCallback(func() {
		do()
		if told {
			x.env.SignalWorkflow(workflows.Look, "test")
		}
	}, instant.Sub(x.env.Now()))
}

// ends notes in the skipped time that the software is usable again.
func (x *trouble) ends(at time.Time) {
	x.exec(`update outages set ended_at = $2 where id = $1`, x.id, at)
}

// approve gives both words for the draft.
func (x *trouble) approve() {
	ctx := context.Background()
	all, err := x.db.Store.OutageNotices(ctx, x.id)
	if err != nil {
		x.t.Error(err)
	}
	for _, n := range all {
		if n.PublishedAt != nil || n.WithdrawnAt != nil {
			continue
		}
		for party, role := range map[outage.Party]staff.Role{outage.Authority: staff.Officer, outage.IT: staff.Director} {
			actor := x.people[role]
			err := x.db.Store.GiveOutageWord(ctx, actor, actor.Positions[0], storage.OutageWord{
				Key: uuid.New(), Notice: n.ID, Version: n.Version, Hash: n.Hash, Party: party, Verdict: storage.OutageApprove,
			})
			if err != nil {
				x.t.Error(err)
			}
		}
	}
}

// saw counts rows of the timeline by their event.
func (x *trouble) saw(event string) (n int) {
	x.t.Helper()
	x.query(&n, `select count(*) from outage_events where outage_id = $1 and event = $2`, x.id, event)
	return n
}

func (x *trouble) closing() (how string) {
	x.t.Helper()
	x.query(&how, `select coalesce(closing, '') from outages where id = $1`, x.id)
	return how
}

// It lasts beyond two working days: draft, words, notice, and all clear at its end.
func TestOutageIsToldAndOver(t *testing.T) {
	x := newTrouble(t, outage.Stopped)
	x.at(x.mark.Add(time.Minute), true, func() {
		x.exec(`update outage_notices set number = '12/TB-SNV' where outage_id = $1`, x.id)
		x.exec(`update persons set name = 'Lê Văn Nam' where id in (select person_id from positions where role = 'director')`)
		x.rehash()
		x.approve()
	})
	over := x.mark.Add(3 * 24 * time.Hour)
	x.at(over, true, func() { x.ends(over) })
	x.run()
	for event, want := range map[string]int{
		storage.OutageMarked: 1, storage.OutageDrafted: 2, storage.OutageApproved: 2, storage.OutagePublished: 2, storage.OutageReminded: 0,
		storage.OutageConfirmed: 1, storage.OutageClosed: 1,
	} {
		if got := x.saw(event); got != want {
			t.Errorf("%d of %s, want %d", got, event, want)
		}
	}
	if how := x.closing(); how != string(outage.Noticed) {
		t.Errorf("closed %q", how)
	}
	var units, told int
	x.query(&units, `select count(*) from units`)
	x.query(&told, `select count(distinct unit_code) from notices where kind = 'outage_notice'`)
	if told != units {
		t.Errorf("%d of %d units were told", told, units)
	}
	for _, name := range []string{board.PageFile, board.FeedFile} {
		if content, err := x.board.Read(name); err != nil || len(content) == 0 {
			t.Errorf("%s: %d bytes, %v", name, len(content), err)
		}
	}
	x.printed(2) // the all-clear has no number
}

// printed wants so many announcements, each with a print that the board has too.
func (x *trouble) printed(want int) {
	x.t.Helper()
	announced, err := x.db.Store.Announcements(context.Background(), 10)
	if err != nil || len(announced) != want {
		x.t.Fatalf("%d announcements, %v", len(announced), err)
	}
	for _, n := range announced {
		if content, err := x.board.Read(board.PDFName(n)); err != nil || !strings.HasPrefix(string(content), "%PDF-") {
			x.t.Errorf("print %q of %q: %v", board.PDFName(n), n.Number, err)
		}
	}
}

// What the watcher has brought out comes as words alone: it is printed here.
func TestWatchersNoticeIsPrinted(t *testing.T) {
	x := newTrouble(t, outage.Stopped)
	x.at(x.env.Now().Add(time.Minute), true, func() {
		x.exec(`insert into outage_notices (outage_id, kind, title, paragraphs, content_hash, drafted_at, due_at, published_at, taken_over, told)
			values ($1, 'notice', 'Phần mềm ngừng hoạt động', '["Một."]', repeat('0', 64), now(), now(), now(), true, true)`, x.id)
	})
	x.at(x.env.Now().Add(time.Hour), true, func() { x.ends(x.began.Add(time.Hour)) })
	x.run()
	x.printed(2)
}

// rehash makes the draft's hash that of what stands in it.
func (x *trouble) rehash() {
	all, err := x.db.Store.OutageNotices(context.Background(), x.id)
	if err != nil || len(all) != 1 {
		x.t.Fatalf("%d notices, %v", len(all), err)
	}
	x.exec(`update outage_notices set content_hash = $2 where id = $1`, all[0].ID, all[0].Sum())
}

// A short one ends quietly, with a record and without a word to units.
func TestShortOutageEndsQuietly(t *testing.T) {
	x := newTrouble(t, outage.Stopped)
	over := x.began.Add(2 * time.Hour)
	x.at(over, true, func() { x.ends(over) })
	x.run()
	var notices int
	x.query(&notices, `select count(*) from outage_notices`)
	if x.closing() != string(outage.Quietly) || notices != 0 || x.saw(storage.OutageClosed) != 1 {
		t.Errorf("closed %q with %d notices", x.closing(), notices)
	}
}

// Nobody answers: they are reminded, at half of the time, at its end and then every
// working morning. When the software is usable again the draft says so, is asked about
// anew, and then needs no all-clear besides.
func TestWordsThatComeTooLate(t *testing.T) {
	x := newTrouble(t, outage.Stopped)
	over := x.mark.Add(9 * 24 * time.Hour)
	x.at(over, true, func() { x.ends(over) })
	x.at(over.Add(25*time.Hour), false, x.approve) // the signal is lost: the next reminder finds the words
	x.run()
	days, err := x.db.Store.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	want := days.WorkingDaysBetween(calendar.DayOf(x.mark), calendar.DayOf(over)) // few around Tết
	if n := x.saw(storage.OutageReminded); n < max(want, 1) {
		t.Errorf("reminded %d times, want %d", n, want)
	}
	if x.saw(storage.OutageRewritten) != 1 || x.saw(storage.OutagePublished) != 1 || x.closing() != string(outage.Noticed) {
		t.Errorf("rewritten %d, published %d, closed %q", x.saw(storage.OutageRewritten), x.saw(storage.OutagePublished), x.closing())
	}
	var clear int
	x.query(&clear, `select count(*) from outage_notices where kind = 'all_clear'`)
	if clear != 0 {
		t.Error("an all-clear beside a notice that tells of the end")
	}
}

// It is over and the draft says so; it stops anew before a word comes, and the draft no
// longer says so. The officer's own words stay.
func TestADraftUnsaysTheEnd(t *testing.T) {
	const own = "Lời của cán bộ."
	x := newTrouble(t, outage.Stopped)
	x.at(x.mark.Add(time.Minute), true, func() {
		n := x.draft()
		if err := x.db.Store.EditOutageNotice(context.Background(), n.ID, n.Version, x.people[staff.Officer], outage.Notice{Title: "Thông báo", Text: []string{own}}); err != nil {
			x.t.Error(err)
		}
	})
	over := x.mark.Add(9 * 24 * time.Hour)
	x.at(over, true, func() { x.ends(over) })
	x.at(over.Add(2*time.Hour), true, func() {
		if n := x.draft(); !n.Ended || len(n.Text) != 2 || !words.SaysUsableAgain(n.Text[1]) {
			x.t.Errorf("over: %+v", n)
		}
		x.exec(`update outages set ended_at = null where id = $1`, x.id)
	})
	x.at(over.Add(3*time.Hour), true, func() {
		if n := x.draft(); n.Ended || len(n.Text) != 1 || n.Text[0] != own {
			x.t.Errorf("stopped anew: %+v", n)
		}
		x.ends(over.Add(3 * time.Hour))
	})
	x.at(over.Add(5*time.Hour), true, x.approve)
	x.run()
	n := x.draft()
	if n.PublishedAt == nil || len(n.Text) != 2 || n.Text[0] != own || n.Text[1] != words.UsableAgain(over.Add(3*time.Hour)) || x.closing() != string(outage.Noticed) {
		t.Errorf("told, %s: %+v", x.closing(), n)
	}
}

// draft is the one notice of the outage.
func (x *trouble) draft() storage.OutageNotice {
	all, err := x.db.Store.OutageNotices(context.Background(), x.id)
	if err != nil || len(all) != 1 {
		x.t.Errorf("%d notices, %v", len(all), err)
		return storage.OutageNotice{}
	}
	return all[0]
}

// A risk is told of at once, and ends by somebody's word.
func TestRiskIsToldAtOnce(t *testing.T) {
	x := newTrouble(t, outage.AtRisk)
	x.at(x.env.Now().Add(time.Minute), true, x.approve)
	over := x.env.Now().Add(48 * time.Hour)
	x.at(over, true, func() { x.ends(over) })
	x.run()
	if x.saw(storage.OutagePublished) != 2 || x.closing() != string(outage.Noticed) {
		t.Errorf("published %d, closed %q", x.saw(storage.OutagePublished), x.closing())
	}
	var last string
	x.query(&last, `select title || paragraphs from outage_notices where kind = 'all_clear'`)
	if strings.Contains(last, "hoạt động trở lại") || !strings.Contains(last, "Hết nguy cơ") {
		t.Errorf("nothing had stopped, and units are told: %s", last)
	}
}

// What deadlines became is told also when the outage is closed.
func TestClosedOutageIsToldOfAgain(t *testing.T) {
	x := newTrouble(t, outage.AtRisk)
	x.at(x.env.Now().Add(time.Minute), true, func() {
		if err := x.db.Store.DismissOutage(context.Background(), x.id, 1, x.people[staff.Officer], "Nhầm"); err != nil {
			x.t.Error(err)
		}
	})
	x.run()
	if x.closing() != string(outage.Dismissed) {
		t.Fatalf("closed %q", x.closing())
	}
	content := outage.Notice{Title: "Gia hạn", Text: []string{"Hạn dời đến 12/10/2026."}}
	x.exec(`insert into outage_notices (outage_id, kind, title, paragraphs, content_hash, drafted_at, due_at)
		values ($1, 'deadlines', $2, '["Hạn dời đến 12/10/2026."]', $3, now(), now())`, x.id, content.Title, content.Sum())
	x.begin()
	x.run()
	if x.saw(storage.OutagePublished) != 1 {
		t.Error("it was not published")
	}
}

// A workflow started for an outage that is none ends at once.
func TestForgedOutage(t *testing.T) {
	x := newTrouble(t, outage.Stopped)
	x.id = 4711
	x.run()
}
