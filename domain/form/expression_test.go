package form_test

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"cchc/domain/form"
)

func TestParseRule(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"1.2<=1.1", "1.2<=1.1"},
		{"1.12=1.13+1.14+1.15+1.16", "1.12=1.13+1.14+1.15+1.16"},
		{" 3.13 + 3.14 = 3.18 + 3.22 + 3.25 ", "3.13+3.14=3.18+3.22+3.25"},
		{"3.29<=3.28+previous(3.28)-previous(3.29)", "3.29<=3.28+previous(3.28)-previous(3.29)"},
		{"4.10 >= previous_in_year( 4.10 )", "4.10>=previous_in_year(4.10)"},
		{"3.26>=95%", "3.26>=95%"},
		{"3.26>=99.50%", "3.26>=99.5%"},
		{"4.3.1-4.2>=0%", "4.3.1-4.2>=0%"},
	} {
		parsed, err := form.ParseRule(row.text)
		if err != nil || parsed.String() != row.want || parsed.Text != row.text {
			t.Errorf("%q is read as %q, %v", row.text, parsed, err)
		}
	}
}

func TestParseRuleSaysWhatIsWrong(t *testing.T) {
	for _, row := range []struct {
		text  string
		place int
		want  string
	}{
		{"", 1, form.WantOperand},
		{"1.2", 4, form.WantComparison},
		{"1.2<1.1", 4, form.WantComparison},
		{"1.2<=", 6, form.WantOperand},
		{"1.2<=1.1 1.3", 10, form.WantEnd},
		{"1.2==1.1", 5, form.WantOperand},
		{"1.2<=1.1<=1.3", 9, form.WantEnd},
		{"1.2+<=1.1", 5, form.WantOperand},
		{"-1.2<=1.1", 1, form.WantOperand},
		{"1.2*2<=1.1", 4, form.WantComparison},
		{"5<=1.1", 1, form.WantOperand},
		{"1..2<=1.1", 1, form.WantOperand},
		{"01.2<=1.1", 1, form.WantOperand},
		{"previous 3.22=3.13", 10, form.WantOpen},
		{"previous()=3.13", 10, form.WantIndicator},
		{"previous(3.22=3.13", 14, form.WantClose},
		{"before(3.22)=3.13", 1, form.WantOperand},
		{"3.26>=%", 7, form.WantPercentage},
		{"3.26>=1.2.3%", 7, form.WantPercentage},
		{"3.26>=95,5%", 7, form.WantOperand},
		{"3.26≥95%", 5, form.WantComparison},
		{"1.2<=1.1 với 1.3", 10, form.WantEnd},
		{"1.2<=1.1 + ý", 12, form.WantOperand},
	} {
		parsed, err := form.ParseRule(row.text)
		var wrong *form.SyntaxError
		if !errors.As(err, &wrong) || wrong.Place() != row.place || wrong.Want != row.want {
			t.Errorf("%q is read as %v with %v, want %s at %d", row.text, parsed, err, row.want, row.place)
		}
	}
}

// Every rule written by String parses to the same rule, spaces or not.
func TestRulesRoundTrip(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	for range 3000 {
		text := randomSide(random) + []string{"=", "<=", ">="}[random.Intn(3)] + randomSide(random)
		spaced := strings.NewReplacer("+", " + ", "<=", " <= ", "(", "( ", ")", " )").Replace(text)
		for _, variant := range []string{text, spaced} {
			parsed, err := form.ParseRule(variant)
			if err != nil || parsed.String() != text {
				t.Fatalf("%q is read as %q, %v", variant, parsed, err)
			}
		}
	}
}

// No text at all makes the parser do anything but answer.
func FuzzParseRule(f *testing.F) {
	for _, seed := range []string{"1.2<=1.1", "3.26>=95%", "previous(3.22)=3.13", "1.1+", "%", "previous_in_year("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := form.ParseRule(text)
		if err != nil {
			return
		}
		if again, err := form.ParseRule(parsed.String()); err != nil || again.String() != parsed.String() {
			t.Fatalf("%q is written %q, which is read as %q, %v", text, parsed, again, err)
		}
	})
}

func randomSide(random *rand.Rand) string {
	var out strings.Builder
	for i := range 1 + random.Intn(4) {
		if i > 0 {
			out.WriteString([]string{"+", "-"}[random.Intn(2)])
		}
		code := fmt.Sprintf("%d.%d", 1+random.Intn(9), 1+random.Intn(40))
		switch random.Intn(5) {
		case 0:
			out.WriteString("previous(" + code + ")")
		case 1:
			out.WriteString("previous_in_year(" + code + ")")
		case 2:
			fmt.Fprintf(&out, "%d%%", random.Intn(200))
		default:
			out.WriteString(code)
		}
	}
	return out.String()
}
