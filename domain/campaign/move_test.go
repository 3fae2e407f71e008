package campaign_test

import (
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/migrations/seedtest"
)

// The edits of the calendar that the rows below make.
func edit(t *testing.T, text ...string) calendar.Change {
	t.Helper()
	var ch calendar.Change
	for i := 0; i < len(text); i += 2 {
		if text[i] == "remove" {
			ch.Remove = append(ch.Remove, day(t, text[i+1]))
			continue
		}
		ch.Put = append(ch.Put, calendar.Mark{Kind: calendar.Kind(text[i]), Date: day(t, text[i+1]), Name: "x", Certainty: calendar.Expected})
	}
	return ch
}

// ends is the last instant as people say it: the day and 24:00 of it.
func ends(t *testing.T, iso string) time.Time { return day(t, iso).At(24 * 60) }

// A campaign's due after the calendar has changed: by rule it is reckoned anew, by
// hand its day stays. The calendar is the one that comes with the software.
func TestDueAfterAChange(t *testing.T) {
	before := seedtest.Calendar(t)
	for _, row := range []struct {
		source string
		period string
		byHand *period.Due // nil: by the rule
		change []string
		last   string // the last day after the change
		moved  bool
	}{
		{"NĐ 09/2019 Đ8.5b: thêm ngày nghỉ giữa kỳ chốt và hạn", "2026q4", nil, []string{"holiday", "2026-12-15"}, "2026-12-17", true},
		{"nghỉ đúng ngày cuối được nộp", "2026q4", nil, []string{"holiday", "2026-12-16"}, "2026-12-17", true},
		{"nghỉ đúng ngày hạn (loại trừ)", "2026q4", nil, []string{"holiday", "2026-12-17"}, "2026-12-17", true},
		{"nghỉ sau hạn không ảnh hưởng", "2026q4", nil, []string{"holiday", "2026-12-18"}, "2026-12-16", false},
		{"nghỉ trước ngày chốt không ảnh hưởng", "2026q4", nil, []string{"holiday", "2026-12-14"}, "2026-12-16", false},
		{"hai ngày nghỉ liền", "2026q4", nil, []string{"holiday", "2026-12-15", "holiday", "2026-12-16"}, "2026-12-20", true},
		{"nghỉ vào cuối tuần không đổi gì", "2026q4", nil, []string{"holiday", "2026-12-19"}, "2026-12-16", false},
		{"làm bù thứ Bảy sau hạn không đổi", "2026q4", nil, []string{"swapped_work", "2026-12-19"}, "2026-12-16", false},
		{"hoán đổi: nghỉ 16/12, làm 19/12", "2026q4", nil, []string{"swapped_off", "2026-12-16", "swapped_work", "2026-12-19"}, "2026-12-17", true},
		{"năm trước khi hết năm, nghỉ 15/12", "2026y", nil, []string{"holiday", "2026-12-15"}, "2026-12-17", true},
		{"Tết 2027 công bố sớm hơn, trước kỳ chốt", "2027m02", nil, []string{"remove", "2027-02-11"}, "2027-02-16", false},
		{"Tết 2027 kéo dài đến 15/02", "2027m02", nil, []string{"compensatory", "2027-02-15"}, "2027-02-17", true},
		{"Tết 2027 kéo dài đến 16/02", "2027m02", nil, []string{"compensatory", "2027-02-15", "compensatory", "2027-02-16"}, "2027-02-18", true},
		{"Tết 2026 nghỉ bớt 20/02: hạn sớm hơn", "2026m02", nil, []string{"remove", "2026-02-20"}, "2026-02-23", true},
		{"Tết 2026 làm bù thứ Bảy 21/02: hạn sớm hơn", "2026m02", nil, []string{"swapped_work", "2026-02-21"}, "2026-02-23", true},
		{"thứ Bảy làm bù ngay sau kỳ chốt", "2026q1", nil, []string{"swapped_work", "2026-03-15"}, "2026-03-16", true},
		{"29/02 năm nhuận là ngày làm việc, thành nghỉ", "2028m02", nil, []string{"holiday", "2028-02-29"}, "2028-02-16", false},
		{"Quý II: nghỉ thứ Hai 15/06", "2026q2", nil, []string{"holiday", "2026-06-15"}, "2026-06-17", true},
		{"chín tháng: Quốc khánh dời không ảnh hưởng hạn 17/09", "2026n9", nil, []string{"remove", "2026-09-02"}, "2026-09-16", false},
		{"đặt tay: ngày hạn giữ nguyên", "2026q4", &period.Due{Day: day(t, "2026-12-17"), Cutoff: 1440, Shift: period.ShiftNone},
			[]string{"holiday", "2026-12-16"}, "2026-12-16", false},
		{"đặt tay, tính cả ngày, lùi khi vào ngày nghỉ", "2026q4", &period.Due{Day: day(t, "2026-12-17"), Inclusive: true, Cutoff: 1440, Shift: period.ShiftForward},
			[]string{"holiday", "2026-12-17"}, "2026-12-18", true},
		{"đặt tay, tính cả ngày, lên trước khi vào ngày nghỉ", "2026q4", &period.Due{Day: day(t, "2026-12-17"), Inclusive: true, Cutoff: 1440, Shift: period.ShiftBackward},
			[]string{"holiday", "2026-12-17"}, "2026-12-16", true},
		{"đặt tay, loại trừ, lùi: ngày liền trước ngày hạn mới", "2026q4", &period.Due{Day: day(t, "2026-12-18"), Cutoff: 1440, Shift: period.ShiftForward},
			[]string{"holiday", "2026-12-18"}, "2026-12-20", true},
	} {
		p, err := period.Parse(row.period)
		if err != nil {
			t.Fatal(err)
		}
		r := seedtest.Rule(t, p)
		basis := campaign.DueBasis{Period: p, Window: r.Window(p)}
		if row.byHand != nil {
			basis.Due = *row.byHand
		} else {
			basis.Rule = &r
			basis.Due, _ = r.Suggest(p, basis.Window, before)
		}
		basis.DueAt = basis.Due.LastInstant(before)
		due, at := basis.After(before, before.With(edit(t, row.change...)))
		if !at.Equal(ends(t, row.last)) {
			t.Errorf("%s: last day %s, want %s", row.source, calendar.DayOf(at.Add(-time.Second)), row.last)
		}
		if moved := !at.Equal(basis.DueAt); moved != row.moved {
			t.Errorf("%s: moved %v from %s", row.source, moved, basis.DueAt)
		}
		if back, again := (campaign.DueBasis{Due: due, DueAt: at, Period: p, Window: basis.Window, Rule: basis.Rule}).After(before.With(edit(t, row.change...)), before); !again.Equal(basis.DueAt) {
			t.Errorf("%s: taken back it is %v, was %s", row.source, back, basis.DueAt)
		}
	}
}

