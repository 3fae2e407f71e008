package web

import (
	"errors"
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
	"cchc/templates/chart"
	"cchc/templates/words"
)

// The two sizes of a line chart: beside another card, and on a phone.
const (
	chartWide, chartWideHigh   = 560, 230
	chartSmall, chartSmallHigh = 290, 190
)

// dashboardView is a dashboard in the making.
type dashboardView struct {
	storage.Dashboard
	days  calendar.Calendar
	board string // path of the chosen campaign's board
	many  bool   // the reader sees more than their own unit
	given storage.OutageGiven
	// rounds: of self-assessments, what lies in each round of their appraisal.
	rounds map[appraisal.Stage]storage.DeskLoad
}

// showDashboard is how reporting stands over what the reader may read.
func (s *Server) showDashboard(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	code := r.URL.Query().Get("campaign")
	read, err := s.store.Dashboard(r.Context(), actor.Reads(), code)
	shell := s.shell(r, templates.TitleDashboard, templates.AtDashboard)
	if code == "" && errors.Is(err, storage.ErrNotFound) {
		return s.show(w, "dashboard/show", templates.DashboardPage{Shell: shell, Empty: templates.NoDashboard()})
	}
	if err != nil {
		return err
	}
	v := dashboardView{Dashboard: read, board: campaignPath(read.Chosen.Code), many: actor.Reads().All}
	if v.days, err = s.store.Calendar(r.Context()); err != nil {
		return err
	}
	if v.given, err = s.store.OutageGiven(r.Context(), actor.Reads(), v.Chosen.Code); err != nil {
		return err
	}
	if v.Chosen.Kind == document.Index {
		if v.rounds, err = s.store.AppraisalDesks(r.Context(), actor.Reads(), v.Chosen.Code, v.Now); err != nil {
			return err
		}
	}
	return s.show(w, "dashboard/show", v.page(shell))
}

func (v dashboardView) page(shell templates.Shell) templates.DashboardPage {
	now := v.All[v.Chosen.Code]
	counts := now.Parts()
	page := templates.DashboardPage{
		Shell: shell, Facts: templates.DashboardFacts(v.Chosen.Name, v.Now, now.Counted(), now.Classes[document.ExemptFromDue]),
		Tiles: v.tiles(now), Trend: v.trend(), Board: v.board,
		Classes: templates.ClassShare(counts, document.Shares(counts), v.classLink(v.board, ""), templates.Beside(now.Overdue, now.Returned)),
		Desks:   append(deskLoads(v.Desks, v.Now, v.days, v.board), appraisalLoads(v.rounds, v.Now, v.days, v.board)...), WorstOf: templates.WorstOver(len(v.Shown)),
	}
	for _, one := range v.Choices {
		page.Campaigns = append(page.Campaigns, templates.CampaignChoice(one.Code, one.Name, one.Code == v.Chosen.Code))
	}
	page.Facts = slices.Concat(page.Facts, templates.OutageStood(v.stood()), templates.OutageGave(v.given.Documents, v.given.Rounds, v.given.Tasks))
	if !v.chosenIsOffered() {
		page.Campaigns = append(page.Campaigns, templates.CampaignChoice(v.Chosen.Code, v.Chosen.Name, true))
	}
	if v.many {
		page.Groups, page.Heat = v.groups(), v.heat()
	}
	for _, one := range v.Worst {
		page.Worst = append(page.Worst, templates.WorstUnit{
			Name: one.Name, URL: unitRecordPath(one.Unit), Late: one.Late, Missing: one.Missing, Returned: one.Returned, Asked: one.Asked,
		})
	}
	return page
}

// stood are the days since the chosen campaign began that an outage took.
func (v dashboardView) stood() []calendar.Day {
	return v.days.DaysStill(calendar.DayOf(v.Chosen.LaunchedAt), calendar.DayOf(v.Now))
}

func (v dashboardView) chosenIsOffered() bool {
	for _, one := range v.Choices {
		if one.Code == v.Chosen.Code {
			return true
		}
	}
	return false
}

func unitRecordPath(unit string) string { return "/dashboard/units/" + unit }

// classLink leads to a board narrowed to a class, and to a kind of units.
func (v dashboardView) classLink(board, group string) func(document.Punctuality) string {
	return func(class document.Punctuality) string {
		q := url.Values{"class": {string(class)}}
		if group != "" {
			q.Set("group", group)
		}
		return withQuery(board, q)
	}
}

