package templates

import (
	"time"

	"cchc/domain/staff"
	"cchc/templates/words"
)

// Titles of the pages around a person's own account.
const (
	TitleSignIn   = "Đăng nhập"
	TitleActivate = "Kích hoạt tài khoản"
	TitlePassword = "Đổi mật khẩu"
	TitleProfile  = "Tài khoản của tôi"
	TitleResume   = "Tiếp tục việc đang làm"
)

// KeptForm is what was typed into a form that came after its session had ended.
type KeptForm struct {
	Path string // where it was going
	Form string // its fields, URL encoded, without secrets
}

// KeptNote stands on the sign-in page that carries a kept form.
func KeptNote() *Note {
	return &Note{Tone: ToneWarn, Bold: "Phiên làm việc đã kết thúc.", Text: "Nội dung bạn vừa nhập được giữ lại; đăng nhập để gửi tiếp."}
}

// ResumePage comes after signing in: it sends a kept form on.
type ResumePage struct {
	Shell
	Action string
	Fields []KeptField
}

// KeptField is one field of a kept form.
type KeptField struct{ Name, Value string }

// DemoAccount is shown on the sign-in page of a demonstration.
type DemoAccount struct {
	Username string
	Password string
	Who      string // "Chuyên viên, Sở Tài chính"
}

// PasswordChanged is the banner after a changed password.
func PasswordChanged() Flash {
	return Flash{Tone: ToneOK, Text: "Đã đổi mật khẩu.", More: "Các phiên đăng nhập khác của bạn đã kết thúc."}
}

// AccountsPage is GET /admin/accounts: the list, filtered by the query in the URL.
type AccountsPage struct {
	Shell
	Query  string
	Units  []Option // with "all" first
	States []Option
	Rows   []AccountRow
	Paging Paging
	Empty  *Empty
}

// AccountRow is one person of the list.
type AccountRow struct {
	URL       string
	Name      string
	Username  string
	Mail      string
	Positions []string // words.Position(...)
	Chip      Chip
}

// AccountPage is GET /admin/accounts/{person}. Its forms post to
// .../positions, .../positions/{position}/end, .../code and .../close.
type AccountPage struct {
	Shell
	Key       string
	URL       string // of the account
	Username  string
	Mail      string
	Chip      Chip
	Facts     []string // when it was created, locked until ...
	Positions []PositionRow
	Own       bool // the reader's own: nothing can be changed (QĐ 1439 Đ5.1)
	Closed    bool
	Units     []Option
	Roles     []Option
}

// PositionRow is one position, held or past.
type PositionRow struct {
	Text   string // words.Position(...)
	When   string
	EndURL string // empty: already over
}

// ImportPage is GET and POST /admin/accounts/import: a list of people is read,
// checked and shown; only a second post saves it.
type ImportPage struct {
	Shell
	Key     string
	List    string      // the CSV text, kept between the steps
	Roles   []Option    // what the column role may hold
	Preview []ImportRow // not empty: everything is in order and can be confirmed
}

// ImportRow is one row of the list as it will be saved.
type ImportRow struct {
	Row      int
	Name     string
	Position string
	Mail     string
	Username string // empty: made by the system
}

// ProfilePage is GET /profile: the reader's own positions and choices.
type ProfilePage struct {
	Shell
	Name      string
	Username  string
	Positions []string
}

// CodesPage shows one-time activation codes. They cannot be shown again.
type CodesPage struct {
	Shell
	Codes   []IssuedCode
	Expires time.Time
}

// IssuedCode is what a person needs to activate their account.
type IssuedCode struct {
	Name      string
	Username  string
	Positions []string
	Code      string
}

// Titles of the account administrator's pages.
const (
	TitleAccounts = "Tài khoản"
	TitleImport   = "Tạo tài khoản từ danh sách"
	TitleCodes    = "Mã kích hoạt"
)

