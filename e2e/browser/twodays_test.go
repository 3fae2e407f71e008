package browser

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/e2e/stack"
	"cchc/post/posttest"
	"cchc/templates/words"
)

// itHead is who has the word of the department that runs IT, here.
const itHead = "syt.binhvtt"

// Whose mails they are.
const (
	ofTheWatcher = "giam-sat@localhost"
	ofTheSystem  = "cchc@localhost"
)

// longPatience is for what programs do by themselves, on a machine that has more to do.
const longPatience = 4 * time.Minute

// crisis is a town of its own, whose parts may be killed: with the separate watcher, the
// proxy, and a mail server that keeps what it gets.
type crisis struct {
	*town
	sink     *posttest.Sink
	contacts int // people whom a notice is mailed to
	due      calendar.Day
}

// twoDays is an outage of two consecutive working days from its first minute to the
// deadlines that follow it (QĐ 1439 Đ11.5): everything is down, the watcher alone sees
// it, drafts the notice, asks both departments and brings it to every unit; the system
// comes back, takes that over, two campaigns are given their days again, and it is over.
// Then a short one ends with a record and without a word to units, and a risk is told of
// by the system itself. It mostly waits, so it is walked beside others.
func twoDays(t *testing.T, others *town) {
	c := troubled(t, others.browser)
	c.due = calendar.DayOf(time.Now()).Add(1) // whatever the hour, a lost day is among its last three
	first := c.launch(t, "Báo cáo quý khi máy chủ ngừng", c.due.At(11*60), finance.unit, health.unit)
	second := c.launch(t, "Báo cáo chuyên đề khi máy chủ ngừng", c.due.At(17*60), finance.unit)

	began := c.stopsForTwoDays(t)
	c.bothApproveAtTheWatcher(t, began)
	c.unitsAreTold(t, began)
	c.comesBack(t, began)
	id := c.takenOver(t, began)
	c.daysAreGivenBack(t, id, first, second)
	c.allClear(t, id)
	c.shortOne(t, id)
	c.nobodyTwice(t)
	c.warned(t)
	c.quiet(t)
}

// troubled starts it. Of the city's rule only the minutes that tell an outage from a
// restart are seconds here, more than one look that a busy machine is late for; two days
// are two days.
func troubled(t *testing.T, browser context.Context) *crisis {
	t.Helper()
	c := &crisis{town: townOf(stack.Start(t), browser), sink: posttest.Listen(t, "", nil)}
	c.SMTP = c.sink.Address
	c.Run(stack.Server, "seed-demo")
	c.exec(t, `insert into positions (person_id, unit_code, role)
		select p.id, r.it_unit, 'director' from persons p, outage_rules r where p.username = $1`, itHead)
	c.exec(t, `insert into outage_rules (key, rule, it_unit, approval_hours, replaces, reason)
		select gen_random_uuid(), rule || '{"confirm": 15000000000, "recovery": 10000000000}', it_unit, approval_hours, id, 'test' from outage_rules`)
	c.Kill(stack.Worker)
	c.Revive(stack.Worker) // with the mail server
	c.StartPart(stack.Server)
	c.StartPart(stack.Proxy)
	c.Eventually("the server is ready", longPatience, c.ready)
	c.StartPart(stack.Watch)
	var facts outage.Facts
	c.Eventually("the watcher has its facts", longPatience, func() bool {
		content, err := os.ReadFile(filepath.Join(c.WatchDir(), "facts.json"))
		return err == nil && json.Unmarshal(content, &facts) == nil
	})
	if c.contacts = len(outage.Recipients(facts.Contacts)); c.contacts < 3 || len(facts.Needs) != 2 {
		t.Fatalf("%d recipients, words of %v", c.contacts, facts.Needs)
	}
	return c
}

// stopsForTwoDays kills everything, and lays the watcher's log as it stands after two
// working days: up, then down since the morning of the first of them. What follows from
// that is the programs' own business.
func (c *crisis) stopsForTwoDays(t *testing.T) time.Time {
	t.Helper()
	days, err := c.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	began := days.AddWorkingDays(calendar.DayOf(time.Now()), -2).At(6*60 + 50)
	c.Kill(stack.Watch, stack.Server, stack.Worker, stack.Temporal, "postgres")
	looks := fmt.Sprintf("%s up\n%s down\n", began.Add(-time.Minute).UTC().Format(time.RFC3339), began.UTC().Format(time.RFC3339))
	if err := os.WriteFile(filepath.Join(c.WatchDir(), "looks.log"), []byte(looks), 0o600); err != nil {
		t.Fatal(err)
	}
	c.StartPart(stack.Watch)
	return began
}

