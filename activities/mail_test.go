package activities_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"cchc/activities"
	"cchc/config"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/post/posttest"
	"cchc/storage"
	"cchc/storage/storagetest"
	"cchc/templates/mails"
)

// post is a city whose launched campaigns have notices waiting for the mail.
type post struct {
	*storagetest.Database
	t     *testing.T
	units []string
}

// newPost gives the first n units a specialist with a mail address each, and
// launches a campaign.
func newPost(t *testing.T, n int) *post {
	t.Helper()
	p := &post{Database: storagetest.Open(t), t: t}
	rows, err := p.Owner.Query(`select code from units order by code limit $1`, n)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var unit string
		if err := rows.Scan(&unit); err != nil {
			t.Fatal(err)
		}
		p.units = append(p.units, unit)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, unit := range p.units {
		p.exec(`with one as (
				insert into persons (username, name, name_key, mail, state)
				values (lower('post.' || $1), 'Nguyễn Văn An', 'nguyen van an', lower($1) || '@post.example', 'active') returning id)
			insert into positions (person_id, unit_code, role) select id, $1, 'specialist' from one`, unit)
	}
	p.launch("bc-2026q4")
	return p
}

func (p *post) launch(code string) {
	p.t.Helper()
	var officer int64
	const add = `insert into persons (username, name, name_key, state) values ($1, 'x', 'x', 'closed') returning id`
	if err := p.Owner.QueryRow(add, "officer."+code).Scan(&officer); err != nil {
		p.t.Fatal(err)
	}
	due := calendar.DayOf(time.Now()).Add(30)
	_, err := p.Store.LaunchCampaign(context.Background(), uuid.New(), officer, campaign.Plan{
		Code: code, Kind: document.Report, Name: "Báo cáo CCHC " + code,
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)},
		Due:    period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: p.units,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.exec(`update notices set created_at = created_at - interval '1 minute'`) // the burst is over
}

func (p *post) exec(statement string, args ...any) {
	p.t.Helper()
	if _, err := p.Owner.Exec(statement, args...); err != nil {
		p.t.Fatalf("%s: %v", statement, err)
	}
}

func (p *post) due() { p.exec(`update mails set next_at = now() where state = 'queued'`) }

// states counts the mails by state, "2 queued, 1 sent".
func (p *post) states() string {
	p.t.Helper()
	const count = `select coalesce(string_agg(n || ' ' || state, ', ' order by state), '')
		from (select state, count(*) as n from mails group by state) counted`
	var states string
	if err := p.Owner.QueryRow(count).Scan(&states); err != nil {
		p.t.Fatal(err)
	}
	return states
}

func (p *post) expect(want string) {
	p.t.Helper()
	if got := p.states(); got != want {
		p.t.Errorf("mails: %s; want %s", got, want)
	}
	const apart = `select count(*) from notices n join mails m on m.id = n.mail_id
		where m.state <> n.mail_state and not (m.state = 'sent' and n.mail_state = 'dropped')`
	var n int
	if err := p.Owner.QueryRow(apart).Scan(&n); err != nil || n != 0 {
		p.t.Errorf("%d notices say otherwise than their mail, %v", n, err)
	}
}

// mailer sends to the address without TLS.
func (p *post) mailer(address string) activities.Mailer {
	return activities.Mailer{
		Store: p.Store, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Mail:   config.Mail{Address: address, TLS: config.MailPlain, From: "Hệ thống <cchc@city.example>"},
		Public: &url.URL{Scheme: "https", Host: "cchc.example"}, Timeout: 5 * time.Second,
	}
}

