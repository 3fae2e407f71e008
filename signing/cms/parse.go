package cms

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // registers SHA-256 with crypto.Hash
	_ "crypto/sha512" // registers SHA-384 and SHA-512
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

const maxCertificates = 10

// SignedData is a parsed message. Parse has checked its shape; the Check
// methods judge what it says.
type SignedData struct {
	Certificates []*x509.Certificate // all that came with the message
	Signer       *x509.Certificate   // the one the signer info names
	Hash         crypto.Hash         // SHA-256, SHA-384 or SHA-512

	attributes   []byte // DER of the SET OF
	values       map[string][]byte
	algorithm    asn1.ObjectIdentifier
	signature    []byte
	issuer       []byte
	serialNumber *big.Int
}

// DER returns the message at the start of padded, whose rest has to be zeros:
// the length comes from the encoding, never from stripping zeros, because a
// signature may end in one.
func DER(padded []byte) ([]byte, error) {
	rest := cryptobyte.String(padded)
	var message cryptobyte.String
	if !rest.ReadASN1Element(&message, tag.SEQUENCE) {
		return nil, errors.New("cms: no DER sequence")
	}
	if len(bytes.Trim(rest, "\x00")) != 0 {
		return nil, errors.New("cms: bytes after the message that are not zero")
	}
	return message, nil
}

// Parse reads one ContentInfo in strict DER. It refuses encapsulated content,
// several signers, unsigned attributes and revocation data.
func Parse(der []byte) (*SignedData, error) {
	s := &SignedData{values: map[string][]byte{}}
	outer := cryptobyte.String(der)
	var info, wrapped, signed cryptobyte.String
	var kind asn1.ObjectIdentifier
	if !outer.ReadASN1(&info, tag.SEQUENCE) || !outer.Empty() ||
		!info.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidSignedData) ||
		!info.ReadASN1(&wrapped, context0) || !info.Empty() ||
		!wrapped.ReadASN1(&signed, tag.SEQUENCE) || !wrapped.Empty() {
		return nil, errors.New("cms: no SignedData")
	}
	if err := s.body(signed); err != nil {
		return nil, fmt.Errorf("cms: %w", err)
	}
	return s, nil
}

func (s *SignedData) body(in cryptobyte.String) error {
	var version int64
	var digests, content, certificates, signers, signer cryptobyte.String
	if !in.ReadASN1Integer(&version) || version != 1 || !in.ReadASN1(&digests, tag.SET) {
		return errors.New("version 1 expected")
	}
	hash, err := readHash(&digests)
	if err != nil || !digests.Empty() {
		return errors.New("exactly one SHA-2 digest algorithm expected")
	}
	s.Hash = hash
	var kind asn1.ObjectIdentifier
	if !in.ReadASN1(&content, tag.SEQUENCE) || !content.ReadASN1ObjectIdentifier(&kind) ||
		!kind.Equal(oidData) || !content.Empty() {
		return errors.New("detached data expected")
	}
	if !in.ReadASN1(&certificates, context0) || !in.ReadASN1(&signers, tag.SET) || !in.Empty() {
		return errors.New("certificates and signer infos expected, and nothing else")
	}
	if !signers.ReadASN1(&signer, tag.SEQUENCE) || !signers.Empty() {
		return errors.New("exactly one signer expected")
	}
	if err := s.certificates(certificates); err != nil {
		return err
	}
	return s.signerInfo(signer)
}

func (s *SignedData) certificates(in cryptobyte.String) error {
	for !in.Empty() {
		var one cryptobyte.String
		if !in.ReadASN1Element(&one, tag.SEQUENCE) || len(s.Certificates) == maxCertificates {
			return errors.New("broken or too many certificates")
		}
		certificate, err := x509.ParseCertificate(one)
		if err != nil {
			return fmt.Errorf("certificate: %w", err)
		}
		s.Certificates = append(s.Certificates, certificate)
	}
	return nil
}

