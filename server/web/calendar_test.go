package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// workday is the n-th working day of the ordinary week in the year after next,
// which the calendar knows nothing of.
func workday(n int) calendar.Day {
	return calendar.Calendar{}.AddWorkingDays(calendar.Date(time.Now().Year()+2, 3, 1), n)
}

func dayForm(day calendar.Day) url.Values {
	return url.Values{
		"key": {uuid.NewString()}, "kind": {"holiday"}, "from": {words.Date(day)}, "name": {"Nghỉ thêm"}, "certainty": {"expected"},
	}
}

func TestOfficerEditsTheCalendar(t *testing.T) {
	c := newChain(t)
	officer, author := c.at[staff.Officer], c.at[staff.Specialist]
	day := workday(3)
	year := "/calendar?year=" + strconv.Itoa(day.Year())
	author.get(t, "/calendar").want(t, http.StatusOK).silent(t, "Ghi ngày nghỉ")
	officer.get(t, "/calendar").says(t, "Ghi ngày nghỉ, làm bù")
	officer.get(t, "/calendar/edit").want(t, http.StatusOK).says(t, "Xem trước thay đổi")

	preview := officer.post(t, "/calendar/preview", dayForm(day)).want(t, http.StatusOK).
		says(t, "nghỉ lễ “Nghỉ thêm”, dự kiến", "Không hạn nào thay đổi", "1 đợt đang mở")
	if n := c.count(`select count(*) from calendar_changes`); n != 0 {
		t.Fatal("the preview has saved it")
	}
	save := dayForm(day)
	save.Set("key", preview.field(t, "key"))
	save.Set("version", preview.field(t, "version"))
	officer.post(t, "/calendar", save).want(t, http.StatusSeeOther, year)
	officer.post(t, "/calendar", save).want(t, http.StatusSeeOther, year) // a double click
	officer.get(t, year).says(t, words.Date(day), "Nghỉ thêm", "Các lần sửa gần đây")
	if n := c.count(`select count(*) from calendar_changes`); n != 1 {
		t.Errorf("%d edits", n)
	}

	// Somebody else was quicker: a new preview, nothing saved.
	late := dayForm(workday(4))
	late.Set("version", "0")
	again := officer.post(t, "/calendar", late).want(t, http.StatusConflict).says(t, "Lịch vừa có người khác sửa", "Lưu lịch")
	late.Set("version", again.field(t, "version"))
	late.Set("key", again.field(t, "key"))
	officer.post(t, "/calendar", late).want(t, http.StatusSeeOther, year)

	// It is removed again.
	officer.get(t, "/calendar/edit?date="+day.String()).want(t, http.StatusOK).says(t, "Xóa "+words.Date(day))
	remove := url.Values{"key": {uuid.NewString()}, "editing": {day.String()}, "do": {"remove"}}
	preview = officer.post(t, "/calendar/preview", remove).want(t, http.StatusOK).says(t, "bỏ khỏi lịch")
	remove.Set("version", preview.field(t, "version"))
	officer.post(t, "/calendar", remove).want(t, http.StatusSeeOther, year)
	officer.post(t, "/calendar", remove).want(t, http.StatusSeeOther, "/calendar")
	if n := c.count(`select count(*) from holidays where date = $1`, day); n != 0 {
		t.Error("it is still marked")
	}
	officer.get(t, "/calendar/edit?date="+day.String()).want(t, http.StatusNotFound)
}

