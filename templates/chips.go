package templates

import (
	"cchc/domain/document"
	"cchc/templates/words"
)

var statusChips = map[document.Status]Chip{
	document.NotStarted:        {Icon: "circle", Class: "idle"},
	document.InDrafting:        {Icon: "pencil", Class: "work"},
	document.InDivisionReview:  {Icon: "person-check", Class: "work"},
	document.InSigning:         {Icon: "pen", Class: "work"},
	document.InAuthorityReview: {Icon: "building", Class: "work"},
	document.Returned:          {Icon: "arrow-return-left", Class: "back"},
	document.IsApproved:        {Icon: "check-circle-fill", Class: "done"},
	document.IsHandedIn:        {Icon: "building", Class: "work"},
	document.IsExempt:          {Icon: "slash-circle", Class: "off"},
}

// StatusChip is the chip of a document's status.
func StatusChip(s document.Status) Chip {
	chip := statusChips[s]
	chip.Word = words.Status(s)
	return chip
}

// OverdueFlag says that the due time has passed: words.Overdue(...).
func OverdueFlag(word string) Flag {
	return Flag{Icon: "exclamation-octagon-fill", Class: "bad", Word: word}
}

// RiskFlag tells that a document will probably be late.
func RiskFlag() Flag {
	return Flag{Icon: "hourglass-split", Class: "warn", Word: "Có nguy cơ trễ"}
}
