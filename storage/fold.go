package storage

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the key by which names are searched without diacritics: decomposed,
// marks dropped, đ as d, lower case, runs of space as one. It is computed here
// and stored, because PostgreSQL's unaccent is not immutable and so cannot be
// indexed.
func Fold(s string) string {
	if folded, ok := foldLatin(s); ok {
		return folded
	}
	return foldAny(s)
}

func foldAny(s string) string {
	var b strings.Builder
	space := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r == 'đ' || r == 'Đ':
			r = 'd'
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// What we write: Latin letters and their marks, from U+1E00 on those of Vietnamese,
// and the signs between words.
const (
	latinEnd, latinAgain = 0x0370, 0x1E00
	signsEnd             = 0x20D0
	noLetter             = -1
)

// latinFolds is each letter without its marks; noLetter: a mark by itself.
var latinFolds = sync.OnceValue(func() *[signsEnd]rune {
	folds := &[signsEnd]rune{}
	for r := range rune(signsEnd) {
		folds[r] = noLetter
		for _, part := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, part) {
				folds[r] = unicode.ToLower(part)
			}
		}
	}
	folds['đ'], folds['Đ'] = 'd', 'd'
	return folds
})

// foldLatin folds letter by letter, several times as fast; false: there are
// letters of another writing, whose marks may be more than one letter's own.
func foldLatin(s string) (string, bool) {
	folds := latinFolds()
	folded := make([]byte, 0, len(s))
	space := false
	for _, r := range s {
		if r >= latinEnd && r < latinAgain || r >= signsEnd {
			return "", false
		}
		switch r = folds[r]; {
		case r == noLetter:
		case unicode.IsSpace(r):
			space = len(folded) > 0
		default:
			if space {
				folded, space = append(folded, ' '), false
			}
			folded = utf8.AppendRune(folded, r)
		}
	}
	return string(folded), true
}
