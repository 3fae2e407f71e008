package web

import (
	"net/http"
	"net/url"
	"strconv"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	searchPath   = "/search"
	glanceRows   = 8 // documents in the dialog
	placesShown  = 5 // units and campaigns on the page
	placesGlance = 3 // and in the dialog
)

// showSearch is the page of the search, and, asked for JSON, what its dialog
// shows while somebody types.
func (s *Server) showSearch(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if wantsJSON(r) {
		return s.glance(w, r, actor)
	}
	rounds, err := s.store.Rounds(r.Context())
	if err != nil {
		return err
	}
	years := rounds.Years()
	q := searchQuery(r.URL.Query(), years)
	q.Rounds = rounds
	found, err := s.store.Search(r.Context(), actor, q)
	if err != nil {
		return err
	}
	v := searchView{Found: found, query: q, years: years, marker: storage.NewMarker(found.Terms)}
	page := templates.SearchPage{
		Shell: s.shell(r, words.TitleSearch, templates.AtNowhere), Query: q.Text, Asked: !found.Terms.Empty(),
		Years: v.yearOptions(), Kinds: v.kindOptions(), Statuses: v.statusOptions(), Chips: v.chips(), ClearURL: v.address(storage.SearchQuery{Text: q.Text, InText: q.InText}),
		Count: words.FoundCount(found.Total, found.More), Folded: found.Folded, Hits: v.hits(), Paging: v.paging(), Empty: v.empty(),
	}
	if found.ByNumber {
		page.TextURL = v.address(storage.SearchQuery{Text: q.Text, InText: true, Year: q.Year, Kind: q.Kind, Status: q.Status})
	}
	if q.Page == 1 && page.Asked {
		if page.Places, err = s.searchPlaces(r, actor, q, v.marker, placesShown); err != nil {
			return err
		}
	}
	return s.show(w, "search/list", page)
}

// searchQuery reads the address; what it does not know narrows nothing.
func searchQuery(q url.Values, years []int) storage.SearchQuery {
	query := storage.SearchQuery{Text: searchText(q.Get("q")), InText: q.Get("in") == "text", Page: 1}
	for _, year := range years {
		if q.Get("year") == strconv.Itoa(year) {
			query.Year = year
		}
	}
	for _, kind := range document.Kinds {
		if q.Get("kind") == string(kind) {
			query.Kind = kind
		}
	}
	for _, status := range document.Statuses {
		if q.Get("status") == string(status) {
			query.Status = status
		}
	}
	if page, err := strconv.Atoi(q.Get("page")); err == nil && page > 1 && page <= storage.SearchMost/storage.SearchPage {
		query.Page = page
	}
	return query
}

// searchPlaces is the units and campaigns of that name, for readers of all units:
// each leads to its board.
func (s *Server) searchPlaces(r *http.Request, actor staff.Actor, q storage.SearchQuery, m *storage.Marker, most int) ([]templates.SearchPlaces, error) {
	if !actor.Reads().All {
		return nil, nil
	}
	units, err := s.store.UnitsNamed(r.Context(), q.Text, most)
	if err != nil {
		return nil, err
	}
	rounds := templates.SearchPlaces{Name: words.SearchRounds}
	for _, one := range q.Rounds.Named(q.Text, most) {
		rounds.Places = append(rounds.Places, templates.SearchPlace{
			Icon: "collection", Name: pieces(m.Mark(one.Name)), URL: campaignPath(one.Code),
		})
	}
	offices := templates.SearchPlaces{Name: words.SearchUnits}
	for _, one := range units {
		if len(q.Rounds) == 0 {
			break // no board yet
		}
		offices.Places = append(offices.Places, templates.SearchPlace{
			Icon: "building", Name: pieces(m.Mark(one.Name)), About: q.Rounds[0].Name,
			URL: pathWith(campaignPath(q.Rounds[0].Code), url.Values{"q": {one.Name}}.Encode()),
		})
	}
	var places []templates.SearchPlaces
	for _, some := range []templates.SearchPlaces{rounds, offices} {
		if len(some.Places) > 0 {
			places = append(places, some)
		}
	}
	return places, nil
}

// glance is the first of everything.
func (s *Server) glance(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	rounds, err := s.store.Rounds(r.Context())
	if err != nil {
		return err
	}
	q := storage.SearchQuery{Text: searchText(r.URL.Query().Get("q")), Rows: glanceRows, Rounds: rounds}
	found, err := s.store.Search(r.Context(), actor, q)
	if err != nil {
		return err
	}
	v := searchView{Found: found, query: q, marker: storage.NewMarker(found.Terms)}
	answer := templates.Glance{Said: words.FoundAtAGlance(len(found.Hits), found.Total > len(found.Hits))}
	papers := templates.GlanceGroup{Name: words.SearchPapers}
	for _, hit := range v.hits() {
		about := hit.Snippet
		if len(about) == 0 {
			about = []templates.Piece{{Text: hit.When}}
		}
		if hit.Number != "" {
			about = append([]templates.Piece{{Text: words.FoundNumber(hit.Number)}}, about...)
		}
		name := append(append([]templates.Piece{}, hit.Unit...), templates.Piece{Text: ", "})
		papers.Options = append(papers.Options, templates.GlanceOption{
			URL: hit.URL, Name: append(name, hit.Title...), About: about, State: words.Status(hit.Status),
		})
	}
	if len(papers.Options) > 0 {
		answer.Groups = append(answer.Groups, papers)
	}
	if !found.Terms.Empty() {
		places, err := s.searchPlaces(r, actor, q, v.marker, placesGlance)
		if err != nil {
			return err
		}
		for _, some := range places {
			group := templates.GlanceGroup{Name: some.Name}
			for _, one := range some.Places {
				group.Options = append(group.Options, templates.GlanceOption{URL: one.URL, Name: one.Name})
			}
			answer.Groups = append(answer.Groups, group)
		}
	}
	if len(answer.Groups) > 0 {
		all := templates.GlanceOption{URL: v.address(q), Name: []templates.Piece{{Text: words.SearchAll}}}
		answer.Groups = append(answer.Groups, templates.GlanceGroup{Name: words.SearchMore, Options: []templates.GlanceOption{all}})
	}
	return answerJSON(w, http.StatusOK, answer)
}

