package storage_test

import (
	"context"
	"testing"

	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Sở Giáo dục và Đào tạo":   "so giao duc va dao tao",
		"Phường  Thủ Dầu Một ":     "phuong thu dau mot",
		"ĐẶC KHU CÔN ĐẢO":          "dac khu con dao",
		"Nguyễn Thị Ánh":           "nguyen thi anh",
		"Quy hoạch - Kiến trúc":    "quy hoach - kien truc",
		"Ho\u0302\u0300 Chi\u0301": "ho chi", // already decomposed
		"":                         "",
	} {
		if got := storage.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// Printed forms follow NĐ 30/2020 PL I: the superior body above the agency, the
// signer's capacity, the symbol after the number, the place before the date.
func TestSeedWritesUnitsAsPrinted(t *testing.T) {
	d := storagetest.Open(t)
	var units int
	if err := d.Owner.QueryRow(`select count(*) from units`).Scan(&units); err != nil || units != 188 {
		t.Fatalf("units: %d, %v; want 188 (20 departments, 113 wards, 54 communes, 1 special zone)", units, err)
	}
	const ubnd = "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ HỒ CHÍ MINH"
	for _, want := range []struct{ code, abbreviation, name, group, superior, agency, capacity, symbol, place string }{
		{"STC", "STC", "Sở Tài chính", "department", ubnd, "SỞ TÀI CHÍNH", "GIÁM ĐỐC", "BC-STC", "Thành phố Hồ Chí Minh"},
		{"SGDDT", "SGDĐT", "Sở Giáo dục và Đào tạo", "department", ubnd, "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "GIÁM ĐỐC", "BC-SGDĐT", "Thành phố Hồ Chí Minh"},
		{"VP", "VP", "Văn phòng Ủy ban nhân dân Thành phố", "department", ubnd, "VĂN PHÒNG ỦY BAN NHÂN DÂN THÀNH PHỐ", "CHÁNH VĂN PHÒNG", "BC-VP", "Thành phố Hồ Chí Minh"},
		{"TTTP", "TTTP", "Thanh tra Thành phố", "department", ubnd, "THANH TRA THÀNH PHỐ", "CHÁNH THANH TRA", "BC-TTTP", "Thành phố Hồ Chí Minh"},
		{"BQLKCNC", "BQLKCNC", "Ban Quản lý Khu Công nghệ cao", "department", ubnd, "BAN QUẢN LÝ KHU CÔNG NGHỆ CAO", "TRƯỞNG BAN", "BC-BQLKCNC", "Thành phố Hồ Chí Minh"},
		{"25747", "P. Thủ Dầu Một", "Phường Thủ Dầu Một", "ward", "", "ỦY BAN NHÂN DÂN\nPHƯỜNG THỦ DẦU MỘT", "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "BC-UBND", "Thủ Dầu Một"},
	} {
		got := want
		if err := d.Owner.QueryRow(`select abbreviation, name, unit_group, superior, agency, signer_capacity, symbol, place
			from units where code = $1`, want.code).Scan(&got.abbreviation, &got.name, &got.group,
			&got.superior, &got.agency, &got.capacity, &got.symbol, &got.place); err != nil {
			t.Fatal(want.code, err)
		}
		if got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	var zone int
	if err := d.Owner.QueryRow(`select count(*) from units where unit_group = 'special_zone'`).Scan(&zone); err != nil || zone != 1 {
		t.Errorf("special zones: %d, %v; want 1", zone, err)
	}
}

func TestSeedKeepsWhatAnAdministratorChanged(t *testing.T) {
	d := storagetest.Open(t)
	for _, statement := range []string{
		`update units set signer_capacity = 'Q. GIÁM ĐỐC' where code = 'STC'`,
		`update holidays set name = 'đổi' where date = '2026-09-01'`,
		`delete from holidays where date = '2026-08-31'`,
	} {
		if _, err := d.Owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := storage.Seed(context.Background(), d.Owner); err != nil {
		t.Fatal(err)
	}
	var capacity, name string
	var removed int
	if err := d.Owner.QueryRow(`select (select signer_capacity from units where code = 'STC'),
		(select name from holidays where date = '2026-09-01'),
		(select count(*) from holidays where date = '2026-08-31')`).Scan(&capacity, &name, &removed); err != nil {
		t.Fatal(err)
	}
	if capacity != "Q. GIÁM ĐỐC" || name != "đổi" || removed != 0 {
		t.Errorf("a second seed changed edited data: %q, %q, %d removed days came back", capacity, name, removed)
	}
}
