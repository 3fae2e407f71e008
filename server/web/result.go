package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/chart"
	"cchc/templates/words"
)

// unitResult is a unit's published result with what it is compared with.
type unitResult struct {
	*publishedDesk
	storage.PublishedResult
	answers map[string]par.Answer // of the appraised revision
	group   storage.PublishedGroup
	years   []storage.YearResult // newest first, this one too
	before  *earlierResult       // the year before; nil: none
}

// earlierResult is the unit's result of the year before, with its criteria.
type earlierResult struct {
	storage.YearResult
	storage.PublishedResult
	set  par.Set
	name string
}

// showUnitResult is a unit's published result, every score with its why.
func (s *Server) showUnitResult(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	u, err := s.unitResult(r, actor)
	if err != nil {
		return err
	}
	shell := s.indexShell(r, u.indexDesk, u.Name, templates.Crumb{Label: templates.TitleResults, URL: withQuery(u.publishedDesk.path, u.query())})
	return s.show(w, "index/result", u.page(shell))
}

func (s *Server) unitResult(r *http.Request, actor staff.Actor) (*unitResult, error) {
	p, err := s.thePublication(r, actor)
	if err != nil {
		return nil, err
	}
	ctx, scope := r.Context(), actor.Reads()
	u := &unitResult{publishedDesk: p}
	if u.PublishedResult, err = s.store.PublishedResult(ctx, scope, p.Code, p.one.Number, chi.URLParam(r, "unit")); err != nil {
		return nil, err
	}
	if u.Revision > 0 {
		revision, err := s.store.Revision(ctx, u.Document, u.Revision)
		if err != nil {
			return nil, err
		}
		u.answers = par.Answers(revision.Content.Answers)
	}
	groups, err := s.store.PublishedGroups(ctx, p.Code, p.one.Number)
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		if group.Group == u.Group {
			u.group = group
		}
	}
	if u.years, err = s.store.YearResults(ctx, scope, p.Form, p.Period, u.Unit); err != nil {
		return nil, err
	}
	u.before, err = s.yearBefore(r, u)
	return u, err
}

// yearBefore reads the unit's newest result of the year before this one's.
func (s *Server) yearBefore(r *http.Request, u *unitResult) (*earlierResult, error) {
	for _, year := range u.years {
		own, err := period.Parse(year.Period)
		if err != nil || own.Year != u.year-1 {
			continue
		}
		before := &earlierResult{YearResult: year, name: words.YearName(own.Year)}
		if before.set, err = s.store.IndexSet(r.Context(), u.Form, year.FormVersion); err != nil {
			return nil, err
		}
		before.PublishedResult, err = s.store.PublishedResult(r.Context(), u.actor.Reads(), year.Campaign, year.Number, u.Unit)
		return before, err
	}
	return nil, nil
}

// scoreOf is what a criterion came to in a published result, with its why: every number
// is the published one; what the unit answered explains its own.
func scoreOf(set par.Set, c par.Criterion, r storage.PublishedResult, answers map[string]par.Answer, year int) par.Score {
	if !c.Asked() {
		score := c.Surveyed(set, r.Opinions)
		score.Points, score.Known = r.Surveys[c.Code]
		return score
	}
	marks := r.Scores[c.Code]
	self := marks.Self
	if a, answered := answers[c.Code]; answered {
		self.Why = c.Score(a, year).Why
	}
	marks.Self = self
	return marks.Appraised().Final()
}

func (u *unitResult) page(shell templates.Shell) templates.UnitResultPage {
	page := templates.UnitResultPage{
		Shell: shell, Facts: []string{u.indexDesk.Name, words.PublicationAbout(u.one.Decision, u.one.DecidedOn, u.one.PublishedAt)}, Note: u.note(),
		Rank: "—", Total: "—", Step: mostSteps, Why: u.why(), Compared: rankGroupName(u.Group, u.PublishedResult.GroupName),
	}
	if u.Rank > 0 {
		page.Rank, page.Class, page.Step = templates.RankTile(u.Rank, u.Of), u.Class, u.classStep(u.Class)
		page.Total = words.ScorePoints(u.Total)
	}
	if u.Open {
		page.Unfinished = templates.NoteUnfinished()
	}
	if u.before != nil {
		page.Earlier = u.before.name
	}
	u.fields(&page)
	for _, e := range u.Extras {
		page.Extras = append(page.Extras, templates.ResultExtra{
			Points: words.ExtraPoints(e.Kind, e.Points), Kind: words.ExtraKind(e.Kind), Reason: e.Reason, Document: words.ExtraDocument(e),
		})
	}
	u.overYears(&page)
	return page
}

