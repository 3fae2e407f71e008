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

// InboxDues lists the classes in the order of a list.
var InboxDues = []InboxDue{InboxOverdue, InboxToday, InboxLater}

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

// Narrows tells whether anything but the tab and the page is set.
func (f InboxFilter) Narrows() bool {
	return f.Query != "" || f.Campaign != "" || f.Group != "" || f.Status != "" || f.Due != ""
}

// Inbox is one page of one tab, with the counts of all tabs.
type Inbox struct {
	Now    time.Time
	Counts map[InboxTab]int // unfiltered
	Late   int              // overdue ones of InboxTodo
	Today  int              // those of InboxTodo due until the end of today
	Rows   []InboxRow
	Total  int              // rows of the tab that fit the filter
	Dues   map[InboxDue]int // the same by due class; what is closed has none
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
	ExtendedAt   *time.Time      `db:"extended_at"`
	ClosedAt     *time.Time      `db:"closed_at"`
	DeskSince    time.Time       `db:"desk_since"`
	Signed       bool            `db:"signed"` // at least once
	// Who sent it to where it lies: the last applied decision, else the launch.
	Sender     string          `db:"sender"`
	SenderRole staff.Role      `db:"sender_role"`
	SentAction document.Action `db:"sent_action"` // empty: launched
	SentAt     time.Time       `db:"sent_at"`
	// Waiting is the receipt of a decision that has no answer yet.
	Waiting *time.Time `db:"waiting"`
	// Asked is until when the unit asks for more time; nil: it does not.
	Asked *time.Time `db:"asked"`
}

// The documents of each tab, as id and the instant by which the list is ordered:
// the due, or the reader's own decision. $1 is the person, $2 and $3 their scope.
// One text serves counts and rows, so the two cannot disagree.
const inboxMe = `
		me as (
			select distinct p.unit_code, p.role from positions p where p.person_id = $1 and ` + inForce + `
		)`

// inboxFollowed are what is followed, without the due: a count need not fetch it.
// "not in" gathers the open tasks once, where "not exists" went through them for
// each row.
const inboxFollowed = `
		select f.id, f.unit_code
		from (
			select d.id, d.unit_code
			from documents d join (select distinct unit_code from me) own on own.unit_code = d.unit_code
			where d.closed_at is null
			union
			select h.document_id, h.unit_code from handled h where h.person_id = $1 and h.open
		) f
		where ($2 or f.unit_code = any($3)) and f.id not in (
			select t.document_id from tasks t join me on me.unit_code = t.unit_code and me.role = t.role
			where t.closed_at is null)`

// inboxFound begins at an index each: open tasks of the desk, returned or open
// documents of the unit, what the person has handled. A task is read under its
// desk's unit: a desk is at the document's own unit, or at the authority, which
// reads all. "offset 0" keeps the planner from reading all documents, or all that
// the person has ever handled, through where it expects many.
var inboxFound = map[InboxTab]string{
	InboxTodo: `
		select t.document_id as id, t.due_at as at
		from tasks t join me on me.unit_code = t.unit_code and me.role = t.role
		where t.closed_at is null and ($2 or t.unit_code = any($3))`,
	InboxReturned: `
		select d.id, d.due_at as at, d.unit_code, d.campaign, d.status from documents d
		where d.status = 'returned' and ($2 or d.unit_code = any($3))
		  and (d.unit_code in (select unit_code from me)
		       or exists (select from handled h where h.document_id = d.id and h.person_id = $1 offset 0))`,
	InboxFollowing: `
		select f.id, d.due_at as at, f.unit_code, d.campaign, d.status from (` + inboxFollowed + `) f
		cross join lateral (select due_at, campaign, status from documents where id = f.id offset 0) d`,
	InboxDone: `
		select h.document_id as id, h.at, h.unit_code, h.campaign, h.status from handled h
		where h.person_id = $1 and ($2 or h.unit_code = any($3))`,
}

// inboxDone counts what is handled, as rows of n that add up: what is closed from
// the sums that triggers keep.
const inboxDone = `
		select t.unit_code, t.status, t.n from handled_tallies t
		where t.person_id = $1 and ($2 or t.unit_code = any($3))
		union all
		select h.unit_code, h.status, 1 from handled h
		where h.person_id = $1 and h.open and ($2 or h.unit_code = any($3))`

