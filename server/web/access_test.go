package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// rules says of every route which rule guards it. A route without a line here,
// or with another rule, fails: who may come in is decided twice.
var rules = map[string]string{
	"GET /events":                                               "signed in",
	"POST /first-look":                                          "signed in",
	"GET /help":                                                 "anyone",
	"GET /help/{topic}":                                         "anyone",
	"GET /tasks":                                                "signed in",
	"GET /tasks/next":                                           "signed in",
	"GET /tasks/views":                                          "signed in",
	"POST /tasks/views":                                         "signed in",
	"POST /tasks/views/{view}":                                  "signed in",
	"GET /search":                                               "readers",
	"GET /decisions/{key}":                                      "signed in",
	"GET /documents/{id}":                                       "document readers",
	"GET /documents/{id}/sections/{code}":                       "document authors",
	"POST /documents/{id}/sections/{code}":                      "document authors",
	"POST /documents/{id}/sections/{code}/merge":                "document authors",
	"POST /documents/{id}/copy":                                 "document authors",
	"POST /documents/{id}/presence":                             "document authors",
	"POST /documents/{id}/attempts":                             "document askers",
	"GET /outages/{outage}/deadlines":                           "officers",
	"POST /outages/{outage}/deadlines":                          "officers",
	"GET /documents/{id}/figures/{group}":                       "document authors",
	"POST /documents/{id}/figures/{group}":                      "document authors",
	"GET /documents/{id}/plan":                                  "document authors",
	"POST /documents/{id}/plan":                                 "document authors",
	"GET /documents/{id}/plan/rows":                             "document authors",
	"POST /documents/{id}/plan/rows":                            "document authors",
	"GET /documents/{id}/plan/template.xlsx":                    "document authors",
	"GET /documents/{id}/plan/tasks.xlsx":                       "document authors",
	"GET /documents/{id}/plan/import":                           "document authors",
	"POST /documents/{id}/plan/import":                          "document authors",
	"GET /documents/{id}/plan/import/{hash}":                    "document authors",
	"POST /documents/{id}/plan/import/{hash}":                   "document authors",
	"GET /documents/{id}/plan/import/{hash}/marked.xlsx":        "document authors",
	"GET /documents/{id}/scores/{field}":                        "document authors",
	"POST /documents/{id}/scores/{field}":                       "document authors",
	"GET /documents/{id}/plan/{key}":                            "document authors",
	"POST /documents/{id}/plan/{key}":                           "document authors",
	"GET /documents/{id}/tracking":                              "document readers",
	"GET /documents/{id}/tracking/{key}":                        "document readers",
	"POST /documents/{id}/tracking/{key}/progress":              "document askers",
	"GET /documents/{id}/tracking/{key}/result":                 "document askers",
	"POST /documents/{id}/tracking/{key}/result":                "document askers",
	"POST /documents/{id}/tracking/{key}/withdraw":              "document askers",
	"GET /documents/{id}/board":                                 "document readers",
	"GET /documents/{id}/board.xlsx":                            "document readers",
	"GET /documents/{id}/results/{hash}":                        "document readers",
	"GET /documents/{id}/adjustments":                           "document readers",
	"POST /documents/{id}/adjustments":                          "document authors",
	"GET /documents/{id}/adjustments/{adjustment}":              "document readers",
	"POST /documents/{id}/adjustments/{adjustment}":             "document adjusters",
	"GET /documents/{id}/adjustments/{adjustment}/order":        "document authors",
	"POST /documents/{id}/adjustments/{adjustment}/order":       "document authors",
	"GET /documents/{id}/adjustments/{adjustment}/tasks":        "document authors",
	"GET /documents/{id}/adjustments/{adjustment}/tasks/{key}":  "document authors",
	"POST /documents/{id}/adjustments/{adjustment}/tasks/{key}": "document authors",
	"GET /documents/{id}/adjustments/{adjustment}/file":         "document readers",
	"GET /adjustments":                                          "readers",
	"GET /documents/{id}/files":                                 "document authors",
	"POST /documents/{id}/files":                                "document authors",
	"POST /documents/{id}/files/remove":                         "document authors",
	"GET /documents/{id}/files/{hash}":                          "document readers",
	"GET /documents/{id}/bundle/{revision}.zip":                 "document readers",
	"GET /documents/{id}/print.pdf":                             "document readers",
	"GET /documents/{id}/issued/{revision}.pdf":                 "document readers",
	"POST /documents/{id}/comments":                             "document's own people",
	"POST /documents/{id}/points/{point}":                       "document authors",
	"GET /documents/{id}/check":                                 "document authors",
	"POST /documents/{id}/submit":                               "document authors",
	"GET /documents/{id}/recall":                                "document authors",
	"POST /documents/{id}/recall":                               "document authors",
	"GET /documents/{id}/differences":                           "document readers",
	"GET /documents/{id}/review":                                "document readers",
	"POST /documents/{id}/approve":                              "document reviewers",
	"GET /documents/{id}/return":                                "document deciders",
	"POST /documents/{id}/return":                               "document deciders",
	"GET /documents/{id}/number":                                "document numberers",
	"POST /documents/{id}/number":                               "document numberers",
	"GET /documents/{id}/sign":                                  "document directors",
	"POST /documents/{id}/sign":                                 "document directors",
	"POST /documents/{id}/confirm":                              "document confirmers",
	"GET /documents/{id}/extend":                                "document officers",
	"POST /documents/{id}/extend":                               "document officers",
	"GET /documents/{id}/reopen":                                "document confirmers",
	"POST /documents/{id}/reopen":                               "document confirmers",
	"GET /documents/{id}/extension":                             "document askers",
	"POST /documents/{id}/extension":                            "document askers",
	"POST /documents/{id}/extension/withdraw":                   "document askers",
	"GET /campaigns/{code}/ranking":                             "ranking readers",
	"GET /campaigns/{code}/ranking.xlsx":                        "ranking readers",
	"GET /campaigns/{code}/ranking.pdf":                         "ranking readers",
	"GET /campaigns/{code}/surveys":                             "officers",
	"POST /campaigns/{code}/surveys":                            "officers",
	"GET /campaigns/{code}/surveys.xlsx":                        "officers",
	"GET /campaigns/{code}/surveys/{import}":                    "officers",
	"POST /campaigns/{code}/surveys/{import}":                   "officers",
	"GET /campaigns/{code}/surveys/{import}/marked.xlsx":        "officers",
	"GET /campaigns/{code}/extras":                              "ranking readers",
	"POST /campaigns/{code}/extras":                             "officers",
	"GET /campaigns/{code}/extras/files/{hash}":                 "ranking readers",
	"POST /campaigns/{code}/extras/{extra}":                     "officers",
	"GET /rank-groups":                                          "ranking readers",
	"POST /rank-groups":                                         "officers",
	"GET /campaigns/{code}/publish":                             "officers",
	"POST /campaigns/{code}/publish":                            "officers",
	"GET /campaigns/{code}/results":                             "readers",
	"GET /campaigns/{code}/results.xlsx":                        "readers",
	"GET /campaigns/{code}/results.pdf":                         "readers",
	"GET /campaigns/{code}/decision":                            "readers",
	"GET /campaigns/{code}/results/{unit}":                      "unit readers",
	"GET /extensions":                                           "officers",
	"POST /extensions":                                          "officers",
	"GET /extensions/batches/{key}":                             "officers",
	"GET /documents/{id}/exempt":                                "document officers",
	"POST /documents/{id}/exempt":                               "document officers",
	"GET /":                                                     "signed in",
	"GET /sign-in":                                              "anyone",
	"POST /sign-in":                                             "anyone",
	"POST /sign-out":                                            "anyone",
	"GET /activate":                                             "anyone",
	"POST /activate":                                            "anyone",
	"POST /theme":                                               "anyone",
	"GET /session":                                              "signed in",
	"POST /session":                                             "signed in",
	"GET /password":                                             "changing password",
	"POST /password":                                            "changing password",
	"GET /profile":                                              "signed in",
	"GET /campaigns":                                            "readers",
	"POST /campaigns":                                           "officers",
	"GET /campaigns/new":                                        "officers",
	"POST /campaigns/new":                                       "officers",
	"GET /campaigns/ad-hoc/new":                                 "officers",
	"POST /campaigns/ad-hoc/new":                                "officers",
	"POST /campaigns/ad-hoc":                                    "officers",
	"GET /period-rules":                                         "officers",
	"GET /period-rules/{kind}":                                  "officers",
	"POST /period-rules/{kind}":                                 "officers",
	"GET /reminders":                                            "officers",
	"GET /reminders/{kind}":                                     "officers",
	"POST /reminders/{kind}":                                    "officers",
	"GET /series":                                               "officers",
	"GET /series/new":                                           "officers",
	"POST /series/new":                                          "officers",
	"GET /series/{series}":                                      "officers",
	"POST /series/{series}":                                     "officers",
	"POST /series/{series}/end":                                 "officers",
	"POST /series/{series}/delete":                              "officers",
	"GET /proposals/{proposal}":                                 "officers",
	"POST /proposals/{proposal}/dismiss":                        "officers",
	"GET /campaigns/{code}":                                     "readers",
	"GET /campaigns/{code}/city-plan":                           "officers",
	"POST /campaigns/{code}/city-plan":                          "officers",
	"GET /campaigns/{code}/units":                               "officers",
	"POST /campaigns/{code}/units":                              "officers",
	"GET /campaigns/{code}/board.xlsx":                          "readers",
	"GET /plans":                                                "readers",
	"GET /campaigns/{code}/tasks":                               "readers",
	"GET /campaigns/{code}/tasks.xlsx":                          "readers",
	"GET /campaigns/{code}/overdue":                             "readers",
	"GET /campaigns/{code}/overdue.xlsx":                        "readers",
	"GET /campaigns/{code}/remind":                              "officers",
	"GET /campaigns/{code}/reminders/{key}":                     "officers",
	"GET /documents/{id}/cause":                                 "document explainers",
	"POST /documents/{id}/cause":                                "document explainers",
	"POST /campaigns/{code}/remind":                             "officers",
	"GET /forms":                                                "readers",
	"POST /forms":                                               "officers",
	"GET /forms/{form}/versions/{version}":                      "readers",
	"POST /forms/{form}/versions/{version}/retire":              "officers",
	"POST /forms/{form}/versions/{version}/restore":             "officers",
	"GET /forms/{form}/draft":                                   "officers",
	"POST /forms/{form}/draft":                                  "officers",
	"GET /forms/{form}/draft/sections":                          "officers",
	"POST /forms/{form}/draft/sections":                         "officers",
	"GET /forms/{form}/draft/groups/{group}":                    "officers",
	"POST /forms/{form}/draft/groups/{group}":                   "officers",
	"GET /forms/{form}/draft/checks":                            "officers",
	"POST /forms/{form}/draft/checks":                           "officers",
	"GET /forms/{form}/draft/scale":                             "officers",
	"POST /forms/{form}/draft/scale":                            "officers",
	"GET /forms/{form}/draft/fields":                            "officers",
	"POST /forms/{form}/draft/fields":                           "officers",
	"GET /forms/{form}/draft/criteria/{field}":                  "officers",
	"POST /forms/{form}/draft/criteria/{field}":                 "officers",
	"GET /forms/{form}/draft/reading":                           "officers",
	"GET /forms/{form}/draft/plan-fields":                       "officers",
	"GET /forms/{form}/draft/plan-products":                     "officers",
	"POST /forms/{form}/draft/plan-fields":                      "officers",
	"POST /forms/{form}/draft/plan-products":                    "officers",
	"GET /forms/{form}/draft/preview":                           "officers",
	"GET /forms/{form}/draft/publish":                           "officers",
	"POST /forms/{form}/draft/publish":                          "officers",
	"GET /indicators":                                           "readers",
	"GET /indicators.xlsx":                                      "readers",
	"GET /indicators/units":                                     "readers",
	"GET /dashboard":                                            "readers",
	"GET /dashboard/units/{unit}":                               "unit readers",
	"POST /calendar":                                            "officers",
	"GET /calendar/edit":                                        "officers",
	"POST /calendar/preview":                                    "officers",
	"GET /calendar":                                             "signed in",
	"GET /operations":                                           "operators",
	"POST /operations/wake":                                     "operators",
	"GET /notices":                                              "signed in",
	"POST /notices/read":                                        "signed in",
	"GET /notices/unreached":                                    "authority staff",
	"POST /notices/resend":                                      "authority staff",
	"GET /appraisals":                                           "readers",
	"GET /appraisals/{id}":                                      "appraisal readers",
	"POST /appraisals/{id}/decide":                              "appraisal officers",
	"POST /appraisals/{id}/late":                                "appraisal officers",
	"GET /appraisals/{id}/files/{hash}":                         "appraisal readers",
	"GET /appraisals/{id}/fields/{field}":                       "appraisers",
	"POST /appraisals/{id}/fields/{field}":                      "appraisers",
	"POST /appraisals/{id}/fields/{field}/agree":                "appraisers",
	"POST /appraisals/{id}/fields/{field}/finish":               "appraisers",
	"POST /appraisals/{id}/fields/{field}/resume":               "appraisers",
	"GET /appraisals/{id}/explanation":                          "appraised unit",
	"POST /appraisals/{id}/explanation":                         "appraised unit",
	"POST /appraisals/{id}/explanation/send":                    "appraised unit's heads",
	"POST /appraisals/{id}/explanation/accept":                  "appraised unit's heads",
	"GET /appraisals/{id}/explanation/{criterion}":              "appraised unit",
	"POST /appraisals/{id}/explanation/{criterion}":             "appraised unit",
	"POST /appraisals/{id}/explanation/{criterion}/remove":      "appraised unit",
	"GET /campaigns/{code}/appraisal":                           "readers",
	"POST /campaigns/{code}/appraisal":                          "officers",
	"GET /admin/accounts":                                       "account admins",
	"GET /admin/accounts/import":                                "account admins",
	"POST /admin/accounts/import":                               "account admins",
	"GET /admin/accounts/{person}":                              "account admins",
	"POST /admin/accounts/{person}/code":                        "account admins",
	"POST /admin/accounts/{person}/close":                       "account admins",
	"POST /admin/accounts/{person}/positions":                   "account admins",
	"POST /admin/accounts/{person}/positions/{position}/end":    "account admins",
	"GET /outages":                                              "outage readers",
	"GET /outages/new":                                          "outage keepers",
	"POST /outages/new":                                         "outage keepers",
	"GET /outages/{outage}":                                     "outage readers",
	"GET /outages/{outage}/edit":                                "outage keepers",
	"POST /outages/{outage}/edit":                               "outage keepers",
	"POST /outages/{outage}/end":                                "outage keepers",
	"POST /outages/{outage}/confirm":                            "outage officers",
	"POST /outages/{outage}/dismiss":                            "outage officers",
	"POST /outages/{outage}/notices/{notice}/word":              "outage speakers",
	"GET /outages/{outage}/notices/{notice}/edit":               "outage officers",
	"POST /outages/{outage}/notices/{notice}/edit":              "outage officers",
	"POST /outages/{outage}/notices/{notice}/rest":              "outage officers",
	"GET /outages/{outage}/notices/{notice}.pdf":                "outage readers",
	"GET /outages/{outage}/notices/{notice}.html":               "outage readers",
	"GET /maintenance":                                          "outage readers",
	"POST /maintenance":                                         "outage keepers",
	"POST /maintenance/{window}/cancel":                         "outage keepers",
	"GET /outage-rule":                                          "outage keepers",
	"POST /outage-rule":                                         "outage keepers",
	"GET /announcements/":                                       "anyone",
	"GET /announcements/{file}":                                 "anyone",
	"GET /watch/facts":                                          "watcher",
	"POST /watch/health":                                        "watcher",
	"POST /watch/reports":                                       "watcher",
}

