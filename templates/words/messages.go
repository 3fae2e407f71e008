package words

import (
	"cchc/domain/rule"
)

// Message is the sentence of a broken rule. A code without words would be a
// mistake of ours, which a test excludes; people then read a plain sentence.
func Message(e rule.Error) string {
	if say, known := messages[e.Code]; known {
		return say(e.Args)
	}
	return "Nội dung chưa hợp lệ (mã " + string(e.Code) + ")."
}

// HasMessage tells whether a code has its sentence.
func HasMessage(code rule.Code) bool {
	_, known := messages[code]
	return known
}
