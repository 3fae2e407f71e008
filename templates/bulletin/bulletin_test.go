package bulletin

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"cchc/domain/calendar"
	"cchc/domain/outage"
)

var letterhead = outage.Letterhead{Agency: "Sở Nội vụ", ITAgency: "Sở Khoa học và Công nghệ"}

func day(d, hour int) time.Time { return calendar.Date(2026, time.October, d).At(hour * 60) }

func TestWrite(t *testing.T) {
	down := outage.Span{From: day(5, 10)}
	for _, row := range []struct {
		why    string
		event  Event
		title  string
		wanted []string
		absent string
	}{
		{"at the mark", Event{Kind: Stopped, Span: down, Made: day(7, 10), Days: 2, Letterhead: letterhead, Help: []string{"Phòng CCHC: 028 1234"}},
			"Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động",
			[]string{"Thực hiện khoản 5 Điều 11", "Sở Nội vụ phối hợp với Sở Khoa học và Công nghệ thông báo: Phần mềm", "từ 10:00 ngày 05/10/2026; đến 10:00 ngày 07/10/2026 chưa hoạt động trở lại (đủ 02 ngày làm việc liên tiếp).", "Chưa xác định được", "liên hệ: Phòng CCHC: 028 1234."}, "Dự kiến"},
		{"before the mark, with an end in sight", Event{Kind: Stopped, Span: down, Made: day(5, 15), Until: day(6, 8), Letterhead: letterhead},
			"Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động", []string{"Dự kiến Phần mềm hoạt động trở lại lúc 08:00 ngày 06/10/2026."}, "ngày làm việc liên tiếp"},
		{"nobody knows who", Event{Kind: Stopped, Span: down, Made: day(7, 10), Days: 2},
			"Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động", []string{"Cơ quan quản lý Phần mềm thông báo"}, "liên hệ:"},
		{"a risk", Event{Kind: Risk, Span: outage.Span{From: day(9, 18), To: day(12, 7)}, Letterhead: letterhead, Note: "Thay thiết bị lưu trữ.\n\n  Có thể  mất kết nối. "},
			"Nguy cơ xảy ra sự cố ảnh hưởng đến Phần mềm quản lý công tác cải cách hành chính",
			[]string{"có nguy cơ ngừng hoạt động từ 18:00 ngày 09/10/2026 đến 07:00 ngày 12/10/2026.", "Thay thiết bị lưu trữ.", "Có thể mất kết nối."}, ""},
		{"a risk that has passed", Event{Kind: RiskOver, Span: outage.Span{From: day(9, 18), To: day(12, 7)}, Earlier: "13/TB-SNV", Letterhead: letterhead},
			"Hết nguy cơ xảy ra sự cố ảnh hưởng đến Phần mềm quản lý công tác cải cách hành chính",
			[]string{"Tiếp theo Thông báo số 13/TB-SNV, Sở Nội vụ thông báo: nguy cơ ngừng hoạt động của Phần mềm", "từ 18:00 ngày 09/10/2026 đã hết lúc 07:00 ngày 12/10/2026."}, "hoạt động trở lại"},
		{"all clear", Event{Kind: AllClear, Span: outage.Span{From: day(5, 10), To: day(7, 15)}, Earlier: "12/TB-SNV", Letterhead: letterhead},
			"Phần mềm quản lý công tác cải cách hành chính hoạt động trở lại",
			[]string{"Tiếp theo Thông báo số 12/TB-SNV, Sở Nội vụ thông báo: Phần mềm", "đã hoạt động trở lại từ 15:00 ngày 07/10/2026, sau thời gian ngừng hoạt động từ 10:00 ngày 05/10/2026."}, "12/TB-SNV, 12"},
		{"all clear, with deadlines", Event{Kind: AllClear, Span: outage.Span{From: day(5, 10), To: day(7, 15)}, Deadlines: []string{"Hạn nộp báo cáo quý III được gia hạn đến 14/10/2026."}, Letterhead: letterhead},
			"Phần mềm quản lý công tác cải cách hành chính hoạt động trở lại", []string{"Sở Nội vụ thông báo", "gia hạn đến 14/10/2026"}, "được xem xét gia hạn"},
	} {
		title, text := Write(row.event)
		all := strings.Join(text, "\n")
		if title != row.title {
			t.Errorf("%s: title %q", row.why, title)
		}
		for _, want := range row.wanted {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s", row.why, want, all)
			}
		}
		if row.absent != "" && strings.Contains(all, row.absent) {
			t.Errorf("%s: %q in\n%s", row.why, row.absent, all)
		}
		if !norm.NFC.IsNormalString(title+all) || strings.Contains(all, "%!") || strings.Contains(all, "..") {
			t.Errorf("%s: %s", row.why, all)
		}
	}
}

