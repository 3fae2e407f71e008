package words

import (
	"fmt"

	"cchc/domain/plan"
	"cchc/domain/rule"
)

// planMessages are the words of domain/plan. The first argument at a cell is the
// row's number, which Problem puts in front.
var planMessages = map[rule.Code]sentence{
	"tasks_unknown": fixed("Biểu mẫu này không có bảng nhiệm vụ."),

	plan.Empty: fixed("Kế hoạch chưa có nhiệm vụ nào."),
	plan.TooMany: func(a []any) string {
		return fmt.Sprintf("Tối đa %s nhiệm vụ, hiện có %s.", text(a, 0), text(a, 1))
	},
	plan.KeyBad:         fixed("Mã của nhiệm vụ này không dùng được. Mở lại trang rồi thử lại."),
	plan.FieldMissing:   fixed("Chưa chọn lĩnh vực."),
	plan.FieldUnknown:   fixed("Biểu mẫu không có lĩnh vực này."),
	plan.NameMissing:    fixed("Chưa ghi nhiệm vụ."),
	plan.ProductMissing: fixed("Chưa ghi sản phẩm dự kiến."),
	plan.KindUnknown:    fixed("Biểu mẫu không có loại sản phẩm này."),
	plan.LeadMissing:    fixed("Chưa ghi đơn vị hoặc người chủ trì."),
	plan.LeadHelps:      fixed("Đơn vị chủ trì không ghi lại ở cột phối hợp."),
	plan.DeadlineMissing: fixed("Chưa ghi thời hạn. " +
		"Nếu không có hạn cụ thể, chọn thường xuyên hoặc theo yêu cầu."),
	plan.DeadlineOutside: func(a []any) string {
		return fmt.Sprintf("Thời hạn phải từ %s đến %s, trong năm của kế hoạch.", day(a, 1), day(a, 2))
	},
	plan.StartUnclear: fixed("Chưa đọc được ngày bắt đầu. Ghi ngày/tháng/năm, ví dụ 01/02/2027."),
	plan.StartOutside: func(a []any) string {
		return fmt.Sprintf("Ngày bắt đầu phải từ %s đến %s, trong năm của kế hoạch.", day(a, 1), day(a, 2))
	},
	plan.StartAfterEnd: func(a []any) string {
		return fmt.Sprintf("Ngày bắt đầu sau thời hạn %s.", day(a, 1))
	},
	plan.Duplicate: func(a []any) string {
		return fmt.Sprintf("Trùng với nhiệm vụ %s: cùng nội dung, chủ trì và thời hạn.", text(a, 1))
	},
	plan.TextTooLong: func(a []any) string {
		return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 1))
	},
	plan.CoordinatingMany: func(a []any) string {
		return fmt.Sprintf("Tối đa %s đơn vị phối hợp.", text(a, 1))
	},
	"task_unit_unknown": func(a []any) string {
		return fmt.Sprintf("Không có đơn vị mang mã %s.", text(a, 1))
	},
	"workbook_unreadable": func(a []any) string {
		return fmt.Sprintf("Không đọc được tệp “%s”. Chọn tệp Excel (.xlsx) không đặt mật khẩu.", text(a, 0))
	},
	"workbook_no_table": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” không có bảng nhiệm vụ: cần một dòng tiêu đề có cột Nhiệm vụ và các cột khác như trong tệp mẫu.", text(a, 0))
	},
	"workbook_empty": func(a []any) string {
		return fmt.Sprintf("Bảng trong tệp “%s” chưa có nhiệm vụ nào.", text(a, 0))
	},
	"workbook_too_large": func(a []any) string {
		return fmt.Sprintf("Tệp “%s” có bảng tính quá rộng hoặc quá dài. Xóa các dòng, cột thừa rồi chọn lại tệp.", text(a, 0))
	},
	plan.EntryNoteMissing: fixed("Chưa ghi nội dung."),
	plan.EntryTooLong: func(a []any) string {
		return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 0))
	},
	plan.EntryPercentBad:    fixed("Ghi số nguyên từ 0 đến 100."),
	plan.EntryNumberMissing: fixed("Chưa ghi số, ký hiệu của văn bản."),
	plan.EntryDateMissing:   fixed("Chưa ghi ngày của văn bản."),
	plan.EntryDateAhead: func(a []any) string {
		return fmt.Sprintf("Ngày của văn bản không được sau hôm nay, %s.", day(a, 0))
	},
	plan.EntryTitleMissing: fixed("Chưa ghi trích yếu của văn bản."),
	plan.EntryNoEvidence:   fixed("Chọn tệp văn bản, hoặc ghi nơi lưu văn bản ở ô Ghi chú."),
	plan.TaskHasResult:     fixed("Nhiệm vụ đã có văn bản kết quả. Rút văn bản đó trước khi ghi văn bản khác."),
	plan.TaskHasNoResult:   fixed("Nhiệm vụ không có văn bản kết quả nào để rút."),
	plan.TaskCancelled:     fixed("Nhiệm vụ không còn trong kế hoạch đã duyệt."),
	plan.CityUnclear:       fixed("Chưa rõ nhiệm vụ nào của Thành phố. Ghi số thứ tự trong kế hoạch của Thành phố, hoặc đủ chữ để chỉ một nhiệm vụ."),
	"task_city_unknown":    fixed("Kế hoạch của Thành phố không có nhiệm vụ này."),

	plan.OrderIssuerMissing: fixed("Chưa ghi cơ quan, người ban hành văn bản."),
	plan.OrderFileMissing:   fixed("Chưa có tệp của văn bản điều chỉnh."),
	plan.AdjustmentEmpty:    fixed("Chưa điều chỉnh nhiệm vụ nào."),
	plan.AdjustedGone:       fixed("Nhiệm vụ không còn trong kế hoạch. Bỏ dòng này khỏi bản điều chỉnh."),
	plan.AdjustedDone:       fixed("Nhiệm vụ đã có văn bản kết quả, không điều chỉnh được. Giữ nguyên nhiệm vụ này."),
	plan.AdjustedSame:       fixed("Chưa có gì khác với kế hoạch. Sửa nội dung hoặc giữ nguyên."),
	plan.AdjustReason:       fixed("Chưa ghi lý do điều chỉnh."),
	plan.AdjustedPast: func(a []any) string {
		return fmt.Sprintf("Thời hạn mới trước ngày của văn bản điều chỉnh, %s.", day(a, 1))
	},
	plan.AdjustReasonLong: func(a []any) string {
		return fmt.Sprintf("Dài quá, tối đa %s chữ cái.", text(a, 1))
	},
	plan.AdjustmentOutdated: fixed("Kế hoạch đang được mở lại để chỉnh sửa. Khi kế hoạch được duyệt lại thì điều chỉnh tiếp."),
	plan.AdjustmentMoved:    fixed("Kế hoạch đã thay đổi sau khi bản điều chỉnh được trình. Trả lại để đơn vị xem và trình lại."),

	plan.DeadlineUnclear: fixed("Chưa đọc được thời hạn. " +
		"Ghi ngày (30/06/2026), tháng (tháng 6/2026), quý (quý II/2026), thường xuyên hoặc theo yêu cầu."),
}

// taskPlace is where a rule of a plan's table is broken, "Nhiệm vụ 3, thời hạn";
// false for other places.
func taskPlace(e rule.Error) (string, bool) {
	_, column, ok := plan.ParseTaskField(e.Field)
	row := text(e.Args, 0)
	if !ok || row == "" {
		return "", false
	}
	place := "Nhiệm vụ " + row
	if column != "" {
		place += ", " + lower(TaskColumn(column))
	}
	return place, true
}
