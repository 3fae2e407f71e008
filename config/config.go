// Package config holds what the programs are told from outside: one struct, read from
// environment variables, the same for server and worker, and a small one for the
// separate watcher.
//
// Every variable stands in docs/configuration.md; a test holds the table and
// this package together. Load looks at all variables before it answers, so
// that an operator mends a bad configuration in one pass. Nothing here opens a
// connection, and nothing else in the programs reads the environment.
package config

import (
	"errors"
	"log/slog"
	"net/url"
	"path/filepath"
)

// Config is the whole configuration of server and worker. Every field has been
// checked by Load; paths are absolute.
type Config struct {
	// DatabaseURL connects as the role cchc_app, which may not change the
	// schema nor rewrite histories. DatabaseOwnerURL connects as cchc_owner and
	// is set for the migrate command alone; read it through MigrationURL.
	DatabaseURL      string
	DatabaseOwnerURL string

	Listen            string   // server: pages, host:port
	AdminListen       string   // server: health and metrics, host:port
	WorkerAdminListen string   // worker: health and metrics, host:port
	PublicURL         *url.URL // the address people use: links in mails, the same-origin check

	Temporal Temporal
	Mail     Mail

	Files string // folder of files kept by hash, shared by server and worker
	// Announcements is the folder of the public page, feed and prints of announcements
	// about outages; a proxy may serve it. Shared like Files.
	Announcements string
	Keys          string // folder of PKCS#12 signing keys; empty: nobody can sign here
	TrustRoots    string // PEM file of the certificate authorities whose signatures count

	WatchToken string // by which the separate watcher is known; empty: there is none

	CookieSecure bool
	LogLevel     slog.Level
	Demo         bool // demo accounts on the sign-in page; keys without legal value
	DemoYear     bool // whether `server demo-year` makes a year of documents
}

// Temporal says where the workflow engine is.
type Temporal struct {
	Address       string // host:port of its frontend
	Namespace     string
	RetentionDays int      // days a closed workflow's history is kept
	CA            string   // PEM file; empty: no TLS unless Cert is set
	Cert, Key     string   // PEM files of the client certificate; both or neither
	UIURL         *url.URL // nil: pages show no link to the engine's own pages
}

// TLS tells whether the connection to the engine is encrypted.
func (t Temporal) TLS() bool { return t.CA != "" || t.Cert != "" }

// Mail says how notices leave the house.
type Mail struct {
	Address  string // host:port of the SMTP server; empty: mails stay queued
	User     string // empty: no sign-in
	Password string // read from the file named by CCHC_SMTP_PASSWORD_FILE
	TLS      MailTLS
	From     string // RFC 5322 address, may carry a display name
}

// MailTLS is how the SMTP connection is protected.
type MailTLS string

// The protections of an SMTP connection.
const (
	MailStartTLS MailTLS = "starttls" // upgraded after the greeting, refused if impossible
	MailImplicit MailTLS = "tls"      // encrypted from the first byte (port 465)
	MailPlain    MailTLS = "none"     // a relay on the same machine
)

// ErrNoOwner is the answer of MigrationURL when the owner's database URL is not set.
var ErrNoOwner = errors.New("DATABASE_OWNER_URL: is needed to migrate the database")

// MigrationURL is the database URL of the schema's owner, or ErrNoOwner.
func (c Config) MigrationURL() (string, error) {
	if c.DatabaseOwnerURL == "" {
		return "", ErrNoOwner
	}
	return c.DatabaseOwnerURL, nil
}

// Load reads and checks every variable through getenv (os.Getenv in the
// programs). The error lists all bad values, one a line, each beginning with
// the variable's name; the Config is then not to be used.
func Load(getenv func(string) string) (Config, error) {
	r := &reader{getenv: getenv}
	c := r.config()
	if len(r.problems) == 0 {
		r.together(c)
	}
	if c.Announcements == "" {
		c.Announcements = filepath.Join(c.Files, "announcements")
	}
	return c, errors.Join(r.problems...)
}

