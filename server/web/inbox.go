package web

import (
	"net/http"
	"net/url"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showTasks is "my tasks", the home of every role.
func (s *Server) showTasks(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := inboxFilter(r.URL.Query())
	in, err := s.store.Inbox(r.Context(), actor, filter)
	if err != nil {
		return err
	}
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return err
	}
	campaigns, err := s.store.InboxCampaigns(r.Context())
	if err != nil {
		return err
	}
	many := len(actor.Units()) > 1 || actor.Reads().All
	list := inboxList{Inbox: in, filter: filter, calendar: days, many: many}
	page := templates.TasksPage{
		Shell: s.shell(r, words.TitleTasks, templates.AtTasks), Today: words.Today(in.Now),
		Late: in.Late, DueNow: in.Today, Tabs: list.tabs(), Tab: string(filter.Tab),
		Filters: list.filters(campaigns), Groups: list.groups(), Paging: list.paging(), Empty: list.empty(),
	}
	return s.show(w, "tasks/list", page)
}

// inboxFilter reads the filters of the address; what it does not know narrows
// nothing.
func inboxFilter(q url.Values) storage.InboxFilter {
	filter := storage.InboxFilter{
		Tab: storage.InboxTodo, Query: q.Get("q"), Campaign: q.Get("campaign"), Page: 1,
	}
	for _, tab := range storage.InboxTabs {
		if q.Get("tab") == string(tab) {
			filter.Tab = tab
		}
	}
	for _, group := range words.UnitGroups {
		if q.Get("group") == group {
			filter.Group = group
		}
	}
	for _, status := range document.Statuses {
		if q.Get("status") == string(status) {
			filter.Status = status
		}
	}
	for _, due := range inboxDues {
		if q.Get("due") == string(due) {
			filter.Due = due
		}
	}
	if page, err := strconv.Atoi(q.Get("page")); err == nil && page > 1 && page < 1_000_000 {
		filter.Page = page
	}
	return filter
}

var inboxDues = []storage.InboxDue{storage.InboxOverdue, storage.InboxToday, storage.InboxLater}

// inboxList turns what was read into the page.
type inboxList struct {
	storage.Inbox
	filter   storage.InboxFilter
	calendar calendar.Calendar
	many     bool // the reader has to do with more than one unit
}

// address is the page with the filter and another tab or page number.
func (l inboxList) address(tab storage.InboxTab, page int, filtered bool) string {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	if tab != storage.InboxTodo {
		q.Set("tab", string(tab))
	}
	if filtered {
		set("q", l.filter.Query)
		set("campaign", l.filter.Campaign)
		set("group", l.filter.Group)
		set("status", string(l.filter.Status))
		set("due", string(l.filter.Due))
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/tasks"
	}
	return "/tasks?" + q.Encode()
}

func (l inboxList) tabs() []templates.Tab {
	tabs := make([]templates.Tab, 0, len(storage.InboxTabs))
	for _, tab := range storage.InboxTabs {
		tabs = append(tabs, templates.Tab{
			Label: words.InboxTab(string(tab)), URL: l.address(tab, 1, false), Count: l.Counts[tab],
			HasZero: true, Current: tab == l.filter.Tab,
		})
	}
	return tabs
}

