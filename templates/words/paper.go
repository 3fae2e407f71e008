package words

// annexNumbers are as Phụ lục I of NĐ 30/2020/NĐ-CP asks for.
var annexNumbers = [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"}

// PaperAppendix numbers an annex: "Phụ lục I".
func PaperAppendix(number int) string { return "Phụ lục " + annexNumbers[number] }

// Fixed words of an administrative document on paper, as Phụ lục I of
// NĐ 30/2020/NĐ-CP prints them. Names of agencies, people and places are data.
const (
	PaperNation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" // quốc hiệu
	PaperMotto  = "Độc lập - Tự do - Hạnh phúc"        // tiêu ngữ

	PaperNumber = "Số: "                            // before the number, or before the gap it will fill
	PaperDate   = "%s, ngày %02d tháng %s năm %d"   // place, day, month, year
	PaperNoDate = "%s, ngày      tháng      năm %d" // place, year: not dated yet
	PaperTo     = "Kính gửi:"                       // one receiver on the line, several below
	PaperCC     = "Nơi nhận:"                       // level with the signer's capacity
	PaperEnd    = "./."                             // closes the text
	PaperBlank  = "(Không có nội dung)"             // a part nobody has written
	PaperDraft  = "DỰ THẢO"                         // in the margin of a print without legal value

	PaperAnnouncement = "Thông báo" // type of a notice about an outage
	// In the margin of a notice that went out before it had all that belongs to it.
	PaperUnnumbered = "CHƯA CẤP SỐ"
	PaperUnsigned   = "CHƯA CÓ NGƯỜI KÝ"

	// PaperAppendixOf points from the annex to its document. On an electronic
	// document the gaps stay unfilled (NĐ 30/2020, Phụ lục I, mẫu 2.1).
	PaperAppendixOf = "(Kèm theo Văn bản số ....../......... ngày .... tháng .... năm ...... của ..................)"
	PaperReasons    = "Giải trình số liệu:" // above the reasons given for warnings
	PaperNoRows     = "(Không có số liệu)"
	PaperNoTasks    = "(Không có nhiệm vụ)"

	PaperColumnCode  = "STT"
	PaperColumnName  = "Chỉ tiêu"
	PaperColumnUnit  = "Đơn vị tính"
	PaperColumnValue = "Kỳ này"
	PaperColumnNote  = "Ghi chú"
)
