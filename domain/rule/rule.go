// Package rule holds the one shape in which every broken rule is told.
//
// A rule that does not hold is data, not a failure: it has a code (its words
// live in templates/words), the field it belongs to, and the values the
// sentence needs. Rules collect all problems and return them at once.
//
// Nothing here may know a particular rule, a language, or how an answer is sent.
package rule

import (
	"fmt"
	"strings"
)

// Code names a broken rule. It is stable: it is stored in decision outcomes.
// Snake case, ASCII, e.g. "figure_equation". Every code has its sentence in
// templates/words.
type Code string

// Error is one broken rule at one place.
type Error struct {
	Code  Code   `json:"code"`
	Field string `json:"field,omitempty"` // form field or figure code, e.g. "figure.3.18"; empty: the whole form
	Args  []any  `json:"args,omitempty"`  // values for the sentence, in its order; JSON scalars only
}

// Errors is every broken rule found in one pass. The empty list means that all
// rules hold; return it through Err so that it becomes a nil error.
type Errors []Error

// Broken makes a list with a single broken rule.
func Broken(code Code, field string, args ...any) Errors {
	return Errors{{Code: code, Field: field, Args: args}}
}

// Add appends one broken rule.
func (e *Errors) Add(code Code, field string, args ...any) {
	*e = append(*e, Error{Code: code, Field: field, Args: args})
}

// Err is nil when nothing is broken.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Has tells whether a rule with this code is broken.
func (e Errors) Has(code Code) bool {
	for _, one := range e {
		if one.Code == code {
			return true
		}
	}
	return false
}

// Error is for logs; people read templates/words.
func (e Errors) Error() string {
	parts := make([]string, len(e))
	for i, one := range e {
		parts[i] = string(one.Code)
		if one.Field != "" {
			parts[i] = fmt.Sprintf("%s at %s", one.Code, one.Field)
		}
	}
	return "broken rules: " + strings.Join(parts, ", ")
}
