package web

import (
	"context"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/server/notary"
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
		return goTo(w, r, d.tooLate())
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
	checked, err := s.store.Checked(r.Context(), d.DocumentView, revision)
	if err != nil {
		return templates.SignPage{}, err
	}
	page := templates.SignPage{
		Shell: s.shellOf(r, d, words.SignWork(d.Kind)), Document: d.head(), Key: newKey(),
		Revision: revision.Number, ContentHash: revision.ContentHash, Due: d.due(), Steps: d.steps(),
		Facts: d.signFacts(revision, checked), MayReturn: d.may(document.Return),
		PrintURL: "/documents/" + d.ID + "/print.pdf?revision=" + strconv.Itoa(revision.Number),
		Number: templates.NumberChoice{
			Next: storage.PrintedNumber(number), Symbol: symbol, Assigned: assigned, Date: words.Date(calendar.DayOf(d.Now)),
		},
	}
	if page.Request, err = s.request(r, d); err != nil {
		return page, err
	}
	return page, s.preflight(r, d, revision, &page)
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
func (s *Server) preflight(r *http.Request, d *dossier, revision storage.RevisionView, page *templates.SignPage) error {
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
	if d.Kind == document.Index {
		_, err := s.bundles.Seal(r.Context(), d.ID, revision.Number)
		if err != nil && brokenIn(err) == nil {
			return err
		}
		check("bundle", err == nil, messages(brokenIn(err)))
	}
	check("content", revision.Content.Hash() == revision.ContentHash && revision.ContentHash == d.ContentHash, "")
	identity, err := s.notary.Keys.Identity(d.actor.Username)
	if err != nil && !errors.Is(err, notary.ErrNoKey) {
		return err
	}
	if err == nil {
		page.Certificate = d.certificateCard(identity.Certificate)
		check("owner", notary.Bound(identity.Certificate, d.actor.Username), identity.Certificate.Subject.CommonName)
		checks, err := signing.CheckIdentity(identity, s.notary.Keys.Trust(d.Now))
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
		Algorithm: words.Algorithm(keyKind(c)), Expires: words.Expires(c.NotAfter, d.Now), Legal: notary.Legal(c),
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
		return goTo(w, r, decisionURL(n.Key, cameFrom(r)))
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
	return s.road(w, r, n, func(ctx context.Context) (int64, error) {
		if d.Kind == document.Index { // the signed paper names its evidence
			if _, err := s.bundles.Seal(ctx, d.ID, n.Revision); err != nil {
				return 0, err
			}
		}
		return s.notary.Sign(ctx, d.DocumentView, n, number, key)
	})
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
	key, err := s.notary.Keys.Open(d.actor.Username, password)
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
	case !notary.Bound(key.Certificate, d.actor.Username):
		return keyNotYours, nil
	}
	checks, err := signing.CheckIdentity(key.Identity, s.notary.Keys.Trust(d.Now))
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

func keyKind(certificate *x509.Certificate) (kind string, bits int) {
	switch key := certificate.PublicKey.(type) {
	case *rsa.PublicKey:
		return "RSA", key.N.BitLen()
	case *ecdsa.PublicKey:
		return "ECDSA", key.Curve.Params().BitSize
	}
	return certificate.PublicKeyAlgorithm.String(), 0
}
