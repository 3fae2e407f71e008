package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cchc/config"
	"cchc/server/demo"
	"cchc/signing"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestSeedDemo(t *testing.T) {
	d := storagetest.Open(t)
	folder := t.TempDir()
	cfg := config.Config{
		DatabaseURL: d.URL, Files: filepath.Join(folder, "files"), Demo: true,
		Keys: filepath.Join(folder, "keys"), TrustRoots: filepath.Join(folder, "trust", "roots.pem"),
	}
	var said bytes.Buffer
	if err := seedDemo(context.Background(), cfg, &said); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{storage.DemoPassword, demo.KeyPassword, "stc.hanhntm", "no legal value"} {
		if !strings.Contains(said.String(), text) {
			t.Errorf("does not say %q", text)
		}
	}
	trusted(t, cfg, "stc.thanghd")

	// The next start changes nothing; a lost key is made anew and trusted too.
	before := read(t, filepath.Join(cfg.Keys, "stc.thanghd.p12"))
	lost := filepath.Join(cfg.Keys, "syt.binhvtt.p12")
	if err := os.Remove(lost); err != nil {
		t.Fatal(err)
	}
	if err := seedDemo(context.Background(), cfg, &said); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, read(t, filepath.Join(cfg.Keys, "stc.thanghd.p12"))) {
		t.Error("a key that was there has been replaced")
	}
	trusted(t, cfg, "stc.thanghd")
	trusted(t, cfg, "syt.binhvtt")
}

// trusted opens a demo key and checks that it is bound to its person and hangs
// from a root in the list.
func trusted(t *testing.T, cfg config.Config, username string) {
	t.Helper()
	path := filepath.Join(cfg.Keys, username)
	key, err := signing.LoadPKCS12(read(t, path+".p12"), []byte(demo.KeyPassword))
	if err != nil {
		t.Fatal(err)
	}
	if key.Certificate.Subject.SerialNumber != username {
		t.Errorf("certificate of %q is bound to %q", username, key.Certificate.Subject.SerialNumber)
	}
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	if !roots.AppendCertsFromPEM(read(t, cfg.TrustRoots)) {
		t.Fatal("no root in the list")
	}
	for _, c := range key.Chain {
		between.AddCert(c)
	}
	_, err = key.Certificate.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: time.Now(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil {
		t.Errorf("%s: %v", username, err)
	}
	if info, err := os.Stat(path + ".p12"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s.p12: %v, %v", username, info.Mode(), err)
	}
	if _, err := png.Decode(bytes.NewReader(read(t, path+".png"))); err != nil {
		t.Errorf("%s.png: %v", username, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestSeedDemoOnlyInDemonstrations(t *testing.T) {
	d := storagetest.Open(t)
	err := seedDemo(context.Background(), config.Config{DatabaseURL: d.URL, Files: t.TempDir()}, &bytes.Buffer{})
	if err == nil {
		t.Fatal("demo accounts were made where CCHC_DEMO is not set")
	}
	var people int
	if err := d.Owner.QueryRow(`select count(*) from persons`).Scan(&people); err != nil || people != 0 {
		t.Errorf("%d people, %v", people, err)
	}
}
