package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// grid is one group of figures with what was typed into it.
type grid struct {
	*dossier
	draft   storage.Draft
	group   group
	last    bool
	typed   map[string]string // by indicator: kept input of a form that was not taken whole
	broken  rule.Errors       // of the typed texts
	clashes storage.Conflicts
}

// gridOf reads the group named in the path, {group}.
func (s *Server) gridOf(r *http.Request, actor staff.Actor) (*grid, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	g := &grid{dossier: d, typed: map[string]string{}}
	return g, s.fillGrid(r, g)
}

func (s *Server) fillGrid(r *http.Request, g *grid) error {
	var err error
	if g.draft, err = s.store.Draft(r.Context(), g.ID); err != nil {
		return err
	}
	groups := groupsOf(g.draft.Form, g.Campaign.WindowTo)
	number, err := strconv.Atoi(chi.URLParam(r, "group"))
	if err != nil || number < 1 || number > len(groups) {
		return storage.ErrNotFound
	}
	g.group, g.last = groups[number-1], number == len(groups)
	return nil
}

// showFigures is the grid of one group.
func (s *Server) showFigures(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	g, err := s.gridOf(r, actor)
	if err != nil {
		return err
	}
	if g.Stage != document.Drafting {
		return goTo(w, r, "/documents/"+g.ID)
	}
	return s.show(w, "document/figures", s.figuresPage(r, g))
}

func (s *Server) figuresPage(r *http.Request, g *grid) templates.FiguresPage {
	t := tallied(g.group, g.draft)
	page := templates.FiguresPage{
		Shell: s.shellOf(r, g.dossier, g.group.heading()), Document: g.head(),
		Group: g.group.number, Heading: g.group.heading(),
		List:    g.sideList(g.draft, "group."+strconv.Itoa(g.group.number)),
		Summary: words.GroupLeft(g.group.number, t.blanks(), t.errors, t.reasons),
	}
	page.Errors = g.broken
	page.Previous, page.Current = g.columns(g.draft.Checked())
	var newest storage.DraftFigure
	for _, indicator := range g.group.indicators {
		page.Rows = append(page.Rows, g.row(indicator))
		if now := g.draft.Figures[indicator.Code]; now.At.After(newest.At) {
			newest = now
		}
	}
	page.Saved, page.SavedBy = savedWhen(newest.At, g.Now), newest.By
	if !g.last {
		page.Next = &templates.Link{URL: g.figuresURL(g.group.number + 1)}
	}
	return page
}

// row is one indicator: what stands there, or what was typed and not taken.
func (g *grid) row(indicator form.Indicator) templates.FigureRow {
	c, now := g.draft.Checked(), g.draft.Figures[indicator.Code]
	field := form.FigureField(indicator.Code)
	row := templates.FigureRow{
		Code: indicator.Code, Name: indicator.Name, Unit: indicator.Unit, Indent: indicator.Indent,
		Version: now.Version, Reason: now.Reason, Value: valueText(indicator, c),
		Computed: indicator.Type == form.TypeRatio, Warnings: byField(c.Result.Warnings)[field],
	}
	row.Earlier, row.Change = earlierText(indicator, c)
	for _, one := range byField(c.Result.Errors)[field] {
		switch one.Code {
		case "figure_blank":
			row.Blank = true
		case "figure_reason_missing": // the warning itself asks for it
		default:
			row.Errors = append(row.Errors, one)
		}
	}
	if broken := byField(g.broken)[field]; broken != nil {
		row.Errors, row.Blank, row.Value = broken, false, g.typed[indicator.Code]
	}
	if clash, ok := g.clashes.At(field); ok {
		row.Value, row.Version = g.typed[indicator.Code], clash.Version
		row.Conflict = words.FigureConflict(clash.By, figureText(clash.Value), clash.At, g.Now)
	}
	return row
}

// saveFigures keeps a group: the plain form, and autosave by the same address.
// Of a form with a text that is no figure, the script saves nothing and the
// plain form all the others.
func (s *Server) saveFigures(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	g, err := s.gridOf(r, actor)
	if err != nil {
		return err
	}
	changes, err := g.read(r)
	if err != nil {
		return err
	}
	if g.broken != nil && wantsJSON(r) {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(g.broken)})
	}
	saved, err := s.store.SaveFigures(r.Context(), g.ID, changes, actor)
	var broken rule.Errors
	switch {
	case errors.As(err, &g.clashes):
	case errors.As(err, &broken):
		if broken[0].Field == "" {
			return s.notTaken(w, r, actor, broken)
		}
		g.broken = append(g.broken, broken...)
	case err != nil:
		return err
	}
	if wantsJSON(r) {
		return g.answer(w, saved)
	}
	if g.clashes == nil && g.broken == nil {
		return goTo(w, r, g.next(r))
	}
	if err := s.fillGrid(r, g); err != nil { // what has been saved beside it
		return err
	}
	status := http.StatusUnprocessableEntity
	if g.clashes != nil {
		status = http.StatusConflict
	}
	return s.render(w, status, "document/figures", s.figuresPage(r, g))
}

func (g *grid) next(r *http.Request) string {
	switch {
	case r.PostFormValue("next") == "":
		return g.figuresURL(g.group.number)
	case g.last:
		return "/documents/" + g.ID
	}
	return g.figuresURL(g.group.number + 1)
}

// answer tells a script the new versions.
func (g *grid) answer(w http.ResponseWriter, saved map[string]storage.Saved) error {
	if g.clashes != nil {
		return answerJSON(w, http.StatusConflict, map[string]any{"error": g.clashes.Error()})
	}
	if g.broken != nil {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(g.broken)})
	}
	versions := make(map[string]int, len(saved))
	newest := g.Now
	for code, one := range saved {
		versions[code] = one.Version
		if one.At.After(newest) {
			newest = one.At
		}
	}
	return answerJSON(w, http.StatusOK, map[string]any{"saved": savedWhen(newest, newest), "versions": versions})
}

// read turns the typed texts into changes; what is no figure is collected in
// broken. A field that the form did not carry is left as it stands.
func (g *grid) read(r *http.Request) ([]storage.FigureChange, error) {
	var changes []storage.FigureChange
	for _, indicator := range g.group.indicators {
		code := indicator.Code
		computed := indicator.Type == form.TypeRatio
		if !r.PostForm.Has("figure."+code) && !(computed && r.PostForm.Has("reason."+code)) {
			continue
		}
		change := storage.FigureChange{Indicator: code, Reason: g.draft.Figures[code].Reason}
		var err error
		if change.Base, err = strconv.Atoi(r.PostFormValue("base." + code)); err != nil {
			return nil, errBadForm
		}
		if r.PostForm.Has("reason." + code) {
			change.Reason = r.PostFormValue("reason." + code)
		}
		if !computed {
			g.typed[code] = r.PostFormValue("figure." + code)
			value, broken := g.draft.Form.ParseFigure(code, g.typed[code])
			if broken != nil {
				g.broken = append(g.broken, broken...)
				continue
			}
			change.Value = value
		}
		changes = append(changes, change)
	}
	return changes, nil
}
