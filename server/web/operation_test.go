package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cchc/domain/staff"
)

func TestOperatorsPage(t *testing.T) {
	k := newKit(t)
	operator := k.at(t, "SNV", staff.SystemAdmin)
	operator.get(t, "/operations").want(t, http.StatusOK).says(t, "Không có gì bị kẹt")

	code := k.launched(t, "STC", "SYT")
	author := k.person(t, staff.Position{Unit: "STC", Role: staff.Specialist})
	id := code + "-STC"
	k.exec(t, `insert into draft_sections (document_id, section, body, updated_by) values ($1, 'I', 'nội dung mật', $2)`, id, author)
	k.exec(t, `insert into decisions (key, document_id, action, person_id, role, unit_code, revision, content_hash, reason, received_at, failures)
		values (gen_random_uuid(), $1, 'submit', $2, 'specialist', 'STC', 0, '', 'lý do mật', clock_timestamp() - interval '5 minutes', 2)`, id, author)
	k.exec(t, `update documents set wake_at = clock_timestamp() - interval '10 minutes', relay_failures = 7`)
	page := operator.get(t, "/operations").want(t, http.StatusOK)
	page.says(t, id, "Trình trưởng phòng", "5 phút trước", "Quy trình im lặng", "2 văn bản đang mở", "Chưa cấu hình địa chỉ trang Temporal").
		silent(t, "nội dung mật", "lý do mật", "Không có gì bị kẹt", "Sở Tài chính, ")

	asked := 0
	k.server.engine.Knows = func(_ context.Context, _ string) (bool, error) { asked++; return false, nil }
	operator.get(t, "/operations").want(t, http.StatusOK)
	if asked != 0 {
		t.Errorf("the engine was asked %d times without being told to", asked)
	}
	operator.get(t, "/operations?check=1").says(t, "Không chạy")
	if asked != 2 {
		t.Errorf("the engine was asked %d times about 2 documents", asked)
	}
	asked = 0
	k.server.engine.Knows = func(_ context.Context, _ string) (bool, error) { asked++; return false, errors.New("away") }
	operator.get(t, "/operations?check=1").says(t, "Không hỏi được")
	if asked != 1 {
		t.Errorf("an engine that is away was asked %d times", asked)
	}
}

func TestEngineLink(t *testing.T) {
	k := newKit(t)
	k.server.workflowURL = func(id, run string) string { return "https://temporal.test/" + id + "/" + run }
	k.server.engine.Retention = 90 * 24 * time.Hour
	code := k.launched(t, "STC")
	id := code + "-STC"
	operator := k.at(t, "SNV", staff.SystemAdmin)
	path := "/operations?document=" + id
	operator.get(t, path).want(t, http.StatusOK).says(t, "Quy trình chưa chạy lần nào")
	k.exec(t, `update documents set run_id = 'run-7'`)
	link := `href="https://temporal.test/` + id + `/run-7"`
	if body := operator.get(t, path).body; !strings.Contains(body, link) {
		t.Error("no link to the run")
	}
	k.exec(t, `update documents set stage = 'exempt', wake_at = null, closed_at = clock_timestamp() - interval '89 days'`)
	if body := operator.get(t, path).body; !strings.Contains(body, link) {
		t.Error("the link is gone before the history is")
	}
	k.exec(t, `update documents set closed_at = clock_timestamp() - interval '91 days'`)
	page := operator.get(t, path).says(t, "đã hết thời gian lưu")
	if strings.Contains(page.body, link) {
		t.Error("a link to a history that is no longer kept")
	}
	operator.get(t, "/operations?document=bc-none").want(t, http.StatusOK).says(t, "Không có văn bản mang mã này")
}

func TestWaking(t *testing.T) {
	k := newKit(t)
	code := k.launched(t, "STC", "SYT")
	id := code + "-STC"
	operator := k.at(t, "SNV", staff.SystemAdmin)
	f := operator.get(t, "/operations?document="+id).filled(t, "/operations/wake")
	operator.post(t, "/operations/wake", f).want(t, http.StatusUnprocessableEntity).says(t, "Ghi lý do đánh thức", id)
	f.Set("reason", strings.Repeat("x", 501))
	operator.post(t, "/operations/wake", f).want(t, http.StatusUnprocessableEntity)
	f.Set("reason", "Temporal vừa khôi phục")
	operator.post(t, "/operations/wake", f).want(t, http.StatusSeeOther, "/operations?document="+id)
	operator.get(t, "/operations").says(t, "Đã yêu cầu đánh thức quy trình của "+id)
	woken := func() (n int) {
		t.Helper()
		wakes, err := k.Store.ClaimWakes(context.Background(), 10)
		if err != nil {
			t.Fatal(err)
		}
		return len(wakes)
	}
	if n := woken(); n != 1 {
		t.Errorf("the relay takes %d documents after one was woken", n)
	}
	all := operator.get(t, "/operations").filled(t, "/operations/wake")
	all.Set("reason", "Temporal trống")
	operator.post(t, "/operations/wake", all).want(t, http.StatusSeeOther, "/operations")
	operator.get(t, "/operations").says(t, "Đã yêu cầu đánh thức 2 quy trình.")
	if n := woken(); n != 2 {
		t.Errorf("the relay takes %d documents after all were woken", n)
	}
	if n := k.audited(t, "woken"); n != 2 {
		t.Errorf("%d lines of audit", n)
	}
	missing := url.Values{"document": {"bc-none"}, "reason": {"thử"}}
	operator.post(t, "/operations/wake", missing).want(t, http.StatusNotFound)
}
