package storage

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// codes are written with Crockford's alphabet: no I, L, O, U to misread.
var codes = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// newCode makes a one-time activation code of 80 random bits, for reading out
// and typing: "7K3M-...". Only its hash is kept.
func newCode() (code, hash string) {
	random := make([]byte, 10)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the program instead
	text := codes.EncodeToString(random)
	code = fmt.Sprintf("%s-%s-%s-%s", text[0:4], text[4:8], text[8:12], text[12:16])
	return code, codeHash(code)
}

// codeHash forgives what people change when they type a code.
func codeHash(code string) string {
	code = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}
