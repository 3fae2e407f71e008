package words

import (
	"fmt"
	"maps"
	"strings"

	"cchc/domain/rule"
)

// messages is every sentence by its code.
var messages = merged(documentMessages, formMessages, versionMessages, campaignMessages, decisionMessages, draftMessages, peopleMessages, accountMessages, operationMessages, calendarMessages, inboxMessages, planMessages, parMessages, rankingMessages, outageMessages, appraisalMessages)

func merged(subjects ...map[rule.Code]sentence) map[rule.Code]sentence {
	all := map[rule.Code]sentence{}
	for _, subject := range subjects {
		maps.Copy(all, subject)
	}
	return all
}

// Message is the sentence of a broken rule. A code without words would be a
// mistake of ours, which a test excludes; people then read a plain sentence.
func Message(e rule.Error) string {
	if say, known := messages[e.Code]; known {
		return say(e.Args)
	}
	return "Nội dung chưa hợp lệ (mã " + string(e.Code) + ")."
}

// Problem is Message with its place in front, for lists away from the field:
// "3.31: Chưa nhập. Nếu không có, ghi 0."
func Problem(e rule.Error) string {
	place, found := strings.CutPrefix(e.Field, "figure.")
	if section, is := strings.CutPrefix(e.Field, "section."); is {
		place, found = "Phần "+section, true
	}
	if task, is := taskPlace(e); is {
		place, found = task, true
	}
	if answer, is := answerPlace(e.Field); is {
		place, found = answer, true
	}
	if mark, is := markPlace(e.Field); is {
		place, found = mark, true
	}
	if !found {
		place, found = rowPlace(e.Field)
	}
	if !found {
		return Message(e)
	}
	if message := Message(e); strings.HasPrefix(message, place+" ") {
		return message
	}
	return place + ": " + Message(e)
}

// HasMessage tells whether a code has its sentence.
func HasMessage(code rule.Code) bool {
	_, known := messages[code]
	return known
}

// sentence makes the words of one code from its arguments.
type sentence func(args []any) string

// fixed is a sentence without arguments.
func fixed(text string) sentence { return func([]any) string { return text } }

// text is the i-th argument as plain text: a string as it is, a number without
// exponent (JSON gives numbers back as float64).
func text(args []any, i int) string {
	if i >= len(args) {
		return ""
	}
	switch v := args[i].(type) {
	case string:
		return v
	case float64:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprint(args[i])
}
