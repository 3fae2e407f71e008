package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
)

// requested fills the page in as an officer who asks three units within 24 hours.
func requested(t *testing.T, officer *browser) url.Values {
	t.Helper()
	f := officer.get(t, adHocNewPath).want(t, http.StatusOK).filled(t, adHocNewPath)
	f.Del("do")
	f.Del("file")
	for name, value := range map[string]string{
		"request_number": "2315/UBND-KSTTHC", "request_date": "20/11/2025", "request_issuer": "Ủy ban nhân dân Thành phố",
		"request_title": "Về việc báo cáo tình hình xử lý hồ sơ trễ hạn", "name": "Báo cáo tình hình xử lý hồ sơ trễ hạn", "code": "dx-thu",
		"sections.0.title": "Tình hình chung", "sections.2.title": "Kiến nghị",
		"unit_list": "stc\nso y te",
	} {
		f.Set(name, value)
	}
	f["unit"] = []string{"SCT"}
	return f
}

// withFile posts the form with a file in it, as a browser does.
func (b *browser) withFile(t *testing.T, path string, f url.Values, name string, data []byte) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, values := range f {
		for _, value := range values {
			_ = form.WriteField(field, value)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(data)
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}

// An officer asks three units for a report in 24 hours; one carries it to the end.
func TestAdHocReportFromRequestToConfirmation(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	pdf := []byte("%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n")
	f := requested(t, officer)

	officer.withFile(t, adHocNewPath, with(f, "do", "add"), "2315.pdf", pdf).want(t, http.StatusOK).says(t, "Đã có tệp 2315.pdf", "Phần 4")
	picked := officer.post(t, adHocNewPath, with(f, "do", "pick", "form", "bc-cchc-quy.1")).want(t, http.StatusOK)
	picked.says(t, "Đã có tệp 2315.pdf", "chỉ tiêu")
	f = with(f, "form", "bc-cchc-quy.1", "indicator", "3.18")
	summary := officer.post(t, adHocNewPath, with(f, "do", "check")).want(t, http.StatusOK)
	summary.says(t, "Mở đợt cho 3 đơn vị", "Trước hạn 12 giờ", "Trước hạn 2 giờ", "Sau hạn 24 giờ", "2315/UBND-KSTTHC ngày 20/11/2025 của Ủy ban nhân dân Thành phố",
		"Đề cương riêng, 2 phần, 1 chỉ tiêu")
	last := summary.filled(t, adHocPath)
	officer.post(t, adHocNewPath, with(last, "do", "edit")).want(t, http.StatusOK).says(t, "Kiến nghị", "Đã có tệp 2315.pdf")
	officer.post(t, adHocPath, last).want(t, http.StatusSeeOther, "/campaigns/dx-thu")
	officer.post(t, adHocPath, last).want(t, http.StatusSeeOther, "/campaigns/dx-thu") // a double click
	if n := c.count(`select count(*) from documents where campaign = 'dx-thu'`); n != 3 {
		t.Fatalf("%d documents", n)
	}
	if n := c.count(`select count(*) from form_versions where form = 'dx-thu'`); n != 1 {
		t.Errorf("%d own forms", n)
	}
	if n := c.count(`select count(*) from campaigns where code = 'dx-thu' and period = '' and due_at > launched_at + interval '24 hours'
		and due_at <= launched_at + interval '24 hours 1 minute'`); n != 1 {
		t.Error("the due is not 24 hours after the launch")
	}
	officer.get(t, "/campaigns/dx-thu").want(t, http.StatusOK).says(t, "Theo văn bản số 2315/UBND-KSTTHC", "Trước hạn 12 giờ: người đang giữ, trưởng phòng")
	for _, path := range []string{"/campaigns", "/campaigns?year=2026", "/dashboard?campaign=dx-thu", "/dashboard", "/search?q=tre+han", "/indicators", "/campaigns/new", "/forms", "/dashboard/units/STC", "/campaigns/dx-thu/board.xlsx", "/campaigns/dx-thu/overdue"} {
		officer.get(t, path).want(t, http.StatusOK)
	}

	c.id = "dx-thu-STC"
	own := c.at[staff.Specialist].get(t, c.path("")).want(t, http.StatusOK)
	own.says(t, "Theo văn bản số 2315/UBND-KSTTHC", "Về việc báo cáo tình hình xử lý hồ sơ trễ hạn", "Thời hạn: 24 giờ, kể từ", "2315.pdf", "Tình hình chung", "Phụ lục số liệu", "Số liệu đến")
	own.silent(t, "Lấy từ kỳ trước")
	file := between(t, own.body, `href="/documents/dx-thu-STC/files/`, `"`)
	if got := c.at[staff.Specialist].get(t, c.path("/files/"+file)).want(t, http.StatusOK); got.body != string(pdf) {
		t.Error("the unit reads another file than was sent")
	}
	outsider := c.at2(t, "SYT")
	outsider.get(t, c.path("/files/"+file)).want(t, http.StatusForbidden)
	outsider.get(t, "/documents/dx-thu-SYT/files/"+file).want(t, http.StatusOK)
	c.at[staff.Specialist].get(t, c.path("/figures/1")).want(t, http.StatusOK).says(t, "3.18")
	c.at[staff.Specialist].get(t, c.path("/check")).want(t, http.StatusOK)

	for _, section := range []string{"I", "II"} {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Đã xử lý xong.', $3)`, c.id, section, c.who[staff.Specialist])
	}
	c.exec(`insert into draft_figures (document_id, indicator, value, updated_by) values ($1, '3.18', 12, $2)`, c.id, c.who[staff.Specialist])
	c.exec(`update documents set started = true where id = $1`, c.id)
	c.at[staff.Specialist].get(t, c.path("/print.pdf")).want(t, http.StatusOK)
	c.giveKey("")
	c.submit()
	c.at[staff.DivisionHead].get(t, c.path("/review")).want(t, http.StatusOK).says(t, "Theo văn bản số 2315/UBND-KSTTHC")
	c.approve()
	c.at[staff.Director].get(t, c.path("/sign")).want(t, http.StatusOK).says(t, "Theo văn bản số 2315/UBND-KSTTHC")
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	c.follow(staff.Officer, c.decide(staff.Officer, "/review", "/confirm", nil))
	if c.stage() != document.Approved {
		t.Errorf("the report lies at %s", c.stage())
	}
	for _, path := range []string{"/indicators", "/dashboard?campaign=dx-thu", "/campaigns/dx-thu"} {
		officer.get(t, path).want(t, http.StatusOK)
	}
}

// with is the form with fields set anew.
func with(f url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, values := range f {
		changed[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}

func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, before)
	if !found {
		t.Fatalf("%q is not there", before)
	}
	inside, _, _ := strings.Cut(rest, after)
	return inside
}

// at2 is a specialist of another unit.
func (c *chain) at2(t *testing.T, unit string) *browser {
	return c.as(t, c.person(t, staff.Position{Unit: unit, Role: staff.Specialist}))
}

func TestAdHocSaysWhatIsWrongAtOnce(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	f := requested(t, officer)
	for name, value := range map[string]string{
		"request_number": "", "request_date": "mai", "request_issuer": "", "request_title": "", "name": "", "code": "Mã lạ",
		"sections.0.title": "", "sections.2.title": "", "due_count": "0", "window_from": "20/11/2026",
		"unit_list": "STC\nXYZ\nPhường Không Có", "confirm_days": "hai",
	} {
		f.Set(name, value)
	}
	officer.post(t, adHocNewPath, with(f, "do", "check")).want(t, http.StatusUnprocessableEntity).says(t,
		"Ghi số văn bản yêu cầu", "Ghi cơ quan yêu cầu", "Ghi trích yếu", "Ghi tên đợt", "Mã đợt gồm", "Ghi ít nhất một phần",
		"Ghi số nguyên từ 1 đến 240", "Không có đơn vị nào mang mã hoặc tên: XYZ; Phường Không Có")
	f = requested(t, officer)
	f.Set("sections.1.hint", "Gợi ý không có tên")
	officer.withFile(t, adHocNewPath, with(f, "do", "check"), "x.exe", []byte("MZ\x90\x00")).want(t, http.StatusUnprocessableEntity).says(t, "x.exe")
	again := officer.post(t, adHocNewPath, with(f, "do", "check")).want(t, http.StatusUnprocessableEntity)
	if !strings.Contains(again.body, `id="sections-1-title-error"`) {
		t.Error("the section without a title is not told of at its row")
	}
	if n := 0; k.Owner.QueryRow(`select count(*) from campaigns`).Scan(&n) != nil || n != 0 {
		t.Errorf("%d campaigns", n)
	}
}

// Rows of the outline are moved without scripts, and the ladder follows a new due
// unless somebody has changed it.
func TestAdHocOutlineAndLadder(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	f := requested(t, officer)
	title := func(a answer, row string) string { return a.filled(t, adHocNewPath).Get("sections." + row + ".title") }
	if got := title(officer.post(t, adHocNewPath, with(f, "do", "up.2")), "1"); got != "Kiến nghị" {
		t.Errorf("moved up, row 2 is %q", got)
	}
	if got := title(officer.post(t, adHocNewPath, with(f, "do", "remove.0")), "1"); got != "Kiến nghị" {
		t.Errorf("after a removal, row 2 is %q", got)
	}
	officer.post(t, adHocNewPath, with(f, "do", "check", "span", "working_days", "due_count", "10")).want(t, http.StatusOK).
		says(t, "Trước hạn 5 ngày làm việc", "Trước hạn 1 ngày làm việc").silent(t, "Trước hạn 12 giờ")
	officer.post(t, adHocNewPath, with(f, "do", "check", "span", "hours", "due_count", "48", "rung.1.days", "3")).want(t, http.StatusOK).
		says(t, "Trước hạn 12 giờ", "Trước hạn 3 giờ")
	officer.post(t, adHocNewPath, with(f, "do", "fit", "span", "hours", "due_count", "48")).want(t, http.StatusOK)
}

// A file that is refused, even one larger than the route takes, loses nothing that
// was typed beside it.
func TestAdHocKeepsWhatWasTypedBesideAFile(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	f := requested(t, officer)
	for name, data := range map[string][]byte{
		"too big":     append([]byte("%PDF-1.7\n"), make([]byte, storage.MaxUpload)...),
		"far too big": bytes.Repeat([]byte("%PDF-1.7\n"), (int(uploadLimit)+1000)/9),
	} {
		again := officer.withFile(t, adHocNewPath, f, "to.pdf", data).want(t, http.StatusUnprocessableEntity).says(t, "lớn quá 20 MB")
		typed := again.filled(t, adHocNewPath)
		for _, field := range []string{"request_title", "sections.2.title", "unit_list"} {
			if typed.Get(field) != f.Get(field) {
				t.Errorf("%s: %s is %q afterwards, was %q", name, field, typed.Get(field), f.Get(field))
			}
		}
	}
}
