package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
)

// Codes of what cannot be kept as it was typed.
const (
	pointsUnread   rule.Code = "set_points"
	percentUnread  rule.Code = "set_percent"
	deadlineUnread rule.Code = "set_deadline_typed"
)

const codeField = "code"

// scalePart is what holds for all criteria.
func (s *Server) scalePart(r *http.Request) (formPart, error) {
	if _, err := s.criteriaSet(r); err != nil {
		return formPart{}, err
	}
	return formPart{
		part: form.Part{Kind: form.PartScale}, path: "/scale", table: par.ClassTable, first: codeField,
		read: func(f url.Values) form.Version {
			set, _ := readScale(f)
			return form.Version{Index: &set}
		},
		unread: func(f url.Values) rule.Errors {
			_, broken := readScale(f)
			return broken
		},
		rows: func(*form.Version) rowOps { return rowOps{} },
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormScalePage{Shell: s.partShell(r, e, templates.TitleFormScale, broken), Head: e.head}
			set := indexOf(e.typed)
			page.Sum = templates.ScaleSum(set.Criteria)
			page.ScaleTyped = templates.ScaleTyped{
				Total: set.Total.Number().VN(), Bonus: set.Bonus.Number().VN(), Penalty: set.Penalty.Number().VN(),
				Classes: par.WriteClasses(set.Classes), Groups: par.WriteGroups(set.Groups),
			}
			if e.raw != nil {
				get := e.raw.Get
				page.ScaleTyped = templates.ScaleTyped{Total: get("total"), Bonus: get("bonus"), Penalty: get("penalty"), Classes: get("classes"), Groups: get("groups")}
			}
			return "forms/scale", page
		},
	}, nil
}

// indexOf is the form's set of criteria; an empty one where there is none.
func indexOf(v form.Version) par.Set {
	if v.Index == nil {
		return par.Set{}
	}
	return *v.Index
}

func readScale(f url.Values) (par.Set, rule.Errors) {
	var read typedReader
	set := par.Set{Total: read.points("total", f.Get("total")), Bonus: read.points("bonus", f.Get("bonus")), Penalty: read.points("penalty", f.Get("penalty"))}
	set.Classes = readList(&read, "classes", f.Get("classes"), par.ReadClasses)
	set.Groups = readList(&read, "groups", f.Get("groups"), par.ReadGroups)
	return set, read.broken
}

// typedReader reads typed numbers and lists, and keeps what cannot be read. Blank is
// nothing; the rules of the set tell what may not be.
type typedReader struct{ broken rule.Errors }

func (t *typedReader) points(field, text string) par.Points {
	if strings.TrimSpace(text) == "" {
		return 0
	}
	p, ok := par.ReadPoints(text)
	if !ok {
		t.broken.Add(pointsUnread, field)
	}
	return p
}

// day is what was typed as a day; nil: nothing was.
func (t *typedReader) day(field, text string) *calendar.Day {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	day, ok := dayIn(strings.TrimSpace(text))
	if !ok {
		t.broken.Add(dateBad, field)
	}
	return &day
}

func (t *typedReader) percent(field, text string) *decimal.Number {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	if text == "" {
		return nil
	}
	n, err := decimal.ParseVN(text)
	if err != nil {
		t.broken.Add(percentUnread, field)
	}
	return &n
}

func (t *typedReader) deadline(field, text, year string) *par.Deadline {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	d, ok := par.ReadDeadline(text)
	if !ok {
		t.broken.Add(deadlineUnread, field)
	}
	d.Year, _ = strconv.Atoi(year) // a choice; blank is the assessed year
	return &d
}

func readList[R any](t *typedReader, field, text string, read func(string) ([]R, rule.Errors)) []R {
	rows, broken := read(storage.CleanText(text))
	for _, one := range broken {
		t.broken.Add(one.Code, field, one.Args...)
	}
	return rows
}

