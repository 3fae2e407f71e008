package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"cchc/domain/staff"
	"cchc/storage"
)

// quiet moves all waiting notices into the past, so that nothing is a fresh burst.
func (d *desk) quiet() {
	d.t.Helper()
	d.exec(`update notices set created_at = created_at - interval '1 minute' where mail_id is null`)
}

// gather makes mails and returns how many.
func (d *desk) gather() int64 {
	d.t.Helper()
	made, err := d.db.Store.GatherMails(context.Background(), "cchc.example", 100)
	if err != nil {
		d.t.Fatal(err)
	}
	return made
}

// silence drops what the launch has posted.
func (d *desk) silence() {
	d.exec(`update notices set mail_state = 'dropped' where mail_state = 'queued'`)
}

// claim takes the next mail; ok is false when none is due.
func (d *desk) claim() (storage.Mail, bool) {
	d.t.Helper()
	mail, err := d.db.Store.ClaimMail(context.Background())
	if errors.Is(err, storage.ErrNotFound) {
		return mail, false
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return mail, true
}

// due makes every queued mail due now.
func (d *desk) due() { d.exec(`update mails set next_at = now() where state = 'queued'`) }

func TestABurstBecomesOneMail(t *testing.T) {
	for _, c := range []struct {
		name           string
		oldest, newest time.Duration // ago
		want           int64
	}{
		{"still coming", 40 * time.Second, time.Second, 0},
		{"half a minute of quiet", 40 * time.Second, 31 * time.Second, 1},
		{"coming for more than two minutes", 121 * time.Second, time.Second, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.silence()
			d.add("old", storage.NoticeTaskOpened, staff.DivisionHead, nil)
			d.add("new", storage.NoticeTaskOpened, staff.DivisionHead, nil)
			for key, ago := range map[string]time.Duration{"old": c.oldest, "new": c.newest} {
				d.exec(`update notices set created_at = clock_timestamp() - $2 * interval '1 second' where key like $1 || ':%'`, key, ago.Seconds())
			}
			if made := d.gather(); made != c.want {
				t.Fatalf("%d mails, want %d", made, c.want)
			}
			if c.want == 0 {
				return
			}
			mail, ok := d.claim()
			if !ok || len(mail.Notices) != 2 || mail.Person != d.people[staff.DivisionHead].Person || mail.Address == "" {
				t.Errorf("mail %+v", mail)
			}
		})
	}
}

func TestNudgesAreOneDigestADay(t *testing.T) {
	soon := map[string]any{"due": time.Now().Add(time.Second).Unix(), "rung": "r"}
	later := map[string]any{"due": time.Now().Add(72 * time.Hour).Unix(), "rung": "r"}
	byHand := map[string]any{"due": time.Now().Add(72 * time.Hour).Unix()}
	for _, c := range []struct {
		name string
		kind string
		args map[string]any
		want int64
	}{
		{"a reminder waits", storage.NoticeReminder, later, 0},
		{"an overdue nudge waits", storage.NoticeOverdue, soon, 0},
		{"an escalation waits", storage.NoticeEscalation, later, 0},
		{"a reminder of something due before the next digest does not", storage.NoticeReminder, soon, 1},
		{"a reminder sent by hand does not", storage.NoticeReminder, byHand, 1},
		{"the due instant does not", storage.NoticeDue, soon, 1},
		{"a task does not", storage.NoticeTaskOpened, later, 1},
		{"a return does not", storage.NoticeReturned, later, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.silence()
			d.add("first", storage.NoticeReminder, staff.Director, later)
			d.quiet()
			if made := d.gather(); made != 1 {
				t.Fatalf("the day's first nudge made %d mails", made)
			}
			d.add("second", c.kind, staff.Director, c.args)
			d.quiet()
			if made := d.gather(); made != c.want {
				t.Fatalf("made %d mails, want %d", made, c.want)
			}
			if c.want == 1 {
				return
			}
			// It travels with what does not wait, and else leaves the next day.
			d.exec(`update mails set created_at = created_at - interval '1 day'`)
			if made := d.gather(); made != 1 {
				t.Errorf("the next day made %d mails", made)
			}
		})
	}
}

