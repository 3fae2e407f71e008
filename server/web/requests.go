package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showExtensions lists the open requests for more time, campaign by campaign.
func (s *Server) showExtensions(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.extensionsPage(r, actor, r.URL.Query())
	if err != nil {
		return err
	}
	return s.show(w, "extensions/list", page)
}

// extensionsPage lays the requests out; typed is the form or the address: campaign,
// page, reason, until.<id>, and the chosen ones as request or pick.
func (s *Server) extensionsPage(r *http.Request, actor staff.Actor, typed url.Values) (templates.ExtensionsPage, error) {
	code, number := typed.Get("campaign"), pageNumber(typed)
	requests, err := s.store.OpenRequests(r.Context(), actor.Reads(), code, number)
	if err != nil {
		return templates.ExtensionsPage{}, err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return templates.ExtensionsPage{}, err
	}
	page := templates.ExtensionsPage{
		Shell: s.shell(r, templates.TitleExtensions, templates.AtCampaigns), Key: newKey(), Campaign: code,
		Reason: typed.Get("reason"), Empty: templates.NoRequests(),
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: page.Title}}
	if code != "" {
		page.All = "/extensions"
	}
	if len(requests) == 0 {
		return page, nil
	}
	total := requests[0].Total
	page.Facts = templates.ExtensionsFacts(total)
	here := *r.URL
	if here.RawQuery = ""; code != "" {
		here.RawQuery = url.Values{"campaign": {code}}.Encode()
	}
	page.Paging = paging(&here, number, len(requests), storage.RequestsPage, total, templates.RequestNoun)
	if number > 1 {
		page.Hidden = []templates.HiddenField{{Name: "page", Value: strconv.Itoa(number)}}
	}
	page.Groups = requestGroups(requests, chosenRequests(requests, typed), typed, now)
	page.Choose = chooseRequests(page.Groups)
	return page, nil
}

// chosenRequests are those that were ticked, and what the button for all of them or
// of one campaign asks for.
func chosenRequests(requests []storage.Request, typed url.Values) map[string]bool {
	chosen := setOf(append(typed["request"], typed["pick"]...))
	what, code, one := strings.Cut(typed.Get("verdict"), ".")
	if what != templates.ChooseAll && what != templates.ChooseNone {
		return chosen
	}
	for _, r := range requests {
		if !one || r.Campaign == code {
			chosen[strconv.FormatInt(r.ID, 10)] = what == templates.ChooseAll
		}
	}
	return chosen
}

// chooseRequests gives each campaign with several requests its button, and is that of
// the page; nil where there is one campaign.
func chooseRequests(groups []templates.RequestGroup) *templates.Choose {
	n, all := 0, true
	for i, group := range groups {
		free, ticked := 0, 0
		for _, row := range group.Rows {
			if !row.Waiting {
				free++
			}
			if row.Checked && !row.Waiting {
				ticked++
			}
		}
		if free > 1 {
			groups[i].Choose = templates.ChooseOf(strings.TrimPrefix(group.ID, requestGroup), group.Campaign, free, ticked == free)
		}
		n, all = n+free, all && ticked == free
	}
	if len(groups) < 2 || n < 2 {
		return nil
	}
	return templates.ChooseOf("", "", n, all)
}

// requestGroup begins the anchor of a campaign's requests.
const requestGroup = "campaign-"

func requestGroups(requests []storage.Request, chosen map[string]bool, typed url.Values, now time.Time) []templates.RequestGroup {
	var groups []templates.RequestGroup
	for i, one := range requests {
		if i == 0 || one.Campaign != requests[i-1].Campaign {
			groups = append(groups, templates.RequestGroup{ID: requestGroup + one.Campaign, Campaign: one.CampaignName, URL: campaignPath(one.Campaign)})
		}
		group := &groups[len(groups)-1]
		id := strconv.FormatInt(one.ID, 10)
		row := templates.RequestRow{
			ID: one.ID, Checked: chosen[id] || len(requests) == 1, URL: "/documents/" + one.Document, Unit: one.UnitName,
			Status: words.Lower(templates.DeskName(one.Stage)), Due: words.InstantShort(one.DueAt), Late: document.Overdue(one.DueAt, false, now),
			Wanted: words.InstantShort(one.Until), Reason: one.Reason, Waiting: one.Waiting,
			By:    templates.RequestBy(one.By, words.Role(one.Role), one.AskedAt, now),
			Until: words.Date(words.LastDay(one.Until)),
		}
		if typed.Has("until." + id) {
			row.Until = typed.Get("until." + id)
		}
		group.Rows = append(group.Rows, row)
		group.Count = templates.RequestCountText(len(group.Rows))
	}
	return groups
}

