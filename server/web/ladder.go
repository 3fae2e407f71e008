package web

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/campaign"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

const laddersPath = "/reminders"

// showLadders lists by which steps people are reminded of each kind of work.
func (s *Server) showLadders(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	history, err := s.store.LadderHistory(r.Context())
	if err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	page := templates.LaddersPage{Shell: s.shell(r, templates.TitleLadders, templates.AtCampaigns)}
	page.Crumbs = seriesCrumbs(page.Title)
	for _, kind := range reminder.Kinds {
		one := templates.LadderKind{
			Name: templates.LadderName(kind), About: templates.LadderAbout(kind), Reach: templates.LadderReach(kind),
			EditURL: laddersPath + "/" + string(kind),
		}
		var views []templates.LadderView
		for _, laid := range history {
			if laid.Kind == kind {
				views = append(views, templates.LadderView{
					Steps: templates.LadderSteps(kind, laid.Ladder), Edited: templates.LadderEdited(laid.By, laid.At, now), Reason: laid.Reason,
					Reach: templates.LadderTook(kind, laid.Running, laid.Followed),
				})
			}
		}
		views = append(views, templates.LadderView{Steps: templates.LadderSteps(kind, reminder.Default(kind)), Edited: templates.LadderShipped})
		one.Now, one.Past = views[0], views[1:]
		page.Kinds = append(page.Kinds, one)
	}
	return s.show(w, "campaigns/ladders", page)
}

// ladderDesk is the steps of the kind in the path that hold now.
type ladderDesk struct {
	kind      reminder.Kind
	base      int
	ladder    period.Ladder
	followers int // campaigns under way that go by them
}

func (s *Server) ladderDesk(r *http.Request) (ladderDesk, error) {
	d := ladderDesk{kind: reminder.Kind(chi.URLParam(r, "kind"))}
	if !slices.Contains(reminder.Kinds, d.kind) {
		return d, storage.ErrNotFound
	}
	d.ladder = reminder.Default(d.kind)
	history, err := s.store.LadderHistory(r.Context())
	if err != nil {
		return d, err
	}
	if at := slices.IndexFunc(history, func(laid storage.LaidLadder) bool { return laid.Kind == d.kind }); at >= 0 {
		d.base, d.ladder = history[at].Version, history[at].Ladder
	}
	d.followers, err = s.store.LadderFollowers(r.Context(), d.kind)
	return d, err
}

// showLadder is the form in which the steps of a kind are edited.
func (s *Server) showLadder(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	d, err := s.ladderDesk(r)
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/ladder", s.ladderPage(r, d, rungRows(d.ladder, nil)))
}

func (s *Server) ladderPage(r *http.Request, d ladderDesk, rows []templates.RungRow) templates.LadderPage {
	page := templates.LadderPage{
		Shell: s.shell(r, templates.TitleLadder, templates.AtCampaigns), Key: newKey(), URL: laddersPath + "/" + string(d.kind), Base: d.base,
		Name: templates.LadderName(d.kind), About: templates.LadderAbout(d.kind), Hint: templates.LadderHint(d.kind), Reach: templates.LadderReach(d.kind),
		Rungs: rows,
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: templates.TitleLadders, URL: laddersPath}, {Label: page.Name},
	}
	for i, row := range page.Rungs {
		at := slices.IndexFunc(row.Whens, func(o templates.Option) bool { return o.Selected })
		page.Rungs[i].Whens = templates.LadderWhens(d.kind, row.Whens[max(at, 0)].Value)
	}
	if d.kind.PerCampaign() {
		page.Choices = templates.LadderChoices(d.followers, false)
	}
	return page
}

// saveLadder lays the typed steps down, or shows what is wrong with them.
func (s *Server) saveLadder(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "base"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	d, err := s.ladderDesk(r)
	if err != nil {
		return err
	}
	e := storage.LadderEdit{
		Key: key, Kind: d.kind, Actor: actor, Reason: r.PostForm.Get("reason"), Running: d.kind.PerCampaign() && r.PostForm.Get("running") == templates.LadderRunning,
		Address: clientAddress(r), Request: visitOf(r.Context()).id,
	}
	if e.Base, err = strconv.Atoi(r.PostForm.Get("base")); err != nil {
		return errBadForm
	}
	ladder, broken := readLadder(r.PostForm)
	e.Ladder = campaign.NameRungs(ladder)
	if broken == nil {
		err = s.store.SaveLadder(r.Context(), e)
		broken = brokenIn(err)
	}
	switch {
	case broken != nil:
		return s.ladderAgain(w, r, d, e, broken)
	case err != nil:
		return err
	}
	return s.goToFlash(w, r, templates.LadderSaved(d.kind, e.Running), laddersPath)
}

// ladderAgain shows the form as it was typed.
func (s *Server) ladderAgain(w http.ResponseWriter, r *http.Request, d ladderDesk, e storage.LadderEdit, broken rule.Errors) error {
	page := s.ladderPage(r, d, typedRungs(r.PostForm, e.Ladder, broken, false))
	page.Key, page.Base, page.Reason, page.Errors = e.Key.String(), e.Base, r.PostForm.Get("reason"), broken
	if page.Choices != nil {
		page.Choices = templates.LadderChoices(d.followers, e.Running)
	}
	return s.showBroken(w, "campaigns/ladder", page)
}
