package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// planBoard is a board over plans' tasks in the making: of a campaign, or of one
// plan.
type planBoard struct {
	storage.PlanBoard
	given  storage.OutageGiven
	code   string // of the campaign
	name   string // of it
	year   int    // that is planned
	table  plan.Table
	days   calendar.Calendar
	one    *dossier // the plan whose board it is; nil: the campaign's
	roster int      // units of the campaign, for who reads them all; else 0
	path   string
	back   templates.Link
	shell  templates.Shell
	query  url.Values

	view   string
	filter storage.PlanBoardFilter
	lead   string // name of the lead that is set
	search string // name that is looked for among leads
	sort   storage.LeadSort
	reader string
}

// showPlanBoard is the tasks of all plans of a campaign within the reader's scope.
func (s *Server) showPlanBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.planBoardOf(r, actor, r.URL.Query().Get("all") != "")
	if err != nil {
		return err
	}
	return s.show(w, "plan/board", b.page(r.URL))
}

// showUnitPlanBoard is the tasks of one plan.
func (s *Server) showUnitPlanBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.unitPlanBoard(r, actor, r.URL.Query().Get("all") != "")
	if err != nil {
		return err
	}
	return s.show(w, "plan/board", b.page(r.URL))
}

// planBoardOf reads the board of the campaign in the path; one of reports has none.
func (s *Server) planBoardOf(r *http.Request, actor staff.Actor, all bool) (*planBoard, error) {
	c, err := s.store.Campaign(r.Context(), actor.Reads(), chi.URLParam(r, "code"))
	if err != nil {
		return nil, err
	}
	if c.Kind != document.Plan {
		return nil, storage.ErrNotFound
	}
	b := &planBoard{
		code: c.Code, name: c.Name, path: campaignPath(c.Code) + "/tasks",
		back: templates.Link{Label: templates.BackToCampaign, URL: campaignPath(c.Code)},
	}
	if actor.Reads().All {
		b.roster = c.RosterOverall
	}
	b.shell = s.shell(r, templates.TitlePlanBoard, templates.AtPlans)
	if !all { // what is printed stands still
		b.shell.Live.Also(watchCampaign + c.Code)
	}
	b.shell.Crumbs = []templates.Crumb{
		{Label: templates.TitlePlans, URL: plansPath}, {Label: c.Name, URL: campaignPath(c.Code)}, {Label: templates.TitlePlanBoard},
	}
	return b, s.readPlanBoard(r, b, actor, c.Form, c.FormVersion, c.Period, all)
}

// unitPlanBoard reads the board of the living plan in the path.
func (s *Server) unitPlanBoard(r *http.Request, actor staff.Actor, all bool) (*planBoard, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	if tracked, err := s.store.TracksPlan(r.Context(), d.ID); err != nil || !tracked {
		return nil, orNotFound(err)
	}
	c := d.Campaign
	b := &planBoard{
		code: c.Code, name: c.Name, one: d, path: "/documents/" + d.ID + "/board",
		back: templates.Link{Label: templates.TitleTracking, URL: d.path("/tracking")},
	}
	b.shell = s.shellOf(r, d, templates.UnitPlanBoard)
	b.shell.Crumbs = slices.Insert(b.shell.Crumbs, len(b.shell.Crumbs)-1, templates.Crumb{Label: templates.TitleTracking, URL: d.path("/tracking")})
	return b, s.readPlanBoard(r, b, actor, c.Form, c.FormVersion, c.Period, all)
}

func orNotFound(err error) error {
	if err == nil {
		return storage.ErrNotFound
	}
	return err
}

