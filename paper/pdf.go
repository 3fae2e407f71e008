package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"
)

// A4, in points. PDF counts from the lower left corner, layout from the upper.
const (
	mm         = 72 / 25.4
	pageWidth  = 595.28
	pageHeight = 841.89
)

// lettering is one face as a document uses it: its letters numbered in order
// of first use, so that only they are embedded.
type lettering struct {
	face    *face
	numbers map[rune]uint16
	letters []rune // number - 1
}

// code appends the letter's two-byte code in hexadecimal. A space is a letter
// like others: who reads the text finds it, and PDF's own word spacing does not
// reach two-byte codes.
func (l *lettering) code(b []byte, letter rune) []byte {
	const digits = "0123456789ABCDEF"
	n := l.number(letter)
	return append(b, digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15])
}

// number is the letter's character code in this document, from 1.
func (l *lettering) number(letter rune) uint16 {
	n, seen := l.numbers[letter]
	if !seen {
		l.letters = append(l.letters, letter)
		n = uint16(len(l.letters))
		l.numbers[letter] = n
	}
	return n
}

// canvas is one page being drawn. Its coordinates are points from the upper
// left corner of the paper.
type canvas struct {
	content bytes.Buffer
	fonts   *[styles]*lettering
	sheet   sheet
}

// word is text without a break in it, in one face.
type word struct {
	text  string
	style style
	glued bool // follows the word before it without a space; a line may break between them
	stuck bool // glued, and a line does not break there: only the face changes
}

func (w word) width(size float64) float64 { return faces()[w.style].width(w.text, size) }

// line draws words from x on the baseline y, each space widened by extra points.
func (c *canvas) line(x, y, size float64, words []word, extra float64) {
	b := append(c.content.AvailableBuffer(), "BT "...)
	b = append(append(b, num(x)+" "+num(c.sheet.height-y)...), " Td"...)
	adjust := ">" + num(-extra*1000/size) + "<"
	for i := 0; i < len(words); {
		s := words[i].style
		use := c.fonts[s]
		b = append(b, " /F"+strconv.Itoa(int(s))+" "+num(size)+" Tf [<"...)
		for first := true; i < len(words) && words[i].style == s; i++ {
			if !first && !words[i].glued {
				b = append(use.code(b, ' '), adjust...)
			}
			first = false
			for _, letter := range words[i].text {
				b = use.code(b, letter)
			}
		}
		if i < len(words) && !words[i].glued { // the space before another face
			b = append(use.code(b, ' '), adjust...)
		}
		b = append(b, ">] TJ"...)
	}
	c.content.Write(append(b, " ET\n"...))
}

// rule draws a black line of the thickness given between two points.
func (c *canvas) rule(x1, y1, x2, y2, thickness float64) {
	fmt.Fprintf(&c.content, "%s w %s %s m %s %s l S\n", num(thickness),
		num(x1), num(c.sheet.height-y1), num(x2), num(c.sheet.height-y2))
}

// frame draws a rectangle's outline; x and y are its upper left corner.
func (c *canvas) frame(x, y, width, height, thickness float64) {
	fmt.Fprintf(&c.content, "%s w %s %s %s %s re S\n", num(thickness),
		num(x), num(c.sheet.height-y-height), num(width), num(height))
}

// grey sets the colour of text drawn afterwards: 0 black, 1 white.
func (c *canvas) grey(level float64) { fmt.Fprintf(&c.content, "%s g\n", num(level)) }

// num writes a coordinate as PDF wants it: two decimals at most, no exponent.
func num(v float64) string {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 2, 64), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// info is what the file says of itself.
type info struct {
	title, author string
	created       time.Time
}

// file collects numbered PDF objects. Its bytes depend on nothing but what was
// put in: no clock, no random identifiers.
type file struct {
	out     bytes.Buffer
	offsets []int // by object number - 1; 0 is not written yet
}

func (f *file) reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

func (f *file) put(object int, body string) {
	f.offsets[object-1] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n%s\nendobj\n", object, body)
}

func (f *file) add(body string) int {
	object := f.reserve()
	f.put(object, body)
	return object
}

// addStream writes a compressed stream; entries are added to its dictionary.
func (f *file) addStream(entries string, data []byte) int {
	packed := deflate(data)
	object := f.reserve()
	f.offsets[object-1] = f.out.Len()
	fmt.Fprintf(&f.out, "%d 0 obj\n<</Filter/FlateDecode/Length %d%s>>\nstream\n", object, len(packed), entries)
	f.out.Write(packed)
	f.out.WriteString("\nendstream\nendobj\n")
	return object
}

