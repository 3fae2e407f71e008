package document_test

import (
	"strings"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

func TestCheckAsk(t *testing.T) {
	last := calendar.Date(2026, 12, 17).Start() // 24:00 of the 16th
	now := calendar.Date(2026, 12, 14).At(9 * 60)
	day := func(month, d int) time.Time { return calendar.Date(2026, time.Month(month), d).At(1440) }
	const unit = "STC"
	for _, row := range []struct {
		source string
		stage  document.Stage
		role   staff.Role
		unit   string
		reason string
		until  time.Time
		at     time.Time
		asked  bool
		want   rule.Code // "": it is kept
	}{
		{"QĐ 1439 Đ15.1: chuyên viên xin khi đang soạn", document.Drafting, staff.Specialist, unit, "x", day(12, 21), now, false, ""},
		{"QĐ 1439 Đ15.1: trưởng phòng xin khi đang xem", document.DivisionReview, staff.DivisionHead, unit, "x", day(12, 17), now, false, ""},
		{"QĐ 1439 Đ15.1: chuyên viên xin khi đang chờ ký", document.Signing, staff.Specialist, unit, "x", day(12, 17), now, false, ""},
		{"đã quá hạn vẫn xin được", document.Drafting, staff.Specialist, unit, "x", day(12, 21), day(12, 18), false, ""},
		{"QĐ 1439 Đ8.1b: đã ký là đã nộp", document.AuthorityReview, staff.Specialist, unit, "x", day(12, 21), now, false, document.WrongStage},
		{"đã duyệt", document.Approved, staff.Specialist, unit, "x", day(12, 21), now, false, document.Closed},
		{"đã miễn", document.Exempted, staff.Specialist, unit, "x", day(12, 21), now, false, document.Closed},
		{"thủ trưởng không xin qua hệ thống", document.Signing, staff.Director, unit, "x", day(12, 21), now, false, document.NotYourRole},
		{"văn thư", document.Drafting, staff.Clerk, unit, "x", day(12, 21), now, false, document.NotYourRole},
		{"đơn vị khác", document.Drafting, staff.Specialist, "SYT", "x", day(12, 21), now, false, document.NotYourRole},
		{"mỗi văn bản một đề nghị đang chờ", document.Drafting, staff.Specialist, unit, "x", day(12, 21), now, true, document.AskedAlready},
		{"thiếu lý do", document.Drafting, staff.Specialist, unit, " \n", day(12, 21), now, false, document.ReasonMissing},
		{"lý do quá dài", document.Drafting, staff.Specialist, unit, strings.Repeat("ă", document.ReasonMax+1), day(12, 21), now, false, document.ReasonTooLong},
		{"không sau hạn đang áp dụng", document.Drafting, staff.Specialist, unit, "x", last, now, false, document.ExtensionNotLater},
		{"trước hạn", document.Drafting, staff.Specialist, unit, "x", day(12, 1), now, false, document.ExtensionNotLater},
		{"sau hạn nhưng đã qua", document.Drafting, staff.Specialist, unit, "x", day(12, 18), day(12, 20), false, document.ExtensionPast},
		{"đúng giây đã qua", document.Drafting, staff.Specialist, unit, "x", day(12, 18), day(12, 18), false, document.ExtensionPast},
		{"còn trong mức", document.Drafting, staff.Specialist, unit, "x", last.AddDate(0, 0, document.MostDaysAsked), now, false, ""},
		{"gõ nhầm năm", document.Drafting, staff.Specialist, unit, "x", last.AddDate(1, 0, 0), now, false, document.ExtensionTooFar},
	} {
		state := document.State{Kind: document.Report, Unit: unit, Stage: row.stage, DueAt: last}
		broken := document.CheckAsk(state, document.Ask{
			Person: 1, Role: string(row.role), Unit: row.unit, Reason: row.reason, Until: row.until, At: row.at,
		}, row.asked)
		if row.want == "" && broken != nil || row.want != "" && !broken.Has(row.want) {
			t.Errorf("%s: %v, want %q", row.source, broken, row.want)
		}
	}
}

func TestCheckAskTellsEverythingAtOnce(t *testing.T) {
	state := document.State{Unit: "STC", Stage: document.Drafting, DueAt: calendar.Date(2026, 12, 17).Start()}
	broken := document.CheckAsk(state, document.Ask{Role: string(staff.Specialist), Unit: "STC"}, false)
	if !broken.Has(document.ReasonMissing) || !broken.Has(document.ExtensionNotLater) {
		t.Errorf("%v", broken)
	}
}

func TestEndsRequest(t *testing.T) {
	for stage, want := range map[document.Stage]bool{
		document.Drafting: false, document.DivisionReview: false, document.Signing: false,
		document.AuthorityReview: true, document.Approved: true, document.HandedIn: true, document.Exempted: true,
	} {
		if document.EndsRequest(stage) != want {
			t.Errorf("%s ends a request: %v", stage, !want)
		}
	}
}

func TestAskerOf(t *testing.T) {
	both := staff.Actor{Positions: []staff.Position{{Unit: "STC", Role: staff.DivisionHead}, {Unit: "STC", Role: staff.Specialist}, {Unit: "SYT", Role: staff.Director}}}
	if p, ok := document.AskerOf(both, "STC"); !ok || p.Role != staff.Specialist {
		t.Errorf("asks as %v, %v", p, ok)
	}
	if _, ok := document.AskerOf(both, "SYT"); ok {
		t.Error("a director asks")
	}
}
