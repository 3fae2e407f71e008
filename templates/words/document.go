package words

import (
	"cchc/domain/document"
	"cchc/domain/staff"
)

var statuses = map[document.Status]string{
	document.NotStarted:        "Chưa thực hiện",
	document.InDrafting:        "Đang soạn",
	document.InDivisionReview:  "Chờ trưởng phòng",
	document.InSigning:         "Chờ ký số",
	document.InAuthorityReview: "Chờ Sở Nội vụ",
	document.Returned:          "Yêu cầu bổ sung",
	document.IsApproved:        "Đã duyệt",
	document.IsHandedIn:        "Chờ thẩm định",
	document.IsExempt:          "Miễn báo cáo",
}

// Status is the one word of state that people read.
func Status(s document.Status) string { return statuses[s] }

var stages = map[document.Stage]string{
	document.Drafting:        "Soạn",
	document.DivisionReview:  "Trưởng phòng",
	document.Signing:         "Ký số",
	document.AuthorityReview: "Sở Nội vụ",
	document.Approved:        "Duyệt",
	document.HandedIn:        "Thẩm định",
	document.Exempted:        "Miễn báo cáo",
}

// Stage is a step's name in the stepper.
func Stage(s document.Stage) string { return stages[s] }

var actions = map[document.Action]string{
	document.Submit:  "Trình trưởng phòng",
	document.Approve: "Trình ký số",
	document.Return:  "Trả lại để bổ sung",
	document.Sign:    "Ký số báo cáo",
	document.Confirm: "Xác nhận đạt yêu cầu",
	document.Recall:  "Thu hồi văn bản",
	document.Exempt:  "Miễn báo cáo",
	document.Extend:  "Gia hạn",
	document.Reopen:  "Mở lại để chỉnh sửa",
	document.Excuse:  "Tính lại hạn nộp",
	document.Prolong: "Gia hạn xác nhận",
}

// Action is the button: verb and object.
func Action(a document.Action) string { return actions[a] }

var done = map[document.Action]string{
	document.Submit:  "đã trình trưởng phòng",
	document.Approve: "đã duyệt và trình ký số",
	document.Return:  "đã trả lại để bổ sung",
	document.Sign:    "đã ký số và gửi Sở Nội vụ",
	document.Confirm: "đã xác nhận đạt yêu cầu",
	document.Recall:  "đã thu hồi",
	document.Exempt:  "đã miễn báo cáo",
	document.Extend:  "đã gia hạn",
	document.Reopen:  "đã mở lại để chỉnh sửa",
	document.Excuse:  "đã tính lại hạn nộp",
	document.Prolong: "đã gia hạn xác nhận",
}

// Done is what the person has done, after their name: "đã trình trưởng phòng".
func Done(a document.Action) string { return done[a] }

var kinds = map[document.Kind]string{
	document.Report: "Báo cáo cải cách hành chính",
	document.AdHoc:  "Báo cáo đột xuất",
	document.Plan:   "Kế hoạch cải cách hành chính",
	document.Index:  "Báo cáo chỉ số cải cách hành chính",
}

// Noun is what a document of the kind is called inside a sentence.
func Noun(k document.Kind) string {
	if k == document.Plan {
		return "kế hoạch"
	}
	return "báo cáo"
}

// SignWork is the button of whoever signs a document of the kind.
func SignWork(k document.Kind) string { return "Ký số " + Noun(k) }

// Kind is the sort of document.
func Kind(k document.Kind) string { return kinds[k] }

var roles = map[staff.Role]string{
	staff.Specialist:    "Chuyên viên",
	staff.DivisionHead:  "Trưởng phòng",
	staff.Director:      "Thủ trưởng đơn vị",
	staff.Clerk:         "Văn thư",
	staff.FocalOfficer:  "Cán bộ đầu mối",
	staff.Officer:       "Chuyên viên Sở Nội vụ",
	staff.AuthorityHead: "Lãnh đạo Sở Nội vụ",
	staff.AccountAdmin:  "Quản trị tài khoản",
	staff.SystemAdmin:   "Quản trị hệ thống",
	staff.Viewer:        "Lãnh đạo Thành phố",
}

// Role is the role's name.
func Role(r staff.Role) string { return roles[r] }

// Position is a role at a unit, "Chuyên viên, Sở Tài chính"; roles that name
// their house already stand alone.
func Position(r staff.Role, unit string) string {
	switch r {
	case staff.Officer, staff.AuthorityHead, staff.Viewer:
		return Role(r)
	}
	if unit == "" {
		return Role(r)
	}
	return Role(r) + ", " + unit
}
