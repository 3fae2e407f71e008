package pdf

import (
	"bytes"
	"encoding/hex"
	"strconv"
)

// Object is one of: nil (null), bool, Number, Name, String, Array, Dict, Ref,
// Stream, or, when writing only, Raw.
type Object any

// Number keeps the literal of an integer or real, so that rewriting an object
// never changes a coordinate by a rounding.
type Number string

// Name is a name object without its leading slash, #xx decoded.
type Name string

// String is a string object. Start and End are the offsets of its token in the
// file (End is one past the closing delimiter); they are zero in strings made
// for writing.
type String struct {
	Bytes      []byte
	Start, End int
	Hex        bool
}

// Array is an array object.
type Array []Object

// Entry is one key and value of a dictionary.
type Entry struct {
	Key   Name
	Value Object
}

// Dict is a dictionary in file order. The parser refuses duplicate keys.
type Dict []Entry

// Ref is an indirect reference.
type Ref struct{ Number, Generation int }

// Stream is a dictionary with its raw, still encoded data.
type Stream struct {
	Dict Dict
	Data []byte
}

// Raw is written as it is. The parser never returns it.
type Raw []byte

// Int makes a Number.
func Int(n int) Number { return Number(strconv.Itoa(n)) }

// Real makes a Number with at most four decimals, enough for points.
func Real(v float64) Number {
	text := strconv.FormatFloat(v, 'f', 4, 64)
	text = string(bytes.TrimRight([]byte(text), "0"))
	text = string(bytes.TrimSuffix([]byte(text), []byte(".")))
	if text == "-0" {
		text = "0"
	}
	return Number(text)
}

// Int returns the integer value; ok is false for a real.
func (n Number) Int() (value int, ok bool) {
	v, err := strconv.ParseInt(string(n), 10, 64)
	return int(v), err == nil
}

// Float returns the value as a float64.
func (n Number) Float() (value float64, ok bool) {
	v, err := strconv.ParseFloat(string(n), 64)
	return v, err == nil
}

// Get returns the value under key, nil when absent.
func (d Dict) Get(key Name) Object {
	for _, e := range d {
		if e.Key == key {
			return e.Value
		}
	}
	return nil
}

// Has tells whether key is present, even with a null value.
func (d Dict) Has(key Name) bool {
	for _, e := range d {
		if e.Key == key {
			return true
		}
	}
	return false
}

// With returns a copy in which key has value, in its old place if it had one.
func (d Dict) With(key Name, value Object) Dict {
	out := make(Dict, 0, len(d)+1)
	replaced := false
	for _, e := range d {
		if e.Key == key {
			e.Value, replaced = value, true
		}
		out = append(out, e)
	}
	if !replaced {
		out = append(out, Entry{key, value})
	}
	return out
}

// Without returns a copy that lacks the keys.
func (d Dict) Without(keys ...Name) Dict {
	out := make(Dict, 0, len(d))
next:
	for _, e := range d {
		for _, key := range keys {
			if e.Key == key {
				continue next
			}
		}
		out = append(out, e)
	}
	return out
}

// Equal compares two objects by value; offsets and the notation of strings do
// not count.
func Equal(a, b Object) bool { return bytes.Equal(Append(nil, a), Append(nil, b)) }

// Refs calls visit for every reference inside obj.
func Refs(obj Object, visit func(Ref)) {
	switch o := obj.(type) {
	case Ref:
		visit(o)
	case Array:
		for _, v := range o {
			Refs(v, visit)
		}
	case Dict:
		for _, e := range o {
			Refs(e.Value, visit)
		}
	case Stream:
		Refs(o.Dict, visit)
	}
}

// Append writes obj in PDF syntax. Strings are written in hexadecimal.
func Append(out []byte, obj Object) []byte {
	switch o := obj.(type) {
	case bool:
		return strconv.AppendBool(out, o)
	case Number:
		return append(out, o...)
	case Name:
		return appendName(out, o)
	case String:
		out = append(out, '<')
		out = hex.AppendEncode(out, o.Bytes)
		return append(out, '>')
	case Array:
		out = append(out, '[')
		for i, v := range o {
			if i > 0 {
				out = append(out, ' ')
			}
			out = Append(out, v)
		}
		return append(out, ']')
	case Dict:
		out = append(out, "<<"...)
		for _, e := range o {
			out = append(appendName(append(out, ' '), e.Key), ' ')
			out = Append(out, e.Value)
		}
		return append(out, " >>"...)
	case Ref:
		out = strconv.AppendInt(out, int64(o.Number), 10)
		out = strconv.AppendInt(append(out, ' '), int64(o.Generation), 10)
		return append(out, " R"...)
	case Stream:
		out = Append(out, o.Dict.With("Length", Int(len(o.Data))))
		out = append(append(out, "\nstream\n"...), o.Data...)
		return append(out, "\nendstream"...)
	case Raw:
		return append(out, o...)
	default:
		return append(out, "null"...)
	}
}

func appendName(out []byte, name Name) []byte {
	const digits = "0123456789ABCDEF"
	out = append(out, '/')
	for i := range len(name) {
		c := name[i]
		if c <= ' ' || c > '~' || c == '#' || isDelimiter(c) {
			out = append(out, '#', digits[c>>4], digits[c&15])
			continue
		}
		out = append(out, c)
	}
	return out
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

func isRegular(c byte) bool { return !isSpace(c) && !isDelimiter(c) }
