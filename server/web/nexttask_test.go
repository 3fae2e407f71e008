package web

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/staff"
)

// TestListTravelsAlong carries the list from its row to the receipt, and on.
func TestListTravelsAlong(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.submit()
	head := c.at[staff.DivisionHead]
	const list = "list=campaign%3Dbc-2026q4%26tab%3Dtodo"
	row := head.get(t, "/tasks?campaign=bc-2026q4").want(t, http.StatusOK)
	if !strings.Contains(row.body, c.path("?"+list)) {
		t.Fatalf("the row does not carry its list: %s", row.body)
	}
	if shown := head.get(t, c.path("?"+list)); !strings.Contains(shown.body, c.path("/review?"+list)) {
		t.Error("the document's button does not carry the list")
	}
	review := head.get(t, c.path("/review?"+list)).want(t, http.StatusOK)
	if !strings.Contains(strings.ToLower(review.body), strings.ToLower(c.path("/return?"+list))) {
		t.Error("the way to return it does not carry the list")
	}
	form := review.bound(t)
	form.Set("list", review.field(t, "list"))
	decided := head.post(t, c.path("/approve"), form).want(t, http.StatusSeeOther)
	if !strings.HasSuffix(decided.Header.Get("Location"), "?"+list) {
		t.Fatalf("goes to %q", decided.Header.Get("Location"))
	}
	receipt := head.get(t, decided.Header.Get("Location")).want(t, http.StatusOK).says(t, "Không còn việc nào trong danh sách.")
	if !strings.Contains(receipt.body, `href="/tasks?campaign=bc-2026q4"`) {
		t.Error("the receipt does not lead back to the list")
	}
}

// TestListTravelsThroughDrafting goes from the list over every kind of page of a draft
// to the check before submitting: each leads on with the list.
func TestListTravelsThroughDrafting(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	const list = "?list=campaign%3Dbc-2026q4%26tab%3Dtodo"
	carries := func(page, link string) {
		t.Helper()
		shown := author.get(t, c.path(page)+list).want(t, http.StatusOK)
		if !strings.Contains(strings.ToLower(shown.body), strings.ToLower(`="`+c.path(link)+list)) {
			t.Errorf("%q does not carry the list to %q", page, link)
		}
	}
	for _, below := range []string{"/sections/I", "/figures/1", "/files", "/check"} {
		carries("", below)
	}
	carries("/sections/I", "/sections/II.1")
	carries("/sections/I", "/figures/1")
	carries("/figures/1", "/figures/2")
	carries("/files", "")
	carries("/check", "/sections/I")
	page := author.get(t, c.path("/sections/I")+list)
	form := page.filled(t, c.path("/sections/I"))
	form.Set("text", "Dòng một")
	author.post(t, c.path("/sections/I")+list, form).want(t, http.StatusSeeOther, c.path("/sections/I")+list)
	form.Set("base_version", "1")
	form.Set("next", "1")
	author.post(t, c.path("/sections/I")+list, form).want(t, http.StatusSeeOther, c.path("/sections/II.1")+list)
}

// TestListLeadsNowhereElse gives addresses of other places as the list.
func TestListLeadsNowhereElse(t *testing.T) {
	c := newChain(t)
	for _, evil := range []string{
		"https://elsewhere.test/", "//elsewhere.test", "/sign-out", "javascript:alert(1)", "%00", "due=overdue%0d%0aX-A:b",
		"tab=done&next=https://elsewhere.test", strings.Repeat("q=a&", 400),
	} {
		page := c.at[staff.Specialist].get(t, c.path("?list="+url.QueryEscape(evil))).want(t, http.StatusOK)
		for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page.body, -1) {
			u, err := url.Parse(html.UnescapeString(link[1]))
			if err != nil || u.Host != "" || u.Scheme != "" {
				t.Errorf("%q: a link leads to %s", evil, link[1])
				continue
			}
			if kept := u.Query().Get("list"); kept != "" && kept != "tab=todo" && kept != "tab=done" && kept != "due=overdue&tab=todo" {
				t.Errorf("%q is kept as %q", evil, kept)
			}
		}
	}
}

func TestNextTask(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	opened := "/documents/" + c.id + "?list=" + url.QueryEscape("tab=todo")
	author.get(t, "/tasks/next").want(t, http.StatusSeeOther, opened)
	author.get(t, "/tasks/next?tab=done&page=7").want(t, http.StatusSeeOther, opened) // only what is to be done is opened
	author.get(t, "/tasks/next?due=overdue").want(t, http.StatusSeeOther, "/tasks?due=overdue")
	all := author.get(t, "/tasks?due=overdue").says(t, "Không còn việc nào khớp bộ lọc.", "Còn 1 việc khác cần xử lý.")
	if !strings.Contains(all.body, `href="/tasks/next"`) {
		t.Error("what is left outside the filter is not offered")
	}
	c.fill()
	c.down.Store(true) // the decision is recorded, its answer waits
	c.server.patience = 1
	waiting := c.decide(staff.Specialist, "/check", "/submit", nil).want(t, http.StatusSeeOther)
	author.get(t, waiting.Header.Get("Location")).says(t, "Không cần bấm lại.").silent(t, "Mở việc tiếp theo")
	author.get(t, "/tasks/next").want(t, http.StatusSeeOther, "/tasks") // it is not offered again
	author.get(t, "/tasks").says(t, "Bạn đã xử lý hết việc.")
}

