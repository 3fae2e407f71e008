package browser

import (
	"fmt"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/plan"
	"cchc/storage"
)

// planBoards is a year's plans watched: the board of the city and of a unit by task,
// by lead and by month, every number leading to what it counts; a task completed moves
// every number; and the unit's report takes its figures from its plan, or says why not.
func planBoards(t *testing.T, w *town) {
	code, year := launchPlan(t, w, "kh-bang-tien-do", saigon.unit, canGio.unit)
	for _, one := range []office{saigon, canGio} {
		w.approvePlan(t, code+"-"+one.unit, one, year)
	}
	chief := w.as(t, officer)
	chief.open("/campaigns/" + code)
	chief.pressed("Tiến độ kế hoạch")
	board := "/campaigns/" + code + "/tasks"
	chief.sees("2/2 kế hoạch đã duyệt", "8 nhiệm vụ", "Hoàn thành 0/8, đạt 0 %", "Rà soát văn bản", "Phường Sài Gòn", "Xã Cần Giờ")
	chief.inspect("plan-board")

	chief.pressed("Theo đơn vị chủ trì")
	chief.sees("2 đơn vị chủ trì")
	chief.inspect("plan-board-leads")
	chief.pressed("Xã Cần Giờ")
	chief.sees("4 nhiệm vụ", "Chủ trì: ")
	chief.seesNot("Phường Sài Gòn")
	chief.open(board + "?view=months")
	chief.sees(fmt.Sprintf("Tháng 6/%d", year), "Không có ngày cuối")
	if n := chief.counts(".chart-wide rect"); n != 4 {
		t.Errorf("%d columns are drawn, want 4: three months and what has no day", n)
	}
	chief.inspect("plan-board-months")
	chief.scripts(false) // a filter is a form, a number a link
	ask[bool](chief, `() => { document.querySelector('[name="field"]').value = "the-che"; return true; }`)
	chief.pressed("Lọc")
	chief.sees("Lĩnh vực: Cải cách thể chế")
	chief.scripts(true)

	// A result of today counts at once, everywhere, also on a board that lies open.
	chief.open(board)
	chief.listens()
	author := w.as(t, saigon.specialist)
	own := code + "-" + saigon.unit
	author.open("/documents/" + own + "/tracking/t1")
	author.write("note", "Đã gửi phiếu rà soát đến các phòng")
	author.write("percent", "40")
	author.pressed("Ghi tiến độ")
	author.open("/documents/" + own + "/tracking/t1/result")
	author.write("number", "12/BC-UBND")
	author.write("title", "Báo cáo kết quả rà soát")
	author.write("note", "Bản gốc lưu tại Văn phòng")
	author.pressed("Ghi văn bản kết quả")
	author.open("/documents/" + own + "/tracking")
	author.pressed("Bảng tiến độ")
	author.sees("4 nhiệm vụ", "Hoàn thành 1/4, đạt 25 %", "Hoàn thành đúng hạn")
	author.inspect("plan-board-unit")
	chief.until("the open board follows", func() bool { return strings.Contains(chief.words(), "Hoàn thành 1/8, đạt 12,5 %") })
	chief.open("/plans")
	chief.sees("2/2 kế hoạch đã duyệt", "Hoàn thành 1/8, đạt 12,5 %")
	chief.inspect("plans")
	chief.open(board + "?status=done_in_time")
	chief.sees("Hoàn thành 1/8, đạt 12,5 %", "1 nhiệm vụ", "Rà soát văn bản")
	if rows := workbook(t, chief, chief.href("Xuất Excel")); len(rows) != 1 || rows[0][3] != "Rà soát văn bản" || rows[0][9] != "Hoàn thành đúng hạn" {
		t.Errorf("the workbook says %q", rows)
	}
	reportFromPlan(t, w, own, year)
}

// approvePlan takes a unit's plan of four tasks through its chain.
func (w *town) approvePlan(t *testing.T, id string, people office, year int) {
	t.Helper()
	author := w.actor(t, people.specialist)
	for _, section := range []string{"I.1", "I.2", "II", "IV"} {
		w.exec(t, `insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`, id, section, narrative, author.Person)
	}
	task := func(key, field, name string, deadline plan.Deadline) storage.TaskChange {
		return storage.TaskChange{Task: plan.Task{
			Key: key, Field: field, Name: name, Product: "Báo cáo", ProductKind: "bao-cao", Lead: plan.Party{Name: "Văn phòng"}, Deadline: deadline,
		}}
	}
	changes := []storage.TaskChange{
		task("t1", "the-che", "Rà soát văn bản", plan.InQuarter(year, 2)), task("t2", "thu-tuc", "Công khai thủ tục", plan.InMonth(year, 9)),
		task("t3", "cong-vu", "Tập huấn kỹ năng số", plan.OnDay(calendar.Date(year, 11, 20))), task("t4", "chi-dao", "Kiểm tra các phòng", plan.Deadline{Kind: plan.Recurring}),
	}
	if _, err := w.Store.SaveTasks(t.Context(), id, changes, author); err != nil {
		t.Fatal(err)
	}
	w.decide(t, id, document.Submit, people.specialist)
	w.decide(t, id, document.Approve, people.head)
	signAs(w.as(t, people.director), id, "kế hoạch")
	w.decide(t, id, document.Confirm, officer)
}

// reportFromPlan writes the report of the plan's own year: a number is taken over with
// one button, another one goes its way with the note why it differs.
func reportFromPlan(t *testing.T, w *town, yearly string, year int) {
	t.Helper()
	report := w.launch(t, "Báo cáo có kế hoạch", soon(), saigon.unit)
	w.exec(t, `update campaigns set period = $2 where code = $1`, report, fmt.Sprintf("%dq1", year))
	id := report + "-" + saigon.unit
	w.fill(t, id, saigon.specialist)
	author := w.as(t, saigon.specialist)
	page := "/documents/" + id + "/figures/1"
	author.open(page)
	author.sees("4 nhiệm vụ phải thực hiện", "1 nhiệm vụ đã có văn bản kết quả", "Khác số trong kế hoạch đang theo dõi của đơn vị (4, nay 0)")
	author.inspect("figures-plan")
	if href := author.href("Xem kế hoạch"); href != "/documents/"+yearly+"/board" {
		t.Errorf("the source is %s", href)
	}
	author.pressed("Lấy số này")
	if author.value("figure.1.1") != "4" {
		t.Errorf("1.1 stands at %q", author.value("figure.1.1"))
	}
	author.seesNot("(4, nay 0)")
	const note = "Chờ Sở Nội vụ xác nhận văn bản 12/BC-UBND"
	author.write("reason.1.2", note)
	author.pressed("Lưu và kiểm tra")
	author.sees("Khác số trong kế hoạch đang theo dõi của đơn vị (1, nay 0)")
	w.decide(t, id, document.Submit, saigon.specialist)
	head := w.as(t, saigon.head)
	head.open("/documents/" + id + "/review")
	head.sees("Khác số trong kế hoạch đang theo dõi của đơn vị (1, nay 0)", note)
}
