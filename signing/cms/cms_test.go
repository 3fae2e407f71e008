package cms_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"cchc/signing"
	"cchc/signing/cms"
	"cchc/signing/testpki"
)

func issue(t *testing.T, kind testpki.KeyKind) *signing.Key {
	t.Helper()
	authority, err := testpki.New(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	key, err := authority.Issue(testpki.Person{Name: "Nguyen Van An"}, kind)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func build(t *testing.T, key *signing.Key, digest [32]byte) []byte {
	t.Helper()
	attributes, err := cms.Attributes(digest, key.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	imprint := sha256.Sum256(attributes)
	signature, err := key.Signer.Sign(rand.Reader, imprint[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	message, err := cms.Build(attributes, key.Certificate, key.Chain, signature)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestBuildThenParse(t *testing.T) {
	key := issue(t, testpki.P256)
	digest := sha256.Sum256([]byte("content"))
	s, err := cms.Parse(build(t, key, digest))
	if err != nil {
		t.Fatal(err)
	}
	if !s.Signer.Equal(key.Certificate) || len(s.Certificates) != 3 || s.Hash != crypto.SHA256 {
		t.Errorf("signer %v, %d certificates, %v", s.Signer.Subject, len(s.Certificates), s.Hash)
	}
	for name, err := range map[string]error{
		"attributes": s.CheckAttributes(), "digest": s.CheckDigest(digest[:]),
		"certificate": s.CheckSigningCertificate(), "signature": s.CheckSignature(),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s.CheckDigest(make([]byte, 32)) == nil {
		t.Error("another digest accepted")
	}
}

// One signature in 256 ends in a zero byte: the message is cut by its own
// length, so that padding and signature are told apart.
func TestMessageThatEndsInZero(t *testing.T) {
	key := issue(t, testpki.RSA2048)
	for i := range 5000 {
		digest := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		message := build(t, key, digest)
		if message[len(message)-1] != 0 {
			continue
		}
		cut, err := cms.DER(append(bytes.Clone(message), make([]byte, 100)...))
		if err != nil || !bytes.Equal(cut, message) {
			t.Errorf("cut to %d of %d bytes: %v", len(cut), len(message), err)
		}
		return
	}
	t.Fatal("no signature ended in zero")
}

func TestDERRefusesOtherPadding(t *testing.T) {
	if _, err := cms.DER([]byte{0x30, 0x00, 0x00, 0x01}); err == nil {
		t.Error("bytes after the message accepted")
	}
	if _, err := cms.DER(make([]byte, 10)); err == nil {
		t.Error("no message accepted")
	}
}

// Messages made by openssl carry the issuer and serial number in
// signing-certificate-v2, other attributes, and SHA-384 or SHA-512 when asked.
func TestReadsMessagesOfOpenSSL(t *testing.T) {
	digest256, digest384, digest512 := sha256.Sum256([]byte("content")), sha512.Sum384([]byte("content")), sha512.Sum512([]byte("content"))
	for name, c := range map[string]struct {
		kind   testpki.KeyKind
		md     string
		hash   crypto.Hash
		digest []byte
	}{
		"RSA, SHA-256":   {testpki.RSA2048, "sha256", crypto.SHA256, digest256[:]},
		"RSA, SHA-512":   {testpki.RSA2048, "sha512", crypto.SHA512, digest512[:]},
		"P-256, SHA-384": {testpki.P256, "sha384", crypto.SHA384, digest384[:]},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := cms.Parse(opensslSign(t, issue(t, c.kind), c.md))
			if err != nil {
				t.Fatal(err)
			}
			if s.Hash != c.hash {
				t.Errorf("hash %v", s.Hash)
			}
			for name, err := range map[string]error{
				"digest": s.CheckDigest(c.digest), "certificate": s.CheckSigningCertificate(), "signature": s.CheckSignature(),
			} {
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			// openssl adds signing-time, which the PAdES baseline forbids.
			if s.CheckAttributes() == nil {
				t.Error("signing-time accepted")
			}
		})
	}
	sha1 := opensslSign(t, issue(t, testpki.RSA2048), "sha1")
	if _, err := cms.Parse(sha1); err == nil {
		t.Error("SHA-1 accepted")
	}
}

func opensslSign(t *testing.T, key *signing.Key, digest string) []byte {
	t.Helper()
	dir := t.TempDir()
	private, err := x509.MarshalPKCS8PrivateKey(key.Signer)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"key.pem":     pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
		"cert.pem":    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: key.Certificate.Raw}),
		"content.bin": []byte("content"),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command("openssl", "cms", "-sign", "-cades", "-binary", "-md", digest, "-in", "content.bin",
		"-signer", "cert.pem", "-inkey", "key.pem", "-outform", "DER", "-out", "message.der")
	command.Dir = dir
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("openssl cms -sign: %v\n%s", err, out)
	}
	message, err := os.ReadFile(filepath.Join(dir, "message.der"))
	if err != nil {
		t.Fatal(err)
	}
	return message
}
