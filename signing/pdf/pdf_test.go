package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	for source, want := range map[string]string{
		`null`:               `null`,
		`true`:               `true`,
		`007`:                `007`,
		`-.5`:                `-.5`,
		`/A#20B`:             `/A#20B`,
		`/Tên`:               `/T#C3#AAn`,
		`12 0 R`:             `12 0 R`,
		`[1 2 R 3 0 R]`:      `[1 2 R 3 0 R]`,
		`[1 2 3]`:            `[1 2 3]`,
		`<</A<</B[]>>/C 1>>`: `<< /A << /B [] >> /C 1 >>`,
		`(a(b)c\)\\)`:        `<612862296329` + `5c>`,
		`(\101\12\0053)`:     `<410a0533>`,
		"(a\\\r\nb\r\nc\\n)": `<61620a630a>`,
		`(\r\t\b\f\q)`:       `<0d09080c71>`,
		`<4 1 4>`:            `<4140>`,
		"% note\n 5":         `5`,
	} {
		p := parser{data: []byte(source)}
		obj, err := p.value()
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := string(Append(nil, obj)); got != want {
			t.Errorf("%s reads as %s, want %s", source, got, want)
		}
	}
}

func TestRefusedValues(t *testing.T) {
	for _, source := range []string{
		``, `<</A 1/A 2>>`, `<</A>>`, `<<1 2>>`, `[1`, `(a`, `<4`, `<4x>`, `nil`, `1.2.3`, `--1`, `1e5`, `+`,
		`/A#2`, `/A#zz`, `/A#00`, `]`, `{}`, strings.Repeat("[", 100) + strings.Repeat("]", 100),
	} {
		p := parser{data: []byte(source)}
		if obj, err := p.value(); err == nil {
			t.Errorf("%q reads as %v", source, obj)
		}
	}
}

func TestReal(t *testing.T) {
	for v, want := range map[float64]Number{0: "0", 12: "12", 12.5: "12.5", 1.0 / 3: "0.3333", -0.00001: "0", 100: "100"} {
		if got := Real(v); got != want {
			t.Errorf("%v is written %s, want %s", v, got, want)
		}
	}
}

// document writes a minimal file around the given objects, numbered from 1.
// Object 1 is the catalog.
func document(objects ...string) []byte {
	out := []byte("%PDF-1.7\n")
	table := "0000000000 65535 f \n"
	for i, obj := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, obj)
	}
	at := len(out)
	return fmt.Appendf(out, "xref\n0 %d\n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table, len(objects)+1, at)
}

const (
	catalog = "<< /Type /Catalog /Pages 2 0 R >>"
	pages   = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
	page    = "<< /Type /Page /Parent 2 0 R >>"
)

func TestOpenAndIncrement(t *testing.T) {
	base := document(catalog, pages, page, "<< /Length 5 0 R >>\nstream\nabc\nendstream", "3")
	f, err := Open(base, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	stream, err := f.Object(0, 4)
	if err != nil || string(stream.(Stream).Data) != "abc" {
		t.Fatalf("%v, %v", stream, err)
	}
	inc := f.NewIncrement()
	added := inc.Add(Name("New"))
	inc.Replace(Ref{Number: 5}, Int(3))
	out := inc.Write()
	if !bytes.HasPrefix(out, base) || !bytes.HasPrefix(out[inc.Body(added):], []byte("/New")) {
		t.Error("increment misplaced")
	}
	again, err := Open(out, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if obj, err := again.Object(1, added.Number); err != nil || obj != Name("New") {
		t.Errorf("%v, %v", obj, err)
	}
	if _, err := again.Object(0, added.Number); err == nil {
		t.Error("the first revision sees a later object")
	}
	if again.Revisions[0].End != len(base) || again.Revisions[1].Start != len(base) {
		t.Error("wrong limits of the revisions")
	}
}

func TestWriteStartsOnItsOwnLine(t *testing.T) {
	base := bytes.TrimSuffix(document(catalog, pages, page), []byte("\n"))
	f, err := Open(base, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(f.NewIncrement().Write(), Limits{}); err != nil {
		t.Error(err)
	}
}

func TestRefusedFiles(t *testing.T) {
	good := document(catalog, pages, page)
	change := func(from, to string) []byte { return bytes.Replace(good, []byte(from), []byte(to), 1) }
	for name, file := range map[string][]byte{
		"no header":                good[1:],
		"comment after the end":    append(bytes.Clone(good), "%%EOF\n"...),
		"table entry of 19 bytes":  change("65535 f \n", "65535 f\n"),
		"object beyond Size":       change("/Size 4", "/Size 3"),
		"no Size":                  change("/Size 4", "/Sise 4"),
		"no Root":                  change("/Root", "/Boot"),
		"object after its table":   change("0000000009", "0000009999"),
		"generation":               change("00000 n", "00001 n"),
		"letters in an offset":     change("0000000009", "00000000x9"),
		"trailer is no dictionary": change("<< /Size 4 /Root 1 0 R >>", "[]"),
		"text before %%EOF":        change("%%EOF", "x %%EOF"),
	} {
		if _, err := Open(file, Limits{}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := Open(good, Limits{Size: 10}); !errors.Is(err, ErrLimit) {
		t.Errorf("size: %v", err)
	}
	if _, err := Open(good, Limits{Objects: 2}); !errors.Is(err, ErrLimit) {
		t.Errorf("objects: %v", err)
	}
}

func TestRefusedObjects(t *testing.T) {
	for name, obj := range map[string]string{
		"stream shorter than Length": "<< /Length 9 >>\nstream\nabc\nendstream",
		"stream longer than Length":  "<< /Length 1 >>\nstream\nabc\nendstream",
		"no Length":                  "<< >>\nstream\nabc\nendstream",
		"Length is the stream":       "<< /Length 4 0 R >>\nstream\nabc\nendstream",
		"Length does not exist":      "<< /Length 99 0 R >>\nstream\nabc\nendstream",
		"negative Length":            "<< /Length -3 >>\nstream\nabc\nendstream",
		"no end of line":             "<< /Length 3 >>\nstreamabc\nendstream",
		"two values":                 "1 2",
	} {
		f, err := Open(document(catalog, pages, page, obj), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if found, err := f.Object(0, 4); err == nil {
			t.Errorf("%s: reads as %v", name, found)
		}
	}
}

func TestPages(t *testing.T) {
	for name, objects := range map[string][]string{
		"page in its own tree": {catalog, "<< /Kids [2 0 R] >>", page},
		"page twice":           {catalog, "<< /Kids [3 0 R 3 0 R] >>", page},
		"direct page":          {catalog, "<< /Kids [" + page + "] >>", page},
		"no kids":              {catalog, "<< >>", page},
		"no pages":             {"<< >>", pages, page},
	} {
		f, err := Open(document(objects...), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if found, err := f.Pages(0); err == nil {
			t.Errorf("%s: %v", name, found)
		}
	}
	f, err := Open(document(catalog, pages, page), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := f.Pages(0); err != nil || len(found) != 1 || found[0].Number != 3 {
		t.Errorf("%v, %v", found, err)
	}
}
