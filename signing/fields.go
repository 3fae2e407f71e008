package signing

import (
	"fmt"
	"math"
	"unicode/utf16"

	"cchc/signing/pdf"
)

// Field is a signature field: an AcroForm field merged with its one widget.
type Field struct {
	Name string     `json:"name"` // AcroForm name, e.g. "ChuKyLanhDao"
	Page int        `json:"page"` // counted from 1
	Rect [4]float64 `json:"rect"` // llx, lly, urx, ury in points from the lower left corner
}

// Bits of AcroForm SigFlags and of annotation flags (ISO 32000-2, tables 225
// and 167).
const (
	sigFlagsSignedAppendOnly = 3   // SignaturesExist | AppendOnly
	annotationFlags          = 132 // Print | Locked
)

// limits of files this package reads, see Verify.
var limits = pdf.Limits{Size: 64 << 20, Revisions: 16, Objects: 200_000}

// AddFields appends one increment with empty signature fields. All of them are
// made at once, before the first signature, so that signing later changes
// nothing but the field's own object: the catalog already says that the file
// is signed and append-only.
//
// The file must have classic cross-reference tables and no AcroForm yet.
func AddFields(file []byte, fields []Field) ([]byte, error) {
	f, err := pdf.Open(file, limits)
	if err != nil {
		return nil, fmt.Errorf("add signature fields: %w", err)
	}
	adder := fieldAdder{file: f, increment: f.NewIncrement(), annotations: map[pdf.Ref]pdf.Array{}}
	if err := adder.addAll(fields); err != nil {
		return nil, fmt.Errorf("add signature fields: %w", err)
	}
	return adder.increment.Write(), nil
}

type fieldAdder struct {
	file        *pdf.File
	increment   *pdf.Increment
	annotations map[pdf.Ref]pdf.Array // new ones by page
}

func (a *fieldAdder) addAll(fields []Field) error {
	pages, err := a.file.Pages(a.file.Last())
	if err != nil {
		return err
	}
	refs := pdf.Array{}
	seen := map[string]bool{}
	for _, field := range fields {
		if field.Page < 1 || field.Page > len(pages) {
			return fmt.Errorf("field %q: no page %d", field.Name, field.Page)
		}
		if field.Name == "" || seen[field.Name] || !field.sane() {
			return fmt.Errorf("field %q: empty or repeated name, or broken rectangle", field.Name)
		}
		seen[field.Name] = true
		page := pages[field.Page-1]
		ref := a.increment.Add(a.widget(field, page))
		a.annotations[page] = append(a.annotations[page], ref)
		refs = append(refs, ref)
	}
	if err := a.pages(pages); err != nil {
		return err
	}
	return a.catalog(refs)
}

func (f Field) sane() bool {
	for _, v := range f.Rect {
		if math.IsNaN(v) || math.Abs(v) > 14400 { // the largest page PDF knows
			return false
		}
	}
	return f.Rect[2] > f.Rect[0] && f.Rect[3] > f.Rect[1]
}

// widget has an empty appearance, as archival form asks of every annotation.
func (a *fieldAdder) widget(field Field, page pdf.Ref) pdf.Dict {
	width, height := field.Rect[2]-field.Rect[0], field.Rect[3]-field.Rect[1]
	appearance := a.increment.Add(form(width, height, nil, nil))
	rect := pdf.Array{}
	for _, v := range field.Rect {
		rect = append(rect, pdf.Real(v))
	}
	return pdf.Dict{
		{Key: "Type", Value: pdf.Name("Annot")},
		{Key: "Subtype", Value: pdf.Name("Widget")},
		{Key: "FT", Value: pdf.Name("Sig")},
		{Key: "T", Value: textString(field.Name)},
		{Key: "Rect", Value: rect},
		{Key: "P", Value: page},
		{Key: "F", Value: pdf.Int(annotationFlags)},
		{Key: "AP", Value: pdf.Dict{{Key: "N", Value: appearance}}},
	}
}

// form is a form XObject of that size in points.
func form(width, height float64, resources pdf.Dict, content []byte) pdf.Stream {
	return pdf.Stream{Data: content, Dict: pdf.Dict{
		{Key: "Type", Value: pdf.Name("XObject")},
		{Key: "Subtype", Value: pdf.Name("Form")},
		{Key: "BBox", Value: pdf.Array{pdf.Int(0), pdf.Int(0), pdf.Real(width), pdf.Real(height)}},
		{Key: "Resources", Value: append(pdf.Dict{}, resources...)},
	}}
}

func (a *fieldAdder) pages(pages []pdf.Ref) error {
	for _, ref := range pages {
		added := a.annotations[ref]
		if len(added) == 0 {
			continue
		}
		page, err := a.file.Dict(a.file.Last(), ref)
		if err != nil {
			return err
		}
		existing, err := a.file.Resolve(a.file.Last(), page.Get("Annots"))
		if err != nil {
			return err
		}
		all, _ := existing.(pdf.Array)
		all = append(append(pdf.Array{}, all...), added...)
		a.increment.Replace(ref, page.With("Annots", all))
	}
	return nil
}

