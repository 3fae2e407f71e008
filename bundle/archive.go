package bundle

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"time"

	"cchc/domain/calendar"
)

// Member is one file of an archive. Its bytes are read when the archive is.
type Member struct {
	Name string // ASCII, with slashes
	Size int64  // bytes
	CRC  uint32 // CRC-32 (IEEE)
	Open func() (Source, error)
}

// Source is where a member's bytes are read from.
type Source interface {
	io.ReaderAt
	io.Closer
}

// Archive is a ZIP that is never written anywhere: what stands between its members is
// in memory, a hundred bytes a member, the members are read from where they lie. So
// any part of it can be read, over and over, in the memory of one buffer.
//
// It is written here byte by byte and not by a library, so that no change of one can
// ever change the hash of a bundle. Members are stored and not deflated: all that may
// be attached (PDF, Office files, pictures, ZIP) is packed already.
type Archive struct {
	parts []part
	size  int64
}

// part is a run of bytes, in memory or of a member.
type part struct {
	from, size int64
	data       []byte
	open       func() (Source, error)
}

// The records of a ZIP (APPNOTE 4.3).
const (
	localHeader   = 0x04034b50
	centralHeader = 0x02014b50
	centralEnd    = 0x06054b50
	zipVersion    = 20      // what an unpacker must know: folders
	namesUTF8     = 1 << 11 // names are UTF-8, of which ASCII is a part
	mostMembers   = math.MaxUint16
	mostBytes     = math.MaxUint32
)

var errTooLarge = errors.New("too large for a plain ZIP")

// NewArchive lays the members out in their order, all of one time.
func NewArchive(at time.Time, members []Member) (*Archive, error) {
	a := &Archive{}
	var central []byte
	stamp := dosTime(at)
	for _, m := range members {
		facts := append(stamp[:len(stamp):len(stamp)], sizes(m)...)
		central = binary.LittleEndian.AppendUint32(central, centralHeader)
		central = appendWords(central, zipVersion, zipVersion, namesUTF8, 0)
		central = append(central, facts...)
		central = appendWords(central, len(m.Name), 0, 0, 0, 0)
		central = binary.LittleEndian.AppendUint32(central, 0) // attributes: none
		central = binary.LittleEndian.AppendUint32(central, uint32(a.size))
		central = append(central, m.Name...)

		local := binary.LittleEndian.AppendUint32(nil, localHeader)
		local = appendWords(local, zipVersion, namesUTF8, 0)
		local = append(local, facts...)
		local = appendWords(local, len(m.Name), 0)
		a.add(part{data: append(local, m.Name...)})
		a.add(part{size: m.Size, open: m.Open})
		if a.size > mostBytes || len(m.Name) > math.MaxUint16 {
			return nil, fmt.Errorf("%d members: %w", len(members), errTooLarge)
		}
	}
	if len(members) > mostMembers || a.size+int64(len(central)) > mostBytes {
		return nil, fmt.Errorf("%d members: %w", len(members), errTooLarge)
	}
	end := binary.LittleEndian.AppendUint32(nil, centralEnd)
	end = appendWords(end, 0, 0, len(members), len(members))
	end = binary.LittleEndian.AppendUint32(end, uint32(len(central)))
	end = binary.LittleEndian.AppendUint32(end, uint32(a.size))
	a.add(part{data: append(central, appendWords(end, 0)...)})
	return a, nil
}

func (a *Archive) add(p part) {
	p.from = a.size
	if p.data != nil {
		p.size = int64(len(p.data))
	}
	if p.size == 0 {
		return // an empty member: nothing is read of it
	}
	a.parts = append(a.parts, p)
	a.size += p.size
}

// sizes are a member's checksum and size, packed and unpacked, as both headers have
// them.
func sizes(m Member) []byte {
	b := binary.LittleEndian.AppendUint32(nil, m.CRC)
	b = binary.LittleEndian.AppendUint32(b, uint32(m.Size))
	return binary.LittleEndian.AppendUint32(b, uint32(m.Size))
}

func appendWords(b []byte, words ...int) []byte {
	for _, word := range words {
		b = binary.LittleEndian.AppendUint16(b, uint16(word))
	}
	return b
}

// dosTime is time and day as a ZIP has them, in two seconds and without a zone: ours.
func dosTime(at time.Time) []byte {
	t := at.In(calendar.Zone)
	const epoch = 1980
	return appendWords(nil,
		t.Hour()<<11|t.Minute()<<5|t.Second()/2,
		max(t.Year()-epoch, 0)<<9|int(t.Month())<<5|t.Day())
}

// Size is that of the whole archive in bytes.
func (a *Archive) Size() int64 { return a.size }

// Reader reads the archive from its beginning. Close it.
func (a *Archive) Reader() *Reader { return &Reader{archive: a, member: -1} }

// Reader is one reading of an archive, from any place.
type Reader struct {
	archive *Archive
	at      int64
	member  int // part that is open; -1: none
	source  Source
}

var errSeek = errors.New("seek before the beginning of an archive")

// Seek goes to a place.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.archive.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	r.at = offset
	return offset, nil
}

// Read reads on. A member that is shorter than it was is io.ErrUnexpectedEOF.
func (r *Reader) Read(into []byte) (int, error) {
	if r.at >= r.archive.size {
		return 0, io.EOF
	}
	if len(into) == 0 {
		return 0, nil
	}
	parts := r.archive.parts
	i := sort.Search(len(parts), func(i int) bool { return parts[i].from+parts[i].size > r.at })
	within := r.at - parts[i].from
	into = into[:min(int64(len(into)), parts[i].size-within)]
	n, err := r.readPart(i, into, within)
	r.at += int64(n)
	switch {
	case n > 0:
		return n, nil // an error comes again, at its place
	case errors.Is(err, io.EOF):
		return 0, io.ErrUnexpectedEOF
	}
	return 0, err
}

func (r *Reader) readPart(i int, into []byte, within int64) (int, error) {
	one := r.archive.parts[i]
	if one.data != nil {
		return copy(into, one.data[within:]), nil
	}
	if r.member != i {
		if err := r.Close(); err != nil {
			return 0, err
		}
		source, err := one.open()
		if err != nil {
			return 0, err
		}
		r.member, r.source = i, source
	}
	return r.source.ReadAt(into, within)
}

// Close leaves the member that is being read.
func (r *Reader) Close() error {
	if r.source == nil {
		return nil
	}
	source := r.source
	r.member, r.source = -1, nil
	return source.Close()
}