// searchView turns what was found into the page.
type searchView struct {
	storage.Found
	query  storage.SearchQuery
	years  []int
	marker *storage.Marker
}

func (v searchView) address(q storage.SearchQuery) string {
	values := url.Values{}
	if q.Text != "" {
		values.Set("q", q.Text)
	}
	if q.InText {
		values.Set("in", "text")
	}
	if q.Year != 0 {
		values.Set("year", strconv.Itoa(q.Year))
	}
	if q.Kind != "" {
		values.Set("kind", string(q.Kind))
	}
	if q.Status != "" {
		values.Set("status", string(q.Status))
	}
	if q.Page > 1 {
		values.Set("page", strconv.Itoa(q.Page))
	}
	return pathWith(searchPath, values.Encode())
}

func (v searchView) yearOptions() []templates.Option {
	if len(v.years) < 2 {
		return nil
	}
	options := []templates.Option{{Label: words.AllYears}}
	for _, year := range v.years {
		text := strconv.Itoa(year)
		options = append(options, templates.Option{Value: text, Label: text, Selected: year == v.query.Year})
	}
	return options
}

func (v searchView) kindOptions() []templates.Option {
	options := []templates.Option{{Label: words.AllKinds}}
	for _, kind := range document.Kinds {
		options = append(options, templates.Option{Value: string(kind), Label: words.Kind(kind), Selected: kind == v.query.Kind})
	}
	return options
}

func (v searchView) statusOptions() []templates.Option {
	options := []templates.Option{{Label: words.AllStatuses}}
	for _, status := range document.Statuses {
		options = append(options, templates.Option{Value: string(status), Label: words.Status(status), Selected: status == v.query.Status})
	}
	return options
}

func (v searchView) chips() []templates.FilterChip {
	var chips []templates.FilterChip
	if v.query.Year != 0 {
		rest := v.query
		rest.Year, rest.Page = 0, 1
		chips = append(chips, templates.FilterChip{Label: words.ChipYear(v.query.Year), URL: v.address(rest)})
	}
	if v.query.Kind != "" {
		rest := v.query
		rest.Kind, rest.Page = "", 1
		chips = append(chips, templates.FilterChip{Label: words.ChipKind(v.query.Kind), URL: v.address(rest)})
	}
	if v.query.Status != "" {
		rest := v.query
		rest.Status, rest.Page = "", 1
		chips = append(chips, templates.FilterChip{Label: words.ChipStatus(v.query.Status), URL: v.address(rest)})
	}
	return chips
}

func (v searchView) hits() []templates.SearchHit {
	hits := make([]templates.SearchHit, len(v.Hits))
	for i, one := range v.Hits {
		hits[i] = templates.SearchHit{
			URL: "/documents/" + one.Document, Unit: pieces(v.marker.Mark(one.UnitName)), Title: pieces(v.marker.Mark(one.CampaignName)),
			Number: one.Number, When: words.FoundAt(one.At), Status: one.Status, Snippet: pieces(one.Snippet), Former: one.Former,
		}
		if one.Former {
			hits[i].URL += "?" + tableParam + "=" + tableApproved
		}
	}
	return hits
}

func pieces(found []storage.Piece) []templates.Piece {
	all := make([]templates.Piece, len(found))
	for i, one := range found {
		all[i] = templates.Piece(one)
	}
	return all
}

func (v searchView) paging() templates.Paging {
	p := templates.Paging{Total: v.Total, Noun: words.DocumentNoun}
	if len(v.Hits) == 0 {
		return p
	}
	first := (v.query.Page - 1) * storage.SearchPage
	p.From, p.To = first+1, first+len(v.Hits)
	at := func(page int) string {
		q := v.query
		q.Page = page
		return v.address(q)
	}
	if v.query.Page > 1 {
		p.PreviousURL = at(v.query.Page - 1)
	}
	if p.To < p.Total {
		p.NextURL = at(v.query.Page + 1)
	}
	return p
}

func (v searchView) empty() templates.Empty {
	filtered := v.query.Year != 0 || v.query.Kind != "" || v.query.Status != ""
	empty := templates.Empty{}
	empty.Title, empty.Text = words.SearchEmpty(!v.Terms.Empty(), filtered)
	if filtered {
		empty.URL, empty.Label = v.address(storage.SearchQuery{Text: v.query.Text, InText: v.query.InText}), words.ClearFilters
	}
	return empty
}
