package signing

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	"cchc/signing/pdf"
)

// signedField is a field with its signature dictionary and the revision that
// signed it.
type signedField struct {
	field    widget
	revision int
	dict     pdf.Dict
}

// checkContent walks every object of every revision: each can be read, none
// refers to an object that does not exist (a later increment could supply it),
// and nothing acts by itself.
func checkContent(f *pdf.File) error {
	for i, revision := range f.Revisions {
		for _, number := range slices.Sorted(maps.Keys(revision.Objects)) {
			obj, err := f.Object(i, number)
			if err != nil {
				return err
			}
			pdf.Refs(obj, func(ref pdf.Ref) {
				if _, ok := f.Locate(i, ref.Number); err == nil && (!ok || ref.Generation != 0) {
					err = fmt.Errorf("object %d refers to object %d, which does not exist", number, ref.Number)
				}
			})
			if err == nil {
				err = checkPassive(obj)
			}
			if err != nil {
				return fmt.Errorf("object %d of revision %d: %w", number, i, err)
			}
		}
	}
	return nil
}

// Actions and features that could show or do something else than what was
// signed. Plain links and jumps within the document stay allowed.
var (
	activeKeys    = []pdf.Name{"JS", "JavaScript", "AA", "XFA", "Perms", "NeedAppearances", "RichMediaContent"}
	activeActions = []pdf.Name{"JavaScript", "Launch", "SubmitForm", "ImportData", "ResetForm", "Rendition",
		"Movie", "Sound", "GoToE", "GoToR", "SetOCGState", "Hide", "Trans", "GoTo3DView", "RichMediaExecute"}
)

