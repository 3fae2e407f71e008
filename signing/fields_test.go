package signing_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"cchc/signing"
)

// Places as on a printed A4 report: the director's picture right of the middle,
// the agency seal over its left third.
var (
	director = signing.Field{Name: "ChuKyLanhDao", Page: 2, Rect: [4]float64{320, 300, 480, 370}}
	agency   = signing.Field{Name: "DauCoQuan", Page: 2, Rect: [4]float64{270, 280, 373, 383}}
)

// unsignedReport is two pages as fpdf writes them, without fields.
func unsignedReport(t testing.TB) []byte {
	t.Helper()
	doc := fpdf.New("P", "mm", "A4", "")
	doc.SetCreationDate(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	doc.SetModificationDate(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	doc.SetFont("Times", "", 14)
	for _, text := range []string{"Report, page one", "Signed below"} {
		doc.AddPage()
		doc.Cell(40, 10, text)
	}
	doc.LinkString(10, 10, 20, 5, "https://example.org") // a direct annotation on the page
	var out bytes.Buffer
	if err := doc.Output(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// report is the prepared paper: both empty fields in place.
func report(t testing.TB) []byte {
	t.Helper()
	out, err := signing.AddFields(unsignedReport(t), []signing.Field{director, agency})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// run calls an independent tool on a file; a missing tool fails the test.
func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAddFields(t *testing.T) {
	base := unsignedReport(t)
	out := report(t)
	if !bytes.HasPrefix(out, base) {
		t.Error("earlier bytes were touched")
	}
	got, err := signing.Fields(out)
	if err != nil {
		t.Fatal(err)
	}
	if want := []signing.Field{director, agency}; !reflect.DeepEqual(got, want) {
		t.Errorf("fields %v, want %v", got, want)
	}
	path := write(t, "fields.pdf", out)
	run(t, "qpdf", "--check", path)
	if text := run(t, "pdftotext", path, "-"); !strings.Contains(text, "Signed below") {
		t.Errorf("text lost: %q", text)
	}
	if list := run(t, "mutool", "sign", path); strings.Count(list, "Signature is not signed") != 2 {
		t.Errorf("mutool sees %q", list)
	}
}

func TestAddFieldsRefuses(t *testing.T) {
	for name, fields := range map[string][]signing.Field{
		"page beyond the last": {{Name: "A", Page: 3, Rect: director.Rect}},
		"page zero":            {{Name: "A", Page: 0, Rect: director.Rect}},
		"same name twice":      {director, director},
		"no name":              {{Page: 1, Rect: director.Rect}},
		"empty rectangle":      {{Name: "A", Page: 1}},
	} {
		if _, err := signing.AddFields(unsignedReport(t), fields); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := signing.AddFields(report(t), []signing.Field{director}); err == nil {
		t.Error("second form accepted")
	}
}
