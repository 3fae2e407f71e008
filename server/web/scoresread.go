package web

import (
	"fmt"
	"slices"
	"strings"

	"cchc/domain/par"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// fieldSum is what the unit gives itself in a field, of what it may: "5,25 / 8,00
// điểm". Surveys are not the unit's.
func fieldSum(c storage.Checked, field string) string {
	given := par.Answers(c.Content.Answers)
	var sum, most par.Points
	for _, one := range c.Form.Index.InField(field) {
		score := one.Score(given[one.Code], c.Context.Own.Year)
		if !one.Asked() || score.NotApplicable {
			continue
		}
		sum += score.Points
		most += one.Max
	}
	return words.SumOf(sum, most)
}

// scoreTasks are the fields of the index as parts of a draft.
func (d *dossier) scoreTasks(draft storage.Draft) []templates.SectionTask {
	if draft.Form.Index == nil {
		return nil
	}
	broken := byCriterion(draft.Result.Errors)
	var tasks []templates.SectionTask
	for i, f := range draft.Form.Index.Fields {
		asked, answered, problems := 0, 0, 0
		for _, c := range draft.Form.Index.InField(f.Code) {
			if !c.Asked() {
				continue
			}
			asked++
			if now, is := draft.Answers[c.Code]; is && !now.Blank() {
				answered++
				problems += len(broken[c.Code])
			}
		}
		if asked == 0 {
			continue
		}
		state := templates.SectionChip(templates.SectionPartly, asked-answered)
		switch {
		case answered == 0:
			state = templates.SectionChip(templates.SectionBlank, 0)
		case problems > 0:
			state = templates.SectionChip(templates.SectionBroken, problems)
		case answered == asked:
			state = templates.SectionChip(templates.SectionFull, 0)
		}
		tasks = append(tasks, d.visited(templates.SectionTask{
			Code: f.Code, Title: f.Name, URL: d.scoresURL(i + 1), Place: scoresPlace(i + 1), State: state,
			About: words.Join(words.Answered(answered, asked), fieldSum(draft.Checked(), f.Code)),
		}))
	}
	return tasks
}

// scoreSide are the fields in the list beside an editor.
func (d *dossier) scoreSide(draft storage.Draft, current string) []templates.SideItem {
	var items []templates.SideItem
	for _, task := range d.scoreTasks(draft) {
		item := templates.SideItem{Code: task.Code, Title: task.Title, URL: task.URL, Current: current == task.Place}
		switch task.State.Class {
		case "done":
			item.State, item.Icon = task.State.Word, "check-lg"
		case "bad":
			item.State, item.Bad = task.State.Word, true
		default:
			item.State, item.Icon = task.State.Word, "circle"
		}
		items = append(items, item)
	}
	return items
}

// scoreFieldURL leads to the criterion of a broken rule.
func (d *dossier) scoreFieldURL(set par.Set, criterion string) string {
	c, _ := set.Criterion(criterion)
	at := slices.IndexFunc(set.Fields, func(f par.Field) bool { return f.Code == c.Field })
	if at < 0 {
		return d.path("")
	}
	return d.scoresURL(at+1) + "#" + templates.ScoreAnchor(criterion)
}

// readScoreFields is a self-assessment to read.
func (d *dossier) readScoreFields(c storage.Checked) []templates.ReadScoreField {
	if c.Form.Index == nil {
		return nil
	}
	given := par.Answers(c.Content.Answers)
	names := map[string]string{}
	for _, file := range c.Content.Files {
		names[file.Hash] = file.Name
	}
	var fields []templates.ReadScoreField
	for _, f := range c.Form.Index.Fields {
		read := templates.ReadScoreField{Name: f.Code + ". " + f.Name, Sum: fieldSum(c, f.Code)}
		for _, one := range c.Form.Index.InField(f.Code) {
			a := given[one.Code]
			row := templates.ReadScore{Code: one.Code, Name: one.Name, Max: one.Max.VN(), Explanation: a.Explanation}
			if !one.Asked() {
				row.Answer = []string{words.BySurvey}
				read.Rows = append(read.Rows, row)
				continue
			}
			row.Answer = answerLines(one, a)
			if score := one.Score(a, c.Context.Own.Year); score.Known {
				row.Points, row.Why = scoreText(score), words.Why(score.Why)
			}
			for _, hash := range a.Evidence {
				row.Files = append(row.Files, templates.File{Label: names[hash], Icon: "paperclip", URL: "/documents/" + d.ID + "/files/" + hash})
			}
			read.Rows = append(read.Rows, row)
		}
		fields = append(fields, read)
	}
	return fields
}

// answerLines are what was answered, without explanation and files.
func answerLines(c par.Criterion, a par.Answer) []string {
	var told []string
	say := func(name, value string) { told = append(told, name+": "+value) }
	switch {
	case a.NotApplicable:
		return []string{words.NotApplicable}
	case a.Day != nil:
		say(words.AnswerMember(par.MemberDay), words.Date(*a.Day))
	case a.Yes != nil && *a.Yes:
		told = append(told, words.AnswerYes(c))
	case a.Yes != nil:
		told = append(told, words.AnswerNo(c))
	}
	if a.Done != nil {
		say(words.DoneLabel(c), a.Done.VN())
	}
	if a.Of != nil {
		say(words.OfLabel(c), a.Of.VN())
	}
	if a.Number != nil {
		say(words.DoneLabel(c), a.Number.VN())
	}
	for _, item := range c.Rule.Items {
		if held, said := a.Items[item.Code]; said {
			say(item.Name, words.YesOrNo(held))
		}
	}
	if a.Claim != nil {
		say(words.AnswerMember(par.MemberClaim), a.Claim.VN())
	}
	return told
}

// answers lists what became of the answers to criteria.
func (c *comparison) answers() {
	index := c.after.Form.Index
	if index == nil {
		return
	}
	for _, change := range par.Differences(c.before.Content.Answers, c.after.Content.Answers) {
		one, _ := index.Criterion(change.Criterion)
		found := templates.TaskDifference{
			Spot: c.spot(), Row: change.Criterion, Name: one.Name, Change: words.ChangedAnswer,
		}
		for _, member := range change.Members {
			found.Cells = append(found.Cells, templates.TaskCellDifference{
				Column: words.AnswerMember(member),
				Spans:  cellSpans(memberText(c.before, one, change.Before, member), memberText(c.after, one, change.After, member), member),
			})
		}
		c.found.Answers = append(c.found.Answers, found)
	}
}

// memberText is a member of an answer in words.
func memberText(in storage.Checked, c par.Criterion, a par.Answer, member string) string {
	if a.Text(member) == "" {
		return ""
	}
	switch member {
	case par.MemberEvidence:
		var names []string
		for _, file := range in.Content.Files {
			if slices.Contains(a.Evidence, file.Hash) {
				names = append(names, file.Name)
			}
		}
		return strings.Join(names, "; ")
	case par.MemberExplanation:
		return a.Explanation
	case par.MemberNotApplicable:
		return words.Yes
	case par.MemberItems:
		var lines []string
		for _, item := range c.Rule.Items {
			if held, said := a.Items[item.Code]; said {
				lines = append(lines, fmt.Sprintf("%s: %s", item.Name, words.YesOrNo(held)))
			}
		}
		return strings.Join(lines, "; ")
	case par.MemberDay:
		return words.Date(*a.Day)
	case par.MemberYes:
		return words.YesOrNo(*a.Yes)
	case par.MemberSources:
		return strings.Join(a.Sources, ", ")
	}
	return words.Decimal(a.Text(member))
}

// scoresReady sums up the answers for whoever decides on them.
func scoresReady(c storage.Checked) templates.CheckLine {
	answered, asked := 0, 0
	var sum, most par.Points
	given := par.Answers(c.Content.Answers)
	for _, one := range c.Form.Index.Criteria {
		if !one.Asked() {
			continue
		}
		asked++
		score := one.Score(given[one.Code], c.Context.Own.Year)
		if score.Known {
			answered++
		}
		if !score.NotApplicable {
			sum, most = sum+score.Points, most+one.Max
		}
	}
	state := "ok"
	if answered < asked {
		state = "warn"
	}
	return templates.CheckLine{State: state, Text: words.ScoresReady(answered, asked, sum, most)}
}
