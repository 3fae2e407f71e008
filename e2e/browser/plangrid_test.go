package browser

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"
)

// planGrid is a plan's table written in cells, by two people at once, pasted from
// Word, handed in as a workbook, and with what the plan of the year before has left.
func planGrid(t *testing.T, w *town) {
	code, year := launchPlan(t, w, "kh-luoi", finance.unit)
	id := code + "-" + finance.unit
	b := w.as(t, finance.specialist)
	b.open("/documents/" + id + "/plan")
	b.counted(".plan-grid tr[data-key]", 1) // a blank one to begin with
	pasteTable(t, b, year)
	writeCells(t, w, b, id, year)
	b.inspect("plan-grid")
	besideEachOther(t, w, id, year)
	keptOverTheEnd(t, w, id)
	handInWorkbook(t, w, b, id)
	carryOver(t, w, b, id, code, year)
}

// pasteTable drops a table of Word with headings and heads of its own.
func pasteTable(t *testing.T, b *tab, year int) {
	t.Helper()
	b.pasteHTML(b.cell(0, "field"), `<table><tr><td>STT</td><td>Nội dung nhiệm vụ</td><td>Sản phẩm</td><td>Cơ quan chủ trì</td><td>Cơ quan phối hợp</td><td>Thời gian</td><td>Kinh phí</td></tr>
		<tr><td colspan="7"><b>I. Chỉ đạo, điều hành cải cách hành chính</b></td></tr>
		<tr><td>1</td><td>Ban hành kế hoạch kiểm tra</td><td><p>Kế hoạch</p><p>Quyết định</p></td><td>Văn phòng Sở</td><td>syt</td><td>Quý I</td><td></td></tr>
		<tr><td colspan="7">II. Cải cách thể chế</td></tr>
		<tr><td>2</td><td>Rà soát văn bản</td><td>Báo cáo</td><td>so tu phap</td><td></td><td>giữa năm</td><td></td></tr></table>`)
	b.sees("Đã dán 11 ô.", "Thêm 1 nhiệm vụ.", "Bỏ qua 1 cột không có trong bảng: Kinh phí.", "2 nhiệm vụ",
		"I. Chỉ đạo, điều hành cải cách hành chính", "II. Cải cách thể chế", "Chưa đọc được thời hạn", "Có ô chưa lưu")
	for column, want := range map[string]string{
		"lead": "Văn phòng Sở", "coordinating": "Sở Y tế", "deadline": fmt.Sprintf("Quý I/%d", year), "product": "Kế hoạch\nQuyết định",
	} {
		if got := b.value(b.cell(0, column)); got != want {
			t.Errorf("%s was pasted as %q, want %q", column, got, want)
		}
	}
	if got := b.value(b.cell(1, "lead")); got != "Sở Tư pháp" {
		t.Errorf("a unit's name is understood as %q", got)
	}
}

// writeCells works without the mouse, as in a workbook.
func writeCells(t *testing.T, w *town, b *tab, id string, year int) {
	t.Helper()
	b.key("F8", 119, 0)
	b.at(b.cell(1, "deadline"))
	b.write(b.cell(1, "deadline"), "quý II")
	b.key("Enter", '\r', 0) // past the last row a new one
	b.counted(".plan-grid tr[data-key]", 3)
	b.at(b.cell(2, "deadline"))
	if got := b.value(b.cell(2, "field")); got != "Cải cách thể chế" {
		t.Errorf("a new task belongs to %q", got)
	}
	b.until("the deadline is understood", func() bool { return b.value(b.cell(1, "deadline")) == fmt.Sprintf("Quý II/%d", year) })
	b.write(b.cell(2, "name"), "Công khai thủ tục hành chính")
	b.until("the new task is saved with what it lacks", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1`, id) == 3 && strings.Contains(b.words(), "Còn 3 chỗ phải sửa.")
	})
	b.key("ArrowUp", 38, alt)
	b.until("the task has moved up", func() bool { return b.value(b.cell(1, "name")) == "Công khai thủ tục hành chính" })
	b.key("z", 'Z', control)
	b.until("undone", func() bool { return b.value(b.cell(1, "name")) == "Rà soát văn bản" })
	b.until("what was undone is saved", func() bool {
		return w.Count(`select count(*) from draft_tasks a, draft_tasks b where a.document_id = $1 and b.document_id = $1
			and a.task->>'name' = 'Rà soát văn bản' and b.task->>'name' like 'Công khai%' and a.place < b.place`, id) == 1
	})
	b.tapOn(".plan-grid tr[data-key]:last-child [data-remove]")
	b.until("the task is taken out", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and removed`, id) == 1
	})
	b.counted(".plan-grid tr[data-key]", 2)
	removed := func(what string, want int) {
		t.Helper()
		b.until(what, func() bool {
			return w.Count(`select count(*) from draft_tasks where document_id = $1 and removed`, id) == want
		})
	}
	b.tap("Hoàn tác")
	removed("the task is put back", 0)
	b.tap("Làm lại")
	removed("the task is taken out again", 1)
	b.counted(".plan-grid tr[data-key]", 2)
	b.tap("Hoàn tác")
	removed("the task is put back again", 0)
	if got := b.value(b.cell(2, "name")); got != "Công khai thủ tục hành chính" {
		t.Errorf("put back as %q", got)
	}
}

