package par_test

import (
	"slices"
	"testing"

	"cchc/domain/decimal"
	"cchc/domain/par"
)

// small is a set of three criteria: 6 and 2 points appraised, 2 surveyed.
func small() par.Set {
	return par.Set{
		Total:  1000,
		Fields: []par.Field{{Code: "1", Name: "Một"}, {Code: "2", Name: "Hai", Appraiser: "STC"}},
		Criteria: []par.Criterion{
			{Code: "1.1", Field: "1", Name: "a", Max: 600, Kind: par.YesNo, Evidence: par.EvidenceRequired},
			{Code: "1.2", Field: "1", Name: "b", Max: 200, Kind: par.Survey, Evidence: par.EvidenceNone,
				Rule: par.Rule{Weights: []par.Weight{{Group: "dan", Percent: 60}, {Group: "dn", Percent: 40}}}},
			{Code: "2.1", Field: "2", Name: "c", Max: 200, Kind: par.YesNo, Evidence: par.EvidenceOptional, MayNotApply: true},
		},
		Groups:  []par.Group{{Code: "dan", Name: "Người dân"}, {Code: "dn", Name: "Doanh nghiệp"}},
		Classes: []par.Class{{Name: "Tốt", From: decimal.Of(80)}, {Name: "Khá", From: decimal.Of(60)}, {Name: "Kém"}},
		Bonus:   50, Penalty: 100,
	}
}

func known(p par.Points) par.Score { return par.Score{Known: true, Points: p} }

func TestResult(t *testing.T) {
	out := par.Score{Known: true, NotApplicable: true}
	for name, row := range map[string]struct {
		scores        map[string]par.Score
		asked         par.Adjusted
		scaled, total string
		class         string
		why           par.ReasonCode
	}{
		"everything":              {map[string]par.Score{"1.1": known(600), "1.2": known(200), "2.1": known(200)}, par.Adjusted{}, "10", "10", "Tốt", par.WhyClass},
		"the edge of a class":     {map[string]par.Score{"1.1": known(600), "1.2": known(0), "2.1": known(200)}, par.Adjusted{}, "8", "8", "Tốt", par.WhyClass},
		"just below it":           {map[string]par.Score{"1.1": known(600), "1.2": known(0), "2.1": known(199)}, par.Adjusted{}, "7.99", "7.99", "Khá", par.WhyClass},
		"nothing at all":          {map[string]par.Score{"1.1": known(0), "1.2": known(0), "2.1": known(0)}, par.Adjusted{}, "0", "0", "Kém", par.WhyClass},
		"one does not apply":      {map[string]par.Score{"1.1": known(500), "1.2": known(100), "2.1": out}, par.Adjusted{}, "7.5", "7.5", "Khá", par.WhyRescaled},
		"rescaled, half up":       {map[string]par.Score{"1.1": known(433), "1.2": known(0), "2.1": out}, par.Adjusted{}, "5.41", "5.41", "Kém", par.WhyRescaled},
		"a bonus below its cap":   {map[string]par.Score{"1.1": known(600), "1.2": known(0), "2.1": known(0)}, par.Adjusted{Bonus: 30}, "6", "6.3", "Khá", par.WhyBonus},
		"a bonus above its cap":   {map[string]par.Score{"1.1": known(600), "1.2": known(0), "2.1": known(0)}, par.Adjusted{Bonus: 90}, "6", "6.5", "Khá", par.WhyBonus},
		"a penalty above its cap": {map[string]par.Score{"1.1": known(600), "1.2": known(0), "2.1": known(0)}, par.Adjusted{Penalty: 300}, "6", "5", "Kém", par.WhyPenalty},
		"never above the whole":   {map[string]par.Score{"1.1": known(600), "1.2": known(200), "2.1": known(190)}, par.Adjusted{Bonus: 50}, "9.9", "10", "Tốt", par.WhyBounded},
		"never below nothing":     {map[string]par.Score{"1.1": known(0), "1.2": known(50), "2.1": known(0)}, par.Adjusted{Penalty: 100}, "0.5", "0", "Kém", par.WhyBounded},
	} {
		t.Run(name, func(t *testing.T) {
			r := small().Result(row.scores, row.asked)
			if r.Scaled.String() != row.scaled || r.Total.String() != row.total || r.Class != row.class || !r.Complete {
				t.Errorf("%s, %s, %s; want %s, %s, %s", r.Scaled, r.Total, r.Class, row.scaled, row.total, row.class)
			}
			if !hasReason(r.Why, row.why) {
				t.Errorf("%v does not say %s", r.Why, row.why)
			}
		})
	}
}

func TestResultThatIsNotComplete(t *testing.T) {
	r := small().Result(map[string]par.Score{"1.1": known(600)}, par.Adjusted{})
	if r.Complete || !slices.Equal(r.Missing, []string{"1.2", "2.1"}) || !hasReason(r.Why, par.WhyIncomplete) {
		t.Errorf("%+v", r)
	}
	out := par.Score{Known: true, NotApplicable: true}
	r = small().Result(map[string]par.Score{"1.1": out, "1.2": out, "2.1": out}, par.Adjusted{Bonus: 50})
	if r.Total != 0 || r.Class != "" || !hasReason(r.Why, par.WhyAllOut) {
		t.Errorf("nothing applies: %+v", r)
	}
}

