package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/prose"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// draftVersion is what is being written, in the address of a comparison.
const draftVersion = "draft"

// version is one of those that can be compared.
type version struct {
	value  string // revision, or draftVersion
	choice string
	name   string
}

// showDifferences compares any two versions that the reader may see.
func (s *Server) showDifferences(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	versions, err := s.versions(r, d)
	if err != nil {
		return err
	}
	page := templates.DifferencesPage{Shell: s.shellOf(r, d, words.TitleDifferences), Document: d.head()}
	if len(versions) < 2 {
		page.Only = true
		return s.show(w, "document/differences", page)
	}
	last := len(versions) - 1
	to, ok := chosen(versions, r.URL.Query().Get("to"), last)
	if !ok {
		return storage.ErrNotFound
	}
	from, ok := chosen(versions, r.URL.Query().Get("from"), max(0, to-1))
	if !ok {
		return storage.ErrNotFound
	}
	before, err := s.contentOf(r, d, versions[from])
	if err != nil {
		return err
	}
	after, err := s.contentOf(r, d, versions[to])
	if err != nil {
		return err
	}
	differences := s.differences(d, before, after)
	differences.Before, differences.After = versions[from].name, versions[to].name
	page.From, page.To, page.Differences = options(versions, from), options(versions, to), &differences
	return s.show(w, "document/differences", page)
}

func (d *dossier) differencesURL(from, to string) string {
	return "/documents/" + d.ID + "/differences?from=" + from + "&to=" + to
}

// comparable tells whether the reader may compare anything, for the link on the
// document's page.
func (d *dossier) comparable() bool {
	newest := d.Reading().Newest(d.ownPeople())
	return d.Reading().Before(newest, d.ownPeople()) > 0 || newest > 0 && d.ownPeople() && d.Stage == document.Drafting
}