// why is where total, class and rank come from.
func (u *unitResult) why() []string {
	sums := par.Result{Appraised: u.Appraised, Surveyed: u.Surveyed, Out: u.Out, Missing: u.Missing, Open: u.Open}
	steps := u.Set.Reckon(sums, u.Asked()).Why
	if u.Rank == 0 { // a part of the points has no total, and no class
		steps = slices.DeleteFunc(steps, func(step par.Reason) bool { return !slices.Contains(partReasons, step.Code) })
	}
	if step, ranked := (par.Ranked{Rank: u.Rank, Of: u.Of, Shared: u.Shared}).WhyRank(); ranked {
		steps = append(steps, step)
	}
	return words.Why(steps)
}

// partReasons are what is told of a result without a rank.
var partReasons = []par.ReasonCode{par.WhySum, par.WhyIncomplete, par.WhyOpen, par.WhyAllOut}

// fields are the fields with their criteria, and the drawings of them.
func (u *unitResult) fields(page *templates.UnitResultPage) {
	var spokes []chart.Spoke
	var bars []chart.BarGroup
	var spoken []string
	pairs, gone := u.pairs()
	for _, f := range u.Set.Fields {
		sum := fieldSumOf(u.Fields, f.Code)
		field := templates.ResultField{Code: f.Code, Name: f.Name, Anchor: templates.FieldAnchor(f.Code), Points: words.SumOf(sum.Points, sum.Most)}
		own, mean := chart.None, chart.None
		if percent, applies := sum.Percent(); applies {
			own, field.Percent = thousandths(percent), percent.VN()+" %"
			spoken = append(spoken, f.Name+" "+field.Percent)
		}
		for _, one := range u.group.Fields {
			if one.Field == f.Code {
				mean, field.Mean = thousandths(one.Percent), one.Percent.VN()+" %"
			}
		}
		if u.before != nil {
			if percent, applied := fieldSumOf(u.before.Fields, f.Code).Percent(); applied {
				field.Before = percent.VN() + " %"
			}
		}
		for _, c := range u.Set.InField(f.Code) {
			field.Rows = append(field.Rows, u.scoreRow(c, pairs[c.Code]))
		}
		page.Fields = append(page.Fields, field)
		spokes = append(spokes, chart.Spoke{Label: f.Code, Values: []int{own, mean}})
		bars = append(bars, chart.BarGroup{Name: f.Code, Values: []int{own, mean}, Labels: []string{field.Percent, field.Mean}})
	}
	names := []string{u.Name, rankGroupName(u.Group, u.PublishedResult.GroupName)}
	page.Radar = chart.RadarOf(radarSize, radarSize, names, spokes)
	page.Wide, page.Small = chart.BarsOf(wideBars, bars), chart.BarsOf(smallBars, bars)
	page.Spoken = words.FieldSpoken(u.Name, spoken)
	u.gone(page, gone)
}

// Sizes of the drawings: beside one another, and on a phone.
const (
	radarSize = 340
	wideBars  = 560
	smallBars = 300
)

func thousandths(percent decimal.Number) int { return int(percent.TenThousandths() / 1000) }

func fieldSumOf(sums []par.FieldSum, field string) par.FieldSum {
	for _, sum := range sums {
		if sum.Field == field {
			return sum
		}
	}
	return par.FieldSum{Field: field}
}

