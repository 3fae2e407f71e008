package signing

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"sync"

	"cchc/signing/pdf"
)

// ErrPicture is wrapped by errors about a picture that cannot be an appearance.
var ErrPicture = errors.New("signing: picture must be a PNG with transparency, at most 2 MB and 3000 x 3000")

const (
	maxPictureBytes  = 2 << 20
	maxPicturePixels = 3000 // a side
)

// Appearance is what a signature looks like on the page.
type Appearance struct {
	// Picture is a PNG with a transparent background, drawn centred in the
	// field's rectangle with its proportions kept (Decree 30/2020/ND-CP, annex
	// I part II: blue for a leader's signature, red in real size for the
	// agency's seal). Nil leaves the field with an empty appearance.
	Picture []byte
}

// encodedPicture is a picture as the two image streams a PDF needs.
type encodedPicture struct {
	width, height int
	colour, alpha []byte // deflated
}

// pictures keeps encoded pictures by the digest of the PNG: a director's
// picture is the same for years, and encoding costs more than signing.
var pictures = pictureCache{known: map[[32]byte]*encodedPicture{}}

const maxCachedPictures = 512

type pictureCache struct {
	sync.Mutex
	known map[[32]byte]*encodedPicture
}

func (c *pictureCache) encode(data []byte) (*encodedPicture, error) {
	digest := sha256.Sum256(data)
	c.Lock()
	known := c.known[digest]
	c.Unlock()
	if known != nil {
		return known, nil
	}
	made, err := encodePicture(data)
	if err != nil {
		return nil, err
	}
	c.Lock()
	defer c.Unlock()
	if len(c.known) >= maxCachedPictures {
		clear(c.known)
	}
	c.known[digest] = made
	return made, nil
}

func encodePicture(data []byte) (*encodedPicture, error) {
	if len(data) > maxPictureBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrPicture, len(data))
	}
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	if config.Width > maxPicturePixels || config.Height > maxPicturePixels {
		return nil, fmt.Errorf("%w: %d x %d", ErrPicture, config.Width, config.Height)
	}
	decoded, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	pixels := image.NewNRGBA(image.Rect(0, 0, config.Width, config.Height))
	draw.Draw(pixels, pixels.Bounds(), decoded, decoded.Bounds().Min, draw.Src)
	if pixels.Opaque() {
		return nil, fmt.Errorf("%w: it would cover the text under it", ErrPicture)
	}
	colour, alpha := splitAlpha(pixels.Pix)
	return &encodedPicture{config.Width, config.Height, deflate(colour), deflate(alpha)}, nil
}

// splitAlpha separates colour and transparency. Clear pixels take the mean ink
// colour, so that a viewer that smooths the edges draws no dark rim.
func splitAlpha(nrgba []byte) (colour, alpha []byte) {
	var sums [3]int
	inked := 0
	for i := 0; i < len(nrgba); i += 4 {
		if nrgba[i+3] != 0 {
			inked++
			for c := range sums {
				sums[c] += int(nrgba[i+c])
			}
		}
	}
	var ink [3]byte
	for c := range sums {
		ink[c] = byte(sums[c] / max(inked, 1))
	}
	for i := 0; i < len(nrgba); i += 4 {
		alpha = append(alpha, nrgba[i+3])
		if nrgba[i+3] == 0 {
			colour = append(colour, ink[:]...)
		} else {
			colour = append(colour, nrgba[i:i+3]...)
		}
	}
	return colour, alpha
}

func deflate(data []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	// Writing to a buffer cannot fail.
	_, _ = w.Write(data)
	_ = w.Close()
	return out.Bytes()
}

// image is an image XObject of the picture's size.
func (p *encodedPicture) image(space pdf.Name, data []byte) pdf.Stream {
	return pdf.Stream{Data: data, Dict: pdf.Dict{
		{Key: "Type", Value: pdf.Name("XObject")},
		{Key: "Subtype", Value: pdf.Name("Image")},
		{Key: "Width", Value: pdf.Int(p.width)},
		{Key: "Height", Value: pdf.Int(p.height)},
		{Key: "ColorSpace", Value: space},
		{Key: "BitsPerComponent", Value: pdf.Int(8)},
		{Key: "Filter", Value: pdf.Name("FlateDecode")},
	}}
}

// addAppearance adds the form XObject that draws the picture into rect.
func addAppearance(inc *pdf.Increment, appearance Appearance, rect [4]float64) (pdf.Ref, error) {
	width, height := rect[2]-rect[0], rect[3]-rect[1]
	if appearance.Picture == nil {
		return inc.Add(form(width, height, nil, nil)), nil
	}
	picture, err := pictures.encode(appearance.Picture)
	if err != nil {
		return pdf.Ref{}, err
	}
	mask := inc.Add(picture.image("DeviceGray", picture.alpha))
	coloured := picture.image("DeviceRGB", picture.colour)
	coloured.Dict = coloured.Dict.With("SMask", mask)
	resources := pdf.Dict{{Key: "XObject", Value: pdf.Dict{{Key: "Picture", Value: inc.Add(coloured)}}}}
	scale := min(width/float64(picture.width), height/float64(picture.height))
	w, h := scale*float64(picture.width), scale*float64(picture.height)
	content := fmt.Sprintf("q %s 0 0 %s %s %s cm /Picture Do Q",
		pdf.Real(w), pdf.Real(h), pdf.Real((width-w)/2), pdf.Real((height-h)/2))
	return inc.Add(form(width, height, resources, []byte(content))), nil
}
