package pdf

import (
	"bytes"
	"fmt"
	"strconv"
)

// maxDepth bounds nesting, so that a hostile file cannot exhaust the stack.
const maxDepth = 64

// SyntaxError says at which offset a file leaves the strict syntax.
type SyntaxError struct {
	Offset int
	Detail string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("pdf: offset %d: %s", e.Offset, e.Detail) }

type parser struct {
	data  []byte
	pos   int
	depth int
}

func (p *parser) fail(format string, args ...any) error {
	return &SyntaxError{p.pos, fmt.Sprintf(format, args...)}
}

func (p *parser) skipSpace() {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.data) && p.data[p.pos] != '\n' && p.data[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

func (p *parser) startsWith(s string) bool {
	return bytes.HasPrefix(p.data[p.pos:], []byte(s))
}

// keyword consumes word as a whole token after optional space.
func (p *parser) keyword(word string) error {
	p.skipSpace()
	end := p.pos + len(word)
	if !p.startsWith(word) || end < len(p.data) && isRegular(p.data[end]) {
		return p.fail("%q expected", word)
	}
	p.pos = end
	return nil
}

func (p *parser) value() (Object, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fail("nested deeper than %d", maxDepth)
	}
	defer func() { p.depth-- }()
	p.skipSpace()
	if p.pos >= len(p.data) {
		return nil, p.fail("unexpected end")
	}
	switch c := p.data[p.pos]; {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literalString()
	case p.startsWith("<<"):
		return p.dict()
	case c == '<':
		return p.hexString()
	case c == '[':
		return p.array()
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return p.numberOrRef()
	default:
		return p.word()
	}
}

func (p *parser) regular() string {
	start := p.pos
	for p.pos < len(p.data) && isRegular(p.data[p.pos]) {
		p.pos++
	}
	return string(p.data[start:p.pos])
}

func (p *parser) word() (Object, error) {
	at := p.pos
	switch word := p.regular(); word {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	default:
		return nil, &SyntaxError{at, fmt.Sprintf("unknown token %q", word)}
	}
}

func (p *parser) name() (Object, error) {
	p.pos++
	raw := p.regular()
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '#' {
			out = append(out, raw[i])
			continue
		}
		if i+2 >= len(raw) {
			return nil, p.fail("broken #xx in name")
		}
		v, err := strconv.ParseUint(raw[i+1:i+3], 16, 8)
		if err != nil || v == 0 {
			return nil, p.fail("broken #xx in name")
		}
		out = append(out, byte(v))
		i += 2
	}
	return Name(out), nil
}

func (p *parser) number() (Number, error) {
	at := p.pos
	text := p.regular()
	digits, dots := 0, 0
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dots++
		case (c == '+' || c == '-') && i == 0:
		default:
			return "", &SyntaxError{at, fmt.Sprintf("broken number %q", text)}
		}
	}
	if digits == 0 || dots > 1 || len(text) > 32 {
		return "", &SyntaxError{at, fmt.Sprintf("broken number %q", text)}
	}
	return Number(text), nil
}

// numberOrRef looks two tokens ahead for "n g R".
func (p *parser) numberOrRef() (Object, error) {
	first, err := p.number()
	if err != nil {
		return nil, err
	}
	after := p.pos
	if ref, ok := p.restOfRef(first); ok {
		return ref, nil
	}
	p.pos = after
	return first, nil
}

func (p *parser) restOfRef(first Number) (Ref, bool) {
	num, ok := first.Int()
	if !ok || num <= 0 {
		return Ref{}, false
	}
	p.skipSpace()
	if p.pos >= len(p.data) || p.data[p.pos] < '0' || p.data[p.pos] > '9' {
		return Ref{}, false
	}
	second, err := p.number()
	if err != nil {
		return Ref{}, false
	}
	gen, ok := second.Int()
	if !ok || p.keyword("R") != nil {
		return Ref{}, false
	}
	return Ref{num, gen}, true
}

func (p *parser) array() (Object, error) {
	p.pos++
	out := Array{}
	for {
		p.skipSpace()
		if p.startsWith("]") {
			p.pos++
			return out, nil
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

func (p *parser) dict() (Object, error) {
	p.pos += 2
	out := Dict{}
	seen := map[Name]bool{}
	for {
		p.skipSpace()
		if p.startsWith(">>") {
			p.pos += 2
			return out, nil
		}
		if !p.startsWith("/") {
			return nil, p.fail("key expected in dictionary")
		}
		key, err := p.name()
		if err != nil {
			return nil, err
		}
		// Readers disagree on which of two equal keys counts.
		if name := key.(Name); seen[name] {
			return nil, p.fail("key /%s twice in one dictionary", name)
		} else {
			seen[name] = true
		}
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		out = append(out, Entry{key.(Name), v})
	}
}

func (p *parser) hexString() (Object, error) {
	start := p.pos
	end := bytes.IndexByte(p.data[start:], '>')
	if end < 0 {
		return nil, p.fail("string without end")
	}
	end += start
	out := make([]byte, 0, (end-start)/2)
	high, half := byte(0), false
	for i := start + 1; i < end; i++ {
		c := p.data[i]
		if isSpace(c) {
			continue
		}
		v, ok := unhex(c)
		if !ok {
			return nil, &SyntaxError{i, "no hexadecimal digit"}
		}
		if half {
			out = append(out, high<<4|v)
		}
		high, half = v, !half
	}
	if half {
		out = append(out, high<<4)
	}
	p.pos = end + 1
	return String{Bytes: out, Start: start, End: p.pos, Hex: true}, nil
}

func unhex(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

func (p *parser) literalString() (Object, error) {
	start := p.pos
	p.pos++
	out := []byte{}
	for open := 1; p.pos < len(p.data); {
		c := p.data[p.pos]
		p.pos++
		switch c {
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				return String{Bytes: out, Start: start, End: p.pos}, nil
			}
		case '\\':
			out = p.escape(out)
			continue
		case '\r': // any end of line counts as one line feed
			if p.pos < len(p.data) && p.data[p.pos] == '\n' {
				p.pos++
			}
			c = '\n'
		}
		out = append(out, c)
	}
	return nil, &SyntaxError{start, "string without end"}
}

// escape reads what follows a backslash.
func (p *parser) escape(out []byte) []byte {
	if p.pos >= len(p.data) {
		return out
	}
	c := p.data[p.pos]
	p.pos++
	switch c {
	case 'n':
		return append(out, '\n')
	case 'r':
		return append(out, '\r')
	case 't':
		return append(out, '\t')
	case 'b':
		return append(out, '\b')
	case 'f':
		return append(out, '\f')
	case '\n':
		return out
	case '\r':
		if p.pos < len(p.data) && p.data[p.pos] == '\n' {
			p.pos++
		}
		return out
	}
	if c < '0' || c > '7' {
		return append(out, c)
	}
	v := int(c - '0')
	for n := 1; n < 3 && p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '7'; n++ {
		v = v*8 + int(p.data[p.pos]-'0')
		p.pos++
	}
	return append(out, byte(v))
}
