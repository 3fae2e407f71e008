package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

func TestFiguresGrid(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/figures/1")).want(t, http.StatusOK).says(t, "1. Chỉ đạo, điều hành", "Chưa nhập. Nếu không có, ghi 0.")
	form := url.Values{
		"figure.1.1": {"48"}, "base.1.1": {"0"}, "figure.1.2": {"46"}, "base.1.2": {"0"},
		"figure.1.4": {""}, "base.1.4": {"0"}, "next": {"1"},
	}
	author.post(t, c.path("/figures/1"), form).want(t, http.StatusSeeOther, c.path("/figures/2"))
	author.get(t, c.path("/figures/1")).says(t, "95,83") // the ratio is computed
	if n := c.count(`select count(*) from draft_figures`); n != 2 {
		t.Errorf("%d figures, want 2: blank is not zero", n)
	}
	// A rule between figures is said at its figure; what is no figure is kept as typed.
	wrong := url.Values{"figure.1.1": {"40"}, "base.1.1": {"1"}, "figure.1.2": {"nhiều"}, "base.1.2": {"1"}}
	page := author.post(t, c.path("/figures/1"), wrong).want(t, http.StatusUnprocessableEntity).
		says(t, "Nhập số, ví dụ 1.234 hoặc 1.234,5.")
	if page.field(t, "figure.1.2") != "nhiều" || page.field(t, "base.1.1") != "2" {
		t.Errorf("kept %q, base %q", page.field(t, "figure.1.2"), page.field(t, "base.1.1"))
	}
	author.get(t, c.path("/figures/1")).says(t, "1.2 không được lớn hơn 1.1") // 40 was taken, 46 stands
	author.post(t, c.path("/figures/1"), url.Values{"figure.1.1": {"1"}}).want(t, http.StatusBadRequest)
	for _, group := range []string{"0", "8", "x"} {
		author.get(t, c.path("/figures/"+group)).want(t, http.StatusNotFound)
	}
	// A computed figure cannot be typed.
	author.post(t, c.path("/figures/1"), url.Values{"figure.1.3": {"99"}, "base.1.3": {"0"}}).want(t, http.StatusSeeOther)
	if n := c.count(`select count(*) from draft_figures where indicator = '1.3' and value is not null`); n != 0 {
		t.Error("a typed percentage was kept")
	}
}

func TestTwoPeopleInOneCell(t *testing.T) {
	c := newChain(t)
	first, second := c.at[staff.Specialist], c.kit.at(t, "STC", staff.Specialist)
	cell := func(value, base string) url.Values {
		return url.Values{"figure.1.1": {value}, "base.1.1": {base}}
	}
	saved := first.script(t, c.path("/figures/1"), cell("48", "0")).want(t, http.StatusOK)
	if !strings.Contains(saved.body, `"1.1":1`) {
		t.Errorf("autosave answers %s", saved.body)
	}
	second.script(t, c.path("/figures/1"), cell("50", "0")).want(t, http.StatusConflict)
	mine := cell("1 050", "0")
	mine.Set("reason.1.1", "Theo kế hoạch mới")
	mine.Set("figure.1.4", "3")
	mine.Set("base.1.4", "0")
	page := second.post(t, c.path("/figures/1"), mine).want(t, http.StatusConflict).
		says(t, "đã lưu ô này lúc", "Chưa có gì bị ghi đè", "1.050", "48", "Theo kế hoạch mới")
	if page.field(t, "figure.1.1") != "1 050" || page.field(t, "reason.1.1") != "Theo kế hoạch mới" || page.field(t, "base.1.1") != "0" || page.field(t, "clash.1.1") != "1" {
		t.Errorf("typed %q, reason %q, base %q, clash %q", page.field(t, "figure.1.1"), page.field(t, "reason.1.1"), page.field(t, "base.1.1"), page.field(t, "clash.1.1"))
	}
	if n := c.count(`select count(*) from draft_figures where value in (48, 3)`); n != 2 {
		t.Error("the first value was overwritten, or the cell beside it not saved")
	}
	// Sent again without a choice, it is asked again.
	mine.Set("clash.1.1", "1")
	mine.Set("base.1.4", "1")
	second.post(t, c.path("/figures/1"), mine).want(t, http.StatusConflict).says(t, "Giữ số nào?")
	// Somebody saves a third value before the choice is sent: it is not lost either.
	first.post(t, c.path("/figures/1"), cell("49", "1")).want(t, http.StatusSeeOther)
	mine.Set("choice.1.1", "mine")
	again := second.post(t, c.path("/figures/1"), mine).want(t, http.StatusConflict).says(t, "49")
	mine.Set("clash.1.1", again.field(t, "clash.1.1"))
	second.post(t, c.path("/figures/1"), mine).want(t, http.StatusSeeOther)
	if n := c.count(`select count(*) from draft_figures where value = 1050 and reason = 'Theo kế hoạch mới' and version = 3`); n != 1 {
		t.Error("the choice was not saved")
	}
	// Keeping what the other saved changes nothing, whatever was typed.
	theirs := cell("nhiều", "0")
	theirs.Set("clash.1.1", "3")
	theirs.Set("choice.1.1", "theirs")
	first.post(t, c.path("/figures/1"), theirs).want(t, http.StatusSeeOther)
	if n := c.count(`select count(*) from draft_figures where value = 1050 and version = 3`); n != 1 {
		t.Error("keeping the other's figure changed it")
	}
	mine.Set("clash.1.1", "x")
	second.post(t, c.path("/figures/1"), mine).want(t, http.StatusBadRequest)
}

