package words

import (
	"fmt"
	"math/big"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/plan"
)

var taskStatuses = map[plan.Status]string{
	plan.NotStarted: "Chưa thực hiện",
	plan.InProgress: "Đang thực hiện",
	plan.Overdue:    "Quá hạn",
	plan.DoneInTime: "Hoàn thành đúng hạn",
	plan.DoneLate:   "Hoàn thành muộn",
	plan.Cancelled:  "Không thực hiện",
}

// TaskStatus is how a task of a plan stands.
func TaskStatus(s plan.Status) string { return taskStatuses[s] }

var taskColumns = map[string]string{
	plan.ColumnField:        "Lĩnh vực",
	plan.ColumnTarget:       "Mục tiêu, chỉ tiêu",
	plan.ColumnName:         "Nhiệm vụ",
	plan.ColumnProduct:      "Sản phẩm dự kiến",
	plan.ColumnProductKind:  "Loại sản phẩm",
	plan.ColumnLead:         "Chủ trì",
	plan.ColumnCoordinating: "Phối hợp",
	plan.ColumnStart:        "Bắt đầu",
	plan.ColumnDeadline:     "Thời hạn",
	plan.ColumnNote:         "Ghi chú",
	plan.ColumnCity:         "Nhiệm vụ của Thành phố",
	plan.ColumnReason:       "Lý do",
}

// TaskColumn is the head of a column of a plan's table.
func TaskColumn(column string) string { return taskColumns[column] }

// taskColumnNames are what else the columns are called in plans that people have.
var taskColumnNames = map[string][]string{
	plan.ColumnTarget:       {"Mục tiêu", "Chỉ tiêu", "Mục tiêu/chỉ tiêu"},
	plan.ColumnName:         {"Nội dung", "Nội dung nhiệm vụ", "Tên nhiệm vụ", "Nội dung công việc", "Công việc"},
	plan.ColumnProduct:      {"Sản phẩm", "Kết quả", "Sản phẩm, kết quả", "Kết quả, sản phẩm", "Sản phẩm/kết quả", "Kết quả/sản phẩm"},
	plan.ColumnLead:         {"Đơn vị chủ trì", "Cơ quan chủ trì", "Đơn vị/người chủ trì"},
	plan.ColumnCoordinating: {"Đơn vị phối hợp", "Cơ quan phối hợp"},
	plan.ColumnStart:        {"Ngày bắt đầu", "Thời gian bắt đầu"},
	plan.ColumnDeadline:     {"Thời gian", "Thời gian hoàn thành", "Thời gian thực hiện", "Hạn hoàn thành"},
}

// TaskColumnNames are all that a column is called, its own head first.
func TaskColumnNames(column string) []string {
	return append([]string{TaskColumn(column)}, taskColumnNames[column]...)
}

var deadlineKinds = map[plan.DeadlineKind]string{
	plan.ByDate:    "Đến ngày",
	plan.ByMonth:   "Trong tháng",
	plan.ByQuarter: "Trong quý",
	plan.Recurring: "Thường xuyên",
	plan.OnRequest: "Theo yêu cầu",
}

// DeadlineKind is a way to tell a deadline, as a choice.
func DeadlineKind(k plan.DeadlineKind) string { return deadlineKinds[k] }

// TaskDeadline is a task's deadline in its cell, as ReadDeadline reads it again:
// "30/06/2026", "Tháng 6/2026", "Quý II/2026", "Thường xuyên", "Theo yêu cầu"; ""
// for none.
func TaskDeadline(d plan.Deadline) string {
	switch d.Kind {
	case plan.ByDate:
		return Date(d.Day)
	case plan.ByMonth, plan.ByQuarter:
		kind := period.Month
		if d.Kind == plan.ByQuarter {
			kind = period.Quarter
		}
		return fmt.Sprintf("%s/%d", PeriodShort(period.Period{Kind: kind, Year: d.Year, Number: d.Number}), d.Year)
	}
	return deadlineKinds[d.Kind]
}

// NoField is the heading of tasks that belong to no field of the form.
const NoField = "Chưa chọn lĩnh vực"

// Parties are the names of a cell, as they are typed: "Sở Tài chính; Công an Thành phố".
func Parties(parties []plan.Party) string {
	names := make([]string, len(parties))
	for i, party := range parties {
		names[i] = party.Name
	}
	return strings.Join(names, "; ")
}

var taskChanges = map[plan.ChangeKind]string{
	plan.Added:   "Thêm",
	plan.Removed: "Bỏ",
	plan.Changed: "Sửa",
	plan.Moved:   "Chuyển chỗ",
}

