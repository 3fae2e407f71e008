package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

const (
	eventsPath = "/events"
	// liveHeader marks a page that a script fetches again because of an event.
	liveHeader = "X-Live"
)

const (
	heartbeat    = 20 * time.Second // keeps proxies from closing, and looks whether the session holds
	slowestPage  = 10 * time.Second // a browser that takes no bytes for so long is let go
	mostWatches  = 8
	reconnecting = 2 * time.Second // at least; as much again by chance, so that not all come at once
)

// Changed takes a payload of storage.ChannelLive.
func (s *Server) Changed(payload string) {
	if c, ok := changeOf(payload, time.Now()); ok {
		s.live.tell(c)
	}
}

// EndLive ends all open streams with the context, so that the server can stop.
func (s *Server) EndLive(ctx context.Context) {
	<-ctx.Done()
	s.live.close()
}

// events is the stream of an open page: the names of what it watches, each time
// some of it may have changed. The page fetches itself again, with its reader's
// rights of then.
func (s *Server) events(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	watches := r.URL.Query()["watch"]
	if len(watches) == 0 || len(watches) > mostWatches || slices.ContainsFunc(watches, malformed) {
		return errBadForm
	}
	out := stream{w: w, control: http.NewResponseController(w)}
	if err := out.control.SetReadDeadline(time.Time{}); err != nil {
		return fmt.Errorf("keep stream open: %w", err)
	}
	page := newOpenPage(actor.Person, actor.Reads(), watches)
	if !s.live.join(page, madeAt(r)) {
		plain(w, http.StatusServiceUnavailable, "no place")
		return nil
	}
	defer s.live.leave(page)
	s.metrics.live.Inc()
	defer s.metrics.live.Dec()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")    // proxies pass each event on at once
	retry := reconnecting + rand.N(reconnecting) //nolint:gosec // spreads load, hides nothing
	if err := out.send("retry: %d\nid: %d\nevent: hello\ndata: \n\n", retry.Milliseconds(), time.Now().UnixMilli()); err != nil {
		return gone(err)
	}
	return gone(s.follow(r, page, out))
}

// endStream answers a page whose session is over: it asks no more, and the browser
// has nothing to complain about.
func endStream(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/event-stream")
	_, err := io.WriteString(w, "event: end\ndata: \n\n")
	return gone(err)
}

// malformed tells that this is no watch: what is no name or id must not come back
// in a stream of lines.
func malformed(watch string) bool {
	return len(watch) > 200 || strings.ContainsFunc(watch, func(c rune) bool {
		return c != ':' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
	})
}

// madeAt is when the page was made, or told last: changes since are news to it.
func madeAt(r *http.Request) time.Time {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.URL.Query().Get("at")} {
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
			return time.UnixMilli(ms)
		}
	}
	return time.Now()
}

// follow tells the page until it, its session or this program ends.
func (s *Server) follow(r *http.Request, page *openPage, out stream) error {
	ctx := r.Context()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	var due <-chan time.Time
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-page.end:
			return out.send("event: end\ndata: \n\n")
		case <-page.wake:
			due = time.After(time.Until(s.live.due(page)))
		case <-due:
			due = nil
			now := time.Now()
			err = out.send("id: %d\nevent: change\ndata: %s\n\n", now.UnixMilli(), strings.Join(s.live.take(page, now), " "))
		case <-beat.C:
			if !s.stillThere(ctx, page) {
				return out.send("event: end\ndata: \n\n")
			}
			err = out.send(": still here\n\n")
		}
		if err != nil {
			return err
		}
	}
}

// stillThere looks whether the session holds, and which scope its person has now.
// While the database is away there is no news either, so the stream stays.
func (s *Server) stillThere(ctx context.Context, page *openPage) bool {
	_, holds, err := s.store.Sessions().FindCtx(ctx, s.sessions.Token(ctx))
	if err == nil && !holds {
		return false
	}
	var account storage.Account
	if err == nil {
		account, err = s.store.Account(ctx, page.person)
	}
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return false
	case err != nil:
		visitOf(ctx).log.WarnContext(ctx, "look after a stream", "error", err)
		return true
	case account.Stamp != s.sessions.GetString(ctx, stampKey):
		return false
	}
	s.live.reads(page, account.Reads())
	return true
}

// stream writes events, each with its own deadline: a reader who takes none must
// not hold this program up.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (o stream) send(format string, args ...any) error {
	if err := o.control.SetWriteDeadline(time.Now().Add(slowestPage)); err != nil {
		return err
	}
	//nolint:gosec // lines of an event stream, which no browser takes for markup; watches hold no other letters (malformed)
	if _, err := fmt.Fprintf(o.w, format, args...); err != nil {
		return err
	}
	return o.control.Flush()
}
