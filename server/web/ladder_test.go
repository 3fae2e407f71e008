package web

import (
	"net/http"
	"testing"

	"cchc/domain/staff"
)

// TestStepsOfReminders: every kind's steps are edited on one page; what is typed wrong is
// told at its row and nothing of it is lost; the next launch is suggested by them.
func TestStepsOfReminders(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	officer.get(t, "/reminders").want(t, http.StatusOK).says(t, "Văn bản ở bàn của đơn vị", "Điều chỉnh kế hoạch đang chờ", "Thẩm định chỉ số", "chưa ai sửa", "Sau 2 ngày làm việc: người đang giữ")
	c.at[staff.Specialist].get(t, "/reminders").want(t, http.StatusForbidden)
	officer.get(t, "/reminders/week").want(t, http.StatusNotFound)

	path := "/reminders/report"
	f := officer.get(t, path).want(t, http.StatusOK).says(t, "Cả 1 đợt đang mở theo các bước hiện nay").filled(t, path)
	f.Set("rung.0.days", "mười")
	again := officer.post(t, path, f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi số nguyên")
	if again.field(t, "rung.0.days") != "mười" {
		t.Error("what was typed is lost")
	}
	f = again.filled(t, path)
	f.Set("rung.0.days", "12")
	officer.post(t, path, f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do sửa")
	f.Set("reason", "Theo văn bản số 12/SNV-CCHC")
	f.Set("running", "running")
	officer.post(t, path, f).want(t, http.StatusSeeOther, "/reminders")
	officer.get(t, "/reminders").says(t, "Đã ghi bước nhắc mới", "Trước hạn 12 ngày làm việc: người đang giữ", "Theo văn bản số 12/SNV-CCHC", "1 đợt đang mở lúc đó", "1 lần trước đây")
	if n := c.count(`select count(*) from campaigns where ladder @> '[{"working_days": -12}]'`); n != 1 {
		t.Errorf("%d campaigns follow", n)
	}
	stale := officer.get(t, path).filled(t, path)
	stale.Set("base", "0")
	stale.Set("rung.0.days", "9")
	stale.Set("reason", "Khác")
	officer.post(t, path, stale).want(t, http.StatusUnprocessableEntity).says(t, "Người khác vừa sửa các bước này")
	launch := officer.get(t, "/campaigns/new").want(t, http.StatusOK)
	if launch.field(t, "rung.0.days") != "12" {
		t.Error("a launch is not suggested by the steps that hold")
	}

	path = "/reminders/adjustment"
	f = officer.get(t, path).want(t, http.StatusOK).says(t, "Sau khi đến bàn (ngày)").silent(t, "Trước hạn").filled(t, path)
	f.Set("rung.0.days", "4")
	f.Set("reason", "Nhắc chậm hơn")
	officer.post(t, path, f).want(t, http.StatusSeeOther, "/reminders")
	officer.get(t, "/reminders").says(t, "Sau 4 ngày làm việc: người đang giữ", "Áp dụng ngay cho mọi kế hoạch đang thực hiện")
}
