package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

// monthly is a report of every month, on the rules that come with the software.
var monthly = campaign.Series{Code: "hang-thang", Name: "Báo cáo CCHC", Form: "bc-cchc-quy", Period: period.Month, LeadDays: 10, Active: true}

func rules() period.Rules {
	months := quarters
	months.ID, months.Kind, months.WindowSource = 1, period.Month, "Nghị định 09/2019/NĐ-CP Điều 12.1"
	return period.Rules{months, quarters}
}

func atWork() time.Time { return time.Date(2026, 11, 23, 8, 15, 0, 0, calendar.Zone) }

func coming() []templates.ComingRow {
	var rows []templates.ComingRow
	states := []string{templates.ComingLaunched, templates.ComingProposed, templates.ComingDismissed}
	for i, one := range monthly.Next(12, atWork(), rules(), working) {
		row := templates.ComingOf(one.Period, one.Window, one.Due, words.InstantShort(one.Due.LastInstant(working)), one.Why)
		row.Propose, row.URL, row.Label, row.State = words.Moment(one.ProposeAt), "/campaigns/new", templates.LinkLaunch, templates.ComingChip(templates.ComingLater)
		if i < len(states) {
			row.State, row.Label = templates.ComingChip(states[i]), templates.LinkProposal
		}
		rows = append(rows, row)
	}
	return rows
}

func proposed() []templates.ProposalRow {
	return []templates.ProposalRow{
		{URL: "/proposals/3", Name: "Báo cáo CCHC tháng 12 năm 2026", Facts: templates.ProposalFacts(window(), 188, 3), Due: "Còn 17 ngày làm việc, nộp trước thứ Năm 17/12/2026."},
		{URL: "/proposals/2", Name: "Báo cáo CCHC tháng 11 năm 2026", Facts: templates.ProposalFacts(window(), 188, 0), Due: "Quá 4 ngày làm việc.", Late: true},
	}
}

func series() []Sample {
	list := templates.SeriesPage{Shell: officer(templates.TitleSeries, templates.AtCampaigns), Open: proposed()}
	list.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: list.Title}}
	edited := templates.SeriesEdited("Phạm Đức Long", atWork())
	list.List = []templates.SeriesCard{
		{ID: "series-hang-thang", Name: monthly.Name, EditURL: "/series/hang-thang", State: templates.SeriesChip(true), Edited: edited,
			Facts: templates.SeriesFacts(period.Month, "Báo cáo cải cách hành chính quý", 188, 10, false), Coming: coming()},
		{ID: "series-nam", Name: "Báo cáo CCHC", EditURL: "/series/nam", State: templates.SeriesChip(false), Edited: edited,
			Facts: templates.SeriesFacts(period.Year, "bc-cu", 20, 15, false), Problem: templates.FormGone()},
	}
	list.Ended = []templates.EndedSeries{{ID: "series-cu", Name: "Báo cáo nhanh hằng tháng", About: templates.EndedAbout("Phạm Đức Long", atWork()), Reason: "Thay bằng báo cáo quý."}}
	none := templates.SeriesPage{Shell: officer(templates.TitleSeries, templates.AtCampaigns), Empty: templates.NoSeries()}
	form := templates.SeriesFormPage{
		Shell: shellUnder(templates.TitleNewSeries), Key: key, URL: "/series/new", Groups: roster(true), Kinds: templates.PeriodKindOptions(period.Month),
		Forms: []templates.Option{{Value: "bc-cchc-quy", Label: "Báo cáo cải cách hành chính quý", Selected: true}},
		Draft: templates.SeriesDraft{LeadDays: "10", Active: true},
	}
	broken := form
	broken.Title, broken.Version, broken.Draft = "Báo cáo CCHC", 3, templates.SeriesDraft{Code: "hang-thang", LeadDays: "120"}
	broken.Errors = rule.Errors{{Code: campaign.SeriesNameBad, Field: "name", Args: []any{150}}, {Code: campaign.SeriesLeadBad, Field: "lead_days", Args: []any{90}}, {Code: campaign.SeriesUnitsNone, Field: "units"}}
	broken.End = &templates.SeriesEnd{URL: "/series/hang-thang/end", Open: 2}
	ending := form
	ending.Title, ending.Version, ending.Draft = "Báo cáo CCHC", 3, templates.SeriesDraft{Code: "hang-thang", Name: "Báo cáo CCHC", LeadDays: "10", Active: true}
	ending.End = &templates.SeriesEnd{URL: "/series/hang-thang/end", Open: 1, Shown: true}
	ending.Errors = rule.Errors{{Code: campaign.SeriesNoReason, Field: "reason", Args: []any{1000}}}
	deletable := ending
	deletable.Errors, deletable.End = nil, &templates.SeriesEnd{URL: "/series/hang-thang/delete", Delete: true, Shown: true}
	return append([]Sample{
		{"series-form-ending", "campaigns/series-form", ending}, {"series-form-deletable", "campaigns/series-form", deletable},
		{"series", "campaigns/series", list}, {"series-none", "campaigns/series", none},
		{"series-form", "campaigns/series-form", form}, {"series-form-errors", "campaigns/series-form", broken},
	}, append(proposals(), periodRules()...)...)
}

