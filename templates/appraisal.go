package templates

import "slices"

// AppraisalsPage is GET /appraisals: the fields that the reader appraises. Filters are
// query parameters state, campaign, field, group, q and page.
type AppraisalsPage struct {
	Shell
	Facts   []string
	Late    string // how many are overdue; "": none
	NextURL string // the first that waits; empty: none
	Tabs    []Tab
	State   string
	Filters AppraisalFilters
	Rows    []AppraisalRow
	Paging  Paging
	Empty   Empty
	Runs    []Link // campaigns, for whoever sees them whole
}

// AppraisalFilters is the form above the queue.
type AppraisalFilters struct {
	Query     string
	Campaigns []Option
	Fields    []Option
	Groups    []Option
	Active    int
	ClearURL  string
}

// AppraisalRow is one field of one unit.
type AppraisalRow struct {
	URL, Unit, Campaign, Field string
	Round                      string
	Marked                     string // "3/9 tiêu chí"
	Due, Left                  string // of a finished one: when it was
	Late                       bool
	Chip                       Chip
}

// AppraisalPage is GET /appraisals/{id}: one self-assessment's appraisal.
type AppraisalPage struct {
	Shell
	Head    AppraisalHead
	Steps   []Step
	Due     *DueLine
	Notes   []Note
	Late    *LateAnswer // an answer that came too late and waits for the reader's word
	Fields  []AppraisedField
	History []TimelineEntry
	Actions []Button
	Extend  *AppraisalForm
	Reopen  *ReopenForm
}

// AppraisalHead is what every page of an appraisal says of it.
type AppraisalHead struct {
	Unit, Campaign string
	DocumentURL    string // for readers of the document; else empty
	Chip           Chip
	Sum            string // "Tự chấm 45,25; thẩm định 43,50 trên 68,00 điểm"
}

// LateAnswer is the form by which a late answer is taken or refused: it posts key, action
// and reason.
type LateAnswer struct {
	URL, Key string
	About    string
	Reason   string
	// Published: taking it has criteria marked again, and the result stays until it is corrected.
	Published bool
}

// AppraisalForm posts key, until and reason.
type AppraisalForm struct {
	URL, Key      string
	Until, Reason string
	Open          bool
}

// ReopenForm posts key, criteria and reason.
type ReopenForm struct {
	URL, Key string
	Reason   string
	Open     bool
	Criteria []ReopenChoice
}

// ReopenChoice is a criterion that may be marked once more.
type ReopenChoice struct {
	Code, Name string
	Chosen     bool
}

// AppraisedField is one field with its criteria.
type AppraisedField struct {
	Name, Appraiser string
	ID              string
	Progress        string
	Chip            Chip
	URL             string // where the reader marks it; empty: not theirs
	Sum             string
	Rows            []AppraisedRow
}

// AppraisedRow is one criterion to read.
type AppraisedRow struct {
	Code, Name, Max            string
	Self, First, Second, Final string
	Differs                    bool
	Why                        []string
	Explanation                *ReadExplanation
	Earlier                    string
	Asked                      bool // to be marked in the present round
}

// ReadExplanation is what the unit says about a mark.
type ReadExplanation struct {
	Text  string
	Files []File
	About string
}

// MarkingPage is GET and POST /appraisals/{id}/fields/{field}: one field is marked. It
// posts key, for each criterion "asked" with its code, "seen.<code>", "mark.<code>",
// "out.<code>", "reason.<code>", and "agree" with the codes whose standing score is taken
// over; "base.<code>" is the version of the criterion's draft. To Path/agree it takes over all that agree and are not marked; to Path/finish it
// posts the same and finishes the field, unless something was typed that is not saved.
//
// With Accept: application/json what was typed is only kept, and the answer is
// MarksTyped, or 409. A plain form that somebody was faster than is answered with 409 and
// this page: such a row keeps what it was typed on, carries what was compared with as
// "clash.<code>" and "clash-seen.<code>", and asks for "choice.<code>": mine or theirs.
type MarkingPage struct {
	Shell
	Head     AppraisalHead
	Heading  string
	Due      *DueLine
	Key      string
	Path     string
	OneURL   string // the whole appraisal
	List     []SideItem
	Progress string // "3/9 tiêu chí đã chấm"
	Rows     []MarkingRow
	Open     int    // criteria without a mark
	First    string // anchor of the first of them
	Agrees   string // label of the button that takes over all that agree; "": none does
	Finishes bool   // all are marked: the round may be finished
	Seen     int64  // newest mark of the field
	ResumeK  string // key of the form that takes the field up again
	Reads    string // why nothing can be marked now; "": it can
	Resumes  bool   // the reader may take the field up again
	NextURL  string // the next field of their queue; empty: none
	Typed    string // how many criteria are typed about and not given; "": none
	Saved    string // when that was kept, as in SectionPage
	SavedBy  string
}

// Clashes are the rows about which somebody else was faster.
func (p MarkingPage) Clashes() []MarkingRow {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r MarkingRow) bool { return r.Clash == nil })
}

// MarkClash is what somebody else has typed or given meanwhile.
type MarkClash struct {
	Version int   // of the draft that was compared with
	Seen    int64 // newest mark that was compared with
	By      string
	Theirs  string
	Reason  string
}

