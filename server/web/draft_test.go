package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/storage"
)

// script posts as autosave does.
func (b *browser) script(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	return b.send(t, r)
}

func text(body, base string) url.Values { return url.Values{"text": {body}, "base_version": {base}} }

func TestSectionByFormAndByScript(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/sections/I")).want(t, http.StatusOK).says(t, "Chưa lưu lần nào")
	author.post(t, c.path("/sections/I"), text("Dòng một", "0")).want(t, http.StatusSeeOther, c.path("/sections/I"))
	next := text("Dòng một\nDòng hai", "1")
	next.Set("next", "1")
	author.post(t, c.path("/sections/I"), next).want(t, http.StatusSeeOther, c.path("/sections/II.1"))
	page := author.get(t, c.path("/sections/I")).want(t, http.StatusOK)
	if page.field(t, "base_version") != "2" || page.field(t, "text") != "Dòng một\nDòng hai" {
		t.Errorf("base %q, text %q", page.field(t, "base_version"), page.field(t, "text"))
	}
	saved := author.script(t, c.path("/sections/I"), text("Dòng ba", "2")).want(t, http.StatusOK)
	if !strings.Contains(saved.body, `"version":3`) || !strings.Contains(saved.body, `"saved":"`) {
		t.Errorf("autosave answers %s", saved.body)
	}
	author.script(t, c.path("/sections/I"), text(strings.Repeat("ố", storage.MaxSection+1), "3")).want(t, http.StatusUnprocessableEntity)
	author.get(t, c.path("/sections/IX")).want(t, http.StatusNotFound)
	author.post(t, c.path("/sections/IX"), text("x", "0")).want(t, http.StatusNotFound)
	c.at[staff.Specialist].get(t, c.path("")).says(t, "Đã viết 1 trong 9 phần bắt buộc", "Đang soạn")
}

// Half a form must never be taken for what somebody wrote.
func TestFormThatIsNotWholeChangesNothing(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.post(t, c.path("/sections/I"), text("Giữ nguyên", "0")).want(t, http.StatusSeeOther)
	for name, form := range map[string]url.Values{
		"no text":           {"base_version": {"1"}},
		"no base":           {"text": {""}},
		"base is no number": {"text": {""}, "base_version": {"một"}},
	} {
		if a := author.post(t, c.path("/sections/I"), form); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	tooLarge := text(strings.Repeat("a", int(bodyLimit)), "1")
	author.post(t, c.path("/sections/I"), tooLarge).want(t, http.StatusRequestEntityTooLarge)
	if n := c.count(`select count(*) from draft_sections where body = 'Giữ nguyên' and version = 1`); n != 1 {
		t.Error("the text was changed")
	}
}

func TestTwoPeopleInOneSection(t *testing.T) {
	c := newChain(t)
	first, second := c.at[staff.Specialist], c.kit.at(t, "STC", staff.Specialist)
	first.post(t, c.path("/sections/I"), text("Mở đầu\nCâu của người thứ nhất\nKết", "0")).want(t, http.StatusSeeOther)
	mine := text("Mở đầu\nCâu của người thứ hai\nKết", "0")
	second.script(t, c.path("/sections/I"), mine).want(t, http.StatusConflict)
	conflict := second.post(t, c.path("/sections/I"), mine).want(t, http.StatusConflict).
		says(t, "Chưa có gì bị ghi đè", "nhất", "hai")
	if conflict.field(t, "base_version") != "1" || conflict.field(t, "text") != mine.Get("text") {
		t.Errorf("the page carries base %q and text %q", conflict.field(t, "base_version"), conflict.field(t, "text"))
	}
	merge := text(conflict.field(t, "text"), "1")
	merge.Set("choice.0", "both")
	// Somebody saves a third text before the choice is sent.
	first.post(t, c.path("/sections/I"), text("Mở đầu\nCâu khác hẳn\nKết", "1")).want(t, http.StatusSeeOther)
	again := second.post(t, c.path("/sections/I/merge"), merge).want(t, http.StatusConflict).says(t, "khác hẳn")
	merge.Set("base_version", again.field(t, "base_version"))
	second.post(t, c.path("/sections/I/merge"), merge).want(t, http.StatusSeeOther)
	want := "Mở đầu\nCâu khác hẳn\nCâu của người thứ hai\nKết"
	if n := c.count(`select count(*) from draft_sections where body = $1 and version = 3`, want); n != 1 {
		t.Error("the merged text lost somebody's words")
	}
}

func TestFilesOverThePages(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	for name, refused := range map[string]struct {
		file, says string
		data       []byte
	}{
		"empty":       {"trống.pdf", "trống, không có nội dung", nil},
		"type":        {"a.pdf", "không đúng loại", []byte("MZ not a document at all")},
		"protected":   {"khoa.pdf", "đặt mật khẩu", []byte("%PDF-1.7\ntrailer\n<</Encrypt 5 0 R>>\n%%EOF")},
		"too big":     {"to.pdf", "lớn quá 20 MB", append([]byte("%PDF-1.7\n"), make([]byte, storage.MaxUpload)...)},
		"far too big": {"to.pdf", "lớn quá 20 MB", bytes.Repeat([]byte("%PDF-1.7\n"), (int(uploadLimit)+1000)/9)},
	} {
		t.Run(name, func(t *testing.T) {
			author.attach(t, c.path("/files"), refused.file, refused.data).
				want(t, http.StatusUnprocessableEntity).says(t, refused.says)
		})
	}
	author.post(t, c.path("/files"), url.Values{}).want(t, http.StatusUnprocessableEntity).says(t, "Chọn một tệp")
	author.attach(t, c.path("/files"), "Phụ lục.pdf", []byte("%PDF-1.7\n%%EOF")).want(t, http.StatusSeeOther, c.path("/files"))
	page := author.get(t, c.path("/files")).want(t, http.StatusOK).says(t, "Phụ lục.pdf")
	hash := page.field(t, "hash")
	file := author.get(t, c.path("/files/"+hash)).want(t, http.StatusOK)
	if file.body != "%PDF-1.7\n%%EOF" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "attachment") ||
		file.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("file comes as %v", file.Header)
	}
	// A draft's file is the unit's own; no document gives out another's file.
	c.at[staff.Viewer].get(t, c.path("/files/"+hash)).want(t, http.StatusNotFound)
	c.at[staff.Officer].get(t, "/documents/bc-2026q4-SYT/files/"+hash).want(t, http.StatusNotFound)
	c.kit.at(t, "SYT", staff.Specialist).get(t, c.path("/files/"+hash)).want(t, http.StatusForbidden)
	author.get(t, c.path("/files/"+strings.Repeat("0", 64))).want(t, http.StatusNotFound)
	author.get(t, c.path("/files/..%2f..%2fetc")).want(t, http.StatusNotFound)
	author.post(t, c.path("/files/remove"), url.Values{"hash": {hash}}).want(t, http.StatusSeeOther)
	author.get(t, c.path("/files/"+hash)).want(t, http.StatusNotFound)
}

