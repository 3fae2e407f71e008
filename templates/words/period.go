package words

import (
	"fmt"
	"strings"

	"cchc/domain/calendar"
	"cchc/domain/period"
)

var quarters = [...]string{"", "I", "II", "III", "IV"}

// Period is the period inside a sentence: "quý IV năm 2026", "tháng 3 năm 2026",
// "6 tháng đầu năm 2026", "9 tháng đầu năm 2026", "năm 2026".
func Period(p period.Period) string {
	if !p.Valid() {
		return p.Code()
	}
	switch p.Kind {
	case period.Month:
		return fmt.Sprintf("tháng %d năm %d", p.Number, p.Year)
	case period.Quarter:
		return fmt.Sprintf("quý %s năm %d", quarters[p.Number], p.Year)
	case period.HalfYear:
		if p.Number == 2 {
			return fmt.Sprintf("6 tháng cuối năm %d", p.Year)
		}
		return fmt.Sprintf("6 tháng đầu năm %d", p.Year)
	case period.NineMonths:
		return fmt.Sprintf("9 tháng đầu năm %d", p.Year)
	}
	return fmt.Sprintf("năm %d", p.Year)
}

// PeriodShort is the head of a column: "Quý IV", "Tháng 3", "Năm 2026".
func PeriodShort(p period.Period) string {
	long := Period(p)
	if p.Kind != period.Year {
		long = strings.TrimSuffix(long, fmt.Sprintf(" năm %d", p.Year))
	}
	return upper(long)
}

// PeriodAxis is the period under a chart: "IV/26", "T3/26", "6T/26", "9T/26",
// "2026".
func PeriodAxis(p period.Period) string {
	year := fmt.Sprintf("/%02d", p.Year%100)
	switch p.Kind {
	case period.Month:
		return fmt.Sprintf("T%d", p.Number) + year
	case period.Quarter:
		return quarters[p.Number] + year
	case period.HalfYear:
		return [...]string{"", "6T đầu", "6T cuối"}[p.Number] + year
	case period.NineMonths:
		return "9T" + year
	}
	return fmt.Sprint(p.Year)
}

// PeriodBeside is the head of the column of another period, with its year where
// that is not the same: "Quý III", "Quý IV năm 2025".
func PeriodBeside(other, p period.Period) string {
	if other.Year == p.Year {
		return PeriodShort(other)
	}
	return upper(Period(other))
}

// CarriedFrom tells why a cell is not typed: "Lấy từ 3.22 của quý III".
func CarriedFrom(code string, before, p period.Period) string {
	return fmt.Sprintf("Lấy từ %s của %s", code, lower(PeriodBeside(before, p)))
}

// Window is the time whose data a report holds: "Số liệu từ 15/09/2026 đến
// 14/12/2026".
func Window(w period.Window) string {
	return fmt.Sprintf("Số liệu từ %s đến %s", Date(w.From), Date(w.To))
}

var shifts = map[period.Shift]string{
	period.ShiftNone:     "Giữ nguyên ngày",
	period.ShiftForward:  "Chuyển sang ngày làm việc tiếp theo",
	period.ShiftBackward: "Chuyển về ngày làm việc liền trước",
}

// Shift is where a due day goes that is not a working day, for a choice.
func Shift(s period.Shift) string { return shifts[s] }

var recipients = map[string]string{
	period.ToHolder:           "người đang giữ",
	period.ToDivisionHead:     "trưởng phòng",
	period.ToDirector:         "thủ trưởng đơn vị",
	period.ToAuthorityOfficer: "chuyên viên Sở Nội vụ",
	period.ToAuthorityHead:    "lãnh đạo Sở Nội vụ",
}

// Recipient is who a rung of the ladder is sent to.
func Recipient(to string) string { return recipients[to] }

// Rung is one step of a ladder: "Trước hạn 5 ngày làm việc: người đang giữ".
func Rung(r period.Rung) string {
	when, to := RungParts(r)
	return when + ": " + to
}

// RungParts is when a step of a ladder comes, and who is told then.
func RungParts(r period.Rung) (when, to string) {
	names := make([]string, len(r.To))
	for i, one := range r.To {
		names[i] = Recipient(one)
	}
	when = "Đúng hạn"
	switch {
	case r.Hours < 0:
		when = fmt.Sprintf("Trước hạn %d giờ", -r.Hours)
	case r.Hours > 0:
		when = fmt.Sprintf("Sau hạn %d giờ", r.Hours)
	case r.WorkingDays < 0:
		when = fmt.Sprintf("Trước hạn %d ngày làm việc", -r.WorkingDays)
	case r.WorkingDays > 0:
		when = fmt.Sprintf("Sau hạn %d ngày làm việc", r.WorkingDays)
	}
	if r.Repeat {
		when += ", rồi hằng ngày làm việc"
	}
	return when, strings.Join(names, ", ")
}