// An instant that is not the end of a due day, as of a report due in hours, stays.
func TestDueInHoursStays(t *testing.T) {
	before := seedtest.Calendar(t)
	at := day(t, "2026-12-16").At(15*60 + 30)
	basis := campaign.DueBasis{Due: period.Due{Day: day(t, "2026-12-16"), Inclusive: true, Cutoff: 1440, Shift: period.ShiftForward}, DueAt: at}
	if _, got := basis.After(before, before.With(edit(t, "holiday", "2026-12-16"))); !got.Equal(at) {
		t.Errorf("moved to %s", got)
	}
}

// What one document's dues become: those that follow from rules move, those that
// somebody decided stay, and nobody's on-time class changes.
func TestDocumentAfterAChange(t *testing.T) {
	before := seedtest.Calendar(t)
	due, moved := ends(t, "2026-12-16"), ends(t, "2026-12-17")
	friday := day(t, "2026-12-11").At(9 * 60)
	for _, row := range []struct {
		source     string
		s          campaign.Standing
		change     []string
		due        time.Time // of the campaign after the change
		unit, desk string    // last days
		kept       campaign.Kept
	}{
		{"theo hạn của đợt", campaign.Standing{Stage: document.Drafting, UnitDue: due, Due: due},
			[]string{"holiday", "2026-12-16"}, moved, "2026-12-17", "2026-12-17", ""},
		{"đang ở trưởng phòng cũng theo", campaign.Standing{Stage: document.DivisionReview, UnitDue: due, Due: due},
			[]string{"holiday", "2026-12-16"}, moved, "2026-12-17", "2026-12-17", ""},
		{"QĐ 1439 Đ15.1: đã gia hạn thì giữ", campaign.Standing{Stage: document.Drafting, UnitDue: ends(t, "2026-12-21"), Due: ends(t, "2026-12-21"), Extended: true},
			[]string{"holiday", "2026-12-16"}, moved, "2026-12-21", "2026-12-21", campaign.KeptExtended},
		{"QĐ 1439 Đ8.1a: đã nộp thì hạn đã tính giữ nguyên", campaign.Standing{Stage: document.AuthorityReview, Signed: true, UnitDue: due, Due: ends(t, "2026-12-15"), Arrived: friday, ConfirmDays: 2},
			[]string{"holiday", "2026-12-21"}, moved, "2026-12-16", "2026-12-15", campaign.KeptHandedIn},
		{"hạn xác nhận của Sở Nội vụ theo ngày làm việc", campaign.Standing{Stage: document.AuthorityReview, Signed: true, UnitDue: due, Due: ends(t, "2026-12-15"), Arrived: friday, ConfirmDays: 2},
			[]string{"holiday", "2026-12-15"}, moved, "2026-12-16", "2026-12-16", campaign.KeptHandedIn},
		{"trả lại: số ngày bổ sung theo lịch mới", campaign.Standing{Stage: document.Drafting, Signed: true, UnitDue: ends(t, "2026-12-10"), CampaignDue: ends(t, "2026-12-10"), Due: ends(t, "2026-12-16"), SentBack: &friday, Resubmit: 3},
			[]string{"holiday", "2026-12-15"}, ends(t, "2026-12-10"), "2026-12-10", "2026-12-17", campaign.KeptHandedIn},
		{"trả lại rồi gia hạn: giữ", campaign.Standing{Stage: document.Drafting, Signed: true, Extended: true, UnitDue: ends(t, "2026-12-10"), CampaignDue: ends(t, "2026-12-10"), Due: ends(t, "2026-12-25"), SentBack: &friday, Resubmit: 3},
			[]string{"holiday", "2026-12-15"}, ends(t, "2026-12-10"), "2026-12-10", "2026-12-25", campaign.KeptHandedIn},
		{"mở lại với hạn gõ tay: giữ", campaign.Standing{Stage: document.Drafting, Signed: true, UnitDue: ends(t, "2026-12-10"), CampaignDue: ends(t, "2026-12-10"), Due: ends(t, "2026-12-22")},
			[]string{"holiday", "2026-12-22"}, ends(t, "2026-12-10"), "2026-12-10", "2026-12-22", campaign.KeptHandedIn},
		{"nộp lại trước hạn của đơn vị: theo hạn đơn vị", campaign.Standing{Stage: document.Drafting, Signed: true, UnitDue: due, Due: due, SentBack: &friday, Resubmit: 1},
			[]string{"holiday", "2026-12-14"}, due, "2026-12-16", "2026-12-16", campaign.KeptHandedIn},
		{"hạn riêng không theo đợt", campaign.Standing{Stage: document.Drafting, UnitDue: ends(t, "2026-12-20"), Due: ends(t, "2026-12-20")},
			[]string{"holiday", "2026-12-16"}, moved, "2026-12-20", "2026-12-20", campaign.KeptByHand},
	} {
		if row.s.CampaignDue.IsZero() {
			row.s.CampaignDue = due
		}
		dues := row.s.After(before, before.With(edit(t, row.change...)), row.due)
		if !dues.Unit.Equal(ends(t, row.unit)) || !dues.Desk.Equal(ends(t, row.desk)) {
			t.Errorf("%s: unit %s, desk %s", row.source, dues.Unit, dues.Desk)
		}
		if got := row.s.Kept(); got != row.kept {
			t.Errorf("%s: kept %q, want %q", row.source, got, row.kept)
		}
	}
}

