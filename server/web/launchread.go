package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/templates"
	"cchc/templates/words"
)

// readPlan reads the form. Errors are of texts that are no day, number or time;
// whether the plan may be launched is the domain's to say.
func readPlan(f url.Values, d launchDesk) (campaign.Plan, rule.Errors) {
	var broken rule.Errors
	number := func(field string) int {
		n, err := strconv.Atoi(strings.TrimSpace(f.Get(field)))
		if err != nil {
			broken.Add(wholeBad, field)
		}
		return n
	}
	dayOf := func(field string) calendar.Day {
		day, ok := dayIn(strings.TrimSpace(f.Get(field)))
		if !ok {
			broken.Add(dateBad, field)
		}
		return day
	}
	chosen := d.form(f.Get("form"))
	if formValue(chosen) != f.Get("form") {
		broken.Add(choiceBad, "form")
	}
	plan := campaign.Plan{
		Code: strings.TrimSpace(f.Get("code")), Kind: chosen.Kind(),
		Name: strings.Join(strings.Fields(f.Get("name")), " "),
		Form: chosen.Form, FormVersion: chosen.Version, Period: f.Get("period"),
		Window:      period.Window{From: dayOf("window_from"), To: dayOf("window_to")},
		Due:         period.Due{Day: dayOf("due_day"), Inclusive: f.Get("due.inclusive") != "", Shift: period.Shift(f.Get("due.shift"))},
		ConfirmDays: number("confirm_days"), ResubmitDays: number("resubmit_days"),
		ConfirmLadder: d.ladders.Of(reminder.Confirm),
		Guidance:      short(strings.Join(strings.Fields(f.Get("guidance")), " "), maxGuidance), Units: f["unit"],
	}
	plan.Proposal = proposalID(f.Get("proposal"))
	if chosen.Plan && f.Get("city") != "" {
		plan.CityUnit = d.authority
	}
	if chosen.Index {
		schedule, unread := readRounds(f, appraisal.DefaultSchedule(d.ladders.Of(reminder.Appraisal)))
		plan.Appraisal = &schedule
		broken = append(broken, unread...)
	}
	cutoff, ok := readClock(f.Get("due.cutoff"))
	if plan.Due.Cutoff = cutoff; !ok {
		broken.Add(clockBad, "due.cutoff")
	}
	ladder, unread := readLadder(f)
	plan.Ladder = campaign.NameRungs(ladder)
	return plan, append(broken, unread...)
}

// proposalID reads the number of the proposal that a launch answers; 0: none.
func proposalID(text string) int64 {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func short(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most])
	}
	return text
}

// readClock reads "17:00" as minutes after midnight; 24:00 is the whole day.
func readClock(text string) (int, bool) {
	hours, minutes, found := strings.Cut(strings.TrimSpace(text), ":")
	h, errH := strconv.Atoi(hours)
	m, errM := strconv.Atoi(minutes)
	if !found || errH != nil || errM != nil || h < 0 || h > 24 || m < 0 || m > 59 {
		return 0, false
	}
	return h*60 + m, true
}

// readLadder reads the rows in use, in their order; field names count them, as
// the ladder's own rules do.
func readLadder(f url.Values) (period.Ladder, rule.Errors) {
	var ladder period.Ladder
	var broken rule.Errors
	for row := range period.MaxRungs + spareRungs {
		name := fmt.Sprintf("rung.%d.", row)
		when := f.Get(name + "when")
		if when == templates.RungOff {
			continue
		}
		rung := period.Rung{To: f[name+"to"], Repeat: f.Get(name+"repeat") != ""}
		days, err := strconv.Atoi(strings.TrimSpace(f.Get(name + "days")))
		field := fmt.Sprintf("ladder.%d", len(ladder))
		switch when {
		case templates.RungAtDue:
		case templates.RungBefore:
			rung.WorkingDays = -days
		case templates.RungAfter:
			rung.WorkingDays = days
		case templates.RungHoursBefore:
			rung.Hours = -days
		case templates.RungHoursAfter:
			rung.Hours = days
		default:
			broken.Add(choiceBad, field)
		}
		if when != templates.RungAtDue && (err != nil || days < 1) {
			broken.Add(wholeBad, field)
		}
		ladder = append(ladder, rung)
	}
	return ladder, broken
}