// inIndex is the place of what is wrong with the set of criteria; false for what is
// wrong elsewhere. Lists that are typed as one text are mended as one.
func (e *formEditor) inIndex(one rule.Error) (problemPlace, bool) {
	if e.Content.Index == nil {
		return problemPlace{}, false
	}
	table, row, isRow := form.RowOf(one.Field)
	switch {
	case table == par.CriterionTable && isRow:
		return e.inField(one, row), true
	case table == par.FieldTable || one.Field == par.CriterionTable || one.Field == par.FieldTable:
		return problemPlace{form.Part{Kind: form.PartField}, "/fields", one}, true
	case table == par.ClassTable || table == par.GroupTable:
		one.Field = table
		return problemPlace{form.Part{Kind: form.PartScale}, "/scale", one}, true
	case slices.Contains([]string{"total", "bonus", "penalty", par.ClassTable, par.GroupTable}, one.Field):
		return problemPlace{form.Part{Kind: form.PartScale}, "/scale", one}, true
	}
	return problemPlace{}, false
}

// inField is the place of a criterion's row as the page of its field counts it. Where
// somebody has taken the field out meanwhile, it is the page on which it comes back.
func (e *formEditor) inField(one rule.Error, row int) problemPlace {
	set := e.Content.Index
	code, place := set.Criteria[row].Field, 0
	at := slices.IndexFunc(set.Fields, func(f par.Field) bool { return f.Code == code })
	if at < 0 {
		return problemPlace{form.Part{Kind: form.PartField}, "/fields", one}
	}
	for _, other := range set.Criteria[:row] {
		if other.Field == code {
			place++
		}
	}
	one.Field = form.RowField(par.CriterionTable, place, fieldOf(one.Field))
	return problemPlace{form.Part{Kind: form.PartCriterion, Group: code}, fmt.Sprintf("/criteria/%d", at+1), one}
}

// fieldsPart is the fields of the index.
func (s *Server) fieldsPart(r *http.Request) (formPart, error) {
	if _, err := s.criteriaSet(r); err != nil {
		return formPart{}, err
	}
	units, err := s.store.Units(r.Context())
	if err != nil {
		return formPart{}, err
	}
	return formPart{
		part: form.Part{Kind: form.PartField}, path: "/fields", table: par.FieldTable, first: codeField,
		read: func(f url.Values) form.Version {
			set := par.Set{}
			rowsTyped(f, par.FieldTable, codeField, func(get func(string) string) {
				set.Fields = append(set.Fields, par.Field{
					Code: storage.CleanLine(get(codeField)), Name: storage.CleanLine(get("name")), Appraiser: get("appraiser"),
				})
			})
			return form.Version{Index: &set}
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Index.Fields, func() par.Field { return par.Field{Code: nextField(v.Index.Fields)} })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormFieldsPage{Shell: s.partShell(r, e, templates.TitleFormFields, broken), Head: e.head}
			set := indexOf(e.typed)
			for i, one := range set.Fields {
				row := templates.FormFieldRow{
					FormRow: templates.RowAt(i, len(set.Fields), broken), Field: one,
					Appraisers: templates.AppraiserOptions(units, s.store.Authority(), one.Appraiser),
				}
				row.Stays = len(indexOf(e.Content).InField(one.Code)) > 0
				page.Rows = append(page.Rows, row)
			}
			return "forms/fields", page
		},
	}, nil
}

// nextField counts on from the highest numbered field.
func nextField(fields []par.Field) string {
	highest := 0
	for _, f := range fields {
		if n, err := strconv.Atoi(f.Code); err == nil {
			highest = max(highest, n)
		}
	}
	return strconv.Itoa(highest + 1)
}

// criteriaPart is the criteria of a field: the one that the page was made for, else
// the one at the place that the path names.
func (s *Server) criteriaPart(r *http.Request) (formPart, error) {
	place, err := number(r, "field")
	if err != nil {
		return formPart{}, err
	}
	set, err := s.criteriaSet(r)
	if err != nil {
		return formPart{}, err
	}
	field := r.PostForm.Get("field")
	if field == "" {
		if int(place) > len(set.Fields) {
			return formPart{}, storage.ErrNotFound
		}
		field = set.Fields[place-1].Code
	}
	return formPart{
		part: form.Part{Kind: form.PartCriterion, Group: field}, path: fmt.Sprintf("/criteria/%d", place), table: par.CriterionTable, first: codeField,
		read: func(f url.Values) form.Version {
			criteria, _ := readCriteria(f)
			return form.Version{Index: &par.Set{Criteria: criteria}}
		},
		unread: func(f url.Values) rule.Errors {
			_, broken := readCriteria(f)
			return broken
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Index.Criteria, func() par.Criterion { return nextCriterion(v.Index.Criteria, field) })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			return "forms/criteria", s.criteriaPage(r, e, field, int(place), broken)
		},
	}, nil
}

