package document_test

import (
	"math/rand"
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/document"
)

func TestPunctualityOf(t *testing.T) {
	due := calendar.Date(2026, 12, 17).Start() // the 16th is the last day
	signed := func(d time.Duration) *time.Time {
		at := due.Add(d)
		return &at
	}
	for _, row := range []struct {
		source  string
		stage   document.Stage
		signed  *time.Time
		returns int
		want    document.Punctuality
	}{
		{"QĐ 1439 Đ8.1a: trước ngày", document.AuthorityReview, signed(-1), 0, document.OnTime},
		{"QĐ 1439 Đ8.1a: xác nhận về sau không đổi thời gian nhận", document.Approved, signed(-time.Hour), 0, document.OnTime},
		{"QĐ 1439 Đ8.1a: đúng giây hết hạn là trễ", document.AuthorityReview, signed(0), 0, document.Late},
		{"QĐ 1439 Đ8.1a: sau ngày", document.Approved, signed(48 * time.Hour), 0, document.Late},
		{"QĐ 1439 Đ8.2: trả lại sau khi nộp đúng hạn", document.Drafting, signed(-time.Hour), 1, document.OnTimeReturned},
		{"QĐ 1439 Đ8.2: nộp lại và được duyệt vẫn kể là đã bị trả lại", document.Approved, signed(-time.Hour), 2, document.OnTimeReturned},
		{"QĐ 1439 Đ8.2: nộp trễ rồi bị trả lại vẫn là trễ", document.Drafting, signed(time.Hour), 1, document.Late},
		{"QĐ 1439 Đ8.1a: mở lại sau khi duyệt, lần nộp đầu vẫn là căn cứ", document.Drafting, signed(-time.Hour), 0, document.OnTime},
		{"QĐ 1439 Đ8.1a: mở lại và nộp lại sau hạn vẫn là đúng hạn", document.AuthorityReview, signed(-time.Hour), 0, document.OnTime},
		{"QĐ 1439 Đ8.1a: nộp lần đầu trễ, mở lại không làm thành đúng hạn", document.Drafting, signed(time.Hour), 0, document.Late},
		{"QĐ 1439 Đ8.3b: chỉ số kết thúc khi ký", document.HandedIn, signed(-time.Minute), 0, document.OnTime},
		{"QĐ 1439 Đ15.2: chưa ký là chưa nộp, dù đang ở bàn nào", document.Signing, nil, 0, document.Missing},
		{"QĐ 1439 Đ15.2: chưa ký, chưa viết", document.Drafting, nil, 0, document.Missing},
		{"QĐ 1439 Đ15.1: miễn báo cáo không tính", document.Exempted, nil, 0, document.ExemptFromDue},
		{"QĐ 1439 Đ15.1: miễn sau khi đã nộp", document.Exempted, signed(time.Hour), 1, document.ExemptFromDue},
	} {
		if got := document.PunctualityOf(row.stage, due, row.signed, row.returns); got != row.want {
			t.Errorf("%s: %s, want %s", row.source, got, row.want)
		}
	}
}

func TestShares(t *testing.T) {
	for _, row := range []struct{ counts, want []int }{
		{[]int{128, 21, 7, 30}, []int{688, 113, 38, 161}},
		{[]int{1, 1, 1}, []int{334, 333, 333}},
		{[]int{0, 0}, []int{0, 0}},
		{[]int{0, 5}, []int{0, 1000}},
		{nil, nil},
	} {
		if got := document.Shares(row.counts); !slices.Equal(got, row.want) {
			t.Errorf("%v: %v, want %v", row.counts, got, row.want)
		}
	}
}

// Whatever the counts, the shares sum to 100,0 %, none is a whole tenth away from
// its exact value, and nobody who is there is larger than someone who counts more.
func TestSharesProperties(t *testing.T) {
	random := rand.New(rand.NewSource(3))
	for range 2000 {
		counts, sum := make([]int, 1+random.Intn(6)), 0
		for i := range counts {
			counts[i] = random.Intn(random.Intn(5000) + 1)
			sum += counts[i]
		}
		total := 0
		for i, share := range document.Shares(counts) {
			total += share
			if off := share*sum - counts[i]*1000; off >= sum && sum > 0 || off <= -sum && sum > 0 {
				t.Fatalf("%v: part %d is %d tenths", counts, i, share)
			}
		}
		if want := min(sum, 1) * 1000; total != want {
			t.Fatalf("%v sum to %d tenths", counts, total)
		}
	}
}

