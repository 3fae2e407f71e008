package config

import (
	"errors"
	"log/slog"
	"net/mail"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// Watch is the configuration of the watcher, the separate program that looks at the
// system from outside. It runs on another host and is told nothing of the database.
type Watch struct {
	System  *url.URL      // the address people use, which is looked at
	Every   time.Duration // between two looks
	Witness *url.URL      // an address that is up when the watcher's own line is; nil: none
	Token   string        // with which the system gives it its facts; "": it works without

	Folder string   // everything it keeps
	Site   string   // where it writes the public page and feed
	Listen string   // host:port on which it serves them, and the officers' pages
	URL    *url.URL // under which these are reached

	Operators []mail.Address // told at once, also before there are any facts
	Hook      string         // a program that is run at once; "": none
	Mail      Mail
	LogLevel  slog.Level
}

// LoadWatch reads and checks the watcher's variables, as Load does the others'.
func LoadWatch(getenv func(string) string) (Watch, error) {
	r := &reader{getenv: getenv}
	w := r.watch()
	if len(r.problems) == 0 {
		r.watchTogether(w)
	}
	return w, errors.Join(r.problems...)
}

// watchTogether checks values that are right alone and wrong in company.
func (r *reader) watchTogether(w Watch) {
	r.mailTogether(w.Mail)
	// A web server shows all that is in the site: the key of the officers' links too, if it is there.
	if inside, err := filepath.Rel(w.Site, w.Folder); err == nil && filepath.IsLocal(inside) {
		r.refuse("CCHC_WATCH_SITE", "must be neither CCHC_WATCH_DATA nor a folder above it: everybody can read it")
	}
	if w.Witness != nil && w.Witness.Hostname() == w.System.Hostname() && w.Witness.Port() == w.System.Port() {
		r.refuse("CCHC_WATCH_WITNESS", "is the system itself: it must be up when only the system is down")
	}
}

func (r *reader) watch() Watch {
	w := Watch{
		System:    r.url("CCHC_PUBLIC_URL", required),
		Every:     time.Duration(r.whole("CCHC_WATCH_SECONDS", 30, 1, 300)) * time.Second,
		Witness:   r.url("CCHC_WATCH_WITNESS", optional),
		Token:     r.secret("CCHC_WATCH_TOKEN_FILE"),
		Folder:    r.path("CCHC_WATCH_DATA", required),
		Site:      r.path("CCHC_WATCH_SITE", optional),
		Listen:    r.address("CCHC_WATCH_LISTEN", "127.0.0.1:8090"),
		URL:       r.url("CCHC_WATCH_URL", required),
		Operators: r.mailboxes("CCHC_WATCH_OPERATORS"),
		Hook:      r.path("CCHC_WATCH_HOOK", optional),
		Mail:      r.mail(),
		LogLevel:  r.level("CCHC_LOG_LEVEL"),
	}
	if w.Site == "" {
		w.Site = filepath.Join(w.Folder, "site")
	}
	return w
}

// mailboxes are mail addresses with commas between them.
func (r *reader) mailboxes(name string) []mail.Address {
	value := r.look(name, "", optional)
	if value == "" {
		return nil
	}
	list, err := mail.ParseAddressList(value)
	if err != nil {
		r.refuse(name, "%q is not a list of mail addresses", value)
		return nil
	}
	var out []mail.Address
	for _, one := range list {
		out = append(out, mail.Address{Name: strings.TrimSpace(one.Name), Address: one.Address})
	}
	return out
}
