package storage

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
)

// What texts are found by is made here and nowhere else: the words of a text, in
// the one form in which they are kept and asked for. lexemesVersion changes with
// it; rows of an older version are made anew by Reindex.
const lexemesVersion = 1

const (
	maxWord    = 40    // letters; longer ones are no words
	maxLexemes = 12000 // of one document
)

// Marks stand among the words of a document and begin with a sign that no word
// has.
const (
	markQuarter = "#"
	markUnit    = "@"
	markKind    = "%"
	markYear    = "~"
	markNumber  = "="
)

// eachWord calls f with the words of a text, in NFC, and where each stands in it.
func eachWord(text string, f func(word string, from, to int)) {
	from := -1
	for i, r := range text {
		inWord := ofWord(r)
		switch {
		case inWord && from < 0:
			from = i
		case !inWord && from >= 0:
			f(text[from:i], from, i)
			from = -1
		}
	}
	if from >= 0 {
		f(text[from:], from, len(text))
	}
}

// ofWord tells of letters, digits and marks. Of the letters of Vietnamese it is
// known without a look at the tables.
func ofWord(r rune) bool {
	switch {
	case r < 0x80:
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	case r >= 0x1E00 && r < 0x1F00, r >= 0xC0 && r < 0x250 && r != '×' && r != '÷':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// asKept is a word as it is kept: lower case, composed, its tone where new
// spelling sets it ("hòa", "thủy"), so that both spellings find each other.
func asKept(word string) string {
	word = norm.NFC.String(strings.ToLower(word))
	letters := []rune(word)
	n := len(letters)
	if n < 2 || n > 2 && letters[n-3] == 'q' { // after q the u is no vowel: one spelling
		return word
	}
	last := []rune(norm.NFD.String(string(letters[n-1])))
	if len(last) != 2 || !strings.ContainsRune(tones, last[1]) || !openSyllable[[2]rune{letters[n-2], last[0]}] {
		return word
	}
	return norm.NFC.String(string(letters[:n-1]) + string(last[1]) + string(last[0]))
}

// tones are the five marks, as they stand alone: grave, acute, tilde, hook, dot.
const tones = "\u0300\u0301\u0303\u0309\u0323"

// openSyllable is the ends whose tone old spelling sets on the last letter.
var openSyllable = map[[2]rune]bool{{'o', 'a'}: true, {'o', 'e'}: true, {'u', 'y'}: true}

// lexemes is what one document is found by.
type lexemes map[string]bool

// add takes the words of a text, as written and folded.
func (l lexemes) add(text string) {
	seen := map[string]bool{} // a text says the same words again and again
	eachWord(text, func(word string, _, _ int) {
		if len(l) >= maxLexemes || len(word) > 4*maxWord || seen[word] {
			return
		}
		seen[word] = true
		kept := asKept(word)
		if l[kept] || len([]rune(kept)) > maxWord {
			return
		}
		l[kept] = true
		l[Fold(kept)] = true
	})
}

// text is all of them for string_to_array(..., ' '): none contains a space.
func (l lexemes) text() string { return strings.Join(l.sorted(), " ") }

func (l lexemes) sorted() []string {
	all := make([]string, 0, len(l))
	for one := range l {
		if one != "" {
			all = append(all, one)
		}
	}
	slices.Sort(all)
	return all
}

// vocabulary is the words among them that people may begin to type; numbers and
// marks are none.
func (l lexemes) vocabulary() (words []string, folded []bool) {
	for _, one := range l.sorted() {
		if strings.IndexFunc(one, func(r rune) bool { return !unicode.IsLetter(r) }) < 0 {
			words, folded = append(words, one), append(folded, Fold(one) == one)
		}
	}
	return words, folded
}

// searchHead is what a document is found by before it has a text.
type searchHead struct {
	Document     string        `db:"id"`
	Kind         document.Kind `db:"kind"`
	Unit         string        `db:"unit_code"`
	UnitName     string        `db:"unit_name"`
	Abbreviation string        `db:"abbreviation"`
	CampaignName string        `db:"campaign_name"`
	Period       string        `db:"period"`
	WindowTo     calendar.Day  `db:"window_to"`
}

// lexemes of the head: its words and its marks.
func (h searchHead) lexemes() (lexemes, int, error) {
	p, err := foundUnder(h.Period, h.WindowTo)
	if err != nil {
		return nil, 0, err
	}
	quarter := quarterOf(p)
	l := lexemes{
		markQuarter + strconv.Itoa(quarter): true, markUnit + h.Unit: true,
		markKind + string(h.Kind): true, markYear + strconv.Itoa(p.Year): true,
	}
	for _, text := range []string{h.UnitName, h.Abbreviation, h.Unit, h.CampaignName} {
		l.add(text)
	}
	return l, quarter, nil
}

func quarterOf(p period.Period) int { return quarterOfDay(p.To()) }

func quarterOfDay(day calendar.Day) int { return day.Year()*4 + (int(day.Month())-1)/3 }

// addNumber makes a document found by its number, alone and with its symbol.
func (l lexemes) addNumber(number int, symbol string) {
	alone := markNumber + strconv.Itoa(number)
	l[alone] = true
	l[alone+"/"+numberSymbol(symbol)] = true
}

// numberSymbol is the symbol of a number as it is kept: folded, letters, digits
// and dashes alone.
func numberSymbol(symbol string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' {
			return r
		}
		return -1
	}, Fold(symbol))
}
