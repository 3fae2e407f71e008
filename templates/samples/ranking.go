package samples

import (
	"strconv"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/chart"
	"cchc/templates/words"
)

const indexBase = "/campaigns/cs-2026y"

func rankings() []Sample {
	samples := []Sample{{"ranking", "index/ranking", rankingPage(false)}, {"ranking-print", "index/ranking", rankingPage(true)}}
	none := rankingPage(false)
	none.Rows, none.Publish, none.Results, none.Paging, none.Empty = nil, nil, nil, templates.Paging{}, templates.NoRanking(indexBase+"/ranking")
	samples = append(samples, Sample{"ranking-none", "index/ranking", none})
	samples = append(samples, surveys()...)
	samples = append(samples, extras()...)
	samples = append(samples, rankGroups()...)
	samples = append(samples, publishing()...)
	return append(samples, published()...)
}

func indexShell(title string) templates.Shell {
	shell := officer(title, templates.AtCampaigns)
	shell.Crumbs = []templates.Crumb{{Label: "Đợt báo cáo", URL: "/campaigns"}, {Label: "Chỉ số CCHC năm 2026", URL: indexBase}, {Label: title}}
	return shell
}

func rankingPage(all bool) templates.RankingPage {
	page := templates.RankingPage{
		Shell: indexShell(templates.TitleRanking), Facts: []string{"Chỉ số CCHC năm 2026", "Cập nhật 10:42"},
		Steps: []templates.CheckLine{
			{State: "ok", Text: words.HandedInOf(190, 190)}, {State: "warn", Text: words.AppraisedOf(186, 190)},
			{State: "warn", Text: words.SurveyedOf(188, 190)}, {State: "warn", Text: words.RankedOf(185, 190)},
		},
		Links:   []templates.Button{{Label: templates.TitleSurvey, URL: indexBase + "/surveys", Icon: "people"}, {Label: templates.TitleExtras, URL: indexBase + "/extras", Icon: "award"}},
		Publish: &templates.Button{Label: templates.TitlePublish, URL: indexBase + "/publish", Icon: "send"},
		Results: &templates.Button{Label: templates.ShowPublished, URL: indexBase + "/results", Icon: "award"},
		Tabs: []templates.Tab{
			{Label: words.RankGroup("departments"), URL: indexBase + "/ranking?group=departments", Count: 22, Current: true},
			{Label: words.RankGroup("communes"), URL: indexBase + "/ranking?group=communes", Count: 168},
		},
		Filters: &templates.RankingFilters{URL: indexBase + "/ranking", Group: "departments", States: templates.RankingStates(""), Active: 0},
		Heading: words.UnitsOf(22), Rows: rankingRows(), Paging: templates.Paging{From: 1, To: 5, Total: 22, NextURL: "?page=2", Noun: templates.RankedNoun},
		Take: templates.Takeaway{Excel: indexBase + "/ranking.xlsx", Print: indexBase + "/ranking?all=1", Head: []string{"Xếp hạng tạm tính", "Lập lúc 10:42"}},
		PDF:  indexBase + "/ranking.pdf",
	}
	if all {
		page.Take.Print, page.Take.Back, page.Paging = "", indexBase+"/ranking", templates.Paging{}
	}
	return page
}