// round runs one round that must not fail.
func (p *post) round(m activities.Mailer) int {
	p.t.Helper()
	sent, err := m.Round(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return sent
}

func TestMailAboutOneNotice(t *testing.T) {
	p := newPost(t, 1)
	s := posttest.Listen(t, "", nil)
	if sent := p.round(p.mailer(s.Address)); sent != 1 {
		t.Fatalf("sent %d", sent)
	}
	got := s.Accepted()[0]
	unit := strings.ToLower(p.units[0])
	if got.To != unit+"@post.example" {
		t.Errorf("sent to %s", got.To)
	}
	if !strings.HasPrefix(got.Subject, "[CCHC] Cần lập văn bản: Báo cáo CCHC bc-2026q4, ") {
		t.Errorf("subject %q", got.Subject)
	}
	if link := "https://cchc.example/documents/bc-2026q4-" + p.units[0]; !strings.Contains(got.Text, link) {
		t.Errorf("no link %s in\n%s", link, got.Text)
	}
	if !strings.HasSuffix(got.ID, "@city.example>") || got.Header.Get("Auto-Submitted") != "auto-generated" ||
		got.Header.Get("Date") == "" || !strings.Contains(got.Header.Get("From"), "cchc@city.example") {
		t.Errorf("header %v", got.Header)
	}
	p.expect("1 sent")
	if sent := p.round(p.mailer(s.Address)); sent != 0 {
		t.Errorf("sent again: %d", sent)
	}
}

func TestSeveralNoticesAreOneDigest(t *testing.T) {
	p := newPost(t, 1)
	p.launch("bc-2026q3")
	p.launch("bc-2026q2")
	s := posttest.Listen(t, "", nil)
	if sent := p.round(p.mailer(s.Address)); sent != 1 {
		t.Fatalf("sent %d mails", sent)
	}
	got := s.Accepted()[0]
	if got.Subject != "[CCHC] 3 thông báo: Cần lập văn bản (3)" {
		t.Errorf("subject %q", got.Subject)
	}
	for _, code := range []string{"bc-2026q4", "bc-2026q3", "bc-2026q2"} {
		if !strings.Contains(got.Text, "/documents/"+code+"-"+p.units[0]) {
			t.Errorf("%s is not in\n%s", code, got.Text)
		}
	}
}

func TestClosedTasksAreNotMailed(t *testing.T) {
	p := newPost(t, 2)
	s := posttest.Listen(t, "", nil)
	p.exec(`update tasks set closed_at = now() where unit_code = $1`, p.units[0])
	if sent := p.round(p.mailer(s.Address)); sent != 1 {
		t.Errorf("sent %d", sent)
	}
	if to := s.Accepted()[0].To; to != strings.ToLower(p.units[1])+"@post.example" {
		t.Errorf("sent to %s", to)
	}
	p.expect("1 dropped, 1 sent")
}

func TestEveryUnitGetsItsMailOnce(t *testing.T) {
	p := newPost(t, 188)
	s := posttest.Listen(t, "", nil)
	m := p.mailer(s.Address)
	if sent := p.round(m); sent != 188 {
		t.Errorf("sent %d", sent)
	}
	p.round(m)
	people, ids := map[string]bool{}, map[string]bool{}
	for _, mail := range s.Accepted() {
		people[mail.To], ids[mail.ID] = true, true
	}
	if len(s.Accepted()) != 188 || len(people) != 188 || len(ids) != 188 {
		t.Errorf("%d mails to %d people under %d ids", len(s.Accepted()), len(people), len(ids))
	}
	p.expect("188 sent")
}

func TestRefusals(t *testing.T) {
	permanent := &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	temporary := &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	closing := &smtp.SMTPError{Code: 421, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "closing"}
	for _, c := range []struct {
		name  string
		set   func(s *posttest.Sink, first string)
		sent  int
		fails bool // the round says that the server takes nothing
		want  string
	}{
		{"recipient unknown", func(s *posttest.Sink, first string) { s.OnRcpt = only(first, permanent) }, 2, false, "1 failed, 2 sent"},
		{"recipient not now", func(s *posttest.Sink, first string) { s.OnRcpt = only(first, temporary) }, 2, false, "1 queued, 2 sent"},
		{"content refused", func(s *posttest.Sink, _ string) { s.OnData = nth(1, permanent) }, 2, false, "1 failed, 2 sent"},
		{"content not now", func(s *posttest.Sink, _ string) { s.OnData = nth(1, temporary) }, 2, false, "1 queued, 2 sent"},
		{"server closing", func(s *posttest.Sink, _ string) { s.OnData = nth(2, closing) }, 1, true, "2 queued, 1 sent"},
		{"connection broken", func(s *posttest.Sink, _ string) { s.OnData = nth(2, posttest.ErrHangUp) }, 1, true, "2 queued, 1 sent"},
		{"sender refused", func(s *posttest.Sink, _ string) { s.OnMail = func() error { return permanent } }, 0, true, "3 queued"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t, 3)
			s := posttest.Listen(t, "", func(s *posttest.Sink, _ *smtp.Server) { c.set(s, strings.ToLower(p.units[0])+"@post.example") })
			m := p.mailer(s.Address)
			sent, err := m.Round(context.Background())
			if sent != c.sent || (err != nil) != c.fails {
				t.Errorf("sent %d, %v", sent, err)
			}
			p.expect(c.want)
			// Nothing is offered again at once.
			before := s.Offers()
			p.round(m)
			if s.Offers() != before {
				t.Error("offered again without waiting")
			}
			// What waits goes out once the server takes it.
			s.OnMail, s.OnRcpt, s.OnData = nil, nil, nil
			p.due()
			p.round(m)
			ids := map[string]int{}
			for _, mail := range s.Accepted() {
				ids[mail.ID]++
			}
			if n := 3 - strings.Count(c.want, "failed"); len(ids) != n || len(s.Accepted()) != n {
				t.Errorf("in the end %d mails under %d ids", len(s.Accepted()), len(ids))
			}
		})
	}
}

