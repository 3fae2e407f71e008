package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/templates"
)

// sends posts rows as the grid's script does: "<key>.<column>" to texts, each row on
// the version given, 0 for a new one.
func (c *chain) sends(t *testing.T, by *browser, bases map[string]int, cells map[string]string, more url.Values) templates.PlanSaved {
	t.Helper()
	f := url.Values{"save": {"1"}}
	for _, key := range slices.Sorted(maps.Keys(bases)) {
		f.Add("row", key)
		f.Set("base."+key, strconv.Itoa(bases[key]))
	}
	for cell, text := range cells {
		f.Set("cell."+cell, text)
	}
	for name, values := range more {
		f[name] = values
	}
	return planAnswer(t, by.script(t, c.path("/plan/rows"), f).want(t, http.StatusOK))
}

func planAnswer(t *testing.T, a answer) templates.PlanSaved {
	t.Helper()
	var saved templates.PlanSaved
	if err := json.Unmarshal([]byte(a.body), &saved); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return saved
}

func TestTheGridSavesWhatCanBeRead(t *testing.T) {
	c, year := newPlanChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("/plan")).want(t, http.StatusOK)
	saved := c.sends(t, author, map[string]int{"a": 0, "b": 0}, map[string]string{
		"a.field": "II. cải cách thể chế", "a.name": "Rà soát văn bản\nquy phạm", "a.product": "Báo cáo", "a.product_kind": "báo cáo",
		"a.lead": "so tai chinh", "a.coordinating": "Văn phòng; SYT", "a.deadline": "quý 2", "a.start": "1/2/" + strconv.Itoa(year),
		"b.name": "Công khai thủ tục", "b.field": "Cải cách vũ trụ", "b.deadline": "giữa năm", "b.product": strings.Repeat("a", 2001),
	}, nil)
	if saved.Save != "1" || saved.Versions["a"] != 1 || saved.Versions["b"] != 1 || saved.Left != 3 {
		t.Errorf("saved as %+v", saved)
	}
	for column, want := range map[string]string{
		"field": "Cải cách thể chế", "lead": "Sở Tài chính", "coordinating": "Văn phòng; Sở Y tế", "deadline": "Quý II/" + strconv.Itoa(year),
		"start": "01/02/" + strconv.Itoa(year), "name": "Rà soát văn bản\nquy phạm", "product_kind": "Báo cáo",
	} {
		if got := saved.Rows["a"].Cells[column]; got != want {
			t.Errorf("%s is understood as %q, want %q", column, got, want)
		}
	}
	for cell, want := range map[string]string{
		"field": "Biểu mẫu không có lĩnh vực này.", "deadline": "Chưa đọc được thời hạn", "product": "Dài quá", "lead": "Chưa ghi đơn vị",
	} {
		if got := strings.Join(saved.Errors["b"][cell], " "); !strings.HasPrefix(got, want) {
			t.Errorf("b.%s says %q, want %q", cell, got, want)
		}
	}
	if len(saved.Errors["a"]) != 0 || !slices.Contains(saved.Unread, "b.deadline") || len(saved.Unread) != 3 {
		t.Errorf("errors %v, unread %v", saved.Errors["a"], saved.Unread)
	}
	if c.count(`select count(*) from draft_tasks where key = 'b' and task->>'name' = 'Công khai thủ tục' and task->>'product' is null`) != 1 {
		t.Error("the readable cells of a row are not saved, or an unreadable one is")
	}

	// A later save of one cell leaves the others, and a page that knows the rest hears only of it.
	later := c.sends(t, author, map[string]int{"b": 1}, map[string]string{"b.field": "cai cach the che"}, url.Values{"since": {saved.Since}})
	if _, again := later.Rows["a"]; again || later.Rows["b"].Cells["name"] != "Công khai thủ tục" || later.Versions["b"] != 2 {
		t.Errorf("a page that knows of a is told %v", later.Rows)
	}
	if len(later.Groups) != 1 || !slices.Equal(later.Groups[0].Keys, []string{"a", "b"}) || later.Groups[0].Name != "I. Cải cách thể chế" {
		t.Errorf("the table stands as %+v", later.Groups)
	}
	// A new row behind another, a row that moves, one that is taken out and put back.
	c.sends(t, author, map[string]int{"c": 0}, map[string]string{"c.field": "the-che", "c.name": "Tập huấn"}, url.Values{"after.c": {"a"}})
	moved := c.sends(t, author, nil, nil, url.Values{"move": {"a:c"}})
	if !slices.Equal(moved.Groups[0].Keys, []string{"c", "a", "b"}) {
		t.Errorf("moved to %v", moved.Groups[0].Keys)
	}
	gone := c.sends(t, author, map[string]int{"a": 1}, nil, url.Values{"removed.a": {"1"}})
	if !slices.Equal(gone.Groups[0].Keys, []string{"c", "b"}) || gone.Versions["a"] != 2 {
		t.Errorf("after taking a out %v, %v", gone.Groups[0].Keys, gone.Versions)
	}
	back := c.sends(t, author, map[string]int{"a": 2}, map[string]string{"a.field": "the-che", "a.name": "Rà soát"}, nil)
	if cells := back.Rows["a"].Cells; !slices.Equal(back.Groups[0].Keys, []string{"c", "a", "b"}) || cells["name"] != "Rà soát" || cells["product"] != "Báo cáo" {
		t.Errorf("put back at %v as %v", back.Groups[0].Keys, cells)
	}
	stands := planAnswer(t, author.get(t, c.path("/plan/rows")).want(t, http.StatusOK))
	if len(stands.Rows) != 3 || stands.Count != "3 nhiệm vụ" || !stands.Broken {
		t.Errorf("the table is told as %+v", stands)
	}
	// What no script of ours sends.
	for _, f := range []url.Values{{"row": {"A B"}}, {"row": {"a"}}, {"move": {"a"}}, {"move": slices.Repeat([]string{"a:c"}, 1001)}, {"since": {"yesterday"}}} {
		author.script(t, c.path("/plan/rows"), f).want(t, http.StatusBadRequest)
	}
}