func TestHeldNudgesTravelWithTheNextMail(t *testing.T) {
	d := newDesk(t)
	d.silence()
	for i, kind := range []string{storage.NoticeEscalation, storage.NoticeReminder, storage.NoticeReturned} {
		d.add(fmt.Sprint("event", i), kind, staff.Director, map[string]any{"rung": "r"})
		d.quiet()
		if made := d.gather(); made != []int64{1, 0, 1}[i] {
			t.Fatalf("%s made %d mails", kind, made)
		}
	}
	if n := d.count(`select count(*) from notices n join mails m on m.id = n.mail_id where n.key like 'event1:%' or n.key like 'event2:%' having count(distinct m.id) = 1`); n != 2 {
		t.Errorf("%d notices in the second mail", n)
	}
}

func TestWhatNoLongerHoldsIsDropped(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   string
		change string
		want   string // mail state of the notice
	}{
		{"nothing changed", storage.NoticeReminder, `select 1`, "queued"},
		{"task closed", storage.NoticeReminder, `update tasks set closed_at = now()`, "dropped"},
		{"task closed, kind of another sort", storage.NoticeTaskOpened, `update tasks set closed_at = now()`, "dropped"},
		{"document closed", storage.NoticeReminder, `update documents set stage = 'exempt', closed_at = now(), wake_at = null`, "dropped"},
		{"document at another desk", storage.NoticeOverdue, `update documents set stage = 'signing'`, "dropped"},
		{"due extended", storage.NoticeDue, `update documents set due_at = due_at + interval '1 day'`, "dropped"},
		{"due extended tells nothing against a return", storage.NoticeReturned, `update documents set due_at = due_at + interval '1 day'`, "queued"},
		{"later rung", storage.NoticeReminder, `insert into notices (key, kind, document_id, person_id, role, unit_code)
			select 'later', 'due', document_id, person_id, role, unit_code from notices where key like 'event:%'`, "dropped"},
		{"a rung for those above is no later rung", storage.NoticeReminder, `insert into notices (key, kind, document_id, person_id, role, unit_code)
			select 'later', 'escalation', document_id, person_id, role, unit_code from notices where key like 'event:%'`, "queued"},
		{"role taken away", storage.NoticeReturned, `update positions set valid_to = clock_timestamp() where role = 'specialist'`, "dropped"},
		{"account closed", storage.NoticeReturned, `update persons set state = 'closed'`, "dropped"},
		{"address taken away", storage.NoticeReturned, `update persons set mail = ''`, "no_recipient"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.silence()
			var task, due int64
			const ask = `select k.id, extract(epoch from d.due_at)::bigint from documents d join tasks k on k.document_id = d.id where d.id = $1`
			if err := d.db.Owner.QueryRow(ask, d.id).Scan(&task, &due); err != nil {
				t.Fatal(err)
			}
			err := d.db.Store.AddNotices(context.Background(), []storage.Notice{{
				Key: "event", Kind: c.kind, Document: d.id, Task: task, Role: staff.Specialist, Unit: "STC",
				Args: map[string]any{"stage": "drafting", "due": due},
			}})
			if err != nil {
				t.Fatal(err)
			}
			d.quiet()
			d.gather()
			d.exec(c.change)
			_, claimed := d.claim()
			if claimed != (c.want == "queued") {
				t.Errorf("claimed: %v", claimed)
			}
			if d.count(`select count(*) from notices where key like 'event:%' and mail_state = $1`, c.want) != 1 {
				t.Errorf("the notice is not %s", c.want)
			}
			wantMail := map[bool]string{true: "queued", false: "dropped"}[c.want == "queued"]
			if d.count(`select count(*) from mails where state = $1`, wantMail) != 1 {
				t.Errorf("the mail is not %s", wantMail)
			}
		})
	}
}

// one arranges exactly one due mail.
func one(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.silence()
	d.add("event", storage.NoticeReturned, staff.Specialist, nil)
	d.quiet()
	if made := d.gather(); made != 1 {
		t.Fatalf("%d mails", made)
	}
	return d
}

