package samples

import (
	"strings"
	"time"

	"cchc/domain/form"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/templates"
)

var (
	formsNow = time.Date(2026, 11, 23, 3, 42, 0, 0, time.UTC)
	draftURL = "/forms/bc-cchc-quy/draft"
)

// sampleForm is a form that is being edited.
func sampleForm() form.Version {
	count := func(code, name string, indent int) form.Indicator {
		one := form.NewIndicator("Cải cách thủ tục hành chính", code)
		one.Name, one.Unit, one.Indent = name, "hồ sơ", indent
		return one
	}
	share := count("3.26", "Tỷ lệ giải quyết đúng hạn", 0)
	share.Unit, share.Type, share.Numerator, share.Denominator = "%", form.TypeRatio, "3.19+3.20", "3.18"
	share.AcrossUnits, share.AcrossTime = form.AcrossUnitsRatio, form.AcrossTimeRatio
	return form.Version{
		Code: "bc-cchc-quy", Number: 2, Title: quarterly, Tolerance: 30,
		Sections: []form.Section{
			{Code: "I", Title: "Công tác chỉ đạo, điều hành cải cách hành chính", Required: true, Hint: "Kế hoạch và việc thực hiện chế độ báo cáo; kiểm tra; tuyên truyền."},
			{Code: "II.1", Title: "Cải cách thể chế", Required: true, Parent: "II. Kết quả thực hiện các nội dung cải cách hành chính"},
			{Code: "V", Title: "Kiến nghị, đề xuất"},
		},
		Indicators: []form.Indicator{count("3.18", "Hồ sơ đã giải quyết", 0), count("3.19", "Trước hạn", 1), count("3.20", "Đúng hạn", 1), share},
		Checks: []form.Check{
			{Severity: form.SeverityError, Rule: "3.18=3.19+3.20", Note: "Đã giải quyết gồm trước hạn và đúng hạn"},
			{Severity: form.SeverityWarning, Rule: "3.26>=95%"}, {Severity: form.SeverityError, Rule: "3.18<3.19"},
		},
	}
}

func draftHead(current int) templates.FormDraftHead {
	head := templates.FormDraftHead{
		URL: draftURL, Name: templates.FormTitle(quarterly, 2), Version: 7,
		Saved: templates.FormSaved("Phạm Đức Long", formsNow.Add(-time.Minute), formsNow),
		List: []templates.SideItem{
			{Title: templates.FormPartGeneral, URL: draftURL}, {Title: templates.TitleFormSection, URL: draftURL + "/sections", State: "3"},
			{Code: "1", Title: "Cải cách thủ tục hành chính", URL: draftURL + "/groups/1", State: "4"},
			{Title: templates.TitleFormChecks, URL: draftURL + "/checks", State: "1 lỗi", Bad: true},
		},
	}
	head.List[current].Current = true
	return head
}

func formShell(title string) templates.Shell {
	shell := officer(title, templates.AtCampaigns)
	shell.Crumbs = []templates.Crumb{{Label: templates.TitleForms, URL: "/forms"}, {Label: title}}
	return shell
}

