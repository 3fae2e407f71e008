package mails

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/staff"

	"golang.org/x/text/unicode/norm"
)

var update = flag.Bool("update", false, "write the golden files anew")

var public = &url.URL{Scheme: "https", Host: "cchc.example.gov.vn"}

func notice(kind string, role staff.Role, unit string, due time.Time) Notice {
	return Notice{
		Kind: kind, Role: role, Document: "bc-2026q4-STC", Campaign: "Báo cáo CCHC quý IV/2026",
		Unit: unit, Due: &due,
	}
}

// announcement is one that stands on the authority's own site too.
func announcement(id int64, attached bool) Notice {
	return Notice{
		Kind: "outage_notice", Role: staff.Director, Campaign: "Phần mềm ngừng hoạt động", Outage: 1, Announced: id,
		Body:     []string{"Phần mềm ngừng hoạt động từ 10:01 ngày 05/10/2026.", "Chưa xác định được thời điểm hoạt động trở lại."},
		Attached: attached, Site: "https://snv.example.gov.vn/",
	}
}

func TestMailsAreAsApproved(t *testing.T) {
	midnight := calendar.Date(2026, time.December, 15).Start() // people say 24:00 of the 14th
	afternoon := calendar.Date(2026, time.December, 16).At(17 * 60)
	finance, ward := "Sở Tài chính", "Ủy ban nhân dân phường Sài Gòn"
	var many []Notice
	for i := range 30 {
		n := notice("escalation", staff.AuthorityHead, fmt.Sprintf("Đơn vị thứ %d", i+1), midnight)
		n.Document = fmt.Sprintf("bc-2026q4-%d", i+1)
		many = append(many, n)
	}
	for name, notices := range map[string][]Notice{
		"launched":            {notice("launched", staff.Specialist, finance, midnight)},
		"task_division_head":  {notice("task_opened", staff.DivisionHead, finance, midnight)},
		"task_director":       {notice("task_opened", staff.Director, finance, afternoon)},
		"task_officer":        {notice("task_opened", staff.Officer, finance, midnight)},
		"returned":            {notice("returned", staff.Specialist, finance, midnight)},
		"confirmed":           {notice("confirmed", staff.Director, finance, midnight)},
		"reminder":            {notice("reminder", staff.Specialist, finance, midnight)},
		"due":                 {notice("due", staff.Specialist, finance, midnight)},
		"overdue":             {notice("overdue", staff.Specialist, finance, midnight)},
		"escalation":          {notice("escalation", staff.Director, finance, midnight)},
		"extended":            {notice("extended", staff.Specialist, finance, afternoon)},
		"excused":             {notice("excused", staff.Specialist, finance, midnight)},
		"tasks_extended":      {notice("tasks_extended", staff.Specialist, finance, midnight)},
		"reopened":            {notice("reopened", staff.Specialist, finance, midnight)},
		"due_moved":           {notice("due_moved", staff.Specialist, finance, midnight)},
		"extension_asked":     {notice("extension_asked", staff.Officer, finance, midnight)},
		"extension_declined":  {notice("extension_declined", staff.Specialist, finance, midnight)},
		"exempted":            {notice("exempted", staff.Specialist, finance, midnight)},
		"without_document":    {{Kind: "task_opened", Role: staff.Officer, Campaign: "Báo cáo CCHC quý IV/2026", Unit: finance}},
		"index_published":     {{Kind: "index_published", Role: staff.Director, Document: "cs-2026y-STC", Campaign: "Chỉ số CCHC năm 2026", Unit: finance, Results: "cs-2026y", UnitCode: "STC"}},
		"index_corrected":     {{Kind: "index_corrected", Role: staff.Specialist, Document: "cs-2026y-STC", Campaign: "Chỉ số CCHC năm 2026", Unit: finance, Results: "cs-2026y", UnitCode: "STC"}},
		"line_breaks_in_data": {notice("returned", staff.Specialist, "Sở Tài chính\r\nBcc: kẻ xấu", midnight)},
		"digest": {
			notice("task_opened", staff.Officer, finance, midnight),
			notice("confirmed", staff.Director, finance, midnight),
			notice("overdue", staff.Officer, ward, midnight),
			notice("task_opened", staff.Officer, ward, afternoon),
		},
		"outage_notice": {announcement(1, true)},
		"outage_digest": {announcement(1, true), announcement(2, false)},
		"digest_long":   append(many, notice("overdue", staff.Officer, ward, midnight)),
	} {
		t.Run(name, func(t *testing.T) {
			subject, text, err := Compose(Message{Name: "Nguyễn Thị Minh Hạnh", Notices: notices, Public: public})
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(subject, "\r\n") {
				t.Errorf("subject breaks its header: %q", subject)
			}
			compare(t, name, "Subject: "+subject+"\n\n"+text)
		})
	}
}

func TestEveryKindHasItsPlaceInADigest(t *testing.T) {
	for kind := range sentences {
		if !slices.Contains(urgency, kind) {
			t.Errorf("%s would stand before what is overdue", kind)
		}
	}
}

// What the mail tells the reader to look at is where it leads.
func TestAMailAboutAnAdjustmentLeadsToIt(t *testing.T) {
	n := notice("adjustment_returned", staff.Specialist, "Sở Tài chính", time.Time{})
	n.Due, n.Adjusts = nil, 7
	_, text, err := Compose(Message{Name: "An", Notices: []Notice{n}, Public: public})
	if err != nil || !strings.Contains(text, "https://cchc.example.gov.vn/documents/bc-2026q4-STC/adjustments/7\n") {
		t.Errorf("%v\n%s", err, text)
	}
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	if !norm.NFC.IsNormalString(got) {
		t.Error("text is not in NFC")
	}
	if strings.Contains(got, "%!") || strings.Contains(got, "<no value>") {
		t.Errorf("a gap was not filled:\n%s", got)
	}
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("mail differs from %s:\n%s", path, got)
	}
}
