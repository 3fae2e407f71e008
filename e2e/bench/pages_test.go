package bench

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cchc/e2e/stack"
	"cchc/storage/storagetest/volume"
)

// readers read at once; each page is read as often as readings, half before and
// half after its floor's half.
//
// A reader looks at a page for a glance before asking for the next: together
// they read some 60 pages a second, as 4,000 people do who each read one a
// minute. Without a glance the same is asked as fast as two cores can answer.
const (
	readers  = 8
	readings = 480
	glance   = 100 * time.Millisecond
	noPause  = time.Duration(0)
)

// read is one page with the addresses under which it is asked for in turn.
type pageRead struct {
	name  string
	who   string // username
	paths []string
	rows  int // links to documents that each must have at least
}

// measurePages: the pages that grow with the city, beside the statements they
// run. Engine and worker rest meanwhile: no page asks them for anything.
func (t *town) measurePages(b *testing.B) {
	t.open(b)
	t.Kill(stack.Worker, stack.Temporal)
	defer t.Revive(stack.Temporal, stack.Worker)
	raw := t.bareReaders(b, readers)
	statements := map[string][]recorded{}
	for _, page := range t.pageReads(b) {
		statements[page.name] = t.measurePage(b, page, raw)
	}
	t.explainPages(b, statements)
}

// measurePage returns the statements of the page.
func (t *town) measurePage(b *testing.B, page pageRead, raw []*bareReader) []recorded {
	b.Helper()
	people := t.readersAs(b, page.who)
	statements := make([][]recorded, len(page.paths))
	for i, path := range page.paths {
		a, err := people[0].read(path) // whatever is done once has been done before the recording
		if err := a.in(path, err); err != nil {
			b.Fatal(err)
		}
		if n := strings.Count(a.body, `href="/documents/`); n < page.rows && size == volume.City {
			b.Fatalf("%s has %d documents, want at least %d", path, n, page.rows)
		}
		statements[i] = t.record(b, func() error {
			a, err := people[0].get(path)
			return a.in(path, err)
		})
		if len(statements[i]) == 0 {
			b.Fatalf("no statement of %s was recorded", path)
		}
	}
	visit := func(reader, n int) error {
		path := page.paths[n%len(page.paths)]
		a, err := people[reader].get(path)
		return a.in(path, err)
	}
	bare := func(reader, n int) error { return raw[reader].run(statements[n%len(statements)]) }
	timed(b, readers*len(page.paths), noPause, bare) // prepares everything
	var pages, floors, hurried, hurriedFloors []time.Duration
	before := computed(b, t.PID(stack.Server))
	for range 2 {
		pages = append(pages, timed(b, readings/2, glance, visit)...)
		floors = append(floors, timed(b, readings/2, glance, bare)...)
		hurried = append(hurried, timed(b, readings/2, noPause, visit)...)
		hurriedFloors = append(hurriedFloors, timed(b, readings/2, noPause, bare)...)
	}
	cost := (computed(b, t.PID(stack.Server)) - before) / (2 * readings)
	t.pages.addPage(page.name, cost, len(statements[0]), pages, floors, hurried, hurriedFloors)
	b.Logf("%s: p95 %v, bare %v; without pause %v, bare %v", page.name,
		percentile(pages, 95), percentile(floors, 95), percentile(hurried, 95), percentile(hurriedFloors, 95))
	return slices.Concat(statements...)
}

// readersAs are as many windows of one person as there are readers.
func (t *town) readersAs(b *testing.B, username string) []*visitor {
	b.Helper()
	for len(t.windows[username]) < readers {
		t.windows[username] = append(t.windows[username], t.mustVisit(b, username))
	}
	return t.windows[username]
}

// timed does n readings by all readers at once, each resting between two of its
// own, and returns how long each took.
func timed(b *testing.B, n int, rest time.Duration, read func(reader, n int) error) []time.Duration {
	b.Helper()
	took := make([][]time.Duration, readers)
	errs := make(chan error, readers)
	var group sync.WaitGroup
	for reader := range readers {
		group.Go(func() {
			time.Sleep(rest * time.Duration(reader) / readers) // not all at the same instant
			for i := reader; i < n; i += readers {
				began := time.Now()
				if err := read(reader, i/readers+reader); err != nil {
					errs <- err
					return
				}
				took[reader] = append(took[reader], time.Since(began))
				time.Sleep(rest)
			}
		})
	}
	group.Wait()
	close(errs)
	if err := <-errs; err != nil {
		b.Fatal(err)
	}
	var all []time.Duration
	for _, one := range took {
		all = append(all, one...)
	}
	return all
}

