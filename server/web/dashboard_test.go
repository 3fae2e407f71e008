package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// tenthsIn reads percentages such as "66,7 %" of a page's classes, in tenths.
func tenthsIn(t *testing.T, body string) (all []int) {
	t.Helper()
	for _, m := range regexp.MustCompile(`<span class="value">(\d+),(\d) %`).FindAllStringSubmatch(body, -1) {
		whole, err := strconv.Atoi(m[1] + m[2])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, whole)
	}
	return all
}

func TestDashboard(t *testing.T) {
	k := newKit(t)
	leader := k.at(t, "VP", staff.Viewer)
	leader.get(t, "/").want(t, http.StatusSeeOther, "/dashboard")
	leader.get(t, "/dashboard").want(t, http.StatusOK).says(t, "Chưa có số liệu", "Tổng hợp")
	code := k.launched(t, "STC", "SYT", "SXD", "SCT", "SNV", "SGDDT", "26740", "27664")
	k.exec(t, `update documents set unit_due_at = clock_timestamp(), first_signed_at = clock_timestamp() - interval '1 hour', stage = 'authority_review' where unit_code in ('STC', 'SYT')`)
	k.exec(t, `update documents set returns = 1 where unit_code = 'SYT'`)
	k.exec(t, `update documents set first_signed_at = unit_due_at, returns = 1 where unit_code = 'SXD'`)
	k.exec(t, `update documents set due_at = clock_timestamp() where unit_code = '26740'`)
	k.exec(t, `update documents set stage = 'exempt', closed_at = clock_timestamp() where unit_code = 'SCT'`)
	page := leader.get(t, "/dashboard").want(t, http.StatusOK).says(t,
		"7 đơn vị phải nộp", "1 đơn vị được miễn, không tính", "Số liệu lúc", "Nộp đúng hạn", "2/7", "1 đang quá hạn",
		"2 đơn vị từng bị Sở Nội vụ trả lại, kể cả nộp muộn", "Chưa có kỳ trước để so", "Xem dạng bảng", "Phường", "Sở Xây dựng")
	sum := 0
	for _, tenths := range tenthsIn(t, page.body) {
		sum += tenths
	}
	if sum != 1000 {
		t.Errorf("the classes sum to %d tenths", sum)
	}
	for _, row := range []struct {
		query string
		units int
	}{{"class=punctual", 2}, {"class=on_time", 1}, {"class=on_time_returned", 1}, {"class=late", 1}, {"class=missing", 4}, {"flag=sent_back", 2}, {"status=approved", 0}} {
		if !strings.Contains(page.body, "/campaigns/"+code+"?"+row.query+`"`) {
			t.Errorf("no link to %s", row.query)
		}
		board := leader.get(t, "/campaigns/"+code+"?"+row.query).want(t, http.StatusOK)
		if n := strings.Count(board.body, `<th scope="row"><a href="/documents/`); n != row.units {
			t.Errorf("%s leads to %d units, want %d", row.query, n, row.units)
		}
	}
	leader.get(t, "/dashboard?campaign=bc-none").want(t, http.StatusNotFound)
	leader.get(t, "/dashboard/units/SXD").want(t, http.StatusOK).says(t, "Sở Xây dựng", "Nộp muộn").silent(t, "Sở Y tế")
	leader.get(t, "/dashboard/units/NONE").want(t, http.StatusNotFound)
}

func TestDashboardOfOneUnit(t *testing.T) {
	k := newKit(t)
	k.launched(t, "STC", "SYT")
	director := k.at(t, "STC", staff.Director)
	director.get(t, "/").want(t, http.StatusSeeOther, "/tasks")
	director.get(t, "/dashboard").want(t, http.StatusOK).says(t, "1 đơn vị phải nộp", "Tổng hợp").silent(t, "Sở Y tế", "Theo nhóm đơn vị")
	director.get(t, "/dashboard/units/STC").want(t, http.StatusOK).says(t, "Sở Tài chính")
	director.get(t, "/dashboard/units/SYT").want(t, http.StatusForbidden)
	if menu := k.at(t, "STC", staff.Specialist).get(t, "/tasks").body; strings.Contains(menu, `href="/dashboard"`) {
		t.Error("a specialist's menu offers the dashboard")
	}
}
