package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	// answerPatience is how long a request waits for what becomes of its decision.
	answerPatience = 5 * time.Second
	// signalPatience is how long the workflow engine may take to hear of one. The
	// request does not wait for it.
	signalPatience = 10 * time.Second
)

// decide takes a person's decision from its form and goes its road: the row, the
// signal, the answer.
func (s *Server) decide(action document.Action) handler {
	return func(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
		n, err := decisionForm(r, action, actor)
		if err != nil {
			return err
		}
		return s.road(w, r, n, func(ctx context.Context) (int64, error) { return s.store.AddDecision(ctx, n) })
	}
}

// decisionForm reads what the person wants and what was on their screen.
func decisionForm(r *http.Request, action document.Action, actor staff.Actor) (storage.NewDecision, error) {
	if err := parseForm(r, "key"); err != nil {
		return storage.NewDecision{}, err
	}
	key, err := formKey(r)
	if err != nil {
		return storage.NewDecision{}, err
	}
	n := storage.NewDecision{
		Key: key, Document: chi.URLParam(r, "id"), Action: action, Actor: actor,
		ContentHash: r.PostFormValue("content_hash"), Reason: storage.CleanText(r.PostFormValue("reason")),
	}
	if text := r.PostFormValue("revision"); text != "" {
		if n.Revision, err = strconv.Atoi(text); err != nil {
			return n, errBadForm
		}
	}
	return n, nil
}

// road stores a decision, tells the workflow, and waits a little for the answer.
// The place to wait is taken first, so that an answer that comes at once is not
// missed. The same form sent twice finds the same row.
func (s *Server) road(w http.ResponseWriter, r *http.Request, n storage.NewDecision, add func(context.Context) (int64, error)) error {
	ctx := r.Context()
	stage, err := s.store.DocumentStage(ctx, n.Document)
	if err != nil {
		return err
	}
	waiter := s.answers.Register()
	defer waiter.Leave()
	id, err := add(ctx)
	if broken := brokenIn(err); broken != nil {
		return s.refused(w, r, n, broken)
	}
	if err != nil {
		return err
	}
	s.metrics.decisions.WithLabelValues(string(n.Action)).Inc()
	s.signal(r, n, stage)
	answer, err := waiter.Wait(ctx, id, n.Actor.Person, s.patience)
	switch {
	case err != nil:
		return err
	case answer.Outcome == storage.Refused || answer.Outcome == storage.Failed:
		return s.refused(w, r, n, answer.Broken)
	}
	return goTo(w, r, decisionURL(n.Key, cameFrom(r)))
}

// decisionURL is a decision's own page, for someone who came from a list.
func decisionURL(key uuid.UUID, list string) string {
	return withList("/decisions/"+key.String(), list)
}

// signal tells the workflow to look. That it could not be told is no error of
// the person's: the row is there, and the relay tells it again.
func (s *Server) signal(r *http.Request, n storage.NewDecision, stage document.Stage) {
	if s.look == nil {
		return
	}
	log := visitOf(r.Context()).log
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), signalPatience)
	go func() {
		defer cancel()
		if err := s.look(ctx, n.Document, stage, n.Key.String()); err != nil {
			log.WarnContext(ctx, "signal left to the relay", "document", n.Document, "error", err)
		}
	}()
}

// refused shows why a decision was not taken: at the field where it has one, as
// the difference where the content has changed, else on a page of its own.
func (s *Server) refused(w http.ResponseWriter, r *http.Request, n storage.NewDecision, broken rule.Errors) error {
	d, err := s.dossier(r, n.Actor)
	if err != nil {
		return err
	}
	switch {
	case broken.Has(document.ContentChanged):
		return s.changed(w, r, d, n)
	case n.Action == document.Submit && hasField(broken):
		return s.checkPage(w, r, n.Actor, http.StatusUnprocessableEntity) // it lists what must be mended
	case hasField(broken):
		if again := s.formAgain(r, d, n, broken); again != nil {
			return again(w)
		}
	}
	kept, err := s.typedWith(r, d, n)
	if err != nil {
		return err
	}
	return s.showRefused(w, r, d, n.Action, broken, kept, refusalStatus(broken))
}

