package paper

import (
	"fmt"
	"strings"

	"cchc/domain/calendar"
	"cchc/signing"
	"cchc/templates/words"
)

// Render prints a report. The bytes depend on the report alone. Unless it is a
// draft, the file already holds both empty signature fields, so that signing
// adds nothing but signatures. The error names what the report lacks.
func Render(r Report) (Print, error) {
	if err := r.check(); err != nil {
		return Print{}, fmt.Errorf("print report %q: %w", r.Number, err)
	}
	body, places := layOutBody(r)
	parts := append([]part{{portrait, body}}, annexes(r)...)
	fonts := newFonts()
	var pages []*canvas
	for _, one := range parts {
		if err := one.fits(one.pages); err != nil {
			return Print{}, fmt.Errorf("print report %q: %w", r.Number, err)
		}
		pages = append(pages, one.drawPages(one.pages, fonts)...)
	}
	if r.draft() {
		for _, page := range pages {
			page.markDraft(r.mark())
		}
	}
	file := writePDF(pages, fonts, info{
		title:   title(r),
		author:  oneLine(r.Agency),
		created: r.Created.In(calendar.Zone),
	})
	if r.draft() {
		return Print{PDF: file, Pages: len(pages)}, nil
	}
	file, err := signing.AddFields(file, places)
	if err != nil {
		return Print{}, fmt.Errorf("print report %q: %w", r.Number, err)
	}
	return Print{PDF: file, Pages: len(pages), Fields: places}, nil
}

// part is pages that are numbered for themselves: the document or one annex.
type part struct {
	sheet
	pages [][]placed
}

// annexes are what follows the signature, numbered in their order.
func annexes(r Report) []part {
	var all []part
	if r.Appendix != nil {
		all = append(all, part{portrait, portrait.paginate(appendix(*r.Appendix, 1))})
	}
	if r.Tasks != nil {
		all = append(all, part{landscape, landscape.paginate(r.Tasks.items(landscape, len(all)+1, words.PaperAppendixOf))})
	}
	return all
}

func newFonts() *[styles]*lettering {
	var fonts [styles]*lettering
	for s, f := range faces() {
		fonts[s] = &lettering{face: f, numbers: map[rune]uint16{}}
	}
	return &fonts
}

// layOutBody lays out everything up to the signature and finds the place of
// the signature fields.
func layOutBody(r Report) ([][]placed, []signing.Field) {
	items := []item{letterhead(r)}
	items = append(items, titleBlock(r)...)
	items = append(items, receivers(r.To)...)
	items = append(items, text(r)...)
	block := signatureBlock(r)
	items = attach(items, block)

	pages := portrait.paginate(items)
	for number, page := range pages {
		for _, one := range page {
			if one.signature != nil {
				return pages, one.signature.fields(number+1, one.y)
			}
		}
	}
	return pages, nil // not reached: the block is always among the items
}

// fits finds what would run off the paper: a name or a heading that is a text
// of many pages. Everything else is cut into lines and flows.
func (s sheet) fits(pages [][]placed) error {
	for number, page := range pages {
		for _, one := range page {
			if one.y+one.height > s.height-marginBottom+1 {
				return fmt.Errorf("page %d: a block of %.0f points does not fit", number+1, one.height)
			}
		}
	}
	return nil
}

// title is what viewers show for the file: type, subject, number.
func title(r Report) string {
	parts := []string{oneLine(r.Type), oneLine(r.Subject), oneLine(r.Number)}
	return strings.Join(strings.FieldsFunc(strings.Join(parts, " "), isBreak), " ")
}

// markDraft says in the margin, in grey, that the page has no legal value.
func (c *canvas) markDraft(mark string) {
	const size, grey = 10, 0.45
	c.grey(grey)
	c.line(marginLeft, pageNumberBaseline, size, plain(mark, regular), 0)
	c.grey(0)
}
