package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/templates"
)

func find(text string) string { return "/search?" + url.Values{"q": {text}}.Encode() }

// glanceAt asks as the dialog does.
func (b *browser) glanceAt(t *testing.T, text string) templates.Glance {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, find(text), nil)
	r.Header.Set("Accept", "application/json")
	a := b.send(t, r)
	var glance templates.Glance
	if err := json.Unmarshal([]byte(a.body), &glance); err != nil || a.StatusCode != http.StatusOK {
		t.Fatalf("%d %v: %.300s", a.StatusCode, err, a.body)
	}
	return glance
}

func TestSearchPage(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.exec(`update draft_sections set body = $2 where document_id = $1 and section = 'I'`, c.id,
		"Đã rà soát <script>alert(1)</script> thủ tục & công bố trên Cổng.")
	c.submit()
	author, officer := c.at[staff.Specialist], c.at[staff.Officer]

	author.get(t, "/search").want(t, http.StatusOK).says(t, "Tìm trong văn bản bạn được xem")
	for _, text := range []string{"rà soát thủ tục", "ra soat thu tuc", "tài chính rà soát", "thủ tụ"} {
		found := author.get(t, find(text)).want(t, http.StatusOK).says(t, "1 văn bản", "Sở Tài chính", "Chờ trưởng phòng")
		if !strings.Contains(found.body, c.path("")) || !strings.Contains(found.body, "&lt;script&gt;") || strings.Contains(found.body, "<script>alert") {
			t.Errorf("%q: no link, or the text is not written as text", text)
		}
	}
	if found := author.get(t, find("ra soat")); !strings.Contains(found.body, "<mark>rà</mark> <mark>soát</mark>") {
		t.Error("the words are not marked")
	}
	author.get(t, find("rạ soát")).says(t, "Không có chữ đúng dấu như đã gõ")
	author.get(t, find("không đâu có")).says(t, "Không có văn bản nào khớp")
	officer.get(t, find("rà soát")).says(t, "Không có văn bản nào khớp") // it is not signed
	found := officer.get(t, find("tai chinh")).says(t, "1 văn bản", "Đơn vị", "Sở Tài chính")
	if !strings.Contains(found.body, `href="/campaigns/bc-2026q4?q=S%E1%BB%9F&#43;T%C3%A0i&#43;ch%C3%ADnh"`) {
		t.Error("the unit does not lead to its board")
	}
	if found = officer.get(t, find("báo cáo quý iv")).says(t, "2 văn bản", "Đợt báo cáo"); !strings.Contains(found.body, `href="/campaigns/bc-2026q4"`) {
		t.Error("the campaign does not lead to its board")
	}
	author.get(t, find("báo cáo")).says(t, "1 văn bản").silent(t, "Đợt báo cáo Báo")
	for _, odd := range []string{"' | 'a", `\`, "%00", "!", "a&b|c<->d", strings.Repeat("ă", 5000), "12/", "số", "()"} {
		author.get(t, find(odd)).want(t, http.StatusOK)
	}
	author.get(t, find("12")).says(t, "Tìm “12” trong nội dung")
	author.get(t, find("báo cáo")+"&year=1999&kind=x&page=-4").says(t, "1 văn bản") // what is not known narrows nothing
	author.get(t, find("báo cáo")+"&kind=index").says(t, "Không có văn bản nào khớp", "Bỏ mọi lọc", "Loại: ")
	author.get(t, find("báo cáo")+"&status=division_review").says(t, "1 văn bản", "Bước: Chờ trưởng phòng")
	author.get(t, find("báo cáo")+"&status=approved").says(t, "Không có văn bản nào khớp", "Bỏ mọi lọc")
}

func TestSearchAtAGlance(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	glance := officer.glanceAt(t, "tai ch")
	if glance.Said != "1 văn bản." || len(glance.Groups) != 3 {
		t.Fatalf("%+v", glance)
	}
	paper, units, all := glance.Groups[0], glance.Groups[1], glance.Groups[2]
	if paper.Options[0].URL != c.path("") || paper.Options[0].State != "Chưa thực hiện" || paper.Options[0].Name[0].Text != "Sở " || !paper.Options[0].Name[1].Marked {
		t.Errorf("%+v", paper.Options)
	}
	if units.Name != "Đơn vị" || all.Options[0].URL != "/search?q=tai+ch" {
		t.Errorf("%+v %+v", units, all)
	}
	if none := officer.glanceAt(t, "zzz"); none.Said != "Không có văn bản nào." || len(none.Groups) != 0 {
		t.Errorf("%+v", none)
	}
	if nothing := officer.glanceAt(t, ""); len(nothing.Groups) != 0 {
		t.Errorf("%+v", nothing)
	}
}
