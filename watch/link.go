package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"cchc/domain/outage"
)

// right is what a link entitles to: one word, of one officer, for one outage's notice.
type right struct {
	Outage  string       `json:"o"`
	Mail    string       `json:"m"`
	Party   outage.Party `json:"p"`
	Expires time.Time    `json:"x"`
	Asking  int          `json:"n"` // makes each asking's link another one
}

var errLink = errors.New("link is not valid")

// sign writes the right as a token: its fields and their HMAC-SHA256.
func sign(key []byte, r right) string {
	content, _ := json.Marshal(r) // strings, a number and an instant: it cannot fail
	return tokenOf(key, content)
}

func tokenOf(key, content []byte) string {
	return base64.RawURLEncoding.EncodeToString(content) + "." + base64.RawURLEncoding.EncodeToString(sealOf(key, content))
}

// verify reads a token. One that was made by somebody else, or is past its time, is
// errLink. It is compared as it is written: base64 can be written in several ways, and
// a link of another spelling would be a second one.
func verify(key []byte, token string, now time.Time) (right, error) {
	var r right
	left, _, _ := strings.Cut(token, ".")
	content, err := base64.RawURLEncoding.DecodeString(left)
	if err != nil || !hmac.Equal([]byte(token), []byte(tokenOf(key, content))) {
		return r, errLink
	}
	if err := json.Unmarshal(content, &r); err != nil || !now.Before(r.Expires) {
		return right{}, errLink
	}
	return r, nil
}

func sealOf(key, content []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("cchc-watch approve\n"))
	mac.Write(content)
	return mac.Sum(nil)
}

// mark is the token as it is kept once it was used: who reads the records cannot make
// it again.
func mark(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}
