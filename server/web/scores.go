package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/decimal"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// scoresPlace is where somebody is who assesses a field.
func scoresPlace(field int) string { return "scores/" + strconv.Itoa(field) }

func (d *dossier) scoresURL(field int) string { return d.path("/" + scoresPlace(field)) }

// scoreDesk is the draft of a self-assessment at one field of the index.
type scoreDesk struct {
	*dossier
	draft storage.Draft
	set   par.Set
	year  int
	place int // of the field, from 1
	field par.Field
}

// scoreDesk reads the draft of the document in the path; a form without criteria has
// no such page.
func (s *Server) scoreDesk(r *http.Request, actor staff.Actor) (*scoreDesk, error) {
	place, err := number(r, "field")
	if err != nil {
		return nil, err
	}
	d, err := s.dossier(r, actor)
	if err != nil {
		return nil, err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	if draft.Form.Index == nil || place < 1 || int(place) > len(draft.Form.Index.Fields) {
		return nil, storage.ErrNotFound
	}
	return &scoreDesk{
		dossier: d, draft: draft, set: *draft.Form.Index, year: draft.Context.Own.Year,
		place: int(place), field: draft.Form.Index.Fields[place-1],
	}, nil
}

// showScores is a field's criteria with what has been answered.
func (s *Server) showScores(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.scoreDesk(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.path(""))
	}
	return s.show(w, "index/scores", s.scoresPage(r, d))
}

func (s *Server) scoresPage(r *http.Request, d *scoreDesk) templates.ScoresPage {
	heading := d.field.Code + ". " + d.field.Name
	page := templates.ScoresPage{
		Shell: s.shellOf(r, d.dossier, heading), Document: d.head(), List: d.sideList(d.draft, scoresPlace(d.place)),
		Heading: heading, Action: d.scoresURL(d.place), FilesURL: d.path("/files"), Sum: fieldSum(d.draft.Checked(), d.field.Code),
	}
	if d.place < len(d.set.Fields) {
		page.Next = strconv.Itoa(d.place + 1)
	}
	criteria := d.set.InField(d.field.Code)
	broken := byCriterion(d.draft.Result.Errors)
	var newest storage.DraftAnswer
	for i, c := range criteria {
		now := d.draft.Answers[c.Code]
		if now.At.After(newest.At) {
			newest = now
		}
		row := d.scoreRow(c, i, len(criteria), now.Answer)
		row.Base, row.About = now.Version, words.Edited(now.By, now.At, d.Now)
		if now.Version > 0 {
			row.Problems = templates.ProblemTexts(broken[c.Code], words.Message)
		}
		page.Rows = append(page.Rows, row)
	}
	page.Saved, page.SavedBy = savedWhen(newest.At, d.Now), newest.By
	return page
}

// scoreRow is a criterion with an answer, in words and fields.
func (d *scoreDesk) scoreRow(c par.Criterion, at, of int, a par.Answer) templates.ScoreRow {
	row := templates.ScoreRow{
		FormRow: templates.RowAt(at, of, nil), Code: c.Code, Name: c.Name, Max: c.Max.VN(), Kind: c.Kind, Ratio: c.Ratio(), Counted: c.Counted(),
		Asked: c.Asked(), Fact: c.Fact != "", MayNotApply: c.MayNotApply, Rule: words.CriterionRule(d.set, c), Guide: c.Guide,
		DoneName: words.DoneLabel(c), OfName: words.OfLabel(c), ScoreTyped: typedScore(a),
		Open: a.Claim != nil || a.Explanation != "" || a.NotApplicable,
	}
	switch c.Kind {
	case par.YesNo, par.Date:
		row.Yes = templates.YesNoOptions(row.Answer, words.AnswerYes(c), words.AnswerNo(c))
	case par.Checklist:
		for _, item := range c.Rule.Items {
			row.Items = append(row.Items, templates.ScoreItem{Code: itemField(item.Code), Name: item.Name, Choices: itemChoices(a, item.Code)})
		}
	}
	if row.Proves = c.Evidence != par.EvidenceNone; row.Proves {
		for _, file := range d.draft.Files {
			row.Files = append(row.Files, templates.ScoreFile{Hash: file.Hash, Name: file.Name, Chosen: slices.Contains(a.Evidence, file.Hash)})
		}
	}
	if score := c.Score(a, d.year); c.Asked() && !a.Blank() {
		row.WhyTitle, row.Why = words.WhyTitle(score), words.Why(score.Why)
		if row.Points = scoreText(score); !score.Known {
			row.Points = ""
		}
	}
	return row
}

// itemField names the choice of one line of a checklist among a row's inputs.
func itemField(code string) string { return "item_" + code }

