package par_test

import (
	"fmt"
	"strings"
	"testing"

	"cchc/domain/par"
)

func surveyReader() (par.SurveyReader, par.SurveyHeads) {
	set := small()
	set.Groups = append(set.Groups, par.Group{Code: "mt", Name: "Mặt trận"}) // asked about nothing
	return par.SurveyReader{Set: set, Units: map[string]bool{"STC": true, "SYT": true}, Fold: strings.ToLower}, par.SurveyHeads{
		par.SurveyUnitColumn: {"mã"}, par.SurveyGroupColumn: {"nhóm"},
		par.SurveyMeanColumn("1.2"): {"1.2 %"}, par.SurveyAnswersColumn("1.2"): {"1.2 phiếu"},
	}
}

func TestSurveySheet(t *testing.T) {
	r, heads := surveyReader()
	head := []string{"Mã", "Đơn vị", "NHÓM", "1.2  %", "1.2 phiếu"}
	for name, row := range map[string]struct {
		lines [][]string
		want  string // opinions, then what is broken
	}{
		"by code and by name": {[][]string{{"stc", "", "Người dân", "80,5", "1.200"}, {"SYT", "", "dn", "100%", "3"}},
			"STC dan 80.5 1200; SYT dn 100 3"},
		"blank says nothing, 0 says nobody": {[][]string{{"STC", "", "dan", "", ""}, {"SYT", "", "dan", "", "0"}}, "SYT dan 0 0"},
		"a mean of nobody counts nothing":   {[][]string{{"STC", "", "dan", "55", "0"}}, "STC dan 0 0"},
		"a unit of elsewhere":               {[][]string{{"ABC", "", "dan", "80", "3"}}, "! survey_unit survey.2.unit"},
		"a group of elsewhere":              {[][]string{{"STC", "", "ai đó", "80", "3"}}, "! survey_group survey.2.group"},
		"a group that is not asked":         {[][]string{{"STC", "", "mt", "80", "3"}}, "! survey_not_asked survey.2.mean/1.2"},
		"the same unit and group again":     {[][]string{{"STC", "", "dan", "80", "3"}, {"stc", "", "Người dân", "81", "3"}}, "STC dan 80 3! survey_twice survey.3.unit"},
		"above the best":                    {[][]string{{"STC", "", "dan", "100,01", "3"}}, "! survey_mean survey.2.mean/1.2"},
		"no number":                         {[][]string{{"STC", "", "dan", "tốt", "3"}}, "! survey_mean survey.2.mean/1.2"},
		"half an answer":                    {[][]string{{"STC", "", "dan", "80", "2,5"}}, "! survey_answers survey.2.answers/1.2"},
		"a mean of how many":                {[][]string{{"STC", "", "dan", "80", ""}}, "! survey_no_count survey.2.answers/1.2"},
		"answers that say nothing":          {[][]string{{"STC", "", "dan", "", "7"}}, "! survey_no_mean survey.2.mean/1.2"},
		"everything that is wrong, all at once": {[][]string{{"ABC", "", "dan", "-1", "x"}, {}, {"STC", "", "dn", "x", "1"}},
			"! survey_unit survey.2.unit, survey_answers survey.2.answers/1.2, survey_mean survey.2.mean/1.2, survey_mean survey.4.mean/1.2"},
	} {
		t.Run(name, func(t *testing.T) {
			sheet, found := r.Find(append([][]string{head}, row.lines...), heads)
			if !found || sheet.Head != 1 {
				t.Fatalf("%+v", sheet)
			}
			opinions, broken := r.Read(sheet)
			var told, wrong []string
			for _, o := range opinions {
				told = append(told, fmt.Sprintf("%s %s %s %d", o.Unit, o.Group, o.Mean, o.Answers))
			}
			for _, one := range broken {
				wrong = append(wrong, string(one.Code)+" "+one.Field)
			}
			got := strings.Join(told, "; ")
			if len(wrong) > 0 {
				got += "! " + strings.Join(wrong, ", ")
			}
			if got != row.want {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestNoSurveySheet(t *testing.T) {
	r, heads := surveyReader()
	for _, texts := range [][][]string{nil, {{"Mã", "Nhóm"}}, {{"Mã", "1.2 %"}}} {
		if sheet, found := r.Find(texts, heads); found {
			t.Errorf("%v is taken for a table: %+v", texts, sheet)
		}
	}
}

func TestSurveyField(t *testing.T) {
	row, column, ok := par.ParseSurveyField(par.SurveyField(12, par.SurveyMeanColumn("1.7.1")))
	if !ok || row != 12 || column != "mean/1.7.1" {
		t.Errorf("%d %q %v", row, column, ok)
	}
	if _, _, ok := par.ParseSurveyField("mark.1.1.3"); ok {
		t.Error("another field is taken for a cell")
	}
}
