package storage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// mishap is a city whose software stops.
type mishap struct {
	*desk
	officer, admin, it staff.Actor
}

func newMishap(t *testing.T) *mishap {
	t.Helper()
	m := &mishap{desk: &desk{t: t, db: storagetest.Open(t)}}
	m.officer = m.person("officer", staff.Officer, "SNV")
	m.admin = m.person("admin", staff.SystemAdmin, "SNV")
	m.it = m.person("it", staff.Director, "SKHCN")
	m.person("head", staff.Director, "STC")
	return m
}

// ended is a stretch that was over so long ago, and lasted so long.
func ended(ago, length time.Duration) outage.Span {
	to := time.Now().Add(-ago).Truncate(time.Second)
	return outage.Span{From: to.Add(-length), To: to}
}

func (m *mishap) report(r outage.Report) outage.Known {
	m.t.Helper()
	known, err := m.db.Store.TakeOutageReport(context.Background(), r)
	if err != nil {
		m.t.Fatal(err)
	}
	return known
}

func (m *mishap) record(id int64, passed time.Time) storage.OutageState {
	m.t.Helper()
	state, err := m.db.Store.RecordOutage(context.Background(), id, passed, "run")
	if err != nil {
		m.t.Fatal(err)
	}
	return state
}

// only is the id of the one outage that there is.
func (m *mishap) only() int64 {
	m.t.Helper()
	all, err := m.db.Store.Outages(context.Background(), 10)
	if err != nil || len(all) != 1 {
		m.t.Fatalf("%d outages, %v, want one", len(all), err)
	}
	return all[0].ID
}

// words is a content for a draft.
func content(text string) outage.Notice {
	return outage.Notice{Title: "Phần mềm ngừng hoạt động", Text: []string{text}}
}

