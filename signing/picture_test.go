package signing_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"cchc/signing"
)

func encode(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestPictures(t *testing.T) {
	opaque := image.NewNRGBA(image.Rect(0, 0, 10, 10))
	for i := range opaque.Pix {
		opaque.Pix[i] = 255
	}
	// A palette with one clear entry is transparency as well.
	palette := image.NewPaletted(image.Rect(0, 0, 10, 10), color.Palette{color.Transparent, color.NRGBA{B: 200, A: 255}})
	palette.SetColorIndex(3, 3, 1)
	for name, c := range map[string]struct {
		data []byte
		good bool
	}{
		"white background": {encode(t, opaque), false},
		"too wide":         {encode(t, image.NewNRGBA(image.Rect(0, 0, 3001, 1))), false},
		"too many bytes":   {make([]byte, 2<<20+1), false},
		"cut short":        {encode(t, palette)[:60], false},
		"palette":          {encode(t, palette), true},
		"clear":            {encode(t, image.NewNRGBA(image.Rect(0, 0, 4, 4))), true},
	} {
		_, err := signing.Prepare(report(t), director.Name, keys(t).agency.Identity, signing.Appearance{Picture: c.data}, signing.Meta{At: signedAt})
		if c.good && err != nil || !c.good && !errors.Is(err, signing.ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
