package pdf

import (
	"bytes"
	"errors"
	"fmt"
)

// Limits bounds what Open accepts; a zero field means no limit of its own.
type Limits struct {
	Size      int // bytes of the file
	Revisions int
	Objects   int // over all revisions
}

// ErrLimit is wrapped by errors about a file beyond its Limits.
var ErrLimit = errors.New("pdf: beyond limits")

// Location is where one revision stores an object.
type Location struct{ Offset, Generation int }

// Revision is one body, cross-reference table and trailer.
type Revision struct {
	Start   int // first byte
	EOF     int // one past its %%EOF
	End     int // as EOF, plus the end of line that may follow
	XRef    int // offset of its cross-reference table
	Trailer Dict
	Objects map[int]Location // in use, by object number
	free    map[int]bool
}

// File is a strictly read PDF file; revision 0 is the oldest.
type File struct {
	Data      []byte
	Revisions []Revision
	parsed    map[int]indirect // by offset
}

type indirect struct {
	object Object
	end    int // one past endobj
}

// Open walks from the last startxref through every Prev and refuses whatever is
// not exactly one classic table, trailer, startxref and %%EOF a revision, with
// nothing after the last.
func Open(data []byte, limits Limits) (*File, error) {
	if limits.Size > 0 && len(data) > limits.Size {
		return nil, fmt.Errorf("%w: %d bytes", ErrLimit, len(data))
	}
	if !bytes.HasPrefix(data, []byte("%PDF-1.")) && !bytes.HasPrefix(data, []byte("%PDF-2.")) {
		return nil, &SyntaxError{0, "no PDF header"}
	}
	f := &File{Data: data, parsed: map[int]indirect{}}
	if err := f.walk(limits); err != nil {
		return nil, err
	}
	return f, f.checkTables(limits)
}

// Last is the index of the newest revision.
func (f *File) Last() int { return len(f.Revisions) - 1 }

// walk collects the revisions from the newest to the oldest.
func (f *File) walk(limits Limits) error {
	at, err := lastStartXRef(f.Data)
	if err != nil {
		return err
	}
	var newestFirst []Revision
	for limit := len(f.Data); ; {
		if limits.Revisions > 0 && len(newestFirst) >= limits.Revisions {
			return fmt.Errorf("%w: more than %d revisions", ErrLimit, limits.Revisions)
		}
		rev, err := readTable(f.Data, at)
		if err != nil {
			return err
		}
		if rev.EOF > limit {
			return &SyntaxError{at, "revisions overlap"}
		}
		newestFirst = append(newestFirst, rev)
		prev := rev.Trailer.Get("Prev")
		if prev == nil {
			break
		}
		number, _ := prev.(Number)
		previous, ok := number.Int()
		if !ok || previous <= 0 || previous >= at {
			return &SyntaxError{at, "Prev does not point to an earlier table"}
		}
		limit, at = at, previous
	}
	for i := len(newestFirst) - 1; i >= 0; i-- {
		rev := newestFirst[i]
		if n := len(f.Revisions); n > 0 {
			rev.Start = f.Revisions[n-1].End
		}
		f.Revisions = append(f.Revisions, rev)
	}
	if end := f.Revisions[f.Last()].End; end != len(f.Data) {
		return &SyntaxError{end, "bytes after the last %%EOF"}
	}
	return nil
}

func lastStartXRef(data []byte) (int, error) {
	at := bytes.LastIndex(data, []byte("startxref"))
	if at < 0 {
		return 0, &SyntaxError{len(data), "no startxref"}
	}
	p := parser{data: data, pos: at}
	return p.startXRef()
}

// startXRef reads "startxref EOL offset EOL %%EOF" and leaves the position
// after the marker.
func (p *parser) startXRef() (int, error) {
	if err := p.keyword("startxref"); err != nil {
		return 0, err
	}
	p.skipEOL()
	number, err := p.number()
	if err != nil {
		return 0, err
	}
	offset, ok := number.Int()
	if !ok || offset <= 0 || offset >= len(p.data) {
		return 0, p.fail("startxref outside the file")
	}
	p.skipEOL()
	if !p.startsWith("%%EOF") {
		return 0, p.fail("%%%%EOF expected")
	}
	p.pos += len("%%EOF")
	return offset, nil
}

