package templates

// ReviewPage is GET /documents/{id}/review for the division head and the
// authority's officers: what to decide on, with the decision beside it. The form
// of the main action posts key, revision and content_hash to
// /documents/{id}/approve or /documents/{id}/confirm; sending back has a page of
// its own.
type ReviewPage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int
	ContentHash string
	Due         *DueLine
	Request     *RequestCard // what asks for an ad hoc report; nil: it is none
	Steps       []Step
	Pending     *Note      // a recorded decision: the buttons are gone then
	Meanwhile   *Meanwhile // somebody at the same desk was quicker
	Authority   bool       // confirm instead of approve
	MayDecide   bool       // shows the decision card with its buttons
	MayReturn   bool
	Why         string // when MayDecide is false: "Bạn đã trình văn bản này, người khác phải duyệt."
	Summary     []CheckLine
	Tabs        []Tab         // Nội dung, Khác lần n; empty: one view only
	Reading     *Reading      // tab Nội dung
	Changes     *Differences  // tab Khác lần n
	Prints      []File        // draft print, or the signed file for the authority
	Returned    *ReturnNotice // what was asked for last time
	Points      *PointList    // point by point; nil: the reason says all
	Timeline    []TimelineEntry
	Comments    *Comments // for the unit's own people
}

// ReturnPage is GET /documents/{id}/return. Posts key, revision, content_hash, reason
// and the rows of points to the same address; with "more" it comes back with more rows.
type ReturnPage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int
	ContentHash string
	Reason      string
	ReceiverIs  string // who gets it: "Nguyễn Thị Minh Hạnh, chuyên viên Sở Tài chính"
	NewDue      string // "Hạn nộp lại 17:00 thứ Ba 22/12/2026."; may be empty
	FromSigning bool   // the director returns: the whole chain runs again
	Points      []PointRow
}
