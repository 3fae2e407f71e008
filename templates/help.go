package templates

import (
	"embed"
	"fmt"
	"html/template"
	"strings"
)

//go:embed help
var helpFiles embed.FS

// HelpTopic is the help about one screen. Its text is help/<slug>.html: what the
// screen is for, what to do there, what its words mean, what if something happens.
type HelpTopic struct {
	Slug  string
	Title string
	Pages []string // of the register
}

// HelpGroup is topics that belong together.
type HelpGroup struct {
	Title  string
	Topics []HelpTopic
}

// HelpGroups lists all help. Every page of the register stands in one topic: a
// page that is another state or step of a screen joins that screen's.
var HelpGroups = []HelpGroup{
	{"Hằng ngày", []HelpTopic{
		{"tasks", "Việc của tôi", []string{"tasks/list", "tasks/views"}},
		{"document", "Trang văn bản", []string{"document/show", "document/comments"}},
		{"search", "Tìm kiếm", []string{"search/list"}},
		{"notices", "Thông báo", []string{"notices/list"}},
		{"receipt", "Sau khi quyết định", []string{"decision/receipt", "decision/pending", "decision/refused", "decision/changed"}},
	}},
	{"Soạn báo cáo", []HelpTopic{
		{"section", "Viết phần lời", []string{"document/section", "document/conflict"}},
		{"figures", "Phụ lục số liệu", []string{"document/figures"}},
		{"scores", "Tự chấm điểm chỉ số", []string{"index/scores"}},
		{"explanation", "Giải trình kết quả thẩm định", []string{"appraisal/explanation", "appraisal/files"}},
		{"plan", "Bảng nhiệm vụ của kế hoạch", []string{"plan/list", "plan/task", "plan/import"}},
		{"tracking", "Theo dõi kế hoạch", []string{"plan/tracking", "plan/tracked", "plan/result"}},
		{"adjustment", "Điều chỉnh kế hoạch", []string{"plan/adjustments", "plan/adjustment", "plan/order", "plan/adjust", "plan/waiting"}},
		{"files", "Tệp kèm theo", []string{"document/files"}},
		{"check", "Kiểm tra và trình", []string{"document/check", "document/point"}},
		{"recall", "Thu hồi văn bản", []string{"document/recall"}},
		{"extension", "Xin gia hạn", []string{"document/extension"}},
	}},
	{"Xem xét, ký số", []HelpTopic{
		{"review", "Xem xét và quyết định", []string{"document/review"}},
		{"differences", "So sánh hai bản", []string{"document/differences"}},
		{"return", "Trả lại để bổ sung", []string{"document/return"}},
		{"number", "Cấp số văn bản", []string{"document/number"}},
		{"sign", "Ký số", []string{"document/sign"}},
	}},
	{"Điều hành đợt báo cáo", []HelpTopic{
		{"campaigns", "Các đợt báo cáo", []string{"campaigns/list"}},
		{"launch", "Mở đợt báo cáo", []string{"campaigns/launch", "campaigns/review", "campaigns/units", "campaigns/city-plan"}},
		{"ad-hoc", "Yêu cầu báo cáo đột xuất", []string{"campaigns/ad-hoc"}},
		{"forms", "Biểu mẫu", []string{"forms/list", "forms/show"}},
		{"form-edit", "Soạn biểu mẫu", []string{"forms/edit", "forms/sections", "forms/indicators", "forms/checks", "forms/choices", "forms/preview"}},
		{"form-criteria", "Soạn bộ tiêu chí chỉ số", []string{"forms/scale", "forms/fields", "forms/criteria"}},
		{"form-publish", "Công bố biểu mẫu", []string{"forms/publish"}},
		{"series", "Lịch mở đợt, đợt cần mở", []string{"campaigns/series", "campaigns/series-form", "campaigns/proposal"}},
		{"period-rules", "Quy tắc kỳ báo cáo", []string{"campaigns/rules", "campaigns/rule"}},
		{"reminders", "Bước nhắc và báo cấp trên", []string{"campaigns/ladders", "campaigns/ladder"}},
		{"board", "Bảng theo dõi đợt", []string{"campaigns/board"}},
		{"ranking", "Tổng hợp, công bố chỉ số", []string{"index/ranking", "index/survey", "index/extras", "index/publish", "index/groups"}},
		{"results", "Kết quả chỉ số", []string{"index/results", "index/result"}},
		{"plan-board", "Bảng tiến độ kế hoạch", []string{"plan/campaigns", "plan/board"}},
		{"appraisal", "Thẩm định chỉ số", []string{"appraisal/queue", "appraisal/show", "appraisal/field", "appraisal/run"}},
		{"overdue", "Văn bản quá hạn", []string{"campaigns/overdue", "document/cause"}},
		{"remind", "Nhắc người đang giữ", []string{"campaigns/remind"}},
		{"dashboard", "Tổng hợp", []string{"dashboard/show", "dashboard/unit"}},
		{"due", "Gia hạn, miễn báo cáo, mở lại", []string{"document/due"}},
		{"indicators", "So sánh chỉ tiêu", []string{"indicators/show", "indicators/units"}},
		{"extensions", "Đề nghị gia hạn", []string{"extensions/list", "extensions/batch"}},
		{"outage-deadlines", "Gia hạn sau sự cố phần mềm", []string{"outages/deadlines"}},
		{"calendar", "Lịch làm việc", []string{"campaigns/calendar", "campaigns/mark", "campaigns/calendar-preview"}},
		{"unreached", "Thông báo chưa đến được", []string{"notices/unreached"}},
	}},
	{"Tài khoản", []HelpTopic{
		{"sign-in", "Đăng nhập", []string{"session/sign-in", "session/activate", "session/resume"}},
		{"profile", "Tài khoản của tôi", []string{"people/profile", "session/password"}},
		{"accounts", "Quản trị tài khoản", []string{"people/list", "people/show"}},
		{"import", "Tạo tài khoản từ danh sách", []string{"people/import", "people/codes"}},
	}},
	{"Hệ thống", []HelpTopic{
		{"operations", "Vận hành", []string{"operations/show"}},
		{"outages", "Sự cố phần mềm", []string{"outages/list", "outages/form", "outages/show", "outages/draft", "outages/announcements"}},
		{"maintenance", "Bảo trì báo trước, quy tắc xử lý sự cố", []string{"outages/maintenance", "outages/rule"}},
		{"errors", "Khi trang báo lỗi", []string{"errors/error"}},
	}},
}

