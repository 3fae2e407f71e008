package demo

import (
	"fmt"
	"strconv"

	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// ledger is one unit's figures of one quarter, as whole numbers by indicator.
// Amounts of money are kept in tenths. Whatever the checks of the form hold
// together is computed from each other, also across quarters: what was pending
// at the end of one is what the next begins with.
type ledger struct {
	unit  staff.Unit
	at    period.Period
	value map[string]int64
}

// money are the indicators kept in tenths.
var money = map[string]bool{"6.1": true, "6.2": true, "6.3.1": true, "6.3.2": true}

func figuresOf(unit staff.Unit, at period.Period) map[string]form.Figure {
	l := ledger{unit: unit, at: at, value: map[string]int64{}}
	for _, fill := range []func(){l.direction, l.law, l.procedures, l.files, l.organisation, l.service, l.finance, l.digital} {
		fill()
	}
	figures := make(map[string]form.Figure, len(l.value))
	for code, value := range l.value {
		number := form.DecimalOf(value)
		if money[code] {
			number, _ = form.ParseDecimal(fmt.Sprintf("%d.%d", value/10, value%10)) // two whole numbers
		}
		figures[code] = form.Figure{Code: code, Value: &number}
	}
	return figures
}

func (l ledger) local() bool { return l.unit.Group != "department" }

// lasting is the unit's own, every quarter alike.
func (l ledger) lasting(what string, low, high int64) int64 {
	return throw(l.unit.Code, what).between(low, high)
}

// yearly is the unit's own in one year.
func (l ledger) yearly(what string, low, high int64) int64 {
	return throw(l.unit.Code, what, strconv.Itoa(l.at.Year)).between(low, high)
}

// seasonal is small numbers that come again each year in the same quarter.
func (l ledger) seasonal(what string, low, high int64) int64 {
	return throw(l.unit.Code, what, strconv.Itoa(l.at.Number)).between(low, high)
}

// once is chance of this quarter alone.
func (l ledger) once(what string, low, high int64) int64 {
	return throw(l.unit.Code, what, l.at.Code()).between(low, high)
}

// flow is a large number of a quarter: the season's, and a little of this year.
func (l ledger) flow(what string, low, high int64) int64 {
	base := l.lasting(what, low, high)
	return base * l.seasonal(what+" season", 88, 114) * l.once(what+" now", 94, 107) / 10_000
}

// busy is a flow that once in a while leaves its usual range.
func (l ledger) busy(what string, low, high int64) int64 {
	if throw(l.unit.Code, what, l.at.Code(), "burst").oneIn(14) {
		return l.flow(what, low, high) * l.once(what+" burst", 140, 175) / 100
	}
	return l.flow(what, low, high)
}

func (l ledger) kind(department, local [2]int64) (low, high int64) {
	if l.local() {
		return local[0], local[1]
	}
	return department[0], department[1]
}

func (l ledger) direction() {
	v := l.value
	v["1.1"] = l.lasting("tasks", 34, 62) * l.yearly("tasks now", 94, 108) / 100
	done := [...]int64{0, 23, 48, 74, 96}[l.at.Number] + l.yearly("pace"+strconv.Itoa(l.at.Number), -3, 3)
	v["1.2"] = v["1.1"] * done / 100
	v["1.4"] = l.seasonal("directives", 6, 22)
	v["1.5"] = l.seasonal("meetings", 2, 6)
	low, high := l.kind([2]int64{3, 12}, [2]int64{5, 14})
	v["1.6"] = l.lasting("parts", low, high)
	v["1.7"] = l.seasonal("inspected", 0, min(v["1.6"], 4))
	if v["1.7"] > 0 {
		v["1.9"] = v["1.7"] + l.seasonal("visits", 0, 1)
		v["1.10"] = l.seasonal("findings", 1, 11)
	} else {
		v["1.9"], v["1.10"] = 0, 0
	}
	v["1.11"] = v["1.10"] - min(v["1.10"], l.seasonal("findings open", 0, 2))
	v["1.14"], v["1.15"] = l.seasonal("late tasks", 0, 1), l.seasonal("overdue tasks", 0, 5)/5
	v["1.16"], v["1.13"] = l.seasonal("tasks under way", 1, 6), l.seasonal("tasks in time", 9, 34)
	v["1.12"] = v["1.13"] + v["1.14"] + v["1.15"] + v["1.16"]
	v["1.17"] = l.busy("survey", 120, 420)
	v["1.18"] = v["1.17"] * l.once("survey back", 88, 99) / 100
	v["1.19"] = l.seasonal("dialogues", 0, 3)
	v["1.20"] = l.busy("news", 14, 68)
	v["1.21"] = l.seasonal("ideas", 0, 3)
}

func (l ledger) law() {
	v := l.value
	low, high := l.kind([2]int64{1, 6}, [2]int64{0, 2})
	v["2.1"] = l.seasonal("laws", low, high)
	v["2.2"] = v["2.1"] - min(v["2.1"], l.seasonal("laws late", 0, 4)/4)
	v["2.3"] = l.seasonal("laws checked", 0, 9)
	v["2.4"] = min(v["2.3"], l.seasonal("laws wrong", 0, 8)/8)
	v["2.5"] = v["2.4"]
	v["2.6"] = l.seasonal("laws to review", 2, 26)
	v["2.7"] = v["2.6"] - l.seasonal("laws unreviewed", 0, 1)
	v["2.8"] = min(v["2.7"], l.seasonal("laws to change", 0, 5))
	v["2.9"] = min(v["2.8"], l.seasonal("laws changed", 0, 4))
}

func (l ledger) procedures() {
	v := l.value
	v["3.1"], v["3.2"] = l.seasonal("procedures new", 0, 9), l.seasonal("procedures gone", 0, 4)
	low, high := l.kind([2]int64{64, 290}, [2]int64{384, 424})
	v["3.3"] = l.lasting("procedures", low, high)
	v["3.4"], v["3.6"] = v["3.3"], 0
	if l.local() {
		v["3.4"], v["3.6"] = 0, v["3.3"]
	}
	v["3.7"] = l.seasonal("procedures simpler", 0, 6)
	v["3.8"] = v["3.3"] - l.lasting("procedures elsewhere", 0, 6)
	v["3.9"] = v["3.3"] * l.lasting("joined here", 2, 9) / 100
	v["3.10"] = v["3.3"] * l.lasting("joined above", 4, 16) / 100
	v["3.12"] = v["3.1"] + v["3.2"] + l.seasonal("procedures to publish", 1, 4)
	v["3.11"] = v["3.12"] - l.seasonal("procedures unpublished", 0, 5)/5
}

// received is how many files came in that quarter.
func (l ledger) received() int64 {
	low, high := l.kind([2]int64{900, 21_000}, [2]int64{1_900, 8_600})
	return l.busy("files", low, high)
}

// pending is how many files the quarter leaves to the next.
func (l ledger) pending() int64 {
	low, high := l.kind([2]int64{900, 21_000}, [2]int64{1_900, 8_600})
	return l.flow("files", low, high) * l.lasting("files pending", 34, 72) * l.once("files pending now", 90, 112) / 100_000
}

func (l ledger) files() {
	v := l.value
	before := l
	before.at = l.at.Previous()
	v["3.13"], v["3.14"], v["3.22"] = before.pending(), l.received(), l.pending()
	v["3.15"] = v["3.14"] * l.lasting("online", 68, 94) / 100
	v["3.17"] = v["3.14"] * l.lasting("by post", 5, 30) / 1000
	v["3.16"] = v["3.14"] - v["3.15"] - v["3.17"]
	v["3.25"] = v["3.14"] * l.lasting("withdrawn", 4, 11) / 1000
	v["3.18"] = v["3.13"] + v["3.14"] - v["3.22"] - v["3.25"]
	v["3.21"] = v["3.18"] * l.lateShare() / 10_000
	v["3.19"] = (v["3.18"] - v["3.21"]) * l.lasting("early", 52, 81) / 100
	v["3.20"] = v["3.18"] - v["3.21"] - v["3.19"]
	v["3.24"] = v["3.22"] * l.lasting("pending late", 0, 30) / 1000
	v["3.23"] = v["3.22"] - v["3.24"]
	v["3.27"] = v["3.21"]
	if throw(l.unit.Code, "letters", l.at.Code()).oneIn(12) {
		v["3.27"] = v["3.21"] * 7 / 10
	}
	v["3.28"] = l.flow("complaints", 12, 130)
	v["3.29"] = v["3.28"] - l.seasonal("complaints open", 0, 3)
	v["3.30"] = v["3.29"] - l.seasonal("complaints unpublished", 0, 2)
	v["3.31"] = l.seasonal("complaints overdue", 0, 9) / 9
}

// lateShare is of ten thousand files how many are late: few, and here and there
// more than the form lets pass without a reason.
func (l ledger) lateShare() int64 {
	if throw(l.unit.Code, "trouble", l.at.Code()).oneIn(15) {
		return l.once("trouble", 510, 760)
	}
	return l.lasting("late", 15, 190) * l.once("late now", 88, 112) / 100
}

func (l ledger) organisation() {
	v := l.value
	low, high := l.kind([2]int64{6, 12}, [2]int64{3, 4})
	v["4.1"] = l.lasting("divisions", low, high)
	low, high = l.kind([2]int64{0, 12}, [2]int64{6, 19})
	v["4.2"] = l.lasting("institutions", low, high)
	v["4.3.1"] = v["4.2"] + l.lasting("institutions merged", 0, 3)
	low, high = l.kind([2]int64{62, 310}, [2]int64{34, 66})
	v["4.4"] = l.lasting("posts", low, high)
	v["4.5"] = v["4.4"] - l.lasting("posts free", 0, 5)
	v["4.6"] = l.lasting("contracts", 4, 18)
	v["4.7"] = v["4.2"] * l.lasting("staff", 28, 52)
	v["4.8"] = v["4.7"] * l.lasting("staff there", 93, 99) / 100
	total := int64(0)
	for quarter := 1; quarter <= l.at.Number; quarter++ {
		q := l
		q.at.Number = quarter
		v["4.9"] = q.seasonal("dismissed", 0, 2)
		total += v["4.9"]
	}
	v["4.10"] = total
}

func (l ledger) service() {
	v := l.value
	v["5.1"] = 1 + v["4.2"]
	v["5.2.1"], v["5.2.2"], v["5.2.3"] = l.seasonal("by exam", 0, 4), l.seasonal("by choice", 0, 2), l.seasonal("taken over", 0, 2)
	v["5.3"] = min(v["4.7"], l.seasonal("employees", 0, 14))
	v["5.4.1"], v["5.4.2"] = l.seasonal("promoted", 0, 4), l.seasonal("kept", 0, 4)
	v["5.5.1"], v["5.5.2"], v["5.5.3"] = l.seasonal("reprimands", 0, 7)/7, 0, 0
	v["5.6"] = l.busy("trained", 30, 260)
}

func (l ledger) finance() {
	v := l.value
	low, high := l.kind([2]int64{180_000, 9_400_000}, [2]int64{90_000, 980_000})
	v["6.1"] = l.lasting("plan", low, high) * l.yearly("plan now", 92, 110) / 100
	share := [...][2]int64{{}, {80, 160}, {280, 430}, {510, 690}, {880, 985}}[l.at.Number]
	v["6.2"] = v["6.1"] * l.seasonal("paid out", share[0], share[1]) / 1000
	v["6.3.1"] = l.seasonal("owed", 0, 3) / 3 * l.lasting("owed amount", 300, 9_000)
	v["6.3.2"] = v["6.3.1"] * l.lasting("owed paid", 6, 10) / 10
	left := v["4.2"]
	for _, code := range []string{"6.4.1", "6.4.2"} {
		v[code] = min(left, l.lasting(code, 0, 2))
		left -= v[code]
	}
	v["6.4.3"] = left * l.lasting("partly free", 20, 60) / 100
	v["6.4.4"] = left - v["6.4.3"]
	v["6.5"] = 0
}

func (l ledger) digital() {
	v := l.value
	v["7.1"] = l.flow("letters", 700, 5_200)
	v["7.2"] = v["7.1"] * l.lasting("letters signed", 965, 1000) / 1000
	v["7.3"] = v["3.3"] * l.lasting("fully online", 52, 78) / 100
	v["7.4"] = v["7.3"] * l.lasting("fully online done", 90, 100) / 100
	v["7.5"] = (v["3.3"] - v["7.4"]) * l.lasting("partly online", 40, 90) / 100
	v["7.6"] = (v["7.4"] + v["7.5"]) * l.lasting("services used", 28, 61) / 100
	v["7.7"] = v["3.14"] * l.lasting("with fee", 30, 56) / 100
	v["7.8"] = v["7.7"] * l.lasting("paid online", 44, 88) / 100
	all := v["3.13"] + v["3.14"]
	v["7.9"] = all * l.lasting("scanned", 71, 96) / 100
	v["7.10"] = all * l.lasting("results online", 62, 93) / 100
	v["7.11"] = all * l.lasting("used again", 21, 58) / 100
	v["7.12"] = l.busy("video", 10, 44)
	v["7.13"] = l.lasting("iso", 0, 1)
}