// besideEachOther: two people in one table. Different cells of a task merge; the same
// cell asks, and until then nothing is overwritten.
func besideEachOther(t *testing.T, w *town, id string, year int) {
	t.Helper()
	mine, theirs := w.as(t, finance.specialist), w.as(t, finance.colleague)
	mine.open("/documents/" + id + "/plan")
	theirs.open("/documents/" + id + "/plan")
	mine.counted(".plan-grid tr[data-key]", 3)
	theirs.counted(".plan-grid tr[data-key]", 3)
	theirs.write(theirs.cell(0, "deadline"), "quý III")
	saved := func(deadline string) func() bool {
		return func() bool {
			return w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'deadline' = $2`, id, fmt.Sprint(year)+deadline) == 1
		}
	}
	theirs.until("the colleague's deadline is saved", saved("q3"))
	mine.write(mine.cell(0, "note"), "Theo kế hoạch của Thành phố")
	mine.until("both stand", func() bool {
		return mine.value(mine.cell(0, "deadline")) == fmt.Sprintf("Quý III/%d", year) &&
			w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'note' like 'Theo%' and task->>'deadline' = $2`, id, fmt.Sprint(year)+"q3") == 1
	})
	theirs.write(theirs.cell(0, "target"), "100 %")
	theirs.until("the colleague's target is saved", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'target' = '100 %'`, id) == 1
	})
	mine.write(mine.cell(0, "target"), "90 %")
	mine.sees("đã sửa nhiệm vụ này", "Giữ bản của tôi")
	if w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'target' = '100 %'`, id) != 1 {
		t.Error("the colleague's target was overwritten unseen")
	}
	mine.inspect("plan-grid-clash")
	// Whoever goes on elsewhere first is still told that something is not saved.
	mine.write(mine.cell(1, "note"), "Việc khác trước đã")
	mine.until("the task below is saved", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'note' = 'Việc khác trước đã'`, id) == 1
	})
	mine.until("the page says what is not saved", func() bool { return mine.saveState() == "invalid" })
	mine.tap("Giữ bản của tôi")
	mine.until("mine is saved", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'target' = '90 %'`, id) == 1
	})
}