func TestAMailIsClaimedByOneWorkerAndFreeAfterItsLease(t *testing.T) {
	d := one(t)
	var workers sync.WaitGroup
	claims := make(chan storage.Mail, 8)
	for range 8 {
		workers.Go(func() {
			mail, err := d.db.Store.ClaimMail(context.Background())
			if err == nil {
				claims <- mail
			} else if !errors.Is(err, storage.ErrNotFound) {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	close(claims)
	if len(claims) != 1 {
		t.Fatalf("%d workers claimed it", len(claims))
	}
	first := <-claims
	if d.count(`select count(*) from mails where next_at > clock_timestamp() + interval '110 seconds'`) != 1 {
		t.Error("the claim has no lease")
	}
	d.due() // the worker was killed and its lease has run out
	second, ok := d.claim()
	if !ok || second.MessageID != first.MessageID || second.MessageID == "" {
		t.Errorf("claimed again: %v, %q after %q", ok, second.MessageID, first.MessageID)
	}
}

func TestDelayedMailsComeAgainEverLaterAndFailAfterThreeDays(t *testing.T) {
	d := one(t)
	ctx := context.Background()
	var mail storage.Mail
	for _, minutes := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
		d.due()
		mail, _ = d.claim()
		if err := d.db.Store.MailDelayed(ctx, mail.ID, "450 later"); err != nil {
			t.Fatal(err)
		}
		if d.count(`select count(*) from mails where state = 'queued' and last_error = '450 later'
			and abs(extract(epoch from next_at - clock_timestamp()) - $1 * 60) < 5`, minutes) != 1 {
			t.Errorf("the mail does not wait %d minutes", minutes)
		}
	}
	d.exec(`update mails set created_at = created_at - interval '73 hours'`)
	d.due()
	d.claim()
	if err := d.db.Store.MailDelayed(ctx, mail.ID, "450 later"); err != nil {
		t.Fatal(err)
	}
	if d.count(`select count(*) from mails m join notices n on n.mail_id = m.id where m.state = 'failed' and n.mail_state = 'failed'`) != 1 {
		t.Error("the mail has not failed after three days")
	}
}

func TestTheFirstVerdictOnAMailStands(t *testing.T) {
	d := one(t)
	ctx := context.Background()
	mail, _ := d.claim()
	if err := d.db.Store.MailSent(ctx, mail.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.db.Store.MailRefused(ctx, mail.ID, "550 unknown"); err != nil { // another worker, after its lease
		t.Fatal(err)
	}
	if err := d.db.Store.MailDelayed(ctx, mail.ID, "450 later"); err != nil {
		t.Fatal(err)
	}
	if d.count(`select count(*) from mails m join notices n on n.mail_id = m.id
		where m.state = 'sent' and m.last_error = '' and m.sent_at is not null and n.mail_state = 'sent'`) != 1 {
		t.Error("a sent mail is no longer sent")
	}
}

func TestFailedMailsAreListedUntilTheAddressIsMended(t *testing.T) {
	d := one(t)
	ctx := context.Background()
	mail, _ := d.claim()
	if err := d.db.Store.MailRefused(ctx, mail.ID, "550 no such user"); err != nil {
		t.Fatal(err)
	}
	failed, err := d.db.Store.FailedMails(ctx, 10)
	if err != nil || len(failed) != 1 || failed[0].Person != mail.Person ||
		failed[0].Address != mail.Address || failed[0].Error != "550 no such user" {
		t.Fatalf("failed mails %+v, %v", failed, err)
	}
	d.exec(`update persons set mail = 'right@example.test' where id = $1`, mail.Person)
	if failed, err := d.db.Store.FailedMails(ctx, 10); err != nil || len(failed) != 0 {
		t.Errorf("still listed: %+v, %v", failed, err)
	}
}

func TestFailedMailsAreSentAgainOnce(t *testing.T) {
	d := one(t)
	ctx := context.Background()
	first, _ := d.claim()
	if err := d.db.Store.MailRefused(ctx, first.ID, "550 mailbox full"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 0} { // the second click finds nothing
		if n, err := d.db.Store.ResendFailed(ctx, first.Person); err != nil || n != want {
			t.Fatalf("%d notices, %v; want %d", n, err, want)
		}
	}
	if made := d.gather(); made != 1 {
		t.Fatalf("%d mails gathered", made)
	}
	again, ok := d.claim()
	if !ok || again.Person != first.Person || again.MessageID == first.MessageID ||
		len(again.Notices) != 1 || again.Notices[0].ID != first.Notices[0].ID {
		t.Errorf("sent again: %+v, first %+v", again, first)
	}
	if failed, err := d.db.Store.FailedMails(ctx, 10); err != nil || len(failed) != 0 {
		t.Errorf("still listed: %+v, %v", failed, err)
	}
}
