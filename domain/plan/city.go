package plan

import (
	"strconv"
	"strings"

	"cchc/domain/rule"
)

// CityTask is a task of the city's own plan, which those of units carry out.
type CityTask struct {
	Key      string
	Number   int // its row in the city's plan, from 1
	Name     string
	Lead     string
	Deadline Deadline
}

// CityUnclear is the broken rule of a text that means no task of the city's plan, or
// more than one; at its cell, the first argument is the row's number.
const CityUnclear rule.Code = "task_city_unclear"

// CityText is a city's task as people choose and write it: "12. Rà soát văn bản".
func (c CityTask) CityText() string { return strconv.Itoa(c.Number) + ". " + c.Name }

// MatchCity finds the task of the city's plan that a text means: by its number, alone
// or before its words; by its words; by words that only one task has. The words go by
// fold. False where none or several are meant; blank text means none, and is not asked.
func MatchCity(tasks []CityTask, text string, fold func(string) string) (CityTask, bool) {
	wanted := squeeze(fold(text))
	if number, rest, found := strings.Cut(wanted, "."); found || isNumber(wanted) {
		if n, err := strconv.Atoi(strings.TrimSpace(number)); err == nil {
			return only(tasks, func(c CityTask) bool {
				return c.Number == n && strings.HasPrefix(squeeze(fold(c.Name)), strings.TrimSpace(rest))
			})
		}
	}
	if one, found := only(tasks, func(c CityTask) bool { return squeeze(fold(c.Name)) == wanted }); found {
		return one, true
	}
	return only(tasks, func(c CityTask) bool { return strings.Contains(squeeze(fold(c.Name)), wanted) })
}

func isNumber(text string) bool {
	_, err := strconv.Atoi(text)
	return err == nil
}

// only is the one task that fits; false for none and for several.
func only(tasks []CityTask, fits func(CityTask) bool) (CityTask, bool) {
	var found CityTask
	n := 0
	for _, task := range tasks {
		if fits(task) {
			found, n = task, n+1
		}
	}
	return found, n == 1
}
