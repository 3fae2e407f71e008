package templates

import (
	"strconv"

	"cchc/domain/document"
)

// DocumentHead is what every page about one document says of it.
type DocumentHead struct {
	ID       string // "bc-2026q4-STC": part of every address
	Title    string // "Báo cáo CCHC quý IV năm 2026"
	Noun     string // "báo cáo", "kế hoạch"
	Unit     string // "Sở Tài chính"
	Window   string // "Số liệu từ 15/09/2026 đến 14/12/2026"
	Form     string // "Biểu mẫu phiên bản 1"
	Revision int    // newest frozen revision; 0 before the first submission
	Number   string // "412/BC-STC" once signed; empty before
	Status   document.Status
	// Appraised: of a self-assessment that was handed in, the appraisal is done too.
	Appraised bool
	Flags     []Flag   // overdue, extended until, answered in time
	Holder    string   // "Trần Quốc Bảo đang giữ từ 14:05 ngày 16/12"; empty when closed
	List      string   // query of the task list that the reader came from; carried along
	Company   *Company // who else writes it; nil: the reader does not
}

// Company is who else has the draft open. The page posts its own place, the path
// below the document, to URL every 20 s and is answered with {"others": [...]}.
type Company struct {
	URL    string
	Others []Companion
}

// Companion is one of them.
type Companion struct {
	Place string `json:"place"` // path below the document: "sections/II.2", "figures/3", "files" or empty
	Text  string `json:"text"`  // "Trần Văn Khoa đang soạn phần II.2"
	Here  string `json:"here"`  // "Trần Văn Khoa đang mở phần này"
}

// Chip is the chip of the document's status.
func (h DocumentHead) Chip() Chip {
	if h.Appraised {
		return AppraisedChip()
	}
	return StatusChip(h.Status)
}

// State tells two moments of a document apart, for pages that stay open.
func (h DocumentHead) State() string { return string(h.Status) + " " + strconv.Itoa(h.Revision) }

// DocumentPage is GET /documents/{id}: where the document stands, for everyone
// who may read it. Exactly one of Sections and Reading is set.
type DocumentPage struct {
	Shell
	Document DocumentHead
	Steps    []Step // five; a return puts "now" back on the first
	Due      *DueLine
	Pending  *Note // a recorded decision that is not yet applied
	// Meanwhile is set where the reader came to act and somebody was quicker.
	Meanwhile *Meanwhile
	Returned  *ReturnNotice // while drafting again
	Points    *PointList    // what it asks for, point by point; nil: the reason says all
	Request   *RequestCard  // what asks for an ad hoc report; nil: it is none
	Asked     *AskedNote    // the unit asks for more time; nil: it does not
	Sections  *SectionList  // while drafting, for those who may write
	Reading   *Reading      // otherwise: the content to read
	Actions   []Button      // at most one primary; none: nothing to do here for this person
	Before    string        // beside the actions: "Còn 4 phần, 1 lỗi và 2 lý do phải bổ sung."
	Prints    []File        // drafts and signed files of all revisions, newest first
	Timeline  []TimelineEntry
	Comments  *Comments // for the unit's own people
	Facts     []Pair    // e.g. Nộp lần đầu, Số văn bản, Mã tiếp nhận
	Operator  *Link     // to the workflow, for system operators
}

// Pair is a name with its value.
type Pair struct {
	Name  string
	Value string
	URL   string // optional link of the value
	Mono  bool   // codes and hashes
}

// Link is a labelled address.
type Link struct{ Label, URL string }

// ReturnNotice tells why a document came back.
type ReturnNotice struct {
	By     string // "Phạm Đức Long, Sở Nội vụ"
	What   string // "đã trả lại để bổ sung", "đã mở lại để chỉnh sửa"
	When   string // "15:20 ngày 18/12/2026"
	Until  string // "hạn nộp lại 17:00 thứ Ba 22/12/2026"; may be empty
	Reason string // as written
	Round  int    // the revision that is now being written: "Lần n"
}

// SectionList is the task list while drafting.
type SectionList struct {
	Summary  string // "Đã viết 5 trong 10 phần bắt buộc"
	Sections []SectionTask
	Figures  []SectionTask // one per group of the annex
	Plan     []SectionTask // one row, to /documents/{id}/plan, where the form has a table of tasks
	Scores   []SectionTask // one per field of the index, where the form has criteria
	Files    []SectionTask // one row, to /documents/{id}/files
	PrintURL string        // draft print
	CopyURL  string        // posts here to copy the narrative of the period before into all blank parts; empty: nothing to copy
	CopyFrom string        // "Quý III": which period that is
}