func checkPassive(obj pdf.Object) error {
	switch o := obj.(type) {
	case pdf.Stream:
		return checkPassive(o.Dict)
	case pdf.Array:
		for _, v := range o {
			if err := checkPassive(v); err != nil {
				return err
			}
		}
	case pdf.Dict:
		for _, e := range o {
			if slices.Contains(activeKeys, e.Key) {
				return fmt.Errorf("has /%s", e.Key)
			}
			if action, ok := e.Value.(pdf.Name); ok && e.Key == "S" && slices.Contains(activeActions, action) {
				return fmt.Errorf("has the action /%s", action)
			}
			if err := checkPassive(e.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// findSignatures walks the revisions in order. Before the first signature an
// increment may do what it likes, the signature covers it. From then on every
// increment has to be exactly one more signature. What was found before a
// broken increment is returned with the error.
func findSignatures(f *pdf.File) ([]signedField, error) {
	var found []signedField
	var before []widget
	for i := range f.Revisions {
		after, err := readFields(f, i)
		if err != nil {
			return found, err
		}
		signed, err := newlySigned(f, i, before, after)
		if err != nil {
			return found, fmt.Errorf("revision %d: %w", i, err)
		}
		if signed == nil && len(found) > 0 {
			return found, fmt.Errorf("revision %d changes a signed file without signing", i)
		}
		if signed != nil {
			found = append(found, *signed)
			if err := checkIncrement(f, *signed, before); err != nil {
				return found, fmt.Errorf("revision %d: %w", i, err)
			}
		}
		before = after
	}
	return found, nil
}

// newlySigned returns the one field that has a value now and had none before.
func newlySigned(f *pdf.File, revision int, before, after []widget) (*signedField, error) {
	var signed *signedField
	for _, w := range after {
		was := slices.IndexFunc(before, func(b widget) bool { return b.ref == w.ref })
		if !w.dict.Has("V") || was >= 0 && before[was].dict.Has("V") {
			continue
		}
		if signed != nil {
			return nil, errors.New("two signatures in one revision")
		}
		ref, ok := w.dict.Get("V").(pdf.Ref)
		if !ok {
			return nil, errors.New("signature value is no reference")
		}
		dict, err := f.Dict(revision, ref)
		if err != nil {
			return nil, err
		}
		if _, own := f.Revisions[revision].Objects[ref.Number]; !own {
			return nil, errors.New("signature value is older than its revision")
		}
		signed = &signedField{w, revision, dict}
	}
	return signed, nil
}

// checkIncrement is the whitelist: one field object rewritten with /V and /AP
// only, one new signature dictionary, and the new form and images of its
// appearance. Nothing else, not even bytes between the objects.
func checkIncrement(f *pdf.File, s signedField, before []widget) error {
	i := slices.IndexFunc(before, func(b widget) bool { return b.ref == s.field.ref })
	if i < 0 {
		return errors.New("the signed field did not exist before")
	}
	was, is := before[i].dict, s.field.dict
	if !pdf.Equal(was.Without("AP"), is.Without("AP", "V")) {
		return errors.New("the field changed in more than value and appearance")
	}
	if err := checkTrailer(f, s.revision); err != nil {
		return err
	}
	allowed := map[int]bool{s.field.ref.Number: true, is.Get("V").(pdf.Ref).Number: true}
	if err := checkAppearance(f, s, allowed); err != nil {
		return err
	}
	for number := range f.Revisions[s.revision].Objects {
		if !allowed[number] {
			return fmt.Errorf("object %d has nothing to do with the signature", number)
		}
		if _, existed := f.Locate(s.revision-1, number); existed && number != s.field.ref.Number {
			return fmt.Errorf("object %d existed before", number)
		}
	}
	return checkNoGaps(f, s.revision)
}

func checkTrailer(f *pdf.File, revision int) error {
	is, was := f.Revisions[revision].Trailer, f.Revisions[revision-1].Trailer
	for _, e := range is {
		if !slices.Contains([]pdf.Name{"Size", "Root", "Info", "ID", "Prev"}, e.Key) {
			return fmt.Errorf("trailer has /%s", e.Key)
		}
	}
	if !pdf.Equal(is.Get("Info"), was.Get("Info")) {
		return errors.New("trailer names another Info")
	}
	id, _ := is.Get("ID").(pdf.Array)
	if old, ok := was.Get("ID").(pdf.Array); ok && (len(id) != 2 || len(old) != 2 || !pdf.Equal(id[0], old[0])) {
		return errors.New("trailer changes the permanent ID")
	}
	return nil
}

var (
	formKeys = []pdf.Name{"Type", "Subtype", "FormType", "BBox", "Matrix", "Resources", "Filter", "Length"}
	// An image may hold another one as its soft mask.
	imageKeys = []pdf.Name{"Type", "Subtype", "Width", "Height", "ColorSpace", "BitsPerComponent", "Filter",
		"DecodeParms", "SMask", "Interpolate", "Length"}
)

// checkAppearance allows /AP << /N form >> whose resources are image XObjects,
// all of them new, and adds their numbers to allowed.
func checkAppearance(f *pdf.File, s signedField, allowed map[int]bool) error {
	ap, _ := s.field.dict.Get("AP").(pdf.Dict)
	ref, ok := ap.Get("N").(pdf.Ref)
	if !ok || len(ap) != 1 {
		return errors.New("the appearance is more than one normal form")
	}
	drawn, err := newStream(f, s.revision, ref, "Form", formKeys)
	if err != nil {
		return err
	}
	allowed[ref.Number] = true
	resources, ok := drawn.Dict.Get("Resources").(pdf.Dict)
	pictures, direct := resources.Get("XObject").(pdf.Dict)
	if !ok || len(resources.Without("XObject")) != 0 || resources.Has("XObject") && !direct {
		return errors.New("the appearance uses more than pictures")
	}
	for _, e := range pictures {
		if err := allowImage(f, s.revision, e.Value, allowed); err != nil {
			return err
		}
	}
	return nil
}

// allowImage follows an image and its soft mask.
func allowImage(f *pdf.File, revision int, obj pdf.Object, allowed map[int]bool) error {
	for obj != nil {
		ref, ok := obj.(pdf.Ref)
		if !ok || allowed[ref.Number] {
			return errors.New("an image is no reference or stands twice")
		}
		image, err := newStream(f, revision, ref, "Image", imageKeys)
		if err != nil {
			return err
		}
		allowed[ref.Number] = true
		obj = image.Dict.Get("SMask")
	}
	return nil
}

func newStream(f *pdf.File, revision int, ref pdf.Ref, subtype pdf.Name, keys []pdf.Name) (pdf.Stream, error) {
	obj, err := f.Resolve(revision, ref)
	if err != nil {
		return pdf.Stream{}, err
	}
	stream, ok := obj.(pdf.Stream)
	if _, own := f.Revisions[revision].Objects[ref.Number]; !ok || !own || stream.Dict.Get("Subtype") != subtype {
		return pdf.Stream{}, fmt.Errorf("object %d is no new %s", ref.Number, subtype)
	}
	for _, e := range stream.Dict {
		if !slices.Contains(keys, e.Key) {
			return pdf.Stream{}, fmt.Errorf("object %d has /%s", ref.Number, e.Key)
		}
	}
	return stream, nil
}

// checkNoGaps: between the start of a revision and its table stand its objects
// and white space, so that nothing lies hidden for another table to point at.
func checkNoGaps(f *pdf.File, revision int) error {
	rev := f.Revisions[revision]
	numbers := slices.SortedFunc(maps.Keys(rev.Objects), func(a, b int) int {
		return rev.Objects[a].Offset - rev.Objects[b].Offset
	})
	at := rev.Start
	for _, number := range numbers {
		start := rev.Objects[number].Offset
		end, err := f.ObjectEnd(revision, number)
		if err != nil {
			return err
		}
		if start < at || len(bytes.TrimSpace(f.Data[at:start])) != 0 {
			return fmt.Errorf("bytes before object %d belong to nothing", number)
		}
		at = end
	}
	if len(bytes.TrimSpace(f.Data[at:rev.XRef])) != 0 {
		return errors.New("bytes before the table belong to nothing")
	}
	return nil
}

// checkPermissions refuses transforms of certification and field locks: who
// certified a file could forbid the signatures that still have to come.
func checkPermissions(dict pdf.Dict) error {
	if dict.Has("Reference") {
		return errors.New("the signature has /Reference (DocMDP, FieldMDP)")
	}
	return nil
}

func checkDictionary(dict pdf.Dict) error {
	if dict.Get("Type") != pdf.Name("Sig") || dict.Get("Filter") != pdf.Name("Adobe.PPKLite") ||
		dict.Get("SubFilter") != subFilter {
		return errors.New("the dictionary is no ETSI.CAdES.detached signature")
	}
	for _, e := range dict {
		if !slices.Contains([]pdf.Name{"Type", "Filter", "SubFilter", "M", "Name", "Reason", "Location",
			"ByteRange", "Contents", "Reference"}, e.Key) {
			return fmt.Errorf("the dictionary has /%s", e.Key)
		}
	}
	return nil
}
