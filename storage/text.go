package storage

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CleanText is text as it is kept: Unicode NFC, line ends as \n, without control
// characters and without what only some editors leave behind (byte order marks,
// replacement of broken bytes). Nothing that can be seen is changed.
func CleanText(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == '\uFEFF':
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(text)
}

// CleanLine is CleanText on one line, with single spaces.
func CleanLine(text string) string { return strings.Join(strings.Fields(CleanText(text)), " ") }

// cleanName is a file's name as it is kept: the last part of a path, on one
// line, at most maxFileName letters, its ending kept.
func cleanName(name string) string {
	name = CleanLine(name)
	if slash := strings.LastIndexAny(name, `/\`); slash >= 0 {
		name = name[slash+1:]
	}
	letters := []rune(name)
	if len(letters) > maxFileName {
		ending := []rune{}
		if dot := strings.LastIndex(name, "."); dot >= 0 && len([]rune(name[dot:])) <= 10 {
			ending = []rune(name[dot:])
		}
		letters = append(letters[:maxFileName-len(ending)], ending...)
	}
	return string(letters)
}
