package document

// Cause is why an open document is overdue, as far as its own state tells.
type Cause string

// The causes.
const (
	CauseVacant    Cause = "vacant"    // nobody holds the desk it lies at
	CauseUnopened  Cause = "unopened"  // not a line has been written
	CauseDrafting  Cause = "drafting"  // being written
	CauseReturned  Cause = "returned"  // came back from a review and was not submitted again
	CauseReview    Cause = "review"    // lies with the division head
	CauseSignature Cause = "signature" // waits for the director's signature
	CauseAuthority Cause = "authority" // waits for the authority
	CauseNone      Cause = ""          // closed: nobody is waited for
)

// Causes lists every cause.
var Causes = []Cause{
	CauseVacant, CauseUnopened, CauseDrafting, CauseReturned, CauseReview, CauseSignature, CauseAuthority,
}

// CauseOf tells the cause from the status and whether the desk has no holder. A
// vacant desk comes before everything: nobody could have acted.
func CauseOf(status Status, vacant bool) Cause {
	if _, waited := causes[status]; waited && vacant {
		return CauseVacant
	}
	return causes[status]
}

var causes = map[Status]Cause{
	NotStarted: CauseUnopened, InDrafting: CauseDrafting, Returned: CauseReturned,
	InDivisionReview: CauseReview, InSigning: CauseSignature, InAuthorityReview: CauseAuthority,
}
