package web

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what this program counts, in a registry of its own.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.HistogramVec // seconds, by method, route and status
	decisions *prometheus.CounterVec   // decision rows stored, by action
	signIns   *prometheus.CounterVec   // by result: ok, refused
	live      prometheus.Gauge         // open pages that hear of changes
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "cchc_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route", "status"}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cchc_decisions_total", Help: "Decision rows stored.",
		}, []string{"action"}),
		signIns: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cchc_sign_ins_total", Help: "Tries to sign in.",
		}, []string{"result"}),
		live: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "cchc_live_pages", Help: "Open pages that are told of changes.",
		}),
	}
	m.registry.MustRegister(m.requests, m.decisions, m.signIns, m.live, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// healthz tells that the program runs.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) {
	plain(w, http.StatusOK, "ok")
}

// readyz tells whether everything that pages need can be reached. The answer
// names what cannot, not why: that is in the log.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 3*time.Second)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		s.log.ErrorContext(ctx, "not ready", "what", "database", "error", err)
		plain(w, http.StatusServiceUnavailable, "database not reachable")
		return
	}
	for name, ask := range s.ready {
		if err := ask(ctx); err != nil {
			s.log.ErrorContext(ctx, "not ready", "what", name, "error", err)
			plain(w, http.StatusServiceUnavailable, name+" not reachable")
			return
		}
	}
	plain(w, http.StatusOK, "ready")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text)
}
