package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"cchc/domain/document"
)

// cockpit: the engine's own pages tell an operator in words where a document
// stands, who is waited for and until when, and our page leads there.
func cockpit(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo xem trong Temporal", soon(), finance.unit) + "-" + finance.unit
	w.fill(t, id, finance.specialist)
	w.decide(t, id, document.Submit, finance.specialist)
	b := w.as(t, operator)
	b.open("/operations?document=" + id)
	b.sees("Chờ trưởng phòng")
	b.inspect("operations-document")
	link := b.href("Mở trong Temporal")
	if !strings.HasPrefix(link, w.Cockpit()) {
		t.Fatalf("the link leads to %s", link)
	}

	engine := w.blank(t) // that page's script and its console are not ours
	history := whole(engine, link)
	for _, want := range []string{"Ghi nhận quyết định đang chờ", "Chờ đến"} {
		if !strings.Contains(history, want) {
			t.Errorf("the history does not say %q:\n%s", want, history)
		}
	}
	engine.picture("temporal-history")
	details := whole(engine, strings.TrimSuffix(link, "/history")+"/user-metadata")
	for _, want := range []string{"Chờ trưởng phòng", "Đang chờ: Trưởng phòng", "Vòng đời một văn bản, từ soạn đến duyệt"} {
		if !strings.Contains(details, want) {
			t.Errorf("the details do not say %q:\n%s", want, details)
		}
	}
	engine.picture("temporal-details")
	for _, name := range []string{"Nguyễn Thị Mỹ Hạnh", "Phan Thị Bích Ngọc"} {
		if strings.Contains(history+details, name) {
			t.Errorf("the engine's pages name %s", name)
		}
	}
}

// whole opens a page that is made by scripts and returns its words, those of its
// frames too, once they no longer change. Such a page keeps a connection open:
// its load has no end to wait for.
func whole(b *tab, url string) string {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.Call(ctx, page.Navigate, page.NavigateParams{URL: url}); err != nil {
		b.t.Fatalf("open %s: %v", url, err)
	}
	const words = `[document, ...[...document.querySelectorAll("iframe")].map((f) => f.contentDocument)].map((d) => d?.body?.innerText ?? "").join(" ")`
	var text string
	b.within(3*time.Minute, "the page is there", func() bool {
		time.Sleep(2 * time.Second)
		before := text
		text = squeeze(quietly(b, words))
		return len(text) > 500 && text == before
	})
	return text
}