// TaskChange is what happened to a task between two versions of a plan.
func TaskChange(k plan.ChangeKind) string { return taskChanges[k] }

// PlanShare is the share of completed tasks: "66,67 %"; a dash when nothing is
// planned.
func PlanShare(t plan.Tally) string {
	hundredths, ok := t.Percent()
	if !ok {
		return "—"
	}
	exact := big.NewRat(int64(hundredths), 100).FloatString(2)
	return Decimal(strings.TrimSuffix(strings.TrimRight(exact, "0"), ".")) + " %"
}

// TaskCount is "1 nhiệm vụ", "24 nhiệm vụ".
func TaskCount(n int) string { return fmt.Sprintf("%s nhiệm vụ", Decimal(fmt.Sprint(n))) }

// Words of the pages of a plan.
const (
	TitlePlan       = "Bảng nhiệm vụ"
	TitleTask       = "Nhiệm vụ"
	TitleNewTask    = "Thêm nhiệm vụ"
	NoProductKind   = "Không chọn"
	ChooseField     = "Chọn lĩnh vực"
	PlanComplete    = "Bảng nhiệm vụ đã đủ."
	PlanNotBegun    = "Chưa có nhiệm vụ"
	TaskRestored    = "Đã lấy lại nhiệm vụ."
	TaskSaved       = "Đã lưu nhiệm vụ."
	TaskMovedOn     = "Nhiệm vụ này vừa có người sửa, xem lại rồi thao tác tiếp."
	TitlePlanImport = "Nhập từ Excel"
	taskRemoved     = "Đã bỏ nhiệm vụ “%s”. Lấy lại được ở cuối trang."
	taskNamelessly  = "Đã bỏ một nhiệm vụ. Lấy lại được ở cuối trang."
)

// TaskClash tells that somebody else was faster at a task.
func TaskClash(by, when string, removed bool) string {
	if removed {
		return fmt.Sprintf("%s đã bỏ nhiệm vụ này, %s.", by, when)
	}
	return fmt.Sprintf("%s đã sửa nhiệm vụ này, %s. Chỗ khác nhau:", by, when)
}

// DeadlineOffers are the usual deadlines of a year, as a cell suggests them.
func DeadlineOffers(year int) []string {
	var offers []string
	for quarter := 1; quarter <= 4; quarter++ {
		offers = append(offers, TaskDeadline(plan.InQuarter(year, quarter)))
	}
	return append(offers, TaskDeadline(plan.InMonth(year, 12)),
		TaskDeadline(plan.Deadline{Kind: plan.Recurring}), TaskDeadline(plan.Deadline{Kind: plan.OnRequest}))
}

// CarryOffer tells what the plan of a year has left undone.
func CarryOffer(year, tasks int) string {
	return fmt.Sprintf("Kế hoạch năm %d còn %s chưa hoàn thành.", year, TaskCount(tasks))
}

// Carried tells how many tasks were taken over.
func Carried(tasks int) string {
	if tasks == 0 {
		return "Các nhiệm vụ chưa hoàn thành của năm trước đã có trong bảng."
	}
	return fmt.Sprintf("Đã lấy %s chưa hoàn thành của năm trước; thời hạn chuyển sang cùng kỳ năm nay. Xem lại từng nhiệm vụ.", TaskCount(tasks))
}

// TasksStale counts tasks that were taken over and not looked at; empty for none.
func TasksStale(tasks int) string {
	if tasks == 0 {
		return ""
	}
	return fmt.Sprintf("%s lấy từ năm trước chưa xem lại.", TaskCount(tasks))
}

// TaskStale warns before a submission of a task that was taken over.
func TaskStale(row int) string {
	return fmt.Sprintf("%s lấy từ năm trước, chưa xem lại.", TaskNumbered(row))
}

// TaskRemoved tells that a task was taken out.
func TaskRemoved(name string) string {
	if name == "" {
		return taskNamelessly
	}
	return fmt.Sprintf(taskRemoved, Shortened(name, 80))
}

// Shortened is a text of at most so many letters, with a sign where it was cut.
func Shortened(text string, most int) string {
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return strings.TrimSpace(string(letters[:most-1])) + "…"
}

// CellChange is what became of a cell: "thời hạn Quý II/2027 → Quý III/2027".
func CellChange(column, before, after string) string {
	if before == "" {
		before = "(trống)"
	}
	if after == "" {
		after = "(trống)"
	}
	return fmt.Sprintf("%s %s → %s", lower(TaskColumn(column)), Shortened(before, 80), Shortened(after, 80))
}

