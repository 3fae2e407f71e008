package paper

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"cchc/signing"
)

func TestReadersAcceptTheFile(t *testing.T) {
	for name, r := range map[string]Report{"with annex": full(), "draft": unnumbered()} {
		t.Run(name, func(t *testing.T) {
			path := saved(t, render(t, r))
			if out := run(t, "qpdf", "--check", path); !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Errorf("qpdf: %s", out)
			}
			fonts := strings.Split(strings.TrimSpace(run(t, "pdffonts", path)), "\n")[2:]
			if len(fonts) < 3 {
				t.Errorf("fonts: %q", fonts)
			}
			embedded := regexp.MustCompile(`^[A-Z]{6}\+LiberationSerif(-\w+)? +CID TrueType +Identity-H +yes yes yes `)
			for _, font := range fonts {
				if !embedded.MatchString(font) {
					t.Errorf("not an embedded subset with its letters: %s", font)
				}
			}
			// every letter has a shape: poppler is silent, and there is ink
			if out := run(t, "pdftoppm", "-r", "20", "-gray", path, filepath.Join(filepath.Dir(path), "page")); out != "" {
				t.Errorf("pdftoppm: %s", out)
			}
		})
	}
}

func TestFileSaysWhatItIs(t *testing.T) {
	p := render(t, full())
	out := run(t, "pdfinfo", "-isodates", saved(t, p))
	for _, want := range []string{
		`Title: +Báo cáo Công tác cải cách hành chính quý IV năm 2026 412/BC-STC\n`,
		`Author: +Sở Tài chính\n`,
		`CreationDate: +2026-12-17T(09:18:00\+07|02:18:00Z|02:18:00\+00)`,
		`Pages: +6\n`,
		`Page size: +595.28 x 841.89 pts \(A4\)`,
		`PDF version: +1.7\n`,
		`Encrypted: +no\n`,
		`JavaScript: +no\n`,
		`Metadata Stream: +no\n`, // PDF/A is not claimed
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("pdfinfo lacks %s:\n%s", want, out)
		}
	}
	if p.Pages != 6 {
		t.Errorf("Pages = %d", p.Pages)
	}
	id := regexp.MustCompile(`/ID\s*\[\s*<([0-9A-F]{32})>\s*<([0-9A-F]{32})>\s*\]`).FindSubmatch(p.PDF)
	if id == nil || !bytes.Equal(id[1], id[2]) {
		t.Errorf("no identifier in the trailer: %q", id)
	}
}

func TestSameReportSameBytes(t *testing.T) {
	want := render(t, full())
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() { // several requests print at once
			if got, err := Render(full()); err != nil || !bytes.Equal(got.PDF, want.PDF) {
				t.Errorf("another print of the same report differs (%v)", err)
			}
		})
	}
	wait.Wait()

	elsewhere := full()
	elsewhere.Created = elsewhere.Created.In(time.FixedZone("", -5*3600))
	if !bytes.Equal(render(t, elsewhere).PDF, want.PDF) {
		t.Error("the same instant told in another zone changes the bytes")
	}
	changed := full()
	changed.Parts[0].Text += " "
	changed.Appendix.Rows[3].Value = "9"
	if bytes.Equal(render(t, changed).PDF, want.PDF) {
		t.Error("another figure, the same bytes")
	}
}

// alphabet is every Vietnamese letter, in both cases, with what else occurs in reports.
func alphabet() string {
	var b strings.Builder
	for _, base := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		for _, tone := range []string{"", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"} {
			b.WriteString(norm.NFC.String(string(base) + tone))
		}
		b.WriteByte(' ')
	}
	return b.String() + "bcdđghklmnpqrstvx BCDĐGHKLMNPQRSTVX fjwz FJWZ 0123456789 .,;:!? ()[]{} /-–— +*%&@# =<>\"' “”‘’… ≤≥²³°× ½§€"
}

func TestEveryVietnameseLetterComesBack(t *testing.T) {
	want := strings.Fields(alphabet())
	if !slices.Contains(want, "EÈÉẼẺẸ") {
		t.Fatalf("the test's alphabet is wrong: %q", want)
	}
	for s, f := range faces() {
		for _, letter := range alphabet() {
			if !f.has(letter) {
				t.Errorf("%s has no %c (style %d)", f.name, letter, s)
			}
		}
	}
	r := sample()
	r.Opening = norm.NFD.String(alphabet()) // as pasted from a Mac: comes out in NFC
	r.Parts = []Part{{Number: "I.", Title: alphabet(), Parts: []Part{{Number: "1.", Title: alphabet(), Text: alphabet()}}}}
	text := strings.Join(textOf(t, render(t, r)), " ")
	if !norm.NFC.IsNormalString(text) {
		t.Error("text is not NFC")
	}
	for _, word := range want {
		if n := strings.Count(text, word); n < 3 {
			t.Errorf("%q comes back %d times, want 3", word, n)
		}
		if upper := strings.ToUpper(word); !strings.Contains(text, upper) {
			t.Errorf("%q in capitals is lost", upper)
		}
	}
}

// All faces have the same letters: clean asks the upright one for all of them.
func TestFacesShareTheirLetters(t *testing.T) {
	all := faces()
	for letter := range rune(1 << 16) {
		for _, f := range all[bold:] {
			if all[regular].has(letter) && !f.has(letter) {
				t.Errorf("%s lacks %c (%U)", f.name, letter, letter)
			}
		}
	}
}

