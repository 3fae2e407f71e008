package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

	"cchc/domain/document"
	"cchc/domain/staff"
)

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
	// Former tells that the snippet is of a plan's table as it was approved, which an
	// adjustment has since made another.
	Former bool `db:"-"`
}

// searchTextBytes is how much text of frozen revisions is kept to take snippets
// from: some 500 reports in full. What many look for is in the newest ones.
const searchTextBytes = 16 << 20

// textKey names the text that a document is found by: of a frozen revision, a plan's
// as it was adjusted at an instant.
type textKey struct {
	revisionKey
	at int64 // microseconds, as the database keeps instants
}

func textKeyOf(document string, revision int, at time.Time) textKey {
	return textKey{revisionKey{document, revision}, at.UnixMicro()}
}

// hits reads what is shown of the places, in their order. The text of a revision
// is read once; that the actor may read it has been asked by the place.
func (s *Store) hits(ctx context.Context, actor staff.Actor, places []place, t Terms) ([]Hit, error) {
	if len(places) == 0 {
		return nil, nil
	}
	ids, revisions, at := make([]string, len(places)), make([]int64, len(places)), make([]time.Time, len(places))
	texts, known := make([][]Passage, len(places)), make([]bool, len(places))
	for i, one := range places {
		ids[i], revisions[i], at[i] = one.Document, int64(one.Revision), one.At
		texts[i], known[i] = s.searchTexts.Get(textKeyOf(one.Document, one.Revision, one.At))
	}
	const read = `
		select d.id, d.kind, c.name as campaign_name, u.name as unit_name, d.status, p.revision, p.at,
		       coalesce((select lpad(n.number::text, greatest(2, length(n.number::text)), '0') || '/' || n.symbol
		                 from document_numbers n where n.document_id = d.id and n.state = 'issued'
		                 order by n.revision desc limit 1), '') as number,
		       p.place - 1 as place, r.content -> 'sections' as sections, coalesce(a.after, r.content -> 'tasks') as tasks,
		       case when a.after is not null then r.content -> 'tasks' end as approved,
		       (select string_agg(x ->> 'explanation', E'\n') from jsonb_array_elements(r.content -> 'answers') x) as explanations
		from unnest($1::text[], $2::int[], $3::timestamptz[], $4::bool[]) with ordinality as p (id, revision, at, known, place)
		join documents d on d.id = p.id
		join units u on u.code = d.unit_code
		join campaigns c on c.code = d.campaign
		left join revisions r on r.document_id = d.id and r.revision = p.revision and not p.known
		left join lateral (
			select after from plan_adjustments
			where d.kind = 'plan' and not p.known and document_id = d.id and revision = p.revision order by id desc limit 1) a on true
		where $5 or d.unit_code = any($6)
		order by p.place`
	scope := actor.Reads()
	var rows []struct {
		Hit
		Place    int    `db:"place"`
		Sections []byte `db:"sections"` // JSON; null: none, or known
		Tasks    []byte `db:"tasks"`
		Approved []byte `db:"approved"` // the table before an adjustment; null: there is none
		// Of the answers to criteria, a line each; null: there are none.
		Explanations *string `db:"explanations"`
	}
	if err := s.db.SelectContext(ctx, &rows, read, pq.Array(ids), pq.Array(revisions), pq.Array(at), pq.Array(known),
		scope.All, pq.Array(scope.Units)); err != nil {
		return nil, wrap("read what was found", err)
	}
	marker, hits := NewMarker(t), make([]Hit, len(rows))
	for i, row := range rows {
		passages := texts[row.Place]
		if !known[row.Place] {
			var err error
			if passages, err = passagesOf(row.Sections, row.Tasks, row.Approved, row.Explanations); err != nil {
				return nil, fmt.Errorf("read text of %s: %w", row.Document, err)
			}
			s.searchTexts.Keep(textKeyOf(row.Document, row.Revision, row.At), passages, bytesOf(passages))
		}
		hits[i] = row.Hit
		hits[i].Snippet, hits[i].Former = marker.snippet(passages)
	}
	return hits, nil
}

// passagesOf is the sections of a content, then a plan's table, a task a line, what a
// self-assessment explains, and last the table that an adjustment has replaced: of two
// that fit alike the one that stands now is shown.
func passagesOf(rawSections, rawTasks, rawApproved []byte, explanations *string) ([]Passage, error) {
	var sections map[string]string
	if rawSections != nil {
		if err := json.Unmarshal(rawSections, &sections); err != nil {
			return nil, fmt.Errorf("sections: %w", err)
		}
	}
	passages := Passages(sections)
	tasks, err := tasksIn(rawTasks)
	if err != nil {
		return nil, err
	}
	if len(tasks) > 0 {
		passages = append(passages, newPassage(strings.Join(tasks, "\n")))
	}
	if explanations != nil {
		passages = append(passages, newPassage(*explanations))
	}
	approved, err := tasksIn(rawApproved)
	if err != nil {
		return nil, err
	}
	if len(approved) > 0 {
		former := newPassage(strings.Join(approved, "\n"))
		former.former = true
		passages = append(passages, former)
	}
	return passages, nil
}

func bytesOf(passages []Passage) int {
	const besides = 128 // key, entry, headers
	sum := besides
	for _, one := range passages {
		sum += 2*len(one.source) + len(one.folded) + besides // read, it is there twice
	}
	return sum
}
