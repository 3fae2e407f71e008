package web

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// overdueFilter reads the register's filters: the board's, over what is overdue.
func overdueFilter(q url.Values) storage.BoardFilter {
	f := boardFilter(q)
	f.Class, f.Sort, f.Flag = "", storage.BoardByDue, storage.BoardOverdue
	switch q.Get("noted") {
	case "yes":
		f.Flag = storage.BoardExplained
	case "no":
		f.Flag = storage.BoardUnexplained
	}
	return f
}

// noted is the register's own filter as the address carries it.
func noted(f storage.BoardFilter) string {
	return map[storage.BoardFlag]string{storage.BoardExplained: "yes", storage.BoardUnexplained: "no"}[f.Flag]
}

// showOverdue is the register of what is overdue in a campaign, the longest on top.
func (s *Server) showOverdue(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := overdueFilter(r.URL.Query())
	filter.All = r.URL.Query().Get("all") != ""
	v, err := s.boardView(r, actor, filter)
	if err != nil {
		return err
	}
	path, f := v.path+"/overdue", v.filter
	active := countSet(f.Group, string(f.Status), noted(f))
	page := templates.OverduePage{
		Shell:   s.shell(r, templates.TitleOverdue, templates.AtCampaigns),
		Facts:   append([]string{v.campaign.Name, templates.OverdueHeading(v.Overdue)}, append(v.stood(v.campaign.LaunchedAt), templates.UpdatedAt(v.Now))...),
		Heading: templates.OverdueHeading(v.Matching),
		Empty:   templates.NothingOverdue(path, v.path, active > 0 || f.Query != ""),
		Take:    v.takeaway("/overdue", "/overdue.xlsx", templates.OverduePrintTitle(v.campaign.Name)),
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: v.campaign.Name, URL: v.path}, {Label: page.Title},
	}
	if !f.All {
		page.Paging = paging(r.URL, max(f.Page, 1), len(v.Rows), storage.BoardPage, v.Matching, templates.UnitNoun)
	}
	if v.many {
		page.Filters = &templates.OverdueFilters{
			URL: path, Query: f.Query, Groups: templates.GroupOptions(f.Group, v.Groups, v.Counts.Sum()),
			Statuses: templates.StatusOptions(f.Status), Noted: templates.NotedOptions(noted(f)), Active: active,
		}
	}
	officer := s.mayLaunch(r, actor)
	for _, one := range v.Rows {
		page.Rows = append(page.Rows, v.overdueRow(one, officer || explains(actor, one.Unit)))
	}
	if officer {
		page.Remind = v.remind()
	}
	return s.show(w, "campaigns/overdue", page)
}

// explains tells whether the actor may say why the unit is late.
func explains(actor staff.Actor, unit string) bool {
	return actor.Holds(staff.Specialist, unit) || actor.Holds(staff.DivisionHead, unit) || actor.Holds(staff.Director, unit)
}

func (v boardView) overdueRow(one storage.BoardRow, writes bool) templates.OverdueRow {
	row := templates.OverdueRow{
		URL: "/documents/" + one.Document, Unit: one.UnitName, Desk: templates.DeskName(one.Stage),
		Holder: templates.HolderNames(one.Holders), Vacant: one.Vacant(),
		Due: words.InstantShort(one.DueAt), Over: words.Number(v.over(one)), Cause: v.cause(one),
	}
	if row.Vacant {
		row.Holder = templates.NobodyHolds
	}
	if writes {
		row.Write = row.URL + "/cause"
	}
	if c := one.Cause; c != nil {
		row.Note, row.NoteBy = c.Text, templates.NotedBy(c.By, templates.CausePosition(c.Role, c.Unit), c.At, v.Now)
	}
	return row
}

// over is how many working days have passed since the last allowed one.
func (v boardView) over(one storage.BoardRow) int {
	return v.days.WorkingDaysLate(words.LastDay(one.DueAt), calendar.DayOf(v.Now))
}

// cause is why a document is overdue as its own state tells.
func (v boardView) cause(one storage.BoardRow) string {
	held := v.days.WorkingDaysHeld(one.DeskSince, v.Now)
	return words.Cause(document.CauseOf(one.Status, one.Vacant()), held, one.Returns)
}

// showCause asks why a document is overdue.
func (s *Server) showCause(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.causePage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "document/cause", page)
}

func (s *Server) causePage(r *http.Request, actor staff.Actor) (templates.CausePage, error) {
	ctx, id := r.Context(), chi.URLParam(r, "id")
	var page templates.CausePage
	v, err := s.store.DocumentView(ctx, actor.Reads(), id)
	if err != nil {
		return page, err
	}
	notes, err := s.store.OverdueCauses(ctx, id)
	if err != nil {
		return page, err
	}
	days, err := s.store.Calendar(ctx)
	if err != nil {
		return page, err
	}
	path := "/documents/" + id
	page = templates.CausePage{
		Shell: s.shell(r, templates.TitleCause, templates.AtCampaigns), Key: newKey(), URL: path + "/cause", Back: path,
		Due:    templates.DueLine{Sentence: words.DueCounted(v.DueAt, v.Now, days)},
		Max:    storage.CauseMax,
		Closed: !v.Overdue(),
	}
	if !page.Closed {
		page.Due.Tone, page.Due.Icon = "late", "exclamation-octagon-fill"
		page.Derived = words.Cause(document.CauseOf(v.Status, len(v.Holders) == 0), days.WorkingDaysHeld(v.DeskSince, v.Now), v.Returns)
	}
	page.Crumbs = []templates.Crumb{
		{Label: v.Campaign.Name, URL: campaignPath(v.Campaign.Code) + "/overdue"}, {Label: v.Unit.Name, URL: path}, {Label: page.Title},
	}
	for _, note := range notes {
		page.Notes = append(page.Notes, templates.CauseNote{
			Text: note.Text, By: note.By, Role: templates.CausePosition(note.Role, note.Unit), At: note.At,
		})
	}
	return page, nil
}

// noteCause keeps why a document is overdue, in the words of the unit or of an
// officer.
func (s *Server) noteCause(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	id := chi.URLParam(r, "id")
	unit, err := s.store.DocumentUnit(r.Context(), id)
	if err != nil {
		return err
	}
	v := visitOf(r.Context())
	err = s.store.AddOverdueCause(r.Context(), storage.NewCause{
		Key: key, Document: id, Text: r.PostForm.Get("cause"), Actor: actor, Position: s.speaksAs(actor, unit),
	}, storage.Audit{Person: v.account.Person, Username: v.account.Username, Address: clientAddress(r), Request: v.id})
	if broken, is := asBroken(err); is {
		page, err := s.causePage(r, actor)
		if err != nil {
			return err
		}
		page.Text, page.Errors = r.PostForm.Get("cause"), broken
		return s.showBroken(w, "document/cause", page)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.CauseFlash}); err != nil {
		return err
	}
	return goTo(w, r, "/documents/"+id+"/cause")
}

// speaksAs is in which position the actor notes a cause: the unit's own first.
func (s *Server) speaksAs(actor staff.Actor, unit string) staff.Position {
	for _, role := range []staff.Role{staff.Director, staff.DivisionHead, staff.Specialist} {
		if actor.Holds(role, unit) {
			return staff.Position{Unit: unit, Role: role}
		}
	}
	return staff.Position{Unit: s.store.Authority(), Role: staff.Officer}
}
