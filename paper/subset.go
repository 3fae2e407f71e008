package paper

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// Flags of a component in a composite glyph (OpenType, table glyf).
const (
	wordArguments   = 1 << 0
	oneScale        = 1 << 3
	moreComponents  = 1 << 5
	twoScales       = 1 << 6
	twoByTwoScales  = 1 << 7
	componentHeader = 4 // flags and glyph, before the arguments
)

// subset cuts the font down to the glyphs given and the parts they are made
// of. It returns a TrueType program fit for embedding and the new number of
// each glyph asked for. Glyph 0, the missing letter, always stays.
func (f *face) subset(wanted []uint16) (program []byte, renumbered []uint16) {
	kept := []uint16{0}
	number := map[uint16]uint16{0: 0}
	keep := func(glyph uint16) uint16 {
		n, seen := number[glyph]
		if !seen {
			n = uint16(len(kept))
			number[glyph] = n
			kept = append(kept, glyph)
		}
		return n
	}
	for _, glyph := range wanted {
		renumbered = append(renumbered, keep(glyph))
	}
	var glyf, loca, hmtx []byte
	for i := 0; i < len(kept); i++ { // kept grows while parts are found
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		glyf = append(glyf, f.outline(kept[i], keep)...)
		glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		hmtx = append(hmtx, f.metrics(kept[i])...)
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head := bytes.Clone(f.tables["head"])
	binary.BigEndian.PutUint32(head[8:], 0)  // checksum adjustment, set when assembled
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets
	hhea := bytes.Clone(f.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(kept)))
	maxp := bytes.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(kept)))
	return assemble(map[string][]byte{
		"glyf": glyf, "loca": loca, "hmtx": hmtx, "head": head, "hhea": hhea, "maxp": maxp,
		"cvt ": f.tables["cvt "], "fpgm": f.tables["fpgm"], "prep": f.tables["prep"],
	}), renumbered
}

// outline is the glyph's drawing; where it is composed of other glyphs, these
// are kept too and named by their new numbers.
func (f *face) outline(glyph uint16, keep func(uint16) uint16) []byte {
	drawing := f.tables["glyf"][f.offsets[glyph]:f.offsets[glyph+1]]
	if len(drawing) == 0 || i16(drawing, 0) >= 0 { // a space, or a simple glyph
		return drawing
	}
	drawing = bytes.Clone(drawing)
	for at := 10; ; {
		flags := u16(drawing, at)
		binary.BigEndian.PutUint16(drawing[at+2:], keep(u16(drawing, at+2)))
		at += componentHeader + componentArguments(flags)
		if flags&moreComponents == 0 {
			return drawing
		}
	}
}

// componentArguments is the length in bytes of what follows a component's header.
func componentArguments(flags uint16) int {
	size := 2
	if flags&wordArguments != 0 {
		size = 4
	}
	switch {
	case flags&oneScale != 0:
		size += 2
	case flags&twoScales != 0:
		size += 4
	case flags&twoByTwoScales != 0:
		size += 8
	}
	return size
}

// metrics is the glyph's advance and left bearing as table hmtx holds them.
func (f *face) metrics(glyph uint16) []byte {
	hmtx := f.tables["hmtx"]
	full := int(u16(f.tables["hhea"], 34)) // glyphs with an advance of their own
	if int(glyph) < full {
		return hmtx[4*int(glyph):][:4]
	}
	bearing := hmtx[4*full+2*(int(glyph)-full):][:2]
	return append(bytes.Clone(hmtx[4*(full-1):][:2]), bearing...)
}

// assemble writes tables as one font file, with checksums.
func assemble(tables map[string][]byte) []byte {
	var tags []string
	for tag, data := range tables {
		if len(data) > 0 {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)

	power, log := 1, 0
	for power*2 <= len(tags) {
		power, log = power*2, log+1
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []int{len(tags), power * 16, log, (len(tags) - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	var body []byte
	headAt, start := 0, len(out)+16*len(tags)
	for _, tag := range tags {
		data := tables[tag]
		if tag == "head" {
			headAt = start + len(body)
		}
		out = append(out, tag...)
		out = binary.BigEndian.AppendUint32(out, checksum(data))
		out = binary.BigEndian.AppendUint32(out, uint32(start+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		body = append(body, data...)
		body = append(body, make([]byte, -len(data)&3)...)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	var rest [4]byte
	copy(rest[:], data)
	return sum + binary.BigEndian.Uint32(rest[:])
}
