package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// The broken rules of a workbook with survey results as a whole.
const (
	surveyNoTable rule.Code = "survey_no_table" // name
	surveyEmpty   rule.Code = "survey_empty"    // name
)

// showSurveys tells which results are there, and asks for a workbook.
func (s *Server) showSurveys(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	return s.surveysPage(w, r, d, nil)
}

func (s *Server) surveysPage(w http.ResponseWriter, r *http.Request, d *indexDesk, broken rule.Errors) error {
	page := s.surveyPage(r, d)
	page.Errors = broken
	units, err := s.store.CampaignUnits(r.Context(), d.Code)
	if err != nil {
		return err
	}
	reach, err := s.store.SurveyReach(r.Context(), d.Code)
	if err != nil {
		return err
	}
	page.Groups = surveyGroups(d.Set, len(units), reach)
	done, err := s.store.SurveyImports(r.Context(), d.Code)
	if err != nil {
		return err
	}
	for _, one := range done {
		page.Done = append(page.Done, words.SurveyTaken(one.Name, *one.AppliedBy, *one.AppliedAt))
	}
	if broken != nil {
		return s.showBroken(w, "index/survey", page)
	}
	return s.show(w, "index/survey", page)
}

func (s *Server) surveyPage(r *http.Request, d *indexDesk) templates.SurveyPage {
	page := templates.SurveyPage{
		Shell: s.indexShell(r, d, templates.TitleSurvey, d.rankingCrumb()), Facts: []string{d.Name}, Key: newKey(),
		Base: d.path + surveysPlace, Back: d.backToRanking(), MaxSize: words.Size(storage.MaxWorkbook),
	}
	template := d.path + "/surveys.xlsx"
	if d.RosterOverall*len(d.Set.Groups) <= sheet.MostRows-surveyHeadRows {
		page.Templates = append(page.Templates, templates.Link{Label: words.SurveyAllGroups, URL: template})
	}
	for _, group := range d.Set.Groups {
		if len(d.Set.AskedOf(group.Code)) > 0 {
			page.Templates = append(page.Templates, templates.Link{Label: words.SurveyTemplate(group.Name), URL: template + "?group=" + url.QueryEscape(group.Code)})
		}
	}
	return page
}

// surveyHeadRows is what stands above the rows of a workbook, with room to spare.
const surveyHeadRows = 20

// surveyGroups is how far the results of each group of respondents are there.
func surveyGroups(set par.Set, units int, reach []storage.SurveyReach) []templates.SurveyGroupLine {
	var lines []templates.SurveyGroupLine
	for _, group := range set.Groups {
		asked := set.AskedOf(group.Code)
		if len(asked) == 0 {
			continue
		}
		codes := make([]string, len(asked))
		for i, c := range asked {
			codes[i] = c.Code
		}
		whole, answers := 0, 0
		for _, one := range reach {
			if one.Group != group.Code {
				continue
			}
			answers += one.Answers
			if one.Asked >= len(asked) {
				whole += one.Units
			}
		}
		lines = append(lines, templates.SurveyGroupLine{
			Name: group.Name, Criteria: strings.Join(codes, ", "), Units: words.UnitsPart(whole, units),
			Answers: words.Number(answers), Whole: whole == units,
		})
	}
	return lines
}

// takeSurvey keeps the workbook and goes on to what it would change.
func (s *Server) takeSurvey(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	var kept storage.SurveyImport
	err = takeWorkbook(r, func(name string, from io.Reader) (err error) {
		kept, err = s.store.AddSurveyImport(r.Context(), d.Code, name, from, actor)
		return err
	})
	if broken := brokenIn(err); broken != nil {
		return s.surveysPage(w, r, d, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, fmt.Sprintf("%s%s/%d", d.path, surveysPlace, kept.ID))
}

// surveyBook is a workbook held against the results that stand.
type surveyBook struct {
	*indexDesk
	storage.SurveyImport
	*importBook
	table    par.SurveySheet
	units    map[string]string // names by code
	opinions []par.UnitOpinion
	unread   rule.Errors // of cells
}

// surveyBook reads the workbook in the path, {import}. Close it.
func (s *Server) surveyBook(r *http.Request, actor staff.Actor) (*surveyBook, error) {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return nil, err
	}
	id, err := number(r, "import")
	if err != nil {
		return nil, err
	}
	b := &surveyBook{indexDesk: d}
	var data []byte
	if b.SurveyImport, data, err = s.store.SurveyImport(r.Context(), d.Code, id); err != nil {
		return nil, err
	}
	units, err := s.store.CampaignUnits(r.Context(), d.Code)
	if err != nil {
		return nil, err
	}
	b.units = namesOf(units)
	b.importBook, err = openImport(b.SurveyImport.Name, data, b.read)
	return b, err
}

