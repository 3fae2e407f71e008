package words

import (
	"fmt"
	"strings"
	"unicode"
)

// Words of the pages on which a draft is written together.

// PresentAt tells where somebody else is in the document: "Trần Văn Khoa đang
// soạn phần II.2". The place is a path below the document.
func PresentAt(name, place string) string {
	kind, what, _ := strings.Cut(place, "/")
	switch kind {
	case "sections":
		return name + " đang soạn phần " + what
	case "figures":
		return name + " đang nhập nhóm số liệu " + what
	case "plan":
		return name + " đang soạn bảng nhiệm vụ"
	case "files":
		return name + " đang xem tệp đính kèm"
	}
	return name + " đang mở văn bản"
}

// PresentHere is the same beside the place itself.
func PresentHere(name string) string { return name + " đang mở phần này" }

// Join puts remarks of one line beside each other; empty ones are left out.
func Join(remarks ...string) string {
	var said []string
	for _, one := range remarks {
		if one != "" {
			said = append(said, one)
		}
	}
	return strings.Join(said, " · ")
}

// Length counts the words of a part: "318 từ".
func Length(words int) string { return Number(words) + " từ" }

// EarlierLength tells what there is to copy: "Kỳ trước có 412 từ".
func EarlierLength(words int) string { return "Kỳ trước có " + Length(words) }

// Remarks of a part in the task list.
const (
	MustBeWritten  = "Bắt buộc, chưa có nội dung"
	NeedNotBe      = "Không bắt buộc"
	ReturnedFor    = "Được nêu khi trả lại, chưa sửa từ đó"
	DraftOfAuthors = "bản đang soạn"
)

// Stale counts copied paragraphs: "3 đoạn chưa cập nhật"; empty for none.
func Stale(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d đoạn chưa cập nhật", n)
}

// StaleToo adds them to what is left to do: "Có 3 đoạn chưa cập nhật."
func StaleToo(n int) string { return "Có " + Stale(n) + "." }

// StaleIn warns before a submission: "Phần II.1 còn 3 đoạn lấy từ kỳ trước, chưa
// sửa và chưa xác nhận."
func StaleIn(section string, n int) string {
	return fmt.Sprintf("Phần %s còn %d đoạn lấy từ kỳ trước, chưa sửa và chưa xác nhận.", section, n)
}

// Copied is the banner after the narrative of the period before was taken over.
func Copied(period string, sections int) (text, more string) {
	if sections == 0 {
		return "Không có phần trống nào để lấy nội dung.", ""
	}
	return fmt.Sprintf("Đã lấy nội dung %s vào %d phần.", lower(period), sections),
		"Từng đoạn mang dấu “Chưa cập nhật” đến khi được sửa hoặc xác nhận vẫn đúng."
}

// PointNeed says whether a point of a return must be mended.
func PointNeed(must bool) string {
	if must {
		return "Phải sửa"
	}
	return "Nên sửa"
}

// Mentioned finds the codes of parts and figures in a text that people wrote:
// "II.2", "3.21", and after the word for a part or chapter also "III". A code is
// the key.
func Mentioned(text string) map[string]bool {
	found := map[string]bool{}
	before := ""
	letters := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' }
	for _, word := range strings.FieldsFunc(text, letters) {
		code := strings.Trim(word, ".")
		if strings.Contains(code, ".") || before == "phần" || before == "mục" {
			found[code] = true
		}
		before = strings.ToLower(code)
	}
	return found
}
