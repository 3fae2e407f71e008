package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/templates/words"
)

// monthly lays a monthly series down whose next campaigns are to be proposed at
// once, as an officer does, and lets them be proposed.
func monthly(t *testing.T, k *kit, officer *browser) {
	t.Helper()
	f := officer.get(t, "/series/new").want(t, http.StatusOK).filled(t, "/series/new")
	f.Set("name", "Báo cáo CCHC")
	f.Set("code", "hang-thang")
	f.Set("lead_days", "90")
	officer.post(t, "/series/new", f).want(t, http.StatusSeeOther, "/series")
	if _, err := k.Store.ProposeCampaigns(context.Background(), "hang-thang"); err != nil {
		t.Fatal(err)
	}
}

func TestSeriesIsLaidDownAndShowsWhatComes(t *testing.T) {
	k := newKit(t)
	var kept []string
	k.server.engine.KeepSeries = func(_ context.Context, code string) error { kept = append(kept, code); return nil }
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/series").want(t, http.StatusOK).says(t, "Chưa có lịch mở đợt nào")
	f := officer.get(t, "/series/new").want(t, http.StatusOK).filled(t, "/series/new")
	f.Set("code", "Hàng tháng")
	f.Set("lead_days", "sớm")
	bad := officer.post(t, "/series/new", f).want(t, http.StatusUnprocessableEntity)
	bad.says(t, "Mã lịch gồm chữ thường", "Ghi tên đợt", "Ghi số nguyên")
	if again := bad.filled(t, "/series/new"); again.Get("code") != "Hàng tháng" || again.Get("lead_days") != "sớm" || len(again["unit"]) != 188 {
		t.Errorf("what was typed is lost: %v", again)
	}
	monthly(t, k, officer)
	if strings.Join(kept, " ") != "hang-thang" {
		t.Errorf("schedules kept: %v", kept)
	}
	page := officer.get(t, "/series").want(t, http.StatusOK)
	page.says(t, "Đã ghi lịch “Báo cáo CCHC”", "Đợt cần mở", "188 đơn vị", "Nghị định 09/2019/NĐ-CP Điều 12.1", "Cần mở", "Chưa đến ngày", "chưa đối chiếu được")
	now, err := k.Store.Now(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	later := period.Of(period.Month, calendar.DayOf(now))
	for range 11 {
		later = later.Next()
	}
	page.says(t, words.Upper(words.Period(later)))
	if rows := strings.Count(page.body, "Vì sao ngày này?"); rows != 12 {
		t.Errorf("%d campaigns to come, want 12", rows)
	}
	// Two officers at once: the second is told.
	first := officer.get(t, "/series/hang-thang").want(t, http.StatusOK).filled(t, "/series/hang-thang")
	first.Set("lead_days", "20")
	officer.post(t, "/series/hang-thang", first).want(t, http.StatusSeeOther, "/series")
	officer.post(t, "/series/hang-thang", first).want(t, http.StatusUnprocessableEntity).says(t, "Người khác vừa sửa lịch này")
	officer.get(t, "/series/none").want(t, http.StatusNotFound)
}

// A proposal is seen where officers work, launched from a filled-in form with a
// guidance document, or dismissed with a reason.
func TestProposalIsOpenedAndLaunched(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	monthly(t, k, officer)
	open, err := k.Store.OpenProposals(context.Background())
	if err != nil || len(open) < 2 {
		t.Fatalf("%d proposals, %v", len(open), err)
	}
	one, path := open[0], proposalPath(open[0].ID)
	for _, place := range []string{"/tasks", "/campaigns", "/notices"} {
		if page := officer.get(t, place).want(t, http.StatusOK); !strings.Contains(page.words(), "cần mở") || place == "/notices" && !strings.Contains(page.body, path) {
			t.Errorf("%s says nothing of the proposal: %.900s", place, page.words())
		}
	}
	k.at(t, "STC", staff.Specialist).get(t, "/campaigns").want(t, http.StatusOK).silent(t, "Đợt cần mở", "Lịch mở đợt")
	officer.get(t, path).want(t, http.StatusOK).says(t, one.Name(), "Nếu mở bây giờ: 188 đơn vị", "188 đơn vị chưa có đủ người", "Chuẩn bị mở đợt")

	f := officer.get(t, "/campaigns/new?proposal="+path[len("/proposals/"):]).want(t, http.StatusOK).filled(t, "/campaigns/new")
	if f.Get("name") != one.Name() || f.Get("period") != one.Period || f.Get("code") != "bc-"+one.Period || len(f["unit"]) != 188 {
		t.Errorf("the form is filled in with %s, %s, %s, %d units", f.Get("name"), f.Get("period"), f.Get("code"), len(f["unit"]))
	}
	f["unit"] = []string{"STC"}
	bad := officer.post(t, "/campaigns/new", f).want(t, http.StatusUnprocessableEntity)
	bad.says(t, "chưa có văn bản hướng dẫn thì chưa mở được đợt này", "do lịch mở đợt đề xuất")
	if !strings.Contains(bad.body, `id="guidance-error"`) {
		t.Error("the missing document is not told at its field")
	}
	officer.post(t, "/campaigns", f).want(t, http.StatusUnprocessableEntity) // nor around the check
	f = bad.filled(t, "/campaigns/new")
	f.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/bc-"+one.Period)
	officer.get(t, path).want(t, http.StatusOK).says(t, "Đợt đã được mở.").silent(t, "Không mở đợt này")
	officer.get(t, "/campaigns/new?proposal="+path[len("/proposals/"):]).want(t, http.StatusSeeOther, path)
	officer.get(t, "/series").says(t, "Đã mở", "Xem đợt")

	other := proposalPath(open[1].ID)
	g := officer.get(t, other).filled(t, other+"/dismiss")
	officer.post(t, other+"/dismiss", g).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do không mở đợt")
	g.Set("reason", "Gộp vào báo cáo năm")
	officer.post(t, other+"/dismiss", g).want(t, http.StatusSeeOther, "/series")
	officer.post(t, other+"/dismiss", g).want(t, http.StatusSeeOther, other) // a double click
	officer.get(t, other).says(t, "Không mở đợt này.", "Gộp vào báo cáo năm")
	officer.get(t, "/proposals/0").want(t, http.StatusNotFound)
	officer.get(t, "/proposals/x").want(t, http.StatusNotFound)
	officer.get(t, "/campaigns/new?proposal=x").want(t, http.StatusNotFound)
}

func TestPeriodRuleIsEditedAsANewOne(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	officer.get(t, "/period-rules").want(t, http.StatusOK).
		says(t, "Tháng", "9 tháng", "Từ ngày 15 của tháng liền trước kỳ đến hết ngày 14 của tháng cuối kỳ", "Có sẵn trong phần mềm", "Chưa kiểm chứng")
	officer.get(t, "/period-rules/week").want(t, http.StatusNotFound)
	f := officer.get(t, "/period-rules/month").want(t, http.StatusOK).filled(t, "/period-rules/month")
	f.Set("working_days", "0")
	f.Set("to_day", "cuối tháng")
	officer.post(t, "/period-rules/month", f).want(t, http.StatusUnprocessableEntity).
		says(t, "đòi ít nhất 1 ngày", "Ghi số nguyên", "Ghi lý do sửa quy tắc")
	f.Set("valid_from", "01/01/2100")
	f.Set("months_before", "0")
	f.Set("from_day", "1")
	f.Set("to_day", "31")
	f.Set("working_days", "3")
	f.Set("due_source", "Công văn 6218/SNV-CCHC")
	f.Set("do", "preview")
	officer.post(t, "/period-rules/month", f).want(t, http.StatusOK).says(t, "Tháng 1 năm 2100", "01/02/2100 – 28/02/2100", "Công văn 6218/SNV-CCHC")
	f.Del("do")
	f.Set("reason", "Theo công văn mới")
	officer.post(t, "/period-rules/month", f).want(t, http.StatusSeeOther, "/period-rules")
	officer.get(t, "/period-rules").says(t, "Đã ghi quy tắc mới", "Sắp áp dụng", "Theo công văn mới", "Tháng 1 năm 2100: số liệu từ 01/01/2100 đến 31/01/2100")
	officer.get(t, "/campaigns/new?period=2100m02").want(t, http.StatusOK).says(t, "Công văn 6218/SNV-CCHC")
	if f := officer.get(t, "/campaigns/new?period=2100m02").filled(t, "/campaigns/new"); f.Get("window_to") != "28/02/2100" {
		t.Errorf("the launch takes data to %s", f.Get("window_to"))
	}
	f.Set("key", "6f1f3c6e-0f0a-4b9e-9f0c-111111111111")
	officer.post(t, "/period-rules/month", f).want(t, http.StatusUnprocessableEntity).says(t, "Người khác vừa sửa quy tắc này")
}

// Every kind of period can be launched, suggested and explained by its rule.
func TestLaunchOfEveryKindOfPeriod(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	for code, want := range map[string][2]string{
		"2099m02": {"Báo cáo CCHC tháng 2 năm 2099", "15/01/2099"}, "2099q2": {"Báo cáo CCHC quý II năm 2099", "15/03/2099"},
		"2099h2": {"Báo cáo CCHC 6 tháng cuối năm 2099", "15/06/2099"}, "2099n9": {"Báo cáo CCHC 9 tháng đầu năm 2099", "15/12/2098"},
		"2099y": {"Báo cáo CCHC năm 2099", "15/12/2098"},
	} {
		f := officer.get(t, "/campaigns/new?period="+code).want(t, http.StatusOK).says(t, "Vì sao ngày này?").filled(t, "/campaigns/new")
		if f.Get("name") != want[0] || f.Get("window_from") != want[1] || f.Get("code") != "bc-"+code {
			t.Errorf("%s: %s, data from %s, %s", code, f.Get("name"), f.Get("window_from"), f.Get("code"))
		}
		f["unit"] = []string{"STC"}
		last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).filled(t, "/campaigns")
		officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/bc-"+code)
	}
	// What was launched last of a form is suggested next.
	officer.get(t, "/campaigns").want(t, http.StatusOK).says(t, "Báo cáo CCHC 9 tháng đầu năm 2099")
	officer.get(t, "/dashboard").want(t, http.StatusOK)
}

