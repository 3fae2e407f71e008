package web

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// reportedKit has two quarters on two versions of the form: 3.18 was 3.18 and is
// 3.180; STC has reported both, SYT the first.
func reportedKit(t *testing.T) *kit {
	t.Helper()
	k := newKit(t)
	by := k.person(t)
	for _, statement := range []string{
		`insert into form_versions (form, version, title, content)
			select form, 2, title, replace(replace(content::text, '"3.18"', '"3.180"'), '"number": 1', '"number": 2')::jsonb from form_versions where form = 'bc-cchc-quy'`,
		`insert into indicator_maps (form, from_version, to_version, from_code, to_code, breaks, note)
			select 'bc-cchc-quy', 1, 2, i ->> 'code', case i ->> 'code' when '3.18' then '3.180' else i ->> 'code' end, i ->> 'code' = '1.5', case i ->> 'code' when '1.5' then 'Đếm cả họp trực tuyến' else '' end
			from form_versions, jsonb_array_elements(content -> 'indicators') i where form = 'bc-cchc-quy' and version = 1`,
		`insert into campaigns (code, launch_key, kind, name, form, form_version, period, window_from, window_to, due_day, due_at, ladder, confirm_ladder, launched_by, launched_at)
			select c, gen_random_uuid(), 'report', 'Đợt ' || c, 'bc-cchc-quy', v, p, '2026-06-15', '2026-09-14', '2026-09-18', now(), '{}', '{}', $1, now() - n * interval '90 days'
			from (values ('q3', 1, '2026q3', 1), ('q4', 2, '2026q4', 0)) x (c, v, p, n)`,
		`insert into documents (id, campaign, unit_code, kind, unit_due_at, due_at, desk_since, rung_at, created_at)
			select c || '-' || u, c, u, 'report', now(), now(), now(), now(), now() from unnest(array['q3', 'q4']) c, unnest(array['STC', 'SYT', 'SXD']) u`,
		`insert into revisions select id, 1, jsonb_build_object('figures', figures::jsonb), '', '[]', $1, now() from (values
			('q3-STC', '{"3.18": {"value": "100"}, "1.5": {"value": "4"}, "1.1": {"value": "10"}, "1.2": {"value": "5"}}'),
			('q3-SYT', '{"3.18": {"value": "1150.5"}, "1.5": {"value": "6"}, "1.1": {"value": "30"}, "1.2": {"value": "5"}}'),
			('q4-STC', '{"3.180": {"value": "2501"}, "1.5": {"value": "9"}, "1.1": {"value": "0"}, "1.2": {"value": "0"}}')) r (id, figures)`,
		`update documents set stage = 'approved', revision = 1, closed_at = now() where id in ('q3-STC', 'q4-STC', 'q3-SYT')`,
		`update documents set stage = 'exempt', closed_at = now() where id = 'q4-SXD'`,
	} {
		args := []any{}
		if strings.Contains(statement, "$1") {
			args = append(args, by)
		}
		if _, err := k.Owner.Exec(statement, args...); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
	return k
}

func TestAnIndicatorIsComparedAcrossVersions(t *testing.T) {
	k := reportedKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/indicators?indicator=3.180").want(t, http.StatusOK).
		says(t, "Toàn thành phố", "Quý IV năm 2026 2.501 1/2 đang nhận báo cáo Phiên bản 2, mã 3.180", "Quý III năm 2026 1.250,5", "2/3 đang nhận báo cáo Phiên bản 1, mã 3.18", "Xem từng đơn vị", "Chấm rời").
		silent(t, "Đứt đoạn")
	broken := officer.get(t, "/indicators?indicator=1.5").says(t, "Đứt đoạn", "Từ phiên bản 2 đo khác, không so với các kỳ trước: Đếm cả họp trực tuyến.").silent(t, "+125,0 %")
	if dashed := strings.Count(broken.body, `<path class="chart-break"`); dashed != 3 { // in two sizes, and in the legend
		t.Errorf("%d breaks are drawn", dashed)
	}
	if _, err := k.Owner.Exec(`update documents set stage = 'exempt', closed_at = now() where stage = 'drafting'`); err != nil {
		t.Fatal(err)
	}
	officer.get(t, "/indicators?indicator=3.180").says(t, "Quý IV năm 2026 2.501 +100,0 % 1/1").silent(t, "Chấm rời")
	officer.get(t, "/indicators?indicator=1.3").says(t, "25 ", "10 40 ", "Bằng 1.2 (Số nhiệm vụ đã hoàn thành (lũy kế)), chia cho 1.1")
	officer.get(t, "/indicators?indicator=3.18").want(t, http.StatusOK).says(t, "1.1 Số nhiệm vụ") // no such code: the first
	officer.get(t, "/indicators?indicator=1/3.18").says(t, "2.501", "1.250,5")
	officer.get(t, "/indicators?indicator=3.180&group=ward").says(t, "Chưa có báo cáo nào được xác nhận", "0/0")
}

func TestAnIndicatorOfOneUnit(t *testing.T) {
	k := reportedKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/indicators?indicator=3.180&unit=so+y+te").says(t, "Sở Y tế", "1.150,5", "Chưa có báo cáo nào được xác nhận", "Đã duyệt")
	officer.get(t, "/indicators?indicator=3.180&unit=phuong").says(t, "Có nhiều đơn vị khớp")
	officer.get(t, "/indicators?indicator=3.180&unit=zzzz").says(t, "Không có đơn vị nào tên", "Toàn thành phố")
	unit := k.at(t, "STC", staff.Specialist)
	unit.get(t, "/indicators?indicator=3.180&unit=SYT").want(t, http.StatusOK).says(t, "Sở Tài chính", "2.501", "100").silent(t, "1.150,5", "1.250,5", "Toàn thành phố")
	k.at(t, "SGDDT", staff.Specialist).get(t, "/indicators").says(t, "Chưa có số liệu để so sánh")
	two := k.as(t, k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist}, staff.Position{Unit: "SYT", Role: staff.DivisionHead}))
	two.get(t, "/indicators?indicator=3.180").says(t, "Các đơn vị của bạn", "1.250,5")
	two.get(t, "/indicators?indicator=3.180&unit=SYT").says(t, "1.150,5").silent(t, "1.250,5")
}

