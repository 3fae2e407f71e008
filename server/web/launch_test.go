package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// filled is the page's post form as a browser without scripts would send it,
// unchanged: the one whose action begins like this.
func (a answer) filled(t *testing.T, action string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "form" && attribute(n, "method") == "post" && strings.HasPrefix(attribute(n, "action"), action) {
			return fieldsOf(n)
		}
	}
	t.Fatalf("no form posts to %s: %.600s", action, a.words())
	return nil
}

func fieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		name := attribute(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input" && attribute(n, "type") == "checkbox":
			if has(n, "checked") {
				fields.Add(name, attribute(n, "value"))
			}
		case n.Data == "input":
			fields.Add(name, attribute(n, "value"))
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			fields.Add(name, text)
		case n.Data == "select":
			fields.Add(name, selected(n))
		}
	}
	return fields
}

func selected(list *html.Node) string {
	value, first := "", true
	for n := range list.Descendants() {
		if n.Data == "option" && (first || has(n, "selected")) {
			value, first = attribute(n, "value"), false
		}
	}
	return value
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// ahead is a period that can be launched whenever the test runs.
func ahead(t *testing.T, k *kit) period.Period {
	t.Helper()
	now, err := k.Store.Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	today := calendar.DayOf(now.AddDate(0, 6, 0))
	return period.Period{Kind: period.Quarter, Year: today.Year(), Number: (int(today.Month()) + 2) / 3}
}

func TestLaunchIsFilledInByLawAndCalendar(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	p := ahead(t, k)
	page := officer.get(t, "/campaigns/new?period="+p.Code()).want(t, http.StatusOK)
	page.says(t, "Vì sao ngày này?", "Nghị định 09/2019/NĐ-CP Điều 12.2", "Quyết định 1439/QĐ-UBND Điều 8.1a")
	f := page.filled(t, "/campaigns/new")
	rules, err := k.Store.PeriodRules(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rule, _ := rules.For(p)
	window := rule.Window(p)
	days, err := k.Store.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	due, _ := rule.Suggest(p, window, days)
	for name, want := range map[string]string{
		"code": "bc-" + p.Code(), "name": "Báo cáo CCHC " + words.Period(p), "form": "bc-cchc-quy.1",
		"window_from": words.Date(window.From), "window_to": words.Date(window.To), "due_day": words.Date(due.Day),
		"due.cutoff": "24:00", "due.inclusive": "", "rung.0.when": "before", "rung.0.days": "5",
	} {
		if f.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, f.Get(name), want)
		}
	}
	if len(f["unit"]) != 188 {
		t.Errorf("%d units are ticked, want the whole roster of 188", len(f["unit"]))
	}
}

func TestLaunchIsCheckedSummedUpAndOpened(t *testing.T) {
	k := newKit(t)
	k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist}) // reached by the launch
	var started []string
	k.server.engine.LaunchCampaign = func(_ context.Context, code string) error {
		started = append(started, code)
		return errors.New("the engine is away")
	}
	officer := k.at(t, "SNV", staff.Officer)
	p := ahead(t, k)
	f := officer.get(t, "/campaigns/new?period="+p.Code()).filled(t, "/campaigns/new")
	f["unit"] = []string{"STC", "SYT"}
	f.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	summary := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK)
	summary.says(t, "Mở đợt cho 2 đơn vị", "nhiều nhất 4 tin cho 1 đơn vị", "2 đơn vị chưa có đủ người", "Chuyên viên, Sở Y tế", "6218/SNV-CCHC")
	summary.silent(t, "Chuyên viên, Sở Tài chính")

	last := summary.filled(t, "/campaigns")
	code := "bc-" + p.Code()
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/"+code)
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/"+code) // a double click
	var campaigns, documents int
	if err := k.Owner.QueryRow(`select (select count(*) from campaigns), (select count(*) from documents)`).Scan(&campaigns, &documents); err != nil {
		t.Fatal(err)
	}
	if campaigns != 1 || documents != 2 || len(started) != 2 || started[0] != code {
		t.Errorf("%d campaigns, %d documents, started %v", campaigns, documents, started)
	}
	officer.get(t, "/campaigns/"+code).want(t, http.StatusOK).
		says(t, "Đã mở đợt cho 2 đơn vị.", "Đang khởi động quy trình: 0/2 đơn vị.", "2/2", "Sở Y tế", "Chưa có người")

	// The same period once more: another code, and a warning.
	again := officer.get(t, "/campaigns/new?period="+p.Code()).filled(t, "/campaigns/new")
	if again.Get("code") != code+"-2" {
		t.Errorf("the second campaign of the period is suggested as %s", again.Get("code"))
	}
	again["unit"] = []string{"STC"}
	officer.post(t, "/campaigns/new", again).says(t, "Kỳ này đã có đợt "+code)
	again.Set("code", code)
	officer.post(t, "/campaigns/new", again).want(t, http.StatusUnprocessableEntity).says(t, "Mã đợt này đã dùng")
}

