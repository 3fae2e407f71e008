package web

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// boardView is a campaign's board in the making.
type boardView struct {
	storage.Board
	campaign storage.Campaign
	filter   storage.BoardFilter
	days     calendar.Calendar
	path     string
	query    url.Values // the filters of the address
	many     bool       // the reader sees more than a unit's own document
	reader   string     // name
	risks    map[string]document.Risk
	given    storage.OutageGiven
	// Of self-assessments: who has those that were handed in, and how much lies in each
	// round of their appraisal.
	appraised map[string]storage.AppraisalHold
	rounds    map[appraisal.Stage]storage.DeskLoad
}

// boardView reads a campaign's board as the address narrows it.
func (s *Server) boardView(r *http.Request, actor staff.Actor, f storage.BoardFilter) (boardView, error) {
	code, scope := chi.URLParam(r, "code"), actor.Reads()
	v := boardView{filter: f, path: campaignPath(code), query: r.URL.Query(), many: scope.All, reader: actor.Name}
	var err error
	if v.campaign, err = s.store.Campaign(r.Context(), scope, code); err != nil {
		return v, err
	}
	if v.Board, err = s.store.Board(r.Context(), scope, code, f); err != nil {
		return v, err
	}
	if v.given, err = s.store.OutageGiven(r.Context(), scope, code); err != nil {
		return v, err
	}
	if err = s.addAppraisals(r, scope, &v); err != nil {
		return v, err
	}
	if v.days, err = s.store.Calendar(r.Context()); err != nil || f.All {
		return v, err // what leaves the screen says what is so, not what may come
	}
	open := map[string]hurried{}
	for _, one := range v.Rows {
		open[one.Document] = hurried{stage: one.Stage, deskSince: one.DeskSince, due: one.DueAt, signed: one.FirstSignedAt != nil}
	}
	v.risks, err = s.risks(r.Context(), open, v.Now, v.days)
	return v, err
}

// showBoard is who holds what since when, within the reader's scope.
func (s *Server) showBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := boardFilter(r.URL.Query())
	filter.All = r.URL.Query().Get("all") != ""
	v, err := s.boardView(r, actor, filter)
	if err != nil {
		return err
	}
	page := v.page(s.shell(r, v.campaign.Name, templates.AtCampaigns))
	page.Take = v.takeaway("", "/board.xlsx", templates.BoardPrintTitle(v.campaign.Name))
	if !filter.All {
		page.Live.Also(watchCampaign + v.campaign.Code)
		page.Paging = paging(r.URL, max(v.filter.Page, 1), len(v.Rows), storage.BoardPage, v.Matching, templates.UnitNoun)
	}
	if v.campaign.Kind == document.Index {
		page.Index = s.indexLinks(actor, v.path)
	}
	if s.mayLaunch(r, actor) {
		page.AddUnits = v.path + "/units"
		if v.campaign.Kind == document.Plan {
			page.CityPlan = cityPlanPath(v.campaign.Code)
		}
		page.Remind = v.remind()
		page.Asking = templates.BoardAsking(v.Asking, v.campaign.Code)
	}
	return s.show(w, "campaigns/board", page)
}

// takeaway is how the list leaves the screen: list and workbook are its pages
// under the campaign, title heads the print.
func (v boardView) takeaway(list, workbook, title string) templates.Takeaway {
	q := url.Values{}
	for name, values := range v.query {
		if name != "page" && name != "all" {
			q[name] = values
		}
	}
	take := templates.Takeaway{
		Excel: withQuery(v.path+workbook, q),
		Head:  templates.TakenHead(title, words.Moment(v.Now), v.reader, v.narrowed()),
	}
	if !v.filter.All {
		q.Set("all", "1")
		take.Print = withQuery(v.path+list, q)
		return take
	}
	take.Back = withQuery(v.path+list, q)
	if v.Matching > len(v.Rows) {
		take.Cut = templates.CutNote(len(v.Rows), v.Matching)
	}
	return take
}