// before is the campaign before the chosen one; false when it is the first shown.
func (v dashboardView) before() (storage.Tally, string, bool) {
	if len(v.Shown) < 2 {
		return storage.Tally{}, "", false
	}
	one := v.Shown[len(v.Shown)-2]
	tally, name := v.All[one.Code], one.Name
	if p, err := period.Parse(one.Period); err == nil {
		name = words.Lower(words.PeriodShort(p))
	}
	return tally, name, tally.Counted() > 0
}

// periodName is the period inside a sentence.
func periodName(one storage.DashboardCampaign) string {
	p, err := period.Parse(one.Period)
	if err != nil {
		return one.Name
	}
	return words.Period(p)
}

// axisName is the period under a chart.
func axisName(one storage.DashboardCampaign) string {
	p, err := period.Parse(one.Period)
	if err != nil {
		return words.DateShort(words.LastDay(one.DueAt)) // an ad hoc one is known by its due
	}
	return words.PeriodAxis(p)
}

// tenths is part of the whole in tenths of a percent, rounded; chart.None without
// a whole.
func tenths(part, whole int) int {
	if whole == 0 {
		return chart.None
	}
	return (part*2000 + whole) / (2 * whole)
}

// inTimeTenths is the share handed in on time as the classes' own percentages sum,
// so that a tile and the bar under it never disagree.
func inTimeTenths(t storage.Tally) int {
	if t.Counted() == 0 {
		return chart.None
	}
	shares := document.Shares(t.Parts())
	return shares[0] + shares[1]
}

func (v dashboardView) tiles(now storage.Tally) []templates.StatTile {
	inTime := v.shareTile(templates.TileInTime, inTimeTenths, v.board+"?class="+string(storage.Punctual), now)
	inTime.Note = templates.PartOf(now.InTime(), now.Counted())
	returned := v.shareTile(templates.TileReturned, func(t storage.Tally) int { return tenths(t.Returned, t.Counted()) }, v.board+"?flag="+string(storage.BoardSentBack), now)
	returned.Note = templates.PartOf(now.Returned, now.Counted())
	missing := v.countTile(templates.TileMissing, func(t storage.Tally) int { return t.Classes[document.Missing] }, v.board+"?class="+string(document.Missing), now)
	if late := now.Overdue; late > 0 {
		missing.Note, missing.Bad = words.Number(late)+" "+words.Lower(templates.OverdueWord), true
	}
	label, status := templates.TileApproved, document.IsApproved
	if v.Chosen.Kind == document.Index { // the chain of a self-assessment ends with its hand-in
		label, status = templates.TileHandedIn, document.IsHandedIn
	}
	approved := v.countTile(label, func(t storage.Tally) int { return t.Approved }, v.board+"?status="+string(status), now)
	return []templates.StatTile{inTime, missing, returned, approved}
}

// shareTile shows a share in percent and its change since the period before.
func (v dashboardView) shareTile(label string, share func(storage.Tally) int, link string, now storage.Tally) templates.StatTile {
	value := share(now)
	tile := templates.StatTile{Label: label, Value: templates.HeatText(value), Of: "%", Tenths: max(value, 0), URL: link, Change: templates.NothingBefore}
	if before, name, known := v.before(); known && value != chart.None {
		tile.Change, tile.Icon = templates.Against(value-share(before), name)
	}
	return tile
}

// countTile shows a count out of all, and what the period before came to.
func (v dashboardView) countTile(label string, count func(storage.Tally) int, link string, now storage.Tally) templates.StatTile {
	tile := templates.StatTile{
		Label: label, Value: words.Number(count(now)), Of: "/ " + words.Number(now.Counted()),
		Tenths: max(tenths(count(now), now.Counted()), 0), URL: link, Change: templates.NothingBefore,
	}
	if before, name, known := v.before(); known {
		tile.Change = templates.Before(templates.PartOf(count(before), before.Counted()), name)
	}
	return tile
}

func (v dashboardView) groups() []templates.GroupShare {
	var groups []templates.GroupShare
	for _, kind := range words.UnitGroups {
		tally := v.Groups[v.Chosen.Code][kind]
		if tally == nil || tally.Counted() == 0 {
			continue
		}
		counts := tally.Parts()
		groups = append(groups, templates.GroupShare{
			Name: words.UnitGroup(kind), Asked: tally.Counted(), Bars: templates.ClassBars(counts),
			Cells:  templates.ClassCells(counts, document.Shares(counts), v.classLink(v.board, kind)),
			InTime: words.Tenths(inTimeTenths(*tally)), Late: tally.Overdue, URL: v.board + "?group=" + kind,
		})
	}
	return groups
}

