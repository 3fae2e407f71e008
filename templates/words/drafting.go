package words

import "strings"

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
	case "files":
		return name + " đang xem tệp đính kèm"
	}
	return name + " đang mở văn bản"
}

// PresentHere is the same beside the place itself.
func PresentHere(name string) string { return name + " đang mở phần này" }
