package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showExplanation is where a unit answers the first marks.
func (s *Server) showExplanation(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "appraisal/explanation", s.explanationPage(r, d))
}

func (s *Server) explanationPage(r *http.Request, d *appraisalDesk) templates.ExplanationPage {
	page := templates.ExplanationPage{
		Shell: s.appraisalShell(r, d, templates.TitleExplanation), Head: d.head(), Due: d.due(), Path: d.path() + "/explanation", OneURL: d.path(),
		Writes: d.may(appraisal.Write, ""), Sends: d.may(appraisal.Explain, ""), Accepts: d.may(appraisal.Accept, ""),
		Key: newKey(), Hash: d.DraftHash, Author: d.actor.Username, Notes: d.notes(),
	}
	if d.Stage != appraisal.Explaining {
		page.Due = nil
	}
	if page.Writes {
		page.Late = d.State.Late(d.Now)
		note := templates.Note{Tone: templates.ToneInfo, Text: templates.NoteExplainHow}
		if page.Late {
			note = templates.Note{Tone: templates.ToneWarn, Text: templates.NoteExplainLate}
		}
		page.Notes = append(page.Notes, note)
	}
	var newest storage.DraftExplanation
	for _, c := range d.Criteria {
		if c.Appraised.Disputed() {
			if d.Drafts[c.Code].At.After(newest.At) {
				newest = d.Drafts[c.Code]
			}
			page.Rows = append(page.Rows, d.explainRow(c, page.Writes))
			if one := d.Drafts[c.Code]; one.Text != "" || len(one.Files) > 0 {
				page.Written++
			}
		}
	}
	page.Saved, page.SavedBy = savedWhen(newest.At, d.Now), newest.By
	if len(page.Rows) == 0 {
		page.Notes = append(page.Notes, templates.Note{Tone: templates.ToneInfo, Text: words.Message(rule.Error{Code: appraisal.NotDisputed})})
	}
	return page
}

func (d *appraisalDesk) explainRow(c storage.AppraisedCriterion, writes bool) templates.ExplainRow {
	row := templates.ExplainRow{
		Code: c.Code, Name: c.Name, Max: c.Max.VN(), Self: selfText(c.Appraised.Self), First: markText(c.Appraised.First),
		UploadURL: d.path() + "/explanation/" + url.PathEscape(c.Code),
	}
	for _, m := range c.Marks {
		if m.Round == par.FirstRound {
			row.Mark = []string{m.Reason, words.ByAt(m.By, m.Unit) + ", " + words.MomentNear(m.At, d.Now)}
		}
	}
	said, about := c.Explanation, ""
	if writes {
		draft := d.Drafts[c.Code]
		if said = &draft.Explanation; draft.Version > 0 {
			about = words.Edited(draft.By, draft.At, d.Now)
		}
		row.Base = draft.Version
	}
	row.About = about
	if said == nil {
		return row
	}
	row.Text = said.Text
	for _, file := range said.Files {
		row.Files = append(row.Files, templates.ExplainFile{Hash: file.Hash, Name: file.Name, URL: d.path() + "/files/" + file.Hash})
	}
	return row
}

// saveExplanation keeps what the unit writes, or shows who was faster.
func (s *Server) saveExplanation(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	changes, err := readExplanationForm(d.Criteria, r.PostForm)
	if err != nil {
		return err
	}
	if wantsJSON(r) {
		return s.autosaveExplanation(w, r, d, changes)
	}
	return s.keepExplanation(w, r, d, changes, templates.Flash{Tone: templates.ToneOK, Text: templates.ExplanationSaved})
}

