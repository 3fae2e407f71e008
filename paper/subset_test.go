package paper

import (
	"bytes"
	"testing"
)

// opened reads a font program that has no letters of its own.
func opened(program []byte) *face {
	f := &face{tables: fontTables(program)}
	f.unitsPerEm = int(u16(f.tables["head"], 18))
	f.parseAdvances()
	f.parseOffsets()
	return f
}

// drawn is a glyph's outline with its parts spelled out, free of glyph numbers.
func drawn(f *face, glyph uint16) []byte {
	drawing := bytes.Clone(f.tables["glyf"][f.offsets[glyph]:f.offsets[glyph+1]])
	drawing = append(drawing, make([]byte, -len(drawing)&3)...) // the cut font pads its outlines
	if len(drawing) == 0 || i16(drawing, 0) >= 0 {
		return drawing
	}
	var parts []byte
	for at, flags := 10, uint16(moreComponents); flags&moreComponents != 0; at += componentHeader + componentArguments(flags) {
		flags = u16(drawing, at)
		part := u16(drawing, at+2)
		drawing[at+2], drawing[at+3] = 0, 0
		parts = append(parts, drawn(f, part)...)
	}
	return append(drawing, parts...)
}

// Accented letters are composed of a letter and its marks: the cut font must
// carry the parts, under their new numbers.
func TestSubsetKeepsShapes(t *testing.T) {
	for _, f := range faces() {
		var glyphs []uint16
		composed := 0
		for _, letter := range alphabet() {
			glyph := f.glyphs[letter]
			glyphs = append(glyphs, glyph)
			if f.offsets[glyph+1] > f.offsets[glyph] && i16(f.tables["glyf"][f.offsets[glyph]:], 0) < 0 {
				composed++
			}
		}
		if composed < 50 {
			t.Errorf("%s: only %d composed letters: the test shows little", f.name, composed)
		}
		program, numbers := f.subset(glyphs)
		if sum := checksum(program); sum != 0xB1B0AFBA {
			t.Errorf("%s: checksum %X", f.name, sum)
		}
		cut := opened(program)
		for i, glyph := range glyphs {
			if !bytes.Equal(drawn(cut, numbers[i]), drawn(f, glyph)) {
				t.Errorf("%s: glyph %d has another shape", f.name, glyph)
			}
			if cut.advances[numbers[i]] != f.advances[glyph] {
				t.Errorf("%s: glyph %d has another width", f.name, glyph)
			}
		}
	}
}