// saved is autosave's answer.
func (a answer) saved(t *testing.T) templates.FiguresSaved {
	t.Helper()
	var out templates.FiguresSaved
	if err := json.Unmarshal([]byte(a.want(t, http.StatusOK).body), &out); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return out
}

// A script learns with each save what the checks say, without a page.
func TestAutosaveTellsWhatTheChecksSay(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	form := url.Values{
		"figure.1.1": {"40"}, "base.1.1": {"0"}, "figure.1.2": {"46"}, "base.1.2": {"0"},
		"figure.1.4": {"nhiều"}, "base.1.4": {"0"}, "reason.1.3": {""}, "base.1.3": {"0"},
	}
	got := author.script(t, c.path("/figures/1"), form).saved(t)
	if got.Versions["1.1"] != 1 || got.Versions["1.2"] != 1 || got.Unread != 1 || got.Saved == "" {
		t.Errorf("saved %+v", got)
	}
	if _, taken := got.Versions["1.4"]; taken || c.count(`select count(*) from draft_figures where indicator = '1.4'`) != 0 {
		t.Error("a text that is no figure was taken")
	}
	if row := got.Rows["1.2"]; row.Class != "broken" || len(row.Errors) != 1 || !strings.Contains(row.Errors[0], "1.2 không được lớn hơn 1.1") {
		t.Errorf("row 1.2 %+v", row)
	}
	if row := got.Rows["1.4"]; len(row.Errors) != 1 || !strings.Contains(row.Errors[0], "Nhập số") || row.Blank {
		t.Errorf("row 1.4 %+v", row)
	}
	if got.Rows["1.3"].Ratio != "115" || !got.Rows["1.5"].Blank || got.Groups["1"] != (templates.GroupState{State: "1 lỗi", Bad: true}) {
		t.Errorf("ratio %q, blank %v, group %+v", got.Rows["1.3"].Ratio, got.Rows["1.5"].Blank, got.Groups["1"])
	}
	if got.Problem != "#figure-1-2" || !strings.Contains(got.Summary, "1 lỗi") {
		t.Errorf("problem %q, summary %q", got.Problem, got.Summary)
	}
	// A reason that is too long holds back the form, and all that was typed stays.
	form.Set("reason.1.1", strings.Repeat("a", storage.MaxFigureReason+1))
	form.Set("figure.1.2", "39")
	author.script(t, c.path("/figures/1"), form).want(t, http.StatusUnprocessableEntity)
	page := author.post(t, c.path("/figures/1"), form).want(t, http.StatusUnprocessableEntity)
	if page.field(t, "figure.1.2") != "39" || page.field(t, "figure.1.4") != "nhiều" || page.field(t, "base.1.2") != "0" {
		t.Errorf("kept %q, %q on base %q", page.field(t, "figure.1.2"), page.field(t, "figure.1.4"), page.field(t, "base.1.2"))
	}
}

// earlier makes STC's signed report of another period out of figures and one reason.
func (c *chain) earlier(period, figures string) {
	c.t.Helper()
	id := "bc-" + period + "-STC"
	c.exec(`
		insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by)
		select 'bc-' || $1, gen_random_uuid(), kind, name, form, form_version, $1, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by
		from campaigns where code = 'bc-2026q4'`, period)
	c.exec(`
		insert into documents (id, campaign, unit_code, kind, stage, revision, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
		select $1, 'bc-' || $2, unit_code, kind, 'approved', 1, unit_due_at, due_at, desk_since, rung_at, created_at, desk_since
		from documents where id = $3`, id, period, c.id)
	c.exec(`insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at)
		values ($1, 1, jsonb_build_object('figures', $2::jsonb), '', $3, clock_timestamp())`, id, figures, c.who[staff.Specialist])
	c.exec(`
		insert into signing_attempts (id, document_id, revision, content_hash, person_id, number_year, number_symbol, number, document_date, state)
		values (gen_random_uuid(), $1, 1, '', $2, 2026, 'BC-STC', 1, current_date, 'signed')`, id, c.who[staff.Director])
}

