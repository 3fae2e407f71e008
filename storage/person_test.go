package storage_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

const goodPassword = "Mua-xuan-2026!"

var nobody = storage.Audit{Address: "127.0.0.1", Request: "TEST"}

// importOne makes one account and gives what its person was told.
func importOne(t *testing.T, store *storage.Store, unit string, role staff.Role, name string) storage.Issued {
	t.Helper()
	issued, err := store.ImportPeople(context.Background(), nobody, []staff.NewPerson{{Row: 2, Unit: unit, Role: role, Name: name}})
	if err != nil {
		t.Fatal(err)
	}
	return issued[0]
}

// activated makes an account that can sign in with goodPassword.
func activated(t *testing.T, store *storage.Store, unit string, role staff.Role, name string) storage.Account {
	t.Helper()
	issued := importOne(t, store, unit, role, name)
	account, err := store.Activate(context.Background(), issued.Username, issued.Code, goodPassword, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return account
}

func broken(err error, code rule.Code) bool {
	var errs rule.Errors
	return errors.As(err, &errs) && errs.Has(code)
}

func audited(t *testing.T, d *storagetest.Database, action string) (n int) {
	t.Helper()
	if err := d.Owner.QueryRow(`select count(*) from audit where action = $1`, action).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestActivationWorksOnce(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	issued := importOne(t, d.Store, "STC", staff.Specialist, "Nguyễn Thị Mỹ Hạnh")
	if issued.Username != "stc.hanhntm" {
		t.Fatalf("username %q, want stc.hanhntm", issued.Username)
	}
	var kept string
	if err := d.Owner.QueryRow(`select activation_hash from persons where id = $1`, issued.Person).Scan(&kept); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(kept, strings.ReplaceAll(issued.Code, "-", "")) || len(kept) != 64 {
		t.Errorf("the code itself is kept: %q", kept)
	}
	if _, err := d.Store.SignIn(ctx, issued.Username, ""); !broken(err, staff.SignInWrong) {
		t.Errorf("sign-in before activation: %v", err)
	}
	if _, err := d.Store.Activate(ctx, "stc.other", issued.Code, goodPassword, goodPassword); !broken(err, staff.ActivationWrong) {
		t.Errorf("another's code: %v", err)
	}
	if _, err := d.Store.Activate(ctx, issued.Username, issued.Code, "short", "other"); !broken(err, staff.PasswordShort) || !broken(err, staff.PasswordDiffers) {
		t.Errorf("a weak password, mistyped: %v", err)
	}
	// Typed as people type it, by two at once: one account, one winner.
	typed := " " + strings.ToLower(strings.ReplaceAll(issued.Code, "-", " "))
	var wins, losses int
	var lock sync.Mutex
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			_, err := d.Store.Activate(ctx, "STC.hanhntm ", typed, goodPassword, goodPassword)
			lock.Lock()
			defer lock.Unlock()
			switch {
			case err == nil:
				wins++
			case broken(err, staff.ActivationWrong):
				losses++
			default:
				t.Errorf("activate: %v", err)
			}
		})
	}
	both.Wait()
	if wins != 1 || losses != 1 {
		t.Fatalf("%d activated, %d refused; want 1 and 1", wins, losses)
	}
	account, err := d.Store.SignIn(ctx, "STC.HanhNTM", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if !account.Holds(staff.Specialist, "STC") || account.UnitNames["STC"] != "Sở Tài chính" {
		t.Errorf("account %+v", account)
	}
}

