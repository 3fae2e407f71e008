package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	formsPath  = "/forms"
	usesListed = 12 // campaigns on a version's page
)

func formVersionPath(code string, version int) string {
	return fmt.Sprintf("%s/%s/versions/%d", formsPath, code, version)
}

func formDraftPath(code string) string { return formsPath + "/" + code + "/draft" }

// editsForms tells whether the actor may edit and publish forms.
func (s *Server) editsForms(actor staff.Actor) bool {
	return actor.Holds(staff.Officer, s.store.Authority())
}

// formsShell is the frame of a page below the list of forms.
func (s *Server) formsShell(r *http.Request, title string, between ...templates.Crumb) templates.Shell {
	shell := s.shell(r, title, templates.AtCampaigns)
	shell.Crumbs = append([]templates.Crumb{{Label: templates.TitleForms, URL: formsPath}}, between...)
	shell.Crumbs = append(shell.Crumbs, templates.Crumb{Label: title})
	return shell
}

// showForms is every form with its versions.
func (s *Server) showForms(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.formsPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "forms/list", page)
}

func (s *Server) formsPage(r *http.Request, actor staff.Actor) (templates.FormsPage, error) {
	page := templates.FormsPage{
		Shell: s.shell(r, templates.TitleForms, templates.AtCampaigns), Edits: s.editsForms(actor), Key: newKey(), Empty: templates.NoForms(),
	}
	page.Crumbs = nil
	lines, err := s.store.Forms(r.Context())
	if err != nil {
		return page, err
	}
	for _, line := range lines {
		if last := len(page.Forms) - 1; last < 0 || page.Forms[last].Code != line.Form {
			page.Forms = append(page.Forms, templates.FormCard{Code: line.Form, Title: line.Title, From: versionValue(line.Form, line.Version)})
		}
		card := &page.Forms[len(page.Forms)-1]
		card.Versions = append(card.Versions, formVersionRow(line))
	}
	if page.Edits {
		if err := s.addDrafts(r, &page); err != nil {
			return page, err
		}
	}
	page.New.From = templates.NewFormFrom("", page.Forms)
	return page, nil
}

func formVersionRow(line storage.FormLine) templates.FormVersionRow {
	return templates.FormVersionRow{
		URL: formVersionPath(line.Form, line.Version), Name: templates.VersionName(line.Version),
		Published: words.Moment(line.PublishedAt), By: publishedBy(line),
		Size: lineSize(line),
		Uses: templates.FormUses(line.Campaigns), Chip: templates.FormChip(line.RetiredAt != nil),
	}
}

// lineSize counts what a version asks.
func lineSize(line storage.FormLine) string {
	if line.Criteria > 0 {
		return templates.IndexSize(line.Sections, line.Criteria)
	}
	return templates.FormSize(line.Sections, line.Indicators, line.Checks)
}

// sizeOf counts what a form asks.
func sizeOf(v form.Version) string {
	return lineSize(storage.FormLine{
		Sections: len(v.Sections), Indicators: len(v.Indicators), Checks: len(v.Checks), Criteria: len(indexOf(v).Criteria),
	})
}

func publishedBy(line storage.FormLine) string {
	if line.PublishedBy == nil {
		return templates.FormShipped
	}
	return *line.PublishedBy
}

// addDrafts puts what is being edited at its form, or as a form of its own.
func (s *Server) addDrafts(r *http.Request, page *templates.FormsPage) error {
	drafts, err := s.store.FormDrafts(r.Context())
	if err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	for _, draft := range drafts {
		note := &templates.FormDraftNote{URL: formDraftPath(draft.Form), Text: templates.FormDraftText(draft.By, draft.At, now)}
		if card := cardOf(page.Forms, draft.Form); card != nil {
			card.Draft = note
		} else {
			page.Forms = append(page.Forms, templates.FormCard{Code: draft.Form, Title: draft.Title, Draft: note})
		}
	}
	return nil
}

func cardOf(cards []templates.FormCard, code string) *templates.FormCard {
	for i := range cards {
		if cards[i].Code == code {
			return &cards[i]
		}
	}
	return nil
}

