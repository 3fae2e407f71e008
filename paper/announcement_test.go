package paper

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

func TestAnnouncement(t *testing.T) {
	head := outage.Letterhead{
		Superior: []string{"Ủy ban nhân dân", "Thành phố Hồ Chí Minh"}, Agency: "Sở Nội vụ", Place: "Thành phố Hồ Chí Minh",
		Symbol: "TB-SNV", Capacity: []string{"Giám đốc"}, Signer: "Phạm Thị Mai",
	}
	n := outage.Notice{Title: "Phần mềm ngừng hoạt động", Text: []string{"Đoạn một.", "Đoạn hai."}}
	made := time.Date(2026, 10, 7, 10, 0, 0, 0, calendar.Zone)
	for _, row := range []struct {
		number string
		fields int
		wanted []string
	}{
		{"", 0, []string{"DỰ THẢO", "/TB-SNV", "THÔNG BÁO", "Phần mềm ngừng hoạt động", "Đoạn hai./."}},
		{"12/TB-SNV", 2, []string{"Số: 12/TB-SNV", "ngày 07 tháng 10 năm 2026", "GIÁM ĐỐC", "Phạm Thị Mai", "Các cơ quan, đơn vị"}},
	} {
		n.Number = row.number
		print := render(t, Announcement(head, n, []string{"Các cơ quan, đơn vị"}, made))
		text := strings.Join(textOf(t, print), " ")
		for _, want := range row.wanted {
			if !strings.Contains(text, want) {
				t.Errorf("number %q: no %q in %s", row.number, want, text)
			}
		}
		if len(print.Fields) != row.fields {
			t.Errorf("number %q: %d signature fields", row.number, len(print.Fields))
		}
	}
}
