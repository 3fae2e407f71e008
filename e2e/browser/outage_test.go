package browser

import (
	"testing"
	"time"

	"cchc/domain/document"
	"cchc/e2e/stack"
)

// engineDown: a decision made while Temporal is away is recorded, said to be so
// to its author and to the next desk, and applied by itself when it is back.
func engineDown(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo khi hệ thống bận", soon(), health.unit) + "-" + health.unit
	w.fill(t, id, health.specialist)
	author, head := w.as(t, health.specialist), w.as(t, health.head)
	author.open("/documents/" + id + "/check")
	w.Kill(stack.Temporal)
	author.pressed("Trình trưởng phòng")
	author.sees("Đã ghi nhận lúc", "đang xử lý", "Không cần bấm lại")
	author.inspect("decision-pending")
	head.open("/documents/" + id)
	head.sees("đã trình trưởng phòng, ghi nhận lúc", "đang xử lý")
	head.inspect("document-pending")
	author.open("/documents/" + id)
	author.sees("đang xử lý")
	author.seesNot("Kiểm tra và trình")
	back(author)
	w.Revive(stack.Temporal)
	author.until("the page turns by itself", func() bool {
		return author.counts("main [data-poll]") == 0
	})
	author.sees("Đã trình trưởng phòng", "Mã tiếp nhận")
	head.open("/documents/" + id)
	head.sees("Xem xét và quyết định")
	if n := w.Count(`select count(*) from history where document_id = $1 and event = $2`, id, document.Submit); n != 1 {
		t.Errorf("the submission was applied %d times", n)
	}
}

// overdue: the second the due has passed the board says so, and soon after the
// people who are waited for find it at the bell.
func overdue(t *testing.T, w *town) {
	id := w.late + "-" + saigon.unit
	w.Eventually("the due has passed", 3*time.Minute, func() bool {
		return w.Count(`select count(*) from documents where id = $1 and due_at <= clock_timestamp()`, id) == 1
	})
	author := w.as(t, saigon.specialist)
	author.open("/tasks")
	author.sees("Quá hạn")
	author.open("/documents/" + id)
	author.sees("Quá")
	author.inspect("document-overdue")
	w.Eventually("the passing of the due is in the history", time.Minute, func() bool {
		return w.Count(`select count(*) from history where document_id = $1 and event = 'due_passed'`, id) == 1
	})
	author.until("the bell tells the specialist", func() bool {
		author.open("/notices")
		return author.counts(`main a[href*="`+id+`"]`) > 1 // the launch, and now the due
	})
	author.inspect("notices-overdue")
	board := w.as(t, officer)
	board.open("/campaigns/" + w.late + "?flag=overdue")
	board.sees("Quá hạn", "Phường Sài Gòn", "Xã Cần Giờ")
	board.inspect("board-overdue")
}

// launchLate makes the campaign that overdue looks at: due within two minutes.
func launchLate(t *testing.T, w *town) string {
	return w.launch(t, "Báo cáo đột xuất về hồ sơ trễ hạn", time.Now().Add(2*time.Minute), saigon.unit, canGio.unit)
}
