package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/chart"
	"cchc/templates/words"
)

// publishedDesk is a published result as the address asks for it.
type publishedDesk struct {
	*indexDesk
	all  []storage.Publication // newest first; none: nothing is public yet
	one  storage.Publication
	path string // of the results
}

// publishedDesk reads the publication that the address names, or the newest. A campaign
// without any has none.
func (s *Server) publishedDesk(r *http.Request, actor staff.Actor) (*publishedDesk, error) {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return nil, err
	}
	p := &publishedDesk{indexDesk: d, path: d.path + resultsPlace}
	if p.all, err = s.store.Publications(r.Context(), d.Code); err != nil || len(p.all) == 0 {
		return p, err
	}
	p.one = p.all[0]
	if text := r.URL.Query().Get("publication"); text != "" {
		number, err := strconv.Atoi(text)
		if err != nil || number < 1 || number > len(p.all) {
			return nil, storage.ErrNotFound
		}
		p.one = p.all[len(p.all)-number] // they are numbered without a gap
	}
	p.Set, err = s.store.IndexSet(r.Context(), p.one.Form, p.one.FormVersion)
	return p, err
}

// thePublication is publishedDesk for what only a publication has; not found without.
func (s *Server) thePublication(r *http.Request, actor staff.Actor) (*publishedDesk, error) {
	p, err := s.publishedDesk(r, actor)
	if err == nil && len(p.all) == 0 {
		err = storage.ErrNotFound
	}
	return p, err
}

// newest tells whether nothing has replaced it.
func (p *publishedDesk) newest() bool { return p.one.Number == p.all[0].Number }

// query keeps the publication in an address; the newest needs no name.
func (p *publishedDesk) query() url.Values {
	if p.newest() {
		return url.Values{}
	}
	return url.Values{"publication": {strconv.Itoa(p.one.Number)}}
}

// note says that the result is a correction, or has been replaced.
func (p *publishedDesk) note() *templates.Note {
	var note templates.Note
	switch {
	case !p.newest():
		note.Tone = templates.ToneWarn
		note.Bold, note.Text = words.NewerPublication(p.one.Number, p.all[0].Number)
	case p.one.Number > 1:
		note.Tone = templates.ToneInfo
		note.Bold, note.Text = words.Correction(p.one.Number, p.one.Reason)
	default:
		return nil
	}
	return &note
}

// publishedView is a list of a publication as the address narrows it.
type publishedView struct {
	*publishedDesk
	storage.PublishedList
	groups []storage.PublishedGroup
	filter storage.PublishedFilter
}

// groupName is what a group was called when the result was published; "": no group.
func (v *publishedView) groupName(code string) string {
	for _, group := range v.groups {
		if group.Group == code {
			return rankGroupName(code, group.Name)
		}
	}
	return ""
}

// publishedView reads the list; own are the reader's results, whose group is shown first.
func (s *Server) publishedView(r *http.Request, p *publishedDesk, own []storage.PublishedResult, all bool) (*publishedView, error) {
	q := r.URL.Query()
	v := &publishedView{publishedDesk: p, filter: storage.PublishedFilter{Group: q.Get("group"), Query: q.Get("q"), Class: q.Get("class"), Page: pageNumber(q), All: all}}
	var err error
	if v.groups, err = s.store.PublishedGroups(r.Context(), p.Code, p.one.Number); err != nil {
		return nil, err
	}
	if v.filter.Group == "" && !all {
		v.filter.Group = v.usualGroup(own)
	}
	v.PublishedList, err = s.store.PublishedList(r.Context(), p.Code, p.one.Number, v.filter)
	return v, err
}

