package par

import (
	"cmp"
	"slices"
	"strings"

	"cchc/domain/decimal"
)

// Entry is what is known of a unit before it is ranked.
type Entry struct {
	Unit      string
	Group     string   // of units: it is ranked within
	Appraised Points   // of the criteria that were appraised and apply
	Surveyed  Points   // of those that others were asked about: Set.SumSurveys
	Out       Points   // most points of those that do not apply
	Missing   []string // criteria without points
	Open      bool     // the appraisal is under way: the unit may still explain, marks may still change
	Extras    Adjusted // bonuses and penalties, as they were asked for
}

// Ranked is a unit with its total and its place.
type Ranked struct {
	Unit  string
	Group string
	Result
	Rank   int // 0: the result is not final, so there is no rank
	Of     int // units of the group that have one
	Shared int // units with this rank
}

// Final tells whether the unit has a rank: every criterion has its points, the appraisal
// is over (QD 1439 art. 15.2), and some criterion applies.
func (r Ranked) Final() bool { return r.Rank > 0 }

// WhyRank tells where the rank comes from; false: there is none.
func (r Ranked) WhyRank() (Reason, bool) {
	return Placed{Rank: r.Rank, Of: r.Of, Shared: r.Shared}.Why(), r.Final()
}

// Conclude makes totals and classes of the sums, and ranks the units. The order is
// that of the ranks: by group, rank and unit; those without a rank come last in their
// group, by unit.
func (s Set) Conclude(entries []Entry) []Ranked {
	ranked := make([]Ranked, len(entries))
	at := make(map[string]int, len(entries))
	standings := make([]Standing, 0, len(entries))
	for i, e := range entries {
		ranked[i] = Ranked{Unit: e.Unit, Group: e.Group, Result: s.conclude(e)}
		at[e.Unit] = i
		if r := ranked[i].Result; r.Complete && r.Class != "" {
			standings = append(standings, Standing{Unit: e.Unit, Group: e.Group, Total: r.Total})
		}
	}
	for _, p := range Rank(standings) {
		one := &ranked[at[p.Unit]]
		one.Rank, one.Of, one.Shared = p.Rank, p.Of, p.Shared
	}
	slices.SortFunc(ranked, func(a, b Ranked) int {
		return cmp.Or(strings.Compare(a.Group, b.Group), cmp.Compare(a.place(), b.place()), strings.Compare(a.Unit, b.Unit))
	})
	return ranked
}

// conclude is the result of one unit, without its reasons.
func (s Set) conclude(e Entry) Result {
	r := Result{Appraised: e.Appraised, Surveyed: e.Surveyed, Out: e.Out, Missing: e.Missing, Open: e.Open}
	r.Complete = len(r.Missing) == 0 && !r.Open
	return s.reckon(r, e.Extras)
}

func (r Ranked) place() int {
	if r.Final() {
		return r.Rank
	}
	return lastPlace
}

const lastPlace = 1 << 30

// FieldSum is what a unit has in one field of the index.
type FieldSum struct {
	Field  string `json:"field"`
	Points Points `json:"points"`
	Most   Points `json:"most"` // of the criteria that apply
}

// Percent is the points in percent of the most, cut to two decimals; false: nothing
// applies.
func (f FieldSum) Percent() (decimal.Number, bool) {
	if f.Most <= 0 {
		return decimal.Number{}, false
	}
	return percentCut(f.Points.Number(), f.Most.Number()), true
}

// FieldSums adds up scores, by criterion, field by field.
func (s Set) FieldSums(scores map[string]Score) []FieldSum {
	sums := make([]FieldSum, len(s.Fields))
	for i, f := range s.Fields {
		sums[i].Field = f.Code
		for _, c := range s.Criteria {
			if score := scores[c.Code]; c.Field == f.Code && !score.NotApplicable {
				sums[i].Points += score.Points
				sums[i].Most += c.Max
			}
		}
	}
	return sums
}

// FieldMean is how a group of units stands in one field, in percent of the most.
type FieldMean struct {
	Field   string         `json:"field"`
	Percent decimal.Number `json:"percent"`
}

// MeanOfFields is the mean of units' percentages in each field, rounded half up to two
// decimals. A unit that a field does not apply to is not counted in it; a field that
// applies to nobody is left out.
func (s Set) MeanOfFields(units [][]FieldSum) []FieldMean {
	var means []FieldMean
	for _, f := range s.Fields {
		sum, n := int64(0), int64(0)
		for _, sums := range units {
			i := slices.IndexFunc(sums, func(one FieldSum) bool { return one.Field == f.Code })
			if i < 0 {
				continue
			}
			if percent, applies := sums[i].Percent(); applies {
				sum, n = sum+percent.TenThousandths()/hundredth, n+1
			}
		}
		if n > 0 {
			means = append(means, FieldMean{Field: f.Code, Percent: decimal.OfTenThousandths((2*sum + n) / (2 * n) * hundredth)})
		}
	}
	return means
}

// MeanTotal is the mean of totals, rounded half up; nothing of no totals.
func MeanTotal(totals []Points) Points {
	sum, n := int64(0), int64(len(totals))
	for _, total := range totals {
		sum += int64(total)
	}
	if n == 0 {
		return 0
	}
	return Points((2*sum + n) / (2 * n))
}
