package activities

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"cchc/config"
	"cchc/paper"
	"cchc/post"
	"cchc/storage"
	"cchc/templates/mails"
)

const (
	mailPause = 5 * time.Second // between two looks at the queue
	mailDown  = time.Minute     // how long everything waits for a server that cannot be reached
	mailBatch = 500             // mails gathered in one transaction
)

// Mailer carries notices out of the house. It is no activity: mails have no
// place in a document's story, and a server that is down must not hold one up.
// Any number of workers may each run one.
//
// A mail is sent at least once, under the same Message-ID: twice only when the
// worker dies between the server's acceptance and its note of it. Where no
// server is configured, notices stay queued and nothing is sent.
type Mailer struct {
	Store   *storage.Store
	Mail    config.Mail
	Public  *url.URL // the address people use
	Log     *slog.Logger
	Timeout time.Duration // for one sending; 0: 30 s, to stay below the claim's lease of 2 minutes
}

// Run sends what is due until the context ends; it returns nothing else than
// the context's end. Errors are logged and tried again.
func (m Mailer) Run(ctx context.Context) {
	if m.Mail.Address == "" {
		m.Log.Info("no mail server configured, mails stay queued")
		return
	}
	for {
		if _, err := m.Round(ctx); err != nil && ctx.Err() == nil {
			m.Log.Error("send mails", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(mailPause):
		}
	}
}

// Round gathers mails and sends those that are due, and returns how many the
// server accepted. A server that cannot be reached is no loss: all mails wait.
func (m Mailer) Round(ctx context.Context) (sent int, err error) {
	for made := int64(mailBatch); made == mailBatch; {
		if made, err = m.Store.GatherMails(ctx, m.server().Domain(), mailBatch); err != nil {
			return 0, err
		}
	}
	due, err := m.Store.MailsDue(ctx)
	if err != nil || !due {
		return 0, err
	}
	line, err := m.server().Dial(ctx)
	if err != nil {
		return 0, m.wait(ctx, fmt.Errorf("reach mail server: %w", err))
	}
	defer line.Close()
	told := announced{Mailer: m, known: map[int64]announcement{}}
	for ctx.Err() == nil {
		item, err := m.Store.ClaimMail(ctx)
		if errors.Is(err, storage.ErrNotFound) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		verdict, why, err := m.send(ctx, line, item, told)
		if err != nil {
			return sent, err // the claim runs out by itself
		}
		if verdict == post.Accepted {
			sent++
		}
		if err := m.settle(ctx, item, verdict, why); err != nil {
			return sent, err
		}
		if verdict == post.Lost || verdict == post.Closed {
			return sent, m.wait(ctx, why)
		}
	}
	return sent, nil
}

// wait lets all due mails wait for the server, and gives the reason back.
func (m Mailer) wait(ctx context.Context, why error) error {
	return errors.Join(why, m.Store.DelayMails(ctx, mailDown, why.Error()))
}

func (m Mailer) settle(ctx context.Context, item storage.Mail, v post.Verdict, why error) error {
	ctx = context.WithoutCancel(ctx) // a worker told to stop still notes what the server has accepted
	switch v {
	case post.Accepted:
		return m.Store.MailSent(ctx, item.ID)
	case post.Refused:
		m.Log.Warn("mail refused", "mail", item.ID, "person", item.Person, "error", why)
		return m.Store.MailRefused(ctx, item.ID, why.Error())
	case post.Delayed, post.Lost:
		return m.Store.MailDelayed(ctx, item.ID, why.Error())
	}
	return nil // closed: the claim runs out by itself and costs the mail nothing
}

// send hands the mail in, and says why the server has not taken it; err is what kept it
// from being written now.
func (m Mailer) send(ctx context.Context, line *post.Line, item storage.Mail, told announced) (verdict post.Verdict, why, err error) {
	message := mails.Message{Name: item.Name, Public: m.Public, Notices: make([]mails.Notice, len(item.Notices))}
	var files []post.File
	for i, n := range item.Notices {
		about, err := told.about(ctx, n.Announced)
		if err != nil {
			return verdict, nil, err
		}
		files = append(files, about.files...)
		message.Notices[i] = mails.Notice{
			Kind: n.Kind, Role: n.Role, Document: n.Document,
			Campaign: n.Campaign, Unit: n.Unit, Request: n.Request, Due: n.DueAt, Adjusts: n.Adjusts, Appraisal: n.Appraisal, Appraises: n.Appraises,
			Results: n.Results, UnitCode: n.UnitCode,
			Outage: n.Outage, Announced: n.Announced, Body: n.Text(), Site: about.site, Attached: len(about.files) > 0,
		}
	}
	subject, text, err := mails.Compose(message)
	if err != nil {
		return post.Refused, err, nil // it can never be sent as it is
	}
	verdict, why = line.Send(post.Letter{
		Name: item.Name, Address: item.Address, MessageID: item.MessageID, Subject: subject, Text: text, Files: files,
	})
	return verdict, why, nil
}

// announced are the announcements of one round's mails: all units' people get the same.
type announced struct {
	Mailer
	known map[int64]announcement
}

// announcement is what goes with the mail about one, besides its words.
type announcement struct {
	files []post.File
	site  string // where it also stands; "": nowhere
}

// about reads an announcement once; 0: the mail is about none.
func (a announced) about(ctx context.Context, id int64) (announcement, error) {
	one, there := a.known[id]
	if there || id == 0 {
		return one, nil
	}
	n, err := a.Store.OutageNotice(ctx, id)
	if errors.Is(err, storage.ErrNotFound) { // the mail tells what it tells
		return one, nil
	}
	if err != nil {
		return one, err
	}
	h, err := a.Store.OutageHandling(ctx)
	if err != nil {
		return one, err
	}
	one.site = h.SiteURL
	if n.PDFHash != "" {
		pdf, err := a.Store.ReadFile(n.PDFHash)
		if err != nil { // its words are in the mail, and the page has it
			a.Log.Error("notice is mailed without its print", "notice", id, "error", err)
		} else {
			one.files = []post.File{{Name: paper.AnnouncementFile(n.Notice), Type: "application/pdf", Bytes: pdf}}
		}
	}
	a.known[id] = one
	return one, nil
}

func (m Mailer) server() post.Server { return post.Server{Mail: m.Mail, Timeout: m.Timeout} }