func rankingRows() []templates.RankingRow {
	return []templates.RankingRow{
		{Rank: "1", Unit: "Sở Nội vụ", URL: "/appraisals/cs-2026y-SNV", Stage: templates.RankingChip("done"), Appraised: "62,50", Surveyed: "29,10", Extra: "+0,50", Total: "92,10", Class: "Xuất sắc"},
		{Rank: "2", Shared: true, Unit: "Sở Tài chính", URL: "/appraisals/cs-2026y-STC", Stage: templates.RankingChip("done"), Appraised: "61,25", Surveyed: "28,00", Extra: "−0,25", Total: "89,00", Class: "Tốt"},
		{Rank: "2", Shared: true, Unit: "Sở Tư pháp", URL: "/appraisals/cs-2026y-STP", Stage: templates.RankingChip("done"), Appraised: "60,00", Surveyed: "29,00", Total: "89,00", Class: "Tốt"},
		{Unit: "Sở Y tế", URL: "/appraisals/cs-2026y-SYT", Stage: templates.RankingChip("second"), Appraised: "40,10", Surveyed: "28,40", Total: "68,50", Missing: words.Missing([]string{"3.1.1", "3.1.2", "3.2.1", "3.2.2", "3.3.1"}, false)},
		{Unit: "Sở Du lịch", Stage: templates.RankingChip(""), Appraised: "0,00", Surveyed: "27,00", Total: "27,00", Missing: words.Missing([]string{"1.1.1", "1.1.2"}, false)},
		{Unit: "Sở Công Thương", URL: "/appraisals/cs-2026y-SCT", Stage: templates.RankingChip("explaining"), Appraised: "55,00", Surveyed: "0,00", Total: "55,00", Missing: words.Missing([]string{"1.7.1"}, false)},
		{Unit: "Sở Xây dựng", URL: "/appraisals/cs-2026y-SXD", Stage: templates.RankingChip("first"), Appraised: "12,00", Surveyed: "26,00", Total: "38,00", Missing: words.Missing([]string{"1.1.1"}, false)},
	}
}

func surveys() []Sample {
	ask := templates.SurveyPage{
		Shell: indexShell(templates.TitleSurvey), Facts: []string{"Chỉ số CCHC năm 2026"}, Key: key, Base: indexBase + "/surveys",
		Back: templates.Link{Label: "Về trang tổng hợp", URL: indexBase + "/ranking"}, MaxSize: "5 MB",
		Templates: []templates.Link{{Label: words.SurveyAllGroups, URL: indexBase + "/surveys.xlsx"}, {Label: words.SurveyTemplate("Người dân"), URL: indexBase + "/surveys.xlsx?group=nguoi-dan"}},
		Groups: []templates.SurveyGroupLine{
			{Name: "Người dân", Criteria: "2.5.1, 3.6.1, 5.6.1, 7.6.1, 8.1.1", Units: words.UnitsPart(190, 190), Answers: "18.240", Whole: true},
			{Name: "Doanh nghiệp", Criteria: "2.5.1, 3.6.1, 8.5.1", Units: words.UnitsPart(120, 190), Answers: "3.100"},
		},
		Done: []string{words.SurveyTaken("khao-sat-nguoi-dan.xlsx", "Phạm Đức Long", moment)},
	}
	broken := ask
	broken.Errors = rule.Broken("survey_no_table", "file", "tep.xlsx")
	shown := ask
	shown.File, shown.Action, shown.Lines, shown.Digest, shown.Total, shown.Same, shown.More = "khao-sat.xlsx", indexBase+"/surveys/3", 380, "ab", 202, 40, 200
	shown.Changes = []templates.SurveyChangeRow{
		{Unit: "Sở Tài chính", Criterion: "3.6.1", Group: "Người dân", After: "82,5 %, 120 phiếu"},
		{Unit: "Sở Y tế", Criterion: "3.6.1", Group: "Người dân", Before: "79 %, 88 phiếu", After: "Không có phiếu"},
	}
	blocked := shown
	blocked.Total, blocked.Changes, blocked.More = 0, nil, 0
	blocked.Marks = []templates.ImportMark{{Cell: "D12", Text: "Ghi phần trăm từ 0 đến 100, ví dụ 82,5."}, {Cell: "A14", Text: "Đợt này không có đơn vị mã “XYZ”."}}
	blocked.Marked = indexBase + "/surveys/3/marked.xlsx"
	same := shown
	same.Total, same.Changes, same.More = 0, nil, 0
	return []Sample{{"survey", "index/survey", ask}, {"survey-no-table", "index/survey", broken}, {"survey-changes", "index/survey", shown},
		{"survey-blocked", "index/survey", blocked}, {"survey-same", "index/survey", same}}
}

