package storage

import (
	"maps"
	"slices"
	"strings"

	"cchc/domain/prose"
)

// Piece is a part of a text: marked, it is one of the words looked for. Pages
// write each piece as text; nothing of it is markup.
type Piece struct {
	Text   string
	Marked bool
}

const (
	snippetWords  = 36 // of a snippet
	snippetBefore = 8  // of them before the first word found
)

// Marker finds the words of a query in texts. It keeps how words fold: a text
// repeats the same few hundred.
type Marker struct {
	terms  []term
	folded []string       // the terms without diacritics
	known  map[string]int // word as written: index of its term, -1: none
}

// NewMarker is a marker for one query.
func NewMarker(t Terms) *Marker {
	m := &Marker{terms: t.words, known: map[string]int{}}
	for _, one := range t.words {
		m.folded = append(m.folded, Fold(one.word))
	}
	return m
}

// fit is which term a word is meant by; -1: none.
func (m *Marker) fit(word string) int {
	if at, ok := m.known[word]; ok {
		return at
	}
	kept := asKept(word)
	folded := Fold(kept)
	at := slices.IndexFunc(m.terms, func(t term) bool { return t.fits(kept, folded) })
	m.known[word] = at
	return at
}

// found is one word of a text.
type found struct {
	from, to int
	term     int // -1: none
}

// Mark cuts a short text, such as a name, into pieces.
func (m *Marker) Mark(text string) []Piece {
	return pieces(text, 0, len(text), m.words(text))
}

func (m *Marker) words(text string) []found {
	var words []found
	eachWord(text, func(word string, from, to int) {
		words = append(words, found{from, to, m.fit(word)})
	})
	return words
}

// A Passage is a section as it is written, beside what its words are without
// diacritics: where that lacks a word, so does the section.
type Passage struct{ source, folded string }

func newPassage(source string) Passage { return Passage{source, Fold(source)} }

// Passages is the sections in the order of their codes.
func Passages(sections map[string]string) []Passage {
	passages := make([]Passage, 0, len(sections)+1)
	for _, code := range slices.Sorted(maps.Keys(sections)) {
		passages = append(passages, newPassage(sections[code]))
	}
	return passages
}

// Snippet is the part of the passages that has most of the words together; nil
// when none has any: then it was found by its name or number.
//
// The words are looked for in the notation itself, whose signs are no words; only
// the lines that are shown are read.
func (m *Marker) Snippet(passages []Passage) []Piece {
	var best []Piece
	most := 0
	for _, one := range passages {
		if m.within(one.folded) <= most {
			continue
		}
		words := m.words(one.source)
		at, different := m.densest(words)
		if different <= most {
			continue
		}
		most, best = different, m.excerpt(one.source, words, at)
		if most == len(m.terms) {
			break
		}
	}
	return best
}

// within is how many of the terms a folded text can have at most.
func (m *Marker) within(folded string) (most int) {
	for _, letters := range m.folded {
		if strings.Contains(folded, letters) {
			most++
		}
	}
	return most
}

// excerpt is the text of the lines around a word.
func (m *Marker) excerpt(source string, words []found, at int) []Piece {
	from := strings.LastIndexByte(source[:words[max(at-snippetBefore, 0)].from], '\n') + 1
	to := len(source)
	last := words[min(at+snippetWords, len(words)-1)].to
	if end := strings.IndexByte(source[last:], '\n'); end >= 0 {
		to = last + end
	}
	text := prose.Parse(source[from:to]).Plain()
	words = m.words(text)
	at, _ = m.densest(words)
	first := max(at-snippetBefore, 0)
	return shortened(text, words, first, min(first+snippetWords, len(words)), from > 0, to < len(source))
}

// densest is the word from which on the next ones hold most different terms.
func (m *Marker) densest(words []found) (at, different int) {
	for i, word := range words {
		if word.term < 0 {
			continue
		}
		seen := map[int]bool{}
		for _, next := range words[i:min(i+snippetWords-snippetBefore, len(words))] {
			if next.term >= 0 {
				seen[next.term] = true
			}
		}
		if len(seen) > different {
			at, different = i, len(seen)
		}
		if different == len(m.terms) {
			return at, different
		}
	}
	return at, different
}

// shortened is the words from first to last, with a sign where text is left out:
// here, or before and after it.
func shortened(text string, words []found, first, last int, before, after bool) []Piece {
	from, to := 0, len(text)
	if first > 0 {
		from, before = words[first].from, true
	}
	if last < len(words) {
		to, after = words[last-1].to, true
	}
	var all []Piece
	if before {
		all = append(all, Piece{Text: "… "})
	}
	all = append(all, pieces(text, from, to, words[first:last])...)
	if after {
		all = append(all, Piece{Text: " …"})
	}
	return all
}

// pieces cuts text[from:to] at the words found; runs of space become one.
func pieces(text string, from, to int, words []found) []Piece {
	var all []Piece
	add := func(part string, marked bool) {
		if part = oneSpace(part); part != "" {
			all = append(all, Piece{Text: part, Marked: marked})
		}
	}
	at := from
	for _, word := range words {
		if word.term >= 0 {
			add(text[at:word.from], false)
			add(text[word.from:word.to], true)
			at = word.to
		}
	}
	add(text[at:to], false)
	return all
}

// oneSpace makes runs of space one, keeping those at the ends.
func oneSpace(text string) string {
	inner := strings.Join(strings.Fields(text), " ")
	if inner == "" {
		if text == "" {
			return ""
		}
		return " "
	}
	if strings.TrimLeft(text, " \n\t") != text {
		inner = " " + inner
	}
	if strings.TrimRight(text, " \n\t") != text {
		inner += " "
	}
	return inner
}