func TestContributionsToAPeriod(t *testing.T) {
	k := reportedKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/indicators/units?campaign=q3&indicator=3.18").want(t, http.StatusOK).
		says(t, "Tổng các báo cáo đã xác nhận 2/3 đơn vị 1.250,5", "Sở Tài chính Sở, ban, ngành 100 Đã duyệt", "Sở Xây dựng Sở, ban, ngành Chưa thực hiện")
	officer.get(t, "/indicators/units?campaign=q4&indicator=1.3&state=missing").says(t, "Sở Y tế", "Miễn báo cáo").silent(t, "Sở Tài chính")
	officer.get(t, "/indicators/units?campaign=q4&indicator=9.9").want(t, http.StatusNotFound)
	unit := k.at(t, "STC", staff.Specialist)
	unit.get(t, "/indicators/units?campaign=q3&indicator=3.18").want(t, http.StatusOK).says(t, "1/1 đơn vị 100").silent(t, "Sở Y tế", "1.250,5")
	k.at(t, "SGDDT", staff.Specialist).get(t, "/indicators/units?campaign=q3&indicator=3.18").want(t, http.StatusNotFound)
}

func TestAnIndicatorLeavesAsAWorkbook(t *testing.T) {
	k := reportedKit(t)
	answer := k.at(t, "SNV", staff.Officer).get(t, "/indicators.xlsx?indicator=1.5").want(t, http.StatusOK)
	book, err := zip.NewReader(bytes.NewReader([]byte(answer.body)), int64(len(answer.body)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := book.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1.5 Số cuộc họp", "Quý III năm 2026", "<v>10</v>", "<v>9</v>", "không so với các kỳ trước"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the workbook does not say %q", want)
		}
	}
	if n := rows(t, k, `select count(*) from audit where action = 'download' and detail ->> 'file' like 'chi-tieu-1.5-%'`); n != 1 {
		t.Errorf("%d downloads noted", n)
	}
}

func rows(t *testing.T, k *kit, query string) (n int) {
	t.Helper()
	if err := k.Owner.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
