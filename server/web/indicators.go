package web

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/sheet"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/chart"
	"cchc/templates/words"
)

const (
	indicatorsPath  = "/indicators"
	unitsOffered    = 20 // of one name
	plotWide        = 1180
	plotWideHigh    = 280
	plotNarrow      = 290
	plotNarrowHigh  = 200
	unitNameLetters = 120
)

// seriesView is one indicator over all periods, as the address asks for it.
type seriesView struct {
	storage.Series
	forms   []storage.PublishedForm
	chosen  storage.PublishedForm
	query   storage.SeriesQuery
	unit    *staff.Unit
	matches []staff.Unit // several of the name that was typed
	typed   string
	own     []staff.Unit // of a reader who does not read every unit
	whom    string
}

// seriesView reads what the address names. Without an indicator it is the first
// of the newest version. ErrNotFound: there is nothing to compare.
func (s *Server) seriesView(r *http.Request, actor staff.Actor) (*seriesView, error) {
	q, scope := r.URL.Query(), actor.Reads()
	c := &seriesView{typed: strings.TrimSpace(short(q.Get("unit"), unitNameLetters))}
	var err error
	if c.forms, err = s.store.ComparableForms(r.Context(), scope); err != nil {
		return nil, err
	}
	if len(c.forms) == 0 {
		return nil, storage.ErrNotFound
	}
	c.chosen = c.forms[0]
	for _, one := range c.forms {
		if one.Form == q.Get("form") {
			c.chosen = one
		}
	}
	c.query = storage.SeriesQuery{Form: c.chosen.Form, Group: unitGroup(q.Get("group")), Length: q.Get("length")}
	if err := s.findUnits(r, scope, c); err != nil {
		return nil, err
	}
	if err := s.chooseIndicator(r, c, q.Get("indicator")); err != nil {
		return nil, err
	}
	c.Series, err = s.store.IndicatorSeries(r.Context(), scope, c.query)
	return c, err
}

func unitGroup(value string) string {
	if slices.Contains(words.UnitGroups, value) {
		return value
	}
	return ""
}

// findUnits finds the unit that was asked for; a reader of one unit has that one.
func (s *Server) findUnits(r *http.Request, scope staff.Scope, c *seriesView) error {
	if !scope.All {
		return s.ownUnits(r, scope, c)
	}
	c.whom = templates.WholeCity
	if c.query.Group != "" {
		c.whom = words.UnitGroup(c.query.Group)
	}
	if c.typed == "" {
		return nil
	}
	found, err := s.store.UnitsNamed(r.Context(), c.typed, unitsOffered)
	if err != nil {
		return err
	}
	if exact := slices.IndexFunc(found, func(u staff.Unit) bool { return named(u, c.typed) }); exact >= 0 {
		found = found[exact : exact+1]
	}
	if len(found) == 1 {
		c.take(found[0])
	} else {
		c.matches = found
	}
	return nil
}

// named tells whether the text is the unit's code, abbreviation or whole name.
func named(u staff.Unit, text string) bool {
	return strings.EqualFold(u.Code, text) || strings.EqualFold(u.Abbreviation, text) || storage.Fold(u.Name) == storage.Fold(text)
}

func (c *seriesView) take(unit staff.Unit) {
	c.unit, c.whom = &unit, unit.Name
	c.query.Unit, c.query.Group = unit.Code, ""
}

func (s *Server) ownUnits(r *http.Request, scope staff.Scope, c *seriesView) error {
	c.query.Group, c.whom = "", templates.OwnUnits
	for _, code := range scope.Units {
		unit, err := s.store.Unit(r.Context(), code)
		if err != nil {
			return err
		}
		c.own = append(c.own, unit)
		if len(scope.Units) == 1 || code == c.typed {
			c.take(unit)
		}
	}
	return nil
}

// chooseIndicator reads "3.18", or "1/3.5" for one that the version 1 had; what
// does not exist is the first indicator.
func (s *Server) chooseIndicator(r *http.Request, c *seriesView, value string) error {
	newest, err := s.store.FormVersion(r.Context(), c.chosen.Form, c.chosen.Version)
	if err != nil {
		return err
	}
	c.query.Version, c.query.Indicator = newest.Number, newest.Indicators[0].Code
	number, code, old := strings.Cut(value, "/")
	if !old {
		number, code = strconv.Itoa(newest.Number), value
	}
	n, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	version, err := s.store.FormVersion(r.Context(), c.chosen.Form, n)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if _, known := version.Indicator(code); known {
		c.query.Version, c.query.Indicator = n, code
	}
	return err
}

