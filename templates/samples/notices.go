package samples

import (
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

func notices() []Sample {
	page := templates.NoticesPage{Shell: specialist(templates.TitleNotices, templates.AtNowhere), Unread: 2, UpTo: 41, Newest: "/notices", Older: "/notices?before=39",
		Notices: []templates.Notice{
			{Icon: "arrow-return-left", Text: "Trả lại để bổ sung: Báo cáo CCHC quý IV năm 2026, Sở Tài chính, hạn 24:00 19/12/2026", URL: "/documents/" + stc, At: at(16, 14, 5), Unread: true, Mail: "Đã gửi thư"},
			{Icon: "clock", Text: "Sắp đến hạn: Báo cáo CCHC quý IV năm 2026, Sở Tài chính, hạn 24:00 17/12/2026", URL: "/documents/" + stc, At: at(16, 8, 0), Unread: true},
			{Icon: "play-fill", Text: "Cần lập văn bản: Báo cáo CCHC quý IV năm 2026, Sở Tài chính, hạn 24:00 17/12/2026", URL: "/documents/" + stc, At: at(1, 8, 15), Mail: "Đã gửi thư"},
		}}
	none := templates.NoticesPage{Shell: director(templates.TitleNotices, templates.AtNowhere), Empty: templates.NoNotices()}
	unreached := templates.UnreachedPage{Shell: officer(templates.TitleUnreached, templates.AtNowhere),
		Desks: []templates.UnreachedDesk{
			{Unit: "Sở Y tế", Role: words.Role(staff.Director), Why: templates.UnreachedWhy(2, 0), Count: 2, Since: at(14, 8, 0)},
			{Unit: "Ủy ban nhân dân phường Sài Gòn", Role: words.Role(staff.Specialist), Why: templates.UnreachedWhy(0, 1), Count: 1, Since: at(15, 8, 0)},
		},
		Addresses: []templates.RefusedAddress{
			{Person: 3, Name: "Lê Hoàng Phương", URL: "/admin/accounts/3", Address: "stc.phuonglh@cchc.example", Answer: "550 5.1.1 no such user", At: at(15, 9, 30)},
		}}
	reached := templates.UnreachedPage{Shell: officer(templates.TitleUnreached, templates.AtNowhere), Empty: templates.AllReached()}
	return []Sample{
		{"notices", "notices/list", page}, {"notices-empty", "notices/list", none},
		{"notices-unreached", "notices/unreached", unreached}, {"notices-all-reached", "notices/unreached", reached},
	}
}