// autosaveExplanation keeps what the unit writes while it is written.
func (s *Server) autosaveExplanation(w http.ResponseWriter, r *http.Request, d *appraisalDesk, changes []storage.ExplanationChange) error {
	saved, err := s.store.SaveExplanations(r.Context(), d.Document.ID, changes, d.actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return answerJSON(w, http.StatusConflict, map[string]any{"error": conflicts.Error()})
	case broken != nil:
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
	case err != nil:
		return err
	}
	answer := templates.ExplanationsSaved{Saved: words.Clock(d.Now), Versions: make(map[string]int, len(saved))}
	for code, one := range saved {
		answer.Versions[code] = one.Version
	}
	if r.PostForm.Get("hash") == d.DraftHash { // nobody else's words would be sent unseen
		answer.Hash = d.HashWith(changes)
	}
	return answerJSON(w, http.StatusOK, answer)
}

func (s *Server) keepExplanation(w http.ResponseWriter, r *http.Request, d *appraisalDesk, changes []storage.ExplanationChange, said templates.Flash) error {
	_, err := s.store.SaveExplanations(r.Context(), d.Document.ID, changes, d.actor)
	var conflicts storage.Conflicts
	if broken := brokenIn(err); broken != nil || errors.As(err, &conflicts) {
		return s.explanationAgain(w, r, d.actor, broken, conflicts)
	}
	if err != nil {
		return err
	}
	return s.goToFlash(w, r, said, d.path()+"/explanation")
}

func readExplanationForm(criteria []storage.AppraisedCriterion, f url.Values) ([]storage.ExplanationChange, error) {
	var changes []storage.ExplanationChange
	for _, c := range criteria {
		choice, version := f.Get("choice."+c.Code), f.Get("base."+c.Code)
		if !f.Has("base."+c.Code) || choice == chooseTheirs {
			continue
		}
		if choice == chooseMine {
			version = f.Get("clash." + c.Code)
		}
		base, err := strconv.Atoi(version)
		if err != nil {
			return nil, errBadForm
		}
		changes = append(changes, storage.ExplanationChange{Criterion: c.Code, Text: f.Get(appraisal.ExplainField(c.Code)), Base: base})
	}
	return changes, nil
}

// explanationAgain shows the page as it was typed; what somebody else has saved meanwhile
// stands at its criterion beside it, and one of the two is chosen; without a choice it is
// asked again.
func (s *Server) explanationAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors, conflicts storage.Conflicts) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	page := s.explanationPage(r, d)
	page.Errors = broken
	for i, row := range page.Rows {
		name := appraisal.ExplainField(row.Code)
		if !r.PostForm.Has(name) {
			continue
		}
		theirs, stale := conflicts.At(name)
		if len(conflicts) > 0 && !stale {
			continue // saved
		}
		page.Rows[i].Text = r.PostForm.Get(name)
		if base, err := strconv.Atoi(r.PostForm.Get("base." + row.Code)); err == nil {
			page.Rows[i].Base = base
		}
		if stale {
			page.Rows[i].Clash = &templates.ExplainClash{Version: theirs.Version, By: words.ExplanationConflict(theirs.By, words.MomentNear(theirs.At, d.Now)), Theirs: theirs.Body}
		}
	}
	status := http.StatusConflict
	if broken != nil {
		status = refusalStatus(broken)
	}
	return s.render(w, status, "appraisal/explanation", page)
}

// sendExplanation sends what the unit has written.
func (s *Server) sendExplanation(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor, "hash")
	if err != nil {
		return err
	}
	n.Action, n.Hash = appraisal.Explain, r.PostForm.Get("hash")
	return s.answeredMarks(w, r, actor, n)
}

// acceptMarks has the unit agree with all marks.
func (s *Server) acceptMarks(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := appraisalForm(r, actor)
	if err != nil {
		return err
	}
	n.Action = appraisal.Accept
	return s.answeredMarks(w, r, actor, n)
}

