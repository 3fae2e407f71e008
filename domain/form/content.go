package form

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"cchc/domain/par"
	"cchc/domain/plan"
)

// Content is everything a unit has written into one revision of a report. Text
// is plain, in Unicode NFC: callers normalise it when it comes in.
type Content struct {
	Form        string            `json:"form"`
	FormVersion int               `json:"form_version"`
	Sections    map[string]string `json:"sections"` // by section code
	Figures     map[string]Figure `json:"figures"`  // by indicator code
	Files       []FileRef         `json:"files"`
	Tasks       []plan.Task       `json:"tasks,omitempty"`   // of a plan, arranged; a report has none
	Answers     []par.Answer      `json:"answers,omitempty"` // of a self-assessment, arranged; others have none
}

// FileRef points to an attached file, kept by its hash.
type FileRef struct {
	Name string `json:"name"`
	Hash string `json:"hash"` // SHA-256, hex
	Size int64  `json:"size"` // bytes
}

// Canonical is the one JSON form of the content, whose hash binds every decision
// on it: keys sorted, decimals as text, line ends as \n, no space at the end of
// lines or texts, blanks left out, files sorted by name (their hash stands for
// their size). Tasks and answers are lists in their order, and are left out where there
// are none: a report's canonical form knows nothing of plans and criteria. It is written here byte
// by byte, so that no change of a JSON library can ever change an old hash.
func (c Content) Canonical() []byte {
	var w canonicalWriter
	w.raw(`{"files":[`)
	for i, file := range c.sortedFiles() {
		w.separate(i)
		w.raw(`{"hash":`).text(file.Hash).raw(`,"name":`).text(file.Name).raw(`}`)
	}
	w.raw(`],"figures":{`)
	figures := c.filledFigures()
	for i, code := range sortedKeys(figures) {
		w.separate(i)
		w.text(code).raw(`:{`)
		if reason := trimmed(figures[code].Reason); reason != "" {
			w.raw(`"reason":`).text(reason)
			if figures[code].Value != nil {
				w.raw(`,`)
			}
		}
		if value := figures[code].Value; value != nil {
			w.raw(`"value":`).text(value.String())
		}
		w.raw(`}`)
	}
	w.raw(`},"form":`).text(c.Form).raw(`,"form_version":` + strconv.Itoa(c.FormVersion) + `,"sections":{`)
	sections := c.filledSections()
	for i, code := range sortedKeys(sections) {
		w.separate(i)
		w.text(code).raw(`:`).text(sections[code])
	}
	w.raw(`}`)
	w.tasks(c.Tasks)
	w.answers(c.Answers)
	w.raw(`}`)
	return []byte(w.out.String())
}

// Hash is the SHA-256 of Canonical, in hex.
func (c Content) Hash() string { return HashOf(c.Canonical()) }

// HashOf is the hash of a content that has been written as Canonical.
func HashOf(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

// filledFigures leaves out those without value and reason: an untouched field
// and a missing one are the same.
func (c Content) filledFigures() map[string]Figure {
	filled := make(map[string]Figure, len(c.Figures))
	for code, figure := range c.Figures {
		if figure.Value != nil || trimmed(figure.Reason) != "" {
			filled[code] = figure
		}
	}
	return filled
}

func (c Content) filledSections() map[string]string {
	filled := make(map[string]string, len(c.Sections))
	for code, text := range c.Sections {
		if text = trimmed(text); text != "" {
			filled[code] = text
		}
	}
	return filled
}

func (c Content) sortedFiles() []FileRef {
	files := append([]FileRef{}, c.Files...)
	sort.Slice(files, func(i, j int) bool {
		a, b := files[i], files[j]
		if a.Name != b.Name {
			return a.Name < b.Name
		}
		return a.Hash < b.Hash
	})
	return files
}

// trimmed drops what nobody can see: browsers send \r\n, people leave spaces at
// the end of lines.
func trimmed(text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	lines := strings.Split(strings.ReplaceAll(text, "\r", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " \t\u00a0")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// canonicalWriter writes JSON with the fewest escapes JSON allows.
type canonicalWriter struct {
	out strings.Builder
}

func (w *canonicalWriter) raw(json string) *canonicalWriter {
	w.out.WriteString(json)
	return w
}

func (w *canonicalWriter) separate(index int) {
	if index > 0 {
		w.out.WriteByte(',')
	}
}

func (w *canonicalWriter) text(value string) *canonicalWriter {
	if !utf8.ValidString(value) {
		value = string([]rune(value)) // each broken byte as U+FFFD
	}
	w.out.WriteByte('"')
	written := 0
	for i := range len(value) {
		c := value[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		w.out.WriteString(value[written:i])
		written = i + 1
		switch {
		case c == '\n':
			w.out.WriteString(`\n`)
		case c < ' ':
			_, _ = fmt.Fprintf(&w.out, `\u%04x`, c) // a Builder never fails
		default:
			w.out.WriteByte('\\')
			w.out.WriteByte(c)
		}
	}
	w.out.WriteString(value[written:])
	w.out.WriteByte('"')
	return w
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
