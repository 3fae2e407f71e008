package web

import (
	"bytes"
	"net/http"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/paper"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// resultColumns are the looks of templates.ResultSheet.
var resultColumns = []width{
	{22, sheet.Text}, {8, sheet.Number}, {12, sheet.Text}, {42, sheet.Text}, {14, sheet.Decimal}, {14, sheet.Decimal}, {16, sheet.Decimal},
	{14, sheet.Decimal}, {12, sheet.Decimal}, {12, sheet.Decimal}, {12, sheet.Decimal}, {14, sheet.Text}, {36, sheet.Text},
}

// listed is a unit as a list names it, published or not.
type listed struct {
	group, groupName, unit, name                            string
	rank                                                    int
	appraised, surveyed, out, scaled, bonus, penalty, total par.Points
	class                                                   string
	missing                                                 []string
	open                                                    bool // its appraisal was not over
}

func (d *indexDesk) listedUnit(u storage.RankedUnit) listed {
	one := listed{
		group: u.Group, groupName: d.groupName(u.Group), unit: u.Unit, name: u.Name, rank: u.Rank, appraised: u.Appraised, surveyed: u.Surveyed, out: u.Out, scaled: u.Scaled,
		bonus: u.Bonus, penalty: u.Penalty, total: u.Total, missing: u.Missing, open: u.Open,
	}
	if u.Final() {
		one.class = u.Class
	}
	return one
}

func listedRow(r storage.PublishedRow) listed {
	one := listed{
		group: r.Group, groupName: rankGroupName(r.Group, r.GroupName), unit: r.Unit, name: r.Name, rank: r.Rank, appraised: r.Appraised, surveyed: r.Surveyed, out: r.Out, scaled: r.Scaled,
		bonus: r.Bonus, penalty: r.Penalty, total: r.Total, missing: lacking(r), open: r.Open,
	}
	if r.Rank > 0 {
		one.class = r.Class
	}
	return one
}

// lacking are the criteria that a published unit is said to lack: while its appraisal is
// under way that alone is said.
func lacking(r storage.PublishedRow) []string {
	if r.Open {
		return nil
	}
	return r.Missing
}

// marked tells whether marks make up the points: while the first round lasts there are none
// to tell.
func (l listed) marked() bool { return !l.open || l.appraised > 0 }

func (l listed) cells() []any {
	points := func(p par.Points) any { return p.Number() }
	rank, appraised, scaled, total, missing := any(nil), any(nil), any(nil), any(nil), any(nil)
	if l.marked() {
		appraised = points(l.appraised)
	}
	if l.rank > 0 { // a part of the points is no total
		rank, scaled, total = l.rank, points(l.scaled), points(l.total)
	}
	if text := words.Missing(l.missing, l.open); text != "" {
		missing = text
	}
	return []any{
		l.groupName, rank, l.unit, l.name, appraised, points(l.surveyed), points(l.out), scaled,
		points(l.bonus), points(l.penalty), total, l.class, missing,
	}
}

// sendList sends a list as a workbook.
func (s *Server) sendList(w http.ResponseWriter, r *http.Request, d *indexDesk, what, title string, about []string, units []listed) error {
	table := sheet.Table{
		Name: templates.SheetResults, Title: title, About: about, Columns: columns(templates.ResultSheet, resultColumns),
		Rows: func(yield func([]any) error) error {
			for _, unit := range units {
				if err := yield(unit.cells()); err != nil {
					return err
				}
			}
			return nil
		},
	}
	var book bytes.Buffer
	if err := sheet.Write(&book, table); err != nil {
		return err
	}
	name := d.Code + "-" + what + "-" + d.Now.In(calendar.Zone).Format("20060102-1504") + ".xlsx"
	return s.sendWorkbook(w, r, d.Code, name, len(units), &book)
}

// exportRanking is the list of this moment as a workbook, as the address narrows it.
func (s *Server) exportRanking(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	v, err := s.rankingView(r, actor)
	if err != nil {
		return err
	}
	about := templates.TakenHead("", words.Moment(v.Now), actor.Name, v.groupName(v.filter.group))[1:]
	units := make([]listed, len(v.matching))
	for i, unit := range v.matching {
		units[i] = v.listedUnit(unit)
	}
	return s.sendList(w, r, v.indexDesk, "xep-hang-tam-tinh", templates.RankingHead(v.indexDesk.Name), about, units)
}

// exportResults is a published list as a workbook, as the address narrows it.
func (s *Server) exportResults(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.thePublication(r, actor)
	if err != nil {
		return err
	}
	v, err := s.publishedView(r, p, nil, true)
	if err != nil {
		return err
	}
	about := append([]string{words.PublicationAbout(p.one.Decision, p.one.DecidedOn, p.one.PublishedAt)},
		templates.TakenHead("", words.Moment(p.Now), actor.Name, v.groupName(v.filter.Group))[1:]...)
	units := make([]listed, len(v.Rows))
	for i, row := range v.Rows {
		units[i] = listedRow(row)
	}
	return s.sendList(w, r, p.indexDesk, "ket-qua-lan-"+strconv.Itoa(p.one.Number), templates.ResultsHead(p.Name, p.one.Number, v.groupName(v.filter.Group)), about, units)
}

// printRanking is the list of this moment as annexes of the decision to come.
func (s *Server) printRanking(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	ranking, err := s.store.Ranking(r.Context(), actor.Reads(), d.IndexCampaign)
	if err != nil {
		return err
	}
	units := make([]listed, len(ranking.Units))
	for i, unit := range ranking.Units {
		units[i] = d.listedUnit(unit)
	}
	a := paper.Annexes{Created: d.Now, Draft: true, Tables: d.listTables(d.groupHeads(d.groupsIn(ranking.Units)), units)}
	return s.sendAnnexes(w, r, d, a, "phu-luc-du-thao")
}

// printResults is a published list as the annexes of its decision.
func (s *Server) printResults(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.thePublication(r, actor)
	if err != nil {
		return err
	}
	groups, err := s.store.PublishedGroups(r.Context(), p.Code, p.one.Number)
	if err != nil {
		return err
	}
	list, err := s.store.PublishedList(r.Context(), p.Code, p.one.Number, storage.PublishedFilter{All: true})
	if err != nil {
		return err
	}
	units := make([]listed, len(list.Rows))
	for i, row := range list.Rows {
		units[i] = listedRow(row)
	}
	heads := make([]groupHead, len(groups))
	for i, group := range groups {
		heads[i] = groupHead{group.Group, rankGroupName(group.Group, group.Name)}
	}
	a := paper.Annexes{Created: p.one.PublishedAt, With: words.PaperWith(p.one.Decision, p.one.DecidedOn), Tables: p.listTables(heads, units)}
	return s.sendAnnexes(w, r, p.indexDesk, a, "phu-luc-lan-"+strconv.Itoa(p.one.Number))
}

// Shares of the annex's columns, in the order of words.PaperRankingHeads, and those that
// are centred.
var (
	rankingShares  = []int{11, 58, 20, 20, 18, 20, 22}
	rankingCentred = []bool{true, false, true, true, true, true, true}
)

// groupHead is a group of units with its name.
type groupHead struct{ code, name string }

func (d *indexDesk) groupHeads(groups []string) []groupHead {
	heads := make([]groupHead, len(groups))
	for i, group := range groups {
		heads[i] = groupHead{group, d.groupName(group)}
	}
	return heads
}

// listTables is an annex a group of units.
func (d *indexDesk) listTables(groups []groupHead, units []listed) []paper.TaskTable {
	var tables []paper.TaskTable
	for _, group := range groups {
		table := paper.TaskTable{Title: words.PaperRankingTitle(d.year, group.name)}
		for i, head := range words.PaperRankingHeads() {
			table.Columns = append(table.Columns, paper.TaskColumn{Head: head, Share: rankingShares[i], Centred: rankingCentred[i]})
		}
		unranked := false
		for _, unit := range units {
			if unit.group != group.code {
				continue
			}
			rank, appraised, total := "", "—", "—" // a part of the points is no total
			if unit.marked() {
				appraised = unit.appraised.VN()
			}
			if unit.rank > 0 {
				rank, total = strconv.Itoa(unit.rank), unit.total.VN()
			} else if !unranked {
				unranked = true
				table.Rows = append(table.Rows, paper.TaskRow{Group: words.PaperRankingUnranked})
			}
			table.Rows = append(table.Rows, paper.TaskRow{Cells: []string{
				rank, unit.name, appraised, unit.surveyed.VN(), words.Extras(unit.bonus, unit.penalty), total, unit.class,
			}})
		}
		tables = append(tables, table)
	}
	return tables
}

func (s *Server) sendAnnexes(w http.ResponseWriter, r *http.Request, d *indexDesk, a paper.Annexes, what string) error {
	authority, err := s.store.Unit(r.Context(), s.store.Authority())
	if err != nil {
		return err
	}
	a.Title, a.Agency = d.Name, authority.Agency
	printed, err := paper.RenderAnnexes(a)
	if err != nil {
		return err
	}
	name := d.Code + "-" + what + ".pdf"
	if err := s.audit(r, storage.AuditDownload, d.Code, map[string]any{"file": name}); err != nil {
		return err
	}
	disposition(w, "inline", name, "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(printed.PDF)))
	_, err = w.Write(printed.PDF)
	return gone(err)
}
