package signing

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"cchc/signing/cms"
	"cchc/signing/pdf"
)

// Policy is what a file is held against.
type Policy struct {
	Trust
	// Prepared is the exact start the file has to have: the paper before the
	// first signature. Nil when the caller has no such bytes.
	Prepared []byte
	// Fields are all signature fields that may exist, with their places. When
	// empty they are read from Prepared.
	Fields []Field
	// Required are the names of the fields that have to be signed.
	Required []string
}

// samePlace is the tolerance, in points, for coordinates.
const samePlace = 0.01

// Verify judges a file with its signatures. A bad file is a Report with verdict
// Invalid; the error tells of a policy that cannot judge at all.
func Verify(file []byte, policy Policy) (Report, error) {
	if err := policy.Trust.check(); err != nil {
		return Report{}, err
	}
	if len(policy.Fields) == 0 {
		fields, err := Fields(policy.Prepared)
		if err != nil {
			return Report{}, fmt.Errorf("policy names no fields: %w", err)
		}
		policy.Fields = fields
	}
	v := verification{policy: policy, report: Report{Rules: Rules}}
	v.run(file)
	all := v.report.Checks
	for _, s := range v.report.Signatures {
		all = append(all[:len(all):len(all)], s.Checks...)
	}
	v.report.Verdict = verdict(all)
	return v.report, nil
}

type verification struct {
	policy Policy
	file   *pdf.File
	report Report
}

func (v *verification) add(code Code, err error) {
	v.report.Checks = append(v.report.Checks, judged(code, err))
}

func (v *verification) run(data []byte) {
	if v.policy.Prepared != nil {
		var err error
		if !bytes.HasPrefix(data, v.policy.Prepared) {
			err = errors.New("the file does not start with the prepared bytes")
		}
		v.add(CheckPrepared, err)
	}
	f, err := pdf.Open(data, limits)
	if errors.Is(err, pdf.ErrLimit) {
		v.add(CheckLimits, err)
		return
	}
	v.add(CheckLimits, nil)
	if v.add(CheckStructure, err); err != nil {
		return
	}
	v.file = f
	v.add(CheckContent, checkContent(f))
	signed, err := findSignatures(f)
	v.add(CheckRevisions, err)
	fields, err := readFields(f, f.Last())
	if err == nil {
		err = v.expected(fields)
	}
	v.add(CheckFields, err)
	for _, s := range signed {
		v.report.Signatures = append(v.report.Signatures, v.signature(s))
	}
	v.add(CheckRequired, v.required())
}

// expected holds the fields of the file against the policy's, both ways.
func (v *verification) expected(fields []widget) error {
	for _, w := range fields {
		i := slices.IndexFunc(v.policy.Fields, func(f Field) bool { return f.Name == w.Name })
		if i < 0 {
			return fmt.Errorf("unexpected field %q", w.Name)
		}
		want := v.policy.Fields[i]
		for c := range want.Rect {
			if w.Page != want.Page || math.Abs(w.Rect[c]-want.Rect[c]) > samePlace {
				return fmt.Errorf("field %q stands on page %d at %v, expected on page %d at %v", w.Name, w.Page, w.Rect, want.Page, want.Rect)
			}
		}
		if err := checkWidget(w.dict); err != nil {
			return fmt.Errorf("field %q: %w", w.Name, err)
		}
	}
	for _, want := range v.policy.Fields {
		if !slices.ContainsFunc(fields, func(w widget) bool { return w.Name == want.Name }) {
			return fmt.Errorf("field %q is missing", want.Name)
		}
	}
	return nil
}

// checkWidget: nothing that acts, locks others or hides.
func checkWidget(dict pdf.Dict) error {
	const hidden, noView, print = 1 << 1, 1 << 5, 1 << 2
	for _, key := range []pdf.Name{"A", "AA", "Lock", "SV", "OC", "MK", "Kids", "Parent"} {
		if dict.Has(key) {
			return fmt.Errorf("has /%s", key)
		}
	}
	number, _ := dict.Get("F").(pdf.Number)
	if flags, ok := number.Int(); !ok || flags&(hidden|noView) != 0 || flags&print == 0 {
		return errors.New("hidden or not printed")
	}
	return nil
}

