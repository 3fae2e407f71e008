// Package document holds the rules of one document's life: its stages, the
// actions people take, and the single table of moves by which the transaction
// decides, pages draw their buttons and tests walk.
//
// It knows no clock, no storage and no words. What a document contains is
// domain/form's; when its deadlines fall is domain/period's.
package document

import (
	"strings"
	"time"
)

// Kind is the sort of document; it chooses the chain (QĐ 1439 Đ7.2).
type Kind string

// The four signed kinds of QĐ 1439 Đ7.2.
const (
	Report Kind = "report" // báo cáo CCHC định kỳ
	AdHoc  Kind = "ad_hoc" // báo cáo đột xuất
	Plan   Kind = "plan"   // báo cáo nội dung kế hoạch
	Index  Kind = "index"  // báo cáo chỉ số, ends with the signature (Đ8.3b)
)

// Kinds lists every kind.
var Kinds = []Kind{Report, AdHoc, Plan, Index}

// abbreviations begin the symbol of a document's number (ND 30/2020, Phu luc III);
// the index is reported by a report.
var abbreviations = map[Kind]string{Report: "BC", AdHoc: "BC", Plan: "KH", Index: "BC"}

// Symbol is what stands behind the number of a kind's document, "KH-STC", from that
// of the unit's reports, "BC-STC". A symbol of another shape stays as it is.
func (k Kind) Symbol(reports string) string {
	if issuer, usual := strings.CutPrefix(reports, abbreviations[Report]+"-"); usual && abbreviations[k] != "" {
		return abbreviations[k] + "-" + issuer
	}
	return reports
}

// Stage is the desk at which a document lies. Only RecordDecisions writes it.
type Stage string

// The stages in the order of the chain (QĐ 1439 Đ8.1b), then the ends.
const (
	Drafting        Stage = "drafting"
	DivisionReview  Stage = "division_review"
	Signing         Stage = "signing"
	AuthorityReview Stage = "authority_review"
	Approved        Stage = "approved"
	HandedIn        Stage = "handed_in" // index only: appraisal takes over
	Exempted        Stage = "exempt"
)

// Stages lists every stage in order.
var Stages = []Stage{Drafting, DivisionReview, Signing, AuthorityReview, Approved, HandedIn, Exempted}

// Closed tells whether nobody is waited for any more.
func (s Stage) Closed() bool {
	return s == Approved || s == HandedIn || s == Exempted
}

// Status is the stage as people read it: drafting is told apart by whether
// anything has been written and whether the document came back.
type Status string

// The statuses: the segments of every funnel, in order.
const (
	NotStarted        Status = "not_started"
	InDrafting        Status = "drafting"
	InDivisionReview  Status = "division_review"
	InSigning         Status = "signing"
	InAuthorityReview Status = "authority_review"
	Returned          Status = "returned"
	IsApproved        Status = "approved"
	IsHandedIn        Status = "handed_in"
	IsExempt          Status = "exempt"
)

// Statuses lists every status in the order of the funnel.
var Statuses = []Status{
	NotStarted, InDrafting, InDivisionReview, InSigning, InAuthorityReview,
	Returned, IsApproved, IsHandedIn, IsExempt,
}

// StatusOf tells the status from the stage, whether a line has been written,
// and whether the document came back from a review. The generated column
// documents.status says the same in SQL; a test holds the two together.
func StatusOf(stage Stage, started, returned bool) Status {
	switch {
	case stage != Drafting:
		return Status(stage)
	case returned:
		return Returned
	case !started:
		return NotStarted
	}
	return InDrafting
}

// Action is what a person decides.
type Action string

// The actions.
const (
	Submit  Action = "submit"  // trình trưởng phòng
	Approve Action = "approve" // trình ký số
	Return  Action = "return"  // trả lại để bổ sung
	Sign    Action = "sign"    // ký số
	Confirm Action = "confirm" // xác nhận thời gian và nội dung
	Recall  Action = "recall"  // thu hồi
	Exempt  Action = "exempt"  // miễn báo cáo
	Extend  Action = "extend"  // gia hạn
	Reopen  Action = "reopen"  // mở lại để chỉnh sửa
	Excuse  Action = "excuse"  // tính lại hạn nộp sau sự cố phần mềm
	Prolong Action = "prolong" // gia hạn xác nhận sau sự cố phần mềm
)

// Actions lists every action.
var Actions = []Action{Submit, Approve, Return, Sign, Confirm, Recall, Exempt, Extend, Reopen, Excuse, Prolong}

// State is what the moves are decided by, as it stands under the row lock.
type State struct {
	Kind        Kind
	Unit        string
	Stage       Stage
	Revision    int    // the newest frozen revision; 0 before the first submission
	ContentHash string // hash of that revision; of the draft while drafting
	DueAt       time.Time
	UnitDueAt   time.Time // by which on time is measured
	Signed      bool      // has been signed at least once
	Submitter   int64     // who submitted the newest revision
	// Acted is everybody's part so far, over all revisions: one entry per
	// applied decision in the chain.
	Acted []Part
	// SigningBy is the person with an open signing attempt at the decision's
	// receipt; 0 when there is none.
	SigningBy int64
}

// Part is one person's part in a document's chain.
type Part struct {
	Person int64  `db:"person_id"`
	Role   string `db:"role"`
}

// Decision is what one person wants, as stored in the decision row.
type Decision struct {
	Action      Action
	Person      int64
	Role        string // the role in which they act
	Unit        string // the unit of that position
	Revision    int    // on the screen
	ContentHash string // on the screen
	Reason      string
	Until       time.Time // extend, reopen, excuse: the new last allowed instant
	ReceivedAt  time.Time // the legal time (QĐ 1439 Đ8.1a)
}