func TestLettersWithoutAShape(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"not in the font", "Đạt 😀 漢", "Đạt □ □"},
		{"broken bytes", "Đạt \xff\xfe", "Đạt □"},
		{"controls and invisible letters", "Đ\x00ạ\u200bt\ufeff\x1b", "Đạt"},
		{"other spaces", "a\tb\u2003c", "a b c"},
		{"no-break space stays", "5\u00a0%", "5\u00a0%"},
		{"line ends of all systems", "a\r\nb\rc\u2028d\n", "a\nb\nc\nd\n"},
		{"decomposed", "Ha\u0300 No\u0323\u0302i", "Hà Nội"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := clean(test.in); got != test.want {
				t.Errorf("clean(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
	r := sample()
	r.Subject += " 😀"
	if text := textOf(t, render(t, r))[0]; !strings.Contains(text, "quý IV năm 2026 □") {
		t.Errorf("a letter without a shape is not marked:\n%s", text)
	}
}

func TestSignatureFields(t *testing.T) {
	p := render(t, full())
	if len(p.Fields) != 2 || p.Fields[0].Name != "ChuKyLanhDao" || p.Fields[1].Name != "DauCoQuan" {
		t.Fatalf("fields: %+v", p.Fields)
	}
	hand, seal := p.Fields[0], p.Fields[1]
	if hand.Page != 2 || seal.Page != 2 {
		t.Errorf("fields on pages %d and %d, want 2", hand.Page, seal.Page)
	}
	near := func(what string, got, want, within float64) {
		t.Helper()
		if math.Abs(got-want) > within {
			t.Errorf("%s is %.2f, want %.2f", what, got, want)
		}
	}
	near("width of the hand", hand.Rect[2]-hand.Rect[0], 55*mm, 0.02)
	near("height of the hand", hand.Rect[3]-hand.Rect[1], 25*mm, 0.02)
	near("width of the seal", seal.Rect[2]-seal.Rect[0], 37*mm, 0.02)
	near("height of the seal", seal.Rect[3]-seal.Rect[1], 37*mm, 0.02)
	// NĐ 30/2020, Phụ lục I, II.8: the seal covers a third of the hand, on its left
	near("cover", seal.Rect[2]-hand.Rect[0], (hand.Rect[2]-hand.Rect[0])/3, 0.02)
	near("middle of the seal", seal.Rect[1]+seal.Rect[3], hand.Rect[1]+hand.Rect[3], 0.02)

	words := boxes(t, p)[1]
	capacity, name := find(t, words, "GIÁM"), find(t, words, "Hoàng")
	if top := pageHeight - hand.Rect[3]; capacity.Bottom > top+0.1 {
		t.Errorf("capacity ends at %.1f, over the hand's top at %.1f", capacity.Bottom, top)
	}
	if bottom := pageHeight - hand.Rect[1]; name.Top < bottom-0.1 {
		t.Errorf("name begins at %.1f, over the hand's bottom at %.1f", name.Top, bottom)
	}
	near("middle of the hand", (hand.Rect[0]+hand.Rect[2])/2, (capacity.Left+find(t, words, "ĐỐC").Right)/2, 0.5)
	if copies := find(t, words, "nhận:"); copies.Right > seal.Rect[0] {
		t.Error("the seal covers the receivers")
	}
}

// The fields must be in the file, not only in the answer.
func TestFieldsStandInTheFile(t *testing.T) {
	p := render(t, full())
	var form struct {
		AcroForm struct {
			Fields []struct {
				FullName string `json:"fullname"`
				Page     int    `json:"pageposfrom1"`
				Type     string `json:"fieldtype"`
				Value    any    `json:"value"`
			}
		} `json:"acroform"`
	}
	out := run(t, "qpdf", "--json=1", "--json-key=acroform", saved(t, p))
	if err := json.Unmarshal([]byte(out), &form); err != nil {
		t.Fatal(err)
	}
	if len(form.AcroForm.Fields) != len(p.Fields) {
		t.Fatalf("qpdf finds %+v", form.AcroForm.Fields)
	}
	for i, got := range form.AcroForm.Fields {
		if got.FullName != p.Fields[i].Name || got.Page != p.Fields[i].Page || got.Type != "/Sig" || got.Value != nil {
			t.Errorf("field %+v, want empty %+v", got, p.Fields[i])
		}
	}
	for name, r := range map[string]Report{"no number": unnumbered(), "marked": func() Report { r := sample(); r.Draft = true; return r }()} {
		if p := render(t, r); len(p.Fields) != 0 || bytes.Contains(p.PDF, []byte("/AcroForm")) {
			t.Errorf("a draft (%s) can be signed", name)
		}
	}
}

// The signing layer reads the file it will extend.
func TestSigningAcceptsTheFile(t *testing.T) {
	r := unnumbered()
	p := render(t, r)
	field := signing.Field{Name: "Other", Page: 1, Rect: [4]float64{10, 10, 60, 40}}
	out, err := signing.AddFields(p.PDF, []signing.Field{field})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(out, p.PDF) {
		t.Error("the print is not a prefix of its increment")
	}
	path := filepath.Join(t.TempDir(), "increment.pdf")
	if err := os.WriteFile(path, out, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "qpdf", "--check", path)
}