func (s *Server) readPlanBoard(r *http.Request, b *planBoard, actor staff.Actor, form string, number int, year string, all bool) error {
	version, err := s.store.FormVersion(r.Context(), form, number)
	if err != nil {
		return err
	}
	p, err := period.Parse(year)
	if err != nil || version.Plan == nil {
		return fmt.Errorf("plan board of %s: no plan of a period: %w", b.code, orNotFound(err))
	}
	b.table, b.year, b.query, b.reader = *version.Plan, p.Year, r.URL.Query(), actor.Name
	if b.days, err = s.store.Calendar(r.Context()); err != nil {
		return err
	}
	scope := actor.Reads()
	if b.one != nil {
		scope = staff.Scope{Units: []string{b.one.Unit.Code}}
	}
	if b.given, err = s.store.OutageGiven(r.Context(), scope, b.code); err != nil {
		return err
	}
	b.readFilter()
	b.filter.All = all
	switch b.view {
	case templates.PlanLeadsView:
		b.PlanBoard, err = s.store.PlanLeads(r.Context(), actor.Reads(), b.code, b.filter, b.search, b.sort)
	case templates.PlanMonthsView:
		b.PlanBoard, err = s.store.PlanMonths(r.Context(), actor.Reads(), b.code, b.filter)
	default:
		b.PlanBoard, err = s.store.PlanTasks(r.Context(), actor.Reads(), b.code, b.filter)
	}
	if err != nil || b.filter.Lead == "" {
		return err
	}
	b.lead = b.filter.Lead
	if b.one == nil {
		unit, err := s.store.Unit(r.Context(), b.filter.Lead)
		if err != nil {
			return err
		}
		b.lead = unit.Name
	}
	return nil
}

// readFilter reads the filters of the address; what it does not know narrows nothing.
func (b *planBoard) readFilter() {
	q := b.query
	if view := q.Get("view"); view == templates.PlanLeadsView || view == templates.PlanMonthsView {
		b.view = view
	}
	f := &b.filter
	f.Page = pageNumber(q)
	if b.one != nil {
		f.Document = b.one.ID
	} else if slices.Contains(words.UnitGroups, q.Get("group")) {
		f.Group = q.Get("group")
	}
	if b.view == templates.PlanLeadsView {
		b.search, b.sort = q.Get("q"), storage.LeadSort(q.Get("sort"))
		if b.sort != storage.LeadsByShare && b.sort != storage.LeadsByName {
			b.sort = storage.LeadsByLate
		}
		return
	}
	f.Lead = q.Get("lead")
	if _, known := b.table.Field(q.Get("field")); known {
		f.Field = q.Get("field")
	}
	if b.view == templates.PlanMonthsView {
		return
	}
	if status := plan.Status(q.Get("status")); slices.Contains(plan.Statuses, status) {
		f.Status = status
	}
	if month := q.Get("month"); templates.LabelOf(templates.MonthOptions(b.year, storage.NoMonth, month)) != "" {
		f.Month = month
	}
}

func (b *planBoard) page(at *url.URL) templates.PlanBoardPage {
	page := templates.PlanBoardPage{
		Shell: b.shell, Facts: b.facts(), Back: b.back, Tabs: b.tabs(), Filters: b.filters(), Heads: templates.TaskStatusHeads(),
		Shares: templates.TaskSharesOf(b.Tally(b.except(func(f *storage.PlanBoardFilter) { f.Status = "" })), b.filter.Status, b.statusLink),
		Take:   b.takeaway(),
	}
	page.Empty = templates.NoPlanTasks("")
	if len(b.Counts) > 0 || page.Filters.Active > 0 {
		page.Empty = templates.NoPlanTasks(page.Filters.ClearURL)
	}
	switch b.view {
	case templates.PlanLeadsView:
		page.Heading, page.Leads = templates.LeadsHeading(b.LeadsMatching, b.one != nil), b.leadRows()
		page.Paging = b.paging(at, len(b.Leads), b.LeadsMatching, templates.LeadNoun)
	case templates.PlanMonthsView:
		page.Heading = templates.PlanByMonth
		if len(b.Counts) > 0 {
			page.Months = b.months()
		}
	default:
		matching := b.Tally(b.filter).Total()
		page.Heading, page.Rows = words.TaskCount(matching), b.rows()
		page.Paging = b.paging(at, len(b.Rows), matching, templates.TaskNoun)
	}
	return page
}

func (b *planBoard) paging(at *url.URL, shown, matching int, noun string) templates.Paging {
	if b.filter.All {
		return templates.Paging{}
	}
	return paging(at, b.filter.Page, shown, storage.BoardPage, matching, noun)
}

// except is the filter without what change takes away.
func (b *planBoard) except(change func(*storage.PlanBoardFilter)) storage.PlanBoardFilter {
	f := b.filter
	change(&f)
	return f
}

func (b *planBoard) facts() []string {
	facts := templates.PlanBoardFacts(b.Plans, b.roster, b.Now)
	if b.one != nil {
		facts = templates.UnitPlanFacts(b.one.Unit.Name, b.name, b.Now)
	}
	still := stillInYear(b.days, b.year, b.Now)
	return slices.Concat(facts, templates.OutageStood(still), templates.OutageGave(0, 0, b.given.Tasks))
}

