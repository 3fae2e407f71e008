package web

import (
	"net/http"
	"strconv"
	"strings"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// findings is what the checks say of a draft, by field.
type findings struct {
	errors, warnings map[string]rule.Errors
	carried          map[string]form.Carry
}

func foundIn(draft storage.Draft) findings {
	return findings{
		errors: byField(draft.Result.Errors), warnings: byField(draft.Result.Warnings),
		carried: draft.Form.Carried(draft.Context),
	}
}

// broken are the errors at an indicator that its own row tells: not that it is
// blank, nor that a reason is missing, which the warning itself asks for.
func (f findings) broken(code string) (broken rule.Errors, blank, reasonless bool) {
	for _, one := range f.errors[form.FigureField(code)] {
		switch one.Code {
		case "figure_blank":
			blank = true
		case "figure_reason_missing":
			reasonless = true
		default:
			broken = append(broken, one)
		}
	}
	return broken, blank, reasonless
}

func (s *Server) figuresPage(r *http.Request, g *grid) templates.FiguresPage {
	page := templates.FiguresPage{
		Shell: s.shellOf(r, g.dossier, g.group.heading()), Document: g.head(),
		Group: g.group.number, Heading: g.group.heading(),
		List:    g.sideList(g.draft, "group."+strconv.Itoa(g.group.number)),
		Summary: g.summary(),
	}
	page.Errors = g.broken
	page.Previous, page.LastYear, page.Current = g.heads()
	var newest storage.DraftFigure
	for _, indicator := range g.group.indicators {
		page.Rows = append(page.Rows, g.row(indicator))
		if now := g.draft.Figures[indicator.Code]; now.At.After(newest.At) {
			newest = now
		}
	}
	page.Saved, page.SavedBy = savedWhen(newest.At, g.Now), newest.By
	if problem := g.problem(); problem != "" {
		page.Problem = &templates.Link{URL: problem}
	}
	if !g.last() {
		page.Next = &templates.Link{URL: g.figuresURL(g.group.number + 1)}
	}
	return page
}

func (g *grid) summary() string {
	t := tallied(g.group, g.draft)
	return words.GroupLeft(g.group.number, t.blanks(), t.errors, t.reasons)
}

// heads are those of the columns; an earlier one is empty when nothing was
// reported then.
func (g *grid) heads() (previous, lastYear, current string) {
	p, err := period.Parse(g.Campaign.Period)
	if err != nil {
		return "", "", words.OwnFigures // an ad hoc report's
	}
	if _, before, ok := g.beside(p); ok {
		previous = words.PeriodBeside(before, p)
	}
	if g.draft.Context.SameLastYear != nil {
		lastYear = words.PeriodBeside(p.SameLastYear(), p)
	}
	return previous, lastYear, words.PeriodShort(p)
}

// beside is comparable, where a year's report is read beside what has been
// reported of the year: the year before has a column of its own.
func (g *grid) beside(p period.Period) (map[string]form.Figure, period.Period, bool) {
	figures, before, ok := comparable(p, g.draft.Context)
	if !ok || before != p.SameLastYear() {
		return figures, before, ok
	}
	begun, err := period.Parse(g.draft.Context.Periods.Begun)
	return g.draft.Context.Begun, begun, err == nil
}

func (g *grid) besideFigures() map[string]form.Figure {
	p, err := period.Parse(g.Campaign.Period)
	if err != nil {
		return nil
	}
	figures, _, _ := g.beside(p)
	return figures
}

// row is one indicator: what stands there, or what was typed and not taken.
func (g *grid) row(indicator form.Indicator) templates.FigureRow {
	c, code := g.draft.Checked(), indicator.Code
	now, beside := g.draft.Figures[code], g.besideFigures()
	row := templates.FigureRow{
		Code: code, Name: indicator.Name, Unit: indicator.Unit, Indent: indicator.Indent,
		Version: now.Version, Reason: now.Reason, Value: valueText(indicator, c),
		Previous: compared(indicator, c, beside),
		LastYear: compared(indicator, c, c.Context.SameLastYear),
		Offered:  beside[code].Reason,
		Warnings: g.found.warnings[form.FigureField(code)],
	}
	row.Errors, row.Blank, _ = g.found.broken(code)
	if indicator.Type == form.TypeRatio {
		row.Computed = true
		row.Above, row.Below = c.Form.RatioTerms(indicator, g.Campaign.WindowTo)
	}
	if carry, ok := g.carried(code); ok {
		row.Value, row.Locked, row.Blank = carry.Value.VN(), g.carriedFrom(carry), false
	}
	row.Known = g.known(code, now.Value)
	g.keepTyped(&row)
	return row
}

// known is what the unit's plan says for the indicator; nil: nothing.
func (g *grid) known(code string, now *form.Decimal) *templates.KnownNumber {
	k := g.draft.Known
	one, has := k.Values[code]
	if !has {
		return nil
	}
	return &templates.KnownNumber{
		Text: templates.KnownText(k.Name, one.Value.VN(), one.Source == storage.KnownDone, k.Last),
		URL:  "/documents/" + k.Plan + "/board", Same: now != nil && *now == one.Value,
	}
}

// carried is what an untouched cell takes over from the period before; what was
// typed there otherwise stays, with the error that it is.
func (g *grid) carried(code string) (form.Carry, bool) {
	carry, ok := g.found.carried[code]
	now := g.draft.Figures[code].Value
	return carry, ok && (now == nil || *now == carry.Value)
}

func (g *grid) carriedFrom(carry form.Carry) string {
	p, err := period.Parse(g.Campaign.Period)
	if err != nil {
		return carry.From
	}
	before, err := period.Parse(g.draft.Context.Periods.Previous)
	if err != nil {
		return carry.From
	}
	return words.CarriedFrom(carry.From, before, p)
}

// keepTyped puts back what was typed in a row that was not saved, on the version
// that it was typed on.
func (g *grid) keepTyped(row *templates.FigureRow) {
	typed, sent := g.typed[row.Code]
	field := form.FigureField(row.Code)
	broken := byField(g.broken)[field]
	clash, clashes := g.clashes.At(field)
	if !sent || !g.refused && broken == nil && !clashes {
		return
	}
	row.Reason, row.Version = typed.reason, typed.base
	if !row.Computed {
		row.Value = typed.text
	}
	if broken != nil {
		row.Errors, row.Blank, row.Locked = broken, false, ""
	}
	if clashes {
		row.Blank = false
		row.Conflict = &templates.FigureConflict{
			Version: clash.Version, By: clash.By, When: words.MomentNear(clash.At, g.Now),
			Mine: row.Value, MineReason: typed.reason, Theirs: figureText(clash.Value), TheirsReason: clash.Reason,
		}
		if mine, broken := g.draft.Form.ParseFigure(row.Code, typed.text); broken == nil && !row.Computed {
			row.Conflict.Mine = figureText(mine)
		}
	}
}

// problem leads to the nearest thing that stands against submitting: in this
// group what is wrong, then what is blank; then the same in the groups after it.
func (g *grid) problem() string {
	for _, blanks := range []bool{false, true} {
		if anchor := g.problemIn(g.group, blanks); anchor != "" {
			return anchor
		}
	}
	for _, blanks := range []bool{false, true} {
		for i := 1; i < len(g.groups); i++ {
			other := g.groups[(g.group.number-1+i)%len(g.groups)]
			if anchor := g.problemIn(other, blanks); anchor != "" {
				return g.figuresURL(other.number) + anchor
			}
		}
	}
	return ""
}

func (g *grid) problemIn(in group, blanks bool) string {
	typed := byField(g.broken)
	for _, indicator := range in.indicators {
		code := indicator.Code
		broken, blank, reasonless := g.found.broken(code)
		_, clashes := g.clashes.At(form.FigureField(code))
		_, locked := g.carried(code)
		switch {
		case blanks && blank && !locked, !blanks && (broken != nil || clashes || typed[form.FigureField(code)] != nil):
			return "#figure-" + anchorOf(code)
		case !blanks && reasonless:
			return "#reason-" + anchorOf(code)
		}
	}
	return ""
}

// anchorOf is a code inside the id of an element.
func anchorOf(code string) string { return strings.ReplaceAll(code, ".", "-") }
