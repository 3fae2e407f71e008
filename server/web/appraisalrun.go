package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// showAppraisalRun is how far a campaign's appraisal is, and its schedule.
func (s *Server) showAppraisalRun(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	page, err := s.appraisalRunPage(r, actor)
	if err != nil {
		return err
	}
	return s.show(w, "appraisal/run", page)
}

func (s *Server) appraisalRunPage(r *http.Request, actor staff.Actor) (templates.AppraisalRunPage, error) {
	var page templates.AppraisalRunPage
	c, err := s.store.Campaign(r.Context(), actor.Reads(), chi.URLParam(r, "code"))
	if err == nil && c.Kind != document.Index {
		err = storage.ErrNotFound
	}
	if err != nil {
		return page, err
	}
	p, err := s.store.AppraisalProgress(r.Context(), c)
	if err != nil {
		return page, err
	}
	gaps, err := s.store.AppraisalGaps(r.Context(), c.Code, actor.Reads())
	if err != nil {
		return page, err
	}
	schedule, err := s.store.AppraisalSchedule(r.Context(), c.Code)
	if err != nil {
		return page, err
	}
	given, err := s.store.OutageGiven(r.Context(), actor.Reads(), c.Code)
	if err != nil {
		return page, err
	}
	page = templates.AppraisalRunPage{
		Shell: s.shell(r, templates.TitleAppraisalRun, templates.AtCampaigns), Path: campaignPath(c.Code) + "/appraisal",
		Writes: officers.permits(s, r, actor) == nil, Base: schedule.Version, Rounds: roundFields(schedule.Schedule), Empty: templates.NotHandedIn(),
		Queue: appraisalsPath + "?" + url.Values{"campaign": {c.Code}}.Encode(),
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCampaigns, URL: "/campaigns"}, {Label: c.Name, URL: campaignPath(c.Code)}, {Label: templates.TitleAppraisalRun}}
	appraised := 0
	for _, stage := range appraisal.Stages {
		n := p.Stages[stage]
		appraised += n
		page.Stages = append(page.Stages, templates.StageCount{Name: words.AppraisalStage(stage), Count: n, Late: templates.LateCount(p.Late[stage])})
	}
	page.Facts = append(templates.RunFacts(appraised, c.RosterOverall), templates.OutageGave(0, given.Rounds, 0)...)
	for _, f := range p.Fields {
		page.Fields = append(page.Fields, templates.FieldProgressRow{
			Field: f.Field + ". " + f.Name, Appraiser: f.AppraiserName, Units: f.Units, Open: f.Open, Late: f.Late,
			Marked: templates.FinishedUnits(f.Units-f.Open, f.Units), Bar: (f.Units - f.Open) * 100 / max(f.Units, 1),
		})
	}
	page.Gaps, page.MoreGaps = gapRows(gaps, p)
	if schedule.Version > 0 {
		page.About = words.Edited(schedule.By, schedule.At, p.Now)
	}
	page.Pairs = templates.AppraisalPairs(schedule.Schedule)
	return page, nil
}

// gapRows are what is still lacking, the first of it.
func gapRows(gaps storage.AppraisalGaps, p storage.AppraisalProgress) (rows []templates.GapRow, more string) {
	names := map[string]string{}
	for _, f := range p.Fields {
		names[f.Appraiser] = f.AppraiserName
	}
	for _, g := range gaps.Rows {
		row := templates.GapRow{URL: appraisalPath(g.Document), Unit: g.UnitName, What: templates.GapText(g.Stage, g.Field, g.Marked, g.Todo, g.Late)}
		switch {
		case g.Field != "":
			row.Who = names[g.Appraiser]
		case g.Late:
			row.Who = templates.AuthorityName
		default:
			row.Who = g.UnitName
		}
		if g.DueAt != nil && !g.Late {
			row.Due, row.Late = words.RoundEnds(*g.DueAt), !p.Now.Before(*g.DueAt)
		}
		rows = append(rows, row)
	}
	if left := gaps.Total - len(rows); left > 0 {
		more = templates.MoreGaps(left)
	}
	return rows, more
}

func roundFields(s appraisal.Schedule) []templates.RoundFields {
	var rounds []templates.RoundFields
	for _, round := range []struct {
		field string
		appraisal.Time
	}{{appraisal.FieldFirst, s.First}, {appraisal.FieldExplain, s.Explain}, {appraisal.FieldSecond, s.Second}} {
		one := templates.RoundFields{Field: round.field, Name: templates.RoundName(round.field), Days: strconv.Itoa(round.Days)}
		if round.On != nil {
			one.On = words.Date(*round.On)
		}
		rounds = append(rounds, one)
	}
	return rounds
}

// readRounds takes a schedule from the form; the ladder stays as it is.
func readRounds(f url.Values, on appraisal.Schedule) (appraisal.Schedule, rule.Errors) {
	var broken rule.Errors
	read := func(field string) appraisal.Time {
		var t appraisal.Time
		var err error
		if t.Days, err = strconv.Atoi(strings.TrimSpace(f.Get(field + ".days"))); err != nil {
			broken.Add(wholeBad, field+".days")
			t.Days = 1
		}
		if text := strings.TrimSpace(f.Get(field + ".on")); text != "" {
			var day calendar.Day
			var ok bool
			if day, ok = dayIn(text); !ok {
				broken.Add(dateBad, field+".on")
			}
			t.On = &day
		}
		return t
	}
	on.First, on.Explain, on.Second = read(appraisal.FieldFirst), read(appraisal.FieldExplain), read(appraisal.FieldSecond)
	return on, broken
}

// typedRounds puts what was typed into the fields of a schedule.
func typedRounds(rounds []templates.RoundFields, f url.Values) {
	for i, round := range rounds {
		if f.Has(round.Field + ".days") {
			rounds[i].Days, rounds[i].On = f.Get(round.Field+".days"), f.Get(round.Field+".on")
		}
	}
}

// saveAppraisalRun lays down the schedule of a campaign's appraisal.
func (s *Server) saveAppraisalRun(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	if err := parseForm(r); err != nil {
		return err
	}
	base, err := strconv.Atoi(r.PostForm.Get("base_version"))
	if err != nil {
		return errBadForm
	}
	code := chi.URLParam(r, "code")
	now, err := s.store.AppraisalSchedule(r.Context(), code)
	if err != nil {
		return err
	}
	schedule, broken := readRounds(r.PostForm, now.Schedule)
	var conflicts storage.Conflicts
	if broken == nil {
		err = s.store.SaveAppraisalSchedule(r.Context(), code, schedule, base, actor, s.by(r, actor))
		if broken = brokenIn(err); errors.As(err, &conflicts) {
			broken = rule.Broken(document.ContentChanged, "")
		}
	}
	if broken != nil {
		page, err := s.appraisalRunPage(r, actor)
		if err != nil {
			return err
		}
		page.Errors = broken
		typedRounds(page.Rounds, r.PostForm)
		status := refusalStatus(broken)
		if conflicts != nil {
			status = http.StatusConflict
		}
		return s.render(w, status, "appraisal/run", page)
	}
	if err != nil {
		return err
	}
	if err := s.flash(r, templates.Flash{Tone: templates.ToneOK, Text: templates.ScheduleSaved}); err != nil {
		return err
	}
	return goTo(w, r, campaignPath(code)+"/appraisal")
}
