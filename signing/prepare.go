package signing

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"cchc/signing/cms"
	"cchc/signing/pdf"
)

// Errors of preparing and signing; they come wrapped.
var (
	ErrNoField      = errors.New("signing: no such signature field")
	ErrSigned       = errors.New("signing: the field is signed already")
	ErrPreparation  = errors.New("signing: the preparation does not agree with itself")
	ErrBadSignature = errors.New("signing: the signature does not fit the preparation")
)

const subFilter = pdf.Name("ETSI.CAdES.detached")

// Meta is what the signature dictionary says besides the signature.
type Meta struct {
	At       time.Time // claimed signing time; proves nothing, is shown by readers
	Reason   string    // optional
	Location string    // optional
}

// Preparation is everything between the two phases of a signature. It is plain
// data: stored as JSON it survives a restart, and nothing is rendered again. A
// caller that keeps the PDF elsewhere may set PDF to nil before storing and put
// it back before Sign, which refuses bytes other than the prepared ones.
type Preparation struct {
	Field            string   `json:"field"`
	PDF              []byte   `json:"pdf,omitempty"`     // exact bytes, Contents still zeros
	ByteRange        [4]int   `json:"byte_range"`        // offset, length, offset, length
	Digest           []byte   `json:"digest"`            // SHA-256 of the ranges
	Attributes       []byte   `json:"attributes"`        // exact DER of the signed attributes
	AttributesDigest []byte   `json:"attributes_digest"` // SHA-256 of Attributes: all a remote signer gets
	Certificate      []byte   `json:"certificate"`       // DER
	Chain            [][]byte `json:"chain,omitempty"`   // DER
}

// Prepare appends the increment of one signature, its value left open. It
// changes the field's own object and adds the signature dictionary and the
// appearance; every earlier byte stays.
func Prepare(file []byte, field string, signer Identity, appearance Appearance, meta Meta) (*Preparation, error) {
	if err := checkPublicKey(signer.Certificate.PublicKey); err != nil {
		return nil, err
	}
	f, err := pdf.Open(file, limits)
	if err != nil {
		return nil, fmt.Errorf("prepare signature: %w", err)
	}
	target, err := findField(f, field)
	if err != nil {
		return nil, err
	}
	inc := f.NewIncrement()
	drawn, err := addAppearance(inc, appearance, target.Rect)
	if err != nil {
		return nil, err
	}
	dict, err := newSignatureDict(signer, meta)
	if err != nil {
		return nil, err
	}
	value := inc.Add(pdf.Raw(dict.text))
	inc.Replace(target.ref, target.dict.
		With("AP", pdf.Dict{{Key: "N", Value: drawn}}).
		With("V", value))
	out := inc.Write()
	p := &Preparation{Field: field, PDF: out, Certificate: signer.Certificate.Raw}
	for _, c := range signer.Chain {
		p.Chain = append(p.Chain, c.Raw)
	}
	p.ByteRange = dict.fill(out, inc.Body(value))
	return p, p.digest(signer.Certificate)
}

func findField(f *pdf.File, name string) (widget, error) {
	fields, err := readFields(f, f.Last())
	if err != nil {
		return widget{}, fmt.Errorf("prepare signature: %w", err)
	}
	for _, w := range fields {
		if w.Name == name {
			if w.dict.Has("V") {
				return widget{}, fmt.Errorf("%w: %s", ErrSigned, name)
			}
			return w, nil
		}
	}
	return widget{}, fmt.Errorf("%w: %s", ErrNoField, name)
}

func (p *Preparation) digest(certificate *x509.Certificate) error {
	digest := sha256.Sum256(signedBytes(p.PDF, p.ByteRange))
	attributes, err := cms.Attributes(digest, certificate)
	if err != nil {
		return err
	}
	attributesDigest := sha256.Sum256(attributes)
	p.Digest, p.Attributes, p.AttributesDigest = digest[:], attributes, attributesDigest[:]
	return nil
}

func signedBytes(file []byte, r [4]int) []byte {
	return slices.Concat(file[r[0]:r[0]+r[1]], file[r[2]:r[2]+r[3]])
}

// signatureDict is the text of a signature dictionary with the places, relative
// to its start, that are filled once the file is written.
type signatureDict struct {
	text                []byte
	rangeStart          int
	rangeWidth          int
	contents, afterward int // offsets of "<" and one past ">"
}

