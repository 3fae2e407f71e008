package storage_test

import (
	"context"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// inboxOf reads a tab and holds its count against its rows.
func (d *desk) inboxOf(actor staff.Actor, tab storage.InboxTab) storage.Inbox {
	d.t.Helper()
	in, err := d.db.Store.Inbox(context.Background(), actor, storage.InboxFilter{Tab: tab})
	if err != nil {
		d.t.Fatal(err)
	}
	if in.Counts[tab] != len(in.Rows) || in.Total != len(in.Rows) {
		d.t.Errorf("tab %s: count %d, total %d, rows %d", tab, in.Counts[tab], in.Total, len(in.Rows))
	}
	return in
}

// everyTab is what each person of the chain sees of the document, by tab.
func (d *desk) everyTab(actor staff.Actor) map[storage.InboxTab]bool {
	d.t.Helper()
	seen := map[storage.InboxTab]bool{}
	for _, tab := range storage.InboxTabs {
		for _, row := range d.inboxOf(actor, tab).Rows {
			if row.Document == d.id {
				seen[tab] = true
			}
		}
	}
	return seen
}

func TestInboxFollowsTheDocument(t *testing.T) {
	d := newDesk(t)
	author, head := d.people[staff.Specialist], d.people[staff.DivisionHead]
	director, officer := d.people[staff.Director], d.people[staff.Officer]
	stranger := d.person("stranger", staff.Specialist, "SYT")
	admin := d.person("admin", staff.AccountAdmin, "SNV")
	check := func(when string, want map[string]map[storage.InboxTab]bool) {
		t.Helper()
		for name, actor := range map[string]staff.Actor{
			"author": author, "head": head, "director": director, "officer": officer,
			"stranger": stranger, "admin": admin,
		} {
			got := d.everyTab(actor)
			for _, tab := range storage.InboxTabs {
				if got[tab] != want[name][tab] {
					t.Errorf("%s: %s sees it under %s: %v, want %v", when, name, tab, got[tab], want[name][tab])
				}
			}
		}
	}
	type tabs = map[storage.InboxTab]bool
	todo, returned, following, done := storage.InboxTodo, storage.InboxReturned, storage.InboxFollowing, storage.InboxDone
	check("at launch", map[string]tabs{
		"author": {todo: true}, "head": {following: true}, "director": {following: true},
	})
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	check("submitted", map[string]tabs{
		"author": {following: true, done: true}, "head": {todo: true}, "director": {following: true},
	})
	d.must(staff.DivisionHead, document.Approve, document.Signing)
	d.must(staff.Director, document.Sign, document.AuthorityReview)
	check("signed", map[string]tabs{
		"author": {following: true, done: true}, "head": {following: true, done: true},
		"director": {following: true, done: true}, "officer": {todo: true},
	})
	d.must(staff.Officer, document.Return, document.Drafting)
	check("returned", map[string]tabs{
		"author": {todo: true, returned: true, done: true}, "head": {returned: true, following: true, done: true},
		"director": {returned: true, following: true, done: true}, "officer": {returned: true, following: true, done: true},
	})
	d.exec(`update positions set valid_to = clock_timestamp() where person_id = $1`, author.Person)
	author.Positions = nil
	check("role ended", map[string]tabs{
		"head": {returned: true, following: true, done: true}, "director": {returned: true, following: true, done: true},
		"officer": {returned: true, following: true, done: true},
	})
}

func TestInboxRowTellsSenderAndWaiting(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	row := d.inboxOf(d.people[staff.Specialist], storage.InboxTodo).Rows[0]
	if row.SentAction != "" || row.SenderRole != staff.Officer || row.Waiting != nil {
		t.Errorf("at launch: %+v", row)
	}
	d.must(staff.Specialist, document.Submit, document.DivisionReview)
	row = d.inboxOf(d.people[staff.DivisionHead], storage.InboxTodo).Rows[0]
	if row.SentAction != document.Submit || row.SenderRole != staff.Specialist || row.SentAt.IsZero() {
		t.Errorf("submitted: %+v", row)
	}
	if _, err := d.db.Store.AddDecision(ctx, d.decision(staff.DivisionHead, document.Approve)); err != nil {
		t.Fatal(err)
	}
	if row = d.inboxOf(d.people[staff.Director], storage.InboxFollowing).Rows[0]; row.Waiting == nil {
		t.Error("the next desk does not see the waiting decision")
	}
}

func TestInboxFilters(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	second := d.people[staff.Specialist]
	d.exec(`insert into positions (person_id, unit_code, role) values ($1, 'SYT', 'specialist')`, second.Person)
	second.Positions = append(second.Positions, staff.Position{Unit: "SYT", Role: staff.Specialist})
	d.exec(`with moved as (update documents set due_at = clock_timestamp() - interval '1 hour' where id = 'bc-2026q4-SYT' returning id, due_at)
		update tasks set due_at = moved.due_at from moved where document_id = moved.id and tasks.closed_at is null`)
	for name, c := range map[string]struct {
		filter storage.InboxFilter
		want   []string
	}{
		"nothing narrows, overdue first": {storage.InboxFilter{}, []string{"bc-2026q4-SYT", "bc-2026q4-STC"}},
		"unit without diacritics":        {storage.InboxFilter{Query: "tai chinh"}, []string{"bc-2026q4-STC"}},
		"unit with diacritics":           {storage.InboxFilter{Query: "Y Tế"}, []string{"bc-2026q4-SYT"}},
		"campaign's name":                {storage.InboxFilter{Query: "quy iv"}, []string{"bc-2026q4-SYT", "bc-2026q4-STC"}},
		"a sign that like knows":         {storage.InboxFilter{Query: "%"}, nil},
		"another campaign":               {storage.InboxFilter{Campaign: "bc-2025q4"}, nil},
		"overdue":                        {storage.InboxFilter{Due: storage.InboxOverdue}, []string{"bc-2026q4-SYT"}},
		"later":                          {storage.InboxFilter{Due: storage.InboxLater}, []string{"bc-2026q4-STC"}},
		"due today":                      {storage.InboxFilter{Due: storage.InboxToday}, nil},
		"status":                         {storage.InboxFilter{Status: document.InSigning}, nil},
		"wards":                          {storage.InboxFilter{Group: "ward"}, nil},
		"page 2":                         {storage.InboxFilter{Page: 2}, nil},
	} {
		c.filter.Tab = storage.InboxTodo
		in, err := d.db.Store.Inbox(ctx, second, c.filter)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, row := range in.Rows {
			got = append(got, row.Document)
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if in.Counts[storage.InboxTodo] != 2 || in.Late != 1 {
			t.Errorf("%s: the tab's own count follows the filter: %+v", name, in)
		}
	}
	next, err := d.db.Store.NextTask(ctx, second, storage.InboxFilter{}, "bc-2026q4-SYT")
	if err != nil || next != (storage.Next{Document: d.id, Left: 1}) {
		t.Errorf("next task %+v, %v", next, err)
	}
	if _, err := d.db.Store.Inbox(ctx, second, storage.InboxFilter{Tab: "x"}); err == nil {
		t.Error("an unknown tab has rows")
	}
}
