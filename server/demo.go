package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"cchc/config"
	"cchc/domain/staff"
	"cchc/server/demo"
	"cchc/signing/testpki"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

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
	fmt.Fprintf(&text, "demo accounts, password %s, signing key password %s (no legal value)\n", storage.DemoPassword, demo.KeyPassword)
	for _, p := range people {
		fmt.Fprintf(&text, "  %-20s %-15s %s\n", p.Username, p.Role, p.Unit)
	}
	_, err := text.WriteTo(out)
	return err
}

// demoKeys makes a key and a picture for each director who has none.
func demoKeys(ctx context.Context, store *storage.Store, cfg config.Config, directors []staff.NewPerson) error {
	keys := demo.NewKeyring(cfg.Keys, cfg.TrustRoots)
	if err := keys.Prepare(); err != nil {
		return err
	}
	for _, p := range directors {
		unit, err := store.Unit(ctx, p.Unit)
		if err != nil {
			return err
		}
		if err := keys.Ensure(p.Username, p.Name, unit.Name, testpki.RSA2048); err != nil {
			return err
		}
	}
	return nil
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
