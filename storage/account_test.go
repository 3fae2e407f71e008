package storage_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

func TestImportTellsEveryProblemAtOnce(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	activated(t, d.Store, "STC", staff.Specialist, "Nguyễn Thị Mỹ Hạnh")
	list := "unit,role,name,mail,username\n" +
		"XYZ,specialist,Lê An,an@example.vn,\n" + // 2: no such unit
		"STC,mayor,Lê Bình,,\n" + // 3: no such role
		"STC,officer,Lê Chi,,\n" + // 4: a role of the authority
		"STC,clerk,,,\n" + // 5: no name
		"STC,clerk,Lê Dung,not a mail,\n" + // 6
		"STC,clerk,Lê Én,,Lê Én\n" + // 7: no username
		"STC,clerk,Lê Gấm,,stc.hanhntm\n" + // 8: taken
		"STC,clerk,Lê Hà,,stc.hal\n" +
		"STC,clerk,Lê Hân,,stc.hal\n" + // 10: another person of that name; also the same position
		"STC,specialist,Nguyễn Thị Mỹ Hạnh,,\n" // 11: has an account already
	_, err := d.Store.CheckPeople(ctx, list)
	var errs rule.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("got %v", err)
	}
	want := map[string]rule.Code{
		"row.2": staff.PersonUnit, "row.3": staff.PersonRole, "row.4": staff.PersonElsewhere,
		"row.5": staff.PersonName, "row.6": staff.PersonMail, "row.7": staff.PersonUsername,
		"row.8": staff.PersonTaken, "row.11": staff.PersonTaken,
	}
	found := map[string]bool{}
	for _, e := range errs {
		if e.Field == "row.10" {
			found[string(e.Code)] = true
			continue
		}
		if want[e.Field] != e.Code {
			t.Errorf("%s at %s", e.Code, e.Field)
		}
		found[e.Field] = true
	}
	for field, code := range want {
		if !found[field] {
			t.Errorf("%s at %s was not told", code, field)
		}
	}
	if !found[string(staff.PersonDiffers)] || !found[string(staff.PersonRepeated)] {
		t.Errorf("row 10: %v", found)
	}
}

