package web

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// remindListed is how many units of one outcome a page lists; the counts are of all,
// and the others are on pages of their own.
const remindListed = 300

// outcomeParam names the one outcome that a page goes through.
const outcomeParam = "outcome"

// showRemind tells whom one click would remind now.
func (s *Server) showRemind(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	filter := storage.ReminderFilter(boardFilter(r.URL.Query()), 0)
	page, run, err := s.remindPage(r, templates.TitleRemind, filterFields(filter), func(code string) (storage.ReminderRun, error) {
		return s.store.ReminderPreview(r.Context(), code, filter)
	})
	if err != nil {
		return err
	}
	if reached := run.Counts()[storage.ReminderSent] + run.Counts()[storage.ReminderVacant]; reached > 0 {
		page.Form = &templates.RemindForm{
			URL: campaignPath(run.Campaign) + "/remind", Key: newKey(),
			Label: templates.RemindButton(reached), Hidden: filterFields(filter),
		}
	}
	return s.show(w, "campaigns/remind", page)
}

// showReminded tells what a click has done, unit by unit.
func (s *Server) showReminded(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	key, err := uuid.Parse(chi.URLParam(r, "key"))
	if err != nil {
		return storage.ErrNotFound
	}
	page, _, err := s.remindPage(r, templates.TitleReminded, nil, func(code string) (storage.ReminderRun, error) {
		return s.store.ReminderRun(r.Context(), code, key)
	})
	if err != nil {
		return err
	}
	return s.show(w, "campaigns/remind", page)
}

// remindPage lays a run out by outcome. A run without a name has not happened.
func (s *Server) remindPage(r *http.Request, title string, filter []templates.HiddenField, read func(code string) (storage.ReminderRun, error)) (templates.RemindPage, storage.ReminderRun, error) {
	var page templates.RemindPage
	code := chi.URLParam(r, "code")
	c, err := s.store.Campaign(r.Context(), staff.Scope{All: true}, code)
	if err != nil {
		return page, storage.ReminderRun{}, err
	}
	run, err := read(code)
	if err != nil {
		return page, run, err
	}
	q := url.Values{}
	for _, field := range filter {
		q.Set(field.Name, field.Value)
	}
	page = templates.RemindPage{Shell: s.shell(r, title, templates.AtCampaigns), Back: withQuery(campaignPath(code), q), Empty: templates.NobodyToRemind(campaignPath(code))}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: c.Name, URL: page.Back}, {Label: title},
	}
	done, counts := run.By != "", run.Counts()
	reached := counts[storage.ReminderSent] + counts[storage.ReminderVacant]
	page.Facts = templates.RemindTotals(counts[storage.ReminderSent], len(run.Results)-reached, done)
	if done {
		page.Facts = append(page.Facts, templates.RemindedAt(run.By, run.At))
	}
	page.Groups = remindGroups(run, r.URL)
	if only := r.URL.Query().Get(outcomeParam); counts[storage.ReminderOutcome(only)] > 0 {
		page.AllURL = withQuery(r.URL.Path, q)
	}
	return page, run, nil
}

// remindGroups is the units of each outcome, as far as one page lists them; where the
// address names an outcome, a page of its units alone.
func remindGroups(run storage.ReminderRun, at *url.URL) []templates.RemindGroup {
	counts, only := run.Counts(), storage.ReminderOutcome(at.Query().Get(outcomeParam))
	if n := counts[only]; n > 0 {
		number := min(pageNumber(at.Query()), (n-1)/remindListed+1)
		group := remindGroup(run, only, n, (number-1)*remindListed)
		group.Paging = paging(at, number, len(group.Rows), remindListed, n, templates.UnitNoun)
		return []templates.RemindGroup{group}
	}
	var groups []templates.RemindGroup
	for _, outcome := range storage.ReminderOutcomes {
		n := counts[outcome]
		if n == 0 {
			continue
		}
		group := remindGroup(run, outcome, n, 0)
		if group.More = n - len(group.Rows); group.More > 0 {
			q := at.Query()
			q.Set(outcomeParam, string(outcome))
			q.Set("page", "2")
			group.MoreURL = withQuery(at.Path, q)
		}
		groups = append(groups, group)
	}
	return groups
}

// remindGroup lists the units of an outcome, from a row on, in the order of the run.
func remindGroup(run storage.ReminderRun, outcome storage.ReminderOutcome, n, from int) templates.RemindGroup {
	group := templates.RemindGroupOf(string(outcome), n, run.By != "")
	for _, one := range run.Results {
		if one.Outcome != outcome {
			continue
		}
		if from--; from >= 0 {
			continue
		}
		if len(group.Rows) == remindListed {
			break
		}
		row := templates.RemindRow{
			URL: "/documents/" + one.Document, Unit: one.UnitName, Desk: words.Role(one.Role),
			Holder: templates.HolderNames(one.Holders), Due: words.InstantShort(one.DueAt),
		}
		if len(one.Holders) == 0 {
			row.Holder = templates.NobodyHolds
		}
		group.Rows = append(group.Rows, row)
	}
	return group
}

// remindHolders reminds whoever holds what the board was narrowed to. The form's
// key names the run: a double click is shown what the first has done.
func (s *Server) remindHolders(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	code := chi.URLParam(r, "code")
	if _, err := s.store.Campaign(r.Context(), staff.Scope{All: true}, code); err != nil {
		return err
	}
	filter := storage.ReminderFilter(boardFilter(r.PostForm), 0)
	if err := s.store.RemindHolders(r.Context(), key, code, filter, actor); err != nil {
		return err
	}
	return goTo(w, r, campaignPath(code)+"/reminders/"+key.String())
}
