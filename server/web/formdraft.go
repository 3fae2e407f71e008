package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Tables of the form's rows, as their fields are named.
const (
	sectionTable     = "sections"
	indicatorTable   = "indicators"
	checkTable       = "checks"
	planFieldTable   = "plan.fields"
	planProductTable = "plan.products"
)

// formEditor is one page of the editor in the making: the draft, the part that
// the page shows, and what was typed into it.
type formEditor struct {
	storage.FormDraft
	head   templates.FormDraftHead
	now    time.Time
	broken rule.Errors // of the whole draft
	here   form.Part
	typed  form.Version // the draft with what was typed
	raw    url.Values   // what was typed and cannot be kept; nil: everything can
}

// editorOf reads the draft named in the path.
func (s *Server) editorOf(r *http.Request, here form.Part) (*formEditor, error) {
	draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
	if err != nil {
		return nil, err
	}
	e := &formEditor{here: here}
	return e, s.over(r, e, draft)
}

// over puts the editor over a draft.
func (s *Server) over(r *http.Request, e *formEditor, draft storage.FormDraft) error {
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	e.now, e.FormDraft, e.typed, e.broken = now, draft, draft.Content, draft.Content.Validate()
	e.head = templates.FormDraftHead{
		URL: formDraftPath(draft.Form), Name: templates.FormTitle(draft.Content.Title, draft.Content.Number),
		Version: draft.Version, Saved: templates.FormSaved(draft.By, draft.At, now),
	}
	e.head.Settled = true
	e.head.Undo, _ = strconv.Atoi(r.URL.Query().Get("undo"))
	e.head.List = e.list()
	return nil
}

// list is the parts of the form beside the editor, with what is wrong in each.
func (e *formEditor) list() []templates.SideItem {
	item := func(part form.Part, code, title, path string, rows int) templates.SideItem {
		wrong := len(e.problemsOf(part))
		return templates.SideItem{
			Code: code, Title: title, URL: e.head.URL + path, Bad: wrong > 0, Current: part == e.here,
			State: templates.FormPartState(rows, wrong),
		}
	}
	general := item(form.Part{Kind: form.PartGeneral}, "", templates.FormPartGeneral, "", 0)
	if !general.Bad {
		general.State = ""
	}
	items := []templates.SideItem{general,
		item(form.Part{Kind: form.PartSection}, "", templates.TitleFormSection, "/sections", len(e.Content.Sections))}
	if set := e.Content.Index; set != nil {
		items = append(items, item(form.Part{Kind: form.PartScale}, "", templates.TitleFormScale, "/scale", len(set.Classes)),
			item(form.Part{Kind: form.PartField}, "", templates.TitleFormFields, "/fields", len(set.Fields)))
		for i, f := range set.Fields {
			items = append(items, item(form.Part{Kind: form.PartCriterion, Group: f.Code}, f.Code, f.Name,
				fmt.Sprintf("/criteria/%d", i+1), len(set.InField(f.Code))))
		}
	}
	for i, name := range e.Content.Groups() {
		items = append(items, item(form.Part{Kind: form.PartIndicator, Group: name}, strconv.Itoa(i+1), name,
			fmt.Sprintf("/groups/%d", i+1), len(e.Content.InGroup(name))))
	}
	if e.Content.Index != nil && len(e.Content.Indicators) == 0 {
		return items // checks are rules between figures
	}
	items = append(items, item(form.Part{Kind: form.PartCheck}, "", templates.TitleFormChecks, "/checks", len(e.Content.Checks)))
	if table := e.Content.Plan; table != nil {
		items = append(items, item(form.Part{Kind: form.PartPlanField}, "", templates.TitlePlanFields, pathOfTable(planFieldTable), len(table.Fields)),
			item(form.Part{Kind: form.PartPlanProduct}, "", templates.TitlePlanProducts, pathOfTable(planProductTable), len(table.Products)))
	}
	return items
}

// problemsOf are what is wrong in a part, its rows counted as its page counts them.
func (e *formEditor) problemsOf(part form.Part) rule.Errors {
	var found rule.Errors
	for _, one := range e.broken {
		if place := e.placeOf(one); place.part == part {
			found = append(found, place.problem)
		}
	}
	return found
}

