package bulletin

import (
	"time"

	"cchc/domain/outage"
	"cchc/templates/words"
)

// PartyName is a body that has a say, in words.
func PartyName(party outage.Party, letterhead outage.Letterhead) string {
	switch {
	case party == outage.IT && letterhead.ITAgency != "":
		return letterhead.ITAgency
	case party == outage.IT:
		return "Cơ quan vận hành công nghệ thông tin"
	case letterhead.Agency != "":
		return letterhead.Agency
	}
	return "Cơ quan quản lý Phần mềm"
}

// Given tells of a word that is there.
func Given(a outage.Approval, letterhead outage.Letterhead) string {
	return PartyName(a.Party, letterhead) + ": " + a.Name + ", " + words.Moment(a.At)
}

// Faults of a draft that an officer changes.
var (
	NumberFault = Fault{"number", "Số văn bản gồm số thứ tự, dấu gạch chéo và ký hiệu, tối đa 40 ký tự. Ví dụ: 12/TB-SNV."}
	UntilFault  = Fault{"until", "Ghi giờ:phút ngày/tháng/năm, sau lúc này. Ví dụ: 17:00 30/11/2026."}
	NoteFault   = Fault{"note", "Nội dung bổ sung tối đa 1.000 ký tự."}
)

// Answers to officers.
var (
	LinkBad = Answer{Head: "Liên kết không dùng được",
		Text: "Liên kết đã hết hạn, đã được dùng hoặc không đầy đủ. Mở liên kết trong thư mới nhất, hoặc duyệt bằng lệnh trên máy giám sát."}
	Changed = Answer{Head: "Dự thảo đã thay đổi",
		Text: "Dự thảo đã được sửa sau khi trang này mở. Đọc lại dự thảo rồi duyệt."}
	Ended = Answer{Head: "Không còn cần duyệt",
		Text: "Phần mềm đã hoạt động trở lại, hoặc thông báo đã được phát hành hay đang được phát hành trên Phần mềm. Không có thông báo nào được gửi từ liên kết này."}
	NotKept = Answer{Head: "Chưa ghi nhận được",
		Text: "Máy giám sát không lưu được quyết định. Thử lại sau ít phút, hoặc báo người vận hành."}
	NoPrint = Answer{Head: "Chưa có bản in",
		Text: "Thông tin của cơ quan ban hành chưa đủ để in. Nội dung dự thảo có trên trang duyệt."}
	Missing = Answer{Head: "Không tìm thấy trang", Text: "Địa chỉ không đúng hoặc trang không còn."}
)

// Approved answers an officer whose word was taken.
func Approved(at time.Time, waiting []string) Answer {
	a := Answer{Head: "Đã duyệt thông báo", Text: "Ghi nhận lúc " + words.Moment(at) + ". Thông báo đang được gửi đến các đơn vị và đăng trên trang thông báo."}
	if len(waiting) > 0 {
		a.Text = "Ghi nhận lúc " + words.Moment(at) + ". Thông báo được gửi khi có thêm ý kiến duyệt của " + waiting[0] + "."
	}
	return a
}

// Used answers an officer who opens a link again.
func Used(at time.Time) Answer {
	return Answer{Head: "Ông/bà đã duyệt thông báo này", Text: "Ghi nhận lúc " + words.Moment(at) + "."}
}

// Copies are who gets copies of the notice on paper (Nơi nhận).
func Copies(letterhead outage.Letterhead) []string {
	copies := []string{"Các cơ quan, đơn vị sử dụng Phần mềm"}
	if letterhead.ITAgency != "" {
		copies = append(copies, letterhead.ITAgency)
	}
	return append(copies, "Lưu: VT")
}