func extras() []Sample {
	page := templates.ExtrasPage{
		Shell: indexShell(templates.TitleExtras), Facts: []string{"Chỉ số CCHC năm 2026"}, Key: key, Action: indexBase + "/extras",
		Back: templates.Link{Label: "Về trang tổng hợp", URL: indexBase + "/ranking"}, Caps: words.ExtraCaps(sampleSet()),
		Matching: "62", Paging: templates.Paging{From: 1, To: 50, Total: 62, NextURL: "?page=2", Noun: templates.ExtrasNoun}, Kinds: templates.ExtraKinds(""),
		Accept: ".pdf", MaxSize: "20 MB", Writes: true,
		Rows: []templates.ExtraRow{
			{ID: "7", Key: key, Action: indexBase + "/extras/7", Unit: "Sở Nội vụ", Points: "+0,50", Kind: "Điểm thưởng", Reason: "Sáng kiến được công nhận cấp Thành phố.",
				Document: "Số 12/QĐ-UBND ngày 05/01/2027: Công nhận sáng kiến", File: &templates.File{Label: "12-qd.pdf", URL: indexBase + "/extras/files/ab"}, About: "Phạm Đức Long ghi lúc 10:42 hôm nay"},
			{ID: "6", Key: key, Action: indexBase + "/extras/6", Unit: "Sở Tài chính", Points: "−0,25", Kind: "Điểm trừ", Reason: "Báo cáo sai số liệu.",
				Document: "Số 40/KL-TTTP ngày 20/12/2026: Kết luận thanh tra", About: "Phạm Đức Long ghi lúc 09:00 hôm nay", Withdrawn: words.WithdrawnBy("Phạm Đức Long", moment, moment, "Ghi nhầm đơn vị")},
		},
	}
	broken := page
	broken.Errors = rule.Errors{{Code: par.ExtraMissing, Field: "reason"}, {Code: par.ExtraPoints, Field: "points"}}
	broken.Draft, broken.Lost = templates.ExtraDraft{Unit: "STC", Points: "0", Number: "12"}, "12-qd.pdf"
	broken.Rows = append([]templates.ExtraRow{}, page.Rows...)
	broken.Rows[0].Error = "Ghi lý do rút."
	broken.Unit = "Sở Tài chính"
	gone := broken
	gone.Unit, gone.Errors = "", rule.Broken("extra_unit", "unit")
	finding := page
	finding.Find, finding.FoundMore = "tan", true
	finding.Found = []templates.Link{{Label: "Phường Tân Định", URL: indexBase + "/extras?unit=26734"}, {Label: "Phường Tân Hưng", URL: indexBase + "/extras?unit=27475"}}
	filling := page
	filling.Unit, filling.Draft.Unit = "Phường Tân Định", "26734"
	lost := finding
	lost.Found, lost.FoundMore, lost.Query, lost.Rows, lost.Empty = nil, false, "xyz", nil, templates.NoExtras("xyz", indexBase+"/extras")
	none := page
	none.Rows, none.Writes, none.Empty = nil, false, templates.NoExtras("", "")
	return []Sample{{"extras", "index/extras", page}, {"extras-finding", "index/extras", finding}, {"extras-filling", "index/extras", filling}, {"extras-lost", "index/extras", lost},
		{"extras-broken", "index/extras", broken}, {"extras-unit-gone", "index/extras", gone}, {"extras-none", "index/extras", none}}
}

func rankGroups() []Sample {
	page := templates.RankGroupsPage{
		Shell: officer(templates.TitleRankGroups, templates.AtCampaigns), Key: key, Action: "/rank-groups", Replaces: 2, Writes: true,
		Rows: []templates.RankGroupRow{
			{Field: "kind.department", Kind: "Sở, ban, ngành", Units: words.UnitsOf(22), Name: "Sở, ban, ngành"},
			{Field: "kind.ward", Kind: "Phường", Units: words.UnitsOf(113), Name: "Phường, xã, đặc khu"},
			{Field: "kind.commune", Kind: "Xã", Units: words.UnitsOf(54), Name: "Phường, xã, đặc khu"},
			{Field: "kind.special_zone", Kind: "Đặc khu", Units: words.UnitsOf(1), Name: "Phường, xã, đặc khu"},
		},
		History: []templates.RankGroupsSaid{
			{State: templates.RankGroupsChip(true), Groups: []string{"Sở, ban, ngành: Sở, ban, ngành.", "Phường, xã, đặc khu: Phường; Xã; Đặc khu."},
				Edited: templates.RuleEdited("Phạm Đức Long", moment), Reason: "Đặc khu cùng nhóm với phường, xã."},
			{State: templates.RankGroupsChip(false), Groups: []string{"Sở, ban, ngành: Sở, ban, ngành.", "Phường, xã: Phường; Xã.", "Đặc khu: Đặc khu."}, Edited: templates.RuleEdited("", moment)},
		},
	}
	broken := page
	broken.Errors = rule.Errors{{Code: par.GroupMissing, Field: "kind.ward"}, {Code: "rank_groups_reason", Field: "reason"}}
	read := page
	read.Writes = false
	return []Sample{{"rank-groups", "index/groups", page}, {"rank-groups-broken", "index/groups", broken}, {"rank-groups-read", "index/groups", read}}
}