// admitted says who passes each rule: with a position at the document's own unit
// (for the authority's roles, at the authority), or at another unit. QĐ 1439
// Đ5.1, Đ6.2, Đ10.1, Đ15.1.
var admitted = map[string]struct{ own, other []staff.Role }{
	"anyone":            {staff.Roles, staff.Roles},
	"signed in":         {staff.Roles, staff.Roles},
	"changing password": {staff.Roles, staff.Roles},
	"account admins":    {own: []staff.Role{staff.AccountAdmin}},
	"operators":         {own: []staff.Role{staff.SystemAdmin}},
	"officers":          {own: []staff.Role{staff.Officer}},
	"ranking readers":   {own: []staff.Role{staff.Officer, staff.AuthorityHead}},
	"authority staff":   {own: []staff.Role{staff.Officer, staff.AuthorityHead, staff.AccountAdmin}},
	"readers":           {readsSomething, readsSomething},
	"unit readers":      {readsSomething, []staff.Role{staff.Officer, staff.AuthorityHead, staff.Viewer}},
	"document readers":  {readsSomething, []staff.Role{staff.Officer, staff.AuthorityHead, staff.Viewer}},
	"document's own people": {own: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director,
		staff.Clerk, staff.FocalOfficer}},
	"document authors":   {own: []staff.Role{staff.Specialist}},
	"document reviewers": {own: []staff.Role{staff.DivisionHead}},
	"document directors": {own: []staff.Role{staff.Director}},
	"document numberers": {own: []staff.Role{staff.Clerk, staff.Director}},
	"document deciders": {own: []staff.Role{staff.DivisionHead, staff.Director,
		staff.Officer, staff.AuthorityHead}},
	"document confirmers": {own: []staff.Role{staff.Officer, staff.AuthorityHead}},
	"document explainers": {own: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director, staff.Officer}},
	"document adjusters":  {own: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Officer, staff.AuthorityHead}},
	"document askers":     {own: []staff.Role{staff.Specialist, staff.DivisionHead}},
	"document officers":   {own: []staff.Role{staff.Officer}},
	// Those of the unit that runs IT are in TestITSpeaks.
	"outage readers":         {own: []staff.Role{staff.Officer, staff.AuthorityHead, staff.SystemAdmin, staff.Viewer}, other: []staff.Role{staff.Viewer}},
	"outage keepers":         {own: []staff.Role{staff.Officer, staff.AuthorityHead, staff.SystemAdmin}},
	"outage officers":        {own: []staff.Role{staff.Officer, staff.AuthorityHead}},
	"outage speakers":        {own: []staff.Role{staff.Officer, staff.AuthorityHead}},
	"watcher":                {staff.Roles, staff.Roles}, // by its token alone: without one configured there is no such page
	"appraisal readers":      {readsSomething, []staff.Role{staff.Specialist, staff.DivisionHead, staff.Officer, staff.AuthorityHead, staff.Viewer}},
	"appraisers":             {[]staff.Role{staff.Officer, staff.AuthorityHead}, []staff.Role{staff.Specialist, staff.DivisionHead}},
	"appraised unit":         {own: []staff.Role{staff.Specialist, staff.DivisionHead, staff.Director}},
	"appraised unit's heads": {own: []staff.Role{staff.DivisionHead, staff.Director}},
	"appraisal officers":     {own: []staff.Role{staff.Officer, staff.AuthorityHead}},
}

