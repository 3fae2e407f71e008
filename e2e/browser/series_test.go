package browser

import (
	"context"
	"testing"
)

// seriesOfCampaigns is an officer who has a report proposed every month: the next
// twelve are seen at once, the engine's schedule proposes what has come due, and
// the officer launches it, which needs its guidance document.
func seriesOfCampaigns(t *testing.T, w *town) {
	b := w.as(t, officer)
	b.open("/campaigns")
	b.pressed("Lịch mở đợt")
	b.sees("Chưa có lịch mở đợt nào")
	b.pressed("Thêm lịch mở đợt")
	if status := b.press("Ghi lịch mở đợt"); status != 422 {
		t.Errorf("a series without a name was answered with %d", status)
	}
	b.sees("Ghi tên đợt", "Mã lịch gồm chữ thường")
	b.inspect("series-form-errors")
	b.write("name", "Báo cáo CCHC")
	b.write("code", "hang-thang")
	b.write("lead_days", "90")
	const choose = `(units) => {
		for (const box of document.querySelectorAll('[name="unit"]')) box.checked = units.includes(box.value);
		return true;
	}`
	ask[bool](b, choose, []string{finance.unit, health.unit})
	b.pressed("Ghi lịch mở đợt")
	b.sees("Đã ghi lịch", "2 đơn vị")
	b.tapOn("table.coming summary")
	b.sees("Nghị định 09/2019/NĐ-CP Điều 12.1")
	if rows := b.counts("table.coming tbody tr"); rows != 12 {
		t.Errorf("%d campaigns to come are shown, want 12", rows)
	}
	b.until("the schedule proposes when it is triggered", func() bool {
		if err := w.Engine.Propose(context.Background(), "hang-thang"); err != nil {
			return false // the schedule is made meanwhile
		}
		return w.Count(`select count(*) from campaign_proposals where state = 'open'`) > 0
	})
	b.open("/series")
	b.sees("Đợt cần mở")
	b.inspect("series")

	b.open("/tasks")
	b.sees("cần mở.")
	b.pressed("Xem đợt cần mở")
	name := ask[string](b, `() => document.querySelector(".proposals a").innerText`)
	b.pressed(name)
	b.sees("Nếu mở bây giờ: 2 đơn vị", "Không mở đợt này")
	b.inspect("proposal")
	b.pressed("Chuẩn bị mở đợt")
	b.sees("do lịch mở đợt đề xuất")
	if typed := b.value("name"); typed != name {
		t.Errorf("the launch is filled in with %q, want %q", typed, name)
	}
	if status := b.press("Kiểm tra trước khi mở đợt"); status != 422 {
		t.Errorf("without a guidance document the launch was answered with %d", status)
	}
	if said := ask[string](b, `() => document.getElementById("guidance-error").innerText`); said == "" {
		t.Error("nothing is said at the field of the guidance document")
	}
	b.inspect("launch-proposed")
	b.write("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	b.pressed("Kiểm tra trước khi mở đợt")
	b.sees("Mở đợt cho 2 đơn vị", "6218/SNV-CCHC")
	b.pressed("Mở đợt cho 2 đơn vị")
	b.sees("Đã mở đợt cho 2 đơn vị.")
	if n := w.Count(`select count(*) from campaign_proposals o join campaigns c on c.code = o.campaign where o.state = 'launched' and c.due_rule is not null`); n != 1 {
		t.Errorf("%d proposals were launched by their rule, want 1", n)
	}
	b.open("/series")
	b.sees("Đã mở", "Xem đợt")

	endingSeries(t, b)
	b.open("/series")
	b.pressed("Quy tắc kỳ")
	b.sees("Có sẵn trong phần mềm", "9 tháng")
	b.inspect("period-rules")
	b.open("/period-rules/month")
	b.write("working_days", "3")
	b.pressed("Xem các kỳ tới")
	b.sees("Các kỳ tới theo quy tắc này")
	b.inspect("period-rule")
}

// endingSeries ends the series for good, with a reason; what it proposed stays.
func endingSeries(t *testing.T, b *tab) {
	t.Helper()
	b.open("/series/hang-thang")
	b.tap("Kết thúc lịch này")
	if status := b.press("Kết thúc lịch"); status != 422 {
		t.Errorf("an end without a reason was answered with %d", status)
	}
	b.sees("Ghi lý do kết thúc lịch")
	b.write("reason", "Thay bằng báo cáo quý.")
	b.pressed("Kết thúc lịch")
	b.sees("Đã kết thúc lịch", "Lịch đã kết thúc (1)")
}