// RungSince is one step of a ladder that counts from the beginning of the wait: "Sau 2
// ngày làm việc: người đang giữ".
func RungSince(r period.Rung) string {
	when, to := RungParts(r)
	return strings.Replace(when, "Sau hạn ", "Sau ", 1) + ": " + to
}

var sources = map[string]string{
	period.SourceDecreeGap:    "Nghị định 09/2019/NĐ-CP Điều 8.5b",
	period.SourceGuidance:     "văn bản hướng dẫn, Quyết định 1439/QĐ-UBND Điều 3.6",
	period.SourceBeforeTheDay: "Quyết định 1439/QĐ-UBND Điều 8.1a",
	period.SourceCampaign:     "đặt khi mở đợt",
	period.SourceCalendar:     "lịch làm việc",
	period.SourceRules:        "quy tắc kỳ báo cáo",
}

// Source is the legal source of a step: the words of a key, or what a rule's own
// source says.
func Source(source string) string {
	if words, known := sources[source]; known {
		return words
	}
	return source
}

var certainties = map[string]string{
	period.CertaintyOfficial: "Chính thức", period.CertaintyExpected: "Dự kiến", period.CertaintyUnverified: "Chưa kiểm chứng",
}

// Certainty tells how sure a rule or a day is: "Chính thức".
func Certainty(certainty string) string { return certainties[certainty] }

// PeriodKind names a kind of period: "Tháng", "6 tháng".
func PeriodKind(kind period.Kind) string { return periodKinds[kind] }

var periodKinds = map[period.Kind]string{
	period.Month: "Tháng", period.Quarter: "Quý", period.HalfYear: "6 tháng", period.NineMonths: "9 tháng", period.Year: "Năm",
}

var dayKinds = map[string]string{
	string(calendar.Holiday):      "nghỉ lễ",
	string(calendar.Compensatory): "nghỉ bù",
	string(calendar.SwappedOff):   "nghỉ hoán đổi",
	string(calendar.SwappedWork):  "làm bù",
	period.Weekend:                "nghỉ hằng tuần",
}

// DayKind is why a day departs from the ordinary week.
func DayKind(kind string) string { return dayKinds[kind] }

// Explain answers "Vì sao ngày này?", a sentence per step with its source.
func Explain(steps []period.Step) []string {
	sentences := make([]string, len(steps))
	for i, step := range steps {
		sentences[i] = explainStep(step)
		if source := Source(step.Source); source != "" {
			sentences[i] += " (" + source + ")"
		}
		sentences[i] += "."
	}
	return sentences
}

var explained = map[string]sentence{
	period.StepWindow: func(a []any) string {
		return fmt.Sprintf("Thời gian chốt số liệu từ %s đến %s", day(a, 0), day(a, 1))
	},
	period.StepWindowSet: func(a []any) string {
		return fmt.Sprintf("Thời gian chốt số liệu được đặt riêng, từ %s đến %s", day(a, 0), day(a, 1))
	},
	period.StepMinimum: func(a []any) string {
		return fmt.Sprintf("Đề xuất %s ngày làm việc, nâng lên mức tối thiểu %s ngày", text(a, 0), text(a, 1))
	},
	period.StepWorkingDays: func(a []any) string {
		return fmt.Sprintf("Sau ngày %s, đơn vị có %s ngày làm việc, ngày cuối là %s", day(a, 1), text(a, 0), day(a, 2))
	},
	period.StepUncertain: func(a []any) string {
		if text(a, 0) == period.CertaintyExpected {
			return "Số ngày làm việc này mới là dự kiến"
		}
		return "Số ngày làm việc này là đề xuất, chưa đối chiếu được với văn bản quy định"
	},
	period.StepBeforeEnd: func(a []any) string {
		return fmt.Sprintf("Hạn đến trước ngày hết kỳ %s, vì số liệu chốt trước khi hết kỳ", day(a, 1))
	},
	period.StepDayOff: func(a []any) string {
		return fmt.Sprintf("%s không tính: %s", upper(dayLong(a, 0)), dayOff(text(a, 1), text(a, 2)))
	},
	period.StepDayWorked: func(a []any) string {
		return fmt.Sprintf("%s là ngày làm việc: %s", upper(dayLong(a, 0)), text(a, 1))
	},
	period.StepSet: func(a []any) string { return "Ngày hạn của đợt là " + dayLong(a, 0) },
	period.StepShiftNone: func(a []any) string {
		return fmt.Sprintf("Ngày %s không phải ngày làm việc nhưng được giữ nguyên", day(a, 0))
	},
	period.StepShiftForward: func(a []any) string {
		return fmt.Sprintf("Ngày %s không phải ngày làm việc, chuyển sang %s", day(a, 0), dayLong(a, 1))
	},
	period.StepShiftBackward: func(a []any) string {
		return fmt.Sprintf("Ngày %s không phải ngày làm việc, chuyển về %s", day(a, 0), dayLong(a, 1))
	},
	period.StepExclusive: func(a []any) string {
		return fmt.Sprintf("Nộp trước ngày %s, nên ngày cuối được nộp là %s", day(a, 0), dayLong(a, 1))
	},
	period.StepInclusive: func(a []any) string { return fmt.Sprintf("Nộp được đến hết ngày %s", day(a, 0)) },
	period.StepLastMoment: func(a []any) string {
		return fmt.Sprintf("Chậm nhất %s %s", cutoff(text(a, 1)), dayLong(a, 0))
	},
	period.StepLastWorkingDay: func(a []any) string {
		return "Ngày làm việc cuối cùng trước hạn là " + dayLong(a, 0)
	},
}

