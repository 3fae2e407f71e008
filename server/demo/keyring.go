package demo

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cchc/signing"
	"cchc/signing/testpki"
)

// KeyPassword opens every demo signing key.
const KeyPassword = "123456"

// issuerFile keeps the authority that issues demo keys; no username looks so.
const issuerFile = ".issuer.p12"

// Keyring makes demo keys in the folder of keys: <username>.p12, .pem and .png.
type Keyring struct {
	Folder string
	Roots  string // file of trusted roots, to which the authority's is added

	authority func() (*testpki.Authority, error)
}

// NewKeyring opens the folder.
func NewKeyring(folder, roots string) Keyring {
	k := Keyring{Folder: folder, Roots: roots}
	k.authority = sync.OnceValues(k.open)
	return k
}

// Prepare makes the authority. The programs read the trusted roots when they
// start: it must have been called before.
func (k Keyring) Prepare() error {
	_, err := k.authority()
	return err
}

// open reads the authority or makes it. Its root is trusted before anything is
// issued under it, so that a start broken off in between leaves no key that
// nobody trusts.
func (k Keyring) open() (*testpki.Authority, error) {
	if err := os.MkdirAll(k.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of keys: %w", err)
	}
	packed, err := os.ReadFile(k.path(issuerFile))
	if err == nil {
		return testpki.Unpack(packed, KeyPassword)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read demo authority: %w", err)
	}
	authority, err := testpki.New(time.Now())
	if err != nil {
		return nil, fmt.Errorf("make demo authority: %w", err)
	}
	if err := k.trust(authority.RootPEM()); err != nil {
		return nil, err
	}
	if packed, err = authority.Pack(KeyPassword); err != nil {
		return nil, fmt.Errorf("keep demo authority: %w", err)
	}
	return authority, writeFile(k.path(issuerFile), packed)
}

func (k Keyring) path(name string) string { return filepath.Join(k.Folder, name) }

// Ensure makes the person's key, certificate and picture unless they are there.
// The certificate's serial number attribute is the username: that is what binds
// it to the person.
func (k Keyring) Ensure(username, name, organization string, kind testpki.KeyKind) error {
	if _, err := os.Stat(k.path(username + ".p12")); err == nil {
		return nil
	}
	if err := k.make(testpki.Person{Name: name, Identifier: username, Organization: organization}, kind); err != nil {
		return fmt.Errorf("make demo key of %s: %w", username, err)
	}
	return nil
}

func (k Keyring) make(person testpki.Person, kind testpki.KeyKind) error {
	authority, err := k.authority()
	if err != nil {
		return err
	}
	key, err := authority.Issue(person, kind)
	if err != nil {
		return err
	}
	packed, err := testpki.PKCS12(key, KeyPassword)
	if err != nil {
		return err
	}
	if err := writeFile(k.path(person.Identifier+".png"), testpki.Squiggle(person.Name)); err != nil {
		return err
	}
	if err := writeFile(k.path(person.Identifier+".pem"), certificates(key)); err != nil {
		return err
	}
	return writeFile(k.path(person.Identifier+".p12"), packed) // last: its presence means done
}

// certificates is a key's certificate and its issuers, readable without password.
func certificates(key *signing.Key) []byte {
	var out []byte
	for _, c := range append([]*x509.Certificate{key.Certificate}, key.Chain...) {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// trust appends a root to the list of those whose signatures count.
func (k Keyring) trust(root []byte) error {
	known, err := os.ReadFile(k.Roots)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read trust roots: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(k.Roots), 0o750); err != nil {
		return fmt.Errorf("make folder of trust roots: %w", err)
	}
	return writeFile(k.Roots, append(known, root...))
}

// writeFile writes a whole file or none: aside, then renamed.
func writeFile(path string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already once renamed
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
