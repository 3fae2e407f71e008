// Package words is the product's vocabulary: labels, sentences, dates and
// numbers in Vietnamese, for every room that speaks to a person (pages, mails,
// paper, workbooks, and what the Temporal UI shows).
//
// It is a leaf: it imports the standard library and the domain only, and knows
// no page and no markup. Sentences say who and until when, in plain official
// words; dates are Vietnam's civil time.
package words
