package paper

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// A style picks one of the four faces of Liberation Serif, which has the
// metrics of Times New Roman, the type NĐ 30/2020 asks for.
type style int

const (
	regular style = iota
	bold
	italic
	boldItalic
	styles // how many there are
)

// A face is one parsed TrueType font. It never changes after parsing, so all
// documents share it.
type face struct {
	name        string // PostScript name
	tables      map[string][]byte
	glyphs      []uint16 // by letter of the basic plane; 0 is not in the font
	advances    []int    // by glyph, in thousandths of the type size
	offsets     []uint32 // by glyph, into table glyf; one more at the end
	unitsPerEm  int
	box         [4]int // thousandths
	ascent      int    // thousandths
	descent     int    // thousandths, below zero
	capHeight   int    // thousandths
	italicAngle int    // degrees
	stemV       int
}

// faces parses the four fonts once for the life of the program. They are
// compiled in: that they can be read does not depend on any input.
var faces = sync.OnceValue(func() [styles]*face {
	return [styles]*face{
		regular:    mustParse("LiberationSerif", liberationserifregular.TTF, 80, 0),
		bold:       mustParse("LiberationSerif-Bold", liberationserifbold.TTF, 140, 0),
		italic:     mustParse("LiberationSerif-Italic", liberationserifitalic.TTF, 80, -16),
		boldItalic: mustParse("LiberationSerif-BoldItalic", liberationserifbolditalic.TTF, 140, -16),
	}
})

func mustParse(name string, data []byte, stemV, italicAngle int) *face {
	f, err := parseFace(name, data)
	if err != nil {
		panic(fmt.Sprintf("paper: built-in font %s: %v", name, err))
	}
	f.stemV, f.italicAngle = stemV, italicAngle
	return f
}

// parseFace reads what layout and embedding need of a TrueType font whose
// letters are mapped by a format 4 table.
func parseFace(name string, data []byte) (*face, error) {
	f := &face{name: name, tables: fontTables(data), glyphs: make([]uint16, 1<<16)}
	for _, tag := range []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "OS/2"} {
		if f.tables[tag] == nil {
			return nil, fmt.Errorf("no table %s", tag)
		}
	}
	f.unitsPerEm = int(u16(f.tables["head"], 18))
	for i := range f.box {
		f.box[i] = f.thousandths(i16(f.tables["head"], 36+2*i))
	}
	f.ascent = f.thousandths(i16(f.tables["hhea"], 4))
	f.descent = f.thousandths(i16(f.tables["hhea"], 6))
	f.capHeight = f.thousandths(i16(f.tables["OS/2"], 88))
	f.parseAdvances()
	f.parseOffsets()
	return f, f.parseLetters()
}

// fontTables are the tables of a TrueType file by their tags.
func fontTables(data []byte) map[string][]byte {
	tables := map[string][]byte{}
	for i := range int(u16(data, 4)) {
		entry := data[12+16*i:]
		from, size := u32(entry, 8), u32(entry, 12)
		tables[string(entry[:4])] = data[from : from+size : from+size]
	}
	return tables
}

func (f *face) parseAdvances() {
	hmtx := f.tables["hmtx"]
	last := int(u16(f.tables["hhea"], 34)) - 1 // later glyphs share the last advance
	f.advances = make([]int, u16(f.tables["maxp"], 4))
	for glyph := range f.advances {
		f.advances[glyph] = f.thousandths(int(u16(hmtx, 4*min(glyph, last))))
	}
}

func (f *face) parseOffsets() {
	loca := f.tables["loca"]
	long := u16(f.tables["head"], 50) == 1
	f.offsets = make([]uint32, len(f.advances)+1)
	for glyph := range f.offsets {
		if long {
			f.offsets[glyph] = u32(loca, 4*glyph)
		} else {
			f.offsets[glyph] = 2 * uint32(u16(loca, 2*glyph))
		}
	}
}

// parseLetters reads the Unicode map of the basic plane (platform 3, encoding 1).
func (f *face) parseLetters() error {
	cmap := f.tables["cmap"]
	for i := range int(u16(cmap, 2)) {
		record := cmap[4+8*i:]
		if u16(record, 0) != 3 || u16(record, 2) != 1 {
			continue
		}
		table := cmap[u32(record, 4):]
		if format := u16(table, 0); format != 4 {
			return fmt.Errorf("letters mapped by format %d", format)
		}
		f.readSegments(table)
		return nil
	}
	return fmt.Errorf("no Unicode map")
}

func (f *face) readSegments(table []byte) {
	size := int(u16(table, 6)) // twice the number of segments
	ends, starts := table[14:], table[16+size:]
	deltas, ranges := table[16+2*size:], table[16+3*size:]
	for at := 0; at < size; at += 2 {
		from, to := rune(u16(starts, at)), rune(u16(ends, at))
		for letter := from; letter <= to && letter != 0xFFFF; letter++ {
			glyph := uint16(letter)
			if offset := int(u16(ranges, at)); offset != 0 {
				glyph = u16(ranges, at+offset+2*int(letter-from))
				if glyph == 0 {
					continue
				}
			}
			f.glyphs[letter] = glyph + u16(deltas, at)
		}
	}
}

func (f *face) has(letter rune) bool {
	return int(letter) < len(f.glyphs) && f.glyphs[letter] != 0
}

// width is how long the text is at the size given, in points. The text has
// been through clean: every letter of it is in the font.
func (f *face) width(text string, size float64) float64 {
	sum := 0
	for _, letter := range text {
		sum += f.advances[f.glyphs[letter]]
	}
	return float64(sum) * size / 1000
}

func (f *face) thousandths(units int) int {
	return (units*1000 + signed(f.unitsPerEm/2, units)) / f.unitsPerEm
}

// signed gives the amount the sign of another number: rounding away from zero.
func signed(amount, like int) int {
	if like < 0 {
		return -amount
	}
	return amount
}

func u16(b []byte, at int) uint16 { return binary.BigEndian.Uint16(b[at:]) }
func u32(b []byte, at int) uint32 { return binary.BigEndian.Uint32(b[at:]) }
func i16(b []byte, at int) int    { return int(int16(u16(b, at))) }
