package browser

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"cchc/domain/form"
)

// figuresGrid is a specialist's work on the annex: typing, keys, ranges from a
// workbook, undo, the way to what is wrong, reasons remembered, and one cell that
// two people write; with scripts, on a phone, and without.
func figuresGrid(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo nhập số liệu", soon(), finance.unit) + "-" + finance.unit
	w.reportedBefore(t, id)
	b := w.as(t, finance.specialist)
	b.open("/documents/" + id + "/figures/3")
	sameNumbers(t, b)
	b.sees("Quý III", "Quý IV năm 2029", "Lấy từ 3.22 của quý III", "1.118")
	typeByKeys(t, b)
	pasteRanges(t, b)
	b.inspect("figures-filled")
	mendByKeys(t, b)
	b.wide(phone)
	b.picture("figures-phone")
	if wide := ask[int](b, `() => document.documentElement.scrollWidth`); wide > phone {
		t.Errorf("the cards scroll sideways: %d px, by %s", wide, ask[string](b, widest))
	}
	b.wide(desk)
	pasteMarked(t, b)
	oneCell(t, w, id, true)
	oneCell(t, w, id, false)
	reuseWithoutScripts(t, w, id)
}

// reportedBefore makes a year of its own, in which the unit has reported the
// period before and the same period last year.
func (w *town) reportedBefore(t *testing.T, id string) {
	t.Helper()
	campaign := strings.TrimSuffix(id, "-"+finance.unit)
	w.exec(t, `update campaigns set period = '2030q4' where code = $1`, campaign)
	person := w.actor(t, finance.specialist).Person
	for period, figures := range map[string]string{
		"2030q3": `{"3.14": {"value": "11870"}, "3.18": {"value": "11724"}, "3.19": {"value": "6890"}, "3.20": {"value": "4712"},
			"3.22": {"value": "1118"}, "3.28": {"value": "29", "reason": "Đợt đối thoại doanh nghiệp"}, "3.29": {"value": "29"}}`,
		"2029q4": `{"3.14": {"value": "12410"}, "3.28": {"value": "20"}, "3.22": {"value": "1044"}}`,
	} {
		code := "bc-" + uuid.NewString()[:8]
		w.exec(t, `
			insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day,
				due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, started_at)
			select $1, gen_random_uuid(), kind, name, form, form_version, $2, window_from, window_to, due_day,
				due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, started_at
			from campaigns where code = $3`, code, period, campaign)
		old := code + "-" + finance.unit
		w.exec(t, `
			insert into documents (id, campaign, unit_code, kind, stage, revision, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
			select $1, $2, unit_code, kind, 'approved', 1, unit_due_at, due_at, desk_since, rung_at, created_at, desk_since
			from documents where id = $3`, old, code, id)
		w.exec(t, `insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at)
			values ($1, 1, jsonb_build_object('figures', $2::jsonb), '', $3, clock_timestamp())`, old, figures, person)
		w.exec(t, `
			insert into signing_attempts (id, document_id, revision, content_hash, person_id, number_year, number_symbol, number, document_date, state)
			values (gen_random_uuid(), $1, 1, '', $2, 2030, 'BC-THU', $3, current_date, 'signed')`, old, person, len(period)+len(figures))
	}
}

