package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
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
	Page   int
	Rows   int // of a page; 0: SearchPage
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

// Hit is one document that fits.
type Hit struct {
	Document     string          `db:"id"`
	Kind         document.Kind   `db:"kind"`
	CampaignName string          `db:"campaign_name"`
	UnitName     string          `db:"unit_name"`
	Status       document.Status `db:"status"`
	Revision     int             `db:"revision"` // whose text fits; 0: none
	Number       string          `db:"number"`   // newest issued, e.g. "12/BC-STC"; may be empty
	At           time.Time       `db:"at"`       // newest change to what is found
	Snippet      []Piece         `db:"-"`        // of the text, around the words; may be empty
	Sections     []byte          `db:"sections"` // JSON
	Tasks        []byte          `db:"tasks"`    // JSON
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
	places, err := s.places(ctx, actor, found.Terms, q)
	if folded, other := found.Terms.fold(); err == nil && len(places) == 0 && other {
		found.Terms = folded
		places, err = s.places(ctx, actor, folded, q)
		found.Folded = len(places) > 0
	}
	if err != nil {
		return found, err
	}
	found.Total, found.More = min(len(places), SearchMost), len(places) > SearchMost
	from := min((max(q.Page, 1)-1)*q.Rows, found.Total)
	found.Hits, err = s.hits(ctx, actor, places[from:min(from+q.Rows, found.Total)], found.Terms)
	return found, err
}

// place is a row of search_texts that fits.
type place struct {
	Document string    `db:"document_id"`
	Revision int       `db:"revision"`
	At       time.Time `db:"at"`
}

// A row is the reader's when it is theirs to read, and when there is none that is
// more their own.
const searchPlaces = `
		select s.document_id, s.revision, s.at from search_texts s
		where s.words @@ $1::tsquery and ($2 or s.unit_code = any($3))
		  and case when s.own then s.unit_code = any($4)
		      else not (s.unit_code = any($4)) or not exists (
		          select from search_texts o where o.document_id = s.document_id and o.own) end
		order by s.quarter desc, s.at desc, s.document_id limit $5`

// places lists the newest rows that fit, one more than SearchMost at most. Who
// reads few units asks for their marks; who reads all goes from the newest
// quarter back until there are enough, so that a word of every document costs as
// little as a rare one.
func (s *Store) places(ctx context.Context, actor staff.Actor, t Terms, q SearchQuery) ([]place, error) {
	words, err := s.tsquery(ctx, t, q)
	if err != nil {
		return nil, err
	}
	scope, own := actor.Reads(), pq.Array(append([]string{}, actor.WorksAt()...)) // empty, not null
	most := SearchMost + 1
	if q.Rows < SearchPage {
		most = q.Rows + 1 // a glance
	}
	var marks []string
	if scope.All {
		if marks, err = s.quarters(ctx); err != nil {
			return nil, err
		}
	} else {
		var units []string
		for _, unit := range scope.Units {
			units = append(units, quoted(markUnit+unit))
		}
		if len(units) > 0 {
			marks = []string{"(" + strings.Join(units, " | ") + ")"}
		}
	}
	var places []place
	for _, mark := range marks {
		var some []place
		err := s.db.SelectContext(ctx, &some, searchPlaces, words+" & "+mark, scope.All, pq.Array(scope.Units), own, most-len(places))
		if err != nil {
			return nil, wrap("search", err)
		}
		if places = append(places, some...); len(places) >= most {
			break
		}
	}
	return places, nil
}

// quarters is the marks of the quarters in which there are reports, newest first.
func (s *Store) quarters(ctx context.Context) ([]string, error) {
	periods, err := s.periods(ctx)
	if err != nil {
		return nil, err
	}
	seen := map[int]bool{}
	newest, oldest := 0, 0
	for _, p := range periods {
		quarter := quarterOf(p)
		if seen[quarter] = true; quarter > newest {
			newest = quarter
		}
		if oldest == 0 || quarter < oldest {
			oldest = quarter
		}
	}
	var marks []string
	for quarter := newest; quarter >= oldest && quarter > 0; quarter-- {
		if seen[quarter] {
			marks = append(marks, quoted(markQuarter+strconv.Itoa(quarter)))
		}
	}
	return marks, nil
}

func (s *Store) periods(ctx context.Context) ([]period.Period, error) {
	var codes []string
	if err := s.db.SelectContext(ctx, &codes, `select distinct period from campaigns`); err != nil {
		return nil, wrap("list periods", err)
	}
	periods := make([]period.Period, len(codes))
	for i, code := range codes {
		var err error
		if periods[i], err = period.Parse(code); err != nil {
			return nil, err
		}
	}
	return periods, nil
}

