package activities_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// received is a mail that the sink has accepted.
type received struct {
	To, ID, Subject, Text string
	Header                mail.Header
}

// sink is a mail server that keeps what it accepts. Its hooks may refuse.
type sink struct {
	t       *testing.T
	address string
	server  *smtp.Server

	onMail func() error
	onRcpt func(to string) error
	onData func(nth int) error // nth mail offered, from 1; after its bytes were read
	after  func()              // once accepted, before the client hears of it

	mutex   sync.Mutex
	mails   []received
	offered int
}

// listen starts a sink; configure may change it first. The address may be ""
// for any free port.
func listen(t *testing.T, address string, configure func(*sink, *smtp.Server)) *sink {
	t.Helper()
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{t: t, address: listener.Addr().String()}
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

// accepted is what the sink has so far.
func (s *sink) accepted() []received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return append([]received(nil), s.mails...)
}

// offers is how many mails were offered to it.
func (s *sink) offers() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.offered
}

// NewSession is smtp.Backend's.
func (s *sink) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{sink: s, conn: c}, nil
}

type session struct {
	sink *sink
	conn *smtp.Conn
	to   string
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.sink.onMail != nil {
		return s.sink.onMail()
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	if s.sink.onRcpt != nil {
		return s.sink.onRcpt(to)
	}
	return nil
}

// errHangUp makes the sink break the connection without an answer.
var errHangUp = errors.New("hang up")

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
	if s.sink.onData != nil {
		if err := s.sink.onData(nth); errors.Is(err, errHangUp) {
			return s.conn.Conn().Close()
		} else if err != nil {
			return err
		}
	}
	s.sink.mutex.Lock()
	s.sink.mails = append(s.sink.mails, got)
	s.sink.mutex.Unlock()
	if s.sink.after != nil {
		s.sink.after()
	}
	return nil
}

func read(r io.Reader) (received, error) {
	msg, err := mail.ReadMessage(r)
	if err != nil {
		return received{}, err
	}
	text, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
	if err != nil {
		return received{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	return received{ID: msg.Header.Get("Message-Id"), Subject: subject, Text: string(text), Header: msg.Header}, err
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

// guard makes every session want a password over TLS.
type guard struct{ sink *sink }

func (g guard) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &guarded{session: session{sink: g.sink, conn: c}}, nil
}

// trusted gives the sink a certificate which this process trusts as the
// system's roots. It must come before the first check of any certificate.
func trusted(t *testing.T) *tls.Config {
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