// The pair of a swap is entered together, shown together, and removed together.
func TestSwapIsEnteredAsAPair(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	off := workday(5)
	work := off
	for (calendar.Calendar{}).IsWorkingDay(work) {
		work++
	}
	form := dayForm(off)
	form.Set("kind", "swap")
	officer.post(t, "/calendar/preview", form).want(t, http.StatusUnprocessableEntity) // without the day that is worked
	form.Set("work", words.Date(work))
	form.Set("certainty", "official")
	officer.post(t, "/calendar/preview", form).want(t, http.StatusUnprocessableEntity).says(t, "phải ghi số và ngày của thông báo")
	form.Set("legal_number", "9441/TB-BNV")
	form.Set("legal_date", "20/11/2026")
	preview := officer.post(t, "/calendar/preview", form).want(t, http.StatusOK).says(t, "nghỉ hoán đổi", "làm bù", "9441/TB-BNV ngày 20/11/2026")
	form.Set("version", preview.field(t, "version"))
	officer.post(t, "/calendar", form).want(t, http.StatusSeeOther)
	officer.get(t, "/calendar?year="+strconv.Itoa(off.Year())).says(t, "Hoán đổi với "+words.Date(work), "Hoán đổi với "+words.Date(off))
	edit := officer.get(t, "/calendar/edit?date="+work.String()).says(t, "Xóa ")
	if !strings.Contains(edit.body, words.Date(off)) || !strings.Contains(edit.body, words.Date(work)) {
		t.Error("the form does not have both days")
	}
}

func TestWhatTheCalendarRefuses(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	for name, want := range map[string]string{
		"from=hôm kia": "", "name=": "Ghi tên ngày nghỉ", "kind=party": "Chọn loại ngày", "to=01/01/2020": "Ngày cuối phải sau ngày đầu",
		"certainty=official": "phải ghi số và ngày",
	} {
		field, value, _ := strings.Cut(name, "=")
		form := dayForm(workday(3))
		form.Set(field, value)
		kept := officer.post(t, "/calendar/preview", form).want(t, http.StatusUnprocessableEntity)
		kept.says(t, want)
		if field != "name" && !strings.Contains(kept.body, "Nghỉ thêm") {
			t.Errorf("%s: what was typed is gone", name)
		}
	}
	past := calendar.Calendar{}.PreviousWorkingDay(calendar.DayOf(time.Now()) - 1)
	c.exec(`delete from holidays where date = $1`, past)
	officer.post(t, "/calendar/preview", dayForm(past)).want(t, http.StatusUnprocessableEntity).says(t, "đã qua")
	c.exec(`update holidays set certainty = 'expected'`)
	officer.get(t, "/calendar").says(t, "chưa có ngày nghỉ chính thức")
	officer.get(t, "/tasks").says(t, "chưa có ngày nghỉ chính thức")
	c.at[staff.Specialist].get(t, "/tasks").silent(t, "chưa có ngày nghỉ chính thức")
}

