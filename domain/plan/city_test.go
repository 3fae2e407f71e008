package plan_test

import (
	"strings"
	"testing"

	"cchc/domain/plan"
)

func TestMatchCity(t *testing.T) {
	tasks := []plan.CityTask{
		{Key: "a", Number: 1, Name: "Rà soát văn bản quy phạm pháp luật"},
		{Key: "b", Number: 2, Name: "Rà soát thủ tục hành chính"},
		{Key: "c", Number: 3, Name: "Kiểm tra cải cách hành chính"},
		{Key: "d", Number: 4, Name: "Kiểm tra cải cách hành chính năm 2027"},
		{Key: "e", Number: 12, Name: "Khảo sát sự hài lòng"},
	}
	fold := strings.NewReplacer("à", "a", "á", "a", "ủ", "u", "ụ", "u", "ả", "a", "ự", "u", "ò", "o", "ă", "a", "K", "k", "R", "r").Replace
	for text, want := range map[string]string{
		"12": "e", " 12 ": "e", "12.": "e", "12. Khảo sát sự hài lòng": "e",
		"12. Kiểm tra": "", // the number of one task with the words of another
		"7":            "", "sự hài lòng": "e", "thủ tục": "b",
		"Rà soát":                                "",  // two have it
		"Kiểm tra cải cách hành chính":           "c", // its own words, though another begins with them
		"kiểm tra  cải cách hành chính năm 2027": "d",
		"không có":                               "",
	} {
		got, found := plan.MatchCity(tasks, text, fold)
		if got.Key != want && found || found != (want != "") {
			t.Errorf("%q means %q, %v; want %q", text, got.Key, found, want)
		}
	}
}

// A row that is read again keeps its link, also where the city's plan has dropped the
// task; a blank cell ends it, and a form that does not ask leaves it alone.
func TestReaderOfCity(t *testing.T) {
	linked := complete("a")
	linked.City, linked.CityName = "c9", "Nhiệm vụ đã bỏ"
	city := []plan.CityTask{{Key: "c1", Number: 1, Name: "Rà soát"}}
	for name, row := range map[string]struct {
		city []plan.CityTask
		text string
		want string // key
		ok   bool
	}{
		"as it stands":          {city, "Nhiệm vụ đã bỏ", "c9", true},
		"another":               {city, "1", "c1", true},
		"none":                  {city, " ", "", true},
		"nothing that there is": {city, "Kiểm tra", "c9", false},
		"no plan of the city":   {nil, "", "c9", true},
	} {
		reader := plan.Reader{Table: table, City: row.city, Fold: strings.ToLower}
		got, broken := reader.Read(linked, plan.Cells{plan.ColumnCity: row.text}, 3)
		if got.City != row.want || (broken == nil) != row.ok {
			t.Errorf("%s: %q, %v", name, got.City, broken)
		}
	}
	if got, _ := (plan.Reader{Table: table, City: city, Fold: strings.ToLower}).Read(linked, plan.Cells{}, 3); got.City != "c9" {
		t.Errorf("not asked, and now %q", got.City)
	}
}

// The link is part of what a task says: it differs, and without it the canonical text
// is what it was.
func TestCityIsAColumn(t *testing.T) {
	linked := complete("a")
	linked.City, linked.CityName = " c1 ", " Rà soát văn bản "
	linked = linked.Clean()
	if got := linked.Differing(complete("a")); len(got) != 1 || got[0] != plan.ColumnCity || linked.Text(plan.ColumnCity) != "Rà soát văn bản [c1]" {
		t.Errorf("%v, %q", got, linked.Text(plan.ColumnCity))
	}
	linked.City = ""
	if linked = linked.Clean(); linked.CityName != "" || linked.Text(plan.ColumnCity) != "" {
		t.Errorf("%+v", linked)
	}
}
