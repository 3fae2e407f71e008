package words_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/migrations/seedtest"
	"cchc/templates/words"
)

// TestEveryCodeHasItsSentence reads the source of all rooms: each constant of
// type rule.Code, and each literal code given to Add or Broken, has its words.
func TestEveryCodeHasItsSentence(t *testing.T) {
	codes := codesInSource(t, filepath.Join("..", ".."))
	if len(codes) < 60 {
		t.Fatalf("only %d codes found: the search is broken", len(codes))
	}
	for code, where := range codes {
		if !words.HasMessage(rule.Code(code)) {
			t.Errorf("%s (%s) has no sentence", code, where)
		}
		if sentence := words.Message(rule.Error{Code: rule.Code(code)}); !strings.HasSuffix(sentence, ".") || strings.Contains(sentence, "%!") {
			t.Errorf("%s without arguments reads %q", code, sentence)
		}
	}
}

func codesInSource(t *testing.T, root string) map[string]string {
	t.Helper()
	codes := map[string]string{}
	eachFile(t, root, func(path string, file *ast.File) { collectCodes(file, path, codes) })
	return codes
}

// eachFile parses every Go file of the project but tests and this folder.
func eachFile(t *testing.T, root string, look func(path string, file *ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && path != root || entry.Name() == "node_modules" || entry.Name() == "templates") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		look(path, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWordsLiveInTemplates: what people read is written under templates/ or in
// seed data, so no literal elsewhere has a letter that only Vietnamese needs.
func TestWordsLiveInTemplates(t *testing.T) {
	files := 0
	eachFile(t, "../..", func(path string, file *ast.File) {
		files++
		ast.Inspect(file, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING && strings.ContainsFunc(literal.Value, vietnamese) {
				t.Errorf("%s: %s", path, literal.Value)
			}
			return true
		})
	})
	if files < 100 {
		t.Errorf("only %d files were looked at", files)
	}
}

func vietnamese(r rune) bool {
	return r >= 0xc0 && r <= 0x24f && r != 0xd7 && r != 0xf7 || r >= 0x1e00 && r <= 0x1eff
}

func collectCodes(file *ast.File, path string, codes map[string]string) {
	take := func(expr ast.Expr) {
		if literal, ok := expr.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if code, err := strconv.Unquote(literal.Value); err == nil {
				codes[code] = path
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if isCodeType(n.Type) {
				for _, value := range n.Values {
					take(value)
				}
			}
		case *ast.CallExpr:
			// Add(code, field, ...) and rule.Broken(code, field, ...).
			if method, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) >= 2 && givesCode(method) {
				take(n.Args[0])
			}
		}
		return true
	})
}

func isCodeType(expr ast.Expr) bool {
	selector, ok := expr.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Code"
}

func givesCode(method *ast.SelectorExpr) bool {
	owner, _ := method.X.(*ast.Ident)
	switch method.Sel.Name {
	case "Broken":
		return owner != nil && owner.Name == "rule"
	case "Add":
		return owner != nil && (owner.Name == "broken" || owner.Name == "errs")
	}
	return false
}

func TestEveryNameHasItsWord(t *testing.T) {
	want := func(kind, name, word string) {
		t.Helper()
		if strings.TrimSpace(word) == "" || word == name {
			t.Errorf("%s %s has no word", kind, name)
		}
	}
	for _, s := range document.Stages {
		want("stage", string(s), words.Stage(s))
	}
	for _, s := range document.Statuses {
		want("status", string(s), words.Status(s))
	}
	for _, a := range document.Actions {
		want("action", string(a), words.Action(a))
		want("done action", string(a), words.Done(a))
	}
	for _, k := range document.Kinds {
		want("kind", string(k), words.Kind(k))
	}
	for _, r := range staff.Roles {
		want("role", string(r), words.Role(r))
	}
	for _, e := range words.Events() {
		want("event", e, words.Event(e, 1, nil))
	}
	for _, k := range []string{"launched", "task_opened", "returned", "confirmed", "reminder", "due", "overdue", "escalation", "extended", "exempted"} {
		want("notice icon", k, words.NoticeIcon(k))
		want("notice", k, words.NoticeHead(k, staff.Director))
	}
}

