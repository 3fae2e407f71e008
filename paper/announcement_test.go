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
	drafted := time.Date(2026, 10, 6, 17, 0, 0, 0, calendar.Zone)
	released := drafted.AddDate(0, 0, 1)
	const dated = "ngày 07 tháng 10 năm 2026"
	for _, row := range []struct {
		why, number, signer string
		released            time.Time
		fields              int
		wanted, not         []string
	}{
		{"a draft", "", head.Signer, time.Time{}, 0, []string{"DỰ THẢO", "/TB-SNV", "THÔNG BÁO", "Phần mềm ngừng hoạt động", "Đoạn hai./."}, []string{dated}},
		{"a draft with its number", "12/TB-SNV", head.Signer, time.Time{}, 0, []string{"DỰ THẢO", "Số: 12/TB-SNV"}, []string{dated}},
		{"released", "12/TB-SNV", head.Signer, released, 2, []string{"Số: 12/TB-SNV", dated, "GIÁM ĐỐC", "Phạm Thị Mai", "Các cơ quan, đơn vị"}, []string{"DỰ THẢO", "CHƯA"}},
		{"released without a number", "", head.Signer, released, 0, []string{"CHƯA CẤP SỐ", "/TB-SNV", dated, "GIÁM ĐỐC", "Phạm Thị Mai"}, []string{"DỰ THẢO"}},
		{"released where nobody is head", "12/TB-SNV", "", released, 0, []string{"CHƯA CÓ NGƯỜI KÝ", "Số: 12/TB-SNV", dated}, []string{"DỰ THẢO"}},
	} {
		head.Signer = row.signer
		n := outage.Notice{
			Drafted: drafted, Released: row.released, Number: row.number,
			Title: "Phần mềm ngừng hoạt động", Text: []string{"Đoạn một.", "Đoạn hai."},
		}
		print := render(t, Announcement(head, n, []string{"Các cơ quan, đơn vị"}))
		text := strings.Join(textOf(t, print), " ")
		for _, want := range row.wanted {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in %s", row.why, want, text)
			}
		}
		for _, not := range row.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: %q in %s", row.why, not, text)
			}
		}
		if len(print.Fields) != row.fields {
			t.Errorf("%s: %d signature fields", row.why, len(print.Fields))
		}
	}
}

func TestAnnouncementFile(t *testing.T) {
	n := outage.Notice{Number: "12/TB-SNV", Title: "Phần mềm ngừng hoạt động"}
	if name := AnnouncementFile(n); name != "12-TB-SNV-thong-bao-phan-mem-ngung-hoat-dong.pdf" {
		t.Error(name)
	}
	n.Number = ""
	if name := AnnouncementFile(n); name != "CHUA-CAP-SO-thong-bao-phan-mem-ngung-hoat-dong.pdf" {
		t.Error(name)
	}
}
