package par

import (
	"fmt"
	"strconv"
	"strings"

	"cchc/domain/decimal"
	"cchc/domain/rule"
)

// The lists of a criterion as people write them, one entry a line, its parts
// separated by "=": a small notation, so that they are typed, pasted and compared
// without scripts. Numbers are Vietnamese ("0,25").
//
//	bands      80 = 0,5        from 80 on; "80 = %" gives the share of the most points
//	lateness   15 = 0,25       at most 15 days late
//	items      plan = 0,25 = the line's words
//	weights    citizens = 40   percent
//	classes    the class's name = 90
//	groups     citizens = the group's name

// LineUnread is a line that does not fit its notation; args: the line, from 1.
const LineUnread rule.Code = "set_line"

// WriteBands writes the steps.
func WriteBands(bands []Band) string {
	return lines(bands, func(b Band) string {
		if b.Share {
			return b.From.VN() + " = %"
		}
		return b.From.VN() + " = " + b.Points.Number().VN()
	})
}

// ReadBands reads what WriteBands writes. The error, like that of all readers here,
// has no field.
func ReadBands(text string) ([]Band, rule.Errors) {
	return readLines(text, 2, func(parts []string) (Band, bool) {
		from, err := decimal.ParseVN(strings.TrimSuffix(parts[0], "%"))
		if parts[1] == "%" {
			return Band{From: from, Share: true}, err == nil
		}
		p, ok := ReadPoints(parts[1])
		return Band{From: from, Points: p}, ok && err == nil
	})
}

// WriteLate writes the steps of lateness.
func WriteLate(steps []LateStep) string {
	return lines(steps, func(s LateStep) string { return strconv.Itoa(s.Days) + " = " + s.Points.Number().VN() })
}

// ReadLate reads what WriteLate writes.
func ReadLate(text string) ([]LateStep, rule.Errors) {
	return readLines(text, 2, func(parts []string) (LateStep, bool) {
		days, err := strconv.Atoi(parts[0])
		p, ok := ReadPoints(parts[1])
		return LateStep{Days: days, Points: p}, ok && err == nil
	})
}

// WriteItems writes a checklist.
func WriteItems(items []Item) string {
	return lines(items, func(i Item) string { return i.Code + " = " + i.Points.Number().VN() + " = " + i.Name })
}

// ReadItems reads what WriteItems writes.
func ReadItems(text string) ([]Item, rule.Errors) {
	return readLines(text, 3, func(parts []string) (Item, bool) {
		p, ok := ReadPoints(parts[1])
		return Item{Code: parts[0], Points: p, Name: parts[2]}, ok
	})
}

// WriteWeights writes the weights of a survey.
func WriteWeights(weights []Weight) string {
	return lines(weights, func(w Weight) string { return w.Group + " = " + strconv.Itoa(w.Percent) })
}

// ReadWeights reads what WriteWeights writes.
func ReadWeights(text string) ([]Weight, rule.Errors) {
	return readLines(text, 2, func(parts []string) (Weight, bool) {
		percent, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(parts[1], "%")))
		return Weight{Group: parts[0], Percent: percent}, err == nil
	})
}

// WriteClasses writes the classes.
func WriteClasses(classes []Class) string {
	return lines(classes, func(c Class) string { return c.Name + " = " + c.From.VN() })
}

// ReadClasses reads what WriteClasses writes.
func ReadClasses(text string) ([]Class, rule.Errors) {
	return readLines(text, 2, func(parts []string) (Class, bool) {
		from, err := decimal.ParseVN(strings.TrimSuffix(parts[1], "%"))
		return Class{Name: parts[0], From: from}, err == nil
	})
}

// WriteGroups writes the groups of respondents.
func WriteGroups(groups []Group) string {
	return lines(groups, func(g Group) string { return g.Code + " = " + g.Name })
}

// ReadGroups reads what WriteGroups writes.
func ReadGroups(text string) ([]Group, rule.Errors) {
	return readLines(text, 2, func(parts []string) (Group, bool) {
		return Group{Code: parts[0], Name: parts[1]}, true
	})
}

// ReadPoints reads points as people type them, "0,25".
func ReadPoints(text string) (Points, bool) {
	n, err := decimal.ParseVN(text)
	if err != nil {
		return 0, false
	}
	return PointsOf(n)
}

// WriteDeadline writes the day of a deadline, "31/01"; its year is told apart.
func WriteDeadline(d *Deadline) string {
	if d == nil {
		return ""
	}
	return fmt.Sprintf("%02d/%02d", d.Day, d.Month)
}

// ReadDeadline reads what WriteDeadline writes.
func ReadDeadline(text string) (Deadline, bool) {
	day, month, found := strings.Cut(strings.TrimSpace(text), "/")
	d, dayErr := strconv.Atoi(day)
	m, monthErr := strconv.Atoi(month)
	return Deadline{Day: d, Month: m}, found && dayErr == nil && monthErr == nil
}

func lines[R any](rows []R, write func(R) string) string {
	written := make([]string, len(rows))
	for i, row := range rows {
		written[i] = write(row)
	}
	return strings.Join(written, "\n")
}

// readLines reads every line that is not blank; the last part keeps further signs.
func readLines[R any](text string, parts int, read func([]string) (R, bool)) ([]R, rule.Errors) {
	var rows []R
	var broken rule.Errors
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		cut := strings.SplitN(line, "=", parts)
		for i := range cut {
			cut[i] = strings.TrimSpace(cut[i])
		}
		if len(cut) != parts {
			broken.Add(LineUnread, "", number)
			continue
		}
		row, ok := read(cut)
		if !ok {
			broken.Add(LineUnread, "", number)
			continue
		}
		rows = append(rows, row)
	}
	return rows, broken
}
