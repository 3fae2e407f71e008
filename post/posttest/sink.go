// Package posttest is a mail server for tests: it keeps what it accepts, and refuses,
// breaks off or dawdles as it is told.
package posttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Received is a mail that the sink has accepted.
type Received struct {
	To, ID, Subject, Text string
	Header                mail.Header
	Files                 []File
}

// File is an attachment, decoded.
type File struct {
	Name  string
	Bytes []byte
}

// Sink is a mail server that keeps what it accepts. Its hooks may refuse.
type Sink struct {
	Address string
	server  *smtp.Server

	OnMail func() error
	OnRcpt func(to string) error
	OnData func(nth int) error // nth mail offered, from 1; after its bytes were read
	After  func()              // once accepted, before the client hears of it

	mutex   sync.Mutex
	mails   []Received
	offered int
}

// Listen starts a sink; configure may change it first. The address may be ""
// for any free port.
func Listen(t *testing.T, address string, configure func(*Sink, *smtp.Server)) *Sink {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &Sink{Address: listener.Addr().String()}
	s.server = smtp.NewServer(s)
	s.server.Domain = "sink.example"
	s.server.ErrorLog = quietLog{}
	if configure != nil {
		configure(s, s.server)
	}
	go func() {
		if err := s.server.Serve(listener); err != nil && !errors.Is(err, smtp.ErrServerClosed) {
			t.Errorf("sink: %v", err)
		}
	}()
	t.Cleanup(func() { _ = s.server.Close() }) // it may have been closed by the test
	return s
}

type quietLog struct{}

func (quietLog) Printf(string, ...any) {}
func (quietLog) Println(...any)        {}

// Accepted is what the sink has so far.
func (s *Sink) Accepted() []Received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]Received(nil), s.mails...)
}

// Offers is how many mails were offered to it.
func (s *Sink) Offers() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.offered
}

// NewSession is smtp.Backend's.
func (s *Sink) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{sink: s, conn: c}, nil
}

type session struct {
	sink *Sink
	conn *smtp.Conn
	to   string
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.sink.OnMail != nil {
		return s.sink.OnMail()
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.sink.OnRcpt != nil {
		return s.sink.OnRcpt(to)
	}
	return nil
}

// ErrHangUp makes the Sink break the connection without an answer.
var ErrHangUp = errors.New("hang up")

func (s *session) Data(r io.Reader) error {
	got, err := read(r)
	if err != nil {
		return err
	}
	got.To = s.to
	s.sink.mutex.Lock()
	s.sink.offered++
	nth := s.sink.offered
	s.sink.mutex.Unlock()
	if s.sink.OnData != nil {
		if err := s.sink.OnData(nth); errors.Is(err, ErrHangUp) {
			return s.conn.Conn().Close()
		} else if err != nil {
			return err
		}
	}
	s.sink.mutex.Lock()
	s.sink.mails = append(s.sink.mails, got)
	s.sink.mutex.Unlock()
	if s.sink.After != nil {
		s.sink.After()
	}
	return nil
}

func read(r io.Reader) (Received, error) {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return Received{}, err
	}
	got := Received{ID: msg.Header.Get("Message-Id"), Header: msg.Header}
	if got.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return got, err
	}
	kind, about, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return got, err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		text, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
		got.Text = string(text)
		return got, err
	}
	return got, got.readParts(multipart.NewReader(msg.Body, about["boundary"]))
}

// readParts reads the text, which comes first, and the files.
func (r *Received) readParts(parts *multipart.Reader) error {
	for {
		part, err := parts.NextPart() // undoes quoted-printable by itself
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if part.FileName() == "" {
			text, err := io.ReadAll(part)
			if err != nil {
				return err
			}
			r.Text = string(text)
			continue
		}
		content, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, part))
		if err != nil {
			return err
		}
		r.Files = append(r.Files, File{Name: part.FileName(), Bytes: content})
	}
}

// guarded is a session of a server that wants a password.
type guarded struct {
	session
	signedIn bool
}

func (g *guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "cchc" || password != "secret" {
			return &smtp.SMTPError{Code: 535, Message: "wrong password"}
		}
		g.signedIn = true
		return nil
	}), nil
}

func (g *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !g.signedIn {
		return smtp.ErrAuthRequired
	}
	return g.session.Mail(from, o)
}

// Guard makes every session want a password over TLS.
type Guard struct{ Sink *Sink }

func (g Guard) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &guarded{session: session{sink: g.Sink, conn: c}}, nil
}

// Trusted gives the sink a certificate which this process trusts as the
// system's roots. It must come before the first check of any certificate.
func Trusted(t *testing.T) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	roots := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SSL_CERT_FILE", roots)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