func TestMessages(t *testing.T) {
	for _, c := range []struct {
		code rule.Code
		args []any
		want string
	}{
		{"figure_equation", []any{"3.18=3.19+3.20+3.21", "12480", "12482"}, "3.18 phải bằng 3.19 + 3.20 + 3.21. Đang lệch 2 (12.480 và 12.482)."},
		{"figure_equation", []any{"3.13=previous(3.22)", "1.5", "1.25"}, "3.13 phải bằng số kỳ trước của 3.22. Đang lệch 0,25 (1,5 và 1,25)."},
		{"figure_inequality", []any{"1.2<=1.1", "48", "46"}, "1.2 không được lớn hơn 1.1. Đang là 48 và 46."},
		{"figure_inequality", []any{"3.26>=95%", "94.2", "95"}, "3.26 không được nhỏ hơn 95 %. Đang là 94,2 và 95."},
		{"figure_known", []any{"60", "58"}, "Khác số trong kế hoạch đang theo dõi của đơn vị (60, nay 58). Ghi lý do đối chiếu."},
		{"figure_change", []any{"1206", "1593", float64(30)}, "Thay đổi quá 30 % so với cùng kỳ năm trước (1.206, nay 1.593). Ghi lý do."},
		{document.WrongStage, []any{"signing"}, "Văn bản đã chuyển sang bước “Ký số”, nên thao tác này không còn áp dụng."},
		{document.ActedBefore, []any{"specialist"}, "Bạn đã xử lý văn bản này với vai trò chuyên viên, nên không xử lý tiếp với vai trò khác."},
		{"number_used", []any{float64(412), float64(413)}, "Số 412 đã dùng. Số tiếp theo còn trống là 413."},
		{"campaign_due_before_window_end", []any{"2026-12-14"}, "Hạn nộp phải sau ngày chốt số liệu 14/12/2026, cách ít nhất 1 ngày làm việc."},
	} {
		if got := words.Message(rule.Error{Code: c.code, Args: c.args}); got != c.want {
			t.Errorf("%s: %q, want %q", c.code, got, c.want)
		}
	}
	if got := words.Problem(rule.Error{Code: "figure_blank", Field: "figure.3.31"}); got != "3.31: Chưa nhập. Nếu không có, ghi 0." {
		t.Errorf("Problem: %q", got)
	}
}

func TestDue(t *testing.T) {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, calendar.Zone)
	}
	c := calendar.New(nil)
	midnight, noon := at(6, 15, 0, 0), at(12, 17, 17, 0)
	for _, row := range []struct {
		last, now time.Time
		want      string
	}{
		{midnight, at(6, 10, 9, 0), "Còn 2 ngày làm việc, chậm nhất 24:00 Chủ nhật 14/06/2026."},
		{midnight, at(6, 13, 9, 0), "Không còn ngày làm việc nào trước hạn, chậm nhất 24:00 Chủ nhật 14/06/2026."},
		{at(6, 14, 13, 42), at(6, 13, 13, 42), "Còn 24 giờ, chậm nhất 13:42 Chủ nhật 14/06/2026."}, // an ad hoc report, 24 hours
		{midnight, at(6, 14, 18, 0), "Hạn 24:00 hôm nay, còn 6 giờ."},
		{midnight, midnight, "Quá 1 ngày làm việc, hạn 24:00 Chủ nhật 14/06/2026."},
		{noon, at(12, 17, 11, 0), "Hạn 17:00 hôm nay, còn 6 giờ."},
		{noon, at(12, 17, 16, 35), "Hạn 17:00 hôm nay, còn 25 phút."},
		{noon, noon, "Vừa quá hạn, hạn 17:00 thứ Năm 17/12/2026."},
		{noon, noon.Add(59 * time.Second), "Vừa quá hạn, hạn 17:00 thứ Năm 17/12/2026."},
		{noon, at(12, 17, 17, 1), "Quá 1 phút, hạn 17:00 thứ Năm 17/12/2026."},
		{noon, at(12, 17, 19, 0), "Quá 2 giờ, hạn 17:00 thứ Năm 17/12/2026."},
		{noon, at(12, 18, 9, 0), "Quá 1 ngày làm việc, hạn 17:00 thứ Năm 17/12/2026."},
	} {
		if got := words.Due(row.last, row.now, c); got != row.want {
			t.Errorf("due %v at %v: %q, want %q", row.last, row.now, got, row.want)
		}
	}
	if got := words.Overdue(noon, noon, c); got != "Vừa quá hạn" {
		t.Errorf("the flag in the first minute: %q", got)
	}
	if got := words.OnTime(noon, noon, c); got != "Nộp lần đầu quá hạn chưa đến 1 phút, 17:00 ngày 17/12/2026." {
		t.Errorf("handed in at the very instant: %q", got)
	}
	want := "Còn 2 ngày làm việc, nộp trước thứ Hai 15/06/2026, chậm nhất 24:00 Chủ nhật 14/06/2026."
	if got := words.DueBefore(calendar.Date(2026, 6, 15), midnight, at(6, 10, 9, 0), c); got != want {
		t.Errorf("DueBefore: %q", got)
	}
}

