package storage

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
)

// Answers lets requests wait for what becomes of their decisions. Notifications
// carry ids only and may be lost: the row is also read every so often, so that
// waiting works, later, without the listener.
type Answers struct {
	store   *Store
	mu      sync.Mutex
	waiters map[*Waiter]struct{}
}

// answerPoll is how often a waiter reads its row without being told to.
const answerPoll = 500 * time.Millisecond

// Answers makes the waiting room; Store.Listen tells it by Hear.
func (s *Store) Answers() *Answers {
	return &Answers{store: s, waiters: map[*Waiter]struct{}{}}
}

// Hear wakes those whom a notification of ChannelDecision concerns; an empty one
// (the connection was away) concerns everybody.
func (a *Answers) Hear(payload string) {
	var id int64
	if payload != "" {
		var err error
		if id, err = strconv.ParseInt(payload, 10, 64); err != nil {
			return
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for w := range a.waiters {
		if id == 0 || w.decision == 0 || w.decision == id {
			select {
			case w.wake <- struct{}{}:
			default: // it has been woken already
			}
		}
	}
}

// Waiter is one request that is going to wait.
type Waiter struct {
	answers  *Answers
	decision int64 // 0: not known yet, every notification wakes it
	wake     chan struct{}
}

// Register takes a place before the decision is inserted, so that an answer that
// comes at once is not missed. Leave it when done.
func (a *Answers) Register() *Waiter {
	w := &Waiter{answers: a, wake: make(chan struct{}, 1)}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiters[w] = struct{}{}
	return w
}

// Leave gives the place back.
func (w *Waiter) Leave() {
	w.answers.mu.Lock()
	defer w.answers.mu.Unlock()
	delete(w.answers.waiters, w)
}

// Wait reads the decision until it is answered or the time is over; then the
// answer comes back as it stands, without an outcome.
func (w *Waiter) Wait(ctx context.Context, id, person int64, timeout time.Duration) (Answer, error) {
	w.answers.mu.Lock()
	w.decision = id
	select {
	case <-w.wake: // of others' decisions, or of ours: the row is read now anyway
	default:
	}
	w.answers.mu.Unlock()
	over := time.NewTimer(timeout)
	defer over.Stop()
	poll := time.NewTicker(answerPoll)
	defer poll.Stop()
	for {
		answer, err := w.answers.store.DecisionAnswer(ctx, id, person)
		if err != nil || answer.Outcome != "" {
			return answer, err
		}
		select {
		case <-w.wake:
		case <-poll.C:
		case <-over.C:
			return w.answers.store.DecisionAnswer(ctx, id, person)
		case <-ctx.Done():
			return answer, ctx.Err()
		}
	}
}

// DecisionUnder finds a person's decision by the key of the form it came from.
func (s *Store) DecisionUnder(ctx context.Context, key uuid.UUID, person int64) (Answer, error) {
	const find = `select id from decisions where key = $1 and person_id = $2`
	var id int64
	if err := s.db.GetContext(ctx, &id, find, key, person); err != nil {
		return Answer{}, wrap("find decision", err)
	}
	return s.DecisionAnswer(ctx, id, person)
}
