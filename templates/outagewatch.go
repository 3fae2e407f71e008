package templates

import "cchc/domain/outage"

// WatchNotes are what is wrong with the separate watcher, as it has found itself: on the
// day of an outage it is too late to mend.
func WatchNotes(health outage.Health) []Note {
	var notes []Note
	for _, one := range []struct {
		is   bool
		note Note
	}{
		{health.Refused == outage.NoContacts, Note{Tone: ToneBad, Bold: "Bộ giám sát chưa có ai để gửi thông báo.",
			Text: "Thủ trưởng, đầu mối của các đơn vị đều chưa có địa chỉ thư; danh sách lấy trước đó được giữ lại. Bổ sung địa chỉ thư ở trang tài khoản."}},
		{health.Refused == outage.NoOfficers, Note{Tone: ToneBad, Bold: "Bộ giám sát chưa có ai để lấy ý kiến duyệt.",
			Text: "Cán bộ được cho ý kiến chưa có địa chỉ thư; danh sách lấy trước đó được giữ lại. Bổ sung địa chỉ thư ở trang tài khoản."}},
		{health.Refused == outage.BadRule, Note{Tone: ToneBad, Bold: "Bộ giám sát không dùng được quy tắc xử lý sự cố.", Text: "Xem lại và ghi quy tắc mới."}},
		{health.Mail == outage.Silent, Note{Tone: ToneBad, Bold: "Bộ giám sát không gửi được thư.",
			Text: "Máy chủ thư của bộ giám sát không trả lời hoặc không cho đăng nhập. Kiểm tra các biến CCHC_SMTP trên máy giám sát."}},
		{health.Mail == outage.Unset, Note{Tone: ToneWarn, Bold: "Bộ giám sát chưa có máy chủ thư.",
			Text: "Khi phần mềm ngừng, không thư nào được gửi. Khai báo CCHC_SMTP_ADDRESS trên máy giám sát."}},
		{health.Witness == outage.Silent, Note{Tone: ToneWarn, Bold: "Địa chỉ đối chứng của bộ giám sát không trả lời.",
			Text: "Khi đường truyền của máy giám sát bị đứt, phần mềm bị coi là ngừng. Kiểm tra CCHC_WATCH_WITNESS trên máy giám sát."}},
		{health.Torn, Note{Tone: ToneWarn, Bold: "Tệp dữ kiện của bộ giám sát từng bị hỏng.",
			Text: "Bộ giám sát đã dùng bản trước và lấy lại dữ kiện. Kiểm tra ổ đĩa của máy giám sát rồi khởi động lại chương trình giám sát."}},
		{health.Witness == outage.Unset, Note{Tone: ToneInfo, Bold: "Bộ giám sát chưa có địa chỉ đối chứng.",
			Text: "Không có địa chỉ này, đường truyền của máy giám sát bị đứt trông giống như phần mềm ngừng. Khai báo CCHC_WATCH_WITNESS trên máy giám sát."}},
	} {
		if one.is {
			notes = append(notes, one.note)
		}
	}
	return notes
}
