package storage

import (
	"math/rand/v2"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// TestFoldLatin: the fast way gives what the slow one gives.
func TestFoldLatin(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("aÀÁảãạăằâấđĐêệôốơởưựỹỲ  \t\n“”–…€0/-\x00\u0301\u0309\u00a0\u2003ÅßİıſΩ字й")
	for r := range rune(signsEnd) {
		letters = append(letters, r)
	}
	latin := 0
	for range 20000 {
		text := make([]rune, random.IntN(8))
		for i := range text {
			n := len(letters)
			if random.IntN(3) > 0 {
				n = 45
			}
			text[i] = letters[random.IntN(n)]
		}
		for _, one := range []string{string(text), norm.NFD.String(string(text))} {
			if got, ok := foldLatin(one); ok {
				if latin++; got != foldAny(one) {
					t.Fatalf("%q: %q, want %q", one, got, foldAny(one))
				}
			}
		}
	}
	if latin < 10000 {
		t.Errorf("only %d of the texts were Latin", latin)
	}
}

// TestOfWord: the quick answer is that of the tables.
func TestOfWord(t *testing.T) {
	for r := range rune(0x3000) {
		if want := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r); ofWord(r) != want {
			t.Errorf("%q: %v", r, !want)
		}
	}
}
