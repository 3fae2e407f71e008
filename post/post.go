// Package post hands written mails to an SMTP server and judges what it answers. The
// worker's queue and the watcher, which has no queue and no database, send through it.
//
// It writes no words, keeps nothing and tries nothing twice: whoever calls decides
// what a verdict means for its mails.
package post

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"

	"cchc/config"
)

// usualTimeout is for each conversation with the server, and each mail.
const usualTimeout = 30 * time.Second

// Server is where mails are handed in.
type Server struct {
	Mail    config.Mail
	Timeout time.Duration // for reaching the server, and for each mail; 0: 30 s
}

// Letter is a mail as it is to be sent, in plain text.
type Letter struct {
	Name, Address string // the recipient's
	MessageID     string // without angle brackets; the same for every try of one mail
	Subject, Text string
	Files         []File
}

// File is an attachment.
type File struct {
	Name  string
	Type  string // "application/pdf"
	Bytes []byte
}

// Verdict is what became of one attempt.
type Verdict int

// The verdicts.
const (
	Accepted Verdict = iota // the server has it
	Refused                 // it will never take this mail
	Delayed                 // not this mail now
	Lost                    // the connection broke: nobody knows whether it has it
	Closed                  // it takes no mail from us at all now: not this mail's fault
)

// Line is a conversation with the server; one mail at a time.
type Line struct {
	client *smtp.Client
	from   string
}

// Dial reaches the server and signs in. The error never holds the password.
func (s Server) Dial(ctx context.Context) (*Line, error) {
	host, port, err := net.SplitHostPort(s.Mail.Address)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	client, err := smtp.NewClient(host, s.options(number)...)
	if err != nil {
		return nil, err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return nil, err
	}
	return &Line{client: client, from: s.Mail.From}, nil
}

func (s Server) options(port int) []smtp.Option {
	timeout := s.Timeout
	if timeout == 0 {
		timeout = usualTimeout
	}
	options := []smtp.Option{smtp.WithPort(port), smtp.WithTimeout(timeout)}
	switch s.Mail.TLS {
	case config.MailPlain:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	case config.MailImplicit:
		options = append(options, smtp.WithSSL())
	default:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	}
	if s.Mail.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover),
			smtp.WithUsername(s.Mail.User), smtp.WithPassword(s.Mail.Password))
	}
	return options
}

// Domain is the right side of the sender's address: of every Message-ID.
func (s Server) Domain() string {
	from, err := mail.ParseAddress(s.Mail.From)
	if err != nil {
		return "localhost"
	}
	return from.Address[strings.LastIndexByte(from.Address, '@')+1:]
}

// Close ends the conversation. Every mail has had its answer by then.
func (l *Line) Close() { _ = l.client.Close() }

// Send hands in one mail. The error says why it was not accepted, as the server put
// it; after Lost and Closed the line is of no more use.
func (l *Line) Send(letter Letter) (Verdict, error) {
	msg, err := l.message(letter)
	if err != nil {
		return Refused, err // it can never be sent as it is
	}
	err = l.client.Send(msg)
	if err == nil || msg.IsDelivered() { // an error after acceptance is about the connection
		return Accepted, nil
	}
	return judge(err), err
}

// judge reads the server's answer. 421 means that it is closing, 530 to 538 that
// it wants us to sign in: neither is about this mail, nor is what it says to our
// own address. Otherwise 5xx is for good and 4xx for now (RFC 5321 4.2.1).
func judge(err error) Verdict {
	var answer *smtp.SendError
	if !errors.As(err, &answer) {
		return Lost
	}
	code := answer.ErrorCode()
	switch {
	case answer.Reason == smtp.ErrGetRcpts:
		return Refused
	case answer.Reason == smtp.ErrGetSender, answer.Reason == smtp.ErrConnCheck, code == 421, code >= 530 && code <= 538:
		return Closed
	case code == 0:
		return Lost
	case answer.Reason == smtp.ErrSMTPMailFrom:
		return Closed
	case code >= 500:
		return Refused
	}
	return Delayed
}

func (l *Line) message(letter Letter) (*smtp.Msg, error) {
	msg := smtp.NewMsg()
	if err := msg.From(l.from); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	to := mail.Address{Name: letter.Name, Address: letter.Address}
	if err := msg.To(to.String()); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	msg.SetMessageIDWithValue(letter.MessageID)
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	msg.Subject(letter.Subject)
	msg.SetBodyString(smtp.TypeTextPlain, letter.Text)
	for _, file := range letter.Files {
		err := msg.AttachReader(file.Name, bytes.NewReader(file.Bytes), smtp.WithFileContentType(smtp.ContentType(file.Type)))
		if err != nil {
			return nil, fmt.Errorf("attach %s: %w", file.Name, err)
		}
	}
	return msg, nil
}