func publishing() []Sample {
	page := templates.PublishPage{
		Shell: indexShell(templates.TitlePublish), Facts: []string{"Chỉ số CCHC năm 2026"}, Key: key, Action: indexBase + "/publish",
		Back: templates.Link{Label: "Về trang tổng hợp", URL: indexBase + "/ranking"}, Digest: "ab12", Number: 1, Accept: ".pdf", MaxSize: "20 MB", Ranked: words.UnitsOf(186),
		Tops: []templates.PublishGroup{{Name: words.RankGroup("departments"), Units: words.RankedOf(20, 22), Rows: rankingRows()[:3], More: templates.MoreRanked(17),
			Classes: []templates.Pair{{Name: "Xuất sắc", Value: "3"}, {Name: "Tốt", Value: "12"}, {Name: "Khá", Value: "5"}}}},
		Unranked: []templates.PublishUnranked{{Unit: "Sở Du lịch", Missing: words.Unranked(appraisal.Second, nil)}, {Unit: "Sở Y tế", Missing: words.Unranked(appraisal.Done, []string{"3.1.1"})}},
	}
	again := page
	again.Number, again.Earlier, again.Unchanged, again.MovedOn, again.Lost = 2, "Công bố lần 1: Quyết định số 45/QĐ-UBND ngày 01/03/2027, công bố lúc 09:00 ngày 02/03/2027.", true, true, "quyet-dinh.pdf"
	again.Errors = rule.Errors{{Code: par.AnnounceReason, Field: "reason"}, {Code: "publish_unranked", Field: "unranked", Args: []any{2}}, {Code: par.AnnounceMissing, Field: "file"}}
	again.Draft = templates.PublishDraft{Number: "60/QĐ-UBND", IssuedOn: "20/03/2027", Title: "Đính chính kết quả"}
	none := page
	none.NoneYet, none.Tops, none.Unranked = true, nil, nil
	return []Sample{{"publish", "index/publish", page}, {"publish-again", "index/publish", again}, {"publish-none", "index/publish", none}}
}