func TestImportFiles(t *testing.T) {
	d := storagetest.Open(t)
	for name, row := range map[string]struct {
		list string
		want rule.Code // empty: in order
	}{
		"semicolons and a byte order mark": {"\ufeffunit;role;name;mail\nSTC;specialist;Lê An;an@example.vn\n", ""},
		"other order, no username":         {"name,mail,role,unit\nLê An,,Specialist,stc\n", ""},
		"only a header":                    {"unit,role,name,mail\n", staff.PeopleEmpty},
		"a column is missing":              {"unit,role,name\nSTC,clerk,Lê An\n", staff.PeopleColumn},
		"an open quote":                    {"unit,role,name,mail\nSTC,clerk,\"Lê An,\n", staff.PeopleFile},
	} {
		people, err := d.Store.CheckPeople(context.Background(), row.list)
		switch {
		case row.want == "" && (err != nil || len(people) != 1 || people[0].Name != "Lê An" || people[0].Unit != "STC"):
			t.Errorf("%s: %+v, %v", name, people, err)
		case row.want != "" && !broken(err, row.want):
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	people := []staff.NewPerson{
		{Row: 2, Unit: "STC", Role: staff.Specialist, Name: "Lê An"},
		{Row: 3, Unit: "STC", Role: staff.Clerk, Name: "Lý An"}, // the same made username
		{Row: 4, Unit: "26740", Role: staff.Director, Name: "Lâm Quang Vinh", Username: "saigon.vinhlq"},
		{Row: 5, Unit: "26740", Role: staff.FocalOfficer, Name: "Lâm Quang Vinh", Username: "saigon.vinhlq"},
		{Row: 6, Unit: "26740", Role: staff.Clerk, Name: "Đinh Thị Xuân Mai"},
	}
	issued, err := d.Store.ImportPeople(ctx, nobody, people)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, one := range issued {
		names = append(names, one.Username)
		if len(one.Code) != 19 || !one.Expires.After(time.Now()) {
			t.Errorf("%+v", one)
		}
	}
	want := []string{"stc.anl", "stc.anl2", "saigon.vinhlq", "saigon.maidtx"}
	if len(names) != len(want) {
		t.Fatalf("accounts %v, want %v", names, want)
	}
	for i := range want {
		if names[i] != want[i] {
			t.Errorf("accounts %v, want %v", names, want)
		}
	}
	if len(issued[2].Positions) != 2 {
		t.Errorf("positions of %s: %v", issued[2].Username, issued[2].Positions)
	}
	if _, err := d.Store.ImportPeople(ctx, nobody, people); !broken(err, staff.PersonTaken) {
		t.Errorf("the same list again: %v", err)
	}
	if _, total, err := d.Store.Accounts(ctx, storage.AccountFilter{Limit: 10}); err != nil || total != 4 {
		t.Errorf("%d accounts, %v; want 4", total, err)
	}
	if n := audited(t, d, storage.AuditImported); n != 1 {
		t.Errorf("%d audit lines, want 1", n)
	}
}

func TestAccountsAreFoundWithoutDiacritics(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	importOne(t, d.Store, "STC", staff.Specialist, "Đặng Thị Ánh")
	importOne(t, d.Store, "SYT", staff.Specialist, "Đỗ Văn Bình")
	for query, want := range map[string]int{"dang thi": 1, "ĐẶNG": 1, "syt.": 1, "": 2, "không có": 0} {
		_, total, err := d.Store.Accounts(ctx, storage.AccountFilter{Query: query, Limit: 10})
		if err != nil || total != want {
			t.Errorf("%q: %d, %v; want %d", query, total, err, want)
		}
	}
	entries, total, err := d.Store.Accounts(ctx, storage.AccountFilter{Unit: "SYT", State: "invited", Limit: 10})
	if err != nil || total != 1 || len(entries[0].Positions) != 1 || entries[0].Positions[0].UnitName != "Sở Y tế" {
		t.Errorf("by unit: %+v, %v", entries, err)
	}
}

func TestAccountChanges(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	admin := activated(t, d.Store, "SNV", staff.AccountAdmin, "Phạm Ngọc Diễm")
	by := storage.Audit{Person: admin.Person, Username: admin.Username}
	person := activated(t, d.Store, "STC", staff.Specialist, "Lý Gia Huy")

	if err := d.Store.AddPosition(ctx, by, admin.Person, staff.Position{Unit: "SNV", Role: staff.Officer}); !broken(err, staff.OwnAccount) {
		t.Errorf("an administrator gives themselves a role: %v", err)
	}
	for _, row := range []struct {
		position staff.Position
		want     rule.Code
	}{
		{staff.Position{Unit: "STC", Role: staff.Officer}, staff.RoleElsewhere},
		{staff.Position{Unit: "STC", Role: "mayor"}, staff.RoleUnknown},
		{staff.Position{Unit: "XYZ", Role: staff.Clerk}, staff.UnitUnknown},
		{staff.Position{Unit: "STC", Role: staff.Specialist}, staff.PositionHeld},
	} {
		if err := d.Store.AddPosition(ctx, by, person.Person, row.position); !broken(err, row.want) {
			t.Errorf("%+v: %v, want %s", row.position, err, row.want)
		}
	}
	if err := d.Store.AddPosition(ctx, by, person.Person, staff.Position{Unit: "STC", Role: staff.FocalOfficer}); err != nil {
		t.Fatal(err)
	}
	entry, err := d.Store.AccountEntry(ctx, person.Person)
	if err != nil || len(entry.Positions) != 2 {
		t.Fatalf("%+v, %v", entry, err)
	}
	if err := d.Store.EndPosition(ctx, by, admin.Person, entry.Positions[0].ID); !broken(err, staff.OwnAccount) {
		t.Errorf("own account: %v", err)
	}
	if err := d.Store.EndPosition(ctx, by, person.Person, entry.Positions[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.EndPosition(ctx, by, person.Person, entry.Positions[0].ID); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
	actor, err := d.Store.Actor(ctx, person.Person)
	if err != nil || actor.Holds(staff.Specialist, "STC") || !actor.Holds(staff.FocalOfficer, "STC") {
		t.Errorf("%+v, %v", actor, err)
	}

	issued, err := d.Store.ReissueCode(ctx, by, person.Person)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.SignIn(ctx, person.Username, goodPassword); !broken(err, staff.SignInWrong) {
		t.Errorf("the old password after a new code: %v", err)
	}
	if _, err := d.Store.Account(ctx, person.Person); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("sessions after a new code: %v", err)
	}
	if _, err := d.Store.Activate(ctx, person.Username, issued.Code, goodPassword, goodPassword); err != nil {
		t.Fatal(err)
	}

	if err := d.Store.CloseAccount(ctx, by, person.Person); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.ReissueCode(ctx, by, person.Person); !broken(err, staff.AccountClosed) {
		t.Errorf("a code for a closed account: %v", err)
	}
	entry, err = d.Store.AccountEntry(ctx, person.Person)
	if err != nil || entry.State != "closed" {
		t.Fatalf("%+v, %v", entry, err)
	}
	for _, p := range entry.Positions {
		if p.To == nil {
			t.Errorf("position %+v goes on after the account was closed", p)
		}
	}
	for action, want := range map[string]int{
		storage.AuditPositionAdded: 1, storage.AuditPositionEnded: 1, storage.AuditReissued: 1, storage.AuditClosed: 1,
	} {
		if n := audited(t, d, action); n != want {
			t.Errorf("%d lines of %s, want %d: refused changes leave none", n, action, want)
		}
	}
}

// Two administrators who close each other at once: one stays.
func TestSomeAccountAdminStays(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	one := activated(t, d.Store, "SNV", staff.AccountAdmin, "Phạm Ngọc Diễm")
	two := activated(t, d.Store, "SNV", staff.AccountAdmin, "Trần Văn Hai")
	if err := d.Store.CloseAccount(ctx, storage.Audit{Person: one.Person}, two.Person); err != nil {
		t.Fatal(err)
	}
	if err := d.Store.CloseAccount(ctx, storage.Audit{Person: two.Person}, one.Person); !broken(err, staff.LastAccountAdmin) {
		t.Errorf("the last one was closed: %v", err)
	}
	if _, err := d.Store.Account(ctx, one.Person); err != nil {
		t.Errorf("the refused change was kept: %v", err)
	}
}
