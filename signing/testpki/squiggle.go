package testpki

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
)

// Size of a drawn signature in pixels, about 54 x 20 mm at 300 dpi.
const (
	squiggleWidth  = 640
	squiggleHeight = 240
)

// ink is the blue that Decree 30/2020/ND-CP asks of a leader's signature.
var ink = color.NRGBA{R: 18, G: 52, B: 168}

type point struct{ x, y float64 }

func (p point) plus(dx, dy float64) point { return point{p.x + dx, p.y + dy} }

// Squiggle draws something like a handwritten signature as a blue PNG with a
// transparent background. The same seed, say a person's name, always gives the
// same picture.
func Squiggle(seed string) []byte {
	digest := sha256.Sum256([]byte(seed))
	pen := &pen{
		image: image.NewNRGBA(image.Rect(0, 0, squiggleWidth, squiggleHeight)),
		dice:  rand.New(rand.NewChaCha8(digest)),
	}
	pen.capital()
	pen.letters()
	pen.flourish()
	var out bytes.Buffer
	// Encoding a small picture into memory cannot fail.
	_ = png.Encode(&out, pen.image)
	return out.Bytes()
}

type pen struct {
	image *image.NRGBA
	dice  *rand.Rand
	at    point
}

func (p *pen) between(low, high float64) float64 { return low + p.dice.Float64()*(high-low) }

// capital is a tall loop down and back up into the first letter.
func (p *pen) capital() {
	p.at = point{p.between(70, 100), p.between(50, 70)}
	foot := point{p.at.x - p.between(5, 30), p.between(185, 205)}
	p.curve(p.at.plus(-p.between(50, 70), 20), foot.plus(-30, -p.between(20, 60)), foot)
	head := point{foot.x + p.between(60, 90), p.between(20, 40)}
	p.curve(foot.plus(p.between(40, 70), 15), head.plus(p.between(10, 40), 60), head)
	base := point{head.x + p.between(0, 25), p.between(140, 155)}
	p.curve(head.plus(-p.between(20, 50), -10), base.plus(-p.between(20, 35), -30), base)
}

// letters are upstrokes and loops that get flatter towards the end.
func (p *pen) letters() {
	count := 5 + p.dice.IntN(4)
	step := (540 - p.at.x) / float64(count)
	for i := range count {
		fade := 1 - 0.6*float64(i)/float64(count)
		height := p.between(25, 70) * fade
		if p.dice.IntN(4) == 0 {
			height += 45 * fade
		}
		top := p.at.plus(step*p.between(0.55, 0.75), -height)
		p.curve(p.at.plus(step*0.5, 4), top.plus(step*0.45, height*0.25), top)
		base := point{p.at.x + step*p.between(0.35, 0.6), p.between(140, 158)}
		p.curve(top.plus(-step*0.45, -height*0.2), base.plus(-step*0.3, -height*0.3), base)
	}
}

// flourish runs out to the right and back under the name.
func (p *pen) flourish() {
	right := point{p.between(590, 615), p.between(95, 125)}
	p.curve(p.at.plus(25, 20), right.plus(-30, 20), right)
	left := point{p.between(150, 230), p.between(195, 215)}
	p.curve(right.plus(15, p.between(50, 75)), left.plus(160, -p.between(15, 40)), left)
	end := point{p.between(420, 520), p.between(185, 205)}
	p.curve(left.plus(-50, 20), end.plus(-110, p.between(5, 20)), end)
}

// curve draws a cubic Bezier curve from where the pen is. A fast stroke is
// thinner than a slow one, as with a real pen.
func (p *pen) curve(first, second, end point) {
	start := p.at
	const steps = 700
	previous := start
	for i := range steps + 1 {
		t := float64(i) / steps
		a, b, c, d := (1-t)*(1-t)*(1-t), 3*(1-t)*(1-t)*t, 3*(1-t)*t*t, t*t*t
		now := point{
			a*start.x + b*first.x + c*second.x + d*end.x,
			a*start.y + b*first.y + c*second.y + d*end.y,
		}
		speed := math.Hypot(now.x-previous.x, now.y-previous.y) * steps
		p.dot(now, 1.5+2.2/(1+speed/260))
		previous = now
	}
	p.at = end
}

// dot is a round mark with a soft edge one pixel wide.
func (p *pen) dot(at point, radius float64) {
	reach := int(math.Ceil(radius + 1))
	for y := int(at.y) - reach; y <= int(at.y)+reach; y++ {
		for x := int(at.x) - reach; x <= int(at.x)+reach; x++ {
			if !(image.Point{X: x, Y: y}).In(p.image.Rect) {
				continue
			}
			distance := math.Hypot(float64(x)+0.5-at.x, float64(y)+0.5-at.y)
			cover := uint8(255 * min(max(radius-distance+0.5, 0), 1))
			if cover > p.image.NRGBAAt(x, y).A {
				p.image.SetNRGBA(x, y, color.NRGBA{ink.R, ink.G, ink.B, cover})
			}
		}
	}
}
