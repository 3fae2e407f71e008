package form

import (
	"slices"
	"strings"

	"cchc/domain/rule"
)

// The codes of what is wrong with a mapping, at "map.<code>" of the newer version
// or "retired.<code>" of the older one.
const (
	codeMapMissing rule.Code = "form_map_missing" // a code of the newer version that nothing is said of
	codeMapLost    rule.Code = "form_map_lost"    // a code of the older version that nothing is said of
	codeMapUnknown rule.Code = "form_map_unknown" // the code that the other version does not have
	codeMapSplit   rule.Code = "form_map_split"   // split or merged, yet said to be comparable
	codeMapMeasure rule.Code = "form_map_measure" // unit before, unit now; said to be comparable
	codeMapNote    rule.Code = "form_map_note"    // a break without its reason
	codeMapGone    rule.Code = "form_map_gone"    // retired, yet continued
	codeMapFresh   rule.Code = "form_map_fresh"   // new, yet continued
)

// Mapping says how the indicators of one version of a form continue in the next,
// so that figures stay comparable after the form has changed (QĐ 1439 Đ10.2). It
// has no factors: what is measured otherwise is a break, never a conversion.
type Mapping struct {
	From, To int // version numbers
	Rows     []MapRow
}

// MapRow is one step of an indicator. From "" is a new one, To "" a retired one.
// A code that stands in several rows was split or merged.
type MapRow struct {
	From, To string
	Break    bool   // figures before and after cannot be compared
	Note     string // why; a break has one
}

// SuggestMapping is what the two versions themselves say: the same code continues;
// one measured otherwise is a break; a code that is gone continues where an
// indicator of the same name and measure is new; the rest is retired or new.
func SuggestMapping(older, newer Version) Mapping {
	m := Mapping{From: older.Number, To: newer.Number}
	continued := map[string]bool{}
	for _, now := range newer.Indicators {
		before, same := older.Indicator(now.Code)
		if !same {
			before, same = older.renamed(now, newer)
		}
		if !same || continued[before.Code] {
			m.Rows = append(m.Rows, MapRow{To: now.Code})
			continue
		}
		continued[before.Code] = true
		m.Rows = append(m.Rows, MapRow{From: before.Code, To: now.Code, Break: !sameMeasure(before, now)})
	}
	for _, before := range older.Indicators {
		if !continued[before.Code] {
			m.Rows = append(m.Rows, MapRow{From: before.Code})
		}
	}
	return m
}

// renamed is the one indicator with the same name and measure whose code the
// newer version does not have.
func (v Version) renamed(now Indicator, newer Version) (Indicator, bool) {
	var found []Indicator
	for _, before := range v.Indicators {
		if _, stays := newer.Indicator(before.Code); !stays && sameMeasure(before, now) &&
			strings.EqualFold(strings.TrimSpace(before.Name), strings.TrimSpace(now.Name)) {
			found = append(found, before)
		}
	}
	if len(found) != 1 {
		return Indicator{}, false
	}
	return found[0], true
}

// sameMeasure tells whether two indicators count in the same unit and combine
// alike: a flow cannot continue a stock, nor a figure a percentage.
func sameMeasure(a, b Indicator) bool {
	return (a.Type == TypeRatio) == (b.Type == TypeRatio) && a.AcrossTime == b.AcrossTime &&
		strings.EqualFold(strings.TrimSpace(a.Unit), strings.TrimSpace(b.Unit))
}

// Into are the rows that lead to a code of the newer version.
func (m Mapping) Into(code string) []MapRow {
	return m.where(func(r MapRow) bool { return r.To == code })
}

// OutOf are the rows that lead on from a code of the older version.
func (m Mapping) OutOf(code string) []MapRow {
	return m.where(func(r MapRow) bool { return r.From == code })
}

