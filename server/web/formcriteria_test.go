package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
)

const (
	indexDraft = "/forms/cs-cchc-nam/draft"
	indexForm  = "cs-cchc-nam.1"
)

// indexOfficer is an officer with the draft of the index's form open.
func indexOfficer(t *testing.T) (*kit, *browser) {
	t.Helper()
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.post(t, "/forms", url.Values{"from": {indexForm}, "key": {newKey()}}).want(t, http.StatusSeeOther, indexDraft)
	return k, officer
}

func TestReadersLookAtCriteria(t *testing.T) {
	k := newKit(t)
	k.at(t, "STC", staff.Specialist).get(t, "/forms/cs-cchc-nam/versions/1").want(t, http.StatusOK).
		says(t, "3 phần lời, 65 tiêu chí", "8. Tác động của CCHC", "Dưới 80 %: 0 điểm.", "Từ 80 % trở lên: 2,00 điểm; thấp hơn: tỷ lệ nhân 2,00 chia 80.",
			"Đúng hạn 31/01: 0,50 điểm.", "Người dân: trọng số 60 %.", "Xuất sắc từ 90 %", "thẩm định: Sở Tư pháp").
		silent(t, "Quy tắc kiểm tra")
	k.at(t, "STC", staff.Specialist).get(t, indexDraft).want(t, http.StatusForbidden)
}

// TestCriteriaSavedAsTheyStand: a page of the editor that is saved untouched changes
// nothing: every number and list is written as it is read.
func TestCriteriaSavedAsTheyStand(t *testing.T) {
	_, officer := indexOfficer(t)
	paths := []string{indexDraft + "/scale", indexDraft + "/fields"}
	for place := 1; place <= 8; place++ {
		paths = append(paths, fmt.Sprintf("%s/criteria/%d", indexDraft, place))
	}
	for _, path := range paths {
		officer.save(t, path, "save", nil).want(t, http.StatusSeeOther, path+"?check=1")
		if page := officer.get(t, path); page.field(t, "base_version") != "1" {
			t.Errorf("%s was saved otherwise than it was shown", path)
		}
	}
	officer.get(t, indexDraft).want(t, http.StatusOK).says(t, "Không còn lỗi nào").silent(t, "Thêm nhóm")
	officer.get(t, indexDraft+"/preview").want(t, http.StatusOK).says(t, "Tự chấm điểm", "tổng điểm tối đa 10,00")
}

func TestCriteriaAreEdited(t *testing.T) {
	_, officer := indexOfficer(t)
	first := indexDraft + "/criteria/1"

	// What cannot be read is told at once and kept as typed; nothing is saved.
	unread := officer.save(t, first, "save", url.Values{"criteria.2.max": {"một rưỡi"}, "criteria.6.bands": {"20 = 0,25\n30 0,5"}}).
		want(t, http.StatusUnprocessableEntity).says(t, "Ghi điểm bằng số", "Không đọc được dòng 2.")
	if unread.field(t, "criteria.2.max") != "một rưỡi" {
		t.Error("what was typed is lost")
	}
	if page := officer.get(t, first); page.field(t, "criteria.2.max") != "1,5" || page.field(t, "base_version") != "1" {
		t.Error("something was saved")
	}

	// What can be kept but is wrong is saved, and stands in the list before publishing.
	officer.save(t, first, "save", url.Values{"criteria.2.max": {"2"}, "criteria.2.floor": {"180"}}).want(t, http.StatusSeeOther, first+"?check=1")
	officer.get(t, first+"?check=1").says(t, "Mức tối thiểu phải từ 0 đến 100 %.")
	officer.get(t, indexDraft).says(t, "Tiêu chí 1.1.3: Mức tối thiểu phải từ 0 đến 100 %.", "Tổng điểm tối đa của các tiêu chí là 100,5, phải bằng thang điểm 100.")
	officer.get(t, indexDraft+"/publish").want(t, http.StatusSeeOther, indexDraft+"#problems-title")
	officer.get(t, indexDraft+"/scale?check=1").says(t, "phải bằng thang điểm 100")

	// Another kind asks for other numbers.
	officer.save(t, first, "save", url.Values{"criteria.2.max": {"1,5"}, "criteria.2.kind": {"CAP"}, "criteria.2.floor": nil}).want(t, http.StatusSeeOther)
	officer.get(t, first+"?check=1").says(t, "Ngưỡng phải lớn hơn 0")
	officer.save(t, first, "save", url.Values{"criteria.2.target": {"80"}}).want(t, http.StatusSeeOther)
	officer.get(t, indexDraft).says(t, "Không còn lỗi nào")

	// Rows come, go and come back.
	officer.save(t, first, "add", nil).want(t, http.StatusSeeOther, first+"#criteria-11-code")
	if page := officer.get(t, first); page.field(t, "criteria.11.code") != "1.7.2" {
		t.Errorf("the new row is %q", page.field(t, "criteria.11.code"))
	}
	removed := officer.save(t, first, "remove.11", nil).want(t, http.StatusSeeOther)
	officer.get(t, removed.Header.Get("Location")).says(t, "Đã bỏ một dòng.")

	// A field with criteria stays, whatever is taken out.
	officer.save(t, indexDraft+"/fields", "remove.3", nil).want(t, http.StatusSeeOther)
	if fields := officer.get(t, indexDraft+"/fields").says(t, "Cải cách tổ chức bộ máy hành chính"); !strings.Contains(fields.body, `aria-label="Bỏ dòng 4" title="Bỏ dòng" disabled`) {
		t.Error("a field with criteria can be taken out by a button")
	}

	// What is published says how it differs.
	publish := officer.get(t, indexDraft+"/publish").want(t, http.StatusOK).says(t, "Cách tính điểm", "Theo ngưỡng", "Theo tỷ lệ")
	fields := publish.filled(t, indexDraft+"/publish")
	fields.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	officer.post(t, indexDraft+"/publish", fields).want(t, http.StatusSeeOther, "/forms/cs-cchc-nam/versions/2")
	officer.get(t, "/forms/cs-cchc-nam/versions/2").want(t, http.StatusOK).says(t, "So với phiên bản trước", "Từ 80 % trở lên: 1,50 điểm")
}

