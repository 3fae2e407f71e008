package web

import (
	"net/http"
	"net/url"
	"time"

	"github.com/go-chi/chi/v5"

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
}

// showBoard is who holds what since when, within the reader's scope.
func (s *Server) showBoard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	code, scope := chi.URLParam(r, "code"), actor.Reads()
	v := boardView{filter: boardFilter(r.URL.Query()), path: campaignPath(code), query: r.URL.Query(), many: scope.All}
	var err error
	if v.campaign, err = s.store.Campaign(r.Context(), scope, code); err != nil {
		return err
	}
	if v.Board, err = s.store.Board(r.Context(), scope, code, v.filter); err != nil {
		return err
	}
	if v.days, err = s.store.Calendar(r.Context()); err != nil {
		return err
	}
	page := v.page(s.shell(r, v.campaign.Name, templates.AtCampaigns))
	page.Live.Also(watchCampaign + code)
	page.Paging = paging(r.URL, max(v.filter.Page, 1), len(v.Rows), storage.BoardPage, v.Matching, templates.UnitNoun)
	page.Print = templates.PrintedBy(words.Moment(v.Now), actor.Name)
	if s.mayLaunch(r, actor) {
		page.AddUnits = v.path + "/units"
		page.Remind = v.remind()
	}
	return s.show(w, "campaigns/board", page)
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
	for _, flag := range []storage.BoardFlag{storage.BoardOverdue, storage.BoardExtended, storage.BoardVacant} {
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
		Shell: shell, Facts: append(templates.CampaignFacts(c.Period, window), templates.UpdatedAt(v.Now)),
		Due: v.due(window), Roster: templates.OwnUnitSentence, Sum: templates.PartOf(all, all),
		Funnel: templates.StatusFunnel(v.Counts, v.filter.Status, func(status document.Status) string {
			return v.with("status", string(status))
		}),
		Heading: templates.BoardTitle(v.Matching, v.filter.Status, string(v.filter.Flag)), Rows: v.rows(),
		Empty: templates.NoRows(v.path),
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
		if key != "page" {
			q[key] = values
		}
	}
	if q.Get(name) == value {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return v.path
	}
	return v.path + "?" + q.Encode()
}

func (v boardView) filters() *templates.BoardFilters {
	f := v.filter
	filters := &templates.BoardFilters{
		URL: v.path, Query: f.Query, Groups: templates.GroupOptions(f.Group, v.Groups, v.Counts.Sum()),
		Statuses: templates.StatusOptions(f.Status), Flags: templates.FlagOptions(string(f.Flag)),
		Sorts: templates.SortOptions(string(f.Sort)), Active: countSet(f.Group, string(f.Status), string(f.Flag)),
	}
	if v.Overdue > 0 {
		filters.Pills = append(filters.Pills, templates.OverduePill(v.Overdue, v.with("flag", string(storage.BoardOverdue)), f.Flag == storage.BoardOverdue))
	}
	if v.Extended > 0 {
		filters.Pills = append(filters.Pills, templates.ExtendedPill(v.Extended, v.with("flag", string(storage.BoardExtended)), f.Flag == storage.BoardExtended))
	}
	return filters
}

// desks is how many documents lie at each kind of desk, and for how long half of
// them have.
func (v boardView) desks() []templates.DeskLoad {
	var loads []templates.DeskLoad
	for _, role := range []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director, staff.Officer} {
		since := v.Desks[role]
		if len(since) == 0 {
			continue
		}
		loads = append(loads, templates.DeskLoad{
			Name: words.Role(role), Open: len(since), Median: templates.HalfDays(medianHalves(since, v.Now, v.days)),
		})
	}
	return loads
}

// medianHalves is the median of the working days held, in half days. since is in
// order of time, so that the days held are in order too.
func medianHalves(since []time.Time, now time.Time, days calendar.Calendar) int {
	middle := len(since) / 2
	held := days.WorkingDaysHeld(since[middle], now)
	if len(since)%2 == 1 {
		return 2 * held
	}
	return held + days.WorkingDaysHeld(since[middle-1], now)
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
		row.Held = words.Number(v.days.WorkingDaysHeld(one.DeskSince, v.Now))
		if row.Vacant = len(one.Holders) == 0; row.Vacant {
			row.Holder = templates.NobodyHolds
		}
	}
	if one.Waiting != nil {
		row.Pending = words.Pending(*one.Waiting)
	}
	if one.Overdue(v.Now) {
		row.Flags = append(row.Flags, templates.OverdueFlag(words.Overdue(one.DueAt, v.Now, v.days)))
	}
	if one.ExtendedAt != nil {
		row.Flags = append(row.Flags, templates.ExtendedFlag(words.Extended(one.UnitDueAt)))
	}
	return row
}

// remind is the one click; nil while nobody could be reminded.
func (v boardView) remind() *templates.RemindForm {
	if v.Remindable == 0 {
		return nil
	}
	f := storage.ReminderFilter(v.filter, v.Overdue)
	form := &templates.RemindForm{
		URL: v.path + "/remind", Key: newKey(),
		Label: templates.RemindLabel(v.Remindable, f.Flag == storage.BoardOverdue),
	}
	for _, field := range []templates.HiddenField{
		{Name: "q", Value: f.Query}, {Name: "group", Value: f.Group},
		{Name: "status", Value: string(f.Status)}, {Name: "flag", Value: string(f.Flag)},
	} {
		if field.Value != "" {
			form.Hidden = append(form.Hidden, field)
		}
	}
	return form
}

// remindHolders reminds whoever holds what the board was narrowed to.
func (s *Server) remindHolders(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	code := chi.URLParam(r, "code")
	if _, err := s.store.Campaign(r.Context(), staff.Scope{All: true}, code); err != nil {
		return err
	}
	told, err := s.store.RemindHolders(r.Context(), code, boardFilter(r.PostForm), actor)
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.RemindedFlash(told.Sent, told.Recent, told.Today, told.Vacant)); err != nil {
		return err
	}
	r.PostForm.Del("key")
	if query := r.PostForm.Encode(); query != "" {
		return goTo(w, r, campaignPath(code)+"?"+query)
	}
	return goTo(w, r, campaignPath(code))
}
