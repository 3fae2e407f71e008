package web

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
)

// newPlanChain is a chain whose document is STC's plan, asked for by an officer over
// the pages, its narrative written.
func newPlanChain(t *testing.T) (c *chain, year int) {
	t.Helper()
	c = newChain(t)
	officer := c.at[staff.Officer]
	f := officer.get(t, "/campaigns/new?form=kh-cchc-nam.1").want(t, http.StatusOK).
		says(t, "Năm kế hoạch", "Nhiệm vụ từ ngày", "đơn vị có 20 ngày làm việc").filled(t, "/campaigns/new")
	year, err := strconv.Atoi(strings.TrimSuffix(f.Get("period"), "y"))
	if err != nil || f.Get("name") != "Kế hoạch CCHC năm "+strconv.Itoa(year) || f.Get("window_to") != "31/12/"+strconv.Itoa(year) {
		t.Fatalf("a plan is suggested as %v", f)
	}
	f["unit"] = []string{"STC"}
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).
		says(t, "Kế hoạch cải cách hành chính", "Thời gian của kế hoạch").filled(t, "/campaigns")
	code := "kh-" + f.Get("period")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/"+code)
	c.id = code + "-STC"
	for _, section := range []string{"I.1", "I.2", "II", "IV"} {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`,
			c.id, section, "Nội dung phần "+section, c.who[staff.Specialist])
	}
	return c, year
}

// task posts one task as the page's form does, on the version that the page shows.
func (c *chain) task(key string, change url.Values) answer {
	c.t.Helper()
	path := c.path("/plan/" + key)
	f := c.at[staff.Specialist].get(c.t, path).want(c.t, http.StatusOK).filled(c.t, path)
	for name, values := range change {
		f[name] = values
	}
	return c.at[staff.Specialist].post(c.t, path, f)
}

// plannedTask is a task with nothing missing.
func plannedTask(name, field, deadline string) url.Values {
	return url.Values{
		"field": {field}, "name": {name}, "product": {"Báo cáo kết quả"}, "product_kind": {"bao-cao"},
		"lead": {"so tai chinh"}, "coordinating": {"Phòng Tổng hợp; SYT"}, "deadline": {deadline},
	}
}

func TestAPlanIsWrittenTaskByTask(t *testing.T) {
	c, year := newPlanChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("")).want(t, http.StatusOK).says(t, "Nội dung kế hoạch", "Bảng nhiệm vụ", "Chưa có nhiệm vụ")
	author.get(t, c.path("/check")).want(t, http.StatusOK).says(t, "Kế hoạch chưa có nhiệm vụ nào.")
	author.get(t, c.path("/plan")).want(t, http.StatusOK).says(t, "Kế hoạch chưa có nhiệm vụ nào.", "Thêm nhiệm vụ")

	// What cannot be read is told at its field, all at once, and what was typed stays.
	bad := plannedTask("Rà soát văn bản", "the-che", "quý V")
	bad.Set("start", "31/02/2027")
	page := c.task("t1", bad).want(t, http.StatusUnprocessableEntity).says(t, "Chưa đọc được thời hạn", "Chưa đọc được ngày bắt đầu", "Có lỗi cần sửa")
	if page.field(t, "deadline") != "quý V" || page.field(t, "name") != "Rà soát văn bản" || page.field(t, "base_version") != "0" {
		t.Error("what was typed is gone")
	}
	c.task("t1", plannedTask("Rà soát văn bản", "the-che", "quý II")).want(t, http.StatusSeeOther, c.path("/plan#task-t1"))
	c.task("t2", plannedTask("Kiểm tra cải cách hành chính", "chi-dao", "thường xuyên")).want(t, http.StatusSeeOther)
	// An incomplete task is kept; what it lacks stands at its row.
	c.task("t3", url.Values{"field": {"the-che"}, "name": {"Công khai thủ tục"}, "deadline": {"30/6/" + strconv.Itoa(year+1)}}).want(t, http.StatusSeeOther)
	author.get(t, c.path("/plan")).want(t, http.StatusOK).says(t, "I. Chỉ đạo, điều hành cải cách hành chính", "II. Cải cách thể chế",
		"Quý II/"+strconv.Itoa(year), "Sở Tài chính", "Phối hợp: Phòng Tổng hợp; Sở Y tế", "Thường xuyên", "3 nhiệm vụ", "Còn 3 chỗ phải sửa.",
		"Chưa ghi sản phẩm dự kiến.", "Chưa ghi đơn vị hoặc người chủ trì.", "trong năm của kế hoạch")
	author.get(t, c.path("/plan/t3")).want(t, http.StatusOK).says(t, "Nhiệm vụ 3", "Chưa ghi sản phẩm dự kiến.")
	check := author.get(t, c.path("/check")).says(t, "Nhiệm vụ 3, chủ trì: Chưa ghi đơn vị hoặc người chủ trì.")
	if !strings.Contains(check.body, c.path("/plan/t3#lead")) {
		t.Error("the check does not lead to the cell")
	}
	c.task("t3", plannedTask("Công khai thủ tục", "the-che", "tháng 6")).want(t, http.StatusSeeOther)

	// Rows change places, are taken out and put back.
	list := author.get(t, c.path("/plan")).says(t, "Bảng nhiệm vụ đã đủ.").filled(t, c.path("/plan"))
	list.Set("up", "t3")
	author.post(t, c.path("/plan"), list).want(t, http.StatusSeeOther, c.path("/plan#task-t3"))
	moved := author.get(t, c.path("/plan")).words()
	if strings.Index(moved, "Công khai thủ tục") > strings.Index(moved, "Rà soát văn bản") {
		t.Error("the task did not move up")
	}
	list.Del("up")
	list.Set("remove", "t2")
	author.post(t, c.path("/plan"), list).want(t, http.StatusSeeOther, c.path("/plan"))
	gone := author.get(t, c.path("/plan")).says(t, "Đã bỏ nhiệm vụ “Kiểm tra cải cách hành chính”", "Lấy lại", "2 nhiệm vụ")
	if c.count(`select count(*) from draft_tasks where key = 't2' and removed`) != 1 {
		t.Fatal("the task was not taken out")
	}
	author.post(t, c.path("/plan"), url.Values{"restore": {"t2"}, "base.t2": {gone.field(t, "base.t2")}}).want(t, http.StatusSeeOther)
	author.get(t, c.path("/plan")).says(t, "Đã lấy lại nhiệm vụ.", "3 nhiệm vụ").silent(t, "Lấy lại nhiệm vụ")
	for path, status := range map[string]int{"/plan/Sai.khoa": http.StatusNotFound} {
		author.get(t, c.path(path)).want(t, status)
	}
	author.post(t, c.path("/plan"), url.Values{"sweep": {"t1"}}).want(t, http.StatusBadRequest)
}

func TestTwoPeopleAtOneTask(t *testing.T) {
	c, _ := newPlanChain(t)
	other := c.as(t, c.person(t, staff.Position{Unit: "STC", Role: staff.Specialist}))
	c.task("t1", plannedTask("Rà soát văn bản", "the-che", "quý II")).want(t, http.StatusSeeOther)
	path := c.path("/plan/t1")
	stale := other.get(t, path).filled(t, path)
	c.task("t1", url.Values{"deadline": {"quý III"}}).want(t, http.StatusSeeOther)
	stale.Set("note", "Ghi chú của người thứ hai")
	page := other.post(t, path, stale).want(t, http.StatusConflict).says(t, "đã lưu nhiệm vụ này trước bạn", "Thời hạn", "Quý III/")
	if page.field(t, "note") != "Ghi chú của người thứ hai" || page.field(t, "base_version") != "2" {
		t.Error("what was typed is gone, or the base is not theirs")
	}
	if c.count(`select count(*) from draft_tasks where version = 2 and task->>'note' is null`) != 1 {
		t.Error("the saved task was overwritten unseen")
	}
	stale.Set("base_version", "2")
	other.post(t, path, stale).want(t, http.StatusSeeOther)

	// A task taken out meanwhile comes back only knowingly.
	mine := c.at[staff.Specialist].get(t, path).filled(t, path)
	list := other.get(t, c.path("/plan")).filled(t, c.path("/plan"))
	list.Set("remove", "t1")
	other.post(t, c.path("/plan"), list).want(t, http.StatusSeeOther)
	mine.Set("note", "vẫn cần")
	again := c.at[staff.Specialist].post(t, path, mine).want(t, http.StatusConflict).says(t, "đã bỏ nhiệm vụ này")
	mine.Set("base_version", again.field(t, "base_version"))
	c.at[staff.Specialist].post(t, path, mine).want(t, http.StatusSeeOther)
	// A list that is out of date takes nothing out.
	other.post(t, c.path("/plan"), list).want(t, http.StatusSeeOther)
	other.get(t, c.path("/plan")).says(t, "vừa có người sửa", "1 nhiệm vụ")
}

func TestAPlanFromDraftToConfirmed(t *testing.T) {
	c, year := newPlanChain(t)
	c.giveKey("")
	c.task("t1", plannedTask("Rà soát văn bản", "the-che", "quý II")).want(t, http.StatusSeeOther)
	c.task("t2", plannedTask("Công khai thủ tục", "thu-tuc", "thường xuyên")).want(t, http.StatusSeeOther)
	c.submit().says(t, "Đã trình trưởng phòng")
	c.at[staff.Specialist].post(t, c.path("/plan/t1"), url.Values{"base_version": {"1"}, "name": {"x"}}).want(t, http.StatusConflict)
	c.at[staff.DivisionHead].get(t, c.path("/review")).want(t, http.StatusOK).
		says(t, "2 nhiệm vụ, 2 lĩnh vực", "Rà soát văn bản", "Quý II/"+strconv.Itoa(year)).silent(t, "Phụ lục số liệu", "chỉ tiêu có số liệu")
	c.approve()
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).says(t, "Ký số kế hoạch", "KH-STC", "chịu trách nhiệm về kế hoạch này")
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword))).says(t, "Số 01/KH-STC")
	c.follow(staff.Officer, c.decide(staff.Officer, "/return", "/return", url.Values{"reason": {"Nhiệm vụ 1: lùi sang quý III."}}))

	c.task("t1", url.Values{"deadline": {"quý III"}}).want(t, http.StatusSeeOther)
	c.task("t3", plannedTask("Mở lớp tập huấn", "cong-vu", "15/9")).want(t, http.StatusSeeOther)
	list := c.at[staff.Specialist].get(t, c.path("/plan")).filled(t, c.path("/plan"))
	list.Set("remove", "t2")
	c.at[staff.Specialist].post(t, c.path("/plan"), list).want(t, http.StatusSeeOther)
	c.submit()
	c.at[staff.DivisionHead].get(t, c.path("/differences?from=1&to=2")).want(t, http.StatusOK).
		says(t, "3 nhiệm vụ thay đổi", "Sửa", "Thêm", "Bỏ", "Thời hạn", "Quý III/"+strconv.Itoa(year), "Mở lớp tập huấn")
	c.approve()
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	c.at[staff.Officer].get(t, c.path("/review")).want(t, http.StatusOK).says(t, "Khác lần 1", "Mở lớp tập huấn")
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil)).says(t, "Đã xác nhận đạt yêu cầu")
	if c.stage() != document.Approved {
		t.Fatalf("stage %s", c.stage())
	}
	c.at[staff.Viewer].get(t, c.path("")).want(t, http.StatusOK).says(t, "Đã duyệt", "Mở lớp tập huấn", "Nhiệm vụ từ 01/01/"+strconv.Itoa(year))
	c.at[staff.Viewer].get(t, "/search?q=tap+huan").want(t, http.StatusOK).says(t, "Kế hoạch CCHC năm "+strconv.Itoa(year))
	c.at[staff.Specialist].get(t, c.path("/plan")).want(t, http.StatusSeeOther, c.path(""))

	file := c.at[staff.Viewer].get(t, c.path("/issued/2.pdf")).want(t, http.StatusOK)
	text := paperText(t, file.body)
	for _, line := range []string{
		"KẾ HOẠCH", "Số: 02/KH-STC", "Cải cách hành chính năm " + strconv.Itoa(year), "ban hành Kế hoạch cải cách hành chính",
		"DANH MỤC NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH NĂM " + strconv.Itoa(year), "I. Cải cách thể chế", "Rà soát văn bản", "Mở lớp tập huấn", "Sở Tài chính",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the signed plan does not say %q: %s", line, text)
		}
	}
	for _, line := range []string{"Kính gửi", "BÁO CÁO", "Mục tiêu, chỉ tiêu", "Ghi chú", "Công khai thủ tục"} {
		if strings.Contains(text, line) {
			t.Errorf("the signed plan says %q", line)
		}
	}
}

// paperText is what an independent reader finds in a print, runs of space as one.
func paperText(t *testing.T, pdf string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.pdf")
	if err := os.WriteFile(path, []byte(pdf), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext: %v\n%s", err, out)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// On a phone a task is saved while it is written, like everything else.
func TestATaskIsSavedWhileItIsWritten(t *testing.T) {
	c, _ := newPlanChain(t)
	author, path := c.at[staff.Specialist], c.path("/plan/t1")
	f := author.get(t, path).want(t, http.StatusOK).filled(t, path)
	f.Set("name", "Rà soát")
	saved := author.script(t, path, f).want(t, http.StatusOK)
	if !strings.Contains(saved.body, `"version":1`) || !strings.Contains(saved.body, `"saved":"`) {
		t.Errorf("autosave answers %s", saved.body)
	}
	f.Set("deadline", "giữa năm")
	f.Set("base_version", "1")
	author.script(t, path, f).want(t, http.StatusUnprocessableEntity)
	f.Set("deadline", "quý II")
	f.Set("base_version", "0")
	author.script(t, path, f).want(t, http.StatusConflict)
	if c.count(`select count(*) from draft_tasks where version = 1 and task->>'deadline' = ''`) != 1 {
		t.Error("what cannot be read, or was overtaken, was saved")
	}
}

// A report has no page of tasks.
func TestReportsHaveNoPlan(t *testing.T) {
	c := newChain(t)
	c.at[staff.Specialist].get(t, c.path("/plan")).want(t, http.StatusNotFound)
	c.at[staff.Specialist].get(t, c.path("/plan/t1")).want(t, http.StatusNotFound)
	c.at[staff.Specialist].get(t, c.path("")).silent(t, "Bảng nhiệm vụ")
}
