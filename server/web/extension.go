package web

import (
	"net/http"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// asked is the document's open request for more time, with where the reader may
// act on it; nil: none is open.
func (s *Server) asked(r *http.Request, d *dossier) (*templates.AskedNote, error) {
	request, err := s.store.OpenRequest(r.Context(), d.ID)
	if err != nil || request == nil {
		return nil, err
	}
	d.asked = true
	return d.askedNote(request), nil
}

func (d *dossier) askedNote(request *storage.Request) *templates.AskedNote {
	note := templates.NewAskedNote(request.UnitName, request.Until, request.By, words.Role(request.Role),
		request.AskedAt, d.Now, request.Reason, request.Waiting)
	note.Request = request.ID
	if request.Waiting {
		return note
	}
	if _, asks := document.AskerOf(d.actor, d.Unit.Code); asks {
		note.URL, note.Label = d.path("/extension"), templates.WithdrawLabel
	}
	if d.actor.Holds(staff.Officer, d.authority) {
		note.URL = "/extensions?pick=" + strconv.FormatInt(request.ID, 10) + "&campaign=" + d.Campaign.Code
		note.Label = templates.DecideLabel
	}
	return note
}

// showAsk is the form by which a unit asks for more time.
func (s *Server) showAsk(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.askPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "document/extension", page)
}

func (s *Server) askPage(r *http.Request, actor staff.Actor) (templates.ExtensionPage, error) {
	d, err := s.dossier(r, actor)
	if err != nil {
		return templates.ExtensionPage{}, err
	}
	page := templates.ExtensionPage{
		Shell: s.shellOf(r, d, templates.TitleAsk), Document: d.head(), Key: newKey(), Due: d.due(),
		Until: words.Date(d.calendar.AddWorkingDays(max(words.LastDay(d.DueAt), calendar.DayOf(d.Now)), d.Campaign.ResubmitDays)),
	}
	if page.Open, err = s.asked(r, d); err != nil {
		return page, err
	}
	if !d.Stage.AtUnitDesk() {
		page.Closed = messages(rule.Broken(document.WrongStage, "", string(d.Stage)))
		if d.Stage.Closed() {
			page.Closed = messages(rule.Broken(document.Closed, ""))
		}
	}
	return page, nil
}

// askExtension keeps a unit's request. The last day ends at the hour that the
// campaign allows on every last day.
func (s *Server) askExtension(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	v, err := s.store.DocumentView(r.Context(), actor.Reads(), documentID(r))
	if err != nil {
		return err
	}
	n := storage.NewRequest{Key: key, Document: v.ID, Actor: actor, Reason: storage.CleanText(r.PostFormValue("reason"))}
	day, ok := dayIn(r.PostFormValue("until"))
	if ok {
		n.Until = day.At(v.Campaign.Cutoff)
		err = s.store.AskExtension(r.Context(), n)
	} else {
		err = rule.Broken(dateBad, "until")
	}
	if broken := brokenIn(err); broken != nil {
		return s.askAgain(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.AskFlash}); err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+v.ID, cameFrom(r)))
}

func (s *Server) askAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	page, err := s.askPage(r, actor)
	if err != nil {
		return err
	}
	page.Errors, page.Reason = broken, r.PostFormValue("reason")
	if r.PostForm.Has("until") {
		page.Until = r.PostFormValue("until")
	}
	return s.render(w, refusalStatus(broken), "document/extension", page)
}

// withdrawExtension takes the open request back.
func (s *Server) withdrawExtension(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "request"); err != nil {
		return err
	}
	request, err := strconv.ParseInt(r.PostFormValue("request"), 10, 64)
	if err != nil {
		return errBadForm
	}
	err = s.store.WithdrawExtension(r.Context(), documentID(r), request, actor)
	if broken := brokenIn(err); broken != nil {
		return s.askAgain(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.WithdrawFlash}); err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+documentID(r), cameFrom(r)))
}