// versions lists what the reader may compare, oldest first.
func (s *Server) versions(r *http.Request, d *dossier) ([]version, error) {
	own := d.ownPeople()
	lines, err := s.store.Revisions(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	var versions []version
	for _, line := range slices.Backward(lines) {
		if d.Reading().Opens(line.Number, own) {
			versions = append(versions, version{
				value: strconv.Itoa(line.Number), name: words.RevisionName(line.Number),
				choice: words.RevisionChoice(line.Number, line.Submitter, line.SubmittedAt, d.Now),
			})
		}
	}
	if own && d.Stage == document.Drafting {
		versions = append(versions, version{value: draftVersion, name: words.DraftName, choice: words.DraftName})
	}
	return versions, nil
}

// chosen finds the version asked for; without one asked, the given one.
func chosen(versions []version, asked string, otherwise int) (int, bool) {
	if asked == "" {
		return otherwise, true
	}
	at := slices.IndexFunc(versions, func(v version) bool { return v.value == asked })
	return at, at >= 0
}

func options(versions []version, selected int) []templates.Option {
	list := make([]templates.Option, len(versions))
	for i, v := range versions {
		list[i] = templates.Option{Value: v.value, Label: v.choice, Selected: i == selected}
	}
	return list
}

func (s *Server) contentOf(r *http.Request, d *dossier, v version) (storage.Checked, error) {
	if v.value == draftVersion {
		draft, err := s.store.Draft(r.Context(), d.ID)
		return draft.Checked(), err
	}
	number, err := strconv.Atoi(v.value)
	if err != nil {
		return storage.Checked{}, err
	}
	return s.revisionOf(r, d, number)
}

// revisionOf reads a frozen revision with what the checks say of it.
func (s *Server) revisionOf(r *http.Request, d *dossier, number int) (storage.Checked, error) {
	revision, err := s.store.Revision(r.Context(), d.ID, number)
	if err != nil {
		return storage.Checked{}, err
	}
	return s.store.Checked(r.Context(), d.DocumentView, revision)
}

// differencesSince tells what changed since the earlier revision, in a content
// that has been read.
func (s *Server) differencesSince(r *http.Request, d *dossier, number int, after storage.Checked) (templates.Differences, error) {
	before, err := s.revisionOf(r, d, number)
	if err != nil {
		return templates.Differences{}, err
	}
	found := s.differences(d, before, after)
	found.Before, found.After = words.RevisionName(number), words.RevisionName(d.Revision)
	return found, nil
}

// differences lays two contents of the document side by side in the words of its
// form.
func (s *Server) differences(d *dossier, before, after storage.Checked) templates.Differences {
	c := comparison{before: before, after: after, differ: map[string]bool{}, prose: s.proseDifferences}
	for _, one := range form.Differences(before.Content, after.Content) {
		c.differ[one.Field] = true
	}
	if before.Content.FormVersion != after.Content.FormVersion || before.Content.Form != after.Content.Form {
		c.found.Form = words.OtherForms
	}
	for _, section := range after.Form.Sections {
		c.section(section)
	}
	for _, indicator := range after.Form.Indicators {
		c.cell(indicator)
	}
	c.tasks()
	c.answers()
	c.files("/documents/" + d.ID + "/files/")
	c.found.Count, c.found.SpaceOnly = c.count, c.count == 0 && len(c.differ) > 0
	c.numberThrough()
	return c.found
}

// comparison is one comparison in the making.
type comparison struct {
	before, after storage.Checked
	differ        map[string]bool // fields, as form.Difference names them
	prose         func(before, after string) []templates.ProseDifference
	found         templates.Differences
	count         int
}

func (c *comparison) spot() templates.Spot {
	c.count++
	return templates.Spot{Number: c.count}
}

// numberThrough tells every spot how many there are.
func (c *comparison) numberThrough() {
	for i := range c.found.Sections {
		for j := range c.found.Sections[i].Parts {
			c.found.Sections[i].Parts[j].Spot.Of = c.count
		}
	}
	for i := range c.found.Cells {
		c.found.Cells[i].Spot.Of = c.count
	}
	for i := range c.found.Tasks {
		c.found.Tasks[i].Spot.Of = c.count
	}
	for i := range c.found.Answers {
		c.found.Answers[i].Spot.Of = c.count
	}
	for i := range c.found.Files {
		c.found.Files[i].Spot.Of = c.count
	}
}

func (c *comparison) section(section form.Section) {
	if !c.differ[form.SectionField(section.Code)] {
		return
	}
	found := templates.SectionDifference{
		Title: words.Heading(section.Code, section.Title),
		Parts: slices.Clone(c.prose(c.before.Content.Sections[section.Code], c.after.Content.Sections[section.Code])),
	}
	differs := false
	for i := range found.Parts {
		if found.Parts[i].Alike == 0 {
			found.Parts[i].Spot = c.spot()
			differs = true
		}
	}
	if differs {
		c.found.Sections = append(c.found.Sections, found)
	}
}

// comparedBytes of texts side by side are kept, reckoned as some times the texts
// themselves: those of the reports that are under review at one time.
const (
	comparedBytes = 64 << 20
	asCompared    = 8
)

// twoTexts is the hash of both.
type twoTexts [sha256.Size]byte

func twoTextsOf(before, after string) twoTexts {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d\n%s%s", len(before), before, after)
	return twoTexts(h.Sum(nil))
}

// proseDifferences lays two texts side by side, without numbers of their places.
// Comparing word by word is the dearest part of a review, which is read some times
// over while the texts stay as they are.
func (s *Server) proseDifferences(before, after string) []templates.ProseDifference {
	key := twoTextsOf(before, after)
	if parts, known := s.compared.Get(key); known {
		return parts
	}
	parts := proseDifferences(before, after)
	s.compared.Keep(key, parts, asCompared*(len(before)+len(after)))
	return parts
}

func proseDifferences(before, after string) []templates.ProseDifference {
	var parts []templates.ProseDifference
	pairs := prose.Compare(prose.Parse(before), prose.Parse(after))
	for at := 0; at < len(pairs); {
		if !pairs[at].Same {
			parts = append(parts, templates.ProseDifference{Block: blockDifference(pairs[at])})
			at++
			continue
		}
		var alike prose.Text
		for at < len(pairs) && pairs[at].Same {
			alike = append(alike, *pairs[at].After)
			at++
		}
		parts = append(parts, templates.ProseDifference{Same: alike.String(), Alike: len(alike)})
	}
	return parts
}

// blockDifference shows what became of one block.
func blockDifference(pair prose.Pair) templates.BlockDifference {
	d := marked(pair)
	d.Spans = spaced(d.Spans)
	for i := range d.Rows {
		for j := range d.Rows[i].Cells {
			d.Rows[i].Cells[j] = spaced(d.Rows[i].Cells[j])
		}
	}
	return d
}

// marked is a block with every word marked.
func marked(pair prose.Pair) templates.BlockDifference {
	before, after := pair.Before, pair.After
	shown := after
	if shown == nil {
		shown = before
	}
	d := templates.BlockDifference{Kind: shown.Kind, Level: shown.Level, Lead: lead(*shown), Header: shown.Header}
	if before == nil {
		before = &prose.Block{}
	}
	if after == nil {
		after = &prose.Block{}
	}
	if pair.Before != nil && pair.After != nil {
		d.Look = words.LookChanged(*before, *after)
	}
	if before.Kind == prose.Table || after.Kind == prose.Table {
		d.Kind = prose.Table
		d.Rows = prose.Rows(before.Rows, after.Rows)
	}
	d.Spans = prose.Spans(before.Runs, after.Runs)
	return d
}

// spaced leaves the space after a marked word unmarked, so that marks end with
// the word.
func spaced(spans []prose.Span) []prose.Span {
	var out []prose.Span
	for _, span := range spans {
		word := strings.TrimRight(span.Text, " ")
		if span.Mark == prose.Kept || word == "" || word == span.Text {
			out = append(out, span)
			continue
		}
		space := span.Text[len(word):]
		span.Text = word
		out = append(out, span, prose.Span{Run: prose.Run{Text: space}})
	}
	return out
}

func lead(block prose.Block) string {
	switch block.Kind {
	case prose.Bullet:
		return "–"
	case prose.Numbered:
		return strconv.Itoa(block.Number) + "."
	}
	return ""
}

func (c *comparison) cell(indicator form.Indicator) {
	before, after := c.before.Content.Figures[indicator.Code], c.after.Content.Figures[indicator.Code]
	cell := templates.CellDifference{
		Code: indicator.Code, Name: indicator.Name, Reason: after.Reason, Computed: indicator.Type == form.TypeRatio,
		Before: valueText(indicator, c.before), After: valueText(indicator, c.after),
	}
	otherReason := c.differ["reason."+indicator.Code]
	if cell.SameValue() && !otherReason {
		return
	}
	if otherReason {
		cell.ReasonBefore = before.Reason
	}
	switch {
	case cell.Computed:
		old, okOld := c.before.Result.Ratios[indicator.Code]
		now, okNow := c.after.Result.Ratios[indicator.Code]
		if okOld && okNow {
			cell.Change = words.Difference(old.String(), now.String())
		}
	case before.Value != nil && after.Value != nil && !cell.SameValue():
		cell.Change = words.Difference(before.Value.String(), after.Value.String())
	}
	cell.Spot = c.spot()
	c.found.Cells = append(c.found.Cells, cell)
}

// files lists what came and what went; a file whose content changed is both.
func (c *comparison) files(base string) {
	same := func(a form.FileRef) func(form.FileRef) bool {
		return func(b form.FileRef) bool { return a.Name == b.Name && a.Hash == b.Hash }
	}
	add := func(from, to []form.FileRef, added bool) {
		for _, file := range from {
			if !slices.ContainsFunc(to, same(file)) {
				c.found.Files = append(c.found.Files, templates.FileDifference{
					Spot: c.spot(), Name: file.Name, About: words.Size(file.Size), URL: base + file.Hash, Added: added,
				})
			}
		}
	}
	add(c.before.Content.Files, c.after.Content.Files, false)
	add(c.after.Content.Files, c.before.Content.Files, true)
}
