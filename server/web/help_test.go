package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
	"cchc/templates"
)

func TestFirstLookIsRememberedOfAPerson(t *testing.T) {
	k := newKit(t)
	person := k.person(t, staff.Position{Unit: "STC", Role: staff.DivisionHead})
	b := k.as(t, person)
	b.get(t, "/tasks").want(t, http.StatusOK).says(t, "Bắt đầu từ đây", "trình ký số")
	b.post(t, "/first-look", url.Values{"state": {"closed"}}).want(t, http.StatusSeeOther, "/tasks")
	b.get(t, "/tasks").silent(t, "Bắt đầu từ đây")
	k.as(t, person).get(t, "/tasks").silent(t, "Bắt đầu từ đây") // on another machine
	k.at(t, "STC", staff.DivisionHead).get(t, "/tasks").says(t, "Bắt đầu từ đây")
	b.get(t, "/help").says(t, "Xem lại phần Bắt đầu từ đây")
	b.post(t, "/first-look", url.Values{"state": {"open"}}).want(t, http.StatusSeeOther, "/tasks")
	b.get(t, "/tasks").says(t, "Bắt đầu từ đây")
	b.post(t, "/first-look", url.Values{"state": {"ajar"}}).want(t, http.StatusBadRequest)
	var lines int
	if err := k.Owner.QueryRow(`select count(*) from audit where action = 'first_look' and person_id = $1`, person).Scan(&lines); err != nil || lines != 2 {
		t.Errorf("%d lines of audit, %v", lines, err)
	}
}

func TestHelpIsForEverybody(t *testing.T) {
	k := newKit(t)
	visitor := k.visitor()
	visitor.get(t, "/help").want(t, http.StatusOK).silent(t, "Xem lại phần")
	for _, group := range templates.HelpGroups {
		for _, topic := range group.Topics {
			visitor.get(t, "/help/"+topic.Slug).want(t, http.StatusOK).says(t, topic.Title)
		}
	}
	visitor.get(t, "/help/nothing").want(t, http.StatusNotFound)
	page := k.at(t, "STC", staff.Specialist).get(t, "/notices").want(t, http.StatusOK)
	if want := `href="/help/notices"`; !strings.Contains(page.body, want) {
		t.Errorf("the page of notices does not lead to its help")
	}
}
