package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// yearlyPlan is a plan from its launch to its confirmation, with a return by the
// authority: written task by task, checked, compared, signed with its tasks on
// landscape pages.
func yearlyPlan(t *testing.T, w *town) {
	code, year := launchPlan(t, w, "kh-soan-thao", health.unit)
	id := code + "-" + health.unit

	author := w.as(t, health.specialist)
	author.open("/tasks")
	author.sees(fmt.Sprintf("Kế hoạch CCHC năm %d", year))
	author.open("/documents/" + id)
	author.sees("Nội dung kế hoạch", "Chưa có nhiệm vụ", fmt.Sprintf("Nhiệm vụ từ 01/01/%d đến 31/12/%d", year, year))
	author.pressed("Mục đích")
	for n := 0; strings.Contains(author.address(), "/sections/"); n++ {
		if n > 10 {
			t.Fatal("the parts do not come to an end")
		}
		author.write("text", narrative)
		author.follow("go on", author.clickPrimary())
	}
	author.pressed("Bảng nhiệm vụ")
	author.inspect("plan-empty")
	writeTasks(t, author, id, year)
	author.open("/documents/" + id + "/plan")
	author.counted(".plan-grid tr[data-key]", 4)
	author.inspect("plan")
	submit(author, id)

	head := w.as(t, health.head)
	head.open("/documents/" + id + "/review")
	head.sees("4 nhiệm vụ, 3 lĩnh vực", "Công khai thủ tục hành chính", fmt.Sprintf("Quý II/%d", year))
	head.inspect("plan-review")
	approve(head, id)
	director := w.as(t, health.director)
	first := signAs(director, id, "kế hoạch")

	chief := w.as(t, officer)
	returnDocument(chief, id, "Trả lại để bổ sung", "Nhiệm vụ 2: lùi sang quý III; bổ sung tập huấn.")
	author.wide(phone) // where the table is cards that lead to a page a task
	author.open("/documents/" + id + "/plan")
	author.pressed("Rà soát văn bản quy phạm pháp luật về y tế")
	author.write("deadline", "quý III")
	author.pressed("Lưu nhiệm vụ")
	author.pressed("Thêm nhiệm vụ")
	task{"Cải cách chế độ công vụ", "Mở lớp tập huấn kỹ năng số", "Lớp tập huấn", "Văn phòng Sở", "", "15/9"}.write(author)
	author.pressed("Lưu nhiệm vụ")
	author.wide(desk)
	submit(author, id)
	head.open("/documents/" + id + "/differences?from=1&to=2")
	head.sees("2 nhiệm vụ thay đổi", "Mở lớp tập huấn kỹ năng số")
	head.inspect("plan-differences")
	approve(head, id)
	second := signAs(director, id, "kế hoạch")
	if first == second || !strings.Contains(second, "/KH-SYT") {
		t.Errorf("the numbers are %s and %s", first, second)
	}
	chief.open("/documents/" + id + "/review")
	chief.sees("Khác lần 1")
	chief.pressed("Xác nhận đạt yêu cầu")
	chief.sees("Đã xác nhận", "Mã tiếp nhận")
	author.open("/documents/" + id)
	author.sees("Đã duyệt", first, second, "Mở lớp tập huấn kỹ năng số")
	checkSigned(t, w, author, id, 1, first) // the earlier signed file stays
	checkSigned(t, w, author, id, 2, second)
	checkPlanPaper(t, author, second, year)

	viewer := w.as(t, cityViewer)
	viewer.open("/search?q=tap+huan+ky+nang+so")
	viewer.sees(fmt.Sprintf("Kế hoạch CCHC năm %d", year), "Sở Y tế")
}

// launchPlan asks for the plans of the year that is suggested.
func launchPlan(t *testing.T, w *town, code string, units ...string) (string, int) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns/new")
	ask[bool](b, `() => { document.querySelector('[name="form"]').value = "kh-cchc-nam.1"; return true; }`)
	b.pressed("Điền theo kỳ đã chọn")
	b.sees("Năm kế hoạch", "Nhiệm vụ từ ngày")
	var year int
	if _, err := fmt.Sscanf(b.value("window_from"), "01/01/%d", &year); err != nil {
		t.Fatalf("the plan begins on %q", b.value("window_from"))
	}
	ask[bool](b, `(units) => { for (const box of document.querySelectorAll('[name="unit"]')) box.checked = units.includes(box.value); return true; }`, units)
	b.write("code", code)
	b.pressed("Kiểm tra trước khi mở đợt")
	b.sees("Kế hoạch cải cách hành chính", "Thời gian của kế hoạch")
	b.pressed("Mở đợt cho ")
	if b.address() != "/campaigns/"+code {
		t.Fatalf("after the launch: %s, want the board", b.address())
	}
	return code, year
}