// TestOnlySetsOfCriteriaHaveTheirPages: a form of another kind does not become one by
// an address that somebody types.
func TestOnlySetsOfCriteriaHaveTheirPages(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	const report = "/forms/bc-cchc-quy/draft"
	officer.post(t, "/forms", url.Values{"from": {"bc-cchc-quy.1"}, "key": {newKey()}}).want(t, http.StatusSeeOther, report)
	for _, path := range []string{"/scale", "/fields", "/criteria/1"} {
		officer.get(t, report+path).want(t, http.StatusNotFound)
		officer.post(t, report+path, url.Values{"base_version": {"1"}, "field": {"1"}, "total": {"100"}, "do": {"add"}}).want(t, http.StatusNotFound)
	}
	officer.get(t, report).want(t, http.StatusOK).silent(t, "Thang điểm và xếp loại")
}

// TestAFieldGoesWhileItsFirstCriterionComes: the criterion is kept, and what is wrong
// leads to where the field comes back.
func TestAFieldGoesWhileItsFirstCriterionComes(t *testing.T) {
	k, officer := indexOfficer(t)
	other := k.at(t, "SNV", staff.Officer)
	fields, ninth := indexDraft+"/fields", indexDraft+"/criteria/9"
	officer.save(t, fields, "add", nil).want(t, http.StatusSeeOther)
	added := other.get(t, ninth).want(t, http.StatusOK).filled(t, ninth)
	officer.save(t, fields, "remove.8", nil).want(t, http.StatusSeeOther)
	added.Set("do", "add")
	other.post(t, ninth, added).want(t, http.StatusSeeOther)
	if page := officer.get(t, indexDraft).says(t, "Không có lĩnh vực này."); !strings.Contains(page.body, fields+"?check=1") || strings.Contains(page.body, "/criteria/0") {
		t.Error("what is wrong leads nowhere")
	}
}

func TestTwoOfficersEditCriteria(t *testing.T) {
	k, officer := indexOfficer(t)
	other := k.at(t, "SNV", staff.Officer)
	path := indexDraft + "/criteria/2"
	mine := officer.get(t, path).want(t, http.StatusOK).filled(t, path)
	other.save(t, indexDraft+"/criteria/1", "save", url.Values{"criteria.0.name": {"Ban hành kế hoạch"}}).want(t, http.StatusSeeOther)
	mine.Set("criteria.0.name", "Tham mưu văn bản")
	mine.Set("do", "save")
	officer.post(t, path, mine).want(t, http.StatusSeeOther) // another field's criteria are another part
	other.save(t, path, "save", url.Values{"criteria.0.name": {"Ban hành văn bản"}}).want(t, http.StatusSeeOther)
	mine.Set("criteria.0.name", "Soạn văn bản")
	mine.Set("base_version", "3")
	officer.post(t, path, mine).want(t, http.StatusConflict).says(t, "đã lưu phần này", "Ban hành văn bản", "Soạn văn bản")
}
