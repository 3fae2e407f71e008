package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/board"
	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/paper"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/bulletin"
	"cchc/templates/words"
)

// noticeOf reads the notice of the address, which must be the outage's.
func (s *Server) noticeOf(r *http.Request) (storage.Outage, storage.OutageNotice, error) {
	one, err := s.outageOf(r)
	if err != nil {
		return one, storage.OutageNotice{}, err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "notice"), 10, 64)
	if err != nil {
		return one, storage.OutageNotice{}, storage.ErrNotFound
	}
	n, err := s.store.OutageNotice(r.Context(), id)
	if err == nil && n.Outage != one.ID {
		err = storage.ErrNotFound
	}
	return one, n, err
}

// giveWord takes a department's word about the draft that was on the screen.
func (s *Server) giveWord(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "version", "content_hash", "party", "verdict"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return errBadForm
	}
	one, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	may, err := s.speaksFor(r, actor)
	if err != nil {
		return err
	}
	word := storage.OutageWord{
		Key: key, Notice: n.ID, Version: version, Hash: r.PostForm.Get("content_hash"),
		Party: outage.Party(r.PostForm.Get("party")), Verdict: storage.OutageReturn, Reason: r.PostForm.Get("reason"),
	}
	banner := templates.WordReturnedFlash
	if r.PostForm.Get("verdict") == string(storage.OutageApprove) {
		word.Verdict, word.Reason, banner = storage.OutageApprove, "", templates.WordGivenFlash
	}
	position, speaks := may[word.Party]
	if !speaks {
		return errForbidden
	}
	err = s.store.GiveOutageWord(r.Context(), actor, position, word)
	return s.outageChanged(w, r, actor, one, banner, nil, err)
}

// showEditNotice is the form of a draft's words.
func (s *Server) showEditNotice(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	page := s.draftPage(r, actor, one, n)
	page.Number, page.Subject, page.Text = n.Number, n.Title, strings.Join(n.Text, "\n\n")
	return s.show(w, "outages/draft", page)
}

func (s *Server) draftPage(r *http.Request, actor staff.Actor, one storage.Outage, n storage.OutageNotice) templates.DraftPage {
	page := templates.DraftPage{
		Shell: s.shell(r, templates.TitleDraft, outagePlace(actor)), Key: newKey(), URL: noticePath(n) + "/edit", Back: outagePath(one.ID), Version: n.Version,
	}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: words.OutageName(one.Kind, one.BeganAt), URL: outagePath(one.ID)}, templates.Crumb{Label: page.Title})
	return page
}

// editNotice changes a draft on the version that was on the screen. What clashes keeps
// what was typed.
func (s *Server) editNotice(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "version", "title", "text"); err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return errBadForm
	}
	one, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	typed := outage.Notice{
		Number: strings.Join(strings.Fields(r.PostForm.Get("number")), " "), Title: strings.Join(strings.Fields(r.PostForm.Get("title")), " "),
		Text: paragraphsOf(r.PostForm.Get("text")),
	}
	err = s.store.EditOutageNotice(r.Context(), n.ID, version, actor, typed)
	if err == nil {
		return s.doneWith(w, r, templates.DraftEditedFlash, outagePath(one.ID))
	}
	broken, is := asBroken(err)
	if !is {
		return err
	}
	page := s.draftPage(r, actor, one, n)
	page.Number, page.Subject, page.Text, page.Errors = typed.Number, typed.Title, r.PostForm.Get("text"), broken
	return s.showBroken(w, "outages/draft", page)
}

// sendRest has the server send what a watcher that is lost has not.
func (s *Server) sendRest(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	if err := s.store.SendOutageRest(r.Context(), n.ID, actor); err != nil {
		return err
	}
	return s.doneWith(w, r, templates.RestSentFlash, outagePath(one.ID))
}

// noticePDF is the notice on paper: what was published, or else a draft as it would be
// printed now.
func (s *Server) noticePDF(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	_, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	if n.PDFHash != "" {
		return s.sendNoticeFile(w, r, n)
	}
	h, err := s.store.OutageHandling(r.Context())
	if err != nil {
		return err
	}
	head, err := s.store.OutageLetterhead(r.Context(), h)
	if err != nil {
		return err
	}
	report := paper.Announcement(head, n.Notice, words.AnnouncementCopies())
	print, err := paper.Render(report)
	if err != nil {
		return err
	}
	disposition(w, "inline", paper.Filename(report), "application/pdf")
	_, err = bytes.NewReader(print.PDF).WriteTo(w)
	return gone(err)
}

// sendNoticeFile sends the print of a published notice, which everybody may read.
func (s *Server) sendNoticeFile(w http.ResponseWriter, r *http.Request, n storage.OutageNotice) error {
	file, err := s.store.OpenFile(n.PDFHash)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	disposition(w, "inline", board.PDFName(n), "application/pdf")
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}

// noticePage is the notice as one file, for the authority's own site.
func (s *Server) noticePage(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	_, n, err := s.noticeOf(r)
	if err != nil {
		return err
	}
	agency, err := s.store.Unit(r.Context(), s.store.Authority())
	if err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	one := board.Bulletin(n, agency.Name)
	one.PDF = "" // it would not stand beside the file
	if n.PublishedAt == nil {
		one.Published = now
	}
	content, err := bulletin.Page(bulletin.State{Agency: agency.Name, Made: now}, []bulletin.Bulletin{one})
	if err != nil {
		return err
	}
	disposition(w, "attachment", board.ID(n)+".html", "text/html; charset=utf-8")
	_, err = bytes.NewReader(content).WriteTo(w)
	return gone(err)
}
