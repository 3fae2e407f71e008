package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// signedBefore makes the unit's signed report of the period before, with this
// text in part I.
func (c *chain) signedBefore(text string) {
	c.t.Helper()
	due := calendar.DayOf(time.Now()).Add(20)
	code, err := c.Store.LaunchCampaign(context.Background(), uuid.New(), c.who[staff.Officer], campaign.Plan{
		Code: "bc-2026q3", Kind: document.Report, Name: "Báo cáo CCHC quý III năm 2026",
		Form: "bc-cchc-quy", FormVersion: 1, Period: "2026q3",
		Window: period.Window{From: due.Add(-60), To: due.Add(-12)},
		Due:    period.Due{Day: due, Cutoff: 1440, Shift: "none"},
		Ladder: period.DefaultLadder(), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	present := c.id
	c.id = code + "-STC"
	c.giveKey("")
	c.fill()
	c.exec(`update draft_sections set body = $2 where document_id = $1 and section = 'I'`, c.id, text)
	c.submit()
	c.approve()
	c.follow(staff.Director, c.decide(staff.Director, "/sign", "/sign", signForm(keyPassword)))
	c.id = present
}

func TestNarrativeOfThePeriodBeforeOverThePages(t *testing.T) {
	c := newChain(t)
	author := c.at[staff.Specialist]
	author.get(t, c.path("")).silent(t, "Lấy từ kỳ trước")
	author.post(t, c.path("/copy"), nil).want(t, http.StatusUnprocessableEntity).says(t, "Kỳ trước đơn vị chưa có nội dung đã ký")
	c.signedBefore("Đoạn một của quý III.\n- Mục hai của quý III.\nĐoạn ba của quý III.")

	author.get(t, c.path("")).says(t, "Lấy từ kỳ trước", "Kỳ trước có 15 từ")
	author.post(t, c.path("/copy"), nil).want(t, http.StatusSeeOther, c.path(""))
	author.get(t, c.path("")).says(t, "Đã lấy nội dung quý III vào 10 phần", "Chưa cập nhật", "3 đoạn chưa cập nhật", "Có 12 đoạn chưa cập nhật.").
		silent(t, "Lấy từ kỳ trước")
	page := author.get(t, c.path("/sections/I")).want(t, http.StatusOK).
		says(t, "Vẫn đúng kỳ này", "Mục hai của quý III.", "Xem nội dung Quý III").silent(t, "Lấy từ kỳ trước")

	// Autosave tells which are left; a plain button saves what was typed, then confirms.
	form := text("Đoạn một của quý IV.\n- Mục hai của quý III.\nĐoạn ba của quý III.", page.field(t, "base_version"))
	form.Set("copied", page.field(t, "copied"))
	saved := author.script(t, c.path("/sections/I"), form).want(t, http.StatusOK)
	if strings.Count(saved.body, `"stale":["`) != 1 || len(saved.body) < 2*64 {
		t.Errorf("autosave answers %s", saved.body)
	}
	form = text("Đoạn một của quý IV.\n- Mục hai của quý III.\nĐoạn ba của quý III.\nGõ thêm.", "2")
	form.Set("confirm", author.get(t, c.path("/sections/I")).button(t, "confirm"))
	author.post(t, c.path("/sections/I"), form).want(t, http.StatusSeeOther, c.path("/sections/I")+"#stale")
	page = author.get(t, c.path("/sections/I")).says(t, "Gõ thêm.", "Đoạn ba của quý III.")
	if n := strings.Count(page.body, "data-stale="); n != 1 {
		t.Errorf("%d paragraphs are left, want 1", n)
	}
	author.get(t, c.path("/check")).want(t, http.StatusOK).
		says(t, "Phần I còn 1 đoạn lấy từ kỳ trước, chưa sửa và chưa xác nhận.", "Đoạn ba của quý III.", "Vẫn trình được")
	all := text(page.field(t, "text"), page.field(t, "base_version"))
	all.Set("confirm", "all")
	author.post(t, c.path("/sections/I"), all).want(t, http.StatusSeeOther)
	author.get(t, c.path("/check")).silent(t, "Phần I còn")
	author.get(t, c.path("/sections/I")).silent(t, "Chưa cập nhật")
}

// Copying into a part keeps what has just been typed there.
func TestCopyIntoOnePartKeepsWhatWasTyped(t *testing.T) {
	c := newChain(t)
	c.signedBefore("Của quý III.")
	author := c.at[staff.Specialist]
	form := text("Vừa gõ.", "0")
	form.Set("copy", "1")
	author.post(t, c.path("/sections/I"), form).want(t, http.StatusSeeOther, c.path("/sections/I")+"#stale")
	if got := author.get(t, c.path("/sections/I")).field(t, "text"); got != "Vừa gõ.\nCủa quý III." {
		t.Errorf("part I holds %q", got)
	}
	c.at[staff.DivisionHead].post(t, c.path("/copy"), url.Values{}).want(t, http.StatusForbidden)
}

// A return that names parts marks them until they are changed.
func TestReturnedPartsAreMarked(t *testing.T) {
	c := newChain(t)
	c.fill()
	c.submit()
	back := c.decide(staff.DivisionHead, "/return", "/return", url.Values{"reason": {"II.2: nêu rõ nguyên nhân. Xem lại phần III, chỉ tiêu 1.1."}})
	c.follow(staff.DivisionHead, back)
	author := c.at[staff.Specialist]
	page := author.get(t, c.path("")).want(t, http.StatusOK)
	if n := strings.Count(page.words(), "Cần sửa"); n != 3 {
		t.Errorf("%d parts are marked, want II.2, III and group 1", n)
	}
	version := author.get(t, c.path("/sections/II.2")).field(t, "base_version")
	author.post(t, c.path("/sections/II.2"), text("Nguyên nhân là thế này.", version)).want(t, http.StatusSeeOther)
	if n := strings.Count(author.get(t, c.path("")).words(), "Cần sửa"); n != 2 {
		t.Errorf("%d parts are marked after one was changed, want 2", n)
	}
}
