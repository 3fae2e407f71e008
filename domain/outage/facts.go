package outage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"cchc/domain/calendar"
)

// Facts are what the watcher keeps beside it, so that it can act on an outage while
// everything else is dead. The server makes them; the watcher fetches them while all
// is well and never changes them.
type Facts struct {
	Made    time.Time       `json:"made"` // by the server's clock
	Rule    Rule            `json:"rule"`
	Marks   []calendar.Mark `json:"marks"`   // of the calendar, from last year on
	Windows []Window        `json:"windows"` // announced and not yet over

	Letterhead Letterhead `json:"letterhead"`     // of the authority
	Needs      []Party    `json:"needs"`          // whose word a notice needs before it goes out, each once
	Officers   []Officer  `json:"officers"`       // who is told at once, and asked for that word
	Contacts   []Contact  `json:"contacts"`       // who gets the notice
	Help       []string   `json:"help"`           // whom units call: a line each, as printed
	Site       string     `json:"site,omitempty"` // the authority's own site, where the notice also stands; "": none

	Known []Known `json:"known"` // outages that the server has on record and that are not closed
}

// Health is how the watcher stands itself. It is told whenever facts are fetched, while
// all is well: on the day it is too late.
type Health struct {
	Witness Check   `json:"witness"` // the address that shows whether its own line is up
	Mail    Check   `json:"mail"`    // its mail server
	Refused Refusal `json:"refused,omitempty"`
	Torn    bool    `json:"torn,omitempty"` // the facts that it had kept could not be read
}

// Check is whether something that the watcher needs was there when it was looked for.
type Check string

// The checks.
const (
	Unset  Check = "unset" // it was told of none
	Works  Check = "works"
	Silent Check = "silent"
)

// Refusal is why facts are not taken; those of before stay.
type Refusal string

// The refusals; "": they are taken.
const (
	NoContacts Refusal = "no_contacts" // nobody has an address who could be notified
	NoOfficers Refusal = "no_officers" // nobody is left who could give a word
	BadRule    Refusal = "bad_rule"
)

// Refuses tells why the fresh facts must not take the place of these: a notice that
// could have gone out would not.
func (f Facts) Refuses(fresh Facts) Refusal {
	switch {
	case len(fresh.Rule.Validate()) > 0:
		return BadRule
	case len(Recipients(fresh.Contacts)) == 0:
		return NoContacts
	case fresh.deciders() == 0 && f.deciders() > 0:
		return NoOfficers
	}
	return ""
}

// deciders are how many officers may give a word.
func (f Facts) deciders() (n int) {
	for _, o := range f.Officers {
		if o.Party != "" && Address(o.Mail) != "" {
			n++
		}
	}
	return n
}

// Calendar is the calendar of the facts.
func (f Facts) Calendar() calendar.Calendar { return calendar.New(f.Marks) }

// Party is a body that has a say in a notice (QD 1439 art. 11.5: the authority leads,
// with the department that runs IT).
type Party string

// The parties.
const (
	Authority Party = "authority"
	IT        Party = "it"
)

// Officer is a person of a party, or an operator, who has none.
type Officer struct {
	Name  string `json:"name"`
	Mail  string `json:"mail"`
	Party Party  `json:"party,omitempty"` // "": is told, and decides nothing
}

// Post is why somebody is a unit's contact.
type Post string

// The posts.
const (
	Head  Post = "head"  // the unit's head
	Focal Post = "focal" // its focal officer
)

// Contact is a person who is notified for a unit. A unit none of whose people has a
// mail address is listed all the same, once, with Mail "": it is to be reached on
// another road, and the notice's record says so.
type Contact struct {
	Unit     string `json:"unit"` // its code
	UnitName string `json:"unit_name"`
	Post     Post   `json:"post"`
	Name     string `json:"name"`
	Mail     string `json:"mail"`
}

// Address is the form in which two mail addresses are compared.
func Address(mail string) string { return strings.ToLower(strings.TrimSpace(mail)) }

// Recipients are the contacts that have an address, each address once and in their
// order: who is head of two units gets one mail.
func Recipients(contacts []Contact) []Contact {
	seen := map[string]bool{"": true}
	var out []Contact
	for _, c := range contacts {
		if a := Address(c.Mail); !seen[a] {
			seen[a] = true
			out = append(out, c)
		}
	}
	return out
}

// Unreached are the names of the units none of whose contacts has an address, each
// once and in their order.
func Unreached(contacts []Contact) []string {
	reached, seen := map[string]bool{}, map[string]bool{}
	for _, c := range contacts {
		reached[c.Unit] = reached[c.Unit] || Address(c.Mail) != ""
	}
	var out []string
	for _, c := range contacts {
		if !reached[c.Unit] && !seen[c.Unit] {
			seen[c.Unit] = true
			out = append(out, c.UnitName)
		}
	}
	return out
}

