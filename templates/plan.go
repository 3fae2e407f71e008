package templates

import (
	"cchc/domain/prose"
	"cchc/templates/words"
)

// TaskText is a task of a plan in words, for tables.
type TaskText struct {
	Number       int // its row, from 1
	Name         string
	Target       string
	Product      string // with its kind in brackets where the words do not say it
	Lead         string
	Coordinating string
	Time         string // "Quý II/2027", "01/02/2027 – 30/06/2027"
	Given        string // more time after an outage; "": none
	Note         string
	City         string // the task of the city's plan that it carries out
}

// PlanPage is GET /documents/{id}/plan: a plan's table while it is written. Its form
// posts to the same address one of up=<key>, down=<key>, remove=<key>, restore=<key>,
// carry=1 and looked=<key> or "all", with "base.<key>" of every row: the version on the screen.
type PlanPage struct {
	Shell
	Document DocumentHead
	Key      string
	List     []SideItem
	AddURL   string
	Count    string // "24 nhiệm vụ"
	Summary  string // what is left to mend
	Broken   bool   // something is
	Groups   []PlanGroup
	Removed  []RemovedTask
	Carry    *CarryOffer  // tasks that the plan of the year before has left; nil: none
	Stale    int          // tasks that were taken over and not looked at
	Grid     []PlanColumn // of the same table as a script writes it
	Saved    string       // as in SectionPage
	SavedBy  string
}

// CarryOffer is what may be taken over from the plan of the year before.
type CarryOffer struct {
	Text string
	URL  string // of that plan's tasks
}

// StaleText counts what was taken over and not looked at; empty for none.
func (p PlanPage) StaleText() string { return words.TasksStale(p.Stale) }

// PlanColumn is a column of the grid.
type PlanColumn struct {
	Code   string
	Name   string
	Heads  string   // what pasted columns of the kind are called, folded, parted by "|"
	Most   int      // letters of a cell
	Short  bool     // its cells hold one line
	Offers []string // what its cells suggest; anything may be typed
}

// GridWidth is how many columns the grid has, with the rows' numbers and buttons.
func (p PlanPage) GridWidth() int { return len(p.Grid) + 2 }

// NumberHeads is what a pasted column of row numbers is called, as PlanColumn.Heads.
func (PlanPage) NumberHeads() string { return "stt|tt|so tt|#" }

// PlanSaved is what GET /documents/{id}/plan/rows tells a script of the table, and
// what a save posted there is answered with (server/web/plangrid.go says what is
// posted): all that somebody has changed since the instant that the script knew.
type PlanSaved struct {
	Saved    string                         `json:"saved"` // "10:42"
	Since    string                         `json:"since"` // to be sent with the next save
	Groups   []PlanRun                      `json:"groups"`
	Rows     map[string]PlanCells           `json:"rows"`   // changed since, by key; and all that were saved
	Errors   map[string]map[string][]string `json:"errors"` // by key and column; "": of the row, of the table
	Count    string                         `json:"count"`
	Summary  string                         `json:"summary"`
	Broken   bool                           `json:"broken"`
	Stale    string                         `json:"stale"`
	Versions map[string]int                 `json:"versions,omitempty"`    // by key, of the rows that were saved
	Unread   []string                       `json:"unreadCells,omitempty"` // "<key>.<column>" of cells that were not
	Clashes  map[string]TaskClash           `json:"clashes,omitempty"`     // rows that were not, because somebody was faster
	Refused  string                         `json:"refused,omitempty"`     // why no row was
	Save     string                         `json:"save,omitempty"`        // number that the script gave the save
	Left     int                            `json:"unread"`                // how many places were not saved
}

// Add notes what is wrong with a cell.
func (s *PlanSaved) Add(key, column, text string) {
	if s.Errors[key] == nil {
		s.Errors[key] = map[string][]string{}
	}
	s.Errors[key][column] = append(s.Errors[key][column], text)
}

// PlanRun is the rows of a field, in their order.
type PlanRun struct {
	Name string   `json:"name"`
	Keys []string `json:"keys"`
}

