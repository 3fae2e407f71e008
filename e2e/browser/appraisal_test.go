package browser

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/lib/pq"

	"cchc/domain/appraisal"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/staff"
	"cchc/e2e/assessed"
	"cchc/storage"
)

// appraiseIndex takes the index of a year on from the hand-in of one unit: two more hand
// in; one mark is disputed and explained in time, one explanation comes too late and is
// taken; then all have their final scores.
func appraiseIndex(t *testing.T, w *town, code string, year int) {
	handIn(t, w, code, health)
	handIn(t, w, code, saigon)
	id := code + "-" + finance.unit

	b := w.as(t, officer)
	b.open("/appraisals")
	b.sees("Sở Tài chính", "Công tác chỉ đạo, điều hành CCHC")
	b.inspect("appraisal-queue")
	b.open("/appraisals/" + id + "/fields/1")
	b.sees("Đồng ý với điểm tự chấm", "anh-mot-cua.pdf", fmt.Sprintf("Năm %d", year-1))
	b.inspect("appraisal-marking")
	b.write("mark.1.1.3", "1,05")
	if status := b.press("Lưu điểm thẩm định"); status == 200 {
		t.Error("another score than the unit's was taken without a reason")
	}
	b.write("reason.1.1.3", "Sáu nhiệm vụ chưa có văn bản kết quả.")
	b.write("mark.1.1.2", "0,5")
	b.write("reason.1.1.2", "Kế hoạch đủ nội dung.")
	b.pressed("Lưu điểm thẩm định")
	b.pressed("Đồng ý với điểm tự chấm ở")
	b.pressed("Hoàn thành thẩm định lĩnh vực")
	w.mark(t, id, nil)
	w.mark(t, code+"-"+health.unit, nil)
	late := code + "-" + saigon.unit
	w.mark(t, late, map[string]par.Points{"1.1.1": 25})
	w.stageOf(t, code+"-"+health.unit, appraisal.Done) // nothing differs: nobody waits for anything
	w.stageOf(t, id, appraisal.Explaining)

	author := w.as(t, finance.specialist)
	author.open("/appraisals/" + id + "/explanation")
	author.sees("1.1.3", "Sáu nhiệm vụ chưa có văn bản kết quả.")
	author.write("explain.1.1.3", "Sáu nhiệm vụ đã có văn bản kết quả trong tháng 12.")
	author.pressed("Lưu giải trình")
	author.inspect("appraisal-explanation")
	head := w.as(t, finance.head)
	head.open("/appraisals/" + id + "/explanation")
	head.pressed("Gửi giải trình")
	w.stageOf(t, id, appraisal.Second)

	// The time of the other unit passes; its answer comes too late, and is taken.
	w.exec(t, `update appraisals set round_at = round_at - interval '90 days', due_at = due_at - interval '90 days', wake_at = clock_timestamp() - interval '1 minute' where document_id = $1`, late)
	w.stageOf(t, late, appraisal.Done)
	tardy := w.as(t, saigon.head)
	tardy.open("/appraisals/" + late + "/explanation")
	tardy.write("explain.1.1.1", "Kế hoạch ban hành ngày 20/01, gửi kèm sau.")
	tardy.pressed("Lưu giải trình")
	tardy.pressed("Gửi giải trình")
	tardy.sees("sau thời hạn")
	b.open("/appraisals/" + late)
	b.sees("Giải trình gửi sau thời hạn")
	b.write("reason", "Mất mạng ở phường trong hai ngày cuối.")
	b.inspect("appraisal-late")
	b.pressed("Nhận giải trình")
	w.stageOf(t, late, appraisal.Second)

	b.open("/appraisals/" + id + "/fields/1")
	b.sees("Sáu nhiệm vụ đã có văn bản kết quả trong tháng 12.")
	b.write("mark.1.1.3", "1,35")
	b.write("reason.1.1.3", "Đã có đủ văn bản kết quả.")
	b.pressed("Lưu điểm thẩm định")
	b.pressed("Hoàn thành thẩm định lĩnh vực")
	w.mark(t, late, nil)
	w.stageOf(t, id, appraisal.Done)
	w.stageOf(t, late, appraisal.Done)
	author.open("/appraisals/" + id)
	author.sees("Không áp dụng", "1,05", "1,35")
	author.inspect("appraisal-done")
}