func (r *reader) config() Config {
	return Config{
		DatabaseURL:       r.database("DATABASE_URL", required),
		DatabaseOwnerURL:  r.database("DATABASE_OWNER_URL", optional),
		Listen:            r.address("CCHC_LISTEN", "127.0.0.1:8080"),
		AdminListen:       r.address("CCHC_ADMIN_LISTEN", "127.0.0.1:8081"),
		WorkerAdminListen: r.address("CCHC_WORKER_ADMIN_LISTEN", "127.0.0.1:8082"),
		PublicURL:         r.url("CCHC_PUBLIC_URL", required),
		Temporal: Temporal{
			Address:       r.address("CCHC_TEMPORAL_ADDRESS", "127.0.0.1:7233"),
			Namespace:     r.text("CCHC_TEMPORAL_NAMESPACE", "cchc"),
			RetentionDays: r.whole("CCHC_RETENTION_DAYS", 90, 1, 3650),
			CA:            r.file("CCHC_TEMPORAL_TLS_CA"),
			Cert:          r.file("CCHC_TEMPORAL_TLS_CERT"),
			Key:           r.file("CCHC_TEMPORAL_TLS_KEY"),
			UIURL:         r.url("CCHC_TEMPORAL_UI_URL", optional),
		},
		Mail:          r.mail(),
		Files:         r.path("CCHC_FILES", required),
		Announcements: r.path("CCHC_ANNOUNCEMENTS", optional),
		Keys:          r.path("CCHC_KEYS", optional),
		TrustRoots:    r.path("CCHC_TRUST_ROOTS", optional),
		WatchToken:    r.secret("CCHC_WATCH_TOKEN_FILE"),
		CookieSecure:  r.truth("CCHC_COOKIE_SECURE", true),
		LogLevel:      r.level("CCHC_LOG_LEVEL"),
		Demo:          r.truth("CCHC_DEMO", false),
		DemoYear:      r.truth("CCHC_DEMO_YEAR", true),
	}
}

func (r *reader) mail() Mail {
	return Mail{
		Address:  r.address("CCHC_SMTP_ADDRESS", ""),
		User:     r.text("CCHC_SMTP_USER", ""),
		Password: r.secret("CCHC_SMTP_PASSWORD_FILE"),
		TLS: MailTLS(r.choice("CCHC_SMTP_TLS", string(MailStartTLS),
			string(MailImplicit), string(MailPlain))),
		From: r.mailbox("CCHC_MAIL_FROM"),
	}
}

func (r *reader) mailTogether(m Mail) {
	if m.Address != "" && m.From == "" {
		r.refuse("CCHC_MAIL_FROM", "is needed with CCHC_SMTP_ADDRESS")
	}
	if (m.User == "") != (m.Password == "") {
		r.refuse("CCHC_SMTP_USER", "goes with CCHC_SMTP_PASSWORD_FILE: set both or neither")
	}
}

// together checks values that are right alone and wrong in company.
func (r *reader) together(c Config) {
	if (c.Temporal.Cert == "") != (c.Temporal.Key == "") {
		r.refuse("CCHC_TEMPORAL_TLS_CERT", "goes with CCHC_TEMPORAL_TLS_KEY: set both or neither")
	}
	if c.Keys != "" && c.TrustRoots == "" {
		r.refuse("CCHC_TRUST_ROOTS", "is needed with CCHC_KEYS: a signature is checked against these roots")
	}
	r.mailTogether(c.Mail)
	// A browser drops a secure cookie that came over http: sign-in would fail without a word.
	secure := c.PublicURL.Scheme == "https"
	if c.CookieSecure != secure {
		r.refuse("CCHC_COOKIE_SECURE", "must be true when CCHC_PUBLIC_URL is https and false when it is http")
	}
}
