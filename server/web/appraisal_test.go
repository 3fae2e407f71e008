package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/storage/storagetest"
)

// newAppraisal is STC's self-assessment, handed in, and a browser for the specialist of
// each department that owns a field.
func newAppraisal(t *testing.T) (c *chain, of map[string]*browser) {
	t.Helper()
	ctx := context.Background()
	c, _ = newIndexChain(t)
	author, err := c.Store.Account(ctx, c.who[staff.Specialist])
	if err != nil {
		t.Fatal(err)
	}
	draft, err := c.Store.Draft(ctx, c.id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store.SaveAnswers(ctx, c.id, storagetest.Unclaimed(*draft.Form.Index, "Không thuộc chức năng"), author.Actor); err != nil {
		t.Fatal(err)
	}
	c.submit()
	c.approve()
	c.signed()
	if stage := c.stage(); stage != document.HandedIn {
		t.Fatalf("stage %s", stage)
	}
	of = map[string]*browser{"SNV": c.at[staff.Officer]}
	for _, unit := range []string{"STP", "VP", "SKHCN"} {
		of[unit] = c.kit.at(t, unit, staff.Specialist)
	}
	return c, of
}

// signed has the director sign without a key of theirs.
func (c *chain) signed() {
	c.t.Helper()
	ctx := context.Background()
	director, err := c.Store.Account(ctx, c.who[staff.Director])
	if err != nil {
		c.t.Fatal(err)
	}
	in := storage.SigningIntent{Document: c.id, Actor: director.Actor, Revision: 1, ContentHash: c.hash()}
	attempt, err := c.Store.ReserveNumber(ctx, in)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.Store.BeginSigning(ctx, attempt.ID, in, storage.Prepared{PDF: []byte("%PDF"), Preparation: []byte(`{}`), Certificate: []byte(`{}`)}, time.Minute); err != nil {
		c.t.Fatal(err)
	}
	n := storage.NewDecision{Key: uuid.New(), Document: c.id, Actor: director.Actor, Revision: 1, ContentHash: in.ContentHash}
	if _, err := c.Store.AddSignedDecision(ctx, n, attempt.ID, []byte("%PDF signed")); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.Store.RecordDecisions(ctx, c.id, time.Time{}, ""); err != nil {
		c.t.Fatal(err)
	}
}

func (c *chain) appraisal(rest string) string { return "/appraisals/" + c.id + rest }

// finishes takes over what stands in a field, gives 1.1.2 its remark, and finishes.
func (c *chain) finishes(by *browser, field string) answer {
	c.t.Helper()
	path := c.appraisal("/fields/" + field)
	if page := by.get(c.t, path).want(c.t, http.StatusOK); strings.Contains(page.body, path+"/agree") {
		by.post(c.t, path+"/agree", page.filled(c.t, path)).want(c.t, http.StatusSeeOther, path)
	}
	if field == "1" {
		f := by.get(c.t, path).filled(c.t, path)
		f["agree"], f["reason.1.1.2"] = []string{"1.1.2"}, []string{"Kế hoạch thiếu sản phẩm"}
		by.post(c.t, path, f).want(c.t, http.StatusSeeOther, path)
	}
	page := by.get(c.t, path).want(c.t, http.StatusOK).says(c.t, "Hoàn thành thẩm định lĩnh vực")
	return by.post(c.t, path+"/finish", page.filled(c.t, path)).want(c.t, http.StatusSeeOther, path)
}

// The whole course over the pages: one criterion marked otherwise, explained in time,
// marked again; each sees what is theirs to see, when it is.
func TestAnAppraisalOverThePages(t *testing.T) {
	c, of := newAppraisal(t)
	specialist, director := c.at[staff.Specialist], c.at[staff.Director]
	stp, path := of["STP"], c.appraisal("/fields/2")
	stp.get(t, "/tasks").want(t, http.StatusOK).says(t, "1 lĩnh vực chờ thẩm định")
	stp.get(t, "/appraisals").want(t, http.StatusOK).says(t, "Sở Tài chính", "2. Cải cách thể chế", "0/5 tiêu chí")
	of["SNV"].get(t, "/appraisals?field=6&q=tai+chinh").want(t, http.StatusOK).says(t, "6. Cải cách tài chính công")
	// What was handed in is being appraised; the step is done with the appraisal's end.
	specialist.get(t, c.path("")).want(t, http.StatusOK).says(t, "Xem thẩm định", "Chờ thẩm định").holds(t, `class="now" aria-current="step"`)
	specialist.get(t, c.appraisal("")).want(t, http.StatusOK).says(t, "Thẩm định lần 1", "Điểm thẩm định lần 1 hiện ở đây khi mọi lĩnh vực đã hoàn thành.")
	stp.get(t, c.path("")).want(t, http.StatusForbidden)
	stp.get(t, c.appraisal("/fields/3")).want(t, http.StatusNotFound)
	specialist.get(t, path).want(t, http.StatusForbidden)

	// What cannot be read, and what lacks its reason, is told at its criterion; nothing typed is lost.
	f := stp.get(t, path).want(t, http.StatusOK).says(t, "Cách tính điểm", "Đồng ý với điểm tự chấm: 0,00 điểm").filled(t, path)
	f.Set("mark.2.4.1", "nửa điểm")
	f.Set("reason.2.4.1", "Đã xử lý một nửa")
	again := stp.post(t, path, f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi điểm bằng số")
	if again.field(t, "mark.2.4.1") != "nửa điểm" || again.field(t, "reason.2.4.1") != "Đã xử lý một nửa" {
		t.Error("what was typed is lost")
	}
	f = again.filled(t, path)
	f.Set("mark.2.4.1", "0,5")
	f.Set("reason.2.4.1", "")
	f = stp.post(t, path, f).want(t, http.StatusUnprocessableEntity).says(t, "Tiêu chí 2.4.1").filled(t, path)
	f.Set("reason.2.4.1", "Đã xử lý một nửa")
	stp.post(t, path, f).want(t, http.StatusSeeOther, path)
	stp.post(t, path, f).want(t, http.StatusSeeOther, path) // a double click
	stp.get(t, path).says(t, "1/5 tiêu chí")
	// Whoever takes over the rest, or finishes, loses nothing of what they have typed.
	f = stp.get(t, path).filled(t, path)
	f.Set("mark.2.3.1", "0,25")
	f.Set("reason.2.3.1", "Thiếu một văn bản")
	stp.post(t, path+"/agree", f).want(t, http.StatusSeeOther, path)
	page := stp.get(t, path).says(t, "5/5 tiêu chí", "Hoàn thành thẩm định lĩnh vực")
	f = page.filled(t, path)
	if f.Get("mark.2.3.1") != "0,25" || f.Get("reason.2.3.1") != "Thiếu một văn bản" {
		t.Errorf("%q, %q: what was typed gave way to the unit's own score", f.Get("mark.2.3.1"), f.Get("reason.2.3.1"))
	}
	f.Set("mark.2.3.1", "0,5")
	stp.post(t, path+"/finish", f).want(t, http.StatusSeeOther, path)
	page = stp.get(t, path).says(t, "chưa hoàn thành lĩnh vực")
	if again := page.filled(t, path); again.Get("mark.2.3.1") != "0,50" {
		t.Errorf("%q: what was typed is lost", again.Get("mark.2.3.1"))
	}
	c.finishes(stp, "2")
	// Which marks will differ is nobody's to find out before the round is over.
	specialist.get(t, c.appraisal("/explanation/2.4.1")).want(t, http.StatusNotFound)
	c.finishes(of["VP"], "3")
	c.finishes(of["SKHCN"], "7")
	specialist.get(t, c.appraisal("")).silent(t, "Đã xử lý một nửa")
	for _, field := range []string{"1", "4", "5", "6", "8"} {
		c.finishes(of["SNV"], field)
	}

	specialist.get(t, "/tasks").says(t, "Kết quả thẩm định chờ giải trình")
	write := c.appraisal("/explanation")
	f = specialist.get(t, write).want(t, http.StatusOK).says(t, "2.4.1", "Đã xử lý một nửa", "Chỉ giải trình tiêu chí").silent(t, "1.1.3").filled(t, write)
	f.Set("explain.2.4.1", "Đã xử lý đủ, có báo cáo số 12")
	specialist.post(t, write, f).want(t, http.StatusSeeOther, write)
	clash := specialist.post(t, write, url.Values{"base.2.4.1": {"0"}, "explain.2.4.1": {"bản khác"}}).want(t, http.StatusConflict).says(t, "đã lưu giải trình này lúc", "có báo cáo số 12")
	if clash.field(t, "explain.2.4.1") != "bản khác" || clash.field(t, "base.2.4.1") != "0" || clash.field(t, "clash.2.4.1") != "1" {
		t.Error("what was typed is lost, or what it is compared with")
	}
	// Without a choice it is asked again; whoever takes the other's writes nothing over it.
	f = clash.filled(t, write)
	f.Del("choice.2.4.1")
	specialist.post(t, write, f).want(t, http.StatusConflict).says(t, "bản khác", "có báo cáo số 12")
	f.Set("choice.2.4.1", "theirs")
	specialist.post(t, write, f).want(t, http.StatusSeeOther, write)
	specialist.get(t, write).says(t, "có báo cáo số 12").silent(t, "bản khác")
	upload := write + "/2.4.1"
	specialist.get(t, upload).want(t, http.StatusOK).says(t, "Chưa có tệp nào")
	page = director.get(t, write).want(t, http.StatusOK).says(t, "Gửi giải trình")
	f = page.filled(t, write)
	f.Set("explain.2.4.1", "Đã xử lý đủ, có báo cáo số 12 và 13")
	director.post(t, write+"/send", f).want(t, http.StatusSeeOther, write) // what nobody has saved is not sent unseen
	page = director.get(t, write).says(t, "chưa gửi", "có báo cáo số 12 và 13")
	director.post(t, write+"/send", page.filled(t, write)).want(t, http.StatusSeeOther, c.appraisal(""))
	director.get(t, c.appraisal("")).says(t, "Đã gửi giải trình.", "Thẩm định lần 2")

	f = stp.get(t, path).want(t, http.StatusOK).says(t, "Đã xử lý đủ, có báo cáo số 12 và 13", "Lý do chấm lần 1", "Giữ kết quả lần 1: 0,50 điểm").filled(t, path)
	f.Set("mark.2.4.1", "1")
	f.Set("reason.2.4.1", "Giải trình đúng")
	stp.post(t, path, f).want(t, http.StatusSeeOther, path)
	page = stp.get(t, path)
	stp.post(t, path+"/finish", page.filled(t, path)).want(t, http.StatusSeeOther, path)
	specialist.get(t, c.appraisal("")).want(t, http.StatusOK).says(t, "Đã có kết quả thẩm định", "Giải trình đúng", "khác điểm tự chấm")
	specialist.get(t, c.path("")).want(t, http.StatusOK).says(t, "Đã thẩm định").holds(t, `Thẩm định<span class="visually-hidden">, đã xong`)
	c.at[staff.Officer].get(t, "/campaigns/"+strings.TrimSuffix(c.id, "-STC")+"/appraisal").want(t, http.StatusOK).says(t, "Hoàn thành 1/1 đơn vị", "Lịch thẩm định")
}

// An answer that comes too late waits for the authority, which gives its reason.
func TestALateExplanationOverThePages(t *testing.T) {
	c, of := newAppraisal(t)
	officer, director := of["SNV"], c.at[staff.Director]
	c.exec(`update index_scores set first = coalesce(self, 0), first_out = self_out, marked = true`)
	c.exec(`update index_scores set first = 50 where criterion = '2.4.1'`)
	c.exec(`update appraisal_fields set marked = todo, finished_at = now()`)
	write := c.appraisal("/explanation")
	state, err := c.Store.TrackAppraisal(context.Background(), c.id, time.Time{}, "")
	if err != nil || state.Stage != appraisal.Explaining {
		t.Fatalf("%+v, %v", state, err)
	}
	director.post(t, write, url.Values{"base.2.4.1": {"0"}, "explain.2.4.1": {"Xin bổ sung"}}).want(t, http.StatusSeeOther)
	extend := officer.get(t, c.appraisal("")).want(t, http.StatusOK).filled(t, c.appraisal("/decide"))
	extend["action"], extend["until"], extend["reason"] = []string{"extend"}, []string{"hôm nào"}, []string{"Bão"}
	officer.post(t, c.appraisal("/decide"), extend).want(t, http.StatusUnprocessableEntity).says(t, "Bão")
	c.exec(`update appraisals set round_at = round_at - interval '60 days', rung_at = rung_at - interval '60 days'`)
	page := director.get(t, write).want(t, http.StatusOK)
	director.post(t, write+"/send", page.filled(t, write)).want(t, http.StatusSeeOther, c.appraisal(""))
	director.get(t, c.appraisal("")).says(t, "Sở Nội vụ quyết định nhận hay không")
	officer.get(t, "/tasks").says(t, "1 giải trình muộn chờ xem xét")
	late := officer.get(t, c.appraisal("")).want(t, http.StatusOK).says(t, "Giải trình gửi sau thời hạn").filled(t, c.appraisal("/late"))
	late.Set("action", "refuse_late")
	officer.post(t, c.appraisal("/late"), late).want(t, http.StatusUnprocessableEntity)
	late.Set("reason", "Không có lý do chính đáng")
	officer.post(t, c.appraisal("/late"), late).want(t, http.StatusSeeOther, c.appraisal(""))
	director.get(t, c.appraisal("")).says(t, "Giải trình gửi sau thời hạn không được nhận.", "Không có lý do chính đáng")
}

func TestTheScheduleOverThePages(t *testing.T) {
	c, of := newAppraisal(t)
	path := "/campaigns/" + strings.TrimSuffix(c.id, "-STC") + "/appraisal"
	f := of["SNV"].get(t, path).want(t, http.StatusOK).says(t, "Còn thiếu trước khi công bố", "Sở Tư pháp").filled(t, path)
	f.Set("explain.days", "nhiều")
	again := of["SNV"].post(t, path, f).want(t, http.StatusUnprocessableEntity)
	if again.field(t, "explain.days") != "nhiều" {
		t.Error("what was typed is lost")
	}
	f = again.filled(t, path)
	f.Set("explain.days", "7")
	of["SNV"].post(t, path, f).want(t, http.StatusSeeOther, path)
	of["SNV"].post(t, path, f).want(t, http.StatusConflict)
	c.at[staff.Specialist].get(t, path).want(t, http.StatusOK).says(t, "7 ngày làm việc từ khi bắt đầu")
}

// The rounds are laid down with the launch; what cannot be read is told at its field.
func TestALaunchLaysDownTheRounds(t *testing.T) {
	c := newChain(t)
	officer := c.at[staff.Officer]
	f := officer.get(t, "/campaigns/new?form=cs-cchc-nam.1").want(t, http.StatusOK).says(t, "Đơn vị giải trình").filled(t, "/campaigns/new")
	f["unit"] = []string{"STC"}
	f.Set("explain.days", "0")
	again := officer.post(t, "/campaigns/new", f).want(t, http.StatusUnprocessableEntity).says(t, "Số ngày làm việc phải từ 1 đến 250.")
	if again.field(t, "explain.days") != "0" {
		t.Error("what was typed is lost")
	}
	f = again.filled(t, "/campaigns/new")
	f["unit"] = []string{"STC"}
	f.Set("explain.days", "9")
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).says(t, "9 ngày làm việc từ khi bắt đầu").filled(t, "/campaigns")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther)
	if n := c.count(`select count(*) from appraisal_schedules where explain_days = 9 and first_days = 20`); n != 1 {
		t.Errorf("%d schedules", n)
	}
}