func only(address string, err error) func(string) error {
	return func(to string) error {
		if to == address {
			return err
		}
		return nil
	}
}

func nth(n int, err error) func(int) error {
	return func(offered int) error {
		if offered == n {
			return err
		}
		return nil
	}
}

func TestServerDownForAnHour(t *testing.T) {
	p := newPost(t, 3)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	m := p.mailer(address)
	for minute := range 60 {
		if sent, err := m.Round(context.Background()); sent != 0 || err == nil {
			t.Fatalf("minute %d: sent %d, %v", minute, sent, err)
		}
		p.exec(`update mails set next_at = next_at - interval '1 minute', created_at = created_at - interval '1 minute'`)
	}
	p.expect("3 queued")
	var touched int
	const ask = `select count(*) from mails where attempts <> 0 or last_error = ''`
	if err := p.Owner.QueryRow(ask).Scan(&touched); err != nil || touched != 0 {
		t.Errorf("%d mails have lost an attempt or say nothing, %v", touched, err)
	}
	s := posttest.Listen(t, address, nil)
	if sent := p.round(m); sent != 3 || len(s.Accepted()) != 3 {
		t.Errorf("after the hour sent %d, accepted %d", sent, len(s.Accepted()))
	}
	p.expect("3 sent")
}

func TestSlowServerHoldsNothingUp(t *testing.T) {
	p := newPost(t, 2)
	over := make(chan struct{})
	s := posttest.Listen(t, "", func(s *posttest.Sink, _ *smtp.Server) {
		s.OnData = func(int) error {
			select {
			case <-over:
			case <-time.After(time.Minute):
			}
			return posttest.ErrHangUp
		}
	})
	defer close(over)
	m := p.mailer(s.Address)
	m.Timeout = 500 * time.Millisecond
	begin := time.Now()
	if sent, err := m.Round(context.Background()); sent != 0 || err == nil {
		t.Errorf("sent %d, %v", sent, err)
	}
	if passed := time.Since(begin); passed > 20*time.Second { // a minute and more if it waited for it
		t.Errorf("the round took %s", passed)
	}
	p.expect("2 queued")
}