// A series of plans asks for those of the year to come, and is launched as such.
func TestSeriesOfPlansIsLaunched(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	f := officer.get(t, "/series/new").want(t, http.StatusOK).filled(t, "/series/new")
	for name, value := range map[string]string{"name": "Kế hoạch CCHC", "code": "ke-hoach", "lead_days": "90", "form": "kh-cchc-nam", "period_kind": "quarter"} {
		f.Set(name, value)
	}
	f["unit"] = []string{"STC", "SYT"}
	officer.post(t, "/series/new", f).want(t, http.StatusUnprocessableEntity).says(t, "Kế hoạch lập theo năm")
	f.Set("period_kind", "year")
	officer.post(t, "/series/new", f).want(t, http.StatusSeeOther, "/series")
	officer.get(t, "/series").says(t, "đề xuất trước năm kế hoạch 90 ngày", "2 đơn vị")

	// As when the day of asking has come.
	if _, err := k.Owner.Exec(`update series set active_since = now() - interval '400 days'`); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Store.ProposeCampaigns(context.Background(), "ke-hoach"); err != nil {
		t.Fatal(err)
	}
	open, err := k.Store.OpenProposals(context.Background())
	if err != nil || len(open) == 0 || !open[0].Plans {
		t.Fatalf("%+v, %v", open, err)
	}
	one := open[len(open)-1]
	officer.get(t, proposalPath(one.ID)).want(t, http.StatusOK).says(t, one.Name(), "Nếu mở bây giờ: 2 đơn vị", "Vì sao ngày này?")
	launch := officer.get(t, "/campaigns/new?proposal="+strconv.FormatInt(one.ID, 10)).want(t, http.StatusOK).says(t, "Năm kế hoạch").filled(t, "/campaigns/new")
	if launch.Get("period") != one.Period || len(launch["unit"]) != 2 || launch.Get("name") != one.Name() {
		t.Errorf("the launch is filled in with %s, %v, %s", launch.Get("period"), launch["unit"], launch.Get("name"))
	}
	launch.Set("guidance", "6218/SNV-CCHC ngày 20/11/2026")
	last := officer.post(t, "/campaigns/new", launch).want(t, http.StatusOK).filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther)
	var launched int
	if err := k.Owner.QueryRow(`select count(*) from campaigns c join campaign_proposals o on o.campaign = c.code where c.kind = 'plan' and o.state = 'launched'`).Scan(&launched); err != nil || launched != 1 {
		t.Errorf("%d launched, %v", launched, err)
	}
}

