package web

import (
	"strconv"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/prose"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// sectionList is the task list of a draft: how far each part is, who wrote it
// last, what is missing, and who is there now.
func (d *dossier) sectionList(draft storage.Draft, earlier *storage.EarlierReport) *templates.SectionList {
	n := counted(draft.Form, draft.Content, d.Campaign.WindowTo)
	base := "/documents/" + d.ID
	list := &templates.SectionList{
		Summary: words.Written(n.writtenRequired, n.required), PrintURL: base + "/print.pdf",
	}
	asked := d.askedFor()
	for _, section := range draft.Form.Sections {
		task := d.sectionTask(section, draft, earlier, asked)
		if earlier != nil && draft.Sections[section.Code].Body == "" && earlier.Sections[section.Code] != "" {
			list.CopyURL, list.CopyFrom = d.path("/copy"), periodShort(earlier.Period)
		}
		list.Sections = append(list.Sections, task)
	}
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		tally := tallied(g, draft)
		task := templates.SectionTask{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number), Place: "figures/" + strconv.Itoa(g.number),
			About: words.Filled(tally.filled, tally.all), State: tally.chip(),
		}
		if tally.errors == 0 && asked.figures(g, draft) {
			task.About = words.Join(task.About, words.ReturnedFor)
			task.State = templates.SectionChip(templates.SectionMend, 0)
		}
		list.Figures = append(list.Figures, d.visited(task))
	}
	if draft.Form.Plan != nil {
		list.Plan = []templates.SectionTask{d.visited(templates.SectionTask{
			Title: words.TitlePlan, URL: d.planURL(), Place: planPlace,
			About: words.TasksReady(len(draft.Content.Tasks), len(draft.Form.Plan.Groups(draft.Content.Tasks))), State: planChip(draft),
		})}
	}
	list.Scores = d.scoreTasks(draft)
	list.Files = []templates.SectionTask{d.visited(templates.SectionTask{
		Title: words.FilesTitle, URL: d.path("/files"), Place: "files", About: words.FilesAbout(len(draft.Files)),
		State: filesChip(len(draft.Files)),
	})}
	return list
}

func (d *dossier) sectionTask(section form.Section, draft storage.Draft, earlier *storage.EarlierReport, asked points) templates.SectionTask {
	task := templates.SectionTask{
		Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code), Place: "sections/" + section.Code,
	}
	now, state := draft.Sections[section.Code], templates.SectionBlank
	stale := len(draft.Stale(section.Code))
	switch blank := strings.TrimSpace(now.Body) == ""; {
	case blank && earlier != nil && earlier.Sections[section.Code] != "":
		task.About = words.EarlierLength(prose.Parse(earlier.Sections[section.Code]).Words())
	case blank && section.Required:
		task.About = words.MustBeWritten
	case blank:
		task.About = words.NeedNotBe
	default:
		state = templates.SectionWritten
		task.About = words.Join(words.Edited(now.By, now.At, d.Now), words.Length(prose.Parse(now.Body).Words()), words.Stale(stale))
	}
	switch {
	case asked.names(section.Code, now.At):
		state, task.About = templates.SectionMend, words.Join(words.ReturnedFor, task.About)
	case stale > 0:
		state = templates.SectionStale
	case state == templates.SectionBlank && !section.Required:
		state = templates.SectionOptional
	}
	task.State = templates.SectionChip(state, 0)
	return d.visited(task)
}

// visited adds who else has the part open.
func (d *dossier) visited(task templates.SectionTask) templates.SectionTask {
	for _, one := range d.present {
		if one.Place == task.Place {
			task.Here = words.PresentHere(one.Name)
		}
	}
	return task
}

// points is what the newest return or reopening names: codes of parts and figures in its
// reason, as people write them.
type points struct {
	codes map[string]bool
	since time.Time
}

// askedFor reads the reason of what is being answered.
func (d *dossier) askedFor() points {
	if !d.Returned {
		return points{}
	}
	for _, event := range d.events {
		if action := document.Action(event.Event); action == document.Return || action == document.Reopen {
			return points{codes: d.mentioned(event.Reason), since: event.At}
		}
	}
	return points{}
}

// mentioned is the codes of parts and figures in the reason and in the places of the
// points.
func (d *dossier) mentioned(reason string) map[string]bool {
	codes := words.Mentioned(reason)
	for _, one := range d.points {
		for _, prefix := range []string{form.SectionField(""), form.FigureField("")} {
			if code, is := strings.CutPrefix(one.Field, prefix); is {
				codes[code] = true
			}
		}
	}
	return codes
}

// names tells whether a part is named and has not been changed since.
func (p points) names(code string, changed time.Time) bool {
	return p.codes[code] && changed.Before(p.since)
}

func (p points) figures(g group, draft storage.Draft) bool {
	for _, indicator := range g.indicators {
		if p.names(indicator.Code, draft.Figures[indicator.Code].At) {
			return true
		}
	}
	return false
}

// periodShort names a period by its code: "Quý III".
func periodShort(code string) string {
	p, err := period.Parse(code)
	if err != nil {
		return code
	}
	return words.PeriodShort(p)
}

func planChip(draft storage.Draft) templates.Chip {
	problems := planProblems(draft)
	switch {
	case len(draft.Content.Tasks) == 0:
		return templates.SectionChip(templates.SectionBlank, 0)
	case problems > 0:
		return templates.SectionChip(templates.SectionBroken, problems)
	}
	return templates.SectionChip(templates.SectionFull, 0)
}

func filesChip(files int) templates.Chip {
	if files == 0 {
		return templates.SectionChip(templates.SectionOptional, 0)
	}
	return templates.SectionChip(templates.SectionFull, 0)
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
	return templates.SectionChip(templates.SectionFull, 0)
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
	stale := 0
	for _, section := range draft.Form.Sections {
		stale += len(draft.Stale(section.Code))
	}
	left := words.LeftToDo(n.required-n.writtenRequired, all.blanks(), all.errors+planProblems(draft), all.reasons)
	if stale > 0 {
		left += " " + words.StaleToo(stale)
	}
	return left
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
		if stale := len(draft.Stale(section.Code)); stale > 0 {
			state, icon = words.Stale(stale), "clock-history"
		}
		items = append(items, templates.SideItem{
			Code: section.Code, Title: section.Title, URL: d.sectionURL(section.Code), State: state, Icon: icon,
			Current: current == "section."+section.Code,
		})
	}
	if draft.Form.Plan != nil {
		item := templates.SideItem{Title: words.TitlePlan, URL: d.planURL(), Current: current == planPlace}
		switch chip := planChip(draft); chip.Class {
		case "done":
			item.State, item.Icon = chip.Word, "check-lg"
		case "bad":
			item.State, item.Bad = chip.Word, true
		default:
			item.State, item.Icon = chip.Word, "circle"
		}
		items = append(items, item)
	}
	items = append(items, d.scoreSide(draft, current)...)
	for _, g := range groupsOf(draft.Form, d.Campaign.WindowTo) {
		state := groupState(tallied(g, draft))
		items = append(items, templates.SideItem{
			Code: strconv.Itoa(g.number), Title: g.name, URL: d.figuresURL(g.number), Group: g.number,
			State: state.State, Bad: state.Bad, Current: current == "group."+strconv.Itoa(g.number),
		})
	}
	return items
}
