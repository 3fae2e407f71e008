package storage

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/lib/pq"
)

// What the database notifies. Payloads are ids only, and may be lost.
const (
	ChannelDecision = "decision" // a decision has been answered: its number
	ChannelLive     = "live"     // a document ("d:<id>") or many of a campaign ("c:<code>") changed
)

// Listen hears what the database notifies until the context ends: one connection
// for all channels. Each notification goes to its channel's function, which must
// not wait; an empty payload tells that the connection was away, so that anything
// may have happened. Connections that break come back by themselves. Meanwhile the
// store keeps the working calendar.
func (s *Store) Listen(ctx context.Context, hear map[string]func(payload string)) error {
	listener := pq.NewListener(s.url, time.Second, 30*time.Second, func(event pq.ListenerEventType, err error) {
		s.days.hear(event)
		if err != nil {
			s.log().WarnContext(ctx, "listening to the database", "event", int(event), "error", err)
		}
	})
	defer func() {
		_ = listener.Close()
		s.days.hear(pq.ListenerEventDisconnected)
	}()
	all := map[string]func(string){channelCalendar: func(string) { s.days.forget() }}
	maps.Copy(all, hear)
	for channel := range all {
		if err := listener.Listen(channel); err != nil {
			return fmt.Errorf("listen for %s: %w", channel, err)
		}
	}
	s.days.forget() // it may have changed before it was listened for
	ping := time.NewTicker(time.Minute)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case n := <-listener.Notify:
			if n != nil {
				all[n.Channel](n.Extra)
				continue
			}
			for _, tell := range all {
				tell("")
			}
		case <-ping.C: // finds a connection that died silently
			go func() { _ = listener.Ping() }()
		}
	}
}