func forms() []Sample {
	v := sampleForm()
	published := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	list := templates.FormsPage{
		Shell: officer(templates.TitleForms, templates.AtCampaigns), Edits: true, Key: key,
		Forms: []templates.FormCard{{
			Code: v.Code, Title: quarterly, From: "bc-cchc-quy.1",
			Draft: &templates.FormDraftNote{URL: draftURL, Text: templates.FormDraftText("Phạm Đức Long", formsNow.Add(-time.Minute), formsNow)},
			Versions: []templates.FormVersionRow{
				{URL: "/forms/bc-cchc-quy/versions/1", Name: templates.VersionName(1), Published: "09:00 ngày 02/03/2026", By: templates.FormShipped, Size: templates.FormSize(10, 105, 42), Uses: templates.FormUses(5), Chip: templates.FormChip(false)},
			},
		}, {
			Code: "bc-cchc-nam", Title: "Báo cáo cải cách hành chính năm", From: "bc-cchc-nam.2",
			Versions: []templates.FormVersionRow{
				{URL: "/forms/bc-cchc-nam/versions/2", Name: templates.VersionName(2), Published: "10:00 ngày 01/11/2026", By: "Phạm Đức Long", Size: templates.FormSize(12, 110, 44), Uses: templates.FormUses(0), Chip: templates.FormChip(false)},
				{URL: "/forms/bc-cchc-nam/versions/1", Name: templates.VersionName(1), Published: "09:00 ngày 02/03/2026", By: "Phạm Đức Long", Size: templates.FormSize(12, 108, 44), Uses: templates.FormUses(1), Chip: templates.FormChip(true)},
			},
		}},
	}
	list.New.From = templates.NewFormFrom("", list.Forms)
	broken := list
	broken.Errors = rule.Broken("form_code", "code")
	broken.New = templates.NewForm{Code: "Báo cáo", Title: "Báo cáo năm", Open: true, From: list.New.From}
	none := templates.FormsPage{Shell: specialist(templates.TitleForms, templates.AtCampaigns), Empty: templates.NoForms()}
	return append([]Sample{{"forms", "forms/list", list}, {"forms-broken", "forms/list", broken}, {"forms-none", "forms/list", none}},
		append(formVersions(v, published), formDrafts(v)...)...)
}

func formVersions(v form.Version, published time.Time) []Sample {
	show := templates.FormVersionPage{
		Shell: formShell(templates.FormTitle(quarterly, 2)), Edits: true, Key: key, URL: "/forms/bc-cchc-quy/versions/2", Chip: templates.FormChip(false), From: "bc-cchc-quy.2",
		Facts:    templates.FormFacts(v.Code, 2, templates.FormSize(3, 4, 3)),
		About:    templates.FormAbout(published, "Phạm Đức Long", "6218/SNV-CCHC ngày 20/11/2026", "Theo hướng dẫn mới của Bộ Nội vụ"),
		Sections: v.Sections, Uses: []templates.Link{{Label: quarterly, URL: campaignURL}}, More: templates.MoreUses(3),
		Groups:  []templates.FormGroup{{Heading: "1. Cải cách thủ tục hành chính"}},
		Changes: templates.FormChanges(formChanges()),
	}
	for _, one := range v.Indicators {
		show.Groups[0].Rows = append(show.Groups[0].Rows, templates.IndicatorOf(one))
	}
	show.Groups[0].Rows[1].Until = "30/06/2025"
	for _, check := range v.Checks[:2] {
		show.Checks = append(show.Checks, templates.FormCheck{Rule: check.Rule, Reading: "3.18 (Hồ sơ đã giải quyết) phải bằng 3.19 (Trước hạn) cộng 3.20 (Đúng hạn)", Note: check.Note, Chip: templates.SeverityChip(check.Severity)})
	}
	retired := show
	retired.Chip, retired.Changes, retired.Uses, retired.More, retired.Checks = templates.FormChip(true), nil, nil, "", nil
	retired.Draft, retired.Retired = draftURL, templates.RetiredNote("Phạm Đức Long", published, "Đã có mẫu mới.")
	unsaid := show
	unsaid.Errors = rule.Broken("form_reason", "reason")
	return []Sample{{"form", "forms/show", show}, {"form-retired", "forms/show", retired}, {"form-unsaid", "forms/show", unsaid}}
}

func formChanges() []form.Change {
	return []form.Change{
		{Part: form.PartSection, How: form.Added, Code: "II.1", Name: "Cải cách thể chế"},
		{Part: form.PartIndicator, How: form.Changed, Code: "3.26", Name: "Tỷ lệ giải quyết đúng hạn", Fields: []form.FieldChange{
			{Field: "name", Before: "Tỷ lệ đúng hạn", After: "Tỷ lệ giải quyết đúng hạn"}, {Field: "numerator", Before: "3.19", After: "3.19+3.20"},
		}},
		{Part: form.PartIndicator, How: form.Moved, Code: "3.20", Name: "Đúng hạn"},
		{Part: form.PartCheck, How: form.Removed, Code: "3.27>=3.21"},
	}
}