// The worker is killed between the server's acceptance and its own note: the
// row is held so that the note can't be written.
func TestKilledBetweenAcceptanceAndNote(t *testing.T) {
	p := newPost(t, 1)
	hold, err := p.Owner.Begin()
	if err != nil {
		t.Fatal(err)
	}
	s := posttest.Listen(t, "", func(s *posttest.Sink, _ *smtp.Server) {
		s.After = func() {
			if _, err := hold.Exec(`select from mails for update`); err != nil {
				t.Error(err)
			}
		}
	})
	m := p.mailer(s.Address)
	if _, err := m.Round(context.Background()); err == nil {
		t.Fatal("the note was written while the row was held")
	}
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	p.expect("1 queued")
	s.After = nil
	if sent := p.round(m); sent != 0 {
		t.Errorf("sent %d within the lease", sent)
	}
	p.due()
	if sent := p.round(m); sent != 1 {
		t.Errorf("sent %d after the lease", sent)
	}
	mails := s.Accepted()
	if len(mails) != 2 || mails[0].ID != mails[1].ID {
		t.Errorf("%d mails, want the same one twice", len(mails))
	}
	p.expect("1 sent")
}

func TestEncryptionAndPassword(t *testing.T) {
	certificate := posttest.Trusted(t)
	for _, c := range []struct {
		name string
		tls  bool // the server offers STARTTLS
		ask  config.MailTLS
		user string
		pass string
		sent int
	}{
		{"STARTTLS with the password", true, config.MailStartTLS, "cchc", "secret", 1},
		{"STARTTLS with a wrong password", true, config.MailStartTLS, "cchc", "tr0ub4dor", 0},
		{"STARTTLS without a password", true, config.MailStartTLS, "", "", 0},
		{"no STARTTLS offered: nothing leaves in the clear", false, config.MailStartTLS, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPost(t, 1)
			s := posttest.Listen(t, "", func(s *posttest.Sink, server *smtp.Server) {
				if c.tls {
					server.TLSConfig = certificate
					server.Backend = posttest.Guard{Sink: s}
				}
			})
			m := p.mailer(s.Address)
			m.Mail.TLS, m.Mail.User, m.Mail.Password = c.ask, c.user, c.pass
			sent, err := m.Round(context.Background())
			if sent != c.sent || (err == nil) != (c.sent == 1) || len(s.Accepted()) != c.sent {
				t.Errorf("sent %d, accepted %d, %v", sent, len(s.Accepted()), err)
			}
			p.expect(map[int]string{1: "1 sent", 0: "1 queued"}[c.sent])
			if err != nil && c.pass != "" && strings.Contains(err.Error(), c.pass) {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}

// announce publishes an announcement, with a print or without, and tells all of it.
func (p *post) announce(title, pdf string) {
	p.t.Helper()
	var id int64
	const add = `
		with one as (
			insert into outages (key, kind, source, began_at, rule, opened_at, rung_at)
			select gen_random_uuid(), 'outage', 'hand', now(), max(id), now(), now() from outage_rules returning id)
		insert into outage_notices (outage_id, kind, number, title, paragraphs, content_hash, drafted_at, due_at, published_at, told)
		select id, 'notice', '12/TB-SNV', $1, '["Phần mềm ngừng hoạt động."]', repeat('0', 64), now(), now(), now(), true from one
		returning id`
	if err := p.Owner.QueryRow(add, title).Scan(&id); err != nil {
		p.t.Fatal(err)
	}
	if pdf != "" {
		for range 2 {
			if _, err := p.Store.AddNoticePrint(context.Background(), id, []byte(pdf)); err != nil {
				p.t.Fatal(err)
			}
		}
	}
	p.exec(`insert into notices (key, kind, person_id, role, unit_code, args, mail_state, created_at)
		select 'told:' || $1 || ':' || person_id, 'outage_notice', person_id, role, unit_code,
			jsonb_build_object('outage', 1, 'notice', $1::bigint, 'name', $2::text, 'text', jsonb_build_array('Phần mềm ngừng hoạt động.')),
			'queued', now() - interval '1 minute'
		from positions where role = 'specialist'`, id, title)
}

// An announcement is mailed with its print, as the separate watcher does, and says where
// it also stands.
func TestAnnouncementsAreMailedWithTheirPrint(t *testing.T) {
	p := newPost(t, 3)
	s := posttest.Listen(t, "", nil)
	m := p.mailer(s.Address)
	p.round(m)
	p.exec(`update outage_rules set site_url = 'https://snv.example/'`)
	p.announce("Phần mềm ngừng hoạt động", "%PDF-1.7 print")
	if sent := p.round(m); sent != 3 {
		t.Fatalf("sent %d", sent)
	}
	const attached, site = "kèm theo thư này", "https://snv.example/"
	for _, got := range s.Accepted()[3:] {
		if len(got.Files) != 1 || string(got.Files[0].Bytes) != "%PDF-1.7 print" || got.Files[0].Name != "12-TB-SNV-thong-bao-phan-mem-ngung-hoat-dong.pdf" {
			t.Errorf("files %+v", got.Files)
		}
		if !strings.Contains(got.Text, attached) || !strings.Contains(got.Text, site) {
			t.Errorf("mail:\n%s", got.Text)
		}
	}
	p.announce("Hoạt động trở lại", "")
	p.announce("Gia hạn", "%PDF-1.7 other")
	p.round(m)
	for _, got := range s.Accepted()[6:] {
		if len(got.Files) != 1 || string(got.Files[0].Bytes) != "%PDF-1.7 other" || strings.Count(got.Text, attached) != 1 {
			t.Errorf("digest with %d files:\n%s", len(got.Files), got.Text)
		}
	}
	p.expect("9 sent")
}

func TestWithoutServerNothingIsTouched(t *testing.T) {
	p := newPost(t, 1)
	p.mailer("").Run(context.Background()) // returns: there is nothing to do
	var queued int
	if err := p.Owner.QueryRow(`select count(*) from notices where mail_state = 'queued' and mail_id is null`).Scan(&queued); err != nil || queued != 1 {
		t.Errorf("%d notices queued, %v", queued, err)
	}
	p.expect("")
}

func TestRunSendsUntilItIsTold(t *testing.T) {
	p := newPost(t, 1)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	arrived := make(chan struct{})
	s := posttest.Listen(t, "", func(s *posttest.Sink, _ *smtp.Server) {
		s.After = func() { stop(); close(arrived) } // told to stop in the middle of a mail
	})
	done := make(chan struct{})
	go func() { p.mailer(s.Address).Run(ctx); close(done) }()
	for _, event := range []chan struct{}{arrived, done} {
		select {
		case <-event:
		case <-time.After(time.Minute):
			t.Fatal("nothing happened")
		}
	}
	p.expect("1 sent") // what the server has accepted is noted all the same
}

func TestEveryNoticeHasItsWords(t *testing.T) {
	desks := map[staff.Role]bool{}
	for _, stage := range document.Stages {
		if role, _, ok := document.DeskOf(stage); ok {
			desks[role] = true
		}
	}
	for _, kind := range storage.NoticeKinds {
		for _, role := range staff.Roles {
			if kind == storage.NoticeTaskOpened && !desks[role] {
				continue
			}
			n := mails.Notice{Kind: kind, Role: role, Document: "d", Campaign: "Đợt", Unit: "Đơn vị"}
			subject, text, err := mails.Compose(mails.Message{Name: "An", Notices: []mails.Notice{n}, Public: &url.URL{Scheme: "https", Host: "x"}})
			if err != nil || strings.HasPrefix(subject, "[CCHC] :") || strings.Contains(text, "%!") || !strings.Contains(text, "Đợt") {
				t.Errorf("%s to %s: %q\n%s\n%v", kind, role, subject, text, err)
			}
		}
	}
	if len(desks) != 4 {
		t.Errorf("desks %v", desks)
	}
}
