package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cchc/board"
	"cchc/domain/calendar"
	"cchc/domain/outage"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showOutage is one outage: what comes next, what was told about it, what happened.
func (s *Server) showOutage(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	one, err := s.outageOf(r)
	if err != nil {
		return err
	}
	page, err := s.outagePage(r, actor, one.ID)
	if err != nil {
		return err
	}
	return s.show(w, "outages/show", page)
}

// outageView makes the page of one outage.
type outageView struct {
	*Server
	r        *http.Request
	actor    staff.Actor
	one      storage.Outage
	handling storage.OutageHandling
	days     calendar.Calendar
	windows  []outage.Window
	now      time.Time
	parties  map[outage.Party]string // in words
	page     *templates.OutagePage
}

func (s *Server) outagePage(r *http.Request, actor staff.Actor, id int64) (templates.OutagePage, error) {
	page := templates.OutagePage{Key: newKey(), URL: outagePath(id)}
	v := outageView{Server: s, r: r, actor: actor, page: &page}
	var err error
	if v.one, err = s.store.Outage(r.Context(), id); err != nil {
		return page, err
	}
	if v.handling, err = s.store.HandlingOf(r.Context(), v.one); err != nil {
		return page, err
	}
	if v.days, v.now, err = s.reckoning(r); err != nil {
		return page, err
	}
	if v.windows, err = s.store.MaintenanceSpans(r.Context()); err != nil {
		return page, err
	}
	if v.parties, err = s.partyNames(r, v.handling); err != nil {
		return page, err
	}
	page.Shell = s.shell(r, words.OutageName(v.one.Kind, v.one.BeganAt), outagePlace(actor))
	page.Crumbs = outageCrumbs(templates.Crumb{Label: page.Title})
	page.Version, page.Chip = v.one.Version, templates.OutageChip(v.one.Closing, v.one.EndedAt != nil)
	page.What, page.Advice = paragraphsOf(v.one.What), paragraphsOf(v.one.Advice)
	v.facts()
	v.offers()
	if err := v.notices(); err != nil {
		return page, err
	}
	return page, v.timeline()
}

// paragraphsOf are the lines of a text that say something.
func paragraphsOf(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s *Server) partyNames(r *http.Request, h storage.OutageHandling) (map[outage.Party]string, error) {
	authority, err := s.store.Unit(r.Context(), s.store.Authority())
	if err != nil {
		return nil, err
	}
	names := map[outage.Party]string{outage.Authority: authority.Name, outage.IT: h.ITUnit}
	if it, err := s.store.Unit(r.Context(), h.ITUnit); err == nil {
		names[outage.IT] = it.Name
	}
	return names, nil
}

// facts are the pairs at the head, and what comes by itself.
func (v *outageView) facts() {
	one := v.one
	v.page.Facts = templates.OutageFacts(one.Kind, one.BeganAt, one.EndedAt, one.ExpectedAt, one.Source, one.OpenedBy, one.OpenedAt)
	if one.Kind == outage.Stopped {
		lost := v.handling.Rule.Lost(v.days, one.Span(), v.windows, v.now)
		v.page.Facts = append(v.page.Facts, templates.LostPair(lost, v.handling.Rule.OfficeDay()))
	}
	if one.ConfirmedAt != nil {
		v.page.Facts = append(v.page.Facts, templates.ConfirmedPair(*one.ConfirmedAt, one.ConfirmedBy))
	}
	if one.DismissedAt != nil {
		v.page.Facts = append(v.page.Facts, templates.DismissedPair(*one.DismissedAt, one.DismissedBy, one.DismissedFor))
	}
	if one.ClosedAt != nil {
		return
	}
	var settles *time.Time
	if one.EndedAt != nil {
		at := one.EndedAt.Add(v.handling.Rule.Recovery)
		settles = &at
	}
	mark := one.MarkAt
	if mark == nil { // not reckoned yet
		if at, ever := v.handling.Rule.Mark(v.days, one.Span(), v.windows); ever {
			mark = &at
		}
	}
	v.page.Next = templates.OutageNextNote(one.Kind, mark, settles, v.now)
}

// offers are what the reader may do.
func (v *outageView) offers() {
	one := v.one
	officer := v.actor.Holds(staff.Officer, v.store.Authority()) || v.actor.Holds(staff.AuthorityHead, v.store.Authority())
	if v.actor.HoldsAny(staff.SystemAdmin) && v.workflowURL != nil && one.RunID != "" {
		v.page.Engine = v.workflowURL("outage-"+strconv.FormatInt(one.ID, 10), one.RunID)
	}
	v.page.Confirms = officer && one.Kind == outage.Stopped && one.ConfirmedAt == nil && one.DismissedAt == nil
	if v.actor.Holds(staff.Officer, v.store.Authority()) && one.Kind == outage.Stopped && one.ConfirmedAt != nil && one.EndedAt != nil {
		v.page.Deadlines = &templates.Link{Label: templates.LinkOutageDeadlines, URL: v.page.URL + "/deadlines"}
	}
	if one.ClosedAt != nil {
		return
	}
	v.page.Dismisses = officer && one.ConfirmedAt == nil && one.DismissedAt == nil
	if v.keepsOutages(v.r, v.actor) != nil {
		return
	}
	v.page.EditURL = v.page.URL + "/edit"
	if one.EndedAt == nil {
		v.page.Ends = &templates.OutageEnd{Label: templates.EndLabel(one.Kind)}
		v.page.Ends.Day, v.page.Ends.Clock = typedInstant(v.now)
	}
}

