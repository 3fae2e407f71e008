package storage_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/campaign"
	rules "cchc/domain/plan"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// cityDesk is STC's plan in a campaign in which the authority's plan, confirmed with
// the tasks c1 and c2, is the city's own; and that plan.
func cityDesk(t *testing.T) (unit, city *desk) {
	t.Helper()
	db := storagetest.Open(t)
	city = &desk{t: t, db: db, people: map[staff.Role]staff.Actor{}}
	unit = &desk{t: t, db: db, people: map[staff.Role]staff.Actor{}}
	for role, at := range map[staff.Role]string{staff.Specialist: "STC", staff.DivisionHead: "STC", staff.Director: "STC", staff.Officer: "SNV"} {
		unit.people[role] = unit.person("unit-"+string(role), role, at)
	}
	for _, role := range []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director} {
		city.people[role] = city.person("city-"+string(role), role, "SNV")
	}
	city.people[staff.Officer] = unit.people[staff.Officer]
	p := planCampaign("STC", "SYT", "SNV")
	p.CityUnit = "SNV"
	code, err := db.Store.LaunchCampaign(context.Background(), uuid.New(), unit.people[staff.Officer].Person, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*desk{unit, city} {
		d.id = code + "-STC"
		if d == city {
			d.id = code + "-SNV"
		}
		for _, section := range []string{"I.1", "I.2", "II", "IV"} {
			d.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, 'Nội dung', $3)`,
				d.id, section, d.people[staff.Specialist].Person)
		}
	}
	city.saveTasks(city.people[staff.Specialist], storage.TaskChange{Task: row("c1")}, storage.TaskChange{Task: row("c2")})
	return unit, city
}

func (d *desk) view() storage.DocumentView {
	d.t.Helper()
	v, err := d.db.Store.DocumentView(context.Background(), staff.Scope{All: true}, d.id)
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

func carryingOut(key, city string) rules.Task {
	task := row(key)
	task.City, task.CityName = city, "Rà soát văn bản "+city
	return task
}

func TestUnitsCarryOutTheCitysTasks(t *testing.T) {
	unit, city := cityDesk(t)
	ctx := context.Background()
	save := func(d *desk, task rules.Task) error {
		_, err := d.db.Store.SaveTasks(ctx, d.id, []storage.TaskChange{{Task: task}}, d.people[staff.Specialist])
		return err
	}
	if tasks, err := unit.db.Store.CityTasks(ctx, unit.view()); err != nil || len(tasks) != 0 {
		t.Errorf("shown before it is confirmed: %v, %v", tasks, err)
	}
	if err := save(unit, carryingOut("a", "c1")); !hasRule(err, storage.TaskCityUnknown) {
		t.Errorf("linked before it is confirmed: %v", err)
	}
	city.approved()
	tasks, err := unit.db.Store.CityTasks(ctx, unit.view())
	if err != nil || len(tasks) != 2 || tasks[1].Key != "c2" || tasks[1].Number != 2 || tasks[1].Lead != "Sở Tài chính" {
		t.Fatalf("%+v, %v", tasks, err)
	}
	if own, err := city.db.Store.CityTasks(ctx, city.view()); err != nil || own != nil || !city.view().IsCityPlan() || unit.view().IsCityPlan() {
		t.Errorf("the city carries out its own: %v, %v", own, err)
	}
	if err := save(unit, carryingOut("a", "zz")); !hasRule(err, storage.TaskCityUnknown) {
		t.Errorf("linked to nothing: %v", err)
	}
	for _, task := range []rules.Task{carryingOut("a", "c1"), carryingOut("b", "c1"), row("c")} {
		if err := save(unit, task); err != nil {
			t.Fatal(err)
		}
	}
	linked := func() (int, rules.Tally) {
		t.Helper()
		all, tally, err := city.db.Store.LinkedTasks(ctx, staff.Scope{All: true}, city.view(), city.tracking(), "c1")
		if err != nil {
			t.Fatal(err)
		}
		return len(all), tally
	}
	if n, _ := linked(); n != 0 {
		t.Errorf("a draft counts: %d", n)
	}
	unit.approved()
	if n, tally := linked(); n != 2 || tally[rules.NotStarted] != 2 {
		t.Errorf("%d, %v", n, tally)
	}
	if all, _, err := city.db.Store.LinkedTasks(ctx, staff.Scope{Units: []string{"SYT"}}, city.view(), city.tracking(), "c1"); err != nil || len(all) != 0 {
		t.Errorf("shown outside the scope: %v, %v", all, err)
	}
	if err := unit.db.Store.AddTaskEntry(ctx, unit.entry(staff.Specialist, "a", rules.Entry{Kind: rules.Progress, Note: "Đang làm"})); err != nil {
		t.Fatal(err)
	}
	if _, tally := linked(); tally[rules.InProgress] != 1 {
		t.Errorf("%v", tally)
	}
	// An adjustment links another task, and leaves one.
	id := unit.begin()
	if err := unit.db.Store.SaveOrder(ctx, unit.newOrder(id)); err != nil {
		t.Fatal(err)
	}
	for _, task := range []rules.Task{row("b"), carryingOut("c", "c1")} {
		if err := unit.db.Store.SaveAdjusted(ctx, unit.id, id, unit.change(rules.Changed, task, ""), unit.people[staff.Specialist]); err != nil {
			t.Fatal(err)
		}
	}
	if err := unit.db.Store.SaveAdjusted(ctx, unit.id, id, unit.change(rules.Added, carryingOut("n", "zz"), ""), unit.people[staff.Specialist]); !hasRule(err, storage.TaskCityUnknown) {
		t.Errorf("%v", err)
	}
	unit.enforced(id)
	all, _, err := city.db.Store.LinkedTasks(ctx, staff.Scope{All: true}, city.view(), city.tracking(), "c1")
	if err != nil || len(all) != 2 || all[0].Key != "a" || all[1].Key != "c" || all[1].Unit != "Sở Tài chính" {
		t.Errorf("%+v, %v", all, err)
	}
}

// The city's plan may be named after the launch, and that taken back while nothing
// hangs on it; who did so and why is noted.
func TestTheCitysPlanIsNamedLater(t *testing.T) {
	unit, city := cityDesk(t)
	ctx := context.Background()
	officer := unit.people[staff.Officer]
	name := func(code, to, reason string) error {
		return unit.db.Store.NameCityPlan(ctx, storage.CityPlanNamed{Campaign: code, Unit: to, Reason: reason, By: storage.Audit{Person: officer.Person}})
	}
	noted := func(want int) {
		t.Helper()
		if n := unit.count(`select count(*) from audit where action = 'city_plan_named' and detail ->> 'reason' = 'Theo QĐ 1'`); n != want {
			t.Errorf("%d changes are noted, want %d", n, want)
		}
	}
	const code = "kh-2027y"
	if err := name(code, "", "Theo QĐ 1"); err != nil {
		t.Fatal(err)
	}
	city.approved()
	if tasks, err := unit.db.Store.CityTasks(ctx, unit.view()); err != nil || tasks != nil {
		t.Errorf("offered while none is named: %v, %v", tasks, err)
	}
	for refused, code := range map[rule.Code]error{
		campaign.CityAbsent: name(code, "STP", "x"), campaign.CityNoReason: name(code, "SNV", " "),
	} {
		if !hasRule(code, refused) {
			t.Errorf("%s: %v", refused, code)
		}
	}
	noted(1)
	for range 2 { // a double click
		if err := name(code, "SNV", "Theo QĐ 1"); err != nil {
			t.Fatal(err)
		}
	}
	noted(2)
	if tasks, err := unit.db.Store.CityTasks(ctx, unit.view()); err != nil || len(tasks) != 2 {
		t.Errorf("%v, %v", tasks, err)
	}
	unit.saveTasks(unit.people[staff.Specialist], storage.TaskChange{Task: carryingOut("a", "c1")})
	if err := name(code, "", "x"); !hasRule(err, campaign.CityInUse) {
		t.Errorf("taken away from under a draft: %v", err)
	}
	unit.approved()
	if err := name(code, "", "x"); !hasRule(err, campaign.CityInUse) {
		t.Errorf("taken away from under a living plan: %v", err)
	}
	report := newDesk(t)
	if err := report.db.Store.NameCityPlan(ctx, storage.CityPlanNamed{Campaign: "bc-2026q4", Unit: "SNV", Reason: "x"}); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("a report: %v", err)
	}
}

func TestTheCitysPlanIsInTheRoster(t *testing.T) {
	d := newDesk(t)
	p := planCampaign("STC")
	p.CityUnit = "SNV"
	if _, err := d.db.Store.LaunchCampaign(context.Background(), uuid.New(), d.people[staff.Officer].Person, p); !hasRule(err, campaign.CityNotAsked) {
		t.Errorf("%v", err)
	}
}
