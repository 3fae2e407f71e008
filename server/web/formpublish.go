package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showFormPreview is what a specialist will find: the list of sections, and one
// group's grid.
func (s *Server) showFormPreview(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	e, err := s.editorOf(r, form.Part{})
	if err != nil {
		return err
	}
	url := e.head.URL + "/preview"
	page := templates.FormPreviewPage{Shell: s.partShell(r, e, templates.TitleFormPreview, nil), Head: e.head}
	for _, one := range e.Content.Sections {
		state := templates.SectionOptional
		if one.Required {
			state = templates.SectionBlank
		}
		page.Sections = append(page.Sections, templates.SectionTask{
			Code: one.Code, Title: one.Title, URL: url, State: templates.SectionChip(state, 0),
		})
	}
	for i, f := range indexOf(e.Content).Fields {
		page.Criteria = append(page.Criteria, templates.SectionTask{
			Code: f.Code, Title: f.Name, URL: fmt.Sprintf("%s/criteria/%d", e.head.URL, i+1),
			About: templates.ScaleSum(e.Content.Index.InField(f.Code)), State: templates.SectionChip(templates.SectionBlank, 0),
		})
	}
	groups := groupsOf(e.Content, calendar.DayOf(e.now))
	for _, one := range groups {
		page.Groups = append(page.Groups, templates.SectionTask{
			Code: strconv.Itoa(one.number), Title: one.name, URL: fmt.Sprintf("%s?group=%d#grid", url, one.number),
			About: words.Filled(0, len(one.indicators)), State: templates.SectionChip(templates.SectionBlank, 0),
		})
	}
	chosen, err := strconv.Atoi(r.URL.Query().Get("group"))
	if err != nil || chosen < 1 || chosen > len(groups) {
		chosen = 1
	}
	if len(groups) > 0 {
		page.Grid = emptyGrid(groups[chosen-1])
	}
	return s.show(w, "forms/preview", page)
}

// emptyGrid is a group's grid before anything is typed.
func emptyGrid(g group) templates.FiguresPage {
	grid := templates.FiguresPage{Group: g.number, Heading: g.heading(), Current: templates.PreviewPeriod}
	for _, one := range g.indicators {
		row := templates.FigureRow{Code: one.Code, Name: one.Name, Unit: one.Unit, Indent: one.Indent, Blank: one.Type != form.TypeRatio}
		if one.Type == form.TypeRatio {
			row.Computed = true
			row.Above, row.Below = one.Numerator, one.Denominator
		}
		grid.Rows = append(grid.Rows, row)
	}
	return grid
}

// showFormPublish shows what a publication would change, and how each indicator
// continues, to be confirmed. A form with mistakes goes back to them.
func (s *Server) showFormPublish(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	e, err := s.editorOf(r, form.Part{})
	if err != nil {
		return err
	}
	if len(e.broken) > 0 {
		return goTo(w, r, e.head.URL+"#problems-title")
	}
	older, err := s.publishedBefore(r, e)
	if err != nil {
		return err
	}
	mapping := form.Mapping{}
	if older != nil {
		mapping = form.SuggestMapping(*older, e.Content)
	}
	return s.show(w, "forms/publish", s.formPublishPage(r, e, older, mapping, nil))
}

// publishedBefore is the newest published version; nil without one.
func (s *Server) publishedBefore(r *http.Request, e *formEditor) (*form.Version, error) {
	if e.Content.Number == 1 {
		return nil, nil
	}
	older, err := s.store.FormVersion(r.Context(), e.Form, e.Content.Number-1)
	return &older, err
}