// versionValue is a version as the value of a choice; versionIn reads it back.
func versionValue(code string, version int) string { return fmt.Sprintf("%s.%d", code, version) }

func versionIn(value string) (code string, version int, ok bool) {
	code, number, found := strings.Cut(value, ".")
	version, err := strconv.Atoi(number)
	return code, version, found && err == nil && version > 0
}

// startForm opens the draft of a form, or of a new one.
func (s *Server) startForm(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	f := r.PostForm
	start := storage.NewFormDraft{}
	code, version, known := versionIn(f.Get("from"))
	if known {
		start.FromForm, start.FromVersion = code, version
	}
	fresh := f.Get("new") != ""
	if fresh {
		start.Code, start.Title = strings.TrimSpace(f.Get("code")), f.Get("title")
		if start.Code == "" {
			start.Code = " " // the rule tells how a code looks
		}
	} else if !known {
		return storage.ErrNotFound
	}
	code, err := s.store.StartFormDraft(r.Context(), start, actor.Person)
	broken, is := asBroken(err)
	switch {
	case is:
		return s.startAgain(w, r, actor, broken)
	case err != nil:
		return err
	}
	if err := s.audit(r, storage.AuditFormEdited, code, map[string]any{"from": f.Get("from")}); err != nil {
		return err
	}
	return goTo(w, r, formDraftPath(code))
}

func (s *Server) startAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	page, err := s.formsPage(r, actor)
	if err != nil {
		return err
	}
	page.Errors = broken
	page.New = templates.NewForm{
		Code: r.PostForm.Get("code"), Title: r.PostForm.Get("title"), Open: true,
		From: templates.NewFormFrom(r.PostForm.Get("from"), page.Forms),
	}
	return s.showBroken(w, "forms/list", page)
}

// showFormVersion is what one published version asks.
func (s *Server) showFormVersion(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.formVersionPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "forms/show", page)
}

func (s *Server) formVersionPage(r *http.Request, actor staff.Actor) (templates.FormVersionPage, error) {
	code := chi.URLParam(r, "form")
	number, err := number(r, "version")
	if err != nil {
		return templates.FormVersionPage{}, err
	}
	line, err := s.store.FormLine(r.Context(), code, int(number))
	if err != nil {
		return templates.FormVersionPage{}, err
	}
	history, err := s.store.FormHistory(r.Context(), code)
	if err != nil {
		return templates.FormVersionPage{}, err
	}
	at := len(history.Versions) - 1
	for history.Versions[at].Number != line.Version {
		at-- // the line was just found among them
	}
	version := history.Versions[at]
	page := templates.FormVersionPage{
		Shell: s.formsShell(r, templates.FormTitle(line.Title, line.Version)), Edits: s.editsForms(actor), Key: newKey(),
		URL: formVersionPath(code, line.Version), Chip: templates.FormChip(line.RetiredAt != nil),
		Facts:    templates.FormFacts(code, line.Version, lineSize(line)),
		About:    templates.FormAbout(line.PublishedAt, publishedBy(line), line.Guidance, line.Note),
		Sections: version.Sections, Groups: formGroups(version), Checks: formChecks(version),
	}
	if len(version.Indicators) > 0 {
		page.About = append(page.About, templates.Pair{Name: templates.FormToleranceName, Value: templates.ToleranceText(version.Tolerance)})
	}
	if version.Index != nil {
		if err := s.addCriteria(r, &page, version.Index); err != nil {
			return page, err
		}
	}
	if line.RetiredAt != nil {
		page.Retired = templates.RetiredNote(*line.RetiredBy, *line.RetiredAt, *line.RetiredReason)
	}
	if at > 0 {
		page.Changes = templates.FormChanges(form.Changes(history.Versions[at-1], version, history.Mappings[at-1]))
	}
	if at == len(history.Versions)-1 {
		page.From = versionValue(code, line.Version)
	}
	return page, s.addUses(r, &page, line)
}

// addCriteria puts a set of criteria on a version's page.
func (s *Server) addCriteria(r *http.Request, page *templates.FormVersionPage, set *par.Set) error {
	units, err := s.store.Units(r.Context())
	if err != nil {
		return err
	}
	page.About = append(page.About, templates.FormScale(set)...)
	page.Fields = templates.FormFields(set, func(code string) string {
		for _, unit := range units {
			if unit.Code == code {
				return unit.Name
			}
		}
		return code
	})
	return nil
}