// inboxNarrowed is what the filter asks of d: $4 to $12 are the rest of the
// arguments. What is handled has no due.
const inboxNarrowed = `
		where ($4 = '' or d.campaign = any($6)
		       or d.unit_code in (select code from units where name_key like $5 or lower(code) = $4))
		  and ($9 = '' or d.status = $9)
		  and ($8 = '' or d.unit_code in (select code from units where unit_group = $8))
		  and case $10
		      when 'overdue' then at <= $11
		      when 'today' then at > $11 and at <= $12
		      when 'later' then at > $12
		      else true end`

// narrowed is inboxNarrowed with the campaign, by which an index can be gone
// through only where one is set.
func (f InboxFilter) narrowed() string {
	if f.Campaign == "" {
		return inboxNarrowed + ` and $7::text is not null`
	}
	return inboxNarrowed + ` and d.campaign = $7`
}

// inboxQuery is one reader's list.
type inboxQuery struct {
	filter InboxFilter
	scope  []any    // $1 to $3
	named  []string // codes of the campaigns that the query names
	args   []any    // and, where the filter narrows, $4 to $12
}

func (s *Store) inboxQuery(ctx context.Context, actor staff.Actor, filter InboxFilter, now time.Time) (inboxQuery, error) {
	if _, known := inboxFound[filter.Tab]; !known {
		return inboxQuery{}, fmt.Errorf("read inbox: no tab %q", filter.Tab)
	}
	if filter.Tab == InboxDone {
		filter.Due = ""
	}
	scope := actor.Reads()
	q := inboxQuery{filter: filter, scope: []any{actor.Person, scope.All, pq.Array(scope.Units)}}
	q.args = q.scope
	if !filter.Narrows() {
		return q, nil
	}
	var err error
	q.named, err = s.campaignsNamed(ctx, filter.Query)
	key := Fold(filter.Query)
	q.args = append(q.args[:3:3], key, "%"+likeEscape(key)+"%", pq.Array(q.named), filter.Campaign, filter.Group,
		string(filter.Status), string(filter.Due), now, endOfToday(now))
	return q, err
}

// found is the list as a source with d.id and at. Without a filter nothing is
// joined: pages and counts then come from the indexes.
func (q inboxQuery) found() string {
	text := `(` + inboxFound[q.filter.Tab] + `)`
	switch {
	case !q.filter.Narrows():
		return text + ` d`
	case q.filter.Tab == InboxTodo:
		return text + ` f join documents d on d.id = f.id` + q.filter.narrowed()
	}
	return text + ` d` + q.filter.narrowed()
}

// order is by due: what is overdue stands first by itself. What is done has no
// due any more; there the newest comes first.
func (q inboxQuery) order() string {
	if q.filter.Tab == InboxDone {
		return `at desc, id desc`
	}
	return `at, id`
}

// and adds arguments, naming the first one's place.
func (q inboxQuery) and(more ...any) (args []any, first int) {
	return append(q.args[:len(q.args):len(q.args)], more...), len(q.args) + 1
}

// Inbox reads one page of a tab for the person, within their scope.
func (s *Store) Inbox(ctx context.Context, actor staff.Actor, filter InboxFilter) (Inbox, error) {
	in, err := s.inboxCounts(ctx, actor)
	if err != nil {
		return in, err
	}
	q, err := s.inboxQuery(ctx, actor, filter, in.Now)
	if err != nil {
		return in, err
	}
	if err := s.inboxTotals(ctx, q, &in); err != nil {
		return in, err
	}
	args, limit := q.and(InboxPage, (max(filter.Page, 1)-1)*InboxPage)
	list := fmt.Sprintf(`with `+inboxMe+`, page as (
			select d.id, at from `+q.found()+`
			order by `+q.order()+` limit $%d offset $%d
		)
		select d.id, d.kind, d.campaign, c.name as campaign_name, d.unit_code, u.name as unit_name,
		       d.stage, d.status, d.revision, d.returns, d.due_at, d.extended_at, d.closed_at, d.desk_since, d.first_signed_at is not null as signed,
		       coalesce(last.name, l.name) as sender, coalesce(last.role, 'officer') as sender_role,
		       coalesce(last.action, '') as sent_action, coalesce(last.received_at, d.created_at) as sent_at,
		       (select min(w.received_at) from decisions w
		        where w.document_id = d.id and w.outcome is null) as waiting,
		       `+openRequest+` as asked
		from page
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
		order by `+q.order(), limit, limit+1)
	err = s.db.SelectContext(ctx, &in.Rows, list, args...)
	return in, wrap("read inbox", err)
}

