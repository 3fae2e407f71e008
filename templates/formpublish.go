package templates

import (
	"fmt"
	"strconv"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/templates/words"
)

// FormPublishPage is GET and POST /forms/{form}/draft/publish. It posts key,
// base_version, guidance, note, and for each indicator "map.<code>" (the earlier
// codes it continues, empty for a new one), "break.<code>" and "why.<code>"; for
// each earlier one that is gone "retired.<code>".
type FormPublishPage struct {
	Shell
	Head     FormDraftHead
	Key      string
	Button   string
	First    bool // nothing is published yet: there is nothing to compare with
	Changes  []FormChangePart
	Unusual  []FormMapRow // to be confirmed one by one
	Usual    []FormMapRow // the same code, measured alike
	Retired  []FormRetiredRow
	Guidance string
	Note     string
}

// FormMapRow is what an indicator of the new version continues.
type FormMapRow struct {
	Code, Name string
	From       string // as typed
	Break      bool
	Why        string
	Problem    string // the sentence of what is wrong with it
}

// FormRetiredRow is an indicator of the version before that stands nowhere now.
type FormRetiredRow struct {
	Code, Name string
	Retired    bool
	Problem    string
}

// FormChangePart is the changes of one part of a form.
type FormChangePart struct {
	Title string
	Rows  []FormChange
}

// FormChange is one changed row.
type FormChange struct {
	Chip   Chip
	Code   string
	Name   string
	Fields []FormFieldChange
}

// FormFieldChange is one field of it.
type FormFieldChange struct{ Name, Before, After string }

var changeChips = map[string]Chip{
	form.Added:   {Icon: "plus-lg", Class: "done", Word: "Thêm"},
	form.Removed: {Icon: "dash-circle", Class: "bad", Word: "Bỏ"},
	form.Changed: {Icon: "pencil", Class: "work", Word: "Sửa"},
	form.Moved:   {Icon: "arrow-down", Class: "off", Word: "Đổi chỗ"},
}

var partTitles = map[string]string{
	form.PartGeneral: "Thông tin chung", form.PartSection: "Phần lời", form.PartIndicator: "Chỉ tiêu", form.PartCheck: "Quy tắc kiểm tra",
	form.PartScale: TitleFormScale, form.PartField: TitleFormFields, form.PartCriterion: "Tiêu chí",
	form.PartPlanField: TitlePlanFields, form.PartPlanProduct: TitlePlanProducts,
}

var fieldNames = map[string]string{
	"title": "Tên", "tolerance": "Ngưỡng thay đổi", "required": "Bắt buộc", "hint": "Gợi ý", "parent": "Đề mục lớn",
	"code": "Mã", "name": "Tên", "group": "Nhóm", "unit": "Đơn vị tính", "type": "Kiểu số", "numerator": "Tử số", "denominator": "Mẫu số",
	"across_time": "Gộp qua các kỳ", "valid_to": "Thu thập đến hết ngày", "indent": "Bậc", "severity": "Mức", "note": "Ghi chú",
	"total": "Thang điểm", "bonus": "Điểm thưởng tối đa", "penalty": "Điểm trừ tối đa", "classes": "Xếp loại", "groups": "Nhóm khảo sát",
	"appraiser": "Cơ quan thẩm định", "field": "Lĩnh vực", "max": "Điểm tối đa", "kind": "Cách tính điểm", "deadline": "Hạn", "late": "Trễ hạn",
	"floor": "Mức tối thiểu", "target": "Ngưỡng", "basis": "Bậc tính theo", "bands": "Các bậc", "without": "Khi không phát sinh", "may_pass": "Được vượt tổng số",
	"step": "Điểm mỗi trường hợp", "items": "Danh mục", "weights": "Trọng số", "evidence": "Minh chứng", "guide": "Hướng dẫn", "fact": "Nguồn số liệu",
	"may_not_apply": "Có thể không áp dụng", "needs_remark": "Cần nhận xét khi thẩm định", "done_label": "Tên số đã thực hiện", "of_label": "Tên tổng số",
	"excludes_date": "Hạn theo ngày", "cutoff": "Giờ cuối của hạn", "shift": "Hạn rơi vào ngày nghỉ",
}

// FormChanges are changes in words, part by part.
func FormChanges(changes []form.Change) []FormChangePart {
	var parts []FormChangePart
	for _, one := range changes {
		title := partTitles[one.Part]
		if len(parts) == 0 || parts[len(parts)-1].Title != title {
			parts = append(parts, FormChangePart{Title: title})
		}
		last := &parts[len(parts)-1]
		last.Rows = append(last.Rows, FormChangeOf(one))
	}
	return parts
}

// FormChangeOf is one change in words.
func FormChangeOf(one form.Change) FormChange {
	row := FormChange{Chip: changeChips[one.How], Code: one.Code, Name: one.Name}
	for _, field := range one.Fields {
		row.Fields = append(row.Fields, FormFieldChange{
			Name: fieldNames[field.Field], Before: fieldValue(field.Field, field.Before), After: fieldValue(field.Field, field.After),
		})
	}
	return row
}

var yesNo = map[string]string{"true": "có", "false": "không"}

// fieldValue is a field's text as people know it.
func fieldValue(field, value string) string {
	fixed := map[string]map[string]string{
		"type": typeWords, "severity": severityWords, "across_time": timeWords,
		"required": yesNo, "may_pass": yesNo, "may_not_apply": yesNo, "needs_remark": yesNo, "indent": {"0": "chỉ tiêu chính", "1": "chỉ tiêu con"},
		"excludes_date": {"true": "trước ngày đó", "false": "hết ngày đó"},
	}[field]
	if word, ok := fixed[value]; ok {
		return word
	}
	choice, known := criterionChoices[field]
	switch {
	case value == "":
		return "để trống"
	case known:
		return choice(value)
	case field == "tolerance":
		return value + " %"
	case field == "shift":
		return words.Shift(period.Shift(value))
	case field == "cutoff":
		if minutes, err := strconv.Atoi(value); err == nil {
			return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
		}
	}
	return value
}

// MapProblem is what is wrong at a field of a mapping.
func MapProblem(broken rule.Errors, field string) string { return errorAt(broken, field) }

// PublishButton names the version that is published.
func PublishButton(number int) string { return "Công bố phiên bản " + strconv.Itoa(number) }
