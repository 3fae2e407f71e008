package config

import (
	"errors"
	"log/slog"
	"net/url"
	"strings"
)

// Proxy is the configuration of the small program that stands before the server and
// answers when it does not.
type Proxy struct {
	Listen   string   // host:port
	Server   *url.URL // where the server listens
	Watch    *url.URL // the watcher's address, which knows since when and until when; nil: none
	Help     []string // whom people call, a line each, where the watcher does not say
	LogLevel slog.Level
}

// LoadProxy reads and checks the proxy's variables, as Load does the others'.
func LoadProxy(getenv func(string) string) (Proxy, error) {
	r := &reader{getenv: getenv}
	p := r.proxy()
	return p, errors.Join(r.problems...)
}

func (r *reader) proxy() Proxy {
	p := Proxy{
		Listen:   r.address("CCHC_PROXY_LISTEN", "127.0.0.1:8088"),
		Server:   r.url("CCHC_PROXY_SERVER", required),
		Watch:    r.url("CCHC_WATCH_URL", optional),
		LogLevel: r.level("CCHC_LOG_LEVEL"),
	}
	for line := range strings.SplitSeq(r.text("CCHC_PROXY_HELP", ""), ";") {
		if line = strings.TrimSpace(line); line != "" {
			p.Help = append(p.Help, line)
		}
	}
	return p
}
