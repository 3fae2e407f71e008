package signing_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
)

func rsa1024() (crypto.Signer, error) { return rsa.GenerateKey(rand.Reader, 1024) }