func sample() Bulletin {
	title, text := Write(Event{Kind: Stopped, Span: outage.Span{From: day(5, 10)}, Made: day(7, 10), Days: 2, Letterhead: letterhead, Note: "<script>alert(1)</script> & co"})
	return Bulletin{ID: "tb-1-stopped", Kind: Stopped, Number: "12/TB-SNV", Title: title, Text: text, Agency: "Sở Nội vụ", Published: day(7, 11), PDF: "tb-1-stopped.pdf"}
}

// A page is one file: nothing is fetched for it, nothing runs in it, its style is the
// one that the policy names, every id stands once and every field has its label.
func TestPagesStandAlone(t *testing.T) {
	draft := Draft{
		Officer: "Trần Quốc Bảo", Notice: outage.Notice{Title: "<b>", Text: []string{"<i>"}, Hash: "h"}, Agency: "Sở Nội vụ",
		Span: outage.Span{From: day(5, 10)}, Waiting: []string{"Sở Nội vụ"}, Given: []string{"x"}, Unreached: []string{"Xã A"},
		Count: 188, Token: `"><script>`, PDF: "draft.pdf?token=x", Numbered: true, Errors: []Fault{NumberFault, UntilFault, NoteFault},
	}
	state := State{Agency: "Sở Nội vụ", Since: day(5, 10), Until: day(9, 8), Help: []string{"028 1234"}, System: "https://cchc.example", Made: day(7, 11)}
	pages := map[string]func() ([]byte, error){
		"stopped":  func() ([]byte, error) { return Page(state, []Bulletin{sample()}) },
		"all well": func() ([]byte, error) { return Page(State{Made: day(7, 11), System: "https://cchc.example"}, nil) },
		"approve":  func() ([]byte, error) { return Approve(draft) },
		"said":     func() ([]byte, error) { return Said(Changed) },
		"instead":  func() ([]byte, error) { return Unavailable(state, `/tasks?a="><script>`) },
	}
	for name, write := range pages {
		content, err := write()
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, name, content)
	}
}

func checkPage(t *testing.T, name string, content []byte) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	ids, labels := map[string]int{}, map[string]bool{}
	var fields []string
	heads := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "img", "iframe", "object", "base":
			t.Errorf("%s: <%s>", name, n.Data)
		case "h1":
			heads++
		case "style":
			sum := sha256.Sum256([]byte(n.FirstChild.Data))
			if "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'" != StyleSource() {
				t.Errorf("%s: the style is not the one that the policy names", name)
			}
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val]++
			case a.Key == "for":
				labels[a.Val] = true
			case a.Key == "style" || strings.HasPrefix(a.Key, "on") && a.Key != "on":
				t.Errorf("%s: attribute %s", name, a.Key)
			case a.Key == "type" && a.Val == "hidden":
				continue
			}
		}
		if (n.Data == "input" || n.Data == "textarea") && !hidden(n) {
			fields = append(fields, attr(n, "id"))
		}
	}
	for id, times := range ids {
		if times > 1 {
			t.Errorf("%s: id %s stands %d times", name, id, times)
		}
	}
	for _, field := range fields {
		if !labels[field] {
			t.Errorf("%s: field %q has no label", name, field)
		}
	}
	if heads != 1 || !norm.NFC.IsNormalString(string(content)) {
		t.Errorf("%s: %d headings of the first level", name, heads)
	}
}

func hidden(n *html.Node) bool { return attr(n, "type") == "hidden" }

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// Where a notice also stands is said wherever units read one, and by the page that
// stands in for the software's own.
func TestTheAgencysOwnSite(t *testing.T) {
	const site = `Trang thông tin điện tử của Sở Nội vụ: <a href="https://sonoivu.example/">https://sonoivu.example/</a>`
	state := State{Agency: "Sở Nội vụ", Made: day(7, 11), Site: "https://sonoivu.example/", Board: "https://watch.example/"}
	none := state
	none.Site, none.Board = "", ""
	for name, write := range map[string]func(State) ([]byte, error){
		"page":    func(s State) ([]byte, error) { return Page(s, []Bulletin{sample()}) },
		"instead": func(s State) ([]byte, error) { return Unavailable(s, "/") },
	} {
		with, err := write(state)
		if err != nil || !strings.Contains(string(with), site) || name == "instead" && !strings.Contains(string(with), `href="https://watch.example/"`) {
			t.Errorf("%s, %v:\n%s", name, err, with)
		}
		checkPage(t, name, with)
		without, err := write(none)
		if err != nil || strings.Contains(string(without), "Trang thông tin điện tử") || strings.Contains(string(without), "<h2>Thông báo</h2>\n<h2>") {
			t.Errorf("%s without a site, %v:\n%s", name, err, without)
		}
	}
	b := sample()
	b.Site = state.Site
	letter, err := ToUnit("An", b, "https://watch.example/#x")
	if err != nil || !strings.Contains(letter.Text, "Trang thông tin điện tử của Sở Nội vụ: https://sonoivu.example/\n") {
		t.Errorf("%v\n%s", err, letter.Text)
	}
}