// stillInYear are the days of a plan's year so far that an outage took.
func stillInYear(days calendar.Calendar, year int, now time.Time) []calendar.Day {
	return days.DaysStill(calendar.Date(year-1, time.December, 31), min(calendar.DayOf(now), calendar.Date(year, time.December, 31)))
}

// link is the board with some filters set anew, given as names and values; an empty
// value takes the filter away, and the page starts anew.
func (b *planBoard) link(pairs ...string) string {
	q := url.Values{}
	for name, values := range b.query {
		if name != "page" && name != "all" && values[0] != "" {
			q[name] = values[:1]
		}
	}
	for pair := range slices.Chunk(pairs, 2) {
		if name, value := pair[0], pair[1]; value == "" {
			q.Del(name)
		} else {
			q.Set(name, value)
		}
	}
	return withQuery(b.path, q)
}

// statusLink lists the tasks of a status; the same status again takes it away.
func (b *planBoard) statusLink(status plan.Status) string {
	if status == b.filter.Status {
		status = ""
	}
	return b.link("view", "", "q", "", "sort", "", "status", string(status))
}

func (b *planBoard) tabs() []templates.Tab {
	byLead := templates.PlanByLead
	if b.one != nil {
		byLead = templates.PlanByOwnLead
	}
	return []templates.Tab{
		{Label: templates.PlanByTask, URL: b.link("view", "", "q", "", "sort", ""), Current: b.view == templates.PlanTasksView},
		{Label: byLead, URL: b.link("view", templates.PlanLeadsView, "status", "", "field", "", "month", "", "lead", ""), Current: b.view == templates.PlanLeadsView},
		{Label: templates.PlanByMonth, URL: b.link("view", templates.PlanMonthsView, "status", "", "month", "", "q", "", "sort", ""), Current: b.view == templates.PlanMonthsView},
	}
}

func (b *planBoard) filters() templates.PlanBoardFilters {
	f := templates.PlanBoardFilters{URL: b.path, View: b.view, Lead: b.filter.Lead}
	if b.one == nil {
		f.Groups = templates.GroupOptions(b.filter.Group, b.groups(), b.Tally(b.except(func(f *storage.PlanBoardFilter) { f.Group = "" })).Total())
	}
	if b.view == templates.PlanLeadsView {
		f.Sorts, f.Named, f.Query = templates.LeadSortOptions(string(b.sort)), b.one == nil, b.search
	} else {
		f.Fields = templates.FieldOptions(b.table.Fields, b.filter.Field)
	}
	if b.view == templates.PlanTasksView {
		f.Statuses, f.Months = templates.TaskStatusOptions(b.filter.Status), templates.MonthOptions(b.year, storage.NoMonth, b.filter.Month)
	}
	for _, one := range []struct{ param, name, value string }{
		{"status", templates.FilterStatus, templates.LabelOf(f.Statuses)}, {"field", templates.FilterField, templates.LabelOf(f.Fields)},
		{"month", templates.FilterMonth, templates.LabelOf(f.Months)}, {"group", templates.FilterGroup, b.groupName()},
		{"lead", templates.FilterLead, b.lead},
	} {
		if one.value != "" {
			f.Chips = append(f.Chips, templates.Chosen{Label: templates.ChosenLabel(one.name, one.value), URL: b.link(one.param, "")})
		}
	}
	f.Active = len(f.Chips)
	f.ClearURL = b.path
	if b.view != templates.PlanTasksView {
		f.ClearURL += "?view=" + b.view
	}
	return f
}

func (b *planBoard) groupName() string {
	if b.filter.Group == "" {
		return ""
	}
	return words.UnitGroup(b.filter.Group)
}

// groups counts the tasks by the kind of unit that leads them.
func (b *planBoard) groups() map[string]int {
	groups, f := map[string]int{}, b.except(func(f *storage.PlanBoardFilter) { f.Group = "" })
	for _, one := range b.Counts {
		if f.Fits(one) {
			groups[one.Group] += one.N
		}
	}
	return groups
}

