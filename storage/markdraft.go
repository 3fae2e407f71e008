package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"cchc/domain/par"
	"cchc/domain/rule"
)

// MarkChange is a mark as it was typed, and what it was typed on.
type MarkChange struct {
	par.TypedMark
	Seen int64 // the criterion's newest mark on the screen; 0: none
	Base int   // version of its draft on the screen; 0: none
}

// MarkDraft is what appraisers have typed about a criterion. It is theirs together, as
// the field is.
type MarkDraft struct {
	par.TypedMark
	Round   int
	Seen    int64
	Version int
	By      string
	At      time.Time
	// Waits: it says something that has not been given. What is blank, what says the same
	// as the mark that stands, and what a newer mark has overtaken says nothing.
	Waits bool
}

// waits tells whether a draft says something beside the criterion's newest mark of the
// round; marked: that mark counts.
func (d MarkDraft) waits(round int, newest int64, marked bool, stands par.Mark) bool {
	return d.Round == round && d.Seen == newest && !d.Blank() && (!marked || !d.Says(stands))
}

// MarkDrafts are what appraisers have typed about the criteria of an appraisal, by
// criterion. The page of those who appraise shows them, and no other.
func (s *Store) MarkDrafts(ctx context.Context, v AppraisalView) (map[string]MarkDraft, error) {
	drafts, err := markDrafts(ctx, s.db, v.Document.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range v.Criteria {
		draft, written := drafts[c.Code]
		if !written {
			continue
		}
		var stands par.Mark
		for _, m := range c.Marks {
			if m.ID == c.Newest {
				stands = m.mark()
			}
		}
		draft.Waits = draft.waits(v.Stage.Round(), c.Newest, c.Marked, stands)
		drafts[c.Code] = draft
	}
	return drafts, nil
}

func markDrafts(ctx context.Context, q sqlx.QueryerContext, id string) (map[string]MarkDraft, error) {
	const list = `
		select d.criterion, d.round, d.seen, d.points, d.out, d.agree, d.reason, d.version, p.name, d.updated_at
		from draft_marks d join persons p on p.id = d.updated_by where d.document_id = $1`
	rows, err := q.QueryxContext(ctx, list, id)
	if err != nil {
		return nil, wrap("read drafts of marks", err)
	}
	defer func() { _ = rows.Close() }()
	drafts := map[string]MarkDraft{}
	for rows.Next() {
		var d MarkDraft
		if err := rows.Scan(&d.Criterion, &d.Round, &d.Seen, &d.Points, &d.NotApplicable, &d.Agrees, &d.Reason, &d.Version, &d.By, &d.At); err != nil {
			return nil, wrap("read drafts of marks", err)
		}
		drafts[d.Criterion] = d
	}
	return drafts, wrap("read drafts of marks", rows.Err())
}

// SaveMarkDrafts keeps what was typed about the criteria of a field, and returns the
// versions by criterion. Nothing is given by it. Conflicts, with what stands: somebody
// else has typed or marked since the page was opened; the others are saved. What is blank
// is never a conflict. What this form's key has already given is saved as it is.
// rule.Errors: not the moment, not the person, or what no draft takes; then nothing is
// saved. ErrNotFound: as SaveMarks.
func (s *Store) SaveMarkDrafts(ctx context.Context, n NewMarks) (map[string]Saved, error) {
	saved := make(map[string]Saved, len(n.Typed))
	var conflicts Conflicts
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		a, _, err := s.lockForMarks(ctx, tx, n)
		if err != nil {
			return err
		}
		desk, err := a.markDesk(ctx)
		if err != nil {
			return err
		}
		typed, err := a.cleanMarks(n)
		if err != nil {
			return err
		}
		var changed []MarkChange
		for _, change := range typed {
			draft, mark := desk.drafts[change.Criterion], desk.marks[change.Criterion]
			stale := draft.Version != change.Base || mark.ID != change.Seen
			switch {
			case desk.stands(change.TypedMark, n.Key), change.Blank() && !draft.Waits && !stale:
				saved[change.Criterion] = Saved{Version: draft.Version, At: draft.At}
			case change.Blank() && stale:
			case stale:
				conflicts = append(conflicts, desk.conflict(change.Criterion))
			default:
				changed = append(changed, change)
			}
		}
		return writeMarkDrafts(ctx, tx, n, a.Stage.Round(), changed, saved)
	})
	if err != nil {
		return nil, err
	}
	if len(conflicts) > 0 {
		return saved, conflicts
	}
	return saved, nil
}