func TestFragment(t *testing.T) {
	for _, row := range []struct {
		why   string
		state State
		want  string
	}{
		{"all well", State{}, ""},
		{"an end in sight", State{Since: day(5, 10), Until: day(6, 8), Help: []string{"028 1234"}},
			"<p>Phần mềm ngừng hoạt động từ <strong>10:00 ngày 05/10/2026</strong>.</p> <p>Dự kiến hoạt động trở lại lúc <strong>08:00 ngày 06/10/2026</strong>.</p> <p>Liên hệ hỗ trợ:</p><ul><li>028 1234</li></ul>"},
		{"none", State{Since: day(5, 10)}, "<p>Phần mềm ngừng hoạt động từ <strong>10:00 ngày 05/10/2026</strong>.</p> <p>Chưa xác định được thời điểm hoạt động trở lại.</p>"},
	} {
		got, err := Fragment(row.state)
		if err != nil || strings.Join(strings.Fields(string(got)), " ") != row.want {
			t.Errorf("%s: %q, %v", row.why, got, err)
		}
	}
}

// RFC 4287: what a feed and an entry must have, and the same feed for the same bulletins.
func TestFeed(t *testing.T) {
	site := Site{Agency: "Sở Nội vụ", URL: "https://watch.example/"}
	content, err := Feed(site, []Bulletin{sample()}, day(8, 0))
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string   `xml:"id"`
		Updated string   `xml:"updated"`
		Author  string   `xml:"author>name"`
		Entries []struct {
			ID, Title, Updated, Content string
			Links                       []struct {
				Rel  string `xml:"rel,attr"`
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"entry"`
	}
	if err := xml.Unmarshal(content, &feed); err != nil {
		t.Fatal(err)
	}
	if feed.ID != site.URL || feed.Updated != "2026-10-07T04:00:00Z" || feed.Author != "Sở Nội vụ" || len(feed.Entries) != 1 {
		t.Errorf("%+v", feed)
	}
	if e := feed.Entries[0]; len(e.Links) != 2 || e.Links[1].Href != "https://watch.example/tb-1-stopped.pdf" || e.Links[1].Rel != "enclosure" {
		t.Errorf("%+v", e)
	}
	again, err := Feed(site, []Bulletin{sample()}, day(9, 0))
	if err != nil || string(again) != string(content) {
		t.Error("the feed changes by itself")
	}
	if !strings.Contains(string(content), "<id>https://watch.example/#tb-1-stopped</id>") || !strings.Contains(string(content), "&lt;script&gt;") {
		t.Errorf("%s", content)
	}
}

func TestMails(t *testing.T) {
	span := outage.Span{From: day(5, 10)}
	over := outage.Span{From: day(5, 10), To: day(5, 15)}
	notice := sample()
	letters := map[string]func() (Letter, error){
		"[CCHC] Thông báo số 12/TB-SNV: Phần mềm": func() (Letter, error) { return ToUnit("Nguyễn\r\nBcc: x", notice, "https://watch.example/#x") },
		"[CCHC] Phần mềm không truy cập được":     func() (Letter, error) { return ToOperator(Alarm{Name: "An", Span: span, Due: day(7, 10)}) },
		"[CCHC] Phần mềm đã truy cập được":        func() (Letter, error) { return ToOperator(Alarm{Name: "An", Span: over}) },
		"[CCHC] Cần duyệt thông báo": func() (Letter, error) {
			return ToOfficer(Request{Name: "An", Draft: notice, Span: span, Due: day(7, 10), Link: "https://x", Expires: day(9, 10), Command: "watch approve x"})
		},
		"[CCHC] Nhắc: cần duyệt":                  func() (Letter, error) { return ToOfficer(Request{Name: "An", Draft: notice, Span: span, Again: true}) },
		"[CCHC] Chương trình giám sát cần được k": func() (Letter, error) { return ToMender(Trouble{Name: "An", What: "no space left", Made: day(7, 10)}) },
	}
	for subject, write := range letters {
		l, err := write()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(l.Subject, subject) || strings.ContainsAny(l.Subject, "\r\n") {
			t.Errorf("subject %q, want %q", l.Subject, subject)
		}
		if !strings.HasPrefix(l.Text, "Kính gửi ông/bà ") || strings.Contains(l.Text, "\r") || strings.Contains(l.Text, "\n\n\n") ||
			strings.Contains(l.Text, "<no value>") || strings.Contains(l.Text, "Vui lòng") || !norm.NFC.IsNormalString(l.Text) {
			t.Errorf("%s:\n%s", subject, l.Text)
		}
	}
}