// namesOf are the units' names by code.
func namesOf(units []storage.CampaignUnit) map[string]string {
	names := make(map[string]string, len(units))
	for _, unit := range units {
		names[unit.Code] = unit.Name
	}
	return names
}

// read looks for the table on the workbook's sheets and reads it.
func (b *surveyBook) read(book *importBook) error {
	known := make(map[string]bool, len(b.units))
	for code := range b.units {
		known[code] = true
	}
	reader := par.SurveyReader{Set: b.Set, Units: known, Fold: storage.Fold}
	err := book.look(func(texts [][]string) (int, bool) {
		table, found := reader.Find(texts, surveyHeads(b.Set))
		if found {
			b.table = table
		}
		return len(table.Lines), found
	}, surveyNoTable, surveyEmpty)
	if err != nil || book.broken != nil {
		return err
	}
	if err := b.numbers(book); err != nil {
		return err
	}
	b.opinions, b.unread = reader.Read(b.table)
	return nil
}

// numbers puts what cells hold in the place of what they show: a mean of 82,3333 may be
// shown as 82.
func (b *surveyBook) numbers(book *importBook) error {
	for _, line := range b.table.Lines {
		for column, at := range b.table.Columns {
			if column == par.SurveyUnitColumn || column == par.SurveyGroupColumn || line.Cells[column] == "" {
				continue
			}
			text, is, err := book.book.Number(book.name, line.Row, at)
			if err != nil {
				return err
			}
			if is {
				line.Cells[column] = text
			}
		}
	}
	return nil
}

// surveyHeads are what the columns are called in workbooks.
func surveyHeads(set par.Set) par.SurveyHeads {
	heads := par.SurveyHeads{
		par.SurveyUnitColumn:  {storage.Fold(words.SurveyUnitHead)},
		par.SurveyGroupColumn: {storage.Fold(words.SurveyGroupHead)},
	}
	for _, c := range set.Surveys() {
		heads[par.SurveyMeanColumn(c.Code)] = []string{storage.Fold(words.SurveyMeanHead(c.Code))}
		heads[par.SurveyAnswersColumn(c.Code)] = []string{storage.Fold(words.SurveyAnswersHead(c.Code))}
	}
	return heads
}

// marks are all that is wrong, at the workbook's cells.
func (b *surveyBook) marks() []sheet.Mark {
	var marks []sheet.Mark
	for _, one := range b.unread {
		row, column, ok := par.ParseSurveyField(one.Field)
		if !ok {
			continue
		}
		at := b.table.Columns[column]
		if at == 0 { // a column that the sheet lacks
			at = b.table.Columns[par.SurveyUnitColumn]
		}
		marks = append(marks, sheet.Mark{Row: row, Column: at, Text: words.Message(one)})
	}
	return marks
}

// showSurvey shows what a workbook would change, or all that is wrong with it.
func (s *Server) showSurvey(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.surveyBook(r, actor)
	if err != nil {
		return err
	}
	return errors.Join(s.showSurveyBook(w, r, b), b.close())
}

func (s *Server) showSurveyBook(w http.ResponseWriter, r *http.Request, b *surveyBook) error {
	if b.broken != nil {
		return s.surveysPage(w, r, b.indexDesk, b.broken)
	}
	page := s.surveyPage(r, b.indexDesk)
	page.File, page.Action = b.SurveyImport.Name, fmt.Sprintf("%s%s/%d", b.path, surveysPlace, b.ID)
	page.Lines = len(b.table.Lines)
	page.Marks = importMarks(b.marks())
	if page.Blocked() {
		page.Marked = page.Action + "/marked.xlsx"
		return s.showBroken(w, "index/survey", page)
	}
	changes, err := s.store.SurveyChanges(r.Context(), b.Code, b.opinions)
	if err != nil {
		return err
	}
	page.Digest, page.Same, page.Total = changes.Digest, changes.Same, len(changes.Changes)
	for _, change := range changes.Changes[:min(len(changes.Changes), templates.SurveyChangesShown)] {
		row := templates.SurveyChangeRow{
			Unit: b.units[change.Unit], Criterion: change.Criterion, Group: groupNamed(b.Set, change.Group), After: words.Opinion(change.Opinion),
		}
		if change.Before != nil {
			row.Before = words.Opinion(*change.Before)
		}
		page.Changes = append(page.Changes, row)
	}
	page.More = page.Total - len(page.Changes)
	return s.show(w, "index/survey", page)
}

// groupNamed is the name of a group of respondents.
func groupNamed(set par.Set, code string) string {
	for _, group := range set.Groups {
		if group.Code == code {
			return group.Name
		}
	}
	return code
}

