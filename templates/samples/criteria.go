package samples

import (
	"cchc/domain/decimal"
	"cchc/domain/par"
	"cchc/domain/rule"
	"cchc/templates"
)

const setURL = "/forms/cs-cchc-nam/draft"

// sampleSet is a small set with each way to score once.
func sampleSet() par.Set {
	floor, target := decimal.Of(80), decimal.Of(50)
	ratio := func(code, name string, kind par.Kind, rule par.Rule) par.Criterion {
		rule.Without = par.WithoutAll
		return par.Criterion{Code: code, Field: "1", Name: name, Max: 150, Kind: kind, Rule: rule, Evidence: par.EvidenceRequired,
			DoneLabel: "Số nhiệm vụ đã hoàn thành", OfLabel: "Số nhiệm vụ trong kế hoạch"}
	}
	one := func(code, name string, max par.Points, kind par.Kind, rule par.Rule) par.Criterion {
		return par.Criterion{Code: code, Field: "1", Name: name, Max: max, Kind: kind, Rule: rule, Evidence: par.EvidenceRequired}
	}
	set := par.Set{
		Total: 1100, Bonus: 200, Penalty: 500,
		Fields: []par.Field{{Code: "1", Name: "Công tác chỉ đạo, điều hành cải cách hành chính"}, {Code: "2", Name: "Cải cách tài chính công", Appraiser: "STC"}},
		Criteria: []par.Criterion{
			one("1.1.1", "Ban hành Kế hoạch năm đúng thời hạn", 50, par.Date, par.Rule{Deadline: &par.Deadline{Month: 1, Day: 31}, Late: []par.LateStep{{Days: 15, Points: 25}}}),
			one("1.1.2", "Kế hoạch đủ nội dung, rõ sản phẩm, thời gian, trách nhiệm", 50, par.YesNo, par.Rule{}),
			ratio("1.1.3", "Mức độ hoàn thành Kế hoạch năm", par.Formula, par.Rule{Floor: &floor}),
			one("1.2.1", "Đủ số lượng, đúng thời hạn báo cáo định kỳ", 100, par.Deduct, par.Rule{Step: 25}),
			ratio("1.3.2", "Xử lý các vấn đề phát hiện qua kiểm tra", par.Banded, par.Rule{Basis: par.OfRatio, Bands: []par.Band{{From: decimal.Of(80), Share: true}, {From: decimal.Of(100), Points: 150}}}),
			one("1.5.1", "Sáng kiến, giải pháp mới", 100, par.Count, par.Rule{Step: 50}),
			one("1.6.1", "Chấp hành Quy chế 1439", 100, par.Checklist, par.Rule{Items: []par.Item{{Code: par.KeptPeople, Name: "Có đủ người ở từng bước xử lý", Points: 50}, {Code: par.KeptSigned, Name: "Mọi báo cáo được ký số", Points: 50}}}),
			ratio("1.7.2", "Tỷ lệ hồ sơ nộp trực tuyến", par.Cap, par.Rule{Target: &target}),
			one("1.7.1", "Khảo sát: vai trò chỉ đạo, điều hành của lãnh đạo", 200, par.Survey, par.Rule{Weights: []par.Weight{{Group: "nguoi-dan", Percent: 60}, {Group: "cong-chuc", Percent: 40}}}),
			{Code: "2.1.1", Field: "2", Name: "Tỷ lệ giải ngân vốn đầu tư công", Max: 150, Kind: par.Formula, Rule: par.Rule{Floor: &floor, Without: par.WithoutOut}, Evidence: par.EvidenceRequired, MayNotApply: true, Guide: "Theo số liệu của Kho bạc đến ngày 31/01 năm sau."},
		},
		Groups:  []par.Group{{Code: "nguoi-dan", Name: "Người dân"}, {Code: "cong-chuc", Name: "Công chức, viên chức"}},
		Classes: []par.Class{{Name: "Xuất sắc", From: decimal.Of(90)}, {Name: "Tốt", From: decimal.Of(80)}, {Name: "Kém"}},
	}
	set.Criteria[3].Fact, set.Criteria[3].Evidence = par.FactLate, par.EvidenceNone
	set.Criteria[6].Fact, set.Criteria[6].Evidence = par.FactCompliance, par.EvidenceNone
	set.Criteria[8].Evidence = par.EvidenceNone
	return set
}

func setHead(current int) templates.FormDraftHead {
	head := draftHead(0)
	head.URL, head.Name = setURL, templates.FormTitle("Báo cáo tự đánh giá chỉ số cải cách hành chính năm", 2)
	head.List = []templates.SideItem{
		{Title: templates.FormPartGeneral, URL: setURL}, {Title: templates.TitleFormSection, URL: setURL + "/sections", State: "3"},
		{Title: templates.TitleFormScale, URL: setURL + "/scale", State: "1 lỗi", Bad: true}, {Title: templates.TitleFormFields, URL: setURL + "/fields", State: "2"},
		{Code: "1", Title: "Công tác chỉ đạo, điều hành cải cách hành chính", URL: setURL + "/criteria/1", State: "9"},
		{Code: "2", Title: "Cải cách tài chính công", URL: setURL + "/criteria/2", State: "1"},
	}
	head.List[current].Current = true
	return head
}

