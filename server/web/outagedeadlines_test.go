package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// stopped lays down a confirmed outage of the last two working days before the chain's
// due, with the unit's own attempts, and gives its page of deadlines.
func (c *chain) stopped() (path string, last calendar.Day) {
	c.t.Helper()
	var due time.Time
	if err := c.Owner.QueryRow(`select due_at from documents where id = $1`, c.id).Scan(&due); err != nil {
		c.t.Fatal(err)
	}
	days, err := c.Store.Calendar(context.Background())
	if err != nil {
		c.t.Fatal(err)
	}
	last = words.LastDay(due)
	to := days.PreviousWorkingDay(last)
	from := days.AddWorkingDays(to, -1)
	var id string
	const add = `
		insert into outages (key, kind, source, began_at, ended_at, rule, confirmed_at, opened_at, rung_at)
		select gen_random_uuid(), 'outage', 'hand', $1, $2, max(id), now(), $1, $1 from outage_rules returning id`
	if err := c.Owner.QueryRow(add, from.At(8*60), to.At(18*60)).Scan(&id); err != nil {
		c.t.Fatal(err)
	}
	c.exec(`insert into failed_attempts (person_id, document_id, source, at) select id, $1, 'browser', $2 from persons limit 1`, c.id, from.At(9*60))
	return "/outages/" + id + "/deadlines", days.AddWorkingDays(max(last, to), 2)
}

// The officer finds the deadlines with the units that tried, extends them once, and
// both sides read it.
func TestOfficerExtendsAfterAnOutage(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	path, until := c.stopped()
	page := officer.get(t, path).want(t, http.StatusOK).says(t, "Hạn nộp của văn bản chưa nộp", "Trả lại 2 ngày làm việc", "1 lần trình duyệt báo lại", "hạn chung của đợt dời theo")
	who, until1 := fieldNames(t, page)
	form := url.Values{"key": {uuid.NewString()}, who: {"all"}, until1: {"hôm kia"}, "reason": {""}}
	officer.post(t, path, form).want(t, http.StatusUnprocessableEntity).says(t, "Ngày cuối mới")
	form.Set(until1, words.Date(until))
	officer.post(t, path, form).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do")
	form.Set("reason", "Sự cố phần mềm ngày 05/10")
	officer.post(t, path, url.Values{"key": {uuid.NewString()}, who: {"none"}, until1: {""}, "reason": {"x"}}).want(t, http.StatusUnprocessableEntity).says(t, "Chọn ít nhất một nhóm")
	officer.post(t, path, form).want(t, http.StatusSeeOther, path)
	officer.post(t, path, form).want(t, http.StatusSeeOther, path) // a double click
	officer.get(t, path).says(t, "Không còn thời hạn nào cần gia hạn", "Đã quyết định", words.InstantShort(until.Add(1).Start()))
	if n := c.count(`select count(*) from decisions where action = 'extend' and document_id = $1`, c.id); n != 1 {
		t.Errorf("%d extensions", n)
	}
	author := c.at[staff.Specialist]
	given := "Đã gia hạn đến 24:00 " + words.Date(until) + " do sự cố"
	author.get(t, c.path("")).says(t, "đã gia hạn do sự cố phần mềm", "Sự cố phần mềm ngày 05/10", given, "Hạn được Sở Nội vụ gia hạn do sự cố phần mềm")
	for path, said := range map[string]string{
		"/campaigns/bc-2026q4": given, "/dashboard/units/STC": given,
		"/campaigns/bc-2026q4?flag=extended": "Gia hạn do sự cố: 2 đơn vị", "/dashboard?campaign=bc-2026q4": "Gia hạn do sự cố: 2 đơn vị",
	} {
		officer.get(t, path).says(t, said)
	}
	author.get(t, "/notices").says(t, "Đã gia hạn")
	author.get(t, path).want(t, http.StatusForbidden)
	c.kit.at(t, "SNV", staff.AuthorityHead).post(t, path, form).want(t, http.StatusForbidden)
	officer.get(t, "/outages/999999/deadlines").want(t, http.StatusNotFound)
	officer.get(t, "/outages/x/deadlines").want(t, http.StatusNotFound)
}

// fieldNames are the names of the first group's fields.
func fieldNames(t *testing.T, a answer) (who, until string) {
	t.Helper()
	_, rest, found := strings.Cut(a.body, `name="who.`)
	id, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		t.Fatal("no group in the page")
	}
	return "who." + id, "until." + id
}

// Nothing can be extended before the outage is confirmed and over.
func TestDeadlinesWaitForTheOutagesEnd(t *testing.T) {
	c := newChain(t)
	path, _ := c.stopped()
	c.exec(`update outages set ended_at = null`)
	c.at[staff.Officer].get(t, path).says(t, "Sự cố chưa kết thúc", "chưa kết thúc").silent(t, "Gia hạn theo sự cố")
	c.exec(`update outages set ended_at = began_at, confirmed_at = null`)
	c.at[staff.Officer].get(t, path).says(t, "Sự cố chưa được xác nhận")
	c.at[staff.Officer].post(t, path, url.Values{"key": {uuid.NewString()}, "who.x": {"all"}, "reason": {"x"}}).want(t, http.StatusUnprocessableEntity)
}

