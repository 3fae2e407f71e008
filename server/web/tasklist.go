package web

import (
	"strconv"
	"strings"

	"cchc/domain/form"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// sectionList is the task list of a draft.
func (d *dossier) sectionList(draft storage.Draft) *templates.SectionList {
	n := counted(draft.Form, draft.Content, d.Campaign.WindowTo)
	list := &templates.SectionList{
		Summary: words.Written(n.writtenRequired, n.required), PrintURL: "/documents/" + d.ID + "/print.pdf",
	}
	for _, section := range draft.Form.Sections {
		task := templates.SectionTask{Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code)}
		now := draft.Sections[section.Code]
		state := templates.SectionBlank
		switch {
		case strings.TrimSpace(now.Body) != "":
			state = templates.SectionWritten
		case !section.Required:
			state = templates.SectionOptional
		}
		if now.Version > 0 {
			task.About = words.Edited(now.By, now.At, d.Now)
		}
		task.State = templates.SectionChip(state, 0)
		list.Sections = append(list.Sections, task)
	}
	list.Sections = append(list.Sections, templates.SectionTask{
		Title: words.FilesTitle, URL: "/documents/" + d.ID + "/files", About: words.FilesAbout(len(draft.Files)),
		State: filesChip(len(draft.Files)),
	})
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		tally := tallied(g, draft)
		list.Figures = append(list.Figures, templates.SectionTask{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number),
			About: words.Filled(tally.filled, tally.all), State: tally.chip(),
		})
	}
	return list
}

func filesChip(files int) templates.Chip {
	if files == 0 {
		return templates.SectionChip(templates.SectionOptional, 0)
	}
	return templates.SectionChip(templates.SectionWritten, 0)
}

// tally is how far a group of figures is.
type tally struct {
	all, filled, errors, reasons int
}

// tallied counts a group: blanks and missing reasons apart from other errors.
func tallied(g group, draft storage.Draft) tally {
	var t tally
	broken := byField(draft.Result.Errors)
	for _, indicator := range g.indicators {
		if indicator.Type != form.TypeRatio {
			t.all++
			if draft.Content.Figures[indicator.Code].Value != nil {
				t.filled++
			}
		}
		for _, one := range broken[form.FigureField(indicator.Code)] {
			switch one.Code {
			case "figure_blank":
			case "figure_reason_missing":
				t.reasons++
			default:
				t.errors++
			}
		}
	}
	return t
}

func (t tally) blanks() int { return t.all - t.filled }

func (t tally) chip() templates.Chip {
	switch {
	case t.errors > 0:
		return templates.SectionChip(templates.SectionBroken, t.errors)
	case t.filled == 0:
		return templates.SectionChip(templates.SectionBlank, 0)
	case t.blanks() > 0:
		return templates.SectionChip(templates.SectionPartly, t.blanks())
	case t.reasons > 0:
		return templates.SectionChip(templates.SectionDoubtful, t.reasons)
	}
	return templates.SectionChip(templates.SectionWritten, 0)
}

// leftToDo sums up what stands between the draft and its submission.
func (d *dossier) leftToDo(draft storage.Draft) string {
	n := counted(draft.Form, draft.Content, d.Campaign.WindowTo)
	var all tally
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		t := tallied(g, draft)
		all.all, all.filled = all.all+t.all, all.filled+t.filled
		all.errors, all.reasons = all.errors+t.errors, all.reasons+t.reasons
	}
	return words.LeftToDo(n.required-n.writtenRequired, all.blanks(), all.errors, all.reasons)
}

// sideList is the list of parts beside an editor; current is the field of the
// one that is open.
func (d *dossier) sideList(draft storage.Draft, current string) []templates.SideItem {
	var items []templates.SideItem
	for _, section := range draft.Form.Sections {
		state, icon := words.StateBlank, "circle"
		if strings.TrimSpace(draft.Content.Sections[section.Code]) != "" {
			state, icon = words.StateWritten, "check-lg"
		}
		items = append(items, templates.SideItem{
			Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code), State: state, Icon: icon,
			Current: current == "section."+section.Code,
		})
	}
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		t := tallied(g, draft)
		item := templates.SideItem{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number),
			State: words.FilledShort(t.filled, t.all), Current: current == "group."+strconv.Itoa(g.number),
		}
		if t.errors > 0 {
			item.State, item.Bad = words.Errors(t.errors), true
		}
		items = append(items, item)
	}
	return items
}