func (s *Server) formPublishPage(r *http.Request, e *formEditor, older *form.Version, mapping form.Mapping, broken rule.Errors) templates.FormPublishPage {
	page := templates.FormPublishPage{
		Shell: s.partShell(r, e, templates.TitleFormPublish, broken), Head: e.head, Key: newKey(),
		Button: templates.PublishButton(e.Content.Number), First: older == nil,
		Guidance: r.PostForm.Get("guidance"), Note: r.PostForm.Get("note"),
	}
	if key := r.PostForm.Get("key"); uuid.Validate(key) == nil {
		page.Key = key
	}
	if older == nil {
		return page
	}
	page.Changes = templates.FormChanges(form.Changes(*older, e.Content, mapping))
	for _, now := range e.Content.Indicators {
		row := mapRow(now, mapping.Into(now.Code), broken)
		if row.From == now.Code && !row.Break && row.Problem == "" {
			page.Usual = append(page.Usual, row)
		} else {
			page.Unusual = append(page.Unusual, row)
		}
	}
	for _, before := range older.Indicators {
		out := mapping.OutOf(before.Code)
		problem := templates.MapProblem(broken, form.RetiredField(before.Code))
		_, stays := e.Content.Indicator(before.Code)
		if continued := slices.ContainsFunc(out, func(m form.MapRow) bool { return m.To != "" }); continued && problem == "" {
			continue
		}
		page.Retired = append(page.Retired, templates.FormRetiredRow{
			Code: before.Code, Name: before.Name, Problem: problem,
			Retired: len(out) > 0 && !stays && r.PostForm.Has("retired."+before.Code),
		})
	}
	return page
}

// mapRow is what one indicator continues, as a row of the form.
func mapRow(now form.Indicator, into []form.MapRow, broken rule.Errors) templates.FormMapRow {
	row := templates.FormMapRow{Code: now.Code, Name: now.Name, Problem: templates.MapProblem(broken, form.MapField(now.Code))}
	var froms []string
	for _, one := range into {
		if one.From != "" {
			froms = append(froms, one.From)
		}
		row.Break, row.Why = row.Break || one.Break, one.Note
	}
	row.From = strings.Join(froms, ", ")
	return row
}

// readMapping takes the mapping from the form: a row for each earlier code of each
// indicator, one for each that is new, one for each that is retired.
func readMapping(f url.Values, older, newer form.Version) form.Mapping {
	m := form.Mapping{From: older.Number, To: newer.Number}
	for _, now := range newer.Indicators {
		if !f.Has("map." + now.Code) {
			continue // the rules tell that nothing is said of it
		}
		codes := strings.FieldsFunc(f.Get("map."+now.Code), func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '+' })
		if len(codes) == 0 {
			m.Rows = append(m.Rows, form.MapRow{To: now.Code})
		}
		slices.Sort(codes)
		for _, code := range slices.Compact(codes) {
			m.Rows = append(m.Rows, form.MapRow{From: code, To: now.Code, Break: f.Has("break." + now.Code), Note: storage.CleanLine(f.Get("why." + now.Code))})
		}
	}
	for _, before := range older.Indicators {
		if f.Has("retired." + before.Code) {
			m.Rows = append(m.Rows, form.MapRow{From: before.Code})
		}
	}
	return m
}

// publishForm makes the draft a version for ever.
func (s *Server) publishForm(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	code := chi.URLParam(r, "form")
	p := storage.FormPublication{Key: key, Form: code, Base: base, Guidance: r.PostForm.Get("guidance"), Note: r.PostForm.Get("note")}
	e, err := s.editorOf(r, form.Part{})
	switch {
	case errors.Is(err, storage.ErrNotFound): // a second click, after the first has published
		return s.published(w, r, p, actor)
	case err != nil:
		return err
	}
	older, err := s.publishedBefore(r, e)
	if err != nil {
		return err
	}
	if older != nil {
		p.Mapping = readMapping(r.PostForm, *older, e.Content)
	}
	err = s.published(w, r, p, actor)
	if broken, is := asBroken(err); is {
		if len(e.broken) > 0 {
			return goTo(w, r, e.head.URL+"#problems-title")
		}
		return s.showBroken(w, "forms/publish", s.formPublishPage(r, e, older, p.Mapping, broken))
	}
	return err
}

func (s *Server) published(w http.ResponseWriter, r *http.Request, p storage.FormPublication, actor staff.Actor) error {
	version, err := s.store.PublishForm(r.Context(), p, actor.Person)
	if err != nil {
		return err
	}
	return s.formChanged(w, r, p.Form, version, storage.AuditFormPublished, templates.FormPublishedFlash(version))
}
