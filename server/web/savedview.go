package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-chi/chi/v5"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const viewsPath = "/tasks/views"

// addViews shows the person's saved filters, and the form that saves the present
// one unless it is saved already or nothing is set.
func (l inboxList) addViews(page *templates.TasksPage, views []storage.SavedView) {
	f := l.filter
	f.Page = 1
	present := listQuery(f)
	saved := present == ""
	for _, one := range views {
		current := one.Query == present
		saved = saved || current
		page.Views = append(page.Views, templates.SavedView{
			ID: one.ID, Name: one.Name, URL: pathWith("/tasks", one.Query), Home: one.Home, Current: current,
		})
	}
	if !saved {
		page.Save = &templates.SaveView{Key: newKey(), Query: present}
	}
}

// saveView keeps the filter that was on the screen under a name.
func (s *Server) saveView(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "query"); err != nil {
		return err
	}
	values, err := url.ParseQuery(r.PostFormValue("query"))
	if err != nil {
		return badForm(err)
	}
	filter := inboxFilter(values)
	filter.Page = 1
	view := storage.SavedView{
		Name: r.PostFormValue("name"), Query: listQuery(filter), Home: r.PostFormValue("home") == "yes",
	}
	err = s.store.SaveView(r.Context(), actor.Person, view)
	if broken := brokenIn(err); broken != nil {
		page, err := s.tasksPage(r, actor, filter)
		if err != nil {
			return err
		}
		page.Errors = broken
		page.Save = &templates.SaveView{Key: newKey(), Query: view.Query, Name: view.Name, Home: view.Home, Open: true}
		return s.showBroken(w, "tasks/list", page)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: words.ViewSaved(searchText(view.Name))}); err != nil {
		return err
	}
	return goTo(w, r, listPath(filter))
}

// showViews is where saved filters are renamed, removed, or made the first page.
func (s *Server) showViews(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.viewsPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "tasks/views", page)
}

func (s *Server) viewsPage(r *http.Request, actor staff.Actor) (templates.ViewsPage, error) {
	page := templates.ViewsPage{Shell: s.shell(r, words.TitleViews, templates.AtTasks), Empty: templates.NoViews()}
	page.Crumbs = []templates.Crumb{{Label: words.TitleTasks, URL: "/tasks"}, {Label: words.TitleViews}}
	views, err := s.store.SavedViews(r.Context(), actor.Person)
	if err != nil {
		return page, err
	}
	campaigns, err := s.store.InboxCampaigns(r.Context())
	for _, one := range views {
		values, _ := url.ParseQuery(one.Query) // what cannot be read narrows nothing
		list := inboxList{filter: inboxFilter(values), campaigns: campaigns}
		var chips []string
		for _, chip := range list.chips() {
			chips = append(chips, chip.Label)
		}
		page.Views = append(page.Views, templates.SavedView{
			ID: one.ID, Name: one.Name, URL: pathWith("/tasks", one.Query), Home: one.Home, Key: newKey(),
			About: words.ViewAbout(string(list.filter.Tab), chips),
		})
	}
	return page, err
}

// changeView renames or removes a view, or chooses the first page.
func (s *Server) changeView(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "do"); err != nil {
		return err
	}
	id, err := strconv.ParseInt(chi.URLParam(r, "view"), 10, 64)
	if err != nil {
		return storage.ErrNotFound
	}
	var done string
	switch r.PostFormValue("do") {
	case "rename":
		done, err = words.ViewRenamed, s.store.RenameView(r.Context(), actor.Person, id, r.PostFormValue("name"))
	case "remove":
		done, err = words.ViewRemoved, s.store.RemoveView(r.Context(), actor.Person, id)
	case "home":
		done, err = words.ViewIsHome, s.store.SetHomeView(r.Context(), actor.Person, id)
	case "plain":
		done, err = words.ViewHomeGone, s.store.SetHomeView(r.Context(), actor.Person, 0)
	default:
		return errBadForm
	}
	if broken := brokenIn(err); broken != nil {
		page, err := s.viewsPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors = broken
		for i := range page.Views {
			if page.Views[i].ID == id {
				page.Views[i].Broken, page.Views[i].Typed = true, r.PostFormValue("name")
			}
		}
		return s.showBroken(w, "tasks/views", page)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: done}); err != nil {
		return err
	}
	return goTo(w, r, viewsPath)
}
