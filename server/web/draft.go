package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// parseForm reads a form whole or not at all: half of one must never be taken
// for what somebody wrote.
func parseForm(r *http.Request, needed ...string) error {
	if err := r.ParseForm(); err != nil {
		return errors.Join(err, errBadForm)
	}
	for _, name := range needed {
		if !r.PostForm.Has(name) {
			return errBadForm
		}
	}
	return nil
}

// wantsJSON tells a script's request (autosave) from a form's.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// answerJSON answers a script.
func answerJSON(w http.ResponseWriter, status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(text)
	return gone(err)
}

// showSection is the editor of one part.
func (s *Server) showSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, "/documents/"+d.ID)
	}
	return s.show(w, "document/section", s.sectionPage(r, d, draft, section))
}

// sectionOf reads the part named in the path, {code}.
func (s *Server) sectionOf(r *http.Request, actor staff.Actor) (*dossier, storage.Draft, form.Section, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, storage.Draft{}, form.Section{}, err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return nil, storage.Draft{}, form.Section{}, err
	}
	section, known := draft.Form.Section(chi.URLParam(r, "code"))
	if !known {
		return nil, storage.Draft{}, form.Section{}, storage.ErrNotFound
	}
	return d, draft, section, nil
}

func (s *Server) sectionPage(r *http.Request, d *dossier, draft storage.Draft, section form.Section) templates.SectionPage {
	now := draft.Sections[section.Code]
	page := templates.SectionPage{
		Shell: s.shellOf(r, d, words.Heading(section.Code, section.Title)), Document: d.head(),
		Code: section.Code, Heading: section.Title, Hint: section.Hint, Required: section.Required,
		Text: now.Body, Version: now.Version, Saved: savedWhen(now.At, d.Now), SavedBy: now.By,
		List: d.sideList(draft, "section."+section.Code),
	}
	sections := draft.Form.Sections
	for i, one := range sections {
		if one.Code != section.Code {
			continue
		}
		if i > 0 {
			page.Previous = &templates.Link{Label: sections[i-1].Title, URL: d.sectionURL(sections[i-1].Code)}
		}
		if i+1 < len(sections) {
			page.Next = &templates.Link{Label: sections[i+1].Title, URL: d.sectionURL(sections[i+1].Code)}
		}
	}
	return page
}

func (d *dossier) sectionURL(code string) string { return "/documents/" + d.ID + "/sections/" + code }

func (d *dossier) figuresURL(group int) string {
	return "/documents/" + d.ID + "/figures/" + strconv.Itoa(group)
}

// saveSection keeps a part: the plain form, and autosave by the same address.
func (s *Server) saveSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "text", "base_version"); err != nil {
		return err
	}
	return s.keepSection(w, r, actor, r.PostFormValue("text"))
}

// keepSection saves the text as this part, or shows whose text stands there.
func (s *Server) keepSection(w http.ResponseWriter, r *http.Request, actor staff.Actor, text string) error {
	id, code := chi.URLParam(r, "id"), chi.URLParam(r, "code")
	base, err := strconv.Atoi(r.PostFormValue("base_version"))
	if err != nil {
		return errBadForm
	}
	saved, err := s.store.SaveSection(r.Context(), id, code, text, base, actor)
	var conflicts storage.Conflicts
	var broken rule.Errors
	switch {
	case errors.As(err, &conflicts):
		return s.sectionConflict(w, r, actor, storage.CleanText(text), conflicts[0])
	case errors.As(err, &broken):
		return s.sectionBroken(w, r, actor, text, broken)
	case err != nil:
		return err
	case wantsJSON(r):
		return answerJSON(w, http.StatusOK, map[string]any{"version": saved.Version, "saved": savedWhen(saved.At, saved.At)})
	}
	return s.nextSection(w, r, actor)
}

// nextSection goes where the button said: on to the next part, or stays.
func (s *Server) nextSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	page := s.sectionPage(r, d, draft, section)
	switch {
	case r.PostFormValue("next") == "":
		return goTo(w, r, d.sectionURL(section.Code))
	case page.Next != nil:
		return goTo(w, r, page.Next.URL)
	}
	return goTo(w, r, "/documents/"+d.ID)
}

