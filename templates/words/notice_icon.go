package words

var noticeIcons = map[string]string{
	"launched": "play-fill", "task_opened": "inbox", "returned": "arrow-return-left", "confirmed": "check-circle-fill",
	"reminder": "clock", "due": "clock-history", "overdue": "exclamation-octagon-fill", "escalation": "exclamation-triangle-fill",
	"extended": "calendar-plus", "exempted": "slash-circle", "excused": "calendar-plus", "tasks_extended": "calendar-plus",
	"due_moved": "calendar-event", "extension_asked": "calendar-plus", "reopened": "arrow-counterclockwise", "extension_declined": "calendar-event",
	"proposed": "calendar-plus", "plan_coming": "clock", "plan_late": "exclamation-octagon-fill",
	"appraisal_explain": "pencil", "appraisal_explain_due": "clock", "appraisal_explain_over": "clock-history", "appraisal_explain_more": "calendar-plus",
	"appraisal_explain_late": "inbox", "appraisal_late_taken": "check-circle-fill", "appraisal_late_refused": "arrow-return-left",
	"appraisal_second": "inbox", "appraisal_done": "check-circle-fill", "appraisal_coming": "clock", "appraisal_late": "exclamation-octagon-fill",
	"index_published": "award", "index_corrected": "award",
	"adjustment_waiting": "inbox", "adjustment_returned": "arrow-return-left", "adjustment_in_force": "check-circle-fill",
	"adjustment_reminder": "clock", "adjustment_lies": "exclamation-triangle-fill",
	"outage_opened": "exclamation-octagon-fill", "outage_approval": "inbox", "outage_returned": "arrow-return-left",
	"outage_notice": "exclamation-triangle-fill", "maintenance": "gear", "maintenance_off": "gear",
}

// NoticeIcon is the sign of a kind of notice, by its name in the icon sprite.
func NoticeIcon(kind string) string { return noticeIcons[kind] }