var readsSomething = []staff.Role{
	staff.Specialist, staff.DivisionHead, staff.Director, staff.Clerk, staff.FocalOfficer,
	staff.Officer, staff.AuthorityHead, staff.Viewer,
}

// TestEveryRouteForEveryRole walks every route as every role, at the unit whose
// document it is and at another one, and signed out.
func TestEveryRouteForEveryRole(t *testing.T) {
	k := newKit(t)
	document := k.document(t, "STC")
	k.appraised(t, document, "SNV", "SYT")
	own, other := map[staff.Role]int64{}, map[staff.Role]int64{}
	for _, role := range staff.Roles {
		unit := "STC"
		if role.AtAuthorityOnly() {
			unit = "SNV"
		}
		own[role] = k.person(t, staff.Position{Unit: unit, Role: role})
		other[role] = k.person(t, staff.Position{Unit: "SYT", Role: role})
	}
	signedIn := map[int64]*browser{}
	as := func(person int64) *browser {
		if signedIn[person] == nil {
			signedIn[person] = k.as(t, person)
		}
		return signedIn[person]
	}
	walked := map[string]bool{}
	for _, rt := range k.server.routes() {
		name := rt.method + " " + rt.path
		walked[name] = true
		t.Run(name, func(t *testing.T) {
			if rules[name] != rt.who.name {
				t.Fatalf("the rule is %q, want %q", rt.who.name, rules[name])
			}
			path := strings.NewReplacer("{id}", document, "{unit}", "STC").Replace(rt.path)
			path = strings.NewReplacer("{", "", "}", "").Replace(path)
			signedOut := k.visitor().ask(t, rt.method, path)
			if rt.who.open {
				passes(t, "nobody", signedOut)
			} else if rt.path == eventsPath { // a stream cannot be sent to a page
				if signedOut.body != "event: end\ndata: \n\n" {
					t.Errorf("signed out: %d %q", signedOut.StatusCode, signedOut.body)
				}
			} else if signedOut.StatusCode != http.StatusSeeOther || !strings.HasPrefix(signedOut.Header.Get("Location"), "/sign-in") {
				t.Errorf("signed out: %d to %q", signedOut.StatusCode, signedOut.Header.Get("Location"))
			}
			who := admitted[rt.who.name]
			for _, role := range staff.Roles {
				expect(t, string(role)+" of the unit", as(own[role]).ask(t, rt.method, path), role, who.own)
				expect(t, string(role)+" of another unit", as(other[role]).ask(t, rt.method, path), role, who.other)
			}
			if rt.path == "/sign-out" {
				clear(signedIn)
			}
		})
	}
	for name := range rules {
		if !walked[name] {
			t.Errorf("%s is in the table but is no route", name)
		}
	}
}

