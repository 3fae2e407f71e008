package storage

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// Bounds of a search: it never ranks all that fits, it takes the newest.
const (
	SearchPage = 50   // rows of a page
	SearchMost = 1000 // documents that one search leads to
	maxTerms   = 12   // words of a query
	maxEndings = 40   // words that a begun one may become
)

// SearchQuery is what somebody looks for. The zero value of a field does not
// narrow; Page counts from 1.
type SearchQuery struct {
	Text   string
	InText bool // a number is looked for as a word, not as a document's number
	Year   int  // of the report's period
	Kind   document.Kind
	Status document.Status // as it is now
	Page   int
	Rows   int    // of a page; 0: SearchPage
	Rounds Rounds // that there are; nil: they are read
}

// Found is one page of what fits, newest first: by the period reported, then by
// the newest change.
type Found struct {
	Hits     []Hit
	Total    int  // at most SearchMost
	More     bool // there are more than SearchMost
	Folded   bool // nothing was found as written: these fit without diacritics
	ByNumber bool // documents of that number
	Terms    Terms
}

// Terms is a query as it is asked for: the words that a document must have.
type Terms struct {
	words  []term
	number string // mark of the number; empty: words
	prefix bool   // the number's symbol is only begun
}

// term is one word of a query. Typed with diacritics it is looked for as typed,
// without them among the folded words.
type term struct {
	word   string
	folded bool
	begun  bool // the last word may go on
}

// numberForm is a document's number, alone or with its symbol: "12", "12/BC-STC".
var numberForm = regexp.MustCompile(`^(?:[Ss][\x{1ed1}o\x{1ed0}O]\s*)?0*([1-9]\d{0,4})(?:\s*/\s*(\S{1,40}))?$`)

// ParseTerms reads a query. Words beyond the bound are left out.
func ParseTerms(text string, inText bool) Terms {
	text = CleanText(text)
	if number := numberForm.FindStringSubmatch(strings.TrimSpace(text)); number != nil && !inText {
		mark := markNumber + number[1]
		if number[2] != "" {
			mark += "/" + numberSymbol(number[2])
		}
		return Terms{number: mark, prefix: number[2] != ""}
	}
	var t Terms
	end := 0
	eachWord(text, func(word string, _, to int) {
		kept := asKept(word)
		if len(t.words) == maxTerms || len([]rune(kept)) > maxWord {
			return
		}
		t.words, end = append(t.words, term{word: kept, folded: Fold(kept) == kept}), to
	})
	if len(t.words) > 0 && end == len(text) {
		t.words[len(t.words)-1].begun = true
	}
	return t
}

// Empty tells whether there is nothing to look for.
func (t Terms) Empty() bool { return len(t.words) == 0 && t.number == "" }

// fold is the same words without diacritics; false where it is no other query.
func (t Terms) fold() (Terms, bool) {
	other := Terms{}
	changed := false
	for _, one := range t.words {
		changed = changed || !one.folded
		one.word, one.folded = Fold(one.word), true
		other.words = append(other.words, one)
	}
	return other, changed
}

// fits tells whether a word of a text is meant by the term.
func (t term) fits(kept, folded string) bool {
	word := kept
	if t.folded {
		word = folded
	}
	return word == t.word || t.begun && strings.HasPrefix(word, t.word)
}

// quoted is a lexeme for a tsquery. None holds a quote or a backslash.
func quoted(lexeme string) string { return "'" + lexeme + "'" }

// tsquery asks for all terms, and for the marks of the filter.
func (s *Store) tsquery(ctx context.Context, t Terms, q SearchQuery) (string, error) {
	var all []string
	if t.number != "" {
		text := quoted(t.number)
		if t.prefix {
			text += ":*"
		}
		all = append(all, text)
	}
	for _, one := range t.words {
		endings := []string{one.word}
		if one.begun {
			more, err := s.endings(ctx, one)
			if err != nil {
				return "", err
			}
			endings = append(endings, more...)
		}
		for i := range endings {
			endings[i] = quoted(endings[i])
		}
		all = append(all, "("+strings.Join(endings, " | ")+")")
	}
	if q.Year != 0 {
		all = append(all, quoted(markYear+strconv.Itoa(q.Year)))
	}
	if q.Kind != "" {
		all = append(all, quoted(markKind+string(q.Kind)))
	}
	return strings.Join(all, " & "), nil
}

// endings lists the words that begin so, the shortest first. The index is asked
// for these words rather than for the beginning: for that it would have to read
// every document of every word.
func (s *Store) endings(ctx context.Context, t term) ([]string, error) {
	const list = `
		select word from search_words where word > $1 and word < $2 and (folded or not $3)
		order by length(word), word limit $4`
	letters := []rune(t.word)
	letters[len(letters)-1]++
	var words []string
	err := s.db.SelectContext(ctx, &words, list, t.word, string(letters), t.folded, maxEndings)
	return words, wrap("list words", err)
}

