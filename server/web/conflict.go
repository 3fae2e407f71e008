package web

import (
	"net/http"
	"slices"
	"strconv"

	"cchc/domain/prose"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

func (s *Server) sectionConflict(w http.ResponseWriter, r *http.Request, actor staff.Actor, mine string, theirs storage.Conflict) error {
	if wantsJSON(r) {
		return answerJSON(w, http.StatusConflict, map[string]any{"version": theirs.Version})
	}
	d, _, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	return s.render(w, http.StatusConflict, "document/conflict", templates.ConflictPage{
		Shell: s.shellOf(r, d, words.TitleConflict), Document: d.head(), Code: section.Code,
		Mine: mine, Version: theirs.Version, Them: theirs.By, When: words.MomentNear(theirs.At, d.Now),
		Blocks: conflictBlocks(mine, theirs.Body),
	})
}

// mergeSection puts a text together from two by the person's choices, and saves
// it over the version that was compared with. If a third text stands there by
// now, the comparison begins anew and nothing is lost.
func (s *Server) mergeSection(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "text", "base_version"); err != nil {
		return err
	}
	_, draft, section, err := s.sectionOf(r, actor)
	if err != nil {
		return err
	}
	mine := storage.CleanText(r.PostFormValue("text"))
	stands := draft.Sections[section.Code]
	if strconv.Itoa(stands.Version) != r.PostFormValue("base_version") {
		return s.sectionConflict(w, r, actor, mine, storage.Conflict{
			Version: stands.Version, Body: stands.Body, By: stands.By, At: stands.At,
		})
	}
	merged := prose.Merge(comparedWith(mine, stands.Body), func(number int) prose.Choice {
		switch r.PostFormValue("choice." + strconv.Itoa(number)) {
		case "mine":
			return prose.KeepBefore
		case "theirs":
			return prose.KeepAfter
		}
		return prose.KeepBoth
	})
	return s.keepSection(w, r, actor, merged.String())
}

// comparedWith pairs the paragraphs of one's own text with those that stand
// there.
func comparedWith(mine, theirs string) []prose.Pair {
	return prose.Facing(prose.Compare(prose.Parse(mine), prose.Parse(theirs)))
}

// conflictBlocks lays two texts side by side: runs of equal paragraphs, and
// numbered places that differ.
func conflictBlocks(mine, theirs string) []templates.ConflictBlock {
	var blocks []templates.ConflictBlock
	var same prose.Text
	end := func() {
		if len(same) > 0 {
			blocks = append(blocks, templates.ConflictBlock{Same: same.String()})
			same = nil
		}
	}
	number := 0
	for _, pair := range comparedWith(mine, theirs) {
		if pair.Same {
			same = append(same, *pair.Before)
			continue
		}
		end()
		blocks = append(blocks, templates.ConflictBlock{
			Number: number, Mine: side(pair.Before, pair.After), Theirs: side(pair.After, pair.Before),
		})
		number++
	}
	end()
	return blocks
}

// side is one side of a place that differs: its block with what the other has
// not marked.
func side(block, other *prose.Block) *templates.BlockDifference {
	if block == nil {
		return nil
	}
	all := marked(prose.Pair{Before: other, After: block})
	all.Spans = slices.DeleteFunc(all.Spans, dropped)
	all.Rows = slices.DeleteFunc(all.Rows, func(row prose.Row) bool { return row.Mark == prose.Dropped })
	for i := range all.Rows {
		for j, cell := range all.Rows[i].Cells {
			if all.Rows[i].Mark == prose.Added {
				for k := range cell {
					cell[k].Mark = prose.Added
				}
			}
			all.Rows[i].Cells[j] = slices.DeleteFunc(cell, dropped)
		}
	}
	return &all
}

func dropped(span prose.Span) bool { return span.Mark == prose.Dropped }
