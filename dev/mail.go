package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// mailbox is a local SMTP server that keeps what it is sent as .eml files, so
// that notices really travel and can be looked at. Nothing leaves the machine.
type mailbox struct {
	folder string
	count  atomic.Int64
	server *smtp.Server
	addr   string
}

// longestMail is more than any notice with its attachments.
const longestMail = 64 << 20

func openMailbox(folder string) (*mailbox, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of mails: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for mails: %w", err)
	}
	m := &mailbox{folder: folder, addr: listener.Addr().String()}
	m.server = smtp.NewServer(m)
	m.server.Domain = "localhost"
	m.server.MaxMessageBytes = longestMail
	m.server.ReadTimeout, m.server.WriteTimeout = time.Minute, time.Minute
	m.server.EnableSMTPUTF8 = true
	go func() { _ = m.server.Serve(listener) }()
	return m, nil
}

func (m *mailbox) close() { _ = m.server.Close() }

// NewSession begins one conversation; anybody on this machine may hold one.
func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return mailSession{m}, nil }

type mailSession struct{ *mailbox }

func (mailSession) Reset()                               {}
func (mailSession) Logout() error                        { return nil }
func (mailSession) Mail(string, *smtp.MailOptions) error { return nil }
func (mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data keeps one mail. It is written under another name first: a file called
// .eml is always whole.
func (s mailSession) Data(from io.Reader) error {
	name := fmt.Sprintf("%s-%d-%03d.eml", time.Now().UTC().Format("20060102T150405"), os.Getpid(), s.count.Add(1))
	path := filepath.Join(s.folder, name)
	draft, err := os.OpenFile(path+".part", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(draft, from)
	if closed := draft.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