func published() []Sample {
	shell := specialist(templates.TitleResults, templates.AtCampaigns)
	page := templates.ResultsPage{
		Shell: shell, Facts: []string{"Chỉ số CCHC năm 2026"},
		Note:     &templates.Note{Tone: templates.ToneInfo, Bold: "Kết quả này thay kết quả công bố lần 1.", Text: "Lý do: Tính sai điểm khảo sát"},
		Decision: templates.DecisionPairs("45/QĐ-UBND", calendar.Date(2027, 3, 1), "Công bố kết quả xác định chỉ số cải cách hành chính năm 2026", words.Moment(moment), "Phạm Đức Long"),
		File:     templates.File{Label: "45-qd-ubnd.pdf", URL: indexBase + "/decision"},
		Own:      []templates.OwnResult{{Unit: "Sở Tài chính", Sentence: words.OwnResult("departments", 2, 22, 2, 8900, "Tốt"), URL: indexBase + "/results/STC"}},
		Tabs: []templates.Tab{{Label: words.RankGroup("departments"), URL: indexBase + "/results?group=departments", Count: 22, Current: true},
			{Label: words.RankGroup("communes"), URL: indexBase + "/results?group=communes", Count: 168}},
		Classes: []templates.ResultClass{{Name: "Xuất sắc", Count: 3, Share: "13,6 %", URL: "?class=1"}, {Name: "Tốt", Step: 1, Count: 14, Share: "63,6 %", URL: "?class=2", Current: true},
			{Name: "Khá", Step: 2, Count: 4, Share: "18,2 %", URL: "?class=3"}, {Name: "Trung bình", Step: 3, Share: "0 %", URL: "?class=4"}, {Name: "Yếu", Step: 4, Share: "0 %", URL: "?class=5"}, {Name: "Kém", Step: 5, Count: 1, Share: "4,5 %", URL: "?class=6"}},
		Bars: chart.Stack([]int{3, 14, 4, 0, 0, 1}), Mean: words.MeanOfGroup(8420), Spoken: words.ClassSpoken("Sở, ban, ngành", []string{"Xuất sắc 3", "Tốt 14"}),
		Filters: &templates.ResultFilters{URL: indexBase + "/results", Hidden: []templates.HiddenField{{Name: "group", Value: "departments"}}, Classes: templates.ClassOptionsOf([]string{"Xuất sắc", "Tốt"}, "Tốt"), Active: 1},
		Heading: words.UnitsOf(22), Paging: templates.Paging{From: 1, To: 4, Total: 22, Noun: templates.RankedNoun},
		Rows: []templates.ResultRow{
			{Rank: "1", Unit: "Sở Nội vụ", Appraised: "62,50", Surveyed: "29,10", Extra: "+0,50", Total: "92,10", Width: 921, Class: "Xuất sắc"},
			{Rank: "2", Shared: true, Unit: "Sở Tài chính", URL: indexBase + "/results/STC", Own: true, Appraised: "61,25", Surveyed: "28,00", Extra: "−0,25", Total: "89,00", Width: 890, Class: "Tốt", Step: 1},
			{Rank: "2", Shared: true, Unit: "Sở Tư pháp", Appraised: "60,00", Surveyed: "29,00", Total: "89,00", Width: 890, Class: "Tốt", Step: 1},
			{Unit: "Sở Du lịch", Appraised: "0,00", Surveyed: "27,00", Total: "27,00", Width: 270, Step: 6, Missing: "Thiếu 1.1.1, 1.1.2"},
		},
		Take: templates.Takeaway{Excel: indexBase + "/results.xlsx", Print: indexBase + "/results?all=1", Head: []string{"Kết quả", "Lập lúc 10:42"}}, PDF: indexBase + "/results.pdf",
		Issues: []templates.PublicationLine{{Name: words.PublicationName(2), About: "Quyết định số 60/QĐ-UBND", Reason: "Tính sai điểm khảo sát", Current: true, URL: "?publication=2"},
			{Name: words.PublicationName(1), About: "Quyết định số 45/QĐ-UBND", URL: "?publication=1"}},
	}
	whole := page
	whole.Take.Print, whole.Take.Back, whole.Take.Cut, whole.Paging = "", indexBase+"/results", templates.CutNote(4, 22), templates.Paging{}
	none := templates.ResultsPage{Shell: shell, Facts: page.Facts, Empty: templates.NoResults("cs-2026y")}
	bare := page
	bare.Rows, bare.Classes, bare.Own, bare.Issues, bare.Note, bare.Paging, bare.Empty = nil, nil, nil, nil, nil, templates.Paging{}, templates.NoMatchingResults(indexBase+"/results")
	return []Sample{{"results", "index/results", page}, {"results-print", "index/results", whole}, {"results-none", "index/results", none}, {"results-bare", "index/results", bare},
		{"result", "index/result", unitResult(true)}, {"result-first", "index/result", unitResult(false)}}
}

