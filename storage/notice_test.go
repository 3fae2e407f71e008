package storage_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

// add posts a notice of the test's document to a role at its unit.
func (d *desk) add(key, kind string, role staff.Role, args map[string]any) {
	d.t.Helper()
	err := d.db.Store.AddNotices(context.Background(), []storage.Notice{{
		Key: key, Kind: kind, Document: d.id, Role: role, Unit: "STC", Args: args,
	}})
	if err != nil {
		d.t.Fatal(err)
	}
}

func TestNoticesReachTheHoldersOfTheDeskAtThatInstant(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		name, state, mail, from, to string
		told                        string // mail state of the notice; "": none
	}{
		{name: "active", state: "active", mail: "a@example.test", told: "queued"},
		{name: "active without a mail", state: "active", told: "no_recipient"},
		{name: "invited", state: "invited", mail: "b@example.test", told: "queued"},
		{name: "invited without a mail", state: "invited"},
		{name: "closed", state: "closed", mail: "c@example.test"},
		{name: "until yesterday", state: "active", mail: "d@example.test", from: "2026-01-01", to: "2026-01-02"},
		{name: "from tomorrow", state: "active", mail: "e@example.test", from: "2099-01-01"},
		{name: "until next year", state: "active", mail: "f@example.test", from: "2026-01-01", to: "2099-01-01", told: "queued"},
	} {
		t.Run(c.name, func(t *testing.T) {
			holder := d.person("focal", staff.FocalOfficer, "STC").Person
			d.exec(`update persons set state = $2, mail = $3 where id = $1`, holder, c.state, c.mail)
			if c.from != "" {
				d.exec(`update positions set valid_from = $2, valid_to = nullif($3, '')::timestamptz where person_id = $1`, holder, c.from, c.to)
			}
			key := "event:" + c.name
			d.add(key, storage.NoticeReturned, staff.FocalOfficer, nil)
			told := d.count(`select count(*) from notices where person_id = $1`, holder)
			if want := btoi(c.told != ""); told != want {
				t.Fatalf("%d notices for the person, want %d", told, want)
			}
			if c.told != "" && d.count(`select count(*) from notices where person_id = $1 and mail_state = $2`, holder, c.told) != 1 {
				t.Errorf("the notice is not %s", c.told)
			}
			if c.told == "" && d.count(`select count(*) from notices where key = $1 and person_id is null and mail_state = 'no_recipient'`, key+":nobody") != 1 {
				t.Error("nobody was told, and no row says so")
			}
			d.exec(`update positions set valid_from = '2026-01-01', valid_to = '2026-01-02' where person_id = $1`, holder)
		})
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestTheSameEventIsOneNotice(t *testing.T) {
	d := newDesk(t)
	for range 2 {
		d.add("event", storage.NoticeReturned, staff.Specialist, map[string]any{"due": 1})
	}
	if n := d.count(`select count(*) from notices where key like 'event:%'`); n != 1 {
		t.Errorf("%d notices of one event", n)
	}
}

func TestLaunchTellsEachPersonOnce(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	both := d.people[staff.Specialist].Person
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'STC', 'focal_officer')`, both)
	focal := d.person("focal", staff.FocalOfficer, "SYT").Person
	for range 2 {
		if err := d.db.Store.AddNoticesForLaunch(ctx, "bc-2026q4"); err != nil {
			t.Fatal(err)
		}
	}
	for what, c := range map[string]struct{ got, want int }{
		"for one who is specialist and focal officer": {d.count(`select count(*) from notices where kind = 'launched' and person_id = $1`, both), 1},
		"with the open task":                          {d.count(`select count(*) from notices n join tasks k on k.id = n.task_id and k.document_id = n.document_id where n.person_id = $1`, both), 1},
		"for the focal officer added later":           {d.count(`select count(*) from notices where kind = 'launched' and person_id = $1 and role = 'focal_officer'`, focal), 1},
		"for a unit without specialist":               {d.count(`select count(*) from notices where kind = 'launched' and person_id is null and unit_code = 'SYT' and role = 'specialist' and mail_state = 'no_recipient'`), 1},
		"altogether":                                  {d.count(`select count(*) from notices where kind = 'launched'`), 3},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d notices, want %d", what, c.got, c.want)
		}
	}
}

func TestNoticesOfFourThousandUnitsAreOneStatement(t *testing.T) {
	d := newDesk(t)
	notices := make([]storage.Notice, 4000)
	for i := range notices {
		notices[i] = storage.Notice{
			Key: fmt.Sprintf("event:%d", i), Kind: storage.NoticeDue, Document: d.id,
			Role: staff.Specialist, Unit: "STC", Args: map[string]any{"due": i},
		}
	}
	// The role cchc_app ends a statement after 5 s.
	if err := d.db.Store.AddNotices(context.Background(), notices); err != nil {
		t.Fatal(err)
	}
	if n := d.count(`select count(*) from notices where key like 'event:%' and mail_state = 'queued'`); n != 4000 {
		t.Errorf("%d notices", n)
	}
}

func TestTheBellShowsOnesOwnNoticesNewestFirst(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	store, head := d.db.Store, d.people[staff.DivisionHead].Person
	due := time.Date(2026, time.December, 14, 17, 0, 0, 0, time.UTC)
	for i, kind := range []string{storage.NoticeTaskOpened, storage.NoticeReminder, storage.NoticeOverdue} {
		d.add(fmt.Sprint("event", i), kind, staff.DivisionHead, map[string]any{"due": due.Unix()})
	}
	d.add("other", storage.NoticeReturned, staff.Director, nil)

	notices, err := store.Notices(ctx, head, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	if len(notices) != 2 || notices[0].Kind != storage.NoticeOverdue || notices[1].Kind != storage.NoticeReminder {
		t.Fatalf("the newest two are %+v", notices)
	}
	first := notices[0]
	if first.Document != d.id || first.Campaign != "Báo cáo CCHC quý IV năm 2026" || first.Unit == "" ||
		first.Role != staff.DivisionHead || first.DueAt == nil || !first.DueAt.Equal(due) || first.ReadAt != nil || first.MailState != "queued" {
		t.Errorf("notice %+v", first)
	}
	older, err := store.Notices(ctx, head, notices[1].ID, 2)
	if err != nil || len(older) != 1 || older[0].Kind != storage.NoticeTaskOpened {
		t.Errorf("older ones are %+v, %v", older, err)
	}
	if err := store.MarkNoticesRead(ctx, head, notices[1].ID); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[int64]int{head: 1, d.people[staff.Director].Person: 1} {
		if unread, err := store.UnreadNotices(ctx, person); err != nil || unread != want {
			t.Errorf("person %d has %d unread, %v; want %d", person, unread, err, want)
		}
	}
	if all, err := store.Notices(ctx, head, 0, 10); err != nil || len(all) != 3 || all[0].ReadAt != nil || all[1].ReadAt == nil {
		t.Errorf("marked as read: %+v, %v", all, err)
	}
}

func TestLostNoticesListDesksThatNobodyCanBeReachedAt(t *testing.T) {
	d := newDesk(t) // SYT has been launched without anybody
	ctx := context.Background()
	mute := d.person("mute", staff.FocalOfficer, "STC").Person
	d.exec(`update persons set mail = '' where id = $1`, mute)
	d.add("mute", storage.NoticeReminder, staff.FocalOfficer, nil)
	type row struct {
		unit              string
		role              staff.Role
		nobody, noAddress int
	}
	expect := func(when string, want ...row) {
		t.Helper()
		lost, err := d.db.Store.LostNotices(ctx)
		if err != nil {
			t.Fatal(err)
		}
		var got []row
		for _, l := range lost {
			if l.UnitName == "" || l.Since.IsZero() {
				t.Errorf("%s: %+v", when, l)
			}
			got = append(got, row{l.Unit, l.Role, l.Nobody, l.NoAddress})
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	stc, syt := row{"STC", staff.FocalOfficer, 0, 1}, row{"SYT", staff.Specialist, 1, 0}
	expect("at first", stc, syt) // "Sở Tài chính" sorts before "Sở Y tế"
	d.exec(`update persons set mail = 'mute@example.test' where id = $1`, mute)
	expect("once the address is known", syt)
	d.exec(`update documents set stage = 'exempt', closed_at = now(), wake_at = null where unit_code = 'SYT'`)
	expect("once the document is closed")
}