// comesBack starts everything again. The last beats of the programs' hearts are those of
// before the outage.
func (c *crisis) comesBack(t *testing.T, began time.Time) {
	t.Helper()
	c.Revive("postgres")
	c.exec(t, `update heartbeats set at = $1 where program <> 'watch'`, began)
	c.Revive(stack.Temporal, stack.Worker, stack.Server)
	c.Eventually("the server is ready", longPatience, c.ready)
}

// mails are those that one of the two has brought to somebody ("": to anybody), with
// the words in their subject.
func (c *crisis) mails(from, to, subject string) []posttest.Received {
	var found []posttest.Received
	for _, m := range c.sink.Accepted() {
		if strings.Contains(m.Header.Get("From"), from) && strings.Contains(m.To, to) && strings.Contains(m.Subject, subject) {
			found = append(found, m)
		}
	}
	return found
}

var signedLink = regexp.MustCompile(`http://\S+(/approve\?token=\S+)`)

// asked opens the page to which the link in somebody's newest mail leads.
func (c *crisis) asked(t *testing.T, username string) (b *tab, link string) {
	t.Helper()
	c.Eventually(username+" is asked", longPatience, func() bool {
		return len(c.mails(ofTheWatcher, username, "duyệt thông báo ngừng hoạt động")) > 0
	})
	all := c.mails(ofTheWatcher, username, "duyệt thông báo ngừng hoạt động")
	found := signedLink.FindStringSubmatch(all[len(all)-1].Text)
	if found == nil {
		t.Fatalf("no link in\n%s", all[len(all)-1].Text)
	}
	b = c.atTheWatcher(t, username)
	b.open(found[1])
	return b, found[1]
}

// atTheWatcher is a window on the watcher's pages.
func (c *crisis) atTheWatcher(t *testing.T, whose string) *tab {
	b := c.window(t, whose+" at the watcher")
	b.web = c.Watcher()
	return b
}

// bothApproveAtTheWatcher is what both officers do by the links in their mails: one gives
// the draft its number while the other has it open, who is told so and reads it again.
func (c *crisis) bothApproveAtTheWatcher(t *testing.T, began time.Time) {
	c.Eventually("operators are told", longPatience, func() bool { return len(c.mails(ofTheWatcher, officer, "không truy cập được")) == 1 })
	boss, link := c.asked(t, officer)
	boss.sees("ngừng hoạt động từ "+words.Moment(began), "đủ 02 ngày làm việc liên tiếp", "Còn chờ duyệt: Sở Nội vụ, Sở Khoa học và Công nghệ")
	it, _ := c.asked(t, itHead)
	if n := len(c.mails(ofTheWatcher, "", noticeTitle)); n != 0 {
		t.Fatalf("%d notices went out without a word", n)
	}

	boss.write("number", "số mười hai")
	if status := boss.press("Sửa dự thảo"); status != http.StatusUnprocessableEntity {
		t.Errorf("a number that is none is answered with %d", status)
	}
	boss.sees("Số văn bản gồm số thứ tự")
	boss.look("watch-draft-fault")
	boss.write("number", "12/TB-SNV")
	boss.write("until", "17:00 "+words.Date(calendar.DayOf(time.Now()).Add(1)))
	boss.write("note", "Trung tâm dữ liệu mất điện.")
	boss.pressed("Sửa dự thảo")
	boss.sees("Thông báo số 12/TB-SNV", "Dự kiến Phần mềm hoạt động trở lại lúc 17:00", "Trung tâm dữ liệu mất điện.")
	boss.look("watch-draft")
	if print := fetch(t, c.Watcher()+strings.Replace(link, "/approve", "/draft.pdf", 1)); !bytes.HasPrefix(print, []byte("%PDF-")) {
		t.Errorf("the draft on paper: %.40q", print)
	}
	boss.pressed("Duyệt thông báo")
	boss.sees("Đã duyệt thông báo", "khi có thêm ý kiến duyệt của Sở Khoa học và Công nghệ")
	boss.open(link)
	boss.sees("Ông/bà đã duyệt thông báo này")

	if status := it.press("Duyệt thông báo"); status != http.StatusConflict {
		t.Errorf("a draft that has changed since is approved with %d", status)
	}
	it.sees("Dự thảo đã thay đổi")
	it.pressed("Mở lại dự thảo")
	it.sees("Thông báo số 12/TB-SNV", "Đã duyệt: Sở Nội vụ", "Còn chờ duyệt: Sở Khoa học và Công nghệ")
	it.pressed("Duyệt thông báo")
	it.sees("Đã duyệt thông báo", "Thông báo đang được gửi đến các đơn vị")
}

