package browser

import (
	"fmt"
	"testing"

	"cchc/domain/document"
)

// taskList goes through three tasks one after the other, within a filter that is
// kept under a name; then somebody at the same desk is quicker.
func taskList(t *testing.T, w *town) {
	for n := 1; n <= 3; n++ {
		id := w.launch(t, fmt.Sprintf("Báo cáo lần lượt số %d", n), soon().AddDate(0, 0, n), finance.unit) + "-" + finance.unit
		w.fill(t, id, finance.specialist)
		w.decide(t, id, document.Submit, finance.specialist)
	}
	head := w.as(t, finance.head)
	head.open("/tasks?due=later")
	head.write("q", "lan luot")
	head.pressed("Lọc")
	head.sees("Tìm: “lan luot”", "Hạn: sau hôm nay", "Báo cáo lần lượt số 1", "Báo cáo lần lượt số 3")
	head.inspect("tasks-chips")
	head.pressed("Hạn: sau hôm nay")
	head.seesNot("Hạn: sau hôm nay")
	if head.address() != "/tasks?q=lan+luot" {
		t.Errorf("without one condition: %s", head.address())
	}
	saveFilter(head)
	for n := 1; n <= 3; n++ {
		head.pressed("Mở việc tiếp theo")
		head.sees(fmt.Sprintf("Báo cáo lần lượt số %d", n)) // in the order of the list
		head.pressed("Xem xét và quyết định")
		head.pressed("Trình ký số")
		head.sees("Đã duyệt và trình ký số", []string{"Còn 2 việc trong danh sách", "Còn 1 việc trong danh sách", "Không còn việc nào trong danh sách"}[n-1])
		if n == 1 {
			head.inspect("receipt-next")
		}
	}
	head.pressed("Về Việc của tôi")
	head.sees("Không có việc nào khớp bộ lọc", "Lần lượt")
	head.open("/tasks/next?q=lan+luot")
	head.sees("Không còn việc nào khớp bộ lọc.")
	head.inspect("tasks-all-done")

	head.open("/tasks/views")
	head.sees("Lần lượt", "Cần xử lý · Tìm: “lan luot”")
	head.inspect("saved-views")
	head.pressed("Xóa bộ lọc Lần lượt")
	head.sees("Đã xóa bộ lọc.", "Chưa có bộ lọc nào")
	somebodyQuicker(t, w)
}

// saveFilter keeps what is set as the first page; without a name it says so at
// the field, and keeps the rest.
func saveFilter(b *tab) {
	b.t.Helper()
	b.tap("Lưu bộ lọc này")
	b.tap("Mở bộ lọc này ở trang chủ")
	if status := b.press("Lưu bộ lọc"); status != 422 {
		b.t.Errorf("a filter without a name was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa", "Ghi tên cho bộ lọc.")
	b.inspect("tasks-save-broken")
	if b.counts(`[name="home"]:checked`) != 1 {
		b.t.Error("what was chosen is gone")
	}
	b.write("name", "Lần lượt")
	b.pressed("Lưu bộ lọc")
	b.sees("Đã lưu bộ lọc “Lần lượt”.")
	b.open("/")
	if b.address() != "/tasks?q=lan+luot" {
		b.t.Errorf("the first page is %s", b.address())
	}
}

// somebodyQuicker has two specialists of one unit open the same work.
func somebodyQuicker(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo hai người cùng trình", soon(), finance.unit) + "-" + finance.unit
	w.fill(t, id, finance.specialist)
	late := w.as(t, finance.specialist)
	late.open("/tasks?q=hai+nguoi+cung+trinh")
	late.pressed("Báo cáo hai người cùng trình")
	late.pressed("Kiểm tra và trình")
	w.decide(t, id, document.Submit, finance.colleague)
	if status := late.press("Trình trưởng phòng"); status != 409 {
		t.Errorf("what somebody else has submitted was taken with %d", status)
	}
	late.sees("đã trình trưởng phòng lúc", "Văn bản nay ở bước Chờ trưởng phòng", "Về Việc của tôi")
	late.inspect("decision-meanwhile")
	late.open("/documents/" + id + "/check") // opened late
	late.sees("đã trình trưởng phòng lúc", "Văn bản nay ở bước Chờ trưởng phòng")
	late.inspect("document-meanwhile")
	if late.counts(`.note a[href^="/tasks"]`) == 0 { // to the next task, or to the list when there is none
		t.Error("no way on")
	}
	head := w.as(t, finance.head)
	head.until("the head has it", func() bool { head.open("/documents/" + id + "/review"); return head.counts(".decide") == 1 })
	head.seesNot("đã trình trưởng phòng lúc")
}