// sameNumbers holds the page's arithmetic to the domain's.
func sameNumbers(t *testing.T, b *tab) {
	t.Helper()
	typed := []string{
		"", "  ", "0", "007", "-0", "12", " 12 ", "1.234", "12.345.678", "1234567", "12,5", "1.234,5", "1234,5", "0,0001", "1,50", "1,234",
		"1234.5", "12.50", "0.0001", "1,23450000", "99.999.999.999,9999", "100.000.000.000", "1 234", "12\u00a0934", "1\u202f234\u202f567,5",
		"1 234.5", "1 234.567", "12 34", "1  234", "0 123", "abc", "12%", "1e5", "+5", "٣", ",5", "5,", "5.", ".5", "1,234.5", "1,2,3", "1.23.456",
		"1..234", "12.34,5", "1234.567,8", "--5", "0.123", "1234.567", "01.234", "-5", "\u22125", "1,23456", "1.23456", "1 234 ,5",
	}
	want := make([]string, len(typed))
	for i, text := range typed {
		if number, err := form.ParseVN(text); err == nil {
			want[i] = number.VN()
		} else if strings.TrimSpace(text) != "" {
			want[i] = "?"
		}
	}
	const load = `const numbers = await import(document.querySelector("script[type=module]").src.replace("app.js", "grid/numbers.js"));`
	got := ask[[]string](b, `async (typed) => { `+load+`
		return typed.map((text) => { const n = numbers.parse(text); return n === undefined ? "?" : n === null ? "" : numbers.format(n); });
	}`, typed)
	for i := range typed {
		if got[i] != want[i] {
			t.Errorf("%q is %q in the page and %q in the domain", typed[i], got[i], want[i])
		}
	}
	version := form.Version{Indicators: []form.Indicator{
		{Code: "1.1", Type: form.TypeDecimal}, {Code: "1.2", Type: form.TypeDecimal}, {Code: "1.3", Type: form.TypeDecimal},
		{Code: "1.4", Type: form.TypeRatio, Numerator: "1.1-1.2", Denominator: "1.3"},
	}}
	random := rand.New(rand.NewSource(7))
	var pairs [][2]string
	want = nil
	for range 400 {
		figures := map[string]form.Figure{}
		number := func(code string) int64 {
			scaled := random.Int63n(1_000_000) * []int64{0, 1, 100, 5000, 10_000}[random.Intn(5)]
			value, err := form.ParseDecimal(fmt.Sprintf("%d.%04d", scaled/10_000, scaled%10_000))
			if err != nil {
				t.Fatal(err)
			}
			figures[code] = form.Figure{Code: code, Value: &value}
			return scaled
		}
		above, below := number("1.1")-number("1.2"), number("1.3")
		pairs = append(pairs, [2]string{fmt.Sprint(above), fmt.Sprint(below)})
		share := ""
		if percent, known := version.Ratio(version.Indicators[3], figures); known {
			share = strings.Replace(percent.VN(), "-", "\u2212", 1)
		}
		want = append(want, share)
	}
	got = ask[[]string](b, `async (pairs) => { `+load+`
		return pairs.map(([a, b]) => { const n = numbers.percent(BigInt(a), BigInt(b)); return n === null ? "" : numbers.format(n); });
	}`, pairs)
	for i := range pairs {
		if got[i] != want[i] {
			t.Errorf("%s of %s is %q in the page and %q in the domain", pairs[i][0], pairs[i][1], got[i], want[i])
		}
	}
}

// typeByKeys works without the mouse, as in a workbook.
func typeByKeys(t *testing.T, b *tab) {
	t.Helper()
	b.write("figure.3.14", "12934")
	b.key("Enter", '\r', 0)
	b.at("figure.3.15")
	if got := b.value("figure.3.14"); got != "12.934" {
		t.Errorf("typed 12934, after Enter stands %q", got)
	}
	b.key("ArrowDown", 40, 0)
	b.at("figure.3.16")
	b.key("ArrowUp", 38, 0)
	b.key("ArrowUp", 38, 0)
	b.at("figure.3.14")
	b.key("ArrowUp", 38, 0) // 3.13 is locked
	b.at("figure.3.12")
	b.key("End", 35, control)
	b.at("figure.3.31")
	b.key("Home", 36, control)
	b.at("figure.3.1")
	b.until("the figure is saved with what the checks say", func() bool { return b.saved() && b.changeAt("3.14") == "+9,0 %" })
	if name := ask[string](b, `() => [...document.querySelector("[name='figure.3.14']").labels].map((l) => l.textContent).join()`); name != "3.14 Hồ sơ tiếp nhận mới trong kỳ, hồ sơ" {
		t.Errorf("a screen reader says %q", name)
	}
}

