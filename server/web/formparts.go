package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

func (s *Server) sectionsPart(*http.Request) (formPart, error) {
	return formPart{
		part: form.Part{Kind: form.PartSection}, path: "/sections", table: sectionTable, first: "code",
		read: func(f url.Values) form.Version {
			var v form.Version
			rowsTyped(f, sectionTable, "code", func(get func(string) string) {
				v.Sections = append(v.Sections, form.Section{
					Code: get("code"), Title: get("title"), Parent: get("parent"), Hint: get("hint"), Required: get("required") != "",
				})
			})
			return v
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Sections, func() form.Section { return form.Section{Required: true} })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormSectionsPage{Shell: s.partShell(r, e, templates.TitleFormSection, broken), Head: e.head}
			for i, one := range e.typed.Sections {
				page.Rows = append(page.Rows, templates.FormSectionRow{FormRow: templates.RowAt(i, len(e.typed.Sections), broken), Section: one})
			}
			return "forms/sections", page
		},
	}, nil
}

func (s *Server) checksPart(*http.Request) (formPart, error) {
	return formPart{
		part: form.Part{Kind: form.PartCheck}, path: "/checks", table: checkTable, first: "rule",
		read: func(f url.Values) form.Version {
			var v form.Version
			rowsTyped(f, checkTable, "rule", func(get func(string) string) {
				v.Checks = append(v.Checks, form.Check{Rule: get("rule"), Severity: get("severity"), Note: get("note")})
			})
			return v
		},
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Checks, func() form.Check { return form.Check{Severity: form.SeverityError} })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := templates.FormChecksPage{Shell: s.partShell(r, e, templates.TitleFormChecks, broken), Head: e.head}
			for i, one := range e.typed.Checks {
				page.Rows = append(page.Rows, templates.FormCheckRow{
					FormRow: templates.RowAt(i, len(e.typed.Checks), broken), Check: one,
					Severities: templates.SeverityOptions(one.Severity), Reading: readRule(e.typed, one.Rule),
				})
			}
			return "forms/checks", page
		},
	}, nil
}

// groupPart is the indicators of the group: the one that the page was made for,
// else the one at the place that the path names.
func (s *Server) groupPart(r *http.Request) (formPart, error) {
	place, err := number(r, "group")
	if err != nil {
		return formPart{}, err
	}
	name := r.PostForm.Get("group")
	if name == "" {
		draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
		if err != nil {
			return formPart{}, err
		}
		groups := draft.Content.Groups()
		if int(place) > len(groups) {
			return formPart{}, storage.ErrNotFound
		}
		name = groups[place-1]
	}
	return formPart{
		part: form.Part{Kind: form.PartIndicator, Group: name}, path: fmt.Sprintf("/groups/%d", place), table: indicatorTable, first: "code",
		read: func(f url.Values) form.Version { return readIndicators(f, name) },
		rows: func(v *form.Version) rowOps {
			return rowsIn(&v.Indicators, func() form.Indicator { return nextIndicator(*v, name) })
		},
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			return "forms/indicators", s.indicatorsPage(r, e, name, int(place), broken)
		},
	}, nil
}

// readIndicators takes the rows of the group. A new name of the group goes to each
// row that stays in it.
func readIndicators(f url.Values, group string) form.Version {
	var v form.Version
	name := groupName(f, group)
	rowsTyped(f, indicatorTable, "code", func(get func(string) string) {
		one := form.Indicator{
			Code: get("code"), Name: get("name"), Unit: get("unit"), Type: get("type"), Group: get("group"),
			ValidTo: isoDay(get("valid_to")), AcrossUnits: form.AcrossUnitsSum, AcrossTime: get("across_time"),
		}
		one.Indent, _ = strconv.Atoi(get("indent"))
		if one.Group == group || one.Group == "" {
			one.Group = name
		}
		if one.AcrossTime == "" || one.AcrossTime == form.AcrossTimeRatio {
			one.AcrossTime = form.AcrossTimeSum
		}
		if one.Type == form.TypeRatio {
			one.AcrossUnits, one.AcrossTime = form.AcrossUnitsRatio, form.AcrossTimeRatio
			one.Numerator, one.Denominator = get("numerator"), get("denominator")
		}
		v.Indicators = append(v.Indicators, one)
	})
	return v
}

// groupName is the name that was typed for the group; an empty one changes nothing.
func groupName(f url.Values, group string) string {
	if name := storage.CleanLine(f.Get("name")); name != "" {
		return name
	}
	return group
}

// isoDay is a typed day as it is stored; what is no day is kept for the rules to
// tell of.
func isoDay(text string) string {
	if day, ok := dayIn(strings.TrimSpace(text)); ok {
		return day.String()
	}
	return text
}

// nextIndicator is an empty row whose code follows the last one of the group.
func nextIndicator(v form.Version, group string) form.Indicator {
	code := ""
	if len(v.Indicators) > 0 {
		code, group = nextCode(v.Indicators), v.Indicators[len(v.Indicators)-1].Group
	}
	return form.NewIndicator(group, code)
}

// nextCode counts on from the highest code with as many parts as the last.
func nextCode(rows []form.Indicator) string {
	last := rows[len(rows)-1].Code
	stem, _, found := cutLast(last)
	if !found {
		return ""
	}
	highest := 0
	for _, one := range rows {
		if other, number, ok := cutLast(one.Code); ok && other == stem {
			if n, err := strconv.Atoi(number); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return fmt.Sprintf("%s.%d", stem, highest+1)
}

func cutLast(code string) (stem, last string, found bool) {
	at := strings.LastIndexByte(code, '.')
	if at < 0 {
		return "", "", false
	}
	return code[:at], code[at+1:], true
}

func (s *Server) indicatorsPage(r *http.Request, e *formEditor, group string, place int, broken rule.Errors) templates.FormIndicatorsPage {
	rows := e.typed.InGroup(group)
	page := templates.FormIndicatorsPage{
		Shell: s.partShell(r, e, words.Group(place, group), broken), Head: e.head, URL: fmt.Sprintf("%s/groups/%d", e.head.URL, place),
		Group: group, Name: group, Number: place,
	}
	groups := e.typed.Groups()
	for i, one := range rows {
		row := templates.FormIndicatorRow{
			FormRow: templates.RowAt(i, len(rows), broken), Indicator: one, Types: templates.TypeOptions(one.Type),
			Times: templates.AcrossTimeOptions(one.AcrossTime), Indents: templates.IndentOptions(one.Indent),
			Groups: templates.FormGroupOptions(groups, one.Group), Reading: readRatio(e.typed, one),
		}
		row.ValidTo = dayText(one.ValidTo)
		row.Open = one.Type == form.TypeRatio && row.Reading == "" || hasLesserProblem(broken, i)
		page.Rows = append(page.Rows, row)
	}
	return page
}

// hasLesserProblem tells whether one of the folded fields of the row has an error.
func hasLesserProblem(broken rule.Errors, row int) bool {
	return slices.ContainsFunc(broken, func(one rule.Error) bool {
		_, at, ok := form.RowOf(one.Field)
		return ok && at == row && slices.Contains([]string{"numerator", "denominator", "across_time", "valid_to", "indent", "group"}, fieldOf(one.Field))
	})
}

// readRatio reads a ratio aloud; empty where it cannot be reckoned.
func readRatio(v form.Version, i form.Indicator) string {
	if i.Type != form.TypeRatio {
		return ""
	}
	above, below, ok := i.Terms()
	if !ok {
		return ""
	}
	return words.Ratio(above, below, nameIn(v))
}
