package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showTasks is "my tasks", the home of every role.
func (s *Server) showTasks(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.tasksPage(r, actor, inboxFilter(r.URL.Query()))
	if err != nil {
		return err
	}
	return s.show(w, "tasks/list", page)
}

func (s *Server) tasksPage(r *http.Request, actor staff.Actor, filter storage.InboxFilter) (templates.TasksPage, error) {
	in, err := s.store.Inbox(r.Context(), actor, filter)
	if err != nil {
		return templates.TasksPage{}, err
	}
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return templates.TasksPage{}, err
	}
	campaigns, err := s.store.InboxCampaigns(r.Context())
	if err != nil {
		return templates.TasksPage{}, err
	}
	views, err := s.store.SavedViews(r.Context(), actor.Person)
	if err != nil {
		return templates.TasksPage{}, err
	}
	many := len(actor.Units()) > 1 || actor.Reads().All
	list := inboxList{Inbox: in, filter: filter, calendar: days, many: many, campaigns: campaigns}
	open := map[string]hurried{}
	for _, row := range in.Rows {
		open[row.Document] = hurried{stage: row.Stage, deskSince: row.DeskSince, due: row.DueAt, signed: row.Signed}
	}
	if list.risks, err = s.risks(r.Context(), open, in.Now, days); err != nil {
		return templates.TasksPage{}, err
	}
	page := templates.TasksPage{
		Shell: s.shell(r, words.TitleTasks, templates.AtTasks), Today: words.Today(in.Now),
		Late: in.Late, DueNow: in.Today, Tabs: list.tabs(), Tab: string(filter.Tab),
		Filters: list.filters(), Groups: list.groups(), Paging: list.paging(), Empty: list.empty(),
	}
	if filter.Tab == storage.InboxTodo && len(in.Rows) > 0 {
		page.NextURL = nextPath(filter)
	}
	if s.mayLaunch(r, actor) {
		open, err := s.store.OpenProposals(r.Context())
		if err != nil {
			return page, err
		}
		page.Proposals = templates.OpenProposalsNote(len(open))
	}
	page.FirstLook = s.firstLook(r)
	if s.mayLaunch(r, actor) {
		n, err := s.store.RequestCount(r.Context(), actor.Reads(), "")
		if err != nil {
			return page, err
		}
		page.Asking = templates.AskingLink(n)
		page.Warning = templates.CalendarWarningLinked(days.WithoutOfficial(calendar.DayOf(in.Now)))
	}
	waiting, err := s.store.WaitingAdjustments(r.Context(), actor)
	if err != nil {
		return page, err
	}
	if len(waiting) > 0 {
		page.Adjusting = templates.WaitingLink(waiting[0].Total)
	}
	if page.Outage, err = s.askedDraft(r, actor); err != nil {
		return page, err
	}
	if page.Appraising, err = s.appraisalLinks(r, actor); err != nil {
		return page, err
	}
	list.addViews(&page, views)
	return page, nil
}

