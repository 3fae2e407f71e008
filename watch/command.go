package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

// command is what an officer or operator does on the watcher's host.
type command struct {
	folder folder
	out    io.Writer
	now    time.Time
}

// commandLayout is how a command takes an instant: without a space.
const commandLayout = "2006-01-02T15:04"

const usage = `usage: watch [list | show ID | amend ID [-number N] [-until 2026-10-05T17:00] [-note TEXT] | approve ID -by MAIL [-name NAME -party authority|it]]`

func (c command) run(args []string) error {
	if len(args) == 1 && args[0] == "list" {
		return c.list()
	}
	if len(args) < 2 {
		return errors.New(usage)
	}
	switch args[0] {
	case "show":
		return c.show(args[1])
	case "amend":
		return c.amend(args[1], args[2:])
	case "approve":
		return c.approve(args[1], args[2:])
	}
	return errors.New(usage)
}

func (c command) list() error {
	ids, err := c.folder.outages()
	if err != nil {
		return err
	}
	for _, id := range ids {
		r, err := c.folder.outage(id)
		if err != nil {
			return err
		}
		c.say("%s  %s  %s", id, spanText(r.Span), standing(r))
	}
	if len(ids) == 0 {
		c.say("no outage on record")
	}
	return nil
}

func (c command) show(id string) error {
	r, err := c.folder.outage(id)
	if err != nil {
		return err
	}
	c.say("outage %s, %s: %s", id, spanText(r.Span), standing(r))
	if !r.Due.IsZero() {
		c.say("notice due %s", clock(r.Due))
	}
	if r.Notice == nil {
		return nil
	}
	c.say("\n%s %s\n\n%s\n", r.Notice.Number, r.Notice.Title, strings.Join(r.Notice.Text, "\n\n"))
	facts := c.facts()
	for _, a := range r.Notice.Approvals {
		if a.Hash == r.Notice.Hash {
			c.say("approved for %s by %s, %s", a.Party, a.Name, clock(a.At))
		}
	}
	if r.waits() {
		c.say("waits for %v", r.Notice.Lacks(needs(facts)))
	}
	accepted, refused := counted(r.Notice.Sent)
	c.say("mails: %d accepted, %d refused, of %d", accepted, refused, len(r.Notice.Sent))
	return nil
}

func (c command) approve(id string, args []string) error {
	flags := flag.NewFlagSet("approve", flag.ContinueOnError)
	by := flags.String("by", "", "mail address of the officer")
	name := flags.String("name", "", "name, where the officer is not among the facts")
	party := flags.String("party", "", "authority or it, where the officer is not among the facts or is of both")
	if err := flags.Parse(args); err != nil {
		return err
	}
	facts := c.facts()
	word, err := wordOf(facts, *by, *name, outage.Party(*party))
	if err != nil {
		return err
	}
	word.At, word.Road = c.now, "command"
	r, err := c.folder.change(id, func(r *record) error {
		if r.Notice == nil {
			return errors.New("no notice was drafted yet")
		}
		word.Hash = r.Notice.Hash
		return approve(r, word, "")
	})
	if err != nil {
		return err
	}
	if lacking := r.Notice.Lacks(needs(facts)); len(lacking) > 0 {
		c.say("approved by %s; waits for %v", word.Name, lacking)
		return nil
	}
	c.say("approved by %s; the running watch sends it now", word.Name)
	return nil
}

// wordOf finds out whose word it is. Who is not among the facts must be named: there
// may be no facts at all.
func wordOf(facts outage.Facts, by, name string, party outage.Party) (outage.Approval, error) {
	parties := []outage.Party{outage.Authority, outage.IT}
	if party != "" {
		parties = []outage.Party{party}
	}
	officer := officerOf(facts, parties, by)
	if officer.Party == "" || party != "" && officer.Party != party {
		officer = outage.Officer{Name: name, Mail: by, Party: party}
	}
	switch {
	case by == "":
		return outage.Approval{}, errors.New("-by is missing: the officer's mail address")
	case officer.Name == "" || officer.Party != outage.Authority && officer.Party != outage.IT:
		return outage.Approval{}, fmt.Errorf("%s is no officer by the facts: give -name and -party authority or it", by)
	}
	return outage.Approval{Party: officer.Party, Name: officer.Name, Mail: outage.Address(by)}, nil
}

func (c command) amend(id string, args []string) error {
	r, err := c.folder.outage(id)
	if err != nil {
		return err
	}
	if r.Notice == nil {
		return errors.New("no notice was drafted yet")
	}
	a := amendment{Number: r.Notice.Number, Until: r.Notice.Until, Note: r.Notice.Note}
	flags := flag.NewFlagSet("amend", flag.ContinueOnError)
	flags.StringVar(&a.Number, "number", a.Number, "number of the notice, 12/TB-SNV")
	flags.StringVar(&a.Note, "note", a.Note, "what to add, a line a paragraph")
	flags.Func("until", "when the system is expected back, 2026-10-05T17:00", func(text string) (err error) {
		a.Until, err = time.ParseInLocation(commandLayout, text, calendar.Zone)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, fault := range a.faults(c.now) {
		return fmt.Errorf("-%s: %s", fault.Field, fault.Text)
	}
	facts := c.facts()
	shown := r.Notice.Hash
	if r, err = c.folder.change(id, func(r *record) error { return amend(r, a, shown, facts) }); err != nil {
		return err
	}
	c.say("the draft is now:\n\n%s %s\n\n%s", r.Notice.Number, r.Notice.Title, strings.Join(r.Notice.Text, "\n\n"))
	return nil
}

// facts are those that the running program would go on with.
func (c command) facts() outage.Facts {
	facts, torn := c.folder.facts()
	if torn != nil {
		c.say("warning: %v", torn)
	}
	return facts
}

func (c command) say(format string, args ...any) { _, _ = fmt.Fprintf(c.out, format+"\n", args...) }

// standing is where an outage stands, in a few words.
func standing(r record) string {
	switch {
	case r.StoodBack:
		return "the system brings out the notice"
	case r.AllClear != nil:
		return "over, all-clear"
	case r.Quiet:
		return "over, no notice"
	case r.Notice == nil:
		return "lasts"
	case r.Notice.Released.IsZero():
		return "notice waits for approval"
	}
	accepted, _ := counted(r.Notice.Sent)
	return fmt.Sprintf("notice released, %d of %d mailed", accepted, len(r.Notice.Sent))
}

func counted(all []outage.Delivery) (accepted, refused int) {
	for _, d := range all {
		if !d.Accepted.IsZero() {
			accepted++
		}
		if !d.Refused.IsZero() {
			refused++
		}
	}
	return accepted, refused
}

func spanText(s outage.Span) string {
	if s.Open() {
		return "since " + clock(s.From)
	}
	return clock(s.From) + " to " + clock(s.To)
}

func clock(t time.Time) string { return t.In(calendar.Zone).Format("2006-01-02 15:04") }
