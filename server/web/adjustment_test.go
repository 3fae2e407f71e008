package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// sendFile posts a form whose file comes last, as a browser does.
func (b *browser) sendFile(t *testing.T, path string, fields url.Values, name, content string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range fields {
		if err := form.WriteField(field, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || form.Close() != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}

// move posts an adjustment's form with the button of the action.
func (b *browser) move(t *testing.T, path, action, reason string) answer {
	t.Helper()
	f := b.get(t, path).want(t, http.StatusOK).filled(t, path)
	f.Set("action", action)
	f.Set("reason", reason)
	return b.post(t, path, f)
}

// The authority's plan is the city's own: a unit chooses in its draft which of its
// tasks it carries out, and the city's task shows what the units do.
func TestAUnitCarriesOutTheCitysTask(t *testing.T) {
	c := newChain(t)
	officer, author := c.at[staff.Officer], c.at[staff.Specialist]
	f := officer.get(t, "/campaigns/new?form=kh-cchc-nam.1").want(t, http.StatusOK).says(t, "là kế hoạch của Thành phố").filled(t, "/campaigns/new")
	f["unit"], f["city"] = []string{"STC"}, []string{"yes"}
	officer.post(t, "/campaigns/new", f).want(t, http.StatusUnprocessableEntity).says(t, "Sở Nội vụ chưa có trong danh sách đơn vị")
	f["unit"] = []string{"STC", "SNV"}
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).says(t, "Kế hoạch của Thành phố", "do Sở Nội vụ lập trong đợt này").filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther)
	code := "kh-" + f.Get("period")
	c.id = code + "-STC"
	task := c.path("/plan/t1")
	author.get(t, task).want(t, http.StatusOK).silent(t, "Thực hiện nhiệm vụ của Thành phố")

	// The city's plan, confirmed past the pages.
	c.exec(`update documents set stage = 'approved', approved_revision = 1, closed_at = clock_timestamp() where id = $1`, code+"-SNV")
	c.exec(`insert into plan_trackings (document_id, rung_at, created_at) values ($1, clock_timestamp(), clock_timestamp())`, code+"-SNV")
	for place, name := range []string{"Rà soát văn bản quy phạm", "Rà soát thủ tục hành chính"} {
		key := "c" + strconv.Itoa(place+1)
		c.exec(`insert into plan_tasks (document_id, key, campaign, unit_code, place, task) values ($1, $2, $3, 'SNV', $4, jsonb_build_object('key', $2::text, 'name', $5::text, 'lead', '{}'::jsonb, 'deadline', 'recurring'))`,
			code+"-SNV", key, code, place+1, name)
	}
	page := author.get(t, task).want(t, http.StatusOK).says(t, "Thực hiện nhiệm vụ của Thành phố")
	if !strings.Contains(page.body, `<option value="2. Rà soát thủ tục hành chính">`) {
		t.Error("the city's tasks are not offered")
	}
	linked := plannedTask("Rà soát thủ tục của Sở", "thu-tuc", "quý II")
	linked.Set("city", "rà soát")
	again := c.task("t1", linked).want(t, http.StatusUnprocessableEntity).says(t, "Chưa rõ nhiệm vụ nào của Thành phố.")
	if again.field(t, "city") != "rà soát" {
		t.Error("what was typed is gone")
	}
	linked.Set("city", "thủ tục hành chính")
	c.task("t1", linked).want(t, http.StatusSeeOther)
	if got := author.get(t, task).field(t, "city"); got != "2. Rà soát thủ tục hành chính" {
		t.Errorf("the field says %q", got)
	}
	author.get(t, c.path("/plan")).says(t, "Nhiệm vụ của Thành phố: Rà soát thủ tục hành chính")
	if n := c.count(`select count(*) from draft_tasks where task ->> 'city' = 'c2'`); n != 1 {
		t.Error("the link is not kept")
	}
	// The unit's plan lives: the city's task shows it, the unit's task names the city's.
	c.exec(`update documents set stage = 'approved', approved_revision = 1, closed_at = clock_timestamp() where id = $1`, c.id)
	c.exec(`insert into plan_trackings (document_id, rung_at, created_at) values ($1, clock_timestamp(), clock_timestamp())`, c.id)
	c.exec(`insert into plan_tasks (document_id, key, campaign, unit_code, place, task, last_day, ends_at) select document_id, key, $2, 'STC', 1, task, '2099-06-30', '2099-06-30T17:00:00Z' from draft_tasks where document_id = $1`, c.id, code)
	city := "/documents/" + code + "-SNV/tracking/"
	officer.get(t, city+"c2").want(t, http.StatusOK).says(t, "Nhiệm vụ của các đơn vị", "1 đơn vị", "Sở Tài chính", "Rà soát thủ tục của Sở", "hoàn thành 0, đạt 0 %")
	officer.get(t, city+"c1").want(t, http.StatusOK).says(t, "Chưa đơn vị nào ghi nhiệm vụ")
	author.get(t, city+"c2").want(t, http.StatusForbidden)
	own := author.get(t, c.path("/tracking/t1")).want(t, http.StatusOK).says(t, "Nhiệm vụ của Thành phố", "2. Rà soát thủ tục hành chính")
	if strings.Contains(own.body, city) {
		t.Error("led to where the reader may not go")
	}
	if !strings.Contains(officer.get(t, c.path("/tracking/t1")).body, city+"c2") {
		t.Error("not led to the city's task")
	}
}