func TestLaunchKeepsWhatWasTypedAndSaysWhatIsWrong(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	p := ahead(t, k)
	f := officer.get(t, "/campaigns/new?period="+p.Code()).filled(t, "/campaigns/new")
	f.Set("name", "")
	f.Set("code", "Mã lạ")
	f.Set("window_to", "hôm qua")
	f.Set("due.cutoff", "25 giờ")
	f.Set("confirm_days", "hai")
	f.Set("rung.1.when", "after")
	f.Set("rung.1.days", "")
	f.Del("rung.3.to")
	f.Del("unit")
	page := officer.post(t, "/campaigns/new", f).want(t, http.StatusUnprocessableEntity)
	page.says(t, "Có lỗi cần sửa", "Ghi tên đợt", "Mã đợt gồm chữ thường", "Nhập ngày theo dạng", "Ghi giờ theo dạng 17:00",
		"Ghi số nguyên", "Chọn người nhận của bước nhắc", "Chọn ít nhất một đơn vị")
	kept := page.filled(t, "/campaigns/new")
	for _, name := range []string{"code", "window_to", "due.cutoff", "confirm_days", "due_day", "rung.1.when"} {
		if kept.Get(name) != f.Get(name) {
			t.Errorf("%s was %q, is %q", name, f.Get(name), kept.Get(name))
		}
	}
	if kept.Get("key") != f.Get("key") {
		t.Error("the key changed on the way")
	}
	// The last button cannot be reached around the check.
	officer.post(t, "/campaigns", f).want(t, http.StatusUnprocessableEntity)
	f.Set("window_to", "14/12/2026")
	f.Set("due.cutoff", "24:00")
	f.Set("confirm_days", "2")
	f.Set("rung.1.days", "1")
	officer.post(t, "/campaigns", f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi tên đợt")
}

func TestLaunchGoesBackAndForth(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	f := officer.get(t, "/campaigns/new?period="+ahead(t, k).Code()).filled(t, "/campaigns/new")
	f["unit"] = []string{"STC"}
	f.Set("rung.0.when", "") // one step less
	f.Set("rung.2.days", "9")
	f.Set("due.inclusive", "yes")
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).filled(t, "/campaigns")
	last.Set("do", "edit")
	back := officer.post(t, "/campaigns/new", last).want(t, http.StatusOK).filled(t, "/campaigns/new")
	if back.Get("rung.0.days") != "1" || back.Get("rung.1.when") != "due" || back.Get("due.inclusive") != "yes" || len(back["unit"]) != 1 {
		t.Errorf("back at the form: %v", back)
	}
	officer.post(t, "/campaigns/new", back).want(t, http.StatusOK)
}

func TestLaunchSuggestsTheNextPeriod(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	first := officer.get(t, "/campaigns/new").filled(t, "/campaigns/new")
	first["unit"] = []string{"STC"}
	officer.post(t, "/campaigns", first).want(t, http.StatusSeeOther, "/campaigns/bc-"+first.Get("period"))
	second := officer.get(t, "/campaigns/new").filled(t, "/campaigns/new")
	before, err := period.Parse(second.Get("period"))
	if err != nil || before.Previous().Code() != first.Get("period") {
		t.Errorf("after %s comes %s", first.Get("period"), second.Get("period"))
	}
	for _, strange := range []string{"?period=9999q4", "?period=x&form=y&kind=z", "?kind=index"} {
		officer.get(t, "/campaigns/new"+strange).want(t, http.StatusOK)
	}
}

func TestReadClock(t *testing.T) {
	for text, want := range map[string]int{"17:00": 1020, " 24:00 ": 1440, "00:01": 1, "9:30": 570} {
		if got, ok := readClock(text); !ok || got != want {
			t.Errorf("%q is read as %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "17", "17h00", "25:00", "12:60", "-1:00", "a:b"} {
		if _, ok := readClock(text); ok {
			t.Errorf("%q is read as a time", text)
		}
	}
}
