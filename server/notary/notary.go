// Package notary carries a director's signature from the number to the stored
// decision, the same way whoever asks for it: a page, or a demonstration.
//
// What lives here: the folder of keys, and the order of the steps. What must
// not: forms, pages, passwords, and how a report is laid out, which is handed
// in. The rules are domain's, the transactions storage's, the bytes signing's.
package notary

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/paper"
	"cchc/signing"
	"cchc/storage"
	"cchc/templates/words"
)

// Why a signature is refused here.
const (
	SignatureInvalid rule.Code = "signature_invalid" // one of our own does not verify
	BundleUnsealed   rule.Code = "bundle_unsealed"   // the evidence that it names is not one file yet
)

// abandonPatience is how long voiding an attempt may take once its person has
// hung up.
const abandonPatience = 10 * time.Second

// Numbered is what a print gets when it is signed.
type Numbered struct {
	Number string // "07/BC-STC"; empty: a draft
	Date   calendar.Day
	Signer string
}

// Layout lays a content out as an administrative document. created is the file's
// own date: with the same arguments the bytes are the same.
type Layout func(v storage.DocumentView, c storage.Checked, n Numbered, created time.Time) (paper.Report, error)

// Notary signs documents.
type Notary struct {
	Store  *storage.Store
	Keys   Keys
	Layout Layout
	Log    *slog.Logger
}

// Sign goes from the number (0: the clerk's, else the next of the unit's series)
// to the stored decision, whose id it returns: paper, preparation, signature and
// our own verification lie between. What fails there voids the attempt: its
// number is never used again. rule.Errors are refusals. The key is not wiped.
func (n Notary) Sign(ctx context.Context, v storage.DocumentView, d storage.NewDecision, number int, key *signing.Key) (int64, error) {
	one := signature{Notary: n, view: v, decision: d, key: key, intent: storage.SigningIntent{
		Document: d.Document, Actor: d.Actor, Revision: d.Revision, ContentHash: d.ContentHash, Number: number,
	}}
	var err error
	if one.attempt, err = n.Store.ReserveNumber(ctx, one.intent); err != nil {
		return 0, err
	}
	id, err := one.finish(ctx)
	if err != nil {
		one.abandon(ctx, err)
	}
	return id, err
}

// signature is one on its way.
type signature struct {
	Notary
	view     storage.DocumentView
	decision storage.NewDecision
	intent   storage.SigningIntent
	attempt  storage.Attempt
	key      *signing.Key
}

// abandon voids the attempt even when the person has hung up.
func (s signature) abandon(ctx context.Context, why error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandonPatience)
	defer cancel()
	reason := "failed"
	var broken rule.Errors
	if errors.As(why, &broken) {
		reason = "refused"
	}
	if err := s.Store.AbandonSigning(ctx, s.attempt.ID, reason); err != nil {
		s.Log.ErrorContext(ctx, "abandon signing attempt", "attempt", s.attempt.ID, "error", err)
	}
}

func (s signature) finish(ctx context.Context) (int64, error) {
	now, err := s.Store.Now(ctx)
	if err != nil {
		return 0, err
	}
	printed, err := s.print(ctx, now)
	if err != nil {
		return 0, err
	}
	picture, err := s.Keys.Picture(s.decision.Actor.Username)
	if err != nil {
		return 0, err
	}
	prepared, err := signing.Prepare(printed.PDF, paper.DirectorField, s.key.Identity,
		signing.Appearance{Picture: picture}, signing.Meta{At: now, Reason: words.SignReason(s.view.Kind), Location: s.view.Unit.Place})
	if err != nil {
		return 0, err
	}
	if err := s.begin(ctx, prepared); err != nil {
		return 0, err
	}
	signed, err := signing.Sign(prepared, s.key.Signer)
	if err != nil {
		return 0, err
	}
	if err := s.verify(ctx, signed, printed); err != nil {
		return 0, err
	}
	return s.Store.AddSignedDecision(ctx, s.decision, s.attempt.ID, signed)
}

// print puts the revision on paper, with its number and date.
func (s signature) print(ctx context.Context, now time.Time) (paper.Print, error) {
	revision, err := s.Store.Revision(ctx, s.attempt.Document, s.attempt.Revision)
	if err != nil {
		return paper.Print{}, err
	}
	checked, err := s.Store.Checked(ctx, s.view, revision)
	if err != nil {
		return paper.Print{}, err
	}
	if s.view.Kind == document.Index && !checked.Bundle.Sealed() {
		return paper.Print{}, rule.Broken(BundleUnsealed, "")
	}
	layout, err := s.Layout(s.view, checked, Numbered{
		Number: s.attempt.NumberText(), Date: s.attempt.Date, Signer: s.decision.Actor.Name,
	}, now)
	if err != nil {
		return paper.Print{}, err
	}
	return paper.Render(layout)
}

// begin keeps the prepared bytes and what the preflight showed of the key.
func (s signature) begin(ctx context.Context, prepared *signing.Preparation) error {
	plain := *prepared
	plain.PDF = nil // kept by its hash
	preparation, err := json.Marshal(plain)
	if err != nil {
		return fmt.Errorf("keep preparation: %w", err)
	}
	c := s.key.Certificate
	certificate, err := json.Marshal(map[string]any{
		"owner": c.Subject.CommonName, "subject": c.Subject.String(), "serial": c.SerialNumber.Text(16),
		"issuer": c.Issuer.String(), "not_before": c.NotBefore, "not_after": c.NotAfter, "legal": Legal(c),
	})
	if err != nil {
		return fmt.Errorf("keep certificate: %w", err)
	}
	return s.Store.BeginSigning(ctx, s.attempt.ID, s.intent, storage.Prepared{
		PDF: prepared.PDF, Preparation: preparation, Certificate: certificate,
	}, storage.SigningWindow)
}

// verify holds what we have signed against what we printed, our roots and the
// person, as anybody else would.
func (s signature) verify(ctx context.Context, signed []byte, printed paper.Print) error {
	now, err := s.Store.Now(ctx)
	if err != nil {
		return err
	}
	found, err := signing.Verify(signed, signing.Policy{
		Trust: s.Keys.Trust(now), Prepared: printed.PDF,
		Fields: printed.Fields, Required: []string{paper.DirectorField},
	})
	if err != nil {
		return err
	}
	made, there := found.Signature(paper.DirectorField)
	if found.Verdict != signing.Valid || !there || made.Certificate == nil || !Bound(made.Certificate, s.decision.Actor.Username) {
		s.Log.ErrorContext(ctx, "own signature does not verify", "document", s.decision.Document, "problems", found.Problems())
		return rule.Broken(SignatureInvalid, "")
	}
	return nil
}
