package web

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/paper"
	"cchc/signing"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Codes of what can be wrong with a key, at the field "password", and with what
// comes of it.
const (
	keyPasswordMissing rule.Code = "key_password_missing"
	keyPasswordWrong   rule.Code = "key_password_wrong"
	keyTriesOver       rule.Code = "key_tries_over"
	keyUnusable        rule.Code = "key_unusable"
	keyNotYours        rule.Code = "key_not_yours"
	keyUntrusted       rule.Code = "key_untrusted"
	signatureInvalid   rule.Code = "signature_invalid"
	notAgreed          rule.Code = "not_agreed"
)

// Wrong key passwords of one person in a row of minutes, before trying ends.
const (
	keyTries       = 10
	keyTriesWindow = 10 * time.Minute
)

// showSign is the director's page: what will be signed, whether the key may, and
// the one form that signs.
func (s *Server) showSign(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Signing {
		return goTo(w, r, "/documents/"+d.ID)
	}
	page, err := s.signPage(r, d)
	if err != nil {
		return err
	}
	return s.show(w, "document/sign", page)
}

func (s *Server) signPage(r *http.Request, d *dossier) (templates.SignPage, error) {
	revision, err := s.store.Revision(r.Context(), d.ID, d.Revision)
	if err != nil {
		return templates.SignPage{}, err
	}
	number, symbol, assigned, err := s.store.NumberOffer(r.Context(), d.ID)
	if err != nil {
		return templates.SignPage{}, err
	}
	checked, err := s.store.Checked(r.Context(), d.DocumentView, revision.Content)
	if err != nil {
		return templates.SignPage{}, err
	}
	page := templates.SignPage{
		Shell: s.shellOf(r, d, words.TitleSign), Document: d.head(), Key: newKey(),
		Revision: revision.Number, ContentHash: revision.ContentHash, Due: d.due(), Steps: d.steps(),
		Facts: d.signFacts(revision, checked), MayReturn: d.may(document.Return),
		PrintURL: "/documents/" + d.ID + "/print.pdf?revision=" + strconv.Itoa(revision.Number),
		Number: templates.NumberChoice{
			Next: storage.PrintedNumber(number), Symbol: symbol, Assigned: assigned, Date: words.Date(calendar.DayOf(d.Now)),
		},
	}
	return page, s.preflight(d, revision, &page)
}

func (d *dossier) signFacts(revision storage.RevisionView, c storage.Checked) []templates.Pair {
	facts := []templates.Pair{{Name: words.FactAuthor, Value: revision.Submitter + ", " + words.Moment(revision.SubmittedAt)}}
	if approval, ok := d.round()[document.DivisionReview]; ok {
		facts = append(facts, templates.Pair{Name: words.FactReviewer, Value: approval.PersonName + ", " + words.Moment(approval.At)})
	}
	var texts []string
	for _, line := range readyLines(c, d) {
		texts = append(texts, line.Text)
	}
	return append(facts, templates.Pair{Name: words.FactContent, Value: strings.Join(texts, "; ")})
}

// preflight checks, before any password, whether this person can sign this
// content now: failing lines first.
func (s *Server) preflight(d *dossier, revision storage.RevisionView, page *templates.SignPage) error {
	var failing, passing []templates.CheckLine
	check := func(code string, holds bool, about string) {
		line := templates.CheckLine{State: "ok", Text: words.Preflight(code, holds), About: about}
		if holds {
			passing = append(passing, line)
			return
		}
		line.State = "fail"
		failing = append(failing, line)
	}
	check("pending", len(d.waiting) == 0, "")
	check("busy", d.SigningBy == 0, "")
	right := d.may(document.Sign) || len(d.waiting) > 0 || d.SigningBy != 0
	why := ""
	if !right {
		why = messages(d.notOffered(document.Sign))
	}
	check("right", right, why)
	check("content", revision.Content.Hash() == revision.ContentHash && revision.ContentHash == d.ContentHash, "")
	identity, err := s.keys.identity(d.actor.Username)
	if err != nil && !errors.Is(err, errNoKey) {
		return err
	}
	if err == nil {
		page.Certificate = d.certificateCard(identity.Certificate)
		check("owner", bound(identity.Certificate, d.actor.Username), identity.Certificate.Subject.CommonName)
		checks, err := signing.CheckIdentity(identity, signing.Trust{Roots: s.keys.roots, At: d.Now})
		if err != nil {
			return err
		}
		for _, one := range checks {
			if one.Outcome == signing.NotChecked {
				passing = append(passing, templates.CheckLine{State: "warn", Text: words.NotChecked})
				continue
			}
			check(string(one.Code), one.Outcome == signing.Passed, "")
		}
	}
	page.Blocked = len(failing) > 0 || page.Certificate == nil
	page.Preflight = append(failing, passing...)
	return nil
}