func (s *Server) sectionConflict(w http.ResponseWriter, r *http.Request, actor staff.Actor, mine string, theirs storage.Conflict) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusConflict, map[string]any{"version": theirs.Version})
	}
	d, _, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusConflict, "document/conflict", templates.ConflictPage{
		Shell: s.shellOf(r, d, words.TitleConflict), Document: d.head(), Code: section.Code,
		Mine: mine, Version: theirs.Version, Them: theirs.By, When: words.MomentNear(theirs.At, d.Now),
		Blocks: conflictBlocks(mine, theirs.Body),
	})
}

// sectionBroken shows the editor again with what was typed.
func (s *Server) sectionBroken(w http.ResponseWriter, r *http.Request, actor staff.Actor, text string, broken rule.Errors) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	}
	d, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	page := s.sectionPage(r, d, draft, section)
	page.Text, page.Errors = text, broken
	return s.showBroken(w, "document/section", page)
}

// mergeSection puts a text together from two by the person's choices, and saves
// it over the version that was compared with. If a third text stands there by
// now, the comparison begins anew and nothing is lost.
func (s *Server) mergeSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "text", "base_version"); err != nil {
		return err
	}
	_, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	mine := storage.CleanText(r.PostFormValue("text"))
	stands := draft.Sections[section.Code]
	if strconv.Itoa(stands.Version) != r.PostFormValue("base_version") {
		return s.sectionConflict(w, r, actor, mine, storage.Conflict{
			Version: stands.Version, Body: stands.Body, By: stands.By, At: stands.At,
		})
	}
	merged := merge(mine, stands.Body, func(number int) string {
		return r.PostFormValue("choice." + strconv.Itoa(number))
	})
	return s.keepSection(w, r, actor, merged)
}

// sectionList is the task list of a draft.
func (d *dossier) sectionList(draft storage.Draft) *templates.SectionList {
	n := counted(draft.Form, draft.Content, d.Campaign.WindowTo)
	list := &templates.SectionList{
		Summary: words.Written(n.writtenRequired, n.required), PrintURL: "/documents/" + d.ID + "/print.pdf",
	}
	for _, section := range draft.Form.Sections {
		task := templates.SectionTask{Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code)}
		now := draft.Sections[section.Code]
		state := templates.SectionBlank
		switch {
		case strings.TrimSpace(now.Body) != "":
			state = templates.SectionWritten
		case !section.Required:
			state = templates.SectionOptional
		}
		if now.Version > 0 {
			task.About = words.Edited(now.By, now.At, d.Now)
		}
		task.State = templates.SectionChip(state, 0)
		list.Sections = append(list.Sections, task)
	}
	list.Sections = append(list.Sections, templates.SectionTask{
		Title: words.FilesTitle, URL: "/documents/" + d.ID + "/files", About: words.FilesAbout(len(draft.Files)),
		State: filesChip(len(draft.Files)),
	})
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		tally := tallied(g, draft)
		list.Figures = append(list.Figures, templates.SectionTask{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number),
			About: words.Filled(tally.filled, tally.all), State: tally.chip(),
		})
	}
	return list
}

func filesChip(files int) templates.Chip {
	if files == 0 {
		return templates.SectionChip(templates.SectionOptional, 0)
	}
	return templates.SectionChip(templates.SectionWritten, 0)
}

// tally is how far a group of figures is.
type tally struct {
	all, filled, errors, reasons int
}

// tallied counts a group: blanks and missing reasons apart from other errors.
func tallied(g group, draft storage.Draft) tally {
	var t tally
	broken := byField(draft.Result.Errors)
	for _, indicator := range g.indicators {
		if indicator.Type != form.TypeRatio {
			t.all++
			if draft.Content.Figures[indicator.Code].Value != nil {
				t.filled++
			}
		}
		for _, one := range broken[form.FigureField(indicator.Code)] {
			switch one.Code {
			case "figure_blank":
			case "figure_reason_missing":
				t.reasons++
			default:
				t.errors++
			}
		}
	}
	return t
}

func (t tally) blanks() int { return t.all - t.filled }

func (t tally) chip() templates.Chip {
	switch {
	case t.errors > 0:
		return templates.SectionChip(templates.SectionBroken, t.errors)
	case t.filled == 0:
		return templates.SectionChip(templates.SectionBlank, 0)
	case t.blanks() > 0:
		return templates.SectionChip(templates.SectionPartly, t.blanks())
	case t.reasons > 0:
		return templates.SectionChip(templates.SectionDoubtful, t.reasons)
	}
	return templates.SectionChip(templates.SectionWritten, 0)
}