// AccountChip is the state of an account.
func AccountChip(state string, locked bool) Chip {
	switch {
	case state == "closed":
		return Chip{Icon: "slash-circle", Class: "off", Word: "Đã đóng"}
	case state == "invited":
		return Chip{Icon: "circle", Class: "idle", Word: "Chưa kích hoạt"}
	case locked:
		return Chip{Icon: "lock-fill", Class: "back", Word: "Khóa tạm thời"}
	}
	return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đang dùng"}
}

// AccountStates are the choices of the state filter.
func AccountStates(chosen string) []Option {
	return []Option{
		{Value: "", Label: "Mọi trạng thái", Selected: chosen == ""},
		{Value: "active", Label: "Đang dùng", Selected: chosen == "active"},
		{Value: "invited", Label: "Chưa kích hoạt", Selected: chosen == "invited"},
		{Value: "closed", Label: "Đã đóng", Selected: chosen == "closed"},
	}
}

// UnitOptions offers units; all, when not empty, is the first choice.
func UnitOptions(units []staff.Unit, chosen, all string) []Option {
	options := []Option{{Value: "", Label: all, Selected: chosen == ""}}
	for _, u := range units {
		options = append(options, Option{Value: u.Code, Label: u.Name, Selected: u.Code == chosen})
	}
	return options
}

// The first choices of UnitOptions.
const (
	AllUnits   = "Mọi đơn vị"
	ChooseUnit = "Chọn đơn vị"
)

// RoleOptions offers every role, after a choice that is none.
func RoleOptions(chosen staff.Role) []Option {
	return append([]Option{{Label: "Chọn vai trò", Selected: chosen == ""}}, roleChoices(chosen)...)
}

func roleChoices(chosen staff.Role) []Option {
	var options []Option
	for _, role := range staff.Roles {
		options = append(options, Option{Value: string(role), Label: words.Role(role), Selected: role == chosen})
	}
	return options
}

// NewImportPage is the page of the first step, with what was given kept.
func NewImportPage(shell Shell, key, list string) ImportPage {
	return ImportPage{Shell: shell, Key: key, List: list, Roles: roleChoices("")}
}

// PositionTime says since when a position is held, or between which moments.
func PositionTime(from time.Time, to *time.Time) string {
	if to == nil {
		return "từ " + words.Moment(from)
	}
	return "từ " + words.Moment(from) + " đến " + words.Moment(*to)
}

// AccountFacts are the lines under an account's name.
func AccountFacts(created time.Time, lockedUntil, codeExpires *time.Time) []string {
	facts := []string{"Tạo lúc " + words.Moment(created)}
	if lockedUntil != nil {
		facts = append(facts, "Khóa tạm thời đến "+words.Moment(*lockedUntil))
	}
	if codeExpires != nil {
		facts = append(facts, "Mã kích hoạt có hiệu lực đến "+words.Moment(*codeExpires))
	}
	return facts
}

// NoAccounts is the empty list, different with and without filters.
func NoAccounts(filtered bool) *Empty {
	if filtered {
		return &Empty{Title: "Không có tài khoản nào khớp bộ lọc", Text: "Thử tên khác hoặc bỏ bớt điều kiện.", URL: "/admin/accounts", Label: "Bỏ mọi lọc"}
	}
	return &Empty{Title: "Chưa có tài khoản nào", Text: "Tạo tài khoản cho các đơn vị từ một danh sách.", URL: "/admin/accounts/import", Label: "Tạo tài khoản từ danh sách"}
}

// PeopleNoun is what the list of accounts counts.
const PeopleNoun = "người"

// AccountClosedFlash tells that an account was closed.
func AccountClosedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã đóng tài khoản của " + name + ".", More: "Các vai trò của người này đã kết thúc."}
}

// PositionAddedFlash tells that a position was given.
func PositionAddedFlash(name, position string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã giao vai trò cho " + name + ": " + position + "."}
}

// PositionEndedFlash tells that a position was taken.
func PositionEndedFlash(name string) Flash {
	return Flash{Tone: ToneOK, Text: "Đã kết thúc vai trò của " + name + "."}
}
