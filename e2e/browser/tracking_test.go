package browser

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/storage"
)

// tracking is the life of a confirmed plan: a task that is overdue, three progress
// updates, an adjustment with its order through the whole chain, two results.
func tracking(t *testing.T, w *town) {
	id := livingPlan(t, w, "kh-theo-doi")
	today := calendar.DayOf(time.Now())
	author, head, chief := w.as(t, health.specialist), w.as(t, health.head), w.as(t, officer)

	author.open("/documents/" + id)
	author.pressed("Theo dõi kế hoạch")
	author.sees("3 nhiệm vụ", "Hoàn thành 0, đạt 0 %", "1 nhiệm vụ quá hạn", "Chưa ghi tiến độ")
	author.inspect("plan-tracking")

	// Progress: what cannot be read is told at its field, nothing typed is lost.
	author.pressed("Rà soát văn bản về y tế")
	task := author.address()
	author.inspect("plan-tracked")
	author.write("note", "Đã gửi phiếu rà soát đến 12 phòng")
	author.write("percent", "120")
	if status := author.press("Ghi tiến độ"); status != 422 {
		t.Errorf("120 %% was answered with %d", status)
	}
	author.sees("Ghi số nguyên từ 0 đến 100.")
	if author.value("note") != "Đã gửi phiếu rà soát đến 12 phòng" || author.value("percent") != "120" {
		t.Error("what was typed is gone")
	}
	for n, b := range []*tab{author, author, head} {
		b.open(task)
		b.write("note", fmt.Sprintf("Đã rà soát đợt %d", n+1))
		b.write("percent", fmt.Sprint(20*(n+1)))
		b.pressed("Ghi tiến độ")
		b.sees("Đã ghi tiến độ.", fmt.Sprintf("ghi tiến độ %d %%", 20*(n+1)))
	}
	author.open(task)
	author.sees("Đang thực hiện", "Đã rà soát đợt 1", "Đã rà soát đợt 2", "Đã rà soát đợt 3")

	path := adjusting(t, author, today)
	throughTheChain(t, author, head, chief, path)

	viewer := w.as(t, cityViewer)
	viewer.open(path)
	viewer.sees("Điều chỉnh lần 1", "Có hiệu lực", "12/QĐ-SYT", "Chờ nghị định mới", "Khảo sát sự hài lòng")
	viewer.inspect("adjustment-in-force")
	viewer.open(task)
	viewer.sees("điều chỉnh theo văn bản 12/QĐ-SYT", fmt.Sprintf("→ %s", december(today.Year())))
	viewer.open("/documents/" + id + "/adjustments")
	viewer.sees("Điều chỉnh lần 1", "Kế hoạch được duyệt")
	viewer.inspect("adjustments")
	viewer.open("/documents/" + id + "/tracking")
	viewer.sees("Khảo sát sự hài lòng", "3 nhiệm vụ", "1 nhiệm vụ quá hạn") // one taken out, one added

	results(t, author, id, today)
	viewer.open("/documents/" + id + "/tracking")
	viewer.sees("Hoàn thành 2, đạt 66,67 %", "Hoàn thành muộn", "Hoàn thành đúng hạn", "Không thực hiện")
	viewer.seesNot("nhiệm vụ quá hạn")
	w.Eventually("the plan's workflow follows", time.Minute, func() bool {
		return w.Count(`select count(*) from plan_trackings where document_id = $1 and wake_at > clock_timestamp()`, id) == 1
	})
}

func december(year int) string { return fmt.Sprintf("Tháng 12/%d", year) }

