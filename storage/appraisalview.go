package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/par"
	"cchc/domain/staff"
)

// AppraisalSight is how much of an appraisal a person sees.
type AppraisalSight struct {
	Own    bool     // their unit's own: its draft of an answer too
	Whole  bool     // every field
	Fields []string // else these, whose appraisers they are
	Weighs bool     // marks of a round that is not over
}

// Sees tells whether a field is within sight.
func (s AppraisalSight) Sees(field string) bool { return s.Whole || slices.Contains(s.Fields, field) }

// marks tells whether marks of a field are within sight: those that are being weighed are
// its appraisers' and the authority's own.
func (s AppraisalSight) marks(field string, closed bool) bool {
	return s.Weighs || slices.Contains(s.Fields, field) || closed
}

// AppraisalSight tells what the actor sees of the document's appraisal. ErrNotFound:
// nothing, or there is none.
//
// The unit, the authority and the city's leaders read all of it; a department that owns a
// field reads that field of every unit, and nothing else of them (QD 1439 art. 5.1).
func (s *Store) AppraisalSight(ctx context.Context, id string, actor staff.Actor) (AppraisalSight, error) {
	const read = `select unit_code, field, appraiser from appraisal_fields where document_id = $1`
	var rows []struct {
		Unit      string `db:"unit_code"`
		Field     string `db:"field"`
		Appraiser string `db:"appraiser"`
	}
	if err := s.db.SelectContext(ctx, &rows, read, id); err != nil {
		return AppraisalSight{}, wrap("read who appraises "+id, err)
	}
	var sight AppraisalSight
	units := s.appraises(actor)
	for _, row := range rows {
		sight.Whole = actor.Reads().Covers(row.Unit)
		sight.Own = slices.Contains(actor.WorksAt(), row.Unit)
		if slices.Contains(units, row.Appraiser) {
			sight.Fields = append(sight.Fields, row.Field)
		}
	}
	sight.Weighs = actor.Holds(staff.Officer, s.authority) || actor.Holds(staff.AuthorityHead, s.authority)
	if !sight.Whole && len(sight.Fields) == 0 {
		return sight, fmt.Errorf("appraisal of %s: %w", id, ErrNotFound)
	}
	return sight, nil
}

// appraises are the units for which the actor may give marks.
func (s *Store) appraises(actor staff.Actor) []string {
	units := []string{}
	for _, p := range actor.Positions {
		atAuthority := p.Unit == s.authority
		switch p.Role {
		case staff.Officer, staff.AuthorityHead:
			if !atAuthority {
				continue
			}
		case staff.Specialist, staff.DivisionHead:
			if atAuthority {
				continue
			}
		default:
			continue
		}
		if !slices.Contains(units, p.Unit) {
			units = append(units, p.Unit)
		}
	}
	return units
}

// AppraisalView is an appraisal as its pages tell it, as far as the reader sees.
type AppraisalView struct {
	Document    DocumentView
	Sight       AppraisalSight
	Set         par.Set
	Year        int
	Revision    int
	Stage       appraisal.Stage
	RoundAt     time.Time
	DueAt       *time.Time
	Extended    bool
	PublishedAt *time.Time
	Schedule    AppraisalSchedule
	State       appraisal.State
	Fields      []FieldView
	Criteria    []AppraisedCriterion // those within sight, in the order of the set
	Steps       []AppraisalStep      // newest first
	Answer      *AppraisalStep       // what the unit answered; nil: nothing yet
	Drafts      map[string]DraftExplanation
	DraftHash   string            // of the answer as it would be sent
	Files       map[string]string // names of the self-assessment's files by hash
	Now         time.Time
}

// FieldView is one field of an appraisal.
type FieldView struct {
	par.Field
	Appraiser     string // unit
	AppraiserName string
	Todo, Marked  int
	FinishedAt    *time.Time
	Newest        int64 // newest mark of the field, by which finishing is bound
}

// AppraisedCriterion is one criterion with all that was said about it.
type AppraisedCriterion struct {
	par.Criterion
	Answer      par.Answer
	Appraised   par.Appraised
	Asked       bool // to be marked in the present round
	Marked      bool // and it has been
	Marks       []AppraisalMark
	Newest      int64                  // newest mark of the present round; 0: none
	Explanation *appraisal.Explanation // as the unit sent it
}

// Says tells whether the criterion's mark of the present round is this one.
func (c AppraisedCriterion) Says(m MarkGiven) bool {
	for _, now := range c.Marks {
		if now.ID == c.Newest && c.Marked {
			return now.Points == int64(m.Points) && now.Out == m.NotApplicable && now.Reason == CleanText(m.Reason)
		}
	}
	return false
}