// Boards, the register and the document say which days are not counted.
func TestDaysThatStoodStillAreSaid(t *testing.T) {
	c := newChain(t)
	days, err := c.Store.Calendar(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	lost := days.AddWorkingDays(calendar.DayOf(time.Now()), -2)
	due := days.AddWorkingDays(lost, -2).Add(1).Start()
	c.stopped()
	c.exec(`update outages set began_at = $1, ended_at = $2`, lost.At(9*60), lost.At(10*60))
	c.exec(`update campaigns set launched_at = now() - interval '40 days', due_at = $1`, due)
	c.exec(`update documents set due_at = $1, unit_due_at = $1 where id = $2`, due, c.id)
	late := days.WorkingDaysBetween(words.LastDay(due), calendar.DayOf(time.Now())) - 1
	said := "Không tính 1 ngày phần mềm ngừng hoạt động (" + words.DateShort(lost) + ")"
	officer := c.at[staff.Officer]
	officer.get(t, "/campaigns/bc-2026q4").says(t, said, fmt.Sprintf("Quá hạn %d ngày làm việc", late))
	officer.get(t, "/campaigns/bc-2026q4/overdue").says(t, said)
	officer.get(t, "/dashboard?campaign=bc-2026q4").says(t, said)
	officer.get(t, "/dashboard/units/STC").says(t, said)
	officer.get(t, c.path("/cause")).says(t, said)
	c.at[staff.Specialist].get(t, c.path("")).says(t, said, fmt.Sprintf("Quá %d ngày làm việc", late))
	c.exec(`update outages set confirmed_at = null`)
	officer.get(t, "/campaigns/bc-2026q4").silent(t, "phần mềm ngừng hoạt động").says(t, fmt.Sprintf("Quá hạn %d ngày làm việc", late+1))
}

// A browser tells of saves that never arrived; what the server itself could not take it
// notes without being told, also when nobody can be recognised.
func TestAttemptsThatFailed(t *testing.T) {
	c := newChain(t)
	author, stranger := c.at[staff.Specialist], c.kit.at(t, "SYT", staff.Specialist)
	c.exec(`update positions set valid_from = now() - interval '1 year'`)
	told := url.Values{"first": {"7200"}, "last": {"600"}}
	author.post(t, c.path("/attempts"), told).want(t, http.StatusNoContent)
	author.post(t, c.path("/attempts"), told).want(t, http.StatusNoContent)
	stranger.post(t, c.path("/attempts"), told).want(t, http.StatusForbidden)
	for _, bad := range []url.Values{{"first": {"1"}}, {"first": {"-1"}, "last": {"0"}}, {"first": {"99999999"}, "last": {"0"}}, {"first": {"x"}, "last": {"0"}}} {
		author.post(t, c.path("/attempts"), bad).want(t, http.StatusBadRequest)
	}
	if n := c.count(`select count(*) from failed_attempts where source = 'browser'`); n < 2 || n > 4 { // the minute may turn between the two
		t.Errorf("%d attempts told", n)
	}

	c.exec(`alter table documents rename to documents_away`)
	c.ask(staff.Specialist, inDays(40), "Chờ số liệu").want(t, http.StatusInternalServerError)
	author.post(t, c.path("/presence"), url.Values{"place": {""}}).want(t, http.StatusInternalServerError)
	c.exec(`alter table documents_away rename to documents`)
	if err := c.Store.TakeAttempts(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := c.count(`select count(*) from failed_attempts where source = 'server' and document_id = $1`, c.id); n != 1 {
		t.Errorf("%d attempts seen, want 1", n)
	}
}

func TestWhatCountsAsAFailedAttempt(t *testing.T) {
	for _, row := range []struct {
		method, path string
		status       int
		id           string
	}{
		{http.MethodPost, "/documents/bc-STC/submit", 500, "bc-STC"},
		{http.MethodPost, "/documents/bc-STC/sections/I", 503, "bc-STC"},
		{http.MethodPost, "/documents/bc-STC/submit", 422, ""},
		{http.MethodGet, "/documents/bc-STC/submit", 500, ""},
		{http.MethodPost, "/documents/bc-STC/presence", 500, ""},
		{http.MethodPost, "/documents/bc-STC/attempts", 500, ""},
		{http.MethodPost, "/documents/bc-STC", 500, ""},
		{http.MethodPost, "/appraisals/cs-STC/explanation", 500, "cs-STC"},
		{http.MethodPost, "/campaigns", 500, ""},
	} {
		id, failed := failedAt(httptest.NewRequest(row.method, row.path, nil), row.status)
		if failed != (row.id != "") || failed && id != row.id {
			t.Errorf("%s %s %d: %q %v", row.method, row.path, row.status, id, failed)
		}
	}
}
