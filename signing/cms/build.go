package cms

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	tag "golang.org/x/crypto/cryptobyte/asn1"
)

var context0 = tag.Tag(0).ContextSpecific().Constructed()

// Attributes returns the exact DER of the signed attributes as a SET OF, which
// is what the signer hashes. digest is the SHA-256 of the signed byte ranges.
func Attributes(digest [32]byte, signer *x509.Certificate) ([]byte, error) {
	certificate := sha256.Sum256(signer.Raw)
	values := []struct {
		oid   asn1.ObjectIdentifier
		value func(*cryptobyte.Builder)
	}{
		{oidContentType, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) }},
		{oidMessageDigest, func(b *cryptobyte.Builder) { b.AddASN1OctetString(digest[:]) }},
		// SigningCertificateV2 { certs { ESSCertIDv2 { certHash } } }: the hash
		// algorithm is the default, SHA-256, which DER leaves out.
		{oidSigningCertificateV2, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1OctetString(certificate[:]) })
				})
			})
		}},
	}
	var encoded [][]byte
	for _, v := range values {
		var b cryptobyte.Builder
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(v.oid)
			b.AddASN1(tag.SET, v.value)
		})
		one, err := b.Bytes()
		if err != nil {
			return nil, fmt.Errorf("cms: signed attributes: %w", err)
		}
		encoded = append(encoded, one)
	}
	slices.SortFunc(encoded, bytes.Compare) // DER order of a SET OF
	var set cryptobyte.Builder
	set.AddASN1(tag.SET, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(encoded, nil)) })
	return set.Bytes()
}

// Build returns the SignedData in its ContentInfo. attributes is what
// Attributes gave, signature the value over its SHA-256; chain holds the
// certificates above the signer's, in any order.
func Build(attributes []byte, signer *x509.Certificate, chain []*x509.Certificate, signature []byte) ([]byte, error) {
	algorithm, err := signatureAlgorithm(signer)
	if err != nil {
		return nil, err
	}
	set := cryptobyte.String(attributes)
	var content cryptobyte.String
	if !set.ReadASN1(&content, tag.SET) || !set.Empty() {
		return nil, fmt.Errorf("cms: signed attributes are no SET")
	}
	certificates := [][]byte{signer.Raw}
	for _, c := range chain {
		certificates = append(certificates, c.Raw)
	}
	slices.SortFunc(certificates, bytes.Compare)

	var b cryptobyte.Builder
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidSignedData)
		b.AddASN1(context0, func(b *cryptobyte.Builder) {
			b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(1)
				b.AddASN1(tag.SET, func(b *cryptobyte.Builder) { addAlgorithm(b, oidSHA256, false) })
				b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) { b.AddASN1ObjectIdentifier(oidData) })
				b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(certificates, nil)) })
				b.AddASN1(tag.SET, func(b *cryptobyte.Builder) {
					addSignerInfo(b, signer, content, algorithm, signature)
				})
			})
		})
	})
	return b.Bytes()
}

func addSignerInfo(b *cryptobyte.Builder, signer *x509.Certificate, attributes []byte, algorithm asn1.ObjectIdentifier, signature []byte) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(1)
		b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(signer.RawIssuer)
			b.AddASN1BigInt(signer.SerialNumber)
		})
		addAlgorithm(b, oidSHA256, false)
		b.AddASN1(context0, func(b *cryptobyte.Builder) { b.AddBytes(attributes) })
		addAlgorithm(b, algorithm, algorithm.Equal(oidSHA256WithRSA))
		b.AddASN1OctetString(signature)
	})
}

// addAlgorithm: RSA identifiers carry NULL parameters, the others none (RFC
// 5754, RFC 5758).
func addAlgorithm(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, null bool) {
	b.AddASN1(tag.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
}

func signatureAlgorithm(signer *x509.Certificate) (asn1.ObjectIdentifier, error) {
	switch signer.PublicKey.(type) {
	case *rsa.PublicKey:
		return oidSHA256WithRSA, nil
	case *ecdsa.PublicKey:
		return oidECDSAWithSHA256, nil
	}
	return nil, fmt.Errorf("cms: no signature algorithm for %T", signer.PublicKey)
}
