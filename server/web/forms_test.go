package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/templates"
)

const (
	quarterlyDraft = "/forms/bc-cchc-quy/draft"
	quarterlyForm  = "bc-cchc-quy.1"
)

// formOfficer is an officer with the draft of the quarterly form open.
func formOfficer(t *testing.T) (*kit, *browser) {
	t.Helper()
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.post(t, "/forms", url.Values{"from": {quarterlyForm}, "key": {newKey()}}).want(t, http.StatusSeeOther, quarterlyDraft)
	return k, officer
}

// save posts a page of the editor as it stands, with changes.
func (b *browser) save(t *testing.T, path, do string, changes url.Values) answer {
	t.Helper()
	fields := b.get(t, path).want(t, http.StatusOK).filled(t, strings.SplitN(path, "?", 2)[0])
	for name, values := range changes {
		fields[name] = values
	}
	fields.Set("do", do)
	return b.post(t, strings.SplitN(path, "?", 2)[0], fields)
}

func TestReadersLookAtForms(t *testing.T) {
	k := newKit(t)
	unit := k.at(t, "STC", staff.Specialist)
	unit.get(t, "/forms").want(t, http.StatusOK).says(t, "Báo cáo cải cách hành chính quý", "Phiên bản 1", "10 phần lời, 105 chỉ tiêu, 42 quy tắc", "Đang dùng").
		silent(t, "Soạn phiên bản mới")
	unit.get(t, "/forms/bc-cchc-quy/versions/1").want(t, http.StatusOK).
		says(t, "3.13 (Hồ sơ tồn", "phải bằng số kỳ trước của 3.22", "Thay đổi quá 30 %").silent(t, "Thôi dùng phiên bản này")
	unit.get(t, "/forms/bc-cchc-quy/versions/9").want(t, http.StatusNotFound)
	unit.get(t, quarterlyDraft).want(t, http.StatusForbidden)
}