// inboxDoneTotal counts what is handled and fits a filter that names no campaign.
const inboxDoneTotal = `
		select coalesce(sum(d.n), 0) from (` + inboxDone + `) d
		where ($4 = '' or d.unit_code in (select code from units where name_key like $5 or lower(code) = $4))
		  and ($6 = '' or d.unit_code in (select code from units where unit_group = $6))
		  and ($7 = '' or d.status = $7)`

// inboxTotals counts the rows of the filtered list, by due class too. Where
// nothing narrows, the tab's own count is known already. The sums of what is
// handled do not tell campaigns apart.
func (s *Store) inboxTotals(ctx context.Context, q inboxQuery, in *Inbox) error {
	in.Total = in.Counts[q.filter.Tab]
	in.Dues = map[InboxDue]int{InboxOverdue: in.Late, InboxToday: in.Today, InboxLater: in.Total - in.Late - in.Today}
	if !q.filter.Narrows() && (q.filter.Tab == InboxTodo || q.filter.Tab == InboxDone) {
		return nil
	}
	if f := q.filter; f.Tab == InboxDone && f.Campaign == "" && len(q.named) == 0 {
		key := Fold(f.Query)
		err := s.db.GetContext(ctx, &in.Total, inboxDoneTotal, append(q.scope[:3:3],
			key, "%"+likeEscape(key)+"%", f.Group, string(f.Status))...)
		return wrap("count filtered inbox", err)
	}
	args, now := q.and(in.Now, endOfToday(in.Now))
	count := fmt.Sprintf(`with `+inboxMe+`
		select count(*), count(*) filter (where at <= $%[1]d),
		       count(*) filter (where at > $%[1]d and at <= $%[2]d)
		from `+q.found(), now, now+1)
	var late, today int
	err := s.db.QueryRowxContext(ctx, count, args...).Scan(&in.Total, &late, &today)
	in.Dues = map[InboxDue]int{InboxOverdue: late, InboxToday: today, InboxLater: in.Total - late - today}
	return wrap("count filtered inbox", err)
}

func (s *Store) inboxCounts(ctx context.Context, actor staff.Actor) (Inbox, error) {
	count := `with ` + inboxMe + `, now as materialized (
			select now, (date_trunc('day', now at time zone 'Asia/Ho_Chi_Minh') + interval '1 day')
			       at time zone 'Asia/Ho_Chi_Minh' as midnight
			from (select clock_timestamp() as now) clock
		)
		select now.now, todo.n, todo.late, todo.today,
		       (select count(*) from (` + inboxFound[InboxReturned] + `) f),
		       (select count(*) from (` + inboxFollowed + `) f),
		       (select coalesce(sum(f.n), 0) from (` + inboxDone + `) f)
		from now, lateral (
			select count(*) as n, count(*) filter (where f.at <= now.now) as late,
			       count(*) filter (where f.at > now.now and f.at <= now.midnight) as today
			from (` + inboxFound[InboxTodo] + `) f
		) todo`
	scope := actor.Reads()
	var in Inbox
	var todo, returned, following, done int
	err := s.db.QueryRowxContext(ctx, count, actor.Person, scope.All, pq.Array(scope.Units)).
		Scan(&in.Now, &todo, &in.Late, &in.Today, &returned, &following, &done)
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

// Next is what a person goes on to.
type Next struct {
	Document string `db:"id"`   // empty: nothing is left
	Left     int    `db:"left"` // open tasks that fit, this one among them
}

// NextTask is the first of the person's open tasks in the order of the list that
// fit the filter, whichever tab that names. What is decided already and waits
// for its answer is left out, and so is the document besides.
func (s *Store) NextTask(ctx context.Context, actor staff.Actor, filter InboxFilter, besides string) (Next, error) {
	filter.Tab = InboxTodo
	now, err := s.Now(ctx)
	if err != nil {
		return Next{}, err
	}
	q, err := s.inboxQuery(ctx, actor, filter, now)
	if err != nil {
		return Next{}, err
	}
	args, last := q.and(besides)
	find := fmt.Sprintf(`with `+inboxMe+`, ids as (select d.id, at from `+q.found()+`)
		select id, count(*) over () as left from ids
		where id <> $%d and not exists (select from decisions w where w.document_id = ids.id and w.outcome is null)
		order by `+q.order()+` limit 1`, last)
	var next []Next
	if err := s.db.SelectContext(ctx, &next, find, args...); err != nil || len(next) == 0 {
		return Next{}, wrap("find next task", err)
	}
	return next[0], nil
}
