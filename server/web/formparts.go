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

// showPart shows a page of the editor. What is wrong is told after a check.
func (s *Server) showPart(w http.ResponseWriter, r *http.Request, p formPart) error {
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

// savePart saves what was typed, moves the rows as the button says, and goes on
// where the reader was. A draft may be saved with mistakes in it.
func (s *Server) savePart(w http.ResponseWriter, r *http.Request, actor staff.Actor, p formPart) error {
	if wantsJSON(r) {
		return s.autosavePart(w, r, actor, p)
	}
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

func (s *Server) sectionsPart() formPart {
	return formPart{
		part: form.Part{Kind: form.PartSection}, path: "/sections", table: sectionTable, first: "code",
		read: func(f url.Values) form.Version {
			var v form.Version
			rowsTyped(f, sectionTable, "code", func(get func(string) string) {
				v.Sections = append(v.Sections, form.Section{
					Code: get("code"), Title: get("title"), Parent: get("parent"), Hint: get("hint"), Required: get("required") != "",
				})
			})
			return v
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Sections, func() form.Section { return form.Section{Required: true} })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormSectionsPage{Shell: s.partShell(r, e, templates.TitleFormSection, broken), Head: e.head}
			for i, one := range e.typed.Sections {
				page.Rows = append(page.Rows, templates.FormSectionRow{FormRow: templates.RowAt(i, len(e.typed.Sections), broken), Section: one})
			}
			return "forms/sections", page
		},
	}
}

// partShell is the frame of a page of the editor.
func (s *Server) partShell(r *http.Request, e *formEditor, title string, broken rule.Errors) templates.Shell {
	shell := s.formsShell(r, title, templates.Crumb{Label: e.head.Name, URL: e.head.URL})
	shell.Errors = broken
	return shell
}

func (s *Server) checksPart() formPart {
	return formPart{
		part: form.Part{Kind: form.PartCheck}, path: "/checks", table: checkTable, first: "rule",
		read: func(f url.Values) form.Version {
			var v form.Version
			rowsTyped(f, checkTable, "rule", func(get func(string) string) {
				v.Checks = append(v.Checks, form.Check{Rule: get("rule"), Severity: get("severity"), Note: get("note")})
			})
			return v
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Checks, func() form.Check { return form.Check{Severity: form.SeverityError} })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormChecksPage{Shell: s.partShell(r, e, templates.TitleFormChecks, broken), Head: e.head}
			for i, one := range e.typed.Checks {
				page.Rows = append(page.Rows, templates.FormCheckRow{
					FormRow: templates.RowAt(i, len(e.typed.Checks), broken), Check: one,
					Severities: templates.SeverityOptions(one.Severity), Reading: readRule(e.typed, one.Rule),
				})
			}
			return "forms/checks", page
		},
	}
}

// groupPart is the indicators of the group: the one that the page was made for,
// else the one at the place that the path names.
func (s *Server) groupPart(r *http.Request) (formPart, error) {
	place, err := number(r, "group")
	if err != nil {
		return formPart{}, err
	}
	name := r.PostForm.Get("group")
	if name == "" {
		draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
		if err != nil {
			return formPart{}, err
		}
		groups := draft.Content.Groups()
		if int(place) > len(groups) {
			return formPart{}, storage.ErrNotFound
		}
		name = groups[place-1]
	}
	return formPart{
		part: form.Part{Kind: form.PartIndicator, Group: name}, path: fmt.Sprintf("/groups/%d", place), table: indicatorTable, first: "code",
		read: func(f url.Values) form.Version { return readIndicators(f, name) },
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Indicators, func() form.Indicator { return nextIndicator(*v, name) })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			return "forms/indicators", s.indicatorsPage(r, e, name, int(place), broken)
		},
	}, nil
}

// readIndicators takes the rows of the group. A new name of the group goes to each
// row that stays in it.
func readIndicators(f url.Values, group string) form.Version {
	var v form.Version
	name := groupName(f, group)
	rowsTyped(f, indicatorTable, "code", func(get func(string) string) {
		one := form.Indicator{
			Code: get("code"), Name: get("name"), Unit: get("unit"), Type: get("type"), Group: get("group"),
			ValidTo: isoDay(get("valid_to")), AcrossUnits: form.AcrossUnitsSum, AcrossTime: get("across_time"),
		}
		one.Indent, _ = strconv.Atoi(get("indent"))
		if one.Group == group || one.Group == "" {
			one.Group = name
		}
		if one.AcrossTime == "" || one.AcrossTime == form.AcrossTimeRatio {
			one.AcrossTime = form.AcrossTimeSum
		}
		if one.Type == form.TypeRatio {
			one.AcrossUnits, one.AcrossTime = form.AcrossUnitsRatio, form.AcrossTimeRatio
			one.Numerator, one.Denominator = get("numerator"), get("denominator")
		}
		v.Indicators = append(v.Indicators, one)
	})
	return v
}

