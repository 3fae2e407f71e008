package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/templates"
)

// newIndexChain is a chain whose document is STC's self-assessment, asked for by an
// officer over the pages.
func newIndexChain(t *testing.T) (c *chain, year string) {
	t.Helper()
	c = newChain(t)
	officer := c.at[staff.Officer]
	f := officer.get(t, "/campaigns/new?form=cs-cchc-nam.1").want(t, http.StatusOK).says(t, "Năm đánh giá").filled(t, "/campaigns/new")
	year = strings.TrimSuffix(f.Get("period"), "y")
	if f.Get("name") != "Tự đánh giá chỉ số CCHC năm "+year || f.Get("window_to") != "31/12/"+year {
		t.Fatalf("a self-assessment is suggested as %v", f)
	}
	f["unit"] = []string{"STC"}
	last := officer.post(t, "/campaigns/new", f).want(t, http.StatusOK).says(t, "Thời gian đánh giá").filled(t, "/campaigns")
	code := "cs-" + f.Get("period")
	officer.post(t, "/campaigns", last).want(t, http.StatusSeeOther, "/campaigns/"+code)
	c.id = code + "-STC"
	for _, section := range []string{"I", "II"} {
		c.exec(`insert into draft_sections (document_id, section, body, updated_by) values ($1, $2, $3, $4)`,
			c.id, section, "Nội dung phần "+section, c.who[staff.Specialist])
	}
	return c, year
}

func TestAUnitAssessesItself(t *testing.T) {
	c, year := newIndexChain(t)
	author, first := c.at[staff.Specialist], c.path("/scores/1")
	author.get(t, c.path("")).want(t, http.StatusOK).says(t, "Tự chấm điểm", "Công tác chỉ đạo, điều hành CCHC", "0/10 tiêu chí")
	page := author.get(t, first).want(t, http.StatusOK).says(t, "Phần mềm tự xét tiêu chí này", "Tiêu chí này lấy điểm khảo sát", "Đúng hạn 31/01: 0,50 điểm.")

	// What cannot be read is told at its field; nothing is saved and nothing lost.
	fields := page.filled(t, first)
	fields.Set("answers.2.done", "năm mươi")
	fields.Set("answers.2.of", "60")
	fields.Set("answers.0.day", "20/01/"+year)
	unread := author.post(t, first, fields).want(t, http.StatusUnprocessableEntity).says(t, "Có lỗi cần sửa")
	if unread.field(t, "answers.2.done") != "năm mươi" || unread.field(t, "answers.0.day") != "20/01/"+year {
		t.Error("what was typed is lost")
	}
	if again := author.get(t, first); again.field(t, "base.1.1.1") != "0" {
		t.Error("something was saved")
	}

	fields.Set("answers.2.done", "54")
	author.post(t, first, fields).want(t, http.StatusSeeOther, first)
	author.get(t, first).says(t, "54 trên 60 là 90 %.", "90 % của 1,50 điểm: 1,35 điểm.", "Hoàn thành ngày 20/01/"+year, "Chưa có tệp minh chứng.",
		"Hệ thống tự xét theo dữ liệu của phần mềm")

	// Not done, and the day on which it was done: the one or the other.
	fields = author.get(t, first).filled(t, first)
	fields.Set("answers.0.yes", "false")
	undone := author.post(t, first, fields).want(t, http.StatusUnprocessableEntity).says(t, "Đã chọn không thực hiện thì để trống ngày hoàn thành.")
	if undone.field(t, "answers.0.day") != "20/01/"+year {
		t.Error("the day is lost")
	}
	fields.Set("answers.0.day", "")
	author.post(t, first, fields).want(t, http.StatusSeeOther)
	author.get(t, first).says(t, "Chưa thực hiện, hạn là 31/01/"+year)

	// A claim beyond the rule wants its reason, which the check before submitting says.
	fields = author.get(t, first).filled(t, first)
	fields.Set("answers.2.claim", "1,5")
	author.post(t, first, fields).want(t, http.StatusSeeOther)
	author.get(t, c.path("/check")).want(t, http.StatusOK).says(t, "Theo quy tắc được 1,35 điểm, đề nghị 1,5 điểm. Ghi lý do.", "tiêu chí đã tự chấm")

	// What may not stand even in a draft is told at its field.
	fields = author.get(t, first).filled(t, first)
	fields.Set("answers.2.claim", "9")
	author.post(t, first, fields).want(t, http.StatusUnprocessableEntity).says(t, "Tối đa 1,5 điểm.")
	author.get(t, c.path("/scores/99")).want(t, http.StatusNotFound)
}

func TestTwoAssessAtOnce(t *testing.T) {
	c, _ := newIndexChain(t)
	author, other := c.at[staff.Specialist], c.kit.at(t, "STC", staff.Specialist)
	path := c.path("/scores/4")
	mine := author.get(t, path).filled(t, path)
	theirs := other.get(t, path).filled(t, path)
	theirs.Set("answers.0.yes", "true")
	other.post(t, path, theirs).want(t, http.StatusSeeOther)
	mine.Set("answers.0.yes", "false")
	mine.Set("answers.1.yes", "true")
	clash := author.post(t, path, mine).want(t, http.StatusConflict).says(t, "đã lưu tiêu chí này trước bạn", "Đạt", "1 tiêu chí đã có người khác lưu")
	if clash.field(t, "clash.4.1.1") != "1" || clash.field(t, "base.4.1.2") != "1" {
		t.Error("the other answer was not saved, or it is not said which version stands there")
	}
	chosen := clash.filled(t, path)
	chosen.Del("choice.4.1.1")
	author.post(t, path, chosen).want(t, http.StatusConflict).says(t, "đã lưu tiêu chí này trước bạn") // nothing is overwritten unseen
	chosen.Set("choice.4.1.1", "theirs")
	author.post(t, path, chosen).want(t, http.StatusSeeOther)
	other.get(t, path).says(t, "0,75 / 0,75")
	chosen.Set("choice.4.1.1", "mine")
	author.post(t, path, chosen).want(t, http.StatusSeeOther)
	other.get(t, path).says(t, "Không đạt yêu cầu: 0 điểm.")
}

