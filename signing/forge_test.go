package signing_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"cchc/signing"
	"cchc/signing/cms"
	"cchc/signing/pdf"
)

func rsa1024() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 1024) }

// forgery is a signing increment made by hand, without the care of Prepare:
// each function spoils one part of an otherwise perfect signature.
type forgery struct {
	key        *signing.Key
	dict       func(text string) string                  // of the signature dictionary
	widget     func(pdf.Dict) pdf.Dict                   // of the rewritten field
	extra      func(f *pdf.File, inc *pdf.Increment)     // more objects in the same increment
	byteRange  func([4]int) [4]int                       // as written and as signed
	attributes func(set []byte) []byte                   // before they are signed
	message    func(der []byte) []byte                   // after
	certified  func(*x509.Certificate) *x509.Certificate // named in signing-certificate-v2
}

// make signs the director's field of base.
func (forged forgery) make(t testing.TB, base []byte) []byte {
	t.Helper()
	if forged.key == nil {
		forged.key = keys(t).agency // P-256 is the fastest
	}
	f := open(t, base)
	inc := f.NewIncrement()
	text := "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:20261122083000Z) " +
		"/ByteRange [0 0000000000 0000000000 0000000000] /Contents <" + strings.Repeat("00", 6000) + "> >>"
	if forged.dict != nil {
		text = forged.dict(text)
	}
	value := inc.Add(pdf.Raw(text))
	ref, dict := field(t, f, 0)
	dict = dict.With("V", value).With("AP", pdf.Dict{{Key: "N", Value: inc.Add(emptyForm())}})
	if forged.widget != nil {
		dict = forged.widget(dict)
	}
	inc.Replace(ref, dict)
	if forged.extra != nil {
		forged.extra(f, inc)
	}
	return forged.sign(t, inc.Write(), inc.Body(value))
}

func (forged forgery) sign(t testing.TB, out []byte, at int) []byte {
	t.Helper()
	start := at + bytes.Index(out[at:], []byte("/Contents <")) + len("/Contents ")
	end := start + bytes.IndexByte(out[start:], '>') + 1
	r := [4]int{0, start, end, len(out) - end}
	if forged.byteRange != nil {
		r = forged.byteRange(r)
	}
	place := at + bytes.Index(out[at:], []byte("/ByteRange [")) + len("/ByteRange ")
	copy(out[place:], fmt.Sprintf("%-36s", fmt.Sprintf("[%d %d %d %d]", r[0], r[1], r[2], r[3])))
	digest := sha256.Sum256(slices.Concat(out[r[0]:r[0]+r[1]], out[r[2]:r[2]+r[3]]))
	certified := forged.key.Certificate
	if forged.certified != nil {
		certified = forged.certified(certified)
	}
	attributes, err := cms.Attributes(digest, certified)
	if err != nil {
		t.Fatal(err)
	}
	if forged.attributes != nil {
		attributes = forged.attributes(attributes)
	}
	imprint := sha256.Sum256(attributes)
	signature, err := forged.key.Signer.Sign(rand.Reader, imprint[:], crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	message, err := cms.Build(attributes, forged.key.Certificate, forged.key.Chain, signature)
	if err != nil {
		t.Fatal(err)
	}
	if forged.message != nil {
		message = forged.message(message)
	}
	hex.Encode(out[start+1:end-1], message)
	return out
}

func open(t testing.TB, file []byte) *pdf.File {
	t.Helper()
	f, err := pdf.Open(file, pdf.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// field returns the nth field of the form.
func field(t testing.TB, f *pdf.File, n int) (pdf.Ref, pdf.Dict) {
	t.Helper()
	catalog, err := f.Catalog(f.Last())
	if err != nil {
		t.Fatal(err)
	}
	form, err := f.Dict(f.Last(), catalog.Get("AcroForm"))
	if err != nil {
		t.Fatal(err)
	}
	ref := form.Get("Fields").(pdf.Array)[n].(pdf.Ref)
	dict, err := f.Dict(f.Last(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return ref, dict
}

func emptyForm() pdf.Stream {
	return pdf.Stream{Dict: pdf.Dict{
		{Key: "Type", Value: pdf.Name("XObject")}, {Key: "Subtype", Value: pdf.Name("Form")},
		{Key: "BBox", Value: pdf.Array{pdf.Int(0), pdf.Int(0), pdf.Int(160), pdf.Int(70)}},
		{Key: "Resources", Value: pdf.Dict{}},
	}}
}

// append adds an increment without a signature.
func appended(t testing.TB, file []byte, change func(f *pdf.File, inc *pdf.Increment)) []byte {
	t.Helper()
	f := open(t, file)
	inc := f.NewIncrement()
	change(f, inc)
	return inc.Write()
}

// otherPage puts other words on the signed page.
func otherPage(f *pdf.File, inc *pdf.Increment) {
	pages, err := f.Pages(f.Last())
	if err != nil {
		panic(err)
	}
	page, err := f.Dict(f.Last(), pages[1])
	if err != nil {
		panic(err)
	}
	inc.Replace(pages[1], page.With("Contents", inc.Add(pdf.Stream{Data: []byte("0 0 595 842 re f")})))
}

// catalogWith replaces the catalog by one with another entry.
func catalogWith(key pdf.Name, value pdf.Object) func(*pdf.File, *pdf.Increment) {
	return func(f *pdf.File, inc *pdf.Increment) {
		catalog, err := f.Catalog(f.Last())
		if err != nil {
			panic(err)
		}
		inc.Replace(f.Revisions[0].Trailer.Get("Root").(pdf.Ref), catalog.With(key, value))
	}
}