// AdjustmentNumbered is "Điều chỉnh lần 2".
func AdjustmentNumbered(n int) string { return fmt.Sprintf("Điều chỉnh lần %d", n) }

// TaskAt names a row by its number and what is to be done.
func TaskAt(row int, name string) string { return TaskNumbered(row) + ": " + name }

// TaskNumbered is "Nhiệm vụ 3".
func TaskNumbered(row int) string { return fmt.Sprintf("%s %d", TitleTask, row) }

// PlanLeft sums up a table: "Còn 3 chỗ phải sửa."
func PlanLeft(problems int) string {
	if problems == 0 {
		return PlanComplete
	}
	return fmt.Sprintf("Còn %d chỗ phải sửa.", problems)
}

// TasksReady counts tasks, for whoever decides on a plan.
func TasksReady(tasks, fields int) string {
	if tasks == 0 {
		return PlanNotBegun
	}
	return fmt.Sprintf("%s, %d lĩnh vực", TaskCount(tasks), fields)
}

// TaskGroup is the heading of a field's tasks: "II. Cải cách thể chế"; of those that
// belong to none the name alone.
func TaskGroup(number int, name string) string {
	if name == "" {
		return NoField
	}
	return roman(number) + ". " + name
}

// roman writes a number from 1 to 39 as headings have it.
func roman(n int) string {
	ones := [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}
	return strings.Repeat("X", n/10) + ones[n%10]
}

// TaskTime is when a task is done: "Quý II/2027", "01/02/2027 – 30/06/2027".
func TaskTime(t plan.Task) string {
	if t.Start == nil {
		return TaskDeadline(t.Deadline)
	}
	return strings.TrimSuffix(Date(*t.Start)+" – "+TaskDeadline(t.Deadline), " ")
}

// TaskGiven tells that a task was given more time after an outage; "": it was not.
func TaskGiven(last *calendar.Day) string {
	if last == nil {
		return ""
	}
	return "Gia hạn đến hết ngày " + Date(*last) + " do sự cố phần mềm"
}

// TaskProduct is the expected product, with its kind where the words do not begin
// with it: "Danh mục thủ tục (Quyết định)".
func TaskProduct(t plan.Task, table plan.Table) string {
	kind, known := table.Product(t.ProductKind)
	switch {
	case !known, strings.HasPrefix(strings.ToLower(t.Product), strings.ToLower(kind.Name)):
		return t.Product
	case t.Product == "":
		return kind.Name
	}
	return t.Product + " (" + kind.Name + ")"
}

// TaskCell is a column of a task in words.
func TaskCell(t plan.Task, column string, table plan.Table) string {
	switch column {
	case plan.ColumnField:
		field, _ := table.Field(t.Field)
		return field.Name
	case plan.ColumnProductKind:
		kind, _ := table.Product(t.ProductKind)
		return kind.Name
	case plan.ColumnLead:
		return t.Lead.Name
	case plan.ColumnCoordinating:
		return Parties(t.Coordinating)
	case plan.ColumnStart:
		if t.Start == nil {
			return ""
		}
		return Date(*t.Start)
	case plan.ColumnDeadline:
		return TaskDeadline(t.Deadline)
	case plan.ColumnCity:
		return t.CityName
	}
	return t.Text(column)
}

// TaskRows is where a task stands: "3", or "2 → 5" where it stood elsewhere.
func TaskRows(before, after int) string {
	switch {
	case before == 0:
		return fmt.Sprint(after)
	case after == 0 || before == after:
		return fmt.Sprint(before)
	}
	return fmt.Sprintf("%d → %d", before, after)
}

// WindowOf is a document's window: of a report the time whose data it holds, of a
// plan the time for which it plans, of a self-assessment the time that is assessed.
func WindowOf(k document.Kind, w period.Window) string {
	if k == document.Plan {
		return fmt.Sprintf("Nhiệm vụ từ %s đến %s", Date(w.From), Date(w.To))
	}
	if k == document.Index {
		return fmt.Sprintf("Đánh giá từ %s đến %s", Date(w.From), Date(w.To))
	}
	if k == document.AdHoc && w.From == w.To {
		return "Số liệu đến " + Date(w.To)
	}
	return Window(w)
}

// Words of a plan on paper.
const (
	paperPlanType = "Kế hoạch"
	paperTaskRow  = "STT"
)

// PaperPlanSubject is the subject (trích yếu) of a plan: "Cải cách hành chính năm
// 2027".
func PaperPlanSubject(p period.Period) string { return "Cải cách hành chính " + Period(p) }

