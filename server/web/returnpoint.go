package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	// filesField is the place of what is attached.
	filesField = "files"
	// blankPoints is how many rows without words the form of a return begins with, and how
	// many more it is given at a time.
	blankPoints = 2
)

// returnDocument sends a document back with what is to be mended, point by point; or
// shows the form again with more rows.
func (s *Server) returnDocument(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	n, err := decisionForm(r, document.Return, actor)
	if err != nil {
		return err
	}
	n.Points = pointsIn(r.PostForm)
	if r.PostForm.Has("more") {
		return s.moreReturnRows(w, r, n)
	}
	return s.road(w, r, n, func(ctx context.Context) (int64, error) {
		if err := s.placesKnown(r, n).Err(); err != nil {
			return 0, err
		}
		return s.store.AddDecision(ctx, n)
	})
}

// pointsIn reads the rows in which anything was chosen or written.
func pointsIn(typed url.Values) []document.Point {
	var points []document.Point
	for n := 1; n <= document.PointsMost+blankPoints && typed.Has(document.PointField(n, "text")); n++ {
		point := document.Point{
			Field: typed.Get(document.PointField(n, "field")), Must: typed.Get(document.PointField(n, "need")) != templates.PointShould,
			Text: storage.CleanText(typed.Get(document.PointField(n, "text"))),
		}
		if point.Field != "" || point.Text != "" {
			points = append(points, point)
		}
	}
	return points
}

// placesKnown finds points about places that the content does not have.
func (s *Server) placesKnown(r *http.Request, n storage.NewDecision) (broken rule.Errors) {
	if !slices.ContainsFunc(n.Points, func(one document.Point) bool { return one.Field != "" }) {
		return nil
	}
	d, err := s.dossier(r, n.Actor)
	if err != nil || !d.may(document.Return) {
		return nil // the decision tells what is wrong
	}
	places, err := s.pointPlaces(r, d)
	if err != nil {
		return nil
	}
	for i, one := range n.Points {
		if !slices.ContainsFunc(places, func(place templates.Option) bool { return place.Value == one.Field }) {
			broken.Add(document.PointElsewhere, document.PointField(i+1, "field"))
		}
	}
	return broken
}

// moreReturnRows shows what was typed with more rows below.
func (s *Server) moreReturnRows(w http.ResponseWriter, r *http.Request, n storage.NewDecision) error {
	d, err := s.dossier(r, n.Actor)
	if err != nil {
		return err
	}
	if !d.may(document.Return) {
		kept, err := s.typedWith(r, d, n)
		if err != nil {
			return err
		}
		return s.showRefused(w, r, d, document.Return, d.notOffered(document.Return), kept, http.StatusConflict)
	}
	page, err := s.returnAgain(r, d, n)
	if err != nil {
		return err
	}
	return s.show(w, "document/return", page)
}

// typedWith is what was typed with a decision that is not taken, to be copied: the reason,
// then its points, whose places are named as they were on the screen.
func (s *Server) typedWith(r *http.Request, d *dossier, n storage.NewDecision) (string, error) {
	if len(n.Points) == 0 || !d.Reading().Opens(n.Revision, d.ownPeople()) {
		return n.Reason, nil
	}
	c, err := s.revisionOf(r, d, n.Revision)
	if err != nil {
		return "", err
	}
	lines, places := []string{n.Reason}, d.placesOf(c.Form, c.Content)
	for _, one := range n.Points {
		lines = append(lines, templates.PointLine(placeNamed(places, one.Field), one.Must, one.Text))
	}
	return strings.Join(lines, "\n"), nil
}

// returnAgain is the form with what was typed. What was on the screen stays bound, so
// that a change meanwhile is seen.
func (s *Server) returnAgain(r *http.Request, d *dossier, n storage.NewDecision) (templates.ReturnPage, error) {
	page, err := s.returnPage(r, d, n.Points)
	page.Reason, page.Revision, page.ContentHash = n.Reason, n.Revision, n.ContentHash
	return page, err
}

// pointRows is the points as rows of the form, and blank ones after them.
func (s *Server) pointRows(r *http.Request, d *dossier, points []document.Point) ([]templates.PointRow, error) {
	places, err := s.pointPlaces(r, d)
	if err != nil {
		return nil, err
	}
	points = append(slices.Clone(points), slices.Repeat([]document.Point{{Must: true}}, blankPoints)...)
	rows := make([]templates.PointRow, len(points))
	for i, one := range points {
		rows[i] = templates.NewPointRow(i+1, places, one)
	}
	return rows, nil
}

// pointPlaces is where the newest revision can be mended.
func (s *Server) pointPlaces(r *http.Request, d *dossier) ([]templates.Option, error) {
	c, err := s.revisionOf(r, d, d.Revision)
	if err != nil {
		return nil, err
	}
	return d.placesOf(c.Form, c.Content), nil
}