// leftToDo sums up what stands between the draft and its submission.
func (d *dossier) leftToDo(draft storage.Draft) string {
	n := counted(draft.Form, draft.Content, d.Campaign.WindowTo)
	var all tally
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		t := tallied(g, draft)
		all.all, all.filled = all.all+t.all, all.filled+t.filled
		all.errors, all.reasons = all.errors+t.errors, all.reasons+t.reasons
	}
	return words.LeftToDo(n.required-n.writtenRequired, all.blanks(), all.errors, all.reasons)
}

// sideList is the list of parts beside an editor; current is the field of the
// one that is open.
func (d *dossier) sideList(draft storage.Draft, current string) []templates.SideItem {
	var items []templates.SideItem
	for _, section := range draft.Form.Sections {
		state, icon := words.StateBlank, "circle"
		if strings.TrimSpace(draft.Content.Sections[section.Code]) != "" {
			state, icon = words.StateWritten, "check-lg"
		}
		items = append(items, templates.SideItem{
			Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code), State: state, Icon: icon,
			Current: current == "section."+section.Code,
		})
	}
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		t := tallied(g, draft)
		item := templates.SideItem{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number),
			State: words.FilledShort(t.filled, t.all), Current: current == "group."+strconv.Itoa(g.number),
		}
		if t.errors > 0 {
			item.State, item.Bad = words.Errors(t.errors), true
		}
		items = append(items, item)
	}
	return items
}

// showCheck is the page before a submission: everything against it, or what
// will be frozen, bound by the hash of what it shows.
func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.checkPage(w, r, actor, http.StatusOK)
}

func (s *Server) checkPage(w http.ResponseWriter, r *http.Request, actor staff.Actor, status int) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, "/documents/"+d.ID)
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return err
	}
	heads, err := s.store.PeopleAt(r.Context(), d.Unit.Code, staff.DivisionHead)
	if err != nil {
		return err
	}
	page := templates.CheckPage{
		Shell: s.shellOf(r, d, words.TitleCheck), Document: d.head(), Key: newKey(),
		Revision: d.Revision, ContentHash: draft.Hash, Opened: d.Now.Format(time.RFC3339Nano),
		Reviewer: words.ReviewedBy(names(heads)),
		Ready:    readyLines(draft.Checked(), d),
	}
	for _, one := range draft.Result.Errors {
		page.Problems = append(page.Problems, templates.Problem{Text: words.Problem(one), URL: d.fieldURL(draft.Form, one.Field)})
	}
	for _, one := range draft.Result.Warnings {
		page.Warnings = append(page.Warnings, templates.Problem{
			Text: words.Problem(one), URL: d.fieldURL(draft.Form, one.Field),
			About: draft.Content.Figures[strings.TrimPrefix(one.Field, form.FigureField(""))].Reason,
		})
	}
	if !d.may(document.Submit) {
		page.Blocked = &templates.Note{Tone: templates.ToneWarn, Text: d.whyNot(document.Submit)}
	}
	return s.render(w, status, "document/check", page)
}

func names(holders []storage.Holder) []string {
	out := make([]string, len(holders))
	for i, holder := range holders {
		out[i] = holder.Name
	}
	return out
}

// fieldURL leads to the field of a broken rule.
func (d *dossier) fieldURL(version form.Version, field string) string {
	anchor := "#" + strings.ReplaceAll(field, ".", "-")
	if code, is := strings.CutPrefix(field, form.SectionField("")); is {
		return d.sectionURL(code) + anchor
	}
	code := strings.TrimPrefix(field, form.FigureField(""))
	for _, g := range groupsOf(version, d.Campaign.WindowTo) {
		for _, indicator := range g.indicators {
			if indicator.Code == code {
				return d.figuresURL(g.number) + anchor
			}
		}
	}
	return "/documents/" + d.ID
}

// readyLines sums up a content for whoever decides on it.
func readyLines(c storage.Checked, d *dossier) []templates.CheckLine {
	n := counted(c.Form, c.Content, d.Campaign.WindowTo)
	line := func(ok bool, text string) templates.CheckLine {
		if ok {
			return templates.CheckLine{State: "ok", Text: text}
		}
		return templates.CheckLine{State: "warn", Text: text}
	}
	return []templates.CheckLine{
		line(n.writtenRequired == n.required, words.SectionsReady(n.written, n.sections)),
		line(n.filled == n.figures, words.FiguresReady(n.filled, n.figures)),
		line(len(c.Result.Warnings) == 0, words.WarningsReady(len(c.Result.Warnings))),
		line(true, words.FilesReady(len(c.Content.Files))),
	}
}
