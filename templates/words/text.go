package words

import (
	"unicode"
	"unicode/utf8"
)

// lower writes the first letter small, for use inside a sentence.
func lower(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToLower(r)) + text[size:]
}

// upper writes the first letter large, for the start of a sentence.
func upper(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return text
	}
	return string(unicode.ToUpper(r)) + text[size:]
}

// Upper writes the first letter large, for pages that begin with a word which
// mostly stands inside sentences.
func Upper(text string) string { return upper(text) }

// Lower writes the first letter small, for pages that put a label into a sentence.
func Lower(text string) string { return lower(text) }
