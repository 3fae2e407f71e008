package templates

// ErrorPage answers 403, 404, 405, 413, 429 and 500. Use the constructors.
type ErrorPage struct {
	Shell
	Status int
	Text   string // what the person can do
	Code   string // of a 500, to tell the operators; empty otherwise
}

// Forbidden is the page of 403.
func Forbidden(shell Shell) ErrorPage {
	shell.Title = "Bạn không có quyền xem trang này"
	return ErrorPage{Shell: shell, Status: 403, Text: "Quyền xem đi theo vai trò và đơn vị của bạn. Nếu cần, báo Thủ trưởng đơn vị để Sở Nội vụ cấp quyền."}
}

// NotFound is the page of 404.
func NotFound(shell Shell) ErrorPage {
	shell.Title = "Không tìm thấy trang"
	return ErrorPage{Shell: shell, Status: 404, Text: "Địa chỉ có thể đã gõ sai, hoặc văn bản không còn ở đây."}
}

// TooMany is the page of 429.
func TooMany(shell Shell) ErrorPage {
	shell.Title = "Bạn thao tác quá nhanh"
	return ErrorPage{Shell: shell, Status: 429, Text: "Chờ một phút rồi thử lại. Nội dung đã lưu vẫn còn."}
}

// Failed is the page of 500; code is in the log too.
func Failed(shell Shell, code string) ErrorPage {
	shell.Title = "Hệ thống gặp lỗi"
	return ErrorPage{Shell: shell, Status: 500, Code: code, Text: "Nội dung đã lưu được giữ. Thử lại sau ít phút; nếu vẫn lỗi, báo quản trị hệ thống kèm mã lỗi."}
}

// BadRequest is the page of 400, 405 and 413.
func BadRequest(shell Shell, status int) ErrorPage {
	shell.Title = "Yêu cầu không hợp lệ"
	return ErrorPage{Shell: shell, Status: status, Text: "Quay lại trang trước rồi thử lại."}
}
