package web

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// indexDesk is a campaign of self-assessments whose result is made or read.
type indexDesk struct {
	storage.IndexCampaign
	actor staff.Actor
	path  string // of the campaign
	year  int
}

// indexDesk reads the campaign in the path, {code}.
func (s *Server) indexDesk(r *http.Request, actor staff.Actor) (*indexDesk, error) {
	code := chi.URLParam(r, "code")
	c, err := s.store.IndexCampaign(r.Context(), actor.Reads(), code)
	if err != nil {
		return nil, err
	}
	d := &indexDesk{IndexCampaign: c, actor: actor, path: campaignPath(code)}
	d.Groups = namedGroups(c.Groups)
	if p, err := period.Parse(c.Period); err == nil {
		d.year = p.Year
	}
	return d, nil
}

// The places of a campaign's index.
const (
	rankingPlace = "/ranking"
	surveysPlace = "/surveys"
	extrasPlace  = "/extras"
	publishPlace = "/publish"
	resultsPlace = "/results"
)

// shell is the frame of one of the index's pages.
func (s *Server) indexShell(r *http.Request, d *indexDesk, title string, between ...templates.Crumb) templates.Shell {
	shell := s.shell(r, title, templates.AtCampaigns)
	shell.Crumbs = append([]templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: d.Name, URL: d.path}}, between...)
	shell.Crumbs = append(shell.Crumbs, templates.Crumb{Label: title})
	return shell
}

func (d *indexDesk) rankingCrumb() templates.Crumb {
	return templates.Crumb{Label: templates.TitleRanking, URL: d.path + rankingPlace}
}

func (d *indexDesk) backToRanking() templates.Link {
	return templates.Link{Label: templates.BackToRanking, URL: d.path + rankingPlace}
}

// indexLinks lead from a campaign's board to what its self-assessments come to.
func (s *Server) indexLinks(actor staff.Actor, path string) []templates.Button {
	links := []templates.Button{{Label: templates.TitleResults, URL: path + resultsPlace, Icon: "award"}}
	if actor.Holds(staff.Officer, s.store.Authority()) || actor.Holds(staff.AuthorityHead, s.store.Authority()) {
		links = append([]templates.Button{{Label: templates.TitleRanking, URL: path + rankingPlace, Icon: "list-ol"}}, links...)
	}
	return links
}

// rankingFilter narrows the list of units.
type rankingFilter struct {
	query, group, state string
	page                int
	all                 bool
}

func rankingFilterOf(q url.Values) rankingFilter {
	f := rankingFilter{query: q.Get("q"), group: q.Get("group"), page: pageNumber(q), all: q.Get("all") != ""}
	if state := q.Get("state"); state == templates.RankingComplete || state == templates.RankingLacking {
		f.state = state
	}
	return f
}

// fits tells whether a unit belongs to the list.
func (f rankingFilter) fits(u storage.RankedUnit) bool {
	complete := u.Final()
	return (f.group == "" || u.Group == f.group) &&
		(f.state == "" || complete == (f.state == templates.RankingComplete)) &&
		(f.query == "" || strings.Contains(storage.Fold(u.Name), storage.Fold(f.query)))
}

// rankingView is a ranking as the address narrows it.
type rankingView struct {
	*indexDesk
	storage.Ranking
	filter   rankingFilter
	matching []storage.RankedUnit
	groups   []string // in the order in which they are listed
}

func (s *Server) rankingView(r *http.Request, actor staff.Actor) (*rankingView, error) {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return nil, err
	}
	v := &rankingView{indexDesk: d, filter: rankingFilterOf(r.URL.Query())}
	if v.Ranking, err = s.store.Ranking(r.Context(), actor.Reads(), d.IndexCampaign); err != nil {
		return nil, err
	}
	v.groups = v.groupsIn(v.Units)
	if v.filter.group == "" && !v.filter.all && len(v.groups) > 0 {
		v.filter.group = v.groups[0]
	}
	for _, unit := range v.Units {
		if v.filter.fits(unit) {
			v.matching = append(v.matching, unit)
		}
	}
	return v, nil
}

// groupsIn are the groups that units are ranked in, in the order in which they are listed.
func (d *indexDesk) groupsIn(units []storage.RankedUnit) []string {
	var groups []string
	for _, unit := range units { // those of a group stand together
		if len(groups) == 0 || groups[len(groups)-1] != unit.Group {
			groups = append(groups, unit.Group)
		}
	}
	slices.SortStableFunc(groups, func(a, b string) int { return cmp.Compare(d.Groups.Place(a), d.Groups.Place(b)) })
	return groups
}

// rankingPage is how many units a page of the list has.
const rankingPage = 50