// A holiday right before the due of a campaign that follows from a rule: the
// preview names campaign, documents and rungs; saved, the unit reads its new due.
func TestPreviewTellsWhatMoves(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	days, err := c.Store.Calendar(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// The chain's campaign is set by hand; its last day is shifted where it is off.
	due := days.NextWorkingDay(calendar.DayOf(time.Now()).Add(28))
	c.exec(`update campaigns set due_day = $1, due_inclusive = true, due_shift = 'forward', due_at = $2`, due, due.At(1440))
	c.exec(`update documents set due_at = $1, unit_due_at = $1`, due.At(1440))
	c.exec(`update documents set extended_at = now(), due_at = due_at + interval '20 days', unit_due_at = unit_due_at + interval '20 days' where unit_code = 'SYT'`)
	form := dayForm(due)
	preview := officer.post(t, "/calendar/preview", form).want(t, http.StatusOK).says(t,
		"1 văn bản dời hạn", "1 đợt dời hạn chung", "1 văn bản: 24:00 "+words.Date(due)+" thành", "1 văn bản đã được gia hạn: giữ hạn đã cho", "Đúng hạn", "Sau khi lưu")
	form.Set("version", preview.field(t, "version"))
	officer.post(t, "/calendar", form).want(t, http.StatusSeeOther)
	moved := days.With(calendar.Change{Put: []calendar.Mark{{Date: due, Kind: calendar.Holiday}}}).NextWorkingDay(due)
	c.at[staff.Specialist].get(t, c.path("")).says(t, "đã sửa lịch nghỉ, hạn dời đến 24:00", words.Date(moved))
	c.at[staff.Specialist].get(t, "/notices").says(t, "Hạn dời theo lịch nghỉ")
}

// Several edits are laid down one after the other and saved together: each may be
// opened again or dropped, and nothing is stored before.
func TestSeveralEditsInOnePreview(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	year := "/calendar?year=" + strconv.Itoa(workday(3).Year())
	first := officer.post(t, "/calendar/preview", dayForm(workday(3))).want(t, http.StatusOK).says(t, "Thêm thay đổi khác")
	with := func(a answer, pairs ...string) url.Values {
		f := a.filled(t, "/calendar")
		for i := 0; i < len(pairs); i += 2 {
			f.Set(pairs[i], pairs[i+1])
		}
		return f
	}
	more := officer.post(t, "/calendar/preview", with(first, "step", "more")).want(t, http.StatusOK).says(t, "Cùng lưu với lần này", words.Date(workday(3)))
	second := more.filled(t, "/calendar/preview")
	for name, value := range map[string]string{"kind": "holiday", "from": words.Date(workday(4)), "certainty": "expected"} {
		second.Set(name, value)
	}
	second.Del("step")
	refused := officer.post(t, "/calendar/preview", second).want(t, http.StatusUnprocessableEntity).says(t, "Ghi tên ngày nghỉ", "Cùng lưu với lần này")
	if got := refused.filled(t, "/calendar/preview")["edit"]; len(got) != 1 {
		t.Fatalf("the edit before is gone: %v", got)
	}
	second.Set("name", "Nghỉ bù theo thông báo")
	both := officer.post(t, "/calendar/preview", second).want(t, http.StatusOK).says(t, "“Nghỉ thêm”", "“Nghỉ bù theo thông báo”")

	// Opened again, it stands in the form and the other is carried along; left, both stand.
	opened := officer.post(t, "/calendar/preview", with(both, "step", "open.0")).want(t, http.StatusOK).says(t, "“Nghỉ bù theo thông báo”").silent(t, "“Nghỉ thêm”")
	again := opened.filled(t, "/calendar/preview")
	again.Del("step")
	if again.Get("name") != "Nghỉ thêm" || again.Get("from") != words.Date(workday(3)) {
		t.Errorf("the form has %v", again)
	}
	kept := opened.filled(t, "/calendar/preview")
	kept.Set("name", "Gõ dở")
	kept.Set("step", "back")
	officer.post(t, "/calendar/preview", kept).want(t, http.StatusOK).says(t, "“Nghỉ thêm”", "“Nghỉ bù theo thông báo”").silent(t, "Gõ dở")
	again.Set("name", "")
	officer.post(t, "/calendar/preview", again).want(t, http.StatusUnprocessableEntity).says(t, "Ghi tên ngày nghỉ", "Giữ như cũ, xem trước")
	again.Set("name", "Nghỉ thêm, sửa tên")
	both = officer.post(t, "/calendar/preview", again).want(t, http.StatusOK).says(t, "“Nghỉ thêm, sửa tên”", "“Nghỉ bù theo thông báo”")
	left := officer.post(t, "/calendar/preview", with(both, "step", "drop.0")).want(t, http.StatusOK).silent(t, "“Nghỉ bù theo thông báo”")
	officer.post(t, "/calendar/preview", with(left, "step", "drop.0")).want(t, http.StatusSeeOther, "/calendar")
	if n := c.count(`select count(*) from calendar_changes`); n != 0 {
		t.Fatalf("%d edits are stored before they are saved", n)
	}

	save := both.filled(t, "/calendar")
	save.Del("step")
	officer.post(t, "/calendar", save).want(t, http.StatusSeeOther, year)
	officer.post(t, "/calendar", save).want(t, http.StatusSeeOther, year) // a double click
	if edits, days := c.count(`select count(*) from calendar_changes`), c.count(`select count(*) from holidays where date in ($1, $2)`, workday(3), workday(4)); edits != 1 || days != 2 {
		t.Errorf("%d edits, %d days", edits, days)
	}
	officer.get(t, year).says(t, "Nghỉ thêm, sửa tên", "Nghỉ bù theo thông báo")
}