func unitResult(whole bool) templates.UnitResultPage {
	set := sampleSet()
	page := templates.UnitResultPage{
		Shell: specialist("Sở Tài chính", templates.AtCampaigns), Facts: []string{"Chỉ số CCHC năm 2026", "Quyết định số 45/QĐ-UBND ngày 01/03/2027, công bố lúc 09:00 ngày 02/03/2027"},
		Rank: templates.RankTile(2, 22), Total: "89,00 điểm", Class: "Tốt", Step: 1, Compared: words.RankGroup("departments"),
		Why:   []string{"Điểm thẩm định 61,25 cộng điểm khảo sát 28,00: 89,25 điểm.", "Điểm trừ đề nghị 0,25, tối đa 5,00: trừ 0,25 điểm.", "Đạt 89 %, từ 80 % trở lên: xếp loại Tốt.", "Xếp hạng 2 trên 22 đơn vị cùng nhóm, 2 đơn vị bằng điểm nhau."},
		Years: []templates.ResultYear{{Year: "2026", Total: "89,00", Class: "Tốt", Rank: "2 / 22", Current: true, Change: "tăng 1,25 điểm", Unlike: words.UnlikeSet(2)}, {Year: "2025", Total: "87,75", Class: "Tốt", Rank: "4 / 22", URL: "/campaigns/cs-2025y/results/STC"}},
	}
	if whole {
		page.Earlier = "Năm 2025"
		page.Extras = []templates.ResultExtra{{Points: "−0,25", Kind: "Điểm trừ", Reason: "Báo cáo sai số liệu.", Document: "Số 40/KL-TTTP ngày 20/12/2026: Kết luận thanh tra"}}
		page.Gone = []templates.ResultGone{{Code: "1.8.1", Name: "Tiêu chí của năm trước", Points: "0,50"}}
		plot := chart.PlotOf(320, 200, []chart.Value{{Label: "2025", Known: true, Number: 877500}, {Label: "2026", Known: true, Number: 890000}}, templates.ShortNumber)
		page.YearPlot, page.YearSaid = &plot, "Sở Tài chính: năm 2025 87,75; năm 2026 89,00."
		page.Note = &templates.Note{Tone: templates.ToneWarn, Bold: "Đây là kết quả công bố lần 1, đã được thay.", Text: "Kết quả đang có hiệu lực là lần 2."}
	}
	if !whole {
		page.Rank, page.Total, page.Class, page.Step, page.Unfinished = "—", "—", "", 0, templates.NoteUnfinished()
		page.Why = []string{"Điểm thẩm định 33,98 cộng điểm khảo sát 25,60: 59,58 điểm.", "Chưa thẩm định xong, kết quả chưa chính thức."}
		page.Years[0] = templates.ResultYear{Year: "2026", Total: "—", Rank: "—", Current: true}
	}
	own, mean := []int{912, 850, 640, 1000, 780, 905, 560, 880}, []int{880, 800, 760, 900, 800, 850, 700, 820}
	var spokes []chart.Spoke
	var bars []chart.BarGroup
	for i, f := range set.Fields {
		at := i % len(own)
		field := templates.ResultField{Code: f.Code, Name: f.Name, Anchor: templates.FieldAnchor(f.Code), Points: "7,30 / 8,00 điểm", Percent: words.Tenths(own[at]), Mean: words.Tenths(mean[at]), Before: "88,1 %"}
		for n, c := range set.InField(f.Code) {
			row := templates.ResultScore{
				Code: c.Code, Name: c.Name, Max: c.Max.VN(), Survey: !c.Asked(), Self: c.Max.VN(), First: "0,25", Final: c.Max.VN(), Before: "0,50", Anchor: templates.ResultAnchor(c.Code),
				WhyTitle: "Vì sao " + c.Max.VN() + " điểm?", Why: []string{"Đơn vị tự chấm 0,50 điểm.", "Thẩm định lần 1: 0,25 điểm. Lý do: Kế hoạch thiếu người chịu trách nhiệm."},
			}
			if n == 1 {
				row.Second, row.Unlike = c.Max.VN(), words.UnlikeBefore
			}
			field.Rows = append(field.Rows, row)
		}
		page.Fields = append(page.Fields, field)
	}
	for at := range own {
		spokes = append(spokes, chart.Spoke{Label: strconv.Itoa(at + 1), Values: []int{own[at], mean[at]}})
		bars = append(bars, chart.BarGroup{Name: strconv.Itoa(at + 1), Values: []int{own[at], mean[at]}, Labels: []string{words.Tenths(own[at]), words.Tenths(mean[at])}})
	}
	page.Radar = chart.RadarOf(340, 340, []string{"Sở Tài chính", "Sở, ban, ngành"}, spokes)
	page.Wide, page.Small = chart.BarsOf(560, bars), chart.BarsOf(300, bars)
	page.Spoken = words.FieldSpoken("Sở Tài chính", []string{"Công tác chỉ đạo 91,2 %"})
	return page
}

// moment is when the samples of the index are looked at.
var moment = time.Date(2027, 3, 2, 2, 0, 0, 0, time.UTC)