// cleanMarks puts what was typed into the form in which it is kept, and refuses what no
// draft takes.
func (a *lockedAppraisal) cleanMarks(n NewMarks) ([]MarkChange, error) {
	var broken rule.Errors
	var clean []MarkChange
	for _, change := range n.Typed {
		row, scored := a.score(change.Criterion)
		if !scored || row.Field != n.Field {
			return nil, fmt.Errorf("draft of a mark %q of %s: %w", change.Criterion, a.doc.ID, ErrNotFound)
		}
		change.Points, change.Reason = CleanText(change.Points), CleanText(change.Reason)
		if len([]rune(change.Reason)) > par.MaxExplanation {
			broken.Add(par.MarkLong, par.MarkField(change.Criterion), par.MaxExplanation)
		}
		clean = append(clean, change)
	}
	return clean, broken.Err()
}

// markDesk is what stands of an appraisal's marks and drafts, under its lock.
type markDesk struct {
	drafts map[string]MarkDraft
	marks  map[string]newestMark // of the present round
	marked map[string]bool       // the newest mark counts
}

func (a *lockedAppraisal) markDesk(ctx context.Context) (markDesk, error) {
	round := a.Stage.Round()
	marks, err := a.newestMarks(ctx, round)
	if err != nil {
		return markDesk{}, err
	}
	desk := markDesk{marks: marks, marked: map[string]bool{}}
	for _, row := range a.scores {
		desk.marked[row.Criterion] = row.Marked && marks[row.Criterion].ID != 0
	}
	if desk.drafts, err = markDrafts(ctx, a.tx, a.doc.ID); err != nil {
		return desk, err
	}
	for code, draft := range desk.drafts {
		draft.Waits = draft.waits(round, marks[code].ID, desk.marked[code], marks[code].mark())
		desk.drafts[code] = draft
	}
	return desk, nil
}

// stands tells whether what was typed is what stands already: in the draft, in the mark,
// or in the mark that the same form has given.
func (d markDesk) stands(typed par.TypedMark, key uuid.UUID) bool {
	draft, mark := d.drafts[typed.Criterion], d.marks[typed.Criterion]
	if draft.Waits {
		return draft.TypedMark == typed
	}
	given := mark.mark()
	agreed := mark.Key == key && typed.Agrees && typed.Points == "" && typed.Reason == given.Reason
	return d.marked[typed.Criterion] && (typed.Says(given) || agreed)
}

// conflict is what stands at a criterion, for whoever typed over something older.
func (d markDesk) conflict(criterion string) Conflict {
	draft, mark := d.drafts[criterion], d.marks[criterion]
	c := Conflict{Field: par.MarkField(criterion), Version: draft.Version, Seen: mark.ID, By: draft.By, At: draft.At, Mark: &par.TypedMark{Criterion: criterion}}
	switch {
	case draft.Waits:
		c.Mark = &draft.TypedMark
	case mark.ID != 0:
		c.By, c.At, c.Given = mark.By, mark.At, true
		if d.marked[criterion] {
			typed := mark.mark().Typed()
			c.Mark = &typed
		}
	}
	return c
}

func writeMarkDrafts(ctx context.Context, tx *sqlx.Tx, n NewMarks, round int, changed []MarkChange, saved map[string]Saved) error {
	if len(changed) == 0 {
		return nil
	}
	const write = `
		insert into draft_marks (document_id, criterion, round, seen, points, out, agree, reason, updated_by)
		select $1, m.criterion, $2, m.seen, m.points, m.out, m.agree, m.reason, $3
		from unnest($4::text[], $5::bigint[], $6::text[], $7::boolean[], $8::boolean[], $9::text[]) as m (criterion, seen, points, out, agree, reason)
		on conflict (document_id, criterion) do update
		set round = excluded.round, seen = excluded.seen, points = excluded.points, out = excluded.out, agree = excluded.agree,
		    reason = excluded.reason, version = draft_marks.version + 1, updated_by = excluded.updated_by, updated_at = clock_timestamp()
		returning criterion, version, updated_at`
	var codes, points, reasons []string
	var seen []int64
	var out, agree []bool
	for _, change := range changed {
		codes, seen, points = append(codes, change.Criterion), append(seen, change.Seen), append(points, change.Points)
		out, agree, reasons = append(out, change.NotApplicable), append(agree, change.Agrees), append(reasons, change.Reason)
	}
	rows, err := tx.QueryxContext(ctx, write, n.Document, round, n.Actor.Person,
		pq.Array(codes), pq.Array(seen), pq.Array(points), pq.Array(out), pq.Array(agree), pq.Array(reasons))
	if err != nil {
		return wrap("write drafts of marks", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var code string
		var one Saved
		if err := rows.Scan(&code, &one.Version, &one.At); err != nil {
			return wrap("write drafts of marks", err)
		}
		saved[code] = one
	}
	return wrap("write drafts of marks", rows.Err())
}
