package browser

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a page may weigh over the line, headers included, for an office with a slow
// one: the very first page of a person, and each one after it.
const (
	firstWeight = 250_000
	laterWeight = 50_000
)

// scale weighs what a tab fetches.
type scale struct {
	mutex sync.Mutex
	urls  map[network.RequestID]string
	bytes map[string]float64
}

func (s *scale) weigh(event any) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		s.urls[event.RequestID] = event.Request.URL
	case *network.EventLoadingFinished:
		s.bytes[s.urls[event.RequestID]] += event.EncodedDataLength
	}
}

// reading is the weight since the last reading, and the heaviest files.
func (s *scale) reading() (total int, heaviest string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	urls := make([]string, 0, len(s.bytes))
	for url, bytes := range s.bytes {
		total += int(bytes)
		urls = append(urls, url)
	}
	slices.SortFunc(urls, func(a, b string) int { return int(s.bytes[b] - s.bytes[a]) })
	var list strings.Builder
	for _, url := range urls[:min(len(urls), 6)] {
		fmt.Fprintf(&list, "\n%8.0f %s", s.bytes[url], url)
	}
	clear(s.bytes)
	return total, list.String()
}

// weight walks over every page twice: as the first one of a browser whose cache is
// empty, and as a later one.
func weight(t *testing.T, w *town) {
	b := w.blank(t)
	s := &scale{urls: map[network.RequestID]string{}, bytes: map[string]float64{}}
	if err := chromedp.Listen(b.ctx, s.weigh); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	heaviest := map[int]int{}
	weighed := func(v view, when string, most int) {
		s.reading()
		b.open(v.path)
		b.until("everything is fetched", func() bool { return ask[bool](b, settled) })
		total, list := s.reading()
		if total > most {
			t.Errorf("%s, %s, weighs %d bytes, at most %d:%s", v.name, when, total, most, list)
		}
		if total > heaviest[most] {
			heaviest[most] = total
			t.Logf("%s, %s: %d bytes%s", v.name, when, total, list)
		}
	}
	who := ""
	for _, v := range append([]view{{"", "sign-in", "/sign-in"}}, w.displayed(t).views()...) {
		if v.who != who {
			who = v.who
			forget(b, network.ClearBrowserCookies)
			w.signIn(b, who)
		}
		forget(b, network.ClearBrowserCache)
		weighed(v, "first of all", firstWeight)
		weighed(v, "later", laterWeight)
	}
}

func forget(b *tab, what cdp.Command[cdp.Empty, cdp.Empty]) {
	b.t.Helper()
	if _, err := chromedp.Call(b.ctx, what, cdp.Empty{}); err != nil {
		b.t.Fatal(err)
	}
}

// settled tells that fonts and scripts are there and no picture is under way.
const settled = `async () => {
	await document.fonts.ready;
	return document.readyState === "complete" && [...document.images].every((i) => i.complete);
}`