// TestExplain has words for every step, also when the steps come from JSON.
func TestExplain(t *testing.T) {
	q4 := period.Period{Kind: period.Quarter, Year: 2026, Number: 4}
	c := calendar.New([]calendar.Mark{{Date: calendar.Date(2026, 12, 15), Kind: calendar.Holiday, Name: "Ngày lễ"}})
	r := seedtest.Rule(t, q4)
	due, steps := r.Suggest(q4, r.Window(q4), c)
	steps = append(steps, due.Explain(c).Steps...)
	for _, s := range words.Explain(steps) {
		if strings.Contains(s, "due_") || strings.Contains(s, "%!") || !strings.HasSuffix(s, ".") {
			t.Errorf("no words: %q", s)
		}
	}
	fromJSON := []period.Step{{Code: period.StepExclusive, Args: []any{"2026-06-15", "2026-06-14"}, Source: period.SourceBeforeTheDay}, {Code: period.StepLastMoment, Args: []any{"2026-06-14", float64(1440)}, Source: period.SourceCampaign}}
	want := []string{
		"Nộp trước ngày 15/06/2026, nên ngày cuối được nộp là Chủ nhật 14/06/2026 (Quyết định 1439/QĐ-UBND Điều 8.1a).",
		"Chậm nhất 24:00 Chủ nhật 14/06/2026 (đặt khi mở đợt).",
	}
	for i, got := range words.Explain(fromJSON) {
		if got != want[i] {
			t.Errorf("%q, want %q", got, want[i])
		}
	}
}

func TestNumbersAndDates(t *testing.T) {
	for got, want := range map[string]string{
		words.Number(1234567):   "1.234.567",
		words.Number(-12):       "−12",
		words.Decimal("1234.5"): "1.234,5",
		words.Decimal("abc"):    "abc",
		words.Share(101, 188):   "53,7 %",
		words.Share(0, 0):       "—",
		words.Size(500 << 10):   "500 KB",
		words.Size(3565158):     "3,4 MB",
		words.Period(period.Period{Kind: period.Quarter, Year: 2026, Number: 4}):      "quý IV năm 2026",
		words.PeriodShort(period.Period{Kind: period.Quarter, Year: 2026, Number: 3}): "Quý III",
		words.Period(period.Period{Kind: period.NineMonths, Year: 2026, Number: 1}):   "9 tháng đầu năm 2026",
		words.DateLong(calendar.Date(2026, 12, 17)):                                   "thứ Năm 17/12/2026",
		words.Event("submit", 2, nil):                                                 "đã trình trưởng phòng lần 2",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