// SearchYears lists the years in which there are reports, newest first.
func (s *Store) SearchYears(ctx context.Context) ([]int, error) {
	const list = `select distinct left(period, 4)::int as year from campaigns order by year desc`
	var years []int
	err := s.db.SelectContext(ctx, &years, list)
	return years, wrap("list years", err)
}

// hits reads what is shown of the places, in their order.
func (s *Store) hits(ctx context.Context, actor staff.Actor, places []place, t Terms) ([]Hit, error) {
	ids, revisions, at := make([]string, len(places)), make([]int64, len(places)), make([]time.Time, len(places))
	for i, one := range places {
		ids[i], revisions[i], at[i] = one.Document, int64(one.Revision), one.At
	}
	const read = `
		select d.id, d.kind, c.name as campaign_name, u.name as unit_name, d.status, p.revision, p.at,
		       coalesce((select lpad(n.number::text, greatest(2, length(n.number::text)), '0') || '/' || n.symbol
		                 from document_numbers n where n.document_id = d.id and n.state = 'issued'
		                 order by n.revision desc limit 1), '') as number,
		       coalesce(r.content -> 'sections', '{}') as sections, coalesce(r.content -> 'tasks', '[]') as tasks
		from unnest($1::text[], $2::int[], $3::timestamptz[]) with ordinality as p (id, revision, at, place)
		join documents d on d.id = p.id
		join units u on u.code = d.unit_code
		join campaigns c on c.code = d.campaign
		left join revisions r on r.document_id = d.id and r.revision = p.revision
		where $4 or d.unit_code = any($5)
		order by p.place`
	scope := actor.Reads()
	var hits []Hit
	if err := s.db.SelectContext(ctx, &hits, read, pq.Array(ids), pq.Array(revisions), pq.Array(at),
		scope.All, pq.Array(scope.Units)); err != nil {
		return nil, wrap("read what was found", err)
	}
	marker := NewMarker(t)
	for i := range hits {
		var sections map[string]string
		if err := json.Unmarshal(hits[i].Sections, &sections); err != nil {
			return nil, fmt.Errorf("read text of %s: %w", hits[i].Document, err)
		}
		var tasks []plan.Task
		if err := json.Unmarshal(hits[i].Tasks, &tasks); err != nil {
			return nil, fmt.Errorf("read tasks of %s: %w", hits[i].Document, err)
		}
		if len(tasks) > 0 {
			sections[searchTasks] = taskLines(tasks)
		}
		hits[i].Snippet, hits[i].Sections, hits[i].Tasks = marker.Snippet(sections), nil, nil
	}
	return hits, nil
}

// searchTasks stands for a plan's table among the sections: no section is called so,
// and it comes after them.
const searchTasks = "~"

// taskLines is a plan's table as a text, a task a line.
func taskLines(tasks []plan.Task) string {
	lines := make([]string, len(tasks))
	for i, task := range tasks {
		lines[i] = task.Words()
	}
	return strings.Join(lines, "\n")
}

// UnitsNamed finds units by a part of their name, their code or abbreviation,
// with or without diacritics.
func (s *Store) UnitsNamed(ctx context.Context, text string, most int) ([]staff.Unit, error) {
	const list = `
		select code, name, abbreviation from units
		where name_key like $2 or lower(code) = $1 or lower(abbreviation) = lower($3)
		order by name_key = $1 desc, length(name), code limit $4`
	key := Fold(text)
	var units []staff.Unit
	err := s.db.SelectContext(ctx, &units, list, key, "%"+likeEscape(key)+"%", strings.TrimSpace(CleanText(text)), most)
	return units, wrap("find units", err)
}

// CampaignsNamed finds campaigns whose name has words that begin with each word
// of the text, newest first.
func (s *Store) CampaignsNamed(ctx context.Context, text string, most int) ([]CampaignName, error) {
	all, err := s.InboxCampaigns(ctx)
	wanted := strings.Fields(Fold(text))
	var named []CampaignName
	for _, one := range all {
		name := " " + Fold(one.Name)
		lacks := func(word string) bool { return !strings.Contains(name, " "+word) }
		if len(named) < most && len(wanted) > 0 && !slices.ContainsFunc(wanted, lacks) {
			named = append(named, one)
		}
	}
	return named, err
}
