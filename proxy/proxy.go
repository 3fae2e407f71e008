package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"cchc/config"
	"cchc/templates/bulletin"
)

const (
	dialTimeout   = 3 * time.Second
	answerTimeout = 75 * time.Second // the server itself gives up after a minute
	retryAfter    = "60"             // seconds
)

// proxy passes requests on, and tells people what is the matter when it cannot.
type proxy struct {
	forward *httputil.ReverseProxy
	known   *knowledge
	log     *slog.Logger
}

func newProxy(cfg config.Proxy, log *slog.Logger) *proxy {
	p := &proxy{known: newKnowledge(cfg), log: log}
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	p.forward = &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { passOn(r, cfg.Server) },
		FlushInterval: -1, // streams of news go on at once
		ErrorHandler:  p.unavailable,
		ErrorLog:      slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, ResponseHeaderTimeout: answerTimeout,
			MaxIdleConnsPerHost: 100, IdleConnTimeout: 90 * time.Second,
		},
		ModifyResponse: func(*http.Response) error { p.known.answered(); return nil },
	}
	return p
}

// passOn sends a request to the server as it came. Who asks is said by what stands
// before this program, if anything does.
func passOn(r *httputil.ProxyRequest, server *url.URL) {
	r.SetURL(server)
	r.Out.Host = r.In.Host
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"} {
		if r.In.Header.Get(name) != "" {
			r.Out.Header[name] = r.In.Header[name]
		}
	}
	if r.In.Header.Get("X-Forwarded-For") == "" {
		r.SetXForwarded()
	}
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := &sent{ReadCloser: r.Body}
	r = r.WithContext(context.WithValue(r.Context(), sentKey{}, body)) // the forwarder wraps the body, and keeps the context
	r.Body = body
	p.forward.ServeHTTP(w, r)
}

// sentKey is where a request's context holds its body, a *sent.
type sentKey struct{}

// sent is what a reader sends; broken: the reader broke off.
type sent struct {
	io.ReadCloser
	broken atomic.Bool
}

func (s *sent) Read(into []byte) (int, error) {
	n, err := s.ReadCloser.Read(into)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, http.ErrBodyReadAfterClose) { // who closes it is this program
		s.broken.Store(true)
	}
	return n, err
}

// unavailable answers for a server that does not.
func (p *proxy) unavailable(w http.ResponseWriter, r *http.Request, err error) {
	if body, is := r.Context().Value(sentKey{}).(*sent); errors.Is(err, context.Canceled) || is && body.broken.Load() {
		// The reader has left, or sent what cannot be read: that says nothing of the server,
		// and whoever is still there must not take it for done.
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	p.log.WarnContext(r.Context(), "the server does not answer", "method", r.Method, "path", r.URL.Path, "error", err)
	state := p.known.missed(r.Context())
	h := w.Header()
	h.Set("Retry-After", retryAfter)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if !readsPages(r) {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src "+bulletin.StyleSource()+"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	page, err := bulletin.Unavailable(state, again(r))
	if err != nil {
		p.log.ErrorContext(r.Context(), "write page", "error", err)
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(page) //nolint:gosec // html/template wrote it; who has left is told nothing
}

// again is where to try again: the page that was asked for, or the one whose form was
// sent.
func again(r *http.Request) string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return here(r.URL)
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return here(from)
	}
	return "/"
}

// here is an address as a path of this site. With two slashes at its front it would
// lead to any other one, from a page that people trust.
func here(address *url.URL) string { return "/" + strings.TrimLeft(address.RequestURI(), "/") }

// readsPages tells a person's browser from a script's or a program's question.
func readsPages(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	return accept == "" || strings.Contains(accept, "text/html")
}
