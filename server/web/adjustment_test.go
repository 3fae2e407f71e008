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

func TestALivingPlanIsAdjusted(t *testing.T) {
	c, year := newLivingPlan(t)
	author, head, officer, viewer := c.at[staff.Specialist], c.at[staff.DivisionHead], c.at[staff.Officer], c.at[staff.Viewer]
	list := c.path("/adjustments")
	viewer.get(t, list).want(t, http.StatusOK).says(t, "Kế hoạch được duyệt", "2 nhiệm vụ").silent(t, "Mỗi lần điều chỉnh cần một văn bản")
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
	other := c.as(t, c.person(t, staff.Position{Unit: "SYT", Role: staff.Specialist}))
	other.get(t, path+"/file").want(t, http.StatusForbidden)
	author.get(t, path+"9").want(t, http.StatusNotFound)
}
