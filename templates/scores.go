package templates

import (
	"slices"

	"cchc/domain/par"
	"cchc/domain/rule"
)

// ScoresPage is GET and POST /documents/{id}/scores/{field}, the field of the index by
// its place from 1: a unit assesses itself. It posts for each row its criterion and
// the members of its answer, and "base.<criterion>", the version on the screen.
//
// Where somebody else has saved a criterion that was answered here too, the answer is
// 409 with this page. Such a row keeps its base, carries the version that was compared
// with as "clash.<criterion>", and asks for "choice.<criterion>": mine or theirs.
//
// With Accept: application/json the answer is ScoresSaved, or 409.
type ScoresPage struct {
	Shell
	Document DocumentHead
	List     []SideItem
	Heading  string
	Action   string
	FilesURL string
	Next     string // the field after this one; empty: this is the last
	Sum      string // "5,25 trên 8,00 điểm"
	Saved    string // as in SectionPage
	SavedBy  string
	Rows     []ScoreRow
}

// Clashes are the rows that somebody else has saved too.
func (p ScoresPage) Clashes() []ScoreRow {
	return slices.DeleteFunc(slices.Clone(p.Rows), func(r ScoreRow) bool { return r.Clash == nil })
}

// ScoresSaved tells a script what was saved, and what the answers come to now.
type ScoresSaved struct {
	Saved    string                `json:"saved"`    // "10:42"
	Versions map[string]int        `json:"versions"` // by criterion, of all that were sent and taken
	Unread   int                   `json:"unread"`   // answers that were not saved, because something in them cannot be read
	Sum      string                `json:"sum"`
	Rows     map[string]ScoreState `json:"rows"` // by criterion, of those that were taken
}

// ScoreState is what may change in a row while it is typed.
type ScoreState struct {
	Points   string   `json:"points"`
	Title    string   `json:"title"`
	About    string   `json:"about"`
	Why      []string `json:"why"`
	Problems []string `json:"problems"`
}

// ScoreClash is an answer that somebody else has saved meanwhile.
type ScoreClash struct {
	Version     int    // theirs
	By          string // who saved it, and when
	Theirs      []string
	Explanation string
	Files       int // that they have chosen
}

// ScoreTable names the rows of the form.
const ScoreTable = "answers"

// ScoreRow is one criterion with its answer, as typed.
type ScoreRow struct {
	FormRow
	ScoreTyped
	Code, Name, Max  string
	Kind             par.Kind
	Ratio, Counted   bool
	Asked, Fact      bool // the unit answers it; the system does
	MayNotApply      bool
	Rule             []string
	Guide            string
	DoneName, OfName string
	Yes              []Option
	Items            []ScoreItem
	Proves           bool // files may prove it
	Files            []ScoreFile
	Points           string // "" : none yet
	WhyTitle         string // "Vì sao 1,35 điểm?"
	Why              []string
	Problems         []string
	About            string      // who saved it, when
	Clash            *ScoreClash // somebody else was faster; nil: nobody
	Base             int
	Open             bool // the lesser fields are open
}

// At is the name of one of the row's inputs.
func (r ScoreRow) At(member string) string { return r.FormRow.Field(ScoreTable, member) }

// Anchor is the id of the row.
func (r ScoreRow) Anchor() string { return ScoreAnchor(r.Code) }

// ScoreAnchor is the id of a criterion's row.
func ScoreAnchor(criterion string) string { return anchor("score." + criterion) }

// Chosen counts the files that prove the criterion.
func (r ScoreRow) Chosen() int {
	n := 0
	for _, file := range r.Files {
		if file.Chosen {
			n++
		}
	}
	return n
}

// ScoreTyped is what stands in the fields.
type ScoreTyped struct {
	Answer, Day, Done, Of, Number, Claim, Explanation string
	NotApplicable                                     bool
}

// ScoreItem is a line of a checklist.
type ScoreItem struct {
	Code, Name string
	Choices    []Option
}

// ScoreFile is an attached file that may prove a criterion.
type ScoreFile struct {
	Hash, Name string
	Chosen     bool
}

// YesNoOptions are the answers to a question; blank is not no.
func YesNoOptions(chosen, yes, no string) []Option {
	return []Option{
		{Value: "", Label: "Chưa trả lời", Selected: chosen == ""},
		{Value: "true", Label: yes, Selected: chosen == "true"},
		{Value: "false", Label: no, Selected: chosen == "false"},
	}
}

// ReadScoreField is the answers to the criteria of a field, to read.
type ReadScoreField struct {
	Name string
	Sum  string
	Rows []ReadScore
}

// ReadScore is one criterion to read.
type ReadScore struct {
	Code, Name, Max string
	Answer          []string // what was answered, a line each
	Points          string
	Why             []string
	Explanation     string
	Files           []File
}

// ProblemTexts are the sentences of what is wrong with a row.
func ProblemTexts(broken rule.Errors, say func(rule.Error) string) []string {
	texts := make([]string, len(broken))
	for i, one := range broken {
		texts[i] = say(one)
	}
	return texts
}