// PlanCells is a row as it stands.
type PlanCells struct {
	Version int               `json:"version"`
	Cells   map[string]string `json:"cells"` // by column
	About   string            `json:"about"`
	Stale   bool              `json:"stale"` // taken over from an earlier plan and not looked at yet
}

// TaskClash is a row that somebody else has saved since.
type TaskClash struct {
	Version int               `json:"version"`
	Removed bool              `json:"removed"`
	Cells   map[string]string `json:"cells"` // theirs
	Text    string            `json:"text"`
}

// PlanGroup is the tasks of one field.
type PlanGroup struct {
	Name string // "II. Cải cách thể chế"
	Rows []PlanRow
}

// PlanRow is one task of the table.
type PlanRow struct {
	TaskText
	Key      string
	ID       string // of the row's element
	URL      string
	Version  int
	Stale    bool      // taken over from an earlier plan and not looked at yet
	Problems []Problem // at its cells
	Up, Down bool      // it can be moved within its field
	About    string    // "Minh Hạnh sửa lúc 16:20 hôm nay"
}

// RemovedTask is a task that was taken out of the draft.
type RemovedTask struct {
	Key     string
	Version int
	Name    string
	About   string // who took it out, when
}

// TaskPage is GET /documents/{id}/plan/{key}: one task. The form posts base_version
// and a field a column to the same address, and next=add from the button that goes
// on to a new task. Saving is guarded by base_version; a new task's key comes with
// its page, so that a form sent twice adds one.
type TaskPage struct {
	Shell
	Document DocumentHead
	List     []SideItem
	Key      string
	Base     int // version; 0: a new task
	Heading  string
	Draft    TaskDraft
	Fields   []Option
	Products []Option
	Year     int
	// CityTasks are the tasks of the city's plan, to choose from; none: nothing is offered.
	CityTasks []string
	Saved     string // as in SectionPage
	SavedBy   string
	Conflict  *TaskConflict
}

// Action is where the form goes.
func (p TaskPage) Action() string { return "/documents/" + p.Document.ID + "/plan/" + p.Key }

// TaskDraft is what stands in the fields, as typed.
type TaskDraft struct {
	Target, Name, Product, Lead, Coordinating, Start, Deadline, Note string
	City                                                             string // "12. Rà soát văn bản"
}

// TaskConflict tells what somebody else has saved since the page was opened. The
// form then carries their version, so that saving replaces it knowingly.
type TaskConflict struct {
	By      string
	When    string
	Removed bool
	Cells   []Pair // the columns that differ, as they have them
}

// ReadTaskGroup is the tasks of one field to read.
type ReadTaskGroup struct {
	Name string
	Rows []TaskText
}

// TaskDifference is one task that differs.
type TaskDifference struct {
	Spot   Spot
	Change string // "Thêm", "Bỏ", "Sửa", "Chuyển chỗ"
	Row    string // "3", "2 → 5"
	Name   string
	Added  bool
	Gone   bool
	Cells  []TaskCellDifference
}

// TaskCellDifference is one column of a task that differs, by word.
type TaskCellDifference struct {
	Column string
	Spans  []prose.Span
}

// PlanImportPage is GET /documents/{id}/plan/import, which asks for a workbook with
// tasks ("file", posted to the same address), and GET .../import/{hash}, which shows
// what a workbook would change. That form posts "base.<key>", the versions of the
// tasks that stand on the page, and drop=1 where tasks that are not in the workbook
// are to be taken out. Nothing is saved before.
type PlanImportPage struct {
	Shell
	Document DocumentHead
	Key      string
	Template string // of the workbook to fill in
	Export   string // of the same with the draft's tasks; empty: there are none
	MaxSize  string

	// Of a workbook that was handed in:
	File        string // its name; empty: none was
	Action      string // where it is taken over
	Lines       int    // tasks in it
	Marks       []ImportMark
	Marked      string // address of the workbook with its marks; empty: nothing is wrong
	Blocked     int    // cells that cannot be read: it cannot be taken over
	Differences []TaskDifference
	Same        int      // tasks in it that change nothing
	Missing     []string // tasks of the draft that are not in it
	Bases       []HiddenField
}

// ImportMark is what is wrong with a cell of a workbook.
type ImportMark struct {
	Cell string // "B12"
	Text string
}