// PaperPlanOpening is the paragraph before a plan's first part.
func PaperPlanOpening(unit string, p period.Period, guidance string) string {
	return following(guidance, "nhiệm vụ cải cách hành chính của Thành phố") + ", " + unit +
		" ban hành Kế hoạch cải cách hành chính " + Period(p) + " như sau:"
}

// PaperTasksTitle is the title of the annex of tasks.
func PaperTasksTitle(p period.Period) string {
	return "Danh mục nhiệm vụ cải cách hành chính " + Period(p)
}

// PaperAdjusted says under the annex by which document it was changed last.
func PaperAdjusted(n int, number string, issued calendar.Day) string {
	return fmt.Sprintf("(Theo %s, văn bản số %s ngày %s)", lower(AdjustmentNumbered(n)), number, Date(issued))
}

// PaperAdjustedMark is what the margin of a print says that shows a plan as it was
// adjusted: what was signed is another file.
const PaperAdjustedMark = "BẢN IN KẾ HOẠCH ĐÃ ĐIỀU CHỈNH"

// AdjustedPrint names that print.
func AdjustedPrint(n int) string {
	return "Bản in kế hoạch sau " + lower(AdjustmentNumbered(n))
}

// AdjustedBy tells by which document: "Theo văn bản số 12/QĐ-STC ngày 10/05/2027".
func AdjustedBy(number string, issued calendar.Day) string {
	return fmt.Sprintf("Theo văn bản số %s ngày %s", number, Date(issued))
}

// PaperTaskHeads are the heads of the annex: number, target, task, product, lead,
// coordinating units, time, note.
func PaperTaskHeads() []string {
	return []string{
		paperTaskRow, TaskColumn(plan.ColumnTarget), TaskColumn(plan.ColumnName), TaskColumn(plan.ColumnProduct),
		TaskColumn(plan.ColumnLead), TaskColumn(plan.ColumnCoordinating), "Thời gian", TaskColumn(plan.ColumnNote),
	}
}

// Words of a plan's table as a workbook.
const (
	SheetPlan     = "Nhiệm vụ"
	SheetLists    = "Danh mục"
	SheetErrors   = "Lỗi"
	ErrorCell     = "Ô"
	SheetNumber   = paperTaskRow
	SheetPlanHint = "Mỗi dòng một nhiệm vụ. Ô có danh sách thì chọn trong danh sách. Không đổi tên cột; ghi chú ở tiêu đề cột nói cách ghi."
	TaskKeyHead   = "Mã nhiệm vụ"
)

// TaskColumnNote tells how to fill in a column of the workbook.
func TaskColumnNote(column string, year int) string {
	switch column {
	case plan.ColumnField:
		return "Bắt buộc. Chọn trong danh sách."
	case plan.ColumnTarget:
		return "Mục tiêu hoặc chỉ tiêu cần đạt, nếu có."
	case plan.ColumnName:
		return "Bắt buộc. Việc phải làm, bắt đầu bằng động từ: rà soát, ban hành, tổ chức."
	case plan.ColumnProduct:
		return "Bắt buộc. Văn bản hoặc kết quả chứng minh đã hoàn thành."
	case plan.ColumnProductKind:
		return "Không bắt buộc. Chọn trong danh sách."
	case plan.ColumnLead:
		return "Bắt buộc. Một đơn vị, phòng hoặc người chịu trách nhiệm: tên, tên viết tắt hoặc mã của cơ quan."
	case plan.ColumnCoordinating:
		return "Cách nhau bằng dấu chấm phẩy."
	case plan.ColumnStart:
		return fmt.Sprintf("Không bắt buộc. Ngày/tháng/năm: 01/02/%d.", year)
	case plan.ColumnDeadline:
		return fmt.Sprintf("Bắt buộc. Ghi 30/06/%d, Tháng 6, Quý II, Thường xuyên hoặc Theo yêu cầu.", year)
	case plan.ColumnCity:
		return "Không bắt buộc. Số thứ tự hoặc tên nhiệm vụ trong kế hoạch của Thành phố; để trống nếu là nhiệm vụ riêng của đơn vị."
	}
	return ""
}

// Imported tells that a workbook has been taken over.
func Imported(tasks int, file string) string {
	return fmt.Sprintf("Đã nhập %s từ tệp “%s”.", TaskCount(tasks), file)
}

// ImportMovedOn tells that somebody has changed tasks since the workbook was shown;
// the others have been taken over.
func ImportMovedOn(tasks int) string {
	return fmt.Sprintf("%s vừa có người sửa nên chưa nhập; các nhiệm vụ khác đã nhập. Xem lại những chỗ khác nhau dưới đây rồi bấm nhập lần nữa.", TaskCount(tasks))
}
