package web

import (
	"net/http"
	"net/url"
	"strconv"

	"cchc/domain/calendar"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// calendarEdits is how many of the newest edits the calendar's page lists.
const calendarEdits = 10

// showCalendar is the table of days that depart from the ordinary week.
func (s *Server) showCalendar(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	marks, err := s.store.Holidays(r.Context())
	if err != nil {
		return err
	}
	now, err := s.store.Now(r.Context())
	if err != nil {
		return err
	}
	page := templates.CalendarPage{Shell: s.shell(r, templates.TitleCalendar, templates.AtNowhere), Empty: templates.NoMarks()}
	edits := s.mayLaunch(r, actor)
	if edits {
		page.Add = "/calendar/edit"
		page.Warning = templates.CalendarWarning(calendar.New(marks).WithoutOfficial(calendar.DayOf(now)))
		if page.Changes, err = s.calendarLines(r); err != nil {
			return err
		}
	}
	chosen := calendar.DayOf(now).Year()
	if year, err := strconv.Atoi(r.URL.Query().Get("year")); err == nil {
		chosen = year
	}
	counts := map[int]int{}
	for _, mark := range marks {
		if mark.Date.Year() == chosen {
			row := templates.MarkRow(mark)
			if edits {
				row.URL = "/calendar/edit?date=" + mark.Date.String()
			}
			page.Days = append(page.Days, row)
		}
		if counts[mark.Date.Year()]++; counts[mark.Date.Year()] == 1 {
			year := strconv.Itoa(mark.Date.Year())
			page.Years = append(page.Years, templates.Tab{Label: year, URL: "/calendar?year=" + year, Current: mark.Date.Year() == chosen})
		}
	}
	return s.show(w, "campaigns/calendar", page)
}

func (s *Server) calendarLines(r *http.Request) ([]templates.CalendarLine, error) {
	changes, err := s.store.CalendarChanges(r.Context(), calendarEdits)
	if err != nil {
		return nil, err
	}
	lines := make([]templates.CalendarLine, len(changes))
	for i, one := range changes {
		lines[i] = templates.CalendarLine{
			What:  templates.ChangeLines(one.Change, calendar.Calendar{}),
			About: templates.CalendarEditAbout(one.By, one.At, movesOf(one)),
		}
	}
	return lines, nil
}

// markFields are the fields of the form of a day, in order.
var markFields = []string{"editing", "kind", "from", "to", "work", "name", "certainty", "legal_number", "legal_date", "do"}

// showMark is the form of a day: as it stands, as the address has it, or empty.
func (s *Server) showMark(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	days, err := s.store.Calendar(r.Context())
	if err != nil {
		return err
	}
	typed := r.URL.Query()
	if date, err := calendar.ParseDay(typed.Get("date")); err == nil {
		mark, marked := days.Mark(date)
		if !marked {
			return storage.ErrNotFound
		}
		typed = markValues(mark)
	}
	return s.show(w, "campaigns/mark", s.markPage(r, typed, days))
}

// markValues are the fields of a day that stands in the calendar.
func markValues(mark calendar.Mark) url.Values {
	v := url.Values{
		"editing": {mark.Date.String()}, "kind": {string(mark.Kind)}, "from": {words.Date(mark.Date)}, "name": {mark.Name},
		"certainty": {mark.Certainty}, "legal_number": {mark.LegalNumber},
	}
	if mark.LegalDate != nil {
		v.Set("legal_date", words.Date(*mark.LegalDate))
	}
	if mark.Pair != nil {
		off, work := mark.Date, *mark.Pair
		if mark.Kind == calendar.SwappedWork {
			off, work = work, off
		}
		v.Set("kind", templates.KindSwap)
		v.Set("from", words.Date(off))
		v.Set("work", words.Date(work))
	}
	return v
}

func (s *Server) markPage(r *http.Request, typed url.Values, days calendar.Calendar) templates.MarkPage {
	page := templates.MarkPage{
		Shell: s.shell(r, templates.TitleMark, templates.AtNowhere), Key: newKey(),
		Kinds: templates.MarkKinds(typed.Get("kind")), From: typed.Get("from"), To: typed.Get("to"), Work: typed.Get("work"),
		Name: typed.Get("name"), Certainties: templates.MarkCertainties(typed.Get("certainty")),
		LegalNumber: typed.Get("legal_number"), LegalDate: typed.Get("legal_date"),
	}
	if date, err := calendar.ParseDay(typed.Get("editing")); err == nil {
		if removal := days.Removal(date); len(removal.Remove) > 0 {
			page.Title, page.Editing, page.Removable = templates.TitleMarkOf, date.String(), templates.RemovalText(removal)
		}
	}
	page.Crumbs = []templates.Crumb{{Label: templates.TitleCalendar, URL: "/calendar"}, {Label: page.Title}}
	return page
}

// markChange reads the form of a day as an edit of the calendar.
func markChange(form url.Values, days calendar.Calendar) (calendar.Change, rule.Errors) {
	var change calendar.Change
	if date, err := calendar.ParseDay(form.Get("editing")); err == nil {
		change = days.Removal(date)
		if form.Get("do") == "remove" {
			return change, nil
		}
	}
	mark := calendar.Mark{
		Kind: calendar.Kind(form.Get("kind")), Name: oneLine(form.Get("name")), Certainty: form.Get("certainty"),
		LegalNumber: oneLine(form.Get("legal_number")),
	}
	var broken rule.Errors
	day := func(field string, fallback calendar.Day, needed bool) calendar.Day {
		if form.Get(field) == "" && !needed {
			return fallback
		}
		found, ok := dayIn(oneLine(form.Get(field)))
		if !ok {
			broken.Add(dateBad, field)
		}
		return found
	}
	if form.Get("legal_date") != "" {
		issued := day("legal_date", 0, true)
		mark.LegalDate = &issued
	}
	from := day("from", 0, true)
	if form.Get("kind") == templates.KindSwap {
		change.Put = calendar.Swap(mark, from, day("work", 0, true))
	} else {
		to := day("to", from, false)
		if broken == nil {
			change.Put, broken = calendar.Span(mark, from, to)
		}
	}
	return keepPut(change), broken
}

func oneLine(typed string) string { return searchText(typed) }

// keepPut leaves out of what is removed the days that are put again.
func keepPut(change calendar.Change) calendar.Change {
	put := map[calendar.Day]bool{}
	for _, mark := range change.Put {
		put[mark.Date] = true
	}
	var remove []calendar.Day
	for _, day := range change.Remove {
		if !put[day] {
			remove = append(remove, day)
		}
	}
	change.Remove = remove
	return change
}