// yearBefore is the index of the year before, of one unit, published: what this year's is
// marked and read beside.
func yearBefore(t *testing.T, w *town, year int) {
	t.Helper()
	code := fmt.Sprintf("cs-truoc-%d", year)
	assessed.Launch(t, w.Stack, assessed.Campaign{
		Code: code, Name: fmt.Sprintf("Tự đánh giá chỉ số CCHC năm %d", year), Year: year, Due: soon(), Units: []string{finance.unit}, By: w.actor(t, officer).Person,
	})
	handIn(t, w, code, finance)
	w.mark(t, code+"-"+finance.unit, nil)
	w.stageOf(t, code+"-"+finance.unit, appraisal.Done)
	takeSurvey(offerSurvey(t, w, code, 60))
	publishIndex(t, w, code, "10/QĐ-UBND")
}

// handIn has a unit's people answer that nothing was done, and sign it.
func handIn(t *testing.T, w *town, code string, o office) {
	t.Helper()
	id := code + "-" + o.unit
	assessed.Answer(t, w.Stack, id, narrative, w.actor(t, o.specialist))
	w.decide(t, id, document.Submit, o.specialist)
	w.decide(t, id, document.Approve, o.head)
	signAs(w.as(t, o.director), id, "báo cáo")
}

// mark has every field that waits marked by its appraiser, as the unit scored itself or,
// in the second round, as it was marked; but for the criteria that are given.
func (w *town) mark(t *testing.T, id string, given map[string]par.Points) {
	t.Helper()
	var fields, appraisers []string
	const open = `
		select array_agg(field order by place), array_agg(appraiser order by place)
		from appraisal_fields where document_id = $1 and finished_at is null`
	if err := w.Owner.QueryRow(open, id).Scan(pq.Array(&fields), pq.Array(&appraisers)); err != nil {
		t.Fatal(err)
	}
	for i, field := range fields {
		w.markField(t, id, field, w.appraiser(t, appraisers[i]), given)
	}
}

// appraiser is somebody who appraises what the unit owns; where the demonstration has
// nobody, somebody new.
func (w *town) appraiser(t *testing.T, unit string) staff.Actor {
	t.Helper()
	if unit == "SNV" {
		return w.actor(t, officer)
	}
	username := "tham-dinh." + strings.ToLower(unit)
	w.exec(t, `
		with added as (
			insert into persons (username, name, name_key, state) values ($1, 'Người thẩm định', 'nguoi tham dinh', 'active')
			on conflict (username) do nothing returning id)
		insert into positions (person_id, unit_code, role) select id, $2, 'specialist' from added`, username, unit)
	return w.actor(t, username)
}

func (w *town) markField(t *testing.T, id, field string, actor staff.Actor, given map[string]par.Points) {
	t.Helper()
	rows, err := w.Owner.Query(`
		select criterion, coalesce(first, self, 0), case when first is null then self_out else first_out end
		from index_scores where document_id = $1 and field = $2 and asked and not marked order by place`, id, field)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	marks := storage.NewMarks{Key: uuid.New(), Document: id, Field: field, Actor: actor}
	for rows.Next() {
		one := storage.MarkGiven{Reason: "Đúng minh chứng."}
		if err := rows.Scan(&one.Criterion, &one.Points, &one.NotApplicable); err != nil {
			t.Fatal(err)
		}
		if points, other := given[one.Criterion]; other {
			one.Points = points
		}
		marks.Marks = append(marks.Marks, one)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.SaveMarks(t.Context(), marks); err != nil {
		t.Fatalf("marks of field %s of %s: %v", field, id, err)
	}
	d := storage.AppraisalDecision{Key: uuid.New(), Document: id, Actor: actor, Action: appraisal.Finish, Field: field}
	const newest = `select coalesce(max(m.id), 0) from appraisal_marks m join index_scores s using (document_id, criterion)
		where m.document_id = $1 and s.field = $2`
	if err := w.Owner.QueryRow(newest, id, field).Scan(&d.Seen); err != nil {
		t.Fatal(err)
	}
	if err := w.Store.DecideAppraisal(t.Context(), d); err != nil {
		t.Fatalf("field %s of %s: %v", field, id, err)
	}
}

func (w *town) stageOf(t *testing.T, id string, want appraisal.Stage) {
	t.Helper()
	w.Eventually(fmt.Sprintf("%s is at %s", id, want), time.Minute, func() bool {
		var stage appraisal.Stage
		return w.Owner.QueryRow(`select stage from appraisals where document_id = $1`, id).Scan(&stage) == nil && stage == want
	})
}
