// Package decimal holds the one kind of number that people report: exact, with at
// most four decimals. There are no floats anywhere in the rules.
//
// It knows neither forms nor criteria; what a number may be there is said there.
package decimal

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"cchc/domain/rule"
)

const (
	decimals = 4 // digits kept after the point

	// One is 1 in the units of a Number, ten-thousandths.
	One = 10_000
)

// MaxDigits bounds a typed number before the point: with it, sums over some 9,000
// units cannot leave the range of a Number.
const (
	MaxDigits  = 11
	maxInteger = 99_999_999_999
)

// The codes of what a typed text breaks; arguments are told at ParseVN.
const (
	Blank      rule.Code = "figure_blank"
	NotNumber  rule.Code = "figure_not_number"
	Ambiguous  rule.Code = "figure_ambiguous"
	Negative   rule.Code = "figure_negative"
	TooPrecise rule.Code = "figure_too_precise"
	TooBig     rule.Code = "figure_too_big"
)

// Number is an exact number with at most four decimals. The zero value is 0;
// an absent number is a nil *Number. Decimals compare with ==. Text, JSON (a
// string) and SQL (numeric) hold the canonical form, "-1234.5".
type Number struct {
	scaled int64 // ten-thousandths
}

// Of is the whole number n, which must lie within +-922,337,203,685,477.
func Of(n int64) Number { return Number{n * One} }

// Parse reads the canonical form: an optional minus, digits, and after a
// point at most four decimals (further zeros are ignored, as numeric columns may
// add them).
func Parse(text string) (Number, error) {
	wrong := fmt.Errorf("parse decimal %q: want digits such as 1234.5, at most %d decimals", text, decimals)
	whole, fraction, pointed := strings.Cut(text, ".")
	digits := strings.TrimPrefix(whole, "-")
	if !isDigits(digits) || (pointed && !isDigits(fraction)) {
		return Number{}, wrong
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > decimals {
		return Number{}, wrong
	}
	scaled, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil {
		return Number{}, wrong
	}
	return Number{scaled}, nil
}

// ParseVN reads a figure as people in Vietnam type it: "1.234,5" and "1234,5". A
// plain "1234.5" is read too where it can mean only one thing: "1.234" is one
// thousand two hundred and thirty-four, "0.123" and "1234.567" are refused as
// ambiguous. Thousands may also stand apart by spaces, as workbooks show them:
// "12 934", "1 234,5". Figures are never negative. Space around it is ignored.
//
// The error is a rule.Errors with one of: figure_blank, figure_not_number,
// figure_ambiguous, figure_negative, figure_too_precise (args: decimals allowed),
// figure_too_big (args: digits allowed before the comma).
func ParseVN(text string) (Number, error) {
	number, code := parseVN(strings.TrimFunc(text, unicode.IsSpace))
	switch code {
	case "":
		return number, nil
	case TooPrecise:
		return Number{}, rule.Broken(code, "", decimals)
	case TooBig:
		return Number{}, rule.Broken(code, "", MaxDigits)
	default:
		return Number{}, rule.Broken(code, "")
	}
}

func parseVN(text string) (Number, rule.Code) {
	if text == "" {
		return Number{}, Blank
	}
	unsigned := strings.TrimPrefix(strings.TrimPrefix(text, "-"), "\u2212")
	canonical, code := canonicalOfVN(unsigned)
	if code != "" {
		return Number{}, code
	}
	whole, fraction, _ := strings.Cut(canonical, ".")
	if len(strings.TrimRight(fraction, "0")) > decimals {
		return Number{}, TooPrecise
	}
	if len(strings.TrimLeft(whole, "0")) > MaxDigits {
		return Number{}, TooBig
	}
	number, err := Parse(canonical)
	if err != nil {
		return Number{}, NotNumber
	}
	if unsigned != text && number.scaled != 0 {
		return Number{}, Negative
	}
	return number, ""
}

// canonicalOfVN turns separators into the canonical ones.
func canonicalOfVN(text string) (string, rule.Code) {
	text = withoutSpaces(text)
	whole, fraction, comma := strings.Cut(text, ",")
	if comma && !isDigits(fraction) {
		return "", NotNumber
	}
	groups := strings.Split(whole, ".")
	for _, group := range groups {
		if !isDigits(group) {
			return "", NotNumber
		}
	}
	switch {
	case len(groups) == 1 || thousands(groups):
		whole = strings.Join(groups, "")
	case len(groups) == 2 && !comma && len(groups[1]) != 3:
		return text, "" // a plain decimal point: no thousands end after one, two or four digits
	case len(groups) == 2 && !comma:
		return "", Ambiguous
	default:
		return "", NotNumber
	}
	if !comma {
		return whole, ""
	}
	return whole + "." + fraction, ""
}

// withoutSpaces joins thousands that stand apart by single spaces of any width.
// Other text comes back as it is, to be refused.
func withoutSpaces(text string) string {
	end := strings.IndexAny(text, ".,")
	if end < 0 {
		end = len(text)
	}
	apart := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text[:end])
	groups := strings.Split(apart, " ")
	for _, group := range groups {
		if !isDigits(group) {
			return text
		}
	}
	if len(groups) == 1 || !thousands(groups) {
		return text
	}
	return strings.Join(groups, "") + text[end:]
}