// A ladder half of which has been walked: what lies behind before and after stays
// out, what moves is told with both instants.
func TestMovedRungs(t *testing.T) {
	before := seedtest.Calendar(t)
	ladder := period.DefaultLadder()
	due := ends(t, "2026-12-16")
	for _, row := range []struct {
		why    string
		now    string
		change []string
		due    time.Time
		want   map[string]string // rung: the day it moves to
	}{
		{"hạn không đổi, nhắc trước 5 ngày sớm lên", "2026-12-01", []string{"holiday", "2026-12-10"}, due, map[string]string{"before_5": "2026-12-08"}},
		{"ngày nghỉ trước cả thang nhắc", "2026-11-25", []string{"holiday", "2026-12-01"}, due, map[string]string{}},
		{"nhắc trước 5 ngày đã gửi và cả hai mốc đã qua", "2026-12-10", []string{"holiday", "2026-12-15"}, due, map[string]string{"before_1": "2026-12-14"}},
		{"nhắc sau hạn lùi", "2026-12-10", []string{"holiday", "2026-12-17"}, due,
			map[string]string{"nudge": "2026-12-18", "escalate_director": "2026-12-18", "escalate_authority": "2026-12-22"}},
		{"làm bù thứ Bảy: báo cấp trên sớm hơn", "2026-12-10", []string{"swapped_work", "2026-12-19"}, due, map[string]string{"nudge": "2026-12-19", "escalate_authority": "2026-12-19"}},
		{"hạn dời qua ngày nghỉ: mốc sau hạn dời, mốc trước đứng yên", "2026-12-01", []string{"holiday", "2026-12-16"}, ends(t, "2026-12-17"),
			map[string]string{"due": "2026-12-18", "nudge": "2026-12-18", "escalate_director": "2026-12-18", "escalate_authority": "2026-12-22"}},
		{"không đổi gì", "2026-12-01", []string{"holiday", "2026-12-19"}, due, map[string]string{}},
	} {
		got := map[string]string{}
		for _, move := range campaign.MovedRungs(ladder, due, row.due, before, before.With(edit(t, row.change...)), day(t, row.now).At(12*60)) {
			got[move.Rung.Code] = calendar.DayOf(move.To).String()
		}
		for code, want := range row.want {
			if got[code] != want {
				t.Errorf("%s: %s moves to %q, want %s", row.why, code, got[code], want)
			}
		}
		if len(got) != len(row.want) {
			t.Errorf("%s: %v, want %v", row.why, got, row.want)
		}
	}
}
