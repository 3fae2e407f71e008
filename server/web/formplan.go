package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/storage"
	"cchc/templates"
)

// The two pages of the editor that only a plan's form has: what its tasks choose from.

// pathOfTable is the page of the editor that shows a table of a plan, below the draft's.
func pathOfTable(table string) string { return "/" + strings.ReplaceAll(table, ".", "-") }

// inPlan is the place of a broken rule of the plan's table.
func inPlan(one rule.Error) (problemPlace, bool) {
	switch {
	case strings.HasPrefix(one.Field, planProductTable):
		return problemPlace{form.Part{Kind: form.PartPlanProduct}, pathOfTable(planProductTable), one}, true
	case strings.HasPrefix(one.Field, "plan."):
		return problemPlace{form.Part{Kind: form.PartPlanField}, pathOfTable(planFieldTable), one}, true
	}
	return problemPlace{}, false
}

// choicesOf reads the rows of choices from a form.
func choicesOf(f url.Values, table string) []plan.Choice {
	var choices []plan.Choice
	rowsTyped(f, table, "code", func(get func(string) string) {
		choices = append(choices, plan.Choice{Code: get("code"), Name: get("name")})
	})
	return choices
}

func noChoice() plan.Choice { return plan.Choice{} }

// planFieldsPart is the fields of tasks, with how their deadlines are read. The hour at
// which a deadline ends stays as the form has it.
func (s *Server) planFieldsPart(r *http.Request) (formPart, error) {
	table, err := s.planTable(r)
	if err != nil {
		return formPart{}, err
	}
	return formPart{
		part: form.Part{Kind: form.PartPlanField}, path: pathOfTable(planFieldTable), table: planFieldTable, first: "code",
		read: func(f url.Values) form.Version {
			deadline := plan.DeadlineRule{ExcludesDate: f.Get("excludes_date") != "", Cutoff: table.Deadline.Cutoff, Shift: period.Shift(f.Get("shift"))}
			return form.Version{Plan: &plan.Table{Fields: choicesOf(f, planFieldTable), Deadline: deadline}}
		},
		rows: func(v *form.Version) rowOps { return rowsIn(&v.Plan.Fields, noChoice) },
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			page := s.choicesPage(r, e, templates.TitlePlanFields, planFieldTable, e.typed.Plan.Fields, broken)
			return "forms/choices", templates.FieldsPage(page, e.typed.Plan.Deadline)
		},
	}, nil
}

func (s *Server) planProductsPart(r *http.Request) (formPart, error) {
	if _, err := s.planTable(r); err != nil {
		return formPart{}, err
	}
	return formPart{
		part: form.Part{Kind: form.PartPlanProduct}, path: pathOfTable(planProductTable), table: planProductTable, first: "code",
		read: func(f url.Values) form.Version {
			return form.Version{Plan: &plan.Table{Products: choicesOf(f, planProductTable)}}
		},
		rows: func(v *form.Version) rowOps { return rowsIn(&v.Plan.Products, noChoice) },
		build: func(r *http.Request, e *formEditor, broken rule.Errors) (string, any) {
			return "forms/choices", templates.ProductsPage(s.choicesPage(r, e, templates.TitlePlanProducts, planProductTable, e.typed.Plan.Products, broken))
		},
	}, nil
}

func (s *Server) choicesPage(r *http.Request, e *formEditor, title, table string, choices []plan.Choice, broken rule.Errors) templates.FormChoicesPage {
	page := templates.FormChoicesPage{
		Shell: s.partShell(r, e, title, broken), Head: e.head, URL: e.head.URL + pathOfTable(table), Table: table,
	}
	for i, one := range choices {
		page.Rows = append(page.Rows, templates.FormChoiceRow{FormRow: templates.RowAt(i, len(choices), broken), Choice: one})
	}
	return page
}

// planTable is the table of the draft named in the path. ErrNotFound: the form has
// none.
func (s *Server) planTable(r *http.Request) (plan.Table, error) {
	draft, err := s.store.FormDraft(r.Context(), chi.URLParam(r, "form"))
	if err == nil && draft.Content.Plan == nil {
		err = storage.ErrNotFound
	}
	if err != nil {
		return plan.Table{}, err
	}
	return *draft.Content.Plan, nil
}