// Letterhead is what stands around a notice on paper (ND 30/2020, Phu luc I).
type Letterhead struct {
	Superior []string `json:"superior"` // a line each
	Agency   string   `json:"agency"`   // in ordinary letters: "Sở Nội vụ"
	Place    string   `json:"place"`
	Symbol   string   `json:"symbol"`    // after the number: "TB-SNV"
	Capacity []string `json:"capacity"`  // of the signer, a line each
	Signer   string   `json:"signer"`    // name
	ITAgency string   `json:"it_agency"` // the department that runs IT, with which the notice is made
}

// Known is an outage that the server has on record.
type Known struct {
	ID     string `json:"id"`               // the server's
	Report string `json:"report,omitempty"` // the watcher's id of the same outage, once it was taken over
	Span   Span   `json:"span"`
	// Leads: the server itself is bringing the notice out, or has done so. The watcher
	// then sends none of its own.
	Leads bool `json:"leads"`
	// Cleared: the server has told units that it is over. The watcher then does not.
	Cleared bool `json:"cleared"`
}

// Report is all that the watcher knows of one outage. It is told anew with every
// change, whole; the server takes over what is new to it, and telling it twice does
// nothing. The answer is Known: what the server has made of it.
type Report struct {
	ID      string `json:"id"`      // the watcher's own, for good: "20261005T030000Z"
	Version int    `json:"version"` // goes up by one with every change; an older one that comes late is passed over
	Span    Span   `json:"span"`    // as seen from outside; without an end while it lasts
	// Due is the instant at which the notice is due if the outage lasts; zero: never
	// (maintenance without an end).
	Due time.Time `json:"due,omitzero"`

	Told     []Delivery `json:"told"`                // operators and officers, at once
	Notice   *Notice    `json:"notice,omitempty"`    // once it was drafted
	AllClear *Notice    `json:"all_clear,omitempty"` // once the software was usable again, where a notice had gone out
	Quiet    bool       `json:"quiet"`               // it ended before a notice had gone out: nothing more will come
	// StoodBack: the server leads, so that the watcher sends no notice.
	StoodBack bool `json:"stood_back"`
}

// Notice is a notice, or an all-clear, on its way.
type Notice struct {
	Drafted time.Time `json:"drafted"`
	Number  string    `json:"number,omitempty"` // "12/TB-SNV"; "": sent without one
	Until   time.Time `json:"until,omitzero"`   // when the software is expected back; zero: not known
	Note    string    `json:"note,omitempty"`   // what an officer added
	Title   string    `json:"title"`
	Text    []string  `json:"text"` // paragraphs
	Hash    string    `json:"hash"` // of number, title and text: what an approval binds to

	Approvals []Approval `json:"approvals"`
	Released  time.Time  `json:"released,omitzero"`  // every word that it needs is there; sending began
	Published time.Time  `json:"published,omitzero"` // page and feed were written
	Sent      []Delivery `json:"sent"`               // one an address
	Done      time.Time  `json:"done,omitzero"`      // every recipient's mail was accepted, or refused for good
}

// Approval is an officer's word for a notice with this hash.
type Approval struct {
	Party Party     `json:"party"`
	Name  string    `json:"name"`
	Mail  string    `json:"mail"`
	At    time.Time `json:"at"`
	Hash  string    `json:"hash"`
	Road  string    `json:"road"` // "link" or "command"
}

// Delivery is what became of one mail. Neither instant is set while it is on its way.
type Delivery struct {
	Mail      string    `json:"mail"` // by Address
	Unit      string    `json:"unit,omitempty"`
	MessageID string    `json:"message_id"`
	Accepted  time.Time `json:"accepted,omitzero"` // by the mail server
	Refused   time.Time `json:"refused,omitzero"`  // for good
	Attempts  int       `json:"attempts"`
	Next      time.Time `json:"next,omitzero"` // not tried again before
	Why       string    `json:"why,omitempty"` // the last answer that was no acceptance
}

// Settled tells whether nothing more will be tried.
func (d Delivery) Settled() bool { return !d.Accepted.IsZero() || !d.Refused.IsZero() }

// Lacks are the parties whose word for the notice as it stands is still missing.
func (n Notice) Lacks(needs []Party) []Party {
	var out []Party
	for _, party := range needs {
		if !n.has(party) {
			out = append(out, party)
		}
	}
	return out
}

func (n Notice) has(party Party) bool {
	for _, a := range n.Approvals {
		if a.Party == party && a.Hash == n.Hash {
			return true
		}
	}
	return false
}

// Sum is the Hash of the notice as it stands.
func (n Notice) Sum() string {
	content, _ := json.Marshal([]any{n.Number, n.Title, n.Text}) // strings alone: it cannot fail
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
