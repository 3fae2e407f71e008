package signing

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"time"
)

// Trust is what certificates are judged by.
type Trust struct {
	Roots             *x509.CertPool         // our own list, never the system's
	Intermediates     []*x509.Certificate    // besides those that come with a signature
	CRLs              []*x509.RevocationList // of the issuers in the chain
	RequireRevocation bool                   // without a usable CRL the answer is Unknown
	At                time.Time              // the instant judged: receipt by the server, never the signer's own claim
}

var errPolicy = errors.New("signing: policy lacks roots or the instant to judge at")

func (t Trust) check() error {
	if t.Roots == nil || t.At.IsZero() {
		return errPolicy
	}
	return nil
}

// CheckIdentity judges a signer's certificate before anything is signed with
// it. The error tells of a broken policy, not of a bad certificate.
func CheckIdentity(signer Identity, trust Trust) ([]Check, error) {
	if err := trust.check(); err != nil {
		return nil, err
	}
	return trust.identity(signer), nil
}

func (t Trust) identity(signer Identity) []Check {
	leaf := signer.Certificate
	checks := []Check{
		judged(CheckKey, checkPublicKey(leaf.PublicKey)),
		judged(CheckNotCA, checkNotCA(leaf)),
		judged(CheckKeyUsage, checkKeyUsage(leaf)),
		judged(CheckValidity, checkValidity(leaf, t.At)),
	}
	chain, err := t.chain(signer)
	checks = append(checks, judged(CheckChain, err))
	if err != nil {
		return append(checks, Check{CheckRevocation, NotChecked, "no chain"})
	}
	return append(checks, t.revocation(chain))
}

func checkNotCA(leaf *x509.Certificate) error {
	if leaf.IsCA || leaf.KeyUsage&(x509.KeyUsageCertSign|x509.KeyUsageCRLSign) != 0 {
		return errors.New("the signer's certificate is an authority's")
	}
	return nil
}

func checkKeyUsage(leaf *x509.Certificate) error {
	if leaf.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return errors.New("the certificate is not for signatures")
	}
	return nil
}

func checkValidity(leaf *x509.Certificate, at time.Time) error {
	if at.Before(leaf.NotBefore) || at.After(leaf.NotAfter) {
		return fmt.Errorf("valid from %s to %s, judged at %s", leaf.NotBefore, leaf.NotAfter, at)
	}
	return nil
}

// maxIssuerBits keeps a certificate that came with the file from costing minutes.
const maxIssuerBits = 8192

// chain builds a path to our roots at the instant judged. Its validity is that
// of the issuers: the signer's own is a check of its own, so the path is built
// at an instant within it.
func (t Trust) chain(signer Identity) ([]*x509.Certificate, error) {
	intermediates := x509.NewCertPool()
	for _, c := range append(signer.Chain[:len(signer.Chain):len(signer.Chain)], t.Intermediates...) {
		if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() > maxIssuerBits {
			continue
		}
		intermediates.AddCert(c)
	}
	at := t.At
	if leaf := signer.Certificate; at.Before(leaf.NotBefore) {
		at = leaf.NotBefore
	} else if at.After(leaf.NotAfter) {
		at = leaf.NotAfter
	}
	chains, err := signer.Certificate.Verify(x509.VerifyOptions{
		Roots: t.Roots, Intermediates: intermediates, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		return nil, err
	}
	chain := chains[0]
	if len(chain) < 2 {
		return nil, errors.New("the signer's certificate is itself a root")
	}
	for _, issuer := range chain[1:] {
		if key, ok := issuer.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
			return nil, fmt.Errorf("issuer with an RSA key of %d bits", key.N.BitLen())
		}
	}
	return chain, nil
}

// revocation looks every certificate below the root up in its issuer's CRL. One
// revoked certificate decides, whatever else is missing.
func (t Trust) revocation(chain []*x509.Certificate) Check {
	answer := Check{CheckRevocation, Passed, ""}
	for i, c := range chain[:len(chain)-1] {
		crl := t.crl(chain[i+1])
		if crl == nil {
			answer.Outcome, answer.Detail = NotChecked, fmt.Sprintf("no usable CRL of %q", c.Issuer)
			if t.RequireRevocation {
				answer.Outcome = Unknown
			}
			continue
		}
		for _, entry := range crl.RevokedCertificateEntries {
			if entry.SerialNumber.Cmp(c.SerialNumber) == 0 && !entry.RevocationTime.After(t.At) {
				return Check{CheckRevocation, Failed, fmt.Sprintf("certificate %s revoked at %s", c.SerialNumber, entry.RevocationTime)}
			}
		}
	}
	return answer
}

// crl returns the newest CRL that the issuer signed and that still counted at
// the instant judged. A CRL with critical extensions (delta, partial scope)
// does not say that a certificate is good, so it is not used.
func (t Trust) crl(issuer *x509.Certificate) *x509.RevocationList {
	var newest *x509.RevocationList
next:
	for _, crl := range t.CRLs {
		if !bytes.Equal(crl.RawIssuer, issuer.RawSubject) || crl.CheckSignatureFrom(issuer) != nil ||
			crl.NextUpdate.Before(t.At) {
			continue
		}
		for _, extension := range crl.Extensions {
			if extension.Critical {
				continue next
			}
		}
		if newest == nil || crl.ThisUpdate.After(newest.ThisUpdate) {
			newest = crl
		}
	}
	return newest
}
