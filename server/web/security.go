package web

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/httprate"

	"cchc/storage"
)

// contentPolicy allows what this server serves and nothing else: no inline
// script or style, no frames around it, forms to itself.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; " +
	"base-uri 'none'; frame-ancestors 'none'"

// secures sets the headers that every answer carries.
func (s *Server) secures(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // pages show what only their reader may see
		if s.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// filePolicy is that of a font, a sheet, a script or a picture: opened by itself it
// may load nothing.
const filePolicy = "default-src 'none'"

// lightens takes off static files what only documents need: two dozen of them come
// with a first page, and these headers would weigh some ten kilobytes on the line.
func lightens(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", filePolicy)
		for _, name := range []string{"Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} {
			h.Del(name)
		}
		next.ServeHTTP(w, r)
	})
}

// crossOrigin refuses forms that another site sent (CSRF).
func (s *Server) crossOrigin(public *url.URL) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(public.Scheme + "://" + public.Host); err != nil {
		return nil, err
	}
	return protection, nil
}

// refusesForeign is CSRF protection whose refusal is audited and shown as ours.
func (s *Server) refusesForeign(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.foreign.Check(r); err != nil {
			s.answer(w, r, errForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// clientAddress is who asks. A proxy of ours appends the address it saw; both
// are told, because whoever reaches this port directly can write that header.
func clientAddress(r *http.Request) string {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		peer = r.RemoteAddr
	}
	passed := r.Header.Values("X-Forwarded-For")
	if len(passed) == 0 {
		return peer
	}
	last := passed[len(passed)-1]
	last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
	if net.ParseIP(last) == nil {
		return peer
	}
	return last + " via " + peer
}

// limits keeps guessing slow: by address, which an office shares, and by the
// account that is tried, from wherever.
func (s *Server) limits(next http.Handler) http.Handler {
	refuse := httprate.WithLimitHandler(s.tooMany)
	byAddress := httprate.LimitBy(120, time.Minute, addressKey, refuse)
	byName := httprate.LimitBy(10, time.Minute, usernameKey, refuse)
	return byAddress(byName(next))
}

func addressKey(r *http.Request) (string, error) { return clientAddress(r), nil }

// usernameKey limits tries at one account from many addresses.
func usernameKey(r *http.Request) (string, error) {
	name := visitOf(r.Context()).account.Username
	if name == "" {
		name = storage.Fold(r.PostFormValue("username"))
	}
	if name == "" {
		return "address " + clientAddress(r), nil
	}
	return "name " + name, nil
}