// problemPlace is where a broken rule of the draft is mended.
type problemPlace struct {
	part    form.Part
	path    string     // of the part's page, below the draft's
	problem rule.Error // its field as that page names it
}

func (e *formEditor) placeOf(one rule.Error) problemPlace {
	table, row, isRow := form.RowOf(one.Field)
	switch {
	case table == indicatorTable && isRow:
		group := e.Content.Indicators[row].Group
		one.Field = e.inGroup(one.Field, row)
		return problemPlace{form.Part{Kind: form.PartIndicator, Group: group}, fmt.Sprintf("/groups/%d", slices.Index(e.Content.Groups(), group)+1), one}
	case table == sectionTable && isRow:
		return problemPlace{form.Part{Kind: form.PartSection}, "/sections", one}
	case table == checkTable && isRow:
		return problemPlace{form.Part{Kind: form.PartCheck}, "/checks", one}
	}
	if place, ours := e.inIndex(one); ours {
		return place
	}
	if place, ours := inPlan(one); ours {
		return place
	}
	return problemPlace{form.Part{Kind: form.PartGeneral}, "", one}
}

// inGroup is the field of an indicator's row as the page of its group counts it.
func (e *formEditor) inGroup(field string, row int) string {
	place := 0
	for _, other := range e.Content.Indicators[:row] {
		if other.Group == e.Content.Indicators[row].Group {
			place++
		}
	}
	return form.RowField(indicatorTable, place, fieldOf(field))
}

func fieldOf(field string) string { return field[strings.LastIndexByte(field, '.')+1:] }

// pathOf is the page of the editor on which a broken rule is mended, with the
// place on it.
func (e *formEditor) pathOf(one rule.Error) string {
	place := e.placeOf(one)
	path := place.path
	if place.part.Kind != form.PartGeneral {
		path += "?check=1"
	}
	return e.head.URL + path + "#" + anchorOf(place.problem.Field)
}

// showFormDraft is the draft as a whole.
func (s *Server) showFormDraft(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	e, err := s.editorOf(r, form.Part{Kind: form.PartGeneral})
	if err != nil {
		return err
	}
	return s.show(w, "forms/edit", s.formEditPage(r, e))
}

func (s *Server) formEditPage(r *http.Request, e *formEditor) templates.FormEditPage {
	page := templates.FormEditPage{
		Shell: s.formsShell(r, templates.TitleFormDraft), Head: e.head, Key: newKey(), Draft: e.typed,
		Tolerance: strconv.Itoa(e.typed.Tolerance), Size: sizeOf(e.Content), Index: e.Content.Index != nil && len(e.Content.Indicators) == 0,
	}
	groups := e.Content.Groups()
	for i, name := range groups {
		page.Groups = append(page.Groups, templates.FormGroupRow{
			Heading: words.Group(i+1, name), Name: name, URL: fmt.Sprintf("%s/groups/%d", e.head.URL, i+1),
			Count: templates.GroupCountOf(len(e.Content.InGroup(name))), First: i == 0, Last: i == len(groups)-1,
		})
	}
	for _, one := range e.broken {
		page.Problems = append(page.Problems, templates.Link{Label: words.Problem(e.placed(one)), URL: e.pathOf(one)})
	}
	return page
}

// placed is a broken rule told away from its page: the code says more than a row
// that is counted over all groups.
func (e *formEditor) placed(one rule.Error) rule.Error {
	table, row, isRow := form.RowOf(one.Field)
	if isRow && table == indicatorTable && e.Content.Indicators[row].Code != "" {
		one.Field = form.FigureField(e.Content.Indicators[row].Code)
	}
	if isRow && table == par.CriterionTable && indexOf(e.Content).Criteria[row].Code != "" {
		one.Field = par.AnswerField(e.Content.Index.Criteria[row].Code, "")
	}
	return one
}

