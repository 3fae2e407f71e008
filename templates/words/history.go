package words

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cchc/domain/document"
)

// The events of a history that are not actions of people in the chain.
const (
	eventLaunched  = "launched"
	eventDuePassed = "due_passed"
	eventReminded  = "reminder_sent"
	eventEscalated = "escalated"
	eventByHand    = "reminded"
	eventAsked     = "extension_asked"
	eventDeclined  = "extension_declined"
	eventWithdrawn = "extension_withdrawn"
	eventLapsed    = "extension_lapsed"
	eventDueMoved  = "due_moved"
	eventTaskTime  = "tasks_extended"

	eventAdjustment = "adjustment_" // the action follows
)

// adjustmentEvents are what people do with an adjustment of a living plan.
var adjustmentEvents = map[document.Action]string{
	document.Submit:  "đã trình trưởng phòng bản điều chỉnh kế hoạch",
	document.Approve: "đã trình Sở Nội vụ bản điều chỉnh kế hoạch",
	document.Return:  "đã trả lại bản điều chỉnh kế hoạch",
	document.Recall:  "đã thu hồi bản điều chỉnh kế hoạch",
	document.Confirm: "đã xác nhận điều chỉnh kế hoạch",
	document.Discard: "đã bỏ bản điều chỉnh kế hoạch",
}

// AdjustmentEvent is what somebody did with an adjustment.
func AdjustmentEvent(a document.Action) string { return adjustmentEvents[a] }

// Events lists every event of a history that Event has words for.
func Events() []string {
	events := []string{eventLaunched, eventDuePassed, eventReminded, eventEscalated, eventByHand, eventAsked, eventDeclined, eventWithdrawn, eventLapsed, eventDueMoved, eventTaskTime}
	for _, action := range document.Actions {
		events = append(events, string(action))
	}
	for action := range adjustmentEvents {
		events = append(events, eventAdjustment+string(action))
	}
	return events
}

// Event is one line of "Diễn biến" after the person's name, which stands in
// front of what people do: "đã trình trưởng phòng lần 2". What the system does
// is a whole sentence. detail is the event's own, as stored.
func Event(event string, revision int, detail map[string]any) string {
	switch event {
	case eventLaunched:
		return "đã mở đợt"
	case eventDuePassed:
		return "Đã hết hạn mà văn bản chưa hoàn thành"
	case eventReminded:
		return "Hệ thống đã gửi thông báo: " + rungName(fmt.Sprint(detail["rung"])) + sentTo(detail)
	case eventEscalated:
		return "Hệ thống đã báo cấp trên" + sentTo(detail)
	case eventByHand:
		return "đã nhắc người đang giữ"
	case eventAsked:
		return "đã xin gia hạn" + newDue(detail)
	case eventDeclined:
		return "không đồng ý gia hạn"
	case eventWithdrawn:
		return "đã rút đề nghị gia hạn"
	case eventDueMoved:
		return "đã sửa lịch nghỉ, hạn dời" + newDue(detail)
	case eventTaskTime:
		return "đã gia hạn nhiệm vụ kế hoạch do sự cố phần mềm," + newDue(detail)
	case eventLapsed:
		return "Đề nghị gia hạn không còn cần, hệ thống đã khép lại"
	case string(document.Submit):
		return fmt.Sprintf("%s lần %d", Done(document.Submit), revision)
	case string(document.Reopen):
		return Done(document.Reopen) + ", hạn nộp lại" + strings.TrimPrefix(newDue(detail), " đến")
	case string(document.Excuse), string(document.Prolong):
		return Done(document.Action(event)) + " do sự cố phần mềm," + newDue(detail)
	case string(document.Extend):
		if detail["outage"] != nil {
			return Done(document.Extend) + " do sự cố phần mềm," + newDue(detail)
		}
		if detail["request"] != nil {
			return Done(document.Extend) + " theo đề nghị của đơn vị," + newDue(detail)
		}
		return Done(document.Extend) + newDue(detail)
	}
	if action, ok := strings.CutPrefix(event, eventAdjustment); ok {
		return adjusted(document.Action(action), detail)
	}
	if slices.Contains(document.Actions, document.Action(event)) {
		return Done(document.Action(event))
	}
	return event
}

// adjusted is what somebody did with an adjustment, with the number of its order.
func adjusted(action document.Action, detail map[string]any) string {
	number, _ := detail["number"].(string)
	if number == "" {
		return AdjustmentEvent(action)
	}
	return AdjustmentEvent(action) + " theo văn bản " + number
}

// BySystem tells whether an event has no person in front.
func BySystem(event string) bool {
	return event == eventDuePassed || event == eventReminded || event == eventEscalated || event == eventLapsed
}

// sentTo names the receivers of a rung: ", gửi người đang giữ, thủ trưởng đơn vị".
func sentTo(detail map[string]any) string {
	var names []string
	switch to := detail["to"].(type) {
	case []string:
		for _, one := range to {
			names = append(names, Recipient(one))
		}
	case []any:
		for _, one := range to {
			names = append(names, Recipient(fmt.Sprint(one)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", gửi " + strings.Join(names, ", ")
}

// newDue is " đến 24:00 thứ Ba 22/12/2026", from the seconds stored.
func newDue(detail map[string]any) string {
	switch due := detail["due"].(type) {
	case float64: // JSON
		return " đến " + Instant(time.Unix(int64(due), 0))
	case int64:
		return " đến " + Instant(time.Unix(due, 0))
	}
	return ""
}