// livingPlan is SYT's plan of this year, confirmed past the pages: a was due before
// 1 January, b is of the last quarter, c recurs. Its form reads a date as "before the
// day" and moves none, so that on every day of the year a is overdue and b is not.
func livingPlan(t *testing.T, w *town, code string) string {
	t.Helper()
	ctx, year := context.Background(), calendar.DayOf(time.Now()).Year()
	whole := period.Period{Kind: period.Year, Year: year, Number: 1}
	w.exec(t, `insert into form_versions (form, version, title, content, campaign_only)
		select $1, 1, title, jsonb_set(content || jsonb_build_object('code', $1::text), '{plan,deadline}', '{"excludes_date": true, "cutoff": 1440, "shift": "none"}'), true
		from form_versions where form = 'kh-cchc-nam' and version = 1`, code)
	launched, err := w.Store.LaunchCampaign(ctx, uuid.New(), w.actor(t, officer).Person, campaign.Plan{
		Code: code, Kind: document.Plan, Name: "Kế hoạch CCHC đang theo dõi", Form: code, FormVersion: 1,
		Period: whole.Code(), Window: period.Window{From: whole.From(), To: whole.To()},
		Due:    period.Due{Day: calendar.DayOf(time.Now()).Add(30), Cutoff: period.MidnightCutoff, Shift: period.ShiftNone},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{health.unit},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Engine.LaunchCampaign(ctx, launched); err != nil {
		t.Fatal(err)
	}
	id := launched + "-" + health.unit
	author := w.actor(t, health.specialist)
	for _, section := range []string{"I.1", "I.2", "II", "IV"} {
		w.exec(t, `insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`, id, section, author.Person)
	}
	var changes []storage.TaskChange
	for _, one := range []struct {
		key, name string
		until     plan.Deadline
	}{
		{"a", "Ban hành kế hoạch kiểm tra", plan.OnDay(calendar.Date(year, time.January, 1))},
		{"b", "Rà soát văn bản về y tế", plan.InQuarter(year, 4)},
		{"c", "Công khai thủ tục hành chính", plan.Deadline{Kind: plan.Recurring}},
	} {
		changes = append(changes, storage.TaskChange{Task: plan.Task{
			Key: one.key, Field: "the-che", Name: one.name, Product: "Báo cáo", ProductKind: "bao-cao", Lead: plan.Party{Name: "Văn phòng Sở"}, Deadline: one.until,
		}})
	}
	if _, err := w.Store.SaveTasks(ctx, id, changes, author); err != nil {
		t.Fatal(err)
	}
	w.decide(t, id, document.Submit, health.specialist)
	w.decide(t, id, document.Approve, health.head)
	signAs(w.as(t, health.director), id, "kế hoạch")
	w.decide(t, id, document.Confirm, officer)
	return id
}

// adjusting drafts an adjustment from the task's own page: its deadline moves, another
// task is taken out, one is added, and the order is filed with its file.
func adjusting(t *testing.T, b *tab, today calendar.Day) (path string) {
	t.Helper()
	b.pressed("Điều chỉnh nhiệm vụ này")
	b.sees("Trong kế hoạch hiện nay")
	b.inspect("adjustment-task")
	b.write("deadline", december(today.Year()))
	b.pressed("Lưu điều chỉnh")
	b.sees("Đã lưu điều chỉnh của nhiệm vụ.", "Phải sửa trước khi trình", "Chưa ghi lý do điều chỉnh.", "Chưa có tệp của văn bản điều chỉnh.")
	path = b.address()
	if status := b.press("Trình trưởng phòng"); status != 422 {
		t.Errorf("an incomplete adjustment was answered with %d", status)
	}
	b.pressed("Nhiệm vụ 2, lý do: Chưa ghi lý do điều chỉnh.")
	b.write("reason", "Chờ nghị định mới")
	b.pressed("Lưu điều chỉnh")
	ask[bool](b, `() => { document.querySelector('[name="key"]:is(select)').value = "c"; return true; }`)
	b.pressed("Điều chỉnh nhiệm vụ")
	b.write("reason", "Trùng nhiệm vụ của Thành phố")
	b.pressed("Thôi thực hiện")
	b.pressed("Thêm nhiệm vụ")
	ask[bool](b, `() => { document.querySelector('[name="field"]').selectedIndex = 1; return true; }`)
	for name, text := range map[string]string{
		"name": "Khảo sát sự hài lòng", "product": "Báo cáo khảo sát", "lead": "Phòng Nghiệp vụ Y", "deadline": december(today.Year()),
	} {
		b.write(name, text)
	}
	b.pressed("Lưu điều chỉnh")
	b.inspect("adjustment-draft")
	b.pressed("Ghi văn bản")
	for name, text := range map[string]string{
		"number": "12/QĐ-SYT", "issued_on": today.Start().Format("02/01/2006"), "issuer": "Sở Y tế", "title": "Điều chỉnh kế hoạch cải cách hành chính",
	} {
		b.write(name, text)
	}
	b.inspect("adjustment-order")
	ask[bool](b, `() => {
		const files = new DataTransfer();
		files.items.add(new File(["%PDF-1.4 quyết định điều chỉnh"], "12-qd-syt.pdf", { type: "application/pdf" }));
		document.querySelector('[name="file"]').files = files.files;
		return true;
	}`)
	b.pressed("Lưu văn bản")
	b.sees("Đã lưu văn bản điều chỉnh.", "12-qd-syt.pdf", "Đã đủ để trình.")
	b.seesNot("Phải sửa trước khi trình")
	return path
}

// throughTheChain has the adjustment returned once, and then confirmed.
func throughTheChain(t *testing.T, author, head, chief *tab, path string) {
	t.Helper()
	author.pressed("Trình trưởng phòng")
	author.sees("Đã trình trưởng phòng bản điều chỉnh.", "Chờ trưởng phòng")
	head.open("/tasks")
	head.pressed("1 bản điều chỉnh kế hoạch")
	head.sees("Sở Y tế", "3 nhiệm vụ được điều chỉnh")
	head.inspect("adjustments-waiting")
	head.open(path)
	head.inspect("adjustment-head")
	if status := head.press("Trả lại"); status != 422 {
		t.Errorf("a return without a reason was answered with %d", status)
	}
	head.write("reason", "Ghi rõ nghị định nào")
	head.pressed("Trả lại")
	author.open(path)
	author.sees("Ghi rõ nghị định nào", "Yêu cầu bổ sung")
	author.pressed("Trình trưởng phòng")
	head.open(path)
	head.pressed("Trình Sở Nội vụ")
	chief.open("/notices")
	chief.sees("Bản điều chỉnh kế hoạch cần xem xét")
	chief.open(path)
	chief.pressed("Xác nhận điều chỉnh")
	chief.sees("Kế hoạch được theo dõi theo bản điều chỉnh này.", "Điều chỉnh lần 1", "Có hiệu lực")
}

// results completes the overdue task, late, and the adjusted one, in time.
func results(t *testing.T, b *tab, id string, today calendar.Day) {
	t.Helper()
	for key, number := range map[string]string{"a": "31/KH-SYT", "b": "44/BC-SYT"} {
		b.open("/documents/" + id + "/tracking/" + key)
		b.pressed("Ghi văn bản kết quả")
		if key == "a" {
			b.inspect("plan-result")
		}
		b.write("number", number)
		b.write("title", "Kết quả thực hiện nhiệm vụ")
		if status := b.press("Ghi văn bản kết quả"); status != 422 {
			t.Errorf("a result without a document was answered with %d", status)
		}
		b.write("note", "Bản gốc lưu tại Văn phòng Sở")
		b.pressed("Ghi văn bản kết quả")
		b.sees("Nhiệm vụ đã hoàn thành.", number)
		if late := strings.Contains(b.words(), "Hoàn thành muộn"); late != (key == "a") {
			t.Errorf("task %s: late %v on %s", key, late, today)
		}
	}
}
