package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/server/notary"
	"cchc/server/web"
	"cchc/storage/storagetest"
)

// small is a year of the units on the sign-in page alone, over the real store.
// Temporal's part, calling RecordDecisions when told to look, is played by the
// real transaction.
type small struct {
	*storagetest.Database
	t      *testing.T
	folder string
	mutex  sync.Mutex
	said   []string
	looks  int
}

func newSmall(t *testing.T) *small {
	t.Helper()
	s := &small{Database: storagetest.Open(t), t: t, folder: t.TempDir()}
	if err := s.Store.SeedDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.keyring().Prepare(); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *small) keyring() Keyring { return NewKeyring(s.folder, filepath.Join(s.folder, "roots.pem")) }

// year is a newly started program that is killed at its looks-th look at the
// workflow (0: never): in turn just before the decision is answered and just
// after.
func (s *small) run(looks int) error {
	s.t.Helper()
	keys, err := notary.ReadKeys(s.folder, filepath.Join(s.folder, "roots.pem"))
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, kill := context.WithCancel(s.t.Context())
	defer kill()
	left := looks
	y := &Year{
		Store: s.Store, Answers: s.Store.Answers(), Keys: s.keyring(), Log: slog.New(slog.DiscardHandler),
		Notary: notary.Notary{Store: s.Store, Keys: keys, Layout: web.Report, Log: slog.Default()},
		Launch: func(ctx context.Context, code string) error { return s.Store.MarkCampaignStarted(ctx, code) },
		Only:   []string{"STC", "SYT", "27664", "SNV"},
		Say: func(format string, args ...any) {
			s.mutex.Lock()
			defer s.mutex.Unlock()
			s.said = append(s.said, fmt.Sprintf(format, args...))
		},
	}
	y.Look = func(ctx context.Context, id string, _ document.Stage, _ string) error {
		s.mutex.Lock()
		left--
		s.looks++
		last, before := left == 0, s.looks%2 == 0
		s.mutex.Unlock()
		if last && before {
			kill()
			return ctx.Err()
		}
		_, err := s.Store.RecordDecisions(context.WithoutCancel(ctx), id, time.Time{}, "run")
		if last {
			kill()
		}
		return err
	}
	return y.Run(ctx)
}

func (s *small) count(query string) (n int) {
	s.t.Helper()
	if err := s.Owner.QueryRow(query).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// Killed over and over, the year goes on where it stopped and comes out the same:
// nothing lost, nothing twice, nothing left half done. Once complete it is over.
func TestYearSurvivesBeingKilled(t *testing.T) {
	s := newSmall(t)
	kills := 0
	for err := s.run(3); err != nil; err = s.run(3 + kills%4) {
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		// The engine's relay answers what the dead program left unanswered.
		s.relay()
		if kills++; kills > 200 {
			t.Fatal("does not come to an end")
		}
	}
	t.Logf("killed %d times", kills)
	// Four quarters of four units straight; of the present one SNV approved, Can
	// Gio returned, SYT to be reviewed, STC a draft.
	const decided = 4*4*4 + 4 + 4 + 1 + 1 + 1 // two are extended
	for what, want := range map[string]int{
		`select count(*) from campaigns`:                                                                                   5,
		`select count(*) from documents`:                                                                                   20,
		`select count(*) from decisions where outcome = 'applied'`:                                                         decided,
		`select count(*) from decisions where outcome is distinct from 'applied'`:                                          0,
		`select count(*) from documents where stage = 'approved'`:                                                          17,
		`select count(*) from documents where status = 'returned'`:                                                         1,
		`select count(*) from documents where status = 'division_review'`:                                                  1,
		`select count(*) from documents where status = 'drafting'`:                                                         1,
		`select count(*) from signing_attempts where state = 'signed'`:                                                     18,
		`select count(*) from notices n join positions p using (person_id) where p.role = 'officer' and n.read_at is null`: 2 * unread,
		`select count(*) from documents where extended_at is not null`:                                                     2,
		`select count(*) from (select from revisions group by document_id having count(*) > 1) x`:                          0,
	} {
		if got := s.count(what); got != want {
			t.Errorf("%s: %d, want %d", what, got, want)
		}
	}
	if len(s.said) == 0 || !strings.Contains(s.said[len(s.said)-1], "complete") {
		t.Errorf("says %q", s.said)
	}
	s.said = nil
	if err := s.run(1); err != nil || len(s.said) > 0 || s.count(`select count(*) from decisions`) != decided {
		t.Errorf("once complete it goes on: %v, %q", err, s.said)
	}
}

// relay answers the decisions that wait.
func (s *small) relay() {
	s.t.Helper()
	rows, err := s.Owner.Query(`select distinct document_id from decisions where outcome is null`)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.Store.RecordDecisions(s.t.Context(), id, time.Time{}, "run"); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
}

// Where somebody works already, nothing is added.
func TestYearLeavesOwnCampaignsAlone(t *testing.T) {
	s := newSmall(t)
	if _, err := s.Owner.Exec(`
		insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to,
			due_day, due_inclusive, due_cutoff, due_shift, due_at, ladder, confirm_days, resubmit_days,
			confirm_ladder, guidance, launched_by, launched_at)
		select 'own', gen_random_uuid(), 'report', 'Own', 'bc-cchc-quy', 1, '2026q3', '2026-06-15', '2026-09-14',
			'2026-09-17', false, 1440, 'none', '2026-09-17', '[]', 2, 3, '[]', '', min(id), now() from persons`); err != nil {
		t.Fatal(err)
	}
	if err := s.run(0); err != nil {
		t.Fatal(err)
	}
	if n := s.count(`select count(*) from campaigns`); n != 1 || len(s.said) != 1 {
		t.Errorf("%d campaigns, says %q", n, s.said)
	}
}
