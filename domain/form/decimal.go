package form

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
	decimals = 4      // digits kept after the point
	unit     = 10_000 // one, in ten-thousandths

	// maxInteger bounds a typed figure to 11 digits before the point: with it,
	// sums over some 9,000 units cannot leave the range of a Decimal.
	maxInteger       = 99_999_999_999
	maxIntegerDigits = 11
)

// Decimal is an exact number with at most four decimals. The zero value is 0;
// an absent number is a nil *Decimal. Decimals compare with ==. Text, JSON (a
// string) and SQL (numeric) hold the canonical form, "-1234.5".
type Decimal struct {
	scaled int64 // ten-thousandths
}

// DecimalOf is the whole number n, which must lie within +-922,337,203,685,477.
func DecimalOf(n int64) Decimal { return Decimal{n * unit} }

// ParseDecimal reads the canonical form: an optional minus, digits, and after a
// point at most four decimals (further zeros are ignored, as numeric columns may
// add them).
func ParseDecimal(text string) (Decimal, error) {
	wrong := fmt.Errorf("parse decimal %q: want digits such as 1234.5, at most %d decimals", text, decimals)
	whole, fraction, pointed := strings.Cut(text, ".")
	digits := strings.TrimPrefix(whole, "-")
	if !isDigits(digits) || (pointed && !isDigits(fraction)) {
		return Decimal{}, wrong
	}
	fraction = strings.TrimRight(fraction, "0")
	if len(fraction) > decimals {
		return Decimal{}, wrong
	}
	scaled, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	if err != nil {
		return Decimal{}, wrong
	}
	return Decimal{scaled}, nil
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
func ParseVN(text string) (Decimal, error) {
	number, code := parseVN(strings.TrimFunc(text, unicode.IsSpace))
	switch code {
	case "":
		return number, nil
	case codeTooPrecise:
		return Decimal{}, rule.Broken(code, "", decimals)
	case codeTooBig:
		return Decimal{}, rule.Broken(code, "", maxIntegerDigits)
	default:
		return Decimal{}, rule.Broken(code, "")
	}
}

func parseVN(text string) (Decimal, rule.Code) {
	if text == "" {
		return Decimal{}, codeBlank
	}
	unsigned := strings.TrimPrefix(strings.TrimPrefix(text, "-"), "\u2212")
	canonical, code := canonicalOfVN(unsigned)
	if code != "" {
		return Decimal{}, code
	}
	whole, fraction, _ := strings.Cut(canonical, ".")
	if len(strings.TrimRight(fraction, "0")) > decimals {
		return Decimal{}, codeTooPrecise
	}
	if len(strings.TrimLeft(whole, "0")) > maxIntegerDigits {
		return Decimal{}, codeTooBig
	}
	number, err := ParseDecimal(canonical)
	if err != nil {
		return Decimal{}, codeNotNumber
	}
	if unsigned != text && number.scaled != 0 {
		return Decimal{}, codeNegative
	}
	return number, ""
}

// canonicalOfVN turns separators into the canonical ones.
func canonicalOfVN(text string) (string, rule.Code) {
	text = withoutSpaces(text)
	whole, fraction, comma := strings.Cut(text, ",")
	if comma && !isDigits(fraction) {
		return "", codeNotNumber
	}
	groups := strings.Split(whole, ".")
	for _, group := range groups {
		if !isDigits(group) {
			return "", codeNotNumber
		}
	}
	switch {
	case len(groups) == 1 || thousands(groups):
		whole = strings.Join(groups, "")
	case len(groups) == 2 && !comma && len(groups[1]) != 3:
		return text, "" // a plain decimal point: no thousands end after one, two or four digits
	case len(groups) == 2 && !comma:
		return "", codeAmbiguous
	default:
		return "", codeNotNumber
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
func (d Decimal) Cmp(other Decimal) int {
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
func (d Decimal) Sign() int { return d.Cmp(Decimal{}) }

// IsInteger tells whether there are no decimals.
func (d Decimal) IsInteger() bool { return d.scaled%unit == 0 }

// String is the canonical form: no thousands, a point, no needless zeros.
func (d Decimal) String() string { return formatUnits(d.big()) }

// TenThousandths is the number in ten-thousandths, for drawings.
func (d Decimal) TenThousandths() int64 { return d.scaled }

// OfTenThousandths is that many ten-thousandths.
func OfTenThousandths(n int64) Decimal { return Decimal{n} }

// VN is the Vietnamese form: "1.234,5", of a negative number "-1.234,5".
func (d Decimal) VN() string {
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
func (d Decimal) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the canonical form.
func (d *Decimal) UnmarshalText(text []byte) error {
	number, err := ParseDecimal(string(text))
	if err != nil {
		return err
	}
	*d = number
	return nil
}

// Value writes a numeric column exactly.
func (d Decimal) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads a numeric or integer column. Floats and NULL are errors; scan a
// nullable column into a *Decimal.
func (d *Decimal) Scan(source any) error {
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

func (d Decimal) big() *big.Int { return big.NewInt(d.scaled) }

// decimalOfUnits is false when ten-thousandths leave the range of a Decimal.
func decimalOfUnits(units *big.Int) (Decimal, bool) {
	if !units.IsInt64() {
		return Decimal{}, false
	}
	return Decimal{units.Int64()}, true
}

// formatUnits is the canonical form of any count of ten-thousandths, also of
// sums that would not fit a Decimal.
func formatUnits(units *big.Int) string {
	whole, rest := new(big.Int).QuoRem(new(big.Int).Abs(units), big.NewInt(unit), new(big.Int))
	text := whole.String()
	if rest.Sign() != 0 {
		text += "." + strings.TrimRight(fmt.Sprintf("%0*d", decimals, rest), "0")
	}
	if units.Sign() < 0 {
		return "-" + text
	}
	return text
}