// skipEOL skips one CR, LF or CRLF.
func (p *parser) skipEOL() {
	if p.pos < len(p.data) && p.data[p.pos] == '\r' {
		p.pos++
	}
	if p.pos < len(p.data) && p.data[p.pos] == '\n' {
		p.pos++
	}
}

// readTable reads the table at offset, its trailer and its end of file marker.
func readTable(data []byte, offset int) (Revision, error) {
	p := parser{data: data, pos: offset}
	rev := Revision{XRef: offset, Objects: map[int]Location{}, free: map[int]bool{}}
	if !p.startsWith("xref") {
		return rev, p.fail("no classic cross-reference table")
	}
	p.pos += len("xref")
	for {
		p.skipSpace()
		if p.startsWith("trailer") {
			break
		}
		if err := p.subsection(&rev); err != nil {
			return rev, err
		}
	}
	p.pos += len("trailer")
	trailer, err := p.value()
	if err != nil {
		return rev, err
	}
	dict, ok := trailer.(Dict)
	if !ok {
		return rev, p.fail("trailer is no dictionary")
	}
	rev.Trailer = dict
	own, err := p.startXRef()
	if err != nil {
		return rev, err
	}
	if own != offset {
		return rev, p.fail("startxref %d does not point to its own table at %d", own, offset)
	}
	rev.EOF = p.pos
	p.skipEOL()
	rev.End = p.pos
	return rev, nil
}

func (p *parser) subsection(rev *Revision) error {
	first, err := p.plainInt()
	if err != nil {
		return err
	}
	p.skipSpace()
	count, err := p.plainInt()
	if err != nil {
		return err
	}
	p.skipSpace()
	for i := range count {
		if err := p.tableEntry(rev, first+i); err != nil {
			return err
		}
	}
	return nil
}

func (p *parser) plainInt() (int, error) {
	number, err := p.number()
	if err != nil {
		return 0, err
	}
	v, ok := number.Int()
	if !ok || v < 0 || v > 1<<31 {
		return 0, p.fail("count or number expected")
	}
	return v, nil
}

// tableEntry reads the 20 bytes "nnnnnnnnnn ggggg n" and two for end of line.
func (p *parser) tableEntry(rev *Revision, number int) error {
	if p.pos+20 > len(p.data) {
		return p.fail("table cut off")
	}
	entry := p.data[p.pos : p.pos+20]
	offset, okOffset := digits(entry[0:10])
	generation, okGeneration := digits(entry[11:16])
	end := string(entry[18:20])
	if !okOffset || !okGeneration || entry[10] != ' ' || entry[16] != ' ' ||
		end != " \n" && end != "\r\n" && end != " \r" {
		return p.fail("broken table entry of object %d", number)
	}
	if _, twice := rev.Objects[number]; twice || rev.free[number] {
		return p.fail("object %d twice in one table", number)
	}
	switch entry[17] {
	case 'n':
		rev.Objects[number] = Location{offset, generation}
	case 'f':
		rev.free[number] = true
	default:
		return p.fail("broken table entry of object %d", number)
	}
	p.pos += 20
	return nil
}

func digits(text []byte) (int, bool) {
	v := 0
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int(c-'0')
	}
	return v, true
}

// checkTables holds every revision against the ones before it.
func (f *File) checkTables(limits Limits) error {
	objects, size := 0, 0
	for i, rev := range f.Revisions {
		if objects += len(rev.Objects); limits.Objects > 0 && objects > limits.Objects {
			return fmt.Errorf("%w: more than %d objects", ErrLimit, limits.Objects)
		}
		if err := f.checkTrailer(i, &size); err != nil {
			return err
		}
		for number := range rev.free {
			if i > 0 && number != 0 {
				return &SyntaxError{rev.XRef, fmt.Sprintf("object %d is deleted by an increment", number)}
			}
		}
		for number, at := range rev.Objects {
			if number == 0 || number >= size || at.Generation != 0 {
				return &SyntaxError{rev.XRef, fmt.Sprintf("object %d beyond Size or with a generation", number)}
			}
			if at.Offset < rev.Start || at.Offset >= rev.XRef {
				return &SyntaxError{rev.XRef, fmt.Sprintf("object %d lies outside its revision", number)}
			}
		}
	}
	return nil
}

