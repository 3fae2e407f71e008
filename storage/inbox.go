package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
)

// InboxTab is one of the lists of "my tasks".
type InboxTab string

// The tabs.
const (
	InboxTodo      InboxTab = "todo"      // an open task at a desk the person holds
	InboxReturned  InboxTab = "returned"  // sent back: of their unit, or by themselves
	InboxFollowing InboxTab = "following" // open elsewhere: of their unit, or they have acted
	InboxDone      InboxTab = "done"      // they have decided on it
)

// InboxTabs lists the tabs in their order.
var InboxTabs = []InboxTab{InboxTodo, InboxReturned, InboxFollowing, InboxDone}

// InboxDue narrows a list by due instant.
type InboxDue string

// The due classes of the filter.
const (
	InboxOverdue InboxDue = "overdue" // open and past
	InboxToday   InboxDue = "today"   // until the end of today
	InboxLater   InboxDue = "later"   // after today
)

// InboxPage is how many rows a page of the inbox has.
const InboxPage = 50

// InboxFilter narrows and pages one tab. The zero value of a field does not
// narrow; Page counts from 1.
type InboxFilter struct {
	Tab      InboxTab
	Query    string // name of the unit or of the campaign, without diacritics too
	Campaign string
	Group    string // units.unit_group
	Status   document.Status
	Due      InboxDue
	Page     int
}

// Inbox is one page of one tab, with the counts of all tabs.
type Inbox struct {
	Now    time.Time
	Counts map[InboxTab]int // unfiltered
	Late   int              // overdue ones of InboxTodo
	Today  int              // those of InboxTodo due until the end of today
	Rows   []InboxRow
	Total  int // rows of the tab that fit the filter
}

// InboxRow is one document in a list.
type InboxRow struct {
	Document     string          `db:"id"`
	Kind         document.Kind   `db:"kind"`
	Campaign     string          `db:"campaign"`
	CampaignName string          `db:"campaign_name"`
	Unit         string          `db:"unit_code"`
	UnitName     string          `db:"unit_name"`
	Stage        document.Stage  `db:"stage"`
	Status       document.Status `db:"status"`
	Revision     int             `db:"revision"`
	Returns      int             `db:"returns"`
	DueAt        time.Time       `db:"due_at"`
	ClosedAt     *time.Time      `db:"closed_at"`
	DeskSince    time.Time       `db:"desk_since"`
	// Who sent it to where it lies: the last applied decision, else the launch.
	Sender     string          `db:"sender"`
	SenderRole staff.Role      `db:"sender_role"`
	SentAction document.Action `db:"sent_action"` // empty: launched
	SentAt     time.Time       `db:"sent_at"`
	// Waiting is the receipt of a decision that has no answer yet.
	Waiting *time.Time `db:"waiting"`
	Total   int        `db:"total"`
}

// The ids of each tab's documents. $1 is the person, $2 and $3 their scope. One
// text serves both the count and the rows, so the two cannot disagree.
const (
	inboxMe = `
		me as (
			select distinct p.unit_code, p.role from positions p where p.person_id = $1 and ` + inForce + `
		)`
	inboxInScope = `($2 or d.unit_code = any($3))`
	inboxDecided = `exists (
		select from decisions x where x.document_id = d.id and x.person_id = $1 and x.outcome = 'applied')`
	inboxOwn = `d.unit_code in (select unit_code from me)`
)

// inboxIDs are selects of document ids. Each begins at an index: open tasks of
// the desk, returned or open documents of the unit, the person's own decisions.
var inboxIDs = map[InboxTab]string{
	InboxTodo: `
		select d.id from tasks t
		join me on me.unit_code = t.unit_code and me.role = t.role
		join documents d on d.id = t.document_id
		where t.closed_at is null and ` + inboxInScope,
	InboxReturned: `
		select d.id from documents d
		where d.status = 'returned' and ` + inboxInScope + ` and (` + inboxOwn + ` or ` + inboxDecided + `)`,
	InboxFollowing: `
		select d.id from documents d
		where d.closed_at is null and ` + inboxInScope + ` and (` + inboxOwn + ` or ` + inboxDecided + `)
		  and not exists (
			select from tasks t join me on me.unit_code = t.unit_code and me.role = t.role
			where t.document_id = d.id and t.closed_at is null)`,
	InboxDone: `
		select distinct d.id from decisions x join documents d on d.id = x.document_id
		where x.person_id = $1 and x.outcome = 'applied' and ` + inboxInScope,
}

