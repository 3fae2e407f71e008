package storage_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/outage"
)

// What the watcher has published while everything was down is taken over: nobody whose
// mail was accepted gets another one, those it could not reach get theirs, once it is
// done, and however often it tells.
func TestWatchersNoticeIsTakenOver(t *testing.T) {
	m := newMishap(t)
	ctx := context.Background()
	m.exec(`update persons set mail = ' Head@Example.test' where id in (select person_id from positions where unit_code = 'STC' and role = 'director')`)
	m.exec(`update persons set mail = '' where id in (select person_id from positions where role = 'officer')`)
	seen := ended(2*time.Hour, 20*24*time.Hour)
	released := &outage.Notice{
		Drafted: seen.From.AddDate(0, 0, 4), Title: "Phần mềm ngừng hoạt động", Text: []string{"Một"}, Released: seen.From.AddDate(0, 0, 5),
		Approvals: []outage.Approval{{Party: outage.Authority, Name: "Phạm Đức Long", Mail: "x@example.test", At: seen.From.AddDate(0, 0, 5), Road: "link"}},
		Sent:      []outage.Delivery{{Mail: "head@example.test", Accepted: seen.From.AddDate(0, 0, 5)}, {Mail: "it@example.test"}},
	}
	report := outage.Report{ID: "w1", Version: 1, Span: outage.Span{From: seen.From}, Notice: released}
	for range 2 {
		if known := m.report(report); known.Leads || known.Report != "w1" {
			t.Errorf("the server leads against a watcher that has told units: %+v", known)
		}
	}
	id := m.only()
	if one, _ := m.db.Store.Outage(ctx, id); one.ConfirmedAt == nil || one.ConfirmedBy != "" {
		t.Errorf("confirmed %+v", one)
	}
	n := m.notice(id)
	if !n.TakenOver || n.PublishedAt == nil || m.count(`select count(*) from notices where kind = 'outage_notice'`) != 0 {
		t.Fatalf("%+v while the watcher still sends", n)
	}
	if words, err := m.db.Store.OutageWords(ctx, n.ID); err != nil || len(words) != 1 || words[0].Road != "link" {
		t.Errorf("words %+v, %v", words, err)
	}
	if state := m.record(id, time.Time{}); state.Step != outage.PostNotice {
		t.Errorf("%+v, want the page to show it", state)
	}
	if err := m.db.Store.MarkOutagePosted(ctx, n.ID); err != nil {
		t.Fatal(err)
	}
	done := *released
	done.Done = seen.From.AddDate(0, 0, 6)
	done.Sent[1].Refused = done.Done
	report.Version, report.Notice, report.Span = 2, &done, seen
	for range 2 {
		m.report(report)
	}
	told := func(state, unit string) int {
		return m.count(`select count(*) from notices where kind = 'outage_notice' and mail_state = $1 and unit_code = $2`, state, unit)
	}
	if told("sent", "STC") != 1 || told("queued", "STC") != 0 || told("queued", "SKHCN") != 1 {
		t.Error("the mails that are left are not those that the watcher could not hand in")
	}
	all := done
	all.Drafted, all.Released, all.Done = seen.To, seen.To, seen.To
	report.Version, report.AllClear = 3, &all
	m.report(report)
	if n := m.count(`select count(*) from outage_notices where kind = 'all_clear' and taken_over and told`); n != 1 {
		t.Errorf("%d all-clears", n)
	}
}