func criteria() []Sample {
	set := sampleSet()
	scale := templates.FormScalePage{
		Shell: formShell(templates.TitleFormScale), Head: setHead(2), Sum: templates.ScaleSum(set.Criteria),
		ScaleTyped: templates.ScaleTyped{Total: "100", Bonus: "2", Penalty: "5", Classes: par.WriteClasses(set.Classes), Groups: par.WriteGroups(set.Groups)},
	}
	scale.Errors = rule.Errors{{Code: par.SetTotal, Field: "total", Args: []any{"11", "100"}}, {Code: par.LineUnread, Field: par.ClassTable, Args: []any{2}}}
	fields := templates.FormFieldsPage{Shell: formShell(templates.TitleFormFields), Head: setHead(3)}
	for i, f := range set.Fields {
		row := templates.FormFieldRow{
			FormRow: templates.RowAt(i, len(set.Fields), nil), Field: f,
			Appraisers: []templates.Option{{Label: "Sở Nội vụ", Selected: i == 0}, {Value: "STC", Label: "Sở Tài chính", Selected: i == 1}},
		}
		row.Stays = i == 0
		fields.Rows = append(fields.Rows, row)
	}
	edit := templates.FormEditPage{
		Shell: formShell(templates.TitleFormDraft), Head: setHead(0), Key: key, Size: templates.IndexSize(3, len(set.Criteria)), Index: true, Tolerance: "0",
		Problems: []templates.Link{{Label: "Tiêu chí 1.1.3: Mức tối thiểu phải từ 0 đến 100 %.", URL: setURL + "/criteria/1?check=1#criteria-2-floor"}},
	}
	show := templates.FormVersionPage{
		Shell: formShell(templates.TitleForms), URL: "/forms/cs-cchc-nam/versions/1", Chip: templates.FormChip(false), About: templates.FormScale(&set),
		Facts:  templates.FormFacts("cs-cchc-nam", 1, templates.IndexSize(3, len(set.Criteria))),
		Fields: templates.FormFields(&set, func(string) string { return "Sở Tài chính" }),
	}
	preview := templates.FormPreviewPage{Shell: formShell(templates.TitleFormPreview), Head: setHead(0), Criteria: []templates.SectionTask{
		{Code: "1", Title: set.Fields[0].Name, URL: setURL + "/criteria/1", About: templates.ScaleSum(set.InField("1")), State: templates.SectionChip(templates.SectionBlank, 0)},
	}}
	return []Sample{
		{"form-scale", "forms/scale", scale}, {"form-fields", "forms/fields", fields}, {"form-index", "forms/show", show},
		{"form-index-edit", "forms/edit", edit}, {"form-index-preview", "forms/preview", preview},
		{"form-criteria", "forms/criteria", criteriaPage(set, nil)},
		{"form-criteria-broken", "forms/criteria", criteriaPage(set, rule.Errors{{Code: par.SetFloor, Field: "criteria.2.floor"}, {Code: "set_points", Field: "criteria.0.max"}})},
		{"form-criteria-none", "forms/criteria", criteriaPage(par.Set{Fields: set.Fields}, nil)},
	}
}

func criteriaPage(set par.Set, broken rule.Errors) templates.FormCriteriaPage {
	page := templates.FormCriteriaPage{Shell: formShell(set.Fields[0].Name), Head: setHead(4), URL: setURL + "/criteria/1", Field: "1", Sum: templates.ScaleSum(set.InField("1"))}
	page.Errors = broken
	rows := set.InField("1")
	for i, c := range rows {
		typed := templates.CriterionTyped{
			Code: c.Code, Field: c.Field, Name: c.Name, Max: c.Max.Number().VN(), Kind: string(c.Kind), Evidence: string(c.Evidence), Fact: string(c.Fact),
			DoneLabel: c.DoneLabel, OfLabel: c.OfLabel, Deadline: par.WriteDeadline(c.Rule.Deadline), Late: par.WriteLate(c.Rule.Late),
			Basis: string(c.Rule.Basis), Bands: par.WriteBands(c.Rule.Bands), Without: string(c.Rule.Without), Items: par.WriteItems(c.Rule.Items),
			Weights: par.WriteWeights(c.Rule.Weights), Step: "0,25", Floor: "80", Target: "50",
		}
		page.Rows = append(page.Rows, templates.FormCriterionRow{
			FormRow: templates.RowAt(i, len(rows), broken), CriterionTyped: typed, Kinds: templates.KindOptions(typed.Kind),
			Evidences: templates.EvidenceOptions(typed.Evidence), Facts: templates.FactOptions(typed.Fact), Fields: templates.CriterionFieldOptions(set.Fields, "1"),
			Bases: templates.BasisOptions(typed.Basis), Withouts: templates.WithoutOptions(typed.Without), Years: templates.DeadlineYearOptions(""),
			Reading: templates.CriterionReading(set, c), Open: i == 2,
		})
	}
	return page
}