func proposals() []Sample {
	open := templates.ProposalPage{
		Shell: shellUnder("Báo cáo CCHC tháng 12 năm 2026"), Key: key, URL: "/proposals/3", LaunchURL: "/campaigns/new?proposal=3",
		Facts: templates.ProposalPairs(monthly.Name, "/series", window(), "24:00 thứ Tư 16/12/2026", atWork()), Why: whyDue(),
		Simulation: templates.ProposalDry(188, 187, 940), Unmanned: 1, Unstaffed: []string{"Chuyên viên, Sở Y tế"},
		Reason: "",
	}
	open.Errors = rule.Errors{{Code: campaign.ProposalNoReason, Field: "reason", Args: []any{1000}}}
	launched, dismissed := open, open
	launched.Errors, launched.LaunchURL, launched.Simulation = nil, "", ""
	launched.Campaign, launched.Decided = "/campaigns/bc-2026m12", templates.LaunchedProposal("Phạm Đức Long", atWork())
	dismissed.Errors, dismissed.LaunchURL, dismissed.Simulation = nil, "", ""
	dismissed.Decided = templates.DismissedProposal("Phạm Đức Long", atWork(), "Gộp vào báo cáo năm.")
	all := launch()
	all.Proposed, all.Draft.Proposal, all.Draft.Guidance = templates.ProposalNote("/proposals/3"), "3", ""
	all.Errors = rule.Errors{{Code: campaign.GuidanceMissing, Field: "guidance"}}
	return []Sample{
		{"proposal", "campaigns/proposal", open}, {"proposal-launched", "campaigns/proposal", launched},
		{"proposal-dismissed", "campaigns/proposal", dismissed}, {"launch-proposed", "campaigns/launch", all},
	}
}

func periodRules() []Sample {
	next := quarters
	next.ID, next.ValidFrom, next.WorkingDays, next.DueCertainty = 9, calendar.Date(2027, 1, 1), 3, period.CertaintyExpected
	edited := templates.RuleEdited("Phạm Đức Long", atWork())
	now := templates.RuleOf(quarters, templates.RuleInForce, templates.RuleEdited("", time.Time{}), "")
	due, _ := quarters.Suggest(fourth, window(), working)
	now.Example = templates.RuleExample(fourth, window(), due)
	page := templates.RulesPage{Shell: shellUnder(templates.TitleRules)}
	page.Kinds = []templates.RuleKind{{Name: words.PeriodKind(period.Quarter), EditURL: "/period-rules/quarter", Rules: []templates.RuleView{
		now, templates.RuleOf(next, templates.RuleComing, edited, "Theo công văn của Sở Nội vụ"),
	}, Past: []templates.RuleView{templates.RuleOf(quarters, templates.RuleReplaced, edited, "Ghi nhầm số ngày")}}}
	form := templates.RulePage{
		Shell: shellUnder(templates.TitleRule), Key: key, URL: "/period-rules/quarter", Replaces: 2, Name: words.PeriodKind(period.Quarter), Now: now,
		Draft: templates.RuleDraft{
			ValidFrom: "01/01/2027", MonthsBefore: "1", FromDay: "15", ToDay: "14", WorkingDays: "2", Cutoff: "24:00", Shifts: templates.ShiftOptions("none"),
			WindowSource: quarters.WindowSource, DueSource: quarters.DueSource,
			WindowCertainties: templates.CertaintyOptions("official"), DueCertainties: templates.CertaintyOptions("unverified"),
		},
	}
	for _, row := range coming()[:4] {
		row.Propose = ""
		form.Coming = append(form.Coming, row)
	}
	broken := form
	broken.Coming = nil
	broken.Errors = rule.Errors{{Code: period.RuleDays, Field: "working_days", Args: []any{1, 60}}, {Code: "rule_reason", Field: "reason"}}
	return []Sample{{"period-rules", "campaigns/rules", page}, {"period-rule", "campaigns/rule", form}, {"period-rule-errors", "campaigns/rule", broken}}
}