// SectionTask is one row of the list.
type SectionTask struct {
	Code  string // "II.2", "3"
	Title string
	URL   string
	About string // "Minh Hạnh sửa lúc 16:20 ngày 14/12", "30/31 chỉ tiêu, 2 cảnh báo"
	Place string // path below the document, by which who is there is told: "sections/II.2"
	Here  string // "Trần Văn Khoa đang mở phần này"; empty: nobody else
	State Chip   // SectionChip
}

// SectionState is how far a part is.
type SectionState string

// The states of a part while drafting.
const (
	SectionBlank    SectionState = "blank"    // required and not written
	SectionOptional SectionState = "optional" // blank, and may stay so
	SectionWritten  SectionState = "written"
	SectionMend     SectionState = "mend"   // named when the document was returned, and not changed since
	SectionStale    SectionState = "stale"  // copied from the period before, in part neither changed nor confirmed
	SectionFull     SectionState = "full"   // figures and files: nothing is missing
	SectionPartly   SectionState = "partly" // figures: some are missing
	SectionBroken   SectionState = "broken" // figures: rules are broken
	SectionDoubtful SectionState = "doubtful"
)

// SectionChip is the chip of a part; count is the number of errors, missing
// figures or missing reasons where the state counts something.
func SectionChip(state SectionState, count int) Chip {
	switch state {
	case SectionWritten:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã soạn"}
	case SectionFull:
		return Chip{Icon: "check-circle-fill", Class: "done", Word: "Đã đủ"}
	case SectionMend:
		return Chip{Icon: "arrow-return-left", Class: "back", Word: "Cần sửa"}
	case SectionStale:
		return Chip{Icon: "clock-history", Class: "back", Word: "Chưa cập nhật"}
	case SectionOptional:
		return Chip{Icon: "dash-circle", Class: "off", Word: "Để trống"}
	case SectionPartly:
		return Chip{Icon: "pencil", Class: "work", Word: counted(count, "ô chưa nhập")}
	case SectionBroken:
		return Chip{Icon: "x-octagon-fill", Class: "bad", Word: counted(count, "lỗi")}
	case SectionDoubtful:
		return Chip{Icon: "exclamation-triangle-fill", Class: "back", Word: counted(count, "lý do cần ghi")}
	}
	return Chip{Icon: "circle", Class: "idle", Word: "Chưa soạn"}
}

// Reading is a revision to read: narrative, figures, files.
type Reading struct {
	Sections []ReadSection
	Groups   []ReadGroup
	Tasks    []ReadTaskGroup  // of a plan
	Scores   []ReadScoreField // of a self-assessment
	Planned  string           // "24 nhiệm vụ"; empty: the form has no table of tasks
	Adjusted *LinkedNote      // which table of an adjusted plan this is, and the way to the other
	Files    []File
	Previous string // head of the column of earlier figures: "Quý III"; empty: none
	Current  string // head of the column of figures: "Quý IV"
}

// ReadSection is one written part.
type ReadSection struct {
	Code   string
	Title  string
	Parent string // heading above the first section that has it
	Text   string // in the notation of package prose; empty shows "Không có nội dung"
}

// ReadGroup is one group of the annex.
type ReadGroup struct {
	Name string // "3. Cải cách thủ tục hành chính"
	Rows []ReadFigure
}

// ReadFigure is one figure to read.
type ReadFigure struct {
	Code     string
	Name     string
	Unit     string
	Indent   int
	Previous string // vi-VN; empty: blank
	Value    string // vi-VN; "—": cannot be computed
	Change   string // "+7,9 %"; empty: not comparable
	Warning  string // words.Message of its warning
	Reason   string // the cause the unit gave
}

