package words

import (
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

// Words of the preflight before a signature: what is checked, as it stands when
// it holds and when it does not.

var preflight = map[string][2]string{
	"owner":                {"Chứng thư số là của bạn", "Chứng thư số không mang tên đăng nhập của bạn"},
	"right":                {"Bạn có quyền ký văn bản này ở bước hiện tại", "Bạn không ký được văn bản này ở bước hiện tại"},
	"content":              {"Nội dung còn nguyên như lúc trưởng phòng duyệt", "Nội dung lưu trữ không khớp mã băm đã duyệt"},
	"pending":              {"Không có quyết định nào đang chờ xử lý", "Một quyết định khác về văn bản này đang được xử lý"},
	"bundle":               {"Hồ sơ minh chứng đã gộp thành một tệp ZIP", "Hồ sơ minh chứng chưa gộp được thành một tệp"},
	"busy":                 {"Không có lần ký nào đang mở", "Một lần ký khác đang mở"},
	"key_strength":         {"Khóa đủ mạnh", "Khóa ký không đủ mạnh hoặc khác loại được phép"},
	"not_a_ca":             {"Chứng thư số của người ký", "Chứng thư số này là của cơ quan cấp, không dùng để ký văn bản"},
	"key_usage":            {"Chứng thư số được cấp để ký", "Chứng thư số không được cấp để ký"},
	"certificate_validity": {"Chứng thư số còn hiệu lực", "Chứng thư số chưa hoặc không còn hiệu lực"},
	"certificate_chain":    {"Cơ quan cấp chứng thư số được tin cậy", "Cơ quan cấp chứng thư số không nằm trong danh sách tin cậy"},
	"revocation":           {"Chứng thư số không bị thu hồi", "Chứng thư số bị thu hồi hoặc chưa kiểm tra được"},
}

// Preflight is a check's words: whether it holds.
func Preflight(check string, holds bool) string {
	pair, known := preflight[check]
	switch {
	case !known:
		return check
	case holds:
		return pair[0]
	}
	return pair[1]
}

// NotChecked stands where no list of revoked certificates was given.
const NotChecked = "Chưa kiểm tra thu hồi: máy chủ chưa có danh sách thu hồi"

// Algorithm names a key: "RSA 2048, SHA-256".
func Algorithm(kind string, bits int) string { return fmt.Sprintf("%s %d, SHA-256", kind, bits) }

// Expires is a certificate's end: "11/03/2029, còn 815 ngày".
func Expires(end, now time.Time) string {
	if !now.Before(end) {
		return Date(calendar.DayOf(end)) + ", đã hết hạn"
	}
	return fmt.Sprintf("%s, còn %d ngày", Date(calendar.DayOf(end)), int(end.Sub(now).Hours()/24))
}

// Serial writes a serial number in groups of four hexadecimal digits.
func Serial(hex string) string {
	hex = strings.ToUpper(hex)
	if len(hex)%2 == 1 {
		hex = "0" + hex
	}
	var groups []string
	for len(hex) > 4 {
		groups = append(groups, hex[:4])
		hex = hex[4:]
	}
	return strings.Join(append(groups, hex), " ")
}

// SignReason is what the signature's dictionary says it is for.
func SignReason(k document.Kind) string { return "Ký ban hành " + Noun(k) }

// Numbered is the banner after the clerk's number.
func Numbered(number string) string { return "Đã cấp số " + number + " cho văn bản." }
