package workflows_test

import (
	"slices"
	"testing"
	"time"

	"cchc/domain/calendar"
	"cchc/domain/campaign"
	"cchc/domain/document"
	"cchc/domain/form"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// requested is an ad hoc report that is wanted within so many hours, with the ladder
// in hours that goes with it.
func requested(hours int) campaign.Plan {
	const code, name = "dx-tre-han", "Báo cáo tình hình xử lý hồ sơ trễ hạn"
	own := campaign.OwnForm(code, name, []form.Section{{Title: "Tình hình", Required: true}}, form.Version{})
	return campaign.Plan{
		Code: code, Kind: document.AdHoc, Name: name, Form: own.Code, FormVersion: own.Number,
		Ladder: campaign.NameRungs(period.HoursLadder(hours)), ConfirmDays: 2, ResubmitDays: 3,
		ConfirmLadder: campaign.DefaultConfirmLadder(), Units: []string{"STC"},
		Request: &campaign.Request{
			Number: "2315/UBND-KSTTHC", Date: calendar.DayOf(time.Now()), Issuer: "Ủy ban nhân dân Thành phố", Title: "Về hồ sơ trễ hạn",
			Ahead: period.Ahead{Span: period.SpanHours, Count: hours}, Form: own,
		},
	}
}

// told are the notices of the ladder in order, each as who was told of which rung how
// far from the first due.
func (l *life) told() []string {
	l.t.Helper()
	const list = `
		select n.role, h.detail ->> 'rung', h.at
		from history h join notices n on n.document_id = h.document_id and starts_with(n.key, h.key || ':')
		where h.document_id = $1 and h.event in ('reminder_sent', 'escalated')
		order by h.at, n.role`
	rows, err := l.db.Owner.Query(list, l.id)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var told []string
	for rows.Next() {
		var role, rung string
		var at time.Time
		if err := rows.Scan(&role, &rung, &at); err != nil {
			l.t.Fatal(err)
		}
		told = append(told, role+" "+rung+" "+at.Sub(l.due).String())
	}
	if err := rows.Err(); err != nil {
		l.t.Fatal(err)
	}
	return told
}

// A report that is due in 24 hours: its rungs come by the clock, through the night
// and days off, to whoever has the report then (NĐ 09/2019 Đ8.5c: the requesting
// body sets the time).
func TestLadderInHours(t *testing.T) {
	chain := []step{
		{after: time.Hour, role: staff.Specialist, action: document.Submit},
		{after: 2 * time.Hour, role: staff.DivisionHead, action: document.Approve},
		{after: 3 * time.Hour, role: staff.Director, action: document.Sign},
		{after: 4 * time.Hour, role: staff.Officer, action: document.Confirm},
	}
	exempt := func(after time.Duration) step {
		return step{after: after, role: staff.Officer, action: document.Exempt}
	}
	for name, c := range map[string]struct {
		hours int
		steps []step
		stage document.Stage
		told  []string
		late  int // how often the unit's due passed
	}{
		"handed in within the time": {24, chain, document.Approved, nil, 0},
		"nobody writes": {24, []step{exempt(60 * time.Hour)}, document.Exempted, []string{
			"division_head before_12h -12h0m0s", "specialist before_12h -12h0m0s",
			"division_head before_2h -2h0m0s", "specialist before_2h -2h0m0s",
			"division_head due 0s", "specialist due 0s",
			"director after_2h 2h0m0s",
			"authority_head after_24h 24h0m0s", "officer after_24h 24h0m0s",
		}, 1},
		"the head has it at the last reminder, the director when it is due": {24, []step{
			{after: 20 * time.Hour, role: staff.Specialist, action: document.Submit},
			{after: 23 * time.Hour, role: staff.DivisionHead, action: document.Approve},
			{after: 25 * time.Hour, role: staff.Director, action: document.Sign},
			{after: 26 * time.Hour, role: staff.Officer, action: document.Confirm},
		}, document.Approved, []string{
			"division_head before_12h -12h0m0s", "specialist before_12h -12h0m0s",
			"division_head before_2h -2h0m0s",
			"director due 0s", "division_head due 0s",
		}, 1},
		"extended by a day after the first reminder": {24, []step{
			{after: 13 * time.Hour, role: staff.Officer, action: document.Extend, until: 24 * time.Hour},
			exempt(47 * time.Hour),
		}, document.Exempted, []string{
			"division_head before_12h -12h0m0s", "specialist before_12h -12h0m0s",
			"division_head before_12h 12h0m0s", "specialist before_12h 12h0m0s",
			"division_head before_2h 22h0m0s", "specialist before_2h 22h0m0s",
		}, 0},
		"two hours: one reminder, at half of them": {2, []step{exempt(115 * time.Minute)}, document.Exempted, []string{
			"division_head before_1h -1h0m0s", "specialist before_1h -1h0m0s",
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := lifeOf(t, requested(c.hours))
			l.after(c.steps)
			l.run(c.stage)
			if told := l.told(); !slices.Equal(told, c.told) {
				t.Errorf("told\n%q, want\n%q", told, c.told)
			}
			if got := l.events("due_passed"); got != c.late {
				t.Errorf("the due passed %d times, want %d", got, c.late)
			}
		})
	}
}
