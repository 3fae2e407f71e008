package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
)

const (
	maintenancePath = "/maintenance"
	// mostWindows is how many windows are listed.
	mostWindows = 100
)

// showMaintenance lists the windows that were announced; for those who look after the
// software it has the form of a new one.
func (s *Server) showMaintenance(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.maintenancePage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "outages/maintenance", page)
}

func (s *Server) maintenancePage(r *http.Request, actor staff.Actor) (templates.MaintenancePage, error) {
	page := templates.MaintenancePage{
		Shell: s.shell(r, templates.TitleMaintenance, outagePlace(actor)), Empty: templates.NoMaintenance(),
	}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: page.Title})
	keeps := s.keepsOutages(r, actor) == nil
	if keeps {
		page.Key = newKey()
	}
	h, err := s.store.OutageHandling(r.Context())
	if err != nil {
		return page, err
	}
	page.Ahead = templates.MaintenanceAhead(h.Rule.Announce)
	now, err := s.store.Now(r.Context())
	if err != nil {
		return page, err
	}
	windows, err := s.store.MaintenanceWindows(r.Context(), mostWindows)
	if err != nil {
		return page, err
	}
	for _, one := range windows {
		late := one.FromAt.Sub(one.AnnouncedAt) < h.Rule.Announce
		over, running := !one.ToAt.After(now), !one.FromAt.After(now)
		row := templates.MaintenanceRow{
			ID: one.ID, When: templates.MaintenanceWhen(one.FromAt, one.ToAt), Purpose: one.Purpose,
			About: templates.MaintenanceAbout(one.AnnouncedBy, one.AnnouncedAt, one.CancelledBy, one.CancelledAt, one.CancelReason),
			Chip:  templates.MaintenanceChip(one.CancelledAt != nil, over, running, late),
		}
		if keeps && one.CancelledAt == nil && !running {
			row.URL = maintenancePath + "/" + strconv.FormatInt(one.ID, 10) + "/cancel"
		}
		page.Windows = append(page.Windows, row)
	}
	return page, nil
}

// announceMaintenance announces a window.
func (s *Server) announceMaintenance(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	f := r.PostForm
	var broken rule.Errors
	span := outage.Span{From: readInstant(f, "from", &broken), To: readInstant(f, "to", &broken)}
	if len(broken) == 0 {
		err := s.store.AnnounceMaintenance(r.Context(), key, actor.Person, span, f.Get("purpose"))
		if err == nil {
			return s.doneWith(w, r, templates.WindowAnnouncedFlash, maintenancePath)
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page, err := s.maintenancePage(r, actor)
	if err != nil {
		return err
	}
	page.Key, page.Errors = key.String(), broken
	page.Typed = templates.MaintenanceTyped{
		FromDay: f.Get("from.day"), FromClock: f.Get("from.clock"), ToDay: f.Get("to.day"), ToClock: f.Get("to.clock"), Purpose: f.Get("purpose"),
	}
	return s.showBroken(w, "outages/maintenance", page)
}

// cancelMaintenance takes a window back.
func (s *Server) cancelMaintenance(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	id, err := strconv.ParseInt(chi.URLParam(r, "window"), 10, 64)
	if err != nil {
		return storage.ErrNotFound
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	err = s.store.CancelMaintenance(r.Context(), id, actor.Person, reason)
	if err == nil {
		return s.doneWith(w, r, templates.WindowCancelledFlash, maintenancePath)
	}
	broken, is := asBroken(err)
	if !is {
		return err
	}
	page, err := s.maintenancePage(r, actor)
	if err != nil {
		return err
	}
	page.Errors = broken
	for i := range page.Windows {
		if page.Windows[i].ID == id {
			page.Windows[i].Broken, page.Windows[i].Reason = true, reason
		}
	}
	return s.showBroken(w, "outages/maintenance", page)
}