// typedDraft is the form as it was typed; the ladder's unused rows are gone.
func typedDraft(f url.Values, plan campaign.Plan, broken rule.Errors) templates.LaunchDraft {
	return templates.LaunchDraft{
		Form: f.Get("form"), Plan: plan.Kind == document.Plan, Index: plan.Kind == document.Index, City: plan.CityUnit != "", Period: f.Get("period"), Proposal: f.Get("proposal"),
		Code: f.Get("code"), Name: f.Get("name"), Guidance: f.Get("guidance"),
		WindowFrom: f.Get("window_from"), WindowTo: f.Get("window_to"), DueDay: f.Get("due_day"),
		Cutoff: f.Get("due.cutoff"), Shift: f.Get("due.shift"), Inclusive: plan.Due.Inclusive,
		ConfirmDays: f.Get("confirm_days"), ResubmDays: f.Get("resubmit_days"), Rungs: typedRungs(f, plan.Ladder, broken, false),
	}
}

// typedRungs is a ladder as rows of the table, its days as they were typed unless it
// was filled in since.
func typedRungs(f url.Values, ladder period.Ladder, broken rule.Errors, filledIn bool) []templates.RungRow {
	rows := rungRows(ladder, broken)
	used := 0
	for row := range period.MaxRungs + spareRungs {
		name := fmt.Sprintf("rung.%d.", row)
		if f.Get(name+"when") != templates.RungOff && used < len(ladder) && !filledIn {
			rows[used].Days = f.Get(name + "days")
			rows[used].Whens = templates.RungWhens(f.Get(name + "when"))
			used++
		}
	}
	return rows
}

// rungRows is a ladder as rows of the table, with spare rows below.
func rungRows(ladder period.Ladder, broken rule.Errors) []templates.RungRow {
	rows := make([]templates.RungRow, 0, len(ladder)+spareRungs)
	for i, rung := range ladder {
		row := rungRow(i, rung)
		field := fmt.Sprintf("ladder.%d", i)
		for _, one := range broken {
			if one.Field == field {
				row.Problem = strings.TrimSpace(row.Problem + " " + words.Message(one))
			}
		}
		rows = append(rows, row)
	}
	for len(rows) < len(ladder)+spareRungs && len(rows) < period.MaxRungs {
		rows = append(rows, rungRow(len(rows), period.Rung{}))
	}
	return rows
}

func rungRow(i int, rung period.Rung) templates.RungRow {
	row := templates.RungRow{
		Index: i, ID: fmt.Sprintf("ladder-%d", i), To: templates.RungRecipients(rung.To), Repeat: rung.Repeat,
	}
	switch {
	case rung.Hours < 0:
		row.Whens, row.Days = templates.RungWhens(templates.RungHoursBefore), strconv.Itoa(-rung.Hours)
	case rung.Hours > 0:
		row.Whens, row.Days = templates.RungWhens(templates.RungHoursAfter), strconv.Itoa(rung.Hours)
	case rung.WorkingDays < 0:
		row.Whens, row.Days = templates.RungWhens(templates.RungBefore), strconv.Itoa(-rung.WorkingDays)
	case rung.WorkingDays > 0:
		row.Whens, row.Days = templates.RungWhens(templates.RungAfter), strconv.Itoa(rung.WorkingDays)
	case len(rung.To) > 0:
		row.Whens = templates.RungWhens(templates.RungAtDue)
	default:
		row.Whens = templates.RungWhens(templates.RungOff)
	}
	return row
}