func itemChoices(a par.Answer, code string) []templates.Option {
	chosen := ""
	if held, said := a.Items[code]; said {
		chosen = strconv.FormatBool(held)
	}
	return templates.YesNoOptions(chosen, words.Yes, words.No)
}

// scoreText is a score's points; of what does not apply, so in words.
func scoreText(s par.Score) string {
	if s.NotApplicable {
		return words.NotApplicable
	}
	return s.Points.VN()
}

func typedScore(a par.Answer) templates.ScoreTyped {
	typed := templates.ScoreTyped{
		Done: percentTyped(a.Done), Of: percentTyped(a.Of), Number: percentTyped(a.Number),
		Explanation: a.Explanation, NotApplicable: a.NotApplicable,
	}
	if a.Claim != nil {
		typed.Claim = a.Claim.Number().VN()
	}
	if a.Day != nil {
		typed.Day, typed.Answer = words.Date(*a.Day), "true"
	}
	if a.Yes != nil {
		typed.Answer = strconv.FormatBool(*a.Yes)
	}
	return typed
}

// byCriterion sorts broken rules by the criterion they belong to.
func byCriterion(broken rule.Errors) map[string]rule.Errors {
	sorted := map[string]rule.Errors{}
	for _, one := range broken {
		if criterion, _, ok := par.ParseAnswerField(one.Field); ok {
			sorted[criterion] = append(sorted[criterion], one)
		}
	}
	return sorted
}

// saveScores keeps a field's answers, or shows what cannot be read, or who was faster:
// the plain form, and autosave by the same address.
func (s *Server) saveScores(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	d, err := s.scoreDesk(r, actor)
	if err != nil {
		return err
	}
	typed, err := d.readScores(r.PostForm)
	switch {
	case err != nil:
		return err
	case wantsJSON(r):
		return s.autosaveScores(w, r, actor, d, typed)
	case len(typed.unread) > 0:
		return s.scoresAgain(w, r, d, typed.changes, typed.unread)
	}
	_, err = s.store.SaveAnswers(r.Context(), d.ID, typed.changes, actor)
	var conflicts storage.Conflicts
	switch broken := brokenIn(err); {
	case errors.As(err, &conflicts):
		return s.scoreConflict(w, r, actor, typed.changes, conflicts)
	case broken != nil && broken[0].Field == "":
		return s.notTaken(w, r, actor, broken)
	case broken != nil:
		return s.scoresAgain(w, r, d, typed.changes, d.atRows(broken))
	case err != nil:
		return err
	}
	if err := s.seen(r, actor, scoresPlace(d.place)); err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: words.ScoresSaved}); err != nil {
		return err
	}
	if next, err := strconv.Atoi(r.PostForm.Get("next")); err == nil && next <= len(d.set.Fields) {
		return goTo(w, r, d.scoresURL(next))
	}
	return goTo(w, r, d.scoresURL(d.place))
}

// atRows names broken rules by the fields of the page's rows.
func (d *scoreDesk) atRows(broken rule.Errors) rule.Errors {
	own := slices.Clone(broken)
	criteria := d.set.InField(d.field.Code)
	for i, one := range own {
		code, member, ok := par.ParseAnswerField(one.Field)
		if row := slices.IndexFunc(criteria, func(c par.Criterion) bool { return c.Code == code }); ok && row >= 0 {
			own[i].Field = form.RowField(templates.ScoreTable, row, member)
		}
	}
	return own
}

// typedScores are the answers of a form.
type typedScores struct {
	changes []storage.AnswerChange
	unread  rule.Errors     // what is no number or day, at its field
	held    map[string]bool // criteria of which something is unread, or may stand in no draft
}

// readScores takes the answers to the field's criteria from the form. Whoever has seen
// another's answer and keeps their own writes over the version that was compared with;
// whoever takes the other's says nothing.
func (d *scoreDesk) readScores(f url.Values) (typedScores, error) {
	typed := typedScores{held: map[string]bool{}}
	for i, c := range d.set.InField(d.field.Code) {
		at := func(member string) string { return form.RowField(templates.ScoreTable, i, member) }
		choice, version := f.Get("choice."+c.Code), f.Get("base."+c.Code)
		if f.Get(at("criterion")) != c.Code || choice == chooseTheirs {
			continue // not on the page: nobody answers it there
		}
		if choice == chooseMine {
			version = f.Get("clash." + c.Code)
		}
		base, err := strconv.Atoi(version)
		if err != nil {
			return typed, errBadForm
		}
		var read typedReader
		change := storage.AnswerChange{Base: base, Answer: read.answer(c, f, at)}
		typed.changes, typed.unread = append(typed.changes, change), append(typed.unread, read.broken...)
		typed.held[c.Code] = len(read.broken) > 0 || c.Acceptable(change.Answer) != nil
	}
	return typed, nil
}

