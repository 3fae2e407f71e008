package demo

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"cchc/migrations"
)

// phrases is what can be said, by key: paragraphs, each with its alternatives.
// The seed file says how it is written.
type phrases map[string][][]phrase

type phrase struct {
	conditions []string
	text       string
}

func readPhrases() (phrases, error) {
	raw, err := fs.ReadFile(migrations.Seed, "seed/demo-phrases.txt")
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	p := phrases{}
	key, paragraph := "", -1
	for number, line := range strings.Split(norm.NFC.String(string(raw)), "\n") {
		name, heading := strings.CutPrefix(line, "== ")
		switch {
		case strings.HasPrefix(line, "#"):
		case heading:
			key, paragraph = name, -1
			p[key] = nil
		case line == "":
			paragraph = -1
		case key == "":
			return nil, fmt.Errorf("read phrases: line %d belongs to no text", number+1)
		default:
			if paragraph < 0 {
				p[key] = append(p[key], nil)
				paragraph = len(p[key]) - 1
			}
			p[key][paragraph] = append(p[key][paragraph], parsePhrase(line))
		}
	}
	return p, nil
}

func parsePhrase(line string) phrase {
	var one phrase
	if rest, ok := strings.CutPrefix(line, "["); ok {
		conditions, text, _ := strings.Cut(rest, "] ")
		one.conditions, line = strings.Fields(conditions), text
	}
	one.text = strings.ReplaceAll(line, " // ", "\n")
	return one
}

// speaker says phrases about one report.
type speaker struct {
	phrases
	dice
	fact  func(name string) (text string, known bool) // what stands for {name}
	holds func(condition string) bool
}

// paragraphs is the text of the key, nothing that is a lone "-" among it.
func (s speaker) paragraphs(key string) []string {
	var said []string
	for i, alternatives := range s.phrases[key] {
		fitting := slices.DeleteFunc(slices.Clone(alternatives), func(one phrase) bool {
			return slices.ContainsFunc(one.conditions, func(c string) bool { return !s.holds(c) })
		})
		if len(fitting) == 0 {
			continue
		}
		d := s.dice.more(key, strconv.Itoa(i))
		if text := fitting[d.between(0, int64(len(fitting)-1))].text; text != "-" {
			said = append(said, s.fill(text))
		}
	}
	return said
}

// say is the whole text of the key.
func (s speaker) say(key string) string { return strings.Join(s.paragraphs(key), "\n") }

var placeholder = regexp.MustCompile(`\{[^}]+\}`)

func (s speaker) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		if text, known := s.fact(name[1 : len(name)-1]); known {
			return text
		}
		return name
	})
}
