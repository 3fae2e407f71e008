package testpki

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"
)

func TestSquiggle(t *testing.T) {
	first := Squiggle("Nguyễn Văn An")
	if !bytes.Equal(first, Squiggle("Nguyễn Văn An")) {
		t.Error("the same name gives another picture")
	}
	if bytes.Equal(first, Squiggle("Trần Thị Bình")) {
		t.Error("two names give one picture")
	}
	picture, err := png.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	inked, blue, pixels := 0, 0, 0
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			pixels++
			r, _, b, a := picture.At(x, y).RGBA()
			if a > 0 {
				inked++
				if b > r {
					blue++
				}
			}
		}
	}
	if inked < pixels/100 || inked > pixels/5 || blue != inked {
		t.Errorf("%d of %d pixels inked, %d of them blue", inked, pixels, blue)
	}
}

func TestEverythingIsMarked(t *testing.T) {
	authority, err := New(time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	key, err := authority.Issue(Person{"Nguyen Van An", "CCCD-001", "Demo"}, P256)
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{authority.Root.Subject.String(), authority.Intermediate.Subject.String(), key.Certificate.Subject.String()} {
		if !strings.Contains(subject, NoLegalValue) {
			t.Errorf("%s is not marked", subject)
		}
	}
	if got := key.Certificate.Subject.SerialNumber; got != "CCCD-001" {
		t.Errorf("identifier %q", got)
	}
}