// narrowed says the filter in words.
func (v boardView) narrowed() string {
	f := v.filter
	return templates.Narrowed(f.Query, f.Group, f.Status, f.Class, string(f.Flag), string(f.Sort))
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// boardFilter reads the filters of the address; what it does not know narrows
// nothing.
func boardFilter(q url.Values) storage.BoardFilter {
	f := storage.BoardFilter{Query: q.Get("q"), Sort: storage.BoardByHeld, Page: pageNumber(q)}
	for _, group := range words.UnitGroups {
		if q.Get("group") == group {
			f.Group = group
		}
	}
	for _, status := range document.Statuses {
		if q.Get("status") == string(status) {
			f.Status = status
		}
	}
	for _, class := range append([]document.Punctuality{storage.Punctual, document.ExemptFromDue}, document.Punctualities...) {
		if q.Get("class") == string(class) {
			f.Class = class
		}
	}
	for _, flag := range storage.BoardFlags {
		if q.Get("flag") == string(flag) {
			f.Flag = flag
		}
	}
	for _, sort := range []storage.BoardSort{storage.BoardByDue, storage.BoardByUnit, storage.BoardByStatus} {
		if q.Get("sort") == string(sort) {
			f.Sort = sort
		}
	}
	return f
}

func (v boardView) page(shell templates.Shell) templates.BoardPage {
	c := v.campaign
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: c.Name}}
	window := period.Window{From: c.WindowFrom, To: c.WindowTo}
	all := v.Counts.Sum()
	page := templates.BoardPage{
		Shell: shell, Facts: append(templates.CampaignFacts(c.Kind, c.Period, window), v.asked()...),
		Due: v.due(window), Roster: templates.OwnUnitSentence, Sum: templates.PartOf(all, all),
		Funnel: templates.StatusFunnel(v.Counts, v.filter.Status, func(status document.Status) string {
			return v.with("status", string(status))
		}),
		Heading: templates.BoardTitle(v.Matching, v.filter.Status, v.filter.Class, string(v.filter.Flag)), Rows: v.rows(),
		Empty: templates.NoRows(v.path), DeskDays: templates.DeskHeads(),
	}
	if v.Overdue > 0 {
		page.Overdue = templates.OverdueLink(v.path+"/overdue", v.Overdue)
	}
	if c.Kind == document.Plan {
		page.Progress = v.path + "/tasks"
	}
	if c.Kind == document.Index {
		page.Appraisal = v.path + "/appraisal"
	}
	if v.many {
		page.Sum, page.Roster = templates.PartOf(all, c.RosterOverall), templates.RosterSentence
		page.Desks, page.Filters = v.desks(), v.filters()
		for _, rung := range c.Ladder {
			page.Ladder = append(page.Ladder, words.Rung(rung))
		}
		if c.StartedAt == nil && c.StartedSoFar < c.RosterOverall {
			page.Starting = templates.StartingNote(c.StartedSoFar, c.RosterOverall)
		}
	}
	return page
}

// asked is on what word an ad hoc campaign asks, which days do not count, and when the
// page was made.
func (v boardView) asked() []string {
	facts := slices.Concat(v.stood(v.campaign.LaunchedAt), templates.OutageGave(v.given.Documents, v.given.Rounds, 0), []string{templates.UpdatedAt(v.Now)})
	if c := v.campaign; c.Kind == document.AdHoc {
		return append([]string{words.ByRequest(c.Guidance)}, facts...)
	}
	return facts
}

// stood says which days since an instant are neither days of delay nor days held: those
// that an outage took.
func (v boardView) stood(since time.Time) []string {
	return templates.OutageStood(v.days.DaysStill(calendar.DayOf(since), calendar.DayOf(v.Now)))
}

// due is the campaign's own due; a unit with an extension has its own in its row.
func (v boardView) due(window period.Window) templates.DueLine {
	line := dueLine(v.campaign.Due, window, v.campaign.DueAt, v.Now, v.days)
	if closedOf(v.Counts) == v.Counts.Sum() {
		line.Tone, line.Icon, line.Sentence = "done", "check-circle-fill", templates.CampaignDone
	} else if document.Overdue(v.campaign.DueAt, false, v.Now) {
		line.Tone, line.Icon = "late", "exclamation-octagon-fill"
	}
	return line
}