func TestActivationExpires(t *testing.T) {
	d := storagetest.Open(t)
	issued := importOne(t, d.Store, "STC", staff.Specialist, "Lý Gia Huy")
	if _, err := d.Owner.Exec(`update persons set activation_expires = clock_timestamp() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.Activate(context.Background(), issued.Username, issued.Code, goodPassword, goodPassword); !broken(err, staff.ActivationWrong) {
		t.Errorf("an expired code: %v", err)
	}
}

// TCVN 14423:2026 5.5.2.2: at most five wrong attempts.
func TestSignInLocksAfterFiveWrongPasswords(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	account := activated(t, d.Store, "STC", staff.Director, "Hồ Đức Thắng")
	for n := range 5 {
		_, err := d.Store.SignIn(ctx, account.Username, "wrong")
		if !broken(err, staff.SignInWrong) {
			t.Fatalf("try %d: %v", n+1, err)
		}
		if locked := errors.Is(err, storage.ErrJustLocked); locked != (n == 4) {
			t.Fatalf("try %d: locked %t", n+1, locked)
		}
	}
	if _, err := d.Store.SignIn(ctx, account.Username, goodPassword); !broken(err, staff.SignInLocked) {
		t.Errorf("the right password while locked: %v", err)
	}
	if _, err := d.Store.SignIn(ctx, account.Username, "wrong"); broken(err, staff.SignInLocked) || !broken(err, staff.SignInWrong) {
		t.Errorf("a wrong password must not tell of the lock: %v", err)
	}
	if _, err := d.Owner.Exec(`update persons set locked_until = clock_timestamp() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Store.SignIn(ctx, account.Username, goodPassword); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if _, err := d.Store.SignIn(ctx, "nobody.at.all", goodPassword); !broken(err, staff.SignInWrong) {
		t.Errorf("an unknown username: %v", err)
	}
}

func TestLockoutIsASetting(t *testing.T) {
	d := storagetest.Open(t)
	if _, err := d.Owner.Exec(`insert into settings values ('lockout_attempts', '2')`); err != nil {
		t.Fatal(err)
	}
	account := activated(t, d.Store, "STC", staff.Clerk, "Mai Thị Hồng Nhung")
	for range 2 {
		_, _ = d.Store.SignIn(context.Background(), account.Username, "wrong")
	}
	if _, err := d.Store.SignIn(context.Background(), account.Username, goodPassword); !broken(err, staff.SignInLocked) {
		t.Errorf("after two wrong ones: %v", err)
	}
}

func TestChangePassword(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	account := activated(t, d.Store, "STC", staff.DivisionHead, "Phan Thị Bích Ngọc")
	const other = "con đường xưa em đi qua"
	for _, row := range []struct {
		current, chosen, repeat string
		want                    rule.Code
	}{
		{"wrong", other, other, staff.PasswordWrong},
		{goodPassword, "short", "short", staff.PasswordShort},
		{goodPassword, other, other + "?", staff.PasswordDiffers},
		{goodPassword, goodPassword, goodPassword, staff.PasswordSame},
	} {
		if err := d.Store.ChangePassword(ctx, account.Person, row.current, row.chosen, row.repeat); !broken(err, row.want) {
			t.Errorf("%+v: %v", row, err)
		}
	}
	if err := d.Store.ChangePassword(ctx, account.Person, goodPassword, other, other); err != nil {
		t.Fatal(err)
	}
	after, err := d.Store.SignIn(ctx, account.Username, other)
	if err != nil {
		t.Fatal(err)
	}
	if after.Stamp == account.Stamp {
		t.Error("the stamp is the same: sessions of the old password would go on")
	}
	if _, err := d.Store.SignIn(ctx, account.Username, goodPassword); !broken(err, staff.SignInWrong) {
		t.Errorf("the old password: %v", err)
	}
}

func TestPositionsInForceOnly(t *testing.T) {
	d := storagetest.Open(t)
	ctx := context.Background()
	account := activated(t, d.Store, "STC", staff.Director, "Hồ Đức Thắng")
	holders, err := d.Store.PeopleAt(ctx, "STC", staff.Director)
	if err != nil || len(holders) != 1 || holders[0].Person != account.Person {
		t.Fatalf("holders %+v, %v", holders, err)
	}
	if _, err := d.Owner.Exec(`insert into positions (person_id, unit_code, role, valid_from) values ($1, 'SYT', 'director', clock_timestamp() + interval '1 day')`, account.Person); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Owner.Exec(`update positions set valid_to = clock_timestamp() where unit_code = 'STC'`); err != nil {
		t.Fatal(err)
	}
	actor, err := d.Store.Actor(ctx, account.Person)
	if err != nil || len(actor.Positions) != 0 {
		t.Errorf("positions %+v, %v; want none: one is over, one not begun", actor.Positions, err)
	}
	if holders, err = d.Store.PeopleAt(ctx, "STC", staff.Director); err != nil || len(holders) != 0 {
		t.Errorf("holders %+v, %v; want none", holders, err)
	}
}