// thousands tells whether the digits between points or spaces are groups of three, the
// first one shorter or equal and not led by a zero.
func thousands(groups []string) bool {
	if len(groups[0]) > 3 || groups[0][0] == '0' {
		return false
	}
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return false
		}
	}
	return true
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// Cmp is -1, 0 or +1 as d is less than, equal to or greater than other.
func (d Number) Cmp(other Number) int {
	switch {
	case d.scaled < other.scaled:
		return -1
	case d.scaled > other.scaled:
		return 1
	default:
		return 0
	}
}

// Sign is -1, 0 or +1.
func (d Number) Sign() int { return d.Cmp(Number{}) }

// IsInteger tells whether there are no decimals.
func (d Number) IsInteger() bool { return d.scaled%One == 0 }

// String is the canonical form: no thousands, a point, no needless zeros.
func (d Number) String() string { return FormatUnits(d.Units()) }

// TenThousandths is the number in ten-thousandths, for drawings.
func (d Number) TenThousandths() int64 { return d.scaled }

// OfTenThousandths is that many ten-thousandths.
func OfTenThousandths(n int64) Number { return Number{n} }

// VN is the Vietnamese form: "1.234,5", of a negative number "-1.234,5".
func (d Number) VN() string {
	whole, fraction, pointed := strings.Cut(strings.TrimPrefix(d.String(), "-"), ".")
	var out strings.Builder
	if d.Sign() < 0 {
		out.WriteByte('-')
	}
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			out.WriteByte('.')
		}
		out.WriteByte(whole[i])
	}
	if pointed {
		out.WriteString("," + fraction)
	}
	return out.String()
}

// MarshalText gives the canonical form; in JSON it is a string.
func (d Number) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the canonical form.
func (d *Number) UnmarshalText(text []byte) error {
	number, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = number
	return nil
}

// Value writes a numeric column exactly.
func (d Number) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a numeric or integer column. Floats and NULL are errors; scan a
// nullable column into a *Number.
func (d *Number) Scan(source any) error {
	switch value := source.(type) {
	case []byte:
		return d.UnmarshalText(value)
	case string:
		return d.UnmarshalText([]byte(value))
	case int64:
		return d.UnmarshalText(strconv.AppendInt(nil, value, 10))
	default:
		return fmt.Errorf("scan decimal: cannot read %T", source)
	}
}

// Units is the number in ten-thousandths, for sums that may leave its range.
func (d Number) Units() *big.Int { return big.NewInt(d.scaled) }

// Oversized tells whether there are more than MaxDigits before the point.
func (d Number) Oversized() bool { return d.scaled/One > maxInteger }

// OfUnits is false when ten-thousandths leave the range of a Number.
func OfUnits(units *big.Int) (Number, bool) {
	if !units.IsInt64() {
		return Number{}, false
	}
	return Number{units.Int64()}, true
}

// FormatUnits is the canonical form of any count of ten-thousandths, also of
// sums that would not fit a Number.
func FormatUnits(units *big.Int) string {
	whole, rest := new(big.Int).QuoRem(new(big.Int).Abs(units), big.NewInt(One), new(big.Int))
	text := whole.String()
	if rest.Sign() != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%0*d", decimals, rest), "0")
	}
	if units.Sign() < 0 {
		return "-" + text
	}
	return text
}