func explainStep(step period.Step) string {
	if say, known := explained[step.Code]; known {
		return say(step.Args)
	}
	return step.Code
}

func dayOff(kind, name string) string {
	if name == "" {
		return DayKind(kind)
	}
	return DayKind(kind) + ", " + name
}

// cutoff writes minutes after midnight as a clock; the whole day ends at 24:00.
func cutoff(minutes string) string {
	var n int
	if _, err := fmt.Sscan(minutes, &n); err != nil {
		return minutes
	}
	return fmt.Sprintf("%02d:%02d", n/60, n%60)
}

// asDay reads a day argument: a calendar.Day, or its ISO text once it has been
// through JSON.
func asDay(args []any, i int) (calendar.Day, bool) {
	if i >= len(args) {
		return 0, false
	}
	switch v := args[i].(type) {
	case calendar.Day:
		return v, true
	case string:
		d, err := calendar.ParseDay(v)
		return d, err == nil
	}
	return 0, false
}

func day(args []any, i int) string {
	if d, ok := asDay(args, i); ok {
		return Date(d)
	}
	return text(args, i)
}

func dayLong(args []any, i int) string {
	if d, ok := asDay(args, i); ok {
		return DateLong(d)
	}
	return text(args, i)
}

// RuleWindow is the data window of a rule in words: "từ ngày 15 của tháng liền
// trước kỳ đến hết ngày 14 của tháng cuối kỳ".
func RuleWindow(r period.Rule) string {
	return fmt.Sprintf("Từ %s của %s đến hết %s của tháng cuối kỳ", monthDay(r.FromDay), monthBefore(r.MonthsBefore), monthDay(r.ToDay))
}

func monthDay(day int) string {
	if day == 31 {
		return "ngày cuối"
	}
	return fmt.Sprintf("ngày %d", day)
}

func monthBefore(months int) string {
	switch months {
	case 0:
		return "tháng đầu kỳ"
	case 1:
		return "tháng liền trước kỳ"
	}
	return fmt.Sprintf("tháng thứ %d trước kỳ", months)
}

// RuleDue is when reports are due by a rule: "2 ngày làm việc sau ngày chốt, không
// tính ngày hạn".
func RuleDue(r period.Rule) string {
	text := fmt.Sprintf("%d ngày làm việc sau ngày chốt số liệu", r.WorkingDays)
	if r.Inclusive {
		text += ", nộp được cả trong ngày hạn"
	} else {
		text += ", nộp trước ngày hạn"
	}
	if r.Cutoff != period.MidnightCutoff {
		text += fmt.Sprintf(", đến %02d:%02d", r.Cutoff/60, r.Cutoff%60)
	}
	return text
}

// DueSet is a due day as it was set: "nộp trước 17/12/2026", "nộp đến hết
// 16/12/2026".
func DueSet(d period.Due) string {
	if d.Inclusive {
		return "nộp đến hết " + Date(d.Day)
	}
	return "nộp trước " + Date(d.Day)
}
