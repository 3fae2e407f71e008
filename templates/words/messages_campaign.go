package words

import (
	"fmt"

	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
)

// campaignMessages are about launching a campaign and its ladder.
var campaignMessages = map[rule.Code]sentence{
	campaign.CodeBad:   fixed("Mã đợt gồm chữ thường không dấu, chữ số và dấu gạch ngang, từ 2 đến 40 ký tự, ví dụ bc-2026q4."),
	campaign.NameBad:   fixed("Ghi tên đợt, tối đa 300 chữ cái."),
	campaign.PeriodBad: fixed("Chọn kỳ báo cáo."),
	campaign.WindowBad: fixed("Ngày cuối của thời gian chốt số liệu phải từ ngày đầu trở đi."),
	campaign.DueTooEarly: func(a []any) string {
		return fmt.Sprintf("Hạn nộp phải sau ngày chốt số liệu %s, cách ít nhất 1 ngày làm việc.", day(a, 0))
	},
	campaign.DuePast: fixed("Hạn nộp đã qua, chọn ngày khác."),
	campaign.DaysBad: func(a []any) string {
		return fmt.Sprintf("Số ngày làm việc phải từ 1 đến %s.", text(a, 0))
	},
	campaign.UnitsMissing: fixed("Chọn ít nhất một đơn vị."),
	campaign.UnitsTooMany: fixed("Danh sách có quá nhiều đơn vị."),
	campaign.CityAbsent:   fixed("Sở Nội vụ chưa có trong đợt này. Thêm Sở Nội vụ vào đợt rồi chọn lại."),
	campaign.CityInUse: func(a []any) string {
		return fmt.Sprintf("%s nhiệm vụ của các đơn vị đang thực hiện nhiệm vụ của kế hoạch này nên không bỏ chọn được.", text(a, 0))
	},
	campaign.CityNoReason:   fixed("Ghi lý do hoặc văn bản làm căn cứ."),
	campaign.CityNotAsked:   fixed("Sở Nội vụ chưa có trong danh sách đơn vị. Chọn Sở Nội vụ ở mục 5, hoặc bỏ dấu ở đây."),
	campaign.UnitTwice:      func(a []any) string { return fmt.Sprintf("Đơn vị %s có hai lần trong danh sách.", text(a, 0)) },
	campaign.LadderNeedsDue: fixed("Các bước nhắc phải có một bước đúng lúc đến hạn."),

	"campaign_code_taken":  fixed("Mã đợt này đã dùng, chọn mã khác."),
	campaign.PlanNotYear:   fixed("Kế hoạch và chỉ số lập cho một năm. Chọn lại năm."),
	campaign.FormOtherKind: fixed("Biểu mẫu này không dùng cho loại văn bản của đợt."),
	"unit_unknown":         func(a []any) string { return fmt.Sprintf("Không có đơn vị mang mã %s.", text(a, 0)) },
	"unit_in_roster":       fixed("Đơn vị đã có trong đợt."),

	campaign.RequestNumberBad: func(a []any) string {
		return fmt.Sprintf("Ghi số văn bản yêu cầu, tối đa %s ký tự.", text(a, 0))
	},
	campaign.RequestDateBad: fixed("Ngày văn bản yêu cầu không thể sau hôm nay."),
	campaign.RequestIssuerBad: func(a []any) string {
		return fmt.Sprintf("Ghi cơ quan yêu cầu, tối đa %s chữ cái.", text(a, 0))
	},
	campaign.RequestTitleBad: func(a []any) string {
		return fmt.Sprintf("Ghi trích yếu của văn bản yêu cầu, tối đa %s chữ cái.", text(a, 0))
	},
	campaign.RequestMissing: fixed("Báo cáo đột xuất phải có văn bản yêu cầu."),
	campaign.AheadBad:       func(a []any) string { return fmt.Sprintf("Ghi số nguyên từ 1 đến %s.", text(a, 0)) },
	campaign.OutlineMissing: fixed("Ghi ít nhất một phần phải báo cáo."),
	campaign.PeriodNotAsked: fixed("Báo cáo đột xuất không có kỳ."),
	"request_units_unknown": func(a []any) string {
		return fmt.Sprintf("Không có đơn vị nào mang mã hoặc tên: %s.", text(a, 0))
	},

	campaign.SeriesCodeBad:    fixed("Mã lịch gồm chữ thường không dấu, chữ số và dấu gạch ngang, từ 2 đến 30 ký tự, ví dụ hang-thang."),
	campaign.SeriesNameBad:    func(a []any) string { return fmt.Sprintf("Ghi tên đợt, tối đa %s chữ cái.", text(a, 0)) },
	campaign.SeriesFormBad:    fixed("Chọn biểu mẫu."),
	campaign.SeriesPeriodBad:  fixed("Chọn loại kỳ."),
	campaign.SeriesLeadBad:    func(a []any) string { return fmt.Sprintf("Số ngày từ 0 đến %s.", text(a, 0)) },
	campaign.SeriesUnitsNone:  fixed("Chọn ít nhất một đơn vị."),
	campaign.SeriesPlansYear:  fixed("Kế hoạch lập theo năm: chọn loại kỳ là năm."),
	campaign.SeriesProposed:   fixed("Lịch này đã đề xuất đợt nên không xóa được; hãy kết thúc lịch."),
	campaign.SeriesNoReason:   fixed("Ghi lý do kết thúc lịch, tối đa 1.000 chữ cái."),
	campaign.GuidanceMissing:  fixed("Ghi số và ngày văn bản hướng dẫn; chưa có văn bản hướng dẫn thì chưa mở được đợt này."),
	campaign.ProposalDecided:  fixed("Đợt được đề xuất này vừa được người khác mở hoặc ghi không mở."),
	campaign.ProposalNoReason: fixed("Ghi lý do không mở đợt, tối đa 1.000 chữ cái."),
	"series_code_taken":       fixed("Mã lịch này đã dùng, chọn mã khác."),
	"series_changed":          fixed("Người khác vừa sửa lịch này. Mở lại lịch để xem bản mới rồi sửa tiếp."),
	"rule_reason":             fixed("Ghi lý do sửa quy tắc."),

	reminder.KindUnknown: fixed("Không có loại việc này."),
	reminder.AfterOnly:   fixed("Bản điều chỉnh không có hạn: bước nhắc chỉ tính sau khi đến bàn."),
	reminder.Unchanged:   fixed("Các bước chưa có gì khác."),
	reminder.ReasonBad:   func(a []any) string { return fmt.Sprintf("Ghi lý do sửa, tối đa %s chữ cái.", text(a, 0)) },
	reminder.Replaced:    fixed("Người khác vừa sửa các bước này. Mở lại trang để xem bản mới rồi sửa tiếp."),

	period.RuleKind:   fixed("Chọn loại kỳ."),
	period.RuleMonths: func(a []any) string { return fmt.Sprintf("Số tháng trước kỳ từ 0 đến %s.", text(a, 0)) },
	period.RuleDay:    fixed("Ngày trong tháng từ 1 đến 31."),
	period.RuleWindow: fixed("Ngày chốt số liệu phải sau ngày bắt đầu."),
	period.RuleDays: func(a []any) string {
		return fmt.Sprintf("Số ngày làm việc từ %s đến %s; Nghị định 09/2019/NĐ-CP Điều 8.5b đòi ít nhất 1 ngày.", text(a, 0), text(a, 1))
	},
	period.RuleSource:    func(a []any) string { return fmt.Sprintf("Ghi căn cứ, tối đa %s chữ cái.", text(a, 0)) },
	period.RuleCertainty: fixed("Chọn mức chắc chắn của căn cứ."),
	"rule_replaced":      fixed("Người khác vừa sửa quy tắc này. Xem lại quy tắc mới rồi sửa tiếp."),

	"due_cutoff":        fixed("Giờ hạn phải từ 00:01 đến 24:00."),
	"due_shift":         fixed("Chọn cách xử lý khi hạn rơi vào ngày nghỉ."),
	"ladder_empty":      fixed("Thêm ít nhất một bước nhắc."),
	"ladder_too_long":   func(a []any) string { return fmt.Sprintf("Tối đa %s bước nhắc.", text(a, 0)) },
	"ladder_code":       fixed("Mã bước nhắc gồm chữ thường không dấu, chữ số và dấu gạch dưới."),
	"ladder_code_twice": func(a []any) string { return fmt.Sprintf("Mã bước nhắc “%s” có hai lần.", text(a, 0)) },
	"ladder_due_twice":  fixed("Chỉ một bước nhắc đúng lúc đến hạn."),
	"ladder_days": func(a []any) string {
		return fmt.Sprintf("Bước nhắc cách hạn tối đa %s ngày làm việc.", text(a, 1))
	},
	"ladder_hours":             func(a []any) string { return fmt.Sprintf("Bước nhắc cách hạn tối đa %s giờ.", text(a, 0)) },
	"ladder_repeat_before_due": fixed("Chỉ nhắc lặp lại sau hạn."),
	"ladder_recipient_missing": fixed("Chọn người nhận của bước nhắc."),
	"ladder_recipient_unknown": func(a []any) string { return fmt.Sprintf("Không có người nhận “%s”.", text(a, 0)) },
}
