package paper

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// missing stands where a letter is not in the font: seen by whoever checks the
// print, instead of dropped in silence.
const missing = '□'

// clean makes text fit for paper: NFC, one kind of line end, no letters without
// a shape, and a visible box for letters the font has not.
func clean(text string) string {
	text = norm.NFC.String(strings.ToValidUTF8(text, string(missing)))
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(letter rune) rune {
		switch {
		case letter == '\r', letter == '\f', letter == '\v', letter == 0x85, letter == 0x2028, letter == 0x2029:
			return '\n'
		case letter == '\n':
			return letter
		case letter == '\t', unicode.Is(unicode.Zs, letter) && letter != 0xA0:
			return ' '
		case unicode.Is(unicode.Cc, letter), unicode.Is(unicode.Cf, letter):
			return -1
		case faces()[regular].has(letter):
			return letter
		default:
			return missing
		}
	}, text)
}

// paragraphs cuts text at its line ends and drops empty ones.
func paragraphs(text string) []string {
	var found []string
	for one := range strings.SplitSeq(clean(text), "\n") {
		if one = strings.TrimSpace(one); one != "" {
			found = append(found, one)
		}
	}
	return found
}

// oneLine is cleaned text without line ends: a title, a name, a cell.
func oneLine(text string) string { return strings.Join(strings.FieldsFunc(clean(text), isBreak), " ") }

// isBreak tells where a line may break. A no-break space is not such a place.
func isBreak(letter rune) bool { return letter == ' ' || letter == '\n' }

// split cuts cleaned text at its spaces.
func split(text string, s style) []word {
	fields := strings.FieldsFunc(text, isBreak)
	found := make([]word, len(fields))
	for i, field := range fields {
		found[i] = word{text: field, style: s}
	}
	return found
}

// textLine is the words of one line and their width with plain spaces, in points.
type textLine struct {
	words []word
	width float64
}

// wrap breaks words into lines: the first no wider than first, the others no
// wider than rest. What does not fit by itself (an address, a number of a
// hundred digits) is cut, so that nothing ever reaches over the margin.
func wrap(all []word, size, first, rest float64) []textLine {
	var lines []textLine
	var line textLine
	limit := first
	pieces := breakable(all, size, min(first, rest))
	for at, w := range pieces {
		width := w.width(size)
		gap := gapBefore(w, line, size)
		needed := width
		if !w.stuck {
			needed += stuckWidth(pieces[at+1:], size, limit-width)
		}
		if len(line.words) > 0 && line.width+gap+needed > limit {
			lines = append(lines, line)
			line, limit, gap = textLine{}, rest, 0
			w.glued, w.stuck = false, false
		}
		line.words = append(line.words, w)
		line.width += gap + width
	}
	if len(line.words) > 0 {
		lines = append(lines, line)
	}
	return lines
}

// stuckWidth is the width of the words at the front that stay on the line of the
// word before them; none where they would not fit on any.
func stuckWidth(following []word, size, most float64) float64 {
	width := 0.0
	for _, w := range following {
		if !w.stuck {
			break
		}
		width += w.width(size)
	}
	if width > most {
		return 0
	}
	return width
}

// gapBefore is the space between a line and the word that would follow.
func gapBefore(w word, line textLine, size float64) float64 {
	if len(line.words) == 0 || w.glued {
		return 0
	}
	return faces()[line.words[len(line.words)-1].style].width(" ", size)
}

// breakable cuts long words into glued pieces: after the marks of an address or
// a compound where there are any, else between letters.
func breakable(all []word, size, limit float64) []word {
	const long = 3 // a word over a third of the line leaves an ugly gap before it
	var found []word
	for _, w := range all {
		if w.width(size) <= limit/long {
			found = append(found, w)
			continue
		}
		found = append(found, cut(w, size, limit)...)
	}
	return found
}

func cut(w word, size, limit float64) []word {
	const marks = "/-_.?&=,;:+@"
	var pieces []word
	from, width := 0, 0.0
	end := func(at int) {
		if at > from {
			pieces = append(pieces, word{text: w.text[from:at], style: w.style, glued: w.glued || len(pieces) > 0, stuck: w.stuck && len(pieces) == 0})
			from, width = at, 0
		}
	}
	for at, letter := range w.text {
		advance := faces()[w.style].width(string(letter), size)
		if width+advance > limit {
			end(at)
		}
		width += advance
		if strings.ContainsRune(marks, letter) && width > 0 && at+1 < len(w.text) && !strings.ContainsRune(marks, rune(w.text[at+1])) {
			end(at + len(string(letter)))
		}
	}
	end(len(w.text))
	return pieces
}

// balanced breaks a title into lines of like length: the narrowest measure that
// needs no more lines than the full one does.
func balanced(all []word, size, limit float64) []textLine {
	best := wrap(all, size, limit, limit)
	low, high := limit/2, limit
	for _, w := range all {
		if width := w.width(size); width <= limit {
			low = max(low, width) // never cut a word to balance
		}
	}
	for range 8 {
		middle := (low + high) / 2
		if lines := wrap(all, size, middle, middle); len(lines) <= len(best) {
			best, high = lines, middle
		} else {
			low = middle
		}
	}
	return best
}
