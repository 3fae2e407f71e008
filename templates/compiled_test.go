package templates_test

import (
	"bytes"
	"testing"

	"cchc/templates"
	"cchc/templates/samples"
)

// TestCompiledPages: what is written fast is, byte for byte, what html/template
// writes.
func TestCompiledPages(t *testing.T) {
	pages, err := templates.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range templates.Names() {
		if err := pages.Compiled(name); err != nil {
			t.Errorf("page %s is shown slowly: %v", name, err)
		}
	}
	for _, sample := range samples.All() {
		var fast, plain bytes.Buffer
		if err := pages.Render(&fast, sample.Page, sample.View); err != nil {
			t.Errorf("%s: %v", sample.Name, err)
		}
		if err := pages.RenderPlainly(&plain, sample.Page, sample.View); err != nil {
			t.Errorf("%s: %v", sample.Name, err)
		}
		if at := firstDifference(fast.Bytes(), plain.Bytes()); at >= 0 {
			t.Errorf("%s differs from html/template's at %d:\n%s\nwant\n%s", sample.Name, at,
				around(fast.Bytes(), at), around(plain.Bytes(), at))
		}
	}
}

func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return at
}

func around(text []byte, at int) []byte { return text[max(0, at-80):min(len(text), at+80)] }

// BenchmarkPages shows every sample once.
func BenchmarkPages(b *testing.B) {
	pages, err := templates.New()
	if err != nil {
		b.Fatal(err)
	}
	all := samples.All()
	show := func(b *testing.B, render func(*bytes.Buffer, samples.Sample) error) {
		var page bytes.Buffer
		b.ReportAllocs()
		for b.Loop() {
			for _, sample := range all {
				page.Reset()
				if err := render(&page, sample); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("compiled", func(b *testing.B) {
		show(b, func(w *bytes.Buffer, s samples.Sample) error { return pages.Render(w, s.Page, s.View) })
	})
	b.Run("plain", func(b *testing.B) {
		show(b, func(w *bytes.Buffer, s samples.Sample) error { return pages.RenderPlainly(w, s.Page, s.View) })
	})
}