// The city's plan is named after the launch, with the reason why.
func TestTheCitysPlanIsNamedAfterTheLaunch(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	f := officer.get(t, "/campaigns/new?form=kh-cchc-nam.1").filled(t, "/campaigns/new")
	f["unit"] = []string{"STC"}
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther)
	code := "kh-" + f.Get("period")
	board, path := "/campaigns/"+code, "/campaigns/"+code+"/city-plan"
	if !strings.Contains(officer.get(t, board).want(t, http.StatusOK).body, `href="`+path+`"`) {
		t.Error("the board does not lead there")
	}
	c.at[staff.Viewer].get(t, board).silent(t, "Kế hoạch của Thành phố")
	send := func(do, reason string) answer {
		t.Helper()
		f := officer.get(t, path).want(t, http.StatusOK).filled(t, path)
		f.Set("do", do)
		f.Set("reason", reason)
		return officer.post(t, path, f)
	}
	if page := send("name", "Theo văn bản 5/SNV").want(t, http.StatusUnprocessableEntity).says(t, "Sở Nội vụ chưa có trong đợt này"); page.field(t, "reason") != "Theo văn bản 5/SNV" {
		t.Error("what was typed is gone")
	}
	units := officer.get(t, board+"/units").filled(t, board+"/units")
	units["unit"] = []string{"SNV"}
	officer.post(t, board+"/units", units).want(t, http.StatusSeeOther)
	send("name", "").want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do hoặc văn bản làm căn cứ.")
	send("name", "Theo văn bản 5/SNV").want(t, http.StatusSeeOther, board)
	officer.get(t, path).says(t, "Đang chọn kế hoạch của Sở Nội vụ", "Bỏ chọn kế hoạch này")
	send("clear", "Chọn nhầm").want(t, http.StatusSeeOther, board)
	officer.get(t, path).says(t, "Chọn làm kế hoạch của Thành phố")
	officer.get(t, "/campaigns/bc-2026q4/city-plan").want(t, http.StatusNotFound)
	if n := c.count(`select count(*) from audit where action = 'city_plan_named' and object = $1`, code); n != 2 {
		t.Errorf("%d changes are noted", n)
	}
}

