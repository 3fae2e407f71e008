package browser

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

// dues is dues that move: units ask for more time and an officer answers several at
// once; an approved report is reopened, corrected and approved again; a holiday is
// entered after its preview.
func dues(t *testing.T, w *town) {
	// Far enough away for the holiday to move nobody else's due.
	days, err := w.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	far := days.NextWorkingDay(calendar.DayOf(time.Now()).Add(200))
	code := w.launch(t, "Báo cáo CCHC quý IV năm 2026, hạn dời", far.At(17*60), finance.unit, health.unit, saigon.unit)
	w.exec(t, `update campaigns set due_shift = 'forward' where code = $1`, code)
	asking(t, w, code)
	reopening(t, w, code)
	holiday(t, w, code, far)
}

func asking(t *testing.T, w *town, code string) {
	t.Helper()
	wanted := calendar.DayOf(time.Now()).Add(240).Start().Format("02/01/2006")
	for _, who := range []struct{ unit, person string }{{finance.unit, finance.specialist}, {health.unit, health.head}, {saigon.unit, saigon.specialist}} {
		b := w.as(t, who.person)
		b.open("/documents/" + code + "-" + who.unit)
		b.pressed("Xin gia hạn")
		b.write("until", wanted)
		if status := b.press("Gửi đề nghị gia hạn"); status != 422 {
			t.Errorf("a request without a reason was answered with %d", status)
		}
		b.sees("Ghi lý do.")
		b.write("reason", "Chờ số liệu quyết toán của 3 đơn vị trực thuộc.")
		if who.unit == finance.unit {
			b.inspect("extension-ask")
		}
		b.pressed("Gửi đề nghị gia hạn")
		b.sees("Đã gửi đề nghị gia hạn", "Chờ Sở Nội vụ quyết định")
	}
	withdrawn := w.as(t, saigon.specialist)
	withdrawn.pressed("Xem hoặc rút đề nghị")
	withdrawn.inspect("extension-open")
	withdrawn.pressed("Rút đề nghị")
	withdrawn.sees("Đã rút đề nghị gia hạn")

	b := w.as(t, officer)
	b.open("/tasks")
	b.sees("đề nghị gia hạn chờ quyết định")
	b.open("/campaigns/" + code)
	b.sees("Xin gia hạn 2")
	b.pressed("2 đơn vị xin gia hạn")
	b.sees("2 đề nghị chờ quyết định", "Sở Tài chính", "Sở Y tế")
	b.tap("Chọn tất cả 2 đề nghị")
	if n := b.counts(`[name="request"]:checked`); n != 2 {
		t.Errorf("%d requests are ticked, want 2", n)
	}
	b.inspect("extensions")
	b.write("reason", "Theo Công văn số 6401/SNV-CCHC.")
	b.pressed("Đồng ý gia hạn")
	b.until("both are granted", func() bool { return strings.Contains(b.words(), "2 đơn vị được gia hạn") })
	b.inspect("extensions-batch")
	author := w.as(t, finance.specialist)
	author.open("/documents/" + code + "-" + finance.unit)
	author.sees("đã gia hạn theo đề nghị của đơn vị", "Đã gia hạn đến 17:00 "+wanted)
	author.open("/notices")
	author.sees("Đã gia hạn")
	if n := w.Count(`select count(*) from decisions x join documents d on d.id = x.document_id where d.campaign = $1 and x.action = 'extend'`, code); n != 2 {
		t.Errorf("%d decisions for two requests", n)
	}
}