// newSignatureDict reserves room for the message with this signer's
// certificates and largest signature, rounded up to a whole kilobyte.
func newSignatureDict(signer Identity, meta Meta) (signatureDict, error) {
	attributes, err := cms.Attributes([32]byte{}, signer.Certificate)
	if err != nil {
		return signatureDict{}, err
	}
	message, err := cms.Build(attributes, signer.Certificate, signer.Chain, make([]byte, signatureSize(signer.Certificate)))
	if err != nil {
		return signatureDict{}, err
	}
	room := (len(message)/1024 + 1) * 1024

	const emptyRange = "[0 0000000000 0000000000 0000000000]"
	out := []byte("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /" + string(subFilter))
	out = fmt.Appendf(out, " /M (%s)", dateText(meta.At))
	for _, entry := range []struct{ key, value string }{
		{"Name", signer.Certificate.Subject.CommonName}, {"Reason", meta.Reason}, {"Location", meta.Location},
	} {
		if entry.value != "" {
			out = pdf.Append(fmt.Appendf(out, " /%s ", entry.key), textString(entry.value))
		}
	}
	d := signatureDict{rangeWidth: len(emptyRange)}
	out = append(out, " /ByteRange "...)
	d.rangeStart = len(out)
	out = append(out, emptyRange+" /Contents "...)
	d.contents = len(out)
	out = append(append(append(out, '<'), bytes.Repeat([]byte("00"), room)...), '>')
	d.afterward = len(out)
	d.text = append(out, " >>"...)
	return d, nil
}

func signatureSize(certificate *x509.Certificate) int {
	if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
		return key.Size()
	}
	return 72 // two integers of P-256 in DER
}

// dateText is a PDF date in Vietnam's zone, which has had no other offset since
// 1975.
func dateText(at time.Time) string {
	return at.In(time.FixedZone("", 7*60*60)).Format("D:20060102150405+07'00'")
}

// fill writes the ByteRange of the dictionary at that offset of file.
func (d signatureDict) fill(file []byte, at int) [4]int {
	before, after := at+d.contents, at+d.afterward
	r := [4]int{0, before, after, len(file) - after}
	text := fmt.Sprintf("[%d %d %d %d]", r[0], r[1], r[2], r[3])
	copy(file[at+d.rangeStart:], text+strings.Repeat(" ", d.rangeWidth-len(text)))
	return r
}

// Sign makes the signature with key and returns the signed file; p stays as it
// was. key may be any crypto.Signer with the certificate's key: PKCS#12, token
// or HSM.
func Sign(p *Preparation, key crypto.Signer) ([]byte, error) {
	certificate, err := p.check()
	if err != nil {
		return nil, err
	}
	if err := checkKeyPair(key, certificate); err != nil {
		return nil, err
	}
	signature, err := key.Sign(rand.Reader, p.AttributesDigest, crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return Embed(p, signature)
}

// Embed completes a preparation with a signature made elsewhere over
// AttributesDigest: PKCS#1 v1.5 for RSA, ASN.1 for ECDSA. It refuses a value
// that the certificate's key does not verify.
func Embed(p *Preparation, signature []byte) ([]byte, error) {
	certificate, err := p.check()
	if err != nil {
		return nil, err
	}
	var chain []*x509.Certificate
	for _, der := range p.Chain {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("%w: chain: %w", ErrPreparation, err)
		}
		chain = append(chain, c)
	}
	message, err := cms.Build(p.Attributes, certificate, chain, signature)
	if err != nil {
		return nil, err
	}
	parsed, err := cms.Parse(message)
	if err != nil {
		return nil, err
	}
	if err := parsed.CheckSignature(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadSignature, err)
	}
	start, end := p.ByteRange[1]+1, p.ByteRange[2]-1 // inside the angle brackets
	if hex.EncodedLen(len(message)) > end-start {
		return nil, fmt.Errorf("%w: message of %d bytes does not fit", ErrBadSignature, len(message))
	}
	out := append([]byte(nil), p.PDF...)
	hex.Encode(out[start:end], message)
	return out, nil
}

// check recomputes everything that follows from the prepared bytes and the
// certificate, so that a preparation altered between the phases is refused.
func (p *Preparation) check() (*x509.Certificate, error) {
	certificate, err := x509.ParseCertificate(p.Certificate)
	if err != nil {
		return nil, fmt.Errorf("%w: certificate: %w", ErrPreparation, err)
	}
	r := p.ByteRange
	if r[0] != 0 || r[1] <= 0 || r[2] < r[1]+2 || r[3] <= 0 || r[2]+r[3] != len(p.PDF) ||
		p.PDF[r[1]] != '<' || p.PDF[r[2]-1] != '>' {
		return nil, fmt.Errorf("%w: byte range", ErrPreparation)
	}
	again := Preparation{PDF: p.PDF, ByteRange: r}
	if err := again.digest(certificate); err != nil {
		return nil, err
	}
	if !bytes.Equal(again.Digest, p.Digest) || !bytes.Equal(again.Attributes, p.Attributes) ||
		!bytes.Equal(again.AttributesDigest, p.AttributesDigest) {
		return nil, fmt.Errorf("%w: digest", ErrPreparation)
	}
	return certificate, nil
}
