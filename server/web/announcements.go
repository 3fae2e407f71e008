package web

import (
	"bytes"
	"net/http"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/board"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/bulletin"
	"cchc/templates/words"
)

// mostAnnounced is how many announcements the public page shows.
const mostAnnounced = 50

// showAnnouncements is what units were told, for everybody and without a session. While
// the database cannot be read, the page is the one that was posted last.
func (s *Server) showAnnouncements(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	page, err := s.announcementsPage(r)
	if err != nil {
		visitOf(r.Context()).log.WarnContext(r.Context(), "announcements come from disk", "error", err)
		return s.posted(w, r, board.PageFile, err)
	}
	return s.show(w, "outages/announcements", page)
}

func (s *Server) announcementsPage(r *http.Request) (templates.AnnouncementsPage, error) {
	page := templates.AnnouncementsPage{
		Shell: s.shell(r, templates.TitleAnnouncements, templates.AtNowhere), Feed: board.Path + board.FeedFile, Empty: templates.NoAnnouncements(),
	}
	announced, err := s.store.Announcements(r.Context(), mostAnnounced)
	if err != nil {
		return page, err
	}
	agency, err := s.store.Unit(r.Context(), s.store.Authority())
	if err != nil {
		return page, err
	}
	for _, n := range announced {
		one := templates.Announcement{
			ID: board.ID(n), Heading: templates.NoticeHeading(n.Number), Title: n.Title, Text: n.Text,
			About: templates.AnnouncedAbout(agency.Name, *n.PublishedAt),
		}
		if name := board.PDFName(n); name != "" {
			one.PDF = board.Path + name
		}
		page.Items = append(page.Items, one)
	}
	coming, err := s.store.ComingMaintenance(r.Context())
	if err != nil {
		return page, err
	}
	for _, one := range coming {
		page.Coming = append(page.Coming, words.MaintenanceWhen(one.FromAt, one.ToAt)+" "+one.Purpose)
	}
	h, err := s.store.OutageHandling(r.Context())
	if err != nil {
		return page, err
	}
	page.Site = templates.AuthoritySite(agency.Name, h.SiteURL)
	page.State, err = s.announcedState(r)
	return page, err
}

// announcedState says that the software has stopped where units have been told so.
func (s *Server) announcedState(r *http.Request) (templates.Note, error) {
	one, stopped, err := s.store.StoppedNow(r.Context())
	if err != nil || !stopped {
		return templates.AnnouncedState(nil, nil), err
	}
	return templates.AnnouncedState(&one.BeganAt, one.ExpectedAt), nil
}

// announcementFile is the feed or a print: the newest, or what was posted last.
func (s *Server) announcementFile(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	name := chi.URLParam(r, "file")
	if name != board.FeedFile {
		return s.posted(w, r, name, storage.ErrNotFound)
	}
	feed, err := s.feed(r)
	if err != nil {
		visitOf(r.Context()).log.WarnContext(r.Context(), "feed comes from disk", "error", err)
		return s.posted(w, r, board.FeedFile, err)
	}
	return s.sendPosted(w, name, feed)
}

func (s *Server) feed(r *http.Request) ([]byte, error) {
	announced, err := s.store.Announcements(r.Context(), mostAnnounced)
	if err != nil {
		return nil, err
	}
	agency, err := s.store.Unit(r.Context(), s.store.Authority())
	if err != nil {
		return nil, err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return nil, err
	}
	return s.board.Feed(board.Bulletins(announced, agency.Name), bulletin.State{Agency: agency.Name, Made: now})
}

// posted answers with a file of the board; why: what is told when it has none.
func (s *Server) posted(w http.ResponseWriter, _ *http.Request, name string, why error) error {
	content, err := s.board.Read(name)
	if err != nil {
		return why
	}
	return s.sendPosted(w, name, content)
}

// postedTypes are the kinds of files that the board has.
var postedTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".xml": "application/atom+xml; charset=utf-8", ".pdf": "application/pdf",
}

func (s *Server) sendPosted(w http.ResponseWriter, name string, content []byte) error {
	kind, known := postedTypes[path.Ext(name)]
	if !known {
		return storage.ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	if strings.HasSuffix(name, ".html") { // it carries its own style: it was made for when nothing else is there
		h.Set("Content-Security-Policy", strings.Replace(contentPolicy, "style-src 'self'", "style-src "+bulletin.StyleSource(), 1))
	}
	_, err := bytes.NewReader(content).WriteTo(w)
	return gone(err)
}
