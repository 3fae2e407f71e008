package web

import (
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// group is one group of the annex, in the order of the form.
type group struct {
	number     int // from 1
	name       string
	indicators []form.Indicator
}

// groupsOf gathers the indicators that are asked.
func groupsOf(version form.Version, windowEnd calendar.Day) []group {
	var groups []group
	index := map[string]int{}
	for _, indicator := range version.Active(windowEnd) {
		at, known := index[indicator.Group]
		if !known {
			at = len(groups)
			index[indicator.Group] = at
			groups = append(groups, group{number: at + 1, name: indicator.Group})
		}
		groups[at].indicators = append(groups[at].indicators, indicator)
	}
	return groups
}

func (g group) heading() string { return words.Group(g.number, g.name) }

// byField sorts broken rules by the field they belong to.
func byField(broken rule.Errors) map[string]rule.Errors {
	sorted := map[string]rule.Errors{}
	for _, one := range broken {
		sorted[one.Field] = append(sorted[one.Field], one)
	}
	return sorted
}

// figureText is a figure as people write it; empty when blank.
func figureText(value *form.Decimal) string {
	if value == nil {
		return ""
	}
	return value.VN()
}

// valueText is a figure, or its ratio, in print.
func valueText(indicator form.Indicator, c storage.Checked) string {
	if indicator.Type != form.TypeRatio {
		return figureText(c.Content.Figures[indicator.Code].Value)
	}
	ratio, known := c.Result.Ratios[indicator.Code]
	return words.Percent(ratio.String(), known)
}

// columns are the heads of the earlier and the present figures; the earlier one
// is empty when nothing was reported then.
func (d *dossier) columns(c storage.Checked) (previous, current string) {
	p, err := period.Parse(d.Campaign.Period)
	if err != nil {
		return "", words.OwnFigures // an ad hoc report's
	}
	if _, before, ok := comparable(p, c.Context); ok {
		previous = words.PeriodBeside(before, p)
	}
	return previous, words.PeriodShort(p)
}

// comparable are the figures to be read beside those of the period: of the one
// before, of the same kind, else of what has been reported of it so far. Others
// that adjoin, of another length, give what is carried over and nothing to compare.
func comparable(p period.Period, c form.Context) (map[string]form.Figure, period.Period, bool) {
	if before, err := period.Parse(c.Periods.Previous); err == nil && before.Kind == p.Kind {
		return c.Previous, before, true
	}
	if begun, err := period.Parse(c.Periods.Begun); err == nil {
		return c.Begun, begun, true
	}
	return nil, period.Period{}, false
}

// besideOf is comparable by the period's code, figures alone.
func besideOf(code string, c form.Context) map[string]form.Figure {
	p, err := period.Parse(code)
	if err != nil {
		return nil
	}
	figures, _, _ := comparable(p, c)
	return figures
}

// compared is an earlier figure, or its ratio, and how far the present one has
// moved from it. Ratios follow from figures that are compared themselves.
func compared(indicator form.Indicator, c storage.Checked, earlier map[string]form.Figure) templates.Compared {
	if indicator.Type == form.TypeRatio {
		if ratio, known := c.Form.Ratio(indicator, earlier); known {
			return templates.Compared{Value: words.Percent(ratio.String(), true)}
		}
		return templates.Compared{}
	}
	before, now := earlier[indicator.Code].Value, c.Content.Figures[indicator.Code].Value
	if before == nil {
		return templates.Compared{}
	}
	out := templates.Compared{Value: before.VN()}
	if now != nil {
		out.Change = words.Change(before.String(), now.String())
	}
	return out
}

// reading is a content to read.
func (d *dossier) reading(c storage.Checked) *templates.Reading {
	reading := &templates.Reading{}
	reading.Previous, reading.Current = d.columns(c)
	parent := ""
	for _, section := range c.Form.Sections {
		read := templates.ReadSection{Code: section.Code, Title: section.Title, Text: c.Content.Sections[section.Code]}
		if section.Parent != parent {
			parent, read.Parent = section.Parent, section.Parent
		}
		reading.Sections = append(reading.Sections, read)
	}
	warnings := byField(c.Result.Warnings)
	for _, g := range groupsOf(c.Form, d.Campaign.WindowTo) {
		read := templates.ReadGroup{Name: g.heading()}
		for _, indicator := range g.indicators {
			row := templates.ReadFigure{
				Code: indicator.Code, Name: indicator.Name, Unit: indicator.Unit, Indent: indicator.Indent,
				Value: valueText(indicator, c), Reason: c.Content.Figures[indicator.Code].Reason,
			}
			before := compared(indicator, c, besideOf(d.Campaign.Period, c.Context))
			row.Previous, row.Change = before.Value, before.Change
			row.Warning = messages(warnings[form.FigureField(indicator.Code)])
			read.Rows = append(read.Rows, row)
		}
		reading.Groups = append(reading.Groups, read)
	}
	if c.Form.Plan != nil {
		reading.Planned, reading.Tasks = words.TaskCount(len(c.Content.Tasks)), readTasks(*c.Form.Plan, c.Content.Tasks)
	}
	reading.Scores = d.readScoreFields(c)
	for _, file := range c.Content.Files {
		reading.Files = append(reading.Files, templates.File{
			Label: file.Name, About: words.Size(file.Size), Icon: "paperclip",
			URL: "/documents/" + d.ID + "/files/" + file.Hash,
		})
	}
	return reading
}

func messages(broken rule.Errors) string {
	sentences := make([]string, len(broken))
	for i, one := range broken {
		sentences[i] = words.Message(one)
	}
	return strings.Join(sentences, " ")
}

// count of what stands in a content, for summaries.
type count struct {
	sections, required, written, writtenRequired int
	figures, filled                              int
}

func counted(version form.Version, content form.Content, windowEnd calendar.Day) count {
	var n count
	for _, section := range version.Sections {
		blank := strings.TrimSpace(content.Sections[section.Code]) == ""
		n.sections++
		if section.Required {
			n.required++
		}
		if !blank {
			n.written++
			if section.Required {
				n.writtenRequired++
			}
		}
	}
	for _, indicator := range version.Active(windowEnd) {
		if indicator.Type == form.TypeRatio {
			continue
		}
		n.figures++
		if content.Figures[indicator.Code].Value != nil {
			n.filled++
		}
	}
	return n
}