// TitleHelp is the page that lists all help.
const TitleHelp = "Trợ giúp"

// HelpIndexPage is GET /help.
type HelpIndexPage struct {
	Shell
	Groups  []HelpGroup
	Reopens bool // the reader may see the first look again
}

// HelpTopicPage is GET /help/{topic}.
type HelpTopicPage struct {
	Shell
	Slug   string
	Groups []HelpGroup
	Text   template.HTML
}

// HelpTopicOf finds a topic and its text by its slug.
func HelpTopicOf(slug string) (topic HelpTopic, text template.HTML, known bool) {
	for _, group := range HelpGroups {
		for _, topic := range group.Topics {
			if topic.Slug == slug {
				text, err := helpFiles.ReadFile("help/" + slug + ".html")
				return topic, template.HTML(text), err == nil // #nosec G203 -- embedded text of ours
			}
		}
	}
	return HelpTopic{}, "", false
}

// helpAddress is where the help of a page of the register stands.
func helpAddress(page string) (string, error) {
	if strings.HasPrefix(page, "help/") {
		return "/help", nil
	}
	for _, group := range HelpGroups {
		for _, topic := range group.Topics {
			for _, one := range topic.Pages {
				if one == page {
					return "/help/" + topic.Slug, nil
				}
			}
		}
	}
	return "", fmt.Errorf("page %s has no help: add it to a topic of help.go", page)
}
