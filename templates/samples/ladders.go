package samples

import (
	"fmt"
	"time"

	"cchc/domain/period"
	"cchc/domain/reminder"
	"cchc/domain/rule"
	"cchc/templates"
)

func ladders() []Sample {
	now := time.Date(2026, 12, 15, 9, 30, 0, 0, time.UTC)
	var kinds []templates.LadderKind
	for _, kind := range reminder.Kinds {
		kinds = append(kinds, templates.LadderKind{
			Name: templates.LadderName(kind), About: templates.LadderAbout(kind), Reach: templates.LadderReach(kind), EditURL: "/reminders/" + string(kind),
			Now: templates.LadderView{Steps: templates.LadderSteps(kind, reminder.Default(kind)), Edited: templates.LadderShipped},
		})
	}
	kinds[0].Past = []templates.LadderView{kinds[0].Now}
	kinds[0].Now = templates.LadderView{
		Steps: templates.LadderSteps(reminder.Report, period.HoursLadder(24)), Edited: templates.LadderEdited("Trần Quốc Bảo", now.Add(-time.Hour), now),
		Reach: templates.LadderTook(reminder.Report, true, 3), Reason: "Theo chỉ đạo tại văn bản số 12/SNV-CCHC",
	}
	list := templates.LaddersPage{Shell: officer(templates.TitleLadders, templates.AtCampaigns), Kinds: kinds}
	edit := templates.LadderPage{
		Shell: officer(templates.TitleLadder, templates.AtCampaigns), Key: "k1", URL: "/reminders/report", Base: 1, Name: templates.LadderName(reminder.Report),
		About: templates.LadderAbout(reminder.Report), Hint: templates.LadderHint(reminder.Report), Choices: templates.LadderChoices(3, false),
		Rungs: ladderRows(reminder.Report),
	}
	broken := edit
	broken.Errors = rule.Errors{{Code: reminder.ReasonBad, Field: "reason", Args: []any{reminder.MaxReason}}, {Code: "ladder_recipient_missing", Field: "ladder.1"}}
	broken.Rungs = ladderRows(reminder.Report)
	broken.Rungs[1].Problem = "Chọn người nhận của bước nhắc."
	waiting := edit
	waiting.Name, waiting.About, waiting.Hint = templates.LadderName(reminder.Adjustment), templates.LadderAbout(reminder.Adjustment), templates.LadderHint(reminder.Adjustment)
	waiting.Choices, waiting.Reach, waiting.Rungs = nil, templates.LadderReach(reminder.Adjustment), ladderRows(reminder.Adjustment)
	return []Sample{{"ladders", "campaigns/ladders", list}, {"ladder", "campaigns/ladder", edit}, {"ladder-broken", "campaigns/ladder", broken}, {"ladder-waiting", "campaigns/ladder", waiting}}
}

func ladderRows(kind reminder.Kind) []templates.RungRow {
	var rows []templates.RungRow
	for i, rung := range append(reminder.Default(kind), period.Rung{}) {
		row := templates.RungRow{Index: i, ID: fmt.Sprintf("ladder-%d", i), To: templates.RungRecipients(rung.To), Repeat: rung.Repeat, Whens: templates.LadderWhens(kind, templates.RungAtDue)}
		switch {
		case len(rung.To) == 0:
			row.Whens = templates.LadderWhens(kind, templates.RungOff)
		case rung.WorkingDays < 0:
			row.Whens, row.Days = templates.LadderWhens(kind, templates.RungBefore), fmt.Sprint(-rung.WorkingDays)
		case rung.WorkingDays > 0:
			row.Whens, row.Days = templates.LadderWhens(kind, templates.RungAfter), fmt.Sprint(rung.WorkingDays)
		}
		rows = append(rows, row)
	}
	return rows
}
