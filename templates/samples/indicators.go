package samples

import (
	"cchc/domain/document"
	"cchc/templates"
	"cchc/templates/chart"
)

func indicators() []Sample {
	v := sampleForm()
	page := templates.IndicatorsPage{
		Shell:      officer(templates.TitleIndicators, templates.AtDashboard),
		Forms:      []templates.Option{{Value: v.Code, Label: v.Title, Selected: true}},
		Indicators: append(templates.IndicatorChoices(v, "3.26"), templates.RetiredChoices([]templates.Option{{Value: "1/3.5", Label: "3.5 Số TTHC cấp huyện"}})),
		Groups:     templates.ScopeOptions(""), ByName: true, Lengths: templates.LengthOptions([]string{"q", "y"}, "q"),
		Heading: "3.26 Tỷ lệ giải quyết đúng hạn", Facts: templates.IndicatorFacts(templates.WholeCity, "%", formsNow), Ratio: true,
		Reading: "Bằng 3.19 (Trước hạn) cộng 3.20 (Đúng hạn), chia cho 3.18 (Hồ sơ đã giải quyết).", Book: "/indicators.xlsx?form=bc-cchc-quy",
		Rows: []templates.PeriodRow{
			{Period: "Quý IV năm 2026", Value: "98,85", Above: "12.336", Below: "12.480", Reported: "101/188", Open: templates.StillOpen, Version: templates.VersionPlace(2, "3.26"), URL: "/indicators/units?campaign=bc-2026q4&indicator=3.26", URLText: templates.ContributionsLink},
			{Period: "Quý III năm 2026", Value: "97,96", Above: "11.602", Below: "11.844", Reported: "188/188", Whole: true, Version: templates.VersionPlace(2, "3.26"), URL: "/indicators/units?campaign=bc-2026q3&indicator=3.26", URLText: templates.ContributionsLink, Break: templates.BreakText(2, "Tử số thêm hồ sơ đúng hạn")},
			{Period: "Quý II năm 2026", Missing: templates.ApartThen, Apart: []templates.Link{{Label: "3.19", URL: "/indicators?indicator=1/3.19"}, {Label: "3.20", URL: "/indicators?indicator=1/3.20"}}, Reported: "188/188", Whole: true, Version: templates.VersionPlace(1, "")},
			{Period: "Quý I năm 2026", Missing: templates.NoneConfirmed, Reported: "0/188", Version: templates.VersionPlace(1, "3.26")},
		},
	}
	values := []chart.Value{{Label: "I/26"}, {Label: "II/26", Known: true, Number: 910_000}, {Label: "III/26", Known: true, Number: 979_600, Breaks: true}, {Label: "IV/26", Known: true, Number: 988_500, Partial: true}}
	page.Wide, page.Small = chart.PlotOf(1180, 280, values, templates.ShortNumber), chart.PlotOf(290, 200, values, templates.ShortNumber)
	page.Partial = true
	page.Spoken = templates.SeriesSpoken(page.Heading, []string{"I/26", "IV/26"}, []string{"", "98,85"})
	many := page
	many.UnitText, many.Matches = "tan", []templates.Link{{Label: "Phường Tân Định", URL: "/indicators?unit=26737"}, {Label: "Phường Tân Bình", URL: "/indicators?unit=26983"}}
	many.Wide, many.Small, many.Rows, many.Ratio, many.Reading = chart.Plot{}, chart.Plot{}, page.Rows[3:], false, ""
	none := page
	none.UnitText, none.NoMatch, none.Note = "xyz", true, &templates.Note{Tone: templates.ToneInfo, Text: templates.ChartNote(40, 44)}
	own := page
	own.Shell, own.ByName, own.Groups = specialist(templates.TitleIndicators, templates.AtDashboard), false, nil
	own.Units = []templates.Option{{Label: templates.OwnUnits, Selected: true}, {Value: "STC", Label: "Sở Tài chính"}}
	empty := templates.IndicatorsPage{Shell: specialist(templates.TitleIndicators, templates.AtDashboard), Empty: templates.NoIndicators()}
	units := templates.ContributionsPage{
		Shell: officer(templates.TitleContributions, templates.AtDashboard), URL: "/indicators/units", Heading: page.Heading, Ratio: true,
		Hidden: []templates.HiddenField{{Name: "campaign", Value: "bc-2026q4"}, {Name: "indicator", Value: "3.26"}}, Facts: []string{"Quý IV năm 2026", templates.UnitOfMeasure("%")},
		Whole: page.Rows[0], Groups: templates.ScopeOptions(""), States: templates.ContributionStates(false), Empty: templates.NoContributions(),
		Rows: []templates.ContributionRow{
			{Unit: "Sở Tài chính", Group: "Sở, ban, ngành", URL: "/documents/" + stc, Chip: templates.StatusChip(document.IsApproved), Value: "99,10", Above: "220", Below: "222"},
			{Unit: "Phường Sài Gòn", Group: "Phường", URL: "/documents/bc-2026q4-26740", Chip: templates.StatusChip(document.InSigning)},
			{Unit: "Xã Cần Giờ", Group: "Xã", URL: "/documents/bc-2026q4-27664", Chip: templates.StatusChip(document.IsExempt)},
		},
		Paging: templates.Paging{From: 1, To: 3, Total: 3, Noun: templates.ContributionNoun},
	}
	units.Crumbs = []templates.Crumb{{Label: templates.TitleIndicators, URL: "/indicators"}, {Label: units.Title}}
	nobody := units
	nobody.Rows = nil
	return []Sample{
		{"indicators", "indicators/show", page}, {"indicators-many", "indicators/show", many}, {"indicators-none", "indicators/show", none}, {"indicators-own", "indicators/show", own},
		{"indicators-empty", "indicators/show", empty}, {"indicator-units", "indicators/units", units}, {"indicator-units-nobody", "indicators/units", nobody},
	}
}
