package web

import (
	"net/http"
	"strings"
	"time"

	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/par"
	"cchc/domain/plan"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showCheck is the page before a submission: everything against it, or what
// will be frozen, bound by the hash of what it shows.
func (s *Server) showCheck(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.checkPage(w, r, actor, http.StatusOK)
}

func (s *Server) checkPage(w http.ResponseWriter, r *http.Request, actor staff.Actor, status int) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	if d.Stage != document.Drafting {
		return goTo(w, r, d.tooLate())
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return err
	}
	heads, err := s.store.PeopleAt(r.Context(), d.Unit.Code, staff.DivisionHead)
	if err != nil {
		return err
	}
	page := templates.CheckPage{
		Shell: s.shellOf(r, d, words.TitleCheck), Document: d.head(), Key: newKey(),
		Revision: d.Revision, ContentHash: draft.Hash, Opened: d.Now.Format(time.RFC3339Nano),
		Reviewer: words.ReviewedBy(names(heads)),
		Ready:    readyLines(draft.Checked(), d),
	}
	for _, one := range draft.Result.Errors {
		page.Problems = append(page.Problems, templates.Problem{Text: words.Problem(one), URL: d.fieldURL(draft.Form, one.Field)})
	}
	for _, one := range storage.OpenMusts(d.points) {
		page.Problems = append(page.Problems, templates.Problem{Text: words.Problem(one), URL: d.path("") + "#" + strings.ReplaceAll(one.Field, ".", "-")})
	}
	for _, one := range draft.Result.Warnings {
		page.Warnings = append(page.Warnings, templates.Problem{
			Text: words.Problem(one), URL: d.fieldURL(draft.Form, one.Field),
			About: draft.Content.Figures[strings.TrimPrefix(one.Field, form.FigureField(""))].Reason,
		})
	}
	for _, section := range draft.Form.Sections {
		if stale := draft.Stale(section.Code); len(stale) > 0 {
			page.Stale = append(page.Stale, templates.Problem{
				Text: words.StaleIn(section.Code, len(stale)), URL: d.sectionURL(section.Code) + "#stale", Quote: quotes(stale),
			})
		}
	}
	for _, task := range draft.StaleTasks() {
		page.Stale = append(page.Stale, templates.Problem{
			Text: words.TaskStale(plan.Index(draft.Content.Tasks, task.Key) + 1), URL: d.planURL() + "#" + taskAnchor(task.Key), Quote: []string{task.Name},
		})
	}
	if !d.may(document.Submit) {
		page.Blocked = &templates.Note{Tone: templates.ToneWarn, Text: d.whyNot(document.Submit)}
	}
	return s.render(w, status, "document/check", page)
}

func names(holders []storage.Holder) []string {
	out := make([]string, len(holders))
	for i, holder := range holders {
		out[i] = holder.Name
	}
	return out
}

// fieldURL leads to the field of a broken rule.
func (d *dossier) fieldURL(version form.Version, field string) string {
	anchor := "#" + strings.ReplaceAll(field, ".", "-")
	if code, is := strings.CutPrefix(field, form.SectionField("")); is {
		return d.sectionURL(code) + anchor
	}
	if _, _, is := plan.ParseTaskField(field); is || field == plan.TableField {
		return d.taskFieldURL(field)
	}
	if criterion, _, is := par.ParseAnswerField(field); is && version.Index != nil {
		return d.scoreFieldURL(*version.Index, criterion)
	}
	code := strings.TrimPrefix(field, form.FigureField(""))
	for _, g := range groupsOf(version, d.Campaign.WindowTo) {
		for _, indicator := range g.indicators {
			if indicator.Code == code {
				return d.figuresURL(g.number) + anchor
			}
		}
	}
	return d.path("")
}

// readyLines sums up a content for whoever decides on it.
func readyLines(c storage.Checked, d *dossier) []templates.CheckLine {
	n := counted(c.Form, c.Content, d.Campaign.WindowTo)
	line := func(ok bool, text string) templates.CheckLine {
		if ok {
			return templates.CheckLine{State: "ok", Text: text}
		}
		return templates.CheckLine{State: "warn", Text: text}
	}
	lines := []templates.CheckLine{line(n.writtenRequired == n.required, words.SectionsReady(n.written, n.sections))}
	if c.Form.Plan != nil {
		tasks := c.Content.Tasks
		lines = append(lines, line(len(tasks) > 0, words.TasksReady(len(tasks), len(c.Form.Plan.Groups(tasks)))))
	}
	if c.Form.Index != nil {
		lines = append(lines, scoresReady(c))
	}
	if n.figures > 0 {
		lines = append(lines, line(n.filled == n.figures, words.FiguresReady(n.filled, n.figures)),
			line(len(c.Result.Warnings) == 0, words.WarningsReady(len(c.Result.Warnings), c.Result.Unexplained())))
	}
	return append(lines, line(true, words.FilesReady(len(c.Content.Files))))
}