// Inbox reads one page of a tab for the person, within their scope: one
// statement for the counts, one for the rows.
func (s *Store) Inbox(ctx context.Context, actor staff.Actor, filter InboxFilter) (Inbox, error) {
	in, err := s.inboxCounts(ctx, actor)
	if err != nil {
		return in, err
	}
	ids, known := inboxIDs[filter.Tab]
	if !known {
		return in, fmt.Errorf("read inbox: no tab %q", filter.Tab)
	}
	scope := actor.Reads()
	campaigns, err := s.campaignsNamed(ctx, filter.Query)
	if err != nil {
		return in, err
	}
	list := `with ` + inboxMe + `, ids as (` + ids + `)
		select d.id, d.kind, d.campaign, c.name as campaign_name, d.unit_code, u.name as unit_name,
		       d.stage, d.status, d.revision, d.returns, d.due_at, d.closed_at, d.desk_since,
		       coalesce(last.name, l.name) as sender, coalesce(last.role, 'officer') as sender_role,
		       coalesce(last.action, '') as sent_action, coalesce(last.received_at, d.created_at) as sent_at,
		       (select min(w.received_at) from decisions w
		        where w.document_id = d.id and w.outcome is null) as waiting,
		       count(*) over () as total
		from ids
		join documents d using (id)
		join units u on u.code = d.unit_code
		join campaigns c on c.code = d.campaign
		join persons l on l.id = c.launched_by
		left join lateral (
			select p.name, x.role, x.action, x.received_at
			from decisions x join persons p on p.id = x.person_id
			where x.document_id = d.id and x.outcome = 'applied'
			order by x.id desc limit 1
		) last on true
		where ($4 = '' or u.name_key like $5 or d.campaign = any($6))
		  and ($7 = '' or d.campaign = $7) and ($8 = '' or u.unit_group = $8) and ($9 = '' or d.status = $9)
		  and ($10 = '' or d.closed_at is null and case $10
		       when 'overdue' then d.due_at <= $11
		       when 'today' then d.due_at > $11 and d.due_at <= $12
		       when 'later' then d.due_at > $12
		       else false end)
		order by ` + inboxOrder(filter.Tab) + `
		limit $13 offset $14`
	page := max(filter.Page, 1)
	key := Fold(filter.Query)
	err = s.db.SelectContext(ctx, &in.Rows, list, actor.Person, scope.All, pq.Array(scope.Units),
		key, "%"+likeEscape(key)+"%", pq.Array(campaigns), filter.Campaign, filter.Group, filter.Status,
		filter.Due, in.Now, endOfToday(in.Now), InboxPage, (page-1)*InboxPage)
	if err != nil {
		return in, wrap("read inbox", err)
	}
	if len(in.Rows) > 0 {
		in.Total = in.Rows[0].Total
	}
	return in, nil
}

// inboxOrder is by due: what is overdue stands first by itself. What is done
// has no due any more; there the newest comes first.
func inboxOrder(tab InboxTab) string {
	if tab == InboxDone {
		return `coalesce(last.received_at, d.created_at) desc, d.id`
	}
	return `d.closed_at is not null, d.due_at, d.id`
}

func (s *Store) inboxCounts(ctx context.Context, actor staff.Actor) (Inbox, error) {
	count := `with ` + inboxMe + `, todo as (` + inboxIDs[InboxTodo] + `)
		select clock_timestamp(),
		       (select count(*) from todo),
		       (select count(*) from (` + inboxIDs[InboxReturned] + `) ids),
		       (select count(*) from (` + inboxIDs[InboxFollowing] + `) ids),
		       (select count(*) from (` + inboxIDs[InboxDone] + `) ids),
		       (select count(*) from todo join documents using (id) where due_at <= clock_timestamp()),
		       (select count(*) from todo join documents using (id)
		        where due_at > clock_timestamp() and due_at <= (date_trunc('day',
		            clock_timestamp() at time zone 'Asia/Ho_Chi_Minh') + interval '1 day')
		            at time zone 'Asia/Ho_Chi_Minh')`
	scope := actor.Reads()
	var in Inbox
	var todo, returned, following, done int
	err := s.db.QueryRowxContext(ctx, count, actor.Person, scope.All, pq.Array(scope.Units)).
		Scan(&in.Now, &todo, &returned, &following, &done, &in.Late, &in.Today)
	in.Counts = map[InboxTab]int{
		InboxTodo: todo, InboxReturned: returned, InboxFollowing: following, InboxDone: done,
	}
	return in, wrap("count inbox", err)
}

// endOfToday is the midnight that ends the present day in Vietnam.
func endOfToday(now time.Time) time.Time { return calendar.DayOf(now).Add(1).Start() }

// likeEscape takes the meaning from the signs that like has for itself.
func likeEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// campaignsNamed finds campaigns by their folded names: there are few, and no
// key is kept for them.
func (s *Store) campaignsNamed(ctx context.Context, query string) ([]string, error) {
	key := Fold(query)
	if key == "" {
		return nil, nil
	}
	campaigns, err := s.InboxCampaigns(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, one := range campaigns {
		if strings.Contains(Fold(one.Name), key) {
			codes = append(codes, one.Code)
		}
	}
	return codes, nil
}

// CampaignName is a campaign as a choice of a filter.
type CampaignName struct {
	Code string `db:"code"`
	Name string `db:"name"`
}

// InboxCampaigns lists campaigns for the filter, newest first.
func (s *Store) InboxCampaigns(ctx context.Context) ([]CampaignName, error) {
	const list = `select code, name from campaigns order by launched_at desc, code limit 500`
	var names []CampaignName
	err := s.db.SelectContext(ctx, &names, list)
	return names, wrap("list campaigns", err)
}

// NextTask is the document of the person's most urgent open task beside the
// given one; empty when there is none: "open the next task".
func (s *Store) NextTask(ctx context.Context, actor staff.Actor, besides string) (string, error) {
	find := `with ` + inboxMe + `, ids as (` + inboxIDs[InboxTodo] + `)
		select d.id from ids join documents d using (id) where d.id <> $4
		order by d.due_at, d.id limit 1`
	scope := actor.Reads()
	var ids []string
	err := s.db.SelectContext(ctx, &ids, find, actor.Person, scope.All, pq.Array(scope.Units), besides)
	if err != nil || len(ids) == 0 {
		return "", wrap("find next task", err)
	}
	return ids[0], nil
}