// answeredMarks gives the unit's answer, which it gives once: what was typed and not saved
// yet is saved instead, to be looked at before it is sent.
func (s *Server) answeredMarks(w http.ResponseWriter, r *http.Request, actor staff.Actor, n storage.AppraisalDecision) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	changes, err := readExplanationForm(d.Criteria, r.PostForm)
	if err != nil {
		return err
	}
	if d.may(appraisal.Write, "") && slices.ContainsFunc(changes, d.unsavedText) {
		return s.keepExplanation(w, r, d, changes, templates.Flash{Tone: templates.ToneWarn, Text: templates.ExplanationSavedFirst})
	}
	err = s.store.DecideAppraisal(r.Context(), n)
	if broken := brokenIn(err); broken != nil {
		return s.explanationAgain(w, r, actor, broken, nil)
	}
	if err != nil {
		return err
	}
	if d, err = s.appraisalDesk(r, actor); err != nil { // as it stands now
		return err
	}
	flash := templates.Flash{Tone: templates.ToneOK, Text: templates.AppraisalFlash(n.Action)}
	if d.State.LateWaits {
		flash = templates.Flash{Tone: templates.ToneWarn, Text: templates.LateSentFlash}
	}
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, d.path())
}

// unsavedText tells whether the unit's draft says something else.
func (d *appraisalDesk) unsavedText(change storage.ExplanationChange) bool {
	return d.Drafts[change.Criterion].Text != storage.CleanText(change.Text)
}

// showExplanationFiles lists the files that go with the explanation of one criterion.
func (s *Server) showExplanationFiles(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.explanationFiles(w, r, actor, nil)
}

func (s *Server) explanationFiles(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	d, err := s.appraisalDesk(r, actor)
	if err != nil {
		return err
	}
	code := chi.URLParam(r, "criterion")
	if !d.disputes(code) {
		return storage.ErrNotFound
	}
	page := templates.ExplanationFilesPage{
		Shell: s.appraisalShell(r, d, templates.ExplanationFilesTitle(code)), Head: d.head(), Code: code, Key: newKey(),
		Path: d.path() + "/explanation/" + url.PathEscape(code), BackURL: d.path() + "/explanation#" + templates.CriterionAnchor(code),
		Hint: templates.UploadHint(words.Size(storage.MaxUpload), appraisal.MaxFiles), Accept: storage.UploadAccept,
	}
	page.Errors = broken
	for _, file := range d.Drafts[code].Files {
		page.Files = append(page.Files, templates.ExplainFile{Hash: file.Hash, Name: file.Name, URL: d.path() + "/files/" + file.Hash})
	}
	if broken != nil {
		return s.render(w, refusalStatus(broken), "appraisal/files", page)
	}
	return s.show(w, "appraisal/files", page)
}

// disputes tells whether the criterion's mark differs as far as the reader sees marks: of
// a round that is not over even that would tell what is being given.
func (d *appraisalDesk) disputes(code string) bool {
	return slices.ContainsFunc(d.Criteria, func(c storage.AppraisedCriterion) bool { return c.Code == code && c.Appraised.Disputed() })
}

// uploadExplanationFile attaches a file to an explanation.
func (s *Server) uploadExplanationFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	code := chi.URLParam(r, "criterion")
	name, file, err := uploaded(r)
	if err == nil {
		err = s.store.AddExplanationFile(r.Context(), documentID(r), code, name, file, actor)
	}
	return s.changedFiles(w, r, actor, fileTooBig(err, name))
}

// removeExplanationFile takes a file off an explanation.
func (s *Server) removeExplanationFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	err := s.store.RemoveExplanationFile(r.Context(), documentID(r), chi.URLParam(r, "criterion"), r.PostFormValue("hash"), actor)
	return s.changedFiles(w, r, actor, err)
}

func (s *Server) changedFiles(w http.ResponseWriter, r *http.Request, actor staff.Actor, err error) error {
	if broken := brokenIn(err); broken != nil {
		for i := range broken { // what speaks against the explanation stands at the file
			if _, is := appraisal.ParseExplainField(broken[i].Field); is {
				broken[i].Field = "file"
			}
		}
		return s.explanationFiles(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, appraisalPath(documentID(r))+"/explanation/"+url.PathEscape(chi.URLParam(r, "criterion")))
}