// showRanking is how the units would be ranked now, and who lacks what.
func (s *Server) showRanking(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	v, err := s.rankingView(r, actor)
	if err != nil {
		return err
	}
	publications, err := s.store.Publications(r.Context(), v.Code)
	if err != nil {
		return err
	}
	page := templates.RankingPage{
		Shell: s.indexShell(r, v.indexDesk, templates.TitleRanking), Facts: []string{v.Name, templates.UpdatedAt(v.Now)},
		Steps: v.steps(), Links: []templates.Button{
			{Label: templates.TitleSurvey, URL: v.path + surveysPlace, Icon: "people"},
			{Label: templates.TitleExtras, URL: v.path + extrasPlace, Icon: "award"},
			{Label: templates.TitleRankGroups, URL: rankGroupsPath, Icon: "people"},
		},
		Heading: words.UnitsOf(len(v.matching)), Empty: templates.NoRanking(v.path + rankingPlace),
		Take: v.takeaway(), PDF: withQuery(v.path+"/ranking.pdf", nil),
	}
	for _, group := range v.groups {
		page.Tabs = append(page.Tabs, templates.Tab{
			Label: v.groupName(group), URL: v.path + rankingPlace + "?group=" + url.QueryEscape(group),
			Count: countIn(v.Units, group), HasZero: true, Current: group == v.filter.group,
		})
	}
	page.Filters = &templates.RankingFilters{
		URL: v.path + rankingPlace, Query: v.filter.query, Group: v.filter.group, States: templates.RankingStates(v.filter.state),
		Active: countSet(v.filter.state),
	}
	shown := v.matching
	if !v.filter.all {
		start := min((v.filter.page-1)*rankingPage, len(shown))
		shown = shown[start:min(start+rankingPage, len(shown))]
		page.Paging = paging(r.URL, v.filter.page, len(shown), rankingPage, len(v.matching), templates.RankedNoun)
	}
	for _, unit := range shown {
		page.Rows = append(page.Rows, rankingRow(unit))
	}
	if len(publications) > 0 {
		page.Results = &templates.Button{Label: templates.ShowPublished, URL: v.path + resultsPlace, Icon: "award"}
	}
	if actor.Holds(staff.Officer, s.store.Authority()) {
		page.Publish = &templates.Button{Label: templates.TitlePublish, URL: v.path + publishPlace, Icon: "send"}
	}
	return s.show(w, "index/ranking", page)
}

func countIn(units []storage.RankedUnit, group string) int {
	n := 0
	for _, unit := range units {
		if unit.Group == group {
			n++
		}
	}
	return n
}

func (v *rankingView) takeaway() templates.Takeaway {
	q := url.Values{}
	for name, value := range map[string]string{"group": v.filter.group, "state": v.filter.state, "q": v.filter.query} {
		if value != "" {
			q.Set(name, value)
		}
	}
	take := templates.Takeaway{
		Excel: withQuery(v.path+"/ranking.xlsx", q),
		Head:  templates.TakenHead(templates.RankingHead(v.Name), words.Moment(v.Now), v.actor.Name, v.groupName(v.filter.group)),
	}
	if v.filter.all {
		take.Back = withQuery(v.path+rankingPlace, q)
		return take
	}
	q.Set("all", "1")
	take.Print = withQuery(v.path+rankingPlace, q)
	return take
}

// steps is how far a publication is prepared.
func (v *rankingView) steps() []templates.CheckLine {
	handedIn, appraised, surveyed := 0, 0, 0
	for _, unit := range v.Units {
		if unit.Stage != storage.NotHandedIn {
			handedIn++
		}
		if unit.Stage == appraisal.Done {
			appraised++
		}
		if !lacksSurvey(v.Set, unit.Missing) {
			surveyed++
		}
	}
	all := len(v.Units)
	lines := []templates.CheckLine{
		step(words.HandedInOf(handedIn, all), handedIn == all), step(words.AppraisedOf(appraised, handedIn), appraised == handedIn),
		step(words.SurveyedOf(surveyed, all), surveyed == all), step(words.RankedOf(v.Ranked(), all), v.Ranked() == all),
	}
	if v.Exempt > 0 {
		lines = append(lines, step(words.ExemptUnits(v.Exempt), true))
	}
	return lines
}

func step(text string, done bool) templates.CheckLine {
	if done {
		return templates.CheckLine{State: "ok", Text: text}
	}
	return templates.CheckLine{State: "warn", Text: text}
}

// lacksSurvey tells whether one of the codes is a survey's criterion.
func lacksSurvey(set par.Set, codes []string) bool {
	for _, code := range codes {
		if c, known := set.Criterion(code); known && !c.Asked() {
			return true
		}
	}
	return false
}

// rankingRow is a unit in a list that is not published yet.
func rankingRow(u storage.RankedUnit) templates.RankingRow {
	row := templates.RankingRow{
		Unit: u.Name, Stage: templates.RankingChip(string(u.Stage)), Appraised: u.Appraised.VN(), Surveyed: u.Surveyed.VN(),
		Extra: words.Extras(u.Bonus, u.Penalty), Total: u.Total.VN(), Missing: words.Missing(u.Missing, u.Open),
	}
	if u.Stage != storage.NotHandedIn {
		row.URL = "/appraisals/" + u.Document
	}
	if u.Final() {
		row.Rank, row.Shared, row.Class = strconv.Itoa(u.Rank), u.Shared > 1, u.Class
	}
	return row
}
