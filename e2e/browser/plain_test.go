package browser

import "testing"

// withoutScripts: drafting, submitting, approving and signing are plain forms.
func withoutScripts(t *testing.T, w *town) {
	id := w.launch(t, "Báo cáo không có kịch bản", soon(), canGio.unit) + "-" + canGio.unit
	w.fill(t, id, canGio.specialist)
	author, head, director := w.as(t, canGio.specialist), w.as(t, canGio.head), w.as(t, canGio.director)
	for _, b := range []*tab{author, head, director} {
		b.scripts(false)
		defer b.scripts(true)
	}
	author.open("/documents/" + id + "/sections/I")
	author.write("text", "Viết khi không có kịch bản.")
	author.follow("go on", author.clickPrimary())
	author.open("/documents/" + id + "/figures/6")
	author.write("figure.6.1", "2.345,75")
	author.press("Lưu và kiểm tra")
	if kept := author.value("figure.6.1"); kept != "2.345,75" {
		t.Errorf("the figure saved without scripts is shown as %q", kept)
	}
	submit(author, id)
	head.open("/documents/" + id + "/review")
	head.sees("Viết khi không có kịch bản.", "2.345,75")
	approve(head, id)
	sign(director, id)
	director.sees("Nộp đúng hạn")
}
