package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"cchc/domain/document"
)

// searching finds a signed report by its words, without diacritics, by the
// keyboard alone and without scripts; and not for those who may not read it.
func searching(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo để tìm kiếm", soon(), saigon.unit) + "-" + saigon.unit
	w.fill(t, id, saigon.specialist)
	w.exec(t, `update draft_sections set body = 'Phường đã lắp ki-ốt tra cứu hồ sơ tại **bến thủy nội địa** để người dân tự theo dõi.' where document_id = $1 and section = 'I'`, id)
	w.decide(t, id, document.Submit, saigon.specialist)
	w.decide(t, id, document.Approve, saigon.head)

	chief := w.as(t, officer)
	chief.open("/search?q=ben+thuy+noi+dia")
	chief.sees("Không có văn bản nào khớp") // it is not signed yet
	author := w.as(t, saigon.specialist)
	author.open("/search?q=ben+thuy+noi+dia")
	author.sees("1 văn bản", "bến thủy nội địa")
	number := sign(w.as(t, saigon.director), id)

	byKeys(t, chief, id)
	for _, text := range []string{"ben thuy noi dia", "bến thuỷ nội địa", "BẾN THỦY", "phuong sai gon ki ốt tra cứu", number} {
		chief.open("/search")
		chief.write("q", text)
		chief.pressed("Tìm")
		chief.sees("Phường Sài Gòn", "Báo cáo để tìm kiếm", "Số "+number)
	}
	chief.open("/search?q=ben+thuy+noi+dia")
	if marked := ask[string](chief, `() => [...document.querySelectorAll(".snippet mark")].map((e) => e.innerText).join(" ")`); marked != "bến thủy nội địa" {
		t.Errorf("marked is %q", marked)
	}
	chief.inspect("search")
	chief.open("/search?q=khong+dau+co+chu+nay")
	chief.inspect("search-none")

	stranger := w.as(t, health.specialist)
	stranger.open("/search?q=ben+thuy+noi+dia")
	stranger.seesNot("Phường Sài Gòn")

	chief.scripts(false)
	defer chief.scripts(true)
	chief.open("/tasks")
	chief.pressed("Tìm kiếm")
	chief.write("q", "ben thuy noi dia")
	chief.pressed("Tìm")
	chief.pressed("Phường Sài Gòn")
	if chief.address() != "/documents/"+id {
		t.Errorf("without scripts the search leads to %s", chief.address())
	}
}

// byKeys opens the dialog, looks at it, chooses and goes, never touching a mouse.
func byKeys(t *testing.T, b *tab, id string) {
	t.Helper()
	b.open("/tasks")
	press := func(keys string, options ...chromedp.KeyOption) {
		step(b, "press a key", chromedp.KeyEvent(keys, options...))
	}
	open := func() bool { return ask[bool](b, `() => document.querySelector("[data-search-dialog]").open`) }
	b.until("the page's scripts run", func() bool { press("/"); return open() })
	press(kb.Escape)
	b.until("Escape closes the dialog", func() bool { return !open() })
	press("k", chromedp.KeyModifiers(chromedp.ModifierCtrl))
	b.until("Ctrl+K opens it", open)
	for _, letter := range strings.Split("ben thuy noi", "") {
		press(letter)
	}
	b.until("results come as one types", func() bool { return b.counts(`[role=option]`) > 0 })
	b.until("the live region tells how many", func() bool {
		return ask[string](b, `() => document.querySelector("[data-search-said]").innerText`) == "1 văn bản."
	})
	for _, width := range []int64{desk, phone} {
		b.wide(width)
		b.axe("search dialog", wcag)
		b.media(dark)
		b.axe("search dialog, dark", colours)
		b.media(light)
		b.keep("search-dialog-" + map[int64]string{desk: "1280", phone: "390"}[width])
	}
	b.wide(desk)
	press(kb.ArrowUp)
	press(kb.ArrowDown)
	press(kb.ArrowDown)
	chosen := ask[string](b, `() => document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.getAttribute("href") ?? ""`)
	if chosen != "/documents/"+id {
		t.Errorf("the arrows chose %q", chosen)
	}
	b.follow("Enter", chromedp.KeyEvent(kb.Enter))
	if b.address() != "/documents/"+id {
		t.Errorf("Enter leads to %s", b.address())
	}
}
