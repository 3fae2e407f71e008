package paper

import (
	"fmt"
	"testing"
	"time"

	"cchc/domain/calendar"
)

// sample is a department's quarterly report as the specialist would write it.
func sample() Report {
	return Report{
		Superior: []string{"Ủy ban nhân dân", "Thành phố Hồ Chí Minh"},
		Agency:   "Sở Tài chính",
		Number:   "412/BC-STC",
		Place:    "Thành phố Hồ Chí Minh",
		Date:     calendar.Date(2026, 12, 17),
		Type:     "Báo cáo",
		Subject:  "Công tác cải cách hành chính quý IV năm 2026",
		To:       []string{"Sở Nội vụ"},
		Opening:  "Thực hiện Kế hoạch cải cách hành chính năm 2026 của Ủy ban nhân dân Thành phố, Sở Tài chính báo cáo kết quả công tác cải cách hành chính quý IV năm 2026 như sau:",
		Parts: []Part{
			{Number: "I.", Title: "Công tác chỉ đạo, điều hành cải cách hành chính", Text: "Trong kỳ, Sở đã ban hành 14 văn bản chỉ đạo, điều hành; hoàn thành 46/48 nhiệm vụ của Kế hoạch năm, đạt 95,83%. Đã tổ chức 04 cuộc giao ban chuyên đề và kiểm tra tại 05 đơn vị trực thuộc; toàn bộ 11 vấn đề đặt ra sau kiểm tra đã được xử lý."},
			{Number: "II.", Title: "Kết quả thực hiện các nội dung", Parts: []Part{
				{Number: "1.", Title: "Cải cách thể chế", Text: "Đã tham mưu ban hành 02 văn bản quy phạm pháp luật; rà soát 37 văn bản, kiến nghị xử lý 03 văn bản không còn phù hợp."},
				{Number: "2.", Title: "Cải cách thủ tục hành chính", Text: "Tiếp nhận mới 12.934 hồ sơ, trong đó 11.902 hồ sơ trực tuyến (92,02%). Đã giải quyết 12.482 hồ sơ; 98,83% trước hạn và đúng hạn.\nCòn 146 hồ sơ trễ hạn, tập trung ở lĩnh vực đăng ký doanh nghiệp do hệ thống liên thông gián đoạn từ ngày 02 đến ngày 04 tháng 11 năm 2026. Chi tiết tại https://cchc-sonoivu.tphcm.gov.vn/bao-cao/2026/quy-4/ho-so-tre-han/danh-sach-chi-tiet.", Parts: []Part{
					{Number: "a)", Title: "Nguyên nhân", Text: "Hệ thống liên thông gián đoạn 03 ngày; hồ sơ dồn vào tuần sau đó."},
				}},
				{Number: "3.", Title: "Cải cách tổ chức bộ máy"},
			}},
			{Number: "III.", Title: "Đánh giá chung", Text: "Kết quả nổi bật: tỷ lệ hồ sơ trực tuyến tăng 7,4 điểm phần trăm so với quý IV năm 2025."},
			{Number: "IV.", Title: "Phương hướng, nhiệm vụ kỳ sau", Text: "Tiếp tục rà soát, cắt giảm thời gian giải quyết 12 thủ tục."},
			{Number: "V.", Title: "Kiến nghị, đề xuất", Text: "Đề nghị Sở Khoa học và Công nghệ hoàn thiện kết nối liên thông trước ngày 31 tháng 01 năm 2027."},
		},
		SignerCapacity: []string{"Giám đốc"},
		SignerName:     "Lê Hoàng Phương",
		CC:             []string{"Sở Nội vụ", "Ban Giám đốc Sở", "Lưu: VT, VP"},
		Created:        time.Date(2026, 12, 17, 9, 18, 0, 0, calendar.Zone),
	}
}

// figures is an annex of n rows under a heading for every ten of them.
func figures(n int) *Appendix {
	a := &Appendix{
		Title: "Số liệu cải cách hành chính quý IV năm 2026",
		Notes: []string{"3.27: Số thư xin lỗi ít hơn số hồ sơ trễ hạn vì 12 hồ sơ trả trong cùng ngày."},
	}
	for i := range n {
		if i%10 == 0 {
			a.Rows = append(a.Rows, Row{Group: fmt.Sprintf("%d. Nhóm chỉ tiêu thứ %d", i/10+1, i/10+1)})
		}
		a.Rows = append(a.Rows, Row{
			Code: fmt.Sprintf("%d.%d", i/10+1, i%10+1),
			Name: fmt.Sprintf("Chỉ tiêu %03d: hồ sơ giải quyết trước hạn và đúng hạn", i+1),
			Unit: "hồ sơ", Value: fmt.Sprintf("%d.%03d", i+1, i),
		})
	}
	return a
}

// full is the sample with an annex of 105 figures, as many as the form has.
func full() Report {
	r := sample()
	r.Appendix = figures(105)
	return r
}

// unnumbered is the print a division head sees: no number, date or signature.
func unnumbered() Report {
	r := sample()
	r.Number, r.NumberSuffix, r.Date = "", "/BC-STC", 0
	return r
}

func render(t testing.TB, r Report) Print {
	t.Helper()
	p, err := Render(r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkRender(b *testing.B) {
	for name, r := range map[string]Report{"two pages": sample(), "with annex": full()} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				render(b, r)
			}
		})
	}
}
