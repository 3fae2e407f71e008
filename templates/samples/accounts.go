package samples

import (
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates"
)

var adminActor = staff.Actor{Person: 4, Positions: []staff.Position{{Unit: "SNV", Role: staff.AccountAdmin}}}

// admin is the shell of the authority's account administrator.
func admin(title string) templates.Shell {
	return templates.Shell{
		Title: title, User: &templates.User{Name: "Phạm Ngọc Diễm", Position: "Quản trị tài khoản, Sở Nội vụ", Username: "snv.diempn"},
		Menu: templates.MenuFor(adminActor, templates.AtAdmin, 0), Path: "/admin/accounts",
		Crumbs: []templates.Crumb{{Label: "Tài khoản", URL: "/admin/accounts"}, {Label: title}},
	}
}

func accounts() []Sample {
	listShell := admin(templates.TitleAccounts)
	listShell.Crumbs = nil
	units := templates.UnitOptions([]staff.Unit{{Code: "STC", Name: "Sở Tài chính"}}, "STC", templates.AllUnits)
	account := templates.AccountPage{
		Shell: admin("Lý Gia Huy"), Key: "k1", URL: "/admin/accounts/7", Username: "stc.huylg", Mail: "stc.huylg@cchc.example",
		Chip:  templates.AccountChip("active", false),
		Facts: templates.AccountFacts(at(1, 9, 0), nil, nil), Units: units, Roles: templates.RoleOptions(""),
		Positions: []templates.PositionRow{{
			Text: "Chuyên viên, Sở Tài chính", When: templates.PositionTime(at(1, 9, 0), nil), EndURL: "/admin/accounts/7/positions/3/end",
		}},
	}
	refused := account
	refused.Errors = rule.Broken(staff.PositionHeld, "role")
	own := templates.AccountPage{
		Shell: admin("Phạm Ngọc Diễm"), Key: "k1", URL: "/admin/accounts/4", Username: "snv.diempn",
		Chip: templates.AccountChip("active", true), Own: true,
	}
	list := templates.NewImportPage(admin(templates.TitleImport), "k1", "unit,role,name,mail\nXYZ,specialist,Lê An,\n")
	list.Errors = rule.Broken(staff.PersonUnit, "list", 2, "XYZ")
	preview := templates.NewImportPage(admin(templates.TitleImport), "k1", "unit,role,name,mail\nSTC,specialist,Lê An,\n")
	preview.Preview = []templates.ImportRow{{Row: 2, Name: "Lê An", Position: "Chuyên viên, Sở Tài chính"}}
	return []Sample{
		{"accounts", "people/list", templates.AccountsPage{
			Shell: listShell, Units: units, States: templates.AccountStates("active"),
			Rows: []templates.AccountRow{{
				URL: "/admin/accounts/7", Name: "Lý Gia Huy", Username: "stc.huylg", Mail: "stc.huylg@cchc.example",
				Positions: []string{"Chuyên viên, Sở Tài chính"}, Chip: templates.AccountChip("invited", false),
			}},
			Paging: templates.Paging{From: 1, To: 1, Total: 1, Noun: templates.PeopleNoun},
		}},
		{"accounts-none", "people/list", templates.AccountsPage{
			Shell: listShell, Query: "không có", Units: units, States: templates.AccountStates(""),
			Empty: templates.NoAccounts(true),
		}},
		{"account", "people/show", account},
		{"account-refused", "people/show", refused},
		{"account-own", "people/show", own},
		{"import", "people/import", list},
		{"import-preview", "people/import", preview},
		{"codes", "people/codes", templates.CodesPage{Shell: admin(templates.TitleCodes), Expires: at(15, 9, 0), Codes: []templates.IssuedCode{{
			Name: "Lê An", Username: "stc.anl", Positions: []string{"Chuyên viên, Sở Tài chính"}, Code: "7K3M-2QXA-9FDE-0ZTB",
		}}}},
		{"profile", "people/profile", templates.ProfilePage{
			Shell: specialist(templates.TitleProfile, templates.AtNowhere), Name: "Nguyễn Thị Minh Hạnh", Username: "stc.hanhntm",
			Positions: []string{"Chuyên viên, Sở Tài chính"},
		}},
		{"sign-in-kept", "session/sign-in", templates.SignInPage{Shell: templates.Shell{Title: templates.TitleSignIn}, Return: "/",
			Note: templates.KeptNote(), Kept: &templates.KeptForm{Path: "/documents/x/sections/I", Form: "body=a&key=k1"}}},
		{"resume", "session/resume", templates.ResumePage{
			Shell: specialist(templates.TitleResume, templates.AtNowhere), Action: "/documents/x/sections/I",
			Fields: []templates.KeptField{{Name: "body", Value: "Dòng một\nDòng hai"}, {Name: "key", Value: "k1"}},
		}},
		{"sign-in-demo", "session/sign-in", templates.SignInPage{Shell: templates.Shell{Title: templates.TitleSignIn}, Return: "/",
			Demo: []templates.DemoAccount{{Username: "stc.hanhntm", Password: "Demo-2026!", Who: "Chuyên viên, Sở Tài chính"}}}},
	}
}
