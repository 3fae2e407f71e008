package paper

import (
	"strings"
	"testing"
	"time"
)

func TestWhatAPrintNeeds(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Report)
		want   string // in the error; empty: prints
	}{
		{"complete", func(*Report) {}, ""},
		{"no agency", func(r *Report) { r.Agency = " " }, "no agency"},
		{"no type", func(r *Report) { r.Type = "" }, "no type"},
		{"no place", func(r *Report) { r.Place = "" }, "no place"},
		{"no time", func(r *Report) { r.Created = time.Time{} }, "no time of creation"},
		{"numbered but not dated", func(r *Report) { r.Date = 0 }, "no date"},
		{"nobody signs", func(r *Report) { r.SignerName = "" }, "no signer's name"},
		{"no capacity", func(r *Report) { r.SignerCapacity = []string{""} }, "no signer's capacity"},
		{"a draft knows no signer, date or number", func(r *Report) {
			*r = unnumbered()
			r.SignerName, r.SignerCapacity = "", nil
		}, ""},
		{"a name of many pages", func(r *Report) { r.SignerName = strings.Repeat("Lê Hoàng Phương ", 1000) }, "does not fit"},
		{"a heading of many pages in the annex", func(r *Report) {
			r.Appendix = &Appendix{Columns: []string{strings.Repeat("STT ", 900)}}
		}, "does not fit"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := sample()
			test.change(&r)
			_, err := Render(r)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestFilename(t *testing.T) {
	tests := []struct {
		name string
		r    Report
		want string
	}{
		{"numbered", sample(), "412-BC-STC-bao-cao-cong-tac-cai-cach-hanh-chinh-quy-iv-nam-2026.pdf"},
		{"draft", unnumbered(), "DU-THAO-BC-STC-bao-cao-cong-tac-cai-cach-hanh-chinh-quy-iv-nam-2026.pdf"},
		{"letters with a stroke, marks and paths", Report{Number: "07/BC-SLĐTBXH", Type: "Báo cáo", Subject: "../Đường đi \\ \"tốt\"\n"}, "07-BC-SLDTBXH-bao-cao-duong-di-tot.pdf"},
		{"long", Report{Number: "1/BC", Type: "Báo cáo", Subject: strings.Repeat("Kết quả ", 40)}, "1-BC-bao-cao-" + strings.Repeat("ket-qua-", 10) + "ket-qua.pdf"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := Filename(test.r); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
