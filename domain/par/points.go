package par

import (
	"fmt"
	"math/big"

	"cchc/domain/decimal"
)

// Points are hundredths of a point: 150 is 1,5. A score is rounded to them once, at
// the end of its reckoning, half up. Text and JSON hold the canonical form, "1.5";
// SQL holds the hundredths.
type Points int64

// perPoint is one point.
const perPoint Points = 100

// hundredth is one of Points in the units of a decimal.Number.
const hundredth = decimal.One / 100

// Number is the points as a number.
func (p Points) Number() decimal.Number { return decimal.OfTenThousandths(int64(p) * hundredth) }

// String is the canonical form, "1.25".
func (p Points) String() string { return p.Number().String() }

// VN is the Vietnamese form with its two decimals, "1,25", as score sheets have it.
func (p Points) VN() string {
	sign, n := "", int64(p)
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%s,%02d", sign, decimal.Of(n/100).VN(), n%100)
}

// PointsOf is the number as points; false where it has more than two decimals.
func PointsOf(n decimal.Number) (Points, bool) {
	units := n.TenThousandths()
	return Points(units / hundredth), units%hundredth == 0
}

// ParsePoints reads the canonical form.
func ParsePoints(text string) (Points, error) {
	n, err := decimal.Parse(text)
	if err != nil {
		return 0, err
	}
	p, ok := PointsOf(n)
	if !ok {
		return 0, fmt.Errorf("parse points %q: want at most two decimals", text)
	}
	return p, nil
}

// MarshalText gives the canonical form; in JSON it is a string.
func (p Points) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the canonical form.
func (p *Points) UnmarshalText(text []byte) error {
	parsed, err := ParsePoints(string(text))
	*p = parsed
	return err
}

// within keeps points between two bounds.
func (p Points) within(least, most Points) Points { return min(max(p, least), most) }

// times is the points multiplied by above/below, rounded once, half up. Nothing here
// is negative, and below is not zero.
func (p Points) times(above, below *big.Int) Points {
	product := new(big.Int).Mul(big.NewInt(int64(p)), above)
	quotient, rest := product.QuoRem(product, below, new(big.Int))
	if rest.Lsh(rest, 1).Cmp(below) >= 0 {
		quotient.Add(quotient, big.NewInt(1))
	}
	if !quotient.IsInt64() {
		return maxPoints
	}
	return Points(quotient.Int64())
}

// maxPoints is more than any criterion may have.
const maxPoints = 1_000_000 * perPoint