// The days at the desks sum to the working days of the whole way: none is lost at
// a handover and none counted twice.
func TestDaysAtDesksSumToTheWay(t *testing.T) {
	days := calendar.New([]calendar.Mark{{Date: calendar.Date(2026, 9, 2), Kind: calendar.Holiday}})
	random := rand.New(rand.NewSource(4))
	for range 500 {
		at := calendar.Date(2026, 8, 1).Start().Add(time.Duration(random.Intn(500)) * time.Hour)
		first := at
		var arrivals []document.Arrival
		for range 1 + random.Intn(9) {
			arrivals = append(arrivals, document.Arrival{Stage: document.DeskStages[random.Intn(4)], At: at})
			at = at.Add(time.Duration(random.Intn(100)) * time.Hour)
		}
		sum := 0
		for _, n := range document.DaysAtDesks(arrivals, at, days) {
			sum += n
		}
		if want := days.WorkingDaysHeld(first, at); sum != want {
			t.Fatalf("%v sum to %d working days, the way took %d", arrivals, sum, want)
		}
		closed := append(slices.Clone(arrivals), document.Arrival{Stage: document.Approved, At: at})
		after := document.DaysAtDesks(closed, at.AddDate(0, 2, 0), days)
		for stage, n := range document.DaysAtDesks(arrivals, at, days) {
			if after[stage] != n {
				t.Fatalf("a closed document goes on counting at %s: %d, was %d", stage, after[stage], n)
			}
		}
	}
}

func TestDaysAtDesksAddsVisits(t *testing.T) {
	monday := calendar.Date(2026, 11, 23).At(9 * 60)
	got := document.DaysAtDesks([]document.Arrival{
		{Stage: document.Drafting, At: monday},
		{Stage: document.DivisionReview, At: monday.AddDate(0, 0, 2)}, // Wednesday
		{Stage: document.Drafting, At: monday.AddDate(0, 0, 3)},       // returned on Thursday
	}, monday.AddDate(0, 0, 7), calendar.Calendar{})
	if got[document.Drafting] != 4 || got[document.DivisionReview] != 1 || got[document.Signing] != 0 {
		t.Errorf("%v, want 4 days of drafting in two visits and 1 of review", got)
	}
}

// What lay approved counts for no desk: a reopened document goes on from where it
// comes back.
func TestDaysAtDesksLeaveOutWhatLayApproved(t *testing.T) {
	monday := calendar.Date(2026, 11, 23).At(9 * 60)
	got := document.DaysAtDesks([]document.Arrival{
		{Stage: document.Drafting, At: monday},
		{Stage: document.AuthorityReview, At: monday.AddDate(0, 0, 1)},
		{Stage: document.Approved, At: monday.AddDate(0, 0, 2)},
		{Stage: document.Drafting, At: monday.AddDate(0, 0, 9)}, // reopened on Wednesday of the next week
	}, monday.AddDate(0, 0, 11), calendar.Calendar{})
	if got[document.Drafting] != 1+2 || got[document.AuthorityReview] != 1 || len(got) != 2 {
		t.Errorf("%v, want 3 days of drafting and 1 at the authority", got)
	}
}

func TestResubmitDue(t *testing.T) {
	days := calendar.New([]calendar.Mark{
		{Date: calendar.Date(2027, 1, 1), Kind: calendar.Holiday},
		{Date: calendar.Date(2027, 2, 5), Kind: calendar.Holiday}, {Date: calendar.Date(2027, 2, 8), Kind: calendar.Holiday},
		{Date: calendar.Date(2027, 2, 9), Kind: calendar.Holiday}, {Date: calendar.Date(2027, 2, 10), Kind: calendar.Holiday},
		{Date: calendar.Date(2027, 2, 13), Kind: calendar.SwappedWork},
	})
	for _, row := range []struct {
		why               string
		returned, unitDue calendar.Day
		n                 int
		last              calendar.Day
	}{
		{"ba ngày làm việc, không kể ngày trả", calendar.Date(2026, 12, 14), calendar.Date(2026, 12, 10), 3, calendar.Date(2026, 12, 17)},
		{"qua cuối tuần", calendar.Date(2026, 12, 17), calendar.Date(2026, 12, 10), 3, calendar.Date(2026, 12, 22)},
		{"qua Tết Dương lịch", calendar.Date(2026, 12, 30), calendar.Date(2026, 12, 10), 3, calendar.Date(2027, 1, 5)},
		{"qua Tết Nguyên đán, có ngày làm bù thứ Bảy", calendar.Date(2027, 2, 4), calendar.Date(2026, 12, 10), 3, calendar.Date(2027, 2, 13)},
		{"trả vào thứ Bảy", calendar.Date(2026, 12, 12), calendar.Date(2026, 12, 10), 1, calendar.Date(2026, 12, 14)},
		{"không sớm hơn hạn nộp", calendar.Date(2026, 12, 1), calendar.Date(2026, 12, 16), 3, calendar.Date(2026, 12, 16)},
	} {
		got := document.ResubmitDue(row.returned.At(10*60), row.unitDue.At(24*60), row.n, days)
		if want := row.last.At(24 * 60); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", row.why, got, want)
		}
	}
}

func TestCauseOf(t *testing.T) {
	for _, status := range document.Statuses {
		open := document.CauseOf(status, false)
		waited := status != document.IsApproved && status != document.IsHandedIn && status != document.IsExempt
		if (open != document.CauseNone) != waited {
			t.Errorf("%s: cause %q", status, open)
		}
		if vacant := document.CauseOf(status, true); waited && vacant != document.CauseVacant || !waited && vacant != document.CauseNone {
			t.Errorf("%s at a vacant desk: cause %q", status, vacant)
		}
	}
}