func TestSurvey(t *testing.T) {
	set := small()
	c, _ := set.Criterion("1.2")
	opinion := func(group, mean string, answers int) par.Opinion {
		return par.Opinion{Criterion: "1.2", Group: group, Mean: number(t, mean), Answers: answers}
	}
	for name, row := range map[string]struct {
		opinions []par.Opinion
		want     string
		why      par.ReasonCode
	}{
		"by weights":                  {[]par.Opinion{opinion("dan", "80", 100), opinion("dn", "90", 3)}, "1.68", par.WhySurveyMean},
		"everybody content":           {[]par.Opinion{opinion("dan", "100", 1), opinion("dn", "100", 1)}, "2", par.WhySurveyMean},
		"half up":                     {[]par.Opinion{opinion("dan", "80.25", 1), opinion("dn", "80.25", 1)}, "1.61", par.WhySurveyMean},
		"one group was not reached":   {[]par.Opinion{opinion("dan", "80", 10), opinion("dn", "0", 0)}, "1.6", par.WhySurveyUnasked},
		"one group is not in the set": {[]par.Opinion{opinion("dan", "80", 10), opinion("khac", "10", 5)}, "1.6", par.WhySurveyUnasked},
		"nobody was reached":          {nil, "", par.WhySurveyNone},
		"of another criterion":        {[]par.Opinion{{Criterion: "9.9", Group: "dan", Mean: decimal.Of(50), Answers: 3}}, "", par.WhySurveyNone},
	} {
		s := c.Surveyed(set, row.opinions)
		got := ""
		if s.Known {
			got = s.Points.String()
		}
		if got != row.want || !hasReason(s.Why, row.why) {
			t.Errorf("%s: %q, %v; want %q, %s", name, got, s.Why, row.want, row.why)
		}
	}
}

func TestRank(t *testing.T) {
	placed := par.Rank([]par.Standing{
		{Unit: "STC", Group: "departments", Total: 9000}, {Unit: "SNV", Group: "departments", Total: 9500},
		{Unit: "STP", Group: "departments", Total: 9000}, {Unit: "SCT", Group: "departments", Total: 8000},
		{Unit: "26734", Group: "wards", Total: 100},
	})
	want := []struct {
		unit                string
		rank, of, sharedFew int
	}{{"SNV", 1, 4, 1}, {"STC", 2, 4, 2}, {"STP", 2, 4, 2}, {"SCT", 4, 4, 1}, {"26734", 1, 1, 1}} // dossier 3.2: 1, 2, 2, 4
	for i, w := range want {
		if p := placed[i]; p.Unit != w.unit || p.Rank != w.rank || p.Of != w.of || p.Shared != w.sharedFew {
			t.Errorf("%d: %+v, want %+v", i, p, w)
		}
	}
	if placed[1].Why().Code != par.WhyRankShared || placed[0].Why().Code != par.WhyRank {
		t.Error("ranks do not say whether they are shared")
	}
}

