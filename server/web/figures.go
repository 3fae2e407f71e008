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
)

// grid is one group of figures with what was typed into it.
type grid struct {
	*dossier
	draft   storage.Draft
	groups  []group
	group   group
	typed   map[string]typedFigure // by indicator, of the form that was sent
	broken  rule.Errors            // of the typed texts
	clashes storage.Conflicts
	refused bool // nothing of the form was saved
	found   findings
}

// typedFigure is a row as it was sent.
type typedFigure struct {
	text, reason string
	base         int
	choice       string // of a cell that somebody else has saved too
}

// The choices of such a cell.
const (
	chooseMine   = "mine"
	chooseTheirs = "theirs"
)

// gridOf reads the group named in the path, {group}.
func (s *Server) gridOf(r *http.Request, actor staff.Actor) (*grid, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	g := &grid{dossier: d, typed: map[string]typedFigure{}}
	return g, s.fillGrid(r, g)
}

func (s *Server) fillGrid(r *http.Request, g *grid) error {
	var err error
	if g.draft, err = s.store.Draft(r.Context(), g.ID); err != nil {
		return err
	}
	g.groups = groupsOf(g.draft.Form, g.Campaign.WindowTo)
	number, err := strconv.Atoi(chi.URLParam(r, "group"))
	if err != nil || number < 1 || number > len(g.groups) {
		return storage.ErrNotFound
	}
	g.group = g.groups[number-1]
	g.found = foundIn(g.draft)
	return nil
}

func (g *grid) last() bool { return g.group.number == len(g.groups) }

// showFigures is the grid of one group.
func (s *Server) showFigures(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	g, err := s.gridOf(r, actor)
	if err != nil {
		return err
	}
	if g.Stage != document.Drafting {
		return goTo(w, r, g.path(""))
	}
	return s.show(w, "document/figures", s.figuresPage(r, g))
}

// saveFigures keeps a group: the plain form, and autosave by the same address.
// A text that is no figure, and a cell that somebody else has saved, hold back
// only themselves.
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
	saved, err := s.store.SaveFigures(r.Context(), g.ID, changes, actor)
	var broken rule.Errors
	switch {
	case errors.As(err, &g.clashes):
	case errors.As(err, &broken):
		if broken[0].Field == "" {
			return s.notTaken(w, r, actor, broken)
		}
		g.broken, g.refused = append(g.broken, broken...), true
	case err != nil:
		return err
	}
	if err := s.fillGrid(r, g); err != nil { // what stands there now
		return err
	}
	if wantsJSON(r) {
		return g.answer(w, saved)
	}
	return s.afterFigures(w, r, g)
}

// afterFigures goes on when all was saved, else shows the grid with what was not.
func (s *Server) afterFigures(w http.ResponseWriter, r *http.Request, g *grid) error {
	switch {
	case g.clashes != nil:
		return s.render(w, http.StatusConflict, "document/figures", s.figuresPage(r, g))
	case g.broken != nil:
		return s.render(w, http.StatusUnprocessableEntity, "document/figures", s.figuresPage(r, g))
	}
	return goTo(w, r, g.next(r))
}

func (g *grid) next(r *http.Request) string {
	reused, reuse := g.draft.Form.Indicator(r.PostFormValue("reuse"))
	_, take := g.draft.Known.Values[r.PostFormValue("take")]
	switch {
	case reuse:
		return g.figuresURL(g.group.number) + "#reason-" + anchorOf(reused.Code)
	case take:
		return g.figuresURL(g.group.number) + "#figure-" + anchorOf(r.PostFormValue("take"))
	case r.PostFormValue("next") == "":
		return g.figuresURL(g.group.number)
	case g.last():
		return g.path("")
	}
	return g.figuresURL(g.group.number + 1)
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
		typed, err := g.readRow(r, code)
		if err != nil {
			return nil, err
		}
		g.typed[code] = typed
		if typed.choice == chooseTheirs {
			continue
		}
		change := storage.FigureChange{Indicator: code, Reason: typed.reason, Base: typed.base}
		if !computed {
			value, broken := g.draft.Form.ParseFigure(code, typed.text)
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

// readRow is one row of the form. Whoever has seen another's figure and keeps
// their own writes over the version that was compared with.
func (g *grid) readRow(r *http.Request, code string) (typedFigure, error) {
	row := typedFigure{
		text: r.PostFormValue("figure." + code), choice: r.PostFormValue("choice." + code),
		reason: g.draft.Figures[code].Reason,
	}
	if r.PostForm.Has("reason." + code) {
		row.reason = r.PostFormValue("reason." + code)
	}
	if known, offered := g.draft.Known.Values[code]; offered && r.PostFormValue("take") == code {
		row.text = known.Value.VN()
	}
	if r.PostFormValue("reuse") == code {
		row.reason = g.besideFigures()[code].Reason
	}
	base := r.PostFormValue("base." + code)
	if row.choice == chooseMine {
		base = r.PostFormValue("clash." + code)
	}
	var err error
	if row.base, err = strconv.Atoi(base); err != nil {
		return row, errBadForm
	}
	return row, nil
}
