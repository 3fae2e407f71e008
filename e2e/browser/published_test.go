package browser

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"cchc/domain/calendar"
	"cchc/domain/par"
)

// publishedIndex brings the surveys in, gives a bonus, ranks and publishes; a unit reads
// its own result, every score with its why, beside that of the year before.
func publishedIndex(t *testing.T, w *town, code string, year int) {
	base := "/campaigns/" + code
	b := offerSurvey(t, w, code, 82.5)
	b.inspect("index-survey-changes")
	takeSurvey(b)
	b.inspect("index-survey")
	giveBonus(t, w, code)
	b.open(base + "/ranking")
	b.sees("3/3 đơn vị đã nộp tự đánh giá", "3/3 hồ sơ đã thẩm định xong", "3/3 đơn vị đã đủ điểm khảo sát", "+0,50")
	b.inspect("index-ranking")
	b.open(base + "/publish")
	b.sees("Sở Tài chính", "Sở Y tế", "Phường Sài Gòn")
	b.inspect("index-publish")
	publishIndex(t, w, code, "45/QĐ-UBND")
	b.open(base + "/results")
	b.sees("45/QĐ-UBND", "Sở Tài chính", "Sở Y tế")

	unit := w.as(t, finance.specialist)
	unit.open(base + "/results")
	unit.sees("Đơn vị của bạn", "Hạng 1 trên 2 đơn vị")
	unit.inspect("index-results")
	unit.pressed("Xem kết quả từng tiêu chí")
	unit.sees(fmt.Sprintf("Năm %d", year-1), "Qua các năm", "tăng")
	unit.tap("Vì sao kết quả này?")
	unit.sees("Quy đổi vì có tiêu chí không áp dụng", "Điểm thưởng đề nghị 0,50", "Xếp hạng 1 trên 2 đơn vị cùng nhóm.")
	unit.tap("Vì sao 1,35 điểm?")
	unit.sees("Thẩm định lần 2: 1,35 điểm. Lý do: Đã có đủ văn bản kết quả.")
	unit.inspect("index-result")
	if data, _ := unit.bytesOf(base + "/results.pdf"); !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Errorf("the list of the decision begins %.8q", data)
	}
	if status := unit.visit(base + "/results/" + health.unit); status != http.StatusForbidden {
		t.Errorf("another unit's scores are answered with %d", status)
	}
}

// giveBonus gives one unit half a point.
func giveBonus(t *testing.T, w *town, code string) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns/" + code + "/extras")
	b.write("find", "tai chinh")
	b.pressed("Tìm đơn vị")
	b.inspect("index-extras-finding")
	b.pressed("Sở Tài chính")
	ask[bool](b, `() => { document.querySelector('[name="kind"]').value = "bonus"; return true; }`)
	for field, text := range map[string]string{
		"points": "0,5", "reason": "Sáng kiến cải cách hành chính được nhân rộng.", "number": "12/QĐ-UBND", "issued_on": today(), "title": "Công nhận sáng kiến",
	} {
		b.write(field, text)
	}
	b.pressed("Ghi điểm thưởng, điểm trừ")
	b.sees("Đã ghi điểm thưởng 0,50 điểm cho Sở Tài chính.", "12/QĐ-UBND")
	b.inspect("index-extras")
}

// today is the day as people write it.
func today() string { return time.Now().In(calendar.Zone).Format("02/01/2006") }

// offerSurvey fills the template with the same mean everywhere, and goes on to what it
// would change.
func offerSurvey(t *testing.T, w *town, code string, mean float64) *tab {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns/" + code + "/surveys")
	data, _ := b.bytesOf("/campaigns/" + code + "/surveys.xlsx")
	path := filepath.Join(t.TempDir(), "khao-sat.xlsx")
	version, err := w.Store.FormVersion(t.Context(), "cs-cchc-nam", 1)
	if err != nil {
		t.Fatal(err)
	}
	fillSurvey(t, data, path, *version.Index, mean)
	b.attach("file", path)
	b.pressed("Kiểm tra tệp")
	b.sees("Chưa lưu.", "kết quả thay đổi")
	return b
}

func takeSurvey(b *tab) {
	b.t.Helper()
	b.pressed("Nhập ")
	b.sees("Tệp đã nhập", "khao-sat.xlsx")
}

// fillSurvey answers every cell that is asked for: a group is not asked about all.
func fillSurvey(t *testing.T, data []byte, path string, set par.Set, mean float64) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetList()[0]
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	head := -1
	for i, row := range rows {
		if len(row) > 0 && row[0] == "Mã đơn vị" {
			head = i
		}
	}
	if head < 0 {
		t.Fatal("the template has no head")
	}
	for i := head + 1; i < len(rows); i++ {
		for column, title := range rows[head] {
			code, what, _ := strings.Cut(title, " ")
			criterion, known := set.Criterion(code)
			asked := slices.ContainsFunc(criterion.Rule.Weights, func(x par.Weight) bool { return groupCalled(set, rows[i][2]) == x.Group })
			if !known || !asked {
				continue
			}
			value := any(mean)
			if strings.HasPrefix(what, "số phiếu") {
				value = 120
			}
			cell, err := excelize.CoordinatesToCellName(column+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue(sheet, cell, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
}

// groupCalled is the code of a group of respondents.
func groupCalled(set par.Set, name string) string {
	for _, group := range set.Groups {
		if group.Name == name {
			return group.Code
		}
	}
	return ""
}

// publishIndex publishes what is on the screen.
func publishIndex(t *testing.T, w *town, code, number string) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns/" + code + "/publish")
	for field, text := range map[string]string{"number": number, "issued_on": today(), "title": "Công bố kết quả chỉ số cải cách hành chính"} {
		b.write(field, text)
	}
	path := filepath.Join(t.TempDir(), "quyet-dinh.pdf")
	if err := os.WriteFile(path, []byte("%PDF-1.7\nquyết định "+number+"\n%%EOF"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.attach("file", path)
	b.pressed("Công bố kết quả")
	b.sees("Đã công bố kết quả lần 1.")
}
