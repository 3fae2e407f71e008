package browser

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"cchc/domain/document"
)

// chased is a campaign of the whole city whose due has just passed, with nothing
// handed in: the last afternoon of an officer.
func chased(t *testing.T, w *town) string {
	t.Helper()
	units, err := w.Store.Units(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	codes := make([]string, len(units))
	for i, unit := range units {
		codes[i] = unit.Code
	}
	code := w.launch(t, "Báo cáo CCHC quý IV năm 2026, buổi chiều cuối", soon(), codes...)
	w.Eventually("every workflow has been started", 90*time.Second, func() bool {
		return w.Count(`select count(*) from documents where campaign = $1 and run_id <> ''`, code) == len(codes)
	})
	w.exec(t, `update documents set due_at = clock_timestamp() - interval '20 minutes', unit_due_at = clock_timestamp() - interval '20 minutes',
		desk_since = clock_timestamp() - interval '5 hours' where campaign = $1`, code)
	return code
}

// chasing is an officer with a city of units that are late: the register with a
// cause, reminders that skip who has just acted, a workbook and a print that say
// what the screen says.
func chasing(t *testing.T, w *town) {
	code := chased(t, w)
	all := w.Count(`select count(*) from documents where campaign = $1`, code)
	path, acted := "/campaigns/"+code, code+"-"+health.unit
	w.fill(t, acted, health.specialist)
	w.decide(t, acted, document.Submit, health.specialist)

	b := w.as(t, officer)
	b.open(path + "?flag=overdue")
	b.sees(strconv.Itoa(all)+" đơn vị, quá hạn", "Ai đang giữ")
	const sum = `() => [...document.querySelectorAll(".funnel .value")].map((e) => Number(e.innerText)).reduce((a, b) => a + b, 0)`
	if n := ask[int](b, sum); n != all {
		t.Errorf("the counts of the board sum to %d of %d", n, all)
	}
	b.pressed("Sổ quá hạn")
	b.sees(strconv.Itoa(all) + " đơn vị quá hạn")
	b.inspect("overdue-register")
	for unit, cause := range map[string]string{"tai+chinh": "Chưa mở, chưa viết dòng nào", "y+te": "Nằm ở trưởng phòng"} {
		b.open(path + "/overdue?q=" + unit)
		b.sees("1 đơn vị quá hạn", cause)
	}

	b.open(path + "/overdue?q=tai+chinh")
	b.pressed("Ghi nguyên nhân")
	b.write("cause", "=Chờ Kho bạc đối chiếu số liệu, xong ngày mai")
	b.inspect("overdue-cause")
	b.pressed("Ghi nguyên nhân")
	b.sees("Đã ghi nguyên nhân.", "=Chờ Kho bạc")
	b.open(path + "/overdue?noted=yes")
	b.sees("1 đơn vị quá hạn", "=Chờ Kho bạc đối chiếu số liệu")

	b.open(path)
	b.pressed("Nhắc " + strconv.Itoa(all) + " đơn vị quá hạn")
	b.sees("Chưa gửi gì", "1 đơn vị vừa xử lý, bỏ qua", "Sở Y tế")
	b.inspect("remind-preview")
	if n := w.Count(`select count(*) from history where event = 'reminded' and document_id like $1 || '-%'`, code); n != 0 {
		t.Errorf("the preview has reminded %d", n)
	}
	b.pressed("Nhắc " + strconv.Itoa(all-1) + " đơn vị")
	b.sees("Kết quả nhắc", "Bỏ qua 1 đơn vị", "1 đơn vị vừa xử lý, đã bỏ qua")
	b.inspect("remind-result")
	if n := w.Count(`select count(*) from history where event = 'reminded' and document_id like $1 || '-%'`, code); n != all-1 {
		t.Errorf("%d documents were reminded, want %d", n, all-1)
	}
	if n := w.Count(`select count(*) from history where event = 'reminded' and document_id = $1`, acted); n != 0 {
		t.Error("who has just acted was reminded")
	}
	sameWorkbook(t, b, path, all)
	printed(t, b, path, all)
}

// sameWorkbook takes the board and the register away as workbooks and compares
// them with the screen.
func sameWorkbook(t *testing.T, b *tab, path string, all int) {
	t.Helper()
	b.open(path + "?sort=unit")
	onScreen := ask[[]string](b, `() => [...document.querySelectorAll("table.board tbody th")].map((e) => e.innerText.trim())`)
	rows := workbook(t, b, b.href("Xuất Excel"))
	if len(rows) != all {
		t.Errorf("the workbook has %d units, the campaign %d", len(rows), all)
	}
	for i, unit := range onScreen {
		if rows[i][0] != unit {
			t.Errorf("row %d is %q in the workbook, %q on the screen", i, rows[i][0], unit)
		}
	}
	b.open(path + "/overdue?noted=yes")
	if rows := workbook(t, b, b.href("Xuất Excel")); len(rows) != 1 || rows[0][9] != "=Chờ Kho bạc đối chiếu số liệu, xong ngày mai" {
		t.Errorf("the register's workbook says %q", rows)
	}
}

// workbook is the rows of the table in a workbook, under its head.
func workbook(t *testing.T, b *tab, path string) [][]string {
	t.Helper()
	data, _ := b.bytesOf(path)
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if len(row) > 0 && row[0] == "Đơn vị" {
			return rows[i+1:]
		}
	}
	t.Fatalf("no head in %q", rows)
	return nil
}