// value is the indicator as the choice names it.
func (c *seriesView) value(version int, code string) string {
	if version == c.chosen.Version {
		return code
	}
	return fmt.Sprintf("%d/%s", version, code)
}

// address is a page about this comparison, with some of it changed.
func (c *seriesView) address(path string, changes ...string) string {
	q := url.Values{"form": {c.chosen.Form}, "indicator": {c.value(c.query.Version, c.query.Indicator)}}
	for name, value := range map[string]string{"group": c.query.Group, "unit": c.query.Unit, "length": c.Length} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		q.Set(changes[i], changes[i+1])
	}
	return withQuery(path, q)
}

func (c *seriesView) heading() string { return c.Indicator.Code + " " + c.Indicator.Name }

func (c *seriesView) ratio() bool { return c.Indicator.Type == form.TypeRatio }

// showIndicators compares one indicator over all periods.
func (s *Server) showIndicators(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	shell := s.shell(r, templates.TitleIndicators, templates.AtDashboard)
	c, err := s.seriesView(r, actor)
	if errors.Is(err, storage.ErrNotFound) && c == nil {
		return s.show(w, "indicators/show", templates.IndicatorsPage{Shell: shell, Empty: templates.NoIndicators()})
	}
	if err != nil {
		return err
	}
	page := templates.IndicatorsPage{
		Shell: shell, Indicators: c.choices(), Heading: c.heading(), Ratio: c.ratio(),
		Facts: templates.IndicatorFacts(c.whom, c.Indicator.Unit, c.Now), Rows: c.rows(), Book: c.address(indicatorsPath + ".xlsx"),
		Reading: readRatio(c.Version, c.Indicator),
	}
	for _, one := range c.forms {
		page.Forms = append(page.Forms, templates.Option{Value: one.Form, Label: one.Title, Selected: one.Form == c.chosen.Form})
	}
	if len(c.Lengths) > 1 {
		page.Lengths = templates.LengthOptions(c.Lengths, c.Length)
	}
	c.offerUnits(&page, actor.Reads().All)
	c.draw(&page)
	return s.show(w, "indicators/show", page)
}

// offerUnits is the choice of units that the reader has.
func (c *seriesView) offerUnits(page *templates.IndicatorsPage, all bool) {
	if all {
		page.ByName, page.Groups = true, templates.ScopeOptions(c.query.Group)
		page.UnitText, page.NoMatch = c.typed, c.typed != "" && c.unit == nil && len(c.matches) == 0
		if c.unit != nil {
			page.UnitText = c.unit.Name
		}
		for _, one := range c.matches {
			page.Matches = append(page.Matches, templates.Link{Label: one.Name, URL: c.address(indicatorsPath, "unit", one.Code)})
		}
		return
	}
	if len(c.own) > 1 {
		page.Units = []templates.Option{{Value: "", Label: templates.OwnUnits, Selected: c.unit == nil}}
		for _, one := range c.own {
			page.Units = append(page.Units, templates.Option{Value: one.Code, Label: one.Name, Selected: c.query.Unit == one.Code})
		}
	}
}

// choices are the indicators of the newest version, then those that only earlier
// ones have, each in the last that has it.
func (c *seriesView) choices() []templates.IndicatorGroup {
	newest := c.History.Versions[len(c.History.Versions)-1]
	chosen := ""
	if place := form.Lineage(c.History.Mappings, c.Version.Number, c.Indicator.Code)[newest.Number]; place.Code != "" {
		chosen = place.Code
	}
	groups := templates.IndicatorChoices(newest, chosen)
	var retired []templates.Option
	for i := len(c.History.Versions) - 2; i >= 0; i-- {
		version, continued := c.History.Versions[i], c.History.Mappings[i].Continued()
		for _, one := range version.Indicators {
			if continued[one.Code] != "" {
				continue
			}
			value := c.value(version.Number, one.Code)
			retired = append(retired, templates.Option{
				Value: value, Label: one.Code + " " + one.Name, Selected: chosen == "" && value == c.value(c.query.Version, c.query.Indicator),
			})
		}
	}
	if len(retired) > 0 {
		groups = append(groups, templates.RetiredChoices(retired))
	}
	return groups
}

// rows are the campaigns, newest first.
func (c *seriesView) rows() []templates.PeriodRow {
	rows := make([]templates.PeriodRow, 0, len(c.Points))
	for i, point := range c.Points {
		row := c.row(point)
		if i > 0 && !point.Breaks {
			row.Change = c.change(c.Points[i-1], point)
		}
		if point.Breaks {
			row.Break = templates.BreakText(point.Number, point.Place.Note)
		}
		if i > 0 && c.Points[i-1].Period == point.Period || i+1 < len(c.Points) && c.Points[i+1].Period == point.Period {
			row.Campaign = point.Name
		}
		rows = append(rows, row)
	}
	slices.Reverse(rows)
	return rows
}

