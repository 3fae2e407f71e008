package demo

import (
	"strconv"
	"strings"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates/words"
)

// author writes the reports of every unit.
type author struct {
	form    form.Version
	rules   period.Rules
	phrases phrases
}

// report is what the unit says of the quarter, in a finished form.
func (a author) report(unit staff.Unit, at period.Period) form.Content {
	c := form.Content{
		Form: a.form.Code, FormVersion: a.form.Number, Sections: map[string]string{}, Figures: figuresOf(unit, at),
	}
	ctx := a.contextOf(unit, at)
	result := a.form.Check(c, ctx)
	s := a.speaker(unit, at, c, result)
	for _, warning := range result.Warnings {
		code := strings.TrimPrefix(warning.Field, form.FigureField(""))
		figure := c.Figures[code]
		figure.Code, figure.Reason = code, s.reason(code)
		c.Figures[code] = figure
	}
	for _, section := range a.form.Sections {
		if text := s.say(section.Code); text != "" {
			c.Sections[section.Code] = storage.CleanText(text)
		}
	}
	return c
}

// contextOf is the unit's earlier quarters, reported here or not.
func (a author) contextOf(unit staff.Unit, at period.Period) form.Context {
	ctx := form.Context{
		Previous: figuresOf(unit, at.Previous()), SameLastYear: figuresOf(unit, at.SameLastYear()),
		WindowEnd: a.window(at).To,
	}
	if at.Number > 1 {
		ctx.PreviousInYear = ctx.Previous
	}
	return ctx
}

// window is the quarter's by the rule in force.
func (a author) window(at period.Period) period.Window {
	rule, _ := a.rules.For(at)
	return rule.Window(at)
}

// flawed are the sections for which a report may be returned: the first try says
// too little there.
var flawed = []string{"I", "II.2", "II.6", "III"}

// flaw is the section that is too short in the unit's report.
func flaw(unit staff.Unit, at period.Period) string {
	return flawed[throw(unit.Code, at.Code(), "flaw").between(0, int64(len(flawed)-1))]
}

// firstTry is the report with one section too short.
func (a author) firstTry(unit staff.Unit, at period.Period) form.Content {
	c := a.report(unit, at)
	section := flaw(unit, at)
	c.Sections[section], _, _ = strings.Cut(c.Sections[section], "\n")
	return c
}

// begun is the report half written, or nearly done: some sections and groups of
// figures, in the order of the form.
func (a author) begun(unit staff.Unit, at period.Period, nearly bool) form.Content {
	c := a.report(unit, at)
	d := throw(unit.Code, at.Code(), "begun")
	sections, last := int(d.between(2, 7)), int(d.more("groups").between(1, 5))
	if nearly {
		sections, last = 8, 6
	}
	for i, section := range a.form.Sections {
		if i >= sections {
			delete(c.Sections, section.Code)
		}
	}
	groups := 0
	for i, indicator := range a.form.Indicators {
		if i == 0 || indicator.Group != a.form.Indicators[i-1].Group {
			groups++
		}
		if groups > last {
			delete(c.Figures, indicator.Code)
		}
	}
	return c
}

func (a author) speaker(unit staff.Unit, at period.Period, c form.Content, result form.Result) speaker {
	org, short := a.names(unit)
	facts := map[string]string{
		"unit": org, "org": short, "period": words.Period(at), "next": words.Period(following(at)),
		"year": strconv.Itoa(at.Year), "number": strconv.FormatInt(throw("letter", at.Code()).between(1100, 6900), 10),
	}
	return speaker{
		phrases: a.phrases, dice: throw(unit.Code, at.Code()),
		fact: func(name string) (string, bool) {
			if text, known := facts[name]; known {
				return text, true
			}
			return figureText(name, c, result)
		},
		holds: func(condition string) bool {
			code, zero := strings.CutPrefix(condition, "!")
			switch condition {
			case "department":
				return unit.Group == "department"
			case "local":
				return unit.Group != "department"
			}
			value := c.Figures[code].Value
			return value != nil && (value.Sign() == 0) == zero
		},
	}
}

// figureText writes a figure, a percentage, or a sum of figures such as
// "3.19+3.20".
func figureText(name string, c form.Content, result form.Result) (string, bool) {
	if percent, ok := result.Ratios[name]; ok {
		return percent.VN(), true
	}
	codes := strings.Split(name, "+")
	if value := c.Figures[codes[0]].Value; len(codes) == 1 {
		if value == nil {
			return "", false
		}
		return value.VN(), true
	}
	whole := int64(0)
	for _, code := range codes {
		value := c.Figures[code].Value
		if value == nil {
			return "", false
		}
		number, err := strconv.ParseInt(value.String(), 10, 64)
		if err != nil {
			return "", false // only whole numbers are added up
		}
		whole += number
	}
	return form.DecimalOf(whole).VN(), true
}

// reason explains a doubted figure: by its indicator, its group, or generally.
func (s speaker) reason(code string) string {
	group, _, _ := strings.Cut(code, ".")
	for _, key := range []string{"why." + code, "why." + group} {
		if len(s.phrases[key]) > 0 {
			s.dice = s.dice.more(code)
			return s.say(key)
		}
	}
	return s.say("why")
}

// names is how a unit is called in full, and how it calls itself. The text "org"
// lists, by the beginning of the unit's name, the words for it.
func (a author) names(unit staff.Unit) (full, short string) {
	for _, paragraph := range a.phrases["org"] {
		for _, one := range paragraph {
			beginning, called, _ := strings.Cut(one.text, " = ")
			rest, ok := strings.CutPrefix(unit.Name, beginning)
			if !ok {
				continue
			}
			if unit.Group == "department" {
				return unit.Name, called
			}
			return called + rest, called
		}
	}
	return unit.Name, unit.Name
}

func following(quarter period.Period) period.Period {
	if quarter.Number == 4 {
		return period.Period{Kind: quarter.Kind, Year: quarter.Year + 1, Number: 1}
	}
	quarter.Number++
	return quarter
}
