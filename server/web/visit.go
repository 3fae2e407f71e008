package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"cchc/storage"
)

// visit is one request's company: its id in logs, audit and error pages, and who
// is asking.
type visit struct {
	id      string
	log     *slog.Logger
	session bool // the session has been loaded
	account storage.Account
	begun   time.Time
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// visits gives each request its id, measures it and writes its line in the log.
func (s *Server) visits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := requestID()
		v := &visit{id: id, log: s.log.With("request", id), begun: time.Now()}
		w.Header().Set("X-Request-Id", id)
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		r = r.WithContext(s.store.Sessions().With(context.WithValue(r.Context(), visitKey{}, v)))
		next.ServeHTTP(wrapped, r)
		s.tell(r, v, wrapped, time.Since(v.begun))
		s.noteAttempt(r, v, wrapped.Status())
	})
}

func (s *Server) tell(r *http.Request, v *visit, w middleware.WrapResponseWriter, took time.Duration) {
	status := w.Status()
	if status == 0 {
		status = http.StatusOK
	}
	pattern := chi.RouteContext(r.Context()).RoutePattern()
	if pattern != eventsPath { // open as long as its page: that is no time to answer
		s.metrics.requests.WithLabelValues(methodLabel(r.Method), pattern, strconv.Itoa(status)).Observe(took.Seconds())
	}
	level := slog.LevelInfo
	if strings.HasPrefix(pattern, "/static") || pattern == eventsPath || pattern == "/healthz" || pattern == "/readyz" {
		level = slog.LevelDebug
	}
	line := []any{
		"method", r.Method, "route", pattern, "path", r.URL.Path, "status", status,
		"bytes", w.BytesWritten(), "ms", took.Milliseconds(), "address", clientAddress(r),
	}
	if v.account.Person != 0 {
		line = append(line, "person", v.account.Person)
	}
	if id := chi.URLParam(r, "id"); id != "" && strings.HasPrefix(pattern, "/documents/") {
		line = append(line, "document", id)
	}
	v.log.Log(r.Context(), level, "request", line...)
}

// methodLabel keeps the number of series bounded: a method is any word its sender
// likes.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost:
		return method
	}
	return "other"
}

// requestID is short enough to be read out on the telephone.
func requestID() string {
	random := make([]byte, 5)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	return strings.ToUpper(hex.EncodeToString(random))
}