func (c *seriesView) row(point storage.SeriesPoint) templates.PeriodRow {
	row := templates.PeriodRow{
		Period: words.Upper(periodText(point.Period, point.Name)), Version: templates.VersionPlace(point.Number, point.Place.Code),
		Value: figureText(point.Reckoned.Value), Above: figureText(point.Reckoned.Above), Below: figureText(point.Reckoned.Below),
		Reported: templates.ReportedOf(point.Reported, point.Asked), Whole: point.Asked > 0 && point.Reported == point.Asked,
	}
	if point.Open > 0 && c.unit == nil {
		row.Open = templates.StillOpen
	}
	if row.Value == "" {
		c.missing(&row, point)
	}
	switch {
	case c.unit != nil && point.Document != "":
		row.URL, row.URLText = "/documents/"+point.Document, words.Status(point.Status)
	case c.unit == nil && point.Place.Code != "":
		q := url.Values{"campaign": {point.Campaign}, "indicator": {point.Place.Code}}
		if c.query.Group != "" {
			q.Set("group", c.query.Group)
		}
		row.URL, row.URLText = withQuery(indicatorsPath+"/units", q), templates.ContributionsLink
	}
	return row
}

// missing says why there is no value.
func (c *seriesView) missing(row *templates.PeriodRow, point storage.SeriesPoint) {
	switch {
	case len(point.Place.Apart) > 0:
		row.Missing = templates.ApartThen
		for _, code := range point.Place.Apart {
			row.Apart = append(row.Apart, templates.Link{Label: code, URL: c.address(indicatorsPath, "indicator", c.value(point.Number, code))})
		}
	case point.Place.Code == "":
		row.Missing = templates.NotInVersion
	case !point.Reckoned.Asked:
		row.Missing = templates.NotAskedThen
	case c.unit != nil && point.Document == "":
		row.Missing = templates.NotInRoster
	case point.Reported == 0:
		row.Missing = templates.NoneConfirmed
	default:
		row.Missing = templates.NoDenominator
	}
}

// change is how far the value has moved since the period before: in percent, of a
// ratio in points.
func (c *seriesView) change(before, now storage.SeriesPoint) string {
	a, b := before.Reckoned.Value, now.Reckoned.Value
	if a == nil || b == nil || before.Open+now.Open > 0 {
		return "" // a part of the units beside all of them would mislead
	}
	if c.ratio() {
		return words.PointsBetween(a.TenThousandths(), b.TenThousandths())
	}
	return words.Change(a.String(), b.String())
}

func periodText(code, name string) string {
	p, err := period.Parse(code)
	if err != nil {
		return name
	}
	return words.Period(p)
}

// draw makes the two charts of the latest periods.
func (c *seriesView) draw(page *templates.IndicatorsPage) {
	points := c.Points[max(0, len(c.Points)-templates.ChartLatest):]
	values := make([]chart.Value, len(points))
	labels, said := make([]string, len(points)), make([]string, len(points))
	for i, point := range points {
		values[i] = chart.Value{Label: axisText(point), Breaks: point.Breaks && i > 0, Partial: point.Open > 0}
		labels[i], said[i] = values[i].Label, figureText(point.Reckoned.Value)
		if value := point.Reckoned.Value; value != nil {
			values[i].Known, values[i].Number = true, value.TenThousandths()
		}
	}
	if len(values) > 0 {
		page.Wide = chart.PlotOf(plotWide, plotWideHigh, values, templates.ShortNumber)
		page.Partial = slices.ContainsFunc(values, func(v chart.Value) bool { return v.Known && v.Partial })
		page.Small = chart.PlotOf(plotNarrow, plotNarrowHigh, values, templates.ShortNumber)
	}
	page.Spoken = templates.SeriesSpoken(c.heading(), labels, said)
	if note := templates.ChartNote(len(points), len(c.Points)); note != "" {
		page.Note = &templates.Note{Tone: templates.ToneInfo, Text: note}
	}
}

func axisText(point storage.SeriesPoint) string {
	p, err := period.Parse(point.Period)
	if err != nil {
		return point.Campaign
	}
	return words.PeriodAxis(p)
}

