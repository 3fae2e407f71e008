package samples

import (
	"cchc/domain/document"
	"cchc/templates"
)

func searches() []Sample {
	mark := func(texts ...string) []templates.Piece { // every other piece is marked
		pieces := make([]templates.Piece, len(texts))
		for i, text := range texts {
			pieces[i] = templates.Piece{Text: text, Marked: i%2 == 1}
		}
		return pieces
	}
	title := mark(quarterly)
	page := templates.SearchPage{
		Shell: officer("Tìm kiếm", templates.AtNowhere), Query: "một cửa điện tử", Asked: true, Count: "Hơn 1.000 văn bản",
		Years: options("Mọi năm", "2026", "2025"), Kinds: options("Mọi loại văn bản", "Báo cáo định kỳ"), Statuses: options("Mọi bước", "Chờ ký số"),
		Chips: []templates.FilterChip{{Label: "Năm: 2026", URL: "/search?q=x"}}, ClearURL: "/search?q=x",
		Places: []templates.SearchPlaces{
			{Name: "Đợt báo cáo", Places: []templates.SearchPlace{{Icon: "collection", Name: title, URL: "/campaigns/bc-2026q4"}}},
			{Name: "Đơn vị", Places: []templates.SearchPlace{{Icon: "building", Name: mark("Sở ", "Tài chính"), About: quarterly, URL: "/campaigns/bc-2026q4?q=x"}}},
		},
		Hits: []templates.SearchHit{
			{URL: "/documents/" + stc, Unit: mark("Sở Tài chính"), Title: title, Number: "12/BC-STC", When: "17/12/2026", Status: document.InAuthorityReview,
				Snippet: mark("… 100% thủ tục hành chính đã tiếp nhận tại bộ phận ", "một", " ", "cửa", " và trên cổng ", "điện", " ", "tử", ", không phát sinh hồ sơ trễ hạn trong kỳ …")},
			{URL: "/documents/bc-2026q4-SYT", Unit: mark("Sở Y tế"), Title: title, When: "16/12/2026", Status: document.InDrafting},
			{URL: "/documents/kh-2027-SYT?table=approved", Unit: mark("Sở Y tế"), Title: title, When: "02/03/2027", Status: document.IsApproved,
				Snippet: mark("Triển khai ", "một", " ", "cửa", " tại trạm y tế"), Former: true},
		},
		Paging: templates.Paging{From: 1, To: 50, Total: 1000, NextURL: "/search?q=x&page=2", Noun: "văn bản"},
	}
	number := page
	number.Query, number.Count, number.Folded, number.TextURL = "12", "1 văn bản", true, "/search?in=text&q=12"
	number.Places, number.Chips = nil, nil
	none := page
	none.Hits, none.Places, none.Count = nil, nil, "Không có văn bản nào"
	none.Empty = templates.Empty{Title: "Không có văn bản nào khớp", Text: "Bỏ bớt điều kiện lọc, hoặc tìm ít chữ hơn.", URL: "/search?q=x", Label: "Bỏ mọi lọc"}
	first := templates.SearchPage{
		Shell: specialist("Tìm kiếm", templates.AtNowhere), Kinds: page.Kinds, Statuses: page.Statuses,
		Empty: templates.Empty{Title: "Tìm trong văn bản bạn được xem", Text: "Gõ số, tên đơn vị, tên đợt hoặc một vài chữ trong nội dung."},
	}
	return []Sample{{"search", "search/list", page}, {"search-number", "search/list", number}, {"search-none", "search/list", none}, {"search-first", "search/list", first}}
}