// AppraisalMark is one mark as it was given.
type AppraisalMark struct {
	ID        int64      `db:"id"`
	Criterion string     `db:"criterion"`
	Round     int        `db:"round"`
	Points    int64      `db:"points"`
	Out       bool       `db:"out"`
	Reason    string     `db:"reason"`
	By        string     `db:"by"`
	Role      staff.Role `db:"role"`
	Unit      string     `db:"unit"` // name
	At        time.Time  `db:"at"`
}

// mark is the row as the rules see it.
func (m AppraisalMark) mark() par.Mark {
	return par.Mark{Criterion: m.Criterion, Round: m.Round, Points: par.Points(m.Points), NotApplicable: m.Out, Reason: m.Reason}
}

// AppraisalStep is one line of an appraisal's history.
type AppraisalStep struct {
	ID         int64
	Action     appraisal.Action
	Field      string
	By         string // "": by time
	Role       staff.Role
	Unit       string // name
	From, To   appraisal.Stage
	Reason     string
	Content    []appraisal.Explanation
	At         time.Time
	Late       bool
	AnsweredBy *int64
	Due        int64    // extend: unix seconds
	Criteria   []string // reopen
}

// Appraisal reads a document's appraisal as far as the actor sees it. ErrNotFound: there
// is none, or it is not theirs to read.
func (s *Store) Appraisal(ctx context.Context, id string, actor staff.Actor) (AppraisalView, error) {
	sight, err := s.AppraisalSight(ctx, id, actor)
	if err != nil {
		return AppraisalView{}, err
	}
	v := AppraisalView{Sight: sight}
	if v.Document, err = s.DocumentView(ctx, everywhere, id); err != nil { // sight has been settled above
		return v, err
	}
	v.Now = v.Document.Now
	version, err := s.FormVersion(ctx, v.Document.Campaign.Form, v.Document.Campaign.FormVersion)
	if err != nil {
		return v, err
	}
	if version.Index == nil {
		return v, ErrNotFound
	}
	v.Set = *version.Index
	own, err := ownPeriod(v.Document.Campaign.Period)
	if err != nil {
		return v, err
	}
	v.Year = own.Year
	const read = `select revision, stage, round_at, due_at, extended, published_at from appraisals where document_id = $1`
	if err := s.db.QueryRowxContext(ctx, read, id).Scan(&v.Revision, &v.Stage, &v.RoundAt, &v.DueAt, &v.Extended, &v.PublishedAt); err != nil {
		return v, wrap("read appraisal of "+id, err)
	}
	if v.Schedule, err = s.AppraisalSchedule(ctx, v.Document.Campaign.Code); err != nil {
		return v, err
	}
	if v.Steps, err = s.appraisalSteps(ctx, id); err != nil {
		return v, err
	}
	if err := s.addFieldViews(ctx, &v); err != nil {
		return v, err
	}
	return v, s.addCriteria(ctx, &v)
}

func (s *Store) appraisalSteps(ctx context.Context, id string) ([]AppraisalStep, error) {
	const list = `
		select x.id, x.action, coalesce(x.field, ''), coalesce(p.name, ''), x.role, coalesce(u.name, ''), x.from_stage, x.to_stage,
		       x.reason, x.content, x.at, x.late, x.answered_by, x.detail
		from appraisal_steps x left join persons p on p.id = x.person_id left join units u on u.code = x.unit_code
		where x.document_id = $1 order by x.id desc`
	rows, err := s.db.QueryxContext(ctx, list, id)
	if err != nil {
		return nil, wrap("list steps of an appraisal", err)
	}
	defer func() { _ = rows.Close() }()
	var steps []AppraisalStep
	for rows.Next() {
		var one AppraisalStep
		var content, detail []byte
		if err := rows.Scan(&one.ID, &one.Action, &one.Field, &one.By, &one.Role, &one.Unit, &one.From, &one.To,
			&one.Reason, &content, &one.At, &one.Late, &one.AnsweredBy, &detail); err != nil {
			return nil, wrap("list steps of an appraisal", err)
		}
		if one.Content, err = readExplanations(content); err != nil {
			return nil, err
		}
		var more struct {
			Due      int64    `json:"due"`
			Criteria []string `json:"criteria"`
		}
		if err := json.Unmarshal(detail, &more); err != nil {
			return nil, fmt.Errorf("list steps of an appraisal: %w", err)
		}
		one.Due, one.Criteria = more.Due, more.Criteria
		steps = append(steps, one)
	}
	return steps, wrap("list steps of an appraisal", rows.Err())
}