// TestMeanwhileDecided has two heads of the same division: one is quicker.
func TestMeanwhileDecided(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.submit()
	late := c.as(t, c.person(t, staff.Position{Unit: "STC", Role: staff.DivisionHead}))
	form := late.get(t, c.path("/review")).bound(t)
	c.approve()
	const said = "đã duyệt và trình ký số lúc"
	quick, err := c.Store.Account(t.Context(), c.who[staff.DivisionHead])
	if err != nil {
		t.Fatal(err)
	}
	for what, a := range map[string]answer{
		"decided on":           late.post(t, c.path("/approve"), form).want(t, http.StatusConflict),
		"opened from the list": late.get(t, c.path("?list=tab%3Dtodo")).want(t, http.StatusOK),
		"opened to review":     late.get(t, c.path("/review")).want(t, http.StatusOK),
		"opened to return":     late.get(t, c.path("/return")).want(t, http.StatusConflict),
	} {
		a.says(t, quick.Name+" "+said, "Văn bản nay ở bước Chờ ký số", "Về Việc của tôi")
		if t.Failed() {
			t.Fatalf("%s", what)
		}
	}
	late.get(t, c.path("")).silent(t, said) // who only reads is not told twice: the history says it
	c.at[staff.DivisionHead].get(t, c.path("/review")).says(t, "Bạn "+said)
	c.at[staff.Director].get(t, c.path("/review")).silent(t, said) // it lies at their own desk
}

func TestSavedViewPages(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	save := func(query, name, home string) answer {
		return officer.post(t, "/tasks/views", url.Values{"key": {uuid.NewString()}, "query": {query}, "name": {name}, "home": {home}})
	}
	listed := officer.get(t, "/tasks?due=overdue&group=ward").says(t, "Hạn: quá hạn", "Loại đơn vị: Phường", "Bỏ mọi lọc", "Lưu bộ lọc này")
	for _, without := range []string{`href="/tasks?group=ward"`, `href="/tasks?due=overdue"`} {
		if !strings.Contains(listed.body, without) {
			t.Errorf("no chip leads to %s", without)
		}
	}
	officer.get(t, "/tasks").silent(t, "Lưu bộ lọc này") // nothing is set
	officer.get(t, "/").want(t, http.StatusSeeOther, "/tasks")
	save("due=overdue&next=//elsewhere.test&page=3", "Quá hạn", "yes").want(t, http.StatusSeeOther, "/tasks?due=overdue")
	officer.get(t, "/tasks?due=overdue").says(t, "Đã lưu bộ lọc “Quá hạn”.", "Trang chủ: Quá hạn").silent(t, "Lưu bộ lọc này")
	officer.get(t, "/").want(t, http.StatusSeeOther, "/tasks?due=overdue")
	taken := save("due=today", "quá hạn", "").want(t, http.StatusUnprocessableEntity).says(t, "Bạn đã có bộ lọc tên này. Ghi tên khác.")
	if taken.field(t, "name") != "quá hạn" {
		t.Error("what was typed is gone")
	}
	save("due=today", "", "").want(t, http.StatusUnprocessableEntity).says(t, "Ghi tên cho bộ lọc.")
	save("due=today", "Hôm nay", "").want(t, http.StatusSeeOther, "/tasks?due=today")

	page := officer.get(t, "/tasks/views").want(t, http.StatusOK).says(t, "Quá hạn", "Hôm nay", "Cần xử lý · Hạn: hạn hôm nay")
	views, err := c.Store.SavedViews(t.Context(), c.who[staff.Officer])
	if err != nil || len(views) != 2 || !strings.Contains(page.body, "/tasks/views/") {
		t.Fatalf("%+v, %v", views, err)
	}
	today := "/tasks/views/" + strconv.FormatInt(views[0].ID, 10)
	change := func(b *browser, path, do, name string) answer {
		return b.post(t, path, url.Values{"key": {uuid.NewString()}, "do": {do}, "name": {name}})
	}
	change(officer, today, "rename", "Quá hạn").want(t, http.StatusUnprocessableEntity).says(t, "Bạn đã có bộ lọc tên này.")
	change(officer, today, "rename", "Trong ngày").want(t, http.StatusSeeOther, "/tasks/views")
	change(officer, today, "home", "").want(t, http.StatusSeeOther, "/tasks/views")
	officer.get(t, "/").want(t, http.StatusSeeOther, "/tasks?due=today")
	change(c.at[staff.Director], today, "remove", "").want(t, http.StatusSeeOther) // somebody else's stays
	officer.get(t, "/tasks/views").says(t, "Trong ngày")
	change(c.at[staff.Director], today, "home", "").want(t, http.StatusNotFound)
	change(officer, today, "plain", "").want(t, http.StatusSeeOther)
	officer.get(t, "/").want(t, http.StatusSeeOther, "/tasks")
	change(officer, today, "remove", "").want(t, http.StatusSeeOther)
	officer.get(t, "/tasks/views").says(t, "Đã xóa bộ lọc.").silent(t, "Trong ngày")
	change(officer, today, "burn", "").want(t, http.StatusBadRequest)
}