func hasField(broken rule.Errors) bool {
	for _, one := range broken {
		if one.Field != "" {
			return true
		}
	}
	return false
}

// refusalStatus tells what has moved on (409) from what was asked wrongly (422).
func refusalStatus(broken rule.Errors) int {
	for _, code := range []rule.Code{
		document.Closed, document.WrongStage, document.SigningInProgress, document.NotYourRole,
		storage.DecisionPending, storage.KeyReused, storage.SigningExpired,
	} {
		if broken.Has(code) {
			return http.StatusConflict
		}
	}
	return http.StatusUnprocessableEntity
}

func (s *Server) showRefused(w http.ResponseWriter, r *http.Request, d *dossier, action document.Action, broken rule.Errors, kept string, status int) error {
	next, err := s.next(r, d)
	if err != nil {
		return err
	}
	page := templates.RefusedPage{
		Shell: s.shellOf(r, d, words.TitleRefused), Document: d.head(), Action: words.Action(action), Kept: kept,
		Meanwhile: d.meanwhile(next), Next: next,
	}
	page.Errors = broken
	return s.render(w, status, "decision/refused", page)
}

// notTaken answers a form about the draft that came at the wrong moment.
func (s *Server) notTaken(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	return s.showRefused(w, r, d, document.Submit, broken, "", refusalStatus(broken))
}

// changed answers 409 with what has changed since the page was opened. A draft
// keeps no earlier versions, so only frozen revisions can be compared.
func (s *Server) changed(w http.ResponseWriter, r *http.Request, d *dossier, n storage.NewDecision) error {
	next, err := s.next(r, d)
	if err != nil {
		return err
	}
	kept, err := s.typedWith(r, d, n)
	if err != nil {
		return err
	}
	page := templates.ChangedPage{
		Shell: s.shellOf(r, d, words.TitleChanged), Document: d.head(), Action: words.Action(n.Action),
		Kept: kept, AgainURL: d.path(""), Meanwhile: d.meanwhile(next), Next: next,
	}
	if n.Action == document.Submit {
		page.AgainURL = d.path("/check")
		if page.Edited, err = s.editedSince(r, d); err != nil {
			return err
		}
	} else if n.Revision < d.Revision && d.Reading().Opens(n.Revision, d.ownPeople()) && d.Reading().Opens(d.Revision, d.ownPeople()) {
		now, err := s.revisionOf(r, d, d.Revision)
		if err != nil {
			return err
		}
		differences, err := s.differencesSince(r, d, n.Revision, now)
		if err != nil {
			return err
		}
		page.Changes = &differences
	}
	return s.render(w, http.StatusConflict, "decision/changed", page)
}