const (
	noticeTitle   = "Phần mềm quản lý công tác cải cách hành chính ngừng hoạt động"
	allClearTitle = "Phần mềm quản lý công tác cải cách hành chính hoạt động trở lại"
	daysGiven     = "Gia hạn do sự cố phần mềm"
)

// unitsAreTold: by mail with the print, on the watcher's page, in its feed, and by the
// proxy that stands where the system was.
func (c *crisis) unitsAreTold(t *testing.T, began time.Time) {
	c.Eventually("every unit has the notice", longPatience, func() bool { return len(c.mails(ofTheWatcher, "", noticeTitle)) == c.contacts })
	for _, m := range c.mails(ofTheWatcher, "", noticeTitle) {
		if !strings.Contains(m.Subject, "số 12/TB-SNV") || len(m.Files) != 1 || !bytes.HasPrefix(m.Files[0].Bytes, []byte("%PDF-")) {
			t.Errorf("to %s: %q with %d files", m.To, m.Subject, len(m.Files))
		}
	}
	since := "ngừng hoạt động từ " + words.Moment(began)
	reader := c.atTheWatcher(t, "a reader")
	reader.open("/")
	reader.sees("Phần mềm đang ngừng hoạt động", since, "Dự kiến hoạt động trở lại lúc 17:00", "Thông báo số 12/TB-SNV", "Trung tâm dữ liệu mất điện.")
	reader.look("watch-page")
	if feed := fetch(t, c.Watcher()+"/feed.xml"); !strings.Contains(string(feed), "12/TB-SNV") || !strings.Contains(string(feed), since) {
		t.Errorf("the feed does not have the notice:\n%s", feed)
	}
	caller := c.blank(t) // an answer of 503 is no complaint here
	caller.web = c.Front()
	if status := caller.visit("/tasks"); status != http.StatusServiceUnavailable {
		t.Errorf("in the system's place the proxy answers %d", status)
	}
	caller.sees("Phần mềm tạm ngừng hoạt động", since, "Dự kiến hoạt động trở lại lúc 17:00")
}

