package web

import (
	"net/http"
	"strconv"

	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// answer tells a script what was saved and what the checks now say of the group.
func (g *grid) answer(w http.ResponseWriter, saved map[string]storage.Saved) error {
	if g.clashes != nil {
		return answerJSON(w, http.StatusConflict, map[string]any{"error": g.clashes.Error()})
	}
	if g.refused {
		return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(g.broken)})
	}
	answer := templates.FiguresSaved{
		Versions: make(map[string]int, len(saved)), Unread: len(g.broken), Summary: g.summary(), Problem: g.problem(),
		Groups: make(map[string]templates.GroupState, len(g.groups)),
		Rows:   make(map[string]templates.FigureState, len(g.group.indicators)),
	}
	newest := g.Now
	for code, one := range saved {
		answer.Versions[code] = one.Version
		if one.At.After(newest) {
			newest = one.At
		}
	}
	answer.Saved = savedWhen(newest, newest)
	for _, one := range g.groups {
		answer.Groups[strconv.Itoa(one.number)] = groupState(tallied(one, g.draft))
	}
	for _, indicator := range g.group.indicators {
		answer.Rows[indicator.Code] = stateOf(indicator, g.row(indicator))
	}
	return answerJSON(w, http.StatusOK, answer)
}

func stateOf(indicator form.Indicator, row templates.FigureRow) templates.FigureState {
	state := templates.FigureState{
		Class: row.Class(), Errors: sentences(row.Errors), Warnings: sentences(row.Warnings), Blank: row.Blank,
		Previous: row.Previous.Change, LastYear: row.LastYear.Change,
	}
	if indicator.Type == form.TypeRatio {
		state.Ratio = row.Value
	}
	return state
}

func sentences(broken rule.Errors) []string {
	out := make([]string, len(broken))
	for i, one := range broken {
		out[i] = words.Message(one)
	}
	return out
}

// groupState is a group in the list beside an editor: its errors, else how much
// of it is filled in.
func groupState(t tally) templates.GroupState {
	if t.errors > 0 {
		return templates.GroupState{State: words.Errors(t.errors), Bad: true}
	}
	return templates.GroupState{State: words.FilledShort(t.filled, t.all)}
}