func reopening(t *testing.T, w *town, code string) {
	t.Helper()
	id := code + "-" + finance.unit
	author, head, director, chief := w.as(t, finance.specialist), w.as(t, finance.head), w.as(t, finance.director), w.as(t, officer)
	around := func() string {
		submit(author, id)
		approve(head, id)
		number := sign(director, id)
		chief.open("/documents/" + id + "/review")
		chief.pressed("Xác nhận đạt yêu cầu")
		chief.sees("Đã xác nhận", "Mã tiếp nhận")
		return number
	}
	w.fill(t, id, finance.specialist)
	first := around()
	chief.open("/documents/" + id)
	chief.pressed("Mở lại để chỉnh sửa")
	chief.sees("Bản đã duyệt, chữ ký và tệp đã ban hành giữ nguyên")
	chief.inspect("reopen")
	if status := chief.press("Mở lại văn bản"); status != 422 {
		t.Errorf("a reopening without a reason was answered with %d", status)
	}
	chief.write("reason", "I: ghi nhầm số văn bản chỉ đạo.")
	chief.pressed("Mở lại văn bản")
	chief.sees("Đã mở lại để chỉnh sửa", "Mã tiếp nhận")
	author.open("/documents/" + id)
	author.sees("đã mở lại để chỉnh sửa", "I: ghi nhầm số văn bản chỉ đạo.", "Đang soạn lần 2", first)
	author.inspect("document-reopened")
	mend(author, id, "Đã ban hành 04 văn bản chỉ đạo.")
	reader := w.as(t, cityViewer)
	reader.open("/documents/" + id)
	reader.seesNot("Đã ban hành 04 văn bản chỉ đạo.")
	second := around()
	reader.open("/documents/" + id)
	reader.sees("Đã ban hành 04 văn bản chỉ đạo.", "Đã duyệt", first, second, "Nộp lần đầu đúng hạn", "Đã mở lại sau khi duyệt")
	if first == second {
		t.Errorf("number %s was used twice", first)
	}
	if stage := w.Count(`select count(*) from documents where id = $1 and stage = $2 and revision = 2`, id, string(document.Approved)); stage != 1 {
		t.Error("it is not approved again")
	}
}

func holiday(t *testing.T, w *town, code string, day calendar.Day) {
	t.Helper()
	b := w.as(t, officer)
	b.open("/calendar")
	b.inspect("calendar-officer")
	b.pressed("Ghi ngày nghỉ, làm bù")
	date := day.Start().Format("02/01/2006")
	b.write("from", date)
	if status := b.press("Xem trước thay đổi"); status != 422 {
		t.Errorf("a day without a name was answered with %d", status)
	}
	b.sees("Ghi tên ngày nghỉ.")
	b.write("name", "Nghỉ thêm theo thông báo")
	ask[bool](b, `() => { document.querySelector('[name="certainty"]').value = "expected"; return true; }`)
	b.inspect("calendar-mark")
	b.pressed("Xem trước thay đổi")
	b.sees("nghỉ lễ “Nghỉ thêm theo thông báo”", "hạn dời", "Hạn chung: 17:00", "văn bản đã được gia hạn: giữ hạn đã cho", "Đúng hạn", "Không đổi")
	b.inspect("calendar-preview")
	b.pressed("Thêm thay đổi khác")
	b.sees("Cùng lưu với lần này", date)
	b.inspect("calendar-mark-together")
	b.pressed("Không thêm, xem trước")
	moved := `select count(*) from history h join documents d on d.id = h.document_id where d.campaign = $1 and h.event = 'due_moved'`
	if n := w.Count(moved, code); n != 0 {
		t.Errorf("the preview has moved %d", n)
	}
	b.pressed("Lưu lịch")
	b.sees("Đã lưu lịch.", "Nghỉ thêm theo thông báo", date)
	if n := w.Count(moved, code); n != 1 { // one is approved, one has an extension
		t.Errorf("%d documents moved, want 1", n)
	}
	unit := w.as(t, saigon.specialist)
	unit.open("/documents/" + code + "-" + saigon.unit)
	unit.sees("đã sửa lịch nghỉ, hạn dời")
	w.Eventually("the workflow was woken and waits for the new due", 3*time.Minute, func() bool {
		return w.Count(`select count(*) from documents where id = $1 and wake_at > now()`, code+"-"+saigon.unit) == 1
	})
	b.open("/calendar/edit?date=" + day.String())
	b.pressed("Xóa " + date)
	b.sees("bỏ khỏi lịch")
	b.pressed("Lưu lịch")
	b.sees("Đã lưu lịch.")
}
