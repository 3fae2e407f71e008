package web

import (
	"net/http"
	"net/url"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

// mostEdits is how many edits of the calendar are previewed and saved together.
const mostEdits = 12

// sitting is the edits of the calendar that an officer lays down before saving them
// together. Nothing is stored until then: each edit travels with the form as the
// fields it was typed into.
type sitting struct {
	edits   []url.Values
	changes []calendar.Change   // of each edit
	days    []calendar.Calendar // as each edit finds it
	whole   calendar.Change
	broken  rule.Errors // of the first edit that cannot be read
	at      int         // which one that is
}

// carried are the edits that came along with a form.
func carried(texts []string) []url.Values {
	var edits []url.Values
	for _, encoded := range texts {
		if edit, err := url.ParseQuery(encoded); err == nil && len(edits) < mostEdits {
			edits = append(edits, edit)
		}
	}
	return edits
}

// typedEdit is the edit in a form's own fields; nil: it has none.
func typedEdit(form url.Values) url.Values {
	edit := url.Values{}
	for _, field := range markFields {
		if value := form.Get(field); value != "" {
			edit.Set(field, value)
		}
	}
	if len(edit) == 0 && !form.Has("from") {
		return nil
	}
	return edit
}

// sitting reads the edits one after the other, each against the calendar as those
// before it leave it, up to the first that cannot be read.
func (s *Server) sitting(r *http.Request, edits []url.Values) (sitting, error) {
	sit := sitting{edits: edits}
	base, err := s.store.Calendar(r.Context())
	if err != nil {
		return sit, err
	}
	after := base
	for i, edit := range edits {
		change, broken := markChange(edit, after)
		if broken != nil {
			sit.broken, sit.at = broken, i
			return sit, nil
		}
		sit.days, sit.changes = append(sit.days, after), append(sit.changes, change)
		sit.whole, after = sit.whole.Then(change, base), after.With(change)
	}
	return sit, nil
}

// check finds the first edit that the calendar refuses today.
func (s *sitting) check(today calendar.Day) {
	for i, change := range s.changes {
		if broken := s.days[i].Check(change, today); broken != nil {
			s.broken, s.at = broken, i
			return
		}
	}
}

// previewCalendar shows everything that the edits would move, and saves nothing; or
// goes on to another edit, or back to one of them.
func (s *Server) previewCalendar(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	edits := carried(r.PostForm["edit"])
	step, row := rowAction(r.PostForm.Get("step"))
	known := row >= 0 && row < len(edits)
	switch {
	case step == "more" && len(edits) < mostEdits:
		return s.showEdit(w, r, http.StatusOK, openEdit{others: edits}, nil)
	case step == "open" && known:
		return s.showEdit(w, r, http.StatusOK, openEdit{others: withoutEdit(edits, row), typed: edits[row], opened: edits[row].Encode()}, nil)
	case step == "drop" && known:
		edits = withoutEdit(edits, row)
	case step == "back": // what was opened stands as it was
		edits = append(edits, carried(r.PostForm["opened"])...)
	case step == "":
		if edit := typedEdit(r.PostForm); edit != nil {
			edits = append(edits, edit)
		}
	}
	if len(edits) == 0 {
		return goTo(w, r, "/calendar")
	}
	return s.showPreview(w, r, http.StatusOK, edits, nil)
}

func withoutEdit(edits []url.Values, row int) []url.Values {
	return append(append([]url.Values{}, edits[:row]...), edits[row+1:]...)
}

// openEdit is one edit in its form, and those that were laid down beside it.
type openEdit struct {
	others []url.Values
	typed  url.Values
	opened string // as it was laid down; empty: a new one
}

func (s *Server) showEdit(w http.ResponseWriter, r *http.Request, status int, e openEdit, broken rule.Errors) error {
	sit, err := s.sitting(r, e.others)
	if err != nil {
		return err
	}
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return err
	}
	page := s.markPage(r, e.typed, days)
	page.Errors, page.Carried, page.Opened = broken, encoded(e.others), e.opened
	for i, change := range sit.changes {
		page.Others = append(page.Others, templates.ChangeLines(change, sit.days[i])...)
	}
	return s.render(w, status, "campaigns/mark", page)
}

func encoded(edits []url.Values) []string {
	texts := make([]string, len(edits))
	for i, edit := range edits {
		texts[i] = edit.Encode()
	}
	return texts
}

func (s *Server) showPreview(w http.ResponseWriter, r *http.Request, status int, edits []url.Values, told rule.Errors) error {
	sit, err := s.sitting(r, edits)
	if err != nil {
		return err
	}
	var effect storage.CalendarEffect
	if sit.broken == nil {
		now, err := s.store.Now(r.Context())
		if err != nil {
			return err
		}
		sit.check(calendar.DayOf(now))
	}
	if sit.broken == nil {
		effect, err = s.store.PreviewCalendar(r.Context(), sit.whole)
		sit.broken, sit.at = brokenIn(err), len(edits)-1
	}
	if sit.broken != nil {
		again := openEdit{others: withoutEdit(edits, sit.at), typed: edits[sit.at], opened: r.PostForm.Get("opened")}
		return s.showEdit(w, r, http.StatusUnprocessableEntity, again, sit.broken)
	}
	if err != nil {
		return err
	}
	page := s.previewPage(r, sit, effect)
	page.Errors = told
	return s.render(w, status, "campaigns/calendar-preview", page)
}

