package document

import "time"

// Punctuality is how a document stands to its unit's due. Every document is in
// exactly one class, so that the classes without ExemptFromDue sum to the roster
// of those who must report.
type Punctuality string

// The classes, in the order of charts. "On time" looks at the first signature
// alone (QĐ 1439 Đ8.1a); what the authority returned later is told apart, never
// hidden (Đ8.2).
const (
	OnTime         Punctuality = "on_time"          // signed in time, never returned
	OnTimeReturned Punctuality = "on_time_returned" // signed in time, returned by the authority since
	Late           Punctuality = "late"             // signed at the due instant or later
	Missing        Punctuality = "missing"          // not signed yet, due or not
	ExemptFromDue  Punctuality = "exempt"           // need not report: not counted
)

// Punctualities lists the classes that are counted, in the order of charts.
var Punctualities = []Punctuality{OnTime, OnTimeReturned, Late, Missing}

// PunctualityOf classes a document: due is the unit's last allowed instant,
// extensions included, firstSigned the receipt of the director's first applied
// signature or nil, returns how often the authority has returned it. The
// generated column documents.punctuality says the same in SQL; a test of storage
// holds the two together.
func PunctualityOf(stage Stage, due time.Time, firstSigned *time.Time, returns int) Punctuality {
	switch {
	case stage == Exempted:
		return ExemptFromDue
	case firstSigned == nil:
		return Missing
	case !firstSigned.Before(due):
		return Late
	case returns > 0:
		return OnTimeReturned
	}
	return OnTime
}

// Shares are the counts' parts of their sum in tenths of a percent, rounded by
// the largest remainder so that they sum to exactly 1000; of equal remainders the
// earlier count wins. Without anything to share every part is 0. Counts are not
// negative.
func Shares(counts []int) []int {
	const whole = 1000
	sum := 0
	for _, n := range counts {
		sum += n
	}
	shares := make([]int, len(counts))
	if sum == 0 {
		return shares
	}
	left := whole
	for i, n := range counts {
		shares[i] = n * whole / sum
		left -= shares[i]
	}
	given := make([]bool, len(counts))
	for ; left > 0; left-- {
		most := -1
		for i, n := range counts {
			if !given[i] && (most < 0 || n*whole%sum > counts[most]*whole%sum) {
				most = i
			}
		}
		given[most] = true
		shares[most]++
	}
	return shares
}