func (s *SignedData) signerInfo(in cryptobyte.String) error {
	var version int64
	var sid, issuer, attributes cryptobyte.String
	s.serialNumber = new(big.Int)
	if !in.ReadASN1Integer(&version) || version != 1 || !in.ReadASN1(&sid, tag.SEQUENCE) ||
		!sid.ReadASN1Element(&issuer, tag.SEQUENCE) || !sid.ReadASN1Integer(s.serialNumber) || !sid.Empty() {
		return errors.New("signer named by issuer and serial number expected")
	}
	s.issuer = issuer
	hash, err := readHash(&in)
	if err != nil || hash != s.Hash {
		return errors.New("signer's digest algorithm differs")
	}
	if !in.ReadASN1(&attributes, context0) {
		return errors.New("no signed attributes")
	}
	if err := s.readAttributes(attributes); err != nil {
		return err
	}
	if s.algorithm, err = readAlgorithm(&in); err != nil {
		return err
	}
	var signature cryptobyte.String
	if !in.ReadASN1(&signature, tag.OCTET_STRING) || !in.Empty() {
		return errors.New("signature expected, and nothing after it")
	}
	s.signature = signature
	for _, c := range s.Certificates {
		if bytes.Equal(c.RawIssuer, s.issuer) && c.SerialNumber.Cmp(s.serialNumber) == 0 {
			s.Signer = c
			return nil
		}
	}
	return errors.New("the signer's certificate is missing")
}

// readAttributes keeps the SET OF as it is hashed. The bytes in the message
// carry the tag [0]; a verifier that encodes anew must get the same bytes, so
// the order has to be DER's.
func (s *SignedData) readAttributes(content cryptobyte.String) error {
	var set cryptobyte.Builder
	set.AddASN1(tag.SET, func(b *cryptobyte.Builder) { b.AddBytes(content) })
	s.attributes = set.BytesOrPanic()
	var previous []byte
	for !content.Empty() {
		var element, attribute, values, value cryptobyte.String
		var oid asn1.ObjectIdentifier
		var valueTag tag.Tag
		if !content.ReadASN1Element(&element, tag.SEQUENCE) || bytes.Compare(previous, element) >= 0 {
			return errors.New("signed attributes are not in DER order")
		}
		previous = element
		if !element.ReadASN1(&attribute, tag.SEQUENCE) || !attribute.ReadASN1ObjectIdentifier(&oid) ||
			!attribute.ReadASN1(&values, tag.SET) || !attribute.Empty() ||
			!values.ReadAnyASN1Element(&value, &valueTag) || !values.Empty() {
			return errors.New("signed attribute without exactly one value")
		}
		if s.values[oid.String()] != nil {
			return fmt.Errorf("signed attribute %s twice", oid)
		}
		s.values[oid.String()] = value
	}
	return nil
}

func readAlgorithm(in *cryptobyte.String) (asn1.ObjectIdentifier, error) {
	var sequence cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&sequence, tag.SEQUENCE) || !sequence.ReadASN1ObjectIdentifier(&oid) {
		return nil, errors.New("broken algorithm identifier")
	}
	if !sequence.Empty() && !bytes.Equal(sequence, []byte{5, 0}) {
		return nil, errors.New("algorithm with parameters")
	}
	return oid, nil
}

func readHash(in *cryptobyte.String) (crypto.Hash, error) {
	oid, err := readAlgorithm(in)
	if err != nil {
		return 0, err
	}
	switch {
	case oid.Equal(oidSHA256):
		return crypto.SHA256, nil
	case oid.Equal(oidSHA384):
		return crypto.SHA384, nil
	case oid.Equal(oidSHA512):
		return crypto.SHA512, nil
	}
	return 0, fmt.Errorf("digest algorithm %s is not SHA-2", oid)
}

// CheckAttributes: content-type is data, and what the baseline forbids is
// absent.
func (s *SignedData) CheckAttributes() error {
	value := cryptobyte.String(s.values[oidContentType.String()])
	var kind asn1.ObjectIdentifier
	if !value.ReadASN1ObjectIdentifier(&kind) || !kind.Equal(oidData) {
		return errors.New("cms: content-type attribute is not data")
	}
	if s.values[oidSigningTime.String()] != nil {
		return errors.New("cms: signing-time attribute, which the PAdES baseline forbids")
	}
	return nil
}