func (s *Store) addFieldViews(ctx context.Context, v *AppraisalView) error {
	const list = `
		select f.field, f.appraiser, u.name, f.todo, f.marked, f.finished_at,
		       coalesce((select max(m.id) from appraisal_marks m join index_scores x on x.document_id = m.document_id and x.criterion = m.criterion
		                 where m.document_id = f.document_id and x.field = f.field), 0)
		from appraisal_fields f join units u on u.code = f.appraiser where f.document_id = $1 order by f.place`
	rows, err := s.db.QueryxContext(ctx, list, v.Document.ID)
	if err != nil {
		return wrap("list fields of an appraisal", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one FieldView
		var code string
		if err := rows.Scan(&code, &one.Appraiser, &one.AppraiserName, &one.Todo, &one.Marked, &one.FinishedAt, &one.Newest); err != nil {
			return wrap("list fields of an appraisal", err)
		}
		one.Field, _ = v.Set.Field(code)
		v.Fields = append(v.Fields, one)
	}
	return wrap("list fields of an appraisal", rows.Err())
}

// addCriteria adds what was answered, marked and explained, and the state by which pages
// draw their buttons.
func (s *Store) addCriteria(ctx context.Context, v *AppraisalView) error {
	id := v.Document.ID
	var scores []indexScore
	const list = `select ` + indexScoreColumns + ` from index_scores where document_id = $1 order by place`
	if err := s.db.SelectContext(ctx, &scores, list, id); err != nil {
		return wrap("list scores", err)
	}
	const marks = `
		select m.id, m.criterion, m.round, m.points, m.out, m.reason, p.name as by, m.role, u.name as unit, m.at
		from appraisal_marks m join persons p on p.id = m.person_id join units u on u.code = m.unit_code
		where m.document_id = $1 order by m.id`
	var given []AppraisalMark
	if err := s.db.SelectContext(ctx, &given, marks, id); err != nil {
		return wrap("list marks", err)
	}
	key := revisionKey{id, v.Revision}
	found, err := s.frozenOf(ctx, s.db, key)
	if err != nil {
		return err
	}
	v.Files = map[string]string{}
	for _, file := range found[key].content.Files {
		v.Files[file.Hash] = file.Name
	}
	if err := s.addAnswer(ctx, v); err != nil {
		return err
	}
	v.State = v.state(scores)
	answers := par.Answers(found[key].content.Answers)
	for _, row := range scores {
		if v.Sight.Sees(row.Field) {
			v.Criteria = append(v.Criteria, v.criterion(row, answers[row.Criterion], given))
		}
	}
	return nil
}

// addAnswer adds what the unit has answered, or is writing.
func (s *Store) addAnswer(ctx context.Context, v *AppraisalView) error {
	for i, step := range v.Steps {
		if step.Action == appraisal.Explain || step.Action == appraisal.Accept {
			v.Answer = &v.Steps[i]
		}
	}
	if !v.Sight.Own {
		return nil
	}
	drafts, err := draftExplanations(ctx, s.db, v.Document.ID)
	v.Drafts, v.DraftHash = drafts, hashExplanations(drafts.answer(v.Set))
	return err
}

func (v *AppraisalView) state(scores []indexScore) appraisal.State {
	fields := make([]appraisalField, len(v.Fields))
	for i, f := range v.Fields {
		fields[i] = appraisalField{Code: f.Code, Appraiser: f.Appraiser, Todo: f.Todo, Marked: f.Marked, FinishedAt: f.FinishedAt}
	}
	late := v.Answer != nil && v.Answer.Late && v.Answer.AnsweredBy == nil
	s := appraisalState(v.Document.Unit.Code, v.Stage, v.DueAt, fields, scores, v.Answer != nil, late, v.PublishedAt != nil, v.Document.Acted)
	s.Written = len(explanations(v.Drafts).answer(v.Set)) > 0
	return s
}

// criterion puts together what is within sight of one criterion. What the unit sent stays
// readable, also when it came too late and was refused: pages say so beside it.
func (v *AppraisalView) criterion(row indexScore, answer par.Answer, given []AppraisalMark) AppraisedCriterion {
	c, _ := v.Set.Criterion(row.Criterion)
	one := AppraisedCriterion{Criterion: c, Answer: answer, Asked: row.Asked, Marked: row.Marked}
	one.Appraised.Self = c.Score(answer, v.Year)
	for _, m := range given {
		if m.Criterion != c.Code || !v.Sight.marks(row.Field, row.closed(m.ID)) {
			continue
		}
		one.Marks = append(one.Marks, m)
		mark := m.mark()
		switch {
		case m.Round == par.FirstRound:
			one.Appraised.First = &mark
		case m.ID <= row.StoodMark:
			one.Appraised.Before = &mark
		default:
			one.Appraised.Second = &mark
		}
		if m.Round == v.Stage.Round() {
			one.Newest = m.ID
		}
	}
	if v.Answer == nil {
		return one
	}
	for i, e := range v.Answer.Content {
		if e.Criterion == c.Code {
			one.Explanation = &v.Answer.Content[i]
		}
	}
	return one
}

// AppraisalStanding is how far the appraisal of a document is.
type AppraisalStanding struct {
	Stage   appraisal.Stage `db:"stage"`
	Since   time.Time       `db:"round_at"` // the present round's beginning
	EndedAt *time.Time      `db:"ended_at"` // nil: it goes on
}

// AppraisalStanding tells how far the appraisal of a document is that was handed in. One
// whose appraisal has not been begun yet waits for the first round since its hand-in.
func (s *Store) AppraisalStanding(ctx context.Context, id string) (AppraisalStanding, error) {
	const read = `
		select coalesce(a.stage, 'first') as stage, coalesce(a.round_at, d.closed_at, d.desk_since) as round_at, a.ended_at
		from documents d left join appraisals a on a.document_id = d.id where d.id = $1`
	var at AppraisalStanding
	err := s.db.GetContext(ctx, &at, read, id)
	return at, wrap("read how far the appraisal is of "+id, err)
}

// EarlierScore is what a criterion came to in the year before.
type EarlierScore struct {
	Then      par.Continued `db:"-"`         // what it was
	Criterion string        `db:"criterion"` // its code then
	Self      *int64        `db:"self"`
	SelfOut   bool          `db:"self_out"`
	Final     *int64        `db:"final"`
	FinalOut  bool          `db:"final_out"`
}

// EarlierScores are the unit's scores of the year before by this year's criteria, final
// ones once its appraisal is over. Which criterion was which follows from both sets
// (par.Continue); what is new has no score of old.
func (s *Store) EarlierScores(ctx context.Context, v AppraisalView) (map[string]EarlierScore, error) {
	own, err := ownPeriod(v.Document.Campaign.Period)
	if err != nil {
		return nil, err
	}
	own.Year--
	const list = `
		select s.criterion, s.self, s.self_out, a.form, a.form_version,
		       case when a.stage = 'done' then s.final end as final, a.stage = 'done' and coalesce(s.final_out, false) as final_out
		from (
			select a.document_id, a.stage, c.form, c.form_version
			from appraisals a join campaigns c on c.code = a.campaign join documents d on d.id = a.document_id
			where d.unit_code = $1 and c.kind = 'index' and c.period = $2 order by c.launched_at desc limit 1) a
		join index_scores s on s.document_id = a.document_id`
	var rows []struct {
		EarlierScore
		Form    string `db:"form"`
		Version int    `db:"form_version"`
	}
	if err := s.db.SelectContext(ctx, &rows, list, v.Document.Unit.Code, own.Code()); err != nil {
		return nil, wrap("read scores of the year before", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	before, err := s.IndexSet(ctx, rows[0].Form, rows[0].Version)
	if err != nil {
		return nil, err
	}
	stood := make(map[string]EarlierScore, len(rows))
	for _, row := range rows {
		stood[row.Criterion] = row.EarlierScore
	}
	earlier := make(map[string]EarlierScore, len(rows))
	for _, pair := range par.Continue(before, v.Set) {
		if pair.Before == nil || pair.After == nil {
			continue
		}
		if one, scored := stood[pair.Before.Code]; scored {
			one.Then = pair
			earlier[pair.Code] = one
		}
	}
	return earlier, nil
}

// AppraisalFile is a file that somebody who sees the appraisal may open: evidence of a
// criterion within sight, or what goes with an explanation of one; drafts of the unit's
// own people alone. ErrNotFound: none with the hash.
func (s *Store) AppraisalFile(ctx context.Context, v AppraisalView, hash string) (DocumentFile, error) {
	name := ""
	for _, c := range v.Criteria {
		if slices.Contains(c.Answer.Evidence, hash) {
			name = v.Files[hash]
		}
		if c.Explanation != nil {
			name = nameOf(c.Explanation.Files, hash, name)
		}
		name = nameOf(v.Drafts[c.Code].Files, hash, name)
	}
	if name == "" {
		return DocumentFile{}, ErrNotFound
	}
	const read = `select hash, size, media_type, $2 as name from files where hash = $1`
	var file DocumentFile
	err := s.db.GetContext(ctx, &file, read, hash, name)
	return file, wrap("read file of an appraisal", err)
}

func nameOf(files []appraisal.File, hash, otherwise string) string {
	for _, file := range files {
		if file.Hash == hash {
			return file.Name
		}
	}
	return otherwise
}
