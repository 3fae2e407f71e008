package samples

import (
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/templates"
	"cchc/templates/words"
)

func operations() []Sample {
	at := time.Date(2026, 12, 16, 16, 59, 0, 0, calendar.Zone)
	shell := templates.Shell{
		Title: templates.TitleOperations, User: &templates.User{Name: "Đỗ Quang Vinh", Position: words.Role(staff.SystemAdmin), Username: "snv.vinhdq"},
		Menu: templates.MenuFor(staff.Actor{Positions: []staff.Position{{Unit: "SNV", Role: staff.SystemAdmin}}}, templates.AtOperator, 0), Path: "/operations",
	}
	row := templates.OperatedRow{Document: "bc-2026q4-STC", URL: "/operations?document=bc-2026q4-STC", Status: document.InAuthorityReview, Expected: "16:59 ngày 16/12/2026", Relayed: 4, Waiting: 1,
		Engine: "https://temporal.example.test/namespaces/cchc/workflows/bc-2026q4-STC/1", Known: templates.KnownChip(false, false)}
	quiet := templates.OperatedRow{Document: "bc-2026q4-25747", URL: "/operations?document=bc-2026q4-25747", Status: document.NotStarted, Expected: "16:59 ngày 16/12/2026", Relayed: 9, Gone: templates.EngineNotBegun, Known: templates.KnownChip(false, true)}
	action, role := templates.DecisionAction(document.Confirm, staff.Officer)
	page := templates.OperationsPage{
		Shell: shell, Key: key, Counts: templates.OperationCounts(188, 3, 1204, 2), Checked: true, Silent: []templates.OperatedRow{row, quiet}, SilentAll: 2,
		Unanswered: []templates.DecisionRow{{Document: "bc-2026q4-STC", URL: row.URL, Action: action, Role: role, Received: at, Age: "5 phút trước", Failures: 2, Relayed: 4, Known: templates.KnownChip(true, false)}},
		Failed:     []templates.DecisionRow{{Document: "bc-2026q3-SYT", URL: row.URL, Action: action, Role: role, Received: at, Age: "3 giờ trước", Failures: 5}},
		Stuck: []templates.StuckRow{
			{Document: "bc-2026q4-SXD", Campaign: "bc-2026q4", Kind: templates.StuckKind(true), Made: at, Failures: 2, Next: templates.StuckNext(&at, at.Add(-time.Minute))},
			{Campaign: "bc-2026q4", Kind: templates.StuckKind(true), Made: at, Failures: 6, Next: templates.StuckNext(nil, at)},
		},
		Desks:     []templates.UnreachedDesk{{Unit: "Xã Minh Thạnh", Role: words.Role(staff.Specialist), Why: templates.UnreachedWhy(2, 0), Count: 2, Since: at}},
		Addresses: []templates.RefusedAddress{{Name: "Trần Thị Bé", Address: "be@example.test", Answer: "550 5.1.1 No such user", At: at}},
	}
	chosen := page
	chosen.Chosen, chosen.Query = &row, row.Document
	chosen.Errors = rule.Broken("wake_reason", "reason")
	well := templates.OperationsPage{Shell: shell, Key: key, Counts: templates.OperationCounts(188, 0, 0, 0), AllWell: true, Query: "bc-none", Missing: true}
	return []Sample{{"operations", "operations/show", page}, {"operations-one", "operations/show", chosen}, {"operations-well", "operations/show", well}}
}
