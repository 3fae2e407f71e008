package words

import (
	"maps"
	"slices"
	"testing"

	"cchc/domain/prose"
)

func TestMentionedAreCodesAndNotWords(t *testing.T) {
	for text, want := range map[string][]string{
		"II.2: nêu rõ nguyên nhân. Xem lại phần III, chỉ tiêu 1.1.": {"1.1", "II.2", "III"},
		"Mục I: bổ sung số văn bản; phần V. thiếu kiến nghị":        {"I", "V"},
		"Quý I chưa có số liệu, năm 2026 giảm":                      {},
		"3.21, 3.26; (4.3.1)": {"3.21", "3.26", "4.3.1"},
		"":                    {},
	} {
		got := slices.Sorted(maps.Keys(Mentioned(text)))
		if !slices.Equal(got, want) && len(got)+len(want) > 0 {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}

func TestDifferenceOfFigures(t *testing.T) {
	for _, one := range [][3]string{
		{"144", "146", "+2"}, {"1000", "2234.5", "+1.234,5"}, {"98.85", "98.83", "−0,02"}, {"5", "5", "0"}, {"", "3", ""},
	} {
		if got := Difference(one[0], one[1]); got != one[2] {
			t.Errorf("from %q to %q: %q, want %q", one[0], one[1], got, one[2])
		}
	}
}

func TestLookChanged(t *testing.T) {
	item := prose.Block{Kind: prose.Bullet, Level: 1}
	if got := LookChanged(prose.Block{Kind: prose.Paragraph}, item); got != "Đổi cách trình bày: đoạn văn thành gạch đầu dòng." {
		t.Errorf("said %q", got)
	}
	if got := LookChanged(item, item); got != "" {
		t.Errorf("of the same look it is said %q", got)
	}
	deeper := prose.Block{Kind: prose.Bullet, Level: 2}
	if got := LookChanged(item, deeper); got != "Đổi cách trình bày: từ cấp 2 sang cấp 3." {
		t.Errorf("said %q", got)
	}
}

func TestWhereSomebodyIs(t *testing.T) {
	for place, want := range map[string]string{
		"sections/II.2": "An đang soạn phần II.2", "figures/3": "An đang nhập nhóm số liệu 3",
		"files": "An đang xem tệp đính kèm", "": "An đang mở văn bản",
	} {
		if got := PresentAt("An", place); got != want {
			t.Errorf("at %q: %q, want %q", place, got, want)
		}
	}
}
