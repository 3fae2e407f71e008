package browser

import (
	"strings"
	"testing"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

const quarterlyDraft = "/forms/bc-cchc-quy/draft"

// changingForm changes the form between two quarters and compares an indicator
// across them: a code is renamed and an indicator added, each by the buttons of the
// editor, the version is published with its mapping, and the third quarter's report
// stands beside the fourth's under the new code.
func changingForm(t *testing.T, w *town) {
	third := w.launch(t, "Báo cáo CCHC quý III năm 2026", soon(), finance.unit)
	w.exec(t, `update campaigns set period = '2026q3' where code = $1`, third)
	w.confirmed(t, third+"-"+finance.unit, "1.4", 12)

	b := w.as(t, officer)
	b.open("/campaigns")
	b.pressed("Biểu mẫu")
	b.pressed("Soạn phiên bản mới")
	b.sees("Báo cáo cải cách hành chính quý, phiên bản 2", "Không còn lỗi nào.")
	b.open(quarterlyDraft + "/groups/1")
	b.write("indicators.3.code", "1.40")
	b.tapOn(`[name="do"][value="insert.3"]`)
	b.until("an empty row is there", func() bool { return b.counts(`[name="indicators.21.code"]`) == 1 })
	b.write("indicators.4.code", "1.41")
	b.press("Lưu và kiểm tra")
	b.sees("Có lỗi cần sửa", "Chỉ tiêu dòng 5: Chưa điền.")
	b.inspect("form-indicators")
	b.write("indicators.4.name", "Số văn bản chỉ đạo về chuyển đổi số")
	b.write("indicators.4.unit", "văn bản")
	b.press("Lưu và kiểm tra")
	b.seesNot("Có lỗi cần sửa")

	b.open(quarterlyDraft + "/sections")
	b.write("sections.0.hint", "Nêu số văn bản và ngày ban hành.")
	b.until("the page saves by itself", func() bool {
		return b.saved() && b.value("base_version") != "" && w.Count(`select count(*) from form_draft_saves where auto`) >= 1
	})
	b.open(quarterlyDraft + "/sections")
	if kept := b.value("sections.0.hint"); kept != "Nêu số văn bản và ngày ban hành." {
		t.Errorf("what was typed is gone: %q", kept)
	}

	b.open(quarterlyDraft + "/checks")
	b.write("checks.0.rule", "1.2<1.1")
	b.until("the rule is read while it is typed", func() bool {
		return strings.Contains(b.text(`[data-reading="checks-0-rule"]`), "ở đây cần <=, >= hoặc =")
	})
	b.write("checks.0.rule", "1.2<=1.1")
	b.until("the rule is read aloud", func() bool {
		return strings.Contains(b.text(`[data-reading="checks-0-rule"]`), "không được lớn hơn 1.1")
	})
	b.pressed("Xem trước")
	b.sees("Nội dung báo cáo", "1.40", "Số văn bản chỉ đạo về chuyển đổi số")

	b.open(quarterlyDraft + "/publish")
	b.sees("Khác phiên bản đang dùng", "Số văn bản chỉ đạo về chuyển đổi số")
	if status := b.press("Công bố phiên bản 2"); status != 422 {
		t.Errorf("a publication without a guidance document was answered with %d", status)
	}
	b.sees("Ghi số và ngày của văn bản hướng dẫn")
	b.inspect("form-publish")
	if from := b.value("map.1.40"); from != "1.4" {
		t.Errorf("1.40 continues %q", from)
	}
	b.write("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	b.pressed("Công bố phiên bản 2")
	b.sees("Đã công bố phiên bản 2.", "So với phiên bản trước")

	fourth := w.launch(t, "Báo cáo CCHC quý IV năm 2026", soon(), finance.unit, health.unit)
	w.exec(t, `update campaigns set form_version = 2 where code = $1`, fourth)
	w.confirmed(t, fourth+"-"+finance.unit, "1.40", 15)
	b.open("/indicators?form=bc-cchc-quy&indicator=1.40")
	b.sees("1.40 Số văn bản chỉ đạo, điều hành CCHC đã ban hành", "Phiên bản 1, mã 1.4", "Phiên bản 2, mã 1.40", "đang nhận báo cáo")
	b.inspect("indicators")
	b.open("/indicators/units?indicator=1.40&campaign=" + fourth)
	b.sees("1/2 đơn vị", "Sở Tài chính", "Chưa thực hiện")
}

// confirmed takes a document through the whole chain past the pages, every figure
// zero but one.
func (w *town) confirmed(t *testing.T, id, indicator string, value int) {
	t.Helper()
	var number int
	if err := w.Owner.QueryRow(`select form_version from documents d join campaigns c on c.code = d.campaign where d.id = $1`, id).Scan(&number); err != nil {
		t.Fatal(err)
	}
	version, err := w.Store.FormVersion(t.Context(), "bc-cchc-quy", number)
	if err != nil {
		t.Fatal(err)
	}
	author := w.actor(t, finance.specialist).Person
	for _, section := range version.Sections {
		w.exec(t, `insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`, id, section.Code, narrative, author)
	}
	for _, one := range version.Active(calendar.DayOf(soon())) {
		if one.Type != "ratio" {
			w.exec(t, `insert into draft_figures (document_id, indicator, value, reason, updated_by) values ($1, $2, case when $2 = $3 then $4::int else 0 end, 'Theo thực tế', $5)`, id, one.Code, indicator, value, author)
		}
	}
	w.decide(t, id, document.Submit, finance.specialist)
	w.decide(t, id, document.Approve, finance.head)
	sign(w.as(t, finance.director), id)
	w.decide(t, id, document.Confirm, officer)
}