// A series that has proposed nothing is deleted; another one is ended with a reason,
// which answers what waits to be launched.
func TestSeriesEnds(t *testing.T) {
	k := newKit(t)
	officer := k.at(t, "SNV", staff.Officer)
	monthly(t, k, officer)
	f := officer.get(t, "/series/new").filled(t, "/series/new")
	f.Set("name", "Gõ nhầm")
	f.Set("code", "nham")
	officer.post(t, "/series/new", f).want(t, http.StatusSeeOther)
	gone := officer.get(t, "/series/nham").want(t, http.StatusOK).says(t, "Xóa lịch này").silent(t, "Kết thúc lịch này").filled(t, "/series/nham/delete")
	for range 2 { // a double click
		officer.post(t, "/series/nham/delete", gone).want(t, http.StatusSeeOther, "/series")
	}
	officer.get(t, "/series").says(t, "Đã xóa lịch “Gõ nhầm”")

	form := officer.get(t, "/series/hang-thang").want(t, http.StatusOK).says(t, "Kết thúc lịch này", "đang chờ mở").silent(t, "Xóa lịch này").filled(t, "/series/hang-thang/end")
	officer.post(t, "/series/hang-thang/delete", form).want(t, http.StatusUnprocessableEntity).says(t, "không xóa được")
	officer.post(t, "/series/hang-thang/end", form).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do kết thúc lịch")
	form.Set("reason", "Thay bằng báo cáo quý theo công văn 6218.")
	for range 2 { // a double click
		officer.post(t, "/series/hang-thang/end", form).want(t, http.StatusSeeOther, "/series")
	}
	officer.get(t, "/series").says(t, "Đã kết thúc lịch “Báo cáo CCHC”", "Lịch đã kết thúc (1)", "Thay bằng báo cáo quý").silent(t, "Đợt cần mở")
	officer.get(t, "/series/hang-thang").want(t, http.StatusSeeOther, "/series#series-hang-thang")
	change := url.Values{"key": {uuid.NewString()}, "version": {"2"}, "name": {"Lại"}, "form": {"bc-cchc-quy"}, "period_kind": {"month"}, "lead_days": {"5"}, "active": {"yes"}, "unit": {"STC"}}
	officer.post(t, "/series/hang-thang", change).want(t, http.StatusUnprocessableEntity)
	if added, err := k.Store.ProposeCampaigns(context.Background(), "hang-thang"); err != nil || len(added) != 0 {
		t.Errorf("it still proposes: %v, %v", added, err)
	}
	if schedules, err := k.Store.SeriesSchedules(context.Background()); err != nil || len(schedules) != 0 {
		t.Errorf("it still has a schedule: %+v, %v", schedules, err)
	}
	if open, err := k.Store.OpenProposals(context.Background()); err != nil || len(open) != 0 {
		t.Errorf("%d still wait, %v", len(open), err)
	}
}
