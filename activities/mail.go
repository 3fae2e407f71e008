package activities

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"cchc/config"
	"cchc/storage"
	"cchc/templates/mails"
)

const (
	mailPause   = 5 * time.Second  // between two looks at the queue
	mailTimeout = 30 * time.Second // for each sending; far below the claim's lease
	mailDown    = time.Minute      // how long everything waits for a server that cannot be reached
	mailBatch   = 500              // mails gathered in one transaction
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
		if made, err = m.Store.GatherMails(ctx, m.domain(), mailBatch); err != nil {
			return 0, err
		}
	}
	due, err := m.Store.MailsDue(ctx)
	if err != nil || !due {
		return 0, err
	}
	server, err := m.dial(ctx)
	if err != nil {
		return 0, m.wait(ctx, fmt.Errorf("reach mail server: %w", err))
	}
	defer func() { _ = server.Close() }() // every mail has had its answer
	for ctx.Err() == nil {
		item, err := m.Store.ClaimMail(ctx)
		if errors.Is(err, storage.ErrNotFound) {
			return sent, nil
		}
		if err != nil {
			return sent, err
		}
		verdict, why := m.send(server, item)
		if verdict == accepted {
			sent++
		}
		if err := m.settle(ctx, item, verdict, why); err != nil {
			return sent, err
		}
		if verdict == lost || verdict == closed {
			return sent, m.wait(ctx, why)
		}
	}
	return sent, nil
}

// wait lets all due mails wait for the server, and gives the reason back.
func (m Mailer) wait(ctx context.Context, why error) error {
	return errors.Join(why, m.Store.DelayMails(ctx, mailDown, why.Error()))
}

// A verdict is what became of one attempt.
type verdict int

const (
	accepted verdict = iota // the server has it
	refused                 // it will never take this mail
	delayed                 // not this mail now
	lost                    // the connection broke: nobody knows whether it has it
	closed                  // it takes no mail from us at all now: not this mail's fault
)

func (m Mailer) settle(ctx context.Context, item storage.Mail, v verdict, why error) error {
	ctx = context.WithoutCancel(ctx) // a worker told to stop still notes what the server has accepted
	switch v {
	case accepted:
		return m.Store.MailSent(ctx, item.ID)
	case refused:
		m.Log.Warn("mail refused", "mail", item.ID, "person", item.Person, "error", why)
		return m.Store.MailRefused(ctx, item.ID, why.Error())
	case delayed, lost:
		return m.Store.MailDelayed(ctx, item.ID, why.Error())
	}
	return nil // closed: the claim runs out by itself and costs the mail nothing
}

func (m Mailer) send(server *smtp.Client, item storage.Mail) (verdict, error) {
	msg, err := m.message(item)
	if err != nil {
		return refused, err
	}
	err = server.Send(msg)
	if err == nil || msg.IsDelivered() { // an error after acceptance is about the connection
		return accepted, nil
	}
	return judge(err), err
}

// judge reads the server's answer. 421 means that it is closing, 530 to 538 that
// it wants us to sign in: neither is about this mail, nor is what it says to our
// own address. Otherwise 5xx is for good and 4xx for now (RFC 5321 4.2.1).
func judge(err error) verdict {
	var answer *smtp.SendError
	if !errors.As(err, &answer) {
		return lost
	}
	code := answer.ErrorCode()
	switch {
	case answer.Reason == smtp.ErrGetRcpts:
		return refused
	case answer.Reason == smtp.ErrGetSender, answer.Reason == smtp.ErrConnCheck, code == 421, code >= 530 && code <= 538:
		return closed
	case code == 0:
		return lost
	case answer.Reason == smtp.ErrSMTPMailFrom:
		return closed
	case code >= 500:
		return refused
	}
	return delayed
}

// message writes the mail. An error means that it can never be sent as it is.
func (m Mailer) message(item storage.Mail) (*smtp.Msg, error) {
	letter := mails.Message{Name: item.Name, Public: m.Public, Notices: make([]mails.Notice, len(item.Notices))}
	for i, n := range item.Notices {
		letter.Notices[i] = mails.Notice{
			Kind: n.Kind, Role: n.Role, Document: n.Document,
			Campaign: n.Campaign, Unit: n.Unit, Request: n.Request, Due: n.DueAt, Adjusts: n.Adjusts,
		}
	}
	subject, text, err := mails.Compose(letter)
	if err != nil {
		return nil, err
	}
	msg := smtp.NewMsg()
	if err := msg.From(m.Mail.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to := mail.Address{Name: item.Name, Address: item.Address}
	if err := msg.To(to.String()); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	msg.SetMessageIDWithValue(item.MessageID)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	msg.Subject(subject)
	msg.SetBodyString(smtp.TypeTextPlain, text)
	return msg, nil
}

func (m Mailer) dial(ctx context.Context) (*smtp.Client, error) {
	host, port, err := net.SplitHostPort(m.Mail.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	timeout := m.Timeout
	if timeout == 0 {
		timeout = mailTimeout
	}
	options := []smtp.Option{smtp.WithPort(number), smtp.WithTimeout(timeout)}
	switch m.Mail.TLS {
	case config.MailPlain:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	case config.MailImplicit:
		options = append(options, smtp.WithSSL())
	default:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if m.Mail.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover),
			smtp.WithUsername(m.Mail.User), smtp.WithPassword(m.Mail.Password))
	}
	client, err := smtp.NewClient(host, options...)
	if err != nil {
		return nil, err
	}
	return client, client.DialWithContext(ctx)
}

// domain is the right side of the sender's address.
func (m Mailer) domain() string {
	from, err := mail.ParseAddress(m.Mail.From)
	if err != nil {
		return "localhost"
	}
	return from.Address[strings.LastIndexByte(from.Address, '@')+1:]
}
