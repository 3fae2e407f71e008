package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	outagesPath = "/outages"
	// mostOutages is how many are listed: some a year.
	mostOutages = 200
)

func outagePath(id int64) string { return outagesPath + "/" + strconv.FormatInt(id, 10) }

// showOutages lists what has stopped or may stop, and what did.
func (s *Server) showOutages(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	all, err := s.store.Outages(r.Context(), mostOutages)
	if err != nil {
		return err
	}
	beats, err := s.store.Heartbeats(r.Context())
	if err != nil {
		return err
	}
	page := templates.OutagesPage{
		Shell: s.shell(r, templates.TitleOutages, outagePlace(actor)), Keeps: s.keepsOutages(r, actor) == nil,
		Empty: templates.NoOutages(),
	}
	for _, one := range all {
		row := templates.OutageRow{
			URL: outagePath(one.ID), Title: words.OutageName(one.Kind, one.BeganAt),
			About: templates.OutageUntil(one.Kind, one.EndedAt), Chip: templates.OutageChip(one.Closing, one.EndedAt != nil),
		}
		if one.ClosedAt == nil {
			page.Open = append(page.Open, row)
		} else {
			page.Past = append(page.Past, row)
		}
	}
	health, told, err := s.store.WatchHealth(r.Context())
	if err != nil {
		return err
	}
	if told {
		page.Watch = templates.WatchNotes(health)
	}
	for _, beat := range beats {
		page.Beats = append(page.Beats, templates.BeatRow(beat.Program, beat.At, beat.Late))
	}
	return s.show(w, "outages/list", page)
}

// outagePlace is where the pages stand in the reader's menu.
func outagePlace(actor staff.Actor) templates.Place {
	if actor.HoldsAny(staff.SystemAdmin) {
		return templates.AtOperator
	}
	return templates.AtNowhere
}

func outageCrumbs(more ...templates.Crumb) []templates.Crumb {
	return append([]templates.Crumb{{Label: templates.TitleOutages, URL: outagesPath}}, more...)
}

// outageOf reads the one of the address.
func (s *Server) outageOf(r *http.Request) (storage.Outage, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "outage"), 10, 64)
	if err != nil {
		return storage.Outage{}, storage.ErrNotFound
	}
	return s.store.Outage(r.Context(), id)
}

// showNewOutage is the form of a new outage, or of a risk.
func (s *Server) showNewOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	typed := templates.OutageTyped{}
	typed.BeganDay, typed.BeganClock = typedInstant(now)
	return s.show(w, "outages/form", s.newOutagePage(r, actor, r.URL.Query().Get("kind") == string(outage.AtRisk), typed))
}

func typedInstant(at time.Time) (day, clock string) {
	return words.Date(calendar.DayOf(at)), words.Clock(at)
}

func (s *Server) newOutagePage(r *http.Request, actor staff.Actor, risk bool, typed templates.OutageTyped) templates.OutageFormPage {
	title := templates.TitleNewOutage
	if risk {
		title = templates.TitleNewRisk
	}
	page := templates.OutageFormPage{
		Shell: s.shell(r, title, outagePlace(actor)), Key: newKey(), URL: outagesPath + "/new", Back: outagesPath, Risk: risk,
		Draft: typed, Submit: title,
	}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: title})
	return page
}

// openOutage lays one down by hand.
func (s *Server) openOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r, "key", "kind"); err != nil {
		return err
	}
	key, err := formKey(r)
	if err != nil {
		return err
	}
	kind := outage.Stopped
	if r.PostForm.Get("kind") == string(outage.AtRisk) {
		kind = outage.AtRisk
	}
	text, typed, broken := readOutage(r.PostForm)
	if len(broken) == 0 {
		id, err := s.store.OpenOutage(r.Context(), key, actor, kind, text)
		if err == nil {
			return s.doneWith(w, r, templates.OutageOpenedFlash, outagePath(id))
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page := s.newOutagePage(r, actor, kind == outage.AtRisk, typed)
	page.Key, page.Errors = key.String(), broken
	return s.showBroken(w, "outages/form", page)
}

// doneWith shows a banner on the page that comes next.
func (s *Server) doneWith(w http.ResponseWriter, r *http.Request, banner templates.Flash, path string) error {
	if err := s.flash(r, banner); err != nil {
		return err
	}
	return goTo(w, r, path)
}

// readOutage reads the form: instants that are none, and what was typed.
func readOutage(f url.Values) (storage.OutageText, templates.OutageTyped, rule.Errors) {
	var broken rule.Errors
	typed := templates.OutageTyped{
		BeganDay: f.Get("began.day"), BeganClock: f.Get("began.clock"), ExpectedDay: f.Get("expected.day"),
		ExpectedClock: f.Get("expected.clock"), What: f.Get("what"), Advice: f.Get("advice"),
	}
	text := storage.OutageText{What: typed.What, Advice: typed.Advice, BeganAt: readInstant(f, "began", &broken)}
	if typed.ExpectedDay+typed.ExpectedClock != "" {
		expected := readInstant(f, "expected", &broken)
		text.ExpectedAt = &expected
	}
	return text, typed, broken
}

// readInstant reads a day and a clock.
func readInstant(f url.Values, field string, broken *rule.Errors) time.Time {
	day, ok := dayIn(strings.TrimSpace(f.Get(field + ".day")))
	if !ok {
		broken.Add(dateBad, field+".day")
	}
	minutes, ok := readClock(f.Get(field + ".clock"))
	if !ok {
		broken.Add(clockBad, field+".clock")
	}
	return day.At(minutes)
}

// showEditOutage is the form that changes what people are told of it.
func (s *Server) showEditOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, err := s.outageOf(r)
	if err != nil {
		return err
	}
	typed := templates.OutageTyped{What: one.What, Advice: one.Advice}
	typed.BeganDay, typed.BeganClock = typedInstant(one.BeganAt)
	if one.ExpectedAt != nil {
		typed.ExpectedDay, typed.ExpectedClock = typedInstant(*one.ExpectedAt)
	}
	return s.show(w, "outages/form", s.editOutagePage(r, actor, one, typed))
}

