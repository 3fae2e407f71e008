package templates

// Words of the workbooks that boards are taken away as. The web gives each column
// its width and type.

// Names of the sheets.
const (
	SheetBoard   = "Theo dõi đợt"
	SheetOverdue = "Quá hạn"
)

// BoardSheet are the titles of the board's columns.
var BoardSheet = []string{
	"Đơn vị", "Loại đơn vị", "Bước", "Người đang giữ", "Bàn đang giữ", "Giữ từ",
	"Ngày làm việc ở chuyên viên", "Ngày làm việc ở trưởng phòng", "Ngày làm việc ở thủ trưởng", "Ngày làm việc ở Sở Nội vụ",
	"Ngày cuối", "Đến giờ", "Quá hạn, ngày làm việc", "Nộp lần đầu", "Xếp loại", "Số lần trả lại", "Số lần mở lại", "Lần trình", "Nguyên nhân đã ghi",
}

// OverdueSheet are the titles of the register's columns.
var OverdueSheet = []string{
	"Đơn vị", "Loại đơn vị", "Bàn đang giữ", "Người đang giữ", "Giữ từ", "Ngày cuối", "Đến giờ",
	"Quá hạn, ngày làm việc", "Nguyên nhân theo trạng thái", "Nguyên nhân đã ghi", "Người ghi", "Ghi lúc",
}
