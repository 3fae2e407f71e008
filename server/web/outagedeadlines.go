package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// Deadlines follow an outage: what it touched is proposed, an officer decides once, and
// the rows of that decision are carried out one by one.

// showOutageDeadlines lists the deadlines that an outage touched.
func (s *Server) showOutageDeadlines(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.outageDeadlinesPage(r, actor, r.URL.Query())
	if err != nil {
		return err
	}
	return s.show(w, "outages/deadlines", page)
}

// outageDeadlines reads the outage named in the path with what it touched.
func (s *Server) outageDeadlines(r *http.Request, actor staff.Actor) (storage.OutageDeadlines, error) {
	id, err := strconv.ParseInt(chi.URLParam(r, "outage"), 10, 64)
	if err != nil {
		return storage.OutageDeadlines{}, storage.ErrNotFound
	}
	return s.store.OutageDeadlines(r.Context(), actor.Reads(), id)
}

// outageDeadlinesPage lays the groups out; typed is the form or the address.
func (s *Server) outageDeadlinesPage(r *http.Request, actor staff.Actor, typed url.Values) (templates.OutageDeadlinesPage, error) {
	var page templates.OutageDeadlinesPage
	d, err := s.outageDeadlines(r, actor)
	if err != nil {
		return page, err
	}
	path := outagePath(d.ID)
	page = templates.OutageDeadlinesPage{
		Shell: s.shell(r, templates.TitleOutageDeadlines, outagePlace(actor)), Key: newKey(), URL: path + "/deadlines",
		Facts: append([]string{templates.OutageSpan(d.Span.From, d.Span.To)}, templates.OutageStood(stoodStill(d))...),
	}
	page.Crumbs = outageCrumbs(templates.Crumb{Label: words.OutageName(outage.Stopped, d.Span.From), URL: path}, templates.Crumb{Label: page.Title})
	if broken := d.Ready(); broken != nil {
		page.Blocked = messages(broken)
		return page, nil
	}
	if page.Reason = typed.Get("reason"); page.Reason == "" && !typed.Has("reason") {
		page.Reason = templates.OutageReason(d.Span.From, d.Span.To)
	}
	tried, err := s.store.TriedUnits(r.Context(), actor.Reads(), d)
	if err != nil {
		return page, err
	}
	grouped := map[string]bool{}
	for _, g := range d.Groups {
		page.Groups = append(page.Groups, outageGroup(g, tried, grouped, typed))
	}
	for _, one := range tried {
		if !grouped[one.Document] && !one.Given {
			page.Others = append(page.Others, triedRow(one))
		}
	}
	if err := s.addDecided(r, &page, d.ID); err != nil {
		return page, err
	}
	if len(page.Groups) == 0 {
		page.Empty = templates.NothingTouched(path, len(page.Batches) > 0)
	}
	return page, nil
}

// stoodStill are the days on which the clocks of delays stood still for this outage.
func stoodStill(d storage.OutageDeadlines) []calendar.Day {
	until := d.Span.To
	if d.Span.Open() {
		until = d.Now
	}
	return d.Calendar.DaysStill(calendar.DayOf(d.Span.From)-1, calendar.DayOf(until))
}

// groupID is a group's name in the form: what it was when it was shown.
func groupID(g storage.DeadlineGroup) string {
	id := string(g.Kind) + "-" + g.Campaign + "-" + strconv.FormatInt(g.Due.Unix(), 10)
	if g.Extended {
		id += "-x"
	}
	return id
}

func outageGroup(g storage.DeadlineGroup, tried []storage.TriedUnit, grouped map[string]bool, typed url.Values) templates.OutageGroup {
	id := groupID(g)
	who := templates.ExtendAll
	group := templates.OutageGroup{
		ID: id, Name: g.Name, URL: campaignPath(g.Campaign), Kind: templates.OutageKind(string(g.Kind)),
		Size: templates.OutageSize(string(g.Kind), g.Documents, g.Tasks), Due: words.InstantShort(g.Due), Given: templates.OutageGivenBack(g.Given),
		Until: words.Date(g.Until),
	}
	if g.Own {
		group.Notes = append(group.Notes, templates.OutageWholeCampaign)
	}
	if note := templates.OutageKindNote(string(g.Kind)); note != "" {
		group.Notes = append(group.Notes, note)
	}
	if g.Extended {
		who = templates.ExtendNone
		group.Notes = append(group.Notes, templates.OutageExtendedSince)
	}
	if typed.Has("who." + id) {
		who, group.Until = typed.Get("who."+id), typed.Get("until."+id)
	}
	group.Who = templates.WhoOptions(who, string(g.Kind), g.Documents, g.Tried)
	for _, one := range tried {
		if one.Campaign == g.Campaign && touches(g, one) {
			grouped[one.Document] = true
			group.Tried = append(group.Tried, triedRow(one))
		}
	}
	return group
}

// touches tells whether a document with failed attempts belongs to a group. Which tasks
// of a plan were meant is not known.
func touches(g storage.DeadlineGroup, one storage.TriedUnit) bool {
	switch g.Kind {
	case storage.DeadlineDocuments, storage.DeadlineReviews:
		return one.Due.Equal(g.Due)
	case storage.DeadlineAppraisals:
		return one.RoundDue != nil && one.RoundDue.Equal(g.Due)
	case storage.DeadlineSigned:
		return one.UnitDue.Equal(g.Due)
	}
	return true
}

func triedRow(one storage.TriedUnit) templates.TriedRow {
	return templates.TriedRow{
		URL: "/documents/" + one.Document, Unit: one.UnitName, What: templates.OutageTried(one.Seen, one.Told, one.First, one.Last),
	}
}