// applySurvey takes the workbook over, if it changes what was on the screen.
func (s *Server) applySurvey(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "digest"); err != nil {
		return err
	}
	b, err := s.surveyBook(r, actor)
	if err != nil {
		return err
	}
	return errors.Join(s.applySurveyBook(w, r, b), b.close())
}

func (s *Server) applySurveyBook(w http.ResponseWriter, r *http.Request, b *surveyBook) error {
	if b.broken != nil || b.unread != nil {
		return s.showSurveyBook(w, r, b)
	}
	changed, err := s.store.ApplySurvey(r.Context(), b.SurveyImport, b.opinions, r.PostForm.Get("digest"), b.actor, s.by(r, b.actor))
	if broken := brokenIn(err); broken != nil {
		path := fmt.Sprintf("%s%s/%d", b.path, surveysPlace, b.ID)
		return s.goToFlash(w, r, templates.Flash{Tone: templates.ToneWarn, Text: words.SurveyMovedFlash}, path)
	}
	if err != nil {
		return err
	}
	flash := templates.Flash{Tone: templates.ToneOK, Text: words.SurveyApplied(changed, b.SurveyImport.Name)}
	return s.goToFlash(w, r, flash, b.path+surveysPlace)
}

// markedSurvey is the workbook with all that is wrong marked in it.
func (s *Server) markedSurvey(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	b, err := s.surveyBook(r, actor)
	if err != nil {
		return err
	}
	return errors.Join(s.sendMarked(w, r, b.Code, b.importBook, b.marks()), b.close())
}

// surveyTemplate is the workbook to fill in: a row a unit and group, of all groups or of
// the one asked for, with what stands already.
func (s *Server) surveyTemplate(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.indexDesk(r, actor)
	if err != nil {
		return err
	}
	units, err := s.store.CampaignUnits(r.Context(), d.Code)
	if err != nil {
		return err
	}
	opinions, err := s.store.SurveyOpinions(r.Context(), d.Code)
	if err != nil {
		return err
	}
	only := r.URL.Query().Get("group")
	if !slices.ContainsFunc(d.Set.Groups, func(g par.Group) bool { return only == "" || g.Code == only }) {
		return storage.ErrNotFound
	}
	e := d.surveyEntry(units, opinions, only)
	if len(e.Rows) > sheet.MostRows-surveyHeadRows {
		return storage.ErrNotFound
	}
	var book bytes.Buffer
	if err := sheet.WriteEntry(&book, e); err != nil {
		return err
	}
	name := "khao-sat-" + d.Code
	if only != "" {
		name += "-" + only
	}
	return s.sendWorkbook(w, r, d.Code, name+".xlsx", len(e.Rows), &book)
}

func (d *indexDesk) surveyEntry(units []storage.CampaignUnit, opinions map[string][]par.Opinion, only string) sheet.Entry {
	asked := d.Set.Surveys()
	if only != "" {
		asked = d.Set.AskedOf(only)
	}
	groups := map[string]string{}
	for _, group := range d.Set.Groups {
		if (only == "" || group.Code == only) && len(d.Set.AskedOf(group.Code)) > 0 {
			groups[group.Code] = group.Name
		}
	}
	e := sheet.Entry{
		Name: words.SheetSurvey, Lists: words.SheetLists, Title: words.SurveyTitle(d.Name), About: []string{words.SurveyHint},
		Columns: []sheet.EntryColumn{
			{Title: words.SurveyUnitHead, Width: 12}, {Title: words.SurveyNameHead, Width: 40},
			{Title: words.SurveyGroupHead, Width: 26, Choices: slices.Sorted(maps.Values(groups))},
		},
	}
	for _, c := range asked {
		e.Columns = append(e.Columns, sheet.EntryColumn{Title: words.SurveyMeanHead(c.Code), Width: 13, Note: c.Name},
			sheet.EntryColumn{Title: words.SurveyAnswersHead(c.Code), Width: 10})
	}
	for _, unit := range units {
		for _, group := range d.Set.Groups {
			if name, there := groups[group.Code]; there {
				e.Rows = append(e.Rows, surveyRow(unit, opinions[unit.Code], group.Code, name, asked))
			}
		}
	}
	e.Room = len(e.Rows)
	return e
}

// surveyRow is a unit and group with what stands.
func surveyRow(unit storage.CampaignUnit, opinions []par.Opinion, group, name string, asked []par.Criterion) []string {
	row := []string{unit.Code, unit.Name, name}
	for _, c := range asked {
		mean, answers := "", ""
		for _, o := range opinions {
			if o.Criterion != c.Code || o.Group != group {
				continue
			}
			if answers = words.Number(o.Answers); o.Answers > 0 {
				mean = o.Mean.VN()
			}
		}
		row = append(row, mean, answers)
	}
	return row
}
