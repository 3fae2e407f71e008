package notary

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"cchc/signing"
)

// Keys is the folder of people's keys, by username: <username>.p12 opens
// with their password at each signature; <username>.pem is its certificate with
// the issuers, readable before that; <username>.png the picture of their hand.
// The zero value has no keys: nobody can sign here.
type Keys struct {
	folder string
	roots  *x509.CertPool
}

// ReadKeys looks into the folder ("": no keys) and reads the file of
// trusted roots.
func ReadKeys(folder, roots string) (Keys, error) {
	if folder == "" {
		return Keys{}, nil
	}
	text, err := os.ReadFile(roots)
	if err != nil {
		return Keys{}, fmt.Errorf("read trusted roots: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return Keys{}, errors.New("read trusted roots: no certificate in " + roots)
	}
	return Keys{folder: folder, roots: pool}, nil
}

// ErrNoKey: the folder has no key of this person.
var ErrNoKey = errors.New("no signing key")

// Trust is by what signatures are judged at the instant.
func (k Keys) Trust(at time.Time) signing.Trust { return signing.Trust{Roots: k.roots, At: at} }

// read reads one of the person's files.
func (k Keys) read(username, ending string) ([]byte, error) {
	if k.folder == "" || !filepath.IsLocal(username) || strings.ContainsAny(username, `/\`) {
		return nil, ErrNoKey
	}
	data, err := os.ReadFile(filepath.Join(k.folder, username+ending))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("read signing key of %s: %w", username, err)
	}
	return data, nil
}

// Identity is the person's certificate as it lies beside the key: no password is
// needed to look at it.
func (k Keys) Identity(username string) (signing.Identity, error) {
	text, err := k.read(username, ".pem")
	if err != nil {
		return signing.Identity{}, err
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return signing.Identity{}, fmt.Errorf("read certificate of %s: %w", username, err)
		}
		all = append(all, certificate)
	}
	if len(all) == 0 {
		return signing.Identity{}, fmt.Errorf("read certificate of %s: none in the file", username)
	}
	return signing.Identity{Certificate: all[0], Chain: all[1:]}, nil
}

// Open opens the person's key. The password is wiped, whatever happens.
func (k Keys) Open(username string, password []byte) (*signing.Key, error) {
	defer signing.WipeBytes(password)
	data, err := k.read(username, ".p12")
	if err != nil {
		return nil, err
	}
	return signing.LoadPKCS12(data, password)
}

// Picture is the person's hand, a PNG; nil without one.
func (k Keys) Picture(username string) ([]byte, error) {
	data, err := k.read(username, ".png")
	if errors.Is(err, ErrNoKey) {
		return nil, nil
	}
	return data, err
}

// Bound tells whether a certificate is the person's: its subject's serialNumber
// is the username.
func Bound(certificate *x509.Certificate, username string) bool {
	return username != "" && certificate.Subject.SerialNumber == username
}

// withoutLegalValue marks certificates of demonstrations, in their subject.
const withoutLegalValue = "KHONG CO GIA TRI PHAP LY"

// Legal tells whether signatures with the certificate have legal value.
func Legal(certificate *x509.Certificate) bool {
	for _, unit := range certificate.Subject.OrganizationalUnit {
		if strings.HasPrefix(unit, withoutLegalValue) {
			return false
		}
	}
	return true
}