// with is the board's address with one filter changed; the page starts anew. The
// same filter again takes it away.
func (v boardView) with(name, value string) string {
	q := url.Values{}
	for key, values := range v.query {
		if key != "page" && key != "all" {
			q[key] = values
		}
	}
	if q.Get(name) == value {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	return withQuery(v.path, q)
}

func (v boardView) filters() *templates.BoardFilters {
	f := v.filter
	filters := &templates.BoardFilters{
		URL: v.path, Query: f.Query, Groups: templates.GroupOptions(f.Group, v.Groups, v.Counts.Sum()),
		Statuses: templates.StatusOptions(f.Status), Classes: templates.ClassOptions(string(f.Class)), Flags: templates.FlagOptions(string(f.Flag)),
		Sorts: templates.SortOptions(string(f.Sort)), Active: countSet(f.Group, string(f.Status), string(f.Class), string(f.Flag)),
	}
	if v.Overdue > 0 {
		filters.Pills = append(filters.Pills, templates.OverduePill(v.Overdue, v.with("flag", string(storage.BoardOverdue)), f.Flag == storage.BoardOverdue))
	}
	if v.Asking > 0 {
		filters.Pills = append(filters.Pills, templates.AskingPill(v.Asking, v.with("flag", string(storage.BoardAsking)), f.Flag == storage.BoardAsking))
	}
	if v.Extended > 0 {
		filters.Pills = append(filters.Pills, templates.ExtendedPill(v.Extended, v.with("flag", string(storage.BoardExtended)), f.Flag == storage.BoardExtended))
	}
	return filters
}

// desks is how many documents lie at each kind of desk, and for how long half of
// them have.
func (v boardView) desks() []templates.DeskLoad {
	return append(deskLoads(v.Desks, v.Now, v.days, v.path), appraisalLoads(v.rounds, v.Now, v.days, v.path)...)
}

func deskLoads(desks map[document.Stage]storage.DeskLoad, now time.Time, days calendar.Calendar, board string) []templates.DeskLoad {
	var loads []templates.DeskLoad
	for _, stage := range document.DeskStages {
		load := desks[stage]
		if load.Open == 0 {
			continue
		}
		one := deskLoad(templates.DeskName(stage), load, now, days, board+"?status="+string(stage))
		if stage == document.Drafting {
			one.URL = board + "?class=" + string(document.Missing) // drafting has three statuses
		}
		loads = append(loads, one)
	}
	return loads
}

func deskLoad(name string, load storage.DeskLoad, now time.Time, days calendar.Calendar, link string) templates.DeskLoad {
	halves := days.WorkingDaysHeld(load.Middle[0], now) + days.WorkingDaysHeld(load.Middle[1], now)
	return templates.DeskLoad{
		Name: name, Open: load.Open, Median: templates.HalfDays(halves), Late: load.Overdue,
		Oldest: words.Number(days.WorkingDaysHeld(load.Oldest, now)), URL: link,
	}
}

func (v boardView) rows() []templates.BoardRow {
	rows := make([]templates.BoardRow, len(v.Rows))
	for i, one := range v.Rows {
		rows[i] = v.row(one)
	}
	return rows
}

func (v boardView) row(one storage.BoardRow) templates.BoardRow {
	row := templates.BoardRow{
		URL: "/documents/" + one.Document, Unit: one.UnitName, Status: one.Status, Revision: one.Revision,
		Since: words.Date(calendar.DayOf(one.DeskSince)), Due: words.InstantShort(one.DueAt), Holder: templates.NobodyIsAsked,
	}
	if one.ClosedAt != nil {
		row.Since, row.Due = words.Date(calendar.DayOf(*one.ClosedAt)), words.InstantShort(one.UnitDueAt)
	}
	if one.DeskRole != "" {
		row.Holder, row.Role = templates.HolderNames(one.Holders), words.Role(one.DeskRole)
		if row.Vacant = one.Vacant(); row.Vacant {
			row.Holder = templates.NobodyHolds
		}
	}
	row.Days = v.deskDays(one)
	if one.Waiting != nil {
		row.Pending = words.Pending(*one.Waiting)
	}
	if one.Overdue(v.Now) {
		row.Flags = append(row.Flags, templates.OverdueFlag(words.Overdue(one.DueAt, v.Now, v.days)))
	}
	if _, late := v.risks[one.Document]; late {
		row.Flags = append(row.Flags, templates.RiskFlag())
	}
	if hold, appraised := v.appraised[one.Document]; appraised {
		v.appraisalRow(&row, hold)
	}
	if one.Reopened > 0 {
		row.Flags = append(row.Flags, templates.ReopenedFlag(one.Reopened))
	}
	if one.Asked != nil {
		row.Flags = append(row.Flags, templates.AskedFlag(*one.Asked))
	}
	if one.ExtendedAt != nil {
		row.Flags = append(row.Flags, extendedFlag(one.UnitDueAt, one.Given))
	}
	return row
}

// extendedFlag tells until when a unit was given more time, and whether because of an
// outage.
func extendedFlag(due time.Time, outage bool) templates.Flag {
	if outage {
		return templates.ExtendedFlag(words.ExtendedByOutage(due))
	}
	return templates.ExtendedFlag(words.Extended(due))
}

// deskDays is how long the document has lain at each desk, in the order of the
// heads.
func (v boardView) deskDays(one storage.BoardRow) []templates.DeskDays {
	cells := make([]templates.DeskDays, len(document.DeskStages))
	days := document.DaysAtDesks(one.Arrivals, v.Now, v.days)
	for i, stage := range document.DeskStages {
		if n, visited := days[stage]; visited {
			cells[i] = templates.DeskDays{Days: words.Number(n), Present: stage == one.Stage}
		}
	}
	return cells
}

// remind leads to whom one click would remind; nil while nobody could be.
func (v boardView) remind() *templates.Button {
	if v.Remindable == 0 {
		return nil
	}
	f := storage.ReminderFilter(v.filter, v.Overdue)
	q := url.Values{}
	for _, field := range filterFields(f) {
		q.Set(field.Name, field.Value)
	}
	return templates.RemindLink(v.Remindable, f.Flag == storage.BoardOverdue, withQuery(v.path+"/remind", q))
}

// filterFields are the set filters as an address or a form carries them.
func filterFields(f storage.BoardFilter) []templates.HiddenField {
	var fields []templates.HiddenField
	for _, field := range []templates.HiddenField{
		{Name: "q", Value: f.Query}, {Name: "group", Value: f.Group}, {Name: "status", Value: string(f.Status)},
		{Name: "class", Value: string(f.Class)}, {Name: "flag", Value: string(f.Flag)},
	} {
		if field.Value != "" {
			fields = append(fields, field)
		}
	}
	return fields
}