func (s *Server) previewPage(r *http.Request, sit sitting, effect storage.CalendarEffect) templates.CalendarPreviewPage {
	page := templates.CalendarPreviewPage{
		Shell: s.shell(r, templates.TitlePreview, templates.AtNowhere), Key: newKey(),
		Hidden: []templates.HiddenField{{Name: "version", Value: strconv.Itoa(effect.Version)}}, More: len(sit.edits) < mostEdits,
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCalendar, URL: "/calendar"}, {Label: page.Title}}
	for i, text := range encoded(sit.edits) {
		page.Hidden = append(page.Hidden, templates.HiddenField{Name: "edit", Value: text})
		page.Edits = append(page.Edits, templates.CalendarEditOf(i, sit.changes[i], sit.days[i]))
	}
	moved := templates.CalendarMoves{Tasks: effect.MovedTasks(), Proposals: len(effect.Proposals)}
	moved.Campaigns, moved.Documents = effect.Moves()
	page.Facts = templates.PreviewFacts(moved, len(effect.Campaigns))
	for _, c := range effect.Campaigns {
		if c.From.Equal(c.To) && len(c.Moved) == 0 && len(c.Rungs) == 0 {
			page.Still = append(page.Still, templates.StillText(c.Name, c.Open))
			continue
		}
		page.Campaigns = append(page.Campaigns, campaignMoves(c, effect))
	}
	for _, moves := range effect.Tasks {
		page.Tasks = append(page.Tasks, taskMoves(moves))
	}
	for _, one := range effect.Proposals {
		page.Proposals = append(page.Proposals, templates.Link{Label: templates.ProposalMoveText(one.Name, one.From, one.To), URL: proposalPath(one.ID)})
	}
	return page
}

func taskMoves(moves storage.TaskMoves) templates.DueMoves {
	group := templates.DueMoves{Text: templates.TaskMoveText(moves.Tasks, moves.Plans, moves.From, moves.To), More: moves.Tasks - len(moves.Listed)}
	for _, one := range moves.Listed {
		group.Rows = append(group.Rows, templates.Link{Label: one.UnitName + ": " + one.Name, URL: "/documents/" + one.Document + "/tracking/" + one.Key})
	}
	return group
}

// movedListed is how many documents of one kind the preview names; its counts are
// of all.
const movedListed = 300

func campaignMoves(c storage.CampaignEffect, effect storage.CalendarEffect) templates.CampaignMoves {
	moves := templates.CampaignMoves{
		ID: "moves-" + c.Code, Name: c.Name, URL: campaignPath(c.Code),
		Due: templates.CampaignDueMove(c.From, c.To, c.ByRule), Kept: templates.KeptLines(c.Kept),
	}
	type alike struct{ from, to int64 }
	at, counts := map[alike]int{}, map[int]int{}
	for _, one := range c.Moved {
		key := alike{one.From.Unix(), one.To.Unix()}
		i, known := at[key]
		if !known {
			i = len(moves.Moves)
			at[key] = i
			moves.Moves = append(moves.Moves, templates.DueMoves{})
		}
		counts[i]++
		group := &moves.Moves[i]
		group.Text = templates.DueMoveText(counts[i], one.From, one.To)
		if len(group.Rows) == movedListed {
			group.More++
			continue
		}
		group.Rows = append(group.Rows, templates.Link{Label: one.UnitName, URL: "/documents/" + one.Document})
	}
	for _, rung := range c.Rungs {
		moves.Rungs = append(moves.Rungs, templates.RungMoveOf(rung, effect.Now))
	}
	return moves
}

// changeCalendar saves the edits that were previewed, all of them or none. A calendar
// that somebody else has edited meanwhile is answered with a new preview.
func (s *Server) changeCalendar(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostFormValue("version"))
	if err != nil {
		return errBadForm
	}
	edits := carried(r.PostForm["edit"])
	if edit := typedEdit(r.PostForm); edit != nil {
		edits = append(edits, edit)
	}
	if len(edits) == 0 {
		return errBadForm
	}
	sit, err := s.sitting(r, edits)
	if err != nil {
		return err
	}
	if sit.broken != nil {
		return s.showPreview(w, r, http.StatusUnprocessableEntity, edits, nil)
	}
	v := visitOf(r.Context())
	err = s.store.ChangeCalendar(r.Context(), storage.CalendarEdit{
		Key: key, Version: version, Change: sit.whole, Actor: actor,
		Audit: storage.Audit{Person: v.account.Person, Username: v.account.Username, Address: clientAddress(r), Request: v.id},
	})
	if broken := brokenIn(err); broken != nil {
		return s.showPreview(w, r, http.StatusConflict, edits, broken)
	}
	if err != nil {
		return err
	}
	changes, err := s.store.CalendarChanges(r.Context(), 1)
	if err != nil {
		return err
	}
	var moved templates.CalendarMoves
	if len(changes) > 0 {
		moved = movesOf(changes[0])
	}
	if err := s.flash(r, templates.CalendarFlash(moved)); err != nil {
		return err
	}
	return goTo(w, r, calendarOf(sit.whole))
}

// calendarOf is the year of the calendar that an edit is about.
func calendarOf(change calendar.Change) string {
	for _, mark := range change.Put {
		return "/calendar?year=" + strconv.Itoa(mark.Date.Year())
	}
	for _, day := range change.Remove {
		return "/calendar?year=" + strconv.Itoa(day.Year())
	}
	return "/calendar" // the second click on a removal: it is gone
}

// movesOf is what an edit that was made has moved.
func movesOf(c storage.CalendarChange) templates.CalendarMoves {
	return templates.CalendarMoves{Campaigns: c.Campaigns, Documents: c.Documents, Tasks: c.Tasks, Proposals: c.Proposals}
}
