package templates

import (
	"html/template"
	"strings"
	"testing"
)

func TestProse(t *testing.T) {
	parts := template.Must(template.New("prose").Funcs(functions()).ParseFS(pageFiles, "pages/parts/prose.html"))
	table := func(inner string) string {
		return `<div class="prose-table" role="group" aria-label="Bảng trong nội dung" tabindex="0"><table>` + inner + `</table></div>`
	}
	tests := []struct{ name, text, want string }{
		{"paragraphs and looks", "Một **hai** *ba* ***bốn***\n\nNăm", "<p>Một <strong>hai</strong> <em>ba</em> <strong><em>bốn</em></strong></p><p>Năm</p>"},
		{"nothing typed is markup", "<script>alert(1)</script> **<b>**\n- <i>\n| <td> |",
			"<p>&lt;script&gt;alert(1)&lt;/script&gt; <strong>&lt;b&gt;</strong></p><ul><li>&lt;i&gt;</li></ul>" + table("<tbody><tr><td>&lt;td&gt;</td></tr></tbody>")},
		{"lists under items", "- a\n  1. b\n  2. c\n    - d\n- e", `<ul><li>a<ol><li value="1">b</li><li value="2">c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>`},
		{"dashes after numbers", "3. a\n- b\nc", `<ol><li value="3">a</li></ol><ul><li>b</li></ul><p>c</p>`},
		{"a head, figures and blanks", "| a | b |\n| --- | --- |\n| c | 1.234,5 |\n| d |", table(
			`<thead><tr><th scope="col">a</th><th scope="col" class="n">b</th></tr></thead><tbody><tr><td>c</td><td class="n">1.234,5</td></tr><tr><td>d</td><td class="n"></td></tr></tbody>`)},
		{"a head alone", "| a |\n| --- |", table(`<thead><tr><th scope="col">a</th></tr></thead>`)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			if err := parts.ExecuteTemplate(&out, "prose", proseNodes(test.text)); err != nil {
				t.Fatal(err)
			}
			if want := `<div class="prose-read">` + test.want + `</div>`; out.String() != want {
				t.Errorf("\n got %s\nwant %s", out.String(), want)
			}
		})
	}
}
