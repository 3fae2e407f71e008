package web

import (
	"net/http"
	"net/url"
	"strings"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Going through a list one task after the other: the list that a person came
// from travels with them as the parameter "list", from the row over the pages of
// the document to the receipt and on to the next task. Only what the list itself
// understands is taken from it, so that it can lead nowhere else.
const listParam = "list"

// cameFrom is the query of the list that the reader came from, in one order;
// empty when they came from elsewhere. It always names its tab.
func cameFrom(r *http.Request) string {
	given := r.URL.Query().Get(listParam)
	if given == "" {
		given = r.PostForm.Get(listParam) // of a form that has been read
	}
	if given == "" || len(given) > 1000 {
		return ""
	}
	values, err := url.ParseQuery(given)
	if err != nil {
		return ""
	}
	return listMark(inboxFilter(values))
}

// listMark is a filter as the parameter "list" carries it.
func listMark(f storage.InboxFilter) string {
	values, _ := url.ParseQuery(listQuery(f)) // of our own making
	values.Set("tab", string(f.Tab))
	return values.Encode()
}

// withList adds the list to an address of ours.
func withList(path, list string) string {
	if list == "" {
		return path
	}
	joint := "?"
	if strings.Contains(path, "?") {
		joint = "&"
	}
	return path + joint + listParam + "=" + url.QueryEscape(list)
}

// documentFrom is a document's page, opened from a list.
func documentFrom(id string, f storage.InboxFilter) string {
	return withList("/documents/"+id, listMark(f))
}

// path is a page below the document, with the list that the reader came from.
func (d *dossier) path(below string) string {
	return withList("/documents/"+d.ID+below, d.list)
}

// tooLate is the document's page for someone who came to a page of work that is
// over: it tells who was quicker.
func (d *dossier) tooLate() string {
	if d.list == "" {
		return documentFrom(d.ID, whole(storage.InboxTodo))
	}
	return d.path("")
}

// listFilter is the filter of the list that the reader came from.
func listFilter(list string) storage.InboxFilter {
	values, _ := url.ParseQuery(list) // cameFrom has made it
	f := inboxFilter(values)
	f.Page = 1
	return f
}

func nextPath(f storage.InboxFilter) string {
	f.Tab, f.Page = storage.InboxTodo, 1
	return pathWith("/tasks/next", listQuery(f))
}

// next is where the reader goes on to from this document.
func (s *Server) next(r *http.Request, d *dossier) (templates.NextTask, error) {
	filter := listFilter(d.list)
	next, err := s.store.NextTask(r.Context(), d.actor, filter, d.ID)
	out := templates.NextTask{ListURL: listPath(filter), Left: words.TasksLeft(next.Left)}
	if next.Document != "" {
		out.URL = nextPath(filter)
	}
	return out, err
}

// nextTask opens the first open task of the list, or goes back to the list and
// says that there is none.
func (s *Server) nextTask(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	filter := inboxFilter(r.URL.Query())
	filter.Tab, filter.Page = storage.InboxTodo, 1
	next, err := s.store.NextTask(r.Context(), actor, filter, "")
	if err != nil {
		return err
	}
	if next.Document != "" {
		return goTo(w, r, documentFrom(next.Document, filter))
	}
	others := storage.Next{}
	if filter.Narrows() {
		if others, err = s.store.NextTask(r.Context(), actor, storage.InboxFilter{}, ""); err != nil {
			return err
		}
	}
	flash := templates.Flash{Tone: templates.ToneOK}
	flash.Text, flash.More = words.AllDone(filter.Narrows(), others.Left)
	if others.Document != "" {
		flash.NextURL = nextPath(storage.InboxFilter{})
	}
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, listPath(filter))
}

// meanwhile tells who decided at the reader's own desk before them, and where
// the document is now; nil while it still lies there, or never did.
func (d *dossier) meanwhile(next templates.NextTask) *templates.Meanwhile {
	if d.DeskRole != "" && d.actor.Holds(d.DeskRole, d.DeskUnit) {
		return nil
	}
	for _, event := range d.events {
		action := document.Action(event.Event)
		role, at, desk := document.DeskOf(event.FromStage)
		if words.Done(action) == "" || !desk || event.FromStage == event.ToStage {
			continue
		}
		unit := d.Unit.Code
		if at == document.AtAuthority {
			unit = d.authority
		}
		if !d.actor.Holds(role, unit) {
			continue
		}
		name, holder := event.PersonName, ""
		if event.Person == d.actor.Person {
			name = words.You
		}
		if d.DeskRole != "" {
			holder = d.holder()
		}
		return &templates.Meanwhile{
			Who: words.Meanwhile(name, action, event.At, d.Now), Now: words.WhereNow(d.Status, holder, d.DueAt), Next: next,
		}
	}
	return nil
}