// task is what a specialist types.
type task struct{ field, name, product, lead, coordinating, deadline string }

func (k task) write(b *tab) {
	b.t.Helper()
	ask[bool](b, `(name) => {
		const list = document.querySelector('[name="field"]');
		list.value = [...list.options].find((o) => o.text === name).value;
		return true;
	}`, k.field)
	for name, text := range map[string]string{
		"name": k.name, "product": k.product, "lead": k.lead, "coordinating": k.coordinating, "deadline": k.deadline,
	} {
		b.write(name, text)
	}
}

// writeTasks writes the table on a phone, a page a task: a deadline that cannot be read and a task with
// nothing but its name are told where they stand, and nothing typed is lost.
func writeTasks(t *testing.T, b *tab, id string, year int) {
	t.Helper()
	b.wide(phone)
	defer b.wide(desk)
	b.open("/documents/" + id + "/plan")
	b.pressed("Thêm nhiệm vụ")
	law := task{"Cải cách thể chế", "Rà soát văn bản quy phạm pháp luật về y tế", "Báo cáo kết quả rà soát", "so tu phap", "Văn phòng Sở; stc", "giữa năm"}
	law.write(b)
	b.inspect("plan-task")
	b.wide(phone)
	if status := b.press("Lưu nhiệm vụ"); status != 422 {
		t.Errorf("a deadline that cannot be read was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa", "Chưa đọc được thời hạn")
	if b.value("name") != law.name || b.value("deadline") != "giữa năm" {
		t.Error("what was typed is gone")
	}
	b.write("deadline", "quý II")
	b.pressed("Lưu và thêm nhiệm vụ khác")
	task{"Chỉ đạo, điều hành cải cách hành chính", "Ban hành kế hoạch kiểm tra", "Kế hoạch", "Thanh tra Sở", "", "28/2"}.write(b)
	b.pressed("Lưu và thêm nhiệm vụ khác")
	task{"Cải cách thủ tục hành chính", "Công khai thủ tục hành chính", "Danh mục", "Phòng Nghiệp vụ Y", "", "Thường xuyên"}.write(b)
	b.pressed("Lưu và thêm nhiệm vụ khác")
	b.write("name", "Cắt giảm thời gian giải quyết")
	b.pressed("Lưu nhiệm vụ")
	b.sees("Chưa chọn lĩnh vực.", "Chưa ghi sản phẩm dự kiến.", "Còn 4 chỗ phải sửa.", "Sở Tư pháp", "Sở Tài chính", fmt.Sprintf("28/02/%d", year))
	b.open("/documents/" + id + "/check")
	b.sees("Nhiệm vụ 4, chủ trì: Chưa ghi đơn vị hoặc người chủ trì.")
	b.pressed("Nhiệm vụ 4, thời hạn")
	task{"Cải cách thủ tục hành chính", "Cắt giảm thời gian giải quyết", "Quyết định", "Phòng Nghiệp vụ Y", "", fmt.Sprintf("tháng 11/%d", year)}.write(b)
	b.pressed("Lưu nhiệm vụ")
	b.sees("Bảng nhiệm vụ đã đủ.", "III. Cải cách thủ tục hành chính")
	before := regexp.MustCompile(`(?s)Công khai thủ tục.*Cắt giảm`)
	if !before.MatchString(b.words()) {
		t.Error("the tasks of a field stand in another order than they were written")
	}
	b.tap("Đưa nhiệm vụ 4 lên trên")
	b.until("the task has moved up", func() bool { return !before.MatchString(b.words()) })
}

// checkPlanPaper has the signed plan read by a program that knows nothing of ours.
func checkPlanPaper(t *testing.T, b *tab, number string, year int) {
	t.Helper()
	data, _ := b.bytesOf(b.href("Số " + number + ", đã ký số"))
	file := filepath.Join(t.TempDir(), "plan.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	text := squeeze(tool(t, "pdftotext", "-layout", file, "-"))
	for _, want := range []string{
		"KẾ HOẠCH", fmt.Sprintf("DANH MỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM %d", year), "Mở lớp tập huấn kỹ năng số", fmt.Sprintf("Quý III/%d", year),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the signed plan does not say %q:\n%s", want, text)
		}
	}
}
