package samples

import (
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

const assessed = "cs-2026y-STC"

func scores() []Sample {
	set := sampleSet()
	h := head(document.InDrafting, 0)
	h.ID, h.Title, h.Noun, h.Window = assessed, "Tự đánh giá chỉ số CCHC năm 2026", "báo cáo", "Đánh giá từ 01/01/2026 đến 31/12/2026"
	page := templates.ScoresPage{
		Shell: specialist(set.Fields[0].Name, templates.AtTasks), Document: h, Heading: "1. " + set.Fields[0].Name,
		Action: "/documents/" + assessed + "/scores/1", FilesURL: "/documents/" + assessed + "/files", Next: "2", Sum: "5,25 / 8,00 điểm", Saved: "10:42", SavedBy: "Minh Hạnh",
		List: []templates.SideItem{
			{Code: "I", Title: "Kết quả tự đánh giá", URL: "/documents/" + assessed + "/sections/I", Icon: "check-lg", State: "đã viết"},
			{Code: "1", Title: set.Fields[0].Name, URL: "/documents/" + assessed + "/scores/1", State: "2 lỗi", Bad: true, Current: true},
		},
	}
	for i, c := range set.InField("1") {
		row := templates.ScoreRow{
			FormRow: templates.RowAt(i, 9, nil), Code: c.Code, Name: c.Name, Max: c.Max.VN(), Kind: c.Kind, Ratio: c.Ratio(), Counted: c.Counted(),
			Asked: c.Asked(), Fact: c.Fact != "", MayNotApply: i == 2, Rule: words.CriterionRule(set, c), Guide: c.Guide,
			DoneName: words.DoneLabel(c), OfName: words.OfLabel(c), About: "Minh Hạnh sửa lúc 09:10 hôm nay",
		}
		if c.Kind == par.YesNo || c.Kind == par.Date {
			row.Yes = templates.YesNoOptions("true", words.AnswerYes(c), words.AnswerNo(c))
		}
		if c.Kind == par.Checklist {
			row.Items = []templates.ScoreItem{{Code: "item_people", Name: "Có đủ người ở từng bước xử lý", Choices: templates.YesNoOptions("", words.Yes, words.No)}}
		}
		if row.Proves = c.Evidence == par.EvidenceRequired; row.Proves {
			row.Files = []templates.ScoreFile{{Hash: "ab12", Name: "ke-hoach-2026.pdf", Chosen: i == 0}, {Hash: "cd34", Name: "bao-cao-quy-1.pdf"}}
		}
		if i == 2 {
			row.WhyTitle, row.Done, row.Of, row.Points, row.Why = "Vì sao 1,35 điểm?", "54", "60", "1,35", []string{"54 trên 60 là 90 %.", "90 % của 1,50 điểm: 1,35 điểm."}
			row.Problems = []string{"Chưa có tệp minh chứng."}
		}
		page.Rows = append(page.Rows, row)
	}
	broken := page
	broken.Errors = rule.Errors{{Code: "figure_not_number", Field: "answers.2.done"}}
	broken.Rows = append([]templates.ScoreRow{}, page.Rows...)
	broken.Rows[2].FormRow.Errors, broken.Rows[2].Done, broken.Rows[2].Open = broken.Errors, "năm mươi", true
	clash := page
	clash.Rows = append([]templates.ScoreRow{}, page.Rows...)
	clash.Rows[2].Clash = &templates.ScoreClash{
		Version: 4, By: words.ScoreConflict("Trần Văn Khoa", "10:42 hôm nay"),
		Theirs: []string{"Số đã thực hiện: 5", "Tổng số: 6"}, Explanation: "Theo báo cáo quý IV", Files: 2,
	}
	none := page
	none.Next, none.Rows = "", append([]templates.ScoreRow{}, page.Rows[:1]...)
	none.Rows[0].Files = nil
	return []Sample{{"scores", "index/scores", page}, {"scores-broken", "index/scores", broken}, {"scores-clash", "index/scores", clash}, {"scores-none", "index/scores", none}}
}
