package document

import (
	"slices"
	"strings"
	"testing"

	"cchc/domain/rule"
)

// QĐ 1439 art. 8.2: a return names what is to be made clear.
func TestCheckPoints(t *testing.T) {
	good := Point{Field: "section.II.2", Must: true, Text: "Nêu rõ nguyên nhân."}
	long := Point{Text: strings.Repeat("ố", PointMax+1)}
	for name, c := range map[string]struct {
		points []Point
		want   []string
	}{
		"none":             {nil, nil},
		"one":              {[]Point{good}, nil},
		"the longest":      {[]Point{{Text: strings.Repeat("ố", PointMax)}}, nil},
		"the most":         {slices.Repeat([]Point{good}, PointsMost), nil},
		"one too many":     {slices.Repeat([]Point{good}, PointsMost+1), []string{"points_too_many reason"}},
		"a place alone":    {[]Point{good, {Field: "figure.3.1", Text: " \n"}}, []string{"point_blank point.2.text"}},
		"blank, then long": {[]Point{{}, good, long}, []string{"point_blank point.1.text", "point_too_long point.3.text"}},
	} {
		if got := told(CheckPoints(c.points)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for text, want := range map[string][]string{
		"Đã bổ sung.": nil, "  ": {"point_answer_blank answer"}, long.Text: {"point_too_long answer"},
	} {
		if got := told(CheckAnswer(text)); !slices.Equal(got, want) {
			t.Errorf("%.20q: %v, want %v", text, got, want)
		}
	}
}

func told(errs rule.Errors) (all []string) {
	for _, one := range errs {
		all = append(all, string(one.Code)+" "+one.Field)
	}
	return all
}