// TestAnswersSaveThemselves: what can be read is saved and told at once, what cannot
// holds back only itself, and who was faster is never overwritten.
func TestAnswersSaveThemselves(t *testing.T) {
	c, _ := newIndexChain(t)
	author, path := c.at[staff.Specialist], c.path("/scores/1")
	fields := author.get(t, path).want(t, http.StatusOK).filled(t, path)
	fields.Set("answers.1.yes", "true")
	fields.Set("answers.2.done", "năm mươi")
	author.header.Set("Accept", "application/json")
	var saved templates.ScoresSaved
	save := func() {
		t.Helper()
		saved = templates.ScoresSaved{}
		if err := json.Unmarshal([]byte(author.post(t, path, fields).want(t, http.StatusOK).body), &saved); err != nil {
			t.Fatal(err)
		}
	}
	save()
	if row := saved.Rows["1.1.2"]; saved.Unread != 1 || saved.Versions["1.1.2"] != 1 || row.Points != "0,50" || len(row.Problems) != 1 {
		t.Errorf("%+v", saved)
	}
	if _, taken := saved.Versions["1.1.3"]; taken {
		t.Error("an answer that cannot be read was saved")
	}
	fields.Set("base.1.1.2", "1")
	fields.Set("answers.2.done", "54")
	fields.Set("answers.2.of", "60")
	fields.Set("answers.2.claim", "9") // more than there is
	save()
	if saved.Unread != 1 || c.count(`select count(*) from draft_answers where criterion = '1.1.3'`) != 0 {
		t.Errorf("%+v", saved)
	}
	fields.Set("answers.2.claim", "")
	save()
	if row := saved.Rows["1.1.3"]; saved.Unread != 0 || row.Points != "1,35" || len(row.Why) == 0 || !strings.HasPrefix(saved.Sum, "3,") {
		t.Errorf("%+v", saved)
	}
	fields.Set("answers.2.done", "60") // on the version that stood there before
	author.post(t, path, fields).want(t, http.StatusConflict)
}

// TestASelfAssessmentGoesItsWay: from the draft to the director's signature, read by
// everybody on the way, on screen and on paper.
func TestASelfAssessmentGoesItsWay(t *testing.T) {
	c, _ := newIndexChain(t)
	author := c.at[staff.Specialist]
	for field := 1; field <= 8; field++ {
		c.answerField(field)
	}
	author.get(t, c.path("/check")).want(t, http.StatusOK).says(t, "56/56 tiêu chí đã tự chấm").silent(t, "Có lỗi cần sửa")
	c.submit()
	if stage := c.stage(); stage != document.DivisionReview {
		t.Fatalf("after submitting: %s", stage)
	}
	head := c.at[staff.DivisionHead]
	head.get(t, c.path("/review")).want(t, http.StatusOK).says(t, "1. Công tác chỉ đạo, điều hành CCHC", "Không đạt yêu cầu: 0 điểm.", "Lấy điểm khảo sát")
	print := head.get(t, c.path("/print.pdf")).want(t, http.StatusOK)
	if !strings.HasPrefix(print.body, "%PDF-") || len(print.body) < 10_000 {
		t.Errorf("the print is %d bytes", len(print.body))
	}
	author.get(t, c.path("/scores/1")).want(t, http.StatusSeeOther, c.path(""))

	// Sent back, one answer is changed; the reviewer sees which.
	c.decide(staff.DivisionHead, "/return", "/return", url.Values{"reason": {"Xem lại tiêu chí 4.1.1"}})
	fields := author.get(t, c.path("/scores/4")).want(t, http.StatusOK).filled(t, c.path("/scores/4"))
	fields.Set("answers.0.explanation", "Đang sắp xếp theo đề án")
	author.post(t, c.path("/scores/4"), fields).want(t, http.StatusSeeOther)
	c.submit()
	differences := head.get(t, c.path("/differences")).want(t, http.StatusOK).says(t, "1 tiêu chí thay đổi", "4.1.1", "Đang sắp xếp theo đề án")
	if !strings.Contains(differences.body, `aria-hidden="true">1/1</span>`) {
		t.Error("the only difference does not know that it is the only one")
	}
}

// answerField answers a field's criteria with what claims no points.
func (c *chain) answerField(field int) {
	c.t.Helper()
	author, path := c.at[staff.Specialist], c.path("/scores/"+strconv.Itoa(field))
	fields := author.get(c.t, path).want(c.t, http.StatusOK).filled(c.t, path)
	answers := map[string]string{"yes": "false", "done": "0", "of": "10", "number": "0"}
	for name := range fields {
		if answer, asked := answers[name[strings.LastIndexByte(name, '.')+1:]]; asked && strings.HasPrefix(name, "answers.") {
			fields.Set(name, answer)
		}
	}
	for name := range fields { // where nothing is all the points
		if code := fields.Get(name); strings.HasSuffix(name, ".criterion") && (code == "5.4.1" || code == "8.2.2") {
			fields.Set(strings.Replace(name, ".criterion", ".number", 1), "10")
		}
	}
	author.post(c.t, path, fields).want(c.t, http.StatusSeeOther, path)
}