func (d *dossier) certificateCard(c *x509.Certificate) *templates.Certificate {
	return &templates.Certificate{
		Owner: c.Subject.CommonName, Position: words.Position(staff.Director, d.Unit.Name),
		Issuer: c.Issuer.CommonName, Serial: words.Serial(c.SerialNumber.Text(16)),
		Algorithm: words.Algorithm(keyKind(c)), Expires: words.Expires(c.NotAfter, d.Now), Legal: legal(c),
	}
}

// signDocument signs in one request: the password first, so that a wrong one
// takes no number; then number, paper, preparation, signature, our own
// verification, and the decision with its file in one transaction.
func (s *Server) signDocument(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := decisionForm(r, document.Sign, actor)
	if err != nil {
		return err
	}
	// A second click waits for the first, and then finds its decision.
	defer s.signing.take(n.Document)()
	if _, err := s.store.DecisionUnder(r.Context(), n.Key, actor.Person); err == nil {
		return goTo(w, r, decisionURL(n.Key))
	} else if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if !d.may(document.Sign) { // before a password is looked at
		return s.refused(w, r, n, d.notOffered(document.Sign))
	}
	number, broken := wantedNumber(r)
	if r.PostFormValue("agree") != "yes" {
		broken.Add(notAgreed, "agree")
	}
	key, wrong, err := s.openKey(w, r, d)
	if err != nil {
		return err
	}
	if broken = append(broken, wrong...); broken != nil {
		return s.signAgain(w, r, d, broken)
	}
	defer key.Wipe()
	sealer := sealer{Server: s, d: d, n: n, number: number, key: key}
	return s.road(w, r, n, func(ctx context.Context) (int64, error) { return sealer.sign(ctx) })
}

// wantedNumber is the typed number, or 0: the clerk's, else the next of the series.
func wantedNumber(r *http.Request) (int, rule.Errors) {
	if r.PostFormValue("mode") != "typed" {
		return 0, nil
	}
	number, ok := numberIn(strings.TrimSpace(r.PostFormValue("number")))
	if !ok || number == 0 {
		return 0, rule.Broken(storage.NumberBad, "number")
	}
	return number, nil
}

// openKey opens the person's key with the typed password and holds its
// certificate against the person and our roots. The password is forgotten here.
func (s *Server) openKey(w http.ResponseWriter, r *http.Request, d *dossier) (*signing.Key, rule.Errors, error) {
	password := []byte(r.PostFormValue("password"))
	r.PostForm.Del("password")
	r.Form.Del("password")
	if len(password) == 0 {
		return nil, rule.Broken(keyPasswordMissing, "password"), nil
	}
	person := strconv.FormatInt(d.actor.Person, 10)
	if _, wrong, err := s.wrongKeys.Status(person); err != nil || wrong >= keyTries {
		signing.WipeBytes(password)
		return nil, rule.Broken(keyTriesOver, "password"), err
	}
	key, err := s.keys.open(d.actor.Username, password)
	why, err := s.keyProblem(d, key, err)
	if err != nil || why == "" {
		return key, nil, err
	}
	if why == keyPasswordWrong {
		_ = s.wrongKeys.OnLimit(w, r, person) // counts it
	}
	if key != nil {
		key.Wipe()
	}
	return nil, rule.Broken(why, "password"), s.audit(r, storage.AuditSigningRefused, d.ID, map[string]any{"why": string(why)})
}

// keyProblem says what speaks against an opened key; empty: nothing.
func (s *Server) keyProblem(d *dossier, key *signing.Key, err error) (rule.Code, error) {
	switch {
	case errors.Is(err, signing.ErrWrongPassword):
		return keyPasswordWrong, nil
	case err != nil:
		s.log.Warn("signing key not opened", "document", d.ID, "username", d.actor.Username, "error", err)
		return keyUnusable, nil
	case !bound(key.Certificate, d.actor.Username):
		return keyNotYours, nil
	}
	checks, err := signing.CheckIdentity(key.Identity, signing.Trust{Roots: s.keys.roots, At: d.Now})
	if err != nil {
		key.Wipe()
		return "", err
	}
	for _, check := range checks {
		if check.Outcome == signing.Failed || check.Outcome == signing.Unknown {
			return keyUntrusted, nil
		}
	}
	return "", nil
}

// signAgain shows the form with what is wrong; the password is never kept.
func (s *Server) signAgain(w http.ResponseWriter, r *http.Request, d *dossier, broken rule.Errors) error {
	page, err := s.signPage(r, d)
	if err != nil {
		return err
	}
	page.Errors, page.Agreed = broken, r.PostFormValue("agree") == "yes"
	page.Number.Typed, page.Number.Number = r.PostFormValue("mode") == "typed", r.PostFormValue("number")
	return s.showBroken(w, "document/sign", page)
}