// stayingCriterion is the place of a row among those that do not move to another
// field; -1 when it moves itself.
func stayingCriterion(typed form.Version, row int, field string) int {
	criteria := indexOf(typed).Criteria
	if row < 0 || row >= len(criteria) || criteria[row].Field != field {
		return -1
	}
	return len(par.Set{Criteria: criteria[:row]}.InField(field))
}

// nextCriterion is an empty row whose code follows the last one of the field.
func nextCriterion(rows []par.Criterion, field string) par.Criterion {
	next := par.Criterion{Code: field + ".1.1", Field: field, Kind: par.YesNo, Evidence: par.EvidenceRequired}
	if len(rows) > 0 {
		stem, last, _ := cutLast(rows[len(rows)-1].Code)
		if n, err := strconv.Atoi(last); err == nil {
			next.Code = fmt.Sprintf("%s.%d", stem, n+1)
		}
	}
	return next
}

func (s *Server) criteriaPage(r *http.Request, e *formEditor, code string, place int, broken rule.Errors) templates.FormCriteriaPage {
	set := indexOf(e.typed)
	field, _ := set.Field(code)
	rows := set.InField(code)
	typed := make([]templates.CriterionTyped, len(rows))
	for i, c := range rows {
		typed[i] = typedOf(c)
	}
	if e.raw != nil {
		typed = criteriaTyped(e.raw)
	}
	page := templates.FormCriteriaPage{
		Shell: s.partShell(r, e, field.Code+". "+field.Name, broken), Head: e.head, URL: fmt.Sprintf("%s/criteria/%d", e.head.URL, place),
		Field: code, Sum: templates.ScaleSum(rows),
	}
	for i, one := range typed {
		row := templates.FormCriterionRow{
			FormRow: templates.RowAt(i, len(typed), broken), CriterionTyped: one,
			Kinds: templates.KindOptions(one.Kind), Evidences: templates.EvidenceOptions(one.Evidence), Facts: templates.FactOptions(one.Fact),
			Fields: templates.CriterionFieldOptions(set.Fields, one.Field), Bases: templates.BasisOptions(one.Basis),
			Withouts: templates.WithoutOptions(one.Without), Years: templates.DeadlineYearOptions(one.DeadlineYear), Open: openCriterion(broken, i),
		}
		if e.raw == nil {
			row.Reading = templates.CriterionReading(set, rows[i])
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

// openCriterion tells whether one of the folded fields of the row has an error.
func openCriterion(broken rule.Errors, row int) bool {
	return slices.ContainsFunc(broken, func(one rule.Error) bool {
		_, at, ok := form.RowOf(one.Field)
		return ok && at == row && slices.Contains([]string{"guide", "fact", "field", "done_label", "of_label"}, fieldOf(one.Field))
	})
}

// criteriaTyped are the rows as they were typed.
func criteriaTyped(f url.Values) []templates.CriterionTyped {
	var typed []templates.CriterionTyped
	rowsTyped(f, par.CriterionTable, codeField, func(get func(string) string) {
		typed = append(typed, templates.CriterionTyped{
			Code: get(codeField), Field: get("field"), Name: get("name"), Max: get("max"), Kind: get("kind"), Evidence: get("evidence"),
			Guide: get("guide"), Fact: get("fact"), DoneLabel: get("done_label"), OfLabel: get("of_label"),
			Deadline: get("deadline"), DeadlineYear: get("deadline_year"), Late: get("late"), Floor: get("floor"), Target: get("target"),
			Basis: get("basis"), Bands: get("bands"), Without: get("without"), Step: get("step"), Items: get("items"), Weights: get("weights"),
			MayNotApply: get("may_not_apply") != "", NeedsRemark: get("needs_remark") != "", MayPass: get("may_pass") != "",
		})
	})
	return typed
}

func typedOf(c par.Criterion) templates.CriterionTyped {
	r := c.Rule
	typed := templates.CriterionTyped{
		Code: c.Code, Field: c.Field, Name: c.Name, Max: pointsTyped(c.Max), Kind: string(c.Kind), Evidence: string(c.Evidence),
		Guide: c.Guide, Fact: string(c.Fact), DoneLabel: c.DoneLabel, OfLabel: c.OfLabel,
		Deadline: par.WriteDeadline(r.Deadline), Late: par.WriteLate(r.Late), Floor: percentTyped(r.Floor), Target: percentTyped(r.Target),
		Basis: string(r.Basis), Bands: par.WriteBands(r.Bands), Without: string(r.Without), Step: pointsTyped(r.Step),
		Items: par.WriteItems(r.Items), Weights: par.WriteWeights(r.Weights),
		MayNotApply: c.MayNotApply, NeedsRemark: c.NeedsRemark, MayPass: r.MayPass,
	}
	if r.Deadline != nil {
		typed.DeadlineYear = strconv.Itoa(r.Deadline.Year)
	}
	return typed
}

func pointsTyped(p par.Points) string {
	if p == 0 {
		return ""
	}
	return p.Number().VN()
}

func percentTyped(n *decimal.Number) string {
	if n == nil {
		return ""
	}
	return n.VN()
}

// readCriteria takes the rows of a field, each with the numbers of its kind alone.
func readCriteria(f url.Values) ([]par.Criterion, rule.Errors) {
	var read typedReader
	var criteria []par.Criterion
	for row, typed := range criteriaTyped(f) {
		criteria = append(criteria, read.criterion(row, typed))
	}
	return criteria, read.broken
}

func (t *typedReader) criterion(row int, typed templates.CriterionTyped) par.Criterion {
	at := func(field string) string { return form.RowField(par.CriterionTable, row, field) }
	c := par.Criterion{
		Code: storage.CleanLine(typed.Code), Field: typed.Field, Name: storage.CleanLine(typed.Name), Max: t.points(at("max"), typed.Max),
		Kind: par.Kind(typed.Kind), Evidence: par.Evidence(typed.Evidence), Guide: storage.CleanText(typed.Guide), Fact: par.FactName(typed.Fact),
		MayNotApply: typed.MayNotApply, NeedsRemark: typed.NeedsRemark,
	}
	switch c.Kind {
	case par.Date:
		c.Rule.Deadline = t.deadline(at("deadline"), typed.Deadline, typed.DeadlineYear)
		c.Rule.Late = readList(t, at("late"), typed.Late, par.ReadLate)
	case par.Formula:
		c.Rule.Floor = t.percent(at("floor"), typed.Floor)
	case par.Cap:
		c.Rule.Target = t.percent(at("target"), typed.Target)
	case par.Banded:
		c.Rule.Basis = par.Basis(typed.Basis)
		c.Rule.Bands = readList(t, at("bands"), typed.Bands, par.ReadBands)
	case par.Deduct, par.Count:
		c.Rule.Step = t.points(at("step"), typed.Step)
	case par.Checklist:
		c.Rule.Items = readList(t, at("items"), typed.Items, par.ReadItems)
	case par.Survey:
		c.Evidence = par.EvidenceNone
		c.Rule.Weights = readList(t, at("weights"), typed.Weights, par.ReadWeights)
	}
	if c.Ratio() {
		c.Rule.Without, c.Rule.MayPass = par.Without(typed.Without), typed.MayPass
		c.OfLabel = storage.CleanLine(typed.OfLabel)
	}
	if c.Ratio() || c.Counted() {
		c.DoneLabel = storage.CleanLine(typed.DoneLabel)
	}
	return c
}

// criteriaSet is the set of the draft named in the path. ErrNotFound: the form has
// none.
func (s *Server) criteriaSet(r *http.Request) (par.Set, error) {
	draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
	if err == nil && draft.Content.Index == nil {
		err = storage.ErrNotFound
	}
	return indexOf(draft.Content), err
}