// editedSince lists the parts of the draft that were saved after the page that
// sent this form had been made, newest content a click away.
func (s *Server) editedSince(r *http.Request, d *dossier) ([]templates.Problem, error) {
	opened, err := time.Parse(time.RFC3339Nano, r.PostFormValue("opened"))
	if err != nil {
		return nil, nil // without it nothing can be told; the decision stays refused
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	var edited []templates.Problem
	add := func(text, url, by string, at time.Time) {
		if at.After(opened) {
			edited = append(edited, templates.Problem{Text: text, URL: url, About: words.Edited(by, at, d.Now)})
		}
	}
	for _, section := range draft.Form.Sections {
		now := draft.Sections[section.Code]
		add(words.Section(section.Code, section.Title), d.sectionURL(section.Code), now.By, now.At)
	}
	for _, indicator := range draft.Form.Active(d.Campaign.WindowTo) {
		now := draft.Figures[indicator.Code]
		add(words.FigurePlace(indicator.Code, indicator.Name), d.fieldURL(draft.Form, form.FigureField(indicator.Code)), now.By, now.At)
	}
	for _, file := range draft.Files {
		add(words.FilePlace(file.Name), d.path("/files"), file.By, file.At)
	}
	return edited, nil
}

// showDecision is a decision's own page, for its author: the receipt, the page
// that asks again, or why it was refused.
func (s *Server) showDecision(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := uuid.Parse(chi.URLParam(r, "key"))
	if err != nil {
		return storage.ErrNotFound
	}
	answer, err := s.store.DecisionUnder(r.Context(), key, actor.Person)
	if err != nil {
		return err
	}
	if r.URL.Query().Has("poll") {
		found := map[string]string{}
		if answer.Outcome != "" {
			found["url"] = decisionURL(key, cameFrom(r))
		}
		return answerJSON(w, http.StatusOK, found)
	}
	d, err := s.dossierOf(r, actor, answer.Document)
	if err != nil {
		return err
	}
	action := document.Action(answer.Action)
	next, err := s.next(r, d)
	if err != nil {
		return err
	}
	switch answer.Outcome {
	case "":
		return s.show(w, "decision/pending", templates.PendingPage{
			Shell: s.shellOf(r, d, words.TitlePending), Document: d.head(), Action: words.Action(action),
			Received: answer.ReceivedAt, Poll: withList("/decisions/"+key.String()+"?poll=1", d.list), Next: next,
		})
	case storage.Applied:
		return s.showReceipt(w, r, d, answer, next)
	}
	page := templates.RefusedPage{
		Shell: s.shellOf(r, d, words.TitleRefused), Document: d.head(), Action: words.Action(action),
		Received: words.Moment(answer.ReceivedAt), Meanwhile: d.meanwhile(next), Next: next,
	}
	page.Errors = answer.Broken
	return s.show(w, "decision/refused", page)
}

// showReceipt tells what was done, who has it now, until when, and what is next.
func (s *Server) showReceipt(w http.ResponseWriter, r *http.Request, d *dossier, answer storage.Answer, next templates.NextTask) error {
	action := document.Action(answer.Action)
	page := templates.ReceiptPage{
		Shell: s.shellOf(r, d, words.Headline(action)), Document: d.head(), Headline: words.Headline(action), Steps: d.steps(), Next: next,
		Facts: []templates.Pair{
			{Name: words.FactReceipt, Value: words.Receipt(answer.ID), Mono: true},
			{Name: words.FactReceived, Value: words.Moment(answer.ReceivedAt)},
		},
	}
	if d.DeskRole != "" {
		holder := d.holder() + ", " + words.Held(d.DeskSince, d.Now, d.calendar)
		page.Facts = append(page.Facts, templates.Pair{Name: words.FactHolder, Value: holder},
			templates.Pair{Name: words.FactUntil, Value: words.Instant(d.DueAt)})
	}
	page.Facts = append(page.Facts, templates.Pair{Name: words.FactNext, Value: words.NextStep(d.Stage)})
	if action == document.Sign {
		page.Line = words.HandedInOnTime(answer.ReceivedAt, d.UnitDueAt, d.calendar)
		if len(d.issued) > 0 {
			page.Files = append(page.Files, templates.Button{
				Label: words.SignedFile(d.issued[0].NumberText()), Icon: "file-earmark-pdf",
				URL: "/documents/" + d.ID + "/issued/" + strconv.Itoa(d.issued[0].Revision) + ".pdf",
			})
		}
	}
	return s.show(w, "decision/receipt", page)
}

// whyNot says why an action is not offered to the reader.
func (d *dossier) whyNot(action document.Action) string {
	if note := d.pending(); note != nil {
		return note.Text
	}
	return messages(d.notOffered(action))
}

// brokenIn finds the broken rules in an error; nil when it is none of that kind.
func brokenIn(err error) rule.Errors {
	var broken rule.Errors
	if errors.As(err, &broken) {
		return broken
	}
	return nil
}

// dayIn reads a day as people write it, or as a date field sends it.
func dayIn(text string) (calendar.Day, bool) {
	for _, layout := range []string{time.DateOnly, "02/01/2006", "2/1/2006"} {
		if t, err := time.Parse(layout, text); err == nil {
			return calendar.Date(t.Year(), t.Month(), t.Day()), true
		}
	}
	return 0, false
}
