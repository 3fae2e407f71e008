package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"cchc/domain/staff"
	"cchc/storage/storagetest/volume"
)

const (
	burstTime = 2 * time.Minute
	signingIn = 8  // people sign in at once
	watched   = 50 // at every so many submissions the next desk keeps its list open
	watching  = 100 * time.Millisecond
)

// submission is one specialist's, from when it was due to be sent.
type submission struct {
	*visitor
	document string
	key      uuid.UUID
	head     *visitor // the next desk, where it is watched
	sent     time.Time
	answered time.Duration // the receipt was read
	listed   time.Duration // the next desk's list had it
	err      error
}

// unitOf is the unit's part of a document's id.
func unitOf(document string) string { return document[strings.LastIndexByte(document, '-')+1:] }

// measureBurst: every unit submits within two minutes, over HTTP, each its own
// full report. Nothing may be lost or doubled; the next desk has it soon.
func (t *town) measureBurst(b *testing.B) {
	t.open(b)
	l := t.big
	if l == nil {
		l = t.launch(b, everyone, later())
	}
	hash := t.write(b, l)
	t.exec(b, `analyze`)
	began := time.Now()
	burst := t.submissions(b, l)
	t.figures.add("sign-ins a second, the password's hash 46 MB each", fmt.Sprintf("%.0f", perSecond(visited(burst), time.Since(began))), "", 0)
	window := burstTime * time.Duration(len(burst)) / time.Duration(volume.City.Units)
	told, stop := t.listen(b)
	before, began := t.cpu(b), time.Now()
	var group sync.WaitGroup
	for i, s := range burst {
		time.Sleep(time.Until(began.Add(window * time.Duration(i) / time.Duration(len(burst)))))
		group.Go(func() { s.err = s.submit(hash) })
	}
	group.Wait()
	cost, parts := t.cpu(b).since(before, len(burst))
	t.figures.add("CPU of one submission, receipt included ("+parts+" ms)", fmt.Sprintf("%.0f ms", cost), "", 0)
	t.Eventually("every submission is answered", 5*time.Minute, func() bool {
		return t.Count(`select count(*) from decisions x join documents d on d.id = x.document_id where d.campaign = $1 and x.outcome is null`, l.code) == 0
	})
	stop()
	t.checkBurst(b, l, burst)
	t.tellBurst(b, burst, told, window)
}

