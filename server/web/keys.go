package web

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"cchc/signing"
)

// SigningKeys is the folder of people's keys, by username: <username>.p12 opens
// with their password at each signature; <username>.pem is its certificate with
// the issuers, readable before that; <username>.png the picture of their hand.
// The zero value has no keys: nobody can sign here.
type SigningKeys struct {
	folder string
	roots  *x509.CertPool
}

// ReadSigningKeys looks into the folder ("": no keys) and reads the file of
// trusted roots.
func ReadSigningKeys(folder, roots string) (SigningKeys, error) {
	if folder == "" {
		return SigningKeys{}, nil
	}
	text, err := os.ReadFile(roots)
	if err != nil {
		return SigningKeys{}, fmt.Errorf("read trusted roots: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return SigningKeys{}, errors.New("read trusted roots: no certificate in " + roots)
	}
	return SigningKeys{folder: folder, roots: pool}, nil
}

// errNoKey: the folder has no key of this person.
var errNoKey = errors.New("no signing key")

// read reads one of the person's files.
func (k SigningKeys) read(username, ending string) ([]byte, error) {
	if k.folder == "" || !filepath.IsLocal(username) || strings.ContainsAny(username, `/\`) {
		return nil, errNoKey
	}
	data, err := os.ReadFile(filepath.Join(k.folder, username+ending))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("read signing key of %s: %w", username, err)
	}
	return data, nil
}

// identity is the person's certificate as it lies beside the key: no password is
// needed to look at it.
func (k SigningKeys) identity(username string) (signing.Identity, error) {
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

// open opens the person's key. The password is wiped, whatever happens.
func (k SigningKeys) open(username string, password []byte) (*signing.Key, error) {
	defer signing.WipeBytes(password)
	data, err := k.read(username, ".p12")
	if err != nil {
		return nil, err
	}
	return signing.LoadPKCS12(data, password)
}

// picture is the person's hand, a PNG; nil without one.
func (k SigningKeys) picture(username string) ([]byte, error) {
	data, err := k.read(username, ".png")
	if errors.Is(err, errNoKey) {
		return nil, nil
	}
	return data, err
}

// bound tells whether a certificate is the person's: its subject's serialNumber
// is the username.
func bound(certificate *x509.Certificate, username string) bool {
	return username != "" && certificate.Subject.SerialNumber == username
}

// withoutLegalValue marks certificates of demonstrations, in their subject.
const withoutLegalValue = "KHONG CO GIA TRI PHAP LY"

func legal(certificate *x509.Certificate) bool {
	for _, unit := range certificate.Subject.OrganizationalUnit {
		if strings.HasPrefix(unit, withoutLegalValue) {
			return false
		}
	}
	return true
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

// turns lets one request at a time work on something, by its name.
type turns struct{ held sync.Map }

// take waits for the turn; call the result to give it back.
func (t *turns) take(name string) func() {
	lock, _ := t.held.LoadOrStore(name, &sync.Mutex{})
	mutex := lock.(*sync.Mutex)
	mutex.Lock()
	return mutex.Unlock
}
