package templates

import "cchc/domain/staff"

// FirstLook is what a newcomer reads on the home page: what people in their role
// do here, in a few lines, each with a place to go to.
type FirstLook struct {
	Title string
	Lines []FirstLookLine
}

// FirstLookLine is one sentence and where it leads.
type FirstLookLine struct {
	Text string
	Link Link
}

// FirstLookOf is the panel of a role.
func FirstLookOf(role staff.Role) *FirstLook {
	lines, known := firstLooks[role]
	if !known {
		return nil
	}
	return &FirstLook{Title: firstLookTitle, Lines: lines}
}

const firstLookTitle = "Bắt đầu từ đây"

var (
	lineNotices = FirstLookLine{"Việc mới, nhắc hạn, trả lại đều có ở chuông và trong thư.", Link{"Mở thông báo", "/notices"}}
	lineHelp    = FirstLookLine{"Ở trang nào cũng có dấu hỏi ở đầu trang, mở hướng dẫn của đúng trang đó.", Link{"Xem mọi hướng dẫn", "/help"}}
)

var firstLooks = map[staff.Role][]FirstLookLine{
	staff.Specialist: {
		{"Báo cáo đến lượt bạn nằm ngay dưới đây. Bấm một dòng để mở, viết từng phần; nội dung tự lưu.", Link{"Viết phần lời", "/help/section"}},
		{"Số liệu dán được từ Excel; kỳ trước hiện ngay bên cạnh.", Link{"Nhập phụ lục số liệu", "/help/figures"}},
		{"Đủ rồi thì kiểm tra một lần và trình trưởng phòng.", Link{"Kiểm tra và trình", "/help/check"}},
		lineHelp,
	},
	staff.DivisionHead: {
		{"Văn bản chờ bạn nằm ngay dưới đây, làm được cả trên điện thoại.", Link{"Xem xét và quyết định", "/help/review"}},
		{"Đạt thì trình ký số; chưa đạt thì trả lại, ghi rõ từng điểm.", Link{"Trả lại để bổ sung", "/help/return"}},
		lineNotices, lineHelp,
	},
	staff.Director: {
		{"Văn bản chờ ký nằm ngay dưới đây. Chữ ký số của bạn là lúc đơn vị nộp báo cáo.", Link{"Ký số", "/help/sign"}},
		{"Nội dung chưa đạt thì trả lại trước khi ký.", Link{"Trả lại để bổ sung", "/help/return"}},
		{"Đơn vị có báo cáo nào, đang ở chỗ ai, xem theo đợt.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		lineHelp,
	},
	staff.Clerk: {
		{"Văn bản ở bước Chờ ký số có thể cấp số trước; không cấp thì số tự lấy khi ký.", Link{"Cấp số văn bản", "/help/number"}},
		{"Văn bản của đơn vị tìm theo đợt.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		lineHelp,
	},
	staff.FocalOfficer: {
		{"Bạn theo dõi mọi báo cáo của đơn vị: đang ở bước nào, ai đang giữ, hạn khi nào.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		lineNotices, lineHelp,
	},
	staff.Officer: {
		{"Văn bản chờ xác nhận nằm ngay dưới đây, quá hạn ở trên cùng.", Link{"Xem xét và quyết định", "/help/review"}},
		{"Bảng của mỗi đợt cho biết ai đang giữ, giữ bao lâu; một lần bấm để nhắc.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		{"Kỳ mới thì mở đợt: hạn và lời nhắc được đề xuất sẵn, xem trước rồi mới gửi.", Link{"Mở đợt báo cáo", "/campaigns/new"}},
		lineHelp,
	},
	staff.AuthorityHead: {
		{"Bảng của mỗi đợt cho biết bao nhiêu đơn vị đã xong, ai đang giữ, nơi nào chậm.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		{"Văn bản cần bạn xác nhận và những nơi chậm quá mốc nằm ở Việc của tôi và Thông báo.", Link{"Mở thông báo", "/notices"}},
		lineHelp,
	},
	staff.AccountAdmin: {
		{"Cấp tài khoản, giao và kết thúc vai trò; việc đi theo vai trò, không theo người.", Link{"Mở Quản trị", "/admin/accounts"}},
		{"Nhiều người cùng lúc thì tạo từ danh sách; mã kích hoạt chỉ hiện một lần.", Link{"Tạo tài khoản từ danh sách", "/help/import"}},
		{"Vai trò không có người và thư bị từ chối cần xem hằng tuần.", Link{"Thông báo chưa đến được", "/notices/unreached"}},
		lineHelp,
	},
	staff.SystemAdmin: {
		{"Quyết định chờ lâu, quy trình im lặng, thư không gửi được: xem ở một trang.", Link{"Mở Vận hành", "/operations"}},
		{"Đánh thức một quy trình là việc an toàn, làm bao nhiêu lần cũng được.", Link{"Hướng dẫn vận hành", "/help/operations"}},
		lineHelp,
	},
	staff.Viewer: {
		{"Bạn đọc được mọi đợt báo cáo của thành phố: đúng hạn, trễ, bị trả lại, còn thiếu.", Link{"Mở các đợt báo cáo", "/campaigns"}},
		{"Từ mỗi con số bấm được đến từng đơn vị và văn bản.", Link{"Bảng theo dõi đợt", "/help/board"}},
		lineHelp,
	},
}
