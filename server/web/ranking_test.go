package web

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/staff"
	"cchc/storage/storagetest"
)

// rankKit is the pages over campaigns of self-assessments that have been appraised.
type rankKit struct {
	*kit
	by      int64
	officer *browser
}

func newRankKit(t *testing.T) *rankKit {
	t.Helper()
	k := &rankKit{kit: newKit(t)}
	k.by = k.person(t, staff.Position{Unit: "SNV", Role: staff.Officer})
	k.officer = k.as(t, k.by)
	return k
}

// launched is the campaign of a year over the units, with its set.
func (k *rankKit) launched(t *testing.T, year int, units ...string) (string, par.Set) {
	t.Helper()
	ctx := context.Background()
	now, err := k.Store.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p := period.Period{Kind: period.Year, Year: year, Number: 1}
	code, err := k.Store.LaunchCampaign(ctx, uuid.New(), k.by, campaign.Plan{
		Code: "cs-" + p.Code(), Kind: document.Index, Name: "Chỉ số CCHC năm " + strconv.Itoa(year), Form: "cs-cchc-nam", FormVersion: 1, Period: p.Code(),
		Window: period.Window{From: p.From(), To: p.To()}, Due: period.Due{Day: calendar.DayOf(now).Add(400), Inclusive: true, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3, ConfirmLadder: campaign.DefaultConfirmLadder(), Units: units,
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := k.Store.IndexCampaign(ctx, staff.Scope{All: true}, code)
	if err != nil {
		t.Fatal(err)
	}
	return code, c.Set
}

func (k *rankKit) appraised(t *testing.T, code string, set par.Set, unit string, percent int, out ...string) {
	t.Helper()
	k.Appraise(t, storagetest.Appraisal{Campaign: code, Unit: unit, Set: set, Percent: percent, Out: out, By: k.by})
}

// filledSurvey is the template with an answer in every cell, as change leaves it.
func (k *rankKit) filledSurvey(t *testing.T, code string, change func(f *excelize.File, head int)) string {
	t.Helper()
	template := k.officer.get(t, "/campaigns/"+code+"/surveys.xlsx").want(t, http.StatusOK)
	f, err := excelize.OpenReader(strings.NewReader(template.body))
	if err != nil {
		t.Fatal(err)
	}
	name := f.GetSheetList()[0]
	rows, err := f.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	head := 0
	for i, row := range rows {
		if len(row) > 0 && row[0] == "Mã đơn vị" {
			head = i + 1
		}
	}
	groups := map[string]string{}
	set, err := k.Store.IndexSet(context.Background(), "cs-cchc-nam", 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range set.Groups {
		groups[g.Name] = g.Code
	}
	for i := head; i < len(rows); i++ {
		for column, title := range rows[head-1] {
			criterion, what, _ := strings.Cut(title, " ")
			c, known := set.Criterion(criterion)
			if !known || !strings.Contains(" "+codesAsked(set, groups[rows[i][2]])+" ", " "+c.Code+" ") {
				continue
			}
			value := any(82.5)
			if strings.HasPrefix(what, "số phiếu") {
				value = 120
			}
			where, _ := excelize.CoordinatesToCellName(column+1, i+1)
			if err := f.SetCellValue(name, where, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	if change != nil {
		change(f, head)
	}
	var book bytes.Buffer
	if err := f.Write(&book); err != nil {
		t.Fatal(err)
	}
	return book.String()
}

func codesAsked(set par.Set, group string) string {
	var codes []string
	for _, c := range set.AskedOf(group) {
		codes = append(codes, c.Code)
	}
	return strings.Join(codes, " ")
}

// TestSurveyWorkbook: the template comes back filled in; what is wrong is told all at
// once and in the user's own workbook; nothing is saved before somebody says so.
func TestSurveyWorkbook(t *testing.T) {
	k := newRankKit(t)
	code, _ := k.launched(t, 2025, "STC", "SYT")
	base := "/campaigns/" + code + "/surveys"
	k.officer.get(t, base).want(t, http.StatusOK).says(t, "Người dân", "0/2 đơn vị", "Mẫu cho mọi nhóm")

	wrong := k.filledSurvey(t, code, func(f *excelize.File, head int) {
		name := f.GetSheetList()[0]
		for cell, value := range map[string]any{"A": "XYZ", "D": 101} {
			where := cell + strconv.Itoa(head+1)
			if err := f.SetCellValue(name, where, value); err != nil {
				t.Fatal(err)
			}
		}
	})
	sent := k.officer.sendFile(t, base, url.Values{"key": {uuid.NewString()}}, "khao-sat.xlsx", wrong).want(t, http.StatusSeeOther)
	shown := k.officer.get(t, sent.Header.Get("Location")).want(t, http.StatusUnprocessableEntity).
		says(t, "Đợt này không có đơn vị mã “XYZ”.", "chỗ phải sửa nên chưa nhập được").silent(t, "Nhập 0 kết quả")
	marked := k.officer.get(t, sent.Header.Get("Location")+"/marked.xlsx").want(t, http.StatusOK)
	f, err := excelize.OpenReader(strings.NewReader(marked.body))
	if err != nil {
		t.Fatal(err)
	}
	comments, err := f.GetComments(f.GetSheetList()[0])
	if err != nil || len(comments) == 0 {
		t.Errorf("the user's workbook has no marks: %v, %v", comments, err)
	}
	k.officer.post(t, sent.Header.Get("Location"), url.Values{"key": {uuid.NewString()}, "digest": {shown.field(t, "digest")}}).want(t, http.StatusUnprocessableEntity)
	k.officer.get(t, base).says(t, "0/2 đơn vị")

	sent = k.officer.sendFile(t, base, url.Values{"key": {uuid.NewString()}}, "khao-sat.xlsx", k.filledSurvey(t, code, nil)).want(t, http.StatusSeeOther)
	place := sent.Header.Get("Location")
	page := k.officer.get(t, place).want(t, http.StatusOK).says(t, "kết quả thay đổi", "82,5 %, 120 phiếu", "Chưa lưu.")
	k.officer.get(t, base).says(t, "0/2 đơn vị")
	k.officer.post(t, place, url.Values{"key": {page.field(t, "key")}, "digest": {"something else"}}).want(t, http.StatusSeeOther, place)
	k.officer.get(t, place).says(t, "vừa được người khác thay đổi")
	k.officer.post(t, place, url.Values{"key": {page.field(t, "key")}, "digest": {page.field(t, "digest")}}).want(t, http.StatusSeeOther, base)
	k.officer.get(t, base).says(t, "Đã nhập", "2/2 đơn vị", "Tệp đã nhập", "khao-sat.xlsx")
	k.officer.get(t, place).says(t, "Kết quả trong tệp đã có sẵn.")

	k.officer.sendFile(t, base, url.Values{"key": {uuid.NewString()}}, "khong-phai.xlsx", "none").want(t, http.StatusUnprocessableEntity).says(t, "Không đọc được tệp")
	k.at(t, "STC", staff.Director).get(t, base).want(t, http.StatusForbidden)
}

// TestTheIndexIsPublished: from the appraised units to the published page, for the
// officer, for a unit and for another; then a correction.
func TestTheIndexIsPublished(t *testing.T) {
	k := newRankKit(t)
	last, set := k.launched(t, 2024, "STC")
	k.appraised(t, last, set, "STC", 90)
	k.survey(t, last)
	k.publish(t, last, url.Values{"number": {"10/QĐ-UBND"}}).want(t, http.StatusSeeOther)

	code, _ := k.launched(t, 2025, "STC", "SYT", "STP")
	base := "/campaigns/" + code
	unit := k.at(t, "STC", staff.Specialist)
	unit.get(t, base+"/results").want(t, http.StatusOK).says(t, "Chưa công bố kết quả")
	unit.get(t, base+"/results.xlsx").want(t, http.StatusNotFound)
	unit.get(t, base+"/ranking").want(t, http.StatusForbidden)
	k.officer.get(t, base+"/publish").want(t, http.StatusOK).says(t, "Chưa có đơn vị nào đủ điểm để xếp hạng.")
	k.appraised(t, code, set, "STC", 100, "2.1.1")
	k.appraised(t, code, set, "SYT", 50)
	k.survey(t, code)
	k.officer.get(t, base+"/ranking").want(t, http.StatusOK).says(t, "2/3 đơn vị đã nộp tự đánh giá", "2/2 hồ sơ đã thẩm định xong", "3/3 đơn vị đã đủ điểm khảo sát", "Thiếu 1.1.1, 1.1.2, 1.1.3 và 53 tiêu chí khác")
	k.officer.get(t, base+"/ranking?state=lacking").says(t, "Sở Tư pháp").silent(t, "Sở Y tế")

	// A bonus, with what is wrong at its fields first.
	extra := url.Values{"key": {uuid.NewString()}, "unit": {"SYT"}, "kind": {"bonus"}, "points": {"2,5"}, "reason": {""}, "number": {"12/QĐ"}, "issued_on": {"01/02/2026"}, "title": {"Công nhận"}}
	broken := k.officer.post(t, base+"/extras", extra).want(t, http.StatusUnprocessableEntity).says(t, "Tối đa 2 điểm.", "Ghi lý do.")
	if broken.field(t, "points") != "2,5" || broken.field(t, "number") != "12/QĐ" {
		t.Error("what was typed is lost")
	}
	extra.Set("points", "0,5")
	extra.Set("reason", "Sáng kiến")
	k.officer.post(t, base+"/extras", extra).want(t, http.StatusSeeOther, base+"/extras")
	k.officer.get(t, base+"/extras").says(t, "+0,50", "Sáng kiến", "Số 12/QĐ ngày 01/02/2026: Công nhận")

	// What was on the screen is published, or nothing is.
	page := k.officer.get(t, base+"/publish").want(t, http.StatusOK).says(t, "Sở Tài chính", "Không xếp hạng", "Sở Tư pháp")
	announced := url.Values{"key": {page.field(t, "key")}, "digest": {page.field(t, "digest")}, "publication": {page.field(t, "publication")}, "number": {"45/QĐ-UBND"}, "issued_on": {"01/03/2026"}, "title": {"Công bố chỉ số năm 2025"}}
	k.officer.sendFile(t, base+"/publish", announced, "45.pdf", onePage).want(t, http.StatusUnprocessableEntity).says(t, "Còn 1 đơn vị chưa đủ điểm.", "Chọn lại tệp")
	announced.Set("unranked", "1")
	k.MarkScore(t, code+"-SYT", "1.1.1", 0, false, k.by)
	moved := k.officer.sendFile(t, base+"/publish", announced, "45.pdf", onePage).want(t, http.StatusConflict).says(t, "Kết quả vừa thay đổi.")
	if moved.field(t, "number") != "45/QĐ-UBND" {
		t.Error("what was typed is lost")
	}
	announced.Set("digest", moved.field(t, "digest"))
	k.officer.sendFile(t, base+"/publish", announced, "45.pdf", onePage).want(t, http.StatusSeeOther, base+"/results")
	k.officer.get(t, base+"/results").says(t, "Đã công bố kết quả lần 1.", "45/QĐ-UBND", "3 đơn vị", "Thiếu 1.1.1")

	// The unit reads its own result, every score with its why, beside last year's.
	unit.get(t, base+"/results").want(t, http.StatusOK).says(t, "Hạng 1 trên 2 đơn vị", "Đơn vị của bạn", "Sở Y tế")
	own := unit.get(t, base+"/results/STC").want(t, http.StatusOK).says(t, "1 / 2", "Vì sao kết quả này?", "Quy đổi vì có tiêu chí không áp dụng",
		"Thẩm định lần 1: không áp dụng tiêu chí.", "Người dân: trung bình 82,5 %, trọng số 60 %, 120 phiếu.", "Năm 2024", "tăng", "Xếp hạng 1 trên 2 đơn vị cùng nhóm.")
	if !strings.Contains(own.body, "radar-first") || !strings.Contains(own.body, "bar-second") {
		t.Error("nothing is drawn")
	}
	unit.get(t, base+"/results/SYT").want(t, http.StatusForbidden)
	for path, begins := range map[string]string{"/results.xlsx": "PK", "/results.pdf": "%PDF-", "/decision": "%PDF-"} {
		if file := unit.get(t, base+path).want(t, http.StatusOK); !strings.HasPrefix(file.body, begins) {
			t.Errorf("%s begins %.8q", path, file.body)
		}
	}
	for _, path := range []string{"/ranking.xlsx", "/results.xlsx"} {
		if total := k.cell(t, base+path, "STP", "Tổng điểm"); total != "" {
			t.Errorf("%s gives a unit without a rank a total: %q", path, total)
		}
		if total := k.cell(t, base+path, "STC", "Tổng điểm"); total == "" {
			t.Errorf("%s has no total", path)
		}
	}
	if told := unit.get(t, "/notices").says(t, "Đã công bố kết quả chỉ số cải cách hành chính"); !strings.Contains(told.body, base+`/results/STC"`) {
		t.Error("the notice does not lead to the unit's result")
	}
	for _, path := range []string{"/ranking.xlsx", "/ranking.pdf", "/ranking?all=1", "/results?all=1"} {
		k.officer.get(t, base+path).want(t, http.StatusOK)
	}

	// Who has not seen the publication does not correct it.
	announced.Set("key", uuid.NewString())
	k.officer.sendFile(t, base+"/publish", announced, "46.pdf", onePage).want(t, http.StatusConflict).says(t, "Kết quả vừa được công bố", "Lý do công bố lại")

	// A correction says why, and the first result stays.
	k.MarkScore(t, code+"-STC", "1.1.1", 0, false, k.by)
	k.publish(t, code, url.Values{"number": {"60/QĐ-UBND"}, "unranked": {"1"}}).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do công bố lại.")
	k.publish(t, code, url.Values{"number": {"60/QĐ-UBND"}, "unranked": {"1"}, "reason": {"Chấm lại tiêu chí 1.1.1"}}).want(t, http.StatusSeeOther)
	unit.get(t, base+"/results").says(t, "Kết quả này thay kết quả công bố lần 1.", "Chấm lại tiêu chí 1.1.1", "Công bố lần 1")
	unit.get(t, "/notices").says(t, "Đã công bố lại kết quả chỉ số cải cách hành chính")
	unit.get(t, base+"/results/STC?publication=1").want(t, http.StatusOK).says(t, "đã được thay")
	unit.get(t, base+"/results?publication=3").want(t, http.StatusNotFound)
	k.at(t, "SCT", staff.Specialist).get(t, base+"/results").want(t, http.StatusNotFound)
}

// TestRankGroupsAreEdited: kinds of units that are given one name are ranked together;
// nothing typed is lost by what is wrong, or by somebody else's edit.
func TestRankGroupsAreEdited(t *testing.T) {
	k := newRankKit(t)
	code, set := k.launched(t, 2025, "STC", "26740")
	k.appraised(t, code, set, "STC", 90)
	k.appraised(t, code, set, "26740", 80)
	k.survey(t, code)
	shown := k.officer.get(t, "/rank-groups").want(t, http.StatusOK).says(t, "Sở, ban, ngành", "Phường, xã, đặc khu", "Có sẵn trong phần mềm")
	fields := func(page answer, change url.Values) url.Values {
		form := url.Values{"key": {uuid.NewString()}, "replaces": {page.field(t, "replaces")}, "reason": {"Xếp hạng chung"}}
		for _, kind := range []string{"department", "ward", "commune", "special_zone"} {
			form.Set("kind."+kind, page.field(t, "kind."+kind))
		}
		for name, values := range change {
			form[name] = values
		}
		return form
	}
	k.officer.post(t, "/rank-groups", fields(shown, nil)).want(t, http.StatusUnprocessableEntity).says(t, "Chưa có gì thay đổi.")
	broken := k.officer.post(t, "/rank-groups", fields(shown, url.Values{"kind.ward": {" "}, "kind.commune": {"Xã"}, "reason": {""}})).
		want(t, http.StatusUnprocessableEntity).says(t, "Ghi tên nhóm.", "Ghi lý do sửa.")
	if broken.field(t, "kind.commune") != "Xã" {
		t.Error("what was typed is lost")
	}
	together := fields(shown, url.Values{"kind.ward": {"sở, ban, ngành"}})
	k.officer.post(t, "/rank-groups", together).want(t, http.StatusSeeOther, "/rank-groups")
	k.officer.get(t, "/rank-groups").says(t, "Đã ghi nhóm xếp hạng mới.", "Lý do: Xếp hạng chung", "Sở, ban, ngành: Sở, ban, ngành; Phường.")
	k.officer.get(t, "/campaigns/"+code+"/ranking?group=departments").want(t, http.StatusOK).says(t, "Sở Tài chính", "Phường Sài Gòn").silent(t, "Phường, xã, đặc khu")
	late := k.officer.post(t, "/rank-groups", fields(shown, url.Values{"kind.ward": {"Cấp xã"}})).want(t, http.StatusConflict).says(t, "Người khác vừa sửa nhóm xếp hạng.")
	if late.field(t, "kind.ward") != "Cấp xã" {
		t.Error("what was typed is lost")
	}
	k.at(t, "SNV", staff.AuthorityHead).get(t, "/rank-groups").want(t, http.StatusOK).silent(t, "Ghi nhóm xếp hạng")
	k.at(t, "STC", staff.Director).get(t, "/rank-groups").want(t, http.StatusForbidden)
}

// TestTheUnitOfABonusIsLookedFor: among thousands of units by a few letters, without a
// script.
func TestTheUnitOfABonusIsLookedFor(t *testing.T) {
	k := newRankKit(t)
	code, _ := k.launched(t, 2025, "STC", "SYT", "STP")
	base := "/campaigns/" + code + "/extras"
	k.officer.get(t, base).want(t, http.StatusOK).says(t, "Tìm đơn vị", "Chưa có điểm thưởng, điểm trừ").silent(t, "Lý do")
	k.officer.get(t, base+"?find=khong+co").says(t, "Đợt này không có đơn vị nào tên như “khong co”.")
	found := k.officer.get(t, base+"?find=so+t").says(t, "Sở Tài chính", "Sở Tư pháp").silent(t, "Sở Y tế")
	if !strings.Contains(found.body, `href="`+base+`?unit=STC#them"`) {
		t.Error("what is found does not lead to the form")
	}
	form := k.officer.get(t, base+"?unit=STC").says(t, "Đơn vị: Sở Tài chính", "Lý do")
	extra := url.Values{"key": {form.field(t, "key")}, "unit": {form.field(t, "unit")}, "kind": {"bonus"}, "points": {"0,5"}, "reason": {"Sáng kiến"},
		"number": {"12/QĐ"}, "issued_on": {"01/02/2026"}, "title": {"Công nhận"}}
	k.officer.post(t, base, extra).want(t, http.StatusSeeOther, base)
	extra.Set("reason", "Sáng kiến khác") // the browser's way back to the form
	if again := k.officer.post(t, base, extra).want(t, http.StatusUnprocessableEntity).says(t, "đã được gửi trước đó với nội dung khác"); again.field(t, "reason") != "Sáng kiến khác" || again.field(t, "key") == extra.Get("key") {
		t.Error("what was typed is lost, or cannot be sent")
	}
	extra.Set("reason", "Sáng kiến")
	extra.Set("key", uuid.NewString())
	extra.Set("unit", "SXD") // not asked for its self-assessment
	if broken := k.officer.post(t, base, extra).want(t, http.StatusUnprocessableEntity).says(t, "Chọn một đơn vị của đợt."); broken.field(t, "reason") != "Sáng kiến" {
		t.Error("what was typed is lost")
	}
	extra.Set("unit", "SYT")
	k.officer.post(t, base, extra).want(t, http.StatusSeeOther, base)
	k.officer.get(t, base).says(t, "Đã ghi điểm thưởng 0,50 điểm cho Sở Y tế.")
	list := k.officer.get(t, base+"?q=tai+chinh").says(t, "Sở Tài chính").silent(t, "Sở Y tế", "Chưa có điểm thưởng")
	action := base + "/1?q=tai+chinh"
	if !strings.Contains(html.UnescapeString(list.body), `action="`+action+`"`) {
		t.Errorf("withdrawing forgets the list: no %s", action)
	}
	k.officer.post(t, action, url.Values{"key": {uuid.NewString()}, "why": {""}}).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do rút.").silent(t, "Sở Y tế")
	k.officer.post(t, action, url.Values{"key": {uuid.NewString()}, "why": {"Ghi nhầm"}}).want(t, http.StatusSeeOther, base+"?q=tai+chinh")
	k.officer.get(t, base+"?q=xyz").says(t, "Không có mục nào của đơn vị tên như vậy")
}

// cell is what a list as a workbook has of a unit, in the column with the head.
func (k *rankKit) cell(t *testing.T, path, unit, head string) string {
	t.Helper()
	f, err := excelize.OpenReader(strings.NewReader(k.officer.get(t, path).want(t, http.StatusOK).body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetList()[0])
	if err != nil {
		t.Fatal(err)
	}
	column := -1
	for _, row := range rows {
		if at := slices.Index(row, head); at >= 0 {
			column = at
		}
		if slices.Contains(row, unit) && column >= 0 && column < len(row) {
			return row[column]
		}
	}
	return ""
}

// TestAResultWhoseAppraisalIsOpen: it is published without total, class and rank, and
// says so; nobody reads marks that are being weighed.
func TestAResultWhoseAppraisalIsOpen(t *testing.T) {
	k := newRankKit(t)
	code, set := k.launched(t, 2025, "STC", "SYT")
	base := "/campaigns/" + code
	k.appraised(t, code, set, "STC", 100)
	k.appraised(t, code, set, "SYT", 50)
	k.survey(t, code)
	if _, err := k.Owner.Exec(`update appraisals set stage = 'first', ended_at = null, due_at = now() where unit_code = 'SYT'`); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Owner.Exec(`update index_scores set asked = true where unit_code = 'SYT'`); err != nil {
		t.Fatal(err)
	}
	k.officer.get(t, base+"/publish").want(t, http.StatusOK).says(t, "Đang thẩm định lần 1; công bố điểm tự chấm")
	k.publish(t, code, url.Values{"number": {"45/QĐ-UBND"}, "unranked": {"1"}}).want(t, http.StatusSeeOther)
	unit := k.at(t, "SYT", staff.Director)
	unit.get(t, base+"/results").want(t, http.StatusOK).says(t, "Chưa thẩm định xong").silent(t, "tiêu chí khác")
	unit.get(t, base+"/results/SYT").want(t, http.StatusOK).says(t, "Thẩm định chưa xong khi công bố.", "Chưa thẩm định nên chưa có điểm chính thức.").silent(t, "no evidence", "xếp loại Kém", "Thẩm định lần 1:")
}

const onePage = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

// survey has every group answer about all units.
func (k *rankKit) survey(t *testing.T, code string) {
	t.Helper()
	base := "/campaigns/" + code + "/surveys"
	place := k.officer.sendFile(t, base, url.Values{"key": {uuid.NewString()}}, "khao-sat.xlsx", k.filledSurvey(t, code, nil)).want(t, http.StatusSeeOther).Header.Get("Location")
	page := k.officer.get(t, place).want(t, http.StatusOK)
	k.officer.post(t, place, url.Values{"key": {page.field(t, "key")}, "digest": {page.field(t, "digest")}}).want(t, http.StatusSeeOther)
}

// publish publishes what is on the screen.
func (k *rankKit) publish(t *testing.T, code string, fields url.Values) answer {
	t.Helper()
	path := "/campaigns/" + code + "/publish"
	page := k.officer.get(t, path).want(t, http.StatusOK)
	fields.Set("key", page.field(t, "key"))
	fields.Set("digest", page.field(t, "digest"))
	fields.Set("publication", page.field(t, "publication"))
	fields.Set("issued_on", "01/03/2026")
	fields.Set("title", "Công bố chỉ số")
	return k.officer.sendFile(t, path, fields, "qd.pdf", onePage)
}