func TestTheGridOverwritesNobody(t *testing.T) {
	c, year := newPlanChain(t)
	author := c.at[staff.Specialist]
	other := c.as(t, c.person(t, staff.Position{Unit: "STC", Role: staff.Specialist}))
	c.sends(t, author, map[string]int{"a": 0, "b": 0}, map[string]string{"a.name": "Rà soát", "a.deadline": "quý II", "b.name": "Kiểm tra"}, nil)
	c.sends(t, other, map[string]int{"a": 1}, map[string]string{"a.deadline": "quý III"}, nil)
	mine := c.sends(t, author, map[string]int{"a": 1, "b": 1}, map[string]string{"a.deadline": "quý IV", "b.lead": "STC"}, nil)
	clash, clashes := mine.Clashes["a"]
	if !clashes || clash.Version != 2 || clash.Cells["deadline"] != "Quý III/"+strconv.Itoa(year) || clash.Removed || !strings.Contains(clash.Text, "đã sửa nhiệm vụ này") {
		t.Errorf("the clash is told as %+v", mine.Clashes)
	}
	if mine.Versions["b"] != 2 || mine.Left != 1 {
		t.Errorf("the row beside it was held back: %+v", mine)
	}
	if c.count(`select count(*) from draft_tasks where key = 'a' and task->>'deadline' = $1`, strconv.Itoa(year)+"q3") != 1 {
		t.Error("the other's deadline was overwritten unseen")
	}
	c.sends(t, other, map[string]int{"a": 2}, nil, url.Values{"removed.a": {"1"}})
	late := c.sends(t, author, map[string]int{"a": 2}, map[string]string{"a.note": "vẫn cần"}, nil)
	if clash := late.Clashes["a"]; !clash.Removed || clash.Version != 3 || !strings.Contains(clash.Text, "đã bỏ nhiệm vụ này") {
		t.Errorf("a row taken out meanwhile is told as %+v", late.Clashes)
	}

	// Once handed in, nothing is saved, and the page is told so.
	c.exec(`update documents set stage = 'exempt', closed_at = now() where id = $1`, c.id)
	author.script(t, c.path("/plan/rows"), url.Values{"row": {"b"}, "base.b": {"2"}, "cell.b.name": {"x"}}).want(t, http.StatusConflict)
	author.get(t, c.path("/plan/rows")).want(t, http.StatusSeeOther, c.path(""))
}