func formDrafts(v form.Version) []Sample {
	edit := templates.FormEditPage{
		Shell: formShell(templates.TitleFormDraft), Head: draftHead(0), Key: key, Draft: v, Tolerance: "30", Size: templates.FormSize(3, 4, 3),
		Groups: []templates.FormGroupRow{
			{Heading: "1. Cải cách thủ tục hành chính", Name: "Cải cách thủ tục hành chính", URL: draftURL + "/groups/1", Count: templates.GroupCountOf(4), First: true},
			{Heading: "2. Cải cách tài chính công", Name: "Cải cách tài chính công", URL: draftURL + "/groups/2", Count: templates.GroupCountOf(9), Last: true},
		},
		Problems: []templates.Link{{Label: "Quy tắc dòng 3: Không đọc được từ ký tự 5, “<3.19”: ở đây cần <=, >= hoặc =.", URL: draftURL + "/checks?check=1#checks-2-rule"}},
	}
	sound := edit
	sound.Problems, sound.Groups = nil, nil
	sections := templates.FormSectionsPage{Shell: formShell(templates.TitleFormSection), Head: draftHead(1)}
	for i, one := range v.Sections {
		sections.Rows = append(sections.Rows, templates.FormSectionRow{FormRow: templates.RowAt(i, len(v.Sections), nil), Section: one})
	}
	clash := sections
	clash.Head.Clash = &templates.FormConflict{By: "Trần Văn Khoa", When: "10:42 hôm nay", URL: draftURL + "/sections"}
	for _, one := range formChanges()[:2] {
		clash.Head.Clash.Changes = append(clash.Head.Clash.Changes, templates.FormChangeOf(one))
	}
	empty := templates.FormSectionsPage{Shell: formShell(templates.TitleFormSection), Head: draftHead(1)}
	empty.Head.Undo = 6
	table := plan.Table{
		Fields:   []plan.Choice{{Code: "chi-dao", Name: "Chỉ đạo, điều hành cải cách hành chính"}, {Code: "the-che", Name: "Cải cách thể chế"}, {Code: "", Name: "Chuyển đổi số"}},
		Products: []plan.Choice{{Code: "bao-cao", Name: "Báo cáo"}, {Code: "quyet-dinh", Name: "Quyết định"}},
		Deadline: plan.DefaultDeadlineRule(),
	}
	choices := func(title, name string, rows []plan.Choice, broken rule.Errors) templates.FormChoicesPage {
		page := templates.FormChoicesPage{Shell: formShell(title), Head: draftHead(1), URL: draftURL + "/" + name, Table: strings.ReplaceAll(name, "-", ".")}
		page.Errors = broken
		for i, one := range rows {
			page.Rows = append(page.Rows, templates.FormChoiceRow{FormRow: templates.RowAt(i, len(rows), broken), Choice: one})
		}
		return page
	}
	return []Sample{
		{"form-plan-fields", "forms/choices", templates.FieldsPage(choices(templates.TitlePlanFields, "plan-fields", table.Fields, rule.Errors{{Code: "form_choice_code", Field: "plan.fields.2.code"}}), table.Deadline)},
		{"form-plan-products", "forms/choices", templates.ProductsPage(choices(templates.TitlePlanProducts, "plan-products", table.Products, nil))},
		{"form-edit", "forms/edit", edit}, {"form-edit-sound", "forms/edit", sound}, {"form-sections", "forms/sections", sections},
		{"form-sections-clash", "forms/sections", clash}, {"form-sections-empty", "forms/sections", empty},
		{"form-indicators", "forms/indicators", formIndicators(v, nil)}, {"form-indicators-broken", "forms/indicators", formIndicators(v, rule.Errors{{Code: "form_missing", Field: "indicators.0.unit"}, {Code: "form_rule_unknown", Field: "indicators.3.numerator", Args: []any{"3.99"}}})},
		{"form-checks", "forms/checks", formChecks(v)}, {"form-preview", "forms/preview", formPreview(v)},
		{"form-publish", "forms/publish", formPublish()}, {"form-publish-first", "forms/publish", formPublishFirst()},
	}
}