// placesOf is every place of a content that a point may be about, the whole first.
func (d *dossier) placesOf(version form.Version, content form.Content) []templates.Option {
	places := []templates.Option{{Label: templates.WholeContent}}
	add := func(field, label string) { places = append(places, templates.Option{Value: field, Label: label}) }
	for _, section := range version.Sections {
		add(form.SectionField(section.Code), words.Section(section.Code, section.Title))
	}
	if version.Plan != nil {
		add(plan.TableField, words.TitlePlan)
	}
	for i, task := range content.Tasks {
		add(plan.TaskField(task.Key, ""), words.TaskAt(i+1, task.Name))
	}
	if version.Index != nil {
		for _, c := range version.Index.Criteria {
			add(par.AnswerField(c.Code, ""), words.FigurePlace(c.Code, c.Name))
		}
	}
	for _, indicator := range version.Active(d.Campaign.WindowTo) {
		add(form.FigureField(indicator.Code), words.FigurePlace(indicator.Code, indicator.Name))
	}
	add(filesField, words.FilesTitle)
	return places
}

// pointURL leads to where a point's place is written.
func (d *dossier) pointURL(version form.Version, field string) string {
	switch field {
	case "":
		return ""
	case filesField:
		return d.path("/files")
	}
	return d.fieldURL(version, field)
}

// pointList is the points of a return as the reader sees them; nil where there are none.
// Who writes the document answers them.
func (d *dossier) pointList(points []storage.ReturnPoint, c storage.Checked) *templates.PointList {
	if len(points) == 0 {
		return nil
	}
	open := len(storage.OpenMusts(points))
	list := &templates.PointList{Left: templates.PointsLeft(open), Open: open > 0}
	places, first := d.placesOf(c.Form, c.Content), true
	for _, one := range points {
		item := templates.PointItem{
			ID: pointAnchor(one.ID), Place: placeNamed(places, one.Field), Chip: templates.PointChip(one.Must, !one.Open()),
			Text: one.Text, Answer: one.Answer,
		}
		if one.AnsweredAt != nil {
			item.By = templates.AnsweredBy(one.AnsweredBy, *one.AnsweredAt, d.Now)
		}
		if d.Stage == document.Drafting && d.actor.Holds(staff.Specialist, d.Unit.Code) {
			item.URL, item.Form = d.pointURL(c.Form, one.Field), d.pointForm(one)
			item.Form.Open = first && one.Must && one.Open()
			first = first && !item.Form.Open
		}
		list.All = append(list.All, item)
	}
	return list
}

func (d *dossier) pointForm(one storage.ReturnPoint) *templates.PointForm {
	id := strconv.FormatInt(one.ID, 10)
	return &templates.PointForm{
		ID: "answer-" + id, URL: d.path("/points/" + id), Key: newKey(), Typed: one.Answer, Again: !one.Open(),
	}
}

func pointAnchor(id int64) string { return "point-" + strconv.FormatInt(id, 10) }

// placeNamed names a place; one that has gone since, a task taken out, is the whole.
func placeNamed(places []templates.Option, field string) string {
	at := slices.IndexFunc(places, func(place templates.Option) bool { return place.Value == field })
	return places[max(at, 0)].Label
}

// answerPoint keeps what was done about a point, and goes back to the list.
func (s *Server) answerPoint(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "answer"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	point, err := number(r, "point")
	if err != nil {
		return err
	}
	typed := r.PostFormValue("answer")
	err = s.store.AnswerPoint(r.Context(), key, documentID(r), point, typed, actor)
	if broken := brokenIn(err); broken != nil {
		return s.pointRefused(w, r, actor, point, typed, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+documentID(r), cameFrom(r))+"#"+pointAnchor(point))
}

// pointRefused shows the point with what was typed, or why nothing is taken any more.
func (s *Server) pointRefused(w http.ResponseWriter, r *http.Request, actor staff.Actor, point int64, typed string, broken rule.Errors) error {
	if !hasField(broken) {
		return s.notTaken(w, r, actor, broken)
	}
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return err
	}
	list := d.pointList(d.points, draft.Checked())
	if list == nil {
		return storage.ErrNotFound
	}
	at := slices.IndexFunc(list.All, func(one templates.PointItem) bool { return one.ID == pointAnchor(point) })
	if at < 0 || list.All[at].Form == nil {
		return storage.ErrNotFound
	}
	page := templates.PointPage{Shell: s.shellOf(r, d, templates.TitlePoint), Document: d.head(), Point: list.All[at]}
	page.Point.Form.Typed, page.Errors = typed, broken
	return s.showBroken(w, "document/point", page)
}