func (f *File) checkTrailer(i int, size *int) error {
	rev := f.Revisions[i]
	for _, key := range []Name{"Encrypt", "XRefStm"} {
		if rev.Trailer.Has(key) {
			return &SyntaxError{rev.XRef, fmt.Sprintf("trailer has /%s", key)}
		}
	}
	number, _ := rev.Trailer.Get("Size").(Number)
	own, ok := number.Int()
	if !ok || own < *size {
		return &SyntaxError{rev.XRef, "broken Size in trailer"}
	}
	*size = own
	root, ok := rev.Trailer.Get("Root").(Ref)
	if !ok || i > 0 && root != f.Revisions[0].Trailer.Get("Root") {
		return &SyntaxError{rev.XRef, "Root is missing or differs from the first revision's"}
	}
	return nil
}

// Locate returns where revision finds an object, in it or in an earlier one.
func (f *File) Locate(revision, number int) (Location, bool) {
	for i := revision; i >= 0; i-- {
		if at, ok := f.Revisions[i].Objects[number]; ok {
			return at, true
		}
	}
	return Location{}, false
}

// Object returns the object with that number as seen by revision.
func (f *File) Object(revision, number int) (Object, error) {
	found, err := f.indirect(revision, number)
	return found.object, err
}

// ObjectEnd is the offset one past the endobj of an object.
func (f *File) ObjectEnd(revision, number int) (int, error) {
	found, err := f.indirect(revision, number)
	return found.end, err
}

// Resolve follows a reference once; any other object is returned as it is.
func (f *File) Resolve(revision int, obj Object) (Object, error) {
	ref, ok := obj.(Ref)
	if !ok {
		return obj, nil
	}
	found, err := f.Object(revision, ref.Number)
	if err != nil {
		return nil, err
	}
	if _, again := found.(Ref); again || ref.Generation != 0 {
		return nil, fmt.Errorf("pdf: object %d is no plain object", ref.Number)
	}
	return found, nil
}

// Dict resolves obj and demands a dictionary.
func (f *File) Dict(revision int, obj Object) (Dict, error) {
	found, err := f.Resolve(revision, obj)
	if err != nil {
		return nil, err
	}
	dict, ok := found.(Dict)
	if !ok {
		return nil, fmt.Errorf("pdf: dictionary expected, found %T", found)
	}
	return dict, nil
}

func (f *File) indirect(revision, number int) (indirect, error) {
	at, ok := f.Locate(revision, number)
	if !ok {
		return indirect{}, fmt.Errorf("pdf: object %d does not exist", number)
	}
	if known, ok := f.parsed[at.Offset]; ok {
		return known, nil
	}
	p := parser{data: f.Data, pos: at.Offset}
	if err := p.keyword(fmt.Sprintf("%d %d obj", number, at.Generation)); err != nil {
		return indirect{}, err
	}
	obj, err := p.value()
	if err != nil {
		return indirect{}, err
	}
	p.skipSpace()
	if dict, ok := obj.(Dict); ok && p.startsWith("stream") {
		if obj, err = f.stream(&p, revision, dict); err != nil {
			return indirect{}, err
		}
	}
	if err := p.keyword("endobj"); err != nil {
		return indirect{}, err
	}
	found := indirect{obj, p.pos}
	f.parsed[at.Offset] = found
	return found, nil
}

// stream reads exactly Length bytes between the keywords.
func (f *File) stream(p *parser, revision int, dict Dict) (Object, error) {
	p.pos += len("stream")
	switch {
	case p.startsWith("\r\n"):
		p.pos += 2
	case p.startsWith("\n"):
		p.pos++
	default:
		return nil, p.fail("end of line expected after stream")
	}
	length := dict.Get("Length")
	if ref, ok := length.(Ref); ok {
		// A length is an integer of its own; anything else would let a
		// hostile file recurse through streams.
		at, found := f.Locate(revision, ref.Number)
		inner := parser{data: f.Data, pos: at.Offset}
		if !found || inner.keyword(fmt.Sprintf("%d 0 obj", ref.Number)) != nil {
			return nil, p.fail("Length not found")
		}
		inner.skipSpace()
		length, _ = inner.numberOrRef()
	}
	number, _ := length.(Number)
	n, ok := number.Int()
	if !ok || n < 0 || n > len(p.data)-p.pos {
		return nil, p.fail("broken Length")
	}
	data := p.data[p.pos : p.pos+n]
	p.pos += n
	p.skipEOL()
	if !p.startsWith("endstream") {
		return nil, p.fail("endstream expected after Length bytes")
	}
	p.pos += len("endstream")
	return Stream{dict, data}, nil
}