// CheckDigest compares the message-digest attribute with the digest, made with
// s.Hash, of the signed bytes.
func (s *SignedData) CheckDigest(digest []byte) error {
	value := cryptobyte.String(s.values[oidMessageDigest.String()])
	var own cryptobyte.String
	if !value.ReadASN1(&own, tag.OCTET_STRING) || !value.Empty() || !bytes.Equal(own, digest) {
		return errors.New("cms: the signed bytes have another digest")
	}
	return nil
}

// CheckSigningCertificate holds signing-certificate-v2 against the certificate
// (RFC 5035): its first entry is the signer's.
func (s *SignedData) CheckSigningCertificate() error {
	value := cryptobyte.String(s.values[oidSigningCertificateV2.String()])
	var sequence, list, first, own cryptobyte.String
	if !value.ReadASN1(&sequence, tag.SEQUENCE) || !value.Empty() ||
		!sequence.ReadASN1(&list, tag.SEQUENCE) || !list.ReadASN1(&first, tag.SEQUENCE) {
		return errors.New("cms: no signing-certificate-v2 attribute")
	}
	hash := crypto.SHA256
	if first.PeekASN1Tag(tag.SEQUENCE) {
		var err error
		if hash, err = readHash(&first); err != nil {
			return fmt.Errorf("cms: signing-certificate-v2: %w", err)
		}
	}
	if !first.ReadASN1(&own, tag.OCTET_STRING) || !bytes.Equal(own, sum(hash, s.Signer.Raw)) {
		return errors.New("cms: signing-certificate-v2 names another certificate")
	}
	if first.Empty() {
		return nil
	}
	return s.checkIssuerSerial(first)
}

// checkIssuerSerial: IssuerSerial { GeneralNames { [4] Name }, INTEGER }.
func (s *SignedData) checkIssuerSerial(in cryptobyte.String) error {
	var pair, names, name cryptobyte.String
	serial := new(big.Int)
	if !in.ReadASN1(&pair, tag.SEQUENCE) || !in.Empty() || !pair.ReadASN1(&names, tag.SEQUENCE) ||
		!names.ReadASN1(&name, tag.Tag(4).ContextSpecific().Constructed()) || !names.Empty() ||
		!pair.ReadASN1Integer(serial) || !pair.Empty() ||
		!bytes.Equal(name, s.Signer.RawIssuer) || serial.Cmp(s.Signer.SerialNumber) != 0 {
		return errors.New("cms: signing-certificate-v2 names another issuer or serial number")
	}
	return nil
}

// CheckSignature verifies the value over the signed attributes with the
// signer's key. Its algorithm must belong to the key and the digest.
func (s *SignedData) CheckSignature() error {
	digest := sum(s.Hash, s.attributes)
	switch key := s.Signer.PublicKey.(type) {
	case *rsa.PublicKey:
		if !s.algorithm.Equal(oidRSA) && !s.algorithm.Equal(rsaWith[s.Hash]) {
			return fmt.Errorf("cms: algorithm %s does not fit the key", s.algorithm)
		}
		if rsa.VerifyPKCS1v15(key, s.Hash, digest, s.signature) != nil {
			return errors.New("cms: wrong signature value")
		}
	case *ecdsa.PublicKey:
		if !s.algorithm.Equal(ecdsaWith[s.Hash]) {
			return fmt.Errorf("cms: algorithm %s does not fit the key", s.algorithm)
		}
		if !ecdsa.VerifyASN1(key, digest, s.signature) {
			return errors.New("cms: wrong signature value")
		}
	default:
		return fmt.Errorf("cms: key %T is not supported", key)
	}
	return nil
}

var rsaWith = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA256: oidSHA256WithRSA, crypto.SHA384: oidSHA384WithRSA, crypto.SHA512: oidSHA512WithRSA,
}

var ecdsaWith = map[crypto.Hash]asn1.ObjectIdentifier{
	crypto.SHA256: oidECDSAWithSHA256, crypto.SHA384: oidECDSAWithSHA384, crypto.SHA512: oidECDSAWithSHA512,
}

func sum(hash crypto.Hash, data []byte) []byte {
	h := hash.New()
	h.Write(data)
	return h.Sum(nil)
}