// pageReads lists what is measured. The officer has decided on every document
// of the city so far.
func (t *town) pageReads(b *testing.B) []pageRead {
	b.Helper()
	one := func(query string) (value string) {
		if err := t.Owner.QueryRow(query).Scan(&value); err != nil {
			b.Fatal(err)
		}
		return value
	}
	newest := one(`select code from campaigns order by due_at desc limit 1`)
	unit := one(`select unit_code from documents where campaign = '` + newest + `' and status = 'drafting' and content_hash = '' order by id limit 1`)
	approved := one(`select id from documents where campaign = '` + newest + `' and status = 'approved' and returns > 0 order by id limit 1`)
	review := one(`select id from documents where campaign = '` + newest + `' and status = 'authority_review' and revision = 2 order by id limit 1`)
	number := one(`select number || '/' || symbol from document_numbers where unit_code like 'ZZ%' order by assigned_at desc limit 1`)
	board := "/campaigns/" + newest
	specialist := volume.Username(unit, "specialist")
	return []pageRead{
		{"my tasks: to do, 1st and 3rd page", volume.Officer, []string{"/tasks", "/tasks?page=3"}, 50},
		{"my tasks: sent back", volume.Officer, []string{"/tasks?tab=returned"}, 50},
		{"my tasks: following, filtered too", volume.Officer, []string{"/tasks?tab=following", "/tasks?tab=following&group=ward&due=overdue"}, 50},
		{"my tasks: done, 1st and 100th page", volume.Officer, []string{"/tasks?tab=done", "/tasks?tab=done&page=100"}, 50},
		{"my tasks: done, by a unit's name", volume.Officer, []string{"/tasks?tab=done&q=tan+dinh", "/tasks?tab=done&q=xuan"}, 50},
		{"my tasks of a specialist", specialist, []string{"/tasks", "/tasks?tab=following", "/tasks?tab=done"}, 0},
		{"list of campaigns", volume.Officer, []string{"/campaigns"}, 0},
		{"board, 1st and 40th page", volume.Officer, []string{board, board + "?page=40"}, 50},
		{"board by unit, by status", volume.Officer, []string{board + "?sort=unit", board + "?sort=status&page=7"}, 50},
		{"board, filtered", volume.Officer, []string{board + "?status=authority_review", board + "?flag=overdue&group=ward", board + "?q=tan+dinh"}, 50},
		{"dashboard", volume.Officer, []string{"/dashboard"}, 0},
		{"a document that is reviewed", volume.Officer, []string{"/documents/" + review}, 0},
		{"review of a second revision", volume.Officer, []string{"/documents/" + review + "/review"}, 0},
		{"a document that is approved", volume.Officer, []string{"/documents/" + approved}, 0},
		{"a draft, by its specialist", specialist, []string{"/documents/" + newest + "-" + unit}, 0},
		{"a section of a draft", specialist, []string{"/documents/" + newest + "-" + unit + "/sections/I"}, 0},
		{"search: a word of every report", volume.Officer, []string{"/search?q=b%C3%A1o+c%C3%A1o", "/search?q=cai+cach"}, 0},
		{"search: words of some", volume.Officer, []string{"/search?q=th%C6%B0+xin+l%E1%BB%97i", "/search?q=so+hoa"}, 0},
		{"search: a number, a unit without marks", volume.Officer, []string{"/search?q=" + url.QueryEscape(number), "/search?q=phuong+tan+dinh+7"}, 0},
		{"search of a specialist", specialist, []string{"/search?q=cai+cach", "/search?q=zzzz"}, 0},
		{"notices", volume.Officer, []string{"/notices"}, 0},
	}
}

// newPages are the figures of pages.
func newPages() table {
	return table{head: []string{
		"Page", "p50", "p95", "p95 of its bare SQL", "Difference",
		"Without pause: p50", "p95", "p95 of its bare SQL", "Ratio", "CPU of the server", "Statements",
	}}
}

func (t *table) addPage(name string, cost time.Duration, statements int, pages, floors, hurried, hurriedFloors []time.Duration) {
	p, f := percentile(pages, 95), percentile(floors, 95)
	hp, hf := percentile(hurried, 95), percentile(hurriedFloors, 95)
	t.rows = append(t.rows, []string{
		name, milliseconds(percentile(pages, 50)), milliseconds(p), milliseconds(f), milliseconds(p - f),
		milliseconds(percentile(hurried, 50)), milliseconds(hp), milliseconds(hf),
		fmt.Sprintf("%.1f", hp.Seconds()/hf.Seconds()), milliseconds(cost), fmt.Sprint(statements),
	})
}

func milliseconds(d time.Duration) string { return fmt.Sprintf("%.1f ms", d.Seconds()*1000) }
