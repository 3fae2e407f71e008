package par_test

import (
	"encoding/json"
	"math/rand"
	"os"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/decimal"
	"cchc/domain/par"
)

// shipped is the set that ships with the software.
func shipped(t testing.TB) par.Set {
	t.Helper()
	text, err := os.ReadFile("../../migrations/seed/form-cs-cchc-nam-1.json")
	if err != nil {
		t.Fatal(err)
	}
	var version struct {
		Index par.Set `json:"index"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		t.Fatal(err)
	}
	return version.Index
}

func TestShippedSet(t *testing.T) {
	s := shipped(t)
	if broken := s.Validate(); broken != nil {
		t.Error(broken)
	}
	var surveyed par.Points
	for _, c := range s.Criteria {
		if c.Kind == par.Survey {
			surveyed += c.Max
		}
		// Dossier 3.3: all leaves that are appraised want evidence, but for those
		// that the system answers itself.
		if want := c.Asked() && c.Fact == ""; want != (c.Evidence == par.EvidenceRequired) {
			t.Errorf("%s: evidence %s", c.Code, c.Evidence)
		}
	}
	if len(s.Criteria) != 65 || len(s.Fields) != 8 || par.Sum(s.Criteria) != 10000 || surveyed != 3200 {
		t.Errorf("%d criteria in %d fields, %s points, %s surveyed; want 65, 8, 100, 32", len(s.Criteria), len(s.Fields), par.Sum(s.Criteria), surveyed)
	}
}

// someAnswer is any answer to a criterion, also a foolish one.
func someAnswer(r *rand.Rand, c par.Criterion) par.Answer {
	number := func() *decimal.Number {
		if r.Intn(8) == 0 {
			return nil
		}
		n := decimal.OfTenThousandths(int64(r.Intn(200)) * []int64{10_000, 2_500, 1}[r.Intn(3)])
		return &n
	}
	a := par.Answer{Criterion: c.Code, NotApplicable: r.Intn(6) == 0, Done: number(), Of: number(), Number: number(), Items: map[string]bool{}}
	if r.Intn(3) > 0 {
		b := r.Intn(2) == 0
		a.Yes = &b
	}
	if r.Intn(3) > 0 {
		d := calendar.Date(year, 1, 1).Add(r.Intn(500) - 100)
		a.Day = &d
	}
	for _, item := range c.Rule.Items {
		if r.Intn(10) > 0 {
			a.Items[item.Code] = r.Intn(2) == 0
		}
	}
	if r.Intn(5) == 0 {
		claim := par.Points(r.Intn(3000) - 500)
		a.Claim = &claim
	}
	return a
}

// TestNeverAboveTheMaximum: whatever is answered, claimed, surveyed or marked, the
// points lie between nothing and the most, and say why.
func TestNeverAboveTheMaximum(t *testing.T) {
	s, r := shipped(t), rand.New(rand.NewSource(1))
	for range 20_000 {
		c := s.Criteria[r.Intn(len(s.Criteria))]
		a := someAnswer(r, c)
		for _, score := range []par.Score{c.Score(a, year), c.ByRule(a, year), c.Score(c.Clean(a), year)} {
			if score.Points < 0 || score.Points > c.Max || len(score.Why) == 0 || !score.Known && score.Points != 0 || score.NotApplicable && score.Points != 0 {
				t.Fatalf("%s of %+v gives %+v", c.Code, a, score)
			}
		}
		var opinions []par.Opinion
		for _, w := range c.Rule.Weights {
			opinions = append(opinions, par.Opinion{Criterion: c.Code, Group: w.Group, Mean: decimal.OfTenThousandths(int64(r.Intn(1_000_001))), Answers: r.Intn(3)})
		}
		if score := c.Surveyed(s, opinions); score.Points < 0 || score.Points > c.Max {
			t.Fatalf("%s surveyed as %+v gives %+v", c.Code, opinions, score)
		}
	}
}

// TestMonotonicity: who does more never gets fewer points; who fails more never more.
func TestMonotonicity(t *testing.T) {
	for _, c := range shipped(t).Criteria {
		falling := c.Kind == par.Deduct || c.Code == "1.2.2" // returns
		of, last := decimal.Of(400), par.Points(-1)
		if falling {
			last = c.Max + 1
		}
		for n := range int64(401) {
			number := decimal.Of(n)
			answer := par.Answer{}
			switch {
			case c.Ratio():
				answer.Done, answer.Of = &number, &of
			case c.Counted():
				answer.Number = &number
			case c.Kind == par.Date:
				d := calendar.Date(year+1, 6, 1).Add(-int(n))
				answer.Day = &d
			default:
				continue
			}
			now := c.Score(answer, year).Points
			if !falling && now < last || falling && now > last {
				t.Errorf("%s: %d gives %s after %s", c.Code, n, now, last)
			}
			last = now
		}
	}
}

// TestSums: a result is the sum of what it shows, whatever the order; leaving out
// what does not apply keeps a perfect score perfect and never passes the whole.
func TestSums(t *testing.T) {
	s, r := shipped(t), rand.New(rand.NewSource(2))
	for range 300 {
		scores := map[string]par.Score{}
		perfect := r.Intn(4) == 0
		var sum, out par.Points
		for _, c := range s.Criteria {
			score := par.Score{Known: true, Points: par.Points(r.Intn(int(c.Max) + 1))}
			if perfect {
				score.Points = c.Max
			}
			if c.MayNotApply && r.Intn(2) == 0 {
				score = par.Score{Known: true, NotApplicable: true}
				out += c.Max
			}
			sum += score.Points
			scores[c.Code] = score
		}
		adjusted := par.Adjusted{Bonus: par.Points(r.Intn(500)), Penalty: par.Points(r.Intn(900))}
		got := s.Result(scores, adjusted)
		if got.Sum != sum || got.Appraised+got.Surveyed != got.Sum || got.Out != out || !got.Complete {
			t.Fatalf("%+v, want the sum %s and %s out", got, sum, out)
		}
		if got.Scaled < got.Sum || got.Scaled > s.Total || perfect && got.Scaled != s.Total {
			t.Fatalf("%s over %s is scaled to %s", got.Sum, s.Total-out, got.Scaled)
		}
		if got.Bonus > s.Bonus || got.Penalty > s.Penalty || got.Total < 0 || got.Total > s.Total {
			t.Fatalf("%+v passes a cap", got)
		}
		if again := s.Reckon(par.Result{Appraised: got.Appraised, Surveyed: got.Surveyed, Out: got.Out}, adjusted); again.Total != got.Total || again.Class != got.Class {
			t.Fatalf("from its sums alone %+v, by criteria %+v", again, got)
		}
	}
}

// TestRankProperties: everybody is ranked once, better totals come first, equal ones
// share, and a rank counts those before it.
func TestRankProperties(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for range 200 {
		var all []par.Standing
		for i := range r.Intn(60) {
			all = append(all, par.Standing{Unit: string(rune('A' + i)), Group: []string{"wards", "departments"}[r.Intn(2)], Total: par.Points(r.Intn(12))})
		}
		placed := par.Rank(all)
		if len(placed) != len(all) {
			t.Fatalf("%d of %d are placed", len(placed), len(all))
		}
		for _, p := range placed {
			better, equal, of := 0, 0, 0
			for _, other := range all {
				if other.Group == p.Group {
					of++
					if other.Total > p.Total {
						better++
					} else if other.Total == p.Total {
						equal++
					}
				}
			}
			if p.Rank != better+1 || p.Shared != equal || p.Of != of {
				t.Fatalf("%+v: %d are better, %d equal, %d in all", p, better, equal, of)
			}
		}
	}
}
