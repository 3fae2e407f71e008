package document_test

import (
	"slices"
	"testing"

	"cchc/domain/document"
)

func TestReading(t *testing.T) {
	for _, row := range []struct {
		source      string
		reading     document.Reading
		own, others []int // what may be read
	}{
		{"nothing is frozen", document.Reading{}, nil, nil},
		{"QĐ 1439 Đ8.1b: trình, chưa ký là nội bộ đơn vị", document.Reading{Revision: 1}, []int{1}, nil},
		{"QĐ 1439 Đ8.1b: ký là nộp", document.Reading{Revision: 1, Signed: []int{1}}, []int{1}, []int{1}},
		{"QĐ 1439 Đ8.2: trả lại trong đơn vị, lần 2 đang trình", document.Reading{Revision: 2}, []int{1, 2}, nil},
		{"QĐ 1439 Đ8.2: lần 1 trả lại trước khi ký, lần 2 đã ký", document.Reading{Revision: 2, Signed: []int{2}}, []int{1, 2}, []int{2}},
		{"QĐ 1439 Đ8.2: bản đã ký trước vẫn là bản để đọc khi đang bổ sung", document.Reading{Revision: 2, Signed: []int{1}}, []int{1, 2}, []int{1}},
		{"mở lại sau khi duyệt: đọc bản đã duyệt đến khi ký bản mới", document.Reading{Revision: 3, Signed: []int{2}}, []int{1, 2, 3}, []int{2}},
		{"mở lại, đã ký bản mới", document.Reading{Revision: 3, Signed: []int{2, 3}}, []int{1, 2, 3}, []int{2, 3}},
	} {
		for own, want := range map[bool][]int{true: row.own, false: row.others} {
			if got := row.reading.All(own); !slices.Equal(got, want) {
				t.Errorf("%s: own %v reads %v, want %v", row.source, own, got, want)
			}
			newest := 0
			if len(want) > 0 {
				newest = want[len(want)-1]
			}
			if got := row.reading.Newest(own); got != newest {
				t.Errorf("%s: own %v: newest %d, want %d", row.source, own, got, newest)
			}
			for revision := -1; revision <= row.reading.Revision+1; revision++ {
				if got := row.reading.Opens(revision, own); got != slices.Contains(want, revision) {
					t.Errorf("%s: own %v: opens %d: %v", row.source, own, revision, got)
				}
			}
		}
	}
}

func TestReadingBefore(t *testing.T) {
	reading := document.Reading{Revision: 4, Signed: []int{1, 4}}
	for _, row := range []struct {
		revision int
		own      bool
		want     int
	}{{4, false, 1}, {4, true, 3}, {1, false, 0}, {1, true, 0}, {2, false, 1}} {
		if got := reading.Before(row.revision, row.own); got != row.want {
			t.Errorf("before %d, own %v: %d, want %d", row.revision, row.own, got, row.want)
		}
	}
}