// exportIndicator is the same comparison as a workbook, oldest first.
func (s *Server) exportIndicator(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	c, err := s.seriesView(r, actor)
	if err != nil {
		return err
	}
	table := sheet.Table{
		Name: templates.SheetIndicator, Title: c.heading(), Columns: columns(templates.IndicatorSheet, indicatorColumns), Rows: c.cells,
		About: templates.IndicatorBookAbout(actor.Name, c.whom, c.Indicator.Unit, c.Now),
	}
	var book bytes.Buffer
	if err := sheet.Write(&book, table); err != nil {
		return err
	}
	name := "chi-tieu-" + c.Indicator.Code + "-" + c.Now.In(calendar.Zone).Format("20060102-1504") + ".xlsx"
	return s.sendWorkbook(w, r, c.chosen.Form, name, len(c.Points), &book)
}

var indicatorColumns = []width{
	{20, sheet.Text}, {36, sheet.Text}, {18, sheet.Decimal}, {18, sheet.Decimal}, {18, sheet.Decimal}, {13, sheet.Number}, {13, sheet.Number}, {14, sheet.Number}, {10, sheet.Text}, {60, sheet.Text},
}

func (c *seriesView) cells(yield func([]any) error) error {
	number := func(d *form.Decimal) any {
		if d == nil {
			return nil
		}
		return *d
	}
	for _, point := range c.Points {
		row := c.row(point)
		note := strings.TrimSpace(row.Missing + " " + strings.Join(point.Place.Apart, ", "))
		if point.Breaks {
			note = strings.TrimSpace(templates.BreakText(point.Number, point.Place.Note) + " " + note)
		}
		if err := yield([]any{
			row.Period, point.Name, number(point.Reckoned.Value), number(point.Reckoned.Above), number(point.Reckoned.Below),
			point.Reported, point.Asked, point.Number, point.Place.Code, note,
		}); err != nil {
			return err
		}
	}
	return nil
}

// showContributions is what each unit gave for one period.
func (s *Server) showContributions(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	q, number := r.URL.Query(), pageNumber(r.URL.Query())
	asked := storage.ContributionQuery{
		Campaign: q.Get("campaign"), Indicator: q.Get("indicator"), Group: unitGroup(q.Get("group")), Missing: q.Get("state") == "missing", Page: number,
	}
	if utf8.RuneCountInString(asked.Campaign+asked.Indicator) > 100 {
		return storage.ErrNotFound
	}
	found, err := s.store.Contributions(r.Context(), actor.Reads(), asked)
	if err != nil {
		return err
	}
	page := templates.ContributionsPage{
		Shell: s.shell(r, templates.TitleContributions, templates.AtDashboard), URL: indicatorsPath + "/units",
		Hidden:  []templates.HiddenField{{Name: "campaign", Value: asked.Campaign}, {Name: "indicator", Value: asked.Indicator}},
		Heading: found.Indicator.Code + " " + found.Indicator.Name, Ratio: found.Indicator.Type == form.TypeRatio,
		Facts: []string{words.Upper(periodText(found.Campaign.Period, found.Campaign.Name)), templates.UnitOfMeasure(found.Indicator.Unit)},
		Whole: templates.PeriodRow{
			Value: figureText(found.Whole.Reckoned.Value), Above: figureText(found.Whole.Reckoned.Above), Below: figureText(found.Whole.Reckoned.Below),
			Reported: templates.ReportedOf(found.Whole.Reported, found.Whole.Asked),
		},
		States: templates.ContributionStates(asked.Missing), Empty: templates.NoContributions(),
	}
	back := withQuery(indicatorsPath, url.Values{"form": {found.Form}, "indicator": {fmt.Sprintf("%d/%s", found.Version.Number, found.Indicator.Code)}})
	page.Crumbs = []templates.Crumb{{Label: templates.TitleIndicators, URL: back}, {Label: page.Title}}
	if actor.Reads().All {
		page.Groups = templates.ScopeOptions(asked.Group)
	}
	for _, one := range found.Rows {
		page.Rows = append(page.Rows, contributionRow(one))
	}
	page.Paging = paging(r.URL, number, len(found.Rows), storage.ContributionPage, found.Total, templates.ContributionNoun)
	return s.show(w, "indicators/units", page)
}

func contributionRow(one storage.Contribution) templates.ContributionRow {
	row := templates.ContributionRow{
		Unit: one.Name, Group: words.UnitGroup(one.Group), URL: "/documents/" + one.Document, Chip: templates.StatusChip(one.Status),
	}
	if one.Status == document.IsApproved {
		row.Value, row.Above, row.Below = figureText(one.Reckoned.Value), figureText(one.Reckoned.Above), figureText(one.Reckoned.Below)
		if row.Value == "" {
			row.Value = templates.NoDenominator
		}
	}
	return row
}