// printed looks at the board in one piece and keeps it as it comes out of a
// printer: A4 across, every unit.
func printed(t *testing.T, b *tab, path string, all int) {
	t.Helper()
	b.open(path)
	b.pressed("Xem bản in")
	if n := b.counts("table.board tbody tr"); n != all {
		t.Errorf("%d rows in one piece, want %d", n, all)
	}
	b.media(paper) // what was looked at before was asked for as on a screen
	defer b.media(light)
	asStyled := true
	answer, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &asStyled})
	if err != nil {
		t.Fatal(err)
	}
	pdf := answer.Data
	if !bytes.Contains(pdf, []byte("/MediaBox [0 0 842 595]")) && !bytes.Contains(pdf, []byte("/MediaBox [0 0 841")) {
		t.Error("the print is not A4 across")
	}
	keepFile(t, "board-print.pdf", pdf)
}

// leading is a leader of the city: the first page is the whole, its shares sum to
// 100 %, and every number leads to its units and their documents.
func leading(t *testing.T, w *town) {
	d := w.displayed(t)
	b := w.as(t, cityViewer)
	b.open("/")
	if b.address() != "/dashboard" {
		t.Fatalf("a leader begins at %s", b.address())
	}
	b.open("/dashboard?campaign=" + d.campaign)
	b.sees("7 đơn vị phải nộp", "Số liệu lúc")
	const tenths = `() => [...document.querySelectorAll(".classes .value")].map((e) => Number(e.innerText.replace(/[^0-9]/g, ""))).reduce((a, b) => a + b, 0)`
	if n := ask[int](b, tenths); n != 1000 {
		t.Errorf("the classes sum to %d tenths of a percent", n)
	}
	b.inspect("dashboard")
	missing := ask[string](b, `() => [...document.querySelectorAll(".classes a")].find((e) => e.innerText.includes("Chưa nộp")).innerText.match(/(\d+) đơn vị/)[1]`)
	b.pressed("Chưa nộp")
	b.sees(missing + " đơn vị chưa nộp")
	if n := strconv.Itoa(b.counts("table.board tbody tr")); n != missing {
		t.Errorf("the tile says %s units, the board lists %s", missing, n)
	}
	b.pressed("Sở Tài chính")
	if !strings.HasPrefix(b.address(), "/documents/"+d.campaign) {
		t.Errorf("the unit leads to %s", b.address())
	}
	b.open("/dashboard/units/" + finance.unit)
	b.sees("Sở Tài chính", "Chưa nộp")
	b.inspect("unit-record")
}
