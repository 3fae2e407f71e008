package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"cchc/dev/logs"
)

// service is a program that must always run: when it ends it is said and
// started again, after a pause that doubles while it keeps ending soon.
type service struct {
	program
	ready string // address that answers 200 once it works; "": not asked
	off   string // a file: while it is there, the program is kept stopped
	out   *report

	mutex    sync.Mutex
	running  *child
	stopping bool
}

const (
	firstPause  = time.Second
	longestWait = 30 * time.Second
	steady      = time.Minute // a run as long as this was no failure to start
	switchEvery = 500 * time.Millisecond
)

// start starts the program and looks after it until stop.
func (s *service) start() error {
	if err := s.launch(); err != nil {
		return err
	}
	go s.lookAfter()
	return nil
}

func (s *service) launch() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.stopping {
		return nil
	}
	c, err := startChild(s.program)
	if err != nil {
		return err
	}
	s.running = c
	return nil
}

func (s *service) current() (c *child, stopping bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.running, s.stopping
}

func (s *service) lookAfter() {
	pause := firstPause
	for {
		c, _ := s.current()
		began := time.Now()
		s.untilEnded(c)
		if _, stopping := s.current(); stopping {
			return
		}
		if time.Since(began) > steady {
			pause = firstPause
		}
		if s.isOff() {
			s.out.say("%s is stopped; make start PART=%s starts it again", s.name, s.name)
			if !s.untilOn() {
				return
			}
			s.out.say("starting %s again", s.name)
		} else {
			s.out.say("%s has ended (%v); its last words (%s):\n%s\nstarting it again in %v",
				s.name, c.err, s.log, logs.Tail(s.log, 5), pause)
			time.Sleep(pause)
			pause = min(2*pause, longestWait)
		}
		if err := s.launch(); err != nil {
			s.out.say("%v", err)
		}
		if _, stopping := s.current(); stopping {
			return
		}
	}
}

// untilEnded returns when the program has ended, by itself or switched off.
func (s *service) untilEnded(c *child) {
	for {
		select {
		case <-c.ended:
			return
		case <-time.After(switchEvery):
		}
		if s.isOff() {
			c.stop()
			return
		}
	}
}

// untilOn waits until the program is no longer switched off; false: nothing is to run
// any more.
func (s *service) untilOn() bool {
	for s.isOff() {
		if _, stopping := s.current(); stopping {
			return false
		}
		time.Sleep(switchEvery)
	}
	return true
}

func (s *service) isOff() bool {
	_, err := os.Stat(s.off)
	return s.off != "" && err == nil
}

// stop ends the program and the looking after.
func (s *service) stop() {
	s.mutex.Lock()
	s.stopping = true
	c := s.running
	s.mutex.Unlock()
	if c != nil {
		c.stop()
	}
}

// await returns when the program answers that it works. One that ends instead
// is a failure: at the first start nobody waits for a restart.
func (s *service) await(ctx context.Context, patience time.Duration) error {
	c, _ := s.current()
	client := http.Client{Timeout: 2 * time.Second}
	last := errors.New("no answer")
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.ready, http.NoBody)
		if err != nil {
			return err
		}
		answer, err := client.Do(request)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
			err = errors.New(answer.Status)
		}
		last = err
		select {
		case <-c.ended:
			return fmt.Errorf("%s: %w, its last words (%s):\n%s", s.name, errOr(c.err), s.log, logs.Tail(s.log, 10))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s is not ready after %v (%w), its last words (%s):\n%s",
		s.name, patience, last, s.log, logs.Tail(s.log, 10))
}

// errOr names an end that was no error, which for a service is one.
func errOr(err error) error {
	if err == nil {
		return errors.New("ended by itself")
	}
	return err
}