func (t *typedReader) answer(c par.Criterion, f url.Values, at func(string) string) par.Answer {
	a := par.Answer{
		Criterion: c.Code, NotApplicable: f.Get(at(par.MemberNotApplicable)) != "", Explanation: f.Get(at(par.MemberExplanation)),
		Evidence: f[at(par.MemberEvidence)], Yes: choiceTyped(f.Get(at(par.MemberYes))), Items: map[string]bool{},
		Done: t.number(at(par.MemberDone), f), Of: t.number(at(par.MemberOf), f), Number: t.number(at(par.MemberNumber), f),
	}
	for _, item := range c.Rule.Items {
		if chosen := choiceTyped(f.Get(at(itemField(item.Code)))); chosen != nil {
			a.Items[item.Code] = *chosen
		}
	}
	a.Day = t.day(at(par.MemberDay), f.Get(at(par.MemberDay)))
	if text := f.Get(at(par.MemberClaim)); strings.TrimSpace(text) != "" {
		claim := t.points(at(par.MemberClaim), text)
		a.Claim = &claim
	}
	return a
}

func (t *typedReader) number(field string, f url.Values) *decimal.Number {
	text := strings.TrimSpace(f.Get(field))
	if text == "" {
		return nil
	}
	n, err := decimal.ParseVN(text)
	for _, one := range brokenIn(err) {
		t.broken.Add(one.Code, field, one.Args...)
	}
	return &n
}

func choiceTyped(text string) *bool {
	chosen, err := strconv.ParseBool(text)
	if err != nil {
		return nil
	}
	return &chosen
}

// scoresAgain shows the page as it was typed, on the versions that it was typed on.
func (s *Server) scoresAgain(w http.ResponseWriter, r *http.Request, d *scoreDesk, changes []storage.AnswerChange, broken rule.Errors) error {
	page := s.scoresPage(r, d)
	page.Errors = broken
	d.keepScores(&page, r.PostForm, changes)
	return s.showBroken(w, "index/scores", page)
}

// keepScores puts what was typed into the rows.
func (d *scoreDesk) keepScores(page *templates.ScoresPage, f url.Values, changes []storage.AnswerChange) {
	for _, change := range changes {
		i := slices.IndexFunc(page.Rows, func(row templates.ScoreRow) bool { return row.Code == change.Answer.Criterion })
		c, _ := d.set.Criterion(change.Answer.Criterion)
		row := d.scoreRow(c, i, len(page.Rows), change.Answer)
		at := func(member string) string { return f.Get(row.At(member)) }
		row.ScoreTyped = templates.ScoreTyped{
			Answer: at(par.MemberYes), Day: at(par.MemberDay), Done: at(par.MemberDone), Of: at(par.MemberOf), Number: at(par.MemberNumber),
			Claim: at(par.MemberClaim), Explanation: at(par.MemberExplanation), NotApplicable: at(par.MemberNotApplicable) != "",
		}
		row.FormRow.Errors, row.Base, row.Why, row.Points, row.Open = page.Errors, change.Base, nil, "", true
		page.Rows[i] = row
	}
}

// scoreConflict answers 409: what somebody else has saved meanwhile stands at its
// criterion beside what was typed, and one of the two is chosen; without a choice it is
// asked again. The other answers are saved.
func (s *Server) scoreConflict(w http.ResponseWriter, r *http.Request, actor staff.Actor, changes []storage.AnswerChange, conflicts storage.Conflicts) error {
	d, err := s.scoreDesk(r, actor) // as it stands now
	if err != nil {
		return err
	}
	page := s.scoresPage(r, d)
	var mine []storage.AnswerChange
	theirs := map[string]storage.Conflict{}
	for _, change := range changes {
		if conflict, stale := conflicts.At(par.AnswerField(change.Answer.Criterion, "")); stale {
			theirs[change.Answer.Criterion] = conflict
			mine = append(mine, change)
		}
	}
	d.keepScores(&page, r.PostForm, mine)
	for i, row := range page.Rows {
		if conflict, stale := theirs[row.Code]; stale {
			c, _ := d.set.Criterion(row.Code)
			page.Rows[i].Clash = &templates.ScoreClash{
				Version: conflict.Version, By: words.ScoreConflict(conflict.By, words.MomentNear(conflict.At, d.Now)),
				Theirs: answerLines(c, *conflict.Answer), Explanation: conflict.Answer.Explanation, Files: len(conflict.Answer.Evidence),
			}
		}
	}
	return s.render(w, http.StatusConflict, "index/scores", page)
}
