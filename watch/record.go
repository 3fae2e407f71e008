package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"cchc/domain/outage"
)

// record is one outage as it is kept in outages/<id>.json: what the system is told of
// it, and what concerns the watcher alone.
type record struct {
	outage.Report

	Asked   []outage.Delivery  `json:"asked"` // the officers of the last asking
	AskedAt time.Time          `json:"asked_at,omitzero"`
	Askings int                `json:"askings"`
	Used    []string           `json:"used"` // links that have given their word
	Back    []outage.Delivery  `json:"back"` // who was told that it is over
	Hooks   map[string]hookRun `json:"hooks"`

	Taken   int       `json:"taken"` // the version that the system has taken
	TriedAt time.Time `json:"tried_at,omitzero"`
}

// hookRun is how often the hook was run for an event.
type hookRun struct {
	Tries int       `json:"tries"`
	Next  time.Time `json:"next,omitzero"`
	Done  bool      `json:"done"`
}

// idOf is an outage's id: its beginning.
func idOf(span outage.Span) string { return span.From.UTC().Format("20060102T150405Z") }

// changed counts a change that the system is to be told.
func (r *record) changed() { r.Version++ }

// waits tells whether a notice is before its officers.
func (r *record) waits() bool {
	return r.Notice != nil && r.Notice.Released.IsZero() && r.Span.Open() && !r.StoodBack
}

// over tells whether nothing is left to be done for the outage.
func (r *record) over() bool {
	if r.Span.Open() || r.Taken < r.Version || !settled(r.Told) || !settled(r.Back) {
		return false
	}
	for _, run := range r.Hooks {
		if !run.Done {
			return false
		}
	}
	if r.Notice != nil && !r.Notice.Released.IsZero() && r.Notice.Done.IsZero() {
		return false
	}
	return r.Quiet || r.StoodBack || r.AllClear != nil && !r.AllClear.Done.IsZero()
}

func settled(deliveries []outage.Delivery) bool {
	for _, d := range deliveries {
		if !d.Settled() {
			return false
		}
	}
	return true
}

// recipient is somebody who gets a mail.
type recipient struct{ Name, Mail, Unit string }

// deliveries are the mails of one kind about an outage, each under an id of its own
// that no second try changes.
func deliveries(domain, id, kind string, to []recipient) []outage.Delivery {
	out := make([]outage.Delivery, 0, len(to))
	for _, one := range to {
		address := outage.Address(one.Mail)
		sum := sha256.Sum256([]byte(address))
		out = append(out, outage.Delivery{
			Mail: address, Unit: one.Unit,
			MessageID: fmt.Sprintf("%s.%s.%s@%s", id, kind, hex.EncodeToString(sum[:8]), domain),
		})
	}
	return out
}

// settle notes what became of one attempt.
func settle(d *outage.Delivery, v outcome, now time.Time) {
	d.Attempts++
	d.Why = v.why
	switch {
	case v.accepted:
		d.Accepted, d.Next, d.Why = v.at, time.Time{}, ""
	case v.refused, d.Attempts >= mostAttempts:
		d.Refused, d.Next = now, time.Time{}
	default:
		d.Next = now.Add(min(firstRetry<<min(d.Attempts-1, 10), longestRetry))
	}
}

// A mail that its server does not take now is tried after a minute, doubling to an
// hour; after some three days of that it has failed.
const (
	firstRetry   = time.Minute
	longestRetry = time.Hour
	mostAttempts = 78
)

// outcome is what the mail server said of one mail.
type outcome struct {
	accepted, refused bool
	at                time.Time
	why               string
}
