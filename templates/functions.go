package templates

import (
	"fmt"
	"html/template"
	"sort"
	"strings"
	"time"
	"unicode"

	"cchc/templates/chart"
	"cchc/templates/words"
)

// functions is everything pages may call.
func functions() template.FuncMap {
	return template.FuncMap{
		"asset":      asset,
		"modules":    func() []string { return loaded().modules },
		"anchor":     anchor,
		"chip":       StatusChip,
		"drawing":    drawing,
		"earlier":    earlier,
		"plotted":    plotted,
		"barsOf":     barsOf,
		"radarOf":    radarOf,
		"columns":    columnsOf,
		"errorAt":    errorAt,
		"figureRow":  figureRow,
		"gridParts":  gridParts,
		"icon":       icon,
		"initials":   initials,
		"input":      input,
		"message":    words.Message,
		"number":     words.Number,
		"prose":      proseNodes,
		"problem":    words.Problem,
		"date":       words.Date,
		"moment":     words.Moment,
		"percent":    words.Share,
		"inc":        func(n int) int { return n + 1 },
		"iso":        isoTime,
		"hashGroups": hashGroups,
		"shortHash":  shortHash,
		"toneIcon":   toneIcon,
		"tool":       newEditorTool,
	}
}

// drawn is a line chart with the sentence that says it.
type drawn struct {
	Line   chart.Line
	Spoken string
}

func drawing(line chart.Line, spoken string) drawn { return drawn{line, spoken} }

// plot is a plot with the sentence that says it.
type plot struct {
	Plot   chart.Plot
	Spoken string
}

func plotted(p chart.Plot, spoken string) plot { return plot{p, spoken} }

// columns is a timeline with the sentence that says it.
type columns struct {
	Drawn  TaskColumns
	Spoken string
}

func columnsOf(drawn TaskColumns, spoken string) columns { return columns{drawn, spoken} }

// icon draws one icon of the sprite; hidden from screen readers because words
// stand beside it, or the button around it has a label.
func icon(name string) (template.HTML, error) {
	if drawn, ok := loaded().icons[name]; ok {
		return drawn, nil
	}
	for _, r := range name {
		if r != '-' && !unicode.IsLower(r) && !unicode.IsDigit(r) {
			return "", fmt.Errorf("icon name %q", name)
		}
	}
	// #nosec G203 -- the name has just been held to letters, digits and dashes
	return template.HTML(drawIcon(loaded().fingerprint, name)), nil
}

func drawIcon(fingerprint, name string) string {
	return `<svg class="icon" aria-hidden="true" focusable="false"><use href="` + assetAt(fingerprint, "icons.svg") + "#" + name + `"/></svg>`
}

// initials is the first letters of the last two names: Vietnamese are called by
// their last.
func initials(name string) string {
	parts := strings.Fields(name)
	if len(parts) > 2 {
		parts = parts[len(parts)-2:]
	}
	letters := ""
	for _, part := range parts {
		for _, r := range part {
			letters += string(unicode.ToUpper(r))
			break
		}
	}
	return letters
}

// hashGroups cuts a hash into groups of four for the eye.
func hashGroups(hash string) []string {
	hash = strings.ToUpper(hash)
	var groups []string
	for len(hash) > 4 {
		groups = append(groups, hash[:4])
		hash = hash[4:]
	}
	return append(groups, hash)
}

// shortHash is the first and last group of a hash.
func shortHash(hash string) string {
	groups := hashGroups(hash)
	if len(groups) < 3 {
		return strings.Join(groups, " ")
	}
	return groups[0] + " " + groups[1] + " … " + groups[len(groups)-1]
}

func toneIcon(tone Tone) string {
	switch tone {
	case ToneOK:
		return "check-circle-fill"
	case ToneWarn:
		return "exclamation-triangle-fill"
	case ToneBad:
		return "x-octagon-fill"
	}
	return "info-circle-fill"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func isoTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// counted is a count with what it counts: "2 lỗi".
func counted(n int, noun string) string { return words.Number(n) + " " + noun }
