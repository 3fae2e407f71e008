package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// launchByHand lays a campaign down as an officer does, from the suggestion for
// the fourth quarter, for these units or, without any, for all; it returns its
// code and ends on the board.
func launchByHand(t *testing.T, w *town, code string, units ...string) string {
	t.Helper()
	b := w.as(t, officer)
	b.open("/campaigns")
	b.pressed("Mở đợt báo cáo")
	ask[bool](b, `() => { document.querySelector('[name="period"]').value = "2026q4"; return true; }`)
	b.pressed("Điền theo kỳ đã chọn")
	b.sees("Vì sao ngày này?")
	const choose = `(units) => {
		const boxes = [...document.querySelectorAll('[name="unit"]')];
		for (const box of boxes) box.checked = units.length === 0 || units.includes(box.value);
		return boxes.filter((box) => box.checked).length;
	}`
	chosen := ask[int](b, choose, append([]string{}, units...))
	if chosen == 0 || len(units) > 0 && chosen != len(units) {
		t.Fatalf("%d units can be chosen, want %v", chosen, units)
	}
	b.write("code", code)
	b.write("name", "")
	if status := b.press("Kiểm tra trước khi mở đợt"); status != 422 {
		t.Errorf("a campaign without a name was answered with %d", status)
	}
	b.sees("Có lỗi cần sửa")
	if len(units) == 0 { // one look is enough
		b.inspect("launch-errors")
	}
	b.write("name", "Báo cáo CCHC quý IV năm 2026")
	b.pressed("Kiểm tra trước khi mở đợt")
	b.sees("Sẽ gửi gì khi nào", "Bấm hai lần vẫn chỉ mở một đợt.")
	if len(units) == 0 {
		b.inspect("launch-review")
	}
	at := b.find(byLabel, "Mở đợt cho ")
	b.follow("launch by a double click", chromedp.Steps(
		chromedp.MouseClickXY(at.X, at.Y), chromedp.MouseClickXY(at.X, at.Y)))
	if b.address() != "/campaigns/"+code {
		t.Fatalf("after the launch: %s, want the board", b.address())
	}
	return code
}

// launchAll opens the quarter for every unit of the city: 188 documents, each
// with its workflow, and a board whose counts sum to the roster. The double click
// on the last button has made one campaign.
func launchAll(t *testing.T, w *town) {
	code := launchByHand(t, w, "bc-2026q4")
	b := w.as(t, officer)
	b.until("every workflow has been started", func() bool {
		b.open("/campaigns/" + code)
		return w.Count(`select count(*) from documents where campaign = $1 and run_id <> ''`, code) == 188
	})
	b.sees("188/188", "Ai đang giữ", "Chưa thực hiện")
	const sum = `() => [...document.querySelectorAll(".funnel .value")].map((e) => Number(e.innerText)).reduce((a, b) => a + b, 0)`
	if n := ask[int](b, sum); n != 188 {
		t.Errorf("the counts of the board sum to %d", n)
	}
	b.inspect("board-188")

	b.open("/campaigns/" + code + "?q=tai+chinh")
	if rows := b.counts("table.board tbody tr"); rows != 1 || !strings.Contains(b.words(), "Sở Tài chính") {
		t.Errorf("the filter by name without diacritics finds %d units:\n%s", rows, b.words())
	}
	if n := w.Count(`select count(*) from campaigns where code = $1`, code); n != 1 {
		t.Errorf("%d campaigns", n)
	}
	if n := w.Count(`select count(*) from documents where campaign = $1`, code); n != 188 {
		t.Errorf("%d documents", n)
	}
}