// A draft of the server's own that has not gone out gives way to what the watcher has
// published; one that has gone out stays, and the watcher is told to stand back.
func TestServerOrWatcherLeads(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	seen := outage.Span{From: time.Now().AddDate(0, 0, -20).Truncate(time.Second)}
	report := outage.Report{ID: "w1", Version: 1, Span: seen, Notice: &outage.Notice{Drafted: seen.From, Title: "x", Text: []string{"y"}}}
	if m.report(report).Leads {
		t.Error("the server leads before it has drafted anything")
	}
	id := m.only()
	if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, 0, content("Một"), false); err != nil {
		t.Fatal(err)
	}
	if !m.report(report).Leads {
		t.Error("the server has a draft and does not lead")
	}
	m.record(id, time.Time{})
	facts, err := s.OutageFacts(ctx)
	if err != nil || len(facts.Known) != 1 || !facts.Known[0].Leads || facts.Known[0].Report != "w1" {
		t.Errorf("facts %+v, %v", facts.Known, err)
	}
	report.Version, report.Notice.Released = 2, time.Now()
	if m.report(report).Leads {
		t.Error("the server leads though the watcher has told units")
	}
	if ids, err := s.ClaimOutages(ctx, 10); err != nil || !slices.Equal(ids, []int64{id}) {
		t.Errorf("page and feed are not told: %v, %v", ids, err)
	}
	if n := m.notice(id); !n.TakenOver || m.count(`select count(*) from outage_notices where withdrawn_at is not null`) != 1 {
		t.Errorf("%+v", n)
	}
}

// What was found to be none does not swallow the outage that comes weeks after it, nor
// does it keep the watcher, which has told units of it, from being heard.
func TestDismissedOutageIsOver(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	seen := outage.Span{From: time.Now().AddDate(0, 0, -20).Truncate(time.Second)}
	report := outage.Report{ID: "w1", Version: 1, Span: seen}
	m.report(report)
	id := m.only()
	if err := s.DismissOutage(ctx, id, 1, m.officer, "Đường truyền của máy giám sát đứt"); err != nil {
		t.Fatal(err)
	}
	m.exec(`update outages set dismissed_at = dismissed_at - interval '19 days'`)
	if state := m.record(id, time.Time{}); state.Step != outage.Over {
		t.Fatalf("%+v, want to be over", state)
	}
	report.Version, report.Notice = 2, &outage.Notice{
		Drafted: seen.From, Title: "x", Text: []string{"y"}, Released: time.Now(),
		Approvals: []outage.Approval{{Party: outage.Authority, Name: "Phạm Đức Long", At: time.Now(), Road: "command"}},
	}
	m.report(report)
	if n := m.notice(id); !n.TakenOver || m.count(`select count(*) from outages where confirmed_at is not null`) != 0 {
		t.Errorf("%+v, confirmed against the word that it was none", n)
	}
	m.report(outage.Report{ID: "w2", Version: 1, Span: ended(time.Hour, 3*time.Hour)})
	if n := m.count(`select count(*) from outages where dismissed_at is null`); n != 1 {
		t.Errorf("%d outages after the one that was none, want 1", n)
	}
}

func TestOutageFacts(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	if err := s.AnnounceMaintenance(ctx, uuid.New(), m.admin.Person, outage.Span{From: time.Now().Add(48 * time.Hour), To: time.Now().Add(50 * time.Hour)}, "Nâng cấp"); err != nil {
		t.Fatal(err)
	}
	f, err := s.OutageFacts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Windows) != 1 || len(f.Marks) == 0 || f.Rule.Days != 2 || f.Letterhead.ITAgency != "Sở Khoa học và Công nghệ" || f.Letterhead.Symbol != "TB-SNV" {
		t.Errorf("facts %+v", f)
	}
	if !slices.Equal(f.Needs, []outage.Party{outage.Authority, outage.IT}) {
		t.Errorf("needs %v", f.Needs)
	}
	units := map[string]bool{}
	for _, c := range f.Contacts {
		units[c.Unit] = true
	}
	if got := m.count(`select count(*) from units`); len(units) != got || len(outage.Unreached(f.Contacts)) != got-2 {
		t.Errorf("%d units of %d, %d without an address", len(units), got, len(outage.Unreached(f.Contacts)))
	}
	parties := map[outage.Party]int{}
	for _, o := range f.Officers {
		parties[o.Party]++
	}
	if parties[outage.Authority] != 1 || parties[outage.IT] != 1 || parties[""] != 1 {
		t.Errorf("officers %+v", f.Officers)
	}
}