func TestMarks(t *testing.T) {
	set := small()
	c, _ := set.Criterion("1.1")
	optional, _ := set.Criterion("2.1")
	survey, _ := set.Criterion("1.2")
	remark := c
	remark.NeedsRemark = true
	first := &par.Mark{Criterion: "1.1", Round: 1, Points: 300, Reason: "thiếu văn bản"}
	stood := &par.Mark{Criterion: "1.1", Round: 2, Points: 450, Reason: "đã bổ sung"}
	for name, row := range map[string]struct {
		c    par.Criterion
		a    par.Appraised
		m    par.Mark
		want string
	}{
		"confirms":                           {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: 600}, ""},
		"differs with a reason":              {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: 300, Reason: "thiếu"}, ""},
		"differs without":                    {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: 599, Reason: "  "}, "mark_unexplained"},
		"gives what was not claimed":         {c, par.Appraised{}, par.Mark{Round: 1, Points: 100}, "mark_unexplained"},
		"nothing for nothing":                {c, par.Appraised{}, par.Mark{Round: 1}, ""},
		"above the most":                     {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: 601, Reason: "x"}, "mark_over"},
		"below nothing":                      {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: -1, Reason: "x"}, "mark_negative"},
		"a remark is wanted":                 {remark, par.Appraised{Self: known(600)}, par.Mark{Round: 1, Points: 600}, "mark_remark"},
		"second keeps the first":             {c, par.Appraised{Self: known(600), First: first}, par.Mark{Round: 2, Points: 300}, ""},
		"second back to the unit's":          {c, par.Appraised{Self: known(600), First: first}, par.Mark{Round: 2, Points: 600}, "mark_unexplained"},
		"second with a reason":               {c, par.Appraised{Self: known(600), First: first}, par.Mark{Round: 2, Points: 600, Reason: "đã bổ sung"}, ""},
		"once more, keeping the second":      {c, par.Appraised{Self: known(600), First: first, Before: stood}, par.Mark{Round: 2, Points: 450}, ""},
		"once more, back to the first":       {c, par.Appraised{Self: known(600), First: first, Before: stood}, par.Mark{Round: 2, Points: 300}, "mark_unexplained"},
		"once more, with a reason":           {c, par.Appraised{Self: known(600), First: first, Before: stood}, par.Mark{Round: 2, Points: 300, Reason: "nhầm"}, ""},
		"second without a first":             {c, par.Appraised{Self: known(600)}, par.Mark{Round: 2, Points: 600}, "mark_round"},
		"a third":                            {c, par.Appraised{Self: known(600), First: first}, par.Mark{Round: 3, Points: 600}, "mark_round"},
		"of a survey":                        {survey, par.Appraised{}, par.Mark{Round: 1}, "mark_survey"},
		"does not apply, with a reason":      {optional, par.Appraised{Self: known(200)}, par.Mark{Round: 1, NotApplicable: true, Reason: "x"}, ""},
		"does not apply, without":            {optional, par.Appraised{Self: known(0)}, par.Mark{Round: 1, NotApplicable: true}, "mark_unexplained"},
		"what always applies does":           {c, par.Appraised{Self: known(600)}, par.Mark{Round: 1, NotApplicable: true, Reason: "x"}, "mark_not_app"},
		"points for what does not apply":     {optional, par.Appraised{Self: known(200)}, par.Mark{Round: 1, Points: 5, NotApplicable: true, Reason: "x"}, "mark_not_app_plus"},
		"applies after all, without a word":  {optional, par.Appraised{Self: par.Score{Known: true, NotApplicable: true}}, par.Mark{Round: 1}, "mark_unexplained"},
		"confirms that it does not apply":    {optional, par.Appraised{Self: par.Score{Known: true, NotApplicable: true}}, par.Mark{Round: 1, NotApplicable: true}, ""},
		"a ratio without cases fell away":    {c, par.Appraised{Self: par.Score{Known: true, NotApplicable: true}}, par.Mark{Round: 1, NotApplicable: true}, ""},
		"everything that is wrong, together": {optional, par.Appraised{}, par.Mark{Round: 2, Points: 201}, "mark_round mark_over mark_unexplained"},
	} {
		got := ""
		for i, one := range row.c.CheckMark(row.a, row.m) {
			if i > 0 {
				got += " "
			}
			got += string(one.Code)
		}
		if got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

func TestFinal(t *testing.T) {
	first, second := &par.Mark{Round: 1, Points: 300, Reason: "thiếu"}, &par.Mark{Round: 2, Points: 450, Reason: "đã bổ sung"}
	confirmed, nothing := &par.Mark{Round: 1, Points: 600}, &par.Mark{Round: 2, NotApplicable: true, Reason: "không thuộc thẩm quyền"}
	back, kept := &par.Mark{Round: 2, Points: 600, Reason: "nhầm"}, &par.Mark{Round: 2, Points: 450}
	for name, row := range map[string]struct {
		a    par.Appraised
		want string
		why  par.ReasonCode
	}{
		"a self-assessment alone is not official": {par.Appraised{Self: known(600)}, "", par.WhyUnappraised}, // dossier 3.2
		"the first mark":                      {par.Appraised{Self: known(600), First: first}, "3", par.WhyMarked},
		"the first confirms":                  {par.Appraised{Self: known(600), First: confirmed}, "6", par.WhyConfirmed},
		"the second mark":                     {par.Appraised{Self: known(600), First: first, Second: second}, "4.5", par.WhyMarked},
		"the second takes it out":             {par.Appraised{Self: known(600), First: first, Second: nothing}, "out", par.WhyMarkedOut},
		"opened again, not marked yet":        {par.Appraised{Self: known(600), First: first, Before: second}, "4.5", par.WhyMarked},
		"opened again, back to the first":     {par.Appraised{Self: known(600), First: confirmed, Before: second, Second: back}, "6", par.WhyMarked}, // it does not confirm: the second mark had changed it
		"opened again, kept":                  {par.Appraised{Self: known(600), First: first, Before: second, Second: kept}, "4.5", par.WhyConfirmed},
		"appraised without a self-assessment": {par.Appraised{First: first}, "3", par.WhySelfBlank},
	} {
		s := row.a.Final()
		if last := s.Why[len(s.Why)-1]; last.Code != row.why && row.why != par.WhySelfBlank {
			t.Errorf("%s: it ends with %s, want %s", name, last.Code, row.why)
		}
		got := s.Points.String()
		switch {
		case s.NotApplicable:
			got = "out"
		case !s.Known:
			got = ""
		}
		if got != row.want || !hasReason(s.Why, row.why) {
			t.Errorf("%s: %q, %v; want %q, %s", name, got, s.Why, row.want, row.why)
		}
	}
}
