package words

import (
	"fmt"
	"math/big"
	"time"

	"cchc/domain/prose"
)

// Words of the pages that compare two versions of a content.
const (
	TitleDifferences = "So sánh hai bản"
	OtherForms       = "Hai bản dùng hai phiên bản biểu mẫu khác nhau."
	FactDifferences  = "Các lần khác nhau"
	SeeDifferences   = "So sánh hai bản"
)

// RevisionName names a frozen revision: "Lần 2".
func RevisionName(revision int) string { return fmt.Sprintf("Lần %d", revision) }

// RevisionChoice is the same with who submitted it when.
func RevisionChoice(revision int, name string, at, now time.Time) string {
	return fmt.Sprintf("Lần %d, %s trình %s", revision, name, MomentNear(at, now))
}

// DraftName names what is being written.
const DraftName = "Bản đang soạn"

// Difference is how far a figure moved, with its sign: "+2", "−1.234,5". Both are
// exact decimals; empty where one is none.
func Difference(before, after string) string {
	old, okOld := new(big.Rat).SetString(before)
	now, okNow := new(big.Rat).SetString(after)
	if !okOld || !okNow {
		return ""
	}
	moved := new(big.Rat).Sub(now, old)
	digits, _ := moved.FloatPrec() // decimals are always exact
	sign := ""
	if moved.Sign() > 0 {
		sign = "+"
	}
	return sign + Decimal(moved.FloatString(digits))
}

var blockNames = map[prose.Kind]string{
	prose.Paragraph: "đoạn văn", prose.Bullet: "gạch đầu dòng", prose.Numbered: "mục đánh số", prose.Table: "bảng",
}

// LookChanged tells that a paragraph stands otherwise now: "Đổi cách trình bày:
// đoạn văn thành gạch đầu dòng." Empty where it does not.
func LookChanged(before, after prose.Block) string {
	from, to := blockNames[before.Kind], blockNames[after.Kind]
	switch {
	case from != to:
		return fmt.Sprintf("Đổi cách trình bày: %s thành %s.", from, to)
	case before.Level != after.Level:
		return fmt.Sprintf("Đổi cách trình bày: từ cấp %d sang cấp %d.", before.Level+1, after.Level+1)
	case before.Number != after.Number:
		return fmt.Sprintf("Đổi số thứ tự: %d thành %d.", before.Number, after.Number)
	case before.Header && !after.Header:
		return "Đổi cách trình bày: dòng đầu bảng không còn là tiêu đề."
	case after.Header && !before.Header:
		return "Đổi cách trình bày: dòng đầu bảng thành tiêu đề."
	}
	return ""
}