// A draft is the unit's own business, and so is a revision until its director has
// signed it.
func TestWhoSeesTheDraft(t *testing.T) {
	c := newChain(t)
	c.fill()
	for _, role := range []staff.Role{staff.Officer, staff.Viewer} {
		c.at[role].get(t, c.path("")).want(t, http.StatusOK).says(t, "Đơn vị đang xử lý").silent(t, "Nội dung phần I")
		c.at[role].get(t, c.path("/print.pdf")).want(t, http.StatusNotFound)
	}
	c.at[staff.DivisionHead].get(t, c.path("")).says(t, "Nội dung phần II.2")
	print := c.at[staff.Clerk].get(t, c.path("/print.pdf")).want(t, http.StatusOK)
	again := c.at[staff.Director].get(t, c.path("/print.pdf")).want(t, http.StatusOK)
	if !strings.HasPrefix(print.body, "%PDF-") || print.body != again.body {
		t.Error("two prints of one draft differ")
	}
	c.submit()
	c.at[staff.Viewer].get(t, c.path("")).silent(t, "Nội dung phần II.2")
	c.at[staff.Viewer].get(t, c.path("/print.pdf?revision=1")).want(t, http.StatusNotFound)
	c.at[staff.DivisionHead].get(t, c.path("/print.pdf?revision=1")).want(t, http.StatusOK)
	c.at[staff.DivisionHead].get(t, c.path("/print.pdf?revision=2")).want(t, http.StatusNotFound)
}

func TestMyTasksOverThePages(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.get(t, "/").want(t, http.StatusSeeOther, "/tasks")
	author.get(t, "/tasks").want(t, http.StatusOK).says(t, "Cần xử lý 1", "Yêu cầu bổ sung 0", "Báo cáo CCHC quý IV năm 2026", "Chưa thực hiện")
	author.get(t, "/tasks?q=khong+co").says(t, "Không có việc nào khớp bộ lọc", "Bỏ mọi lọc")
	author.get(t, "/tasks?status=bogus&page=-3&due=never&tab=none").want(t, http.StatusOK).says(t, "Báo cáo CCHC quý IV năm 2026")
	c.at[staff.DivisionHead].get(t, "/tasks").says(t, "Bạn đã xử lý hết việc")
	c.fill()
	c.submit()
	c.at[staff.DivisionHead].get(t, "/tasks").says(t, "Cần xử lý 1", "Chuyên viên, trình")
	author.get(t, "/tasks?tab=done").says(t, "Đã xử lý 1", "Chờ trưởng phòng")
	c.kit.at(t, "SYT", staff.Director).get(t, "/tasks?tab=following").silent(t, "Sở Tài chính")
}