// pasteRanges: a vi-VN column goes down past computed rows, undo takes it back as
// one, and a plain one with reasons is taken alike.
func pasteRanges(t *testing.T, b *tab) {
	t.Helper()
	b.paste("figure.3.14", "12.934\r\n11.902\r\n846\r\n186\r\n12 480\r\n7.315\r\n5.021\r\n144\r\n1.500\r\n\r\n\r\n72\r\n98,85\r\n144\r\n")
	for code, want := range map[string]string{"3.15": "11.902", "3.18": "12.480", "3.25": "72", "3.27": "144", "3.23": ""} {
		if got := b.value("figure." + code); got != want {
			t.Errorf("%s pasted as %q, want %q", code, got, want)
		}
	}
	if ratio := b.ratio("3.26"); ratio != "98,85" {
		t.Errorf("3.26 stands at %q before anything is saved", ratio)
	}
	b.sees("Đã dán 11 ô.", "Bỏ qua 1 dòng do hệ thống tính")
	b.key("z", 'Z', control)
	b.sees("Đã hoàn tác 11 ô.")
	if b.value("figure.3.15") != "" || b.value("figure.3.14") != "12.934" || b.ratio("3.26") != "—" {
		t.Errorf("after undo 3.15 stands at %q, 3.14 at %q, 3.26 at %q", b.value("figure.3.15"), b.value("figure.3.14"), b.ratio("3.26"))
	}
	b.key("y", 'Y', control)
	b.sees("Đã làm lại 11 ô.")
	if b.value("figure.3.15") != "11.902" || b.ratio("3.26") != "98,85" {
		t.Errorf("made again 3.15 stands at %q, 3.26 at %q", b.value("figure.3.15"), b.ratio("3.26"))
	}
	b.key("z", 'Z', control)
	b.sees("Đã hoàn tác 11 ô.")
	b.paste("figure.3.1", strings.Join([]string{
		"Mã\tChỉ tiêu\tQuý III\tQuý IV\tGhi chú", "3.14\tTiếp nhận\t11870\t12934\t", "3.15\tTrực tuyến\t10512\t11902\t", "3.16\tTrực tiếp\t1\t846\t",
		"3.17\tBưu chính\t1\t186\t", "3.18\tGiải quyết\t1\t12480\t", "3.19\tTrước hạn\t1\t7315\t", "3.20\tĐúng hạn\t1\t5021\t", "3.21\tTrễ hạn\t1\t146\t",
		"3.22\tĐang giải quyết\t1\t1500\tHồ sơ doanh nghiệp tăng", "3.23\tTrong hạn\t1\t1490\t", "3.24\tQuá hạn\t1\t10\t", "3.25\tTrả lại\t1\t72\t",
		"3.26\tTỷ lệ\t1\t99\t", "3.27\tThư\t1\t146\t", "3.28\tPAKN\t29\t38\t", "9.9\tLạ\t1\t7\t",
	}, "\r\n"))
	b.sees("Đã dán 14 ô.", "Đã dán 1 lý do.", "Lấy cột thứ 4 của vùng dán.", "1 dòng không thuộc nhóm này, chưa dán: 9.9.")
	b.until("the checks speak without a page", func() bool { return strings.Contains(b.saidAt("3.18"), "Đang lệch 2 (12.480 và 12.482)") })
	if said := b.saidAt("3.28"); !strings.Contains(said, "Thay đổi quá 30 %") || !strings.Contains(said, "Kỳ trước ghi: “Đợt đối thoại doanh nghiệp”") {
		t.Errorf("at 3.28 stands %q", said)
	}
	if reason := b.value("reason.3.22"); reason != "Hồ sơ doanh nghiệp tăng" {
		t.Errorf("the reason pasted at 3.22 is %q", reason)
	}
	b.until("the group tells its errors", func() bool {
		return ask[string](b, `() => document.querySelector("[data-group='3']").textContent`) == "1 lỗi"
	})
}

// mendByKeys goes from what is wrong to what is wrong.
func mendByKeys(t *testing.T, b *tab) {
	t.Helper()
	ask[bool](b, `() => { document.activeElement.blur(); return true; }`)
	b.key("F8", 119, 0)
	b.at("figure.3.18")
	b.key("F8", 119, 0)
	b.at("reason.3.28")
	b.tap("Dùng lại")
	if reason := b.value("reason.3.28"); reason != "Đợt đối thoại doanh nghiệp" {
		t.Errorf("the reason taken over is %q", reason)
	}
	b.tap("Đến lỗi kế tiếp")
	b.at("figure.3.18")
	b.write("figure.3.21", "144")
	b.key("Enter", '\r', 0)
	b.until("nothing is wrong there any more", func() bool { return b.saidAt("3.18") == "" && b.saved() })
	b.key("F8", 119, 0) // the next blank one
	b.at("figure.3.29")
	b.tap("Hoàn tác")
	if got := b.value("figure.3.21"); got != "146" {
		t.Errorf("after undo 3.21 stands at %q", got)
	}
	b.tap("Hoàn tác")
	if reason := b.value("reason.3.28"); reason != "" {
		t.Errorf("after undo the reason is %q", reason)
	}
	b.write("reason.3.28", "Tuyên truyền rộng")
	b.write("figure.3.21", "144")
	b.key("Enter", '\r', 0)
	b.until("all is saved", func() bool { return b.saved() && b.saidAt("3.18") == "" })
}

