package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cchc/board"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	noticesPath   = "/notices"
	unreachedPath = "/notices/unreached"
	resendPath    = "/notices/resend"

	// noticesPerPage keeps a page of the bell short enough to read.
	noticesPerPage = 30
	// refusedAddresses is how many refused addresses are shown: enough for a
	// morning's work, after which there are fewer.
	refusedAddresses = 200
)

// showNotices is the bell: the reader's own notices, newest first, or those older
// than the one that the address names.
func (s *Server) showNotices(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 1 {
		before = 0
	}
	notices, err := s.store.Notices(r.Context(), actor.Person, before, noticesPerPage+1) // one more tells whether there are more
	if err != nil {
		return err
	}
	unread, err := s.store.UnreadNotices(r.Context(), actor.Person)
	if err != nil {
		return err
	}
	page := templates.NoticesPage{Shell: s.shell(r, templates.TitleNotices, templates.AtNowhere), Unread: unread}
	if before > 0 {
		page.Newest = noticesPath
	}
	if len(notices) > noticesPerPage {
		notices = notices[:noticesPerPage]
		page.Older = noticesPath + "?before=" + strconv.FormatInt(notices[noticesPerPage-1].ID, 10)
	}
	if authorityStaff.permits(s, r, actor) == nil {
		page.Unreached = unreachedPath
	}
	for _, n := range notices {
		page.UpTo = max(page.UpTo, n.ID)
		page.Notices = append(page.Notices, noticeRow(n))
	}
	if len(notices) == 0 {
		page.Empty = templates.NoNotices()
	}
	return s.show(w, "notices/list", page)
}

func noticeRow(n storage.PostedNotice) templates.Notice {
	row := templates.Notice{
		Icon: words.NoticeIcon(n.Kind), At: n.CreatedAt, Unread: n.ReadAt == nil, Mail: words.MailState(n.MailState),
	}
	due := n.DueAt
	if n.Kind == storage.NoticeConfirmed || n.Kind == storage.NoticeExempted {
		due = nil // nothing is due any more
	}
	row.Text = templates.NoticeText(words.NoticeHead(n.Kind, n.Role), words.NoticeSubject(n.Campaign, n.Unit), due)
	if n.Request != "" && n.Kind == storage.NoticeLaunched {
		row.Text += " " + words.ByRequest(n.Request) + "."
	}
	if n.Document != "" {
		row.URL = "/documents/" + n.Document
	}
	if n.Adjusts != 0 {
		row.URL = adjustmentPath(n.Document, n.Adjusts)
	}
	if n.Appraisal != "" {
		row.URL = appraisalPath(n.Appraisal)
	}
	if n.Appraises != "" {
		row.URL = appraisalsPath + "?" + url.Values{"campaign": {n.Appraises}}.Encode()
	}
	if n.Results != "" {
		row.URL = campaignPath(n.Results) + resultsPlace + "/" + url.PathEscape(n.UnitCode)
	}
	if n.Proposal != 0 {
		row.URL = proposalPath(n.Proposal)
	}
	if n.Outage != 0 {
		row.URL = outagePath(n.Outage)
	}
	if n.Announced != 0 {
		row.URL = board.Path + "#" + board.ID(storage.OutageNotice{ID: n.Announced})
	}
	if n.Kind == storage.NoticeMaintenance || n.Kind == storage.NoticeMaintenanceOff {
		row.URL = board.Path
		row.Text += ". " + strings.Join(n.Text(), " ")
	}
	return row
}

// readNotices marks what was on the screen as read, and what is older.
func (s *Server) readNotices(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	upTo, err := strconv.ParseInt(r.PostFormValue("up_to"), 10, 64)
	if err != nil {
		return errBadForm
	}
	if err := s.store.MarkNoticesRead(r.Context(), actor.Person, upTo); err != nil {
		return err
	}
	return goTo(w, r, noticesPath)
}

// showUnreached lists for the authority whom the system could not tell: desks
// without a holder or an address, and addresses that were refused.
func (s *Server) showUnreached(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	desks, err := s.store.LostNotices(r.Context())
	if err != nil {
		return err
	}
	failed, err := s.store.FailedMails(r.Context(), refusedAddresses)
	if err != nil {
		return err
	}
	page := templates.UnreachedPage{Shell: s.shell(r, templates.TitleUnreached, templates.AtNowhere)}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleNotices, URL: noticesPath}, {Label: templates.TitleUnreached}}
	for _, d := range desks {
		page.Desks = append(page.Desks, templates.UnreachedDesk{
			Unit: d.UnitName, Role: words.Role(d.Role), Why: templates.UnreachedWhy(d.Nobody, d.NoAddress),
			Count: d.Nobody + d.NoAddress, Since: d.Since,
		})
	}
	for _, f := range failed {
		row := templates.RefusedAddress{Person: f.Person, Name: f.Name, Address: f.Address, Answer: f.Error, At: f.CreatedAt}
		if accountAdmins.permits(s, r, actor) == nil {
			row.URL = accountPath(f.Person)
		}
		page.Addresses = append(page.Addresses, row)
	}
	if len(page.Desks)+len(page.Addresses) == 0 {
		page.Empty = templates.AllReached()
	}
	return s.show(w, "notices/unreached", page)
}

// resendMails lets the notices that a mail server refused go out once more.
func (s *Server) resendMails(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	person, err := strconv.ParseInt(r.PostFormValue("person"), 10, 64)
	if err != nil {
		return errBadForm
	}
	notices, err := s.store.ResendFailed(r.Context(), person)
	if err != nil {
		return err
	}
	if notices > 0 {
		if err := s.audit(r, "mails_resent", strconv.FormatInt(person, 10), map[string]any{"notices": notices}); err != nil {
			return err
		}
	}
	if err := s.flash(r, templates.ResentFlash(notices)); err != nil {
		return err
	}
	return goTo(w, r, unreachedPath)
}
