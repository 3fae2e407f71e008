package form

import (
	"sort"
	"strconv"
	"strings"
)

// Difference is one place in which two contents differ. Values are as in the
// canonical form: the text, the figure ("" is blank, "0" is zero), the reason, the
// files' hashes.
type Difference struct {
	Field  string `json:"field"` // "form", "section.II.2", "figure.3.18", "reason.3.18", "file.<name>", "task.<key>.deadline", "task.<key>", "score.<code>/done"
	Before string `json:"before"`
	After  string `json:"after"`
}

// Differences lists what changed from a to b: sections, figures each with its
// reason, files, tasks, answers. It is empty exactly when both have the same Canonical form.
func Differences(a, b Content) []Difference {
	var found []Difference
	compare := func(field, before, after string) {
		if before != after {
			found = append(found, Difference{Field: field, Before: before, After: after})
		}
	}
	compare("form", formName(a), formName(b))
	before, after := a.filledSections(), b.filledSections()
	for _, code := range eitherKeys(before, after) {
		compare(SectionField(code), before[code], after[code])
	}
	for _, code := range eitherKeys(a.Figures, b.Figures) {
		compare(FigureField(code), figureText(a.Figures[code]), figureText(b.Figures[code]))
		compare("reason."+code, trimmed(a.Figures[code].Reason), trimmed(b.Figures[code].Reason))
	}
	filesBefore, filesAfter := filesByName(a), filesByName(b)
	for _, name := range eitherKeys(filesBefore, filesAfter) {
		compare("file."+name, filesBefore[name], filesAfter[name])
	}
	found = append(found, taskDifferences(a.Tasks, b.Tasks)...)
	return append(found, answerDifferences(a.Answers, b.Answers)...)
}

func formName(c Content) string { return c.Form + "/" + strconv.Itoa(c.FormVersion) }

func figureText(figure Figure) string {
	if figure.Value == nil {
		return ""
	}
	return figure.Value.String()
}

// filesByName joins the hashes of files of one name, should there be several.
func filesByName(c Content) map[string]string {
	byName := map[string]string{}
	for _, file := range c.sortedFiles() {
		if hashes, taken := byName[file.Name]; taken {
			byName[file.Name] = hashes + " " + file.Hash
		} else {
			byName[file.Name] = file.Hash
		}
	}
	return byName
}

// eitherKeys are the keys of both, in the order people count: 3.2 before 3.10.
func eitherKeys[V any](a, b map[string]V) []string {
	keys := sortedKeys(a)
	for _, key := range sortedKeys(b) {
		if _, both := a[key]; !both {
			keys = append(keys, key)
		}
	}
	sort.SliceStable(keys, func(i, j int) bool { return codeLess(keys[i], keys[j]) })
	return keys
}

// codeLess compares codes part by part, numbers as numbers.
func codeLess(a, b string) bool {
	left, right := strings.Split(a, "."), strings.Split(b, ".")
	for i := 0; i < len(left) && i < len(right); i++ {
		if left[i] == right[i] {
			continue
		}
		m, errM := strconv.Atoi(left[i])
		n, errN := strconv.Atoi(right[i])
		if errM == nil && errN == nil && m != n {
			return m < n
		}
		return left[i] < right[i]
	}
	return len(left) < len(right)
}