// trend is the periods shown, oldest first, as two lines and as a table.
func (v dashboardView) trend() templates.Trend {
	t := templates.Trend{Heads: templates.ClassHeads()}
	var labels []string
	inTime, clean := chart.Series{Name: templates.LineInTime}, chart.Series{Name: templates.LineClean}
	for _, one := range v.Shown {
		tally, board := v.All[one.Code], campaignPath(one.Code)
		counts := tally.Parts()
		shares := document.Shares(counts)
		labels = append(labels, axisName(one))
		inTime.Values = append(inTime.Values, inTimeTenths(tally))
		first := chart.None
		if tally.Counted() > 0 {
			first = shares[0]
		}
		clean.Values = append(clean.Values, first)
		t.Rows = append(t.Rows, templates.TrendRow{
			Period: words.Upper(periodName(one)), URL: "/dashboard?campaign=" + one.Code, Asked: tally.Counted(),
			Cells: templates.ClassCells(counts, shares, v.classLink(board, "")), Late: words.Number(tally.Returned),
		})
	}
	t.Wide = chart.Lines(chartWide, chartWideHigh, labels, inTime, clean)
	t.Small = chart.Lines(chartSmall, chartSmallHigh, labels, inTime, clean)
	t.Spoken = templates.TrendSpoken(labels, inTime.Values)
	return t
}

// heat is the share in time by kind of units and period; nil while there is
// nothing to compare.
func (v dashboardView) heat() *templates.Heat {
	if len(v.Shown) < 2 {
		return nil
	}
	heat := &templates.Heat{}
	for _, one := range v.Shown {
		heat.Periods = append(heat.Periods, axisName(one))
	}
	for _, kind := range words.UnitGroups {
		row, asked := templates.HeatRow{Name: words.UnitGroup(kind)}, 0
		for _, one := range v.Shown {
			share := chart.None
			if tally := v.Groups[one.Code][kind]; tally != nil {
				share = inTimeTenths(*tally)
				asked += tally.Counted()
			}
			row.Cells = append(row.Cells, templates.HeatCell{Step: chart.Heat(share), Text: templates.HeatText(share)})
		}
		if asked > 0 {
			heat.Rows = append(heat.Rows, row)
		}
	}
	return heat
}

// showUnitRecord is every document of one unit, the newest first.
func (s *Server) showUnitRecord(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	code, number := chi.URLParam(r, "unit"), pageNumber(r.URL.Query())
	unit, err := s.store.Unit(r.Context(), code)
	if err != nil {
		return err
	}
	rows, err := s.store.UnitDocuments(r.Context(), code, number)
	if err != nil {
		return err
	}
	days, now, err := s.reckoning(r)
	if err != nil {
		return err
	}
	page := templates.UnitRecordPage{
		Shell: s.shell(r, unit.Name, templates.AtDashboard), Facts: []string{words.UnitGroup(unit.Group), templates.UnitRecordFact}, Empty: templates.NoDocuments(),
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleDashboard, URL: "/dashboard"}, {Label: unit.Name}}
	total, since := 0, time.Time{} // the earliest due that is still open
	for _, one := range rows {
		total = one.Total
		row := templates.UnitRecordRow{
			URL: "/documents/" + one.Document, Campaign: one.CampaignName, Status: one.Status, Class: words.Punctuality(one.Class),
			Due: words.InstantShort(one.UnitDueAt), Returns: one.Returns,
		}
		if one.FirstSignedAt != nil {
			row.Signed = words.Moment(*one.FirstSignedAt)
		}
		if document.Overdue(one.DueAt, one.ClosedAt != nil, now) {
			row.Flags = append(row.Flags, templates.OverdueFlag(words.Overdue(one.DueAt, now, days)))
		}
		if one.Reopened > 0 {
			row.Flags = append(row.Flags, templates.ReopenedFlag(one.Reopened))
		}
		if one.ExtendedAt != nil {
			row.Flags = append(row.Flags, extendedFlag(one.UnitDueAt, one.Given))
		}
		if one.ClosedAt == nil && (since.IsZero() || one.DueAt.Before(since)) {
			since = one.DueAt
		}
		page.Rows = append(page.Rows, row)
	}
	if !since.IsZero() {
		page.Facts = append(page.Facts, templates.OutageStood(days.DaysStill(words.LastDay(since), calendar.DayOf(now)))...)
	}
	page.Paging = paging(r.URL, number, len(rows), storage.UnitRecordPage, total, templates.DocumentNoun)
	return s.show(w, "dashboard/unit", page)
}
