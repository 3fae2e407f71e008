package samples

import (
	"slices"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

const appraised = "/appraisals/" + assessed

func appraisalHead(stage appraisal.Stage) templates.AppraisalHead {
	return templates.AppraisalHead{
		Unit: "Sở Tài chính", Campaign: "Tự đánh giá chỉ số CCHC năm 2026", DocumentURL: "/documents/" + assessed,
		Chip: templates.AppraisalChip(stage), Sum: templates.AppraisalSum(5225, 4950, 6800, 0),
	}
}

func appraisedRow(code, name, self, first string, differs bool) templates.AppraisedRow {
	row := templates.AppraisedRow{
		Code: code, Name: name, Max: "1,50", Self: self, First: first, Second: templates.UnmarkedScore, Final: first, Differs: differs, Asked: true,
		Why: []string{"54 trên 60 là 90 %.", "90 % của 1,50 điểm: 1,35 điểm."}, Earlier: words.EarlierYear(2025, "1,20", "1,05"),
	}
	if differs {
		row.Explanation = &templates.ReadExplanation{
			Text: "Sáu nhiệm vụ còn lại đã có văn bản kết quả ban hành trong tháng 12.", About: words.SentLate,
			Files: []templates.File{{Label: "ket-qua-thang-12.pdf", Icon: "paperclip", URL: appraised + "/files/ab12"}},
		}
	}
	return row
}

func appraisalHistory() []templates.TimelineEntry {
	at := calendar.Date(2027, time.March, 1).At(9 * 60)
	return []templates.TimelineEntry{
		{Icon: "send", Tone: "act", Who: "Lê Hoàng Phương, Sở Tài chính", Text: words.AppraisalEvent(appraisal.Explain, appraisal.Done, true, ""), At: at.AddDate(0, 0, 9)},
		{Icon: "arrow-right", Text: words.AppraisalEvent(appraisal.Advance, appraisal.Explaining, false, ""), At: at.AddDate(0, 0, 2)},
		{Icon: "check-lg", Tone: "ok", Who: "Phạm Đức Long, Sở Nội vụ", Text: words.AppraisalEvent(appraisal.Finish, appraisal.First, false, "1. Công tác chỉ đạo, điều hành"), At: at},
	}
}

func markingRows() []templates.MarkingRow {
	one := templates.MarkingRow{
		AppraisedRow: appraisedRow("1.1.1", "Ban hành kế hoạch cải cách hành chính năm", "0,50", "", false), Rule: []string{"Đúng hạn 31/01: 0,50 điểm."},
		Guide: "Minh chứng: kế hoạch đã ban hành.", Answer: []string{"Ngày hoàn thành: 20/01/2026"}, SelfWhy: []string{"Hoàn thành ngày 20/01/2026, hạn 31/01/2026: 0,50 điểm."},
		Evidence:  []templates.File{{Label: "ke-hoach-2026.pdf", Icon: "paperclip", URL: appraised + "/files/ab12"}},
		AgreeText: "Đồng ý với điểm tự chấm: 0,50 điểm", Agreeable: true, Open: true,
	}
	two := templates.MarkingRow{
		AppraisedRow: appraisedRow("1.1.2", "Kế hoạch đủ nội dung, rõ sản phẩm, thời gian, trách nhiệm", "0,50", "", false), Rule: []string{"Đạt: 0,50 điểm."},
		Answer: []string{"Đạt yêu cầu"}, Said: "Kế hoạch có 42 nhiệm vụ.", AgreeText: "Đồng ý với điểm tự chấm: 0,50 điểm", Remark: true, MayBeOut: true, Open: true,
	}
	three := templates.MarkingRow{
		AppraisedRow: appraisedRow("1.1.3", "Mức độ hoàn thành kế hoạch", "1,35", "", true), Rule: []string{"Tính theo tỷ lệ hoàn thành."}, Answer: []string{"Số đã thực hiện: 54", "Tổng số: 60"},
		Marked: true, Seen: 12, Stood: "1,20", SaidStood: "Đã bổ sung hai văn bản kết quả.", Points: "1,05", Reason: "Sáu nhiệm vụ chưa có văn bản kết quả.", Given: "Phạm Đức Long, Sở Nội vụ, 10:20 hôm nay",
	}
	return []templates.MarkingRow{one, two, three}
}

func appraisals() []Sample {
	due := &templates.DueLine{Sentence: "Còn 3 ngày làm việc", Reason: "Thẩm định lần 1 đến hết 15/03/2027.", Why: &templates.Why{Steps: []string{"Vòng này bắt đầu lúc 08:00 ngày 15/02/2027.", templates.RoundText(20, "15/03/2027") + "."}}}
	queue := templates.AppraisalsPage{
		Shell: officer(templates.TitleAppraisals, templates.AtTasks), Facts: templates.AppraisalFacts(412), Late: templates.AppraisalLate(3), NextURL: appraised + "/fields/1",
		Tabs:  []templates.Tab{{Label: templates.QueueState("open"), URL: "/appraisals", Count: 412, HasZero: true, Current: true}, {Label: templates.QueueState("late"), URL: "/appraisals?state=late", Count: 3}, {Label: templates.QueueState("finished"), URL: "/appraisals?state=finished"}},
		State: "open", Runs: []templates.Link{{Label: "Chỉ số CCHC năm 2026", URL: "/campaigns/cs-2026y/appraisal"}},
		Filters: templates.AppraisalFilters{
			Campaigns: []templates.Option{{Label: templates.AllIndexCampaigns, Selected: true}}, Fields: []templates.Option{{Label: templates.AllFields, Selected: true}}, Groups: templates.ScopeOptions(""), ClearURL: "/appraisals",
		},
		Rows: []templates.AppraisalRow{
			{URL: appraised + "/fields/1", Unit: "Sở Tài chính", Campaign: "Tự đánh giá chỉ số CCHC năm 2026", Field: "1. Công tác chỉ đạo, điều hành", Round: "Thẩm định lần 1", Marked: templates.MarkedOf(3, 10), Due: "đến hết 15/03/2027", Left: "Còn 3 ngày làm việc", Chip: templates.FieldChip(false, 3, 10)},
			{URL: appraised + "/fields/4", Unit: "Ủy ban nhân dân phường Sài Gòn", Campaign: "Tự đánh giá chỉ số CCHC năm 2026", Field: "4. Cải cách tổ chức bộ máy", Round: "Thẩm định lần 2", Marked: templates.MarkedOf(0, 1), Due: "đến hết 10/03/2027", Left: "Quá hạn 2 ngày làm việc", Late: true, Chip: templates.FieldChip(false, 0, 1)},
		},
		Paging: templates.Paging{From: 1, To: 2, Total: 412, Noun: templates.NounFields, NextURL: "/appraisals?page=2"},
	}
	none := templates.AppraisalsPage{Shell: specialist(templates.TitleAppraisals, templates.AtTasks), Facts: templates.AppraisalFacts(0), State: "open", Filters: queue.Filters, Empty: templates.AppraisalsEmpty("open", false)}
	show := templates.AppraisalPage{
		Shell: officer("Thẩm định: Sở Tài chính", templates.AtTasks), Head: appraisalHead(appraisal.Done), Due: due, History: appraisalHistory(),
		Steps: []templates.Step{{Name: "Thẩm định lần 1", State: "done"}, {Name: "Chờ đơn vị giải trình", State: "done"}, {Name: "Thẩm định lần 2", State: "now", When: "đến hết 15/03/2027"}, {Name: "Đã có kết quả thẩm định"}},
		Notes: []templates.Note{{Tone: templates.ToneWarn, Text: templates.NoteLateSent}},
		Late:  &templates.LateAnswer{Published: true, URL: appraised + "/late", Key: "k1", About: "Lê Hoàng Phương, 09:00 ngày 10/03/2027"},
		Fields: []templates.AppraisedField{{
			Name: "1. Công tác chỉ đạo, điều hành", ID: "linh-vuc-1", Appraiser: "Sở Nội vụ", Chip: templates.FieldChip(false, 1, 2), URL: appraised + "/fields/1", Sum: "Tự chấm 1,85, thẩm định 1,55 trên 2,00 điểm",
			Rows: []templates.AppraisedRow{appraisedRow("1.1.1", "Ban hành kế hoạch cải cách hành chính năm", "0,50", "0,50", false), appraisedRow("1.1.3", "Mức độ hoàn thành kế hoạch", "1,35", "1,05", true)},
		}},
		Extend: &templates.AppraisalForm{URL: appraised + "/decide", Key: "k2"},
		Reopen: &templates.ReopenForm{URL: appraised + "/decide", Key: "k3", Criteria: []templates.ReopenChoice{{Code: "1.1.1", Name: "Ban hành kế hoạch"}, {Code: "1.1.3", Name: "Mức độ hoàn thành", Chosen: true}}},
	}
	broken := show
	broken.Errors, broken.Extend = rule.Errors{{Code: document.ReasonMissing, Field: "reason"}}, nil
	broken.Reopen = nil
	unit := show
	unit.Shell, unit.Late, unit.Extend, unit.Reopen = director(show.Title, templates.AtTasks), nil, nil, nil
	unit.Actions = []templates.Button{{Label: templates.TitleExplanation, URL: appraised + "/explanation", Primary: true}}
	marking := templates.MarkingPage{
		Shell: officer("1. Công tác chỉ đạo, điều hành", templates.AtTasks), Head: appraisalHead(appraisal.First), Heading: "1. Công tác chỉ đạo, điều hành", Due: due, Key: "k1", ResumeK: "k2",
		Path: appraised + "/fields/1", OneURL: appraised, Progress: templates.MarkedOf(1, 3), Rows: markingRows(), Open: 2, First: templates.CriterionAnchor("1.1.1"), Agrees: templates.AgreeAllLabel(1, 1),
		List: []templates.SideItem{{Code: "1", Title: "Công tác chỉ đạo, điều hành", URL: appraised + "/fields/1", State: "Đang chấm", Icon: "circle", Current: true}},
	}
	unread := marking
	unread.Errors = rule.Errors{{Code: "mark_points", Field: "mark.1.1.1"}}
	unread.Rows = markingRows()
	unread.Rows[0].Points = "năm"
	drafted := marking
	drafted.Rows, drafted.Typed, drafted.Saved, drafted.SavedBy = markingRows(), templates.TypedMarks(1), "10:42", "Phạm Đức Long"
	drafted.Rows[0].Points, drafted.Rows[0].Reason, drafted.Rows[0].Base = "0,2", "Ban hành", 3
	drafted.Rows[0].Given = words.DraftedMark("Phạm Đức Long", "10:42 hôm nay")
	clash := drafted
	clash.Rows = slices.Clone(drafted.Rows)
	clash.Rows[0].Clash = &templates.MarkClash{
		Version: 4, By: words.MarkConflict("Trần Văn Khoa", "10:45 hôm nay", false),
		Theirs: templates.TypedMarkText(par.TypedMark{Points: "0,25"}), Reason: "Ban hành chậm 40 ngày",
	}
	clash.Rows[1].Clash = &templates.MarkClash{By: words.MarkConflict("Trần Văn Khoa", "10:46 hôm nay", true), Theirs: templates.TypedMarkText(par.TypedMark{Agrees: true})}
	full := marking
	full.Rows, full.Finishes, full.Agrees, full.First = markingRows()[2:], true, "", ""
	over := marking
	over.First, over.Agrees = "", ""
	over.Reads, over.Resumes, over.Rows, over.NextURL = templates.NoteFieldDone, true, markingRows()[2:], appraised+"/fields/4"
	explain := templates.ExplanationPage{
		Shell: director(templates.TitleExplanation, templates.AtTasks), Head: appraisalHead(appraisal.Explaining), Due: due, Path: appraised + "/explanation", OneURL: appraised,
		Notes: []templates.Note{{Tone: templates.ToneInfo, Text: templates.NoteExplainHow}}, Writes: true, Sends: true, Accepts: true, Key: "k1", Hash: "ab12", Written: 1, Author: "stc.phuonglh",
		Rows: []templates.ExplainRow{
			{Code: "1.1.3", Name: "Mức độ hoàn thành kế hoạch", Max: "1,50", Self: "1,35", First: "1,05", Mark: []string{"Sáu nhiệm vụ chưa có văn bản kết quả.", "Phạm Đức Long, Sở Nội vụ, 10:20 ngày 01/03/2027"},
				Text: "Sáu nhiệm vụ đã có văn bản kết quả trong tháng 12.", Base: 2, About: "Minh Hạnh sửa lúc 09:10 hôm nay", UploadURL: appraised + "/explanation/1.1.3", Files: []templates.ExplainFile{{Hash: "ab12", Name: "ket-qua-thang-12.pdf", URL: appraised + "/files/ab12"}}},
			{Code: "2.4.1", Name: "Xử lý văn bản sau rà soát", Max: "1,00", Self: "1,00", First: "0,50", Mark: []string{"Chỉ xử lý một phần."}, UploadURL: appraised + "/explanation/2.4.1"},
		},
		Saved: "09:10", SavedBy: "Minh Hạnh",
	}
	twice := explain
	twice.Rows = slices.Clone(explain.Rows)
	twice.Rows[1].Text = "Đã xử lý đủ, xem báo cáo số 12"
	twice.Rows[1].Clash = &templates.ExplainClash{Version: 3, By: words.ExplanationConflict("Trần Văn Khoa", "10:42 hôm nay"), Theirs: "Đã xử lý đủ"}
	read := explain
	read.Writes, read.Sends, read.Accepts = false, false, false
	empty := explain
	empty.Written, empty.Shell = 0, specialist(templates.TitleExplanation, templates.AtTasks)
	files := templates.ExplanationFilesPage{
		Shell: specialist(templates.ExplanationFilesTitle("1.1.3"), templates.AtTasks), Head: appraisalHead(appraisal.Explaining), Code: "1.1.3", Path: appraised + "/explanation/1.1.3", Key: "k1",
		BackURL: appraised + "/explanation", Files: explain.Rows[0].Files, Hint: templates.UploadHint("20 MB", appraisal.MaxFiles), Accept: ".pdf",
	}
	run := templates.AppraisalRunPage{
		Shell: officer(templates.TitleAppraisalRun, templates.AtCampaigns), Facts: templates.RunFacts(160, 168), Writes: true, Path: "/campaigns/cs-2026y/appraisal", Base: 1, About: "Phạm Đức Long sửa lúc 09:10 hôm nay", Queue: "/appraisals?campaign=cs-2026y",
		Stages: []templates.StageCount{{Name: "Thẩm định lần 1", Count: 120, Late: templates.LateCount(3)}, {Name: "Chờ đơn vị giải trình", Count: 20}, {Name: "Thẩm định lần 2", Count: 10}, {Name: "Đã có kết quả thẩm định", Count: 10}},
		Fields: []templates.FieldProgressRow{{Field: "1. Công tác chỉ đạo, điều hành", Appraiser: "Sở Nội vụ", Units: 160, Open: 120, Late: 3, Marked: templates.FinishedUnits(40, 160), Bar: 25}},
		Gaps:   []templates.GapRow{{URL: appraised, Unit: "Sở Tài chính", What: templates.GapText(appraisal.First, "1", 3, 10, false), Who: "Sở Nội vụ", Due: "đến hết 15/03/2027", Late: true}}, MoreGaps: templates.MoreGaps(12),
		Rounds: []templates.RoundFields{{Field: "first", Name: templates.RoundName("first"), Days: "20", On: "15/03/2027"}, {Field: "explain", Name: templates.RoundName("explain"), Days: "5"}, {Field: "second", Name: templates.RoundName("second"), Days: "10"}},
	}
	wrong := run
	wrong.Errors = rule.Errors{{Code: appraisal.DaysBad, Field: "explain.days", Args: []any{appraisal.MaxDays}}}
	reading := run
	reading.Writes, reading.Fields, reading.Gaps, reading.Empty = false, nil, nil, templates.NotHandedIn()
	reading.Pairs = []templates.Pair{{Name: "Thẩm định lần 1", Value: templates.RoundText(20, "")}}
	return []Sample{
		{"appraisals", "appraisal/queue", queue}, {"appraisals-none", "appraisal/queue", none}, {"appraisal", "appraisal/show", show}, {"appraisal-broken", "appraisal/show", broken}, {"appraisal-unit", "appraisal/show", unit},
		{"marking", "appraisal/field", marking}, {"marking-broken", "appraisal/field", unread}, {"marking-drafted", "appraisal/field", drafted}, {"marking-conflict", "appraisal/field", clash}, {"marking-full", "appraisal/field", full}, {"marking-over", "appraisal/field", over},
		{"explanation", "appraisal/explanation", explain}, {"explanation-conflict", "appraisal/explanation", twice}, {"explanation-read", "appraisal/explanation", read}, {"explanation-empty", "appraisal/explanation", empty}, {"explanation-files", "appraisal/files", files},
		{"appraisal-run", "appraisal/run", run}, {"appraisal-run-broken", "appraisal/run", wrong}, {"appraisal-run-read", "appraisal/run", reading},
	}
}
