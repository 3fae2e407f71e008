package plan_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/plan"
	"cchc/domain/rule"
)

// plainly is enough of a folding for the tests' own words.
var plainly = strings.NewReplacer("ế", "e", "ể", "e", "ả", "a", "á", "a", "ủ", "u", "ụ", "u", "ý", "y", "ư", "u", "ờ", "o", "ê", "e", "đ", "d", "ị", "i", "â", "a", "à", "a", "ỉ", "i", "ạ", "a", "ề", "e", "ă", "a", "ệ", "e", "ứ", "u")

func reader() plan.Reader {
	return plan.Reader{
		Table: plan.Table{
			Fields:   []plan.Choice{{Code: "chi-dao", Name: "Chỉ đạo, điều hành"}, {Code: "the-che", Name: "Cải cách thể chế"}},
			Products: []plan.Choice{{Code: "bao-cao", Name: "Báo cáo"}},
		},
		Year: 2027,
		Fold: func(text string) string { return plainly.Replace(strings.ToLower(text)) },
		Day: func(text string) (calendar.Day, bool) {
			day, err := calendar.ParseDay(text)
			return day, err == nil
		},
		Party: func(name string) plan.Party {
			if name == "stc" {
				return plan.Party{Unit: "STC", Name: "Sở Tài chính"}
			}
			return plan.Party{Name: name}
		},
	}
}

func TestRowsAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		column, text, want string // Task.Text of the column
		broken             rule.Code
	}{
		{plan.ColumnField, "the-che", "the-che", ""},
		{plan.ColumnField, "  Cải cách  THỂ CHẾ ", "the-che", ""},
		{plan.ColumnField, "cai cach the che", "the-che", ""},
		{plan.ColumnField, "II. Cải cách thể chế", "the-che", ""},
		{plan.ColumnField, "2) cải cách thể chế", "the-che", ""},
		{plan.ColumnField, "", "", ""},
		{plan.ColumnField, "Cải cách tư pháp", "chi-dao", plan.FieldUnknown},
		{plan.ColumnProductKind, "báo cáo", "bao-cao", ""},
		{plan.ColumnProductKind, "", "", ""},
		{plan.ColumnProductKind, "Phim", "", plan.KindUnknown},
		{plan.ColumnStart, "2027-02-01", "2027-02-01", ""},
		{plan.ColumnStart, "", "", ""},
		{plan.ColumnStart, "31/02", "", plan.StartUnclear},
		{plan.ColumnDeadline, "Quý II", "2027q2", ""},
		{plan.ColumnDeadline, "thường xuyên", "recurring", ""},
		{plan.ColumnDeadline, "", "", ""},
		{plan.ColumnDeadline, "giữa năm", "2027q4", plan.DeadlineUnclear},
		{plan.ColumnLead, "stc", "Sở Tài chính [STC]", ""},
		{plan.ColumnLead, "", "", ""},
		{plan.ColumnLead, "Phòng A\nPhòng B", "Phòng A, Phòng B", ""},
		{plan.ColumnCoordinating, "stc; Văn phòng ;\n;Thanh tra", "Sở Tài chính [STC]\nVăn phòng\nThanh tra", ""},
		{plan.ColumnName, " Rà soát\nvăn bản ", "Rà soát\nvăn bản", ""},
		{plan.ColumnTarget, "100 %", "100 %", ""},
		{plan.ColumnProduct, "Danh mục", "Danh mục", ""},
		{plan.ColumnNote, "", "", ""},
	} {
		stands := plan.Task{Key: "a", Field: "chi-dao", Deadline: plan.InQuarter(2027, 4)}
		task, broken := reader().Read(stands, plan.Cells{c.column: c.text}, 7)
		if got := task.Text(c.column); got != c.want {
			t.Errorf("%s %q is read as %q, want %q", c.column, c.text, got, c.want)
		}
		var code rule.Code
		if broken != nil {
			code = broken[0].Code
			if broken[0].Field != plan.TaskField("a", c.column) || broken[0].Args[0] != 7 {
				t.Errorf("%s %q is told at %s, %v", c.column, c.text, broken[0].Field, broken[0].Args)
			}
		}
		if code != c.broken {
			t.Errorf("%s %q is broken by %q, want %q", c.column, c.text, code, c.broken)
		}
		other := task
		if other.Differing(stands) != nil && !slices.Equal(other.Differing(stands), []string{c.column}) {
			t.Errorf("%s %q also changes %v", c.column, c.text, other.Differing(stands))
		}
	}
}

func TestAllUnreadCellsAreToldAtOnce(t *testing.T) {
	_, broken := reader().Read(plan.Task{Key: "a"}, plan.Cells{
		plan.ColumnField: "?", plan.ColumnProductKind: "?", plan.ColumnStart: "?", plan.ColumnDeadline: "?",
	}, 1)
	if len(broken) != 4 {
		t.Errorf("told %v, want four", broken)
	}
}

func TestNamesOfACell(t *testing.T) {
	names := plan.Cells{plan.ColumnLead: "stc", plan.ColumnCoordinating: " a; b\r\nc ;; "}.Names()
	if !slices.Equal(names, []string{"stc", "a", "b", "c"}) {
		t.Errorf("the names are %q", names)
	}
}

func TestHeadingsNameFields(t *testing.T) {
	for text, want := range map[string]string{"II. Cải cách thể chế": "the-che", "I Chỉ đạo": "", "": "", "Cải cách thể chế": "the-che"} {
		if code, known := reader().FieldNamed(text); code != want || known != (want != "") {
			t.Errorf("%q names %q", text, code)
		}
	}
}

func TestTablesAreFoundInSheets(t *testing.T) {
	heads := plan.Heads{
		plan.ColumnField: {"linh vuc"}, plan.ColumnName: {"nhiem vu", "noi dung"}, plan.ColumnLead: {"chu tri"}, plan.ColumnDeadline: {"thoi han"},
		plan.KeyHead: {"ma"}, plan.NumberHead: {"stt"},
	}
	for name, c := range map[string]struct {
		texts [][]string
		head  int
		want  []string // row, key, field, name
	}{
		"as we write it":                  {[][]string{{"Ke hoach"}, {}, {"STT", "Linh vuc", "Nhiem vu", "Chu tri", "Thoi han", "Ma"}, {"1", "the-che", "A", "B", "C", "k1"}, {}, {"2", "", "D"}}, 3, []string{"4 k1 the-che A", "6   D"}},
		"headings and numbers of columns": {[][]string{{"STT", "Noi dung", "Chu tri"}, {"(1)", "(2)", "(3)"}, {"II. Cải cách thể chế"}, {"1", "A", "x"}, {"2", "B", "y"}}, 1, []string{"4  the-che A", "5  the-che B"}},
		"a task that has only its words":  {[][]string{{"Nhiem vu", "Chu tri"}, {"Chi A"}}, 1, []string{"2   Chi A"}},
		"no heads":                        {[][]string{{"A", "B"}, {"C"}}, 0, nil},
		"one head is no table":            {[][]string{{"Nhiem vu"}, {"A"}}, 0, nil},
		"nothing":                         {nil, 0, nil},
	} {
		sheet, found := reader().ReadSheet(c.texts, heads)
		if found != (c.head > 0) || sheet.Head != c.head {
			t.Errorf("%s: the heads stand in row %d", name, sheet.Head)
		}
		var got []string
		for _, line := range sheet.Lines {
			got = append(got, strings.Join([]string{strconv.Itoa(line.Row), line.Key, line.Cells[plan.ColumnField], line.Cells[plan.ColumnName]}, " "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: read as %q, want %q", name, got, c.want)
		}
	}
}