// takenOver: what the watcher did stands in the system, with who approved it there.
func (c *crisis) takenOver(t *testing.T, began time.Time) (id int64) {
	c.Eventually("the system has taken over the notice, and knows that the outage has ended", longPatience, func() bool {
		return c.Count(`select count(*) from outage_notices n join outages o on o.id = n.outage_id
			where n.kind = 'notice' and n.taken_over and n.published_at is not null and o.confirmed_at is not null and o.ended_at is not null`) == 1
	})
	if err := c.Owner.QueryRow(`select id from outages`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	boss := c.as(t, officer)
	boss.open("/outages")
	boss.pressed("Sự cố từ " + words.Moment(began))
	boss.sees("Thông báo số 12/TB-SNV", "Bộ giám sát phát hành lúc", "Sở Nội vụ Đã duyệt", "Sở Khoa học và Công nghệ Đã duyệt", "qua liên kết trong thư của bộ giám sát", "Xác nhận sự cố")
	boss.inspect("outage-taken-over")
	return id
}

// daysAreGivenBack: the officer extends the deadlines of both campaigns with one click,
// from the outage's page; documents, campaigns and tasks follow, and everybody reads it.
func (c *crisis) daysAreGivenBack(t *testing.T, id int64, codes ...string) {
	boss := c.as(t, officer)
	boss.pressed("Gia hạn theo sự cố")
	boss.sees("Báo cáo quý khi máy chủ ngừng", "Báo cáo chuyên đề khi máy chủ ngừng", "Trả lại")
	boss.pressed("Gia hạn theo sự cố")
	boss.within(longPatience, "all of them are extended", func() bool {
		return c.Count(`select count(*) from decisions where action = 'extend' and outage_id = $1 and outcome = 'applied'`, id) == 3
	})
	boss.open(fmt.Sprintf("/outages/%d/deadlines", id))
	boss.sees("Đã quyết định")
	days, err := c.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	later := days.AddWorkingDays(c.due, 1).Start()
	for _, code := range codes {
		const together = `select count(*) from campaigns c where code = $1 and due_at >= $2
			and not exists (select from documents d where d.campaign = c.code and (d.due_at <> c.due_at or d.unit_due_at <> c.due_at))
			and not exists (select from tasks t join documents d on d.id = t.document_id where d.campaign = c.code and t.closed_at is null and t.due_at <> c.due_at)`
		if c.Count(together, code, later) != 1 {
			t.Errorf("%s: the dues of the campaign, its documents and their tasks did not move together", code)
		}
	}
	told := c.blank(t) // the public page, without signing in
	told.within(longPatience, "everybody reads what became of the deadlines", func() bool {
		told.open("/announcements/")
		return strings.Contains(told.words(), daysGiven)
	})
	told.sees("Báo cáo quý khi máy chủ ngừng", "Báo cáo chuyên đề khi máy chủ ngừng", "Thông báo số 12/TB-SNV")
	author := c.as(t, finance.specialist)
	author.open("/documents/" + codes[0] + "-" + finance.unit)
	author.sees("đã gia hạn do sự cố phần mềm")
}

// allClear comes from whoever brought the notice out, to the same people, and closes it.
func (c *crisis) allClear(t *testing.T, id int64) {
	c.Eventually("the all-clear is out", longPatience, func() bool { return len(c.mails(ofTheWatcher, "", allClearTitle)) == c.contacts })
	c.Eventually("the system has taken it over, and is done", longPatience, func() bool {
		return c.Count(`select count(*) from outages where id = $1 and closing = 'noticed'`, id) == 1
	})
	reader := c.atTheWatcher(t, "a later reader")
	reader.open("/")
	reader.sees("Phần mềm đang hoạt động", allClearTitle, "Thông báo số 12/TB-SNV")
	boss := c.as(t, officer)
	boss.open("/announcements/")
	boss.sees(allClearTitle, daysGiven, "Thông báo số 12/TB-SNV")
	boss.inspect("announcements-after")
	boss.open(fmt.Sprintf("/outages/%d", id))
	boss.sees("Đã thông báo, kết thúc")
	c.Eventually("the days given have been mailed", longPatience, func() bool {
		for _, m := range c.mails(ofTheSystem, "", "") {
			if strings.Contains(m.Subject+m.Text, daysGiven) {
				return true
			}
		}
		return false
	})
}

// shortOne: the server is away for a moment. Operators know of it, units do
// not, and a record stays.
func (c *crisis) shortOne(t *testing.T, before int64) {
	boss := c.as(t, officer)
	for _, b := range c.windows { // a page that is open would miss its server
		c.elsewhere(b)
	}
	alarms := len(c.mails(ofTheWatcher, officer, "không truy cập được"))
	c.Kill(stack.Server)
	c.Eventually("operators are told of the short one", longPatience, func() bool {
		return len(c.mails(ofTheWatcher, officer, "không truy cập được")) == alarms+1
	})
	c.StartPart(stack.Server)
	c.Eventually("the server is back", longPatience, c.ready)
	c.Eventually("it has ended quietly", longPatience, func() bool {
		return c.Count(`select count(*) from outages where id <> $1 and closing = 'quiet'`, before) == 1
	})
	c.Eventually("operators are told that it is over", longPatience, func() bool {
		all := c.mails(ofTheWatcher, officer, "đã truy cập được")
		return len(all) == 2 && strings.Contains(all[1].Text, "Không có thông báo nào được gửi đến các đơn vị.")
	})
	if n := c.Count(`select count(*) from outage_notices where outage_id <> $1`, before); n != 0 {
		t.Errorf("%d notices of a short outage", n)
	}
	boss.open("/outages")
	boss.sees("Kết thúc, không phải thông báo", "Đã thông báo, kết thúc")
	boss.inspect("outages-past")
	reader := c.atTheWatcher(t, "the last reader")
	reader.open("/")
	if n := reader.counts("article"); n != 2 {
		t.Errorf("%d bulletins on the watcher's page, want the notice and the all-clear of the long one", n)
	}
}

// elsewhere has a window leave the system.
func (c *crisis) elsewhere(b *tab) {
	home := b.web
	b.web = c.Watcher()
	b.open("/")
	b.web = home
}

// nobodyTwice: what the watcher has brought to people nobody gets again, neither from it
// nor from the system, whose mailer has had its rounds by now.
func (c *crisis) nobodyTwice(t *testing.T) {
	for _, title := range []string{noticeTitle, allClearTitle} {
		if n := len(c.mails(ofTheWatcher, "", title)); n != c.contacts {
			t.Errorf("%d mails %q to %d people", n, title, c.contacts)
		}
	}
	const again = `select count(*) from notices n join outage_notices o on o.id = (n.args ->> 'notice')::bigint
		where n.kind = 'outage_notice' and o.taken_over and (n.mail_id is not null or n.mail_state = 'queued')`
	if n := c.Count(again); n != 0 {
		t.Errorf("the system mails %d people what the watcher has brought them", n)
	}
}

// warned: a risk, declared on the system's own pages. Its draft comes at once, both
// departments approve it there, units are told, and told that it has passed.
func (c *crisis) warned(t *testing.T) {
	boss := c.as(t, officer)
	boss.open("/outages")
	boss.pressed("Báo nguy cơ")
	hourAgo := time.Now().Add(-time.Hour)
	boss.write("began.day", words.Date(calendar.DayOf(hourAgo)))
	boss.write("began.clock", words.Clock(hourAgo))
	boss.write("what", "Nguồn điện của trung tâm dữ liệu phải bảo dưỡng khẩn cấp.")
	boss.pressed("Báo nguy cơ sự cố")
	path := boss.address()
	boss.within(longPatience, "its notice is drafted", func() bool {
		boss.open(path)
		return boss.counts("#draft") == 1
	})
	boss.pressed("Sửa dự thảo")
	boss.inspect("outage-draft-edit")
	boss.write("number", "13/TB-SNV")
	boss.pressed("Lưu dự thảo")

	it := c.as(t, itHead)
	it.open("/tasks")
	it.sees("chờ ông/bà cho ý kiến")
	it.pressed("Xem dự thảo")
	it.sees("Thông báo số 13/TB-SNV", "Cho ý kiến thay mặt Sở Khoa học và Công nghệ")
	it.inspect("outage-draft")
	it.pressed("Duyệt dự thảo")
	it.sees("Đã duyệt dự thảo")
	boss.open(path)
	boss.pressed("Duyệt dự thảo")
	boss.within(longPatience, "it is published", func() bool {
		boss.open(path)
		return strings.Contains(boss.words(), "Phát hành lúc")
	})
	c.Eventually("everybody has it by mail", longPatience, func() bool {
		return c.Count(`select count(*) from notices n join outage_notices o on o.id = (n.args ->> 'notice')::bigint
			where n.kind = 'outage_notice' and o.number = '13/TB-SNV' and n.mail_state = 'sent'`) == c.contacts
	})
	for _, page := range []string{"/announcements/", "/announcements/feed.xml"} {
		if !strings.Contains(string(fetch(t, c.Web+page)), "13/TB-SNV") {
			t.Errorf("%s does not have the notice of the risk", page)
		}
	}
	boss.pressed("Ghi hết nguy cơ")
	boss.within(longPatience, "it is over", func() bool {
		boss.open(path)
		return strings.Contains(boss.words(), "Đã thông báo, kết thúc")
	})
	boss.sees("Hết nguy cơ xảy ra sự cố")
	boss.seesNot("hoạt động trở lại")
}

// fetch reads an address that must answer.
func fetch(t *testing.T, address string) []byte {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, answer.Status, err)
	}
	return content
}