func (m Mapping) where(fits func(MapRow) bool) []MapRow {
	var rows []MapRow
	for _, row := range m.Rows {
		if fits(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// oneToOne tells whether the row is neither part of a split nor of a merger.
func (m Mapping) oneToOne(r MapRow) bool {
	return r.From != "" && r.To != "" && len(m.Into(r.To)) == 1 && len(m.OutOf(r.From)) == 1
}

// Continued are the codes of the older version that go on as one code of the newer,
// with that code. It looks at each row once, for pages that ask of every indicator.
func (m Mapping) Continued() map[string]string {
	into, outOf := map[string]int{}, map[string]int{}
	for _, row := range m.Rows {
		into[row.To]++
		outOf[row.From]++
	}
	on := map[string]string{}
	for _, row := range m.Rows {
		if row.From != "" && row.To != "" && into[row.To] == 1 && outOf[row.From] == 1 {
			on[row.From] = row.To
		}
	}
	return on
}

// MapField is the field of a code of the newer version.
func MapField(code string) string { return "map." + code }

// RetiredField is the field of a code of the older version.
func RetiredField(code string) string { return "retired." + code }

// Validate finds codes that lead nowhere or come from nowhere, and steps that are
// said to be comparable and are not.
func (m Mapping) Validate(older, newer Version) rule.Errors {
	var broken rule.Errors
	for _, now := range newer.Indicators {
		m.validateInto(now, older, &broken)
	}
	for _, before := range older.Indicators {
		out := m.OutOf(before.Code)
		gone := slices.ContainsFunc(out, func(r MapRow) bool { return r.To == "" })
		switch {
		case len(out) == 0:
			broken.Add(codeMapLost, RetiredField(before.Code))
		case gone && len(out) > 1:
			broken.Add(codeMapGone, RetiredField(before.Code))
		}
	}
	for _, row := range m.Rows {
		if _, known := newer.Indicator(row.To); row.To != "" && !known {
			broken.Add(codeMapUnknown, RetiredField(row.From), row.To)
		}
	}
	return broken
}

func (m Mapping) validateInto(now Indicator, older Version, broken *rule.Errors) {
	field, into := MapField(now.Code), m.Into(now.Code)
	if len(into) == 0 {
		broken.Add(codeMapMissing, field)
	}
	for _, row := range into {
		before, known := older.Indicator(row.From)
		switch {
		case row.From == "" && len(into) > 1:
			broken.Add(codeMapFresh, field)
		case row.From == "":
		case !known:
			broken.Add(codeMapUnknown, field, row.From)
		case row.Break && strings.TrimSpace(row.Note) == "":
			broken.Add(codeMapNote, field)
		case row.Break:
		case !m.oneToOne(row):
			broken.Add(codeMapSplit, field)
		case !sameMeasure(before, now):
			broken.Add(codeMapMeasure, field, before.Unit, now.Unit)
		}
	}
}

// Place is where an indicator stands in one version of its form.
type Place struct {
	Code  string   // empty: the version has no figures of it
	Break bool     // what the version before has cannot be compared with it
	Note  string   // why
	Apart []string // the codes it was made of, or became, where it was split or merged
}

// Lineage follows an indicator of one version through all others, by number. The
// mappings lead from each version to the next, oldest first. A series continues
// through steps of one code to one; at a split or a merger it ends, and the place
// beyond names the codes to look at instead.
func Lineage(mappings []Mapping, number int, code string) map[int]Place {
	places := map[int]Place{number: {Code: code}}
	at := code
	for _, m := range slices.Backward(mappings) {
		if m.To <= number {
			at = m.stepBack(places, at)
		}
	}
	at = code
	for _, m := range mappings {
		if m.From >= number {
			at = m.stepOn(places, at)
		}
	}
	return places
}

func (m Mapping) stepBack(places map[int]Place, at string) string {
	into := m.Into(at)
	if at == "" || len(into) == 0 || into[0].From == "" {
		places[m.From] = Place{}
		return ""
	}
	here := places[m.To]
	here.Break, here.Note = into[0].Break, into[0].Note
	places[m.To] = here
	if !m.oneToOne(into[0]) {
		places[m.From] = Place{Apart: froms(into)}
		return ""
	}
	places[m.From] = Place{Code: into[0].From}
	return into[0].From
}

func (m Mapping) stepOn(places map[int]Place, at string) string {
	out := m.OutOf(at)
	if at == "" || len(out) == 0 || out[0].To == "" {
		places[m.To] = Place{}
		return ""
	}
	if !m.oneToOne(out[0]) {
		var tos []string
		for _, row := range out {
			tos = append(tos, row.To)
		}
		places[m.To] = Place{Apart: tos, Break: true, Note: out[0].Note}
		return ""
	}
	places[m.To] = Place{Code: out[0].To, Break: out[0].Break, Note: out[0].Note}
	return out[0].To
}

func froms(rows []MapRow) []string {
	codes := make([]string, len(rows))
	for i, row := range rows {
		codes[i] = row.From
	}
	return codes
}

// Continue are the figures of a report on one version as another version has them:
// under its codes, without those that it cannot be compared with.
func Continue(mappings []Mapping, from, to int, figures map[string]Figure) map[string]Figure {
	if from == to || figures == nil {
		return figures
	}
	continued := make(map[string]Figure, len(figures))
	for code, figure := range figures {
		if own, comparable := Follow(mappings, from, to, code); comparable {
			figure.Code = own
			continued[own] = figure
		}
	}
	return continued
}

// Follow is the code under which another version has an indicator of this one; false
// where it is none that it can be compared with.
func Follow(mappings []Mapping, from, to int, code string) (string, bool) {
	if from == to {
		return code, true
	}
	places := Lineage(mappings, from, code)
	comparable := places[to].Code != ""
	for number := min(from, to) + 1; number <= max(from, to); number++ {
		comparable = comparable && !places[number].Break
	}
	return places[to].Code, comparable
}
