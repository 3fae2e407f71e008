package templates

// SignPage is GET /documents/{id}/sign for the director, in two states. Without
// an Attempt: choose number and date; the form posts key, revision,
// content_hash, mode ("series" or "typed"), number to
// /documents/{id}/sign/prepare. With an open Attempt: the prepared file is shown
// with its hash; the form posts key, revision, content_hash, password and agree
// to /documents/{id}/sign/{attempt}. Giving up posts key to
// /documents/{id}/sign/{attempt}/cancel.
type SignPage struct {
	Shell
	Document    DocumentHead
	Key         string
	CancelKey   string // the key of the second form, "Bỏ lần ký này"
	Revision    int
	ContentHash string
	Due         *DueLine
	Steps       []Step
	Facts       []Pair // what will be signed: Người soạn, Trưởng phòng duyệt, Số liệu chính
	DraftURL    string // print without number, before preparing
	Number      NumberChoice
	Attempt     *SigningAttempt
	Certificate *Certificate // nil: no key of this person is known
	Preflight   []CheckLine  // failing lines first
	Blocked     bool         // a check fails: no button
	Agreed      bool         // kept input
	MayReturn   bool
}

// NumberChoice is how the document gets its number; a number is never reused.
type NumberChoice struct {
	Typed     bool   // the director or clerk types it; otherwise the unit's own series gives it
	Number    string // digits as typed
	Next      string // what the series would give: "412"
	Symbol    string // "BC-STC"
	Date      string // "17/12/2026"
	Duplicate string // warning: "Số 412 đã cấp cho văn bản khác trong năm 2026."; empty: none
}

// SigningAttempt is the prepared file that waits for the signature.
type SigningAttempt struct {
	ID      string
	Number  string // "412/BC-STC"
	Date    string // "17/12/2026"
	PDFURL  string
	PDFHash string // SHA-256 of the prepared file, hex
	Pages   int
	Size    string // words.Size(...)
	Expires string // "15:22", two minutes after preparing
}

// Certificate is the card of the signing key.
type Certificate struct {
	Owner     string // "Lê Hoàng Phương"
	Position  string // "Giám đốc, Sở Tài chính"
	Issuer    string
	Serial    string
	Algorithm string // "RSA 3072, SHA-256"
	Expires   string // "11/03/2029, còn 815 ngày"
	Legal     bool   // false: a development key, without legal value, said in red
}
