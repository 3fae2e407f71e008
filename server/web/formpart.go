package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// formPart is one page of the editor: rows of one table.
type formPart struct {
	part  form.Part
	path  string // below the draft's
	table string
	first string // field that gets the focus in an added row
	read  func(url.Values) form.Version
	// unread is what cannot be kept as it was typed, a number that is none: it is
	// told before anything is saved. nil: everything can be kept.
	unread func(url.Values) rule.Errors
	rows   func(v *form.Version) rowOps
	build  func(r *http.Request, e *formEditor, broken rule.Errors) (page string, view any)
}

// rowOps changes the rows of a part, whatever they are.
type rowOps struct {
	count int
	add   func(at int)
	swap  func(a, b int)
	drop  func(at int)
}

func rowsIn[R any](rows *[]R, fresh func() R) rowOps {
	return rowOps{
		count: len(*rows),
		add:   func(at int) { *rows = slices.Insert(*rows, at, fresh()) },
		swap:  func(a, b int) { (*rows)[a], (*rows)[b] = (*rows)[b], (*rows)[a] },
		drop:  func(at int) { *rows = slices.Delete(slices.Clone(*rows), at, at+1) },
	}
}

// partOf finds the part that a request is about. ErrNotFound: the form has none such.
type partOf func(*http.Request) (formPart, error)

// showPart shows a page of the editor. What is wrong is told after a check.
func (s *Server) showPart(find partOf) handler {
	return func(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
		p, err := find(r)
		if err != nil {
			return err
		}
		e, err := s.editorOf(r, p.part)
		if err != nil {
			return err
		}
		var broken rule.Errors
		if r.URL.Query().Has("check") {
			broken = e.problemsOf(p.part)
		}
		page, view := p.build(r, e, broken)
		return s.show(w, page, view)
	}
}

// savePart takes a page's form, which must have the version it was made from and the
// other fields needed.
func (s *Server) savePart(find partOf, needed ...string) handler {
	needed = append(needed, "base_version")
	return func(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
		if err := parseForm(r, needed...); err != nil {
			return err
		}
		p, err := find(r)
		switch {
		case err != nil:
			return err
		case wantsJSON(r):
			return s.autosavePart(w, r, actor, p)
		}
		return s.saveTyped(w, r, actor, p)
	}
}

// saveTyped saves what was typed, moves the rows as the button says, and goes on
// where the reader was. A draft may be saved with mistakes in it.
func (s *Server) saveTyped(w http.ResponseWriter, r *http.Request, actor staff.Actor, p formPart) error {
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	if p.unread != nil {
		if broken := p.unread(r.PostForm); len(broken) > 0 {
			return s.showUnread(w, r, p, broken)
		}
	}
	code, typed := chi.URLParam(r, "form"), p.read(r.PostForm)
	do, row := rowAction(r.PostForm.Get("do"))
	if do == "undo" {
		if typed, err = s.earlierPart(r, p); err != nil {
			return err
		}
	}
	after, place := url.Values{}, ""
	switch do {
	case "remove": // first what else was typed, so that undoing keeps it
		draft, err := s.store.SaveFormPart(r.Context(), code, base, p.part, typed, actor.Person)
		if err != nil {
			return s.orClash(w, r, p, typed, err)
		}
		after.Set("undo", strconv.Itoa(draft.Version))
		p.part.Group = p.renamed(r.PostForm)
		base, row = draft.Version, p.staying(typed, row, p.part.Group)
		typed = draft.Content.Extract(p.part)
		p.act(&typed, do, row)
	case "save":
		after.Set("check", "1")
	default:
		place = p.act(&typed, do, row)
	}
	draft, err := s.store.SaveFormPart(r.Context(), code, base, p.part, typed, actor.Person)
	if err != nil {
		return s.orClash(w, r, p, typed, err)
	}
	path := withQuery(formDraftPath(code)+p.pathIn(draft.Content, typed), after)
	if place != "" {
		path += "#" + anchorOf(place)
	}
	return goTo(w, r, path)
}

// showUnread shows the page as it was typed, with what cannot be kept.
func (s *Server) showUnread(w http.ResponseWriter, r *http.Request, p formPart, broken rule.Errors) error {
	e, err := s.editorOf(r, p.part)
	if err != nil {
		return err
	}
	e.raw, e.head.Settled = r.PostForm, false
	page, view := p.build(r, e, broken)
	return s.showBroken(w, page, view)
}

// orClash shows a conflict; any other error is told as it is.
func (s *Server) orClash(w http.ResponseWriter, r *http.Request, p formPart, typed form.Version, err error) error {
	if theirs, clashes := clashIn(err); clashes {
		return s.showClash(w, r, p, typed, theirs)
	}
	return err
}

