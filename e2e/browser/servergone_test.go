package browser

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/e2e/stack"
)

// serverGone: while the server is away the proxy before it says so, and what is typed
// stays on the machine; when it is back that is saved, and the authority sees whose work
// was stopped beside the deadlines that the outage touched. Those of two campaigns are
// extended with one click, and their units read it.
func serverGone(t *testing.T, w *town) {
	due := calendar.DayOf(time.Now()).Add(1).At(11 * 60) // it does not pass meanwhile, whatever the hour
	first := w.launch(t, "Báo cáo khi máy chủ ngừng", due, finance.unit, health.unit)
	second := w.launch(t, "Báo cáo chuyên đề khi máy chủ ngừng", due, finance.unit)
	w.StartPart(stack.Proxy)
	w.Eventually("the proxy passes on", 30*time.Second, func() bool { return w.answers(w.Front() + "/readyz") })
	author := w.blank(t) // failed fetches are no complaint here
	author.web = w.Front()
	w.signIn(author, finance.specialist)
	path := "/documents/" + first + "-" + finance.unit + "/sections/I"
	author.open(path)

	w.Kill(stack.Server)
	author.write("text", "Gõ khi máy chủ ngừng.")
	author.until("the page says that it could not save", func() bool { return author.saveState() == "offline" })
	reader := w.blank(t)
	reader.web = w.Front()
	if status := reader.visit("/tasks"); status != http.StatusServiceUnavailable {
		t.Errorf("without a server the proxy answers %d", status)
	}
	reader.sees("Phần mềm tạm ngừng hoạt động", "Phần mềm ngừng hoạt động từ", "Nội dung đang soạn vẫn còn", "028 0000 0000")
	reader.look("unavailable")

	w.StartPart(stack.Server)
	w.Eventually("the server is back", time.Minute, w.ready)
	author.until("what was typed is saved", func() bool { return author.saved() })
	if n := w.Count(`select count(*) from draft_sections where document_id = $1 and body = 'Gõ khi máy chủ ngừng.'`, first+"-"+finance.unit); n != 1 {
		t.Error("what was typed while the server was away is lost")
	}
	w.Eventually("the browser has told of the failed saves", 30*time.Second, func() bool {
		return w.Count(`select count(*) from failed_attempts where document_id = $1 and source = 'browser'`, first+"-"+finance.unit) > 0
	})
	reader.pressed("Thử lại")
	reader.sees("Đăng nhập")
	extendBoth(t, w, first, second)
}

// extendBoth is the officer's part: the outage is on record, from the working day before.
func extendBoth(t *testing.T, w *town, first, second string) {
	days, err := w.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(time.Now())
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, opened_at, rung_at, closed_at, closing)
		select gen_random_uuid(), 'outage', 'hand', $1, clock_timestamp(), max(id), clock_timestamp(), clock_timestamp(), clock_timestamp(), clock_timestamp(), 'quiet'
		from outage_rules returning id`
	var id int64
	if err := w.Owner.QueryRow(add, days.AddWorkingDays(today, -1).At(8*60)).Scan(&id); err != nil {
		t.Fatal(err)
	}
	// Other journeys' clocks go on.
	defer w.exec(t, `update outages set confirmed_at = null where id = $1`, id)
	boss := w.as(t, officer)
	boss.open(fmt.Sprintf("/outages/%d/deadlines", id))
	boss.sees("Báo cáo khi máy chủ ngừng", "Báo cáo chuyên đề khi máy chủ ngừng", "lần trình duyệt báo lại", "Trả lại", "hạn chung của đợt dời theo")
	boss.inspect("outage-deadlines")
	// Others' campaigns stay as they are.
	ask[bool](boss, `(codes) => {
		for (const choice of document.querySelectorAll("select[name^='who.']")) if (!codes.some((code) => choice.name.includes(code))) choice.value = "none";
		return true;
	}`, []string{first, second})
	boss.pressed("Gia hạn theo sự cố")
	boss.until("all of them are extended", func() bool {
		boss.open(fmt.Sprintf("/outages/%d/deadlines", id))
		return w.Count(`select count(*) from decisions where action = 'extend' and outage_id = $1 and outcome = 'applied'`, id) == 3
	})
	boss.sees("Đã quyết định", "đã gia hạn 3/3 văn bản")
	boss.inspect("outage-deadlines-decided")
	for _, code := range []string{first, second} {
		if n := w.Count(`select count(*) from campaigns c where code = $1 and due_at > clock_timestamp() + interval '1 day'
			and not exists (select from documents d where d.campaign = c.code and d.due_at <> c.due_at)`, code); n != 1 {
			t.Errorf("%s: the due of the campaign and of its documents did not move together", code)
		}
	}
	told := w.blank(t) // the public page, without signing in
	told.until("all units are told", func() bool {
		told.open("/announcements/")
		return strings.Contains(told.words(), "Gia hạn do sự cố phần mềm") && strings.Contains(told.words(), "Báo cáo chuyên đề khi máy chủ ngừng")
	})
	author := w.as(t, finance.specialist)
	author.open("/documents/" + first + "-" + finance.unit)
	author.sees("Đã gia hạn đến", "đã gia hạn do sự cố phần mềm")
}

// answers tells whether an address answers as it should.
func (w *town) answers(address string) bool {
	answer, err := http.Get(address)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}
