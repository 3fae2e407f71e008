package prose

import (
	"strings"
	"unicode/utf8"
)

// token is one letter, or a row of stars that may be a mark.
type token struct {
	letter rune
	stars  int
	opens  bool // what follows could be marked
	closes bool // what precedes could be marked
}

// inline reads bold and italic. Two stars turn bold on and off, one star italic,
// three both. Stars that have no partner are letters.
func inline(source string) []Run {
	if source != "" && utf8.ValidString(source) && !strings.ContainsAny(source, `*\`) {
		return []Run{{Text: source}} // most lines: nothing to read out of it
	}
	tokens := tokenize([]rune(source))
	lastBold, lastItalic := lastClosing(tokens)
	out := runWriter{runs: []Run{}}
	look := Run{}
	for at, one := range tokens {
		if one.stars == 0 {
			out.put(look, one.letter)
			continue
		}
		left := one.stars
		if one.bold() && one.turn(&look.Bold, at < lastBold) {
			left -= 2
		}
		if one.italic() && one.turn(&look.Italic, at < lastItalic) {
			left--
		}
		for range left {
			out.put(look, '*')
		}
	}
	out.end()
	return out.runs
}

// runWriter gathers letters of one look into runs.
type runWriter struct {
	runs    []Run
	look    Run
	letters strings.Builder
}

func (w *runWriter) put(look Run, letter rune) {
	if look != w.look {
		w.end()
		w.look = look
	}
	w.letters.WriteRune(letter)
}

func (w *runWriter) end() {
	if w.letters.Len() > 0 {
		w.runs = append(w.runs, Run{Text: w.letters.String(), Bold: w.look.Bold, Italic: w.look.Italic})
		w.letters.Reset()
	}
}

func (t token) bold() bool   { return t.stars == 2 || t.stars == 3 }
func (t token) italic() bool { return t.stars == 1 || t.stars == 3 }

// turn switches a look on or off, where the stars stand so that they can.
func (t token) turn(on *bool, closesLater bool) bool {
	if *on && t.closes || !*on && t.opens && closesLater {
		*on = !*on
		return true
	}
	return false
}

// lastClosing finds the last stars that could end bold, and italic.
func lastClosing(tokens []token) (bold, italic int) {
	bold, italic = -1, -1
	for at, one := range tokens {
		if one.closes && one.bold() {
			bold = at
		}
		if one.closes && one.italic() {
			italic = at
		}
	}
	return bold, italic
}

// tokenize resolves backslashes and gathers stars. A space, or the bracket of a
// note's mark "(*)", keeps stars from being marks.
func tokenize(source []rune) []token {
	const escaped = 'x' // any letter: an escaped bracket is not special
	var tokens []token
	before := ' '
	for at := 0; at < len(source); {
		switch {
		case source[at] == '\\' && at+1 < len(source) && escapable(source[at+1]):
			tokens = append(tokens, token{letter: source[at+1]})
			before = escaped
			at += 2
		case source[at] == '*':
			end := at
			for end < len(source) && source[end] == '*' {
				end++
			}
			after := ' '
			if end < len(source) {
				after = source[end]
			}
			tokens = append(tokens, token{
				stars:  end - at,
				opens:  !isSpace(after) && after != ')',
				closes: !isSpace(before) && before != '(',
			})
			before = '*'
			at = end
		default:
			tokens = append(tokens, token{letter: source[at]})
			before = source[at]
			at++
		}
	}
	return tokens
}
