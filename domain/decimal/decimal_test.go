package decimal_test

import (
	"database/sql"
	"encoding/json"
	"errors"
	"math/rand"
	"testing"

	"cchc/domain/decimal"
	"cchc/domain/rule"
)

func TestParseVN(t *testing.T) {
	for _, row := range []struct{ typed, want string }{
		{"0", "0"}, {"5", "5"}, {"007", "7"}, {" 12 ", "12"}, {"\u00a012\u202f", "12"}, {"-0", "0"},
		{"1.234", "1234"}, {"12.345.678", "12345678"}, {"1234567", "1234567"},
		{"12,5", "12.5"}, {"1.234,5", "1234.5"}, {"1234,5", "1234.5"}, {"0,0001", "0.0001"}, {"1,50", "1.5"}, {"1,234", "1.234"},
		{"1234.5", "1234.5"}, {"12.5", "12.5"}, {"12.50", "12.5"}, {"0.0001", "0.0001"}, {"1,23450000", "1.2345"},
		{"99.999.999.999,9999", "99999999999.9999"},
		{"1 234", "1234"}, {"12\u00a0934", "12934"}, {"1\u202f234\u202f567,5", "1234567.5"}, {"1 234.5", "1234.5"},
	} {
		if got, err := decimal.ParseVN(row.typed); err != nil || got.String() != row.want {
			t.Errorf("%q is read as %s, %v; want %s", row.typed, got, err, row.want)
		}
	}
}

func TestParseVNRefuses(t *testing.T) {
	for _, row := range []struct {
		typed string
		code  rule.Code
	}{
		{"", "figure_blank"}, {"  ", "figure_blank"},
		{"abc", "figure_not_number"}, {"12 34", "figure_not_number"}, {"1  234", "figure_not_number"}, {"0 123", "figure_not_number"}, {"1 234 ,5", "figure_not_number"}, {"1 234.567,8", "figure_not_number"}, {"12%", "figure_not_number"}, {"1e5", "figure_not_number"},
		{"+5", "figure_not_number"}, {"NaN", "figure_not_number"}, {"٣", "figure_not_number"}, {"１２", "figure_not_number"},
		{",5", "figure_not_number"}, {"5,", "figure_not_number"}, {"5.", "figure_not_number"}, {".5", "figure_not_number"},
		{"1,234.5", "figure_not_number"}, {"1,2,3", "figure_not_number"}, {"1.23.456", "figure_not_number"}, {"1..234", "figure_not_number"},
		{"12.34,5", "figure_not_number"}, {"1234.567,8", "figure_not_number"}, {"1.234.56", "figure_not_number"}, {"--5", "figure_not_number"},
		{"0.123", "figure_ambiguous"}, {"1 234.567", "figure_ambiguous"}, {"1234.567", "figure_ambiguous"}, {"01.234", "figure_ambiguous"},
		{"-5", "figure_negative"}, {"\u22125", "figure_negative"}, {"-1.234,5", "figure_negative"},
		{"1,23456", "figure_too_precise"}, {"1.23456", "figure_too_precise"},
		{"100.000.000.000", "figure_too_big"}, {"123456789012345678901234567890", "figure_too_big"},
	} {
		_, err := decimal.ParseVN(row.typed)
		var broken rule.Errors
		if !errors.As(err, &broken) || len(broken) != 1 || broken[0].Code != row.code {
			t.Errorf("%q: %v, want %s", row.typed, err, row.code)
		}
	}
}

func TestNumberWritten(t *testing.T) {
	for _, row := range []struct{ canonical, vn string }{
		{"0", "0"}, {"7", "7"}, {"999", "999"}, {"1000", "1.000"}, {"1234.5", "1.234,5"}, {"0.0001", "0,0001"},
		{"-0.5", "-0,5"}, {"-1234567.25", "-1.234.567,25"}, {"99999999999.9999", "99.999.999.999,9999"},
	} {
		d := number(t, row.canonical)
		if d.String() != row.canonical || d.VN() != row.vn {
			t.Errorf("%s is written %s and %s, want %s", row.canonical, d, d.VN(), row.vn)
		}
	}
	if d := decimal.Of(1234); d.String() != "1234" {
		t.Errorf("1234 is written %s", d)
	}
}

// What is shown can be typed back, and both forms keep the number.
func TestNumberRoundTrips(t *testing.T) {
	random := rand.New(rand.NewSource(4))
	for range 5000 {
		scaled := random.Int63n(1_000_000_000_000_000) >> random.Intn(50)
		d := decimal.OfTenThousandths(scaled)
		back, err := decimal.ParseVN(d.VN())
		if err != nil || back != d {
			t.Fatalf("%s typed back as %s: %v, %v", d, d.VN(), back, err)
		}
		again, err := decimal.Parse(d.String())
		if err != nil || again != d {
			t.Fatalf("%s reads back as %v, %v", d, again, err)
		}
	}
}

func TestNumberCompares(t *testing.T) {
	a, b := number(t, "-1.5"), number(t, "2")
	if a.Cmp(b) != -1 || b.Cmp(a) != 1 || a.Cmp(a) != 0 || a.Sign() != -1 || b.Sign() != 1 || (decimal.Number{}).Sign() != 0 {
		t.Error("order is wrong")
	}
	if a.IsInteger() || !b.IsInteger() || number(t, "2.0000") != b {
		t.Error("integers or equality are wrong")
	}
}

func TestNumberScanAndValue(t *testing.T) {
	for _, source := range []any{[]byte("1234.5000"), "1234.5", "1234.50000000"} {
		var d decimal.Number
		if err := d.Scan(source); err != nil || d != number(t, "1234.5") {
			t.Errorf("scan %v: %s, %v", source, d, err)
		}
	}
	var whole decimal.Number
	if err := whole.Scan(int64(-12)); err != nil || whole.String() != "-12" {
		t.Errorf("scan -12: %s, %v", whole, err)
	}
	for _, source := range []any{nil, 1.5, "1.234,5", "NaN", "1e3", "", "-", "1.", "99999999999999999999", "0.00001"} {
		if err := new(decimal.Number).Scan(source); err == nil {
			t.Errorf("%v was scanned", source)
		}
	}
	if value, err := number(t, "1234.5").Value(); err != nil || value != "1234.5" {
		t.Errorf("value %v, %v", value, err)
	}
	var blank sql.Null[decimal.Number]
	if err := blank.Scan(nil); err != nil || blank.Valid {
		t.Errorf("a blank: %+v, %v", blank, err)
	}
}

func TestNumberInJSON(t *testing.T) {
	type figure struct {
		Value *decimal.Number `json:"value"`
	}
	d := number(t, "1234.5")
	text, err := json.Marshal(figure{Value: &d})
	if err != nil || string(text) != `{"value":"1234.5"}` {
		t.Fatalf("%s, %v", text, err)
	}
	var read figure
	if err := json.Unmarshal(text, &read); err != nil || *read.Value != d {
		t.Errorf("read back %+v, %v", read, err)
	}
	if err := json.Unmarshal([]byte(`{"value":null}`), &read); err != nil || read.Value != nil {
		t.Errorf("a blank figure reads as %v, %v", read.Value, err)
	}
	if json.Unmarshal([]byte(`{"value":1234.5}`), &read) == nil {
		t.Error("a JSON number, which may pass through a float, was read")
	}
}

func number(t *testing.T, canonical string) decimal.Number {
	t.Helper()
	d, err := decimal.Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
