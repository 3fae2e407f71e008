package storage

import (
	"context"
	"fmt"
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
// may have happened. Connections that break come back by themselves.
func (s *Store) Listen(ctx context.Context, hear map[string]func(payload string)) error {
	listener := pq.NewListener(s.url, time.Second, 30*time.Second, func(event pq.ListenerEventType, err error) {
		if err != nil {
			s.log().WarnContext(ctx, "listening to the database", "event", int(event), "error", err)
		}
	})
	defer func() { _ = listener.Close() }()
	for channel := range hear {
		if err := listener.Listen(channel); err != nil {
			return fmt.Errorf("listen for %s: %w", channel, err)
		}
	}
	ping := time.NewTicker(time.Minute)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case n := <-listener.Notify:
			if n != nil {
				hear[n.Channel](n.Extra)
				continue
			}
			for _, tell := range hear {
				tell("")
			}
		case <-ping.C: // finds a connection that died silently
			go func() { _ = listener.Ping() }()
		}
	}
}