// compressors are kept: a new one clears 800 KB before it writes the first byte.
var compressors = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflate(data []byte) []byte {
	var packed bytes.Buffer
	w := compressors.Get().(*zlib.Writer)
	defer compressors.Put(w)
	w.Reset(&packed)
	_, _ = w.Write(data) // a bytes.Buffer does not fail
	_ = w.Close()
	return packed.Bytes()
}

// writePDF makes the file of these pages: PDF 1.7 with a classic reference
// table, which every signing tool can extend by an increment. It does not claim
// to be PDF/A: no validator has said so.
func writePDF(pages []*canvas, fonts *[styles]*lettering, about info) []byte {
	f := &file{}
	f.out.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	catalog, tree, resources := f.reserve(), f.reserve(), f.reserve()

	f.put(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(vi-VN)/ViewerPreferences<</DisplayDocTitle true>>>>", tree))
	var kids strings.Builder
	for _, page := range pages {
		content := f.addStream("", page.content.Bytes())
		kid := f.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
			tree, num(page.sheet.width), num(page.sheet.height), resources, content))
		fmt.Fprintf(&kids, "%d 0 R ", kid)
	}
	f.put(tree, fmt.Sprintf("<</Type/Pages/Kids[%s]/Count %d>>", strings.TrimSpace(kids.String()), len(pages)))

	var named strings.Builder
	for s, use := range fonts {
		if len(use.letters) > 0 {
			fmt.Fprintf(&named, "/F%d %d 0 R", s, f.addFont(use))
		}
	}
	f.put(resources, fmt.Sprintf("<</ProcSet[/PDF/Text]/Font<<%s>>>>", named.String()))

	stamp := about.created.Format("D:20060102150405-07'00'")
	facts := f.add(fmt.Sprintf("<</Title %s/Author %s/Producer(cchc)/CreationDate(%s)/ModDate(%s)>>",
		textString(about.title), textString(about.author), stamp, stamp))
	f.finish(catalog, facts)
	return f.out.Bytes()
}

// finish writes the reference table and the trailer. The identifier is a hash
// of all that stands before: the same document, the same identifier.
func (f *file) finish(catalog, facts int) {
	id := sha256.Sum256(f.out.Bytes())
	start := f.out.Len()
	fmt.Fprintf(&f.out, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, offset := range f.offsets {
		fmt.Fprintf(&f.out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&f.out, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%X><%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, catalog, facts, id[:16], id[:16], start)
}

// addFont embeds the letters used, with the map that gives a reader its text back.
func (f *file) addFont(use *lettering) int {
	glyphs := make([]uint16, len(use.letters))
	widths := make([]string, len(use.letters))
	for i, letter := range use.letters {
		glyphs[i] = use.face.glyphs[letter]
		widths[i] = strconv.Itoa(use.face.advances[glyphs[i]])
	}
	program, numbers := use.face.subset(glyphs)
	toGlyph := make([]byte, 2, 2+2*len(numbers)) // code 0: the missing letter
	for _, n := range numbers {
		toGlyph = append(toGlyph, byte(n>>8), byte(n))
	}
	name := subsetTag(program) + "+" + use.face.name
	embedded := f.addStream(fmt.Sprintf("/Length1 %d", len(program)), program)
	descriptor := f.add(use.face.descriptor(name, embedded))
	glyphMap := f.addStream("", toGlyph)
	descendant := f.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"+
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R"+
		"/DW %d/W[1[%s]]/CIDToGIDMap %d 0 R>>",
		name, descriptor, use.face.advances[0], strings.Join(widths, " "), glyphMap))
	toUnicode := f.addStream("", unicodeMap(use.letters))
	return f.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, descendant, toUnicode))
}

// subsetTag is the six capitals that mark a font as cut down: other letters,
// other tag (ISO 32000-1, 9.6.4).
func subsetTag(program []byte) string {
	sum := sha256.Sum256(program)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func (f *face) descriptor(name string, embedded int) string {
	const serif, symbolic, slanted = 1 << 1, 1 << 2, 1 << 6
	flags := serif | symbolic
	if f.italicAngle != 0 {
		flags |= slanted
	}
	return fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle %d"+
		"/Ascent %d/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>",
		name, flags, f.box[0], f.box[1], f.box[2], f.box[3], f.italicAngle,
		f.ascent, f.descent, f.capHeight, f.stemV, embedded)
}

// unicodeMap is the CMap from this document's codes back to Unicode.
func unicodeMap(letters []rune) []byte {
	const perBlock = 100 // the most one block may hold
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 0; from < len(letters); from += perBlock {
		block := letters[from:min(from+perBlock, len(letters))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, letter := range block {
			fmt.Fprintf(&b, "<%04X><%04X>\n", from+i+1, letter)
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// textString is a text as PDF keeps it outside of pages: UTF-16 with its mark.
func textString(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}
