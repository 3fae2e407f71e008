package templates

import (
	"net/url"
	"strconv"
	"time"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

// Shell is what the layout needs around every page.
type Shell struct {
	Title  string      // the h1, repeated in the title element
	User   *User       // nil: signed out
	Menu   []MenuItem  // from MenuFor
	Bell   int         // unread notices
	Search bool        // there is something the person may search
	Crumbs []Crumb     // ancestors, then the page itself without URL
	Flash  *Flash      // the banner after an action, shown once
	Errors rule.Errors // broken rules: error summary, and the sentences at the fields
	Theme  Theme       // the saved choice; empty follows the device
	Path   string      // this page's path and query, to come back to after choosing a theme
	// SessionLeft is how many seconds the session lasts if nothing else is asked
	// for. Scripts warn before it ends; 0: signed out.
	SessionLeft int
	// FirstLook is the panel that tells a newcomer what to do here; nil: closed.
	FirstLook *FirstLook
	Live      *Live // what this page wants to hear of; nil: nothing
}

// Live is what an open page watches, so that it shows the news by itself. See
// the package's text on data-live.
type Live struct {
	At    time.Time // when the page began to be made
	Watch []string  // "tasks", "document:<id>", "campaign:<code>"
}

// Also watches another thing; on a page that watches nothing it does nothing.
func (l *Live) Also(watch string) {
	if l != nil {
		l.Watch = append(l.Watch, watch)
	}
}

// URL is where the page hears of it.
func (l *Live) URL() string {
	query := url.Values{"at": {strconv.FormatInt(l.At.UnixMilli(), 10)}, "watch": l.Watch}
	return "/events?" + query.Encode()
}

// User is the signed-in person as the header shows them.
type User struct {
	Name     string // "Nguyễn Thị Minh Hạnh"
	Position string // role and unit: words.Position(...)
	Username string
}

// Theme is the saved choice of colours.
type Theme string

// The themes. ThemeDevice follows prefers-color-scheme.
const (
	ThemeDevice Theme = ""
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Valid tells whether the theme is one of the three.
func (t Theme) Valid() bool {
	return t == ThemeDevice || t == ThemeLight || t == ThemeDark
}

// MenuItem is one primary item; also one of the phone's tab bar.
type MenuItem struct {
	Label   string // on the header
	Short   string // on the tab bar
	Spoken  string // what the count means, e.g. "5 việc cần xử lý"
	URL     string
	Icon    string
	Count   int // beside the label; hidden at zero
	Current bool
}

// Crumb is one step of the breadcrumb; the last has no URL.
type Crumb struct{ Label, URL string }

// Flash tells what was done, who has it now and until when.
type Flash struct {
	Tone     Tone   // ToneOK after an action
	Text     string // the first sentence, bold
	More     string // the rest, optional
	NextURL  string // "Mở việc tiếp theo", optional
	NextText string // words of that link; empty: the usual ones
}

// Tone is the meaning of a note's colour; its icon follows from it.
type Tone string

// The tones.
const (
	ToneInfo Tone = "info"
	ToneOK   Tone = "ok"
	ToneWarn Tone = "warn"
	ToneBad  Tone = "bad"
)

// Place is a primary item of the menu.
type Place string

// The places that exist.
const (
	AtTasks     Place = "tasks"
	AtCampaigns Place = "campaigns"
	AtPlans     Place = "plans"
	AtDashboard Place = "dashboard"
	AtAdmin     Place = "admin"
	AtOperator  Place = "operator"
	AtNowhere   Place = ""
)

// MenuFor is the menu of a person: only what exists and what their positions
// may see. tasks is the number of open tasks.
func MenuFor(actor staff.Actor, at Place, tasks int) []MenuItem {
	items := []MenuItem{{
		Label: "Việc của tôi", Short: "Việc", URL: "/tasks", Icon: "inbox",
		Count: tasks, Spoken: "việc cần xử lý", Current: at == AtTasks,
	}}
	if scope := actor.Reads(); scope.All || len(scope.Units) > 0 {
		items = append(items, MenuItem{
			Label: "Đợt báo cáo", Short: "Đợt", URL: "/campaigns", Icon: "collection", Current: at == AtCampaigns,
		}, MenuItem{
			Label: "Kế hoạch", Short: "Kế hoạch", URL: "/plans", Icon: "list-check", Current: at == AtPlans,
		})
	}
	if actor.Reads().All || actor.HoldsAny(staff.Director) {
		items = append(items, MenuItem{
			Label: "Tổng hợp", Short: "Tổng hợp", URL: "/dashboard", Icon: "bar-chart", Current: at == AtDashboard,
		})
	}
	if actor.HoldsAny(staff.AccountAdmin) {
		items = append(items, MenuItem{
			Label: "Quản trị", Short: "Quản trị", URL: "/admin/accounts", Icon: "people", Current: at == AtAdmin,
		})
	}
	if actor.HoldsAny(staff.SystemAdmin) {
		items = append(items, MenuItem{
			Label: "Vận hành", Short: "Vận hành", URL: "/operations", Icon: "diagram-3", Current: at == AtOperator,
		})
	}
	return items
}