// submissions has everybody signed in and ready.
func (t *town) submissions(b *testing.B, l *launched) []*submission {
	b.Helper()
	burst := make([]*submission, len(l.units))
	var group errgroup.Group
	group.SetLimit(signingIn)
	for i, unit := range l.units {
		burst[i] = &submission{document: l.code + "-" + unit, key: uuid.New()}
		group.Go(func() (err error) {
			if burst[i].visitor, err = t.visit(volume.Username(unit, string(staff.Specialist))); err == nil && i%watched == 0 {
				burst[i].head, err = t.visit(volume.Username(unit, string(staff.DivisionHead)))
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		b.Fatal(err)
	}
	return burst
}

func visited(burst []*submission) int { return len(burst) + (len(burst)+watched-1)/watched }

// submit sends the form that the page before a submission has, and reads the
// receipt it is sent on to.
func (s *submission) submit(hash string) error {
	s.sent = time.Now()
	var group errgroup.Group
	if s.head != nil {
		group.Go(s.watch)
	}
	path := "/documents/" + s.document + "/submit"
	a, err := s.post(path, url.Values{"key": {s.key.String()}, "revision": {"0"}, "content_hash": {hash}})
	s.answered = time.Since(s.sent)
	if err == nil && (a.status != http.StatusOK || a.path != "/decisions/"+s.key.String()) {
		err = fmt.Errorf("%s: %d at %s", path, a.status, a.path)
	}
	if err != nil {
		return err
	}
	return group.Wait()
}

// watch asks for the next desk's list until the document stands in it.
func (s *submission) watch() error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(watching) {
		a, err := s.head.read("/tasks")
		if err := a.in("/tasks", err); err != nil {
			return err
		}
		if strings.Contains(a.body, "/documents/"+s.document) {
			s.listed = time.Since(s.sent)
			return nil
		}
	}
	return fmt.Errorf("%s is not in the next desk's list after a minute", s.document)
}

// listen notes when each decision's answer was told to those who listen: from
// then on it is there for everybody. The map is whole once stop has returned.
func (t *town) listen(b *testing.B) (told map[int64]time.Time, stop func()) {
	b.Helper()
	told = map[int64]time.Time{}
	listener := pq.NewListener(t.Cluster.RoleURL("cchc_app", "cchc"), time.Second, time.Minute, nil)
	if err := listener.Listen("decision"); err != nil {
		b.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() {
		for {
			select {
			case n := <-listener.Notify:
				if n == nil {
					continue
				}
				if id, err := strconv.ParseInt(n.Extra, 10, 64); err == nil {
					told[id] = time.Now()
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return told, func() {
		time.Sleep(time.Second) // the last ones are on their way
		end()
		group.Wait()
		_ = listener.Close()
	}
}

// checkBurst: every submission is there once, in every place.
func (t *town) checkBurst(b *testing.B, l *launched, burst []*submission) {
	b.Helper()
	lost := 0
	for _, s := range burst {
		if s.err != nil {
			if lost++; lost <= 5 {
				b.Errorf("%v", s.err)
			}
		}
	}
	for what, count := range map[string]string{
		"decisions applied once": `select count(*) from decisions x join documents d on d.id = x.document_id where d.campaign = $1 and x.action = 'submit' and x.outcome = 'applied'`,
		"documents a desk on":    `select count(*) from documents d where d.campaign = $1 and d.stage = 'division_review' and d.revision = 1`,
		"revisions":              `select count(*) from revisions r join documents d on d.id = r.document_id where d.campaign = $1`,
		"open tasks of the head": `select count(*) from tasks k join documents d on d.id = k.document_id where d.campaign = $1 and k.closed_at is null and k.role = 'division_head'`,
		"lines in the history":   `select count(*) from history h join documents d on d.id = h.document_id where d.campaign = $1 and h.event = 'submit'`,
	} {
		if n := t.Count(count, l.code); n != len(burst) {
			b.Errorf("%d %s, want %d", n, what, len(burst))
		}
	}
	if b.Failed() {
		b.Fatalf("%d of %d submissions went wrong", lost, len(burst))
	}
}

func (t *town) tellBurst(b *testing.B, burst []*submission, told map[int64]time.Time, window time.Duration) {
	b.Helper()
	var answered, seen, listed []time.Duration
	for _, s := range burst {
		var id int64
		if err := t.Owner.QueryRow(`select id from decisions where key = $1`, s.key).Scan(&id); err != nil {
			b.Fatal(err)
		}
		at, ok := told[id]
		if !ok {
			b.Fatalf("the answer to %s was never told", s.document)
		}
		answered, seen = append(answered, s.answered), append(seen, at.Sub(s.sent))
		if s.head != nil {
			listed = append(listed, s.listed)
		}
	}
	what := fmt.Sprintf("%d submissions in %s, none lost: ", len(burst), seconds(window))
	add := func(name string, values []time.Duration) {
		t.figures.add(what+name+", p50 / p95 / p99 / most", fmt.Sprintf("%d / %d / %d / %d ms", percentile(values, 50).Milliseconds(),
			percentile(values, 95).Milliseconds(), percentile(values, 99).Milliseconds(), percentile(values, 100).Milliseconds()), "", 0)
	}
	add("there for the next desk", seen)
	add(fmt.Sprintf("seen in the next desk's list (%d of them, asked every %d ms)", len(listed), watching.Milliseconds()), listed)
	add("receipt read by the specialist", answered)
}