func TestALivingPlanIsAdjusted(t *testing.T) {
	c, year := newLivingPlan(t)
	author, head, officer, viewer := c.at[staff.Specialist], c.at[staff.DivisionHead], c.at[staff.Officer], c.at[staff.Viewer]
	list := c.path("/adjustments")
	viewer.get(t, list).want(t, http.StatusOK).says(t, "Kế hoạch được duyệt", "Hiện có 2 nhiệm vụ").silent(t, "Mỗi lần điều chỉnh cần một văn bản")
	author.get(t, c.path("/tracking")).says(t, "Các lần điều chỉnh")

	// From the task's own page into its form.
	f := author.get(t, c.path("/tracking/t1")).want(t, http.StatusOK).says(t, "Điều chỉnh nhiệm vụ này").filled(t, list)
	to := author.post(t, list, f).want(t, http.StatusSeeOther).Header.Get("Location")
	path := strings.TrimSuffix(to, "/tasks/t1")
	if path == to {
		t.Fatalf("led to %s", to)
	}
	author.get(t, path).want(t, http.StatusOK).says(t, "Chưa ghi số, ngày", "Chưa điều chỉnh nhiệm vụ nào", "Phải sửa trước khi trình", "Chưa có tệp của văn bản điều chỉnh.")
	viewer.get(t, path).want(t, http.StatusNotFound)
	officer.get(t, path).want(t, http.StatusNotFound)

	// What cannot be read is told at its field; what was typed stays.
	f = author.get(t, to).want(t, http.StatusOK).says(t, "Trong kế hoạch hiện nay", "Rà soát văn bản").filled(t, to)
	f.Set("do", "save")
	f.Set("deadline", "quý V")
	if page := author.post(t, to, f).want(t, http.StatusUnprocessableEntity).says(t, "Chưa đọc được thời hạn"); page.field(t, "deadline") != "quý V" {
		t.Error("what was typed is gone")
	}
	f.Set("deadline", "31/12")
	author.post(t, to, f).want(t, http.StatusSeeOther, path+"#changes-title")
	author.get(t, to).says(t, "Chưa ghi lý do điều chỉnh.")
	author.post(t, to, f).want(t, http.StatusSeeOther) // the same form twice
	f = author.get(t, to).filled(t, to)
	f.Set("do", "save")
	f.Set("reason", "Chờ nghị định mới")
	author.post(t, to, f).want(t, http.StatusSeeOther)
	// A task is taken out, another is added.
	out := path + "/tasks/t2"
	f = author.get(t, out).want(t, http.StatusOK).filled(t, out)
	f.Set("do", "remove")
	author.post(t, out, f).want(t, http.StatusSeeOther, out+"#reason")
	f = author.get(t, out).says(t, "Thôi thực hiện", "Chưa ghi lý do điều chỉnh.").filled(t, out)
	f.Set("do", "remove")
	f.Set("reason", "Trùng nhiệm vụ của Thành phố")
	author.post(t, out, f).want(t, http.StatusSeeOther)
	f.Set("do", "save") // from a page that was opened before
	f.Set("base_version", "0")
	f.Set("name", "Vẫn làm")
	f.Set("reason", "Vẫn cần")
	if page := author.post(t, out, f).want(t, http.StatusConflict).says(t, "đã bỏ nhiệm vụ này trước bạn", "Trùng nhiệm vụ của Thành phố"); page.field(t, "name") != "Vẫn làm" {
		t.Error("what was typed is gone")
	}
	added := path + "/tasks/moi"
	f = author.get(t, added).want(t, http.StatusOK).says(t, "Thêm nhiệm vụ").filled(t, added)
	for name, values := range plannedTask("Mở lớp tập huấn", "cong-vu", "31/12") {
		f[name] = values
	}
	f.Set("do", "save")
	author.post(t, added, f).want(t, http.StatusSeeOther)

	// The order: nothing typed is lost beside a bad date.
	order := path + "/order"
	f = author.get(t, order).want(t, http.StatusOK).filled(t, order)
	f.Del("file")
	f.Set("number", "12/QĐ-STC")
	f.Set("issued_on", "31/02/2027")
	page := author.sendFile(t, order, f, "qd.pdf", "%PDF-1.4 điều chỉnh").want(t, http.StatusUnprocessableEntity).says(t, "Nhập ngày theo dạng", "Chọn lại tệp “qd.pdf”")
	if page.field(t, "number") != "12/QĐ-STC" {
		t.Error("what was typed is gone")
	}
	today := calendar.DayOf(time.Now())
	f.Set("issued_on", words.Date(today))
	f.Set("issuer", "Sở Tài chính")
	f.Set("title", "Điều chỉnh kế hoạch năm")
	author.sendFile(t, order, f, "qd.pdf", "%PDF-1.4 điều chỉnh").want(t, http.StatusSeeOther, path)
	author.sendFile(t, order, f, "qd.pdf", "%PDF-1.4 điều chỉnh").want(t, http.StatusSeeOther)
	f.Set("title", "Tên khác")
	author.sendFile(t, order, f, "qd.pdf", "%PDF-1.4 điều chỉnh").want(t, http.StatusConflict).says(t, "vừa lưu văn bản này trước bạn")
	author.get(t, path).says(t, "12/QĐ-STC", "qd.pdf", "Đã đủ để trình.", "Quý II/"+strconv.Itoa(year), "31/12/"+strconv.Itoa(year), "Chờ nghị định mới", "Mở lớp tập huấn")

	// The chain.
	author.move(t, path, "submit", "").want(t, http.StatusSeeOther, path)
	author.get(t, path).says(t, "Đã trình trưởng phòng bản điều chỉnh.", "Chờ trưởng phòng", "Thu hồi")
	author.get(t, order).want(t, http.StatusSeeOther, path)
	head.get(t, "/tasks").says(t, "1 bản điều chỉnh kế hoạch")
	head.get(t, "/adjustments").want(t, http.StatusOK).says(t, "Sở Tài chính", "12/QĐ-STC", "3 nhiệm vụ được điều chỉnh")
	head.get(t, "/notices").says(t, "Bản điều chỉnh kế hoạch cần xem xét")
	head.move(t, path, "return", " ").want(t, http.StatusUnprocessableEntity).says(t, "lý do")
	head.move(t, path, "return", "Ghi rõ nghị định nào").want(t, http.StatusSeeOther)
	author.get(t, path).says(t, "Ghi rõ nghị định nào", "đã trả lại")
	author.move(t, path, "submit", "").want(t, http.StatusSeeOther)
	head.move(t, path, "approve", "").want(t, http.StatusSeeOther)
	officer.get(t, path).want(t, http.StatusOK).says(t, "Chờ Sở Nội vụ", "Xác nhận điều chỉnh")
	back := officer.get(t, path).filled(t, path)
	back.Set("action", "return")
	back.Set("reason", "Thiếu căn cứ")
	officer.post(t, path, back).want(t, http.StatusSeeOther, list)
	officer.get(t, list).want(t, http.StatusOK).says(t, "Đã trả lại bản điều chỉnh cho đơn vị.").silent(t, "Bản đang làm")
	officer.post(t, path, back).want(t, http.StatusSeeOther, list) // a double click
	officer.get(t, path).want(t, http.StatusSeeOther, list)        // an older notice
	back.Set("key", newKey())                                      // a colleague's page, opened before
	officer.post(t, path, back).want(t, http.StatusSeeOther, list)
	officer.get(t, list).says(t, "Văn bản đã chuyển sang bước")
	officer.get(t, path+"/file").want(t, http.StatusNotFound)
	author.get(t, path).says(t, "Thiếu căn cứ")
	author.move(t, path, "submit", "").want(t, http.StatusSeeOther)
	head.move(t, path, "approve", "").want(t, http.StatusSeeOther)
	officer.post(t, path, url.Values{"key": {newKey()}, "hash": {"khác"}, "action": {"confirm"}}).want(t, http.StatusUnprocessableEntity).says(t, "Nội dung đã thay đổi sau khi bạn mở trang.")
	officer.move(t, path, "confirm", "").want(t, http.StatusSeeOther)

	viewer.get(t, path).want(t, http.StatusOK).says(t, "Điều chỉnh lần 1", "Có hiệu lực", "Kế hoạch sau điều chỉnh").silent(t, "Xác nhận điều chỉnh")
	viewer.get(t, c.path("/tracking")).says(t, "Mở lớp tập huấn", "31/12/"+strconv.Itoa(year), "2 nhiệm vụ")
	viewer.get(t, c.path("/tracking/t1")).says(t, "điều chỉnh theo văn bản 12/QĐ-STC", "thời hạn Quý II/"+strconv.Itoa(year)+" → 31/12/"+strconv.Itoa(year), "Chờ nghị định mới")
	viewer.get(t, c.path("/tracking/t2")).says(t, "thôi thực hiện nhiệm vụ theo văn bản 12/QĐ-STC", "Trùng nhiệm vụ của Thành phố")
	viewer.get(t, c.path("")).says(t, "đã xác nhận điều chỉnh kế hoạch theo văn bản 12/QĐ-STC")
	viewer.get(t, list).says(t, "Điều chỉnh lần 1", "Điều chỉnh kế hoạch năm")
	if got := viewer.get(t, path+"/file").want(t, http.StatusOK); got.body != "%PDF-1.4 điều chỉnh" {
		t.Errorf("the file is sent as %q", got.body)
	}
	// The document and its print show what is carried out, and what was approved beside it.
	viewer.get(t, c.path("")).says(t, "Điều chỉnh lần 1.", "Theo văn bản số 12/QĐ-STC", "Mở lớp tập huấn", "Xem bảng được duyệt", "Bản in kế hoạch sau điều chỉnh lần 1").silent(t, "Công khai thủ tục")
	viewer.get(t, c.path("?plan=approved")).says(t, "Bảng được duyệt, trước khi điều chỉnh.", "Công khai thủ tục", "Xem bảng đang thực hiện").silent(t, "Mở lớp tập huấn")
	if link := c.path("?plan=approved"); !strings.Contains(viewer.get(t, list).body, `href="`+link+`"`) {
		t.Error("the versions do not lead to what was approved")
	}
	print := paperText(t, viewer.get(t, c.path("/print.pdf?adjusted=1")).want(t, http.StatusOK).body)
	for _, want := range []string{"Mở lớp tập huấn", "(Theo điều chỉnh lần 1, văn bản số 12/QĐ-STC ngày", "BẢN IN KẾ HOẠCH ĐÃ ĐIỀU CHỈNH"} {
		if !strings.Contains(print, want) {
			t.Errorf("the print does not say %q:\n%s", want, print)
		}
	}
	if strings.Contains(print, "Công khai thủ tục") || strings.Contains(print, "DỰ THẢO") {
		t.Errorf("the print says\n%s", print)
	}
	viewer.get(t, c.path("/print.pdf?adjusted=2")).want(t, http.StatusNotFound)
	viewer.get(t, c.path("/print.pdf?adjusted=x")).want(t, http.StatusNotFound)
	if signed := paperText(t, viewer.get(t, c.path("/issued/1.pdf")).want(t, http.StatusOK).body); !strings.Contains(signed, "Công khai thủ tục") {
		t.Error("what was signed has changed")
	}
	other := c.as(t, c.person(t, staff.Position{Unit: "SYT", Role: staff.Specialist}))
	other.get(t, path+"/file").want(t, http.StatusForbidden)
	other.get(t, c.path("/print.pdf?adjusted=1")).want(t, http.StatusForbidden)
	author.get(t, path+"9").want(t, http.StatusNotFound)
}