// Search finds documents within the actor's scope: by number, or by words of
// unit, campaign and text. A text that only the unit's own people may read is
// found by them alone.
func (s *Store) Search(ctx context.Context, actor staff.Actor, q SearchQuery) (Found, error) {
	found := Found{Terms: ParseTerms(q.Text, q.InText)}
	if found.Terms.Empty() {
		return found, nil
	}
	found.ByNumber = found.Terms.number != ""
	if q.Rows == 0 {
		q.Rows = SearchPage
	}
	if q.Rounds == nil {
		var err error
		if q.Rounds, err = s.Rounds(ctx); err != nil {
			return found, err
		}
	}
	places, total, err := s.places(ctx, actor, found.Terms, q)
	if folded, other := found.Terms.fold(); err == nil && total == 0 && other {
		found.Terms = folded
		places, total, err = s.places(ctx, actor, folded, q)
		found.Folded = total > 0
	}
	if err != nil {
		return found, err
	}
	found.Total, found.More = min(total, SearchMost), total > SearchMost
	found.Hits, err = s.hits(ctx, actor, places, found.Terms)
	return found, err
}

// place is a row of search_texts that fits.
type place struct {
	Document string    `db:"document_id"`
	Revision int       `db:"revision"`
	At       time.Time `db:"at"`
}

// A row is the reader's when it is theirs to read, and when there is none that is
// more their own. Thousands are sorted of which many have the same instant: their
// ids are compared by bytes, which takes a tenth of what a language's order takes.
// How many fit ($5 at most) stands in the first row, also when none of them is on
// the page (from $6 to $7).
const searchPlaces = searchFits + searchPaged

// searchPlacesIn asks for a status besides ($8), which a row does not tell. Of the one
// that most documents come to, enough are soon found among those that fit; all others
// are few, and are gathered first, campaign by campaign.
const (
	searchPlacesApproved = searchFits + `
			  and (select d.status from documents d where d.id = s.document_id) = $8` + searchPaged
	searchPlacesIn = `
		with wanted as materialized (
			select d.id from campaigns c
			cross join lateral (select id from documents where campaign = c.code and status = $8 offset 0) d
		), ` + searchFitting + `
			  and s.document_id in (select id from wanted)` + searchPaged
)

const searchFits = `
		with ` + searchFitting

const searchFitting = `fits as materialized (
			select s.document_id, s.revision, s.at,
			       row_number() over (order by s.quarter desc, s.at desc, s.document_id collate "C") as place
			from search_texts s
			where s.words @@ $1::tsquery and ($2 or s.unit_code = any($3))
			  and case when s.own then s.unit_code = any($4)
			      else not (s.unit_code = any($4)) or not exists (
			          select from search_texts o where o.document_id = s.document_id and o.own) end`

const searchPaged = `
			order by place limit $5
		)
		select n.fitting, coalesce(f.document_id, '') as document_id, coalesce(f.revision, 0) as revision,
		       coalesce(f.at, 'epoch') as at
		from (select count(*) as fitting from fits) n left join fits f on f.place > $6 and f.place <= $7
		order by f.place`

// places lists the rows of the page, the newest first, and tells how many fit, one
// more than SearchMost at most. Who
// reads few units asks for their marks; who reads all goes from the newest
// quarter back until there are enough, so that a word of every document costs as
// little as a rare one.
func (s *Store) places(ctx context.Context, actor staff.Actor, t Terms, q SearchQuery) (places []place, total int, err error) {
	words, err := s.tsquery(ctx, t, q)
	if err != nil {
		return nil, 0, err
	}
	scope, own := actor.Reads(), pq.Array(append([]string{}, actor.WorksAt()...)) // empty, not null
	most := SearchMost + 1
	if q.Rows < SearchPage {
		most = q.Rows + 1 // a glance
	}
	from := (max(q.Page, 1) - 1) * q.Rows
	for _, marks := range searchMarks(scope, q.Rounds) {
		var some []struct {
			place
			Fitting int `db:"fitting"`
		}
		statement, args := searchPlaces, []any{words + " & (" + strings.Join(marks, " | ") + ")",
			scope.All, pq.Array(scope.Units), own, most - total, max(from-total, 0), min(from+q.Rows, SearchMost) - total}
		if q.Status != "" {
			statement, args = searchPlacesIn, append(args, string(q.Status))
		}
		if q.Status == document.IsApproved {
			statement = searchPlacesApproved
		}
		if err := s.db.SelectContext(ctx, &some, statement, args...); err != nil {
			return nil, 0, wrap("search", err)
		}
		for _, one := range some {
			if one.Document != "" {
				places = append(places, one.place)
			}
		}
		if total += some[0].Fitting; total >= most { // there is always a first row
			break
		}
	}
	return places, total, nil
}

// searchMarks is the marks that are asked for, one step after the other: of the
// units, or of the newest quarter, the two before it, the four before those: what
// is rare is found in few steps.
func searchMarks(scope staff.Scope, rounds Rounds) (steps [][]string) {
	if scope.All {
		quarters := rounds.quarters()
		for n := 1; len(quarters) > 0; n *= 2 {
			n = min(n, len(quarters))
			steps, quarters = append(steps, quarters[:n]), quarters[n:]
		}
		return steps
	}
	var units []string
	for _, unit := range scope.Units {
		units = append(units, quoted(markUnit+unit))
	}
	if len(units) > 0 {
		steps = append(steps, units)
	}
	return steps
}
