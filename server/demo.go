package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"cchc/config"
	"cchc/domain/staff"
	"cchc/signing"
	"cchc/signing/testpki"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// demoKeyPassword opens every demo signing key.
const demoKeyPassword = "123456"

// seedDemo makes the demo accounts and keys, and prints how to use them.
func seedDemo(ctx context.Context, cfg config.Config, out io.Writer) error {
	if !cfg.Demo {
		return errors.New("CCHC_DEMO: must be true for demo accounts: their password is public")
	}
	store, err := storage.Open(ctx, storage.Options{URL: cfg.DatabaseURL, Files: cfg.Files})
	if err != nil {
		return err
	}
	defer func() { _ = store.Close() }()
	if err := store.SeedDemo(ctx); err != nil {
		return err
	}
	people, err := storage.DemoPeople()
	if err != nil {
		return err
	}
	var directors []staff.NewPerson
	for _, p := range people {
		if p.Role == staff.Director {
			directors = append(directors, p)
		}
	}
	if cfg.Keys != "" {
		if err := demoKeys(ctx, store, cfg, directors); err != nil {
			return err
		}
	}
	return tellDemo(out, people)
}

func tellDemo(out io.Writer, people []staff.NewPerson) error {
	var text bytes.Buffer
	fmt.Fprintf(&text, "demo accounts, password %s, signing key password %s (no legal value)\n", storage.DemoPassword, demoKeyPassword)
	for _, p := range people {
		fmt.Fprintf(&text, "  %-20s %-15s %s\n", p.Username, p.Role, p.Unit)
	}
	_, err := text.WriteTo(out)
	return err
}

// certificates is a key's certificate and its issuers, readable without password.
func certificates(key *signing.Key) []byte {
	var out []byte
	for _, c := range append([]*x509.Certificate{key.Certificate}, key.Chain...) {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return out
}

// demoKeys makes a key and a picture for each director who has none: in the
// folder of keys as <username>.p12, .pem and .png. The root they hang from is
// added to the trust roots before the first key is written, so that a start
// broken off in between leaves no key that nobody trusts.
func demoKeys(ctx context.Context, store *storage.Store, cfg config.Config, directors []staff.NewPerson) error {
	if err := os.MkdirAll(cfg.Keys, 0o700); err != nil {
		return fmt.Errorf("make folder of keys: %w", err)
	}
	var missing []staff.NewPerson
	for _, p := range directors {
		if _, err := os.Stat(keyFile(cfg, p, ".p12")); err != nil {
			missing = append(missing, p)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	authority, err := testpki.New(time.Now())
	if err != nil {
		return fmt.Errorf("make demo authority: %w", err)
	}
	if err := addTrust(cfg.TrustRoots, authority.RootPEM()); err != nil {
		return err
	}
	for _, p := range missing {
		unit, err := store.Unit(ctx, p.Unit)
		if err != nil {
			return err
		}
		if err := demoKey(cfg, authority, p, unit.Name); err != nil {
			return fmt.Errorf("make demo key of %s: %w", p.Username, err)
		}
	}
	return nil
}

func keyFile(cfg config.Config, p staff.NewPerson, ending string) string {
	return filepath.Join(cfg.Keys, p.Username+ending)
}

// demoKey writes one director's files. The certificate's serial number attribute
// is the username: that is what binds it to the person.
func demoKey(cfg config.Config, authority *testpki.Authority, p staff.NewPerson, unit string) error {
	key, err := authority.Issue(testpki.Person{Name: p.Name, Identifier: p.Username, Organization: unit}, testpki.RSA2048)
	if err != nil {
		return err
	}
	packed, err := testpki.PKCS12(key, demoKeyPassword)
	if err != nil {
		return err
	}
	if err := writeFile(keyFile(cfg, p, ".png"), testpki.Squiggle(p.Name)); err != nil {
		return err
	}
	if err := writeFile(keyFile(cfg, p, ".pem"), certificates(key)); err != nil {
		return err
	}
	return writeFile(keyFile(cfg, p, ".p12"), packed) // last: its presence means done
}

// addTrust appends a root to the list of those whose signatures count.
func addTrust(path string, root []byte) error {
	known, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("read trust roots: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("make folder of trust roots: %w", err)
	}
	return writeFile(path, append(known, root...))
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

// demoAccounts is what the sign-in page of a demonstration shows.
func demoAccounts(ctx context.Context, store *storage.Store) ([]templates.DemoAccount, error) {
	people, err := storage.DemoPeople()
	if err != nil {
		return nil, err
	}
	var accounts []templates.DemoAccount
	for _, p := range people {
		unit, err := store.Unit(ctx, p.Unit)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, templates.DemoAccount{
			Username: p.Username, Password: storage.DemoPassword, Who: words.Position(p.Role, unit.Name),
		})
	}
	return accounts, nil
}
