package web

import (
	"net/http"
	"strings"
	"testing"

	"cchc/domain/staff"
)

// The board and the dashboard of a campaign of self-assessments say who has what in the
// appraisal, and what is late there.
func TestWhoHoldsAppraisals(t *testing.T) {
	c, of := newAppraisal(t)
	board := "/campaigns/" + strings.TrimSuffix(c.id, "-STC")
	officer := of["SNV"]
	officer.get(t, board).want(t, http.StatusOK).says(t, "Thẩm định lần 1", "Sở Khoa học và Công nghệ, Sở Nội vụ và 2 cơ quan khác").silent(t, "Quá 1 ngày làm việc")
	c.exec(`update appraisals set round_at = round_at - interval '60 days', due_at = now() - interval '2 days'`)
	officer.get(t, board).says(t, "Quá ")
	officer.get(t, "/dashboard?campaign="+strings.TrimPrefix(board, "/campaigns/")).want(t, http.StatusOK).says(t, "Đã nộp để thẩm định", "Thẩm định lần 1")

	c.exec(`update appraisals set stage = 'explaining', due_at = now() + interval '9 days'`)
	c.exec(`update appraisal_fields set finished_at = now()`)
	officer.get(t, board).says(t, "Chờ đơn vị giải trình").silent(t, "cơ quan khác")
	c.exec(`update appraisals set stage = 'done', due_at = null, ended_at = now()`)
	officer.get(t, board).says(t, "Đã thẩm định")
	c.at[staff.Director].get(t, board).want(t, http.StatusOK).says(t, "Đã thẩm định")
}