// The rule that the migration lays down is the one of the domain.
func TestOutageRuleIsTheDomains(t *testing.T) {
	m := newMishap(t)
	h, err := m.db.Store.OutageHandling(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := fmt.Sprintf("%+v", h.Rule), fmt.Sprintf("%+v", outage.DefaultRule()); got != want || h.ITUnit != "SKHCN" {
		t.Errorf("%s at %s, want %s", got, h.ITUnit, want)
	}
}

func TestOutageRuleIsEditedOnce(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	h, _ := s.OutageHandling(ctx)
	first := h.ID
	h.ApprovalHours, h.Reason, h.ITUnit = 8, "Thêm thời gian", "SNV"
	key := uuid.New()
	for range 2 { // a double click
		if err := s.AddOutageHandling(ctx, key, m.admin.Person, first, h); err != nil {
			t.Fatal(err)
		}
	}
	var broken rule.Errors
	if err := s.AddOutageHandling(ctx, uuid.New(), m.admin.Person, first, h); !errors.As(err, &broken) || !broken.Has(storage.OutageChanged) {
		t.Errorf("an edit of what was edited meanwhile: %v", err)
	}
	bad := h
	bad.ITUnit, bad.Reason, bad.ApprovalHours, bad.Rule.Days, bad.SiteURL = "NOBODY", "", 0, 0, "javascript:alert(1)"
	err := s.AddOutageHandling(ctx, uuid.New(), m.admin.Person, first, bad)
	for _, code := range []rule.Code{storage.ITUnitUnknown, storage.TextMissing, storage.HoursBad, storage.SiteURLBad, outage.DaysBad} {
		if !errors.As(err, &broken) || !broken.Has(code) {
			t.Errorf("%v lacks %s", err, code)
		}
	}
	all, err := s.OutageHandlings(ctx)
	if err != nil || len(all) != 2 || all[0].ApprovalHours != 8 || all[0].EditedBy == "" {
		t.Errorf("history %+v, %v", all, err)
	}
}

// A heart that stops leaves a gap, which becomes an outage when the rule says so, and
// nothing otherwise.
func TestGapBecomesAnOutage(t *testing.T) {
	for _, row := range []struct {
		why     string
		program string
		silent  time.Duration
		windows bool
		opened  int
	}{
		{"a restart", storage.BeatServer, 40 * time.Second, false, 0},
		{"shorter than an outage", storage.BeatServer, 9 * time.Minute, false, 0},
		{"an outage", storage.BeatServer, 11 * time.Minute, false, 1},
		{"without the worker people still hand in", storage.BeatWorker, 3 * time.Hour, false, 0},
		{"maintenance that was announced", storage.BeatServer, time.Hour, true, 0},
	} {
		t.Run(row.why, func(t *testing.T) {
			m := newMishap(t)
			ctx := context.Background()
			if row.windows {
				m.exec(`insert into maintenance_windows (key, from_at, to_at, purpose, announced_at, announced_by)
					values (gen_random_uuid(), now() - interval '2 hours', now() + interval '1 hour', 'x', now() - interval '3 days', $1)`, m.admin.Person)
			}
			if err := m.db.Store.Beat(ctx, row.program); err != nil {
				t.Fatal(err)
			}
			m.exec(`update heartbeats set at = at - $1 * interval '1 second'`, row.silent.Seconds())
			for range 2 { // the second beat comes in time
				if err := m.db.Store.Beat(ctx, row.program); err != nil {
					t.Fatal(err)
				}
				if _, err := m.db.Store.SettleGaps(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if got := m.count(`select count(*) from outages where source = 'gap' and ended_at is not null`); got != row.opened {
				t.Errorf("%d outages, want %d", got, row.opened)
			}
			if got := m.count(`select count(*) from outage_events`); got != 2*row.opened {
				t.Errorf("%d lines of a timeline, want %d", got, 2*row.opened)
			}
		})
	}
}

// What a gap, the watcher and a person tell of the same time is one outage, and what
// somebody has laid down only somebody ends.
func TestSourcesTellOfOneOutage(t *testing.T) {
	m := newMishap(t)
	ctx := context.Background()
	seen := ended(5*time.Minute, 3*time.Hour)
	m.report(outage.Report{ID: "w1", Version: 1, Span: outage.Span{From: seen.From}})
	m.exec(`insert into heartbeat_gaps (program, from_at, to_at) values ('server', $1, $2)`, seen.From.Add(-time.Minute), seen.To)
	if _, err := m.db.Store.SettleGaps(ctx); err != nil {
		t.Fatal(err)
	}
	id := m.only()
	one, err := m.db.Store.Outage(ctx, id)
	if err != nil || !one.BeganAt.Equal(seen.From.Add(-time.Minute)) || one.EndedAt == nil || !one.EndedAt.Equal(seen.To) {
		t.Errorf("%+v, %v", one, err)
	}
	for version := 2; version >= 1; version-- { // the older one comes late
		m.report(outage.Report{ID: "w1", Version: version, Span: outage.Span{From: seen.From, To: seen.To.Add(time.Duration(version-1) * time.Minute)}})
	}
	if one, _ = m.db.Store.Outage(ctx, m.only()); !one.EndedAt.Equal(seen.To.Add(time.Minute)) {
		t.Errorf("ended %v", one.EndedAt)
	}

	hand, err := m.db.Store.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().Add(-50 * time.Hour), What: "Mất điện"})
	if err != nil {
		t.Fatal(err)
	}
	m.exec(`update outages set closed_at = now(), closing = 'quiet' where id = $1`, id)
	m.report(outage.Report{ID: "w2", Version: 1, Span: ended(time.Hour, 30*time.Minute)})
	if one, _ = m.db.Store.Outage(ctx, hand); one.EndedAt != nil {
		t.Error("the watcher has ended what a person laid down")
	}
	if n := m.count(`select count(*) from outages`); n != 2 {
		t.Errorf("%d outages, want 2", n)
	}
}

// One that ends before the mark is closed quietly once it has stayed usable, and is
// taken up again when the software stops again at once.
func TestOutageEndsQuietly(t *testing.T) {
	m := newMishap(t)
	ctx := context.Background()
	seen := ended(10*time.Minute, time.Hour)
	m.report(outage.Report{ID: "w1", Version: 1, Span: seen})
	id := m.only()
	state := m.record(id, time.Time{})
	if state.Step != outage.Wait || !state.Wake.Equal(seen.To.Add(30*time.Minute)) || state.Phase != storage.PhaseSettling {
		t.Fatalf("%+v, want to wait half an hour", state)
	}
	for range 2 { // the answer was lost
		if state = m.record(id, state.Wake); state.Step != outage.Over {
			t.Fatalf("%+v, want to be over", state)
		}
		state.Wake = seen.To.Add(30 * time.Minute)
	}
	one, _ := m.db.Store.Outage(ctx, id)
	if one.Closing != outage.Quietly || m.count(`select count(*) from outage_notices`) != 0 || m.count(`select count(*) from notices where kind = 'outage_notice'`) != 0 {
		t.Errorf("closed %q", one.Closing)
	}
	if ids, err := m.db.Store.ClaimOutages(ctx, 10); err != nil || len(ids) != 0 {
		t.Errorf("a closed outage is woken: %v, %v", ids, err)
	}
	m.report(outage.Report{ID: "w1", Version: 2, Span: outage.Span{From: seen.From, To: seen.To.Add(5 * time.Minute)}})
	if one, _ = m.db.Store.Outage(ctx, id); one.ClosedAt != nil {
		t.Error("it lasted longer, and stays closed")
	}
	if ids, err := m.db.Store.ClaimOutages(ctx, 10); err != nil || !slices.Equal(ids, []int64{id}) {
		t.Errorf("it is not woken: %v, %v", ids, err)
	}
}

// The whole road: the mark, a draft, a return, a new draft, both words, publication,
// the end, all clear. Each step is called twice.
func TestOutageGoesItsRoad(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	id, err := s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().AddDate(0, 0, -20), What: "Hỏng máy chủ"})
	if err != nil {
		t.Fatal(err)
	}
	state := m.record(id, time.Time{})
	if state.Step != outage.WriteNotice || state.Mark.IsZero() {
		t.Fatalf("%+v, want a draft", state)
	}
	for range 2 {
		if err := s.SaveOutageDraft(ctx, id, outage.TheNotice, 0, content("Một"), false); err != nil {
			t.Fatal(err)
		}
	}
	if state = m.record(id, time.Time{}); state.Step != outage.Wait || state.Phase != storage.PhaseAsked || state.Wake.IsZero() {
		t.Fatalf("%+v, want to wait for words", state)
	}
	asked, err := s.AskedNotices(ctx, m.it)
	if err != nil || len(asked) != 1 {
		t.Fatalf("the IT department is asked for %d words, %v", len(asked), err)
	}
	m.reminded(id, state)
	draft := m.notice(id)
	say := func(actor staff.Actor, party outage.Party, verdict storage.OutageVerdict, version int, hash string) error {
		return s.GiveOutageWord(ctx, actor, actor.Positions[0], storage.OutageWord{
			Key: uuid.New(), Notice: draft.ID, Version: version, Hash: hash, Party: party, Verdict: verdict, Reason: "Nêu rõ nguyên nhân",
		})
	}
	wants := func(err error, code rule.Code) {
		t.Helper()
		var broken rule.Errors
		if !errors.As(err, &broken) || !broken.Has(code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	if err := say(m.it, outage.IT, storage.OutageReturn, 1, draft.Hash); err != nil {
		t.Fatal(err)
	}
	wants(say(m.it, outage.IT, storage.OutageApprove, 1, draft.Hash), storage.WordGiven)
	wants(say(m.officer, outage.Authority, storage.OutageApprove, 1, "other"), storage.OutageChanged)
	if asked, _ = s.AskedNotices(ctx, m.it); len(asked) != 0 {
		t.Error("a draft that was returned is still asked about")
	}
	better := content("Hai")
	better.Number = "12/TB-SNV"
	if err := s.EditOutageNotice(ctx, draft.ID, 1, m.officer, better); err != nil {
		t.Fatal(err)
	}
	wants(s.EditOutageNotice(ctx, draft.ID, 1, m.officer, content("Ba")), storage.OutageChanged)
	wants(say(m.officer, outage.Authority, storage.OutageApprove, 1, draft.Hash), storage.OutageChanged)
	draft = m.notice(id)
	for actor, party := range map[*staff.Actor]outage.Party{&m.it: outage.IT, &m.officer: outage.Authority} {
		if state := m.record(id, time.Time{}); state.Step != outage.Wait {
			t.Errorf("%+v before both words are there", state)
		}
		if err := say(*actor, party, storage.OutageApprove, draft.Version, draft.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if state = m.record(id, time.Time{}); state.Step != outage.PublishNotice {
		t.Fatalf("%+v, want to publish", state)
	}
	if err := s.PublishOutageNotice(ctx, draft.ID, "other", nil); err != nil || m.notice(id).PublishedAt != nil {
		t.Errorf("what was not printed is published, %v", err)
	}
	for range 2 {
		if err := s.PublishOutageNotice(ctx, draft.ID, draft.Hash, []byte("%PDF")); err != nil {
			t.Fatal(err)
		}
	}
	wants(s.EditOutageNotice(ctx, draft.ID, draft.Version, m.officer, content("Bốn")), storage.NoticeFixed)
	if n := m.count(`select count(distinct unit_code) from notices where kind = 'outage_notice'`); n != m.count(`select count(*) from units`) {
		t.Errorf("%d units were told", n)
	}
	if err := s.MarkOutagePosted(ctx, draft.ID); err != nil {
		t.Fatal(err)
	}
	one, _ := s.Outage(ctx, id)
	if one.ConfirmedAt == nil {
		t.Error("the authority has told units, and the outage is not confirmed")
	}
	wants(s.DismissOutage(ctx, id, one.Version, m.officer, "Nhầm"), storage.OutageTold)
	if err := s.EndOutage(ctx, id, one.Version, m.admin, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if state = m.record(id, time.Time{}); state.Step != outage.WriteAllClear {
		t.Fatalf("%+v, want an all-clear", state)
	}
	if err := s.SaveOutageDraft(ctx, id, outage.AllClear, 0, content("Đã hoạt động"), true); err != nil {
		t.Fatal(err)
	}
	state = m.record(id, time.Time{})
	if err := s.PublishOutageNotice(ctx, state.Notice, content("Đã hoạt động").Sum(), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.MarkOutagePosted(ctx, state.Notice); err != nil {
		t.Fatal(err)
	}
	if state = m.record(id, time.Time{}); state.Step != outage.Over {
		t.Fatalf("%+v, want to be over", state)
	}
	announced, err := s.Announcements(ctx, 10)
	if err != nil || len(announced) != 2 || announced[0].Kind != outage.AllClear || announced[1].Number != "12/TB-SNV" {
		t.Errorf("announced %+v, %v", announced, err)
	}
	if announced[0].PDFHash != "" || announced[1].PDFHash == "" {
		t.Errorf("prints %q and %q: the all-clear has none", announced[0].PDFHash, announced[1].PDFHash)
	}
	timeline, err := s.OutageTimeline(ctx, id)
	if err != nil || len(timeline) < 12 {
		t.Errorf("%d lines of the timeline, %v", len(timeline), err)
	}
	for _, line := range timeline {
		if !json.Valid(line.Raw) || line.Event == storage.OutageApproved && line.Detail().Party == "" {
			t.Errorf("%+v tells nothing", line)
		}
	}
}

// reminded lets the next reminder pass, twice.
func (m *mishap) reminded(id int64, state storage.OutageState) {
	m.t.Helper()
	before := m.count(`select count(*) from notices where kind = 'outage_approval'`)
	for range 2 {
		m.record(id, state.Wake)
	}
	if after := m.count(`select count(*) from notices where kind = 'outage_approval'`); after != 2*before || before == 0 {
		m.t.Errorf("%d people asked, %d after a reminder", before, after)
	}
}

// notice is the outage's notice that is not withdrawn.
func (m *mishap) notice(id int64) storage.OutageNotice {
	m.t.Helper()
	all, err := m.db.Store.OutageNotices(context.Background(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, n := range all {
		if n.Kind == outage.TheNotice && n.WithdrawnAt == nil {
			return n
		}
	}
	m.t.Fatal("no notice")
	return storage.OutageNotice{}
}

func TestMaintenanceIsAnnouncedAndTakenBack(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	soon := outage.Span{From: time.Now().Add(48 * time.Hour), To: time.Now().Add(50 * time.Hour)}
	key := uuid.New()
	for range 2 {
		if err := s.AnnounceMaintenance(ctx, key, m.admin.Person, soon, "Nâng cấp"); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.MaintenanceWindows(ctx, 10)
	if err != nil || len(all) != 1 || m.count(`select count(*) from notices where kind = 'maintenance' and unit_code = 'STC'`) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	for why, bad := range map[string]outage.Span{
		"it ends before it begins": {From: soon.To, To: soon.From}, "it has no end": {From: soon.From},
		"it is over": ended(time.Hour, time.Hour), "it is too long": {From: soon.From, To: soon.From.AddDate(0, 1, 0)},
	} {
		var broken rule.Errors
		if err := s.AnnounceMaintenance(ctx, uuid.New(), m.admin.Person, bad, "x"); !errors.As(err, &broken) {
			t.Errorf("%s: %v", why, err)
		}
	}
	for range 2 {
		if err := s.CancelMaintenance(ctx, all[0].ID, m.admin.Person, "Hoãn"); err != nil {
			t.Fatal(err)
		}
	}
	if coming, _ := s.ComingMaintenance(ctx); len(coming) != 0 || m.count(`select count(*) from notices where kind = 'maintenance_off' and unit_code = 'STC'`) != 1 {
		t.Errorf("still to come: %+v", coming)
	}
}

// What a person lays down, corrects, ends and dismisses.
func TestOutageByHand(t *testing.T) {
	m := newMishap(t)
	ctx, s := context.Background(), m.db.Store
	began := time.Now().Add(-2 * time.Hour).Truncate(time.Second)
	text := storage.OutageText{BeganAt: began, What: "Không ký số được"}
	key := uuid.New()
	var id int64
	for range 2 {
		var err error
		if id, err = s.OpenOutage(ctx, key, m.admin, outage.Stopped, text); err != nil {
			t.Fatal(err)
		}
	}
	if m.only() != id || m.count(`select count(*) from notices where kind = 'outage_opened' and person_id is not null`) != 2 {
		t.Error("those who look after the software were not told once")
	}
	wants := func(err error, code rule.Code) {
		t.Helper()
		var broken rule.Errors
		if !errors.As(err, &broken) || !broken.Has(code) {
			t.Errorf("%v, want %s", err, code)
		}
	}
	_, err := s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: time.Now().Add(time.Hour), What: "x"})
	wants(err, storage.OutageWhen)
	_, err = s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: began})
	wants(err, storage.TextMissing)
	_, err = s.OpenOutage(ctx, uuid.New(), m.admin, outage.Stopped, storage.OutageText{BeganAt: began.AddDate(-1, 0, 0), What: "Gõ nhầm năm"})
	wants(err, storage.OutageLongAgo)
	wants(s.EditOutage(ctx, id, 1, m.admin, storage.OutageText{BeganAt: began.AddDate(-1, 0, 0), What: "Gõ nhầm năm"}), storage.OutageLongAgo)
	text.BeganAt = began.Add(-time.Hour)
	if err := s.EditOutage(ctx, id, 1, m.admin, text); err != nil {
		t.Fatal(err)
	}
	wants(s.EditOutage(ctx, id, 1, m.admin, text), storage.OutageChanged)
	wants(s.EndOutage(ctx, id, 2, m.admin, text.BeganAt), storage.OutageWhen)
	if err := s.ConfirmOutage(ctx, id, 2, m.officer); err != nil {
		t.Fatal(err)
	}
	wants(s.DismissOutage(ctx, id, 3, m.officer, "Nhầm"), storage.OutageTold)
	text.BeganAt = began
	if err := s.EditOutage(ctx, id, 3, m.admin, text); err != nil {
		t.Fatal(err)
	}
	if one, _ := s.Outage(ctx, id); !one.BeganAt.Equal(began.Add(-time.Hour)) {
		t.Error("the beginning of a confirmed outage was moved: clocks stand still from there on")
	}
	other, err := s.OpenOutage(ctx, uuid.New(), m.officer, outage.AtRisk, storage.OutageText{BeganAt: began, What: "Bão"})
	if err != nil {
		t.Fatal(err)
	}
	if state := m.record(other, time.Time{}); state.Step != outage.WriteNotice {
		t.Errorf("a risk: %+v", state)
	}
	if err := s.DismissOutage(ctx, other, 1, m.officer, "Bão đã đổi hướng"); err != nil {
		t.Fatal(err)
	}
	if state := m.record(other, time.Time{}); state.Step != outage.Over {
		t.Errorf("a risk that was none: %+v", state)
	}
}