func TestEarlierFiguresBesideTheCells(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/figures/3")).silent(t, "Quý III", "Quý IV năm 2025")
	c.earlier("2026q3", `{"3.22": {"value": "1206"}, "3.28": {"value": "29", "reason": "Đợt đối thoại doanh nghiệp"},
		"3.19": {"value": "60"}, "3.20": {"value": "30"}, "3.18": {"value": "95"}, "3.29": {"value": "29"}}`)
	c.earlier("2025q4", `{"3.28": {"value": "20"}}`)
	form := url.Values{"figure.3.28": {"38"}, "base.3.28": {"0"}}
	got := author.script(t, c.path("/figures/3"), form).saved(t)
	if row := got.Rows["3.28"]; row.Previous != "+31,0 %" || row.LastYear != "+90,0 %" || len(row.Warnings) != 1 {
		t.Errorf("row 3.28 %+v", row)
	}
	page := author.get(t, c.path("/figures/3")).want(t, http.StatusOK).
		says(t, "Quý III", "Quý IV năm 2025", "+31,0 %", "+90,0 %", "Thay đổi quá 30 %", "94,74", "Đợt đối thoại doanh nghiệp", "Lấy từ 3.22 của quý III")
	if page.field(t, "figure.3.13") != "1.206" {
		t.Errorf("3.13 stands at %q", page.field(t, "figure.3.13"))
	}
	// Last period's reason is taken over by one button, also without scripts.
	form = url.Values{"figure.3.28": {"38"}, "reason.3.28": {""}, "base.3.28": {"1"}, "figure.3.13": {"1.206"}, "base.3.13": {"0"}, "reuse": {"3.28"}}
	author.post(t, c.path("/figures/3"), form).want(t, http.StatusSeeOther, c.path("/figures/3")+"#reason-3-28")
	if n := c.count(`select count(*) from draft_figures where indicator = '3.28' and reason = 'Đợt đối thoại doanh nghiệp'`); n != 1 {
		t.Error("the reason was not taken over")
	}
	author.get(t, c.path("/figures/3")).says(t, "Lấy từ 3.22 của quý III").silent(t, "3.13 phải bằng")
	// What was typed otherwise before the earlier report was there stays, with its error.
	c.exec(`update draft_figures set value = 1200 where indicator = '3.13'`)
	author.get(t, c.path("/figures/3")).says(t, "3.13 phải bằng").silent(t, "Lấy từ 3.22")
}

// The figures that the unit's plan knows are offered with their source, taken over by
// one button, and a different number needs its note, which readers see.
func TestFiguresThatThePlanKnows(t *testing.T) {
	c, year := newLivingPlan(t)
	yearly := c.id
	code := "bc-" + strconv.Itoa(year) + "q1"
	c.exec(`
		insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by)
		select $1, gen_random_uuid(), kind, name, form, form_version, $2, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by
		from campaigns where code = 'bc-2026q4'`, code, strconv.Itoa(year)+"q1")
	c.id = "bc-2026q4-STC"
	c.exec(`update documents set campaign = $1 where id = $2`, code, c.id)
	author, page := c.at[staff.Specialist], c.path("/figures/1")

	shown := author.get(t, page).want(t, http.StatusOK).says(t, "2 nhiệm vụ phải thực hiện, tính đến", "0 nhiệm vụ đã có văn bản kết quả", "Xem kế hoạch", "Lấy số này")
	if !strings.Contains(shown.body, `href="/documents/`+yearly+`/board"`) {
		t.Error("the source is not linked")
	}
	// One button takes it over, and keeps what else was typed.
	form := url.Values{"figure.1.1": {""}, "base.1.1": {"0"}, "figure.1.4": {"7"}, "base.1.4": {"0"}, "take": {"1.1"}}
	author.post(t, page, form).want(t, http.StatusSeeOther, page+"#figure-1-1")
	taken := author.get(t, page)
	if taken.field(t, "figure.1.1") != "2" || taken.field(t, "figure.1.4") != "7" || strings.Contains(taken.body, `name="take" value="1.1"`) || !strings.Contains(taken.body, `name="take" value="1.2"`) {
		t.Error("the number was not taken over")
	}
	form = url.Values{"figure.1.1": {"3"}, "base.1.1": {"1"}}
	got := author.script(t, page, form).saved(t)
	if row := got.Rows["1.1"]; len(row.Warnings) != 1 || !strings.Contains(row.Warnings[0], "Khác số trong kế hoạch đang theo dõi của đơn vị (2, nay 3)") {
		t.Errorf("row 1.1 %+v", row)
	}
	author.get(t, c.path("/check")).says(t, "Ghi lý do cho cảnh báo ở chỉ tiêu này.", "chỉ tiêu chưa có lý do").silent(t, "đều có lý do")
	author.script(t, page, url.Values{"figure.1.1": {"3"}, "reason.1.1": {"Thêm một nhiệm vụ ngoài kế hoạch"}, "base.1.1": {"2"}}).saved(t)
	author.get(t, c.path("/check")).says(t, "Khác số trong kế hoạch", "Thêm một nhiệm vụ ngoài kế hoạch")
}