// renamed is the name that the group has after a save.
func (p formPart) renamed(f url.Values) string {
	if p.part.Kind != form.PartIndicator {
		return p.part.Group
	}
	return groupName(f, p.part.Group)
}

// staying is the place of a row among those that do not move to another group; -1
// when it moves itself.
func (p formPart) staying(typed form.Version, row int, group string) int {
	if p.part.Kind == form.PartCriterion {
		return stayingCriterion(typed, row, p.part.Group)
	}
	if p.part.Kind != form.PartIndicator {
		return row
	}
	if row < 0 || row >= len(typed.Indicators) || typed.Indicators[row].Group != group {
		return -1
	}
	place := 0
	for _, one := range typed.Indicators[:row] {
		if one.Group == group {
			place++
		}
	}
	return place
}

func clashIn(err error) (storage.FormDraft, bool) {
	var conflict *storage.FormConflict
	if !errors.As(err, &conflict) {
		return storage.FormDraft{}, false
	}
	return conflict.Draft, true
}

// act does to the rows what the button says, and names the field to go on with.
func (p formPart) act(v *form.Version, do string, row int) string {
	rows := p.rows(v)
	at := func(row int) string { return form.RowField(p.table, row, p.first) }
	known := row >= 0 && row < rows.count
	switch {
	case do == "add":
		rows.add(rows.count)
		return at(rows.count)
	case do == "insert" && known:
		rows.add(row + 1)
		return at(row + 1)
	case do == "up" && known && row > 0:
		rows.swap(row, row-1)
		return at(row - 1)
	case do == "down" && known && row < rows.count-1:
		rows.swap(row, row+1)
		return at(row + 1)
	case do == "remove" && known:
		rows.drop(row)
	}
	return ""
}

// pathIn is where the part stands in the saved form: a group may have another name
// and place, or be gone with its last indicator.
func (p formPart) pathIn(saved, typed form.Version) string {
	if p.part.Kind != form.PartIndicator {
		return p.path
	}
	groups := saved.Groups()
	at := slices.Index(groups, p.part.Group)
	if at < 0 && len(typed.Indicators) > 0 {
		at = slices.Index(groups, storage.CleanLine(typed.Indicators[0].Group))
	}
	if at < 0 {
		return ""
	}
	return fmt.Sprintf("/groups/%d", at+1)
}

// earlierPart is the part as the save before a removal had it.
func (s *Server) earlierPart(r *http.Request, p formPart) (form.Version, error) {
	save, err := strconv.Atoi(r.PostForm.Get("undo"))
	if err != nil {
		return form.Version{}, errBadForm
	}
	earlier, err := s.store.FormSave(r.Context(), chi.URLParam(r, "form"), save)
	return earlier.Extract(p.part), err
}

// showClash shows the page as it was typed, over what somebody else has saved: the
// next save is based on theirs.
func (s *Server) showClash(w http.ResponseWriter, r *http.Request, p formPart, typed form.Version, theirs storage.FormDraft) error {
	e := &formEditor{here: p.part}
	if err := s.over(r, e, theirs); err != nil {
		return err
	}
	e.typed, e.head.Settled = theirs.Content.Replace(p.part, typed), false
	e.addClash(p.path, typed)
	page, view := p.build(r, e, nil)
	return s.render(w, http.StatusConflict, page, view)
}

// addClash tells of what somebody else has saved, beside what was typed.
func (e *formEditor) addClash(path string, typed form.Version) {
	e.head.Clash = &templates.FormConflict{By: e.By, When: words.MomentNear(e.At, e.now), URL: e.head.URL + path}
	for _, change := range form.Changes(e.Content.Extract(e.here), typed, form.Mapping{}) {
		e.head.Clash.Changes = append(e.head.Clash.Changes, templates.FormChangeOf(change))
	}
}

// rowsTyped are the rows of a table in a form, in their order: as long as there is
// a field of the next.
func rowsTyped(f url.Values, table, field string, take func(get func(field string) string)) {
	for row := 0; f.Has(form.RowField(table, row, field)); row++ {
		take(func(field string) string { return f.Get(form.RowField(table, row, field)) })
	}
}

// partShell is the frame of a page of the editor.
func (s *Server) partShell(r *http.Request, e *formEditor, title string, broken rule.Errors) templates.Shell {
	shell := s.formsShell(r, title, templates.Crumb{Label: e.head.Name, URL: e.head.URL})
	shell.Errors = broken
	return shell
}
