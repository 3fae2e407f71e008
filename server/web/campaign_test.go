package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// launched opens a campaign over the units through its pages and gives its code.
func (k *kit) launched(t *testing.T, units ...string) string {
	t.Helper()
	officer := k.at(t, "SNV", staff.Officer)
	f := officer.get(t, "/campaigns/new?period="+ahead(t, k).Code()).filled(t, "/campaigns/new")
	f["unit"] = units
	officer.post(t, "/campaigns", f).want(t, http.StatusSeeOther, "/campaigns/"+f.Get("code"))
	return f.Get("code")
}

func (k *kit) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := k.Owner.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func TestCampaignListAndBoardKeepToTheScope(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT", "SXD")
	for _, row := range []struct {
		unit         string
		role         staff.Role
		sees, hidden []string
	}{
		{"SNV", staff.Officer, []string{"0/3 đơn vị đã xong", "Mở đợt báo cáo"}, nil},
		{"SNV", staff.Viewer, []string{"0/3 đơn vị đã xong"}, []string{"Mở đợt báo cáo"}},
		{"STC", staff.Director, []string{"0/1 đơn vị đã xong"}, []string{"0/3", "Mở đợt báo cáo"}},
		{"SCT", staff.Specialist, []string{"Chưa có đợt báo cáo nào"}, []string{code}},
	} {
		k.at(t, row.unit, row.role).get(t, "/campaigns").want(t, http.StatusOK).says(t, row.sees...).silent(t, row.hidden...)
	}
	own := k.at(t, "STC", staff.Specialist)
	own.get(t, "/campaigns/"+code).want(t, http.StatusOK).
		says(t, "Sở Tài chính", "Văn bản của đơn vị bạn", "1/1").
		silent(t, "Sở Y tế", "Nhắc", "Thêm đơn vị", "Giữ lâu nhất")
	k.at(t, "SCT", staff.Specialist).get(t, "/campaigns/"+code).want(t, http.StatusNotFound)
	k.at(t, "SNV", staff.Viewer).get(t, "/campaigns/"+code).want(t, http.StatusOK).
		says(t, "Sở Y tế", "3/3", "Giữ lâu nhất").silent(t, "Thêm đơn vị", "Nhắc 3")
	k.at(t, "SNV", staff.Viewer).get(t, "/campaigns?q=khong+co&state=open&year=2020").want(t, http.StatusOK).
		says(t, "Không có đợt nào khớp bộ lọc")
}

func TestBoardFiltersLiveInTheAddress(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT", "SXD")
	k.exec(t, `update documents set started = true where unit_code = 'SYT'`)
	k.exec(t, `update documents set due_at = clock_timestamp() - interval '1 hour' where unit_code = 'SXD'`)
	officer := k.at(t, "SNV", staff.Officer)
	for _, row := range []struct {
		query        string
		says, hidden []string
	}{
		{"", []string{"3 đơn vị", "Sở Tài chính", "Sở Y tế", "Sở Xây dựng", "Quá hạn 1"}, nil},
		{"?q=tai+chinh", []string{"1 đơn vị", "Sở Tài chính"}, []string{"Sở Y tế"}},
		{"?status=drafting", []string{"1 đơn vị, bước đang soạn", "Sở Y tế"}, []string{"Sở Xây dựng"}},
		{"?flag=overdue", []string{"1 đơn vị, quá hạn", "Sở Xây dựng", "Quá hạn"}, []string{"Sở Y tế"}},
		{"?flag=vacant&group=department", []string{"3 đơn vị, chưa có người giữ"}, nil},
		{"?group=ward", []string{"Không có đơn vị nào khớp bộ lọc"}, []string{"Sở Y tế"}},
		{"?status=nonsense&flag=x&group=y&sort=z&page=-4", []string{"3 đơn vị"}, nil},
		{"?page=9", []string{"Không có đơn vị nào khớp bộ lọc"}, nil},
	} {
		officer.get(t, "/campaigns/"+code+row.query).want(t, http.StatusOK).says(t, row.says...).silent(t, row.hidden...)
	}
	body := officer.get(t, "/campaigns/"+code+"?q=so&status=drafting&page=2").body
	for _, link := range []string{"?q=so&amp;status=signing", `href="/campaigns/` + code + `?q=so"`, "?flag=overdue&amp;q=so&amp;status=drafting"} {
		if !strings.Contains(body, link) {
			t.Errorf("no link to %s", link)
		}
	}
	officer.get(t, "/campaigns/bc-none").want(t, http.StatusNotFound)
}

func TestAddingUnits(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC")
	var started []string
	k.server.engine.StartDocument = func(_ context.Context, id string) error {
		started = append(started, id)
		return nil
	}
	officer := k.at(t, "SNV", staff.Officer)
	path := "/campaigns/" + code + "/units"
	page := officer.get(t, path).want(t, http.StatusOK).says(t, "Sở Y tế").silent(t, "Sở Tài chính")
	f := page.filled(t, path)
	officer.post(t, path, f).want(t, http.StatusUnprocessableEntity).says(t, "Chọn ít nhất một đơn vị")
	f["unit"] = []string{"SYT", "SXD"}
	officer.post(t, path, f).want(t, http.StatusSeeOther, "/campaigns/"+code)
	officer.post(t, path, f).want(t, http.StatusSeeOther, "/campaigns/"+code) // a double click
	officer.get(t, "/campaigns/"+code).says(t, "3/3", "Sở Xây dựng")
	if len(started) != 2 || started[0] != code+"-SYT" {
		t.Errorf("started %v", started)
	}
	f["unit"] = []string{"NONE"}
	officer.post(t, path, f).want(t, http.StatusUnprocessableEntity)
	k.exec(t, `update campaigns set due_at = clock_timestamp() - interval '1 day'`)
	officer.get(t, path).says(t, "Đợt đã hết hạn")
	officer.get(t, "/campaigns/bc-none/units").want(t, http.StatusNotFound)
}

func TestCalendarByYear(t *testing.T) {
	k := newKit(t)
	anyone := k.at(t, "STC", staff.Clerk)
	anyone.get(t, "/calendar?year=2026").want(t, http.StatusOK).says(t, "17/02/2026", "Tết Âm lịch", "Nghỉ lễ", "Chính thức", "22/08/2026", "Làm bù")
	anyone.get(t, "/calendar?year=1990").want(t, http.StatusOK).says(t, "Chưa có ngày nghỉ nào")
	anyone.get(t, "/calendar").want(t, http.StatusOK)
}