func (a *fieldAdder) catalog(fields pdf.Array) error {
	catalog, err := a.file.Catalog(a.file.Last())
	if err != nil {
		return err
	}
	if catalog.Has("AcroForm") {
		return fmt.Errorf("the file has a form already")
	}
	form := a.increment.Add(pdf.Dict{
		{Key: "Fields", Value: fields},
		{Key: "SigFlags", Value: pdf.Int(sigFlagsSignedAppendOnly)},
	})
	catalog = catalog.With("AcroForm", form)
	// Signature dictionaries of PAdES belong to 1.7 with extensions; fpdf
	// writes the lowest version that its own objects need.
	if string(a.file.Data[5:8]) < "1.7" && !catalog.Has("Version") {
		catalog = catalog.With("Version", pdf.Name("1.7"))
	}
	root := a.file.Revisions[0].Trailer.Get("Root").(pdf.Ref)
	a.increment.Replace(root, catalog)
	return nil
}

// textString encodes a text string: ASCII as it is, anything else UTF-16BE.
func textString(s string) pdf.String {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] >= ' ' && s[i] <= '~'
	}
	if ascii {
		return pdf.String{Bytes: []byte(s)}
	}
	out := []byte{0xFE, 0xFF}
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit>>8), byte(unit))
	}
	return pdf.String{Bytes: out}
}

// plainText decodes a text string; PDFDocEncoding beyond ASCII is left as bytes.
func plainText(s pdf.String) string {
	b := s.Bytes
	if len(b) < 2 || b[0] != 0xFE || b[1] != 0xFF {
		return string(b)
	}
	var units []uint16
	for i := 2; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

// Fields lists the signature fields of a file in form order, signed or not.
// It refuses fields that are not merged with exactly one widget on a page.
func Fields(file []byte) ([]Field, error) {
	f, err := pdf.Open(file, limits)
	if err != nil {
		return nil, fmt.Errorf("signature fields: %w", err)
	}
	found, err := readFields(f, f.Last())
	if err != nil {
		return nil, fmt.Errorf("signature fields: %w", err)
	}
	var out []Field
	for _, w := range found {
		out = append(out, w.Field)
	}
	return out, nil
}

// widget is a signature field as one revision sees it.
type widget struct {
	Field
	ref  pdf.Ref
	dict pdf.Dict
}

// readFields reads the form of a revision; no form means no fields.
func readFields(f *pdf.File, revision int) ([]widget, error) {
	catalog, err := f.Catalog(revision)
	if err != nil {
		return nil, err
	}
	if !catalog.Has("AcroForm") {
		return nil, nil
	}
	form, err := f.Dict(revision, catalog.Get("AcroForm"))
	if err != nil {
		return nil, err
	}
	entries, err := f.Resolve(revision, form.Get("Fields"))
	if err != nil {
		return nil, err
	}
	pages, err := annotationPages(f, revision)
	if err != nil {
		return nil, err
	}
	list, _ := entries.(pdf.Array)
	var out []widget
	for _, entry := range list {
		w, err := readWidget(f, revision, entry, pages)
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// annotationPages tells on which page, counted from 1, an annotation stands.
func annotationPages(f *pdf.File, revision int) (map[pdf.Ref]int, error) {
	pages, err := f.Pages(revision)
	if err != nil {
		return nil, err
	}
	out := map[pdf.Ref]int{}
	for i, ref := range pages {
		page, err := f.Dict(revision, ref)
		if err != nil {
			return nil, err
		}
		annotations, err := f.Resolve(revision, page.Get("Annots"))
		if err != nil {
			return nil, err
		}
		list, _ := annotations.(pdf.Array)
		for _, entry := range list {
			ref, ok := entry.(pdf.Ref)
			if !ok {
				continue // a direct annotation cannot be a field
			}
			if out[ref] != 0 {
				return nil, fmt.Errorf("annotation %d stands twice", ref.Number)
			}
			out[ref] = i + 1
		}
	}
	return out, nil
}

func readWidget(f *pdf.File, revision int, entry pdf.Object, pages map[pdf.Ref]int) (widget, error) {
	ref, ok := entry.(pdf.Ref)
	if !ok {
		return widget{}, fmt.Errorf("form field is no reference")
	}
	dict, err := f.Dict(revision, ref)
	if err != nil {
		return widget{}, err
	}
	name, _ := dict.Get("T").(pdf.String)
	rect, ok := readRect(dict.Get("Rect"))
	if !ok || len(name.Bytes) == 0 || pages[ref] == 0 || dict.Get("FT") != pdf.Name("Sig") ||
		dict.Get("Subtype") != pdf.Name("Widget") || dict.Has("Kids") || dict.Has("Parent") {
		return widget{}, fmt.Errorf("object %d is no signature field with one widget on a page", ref.Number)
	}
	return widget{Field{plainText(name), pages[ref], rect}, ref, dict}, nil
}

func readRect(obj pdf.Object) (rect [4]float64, ok bool) {
	list, _ := obj.(pdf.Array)
	if len(list) != 4 {
		return rect, false
	}
	for i, v := range list {
		number, _ := v.(pdf.Number)
		if rect[i], ok = number.Float(); !ok {
			return rect, false
		}
	}
	return rect, true
}
