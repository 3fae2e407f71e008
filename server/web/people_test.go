package web

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
)

const goodList = "unit,role,name,mail\nSTC,specialist,Lê Văn An,an@example.vn\nSTC,clerk,Trần Thị Bé,\n"

// accounts counts the people besides those that tests employ directly.
func (k *kit) accounts(t *testing.T) (n int) {
	t.Helper()
	if err := k.Owner.QueryRow(`select count(*) from persons where username like 'stc.%'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportInTwoSteps(t *testing.T) {
	k := newKit(t)
	admin := k.at(t, "SNV", staff.AccountAdmin)
	admin.get(t, "/admin/accounts/import").want(t, http.StatusOK)

	broken := strings.Replace(goodList, "STC,clerk", "XYZ,mayor", 1) + ",,,\n"
	a := admin.post(t, "/admin/accounts/import", url.Values{"step": {"save"}, "list": {broken}})
	a.want(t, http.StatusUnprocessableEntity)
	a.says(t, said(staff.PersonUnit, 3, "XYZ"), said(staff.PersonRole, 3, "mayor"), said(staff.PersonName, 4))
	if strings.TrimSpace(a.field(t, "list")) != strings.TrimSpace(broken) {
		t.Error("the list that was pasted is not kept")
	}
	if n := k.accounts(t); n != 0 {
		t.Fatalf("%d accounts of a broken list", n)
	}

	preview := admin.upload(t, "/admin/accounts/import", "file", "people.csv", goodList).want(t, http.StatusOK)
	preview.says(t, "chưa lưu", "Lê Văn An", "Chuyên viên", "Sở Tài chính")
	if n := k.accounts(t); n != 0 {
		t.Fatalf("%d accounts before the list was confirmed", n)
	}
	form := url.Values{"step": {preview.field(t, "step")}, "list": {preview.field(t, "list")}}
	codes := admin.post(t, "/admin/accounts/import", form).want(t, http.StatusOK)
	codes.says(t, "stc.anlv", "stc.bett", "chỉ hiện một lần")
	if n := k.accounts(t); n != 2 {
		t.Fatalf("%d accounts, want 2", n)
	}
	admin.post(t, "/admin/accounts/import", form).want(t, http.StatusUnprocessableEntity).says(t, said(staff.PersonTaken, 2, "stc.anlv"))
	if n := k.accounts(t); n != 2 {
		t.Fatalf("%d accounts after a double click, want 2", n)
	}
}

func (b *browser) upload(t *testing.T, path, field, name, content string) answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = form.WriteField("step", "check")
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(t, r)
}

func TestAccountList(t *testing.T) {
	k := newKit(t)
	admin := k.at(t, "SNV", staff.AccountAdmin)
	for n := range accountsPerPage {
		k.employLightly(t, fmt.Sprintf("stc.x%02d", n), "Đặng Văn Bình "+strconv.Itoa(n), "STC")
	}
	k.employLightly(t, "syt.one", "Ngô Văn Lâm", "SYT")
	first := admin.get(t, "/admin/accounts?q=dang+van&unit=STC").want(t, http.StatusOK)
	first.says(t, "1–50 trong 50 người").silent(t, "Ngô Văn Lâm")
	all := admin.get(t, "/admin/accounts").want(t, http.StatusOK)
	all.says(t, "1–50 trong 52 người", "Xem tiếp")
	admin.get(t, "/admin/accounts?page=2").want(t, http.StatusOK).says(t, "51–52 trong 52 người", "Xem trước")
	admin.get(t, "/admin/accounts?q=zzz").want(t, http.StatusOK).says(t, "Không có tài khoản nào khớp bộ lọc")
	admin.get(t, "/admin/accounts?page=x&state=closed").want(t, http.StatusOK)
}

func (k *kit) employLightly(t *testing.T, username, name, unit string) int64 {
	t.Helper()
	person := k.person(t, staff.Position{Unit: unit, Role: staff.Specialist})
	if _, err := k.Owner.Exec(`update persons set username = $2, name = $3, name_key = $4 where id = $1`,
		person, username, name, strings.ToLower(strings.NewReplacer("Đ", "d", "ặ", "a", "ă", "a", "ì", "i", "ô", "o", "â", "a").Replace(name))); err != nil {
		t.Fatal(err)
	}
	return person
}

func TestAccountPage(t *testing.T) {
	k := newKit(t)
	self := k.person(t, staff.Position{Unit: "SNV", Role: staff.AccountAdmin})
	admin := k.as(t, self)
	person := k.employLightly(t, "stc.huylg", "Lý Gia Huy", "STC")
	path := fmt.Sprintf("/admin/accounts/%d", person)
	admin.get(t, path).want(t, http.StatusOK).says(t, "Lý Gia Huy", "Chuyên viên", "Giao vai trò", "Đóng tài khoản")

	admin.post(t, path+"/positions", url.Values{"unit": {"STC"}, "role": {"officer"}}).
		want(t, http.StatusUnprocessableEntity).says(t, said(staff.RoleElsewhere, "officer"))
	admin.post(t, path+"/positions", url.Values{"unit": {"STC"}, "role": {"clerk"}}).want(t, http.StatusSeeOther, path)
	admin.get(t, path).says(t, "Đã giao vai trò cho Lý Gia Huy", "Văn thư")

	var position int64
	if err := k.Owner.QueryRow(`select id from positions where person_id = $1 and role = 'clerk'`, person).Scan(&position); err != nil {
		t.Fatal(err)
	}
	admin.post(t, fmt.Sprintf("%s/positions/%d/end", path, position), nil).want(t, http.StatusSeeOther, path)
	admin.post(t, fmt.Sprintf("%s/positions/%d/end", path, position), nil).want(t, http.StatusNotFound)

	theirs := k.as(t, person)
	theirs.get(t, "/profile").want(t, http.StatusOK)
	codes := admin.post(t, path+"/code", nil).want(t, http.StatusOK).says(t, "stc.huylg", "chỉ hiện một lần")
	theirs.get(t, "/profile").want(t, http.StatusSeeOther)
	if codes.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a page with codes may be kept: %q", codes.Header.Get("Cache-Control"))
	}

	admin.post(t, path+"/close", nil).want(t, http.StatusSeeOther, path)
	admin.get(t, path).want(t, http.StatusOK).says(t, "Đã đóng tài khoản của Lý Gia Huy").silent(t, "Cấp lại mã kích hoạt")
	admin.post(t, path+"/code", nil).want(t, http.StatusUnprocessableEntity).says(t, said(staff.AccountClosed))

	own := fmt.Sprintf("/admin/accounts/%d", self)
	admin.get(t, own).want(t, http.StatusOK).says(t, "Đây là tài khoản của bạn").silent(t, "Đóng tài khoản")
	for _, what := range []string{"/close", "/code", "/positions"} {
		admin.post(t, own+what, url.Values{"unit": {"SNV"}, "role": {"officer"}}).
			want(t, http.StatusUnprocessableEntity).says(t, said(staff.OwnAccount))
	}
	admin.get(t, "/admin/accounts/99999").want(t, http.StatusNotFound)
	admin.get(t, "/admin/accounts/abc").want(t, http.StatusNotFound)
}