// groupName is the name that was typed for the group; an empty one changes nothing.
func groupName(f url.Values, group string) string {
	if name := storage.CleanLine(f.Get("name")); name != "" {
		return name
	}
	return group
}

// isoDay is a typed day as it is stored; what is no day is kept for the rules to
// tell of.
func isoDay(text string) string {
	if day, ok := dayIn(strings.TrimSpace(text)); ok {
		return day.String()
	}
	return text
}

// nextIndicator is an empty row whose code follows the last one of the group.
func nextIndicator(v form.Version, group string) form.Indicator {
	code := ""
	if len(v.Indicators) > 0 {
		code, group = nextCode(v.Indicators), v.Indicators[len(v.Indicators)-1].Group
	}
	return form.NewIndicator(group, code)
}

// nextCode counts on from the highest code with as many parts as the last.
func nextCode(rows []form.Indicator) string {
	last := rows[len(rows)-1].Code
	stem, _, found := cutLast(last)
	if !found {
		return ""
	}
	highest := 0
	for _, one := range rows {
		if other, number, ok := cutLast(one.Code); ok && other == stem {
			if n, err := strconv.Atoi(number); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return fmt.Sprintf("%s.%d", stem, highest+1)
}

func cutLast(code string) (stem, last string, found bool) {
	at := strings.LastIndexByte(code, '.')
	if at < 0 {
		return "", "", false
	}
	return code[:at], code[at+1:], true
}

func (s *Server) indicatorsPage(r *http.Request, e *formEditor, group string, place int, broken rule.Errors) templates.FormIndicatorsPage {
	rows := e.typed.InGroup(group)
	page := templates.FormIndicatorsPage{
		Shell: s.partShell(r, e, words.Group(place, group), broken), Head: e.head, URL: fmt.Sprintf("%s/groups/%d", e.head.URL, place),
		Group: group, Name: group, Number: place,
	}
	groups := e.typed.Groups()
	for i, one := range rows {
		row := templates.FormIndicatorRow{
			FormRow: templates.RowAt(i, len(rows), broken), Indicator: one, Types: templates.TypeOptions(one.Type),
			Times: templates.AcrossTimeOptions(one.AcrossTime), Indents: templates.IndentOptions(one.Indent),
			Groups: templates.FormGroupOptions(groups, one.Group), Reading: readRatio(e.typed, one),
		}
		row.ValidTo = dayText(one.ValidTo)
		row.Open = one.Type == form.TypeRatio && row.Reading == "" || hasLesserProblem(broken, i)
		page.Rows = append(page.Rows, row)
	}
	return page
}

// hasLesserProblem tells whether one of the folded fields of the row has an error.
func hasLesserProblem(broken rule.Errors, row int) bool {
	return slices.ContainsFunc(broken, func(one rule.Error) bool {
		_, at, ok := form.RowOf(one.Field)
		return ok && at == row && slices.Contains([]string{"numerator", "denominator", "across_time", "valid_to", "indent", "group"}, fieldOf(one.Field))
	})
}

// readRatio reads a ratio aloud; empty where it cannot be reckoned.
func readRatio(v form.Version, i form.Indicator) string {
	if i.Type != form.TypeRatio {
		return ""
	}
	above, below, ok := i.Terms()
	if !ok {
		return ""
	}
	return words.Ratio(above, below, nameIn(v))
}

// The routes of the editor's pages.

func (s *Server) showFormSections(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	return s.showPart(w, r, s.sectionsPart())
}

func (s *Server) saveFormSections(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version"); err != nil {
		return err
	}
	return s.savePart(w, r, actor, s.sectionsPart())
}

func (s *Server) showFormChecks(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	return s.showPart(w, r, s.checksPart())
}

func (s *Server) saveFormChecks(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version"); err != nil {
		return err
	}
	return s.savePart(w, r, actor, s.checksPart())
}

func (s *Server) showFormGroup(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	p, err := s.groupPart(r)
	if err != nil {
		return err
	}
	return s.showPart(w, r, p)
}

func (s *Server) saveFormGroup(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "base_version", "group"); err != nil {
		return err
	}
	p, err := s.groupPart(r)
	if err != nil {
		return err
	}
	return s.savePart(w, r, actor, p)
}