// keptOverTheEnd: what is typed while the line is down is on the machine, and saved
// once the page is there again.
func keptOverTheEnd(t *testing.T, w *town, id string) {
	t.Helper()
	b := w.as(t, finance.specialist)
	b.open("/documents/" + id + "/plan")
	b.counted(".plan-grid tr[data-key]", 3)
	ask[bool](b, `() => { window.fetch = () => Promise.reject(new TypeError("off line")); return true; }`)
	b.key("End", 35, 0)
	b.tap("Thêm nhiệm vụ")
	b.counted(".plan-grid tr[data-key]", 4)
	b.write(b.cell(3, "name"), "Viết khi mất mạng")
	b.until("the page says that it is off line", func() bool { return b.saveState() == "offline" })
	b.open("/documents/" + id + "/plan")
	b.until("what was typed is saved", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'name' = 'Viết khi mất mạng'`, id) == 1
	})
	b.sees("Đã lấy lại nội dung bạn gõ mà chưa lưu được.")
}

// handInWorkbook writes the table out, changes it and hands it in: errors first, then
// what would change, then the change.
func handInWorkbook(t *testing.T, w *town, b *tab, id string) {
	t.Helper()
	b.open("/documents/" + id + "/plan")
	data, _ := b.bytesOf(b.href("Xuất Excel"))
	edit := func(deadline string) string {
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		sheet := f.GetSheetName(0)
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		row := len(rows) + 1
		for column, text := range map[string]string{"B": "Cải cách tài chính công", "D": "Tập huấn tài chính", "E": "Lớp tập huấn", "G": "STC", "J": deadline} {
			if err := f.SetCellStr(sheet, fmt.Sprintf("%s%d", column, row), text); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "ke-hoach.xlsx")
		file, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(file); err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		return path
	}
	hand := func(path string) {
		b.open("/documents/" + id + "/plan/import")
		step(b, "choose the workbook", chromedp.SetUploadFiles(`input[name="file"]`, []string{path}))
		b.pressed("Kiểm tra tệp")
	}
	b.open("/documents/" + id + "/plan/import")
	b.inspect("plan-import")
	hand(edit("giữa năm"))
	b.sees("Tệp còn 1 ô chưa đọc được nên chưa nhập được.", "Tải tệp có đánh dấu")
	b.inspect("plan-import-wrong")
	marked, _ := b.bytesOf(b.href("Tải tệp có đánh dấu"))
	f, err := excelize.OpenReader(bytes.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(f.GetSheetList(), "Lỗi") {
		t.Errorf("the marked workbook has the sheets %q", f.GetSheetList())
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	hand(edit("15/9"))
	b.sees("Chưa lưu.", "1 nhiệm vụ thay đổi", "Tập huấn tài chính", "Sở Tài chính")
	b.inspect("plan-import-preview")
	if w.Count(`select count(*) from draft_tasks where document_id = $1 and task->>'name' = 'Tập huấn tài chính'`, id) != 0 {
		t.Error("the workbook was saved before anybody said so")
	}
	b.pressed("Nhập 5 nhiệm vụ")
	b.sees("Đã nhập 5 nhiệm vụ")
	b.counted(".plan-grid tr[data-key]", 5)
}

// carryOver takes over what the plan of the year before has left, and looks at it.
func carryOver(t *testing.T, w *town, b *tab, id, campaign string, year int) {
	t.Helper()
	old := "kh-nam-truoc-" + finance.unit
	w.exec(t, `
		insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, started_at)
		select 'kh-nam-truoc', gen_random_uuid(), kind, name, form, form_version, $2, window_from, window_to, due_day,
			due_inclusive, due_shift, due_at, ladder, confirm_ladder, launched_by, started_at
		from campaigns where code = $1`, campaign, fmt.Sprintf("%dy", year-1))
	w.exec(t, `
		insert into documents (id, campaign, unit_code, kind, stage, revision, unit_due_at, due_at, desk_since, rung_at, created_at, closed_at)
		select $1, 'kh-nam-truoc', unit_code, kind, 'approved', 1, unit_due_at, due_at, desk_since, rung_at, created_at, desk_since
		from documents where id = $2`, old, id)
	w.exec(t, `insert into plan_trackings (document_id, revision, rung_at, created_at, ended_at) values ($1, 1, now(), now(), now())`, old)
	w.exec(t, `
		insert into plan_tasks (document_id, key, campaign, unit_code, place, task)
		values ($1, 'namtruoc', 'kh-nam-truoc', $2, 1, jsonb_build_object('key', 'namtruoc', 'field', 'cong-vu', 'name', 'Việc còn lại của năm trước',
			'product', 'Báo cáo', 'lead', jsonb_build_object('name', 'Văn phòng Sở'), 'deadline', $3::text))`, old, finance.unit, fmt.Sprintf("%dq4", year-1))
	b.open("/documents/" + id + "/plan")
	b.sees(fmt.Sprintf("Kế hoạch năm %d còn 1 nhiệm vụ chưa hoàn thành.", year-1))
	b.pressed("Lấy từ kế hoạch năm trước")
	b.sees("1 nhiệm vụ lấy từ năm trước chưa xem lại.")
	b.counted(".plan-grid tr[data-key]", 6)
	b.inspect("plan-carried")
	b.tap("Đã xem")
	b.until("the task has been looked at", func() bool {
		return w.Count(`select count(*) from draft_tasks where document_id = $1 and key = 'namtruoc' and looked_at is not null`, id) == 1
	})
	b.until("the page no longer asks", func() bool { return !strings.Contains(b.words(), "chưa xem lại") })
	if got := b.value("cell.namtruoc.deadline"); got != fmt.Sprintf("Quý IV/%d", year) {
		t.Errorf("its deadline was carried to %q", got)
	}
}

// alt is the Alt key, held while another is pressed.
const alt = 1

// cell is the name of a cell of a plan's grid, rows from 0 as they stand.
func (b *tab) cell(row int, column string) string {
	b.t.Helper()
	return ask[string](b, `(row, column) => document.querySelectorAll(".plan-grid tr[data-key] [data-column=" + column + "] .cell")[row]?.name ?? ""`, row, column)
}

// counted waits until so many elements match.
func (b *tab) counted(selector string, want int) {
	b.t.Helper()
	b.until(fmt.Sprintf("there are %d of %s", want, selector), func() bool { return b.counts(selector) == want })
}

// pasteHTML drops a table of Word or Excel at a field.
func (b *tab) pasteHTML(field, table string) {
	b.t.Helper()
	ask[bool](b, `(name, table) => {
		const field = document.querySelector('[name="' + name + '"]');
		field.focus();
		const data = new DataTransfer();
		data.setData("text/html", table);
		data.setData("text/plain", "-");
		return field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
	}`, field, table)
}
