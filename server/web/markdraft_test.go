package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"cchc/domain/staff"
	"cchc/templates"
)

// told reads what autosave answers.
func told[T any](t *testing.T, a answer) (saved T) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.want(t, http.StatusOK).body), &saved); err != nil {
		t.Fatal(err)
	}
	return saved
}

// TestMarksSaveThemselves: what is typed is kept while it is typed, as it was typed, and
// no mark comes of it before somebody says so; two who mark at once see both.
func TestMarksSaveThemselves(t *testing.T) {
	c, of := newAppraisal(t)
	mine, path := of["STP"], c.appraisal("/fields/2")
	theirs := c.kit.at(t, "STP", staff.Specialist)
	stale := theirs.get(t, path).want(t, http.StatusOK).filled(t, path)
	f := mine.get(t, path).want(t, http.StatusOK).filled(t, path)
	f.Set("mark.2.4.1", "0,")
	f.Set("reason.2.4.1", "Mới xử lý một nửa")
	saved := told[templates.MarksTyped](t, mine.script(t, path, f))
	if saved.Versions["2.4.1"] != 1 || saved.Unread != 1 || saved.Typed != "1 tiêu chí đã nhập, chưa ghi điểm" || saved.Saved == "" {
		t.Errorf("%+v", saved)
	}
	if n := c.count(`select count(*) from appraisal_marks`); n != 0 {
		t.Errorf("%d marks were given by typing", n)
	}
	page := mine.get(t, path).want(t, http.StatusOK).says(t, "1 tiêu chí đã nhập, chưa ghi điểm", "chưa ghi thành điểm", "0/5 tiêu chí")
	if page.field(t, "mark.2.4.1") != "0," || page.field(t, "reason.2.4.1") != "Mới xử lý một nửa" {
		t.Error("what was typed is not there")
	}

	// Whoever was slower sees both, chooses, and has lost nothing else.
	stale.Set("mark.2.4.1", "1")
	stale.Set("mark.2.3.1", "0,25")
	stale.Set("reason.2.3.1", "Thiếu một văn bản")
	theirs.script(t, path, stale).want(t, http.StatusConflict)
	clash := theirs.post(t, path, stale).want(t, http.StatusConflict).says(t, "đã nhập tiêu chí này", "0, điểm; lý do: Mới xử lý một nửa", "chưa điểm nào được ghi")
	if clash.field(t, "mark.2.4.1") != "1" || clash.field(t, "mark.2.3.1") != "0,25" || clash.field(t, "base.2.4.1") != "0" || clash.field(t, "base.2.3.1") != "1" {
		t.Error("what was typed is lost, or is said to be what was compared with")
	}
	chosen := clash.filled(t, path)
	chosen.Del("choice.2.4.1")
	theirs.post(t, path, chosen).want(t, http.StatusConflict)
	if n := c.count(`select count(*) from appraisal_marks`); n != 0 {
		t.Errorf("%d marks were given beside a conflict", n)
	}
	chosen.Set("choice.2.4.1", "mine")
	theirs.post(t, path, chosen).want(t, http.StatusUnprocessableEntity).says(t, "Tiêu chí 2.4.1") // no reason given
	f = theirs.get(t, path).want(t, http.StatusOK).filled(t, path)
	if f.Get("mark.2.4.1") != "1" {
		t.Error("what was chosen is not kept although its mark was refused")
	}
	f.Set("reason.2.4.1", "Đã xử lý đủ")
	theirs.post(t, path, f).want(t, http.StatusSeeOther, path)
	theirs.post(t, path, f).want(t, http.StatusSeeOther, path) // a double click
	theirs.get(t, path).says(t, "2/5 tiêu chí").silent(t, "chưa ghi thành điểm", "chưa ghi điểm")
	if n := c.count(`select count(*) from appraisal_marks`); n != 2 {
		t.Errorf("%d marks", n)
	}

	// A tick that was given by a double click is no conflict with itself.
	f = mine.get(t, path).filled(t, path)
	f["agree"] = []string{"2.1.1"}
	mine.post(t, path, f).want(t, http.StatusSeeOther, path)
	mine.post(t, path, f).want(t, http.StatusSeeOther, path)

	// What a colleague typed since is neither agreed to nor finished over.
	old := mine.get(t, path).filled(t, path)
	f = theirs.get(t, path).filled(t, path)
	f.Set("reason.2.4.1", "Đã xử lý đủ, có báo cáo")
	told[templates.MarksTyped](t, theirs.script(t, path, f))
	old.Set("reason.2.4.1", "Khác nữa")
	mine.post(t, path+"/agree", old).want(t, http.StatusConflict).says(t, "Đã xử lý đủ, có báo cáo")
	mine.post(t, path+"/finish", old).want(t, http.StatusConflict).says(t, "Đã xử lý đủ, có báo cáo")
	mine.script(t, path, url.Values{"key": f["key"], "asked": {"2.4.1"}}).want(t, http.StatusBadRequest)
}

// TestExplanationsSaveThemselves: what is sent is what was on the screen, whoever wrote it.
func TestExplanationsSaveThemselves(t *testing.T) {
	c, of := newAppraisal(t)
	marks := of["STP"].get(t, c.appraisal("/fields/2")).filled(t, c.appraisal("/fields/2"))
	for _, code := range []string{"2.4.1", "2.3.1"} {
		marks.Set("mark."+code, "0,25")
		marks.Set("reason."+code, "Thiếu một văn bản")
	}
	of["STP"].post(t, c.appraisal("/fields/2"), marks).want(t, http.StatusSeeOther)
	for field, unit := range map[string]string{"1": "SNV", "2": "STP", "3": "VP", "4": "SNV", "5": "SNV", "6": "SNV", "7": "SKHCN", "8": "SNV"} {
		c.finishes(of[unit], field)
	}
	specialist, director, write := c.at[staff.Specialist], c.at[staff.Director], c.appraisal("/explanation")
	f := director.get(t, write).want(t, http.StatusOK).filled(t, write)
	f.Set("explain.2.4.1", "Đã xử lý đủ")
	saved := told[templates.ExplanationsSaved](t, director.script(t, write, f))
	if saved.Versions["2.4.1"] != 1 || saved.Hash == "" || saved.Hash == f.Get("hash") {
		t.Fatalf("%+v", saved)
	}
	f.Set("base.2.4.1", "1")
	f.Set("hash", saved.Hash)

	// A colleague adds something that is not on this screen: no new hash, and no sending.
	other := specialist.get(t, write).filled(t, write)
	other.Set("explain.2.3.1", "Có thêm văn bản")
	told[templates.ExplanationsSaved](t, specialist.script(t, write, other))
	f.Set("explain.2.4.1", "Đã xử lý đủ, báo cáo số 12")
	saved = told[templates.ExplanationsSaved](t, director.script(t, write, f)) // its field of 2.3.1 is still blank
	if _, taken := saved.Versions["2.3.1"]; taken || saved.Versions["2.4.1"] != 2 || saved.Hash != "" {
		t.Errorf("%+v", saved)
	}
	director.post(t, write+"/send", f).want(t, http.StatusSeeOther, write)
	page := director.get(t, write).says(t, "chưa gửi", "Có thêm văn bản", "báo cáo số 12")
	director.post(t, write+"/send", page.filled(t, write)).want(t, http.StatusSeeOther, c.appraisal(""))
}