// addDecided adds what has been decided about the outage's deadlines.
func (s *Server) addDecided(r *http.Request, page *templates.OutageDeadlinesPage, id int64) error {
	batches, err := s.store.OutageBatches(r.Context(), id)
	if err != nil || len(batches) == 0 {
		return err
	}
	for _, b := range batches {
		page.Batches = append(page.Batches, templates.OutageBatchRow{
			By: b.By, Text: templates.OutageBatchText(b.At, b.Items, b.Done, b.Refused, b.Waiting()), Waiting: b.Waiting() > 0,
		})
	}
	grants, err := s.store.OutageGrants(r.Context(), id)
	if err != nil {
		return err
	}
	for _, g := range grants {
		page.Given = append(page.Given, templates.OutageGiven{
			Kind: templates.OutageKind(string(g.Kind)), Name: g.Name, URL: campaignPath(g.Campaign), Size: templates.OutageSize(string(g.Kind), g.Documents, g.Tasks),
			From: words.InstantShort(g.From), Until: words.InstantShort(g.Until),
		})
	}
	refused, err := s.store.RefusedDeadlines(r.Context(), id)
	if err != nil {
		return err
	}
	for _, one := range refused {
		page.Refused = append(page.Refused, templates.OutageRefused(one.Document, one.Name, one.UnitName, messages(one.Broken)))
	}
	return nil
}

// extendOutageDeadlines takes an officer's word for the chosen groups: the rows are
// written at once, then carried out; what is not done when the officer stops waiting, or
// when the program dies, the worker carries out.
func (s *Server) extendOutageDeadlines(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	key, err := formKey(r)
	if err != nil {
		return err
	}
	d, err := s.outageDeadlines(r, actor)
	if err != nil {
		return err
	}
	n := storage.NewOutageBatch{Key: key, Outage: d.ID, Actor: actor, Reason: storage.CleanText(r.PostFormValue("reason"))}
	err = s.keepDeadlines(r, d, n)
	if broken := brokenIn(err); broken != nil {
		page, err := s.outageDeadlinesPage(r, actor, r.PostForm)
		if err != nil {
			return err
		}
		page.Errors = broken
		return s.showBroken(w, "outages/deadlines", page)
	}
	if err != nil {
		return err
	}
	s.carryOutDeadlines(r, key)
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.ExtendedFlash}); err != nil {
		return err
	}
	return goTo(w, r, outagePath(d.ID)+"/deadlines")
}

// keepDeadlines writes the rows of the chosen groups. A double click finds them written,
// and the groups gone.
func (s *Server) keepDeadlines(r *http.Request, d storage.OutageDeadlines, n storage.NewOutageBatch) error {
	kept, err := s.store.OutageBatchKept(r.Context(), n)
	if kept || err != nil {
		return err
	}
	var broken rule.Errors
	if n.Answers, broken = deadlineAnswers(d, r.PostForm); broken != nil {
		return broken
	}
	return s.store.AddOutageBatch(r.Context(), n)
}

// deadlineAnswers reads the chosen groups with their new days. A group that has gone
// since the page was shown is said to have moved.
func deadlineAnswers(d storage.OutageDeadlines, form url.Values) ([]storage.DeadlineAnswer, rule.Errors) {
	groups := map[string]storage.DeadlineGroup{}
	for _, g := range d.Groups {
		groups[groupID(g)] = g
	}
	var answers []storage.DeadlineAnswer
	var broken rule.Errors
	for _, name := range slices.Sorted(maps.Keys(form)) {
		id, chosen := strings.CutPrefix(name, "who.")
		who := form.Get(name)
		if !chosen || who == templates.ExtendNone {
			continue
		}
		g, known := groups[id]
		if !known {
			broken.Add(storage.DueMovedMeanwhile, "")
			continue
		}
		field := "until." + id
		until, ok := dayIn(form.Get(field))
		if !ok {
			broken.Add(dateBad, field)
			continue
		}
		answers = append(answers, storage.DeadlineAnswer{
			Kind: g.Kind, Campaign: g.Campaign, Due: g.Due, Extended: g.Extended, Until: until, Tried: who == templates.ExtendTried, Field: field,
		})
	}
	return answers, broken
}

// wokenAtOnce is how many workflows the request tells itself; the relay tells the rest
// within seconds.
const wokenAtOnce = 50

// carryOutDeadlines carries a batch out as long as its officer waits.
func (s *Server) carryOutDeadlines(r *http.Request, key uuid.UUID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), batchPatience)
	defer cancel()
	log := visitOf(ctx).log
	if err := s.store.AnswerOutageBatch(ctx, key); err != nil {
		log.WarnContext(ctx, "batch left to the worker", "batch", key, "error", err)
	}
	if ctx.Err() != nil {
		return
	}
	wakes, err := s.store.OutageWakes(ctx, key)
	if err != nil {
		log.WarnContext(ctx, "signals left to the relay", "batch", key, "error", err)
	}
	for _, wake := range wakes[:min(len(wakes), wokenAtOnce)] {
		s.signal(r, storage.NewDecision{Key: key, Document: wake.Document}, wake.Stage)
	}
	s.awaitDeadlines(ctx, key, len(wakes) <= wokenAtOnce)
}

// awaitDeadlines waits a little until a small batch is answered, so that the page shows
// its end.
func (s *Server) awaitDeadlines(ctx context.Context, key uuid.UUID, small bool) {
	const pause = 100 * time.Millisecond
	for until := time.Now().Add(s.patience); small && time.Now().Before(until); {
		wakes, err := s.store.OutageWakes(ctx, key)
		if err != nil || len(wakes) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