// addUses lists who uses the version, and the draft of the next.
func (s *Server) addUses(r *http.Request, page *templates.FormVersionPage, line storage.FormLine) error {
	uses, err := s.store.FormUses(r.Context(), line.Form, line.Version, usesListed)
	if err != nil {
		return err
	}
	for _, use := range uses {
		page.Uses = append(page.Uses, templates.Link{Label: use.Name, URL: campaignPath(use.Code)})
	}
	if line.Campaigns > len(uses) {
		page.More = templates.MoreUses(line.Campaigns - len(uses))
	}
	drafts, err := s.store.FormDrafts(r.Context())
	for _, draft := range drafts {
		if draft.Form == line.Form {
			page.Draft = formDraftPath(line.Form)
		}
	}
	return err
}

// formGroups are the indicators in words, dates as people write them.
func formGroups(version form.Version) []templates.FormGroup {
	var groups []templates.FormGroup
	for i, name := range version.Groups() {
		group := templates.FormGroup{Heading: words.Group(i+1, name)}
		for _, one := range version.InGroup(name) {
			one.ValidTo = dayText(one.ValidTo)
			group.Rows = append(group.Rows, templates.IndicatorOf(one))
		}
		groups = append(groups, group)
	}
	return groups
}

func formChecks(version form.Version) []templates.FormCheck {
	var checks []templates.FormCheck
	for _, check := range version.Checks {
		checks = append(checks, templates.FormCheck{
			Rule: check.Rule, Reading: readRule(version, check.Rule), Note: check.Note, Chip: templates.SeverityChip(check.Severity),
		})
	}
	return checks
}

// readRule reads a check aloud with the names of the form's indicators; empty for
// what cannot be read.
func readRule(version form.Version, text string) string {
	parsed, err := form.ParseRule(strings.TrimSpace(text))
	if err != nil {
		return ""
	}
	return words.Upper(words.Rule(parsed, nameIn(version)))
}

func nameIn(version form.Version) func(code string) string {
	return func(code string) string {
		indicator, _ := version.Indicator(code)
		return indicator.Name
	}
}

// dayText is a stored day as people write it; anything else stays as it was typed.
func dayText(iso string) string {
	if day, ok := dayIn(iso); ok && len(iso) == len("2006-01-02") && iso[4] == '-' {
		return words.Date(day)
	}
	return iso
}

// retireForm takes a version from what is offered at a launch.
func (s *Server) retireForm(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	code := chi.URLParam(r, "form")
	version, err := number(r, "version")
	if err != nil {
		return err
	}
	err = s.store.RetireForm(r.Context(), code, int(version), r.PostForm.Get("reason"), actor.Person)
	if broken, is := asBroken(err); is {
		page, err := s.formVersionPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors, page.Reason = broken, r.PostForm.Get("reason")
		return s.showBroken(w, "forms/show", page)
	}
	if err != nil {
		return err
	}
	return s.formChanged(w, r, code, int(version), storage.AuditFormRetired, templates.FormRetiredFlash(true))
}

// restoreForm offers it again.
func (s *Server) restoreForm(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	code := chi.URLParam(r, "form")
	version, err := number(r, "version")
	if err != nil {
		return err
	}
	if _, err := s.store.FormVersion(r.Context(), code, int(version)); err != nil {
		return err
	}
	if err := s.store.RestoreForm(r.Context(), code, int(version)); err != nil {
		return err
	}
	return s.formChanged(w, r, code, int(version), storage.AuditFormRestored, templates.FormRetiredFlash(false))
}

// formChanged leaves the evidence of a change, tells of it, and goes to the
// version.
func (s *Server) formChanged(w http.ResponseWriter, r *http.Request, code string, version int, action string, told templates.Flash) error {
	if err := s.audit(r, action, versionValue(code, version), map[string]any{"reason": r.PostForm.Get("reason")}); err != nil {
		return err
	}
	if err := s.flash(r, told); err != nil {
		return err
	}
	return goTo(w, r, formVersionPath(code, version))
}
