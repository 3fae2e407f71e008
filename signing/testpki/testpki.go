// Package testpki makes certificates, keys and signature pictures for tests and
// demonstrations. Everything it issues says in its subject that it has no legal
// value (KHONG CO GIA TRI PHAP LY), in ASCII so that every viewer shows it.
//
// What lives here: a root, an intermediate, leaf keys, PKCS#12 files, CRLs and
// drawn signatures. What must not: anything that production trusts. An operator
// who puts this root into the production list has switched verification off.
package testpki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"software.sslmate.com/src/go-pkcs12"

	"cchc/signing"
)

// NoLegalValue stands in the subject of every certificate.
const NoLegalValue = "KHONG CO GIA TRI PHAP LY"

// lifetime of the certificates; a demonstration installation may stay up long.
const lifetime = 10 * 365 * 24 * time.Hour

// Authority is a root with one intermediate, which issues the leaves.
type Authority struct {
	Root, Intermediate *x509.Certificate

	rootKey, key crypto.Signer // of Root and of Intermediate
	notAfter     time.Time
}

// New makes an authority valid from an hour before at.
func New(at time.Time) (*Authority, error) {
	rootKey, err := P256()
	if err != nil {
		return nil, err
	}
	key, err := P256()
	if err != nil {
		return nil, err
	}
	notAfter := at.Add(lifetime)
	issuer := func(name string) *x509.Certificate {
		return &x509.Certificate{
			Subject:               subject(name, "", "CCHC"),
			NotBefore:             at.Add(-time.Hour),
			NotAfter:              notAfter,
			IsCA:                  true,
			BasicConstraintsValid: true,
			KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		}
	}
	rootTemplate := issuer("CCHC demo root")
	root, err := certify(rootTemplate, rootTemplate, rootKey, rootKey)
	if err != nil {
		return nil, err
	}
	intermediate, err := certify(issuer("CCHC demo intermediate"), root, key, rootKey)
	if err != nil {
		return nil, err
	}
	return &Authority{root, intermediate, rootKey, key, notAfter}, nil
}

// Pack keeps the authority in a PKCS#12 file, so that it can issue more later.
// The root's own key is not kept: it has done its work.
func (a *Authority) Pack(password string) ([]byte, error) {
	issuer := signing.Identity{Certificate: a.Intermediate, Chain: []*x509.Certificate{a.Root}}
	return PKCS12(&signing.Key{Identity: issuer, Signer: a.key}, password)
}

// Unpack reads what Pack wrote. Such an authority issues, but makes no CRLs.
func Unpack(data []byte, password string) (*Authority, error) {
	key, err := signing.LoadPKCS12(data, []byte(password))
	if err != nil {
		return nil, fmt.Errorf("read authority: %w", err)
	}
	if len(key.Chain) != 1 {
		return nil, fmt.Errorf("read authority: %d certificates above it, want the root", len(key.Chain))
	}
	return &Authority{Root: key.Chain[0], Intermediate: key.Certificate, key: key.Signer, notAfter: key.Certificate.NotAfter}, nil
}

// Roots is a pool with the root alone.
func (a *Authority) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.Root)
	return pool
}

// RootPEM is the root as a file for the configuration.
func (a *Authority) RootPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw})
}

// Person is the subject of a leaf.
type Person struct {
	Name         string // common name
	Identifier   string // subject serialNumber: what binds the certificate to a person
	Organization string
}

// KeyKind makes a private key: RSA2048, RSA3072 or P256.
type KeyKind func() (crypto.Signer, error)

// RSA2048 makes an RSA key of 2048 bits.
func RSA2048() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 2048) }

// RSA3072 makes an RSA key of 3072 bits.
func RSA3072() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 3072) }

// P256 makes an ECDSA key on P-256.
func P256() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }

// Issue makes a key with a signer's certificate. changes spoil the certificate
// before it is issued, for hostile cases.
func (a *Authority) Issue(person Person, kind KeyKind, changes ...func(*x509.Certificate)) (*signing.Key, error) {
	key, err := kind()
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	template := &x509.Certificate{
		Subject:               subject(person.Name, person.Identifier, person.Organization),
		NotBefore:             a.Intermediate.NotBefore,
		NotAfter:              a.notAfter,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	for _, change := range changes {
		change(template)
	}
	certificate, err := certify(template, a.Intermediate, key, a.key)
	if err != nil {
		return nil, err
	}
	identity := signing.Identity{Certificate: certificate, Chain: []*x509.Certificate{a.Intermediate, a.Root}}
	return &signing.Key{Identity: identity, Signer: key}, nil
}

// PKCS12 packs a key with its chain, as a director would bring it.
func PKCS12(key *signing.Key, password string) ([]byte, error) {
	return pkcs12.Modern.Encode(key.Signer, key.Certificate, key.Chain, password)
}

// CRLs are the lists of both issuers as of at, good for a day. The root's is
// empty, the intermediate's has the revoked leaves.
func (a *Authority) CRLs(at time.Time, revoked ...*x509.Certificate) ([]*x509.RevocationList, error) {
	ofRoot, err := list(a.Root, a.rootKey, at, nil)
	if err != nil {
		return nil, err
	}
	ofIntermediate, err := list(a.Intermediate, a.key, at, revoked)
	if err != nil {
		return nil, err
	}
	return []*x509.RevocationList{ofRoot, ofIntermediate}, nil
}

func list(issuer *x509.Certificate, key crypto.Signer, at time.Time, revoked []*x509.Certificate) (*x509.RevocationList, error) {
	template := &x509.RevocationList{Number: big.NewInt(at.Unix()), ThisUpdate: at, NextUpdate: at.Add(24 * time.Hour)}
	for _, c := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, issuer, key)
	if err != nil {
		return nil, fmt.Errorf("make CRL: %w", err)
	}
	return x509.ParseRevocationList(der)
}

func subject(name, identifier, organization string) pkix.Name {
	out := pkix.Name{
		Country:            []string{"VN"},
		OrganizationalUnit: []string{NoLegalValue},
		CommonName:         name,
		SerialNumber:       identifier,
	}
	if organization != "" {
		out.Organization = []string{organization}
	}
	return out
}

func certify(template, issuer *x509.Certificate, key, issuerKey crypto.Signer) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, fmt.Errorf("make serial number: %w", err)
	}
	template.SerialNumber = serial.Add(serial, big.NewInt(1))
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	if err != nil {
		return nil, fmt.Errorf("issue certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}