func (s *Server) editOutagePage(r *http.Request, actor staff.Actor, one storage.Outage, typed templates.OutageTyped) templates.OutageFormPage {
	page := templates.OutageFormPage{
		Shell: s.shell(r, templates.TitleEditOutage, outagePlace(actor)), Key: newKey(), URL: outagePath(one.ID) + "/edit",
		Back: outagePath(one.ID), Version: one.Version, Fixed: one.ConfirmedAt != nil, Draft: typed, Submit: templates.SaveOutage,
	}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: words.OutageName(one.Kind, one.BeganAt), URL: outagePath(one.ID)}, templates.Crumb{Label: page.Title})
	return page
}

// editOutage changes it on the version that was on the screen.
func (s *Server) editOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, version, err := s.changedOutage(r)
	if err != nil {
		return err
	}
	text, typed, broken := readOutage(r.PostForm)
	if one.ConfirmedAt != nil {
		text.BeganAt = one.BeganAt // what the page shows is told to the minute
	}
	if len(broken) == 0 {
		err := s.store.EditOutage(r.Context(), one.ID, version, actor, text)
		if err == nil {
			return s.doneWith(w, r, templates.OutageEditedFlash, outagePath(one.ID))
		}
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page := s.editOutagePage(r, actor, one, typed)
	page.Errors = broken
	return s.showBroken(w, "outages/form", page)
}

// changedOutage reads the outage of the address and the version that a form is about.
func (s *Server) changedOutage(r *http.Request) (storage.Outage, int, error) {
	if err := parseForm(r, "version"); err != nil {
		return storage.Outage{}, 0, err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return storage.Outage{}, 0, errBadForm
	}
	one, err := s.outageOf(r)
	return one, version, err
}

// endOutage notes since when the software is usable again.
func (s *Server) endOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, version, err := s.changedOutage(r)
	if err != nil {
		return err
	}
	var broken rule.Errors
	at := readInstant(r.PostForm, "ended", &broken)
	if len(broken) == 0 {
		err = s.store.EndOutage(r.Context(), one.ID, version, actor, at)
	}
	return s.outageChanged(w, r, actor, one, templates.OutageEndedFlash, broken, err)
}

// confirmOutage is an officer's word that it was one.
func (s *Server) confirmOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, version, err := s.changedOutage(r)
	if err != nil {
		return err
	}
	err = s.store.ConfirmOutage(r.Context(), one.ID, version, actor)
	return s.outageChanged(w, r, actor, one, templates.OutageConfirmedFlash, nil, err)
}

// dismissOutage is an officer's word that it was none.
func (s *Server) dismissOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, version, err := s.changedOutage(r)
	if err != nil {
		return err
	}
	err = s.store.DismissOutage(r.Context(), one.ID, version, actor, r.PostForm.Get("dismissed_for"))
	return s.outageChanged(w, r, actor, one, templates.OutageDismissedFlash, nil, err)
}

// outageChanged answers a form of the outage's page: with the banner, or with the page
// and what is wrong on it.
func (s *Server) outageChanged(w http.ResponseWriter, r *http.Request, actor staff.Actor, one storage.Outage, banner templates.Flash, broken rule.Errors, err error) error {
	if err == nil && len(broken) == 0 {
		return s.doneWith(w, r, banner, outagePath(one.ID))
	}
	if err != nil {
		is := false
		if broken, is = asBroken(err); !is {
			return err
		}
	}
	page, err := s.outagePage(r, actor, one.ID)
	if err != nil {
		return err
	}
	page.Errors, page.Reason = broken, r.PostForm.Get("dismissed_for")
	if page.Ends != nil && r.PostForm.Has("ended.day") {
		page.Ends.Day, page.Ends.Clock = r.PostForm.Get("ended.day"), r.PostForm.Get("ended.clock")
	}
	if page.Draft != nil {
		page.Draft.Reason = r.PostForm.Get("reason")
	}
	return s.showBroken(w, "outages/show", page)
}
