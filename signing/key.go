package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"

	"software.sslmate.com/src/go-pkcs12"
)

// Identity is whose signature it will be: the certificate and those above it.
type Identity struct {
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // issuers, in any order; the root may be left out
}

// Key is an Identity with its private key in memory. Wipe it after use.
type Key struct {
	Identity
	Signer crypto.Signer
}

var (
	// ErrWrongPassword means that the password does not open the PKCS#12 file.
	ErrWrongPassword = errors.New("signing: wrong password")
	// ErrKeyMismatch means that private key and certificate do not belong together.
	ErrKeyMismatch = errors.New("signing: key does not belong to the certificate")
	// ErrWeakKey means a key other than RSA of 2048 to 4096 bits or ECDSA on P-256.
	ErrWeakKey = errors.New("signing: key is neither RSA of 2048 to 4096 bits nor ECDSA P-256")
)

// maxPKCS12 is far above a key with its chain.
const maxPKCS12 = 64 << 10

// LoadPKCS12 opens a PKCS#12 file. It returns ErrWrongPassword, ErrKeyMismatch
// or ErrWeakKey, wrapped, where those apply. password is not kept, but the
// decoder copies it: wiping the caller's bytes afterwards shortens its life in
// memory, it cannot end it.
func LoadPKCS12(data, password []byte) (*Key, error) {
	if len(data) > maxPKCS12 {
		return nil, fmt.Errorf("signing: PKCS#12 file of %d bytes is too large", len(data))
	}
	private, certificate, chain, err := pkcs12.DecodeChain(data, string(password))
	if errors.Is(err, pkcs12.ErrIncorrectPassword) || errors.Is(err, pkcs12.ErrDecryption) {
		return nil, ErrWrongPassword
	}
	if err != nil {
		return nil, fmt.Errorf("signing: read PKCS#12: %w", err)
	}
	signer, ok := private.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: %T", ErrWeakKey, private)
	}
	key := &Key{Identity{certificate, chain}, signer}
	if err := checkKeyPair(signer, certificate); err != nil {
		key.Wipe()
		return nil, err
	}
	return key, nil
}

func checkKeyPair(signer crypto.Signer, certificate *x509.Certificate) error {
	if err := checkPublicKey(certificate.PublicKey); err != nil {
		return err
	}
	public, ok := signer.Public().(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(certificate.PublicKey) {
		return ErrKeyMismatch
	}
	return nil
}

func checkPublicKey(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < 2048 || bits > 4096 {
			return fmt.Errorf("%w: RSA of %d bits", ErrWeakKey, bits)
		}
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return fmt.Errorf("%w: curve %s", ErrWeakKey, key.Curve.Params().Name)
		}
	default:
		return fmt.Errorf("%w: %T", ErrWeakKey, public)
	}
	return nil
}

// Wipe overwrites the private numbers and drops the key. Copies that the
// runtime or the crypto library made inside themselves are out of reach.
func (k *Key) Wipe() {
	switch key := k.Signer.(type) {
	case *rsa.PrivateKey:
		wipeInts(append(key.Primes, key.D, key.Precomputed.Dp, key.Precomputed.Dq, key.Precomputed.Qinv)...)
	case *ecdsa.PrivateKey:
		wipeInts(key.D) //nolint:staticcheck // deprecated for computing; there is no other way to wipe it
	}
	k.Signer = nil
}

func wipeInts(numbers ...*big.Int) {
	for _, n := range numbers {
		if n != nil {
			clear(n.Bits())
			n.SetInt64(0)
		}
	}
}

// WipeBytes overwrites a password.
func WipeBytes(secret []byte) { clear(secret) }