// pasteMarked: what is no figure is shown at its cell, and holds back nothing else.
func pasteMarked(t *testing.T, b *tab) {
	t.Helper()
	b.paste("figure.3.29", "37\r\nnhiều\r\n0\r\n5\r\n")
	b.sees("Đã dán 3 ô.", "1 ô chưa đọc được, đã đánh dấu: 3.30 “nhiều”.", "1 dòng không thuộc nhóm này, chưa dán: 5.")
	b.until("the server says why", func() bool { return strings.Contains(b.saidAt("3.30"), "Nhập số, ví dụ 1.234 hoặc 1.234,5.") })
	if state := b.saveState(); state != "invalid" {
		t.Errorf("with a text that is not saved the page says %q", state)
	}
	b.open(b.address()) // the others were saved, and this one is kept on the machine
	if b.value("figure.3.29") != "37" || b.value("figure.3.30") != "nhiều" {
		t.Errorf("after loading again 3.29 is %q, 3.30 %q", b.value("figure.3.29"), b.value("figure.3.30"))
	}
	b.write("figure.3.30", "35")
	b.key("Enter", '\r', 0)
	b.until("all is saved", func() bool { return b.saved() })
}

// oneCell is written by two: neither figure is lost, and one save settles it.
func oneCell(t *testing.T, w *town, id string, scripts bool) {
	t.Helper()
	mine, theirs := w.as(t, finance.specialist), w.as(t, finance.colleague)
	path := "/documents/" + id + "/figures/2"
	mine.scripts(scripts)
	defer mine.scripts(true)
	mine.open(path)
	theirs.open(path)
	first := "1" + fmt.Sprint(w.Count(`select count(*) from draft_figures where document_id = $1`, id))
	theirs.write("figure.2.1", first)
	theirs.until("the colleague's figure is saved", func() bool {
		return w.Count(`select count(*) from draft_figures where document_id = $1 and indicator = '2.1' and value = $2::numeric`, id, first) == 1
	})
	mine.write("figure.2.1", "9")
	mine.write("figure.2.3", "4")
	status := int64(0)
	if scripts {
		mine.until("the conflict is seen", func() bool { return mine.saveState() == "conflict" })
		status = mine.press("Xung đột, xem hai bản")
	} else {
		status = mine.press("Lưu và kiểm tra")
	}
	if status != 409 {
		t.Errorf("the conflict page has status %d", status)
	}
	mine.sees("1 ô đã có người khác lưu", "Chưa có gì bị ghi đè", "Giữ số nào?", first)
	if scripts {
		mine.inspect("figures-conflict")
	}
	if status := mine.press("Lưu và kiểm tra"); status != 409 {
		t.Errorf("without a choice: status %d", status)
	}
	mine.tap("Của tôi")
	mine.pressed("Lưu và kiểm tra")
	if got := mine.value("figure.2.1"); got != "9" || mine.value("figure.2.3") != "4" {
		t.Errorf("after choosing mine 2.1 is %q, 2.3 %q", got, mine.value("figure.2.3"))
	}
}

// reuseWithoutScripts takes over last period's reason by a plain button.
func reuseWithoutScripts(t *testing.T, w *town, id string) {
	t.Helper()
	w.exec(t, `update draft_figures set reason = '' where document_id = $1 and indicator = '3.28'`, id)
	b := w.as(t, finance.specialist)
	b.scripts(false)
	defer b.scripts(true)
	b.open("/documents/" + id + "/figures/3")
	b.pressed("Dùng lại")
	if reason := b.value("reason.3.28"); reason != "Đợt đối thoại doanh nghiệp" {
		t.Errorf("the reason taken over is %q", reason)
	}
	b.write("figure.3.14", "12.935")
	b.follow("Enter saves", chromedp.KeyEvent(kb.Enter))
	if got := b.value("figure.3.14"); got != "12.935" {
		t.Errorf("3.14 saved by Enter is %q", got)
	}
}

// at waits until the field has the focus.
func (b *tab) at(field string) {
	b.t.Helper()
	b.until("the focus is at "+field, func() bool { return ask[string](b, `() => document.activeElement?.name ?? ""`) == field })
}

// paste drops a text from a workbook at a field.
func (b *tab) paste(field, text string) {
	b.t.Helper()
	ask[bool](b, `(name, text) => {
		const field = document.querySelector('[name="' + name + '"]');
		field.focus();
		const data = new DataTransfer();
		data.setData("text/plain", text);
		return field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	}`, field, text)
}

func (b *tab) ratio(code string) string {
	b.t.Helper()
	return ask[string](b, `(code) => document.querySelector('[data-row="' + code + '"] output').innerText.trim()`, code)
}

func (b *tab) changeAt(code string) string {
	b.t.Helper()
	return ask[string](b, `(code) => document.querySelector('[data-row="' + code + '"] [data-change=previous]').innerText`, code)
}