// showResults is what has been published, for everybody of the campaign.
func (s *Server) showResults(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.publishedDesk(r, actor)
	if err != nil {
		return err
	}
	page := templates.ResultsPage{Shell: s.indexShell(r, p.indexDesk, templates.TitleResults), Facts: []string{p.Name}}
	if len(p.all) == 0 {
		page.Empty = templates.NoResults(p.Code)
		return s.show(w, "index/results", page)
	}
	own, err := s.ownResults(r, p)
	if err != nil {
		return err
	}
	v, err := s.publishedView(r, p, own, r.URL.Query().Get("all") != "")
	if err != nil {
		return err
	}
	for _, one := range own {
		page.Own = append(page.Own, templates.OwnResult{
			Unit: one.Name, Sentence: words.OwnResult(rankGroupName(one.Group, one.GroupName), one.Rank, one.Of, one.Shared, one.Total, one.Class), URL: p.unitPath(one.Unit),
		})
	}
	v.fill(&page, r)
	return s.show(w, "index/results", page)
}

// mostOwn is how many results of their own a reader is shown on top: who reads the whole
// city has none of their own.
const mostOwn = 3

// ownResults are those of the reader's units.
func (s *Server) ownResults(r *http.Request, p *publishedDesk) ([]storage.PublishedResult, error) {
	scope := p.actor.Reads()
	if scope.All || len(scope.Units) > mostOwn {
		return nil, nil
	}
	var own []storage.PublishedResult
	for _, unit := range scope.Units {
		one, err := s.store.PublishedResult(r.Context(), scope, p.Code, p.one.Number, unit)
		switch {
		case errors.Is(err, storage.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			own = append(own, one)
		}
	}
	return own, nil
}

// usualGroup is the group that is shown first: the reader's own, else the first.
func (v *publishedView) usualGroup(own []storage.PublishedResult) string {
	switch {
	case len(own) > 0:
		return own[0].Group
	case len(v.groups) > 0:
		return v.groups[0].Group
	}
	return ""
}

func (p *publishedDesk) unitPath(unit string) string {
	return withQuery(p.path+"/"+url.PathEscape(unit), p.query())
}

// with is the address of the list with one filter changed.
func (v *publishedView) with(name, value string) string {
	q := v.query()
	for key, text := range map[string]string{"group": v.filter.Group, "class": v.filter.Class, "q": v.filter.Query} {
		if text != "" {
			q.Set(key, text)
		}
	}
	if value == "" || q.Get(name) == value {
		q.Del(name)
	} else {
		q.Set(name, value)
	}
	return withQuery(v.path, q)
}

func (v *publishedView) fill(page *templates.ResultsPage, r *http.Request) {
	page.Note = v.note()
	page.Decision = templates.DecisionPairs(v.one.Decision, v.one.DecidedOn, v.one.Title, words.Moment(v.one.PublishedAt), v.one.PublishedBy)
	page.File = templates.File{Label: v.one.FileName, URL: withQuery(v.indexDesk.path+"/decision", v.query())}
	for _, group := range v.groups {
		q := v.query()
		q.Set("group", group.Group)
		page.Tabs = append(page.Tabs, templates.Tab{
			Label: rankGroupName(group.Group, group.Name), URL: withQuery(v.path, q), Count: group.Units, HasZero: true, Current: group.Group == v.filter.Group,
		})
		if group.Group == v.filter.Group {
			v.classes(page, group)
		}
	}
	filters := &templates.ResultFilters{URL: v.path, Query: v.filter.Query, Classes: templates.ClassOptionsOf(v.classNames(), v.filter.Class), Active: countSet(v.filter.Class)}
	q := v.query()
	q.Set("group", v.filter.Group)
	for name := range q {
		filters.Hidden = append(filters.Hidden, templates.HiddenField{Name: name, Value: q.Get(name)})
	}
	page.Filters, page.Heading = filters, words.UnitsOf(v.Matching)
	page.Empty = templates.NoMatchingResults(withQuery(v.path, q))
	for _, one := range v.Rows {
		page.Rows = append(page.Rows, v.row(one))
	}
	page.Take, page.PDF = v.takeaway(), withQuery(v.path+".pdf", v.query())
	if !v.filter.All {
		page.Paging = paging(r.URL, v.filter.Page, len(v.Rows), storage.PublishedPage, v.Matching, templates.RankedNoun)
	} else if v.Matching > len(v.Rows) {
		page.Take.Cut = templates.CutNote(len(v.Rows), v.Matching)
	}
	if len(v.all) > 1 {
		for _, one := range v.all {
			page.Issues = append(page.Issues, templates.PublicationLine{
				Name: words.PublicationName(one.Number), About: words.PublicationAbout(one.Decision, one.DecidedOn, one.PublishedAt), Reason: one.Reason,
				URL: v.path + "?publication=" + strconv.Itoa(one.Number), Current: one.Number == v.one.Number,
			})
		}
	}
}

func (v *publishedView) takeaway() templates.Takeaway {
	q := v.query()
	if v.filter.Group != "" {
		q.Set("group", v.filter.Group)
	}
	take := templates.Takeaway{
		Excel: withQuery(v.path+".xlsx", q),
		Head:  templates.TakenHead(templates.ResultsHead(v.Name, v.one.Number, v.groupName(v.filter.Group)), words.Moment(v.Now), v.actor.Name, ""),
	}
	if v.filter.All {
		take.Back = withQuery(v.path, q)
		return take
	}
	q.Set("all", "1")
	take.Print = withQuery(v.path, q)
	return take
}

func (p *publishedDesk) classNames() []string {
	names := make([]string, len(p.Set.Classes))
	for i, class := range p.Set.Classes {
		names[i] = class.Name
	}
	return names
}

// classStep is the step of a class's colour.
func (p *publishedDesk) classStep(name string) int {
	for i, class := range p.Set.Classes {
		if class.Name == name {
			return min(i, mostSteps)
		}
	}
	return mostSteps
}

// The steps of the classes' colours: the last of a class, and that of no class.
const (
	mostSteps = 5
	noStep    = 6
)

// classes is how many units of a group have which class.
func (v *publishedView) classes(page *templates.ResultsPage, group storage.PublishedGroup) {
	counts := make([]int, mostSteps+1)
	var spoken []string
	for _, name := range v.classNames() {
		n := group.Classes[name]
		counts[v.classStep(name)] += n
		page.Classes = append(page.Classes, templates.ResultClass{
			Name: name, Step: v.classStep(name), Count: n, Share: words.Share(n, max(group.Ranked, 1)), URL: v.with("class", name), Current: name == v.filter.Class,
		})
		spoken = append(spoken, name+" "+words.Number(n))
	}
	page.Bars = chart.Stack(counts)
	page.Mean = words.MeanOfGroup(group.MeanTotal)
	page.Spoken = words.ClassSpoken(rankGroupName(group.Group, group.Name), spoken)
}

func (v *publishedView) row(one storage.PublishedRow) templates.ResultRow {
	row := templates.ResultRow{
		Unit: one.Name, Appraised: one.Appraised.VN(), Surveyed: one.Surveyed.VN(), Extra: words.Extras(one.Bonus, one.Penalty), Total: one.Total.VN(),
		Width: widthOf(one.Total, v.Set.Total), Step: noStep, Missing: words.Missing(lacking(one), one.Open),
	}
	if one.Rank > 0 {
		row.Rank, row.Shared, row.Class, row.Step = strconv.Itoa(one.Rank), one.Shared > 1, one.Class, v.classStep(one.Class)
	} else { // a part of the points is no total
		row.Total, row.Width = "—", 0
	}
	if !listedRow(one).marked() {
		row.Appraised = "—"
	}
	scope := v.actor.Reads()
	if scope.Covers(one.Unit) {
		row.URL, row.Own = v.unitPath(one.Unit), !scope.All
	}
	return row
}

// widthOf is points in thousandths of the whole.
func widthOf(p, whole par.Points) int {
	if whole <= 0 {
		return 0
	}
	return int(max(p, 0) * 1000 / whole)
}

// decisionFile sends the decision of a publication.
func (s *Server) decisionFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	p, err := s.thePublication(r, actor)
	if err != nil {
		return err
	}
	file, err := s.store.PublicationFile(r.Context(), p.one)
	if err != nil {
		return err
	}
	return s.sendKept(w, r, p.Code, file.Hash, file.Name, file.MediaType)
}