// appraised has the document's fields appraised by the units.
func (k *kit) appraised(t *testing.T, document string, units ...string) {
	t.Helper()
	for _, statement := range []string{
		`insert into revisions (document_id, revision, content, content_hash, submitted_by, submitted_at) select id, 1, '{}', 'x', launched_by, now() from documents d join campaigns c on c.code = d.campaign where id = $1`,
		`insert into appraisals (document_id, campaign, unit_code, revision, round_at, due_at, rung_at, created_at) select id, campaign, unit_code, 1, now(), now(), now(), now() from documents where id = $1`,
	} {
		if _, err := k.Owner.Exec(statement, document); err != nil {
			t.Fatal(err)
		}
	}
	for i, unit := range units {
		const field = `insert into appraisal_fields (document_id, field, campaign, unit_code, appraiser, place, todo, due_at) select id, $2::int::text, campaign, unit_code, $3, $2::int, 1, now() from documents where id = $1`
		if _, err := k.Owner.Exec(field, document, i+1, unit); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *browser) ask(t *testing.T, method, path string) answer {
	t.Helper()
	if method == http.MethodGet {
		return b.get(t, path)
	}
	return b.post(t, path, url.Values{})
}

func expect(t *testing.T, who string, a answer, role staff.Role, may []staff.Role) {
	t.Helper()
	for _, one := range may {
		if one == role {
			passes(t, who, a)
			return
		}
	}
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("%s: %d, want 403", who, a.StatusCode)
	}
}

// passes: the rule let them in, and what the handler answers to an empty form or
// an unknown number is no failure of ours.
func passes(t *testing.T, who string, a answer) {
	t.Helper()
	if a.StatusCode == http.StatusForbidden || a.StatusCode >= 500 || a.StatusCode == http.StatusTooManyRequests {
		t.Errorf("%s: %d", who, a.StatusCode)
	}
	if a.Header.Get("Content-Security-Policy") != contentPolicy {
		t.Errorf("%s: policy %q", who, a.Header.Get("Content-Security-Policy"))
	}
}