func (b *planBoard) rows() []templates.PlanBoardRow {
	rows := make([]templates.PlanBoardRow, len(b.Rows))
	for i, one := range b.Rows {
		row := templates.PlanBoardRow{
			TaskText: taskText(one.Task, one.Place, b.table), URL: "/documents/" + one.Document + "/tracking/" + one.Task.Key,
			Field: words.TaskCell(one.Task, plan.ColumnField, b.table), Chip: templates.TaskChip(one.Status),
		}
		row.Given = words.TaskGiven(one.Given)
		if one.Status.Open() {
			row.Percent = templates.TaskPercent(one.Percent)
		}
		if b.one == nil {
			row.Unit = one.UnitName
		}
		if one.EndsAt != nil && one.Status.Open() {
			row.Left = words.Left(*one.EndsAt, b.Now, b.days)
		}
		rows[i] = row
	}
	return rows
}

func (b *planBoard) leadRows() []templates.PlanLeadRow {
	rows := make([]templates.PlanLeadRow, len(b.Leads))
	for i, lead := range b.Leads {
		tally := lead.Tally()
		link := func(status plan.Status) string {
			return b.link("view", "", "q", "", "sort", "", "lead", lead.Code, "status", string(status))
		}
		rows[i] = templates.PlanLeadRow{
			Name: lead.Name, URL: link(""), Planned: words.Number(tally.Planned()), Share: words.PlanShare(tally),
			Bars: templates.TaskBars(tally), Cells: templates.TaskCells(tally, link),
		}
	}
	return rows
}

// months is the timeline over the plan's year.
func (b *planBoard) months() *templates.PlanMonths {
	tallies := make([]plan.Tally, 12)
	for i := range tallies {
		tallies[i] = b.monthTally(monthCode(b.year, i+1))
	}
	none := b.monthTally(storage.NoMonth)
	first := calendar.Date(b.year, time.January, 1)
	today, length := calendar.DayOf(b.Now), int(calendar.Date(b.year+1, time.January, 1)-first)
	now := -1
	if today >= first {
		now = int(today-first) * 1000 / length
	}
	m := templates.Timeline(b.year, tallies, none, now)
	for i, tally := range tallies {
		row := b.monthRow(templates.MonthOfYear(b.year, i+1), monthCode(b.year, i+1), tally)
		row.Now = today.Year() == b.year && int(today.Month()) == i+1
		m.Rows = append(m.Rows, row)
	}
	m.Rows = append(m.Rows, b.monthRow(templates.NoDeadlineMonth, storage.NoMonth, none))
	return &m
}

func monthCode(year, month int) string { return fmt.Sprintf("%04d-%02d", year, month) }

func (b *planBoard) monthTally(month string) plan.Tally {
	return b.Tally(b.except(func(f *storage.PlanBoardFilter) { f.Month = month }))
}

func (b *planBoard) monthRow(name, month string, tally plan.Tally) templates.PlanMonthRow {
	link := func(status plan.Status) string { return b.link("view", "", "month", month, "status", string(status)) }
	return templates.PlanMonthRow{
		Name: name, URL: link(""), Planned: words.Number(tally.Planned()), Share: words.PlanShare(tally), Cells: templates.TaskCells(tally, link),
	}
}

// takeaway is how the board leaves the screen.
func (b *planBoard) takeaway() templates.Takeaway {
	book := withQuery(b.path+".xlsx", queryOf(b.link()))
	take := templates.Takeaway{Excel: book, Head: b.head()}
	if !b.filter.All {
		take.Print = b.link("all", "1")
		return take
	}
	take.Back, take.Cut = b.link(), b.cut()
	return take
}

func queryOf(link string) url.Values {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	return u.Query()
}

// head says on paper and in the workbook what it is, when, by whom, and of what.
func (b *planBoard) head() []string {
	title := templates.PlanBoardPrintTitle(b.name)
	if b.one != nil {
		title += ", " + b.one.Unit.Name
	}
	return templates.TakenHead(title, words.Moment(b.Now), b.reader, templates.PlanNarrowed(b.filters().Chips, b.search))
}

// cut says that a list in one piece does not hold everything.
func (b *planBoard) cut() string {
	shown, matching := len(b.Rows), b.Tally(b.filter).Total()
	if b.view == templates.PlanLeadsView {
		shown, matching = len(b.Leads), b.LeadsMatching
	}
	if b.view == templates.PlanMonthsView || matching <= shown {
		return ""
	}
	return templates.CutNote(shown, matching)
}