// MarksTyped tells a script what was kept of what was typed.
type MarksTyped struct {
	Saved    string         `json:"saved"`    // "10:42"
	Versions map[string]int `json:"versions"` // by criterion
	Unread   int            `json:"unread"`   // points that are no number yet; they are kept too
	Typed    string         `json:"typed"`    // how many wait to be given
}

// MarkingRow is one criterion with what was said and its mark as typed.
type MarkingRow struct {
	AppraisedRow
	Rule      []string
	Guide     string
	Answer    []string
	Said      string // the unit's own explanation of its answer
	SelfWhy   []string
	Evidence  []File
	AgreeText string // what is taken over by agreeing
	Agreeable bool   // there is something to take over
	Remark    bool   // a remark is asked for in any case
	MayBeOut  bool
	Marked    bool
	Seen      int64
	Base      int        // version of its draft
	Clash     *MarkClash // somebody else was faster; nil: nobody
	Points    string
	Out       bool
	Agree     bool
	Reason    string
	Said1     string // reason of the first mark, in the second round
	Stood     string // the second mark that stood when the criterion was opened once more; empty: it was not
	SaidStood string // its reason
	Given     string // who marked it, when
	Open      bool
}

// Anchor is the id of a criterion on the pages of an appraisal.
func (r AppraisedRow) Anchor() string { return CriterionAnchor(r.Code) }

// CriterionAnchor is the id of a criterion on the pages of an appraisal.
func CriterionAnchor(code string) string { return "tieu-chi-" + anchor(code) }

// ExplanationPage is GET and POST /appraisals/{id}/explanation: the unit answers the
// first marks. It posts key, hash, and for each criterion "base.<code>" and
// "explain.<code>"; to Path/send and Path/accept the same, which is saved only where
// something was typed that is not saved yet.
//
// Where somebody else has saved a row too, the answer is 409 with this page: the row
// keeps its base, carries the version that was compared with as "clash.<code>", and asks
// for "choice.<code>": mine or theirs. With Accept: application/json the answer is
// ExplanationsSaved, or 409.
type ExplanationPage struct {
	Shell
	Head    AppraisalHead
	Due     *DueLine
	Path    string
	OneURL  string
	Notes   []Note
	Rows    []ExplainRow
	Writes  bool
	Sends   bool
	Accepts bool
	Late    bool
	Key     string
	Hash    string
	Written int
	Author  string
	Saved   string // as in SectionPage
	SavedBy string
}

// Clashes are the rows that somebody else has saved too.
func (p ExplanationPage) Clashes() []ExplainRow {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r ExplainRow) bool { return r.Clash == nil })
}

// ExplainClash is an explanation that somebody else has saved meanwhile.
type ExplainClash struct {
	Version int // theirs
	By      string
	Theirs  string
}

// ExplanationsSaved tells a script what was saved.
type ExplanationsSaved struct {
	Saved    string         `json:"saved"`    // "10:42"
	Versions map[string]int `json:"versions"` // by criterion
	// Hash is of the answer as it would be sent now, where nobody else had a part in what
	// has changed since the page was made; else empty, and the page must be seen anew.
	Hash string `json:"hash,omitempty"`
}

// ExplainRow is one criterion whose mark differs, with the unit's explanation.
type ExplainRow struct {
	Code, Name, Max string
	Self, First     string
	Mark            []string // who gave it, why
	Text            string
	Base            int
	About           string
	Clash           *ExplainClash // somebody else was faster; nil: nobody
	Files           []ExplainFile
	UploadURL       string
}

// ExplanationFilesPage is GET and POST /appraisals/{id}/explanation/{criterion}: the files
// that go with an explanation. It posts key and file; to Path/remove key and hash.
type ExplanationFilesPage struct {
	Shell
	Head    AppraisalHead
	Code    string
	Path    string
	Key     string
	BackURL string
	Files   []ExplainFile
	Hint    string
	Accept  string
}

// ExplainFile is a file that goes with an explanation.
type ExplainFile struct{ Hash, Name, URL string }

// Anchor is the id of the row.
func (r ExplainRow) Anchor() string { return CriterionAnchor(r.Code) }

// AppraisalRunPage is GET and POST /campaigns/{code}/appraisal: how far a campaign's
// appraisal is, and its schedule. It posts base_version, "first.days", "first.on" and the like
// for explain and second, and the ladder's rungs.
type AppraisalRunPage struct {
	Shell
	Facts    []string
	Stages   []StageCount
	Fields   []FieldProgressRow
	Gaps     []GapRow
	MoreGaps string
	Writes   bool
	Path     string
	Base     int
	About    string
	Rounds   []RoundFields
	Pairs    []Pair // the schedule to read
	Empty    Empty
	Queue    string
}

// StageCount is how many appraisals are in a stage.
type StageCount struct {
	Name  string
	Count int
	Late  string
	Class string
}

// FieldProgressRow is one appraiser's field over all units.
type FieldProgressRow struct {
	Field, Appraiser  string
	Units, Open, Late int
	Marked            string
	Bar               int // of 100: units that are finished
}

// GapRow is what is still lacking in one unit.
type GapRow struct {
	URL, Unit, What, Who, Due string
	Late                      bool
}

// RoundFields are the fields of one round of the schedule.
type RoundFields struct {
	Field, Name string
	Days, On    string
}
