package words

import (
	"fmt"
	"time"
)

// Extension is deadlines of one campaign that were extended alike after an outage.
type Extension struct {
	Kind        string // documents, signed, reviews, appraisals, tasks
	Campaign    string // its name
	From, Until time.Time
	Documents   int
	Tasks       int
	Whole       bool // all units that had not handed in
}

// DeadlinesNotice is what units are told of deadlines that were extended after an
// outage: title and paragraphs.
func DeadlinesNotice(from, to time.Time, extended []Extension) (title string, text []string) {
	text = []string{fmt.Sprintf("Phần mềm ngừng hoạt động từ %s đến %s. Sở Nội vụ điều chỉnh các thời hạn bị ảnh hưởng như sau:", Moment(from), Moment(to))}
	for _, e := range extended {
		text = append(text, e.sentence())
	}
	return "Gia hạn do sự cố phần mềm", append(text, "Hạn của từng văn bản, từng nhiệm vụ xem tại trang của văn bản trong Phần mềm.")
}

func (e Extension) sentence() string {
	from, until := InstantShort(e.From), InstantShort(e.Until)
	switch e.Kind {
	case "signed":
		return fmt.Sprintf("Đợt “%s”: văn bản đã ký sau hạn %s được tính theo hạn %s (%s đơn vị).", e.Campaign, from, until, Number(e.Documents))
	case "reviews":
		return fmt.Sprintf("Đợt “%s”: hạn Sở Nội vụ xác nhận %s dời đến %s (%s văn bản).", e.Campaign, from, until, Number(e.Documents))
	case "appraisals":
		return fmt.Sprintf("Đợt “%s”: vòng thẩm định, giải trình có hạn %s được gia hạn đến %s (%s đơn vị).", e.Campaign, from, until, Number(e.Documents))
	case "tasks":
		return fmt.Sprintf("Đợt “%s”: %s nhiệm vụ kế hoạch có thời hạn %s được gia hạn đến %s.", e.Campaign, Number(e.Tasks), from, until)
	}
	if e.Whole {
		return fmt.Sprintf("Đợt “%s”: hạn nộp %s dời đến %s cho các đơn vị chưa nộp.", e.Campaign, from, until)
	}
	return fmt.Sprintf("Đợt “%s”: hạn nộp %s dời đến %s cho %s đơn vị.", e.Campaign, from, until, Number(e.Documents))
}