func formIndicators(v form.Version, broken rule.Errors) templates.FormIndicatorsPage {
	page := templates.FormIndicatorsPage{
		Shell: formShell("1. Cải cách thủ tục hành chính"), Head: draftHead(2), URL: draftURL + "/groups/1", Group: v.Indicators[0].Group, Name: v.Indicators[0].Group, Number: 1,
	}
	page.Errors = broken
	for i, one := range v.Indicators {
		row := templates.FormIndicatorRow{
			FormRow: templates.RowAt(i, len(v.Indicators), broken), Indicator: one, Types: templates.TypeOptions(one.Type), Times: templates.AcrossTimeOptions(one.AcrossTime),
			Indents: templates.IndentOptions(one.Indent), Groups: templates.FormGroupOptions(v.Groups(), one.Group), Open: i == 3,
		}
		if row.Ratio() {
			row.Reading = "Bằng 3.19 (Trước hạn) cộng 3.20 (Đúng hạn), chia cho 3.18 (Hồ sơ đã giải quyết)."
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

func formChecks(v form.Version) templates.FormChecksPage {
	broken := rule.Errors{{Code: "form_rule_syntax", Field: "checks.2.rule", Args: []any{5, form.WantComparison, "<3.19"}}}
	page := templates.FormChecksPage{Shell: formShell(templates.TitleFormChecks), Head: draftHead(3)}
	page.Errors = broken
	for i, one := range v.Checks {
		row := templates.FormCheckRow{FormRow: templates.RowAt(i, len(v.Checks), broken), Check: one, Severities: templates.SeverityOptions(one.Severity)}
		if i == 0 {
			row.Reading = "3.18 (Hồ sơ đã giải quyết) phải bằng 3.19 (Trước hạn) cộng 3.20 (Đúng hạn)"
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

func formPreview(v form.Version) templates.FormPreviewPage {
	page := templates.FormPreviewPage{Shell: formShell(templates.TitleFormPreview), Head: draftHead(0)}
	for _, one := range v.Sections {
		page.Sections = append(page.Sections, templates.SectionTask{Code: one.Code, Title: one.Title, URL: draftURL + "/preview", State: templates.SectionChip(templates.SectionBlank, 0)})
	}
	page.Groups = []templates.SectionTask{{Code: "1", Title: v.Indicators[0].Group, URL: draftURL + "/preview?group=1#grid", About: "0/4 chỉ tiêu", State: templates.SectionChip(templates.SectionBlank, 0)}}
	page.Grid = templates.FiguresPage{Group: 1, Heading: "1. Cải cách thủ tục hành chính", Current: templates.PreviewPeriod}
	for _, one := range v.Indicators {
		page.Grid.Rows = append(page.Grid.Rows, templates.FigureRow{Code: one.Code, Name: one.Name, Unit: one.Unit, Indent: one.Indent, Computed: one.Type == form.TypeRatio, Blank: one.Type != form.TypeRatio})
	}
	return page
}

func formPublish() templates.FormPublishPage {
	page := templates.FormPublishPage{
		Shell: formShell(templates.TitleFormPublish), Head: draftHead(0), Key: key, Button: templates.PublishButton(2), Changes: templates.FormChanges(formChanges()),
		Unusual: []templates.FormMapRow{
			{Code: "3.5", Name: "Hồ sơ giải quyết trực tuyến", From: "3.2", Break: true, Problem: "Ghi lý do không so sánh được với số liệu trước."},
			{Code: "3.7", Name: "Tỷ lệ trực tuyến"},
		},
		Usual:   []templates.FormMapRow{{Code: "3.18", Name: "Hồ sơ đã giải quyết", From: "3.18"}},
		Retired: []templates.FormRetiredRow{{Code: "3.3", Name: "Hồ sơ trễ hạn", Problem: "Mã cũ này chưa dẫn đến đâu: đánh dấu thôi thu thập, hoặc ghi nó ở chỉ tiêu tiếp nối."}},
	}
	page.Errors = rule.Errors{{Code: "form_map_note", Field: "map.3.5"}, {Code: "form_map_lost", Field: "retired.3.3"}, {Code: "form_guidance", Field: "guidance"}}
	return page
}

func formPublishFirst() templates.FormPublishPage {
	return templates.FormPublishPage{Shell: formShell(templates.TitleFormPublish), Head: draftHead(0), Key: key, Button: templates.PublishButton(1), First: true}
}