// decideExtensions grants or declines the chosen requests: their rows are written
// at once, then carried out one by one. What the click did has a page of its own.
func (s *Server) decideExtensions(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	if what, _, _ := strings.Cut(r.PostFormValue("verdict"), "."); what == templates.ChooseAll || what == templates.ChooseNone {
		page, err := s.extensionsPage(r, actor, r.PostForm)
		if err != nil {
			return err
		}
		return s.show(w, "extensions/list", page)
	}
	n, broken, err := s.batchForm(r, actor, key)
	if err != nil {
		return err
	}
	if broken == nil {
		err = s.store.AddBatch(r.Context(), n)
		broken = brokenIn(err)
	}
	if broken != nil {
		return s.extensionsAgain(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	// Begun is carried on, whether or not the officer waits: what is left if the
	// program dies here, the worker carries out.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), batchPatience)
	defer cancel()
	if err := s.store.AnswerBatch(ctx, key); err != nil {
		visitOf(ctx).log.WarnContext(ctx, "batch left to the worker", "batch", key, "error", err)
	}
	if err := s.awaitBatch(r, key); err != nil {
		return err
	}
	return goTo(w, r, "/extensions/batches/"+key.String())
}

// batchPatience is how long a batch may be carried out while its officer waits; what is
// left of it is the worker's.
const batchPatience = 10 * time.Second

// batchForm reads the chosen requests with the days that are granted.
func (s *Server) batchForm(r *http.Request, actor staff.Actor, key uuid.UUID) (storage.NewBatch, rule.Errors, error) {
	n := storage.NewBatch{
		Key: key, Actor: actor, Verdict: storage.Verdict(r.PostFormValue("verdict")), Reason: storage.CleanText(r.PostFormValue("reason")),
	}
	if n.Verdict != storage.Grant && n.Verdict != storage.Decline {
		return n, nil, errBadForm
	}
	cutoffs, err := s.store.RequestCutoffs(r.Context(), actor.Reads(), numbers(r.PostForm["request"]))
	if err != nil {
		return n, nil, err
	}
	var broken rule.Errors
	for _, id := range numbers(r.PostForm["request"]) {
		one := storage.RequestAnswer{Request: id}
		field := "until." + strconv.FormatInt(id, 10)
		if n.Verdict == storage.Grant {
			day, ok := dayIn(r.PostFormValue(field))
			if !ok {
				broken.Add(dateBad, field)
			}
			one.Until = day.At(cutoffs[id])
		}
		if _, known := cutoffs[id]; known {
			n.Answers = append(n.Answers, one)
		}
	}
	return n, broken, nil
}

// numbers are the texts that are numbers.
func numbers(texts []string) []int64 {
	var found []int64
	for _, text := range texts {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			found = append(found, n)
		}
	}
	return found
}

func (s *Server) extensionsAgain(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	page, err := s.extensionsPage(r, actor, r.PostForm)
	if err != nil {
		return err
	}
	page.Errors = broken
	return s.showBroken(w, "extensions/list", page)
}

// awaitBatch tells the workflows to look, and waits a little for their answers.
func (s *Server) awaitBatch(r *http.Request, key uuid.UUID) error {
	batch, err := s.store.Batch(r.Context(), key)
	if err != nil {
		return err
	}
	until := time.Now().Add(s.patience)
	waiter := s.answers.Register()
	defer waiter.Leave()
	for _, item := range batch.Items {
		if item.Decision == 0 || item.Decided != "" {
			continue
		}
		stage, err := s.store.DocumentStage(r.Context(), item.Document)
		if err != nil {
			return err
		}
		s.signal(r, storage.NewDecision{Key: key, Document: item.Document}, stage)
	}
	for _, item := range batch.Items {
		left := time.Until(until)
		if item.Decision == 0 || item.Decided != "" || left <= 0 {
			continue
		}
		if _, err := waiter.Wait(r.Context(), item.Decision, batch.Person, left); err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err // another officer's key: there is nothing to wait for
		}
	}
	return nil
}

// showBatch tells what a click did, request by request.
func (s *Server) showBatch(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	key, err := uuid.Parse(chi.URLParam(r, "key"))
	if err != nil {
		return storage.ErrNotFound
	}
	batch, err := s.store.Batch(r.Context(), key)
	if err != nil {
		return err
	}
	page := templates.BatchPage{
		Shell: s.shell(r, templates.TitleBatch, templates.AtCampaigns), Reason: batch.Reason,
		Facts: templates.BatchFacts(batch.By, batch.At, len(batch.Items)),
	}
	page.Crumbs = []templates.Crumb{
		{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: templates.TitleExtensions, URL: "/extensions"}, {Label: page.Title},
	}
	for _, state := range storage.BatchStates {
		var rows []templates.BatchRow
		for _, item := range batch.Items {
			if batch.State(item) == state {
				rows = append(rows, batchRow(item))
			}
		}
		if len(rows) > 0 {
			group := templates.BatchGroupOf(string(state), len(rows))
			group.Rows = rows
			page.Groups = append(page.Groups, group)
		}
	}
	return s.show(w, "extensions/batch", page)
}

func batchRow(item storage.BatchItem) templates.BatchRow {
	row := templates.BatchRow{
		URL: "/documents/" + item.Document, Unit: item.UnitName, Wanted: words.InstantShort(item.Asked), Why: messages(item.Broken),
	}
	if item.Until != nil {
		row.Until = words.InstantShort(*item.Until)
	}
	return row
}