// sealer makes one signature.
type sealer struct {
	*Server
	d      *dossier
	n      storage.NewDecision
	number int
	key    *signing.Key
}

// sign goes from the number to the stored decision. What fails in between voids
// the attempt: its number is never used again.
func (s sealer) sign(ctx context.Context) (int64, error) {
	intent := storage.SigningIntent{
		Document: s.n.Document, Actor: s.n.Actor, Revision: s.n.Revision, ContentHash: s.n.ContentHash, Number: s.number,
	}
	attempt, err := s.store.ReserveNumber(ctx, intent)
	if err != nil {
		return 0, err
	}
	id, err := s.finish(ctx, intent, attempt)
	if err != nil {
		s.abandon(ctx, attempt.ID, err)
	}
	return id, err
}

// abandon voids the attempt even when the person has hung up.
func (s sealer) abandon(ctx context.Context, attempt uuid.UUID, why error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signalPatience)
	defer cancel()
	reason := "failed"
	if brokenIn(why) != nil {
		reason = "refused"
	}
	if err := s.store.AbandonSigning(ctx, attempt, reason); err != nil {
		s.log.ErrorContext(ctx, "abandon signing attempt", "attempt", attempt, "error", err)
	}
}

func (s sealer) finish(ctx context.Context, intent storage.SigningIntent, attempt storage.Attempt) (int64, error) {
	now, err := s.store.Now(ctx)
	if err != nil {
		return 0, err
	}
	printed, err := s.print(ctx, attempt, now)
	if err != nil {
		return 0, err
	}
	picture, err := s.keys.picture(s.n.Actor.Username)
	if err != nil {
		return 0, err
	}
	prepared, err := signing.Prepare(printed.PDF, paper.DirectorField, s.key.Identity,
		signing.Appearance{Picture: picture}, signing.Meta{At: now, Reason: words.SignReason, Location: s.d.Unit.Place})
	if err != nil {
		return 0, err
	}
	if err := s.begin(ctx, intent, attempt, prepared); err != nil {
		return 0, err
	}
	signed, err := signing.Sign(prepared, s.key.Signer)
	if err != nil {
		return 0, err
	}
	if err := s.verify(ctx, signed, printed); err != nil {
		return 0, err
	}
	return s.store.AddSignedDecision(ctx, s.n, attempt.ID, signed)
}

// print puts the revision on paper, with its number and date.
func (s sealer) print(ctx context.Context, attempt storage.Attempt, now time.Time) (paper.Print, error) {
	revision, err := s.store.Revision(ctx, attempt.Document, attempt.Revision)
	if err != nil {
		return paper.Print{}, err
	}
	checked, err := s.store.Checked(ctx, s.d.DocumentView, revision.Content)
	if err != nil {
		return paper.Print{}, err
	}
	layout, err := report(s.d.DocumentView, checked, numbered{
		number: attempt.NumberText(), date: attempt.Date, signer: s.n.Actor.Name,
	}, now)
	if err != nil {
		return paper.Print{}, err
	}
	return paper.Render(layout)
}

// begin keeps the prepared bytes and what the preflight showed of the key.
func (s sealer) begin(ctx context.Context, intent storage.SigningIntent, attempt storage.Attempt, prepared *signing.Preparation) error {
	plain := *prepared
	plain.PDF = nil // kept by its hash
	preparation, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("keep preparation: %w", err)
	}
	c := s.key.Certificate
	certificate, err := json.Marshal(map[string]any{
		"owner": c.Subject.CommonName, "subject": c.Subject.String(), "serial": c.SerialNumber.Text(16),
		"issuer": c.Issuer.String(), "not_before": c.NotBefore, "not_after": c.NotAfter, "legal": legal(c),
	})
	if err != nil {
		return fmt.Errorf("keep certificate: %w", err)
	}
	return s.store.BeginSigning(ctx, attempt.ID, intent, storage.Prepared{
		PDF: prepared.PDF, Preparation: preparation, Certificate: certificate,
	}, storage.SigningWindow)
}

// verify holds what we have signed against what we printed, our roots and the
// person, as anybody else would.
func (s sealer) verify(ctx context.Context, signed []byte, printed paper.Print) error {
	now, err := s.store.Now(ctx)
	if err != nil {
		return err
	}
	found, err := signing.Verify(signed, signing.Policy{
		Trust: signing.Trust{Roots: s.keys.roots, At: now}, Prepared: printed.PDF,
		Fields: printed.Fields, Required: []string{paper.DirectorField},
	})
	if err != nil {
		return err
	}
	signature, there := found.Signature(paper.DirectorField)
	if found.Verdict != signing.Valid || !there || signature.Certificate == nil || !bound(signature.Certificate, s.n.Actor.Username) {
		s.log.ErrorContext(ctx, "own signature does not verify", "document", s.n.Document, "problems", found.Problems())
		return rule.Broken(signatureInvalid, "")
	}
	return nil
}