// SectionPage is GET /documents/{id}/sections/{code}: writing one part as plain
// text. The form posts base_version and text to the same address, and next=1
// from the button that goes on. With Accept: application/json it answers
// {"version": n, "saved": "10:42"}, 422 when a rule is broken, or 409. Saving is
// guarded by base_version, not by a key; saving what already stands there is no
// conflict.
type SectionPage struct {
	Shell
	Document DocumentHead
	Code     string // "II.2"
	Heading  string // the section's title
	Hint     string // what belongs here
	Required bool
	Text     string
	Version  int    // base version of the text; 0: nothing saved yet
	Saved    string // "10:42" today or "16:20 ngày 14/12"; empty: never
	SavedBy  string
	List     []SideItem
	Previous *Link // the part before
	Next     *Link // the part after
	Figures  []Pair
	Earlier  *EarlierText // what the unit wrote here in the period before; nil: nothing
	Stale    []StaleText  // copied from there and neither changed nor confirmed
}

// EarlierText is a section of the period before. The button "copy" of the
// section's form appends it to what stands there.
type EarlierText struct {
	Period string // "Quý III"
	Text   string // in the notation of package prose
	URL    string // the report it is from
	Words  int
	Copied bool // all of it stands in the section already
}

// StaleText is one copied paragraph. The section's form posts its Hash as
// "confirm", or "all".
type StaleText struct {
	Hash string
	Text string // its words
}

// SideItem is one part in the list beside an editor.
type SideItem struct {
	Code    string
	Title   string
	URL     string
	State   string // "30/31", "1 lỗi", "đã viết", "để trống"
	Icon    string // check, circle, dash-circle: shown instead of State, which is then only spoken
	Bad     bool
	Current bool
	Group   int // of figures; 0: another part
}

// ConflictPage answers 409 when somebody saved the same part since the page was
// opened. Its form posts base_version (theirs), text (mine, hidden), and a
// choice per differing paragraph, "choice.0" ..., to
// /documents/{id}/sections/{code}/merge.
type ConflictPage struct {
	Shell
	Document DocumentHead
	Code     string
	Mine     string // the whole text as typed
	Version  int    // theirs
	Them     string // who saved: "Trần Văn Khoa"
	When     string // "10:42 hôm nay"
	Blocks   []ConflictBlock
}

// ConflictBlock is a run of equal paragraphs or one place that differs. On both
// sides the marked spans are what the other side has not: neither is right.
type ConflictBlock struct {
	Same   string           // notation of what is equal; the rest is empty then
	Number int              // of the choice, from 0
	Mine   *BlockDifference // nil: not there
	Theirs *BlockDifference
	Choice string // mine, theirs, both: kept input
}

// CheckPage is GET /documents/{id}/check: everything that stands against
// submitting, or all that will be frozen. The form posts key, revision and
// content_hash to /documents/{id}/submit; without Problems only.
type CheckPage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int    // the newest frozen one, as document.Decision asks for it
	ContentHash string // of the draft on the screen
	Opened      string // RFC 3339: when that was, to tell later what has been saved since
	Problems    []Problem
	Warnings    []Problem // all have reasons when there are no problems
	Stale       []Problem // parts with copied paragraphs that nobody has changed or confirmed; no obstacle
	Ready       []CheckLine
	Reviewer    string // "Trưởng phòng Trần Quốc Bảo sẽ xem xét"
	Blocked     *Note  // why this person may not submit at all
}

// FilesPage is GET /documents/{id}/files: what is attached to the draft. The
// upload posts a multipart form with "file" to the same address; removing posts
// hash to /documents/{id}/files/remove.
type FilesPage struct {
	Shell
	Document DocumentHead
	Key      string
	Files    []AttachedFile
	Accept   string // storage.UploadAccept
	MaxSize  string // of one, words.Size(...)
	MaxFiles int
	// MaxTogether is how much all of them may be; Held is what they are now: "34 tệp,
	// 120,5 MB".
	MaxTogether, Held string
	Evidence          bool // they prove criteria of a self-assessment
}

// AttachedFile is one attached file.
type AttachedFile struct {
	Name  string
	About string // "1,2 MB, Minh Hạnh thêm lúc 16:20 ngày 14/12"
	URL   string // to look at it
	Hash  string
	Key   string // idempotency key of its own form
}

// Problem is a broken rule with the way to it.
type Problem struct {
	Text  string   // words.Problem(...)
	About string   // e.g. the reason given
	URL   string   // page and anchor of the field
	Quote []string // the paragraphs that are meant
}

// RecallPage is GET /documents/{id}/recall: takes a submitted document back.
// Posts key, revision and an optional reason to the same address.
type RecallPage struct {
	Shell
	Document DocumentHead
	Key      string
	Revision int
	Reason   string
	Holder   string // who has it now
}
