package bench

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage/storagetest/volume"
)

const (
	writers  = 8
	saveTime = 4 * time.Second // of each round
)

// desk is one writer with a draft of their own.
type desk struct {
	*visitor
	document string
	version  int
	n        int
}

// text is never the same twice: a repeated save writes nothing.
func (d *desk) text() string {
	d.n++
	return fmt.Sprintf("%s Lần %d.", narrative, d.n)
}

// measureAutosave: sections saved over HTTP, as the editor's script does, and by
// storage alone, turn by turn with bare updates of one row of the same size, each
// committed.
func (t *town) measureAutosave(b *testing.B) {
	t.open(b)
	desks := t.desks(b)
	bareSave := t.bareSaves(b, desks)
	var web, store, bare []measured
	for range rounds {
		bare = append(bare, t.saves(b, desks, bareSave))
		store = append(store, t.saves(b, desks, t.storeSave))
		web = append(web, t.saves(b, desks, webSave))
	}
	rate := func(m measured) float64 { return m.rate }
	floor := fmt.Sprintf("%.0f", middle(bare, rate))
	what := fmt.Sprintf("sections saved a second, %d writers (floor: single-row updates): ", writers)
	for _, road := range []struct {
		name  string
		saves []measured
	}{{"the transaction", store}, {"over HTTP, session and rights read each time", web}} {
		t.figures.add(what+road.name, fmt.Sprintf("%.0f", middle(road.saves, rate)), floor, ratio(road.saves, bare, rate))
	}
	for _, road := range []struct {
		name  string
		saves []measured
	}{{"a bare update", bare}, {"the transaction", store}, {"over HTTP", web}} {
		last := road.saves[len(road.saves)-1]
		t.figures.add("CPU of a save: "+road.name+" ("+last.parts+" ms)", fmt.Sprintf("%.2f ms", last.cost), "", 0)
	}
}

// desks are specialists with a draft of the newest campaign.
func (t *town) desks(b *testing.B) []*desk {
	b.Helper()
	rows, err := t.Owner.Query(`
		select d.id, d.unit_code, s.version from documents d join draft_sections s on s.document_id = d.id and s.section = 'I'
		where d.status = 'drafting' and d.campaign = (select code from campaigns where code not like 'bc-________' order by due_at desc limit 1)
		order by d.id limit $1`, writers)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var desks []*desk
	for rows.Next() {
		d := &desk{}
		var unit string
		if err := rows.Scan(&d.document, &unit, &d.version); err != nil {
			b.Fatal(err)
		}
		d.visitor = t.mustVisit(b, volume.Username(unit, "specialist"))
		desks = append(desks, d)
	}
	if err := rows.Err(); err != nil || len(desks) != writers {
		b.Fatalf("%d drafts, want %d (%v)", len(desks), writers, err)
	}
	return desks
}

// saves counts how many a second all writers manage together, and what one costs.
func (t *town) saves(b *testing.B, desks []*desk, save func(*desk) error) measured {
	b.Helper()
	counts, errs := make([]int, len(desks)), make([]error, len(desks))
	before, began := t.cpu(b), time.Now()
	var group sync.WaitGroup
	for i, d := range desks {
		group.Go(func() {
			for time.Since(began) < saveTime && errs[i] == nil {
				errs[i] = save(d)
				counts[i]++
			}
		})
	}
	group.Wait()
	sum := 0
	for i := range desks {
		if errs[i] != nil {
			b.Fatal(errs[i])
		}
		sum += counts[i]
	}
	m := measured{rate: perSecond(sum, time.Since(began))}
	m.cost, m.parts = t.cpu(b).since(before, sum)
	return m
}

// webSave is what the editor's script sends.
func webSave(d *desk) error {
	path := "/documents/" + d.document + "/sections/I"
	form := url.Values{"text": {d.text()}, "base_version": {fmt.Sprint(d.version)}}
	a, err := d.do(http.MethodPost, path, form, true, "Accept", "application/json")
	if err := a.in(path, err); err != nil {
		return err
	}
	var saved struct{ Version int }
	if err := json.Unmarshal([]byte(a.body), &saved); err != nil || saved.Version != d.version+1 {
		return fmt.Errorf("%s saved as version %d after %d (%w)", path, saved.Version, d.version, err)
	}
	d.version = saved.Version
	return nil
}

// storeSave is the same in this process: what is left is the transaction.
func (t *town) storeSave(d *desk) error {
	saved, err := t.Store.SaveSection(context.Background(), d.document, "I", d.text(), d.version, t.people[unitOf(d.document)][staff.Specialist])
	if err == nil && saved.Version != d.version+1 {
		err = fmt.Errorf("%s saved as version %d after %d", d.document, saved.Version, d.version)
	}
	d.version = saved.Version
	return err
}

// bareSaves update the row and nothing else.
func (t *town) bareSaves(b *testing.B, desks []*desk) func(*desk) error {
	b.Helper()
	db, err := sql.Open("postgres", t.Cluster.RoleURL("cchc_app", "cchc"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	const update = `
		update draft_sections set body = $2, version = version + 1, updated_at = clock_timestamp()
		where document_id = $1 and section = 'I'`
	statements := map[*desk]*sql.Stmt{}
	for _, d := range desks {
		conn, err := db.Conn(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		prepared, err := conn.PrepareContext(context.Background(), update)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = prepared.Close() })
		statements[d] = prepared
	}
	return func(d *desk) error {
		_, err := statements[d].Exec(d.document, d.text())
		d.version++
		return err
	}
}