// inboxFilter reads the filters of the address; what it does not know narrows
// nothing.
func inboxFilter(q url.Values) storage.InboxFilter {
	filter := storage.InboxFilter{
		Tab: storage.InboxTodo, Query: searchText(q.Get("q")), Page: 1,
	}
	if code := q.Get("campaign"); len(code) <= maxSearchText {
		filter.Campaign = code
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
	for _, due := range storage.InboxDues {
		if q.Get("due") == string(due) && filter.Tab != storage.InboxDone { // what is handled has no due
			filter.Due = due
		}
	}
	if page, err := strconv.Atoi(q.Get("page")); err == nil && page > 1 && page < 1_000_000 {
		filter.Page = page
	}
	return filter
}

// maxSearchText is the longest search, in letters.
const maxSearchText = 100

// searchText is what was typed into a search box: one line, within reason.
func searchText(typed string) string {
	text := []rune(strings.Join(strings.Fields(storage.CleanText(typed)), " "))
	return string(text[:min(len(text), maxSearchText)])
}

// listQuery is the filter as the parameters of an address, in one order: what is
// as usual is left out.
func listQuery(f storage.InboxFilter) string {
	q := url.Values{}
	for name, value := range map[string]string{
		"q": f.Query, "campaign": f.Campaign, "group": f.Group, "status": string(f.Status), "due": string(f.Due),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Tab != storage.InboxTodo {
		q.Set("tab", string(f.Tab))
	}
	if f.Page > 1 {
		q.Set("page", strconv.Itoa(f.Page))
	}
	return q.Encode()
}

func pathWith(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

// listPath is the list's address.
func listPath(f storage.InboxFilter) string { return pathWith("/tasks", listQuery(f)) }

// inboxList turns what was read into the page.
type inboxList struct {
	storage.Inbox
	filter    storage.InboxFilter
	calendar  calendar.Calendar
	campaigns []storage.CampaignName
	risks     map[string]document.Risk
	many      bool // the reader has to do with more than one unit
}

// whole is the tab without conditions.
func whole(tab storage.InboxTab) storage.InboxFilter { return storage.InboxFilter{Tab: tab} }

// onPage is the same list on another page.
func (l inboxList) onPage(page int) string {
	f := l.filter
	f.Page = page
	return listPath(f)
}

func (l inboxList) tabs() []templates.Tab {
	tabs := make([]templates.Tab, 0, len(storage.InboxTabs))
	for _, tab := range storage.InboxTabs {
		tabs = append(tabs, templates.Tab{
			Label: words.InboxTab(string(tab)), URL: listPath(whole(tab)), Count: l.Counts[tab],
			HasZero: true, Current: tab == l.filter.Tab,
		})
	}
	return tabs
}

func (l inboxList) filters() templates.TaskFilters {
	f := templates.TaskFilters{
		Query: l.filter.Query, ClearURL: listPath(whole(l.filter.Tab)), Chips: l.chips(),
		Campaigns: []templates.Option{{Label: words.AllCampaigns}},
		Statuses:  []templates.Option{{Label: words.AllStatuses}},
	}
	for _, one := range l.campaigns {
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
	if l.filter.Tab != storage.InboxDone {
		f.Dues = []templates.Option{{Label: words.AllDues}}
		for _, due := range storage.InboxDues {
			f.Dues = append(f.Dues, templates.Option{Value: string(due), Label: words.InboxDue(string(due)), Selected: due == l.filter.Due})
		}
	}
	f.Active = len(f.Chips)
	return f
}

// chips is each condition that is set, with the list without it.
func (l inboxList) chips() []templates.FilterChip {
	var chips []templates.FilterChip
	add := func(set bool, label string, without func(*storage.InboxFilter)) {
		if !set {
			return
		}
		rest := l.filter
		rest.Page = 1
		without(&rest)
		chips = append(chips, templates.FilterChip{Label: label, URL: listPath(rest)})
	}
	f := l.filter
	add(f.Query != "", words.ChipQuery(f.Query), func(f *storage.InboxFilter) { f.Query = "" })
	add(f.Campaign != "", words.ChipCampaign(l.campaignName()), func(f *storage.InboxFilter) { f.Campaign = "" })
	add(f.Group != "", words.ChipGroup(f.Group), func(f *storage.InboxFilter) { f.Group = "" })
	add(f.Status != "", words.ChipStatus(f.Status), func(f *storage.InboxFilter) { f.Status = "" })
	add(f.Due != "", words.ChipDue(string(f.Due)), func(f *storage.InboxFilter) { f.Due = "" })
	return chips
}

func (l inboxList) campaignName() string {
	for _, one := range l.campaigns {
		if one.Code == l.filter.Campaign {
			return one.Name
		}
	}
	return words.UnknownCampaign
}

// groups sorts the rows by due class; what is done is one group.
func (l inboxList) groups() []templates.TaskGroup {
	late := templates.TaskGroup{Name: words.InboxDue("overdue"), Icon: "exclamation-octagon-fill", Late: true, Count: l.Dues[storage.InboxOverdue]}
	today := templates.TaskGroup{Name: words.InboxDue("today"), Icon: "calendar-event", Count: l.Dues[storage.InboxToday]}
	later := templates.TaskGroup{Name: words.InboxDue("later"), Icon: "calendar-event", Count: l.Dues[storage.InboxLater]}
	done := templates.TaskGroup{Name: words.InboxTab(string(storage.InboxDone)), Icon: "check-circle-fill", Count: l.Total}
	endOfToday := calendar.DayOf(l.Now).Add(1).Start()
	for _, row := range l.Rows {
		into := &later
		switch {
		case l.filter.Tab == storage.InboxDone: // the other tabs hold open documents alone
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
		URL: documentFrom(row.Document, l.filter), Subject: row.CampaignName, Document: row.UnitName,
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
	if _, late := l.risks[row.Document]; late {
		out.Flags = append(out.Flags, templates.RiskFlag())
	}
	if row.Asked != nil && len(out.Flags) < 2 {
		out.Flags = append(out.Flags, templates.AskedFlag(*row.Asked))
	}
	if row.ExtendedAt != nil && out.Pending == "" && len(out.Flags) < 2 {
		out.Flags = append(out.Flags, templates.ExtendedFlag(words.ExtendedShort(row.DueAt)))
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
		p.PreviousURL = l.onPage(l.filter.Page - 1)
	}
	if p.To < p.Total {
		p.NextURL = l.onPage(l.filter.Page + 1)
	}
	return p
}

// empty says why there is no row, and leads to where there are some.
func (l inboxList) empty() templates.Empty {
	title, text := words.InboxEmpty(string(l.filter.Tab), l.filter.Narrows())
	empty := templates.Empty{Title: title, Text: text}
	switch following := l.Counts[storage.InboxFollowing]; {
	case l.filter.Narrows():
		empty.URL, empty.Label = listPath(whole(l.filter.Tab)), words.ClearFilters
	case l.filter.Tab == storage.InboxTodo && following > 0:
		empty.URL, empty.Label = listPath(whole(storage.InboxFollowing)), words.SeeFollowing(following)
	}
	return empty
}