func (v *verification) required() error {
	for _, name := range v.policy.Required {
		if _, ok := v.report.Signature(name); !ok {
			return fmt.Errorf("field %q is not signed", name)
		}
	}
	if len(v.report.Signatures) == 0 {
		return errors.New("no signature at all")
	}
	return nil
}

// signature runs the checks of one signed field; after a check without which
// the next cannot be asked, the rest is left out.
func (v *verification) signature(s signedField) Signature {
	out := Signature{Field: s.field.Field, Revision: s.revision}
	add := func(code Code, err error) bool {
		out.Checks = append(out.Checks, judged(code, err))
		return err == nil
	}
	if date, ok := s.dict.Get("M").(pdf.String); ok {
		out.ClaimedTime = parseDate(plainText(date))
	}
	add(CheckPermissions, checkPermissions(s.dict))
	add(CheckDictionary, checkDictionary(s.dict))
	contents, err := v.byteRange(s, &out.ByteRange)
	if !add(CheckByteRange, err) {
		return out
	}
	message, err := readMessage(contents)
	if !add(CheckMessage, err) {
		return out
	}
	out.Certificate = message.Signer
	hash := message.Hash.New()
	hash.Write(signedBytes(v.file.Data, out.ByteRange))
	add(CheckDigest, message.CheckDigest(hash.Sum(nil)))
	add(CheckAttributes, message.CheckAttributes())
	add(CheckSigningCertificate, message.CheckSigningCertificate())
	if checkPublicKey(message.Signer.PublicKey) == nil { // a hostile key may be too large to compute with
		add(CheckSignature, message.CheckSignature())
	}
	out.Checks = append(out.Checks, v.policy.identity(Identity{message.Signer, message.Certificates})...)
	return out
}

// byteRange demands [0 a b c]: from the first byte to the "<" of this
// signature's Contents, from behind its ">" to the end of the revision that
// made it. Nothing else in the file is unsigned.
func (v *verification) byteRange(s signedField, found *[4]int) (contents []byte, err error) {
	list, _ := s.dict.Get("ByteRange").(pdf.Array)
	if len(list) != 4 {
		return nil, errors.New("no ByteRange of four numbers")
	}
	for i, entry := range list {
		number, _ := entry.(pdf.Number)
		value, ok := number.Int()
		if !ok || value < 0 || value > len(v.file.Data) {
			return nil, errors.New("ByteRange outside the file")
		}
		found[i] = value
	}
	token, ok := s.dict.Get("Contents").(pdf.String)
	revision := v.file.Revisions[s.revision]
	if !ok || !token.Hex || token.Start < revision.Start || token.End > revision.XRef {
		return nil, errors.New("contents is no hexadecimal string of its revision")
	}
	// Digits only: the PDF syntax would allow white space and an odd count.
	contents, err = hex.DecodeString(string(v.file.Data[token.Start+1 : token.End-1]))
	if err != nil {
		return nil, errors.New("contents has more than pairs of digits")
	}
	r := *found
	if r[0] != 0 || r[1] != token.Start || r[2] != token.End {
		return nil, errors.New("the gap of ByteRange is not exactly the Contents token")
	}
	if end := r[2] + r[3]; end != revision.EOF && end != revision.End {
		return nil, errors.New("ByteRange does not end where its revision ends")
	}
	return contents, nil
}

// maxMessage is far above a signature with its chain.
const maxMessage = 256 << 10

func readMessage(contents []byte) (*cms.SignedData, error) {
	if len(contents) > maxMessage {
		return nil, fmt.Errorf("message of %d bytes", len(contents))
	}
	der, err := cms.DER(contents)
	if err != nil {
		return nil, err
	}
	return cms.Parse(der)
}

// parseDate reads what dateText and other tools write; zero when unreadable.
func parseDate(text string) time.Time {
	for _, layout := range []string{"D:20060102150405-07'00'", "D:20060102150405-07'00", "D:20060102150405Z"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at
		}
	}
	return time.Time{}
}
