package pdf

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
)

// Increment collects new and replaced objects and writes them after the file.
// It never touches an earlier byte, so every signature made before stays valid.
type Increment struct {
	file    *File
	next    int
	objects map[int]Object
	bodies  map[int]int
}

// NewIncrement starts an increment on top of the newest revision.
func (f *File) NewIncrement() *Increment {
	size, _ := f.Revisions[f.Last()].Trailer.Get("Size").(Number).Int()
	return &Increment{file: f, next: size, objects: map[int]Object{}, bodies: map[int]int{}}
}

// Add gives a new object the next free number.
func (inc *Increment) Add(obj Object) Ref {
	ref := Ref{Number: inc.next}
	inc.next++
	inc.objects[ref.Number] = obj
	return ref
}

// Replace gives an existing object, or one added before, a new value.
func (inc *Increment) Replace(ref Ref, obj Object) { inc.objects[ref.Number] = obj }

// Body is the offset in the written file of the first byte of an object's
// value; it is known after Write.
func (inc *Increment) Body(ref Ref) int { return inc.bodies[ref.Number] }

// Write returns the earlier bytes followed by the increment.
func (inc *Increment) Write() []byte {
	base := inc.file.Data
	out := append(make([]byte, 0, len(base)+64<<10), base...)
	if last := base[len(base)-1]; last != '\n' && last != '\r' {
		out = append(out, '\n')
	}
	numbers := slices.Sorted(maps.Keys(inc.objects))
	offsets := map[int]int{}
	for _, number := range numbers {
		offsets[number] = len(out)
		out = fmt.Appendf(out, "%d 0 obj\n", number)
		inc.bodies[number] = len(out)
		out = append(Append(out, inc.objects[number]), "\nendobj\n"...)
	}
	table := len(out)
	out = appendTable(out, numbers, offsets)
	out = Append(append(out, "trailer\n"...), inc.trailer(out[len(base):]))
	return fmt.Appendf(out, "\nstartxref\n%d\n%%%%EOF\n", table)
}

func appendTable(out []byte, numbers []int, offsets map[int]int) []byte {
	out = append(out, "xref\n"...)
	for i := 0; i < len(numbers); {
		end := i + 1
		for end < len(numbers) && numbers[end] == numbers[end-1]+1 {
			end++
		}
		out = fmt.Appendf(out, "%d %d\n", numbers[i], end-i)
		for _, number := range numbers[i:end] {
			out = fmt.Appendf(out, "%010d 00000 n \n", offsets[number])
		}
		i = end
	}
	return out
}

// trailer carries Root, Info and the permanent half of ID over; the changing
// half of ID is a digest of the increment, so that writing is reproducible.
func (inc *Increment) trailer(written []byte) Dict {
	last := inc.file.Revisions[inc.file.Last()]
	out := Dict{{"Size", Int(inc.next)}, {"Root", last.Trailer.Get("Root")}}
	if info := last.Trailer.Get("Info"); info != nil {
		out = append(out, Entry{"Info", info})
	}
	digest := sha256.Sum256(written)
	changing := String{Bytes: digest[:16]}
	permanent := Object(changing)
	if id, ok := last.Trailer.Get("ID").(Array); ok && len(id) == 2 {
		permanent = id[0]
	}
	return append(out, Entry{"ID", Array{permanent, changing}}, Entry{"Prev", Int(last.XRef)})
}
