package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"cchc/bundle"
)

// memory is a member's bytes in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

func member(name, text string) bundle.Member {
	return bundle.Member{
		Name: name, Size: int64(len(text)), CRC: crc32.ChecksumIEEE([]byte(text)),
		Open: func() (bundle.Source, error) { return memory{bytes.NewReader([]byte(text))}, nil },
	}
}

var submitted = time.Date(2026, time.December, 14, 16, 59, 59, 0, time.UTC) // 23:59:59 in the city

func newArchive(t *testing.T, members ...bundle.Member) *bundle.Archive {
	t.Helper()
	a, err := bundle.NewArchive(submitted, members)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func threeMembers(t *testing.T) *bundle.Archive {
	return newArchive(t, member("00-muc-luc.html", "<!doctype html>"), member("trong.txt", ""), member("minh-chung/001-ke-hoach.pdf", "%PDF-1.7"))
}

func TestAnArchiveIsAZIP(t *testing.T) {
	a := threeMembers(t)
	data, err := io.ReadAll(a.Reader())
	if err != nil || int64(len(data)) != a.Size() {
		t.Fatalf("%d bytes of %d: %v", len(data), a.Size(), err)
	}
	unpacked, err := zip.NewReader(bytes.NewReader(data), a.Size())
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ name, text string }{{"00-muc-luc.html", "<!doctype html>"}, {"trong.txt", ""}, {"minh-chung/001-ke-hoach.pdf", "%PDF-1.7"}}
	if len(unpacked.File) != len(want) {
		t.Fatalf("%d members", len(unpacked.File))
	}
	for i, file := range unpacked.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content) // holds it against its checksum
		if err != nil || string(text) != want[i].text || file.Name != want[i].name || file.Method != zip.Store {
			t.Errorf("%s: %q, %v", file.Name, text, err)
		}
		if at := file.Modified; at.Hour() != 23 || at.Minute() != 59 || at.Day() != 14 { // a ZIP has no zone
			t.Errorf("%s is of %s", file.Name, at)
		}
	}
	// A hash that was signed holds for ever: whatever changes here must not change it.
	const signed = "ae3f3364c90f8324dd2d0850f30f7a22a5af08518c21dcb4ed5b685f7e9ba513"
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != signed {
		t.Errorf("the bytes hash to %x", sum)
	}
}

// TestAnyPartOfAnArchiveCanBeRead: a download that was broken off goes on.
func TestAnyPartOfAnArchiveCanBeRead(t *testing.T) {
	a := threeMembers(t)
	whole, err := io.ReadAll(a.Reader())
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(a.Reader(), whole); err != nil {
		t.Error(err)
	}
	for from := range whole {
		r := a.Reader()
		if _, err := r.Seek(int64(from), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(r); err != nil || !bytes.Equal(rest, whole[from:]) {
			t.Fatalf("from %d: %d bytes, %v", from, len(rest), err)
		}
	}
}

// TestAMemberThatHasShrunk: a damaged file breaks the download off, it never sends
// another ZIP.
func TestAMemberThatHasShrunk(t *testing.T) {
	shrunk := member("x.pdf", "%PDF")
	shrunk.Size += 3
	_, err := io.ReadAll(newArchive(t, shrunk).Reader())
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
}

func TestAnArchiveHasItsLimits(t *testing.T) {
	half := bundle.Member{Name: "x", Size: 3 << 30}
	if _, err := bundle.NewArchive(submitted, []bundle.Member{half, half}); err == nil {
		t.Error("six gigabytes fit into a plain ZIP")
	}
	if _, err := bundle.NewArchive(submitted, make([]bundle.Member, 1<<16)); err == nil {
		t.Error("65,536 members fit into a plain ZIP")
	}
}