// pairs are the criteria beside those of the year before, by the code of this year, and
// the criteria that only the year before had.
func (u *unitResult) pairs() (pairs map[string]par.Continued, gone []par.Criterion) {
	if u.before == nil {
		return nil, nil
	}
	pairs = map[string]par.Continued{}
	for _, pair := range par.Continue(u.before.set, u.Set) {
		if pair.After == nil {
			gone = append(gone, *pair.Before)
			continue
		}
		pairs[pair.Code] = pair
	}
	return pairs, gone
}

func (u *unitResult) scoreRow(c par.Criterion, pair par.Continued) templates.ResultScore {
	score := scoreOf(u.Set, c, u.PublishedResult, u.answers, u.year)
	row := templates.ResultScore{
		Code: c.Code, Name: c.Name, Max: c.Max.VN(), Survey: !c.Asked(), Anchor: templates.ResultAnchor(c.Code),
		WhyTitle: words.WhyTitle(score), Why: words.Why(score.Why),
	}
	if score.Known {
		row.Final = scoreText(score)
	}
	marks := u.Scores[c.Code]
	if marks.Self.Known {
		row.Self = scoreText(marks.Self)
	}
	row.First, row.Second = markText(marks.First), markText(marks.Appraised().LastSecond())
	if pair.Before != nil {
		if before := scoreOf(u.before.set, *pair.Before, u.before.PublishedResult, nil, u.year-1); before.Known {
			row.Before = scoreText(before)
			row.Unlike = unlikeText(pair)
		}
	}
	return row
}

// unlikeText tells how a criterion was another the year before; empty: it was not.
func unlikeText(pair par.Continued) string {
	var told []string
	if pair.Moved() {
		told = append(told, words.EarlierCode(pair.Before.Code))
	}
	if !pair.Alike() {
		told = append(told, words.UnlikeBefore)
	}
	return strings.Join(told, ". ")
}

// gone are the criteria that only the year before had.
func (u *unitResult) gone(page *templates.UnitResultPage, gone []par.Criterion) {
	for _, c := range gone {
		row := templates.ResultGone{Code: c.Code, Name: c.Name, Points: "—"}
		if score := scoreOf(u.before.set, c, u.before.PublishedResult, nil, u.year-1); score.Known {
			row.Points = scoreText(score)
		}
		page.Gone = append(page.Gone, row)
	}
}

// overYears are the unit's totals, the newest year on top, and the line over them.
func (u *unitResult) overYears(page *templates.UnitResultPage) {
	years := u.years
	if len(years) == 0 || !u.newest() {
		return // an earlier publication stands beside no later numbers
	}
	values := make([]chart.Value, len(years))
	var labels, totals []string
	for i, year := range years {
		row := templates.ResultYear{
			Year: yearText(year.Period), Total: "—", Rank: "—", Current: year.Campaign == u.Code,
			URL: campaignPath(year.Campaign) + resultsPlace + "/" + u.Unit,
		}
		if year.Rank > 0 {
			row.Total, row.Class, row.Rank = year.Total.VN(), year.Class, templates.RankTile(year.Rank, year.Of)
		}
		if i+1 < len(years) {
			if year.Rank > 0 && years[i+1].Rank > 0 {
				row.Change = words.PointsChange(years[i+1].Total, year.Total)
			}
			if years[i+1].FormVersion != year.FormVersion {
				row.Unlike = words.UnlikeSet(year.FormVersion)
			}
		}
		page.Years = append(page.Years, row)
		at := len(years) - 1 - i
		values[at] = chart.Value{Label: yearText(year.Period), Known: year.Rank > 0, Number: year.Total.Number().TenThousandths()}
	}
	for _, row := range slices.Backward(page.Years) {
		labels, totals = append(labels, row.Year), append(totals, row.Total)
	}
	if len(years) > 1 {
		plot := chart.PlotOf(yearsWidth, yearsHeight, values, func(n int64) string { return decimal.OfTenThousandths(n).VN() })
		page.YearPlot, page.YearSaid = &plot, templates.SeriesSpoken(u.Name, labels, totals)
	}
}

// The size of the drawing over the years: it fits a phone.
const yearsWidth, yearsHeight = 320, 200

func yearText(code string) string {
	if p, err := period.Parse(code); err == nil {
		return strconv.Itoa(p.Year)
	}
	return code
}
