package web

import (
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/paper"
	"cchc/server/notary"
	"cchc/storage"
	"cchc/templates/words"
)

// Report lays a content out as an administrative document. created is the
// file's own date: with the same arguments the bytes are the same.
func Report(v storage.DocumentView, c storage.Checked, n notary.Numbered, created time.Time) (paper.Report, error) {
	p, err := period.Parse(v.Campaign.Period)
	if err != nil && v.Kind != document.AdHoc {
		return paper.Report{}, err
	}
	report := paper.Report{
		Superior: lines(v.Unit.Superior), Agency: strings.Join(lines(v.Unit.Agency), " "),
		Number: n.Number, NumberSuffix: "/" + v.Kind.Symbol(v.Unit.Symbol), Place: v.Unit.Place, Date: n.Date,
		Type: words.PaperType(v.Kind), Subject: words.PaperSubject(p), To: []string{words.PaperReceiver},
		Opening: words.PaperOpening(v.Unit.Name, p, v.Campaign.Guidance), Parts: parts(c),
		SignerCapacity: lines(v.Unit.SignerCapacity), SignerName: n.Signer,
		CC:       []string{words.PaperReceiver, words.PaperFile},
		Appendix: appendix(c, p, v.Campaign.WindowTo), Created: created, Draft: n.Number == "",
	}
	switch v.Kind {
	case document.Plan:
		asPlan(&report, v, c, p)
	case document.Index:
		asAssessment(&report, v, c, p)
	case document.AdHoc:
		asRequested(&report, v)
	}
	return report, nil
}

// asRequested words the report after what asks for it: it is of no period.
func asRequested(report *paper.Report, v storage.DocumentView) {
	report.Subject = words.PaperRequestSubject(v.Campaign.Name)
	report.Opening = words.PaperRequestOpening(v.Unit.Name, v.Campaign.Name, v.Campaign.Guidance)
	if len(report.Appendix.Rows) == 0 {
		report.Appendix = nil
		return
	}
	report.Appendix.Title = words.PaperRequestAppendix
}

func lines(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// parts is the narrative. Sections with a parent ("II. ...") become its parts,
// numbered by the last place of their code.
func parts(c storage.Checked) []paper.Part {
	var out []paper.Part
	parent := ""
	for _, section := range c.Form.Sections {
		text := c.Content.Sections[section.Code]
		if section.Parent == "" {
			parent = ""
			out = append(out, paper.Part{Number: section.Code + ".", Title: section.Title, Text: text})
			continue
		}
		if section.Parent != parent {
			parent = section.Parent
			number, title, _ := strings.Cut(section.Parent, " ")
			out = append(out, paper.Part{Number: number, Title: title})
		}
		within := section.Code[strings.LastIndex(section.Code, ".")+1:]
		last := &out[len(out)-1]
		last.Parts = append(last.Parts, paper.Part{Number: within + ".", Title: section.Title, Text: text})
	}
	return out
}

// appendix is the table of figures with the reasons for what was doubted.
func appendix(c storage.Checked, p period.Period, windowEnd calendar.Day) *paper.Appendix {
	a := &paper.Appendix{Title: words.PaperAppendixTitle(p)}
	for _, g := range groupsOf(c.Form, windowEnd) {
		a.Rows = append(a.Rows, paper.Row{Group: g.heading()})
		for _, indicator := range g.indicators {
			a.Rows = append(a.Rows, paper.Row{
				Code: indicator.Code, Name: indicator.Name, Unit: indicator.Unit, Value: valueText(indicator, c),
			})
			if reason := reasonOf(c, indicator); reason != "" {
				a.Notes = append(a.Notes, indicator.Code+": "+reason)
			}
		}
	}
	return a
}

// reasonOf is the reason of a figure that a check doubts; reasons whose warning
// has gone are not printed.
func reasonOf(c storage.Checked, indicator form.Indicator) string {
	field := form.FigureField(indicator.Code)
	for _, warning := range c.Result.Warnings {
		if warning.Field == field {
			return strings.TrimSpace(c.Content.Figures[indicator.Code].Reason)
		}
	}
	return ""
}
