package paper

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"cchc/domain/calendar"
	"cchc/templates/words"
)

// Annexes are lists that belong to a document issued elsewhere: annexes alone, in the
// layout that they have there (NĐ 30/2020, Phụ lục I, phần III), on upright pages.
type Annexes struct {
	Title   string      // what viewers show for the file
	Agency  string      // who made it
	Tables  []TaskTable // an annex each, numbered in their order
	With    string      // "(Kèm theo Quyết định số ...)"; empty: gaps are left
	Created time.Time   // the file's own date
	Draft   bool        // marked as such on every page
}

// RenderAnnexes prints annexes. The bytes depend on them alone. Nothing of them is signed:
// the document that they belong to is.
func RenderAnnexes(a Annexes) (Print, error) {
	if len(a.Tables) == 0 || a.Created.IsZero() {
		return Print{}, fmt.Errorf("print annexes %q: %w", a.Title, errors.New("no table or no time of creation"))
	}
	with := a.With
	if with == "" {
		with = words.PaperAppendixOf
	}
	fonts := newFonts()
	var pages []*canvas
	for i, table := range a.Tables {
		one := part{portrait, portrait.paginate(table.items(portrait, i+1, with))}
		if err := one.fits(one.pages); err != nil {
			return Print{}, fmt.Errorf("print annexes %q: %w", a.Title, err)
		}
		pages = append(pages, one.drawPages(one.pages, fonts)...)
	}
	if a.Draft {
		for _, page := range pages {
			page.markDraft(words.PaperDraft)
		}
	}
	about := info{title: strings.Join(strings.FieldsFunc(oneLine(a.Title), isBreak), " "), author: oneLine(a.Agency), created: a.Created.In(calendar.Zone)}
	return Print{PDF: writePDF(pages, fonts, about), Pages: len(pages)}, nil
}
