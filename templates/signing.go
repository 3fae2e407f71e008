package templates

// SignPage is GET /documents/{id}/sign for the director. Its one form posts key,
// revision, content_hash, mode ("series" or "typed"), number, password and agree
// ("yes") to the same address: number, file and signature are made in that one
// request, so that a wrong password takes no number.
type SignPage struct {
	Shell
	Document    DocumentHead
	Key         string
	Revision    int
	ContentHash string
	Due         *DueLine
	Request     *RequestCard // what asks for an ad hoc report; nil: it is none
	Steps       []Step
	Facts       []Pair // what will be signed: Người soạn, Trưởng phòng duyệt, Số liệu chính, Cảnh báo
	PrintURL    string // print without number
	Number      NumberChoice
	Certificate *Certificate // nil: no key of this person is known
	Preflight   []CheckLine  // failing lines first
	Blocked     bool         // a check fails: no form
	Agreed      bool         // kept input
	MayReturn   bool
}

// NumberPage is GET /documents/{id}/number for the unit's clerk: sets a number
// aside for the document. Posts key and number to the same address.
type NumberPage struct {
	Shell
	Document DocumentHead
	Key      string
	Number   NumberChoice
	Assigned string // "412/BC-STC" when one is set aside already
}

// NumberChoice is how the document gets its number; a number is never reused.
type NumberChoice struct {
	Typed     bool   // the director types it; otherwise Next
	Assigned  bool   // Next was set aside by the clerk; otherwise the unit's own series gives it
	Number    string // digits as typed
	Next      string // "412"
	Symbol    string // "BC-STC"
	Date      string // "17/12/2026"
	Duplicate string // warning: "Số 412 đã cấp cho văn bản khác trong năm 2026."; empty: none
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