func TestANewFormIsBegun(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.post(t, "/forms", url.Values{"new": {"1"}, "code": {""}, "title": {"Báo cáo năm"}, "from": {""}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Mã biểu mẫu gồm chữ thường không dấu")
	officer.post(t, "/forms", url.Values{"new": {"1"}, "code": {"bc-cchc-quy"}, "title": {"Báo cáo năm"}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Mã này đã có biểu mẫu khác dùng.")
	officer.post(t, "/forms", url.Values{"new": {"1"}, "code": {"bc-nam"}, "title": {"Báo cáo năm"}, "from": {""}}).
		want(t, http.StatusSeeOther, "/forms/bc-nam/draft")
	officer.get(t, "/forms/bc-nam/draft").want(t, http.StatusOK).says(t, "Báo cáo năm, phiên bản 1", "Biểu mẫu cần ít nhất một phần lời hoặc một chỉ tiêu.")
	officer.get(t, "/forms").says(t, "Báo cáo năm", "Đang soạn phiên bản mới")
	officer.save(t, "/forms/bc-nam/draft", "discard", nil).want(t, http.StatusSeeOther, "/forms")
	officer.get(t, "/forms/bc-nam/draft").want(t, http.StatusNotFound)
}

// TestRowsOfAForm: rows are added, moved and removed by plain buttons, with what
// was typed elsewhere on the page; removing can be undone.
func TestRowsOfAForm(t *testing.T) {
	_, officer := formOfficer(t)
	path := quarterlyDraft + "/sections"
	officer.save(t, path, "insert.0", url.Values{"sections.0.title": {"Chỉ đạo"}}).want(t, http.StatusSeeOther, path+"#sections-1-code")
	page := officer.get(t, path).want(t, http.StatusOK)
	if page.field(t, "sections.0.title") != "Chỉ đạo" || page.field(t, "sections.1.code") != "" || page.field(t, "sections.2.code") != "II.1" {
		t.Fatal("no empty row below the first")
	}
	officer.save(t, path, "save", nil).want(t, http.StatusSeeOther, path+"?check=1")
	officer.get(t, path+"?check=1").says(t, "Phần dòng 2: Chưa điền.", "Phần dòng 2: Mã phần gồm chữ hoa không dấu")
	officer.save(t, path, "up.1", url.Values{"sections.1.code": {"0"}, "sections.1.title": {"Mở đầu"}}).want(t, http.StatusSeeOther, path+"#sections-0-code")
	removed := officer.save(t, path, "remove.1", url.Values{"sections.3.title": {"Thủ tục"}}).want(t, http.StatusSeeOther)
	page = officer.get(t, removed.Header.Get("Location")).says(t, "Đã bỏ một dòng.", "Hoàn tác")
	if page.field(t, "sections.0.title") != "Mở đầu" || page.field(t, "sections.1.code") != "II.1" || page.field(t, "sections.2.title") != "Thủ tục" {
		t.Fatal("the wrong row is gone, or what was typed with it")
	}
	officer.save(t, removed.Header.Get("Location"), "undo", nil).want(t, http.StatusSeeOther, path)
	page = officer.get(t, path)
	if page.field(t, "sections.1.title") != "Chỉ đạo" || page.field(t, "sections.3.title") != "Thủ tục" {
		t.Error("the row is not back, or what was typed is lost")
	}
	officer.save(t, path, "up.0", nil).want(t, http.StatusSeeOther, path)
	officer.save(t, path, "remove.99", nil).want(t, http.StatusSeeOther)
	officer.post(t, path, url.Values{"do": {"save"}}).want(t, http.StatusBadRequest)
}

func TestGroupsOfAForm(t *testing.T) {
	_, officer := formOfficer(t)
	officer.save(t, quarterlyDraft, "group-add", nil).want(t, http.StatusUnprocessableEntity)
	officer.save(t, quarterlyDraft, "save", url.Values{"tolerance": {"nhiều"}}).want(t, http.StatusUnprocessableEntity).says(t, "Ghi số phần trăm từ 0 đến 1000")
	officer.save(t, quarterlyDraft, "group-add", url.Values{"group": {"Dịch vụ công"}}).want(t, http.StatusSeeOther, quarterlyDraft+"/groups/8")
	page := officer.get(t, quarterlyDraft+"/groups/8").want(t, http.StatusOK)
	if code := page.field(t, "indicators.0.code"); code != "8.1" {
		t.Errorf("the first code is %q", code)
	}
	officer.save(t, quarterlyDraft+"/groups/8", "add", url.Values{
		"name": {"Dịch vụ công trực tuyến"}, "indicators.0.name": {"Dịch vụ công"}, "indicators.0.unit": {"dịch vụ"},
	}).want(t, http.StatusSeeOther, quarterlyDraft+"/groups/8#indicators-1-code")
	page = officer.get(t, quarterlyDraft+"/groups/8").says(t, "8. Dịch vụ công trực tuyến")
	if page.field(t, "indicators.0.name") != "Dịch vụ công" || page.field(t, "indicators.1.code") != "8.2" {
		t.Error("the group has lost what was typed")
	}
	officer.save(t, quarterlyDraft+"/groups/8", "save", url.Values{
		"indicators.1.type": {"ratio"}, "indicators.1.name": {"Tỷ lệ"}, "indicators.1.unit": {"%"}, "indicators.1.numerator": {"8.1"}, "indicators.1.denominator": {"8.9"}, "indicators.0.valid_to": {"31/12/2027"},
	}).want(t, http.StatusSeeOther, quarterlyDraft+"/groups/8?check=1")
	page = officer.get(t, quarterlyDraft+"/groups/8?check=1").says(t, "Chỉ tiêu dòng 2: Biểu mẫu không có chỉ tiêu 8.9.", "Bằng 8.1 (Dịch vụ công), chia cho 8.9.")
	if day := page.field(t, "indicators.0.valid_to"); day != "31/12/2027" {
		t.Errorf("the last day is %q", day)
	}
	// Moved to the first group, it is at its end; its own group goes with its last.
	moved := officer.save(t, quarterlyDraft+"/groups/8", "save", url.Values{"indicators.1.group": {"Chỉ đạo, điều hành"}})
	moved.want(t, http.StatusSeeOther)
	officer.get(t, quarterlyDraft+"/groups/1").says(t, "8.9")
	officer.save(t, quarterlyDraft+"/groups/8", "remove.0", nil).want(t, http.StatusSeeOther)
	officer.get(t, quarterlyDraft+"/groups/8").want(t, http.StatusNotFound)
	officer.save(t, quarterlyDraft, "group-down.0", nil).want(t, http.StatusSeeOther, quarterlyDraft)
	officer.get(t, quarterlyDraft).says(t, "2. Chỉ đạo, điều hành")
}

// TestTwoOfficersEditOnePart: the second one sees both, loses nothing, and may
// then put theirs over the other's.
func TestTwoOfficersEditOnePart(t *testing.T) {
	k, first := formOfficer(t)
	second := k.at(t, "SNV", staff.Officer)
	path := quarterlyDraft + "/checks"
	before := second.get(t, path).filled(t, path)
	first.save(t, path, "save", url.Values{"checks.0.note": {"Của người thứ nhất"}}).want(t, http.StatusSeeOther)
	before.Set("checks.0.note", "Của người thứ hai")
	before.Set("do", "save")
	clash := second.post(t, path, before).want(t, http.StatusConflict).says(t, "đã lưu phần này", "Chưa có gì bị ghi đè", "Của người thứ nhất", "Bản của bạn khác bản đang lưu ở 1 chỗ")
	if note := clash.field(t, "checks.0.note"); note != "Của người thứ hai" {
		t.Errorf("what was typed has become %q", note)
	}
	again := clash.filled(t, path)
	again.Set("do", "save")
	second.post(t, path, again).want(t, http.StatusSeeOther)
	if note := first.get(t, path).field(t, "checks.0.note"); note != "Của người thứ hai" {
		t.Errorf("kept %q", note)
	}
	// Somebody else's part is no conflict.
	sections := second.get(t, quarterlyDraft+"/sections").filled(t, quarterlyDraft)
	first.save(t, path, "add", nil).want(t, http.StatusSeeOther)
	sections.Set("do", "save")
	second.post(t, quarterlyDraft+"/sections", sections).want(t, http.StatusSeeOther)
}

func TestRulesAreReadWhileTyped(t *testing.T) {
	_, officer := formOfficer(t)
	for rule, want := range map[string]string{
		"1.2<=1.1": `"reading":"1.2 (Số nhiệm vụ đã hoàn thành (lũy kế)) không được lớn hơn 1.1 (Số nhiệm vụ đề ra trong Kế hoạch CCHC năm)","problem":""`,
		"1.2<1.1":  `"reading":"","problem":"Không đọc được từ ký tự 4`,
		"1.2<=9.9": `"problem":"Biểu mẫu không có chỉ tiêu 9.9."`,
	} {
		answer := officer.get(t, quarterlyDraft+"/reading?rule="+url.QueryEscape(rule)).want(t, http.StatusOK)
		body := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(answer.body)
		if !strings.Contains(body, want) {
			t.Errorf("%s: %s", rule, body)
		}
	}
}

func TestPreviewIsWhatASpecialistSees(t *testing.T) {
	_, officer := formOfficer(t)
	page := officer.get(t, quarterlyDraft+"/preview?group=3").want(t, http.StatusOK).
		says(t, "Công tác chỉ đạo, điều hành cải cách hành chính", "3. Cải cách thủ tục hành chính", "Chưa nhập. Nếu không có, ghi 0.")
	if page.field(t, "figure.3.18") != "" {
		t.Error("the grid is not empty")
	}
}

// TestAFormIsPublished: mistakes go back to the draft, unconfirmed steps are told
// all at once, and the launch offers the new version first.
func TestAFormIsPublished(t *testing.T) {
	_, officer := formOfficer(t)
	publish := quarterlyDraft + "/publish"
	officer.get(t, publish).want(t, http.StatusOK).says(t, "Không có gì khác.", "105 chỉ tiêu giữ nguyên mã và cách đo")
	officer.save(t, quarterlyDraft+"/checks", "add", nil).want(t, http.StatusSeeOther)
	officer.get(t, publish).want(t, http.StatusSeeOther, quarterlyDraft+"#problems-title")
	officer.save(t, quarterlyDraft+"/checks", "remove.42", nil).want(t, http.StatusSeeOther)

	group := quarterlyDraft + "/groups/7"
	rows := officer.get(t, group).want(t, http.StatusOK)
	last := rows.field(t, "indicators.1.code")
	officer.save(t, group, "save", url.Values{"indicators.0.unit": {"nghìn văn bản"}}).want(t, http.StatusSeeOther)
	officer.save(t, group, "add", nil).want(t, http.StatusSeeOther)
	count := strings.Count(officer.get(t, group).body, `aria-label="Chỉ tiêu `)
	fresh := "indicators." + strconv.Itoa(count-1)
	code := officer.get(t, group).field(t, fresh+".code")
	officer.save(t, group, "save", url.Values{fresh + ".name": {"Kênh trực tuyến"}, fresh + ".unit": {"kênh"}}).want(t, http.StatusSeeOther)

	broken := officer.save(t, publish, "publish", nil).want(t, http.StatusUnprocessableEntity).
		says(t, "Ghi lý do không so sánh được với số liệu trước.", "Ghi số và ngày của văn bản hướng dẫn", "nghìn văn bản", code)
	first := rows.field(t, "indicators.0.code")
	fields := broken.filled(t, publish)
	fields.Set("why."+first, "Đổi đơn vị tính")
	fields.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	officer.post(t, publish, fields).want(t, http.StatusSeeOther, "/forms/bc-cchc-quy/versions/2")
	officer.post(t, publish, fields).want(t, http.StatusSeeOther, "/forms/bc-cchc-quy/versions/2")
	officer.get(t, "/forms/bc-cchc-quy/versions/2").says(t, "Đã công bố phiên bản 2.", "6218/SNV-CCHC", "So với phiên bản trước", "Kênh trực tuyến")
	launch := officer.get(t, "/campaigns/new").want(t, http.StatusOK)
	if at, older := strings.Index(launch.body, `value="bc-cchc-quy.2"`), strings.Index(launch.body, `value="bc-cchc-quy.1"`); at < 0 || older < at {
		t.Error("the newest version does not come first")
	}
	if last == "" {
		t.Error("the group has no second row")
	}
}

func TestAVersionIsRetiredAndRestored(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	path := "/forms/bc-cchc-quy/versions/1"
	officer.post(t, path+"/retire", url.Values{"reason": {""}, "key": {newKey()}}).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do thôi dùng phiên bản này.")
	officer.post(t, path+"/retire", url.Values{"reason": {"Đã có mẫu mới."}, "key": {newKey()}}).want(t, http.StatusSeeOther, path)
	officer.get(t, path).says(t, "Phiên bản này đã thôi dùng.", "Đã có mẫu mới.")
	if strings.Contains(officer.get(t, "/campaigns/new").body, `value="bc-cchc-quy.1"`) {
		t.Error("it is still offered")
	}
	officer.post(t, path+"/restore", url.Values{"key": {newKey()}}).want(t, http.StatusSeeOther, path)
	if !strings.Contains(officer.get(t, "/campaigns/new").body, `value="bc-cchc-quy.1"`) {
		t.Error("it is not offered again")
	}
}

// A page of the editor saves by itself: what was typed is there, the next save is
// based on it, a group that was renamed is found by its new name, and rows stay.
func TestThePageSavesByItself(t *testing.T) {
	k, officer := formOfficer(t)
	auto := func(b *browser, path string, changes url.Values) (int, templates.FormAutosaved) {
		t.Helper()
		fields := b.get(t, path).want(t, http.StatusOK).filled(t, path)
		for name, values := range changes {
			fields[name] = values
		}
		fields.Del("do")
		return autosaved(t, b, path, fields)
	}
	status, saved := auto(officer, quarterlyDraft, url.Values{"title": {"Báo cáo quý, sửa"}})
	if status != http.StatusOK || saved.Version != 2 || saved.Saved == "" {
		t.Fatalf("%d, %+v", status, saved)
	}
	officer.get(t, quarterlyDraft).says(t, "Báo cáo quý, sửa")
	if status, _ := auto(officer, quarterlyDraft, url.Values{"tolerance": {"nhiều"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a tolerance that is no number: %d", status)
	}

	group := quarterlyDraft + "/groups/1"
	fields := officer.get(t, group).want(t, http.StatusOK).filled(t, group)
	fields.Del("do")
	rows := 0
	for fields.Has("indicators." + strconv.Itoa(rows) + ".code") {
		rows++
	}
	fields.Set("name", "Chỉ đạo chung")
	fields.Set("indicators.0.group", fields.Get("indicators.0.group")+" khác")
	status, saved = autosaved(t, officer, group, fields)
	if status != http.StatusOK || saved.Group != "Chỉ đạo chung" {
		t.Fatalf("%d, %+v", status, saved)
	}
	fields.Set("group", saved.Group)
	fields.Set("base_version", strconv.Itoa(saved.Version))
	fields.Set("indicators.0.name", "Tên mới")
	if status, _ = autosaved(t, officer, group, fields); status != http.StatusOK {
		t.Fatal(status)
	}
	draft, err := k.Store.FormDraft(t.Context(), "bc-cchc-quy")
	if err != nil || len(draft.Content.InGroup("Chỉ đạo chung")) != rows || draft.Content.Indicators[0].Name != "Tên mới" {
		t.Errorf("the group has %d rows, want %d, the first %q, %v", len(draft.Content.InGroup("Chỉ đạo chung")), rows, draft.Content.Indicators[0].Name, err)
	}

	// Somebody else has saved the same part: nothing is overwritten.
	sections := quarterlyDraft + "/sections"
	stale := officer.get(t, sections).filled(t, sections)
	stale.Del("do")
	k.at(t, "SNV", staff.Officer).save(t, sections, "save", url.Values{"sections.0.title": {"Của người khác"}}).want(t, http.StatusSeeOther)
	stale.Set("sections.0.title", "Của tôi")
	if status, _ := autosaved(t, officer, sections, stale); status != http.StatusConflict {
		t.Errorf("a conflict is answered with %d", status)
	}
	if draft, err := k.Store.FormDraft(t.Context(), "bc-cchc-quy"); err != nil || draft.Content.Sections[0].Title != "Của người khác" {
		t.Errorf("the other's save is gone: %q, %v", draft.Content.Sections[0].Title, err)
	}
}

// autosaved posts a page's fields as its script does.
func autosaved(t *testing.T, b *browser, path string, fields url.Values) (int, templates.FormAutosaved) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	a := b.send(t, r)
	var saved templates.FormAutosaved
	if err := json.Unmarshal([]byte(a.body), &saved); err != nil {
		t.Fatalf("%d: %v\n%s", a.StatusCode, err, a.body)
	}
	return a.StatusCode, saved
}

// The form of a plan: fields, kinds of products and how deadlines are read are edited,
// checked, compared and published like the rest.
func TestTheTableOfAPlanIsEdited(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	const draft = "/forms/kh-cchc-nam/draft"
	officer.post(t, "/forms", url.Values{"from": {"kh-cchc-nam.1"}, "key": {newKey()}}).want(t, http.StatusSeeOther, draft)
	officer.get(t, draft).want(t, http.StatusOK).says(t, "Lĩnh vực và thời hạn", "Loại sản phẩm")
	fields := draft + "/plan-fields"
	officer.save(t, fields, "add", nil).want(t, http.StatusSeeOther)
	bad := officer.save(t, fields, "save", nil).want(t, http.StatusSeeOther)
	officer.get(t, bad.Header.Get("Location")).want(t, http.StatusOK).says(t, "Có lỗi cần sửa", "Lĩnh vực 8", "ví dụ the-che")
	officer.get(t, draft).says(t, "Lĩnh vực dòng")
	page := officer.get(t, fields).filled(t, fields)
	row := 0
	for page.Get("plan.fields."+strconv.Itoa(row)+".code") != "" {
		row++
	}
	at := "plan.fields." + strconv.Itoa(row)
	officer.save(t, fields, "save", url.Values{at + ".code": {"chuyen-doi-so"}, at + ".name": {"Chuyển đổi số"}, "shift": {"none"}, "excludes_date": {"yes"}}).want(t, http.StatusSeeOther)
	officer.save(t, fields, "up."+strconv.Itoa(row), nil).want(t, http.StatusSeeOther)
	products := draft + "/plan-products"
	officer.save(t, products, "remove.0", nil).want(t, http.StatusSeeOther)
	officer.get(t, products).want(t, http.StatusOK)
	officer.get(t, draft+"/publish").want(t, http.StatusOK).says(t, "Lĩnh vực và thời hạn", "Chuyển đổi số", "trước ngày đó", "Loại sản phẩm")
	publish := officer.get(t, draft+"/publish").filled(t, draft+"/publish")
	publish.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	officer.post(t, draft+"/publish", publish).want(t, http.StatusSeeOther)
	version, err := k.Store.FormVersion(t.Context(), "kh-cchc-nam", 2)
	if err != nil || version.Plan == nil {
		t.Fatal(err)
	}
	if last := len(version.Plan.Fields); version.Plan.Fields[last-2].Code != "chuyen-doi-so" || !version.Plan.Deadline.ExcludesDate || version.Plan.Deadline.Cutoff != 1440 {
		t.Errorf("%+v", version.Plan)
	}
	officer.get(t, quarterlyDraft+"/plan-fields").want(t, http.StatusNotFound)
}
