package web

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/server/notary"
	"cchc/signing/testpki"
)

// chain is the pages with one launched document of STC and a browser for each
// desk. Temporal is away; its part, calling RecordDecisions when told to look, is
// played by the real transaction.
type chain struct {
	*kit
	t    *testing.T
	id   string
	at   map[staff.Role]*browser
	who  map[staff.Role]int64
	down atomic.Bool // the workflow engine does not answer
}

const keyPassword = "hoa-sữa-7"

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{kit: newKit(t), t: t, at: map[staff.Role]*browser{}, who: map[staff.Role]int64{}}
	c.server.answers = c.Store.Answers()
	c.server.look = func(ctx context.Context, id string, _ document.Stage, _ string) error {
		if c.down.Load() {
			return errors.New("workflow engine away")
		}
		_, err := c.Store.RecordDecisions(ctx, id, time.Time{}, "run-1")
		return err
	}
	for role, unit := range map[staff.Role]string{
		staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Clerk: "STC",
		staff.Officer: "SNV", staff.Viewer: "VP",
	} {
		c.who[role] = c.person(t, staff.Position{Unit: unit, Role: role})
		c.at[role] = c.as(t, c.who[role])
	}
	due := calendar.DayOf(time.Now()).Add(30)
	code, err := c.Store.LaunchCampaign(context.Background(), uuid.New(), c.who[staff.Officer], campaign.Plan{
		Code: "bc-2026q4", Kind: document.Report, Name: "Báo cáo CCHC quý IV năm 2026",
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q4",
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)},
		Due:    period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC", "SYT"},
	})
	if err != nil {
		t.Fatal(err)
	}
	c.id = code + "-STC"
	return c
}

func (c *chain) path(rest string) string { return "/documents/" + c.id + rest }

// fill writes a complete draft past the pages, which have their own tests.
func (c *chain) fill() {
	c.t.Helper()
	version, err := c.Store.FormVersion(context.Background(), "bc-cchc-quy", 1)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, section := range version.Sections {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`,
			c.id, section.Code, "Nội dung phần "+section.Code, c.who[staff.Specialist])
	}
	for _, indicator := range version.Active(calendar.DayOf(time.Now())) {
		if indicator.Type != "ratio" {
			c.exec(`insert into draft_figures (document_id, indicator, value, reason, updated_by) values ($1, $2, 0, 'Không phát sinh', $3)`,
				c.id, indicator.Code, c.who[staff.Specialist])
		}
	}
	c.exec(`update documents set started = true where id = $1`, c.id)
}

func (c *chain) exec(statement string, args ...any) {
	c.t.Helper()
	if _, err := c.Owner.Exec(statement, args...); err != nil {
		c.t.Fatalf("%s: %v", statement, err)
	}
}

func (c *chain) count(query string, args ...any) int {
	c.t.Helper()
	var n int
	if err := c.Owner.QueryRow(query, args...).Scan(&n); err != nil {
		c.t.Fatal(err)
	}
	return n
}

func (c *chain) stage() document.Stage {
	c.t.Helper()
	stage, err := c.Store.DocumentStage(context.Background(), c.id)
	if err != nil {
		c.t.Fatal(err)
	}
	return stage
}

// bound is a decision's form as the page shows it.
func (a answer) bound(t *testing.T) url.Values {
	t.Helper()
	return url.Values{
		"key": {a.field(t, "key")}, "revision": {a.field(t, "revision")}, "content_hash": {a.field(t, "content_hash")},
	}
}

// decide opens the page and posts its form to the action.
func (c *chain) decide(role staff.Role, page, action string, more url.Values) answer {
	c.t.Helper()
	form := c.at[role].get(c.t, c.path(page)).want(c.t, http.StatusOK).bound(c.t)
	for name, values := range more {
		form[name] = values
	}
	return c.at[role].post(c.t, c.path(action), form)
}

// follow goes where a decision's answer says, and wants its receipt.
func (c *chain) follow(role staff.Role, a answer) answer {
	c.t.Helper()
	a.want(c.t, http.StatusSeeOther)
	location := a.Header.Get("Location")
	if !strings.HasPrefix(location, "/decisions/") {
		c.t.Fatalf("goes to %q", location)
	}
	return c.at[role].get(c.t, location).want(c.t, http.StatusOK)
}

func (c *chain) submit() answer {
	c.t.Helper()
	return c.follow(staff.Specialist, c.decide(staff.Specialist, "/check", "/submit", nil))
}

func (c *chain) approve() answer {
	c.t.Helper()
	return c.follow(staff.DivisionHead, c.decide(staff.DivisionHead, "/review", "/approve", nil))
}

// giveKey makes the director's key; its certificate names the identifier.
func (c *chain) giveKey(identifier string) (folder string) {
	c.t.Helper()
	authority, err := testpki.New(time.Now().Add(-time.Hour))
	if err != nil {
		c.t.Fatal(err)
	}
	account, err := c.Store.Account(context.Background(), c.who[staff.Director])
	if err != nil {
		c.t.Fatal(err)
	}
	if identifier == "" {
		identifier = account.Username
	}
	key, err := authority.Issue(testpki.Person{Name: account.Name, Identifier: identifier}, testpki.P256)
	if err != nil {
		c.t.Fatal(err)
	}
	packed, err := testpki.PKCS12(key, keyPassword)
	if err != nil {
		c.t.Fatal(err)
	}
	folder = c.t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
	var certificates []byte
	for _, one := range append([]*x509.Certificate{key.Certificate}, key.Chain...) {
		certificates = append(certificates, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: one.Raw})...)
	}
	write(account.Username+".p12", packed)
	write(account.Username+".pem", certificates)
	write(account.Username+".png", testpki.Squiggle(account.Name))
	write("roots.pem", authority.RootPEM())
	keys, err := notary.ReadKeys(folder, filepath.Join(folder, "roots.pem"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.server.notary.Keys = keys
	return folder
}

func signForm(password string) url.Values {
	return url.Values{"mode": {"series"}, "number": {""}, "password": {password}, "agree": {"yes"}}
}

func (c *chain) toSigning() {
	c.t.Helper()
	c.fill()
	c.submit()
	c.approve()
}

func (c *chain) hash() string {
	c.t.Helper()
	var hash string
	if err := c.Owner.QueryRow(`select content_hash from documents where id = $1`, c.id).Scan(&hash); err != nil {
		c.t.Fatal(err)
	}
	return hash
}

// attach posts a file as a browser does.
func (b *browser) attach(t *testing.T, path, name string, data []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("key", uuid.NewString())
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}