// changeFormDraft saves what holds for the whole form, moves and adds groups, or
// gives the draft up.
func (s *Server) changeFormDraft(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version"); err != nil {
		return err
	}
	do, row := rowAction(r.PostForm.Get("do"))
	if do == "discard" {
		return s.discardForm(w, r, actor)
	}
	e, err := s.editorOf(r, form.Part{Kind: form.PartGeneral})
	if err != nil {
		return err
	}
	if wantsJSON(r) {
		return s.autosaveGeneral(w, r, e, actor)
	}
	if broken := e.readGeneral(r); len(broken) > 0 {
		e.head.Settled = false
		page := s.formEditPage(r, e)
		page.Errors, page.Tolerance, page.Group = broken, r.PostForm.Get("tolerance"), r.PostForm.Get("group")
		return s.showBroken(w, "forms/edit", page)
	}
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	_, err = s.store.SaveFormPart(r.Context(), e.Form, base, e.here, e.typed, actor.Person)
	if theirs, clashes := clashIn(err); clashes {
		return s.showGeneralClash(w, r, e, theirs)
	}
	if err != nil {
		return err
	}
	groups, path := e.Content.Groups(), e.head.URL
	edit := func(v form.Version) form.Version { return v }
	switch {
	case do == "group-add":
		name := storage.CleanLine(r.PostForm.Get("group"))
		edit = func(v form.Version) form.Version { return v.AddGroup(name) }
		path += fmt.Sprintf("/groups/%d", len(groups)+1)
	case (do == "group-up" || do == "group-down") && row >= 0 && row < len(groups):
		edit = func(v form.Version) form.Version { return v.MoveGroup(groups[row], do == "group-up") }
	}
	if _, err := s.store.EditFormDraft(r.Context(), e.Form, actor.Person, edit); err != nil {
		return err
	}
	return goTo(w, r, path)
}

// readGeneral takes the title and the tolerance from the form; a number that
// cannot be read is told at once, for it cannot be kept.
func (e *formEditor) readGeneral(r *http.Request) rule.Errors {
	var broken rule.Errors
	tolerance, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(r.PostForm.Get("tolerance")), "%")))
	if err != nil || tolerance < 0 || tolerance > form.MaxTolerance {
		broken.Add(toleranceBad, "tolerance", form.MaxTolerance)
	}
	e.typed.Title, e.typed.Tolerance = r.PostForm.Get("title"), tolerance
	name := storage.CleanLine(r.PostForm.Get("group"))
	if do, _ := rowAction(r.PostForm.Get("do")); do == "group-add" {
		switch {
		case name == "":
			broken.Add(groupMissing, "group")
		case slices.Contains(e.Content.Groups(), name):
			broken.Add(groupTaken, "group")
		}
	}
	return broken
}

// What cannot be kept as it was typed.
const (
	toleranceBad rule.Code = "form_tolerance"
	groupMissing rule.Code = "form_missing"
	groupTaken   rule.Code = "form_group_taken"
)

func (s *Server) showGeneralClash(w http.ResponseWriter, r *http.Request, e *formEditor, theirs storage.FormDraft) error {
	typed := e.typed
	if err := s.over(r, e, theirs); err != nil {
		return err
	}
	e.typed, e.head.Settled = theirs.Content.Replace(e.here, typed), false
	e.addClash("", typed.Extract(e.here))
	return s.render(w, http.StatusConflict, "forms/edit", s.formEditPage(r, e))
}

func (s *Server) discardForm(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	code := chi.URLParam(r, "form")
	if err := s.store.DiscardFormDraft(r.Context(), code, actor.Person); err != nil {
		return err
	}
	if err := s.audit(r, storage.AuditFormDiscarded, code, nil); err != nil {
		return err
	}
	if err := s.flash(r, templates.FormDiscardedFlash()); err != nil {
		return err
	}
	return goTo(w, r, formsPath)
}

// readFormRule reads a rule aloud for the page on which it is typed.
func (s *Server) readFormRule(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
	if err != nil {
		return err
	}
	text := storage.CleanLine(r.URL.Query().Get("rule"))
	answer := templates.RuleReading{Reading: readRule(draft.Content, text)}
	for _, one := range draft.Content.RuleProblems(text) {
		answer.Problem = strings.TrimSpace(answer.Problem + " " + words.Message(one))
	}
	return answerJSON(w, http.StatusOK, answer)
}

// rowAction splits "up.3" into what and the row; -1 without one.
func rowAction(value string) (do string, row int) {
	do, number, _ := strings.Cut(value, ".")
	row, err := strconv.Atoi(number)
	if err != nil {
		row = -1
	}
	return do, row
}
