package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// need tells whether a variable without default may be missing.
type need bool

const (
	required need = true
	optional need = false
)

// reader turns variables into values and collects what is wrong with them. It
// remembers every variable it was asked for, for the test of the documentation.
type reader struct {
	getenv   func(string) string
	problems []error
	seen     []variable
}

// variable is a name the programs look at, and what holds when it is unset.
type variable struct {
	name, fallback string
	need           need
}

func (r *reader) refuse(name, format string, args ...any) {
	r.problems = append(r.problems, fmt.Errorf("%s: %s", name, fmt.Sprintf(format, args...)))
}

func (r *reader) look(name, fallback string, n need) string {
	r.seen = append(r.seen, variable{name, fallback, n})
	value := strings.TrimSpace(r.getenv(name))
	if value == "" {
		value = fallback
	}
	if value == "" && n == required {
		r.refuse(name, "is not set")
	}
	return value
}

func (r *reader) text(name, fallback string) string { return r.look(name, fallback, optional) }

// database never repeats the value in a problem: it may hold a password.
func (r *reader) database(name string, n need) string {
	value := r.look(name, "", n)
	if value == "" {
		return ""
	}
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		r.refuse(name, "is not a URL like postgres://user@host:5432/database")
	}
	return value
}

func (r *reader) address(name, fallback string) string {
	value := r.look(name, fallback, optional)
	if value == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(value)
	if err != nil {
		r.refuse(name, "%q is not host:port", value)
		return value
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		r.refuse(name, "%q has no port between 0 and 65535", value)
	}
	return value
}

func (r *reader) url(name string, n need) *url.URL {
	value := r.look(name, "", n)
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		r.refuse(name, "%q is not an http or https address", value)
		return nil
	}
	return u
}

func (r *reader) whole(name string, fallback, least, most int) int {
	value := r.look(name, strconv.Itoa(fallback), optional)
	n, err := strconv.Atoi(value)
	if err != nil || n < least || n > most {
		r.refuse(name, "%q is not a whole number from %d to %d", value, least, most)
	}
	return n
}

func (r *reader) truth(name string, fallback bool) bool {
	value := r.look(name, strconv.FormatBool(fallback), optional)
	if value != "true" && value != "false" {
		r.refuse(name, "%q is neither true nor false", value)
	}
	return value == "true"
}

func (r *reader) choice(name, fallback string, others ...string) string {
	value := r.look(name, fallback, optional)
	if value != fallback && !slices.Contains(others, value) {
		r.refuse(name, "%q is none of %s, %s", value, fallback, strings.Join(others, ", "))
	}
	return value
}

func (r *reader) level(name string) slog.Level {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	return levels[r.choice(name, "info", "debug", "warn", "error")]
}

func (r *reader) mailbox(name string) string {
	value := r.look(name, "", optional)
	if value == "" {
		return ""
	}
	if _, err := mail.ParseAddress(value); err != nil {
		r.refuse(name, "%q is not a mail address", value)
	}
	return value
}

// path is absolute, because two programs started from two folders must mean
// the same place. It need not exist yet.
func (r *reader) path(name string, n need) string {
	value := r.look(name, "", n)
	if value != "" && !filepath.IsAbs(value) {
		r.refuse(name, "%q is not an absolute path", value)
	}
	return value
}

// file is the path of a file that can be read now.
func (r *reader) file(name string) string {
	value := r.path(name, optional)
	if value == "" {
		return ""
	}
	f, err := os.Open(value)
	if err != nil {
		r.refuse(name, "%v", err)
		return value
	}
	_ = f.Close()
	return value
}

// secret is the content of the named file without its line end. A secret comes
// in a file and not in a variable, where every child process would see it.
func (r *reader) secret(name string) string {
	value := r.path(name, optional)
	if value == "" {
		return ""
	}
	content, err := os.ReadFile(value)
	if err != nil {
		r.refuse(name, "%v", err)
		return ""
	}
	word := strings.TrimRight(string(content), "\r\n")
	if word == "" {
		r.refuse(name, "%s is empty", value)
	}
	return word
}
