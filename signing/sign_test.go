package signing_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"cchc/signing"
	"cchc/signing/testpki"
)

var signedAt = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

// pki is one authority for all tests, with the keys that are slow to make.
type pki struct {
	*testpki.Authority
	director, agency *signing.Key // RSA 2048, P-256
}

var shared = sync.OnceValues(func() (pki, error) {
	// The real clock, because pdfsig and openssl judge by theirs.
	authority, err := testpki.New(time.Now().Add(-24 * time.Hour))
	if err != nil {
		return pki{}, err
	}
	head, err := authority.Issue(testpki.Person{Name: "Nguyễn Văn An", Identifier: "P-001", Organization: "So Tai chinh"}, testpki.RSA2048)
	if err != nil {
		return pki{}, err
	}
	seal, err := authority.Issue(testpki.Person{Name: "Sở Tài chính", Identifier: "U-STC"}, testpki.P256)
	return pki{authority, head, seal}, err
})

func keys(t testing.TB) pki {
	t.Helper()
	p, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sign runs both phases on one field.
func sign(t testing.TB, file []byte, field string, key *signing.Key) []byte {
	t.Helper()
	picture := signing.Appearance{Picture: testpki.Squiggle(key.Certificate.Subject.CommonName)}
	p, err := signing.Prepare(file, field, key.Identity, picture, signing.Meta{At: signedAt, Reason: "Ký báo cáo", Location: "Ha Noi"})
	if err != nil {
		t.Fatal(err)
	}
	out, err := signing.Sign(p, key.Signer)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func policy(t testing.TB, prepared []byte, required ...string) signing.Policy {
	t.Helper()
	return signing.Policy{
		Trust:    signing.Trust{Roots: keys(t).Roots(), At: time.Now()},
		Prepared: prepared,
		Required: required,
	}
}

func verify(t testing.TB, file []byte, p signing.Policy) signing.Report {
	t.Helper()
	report, err := signing.Verify(file, p)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestSignAndVerify(t *testing.T) {
	person := testpki.Person{Name: "Nguyễn Văn An", Identifier: "P-001"}
	for name, kind := range map[string]testpki.KeyKind{
		"RSA 2048": testpki.RSA2048, "RSA 3072": testpki.RSA3072, "P-256": testpki.P256,
	} {
		t.Run(name, func(t *testing.T) {
			key, err := keys(t).Issue(person, kind)
			if err != nil {
				t.Fatal(err)
			}
			prepared := report(t)
			signed := sign(t, prepared, director.Name, key)
			got := verify(t, signed, policy(t, prepared, director.Name))
			if got.Verdict != signing.Valid {
				t.Fatalf("%s: %v", got.Verdict, got.Problems())
			}
			s, ok := got.Signature(director.Name)
			if !ok || s.Certificate.Subject.SerialNumber != "P-001" || !s.ClaimedTime.Equal(signedAt) {
				t.Errorf("signature %+v", s)
			}
			independent(t, signed, 1)
		})
	}
}

func TestDirectorThenSeal(t *testing.T) {
	prepared := report(t)
	first := sign(t, prepared, director.Name, keys(t).director)
	second := sign(t, first, agency.Name, keys(t).agency)
	if !bytes.HasPrefix(second, first) {
		t.Error("the seal touched the director's bytes")
	}
	got := verify(t, second, policy(t, prepared, director.Name, agency.Name))
	if got.Verdict != signing.Valid || len(got.Signatures) != 2 {
		t.Fatalf("%s: %v", got.Verdict, got.Problems())
	}
	for i, name := range []string{director.Name, agency.Name} {
		if got.Signatures[i].Field.Name != name || got.Signatures[i].Verdict() != signing.Valid {
			t.Errorf("signature %d: %+v", i, got.Signatures[i])
		}
	}
	independent(t, second, 2)
}

// independent holds a file against verifiers that share no code with ours.
func independent(t *testing.T, file []byte, signatures int) {
	t.Helper()
	path := write(t, "signed.pdf", file)
	dir := filepath.Dir(path)
	root := filepath.Join(dir, "root.pem")
	if err := os.WriteFile(root, keys(t).RootPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qpdf", "--check", path)

	run(t, "certutil", "-N", "-d", "sql:"+dir, "--empty-password")
	run(t, "certutil", "-A", "-d", "sql:"+dir, "-n", "root", "-t", "CT,CT,CT", "-i", root)
	listing := run(t, "pdfsig", "-nssdir", "sql:"+dir, path)
	for _, want := range []string{"Signature is Valid.", "Certificate is Trusted.", "Type: ETSI.CAdES.detached"} {
		if strings.Count(listing, want) != signatures {
			t.Errorf("pdfsig lacks %q %d times:\n%s", want, signatures, listing)
		}
	}
	if !strings.Contains(listing, "Total document signed") {
		t.Errorf("pdfsig: the last signature does not cover the file:\n%s", listing)
	}

	// mutool has no list of our roots, and calls a later signature an edit.
	listing = run(t, "mutool", "sign", "-v", path)
	if strings.Count(listing, "The document is unchanged since signing") != 1 ||
		strings.Count(listing, "The signature is valid but there have been edits") != signatures-1 {
		t.Errorf("mutool: %s", listing)
	}
	for i := range signatures {
		opensslVerify(t, dir, root, file, i)
	}
	pdfcpuReads(t, file)
}

// opensslVerify gives openssl the message and the ranges, cut out by text
// search and not by our reader.
func opensslVerify(t *testing.T, dir, root string, file []byte, nth int) {
	t.Helper()
	start := 0
	for range nth + 1 {
		start += bytes.Index(file[start:], []byte("/Contents <")) + len("/Contents <")
	}
	end := start + bytes.IndexByte(file[start:], '>')
	message, err := hex.DecodeString(string(file[start:end]))
	if err != nil {
		t.Fatal(err)
	}
	revision := end + bytes.Index(file[end:], []byte("%%EOF\n")) + len("%%EOF\n")
	content := slices.Concat(file[:start-1], file[end+1:revision])
	for name, data := range map[string][]byte{"message.der": message, "content.bin": content} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, "openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", filepath.Join(dir, "message.der"),
		"-content", filepath.Join(dir, "content.bin"), "-CAfile", root, "-cades", "-out", os.DevNull)
}

func pdfcpuReads(t *testing.T, file []byte) {
	t.Helper()
	api.DisableConfigDir()
	ctx, err := api.ReadContext(bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatalf("pdfcpu: %v", err)
	}
	if err := api.ValidateContext(ctx); err != nil {
		t.Errorf("pdfcpu: %v", err)
	}
	if ctx.PageCount != 2 {
		t.Errorf("pdfcpu counts %d pages", ctx.PageCount)
	}
}

// The page with the picture differs from the one without it only inside the
// field, and there it has blue ink on white.
func TestAppearanceIsDrawn(t *testing.T) {
	prepared := report(t)
	signed := sign(t, prepared, director.Name, keys(t).director)
	before, width, height := render(t, prepared)
	after, _, _ := render(t, signed)
	if len(before) != len(after) {
		t.Fatal("page sizes differ")
	}
	blue := 0
	for i := 0; i < len(after); i += 3 {
		if bytes.Equal(before[i:i+3], after[i:i+3]) {
			continue
		}
		x, y := float64(i/3%width), float64(height-i/3/width)
		if x < director.Rect[0]-1 || x > director.Rect[2]+1 || y < director.Rect[1]-1 || y > director.Rect[3]+1 {
			t.Fatalf("pixel %v, %v changed outside the field", x, y)
		}
		if int(after[i+2]) > int(after[i])+20 {
			blue++
		}
	}
	if blue < 200 {
		t.Errorf("only %d blue pixels", blue)
	}
}

// render draws page 2 at 72 dpi, a pixel a point, as RGB bytes.
func render(t *testing.T, file []byte) (pixels []byte, width, height int) {
	t.Helper()
	out, err := exec.Command("pdftoppm", "-r", "72", "-f", "2", "-l", "2", write(t, "page.pdf", file)).Output()
	if err != nil {
		t.Fatalf("pdftoppm: %v", err)
	}
	if _, err := fmt.Sscanf(string(out[:20]), "P6\n%d %d\n255\n", &width, &height); err != nil {
		t.Fatalf("unexpected picture: %v", err)
	}
	return out[len(out)-3*width*height:], width, height
}

func TestPreparationSurvivesRestart(t *testing.T) {
	key := keys(t).director
	prepared := report(t)
	p, err := signing.Prepare(prepared, director.Name, key.Identity, signing.Appearance{}, signing.Meta{At: signedAt})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(p.PDF, prepared) {
		t.Error("preparing touched earlier bytes")
	}
	file := p.PDF
	p.PDF = nil // kept as a file, the rest as a row
	stored, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back signing.Preparation
	if err := json.Unmarshal(stored, &back); err != nil {
		t.Fatal(err)
	}
	back.PDF = file
	// A remote signer gets the digest of the attributes and nothing else.
	if want := sha256.Sum256(back.Attributes); !bytes.Equal(want[:], back.AttributesDigest) {
		t.Error("not the digest of the attributes")
	}
	signature, err := key.Signer.Sign(nil, back.AttributesDigest, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signing.Embed(&back, signature)
	if err != nil {
		t.Fatal(err)
	}
	if got := verify(t, signed, policy(t, prepared, director.Name)); got.Verdict != signing.Valid {
		t.Errorf("%v", got.Problems())
	}
}

func TestPreparationRefusesChanges(t *testing.T) {
	key := keys(t).director
	for name, change := range map[string]func(*signing.Preparation){
		"other bytes":      func(p *signing.Preparation) { p.PDF[100] ^= 1 },
		"shorter file":     func(p *signing.Preparation) { p.PDF = p.PDF[:len(p.PDF)-1] },
		"no file":          func(p *signing.Preparation) { p.PDF = nil },
		"other range":      func(p *signing.Preparation) { p.ByteRange[1]-- },
		"negative range":   func(p *signing.Preparation) { p.ByteRange[3] = -1 },
		"other digest":     func(p *signing.Preparation) { p.Digest[0] ^= 1 },
		"other attributes": func(p *signing.Preparation) { p.Attributes[9] ^= 1 },
		"other imprint":    func(p *signing.Preparation) { p.AttributesDigest[0] ^= 1 },
		"other signer":     func(p *signing.Preparation) { p.Certificate = keys(t).agency.Certificate.Raw },
	} {
		p, err := signing.Prepare(report(t), director.Name, key.Identity, signing.Appearance{}, signing.Meta{At: signedAt})
		if err != nil {
			t.Fatal(err)
		}
		change(p)
		if _, err := signing.Sign(p, key.Signer); !errors.Is(err, signing.ErrPreparation) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPrepareAndSignRefuse(t *testing.T) {
	p := keys(t)
	prepared := report(t)
	meta := signing.Meta{At: signedAt}
	prepare := func(file []byte, field string, picture []byte) error {
		_, err := signing.Prepare(file, field, p.director.Identity, signing.Appearance{Picture: picture}, meta)
		return err
	}
	if err := prepare(prepared, "Other", nil); !errors.Is(err, signing.ErrNoField) {
		t.Errorf("unknown field: %v", err)
	}
	if err := prepare(sign(t, prepared, director.Name, p.director), director.Name, nil); !errors.Is(err, signing.ErrSigned) {
		t.Errorf("signed field: %v", err)
	}
	if err := prepare(prepared, director.Name, []byte("GIF89a")); !errors.Is(err, signing.ErrPicture) {
		t.Errorf("no PNG: %v", err)
	}
	ready, err := signing.Prepare(prepared, director.Name, p.director.Identity, signing.Appearance{}, meta)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signing.Sign(ready, p.agency.Signer); !errors.Is(err, signing.ErrKeyMismatch) {
		t.Errorf("another's key: %v", err)
	}
	if _, err := signing.Embed(ready, make([]byte, 256)); !errors.Is(err, signing.ErrBadSignature) {
		t.Errorf("wrong signature: %v", err)
	}
}

func TestPKCS12(t *testing.T) {
	p := keys(t)
	for name, key := range map[string]*signing.Key{"RSA": p.director, "P-256": p.agency} {
		file, err := testpki.PKCS12(key, "đúng mật khẩu")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := signing.LoadPKCS12(file, []byte("wrong")); !errors.Is(err, signing.ErrWrongPassword) {
			t.Errorf("%s: wrong password gives %v", name, err)
		}
		password := []byte("đúng mật khẩu")
		loaded, err := signing.LoadPKCS12(file, password)
		if err != nil {
			t.Fatal(err)
		}
		signing.WipeBytes(password)
		if !bytes.Equal(password, make([]byte, len(password))) {
			t.Error("password not wiped")
		}
		if !loaded.Certificate.Equal(key.Certificate) || len(loaded.Chain) != 2 {
			t.Errorf("%s: certificate or chain lost", name)
		}
		sign(t, report(t), director.Name, loaded)
		kept := loaded.Signer
		loaded.Wipe()
		if loaded.Signer != nil {
			t.Errorf("%s: key still there", name)
		}
		if der, err := x509.MarshalPKCS8PrivateKey(kept); err == nil {
			original, _ := x509.MarshalPKCS8PrivateKey(key.Signer)
			if bytes.Equal(der, original) {
				t.Errorf("%s: private numbers survive", name)
			}
		}
	}
	if _, err := signing.LoadPKCS12([]byte("nonsense"), nil); err == nil {
		t.Error("nonsense accepted")
	}
}

func TestPKCS12RefusesWeakAndForeignKeys(t *testing.T) {
	p := keys(t)
	mixed := &signing.Key{Identity: p.director.Identity, Signer: p.agency.Signer}
	file, err := testpki.PKCS12(mixed, "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signing.LoadPKCS12(file, []byte("x")); !errors.Is(err, signing.ErrKeyMismatch) {
		t.Errorf("foreign key: %v", err)
	}
	weak, err := p.Issue(testpki.Person{Name: "Weak"}, rsa1024)
	if err != nil {
		t.Fatal(err)
	}
	if file, err = testpki.PKCS12(weak, "x"); err != nil {
		t.Fatal(err)
	}
	if _, err := signing.LoadPKCS12(file, []byte("x")); !errors.Is(err, signing.ErrWeakKey) {
		t.Errorf("weak key: %v", err)
	}
}

func TestRootPEMIsReadable(t *testing.T) {
	block, rest := pem.Decode(keys(t).RootPEM())
	if block == nil || len(rest) != 0 {
		t.Fatal("no PEM")
	}
}

func BenchmarkSign(b *testing.B) {
	key := keys(b).director
	file := report(b)
	picture := signing.Appearance{Picture: testpki.Squiggle("benchmark")}
	digest := make([]byte, 32)
	b.Run("bare RSA 2048", func(b *testing.B) {
		for b.Loop() {
			if _, err := key.Signer.Sign(nil, digest, crypto.SHA256); err != nil {
				b.Fatal(err)
			}
		}
	})
	for name, appearance := range map[string]signing.Appearance{"prepare and sign": {}, "with picture": picture} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				p, err := signing.Prepare(file, director.Name, key.Identity, appearance, signing.Meta{At: signedAt})
				if err != nil {
					b.Fatal(err)
				}
				if _, err := signing.Sign(p, key.Signer); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	both := sign(b, sign(b, file, director.Name, key), agency.Name, keys(b).agency)
	rules := policy(b, file, director.Name, agency.Name)
	b.Run("verify two", func(b *testing.B) {
		for b.Loop() {
			if r := verify(b, both, rules); r.Verdict != signing.Valid {
				b.Fatal(r.Problems())
			}
		}
	})
}
