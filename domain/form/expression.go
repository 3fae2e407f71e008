package form

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Source says where an operand's value comes from.
type Source string

// The sources of operands.
const (
	FromCurrent        Source = "current"
	FromPrevious       Source = "previous"         // the adjoining period before
	FromPreviousInYear Source = "previous_in_year" // the same, but only within the year
	FromLiteral        Source = "literal"          // a percentage in the rule itself
)

// Operand is one term of a side of a rule.
type Operand struct {
	Source   Source
	Code     string  // of the indicator; empty for a literal
	Literal  Decimal // in percent
	Negative bool    // subtracted
}

// Rule is a parsed check: two sums and what must hold between them.
type Rule struct {
	Text  string
	Left  []Operand
	Op    string // "=", "<=" or ">="
	Right []Operand
}

// ParseRule reads a rule such as
//
//	3.13+3.14=3.18+3.22+3.25
//	3.29<=3.28+previous(3.28)-previous(3.29)
//	4.10>=previous_in_year(4.10)
//	3.26>=95%
//
// Spaces are allowed between its parts. The error is a SyntaxError.
func ParseRule(text string) (Rule, error) {
	p := parser{text: text}
	left, err := p.sum()
	if err != nil {
		return Rule{}, err
	}
	op, err := p.comparison()
	if err != nil {
		return Rule{}, err
	}
	right, err := p.sum()
	if err != nil {
		return Rule{}, err
	}
	if !p.done() {
		return Rule{}, p.wrong(WantEnd)
	}
	return Rule{Text: text, Left: left, Op: op, Right: right}, nil
}

// parseSum reads one side alone, as numerators and denominators are.
func parseSum(text string) ([]Operand, error) {
	p := parser{text: text}
	side, err := p.sum()
	if err != nil {
		return nil, err
	}
	if !p.done() {
		return nil, p.wrong(WantSum)
	}
	return side, nil
}

func (r Rule) operands() []Operand {
	return append(append([]Operand{}, r.Left...), r.Right...)
}

// String writes the rule without spaces; it parses to the same rule.
func (r Rule) String() string { return writeSum(r.Left) + r.Op + writeSum(r.Right) }

func writeSum(side []Operand) string {
	var out strings.Builder
	for i, operand := range side {
		switch {
		case operand.Negative:
			out.WriteByte('-')
		case i > 0:
			out.WriteByte('+')
		}
		switch operand.Source {
		case FromCurrent:
			out.WriteString(operand.Code)
		case FromLiteral:
			out.WriteString(operand.Literal.String() + "%")
		default:
			out.WriteString(string(operand.Source) + "(" + operand.Code + ")")
		}
	}
	return out.String()
}

// What may be wanted at a place of a rule.
const (
	WantOperand    = "operand"    // an indicator, previous(...), previous_in_year(...) or a percentage
	WantIndicator  = "indicator"  // between the parentheses of previous(...)
	WantPercentage = "percentage" // such as 95%
	WantComparison = "comparison" // <=, >= or =
	WantEnd        = "end"
	WantSum        = "sum" // +, - or the end
	WantOpen       = "("
	WantClose      = ")"
)

// SyntaxError says where a rule, or a side of one, cannot be read.
type SyntaxError struct {
	Text string
	At   int    // bytes before the place
	Want string // one of the Want... constants
}

// Rest is what stands at the place; empty at the end of the text.
func (e *SyntaxError) Rest() string { return e.Text[e.At:] }

// Place counts letters from 1.
func (e *SyntaxError) Place() int { return utf8.RuneCountInString(e.Text[:e.At]) + 1 }

// Error is for logs; people read templates/words.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("rule %q: character %d: want %s, got %q", e.Text, e.Place(), e.Want, e.Rest())
}

// parser walks a rule from left to right; at is a byte offset.
type parser struct {
	text string
	at   int
}

func (p *parser) wrong(want string) error {
	return &SyntaxError{Text: p.text, At: p.at, Want: want}
}

func (p *parser) spaces() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

func (p *parser) done() bool {
	p.spaces()
	return p.at == len(p.text)
}

// take moves past the token when it comes next.
func (p *parser) take(token string) bool {
	p.spaces()
	if !strings.HasPrefix(p.text[p.at:], token) {
		return false
	}
	p.at += len(token)
	return true
}

func (p *parser) comparison() (string, error) {
	for _, op := range []string{"<=", ">=", "="} {
		if p.take(op) {
			return op, nil
		}
	}
	return "", p.wrong(WantComparison)
}

func (p *parser) sum() ([]Operand, error) {
	var side []Operand
	negative := false
	for {
		operand, err := p.operand()
		if err != nil {
			return nil, err
		}
		operand.Negative = negative
		side = append(side, operand)
		switch {
		case p.take("+"):
			negative = false
		case p.take("-"):
			negative = true
		default:
			return side, nil
		}
	}
}

func (p *parser) operand() (Operand, error) {
	// The longer name first: the shorter one is its beginning.
	for _, source := range []Source{FromPreviousInYear, FromPrevious} {
		if p.take(string(source)) {
			return p.call(source)
		}
	}
	p.spaces()
	start := p.at
	text := p.digits()
	if p.at < len(p.text) && p.text[p.at] == '%' {
		literal, err := ParseDecimal(text)
		if err != nil {
			p.at = start
			return Operand{}, p.wrong(WantPercentage)
		}
		p.at++
		return Operand{Source: FromLiteral, Literal: literal}, nil
	}
	if !isCode(text) {
		p.at = start
		return Operand{}, p.wrong(WantOperand)
	}
	return Operand{Source: FromCurrent, Code: text}, nil
}

func (p *parser) call(source Source) (Operand, error) {
	if !p.take("(") {
		return Operand{}, p.wrong(WantOpen)
	}
	p.spaces()
	start := p.at
	code := p.digits()
	if !isCode(code) {
		p.at = start
		return Operand{}, p.wrong(WantIndicator)
	}
	if !p.take(")") {
		return Operand{}, p.wrong(WantClose)
	}
	return Operand{Source: source, Code: code}, nil
}

// digits takes the longest run of digits and points.
func (p *parser) digits() string {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("0123456789.", p.text[p.at]) >= 0 {
		p.at++
	}
	return p.text[start:p.at]
}

// isCode tells whether the text is an indicator's code: numbers joined by points,
// at least two of them, none with a leading zero.
func isCode(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" || part[0] == '0' || len(part) > 4 {
			return false
		}
	}
	return len(parts) >= 2
}
