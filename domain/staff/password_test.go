package staff_test

import (
	"strings"
	"testing"

	"cchc/domain/rule"
	"cchc/domain/staff"
)

func TestCheckPassword(t *testing.T) {
	for _, row := range []struct {
		name, password string
		want           []rule.Code
	}{
		{"TCVN 14423:2026 5.6.2.2b: 14 letters, four classes", "Mua-xuan-2026!", nil},
		{"13 letters", "Mua-xuan-202!", []rule.Code{staff.PasswordShort}},
		{"three classes", "mua-xuan-2026!", []rule.Code{staff.PasswordClasses}},
		{"a phrase of 20 needs no classes", "con đường xưa em đi qua", nil},
		{"letters are counted, not bytes", "Đường-về-2026!", nil},
		{"holds the username", "STC.hanh-2026!xx", []rule.Code{staff.PasswordUsername}},
		{"a common stem with ornaments", "P@ssword-20261!", []rule.Code{staff.PasswordCommon}},
		{"few letters repeated", "Aa1!Aa1!Aa1!Aa1!", []rule.Code{staff.PasswordCommon}},
		{"too long to hash", strings.Repeat("Mua-xuan-2026!", 20), []rule.Code{staff.PasswordLong}},
		{"empty", "", []rule.Code{staff.PasswordShort, staff.PasswordClasses, staff.PasswordCommon}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := staff.CheckPassword("new", "stc.hanh", row.password)
			var codes []rule.Code
			for _, e := range got {
				codes = append(codes, e.Code)
				if e.Field != "new" {
					t.Errorf("%s at field %q, want new", e.Code, e.Field)
				}
			}
			if len(codes) != len(row.want) {
				t.Fatalf("got %v, want %v", codes, row.want)
			}
			for i := range codes {
				if codes[i] != row.want[i] {
					t.Fatalf("got %v, want %v", codes, row.want)
				}
			}
		})
	}
}

func TestCheckPosition(t *testing.T) {
	for _, row := range []struct {
		role staff.Role
		unit string
		want rule.Code // empty: allowed
	}{
		{staff.Specialist, "STC", ""},
		{staff.Specialist, "SNV", ""}, // the authority is itself a unit
		{staff.Viewer, "VP", ""},
		{staff.Officer, "SNV", ""},
		{staff.Officer, "STC", staff.RoleElsewhere},      // QĐ 1439 Đ15.1
		{staff.AccountAdmin, "STC", staff.RoleElsewhere}, // QĐ 1439 Đ6.2
		{staff.SystemAdmin, "VP", staff.RoleElsewhere},   // QĐ 1439 Đ3.9
		{staff.AuthorityHead, "VP", staff.RoleElsewhere}, // QĐ 1439 Đ15.1
		{staff.Role("mayor"), "VP", staff.RoleUnknown},
	} {
		errs := staff.CheckPosition("role", row.role, row.unit, "SNV")
		if (row.want == "") != (errs == nil) || row.want != "" && !errs.Has(row.want) {
			t.Errorf("%s at %s: %v, want %q", row.role, row.unit, errs, row.want)
		}
	}
}