// notices lays out the draft that waits, and what was published.
func (v *outageView) notices() error {
	all, err := v.store.OutageNotices(v.r.Context(), v.one.ID)
	if err != nil {
		return err
	}
	for _, n := range slices.Backward(all) {
		given, err := v.store.OutageWords(v.r.Context(), n.ID)
		if err != nil {
			return err
		}
		switch {
		case n.WithdrawnAt != nil:
		case n.PublishedAt != nil:
			v.page.Told = append(v.page.Told, v.told(n, given))
		case len(n.Needs) > 0:
			draft, err := v.draft(n, given)
			if err != nil {
				return err
			}
			v.page.Draft = draft
		}
	}
	if v.page.Told != nil && v.page.Dismisses {
		v.page.Dismisses = false // units have been told
	}
	return nil
}

func noticePath(n storage.OutageNotice) string {
	return outagePath(n.Outage) + "/notices/" + strconv.FormatInt(n.ID, 10)
}

func (v *outageView) told(n storage.OutageNotice, given []storage.OutageWordRow) templates.OutageTold {
	told := templates.OutageTold{
		ID: board.ID(n), Heading: templates.NoticeHeading(n.Number), Title: n.Title, Text: n.Text,
		About: templates.ToldAbout(*n.PublishedAt, n.TakenOver), Page: noticePath(n) + ".html",
	}
	if n.PDFHash != "" {
		told.PDFURL = noticePath(n) + ".pdf"
	}
	for _, word := range given {
		if word.Version == n.Version {
			told.Words = append(told.Words, v.word(word.Party, &word))
		}
	}
	if n.TakenOver && !n.Told && v.actor.Holds(staff.Officer, v.store.Authority()) {
		told.RestURL = noticePath(n) + "/rest"
	}
	return told
}

func (v *outageView) word(party outage.Party, given *storage.OutageWordRow) templates.OutageWord {
	word := templates.OutageWord{Party: v.parties[party], Chip: templates.WordChip("")}
	if given != nil {
		word.Chip = templates.WordChip(string(given.Verdict))
		word.About, word.Reason = templates.WordAbout(given.Name, given.Road, given.At), given.Reason
	}
	return word
}

func (v *outageView) draft(n storage.OutageNotice, given []storage.OutageWordRow) (*templates.OutageDraft, error) {
	late := v.now.After(n.DueAt)
	draft := &templates.OutageDraft{
		URL: noticePath(n) + "/word", Version: n.Version, Hash: n.Hash, Heading: templates.NoticeHeading(n.Number), Title: n.Title,
		Text: n.Text, Due: templates.DraftDue(n.DueAt, late), Late: late, PDFURL: noticePath(n) + ".pdf", Page: noticePath(n) + ".html",
	}
	if n.Number == "" {
		draft.Note = templates.NumberHint()
	}
	if outageOfficers.permits(v.Server, v.r, v.actor) == nil {
		draft.EditURL = noticePath(n) + "/edit"
	}
	may, err := v.speaksFor(v.r, v.actor)
	if err != nil {
		return nil, err
	}
	for _, party := range n.Needs {
		at := slices.IndexFunc(given, func(w storage.OutageWordRow) bool { return w.Party == party && w.Version == n.Version })
		if at >= 0 {
			draft.Words = append(draft.Words, v.word(party, &given[at]))
			continue
		}
		draft.Words = append(draft.Words, v.word(party, nil))
		if _, speaks := may[party]; speaks {
			speaker := templates.OutageSpeaker{Party: party, Name: v.parties[party], Key: newKey(), FieldID: "reason"}
			if len(draft.Speaks) > 0 {
				speaker.FieldID += "-" + string(party)
			}
			draft.Speaks = append(draft.Speaks, speaker)
		}
	}
	return draft, nil
}

func (v *outageView) timeline() error {
	events, err := v.store.OutageTimeline(v.r.Context(), v.one.ID)
	if err != nil {
		return err
	}
	for _, e := range events {
		d := e.Detail()
		happened := templates.OutageHappened{
			Event: e.Event, At: e.At, Who: e.Person, Source: d.Source, Reason: d.Reason, Number: d.Number, Name: d.Name, Kind: d.Kind,
			Party: v.parties[d.Party], From: d.From, To: d.To, Risk: v.one.Kind == outage.AtRisk, All: d.All, How: d.How,
		}
		for _, party := range d.Parties {
			happened.Parties = append(happened.Parties, v.parties[party])
		}
		v.page.Timeline = append(v.page.Timeline, templates.OutageLine(happened))
	}
	return nil
}

// askedDraft is the line of "my tasks" about a draft that waits for the reader's word;
// nil: none does.
func (s *Server) askedDraft(r *http.Request, actor staff.Actor) (*templates.LinkedNote, error) {
	asked, err := s.store.AskedNotices(r.Context(), actor)
	if err != nil || len(asked) == 0 {
		return nil, err
	}
	first := asked[0]
	return templates.DraftAskedNote(first.Title, outagePath(first.Outage)+"#draft", first.DueAt, first.Late, len(asked)-1), nil
}

// Beat notes every few seconds that the server is alive, until the context ends. What
// was missed is found at the next one.
func (s *Server) Beat(ctx context.Context) {
	every := time.NewTicker(storage.BeatEvery)
	defer every.Stop()
	for {
		if err := s.store.Beat(ctx, storage.BeatServer); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "heart did not beat", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}
