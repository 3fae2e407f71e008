package paper

import (
	"math"

	"cchc/signing"
	"cchc/templates/words"
)

// The end of a document (NĐ 30/2020, Phụ lục I, phần II, điểm 7-9): receivers of
// copies on the left; capacity, picture of the hand and name on the right.
const (
	ccTitleSize = 12
	ccSize      = 11
	ccLeading   = 14
	ccWidth     = 72 * mm

	signerWidth  = 80 * mm
	signerCentre = marginEnd - signerWidth/2

	handWidth  = 55 * mm
	handHeight = 25 * mm
	handGap    = 4 * mm  // to the capacity above and the name below
	sealSize   = 37 * mm // a seal in its real size, with its rim

	signatureSpace = 14 // above the block
)

// signature is the block that closes the document. Its two columns start level.
type signature struct {
	copies   []item // Nơi nhận
	capacity []item
	name     []item
}

func signatureBlock(r Report) *signature {
	copies := setting{x: marginLeft, measure: ccWidth, size: ccTitleSize, leading: bodyLeading}
	s := &signature{}
	if cc := listed(r.CC, "- ", ";", "."); len(cc) > 0 {
		s.copies = copies.text(plain(words.PaperCC, boldItalic))
		copies.size, copies.leading = ccSize, ccLeading
		for _, one := range cc {
			s.copies = append(s.copies, copies.text(plain(one, regular))...)
		}
	}
	signer := setting{x: marginEnd - signerWidth, measure: signerWidth, size: textSize, leading: bodyLeading, align: centre}
	for _, line := range r.SignerCapacity {
		s.capacity = append(s.capacity, signer.text(capitals(line, bold))...)
	}
	s.name = signer.text(plain(oneLine(r.SignerName), bold))
	return s
}

// handTop is where the picture of the hand begins under the block's upper edge.
func (s *signature) handTop() float64 { return stackHeight(s.capacity, true) + handGap }

func (s *signature) nameTop() float64 { return s.handTop() + handHeight + handGap }

// attach puts the block behind the text. It never stands alone on a page: the
// last two lines before it go with it. A list of receivers longer than a page
// goes on below the block.
func attach(items []item, s *signature) []item {
	const linesBefore = 2
	for i := max(0, len(items)-linesBefore); i < len(items); i++ {
		items[i].keep = true
	}
	right := s.nameTop() + stackHeight(s.name, true)
	limit := max(right, contentHeight/2)
	beside := 0 // receivers that stand beside the signature
	for beside < len(s.copies) && stackHeight(s.copies[:beside+1], true) <= limit {
		beside++
	}
	rest := s.copies[beside:]
	s.copies = s.copies[:beside]
	block := item{
		space:     signatureSpace,
		height:    max(right, stackHeight(s.copies, true)),
		signature: s,
		draw:      s.draw,
	}
	return append(append(items, block), rest...)
}

func (s *signature) draw(c *canvas, y float64) {
	stack(s.copies).draw(c, y)
	stack(s.capacity).draw(c, y)
	stack(s.name).draw(c, y+s.nameTop())
}

// fields are the places for both signatures when the block stands at y on that
// page: the hand centred between capacity and name, the seal over the left
// third of it.
func (s *signature) fields(page int, y float64) []signing.Field {
	x, top := signerCentre-handWidth/2, y+s.handTop()
	sealX := x + handWidth/3 - sealSize
	sealTop := top + handHeight/2 - sealSize/2
	return []signing.Field{
		{Name: DirectorField, Page: page, Rect: rectangle(x, top, handWidth, handHeight)},
		{Name: SealField, Page: page, Rect: rectangle(sealX, sealTop, sealSize, sealSize)},
	}
}

// rectangle turns a place on the page into PDF's lower left and upper right.
func rectangle(x, y, width, height float64) [4]float64 {
	return [4]float64{hundredths(x), hundredths(pageHeight - y - height), hundredths(x + width), hundredths(pageHeight - y)}
}

func hundredths(v float64) float64 { return math.Round(v*100) / 100 }