func (l inboxList) filters(campaigns []storage.CampaignName) templates.TaskFilters {
	f := templates.TaskFilters{
		Query: l.filter.Query, ClearURL: l.address(l.filter.Tab, 1, false),
		Campaigns: []templates.Option{{Label: words.AllCampaigns}},
		Statuses:  []templates.Option{{Label: words.AllStatuses}},
		Dues:      []templates.Option{{Label: words.AllDues}},
	}
	for _, one := range campaigns {
		f.Campaigns = append(f.Campaigns, templates.Option{Value: one.Code, Label: one.Name, Selected: one.Code == l.filter.Campaign})
	}
	if l.many {
		f.Groups = []templates.Option{{Label: words.AllGroups}}
		for _, group := range words.UnitGroups {
			f.Groups = append(f.Groups, templates.Option{Value: group, Label: words.UnitGroup(group), Selected: group == l.filter.Group})
		}
	}
	for _, status := range document.Statuses {
		f.Statuses = append(f.Statuses, templates.Option{Value: string(status), Label: words.Status(status), Selected: status == l.filter.Status})
	}
	for _, due := range inboxDues {
		f.Dues = append(f.Dues, templates.Option{Value: string(due), Label: words.InboxDue(string(due)), Selected: due == l.filter.Due})
	}
	for _, narrows := range []bool{
		l.filter.Query != "", l.filter.Campaign != "", l.filter.Group != "", l.filter.Status != "", l.filter.Due != "",
	} {
		if narrows {
			f.Active++
		}
	}
	return f
}

// groups sorts the rows by due class; what is done is one group.
func (l inboxList) groups() []templates.TaskGroup {
	late := templates.TaskGroup{Name: words.InboxDue("overdue"), Icon: "exclamation-octagon-fill", Late: true}
	today := templates.TaskGroup{Name: words.InboxDue("today"), Icon: "calendar-event"}
	later := templates.TaskGroup{Name: words.InboxDue("later"), Icon: "calendar-event"}
	done := templates.TaskGroup{Name: words.Closed, Icon: "check-circle-fill"}
	if l.filter.Tab == storage.InboxDone {
		done.Name = words.InboxTab(string(storage.InboxDone))
	}
	endOfToday := calendar.DayOf(l.Now).Add(1).Start()
	for _, row := range l.Rows {
		into := &later
		switch {
		case row.ClosedAt != nil || l.filter.Tab == storage.InboxDone:
			into = &done
		case !l.Now.Before(row.DueAt):
			into = &late
		case !row.DueAt.After(endOfToday):
			into = &today
		}
		into.Rows = append(into.Rows, l.row(row))
	}
	var groups []templates.TaskGroup
	for _, g := range []templates.TaskGroup{late, today, later, done} {
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func (l inboxList) row(row storage.InboxRow) templates.TaskRow {
	out := templates.TaskRow{
		URL: "/documents/" + row.Document, Subject: row.CampaignName, Document: row.UnitName,
		Revision: row.Revision, Sender: row.Sender, Sent: words.Sent(row.SenderRole, row.SentAction, row.SentAt),
		Status: row.Status,
	}
	if l.many {
		out.Subject, out.Document = row.UnitName, row.CampaignName
	}
	if row.Waiting != nil {
		out.Pending = words.Pending(*row.Waiting)
	}
	if row.ClosedAt != nil {
		return out
	}
	out.Due, out.Left = words.InstantNear(row.DueAt, l.Now), words.Left(row.DueAt, l.Now, l.calendar)
	if out.Late = !l.Now.Before(row.DueAt); out.Late {
		out.Flags = append(out.Flags, templates.OverdueFlag(words.Overdue(row.DueAt, l.Now, l.calendar)))
	}
	return out
}

func (l inboxList) paging() templates.Paging {
	first := (l.filter.Page - 1) * storage.InboxPage
	p := templates.Paging{Total: l.Total, Noun: words.TaskNoun}
	if len(l.Rows) == 0 {
		return p
	}
	p.From, p.To = first+1, first+len(l.Rows)
	if l.filter.Page > 1 {
		p.PreviousURL = l.address(l.filter.Tab, l.filter.Page-1, true)
	}
	if p.To < p.Total {
		p.NextURL = l.address(l.filter.Tab, l.filter.Page+1, true)
	}
	return p
}

func (l inboxList) empty() templates.Empty {
	filtered := l.address(l.filter.Tab, 1, true) != l.address(l.filter.Tab, 1, false)
	title, text := words.InboxEmpty(string(l.filter.Tab), filtered)
	empty := templates.Empty{Title: title, Text: text}
	if filtered {
		empty.URL, empty.Label = l.address(l.filter.Tab, 1, false), words.ClearFilters
	}
	return empty
}
