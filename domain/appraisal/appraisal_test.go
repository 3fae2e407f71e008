package appraisal_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cchc/domain/appraisal"
	"cchc/domain/calendar"
	"cchc/domain/document"
	"cchc/domain/par"
	"cchc/domain/period"
	"cchc/domain/rule"
	"cchc/domain/staff"
)

var (
	monday = calendar.Date(2027, time.March, 1) // a Monday
	now    = monday.At(9 * 60)
	due    = monday.Add(5).Start()
)

func actor(unit string, role staff.Role) staff.Actor {
	return staff.Actor{Person: 7, Positions: []staff.Position{{Unit: unit, Role: role}}}
}

// state is STC's appraisal: STP owns the second field, the authority has the first.
func state(stage appraisal.Stage, change func(*appraisal.State)) appraisal.State {
	s := appraisal.State{Unit: "STC", Stage: stage, DueAt: due, Disputed: []string{"2.1"}, Fields: []appraisal.Field{
		{Code: "1", Appraiser: "SNV", Todo: 2, Marked: 2}, {Code: "2", Appraiser: "STP", Todo: 1, Marked: 1},
	}}
	if stage == appraisal.Explaining || stage == appraisal.Done {
		for i := range s.Fields {
			s.Fields[i] = appraisal.Field{Code: s.Fields[i].Code, Appraiser: s.Fields[i].Appraiser, Finished: true}
		}
	}
	if change != nil {
		change(&s)
	}
	return s
}

// Nobody appraises their own unit but the authority (QD 1439 art. 15.1, 15.2).
func TestAppraiser(t *testing.T) {
	for _, row := range []struct{ owner, unit, want string }{
		{"", "STC", "SNV"}, {"STP", "STC", "STP"}, {"STP", "STP", "SNV"}, {"", "SNV", "SNV"}, {"STP", "SNV", "STP"},
	} {
		if got := appraisal.Appraiser(par.Field{Appraiser: row.owner}, row.unit, "SNV"); got != row.want {
			t.Errorf("field of %q, unit %s: %s, want %s", row.owner, row.unit, got, row.want)
		}
	}
}

func TestNextStage(t *testing.T) {
	finished := func(s *appraisal.State) {
		for i := range s.Fields {
			s.Fields[i].Finished = true
		}
	}
	for _, row := range []struct {
		name   string
		from   appraisal.Stage
		at     time.Time
		change func(*appraisal.State)
		want   appraisal.Stage
	}{
		{"one appraiser is not done", appraisal.First, now, nil, appraisal.First},
		{"their time alone ends nothing", appraisal.First, due, nil, appraisal.First},
		{"all are done", appraisal.First, now, finished, appraisal.Explaining},
		{"all are done and nothing differs", appraisal.First, now, func(s *appraisal.State) { finished(s); s.Disputed = nil }, appraisal.Done},
		{"the unit has time", appraisal.Explaining, due.Add(-time.Second), nil, appraisal.Explaining},
		{"its time is over", appraisal.Explaining, due, nil, appraisal.Done},
		{"it agrees", appraisal.Explaining, now, func(s *appraisal.State) { s.Answered = true }, appraisal.Done},
		{"it has explained", appraisal.Explaining, now, func(s *appraisal.State) { s.Answered, s.Fields[1].Finished = true, false }, appraisal.Second},
		{"a second mark is missing", appraisal.Second, due, nil, appraisal.Second},
		{"all second marks are there", appraisal.Second, now, finished, appraisal.Done},
		{"the end stays the end", appraisal.Done, due.AddDate(1, 0, 0), nil, appraisal.Done},
		{"opened again", appraisal.Done, now, func(s *appraisal.State) { s.Fields[0].Finished = false }, appraisal.Second},
	} {
		next, moved := state(row.from, row.change).Next(row.at)
		if next != row.want || moved != (row.want != row.from) {
			t.Errorf("%s: %s, %t", row.name, next, moved)
		}
	}
}

// Every row says who may do what when, or what they are told instead.
func TestWhoDoesWhat(t *testing.T) {
	reason := strings.Repeat("x", 10)
	for _, row := range []struct {
		name     string
		stage    appraisal.Stage
		change   func(*appraisal.State)
		decision appraisal.Decision
		actor    staff.Actor
		want     rule.Code // "": allowed
	}{
		{"who owns the field marks it", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "2"}, actor("STP", staff.Specialist), ""},
		{"so does their head", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "2"}, actor("STP", staff.DivisionHead), ""},
		{"the authority does not, there", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "2"}, actor("SNV", staff.Officer), appraisal.NotYours},
		{"at the authority its officers do, not its unit's people", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "1"}, actor("SNV", staff.Specialist), appraisal.NotYours},
		{"an officer marks", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "1"}, actor("SNV", staff.Officer), ""},
		{"who drafted it does not (QD 1439 art. 14.2)", appraisal.First, func(s *appraisal.State) { s.Chain = []document.Part{{Person: 7, Role: "specialist"}} }, appraisal.Decision{Action: appraisal.Mark, Field: "1"}, actor("SNV", staff.Officer), appraisal.OwnPart},
		{"nobody marks while the unit explains", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Mark, Field: "1"}, actor("SNV", staff.Officer), appraisal.WrongStage},
		{"no such field", appraisal.First, nil, appraisal.Decision{Action: appraisal.Mark, Field: "9"}, actor("SNV", staff.Officer), appraisal.NotYours},
		{"a field is finished once all is marked", appraisal.First, nil, appraisal.Decision{Action: appraisal.Finish, Field: "1"}, actor("SNV", staff.Officer), ""},
		{"not before", appraisal.First, func(s *appraisal.State) { s.Fields[0].Marked = 1 }, appraisal.Decision{Action: appraisal.Finish, Field: "1"}, actor("SNV", staff.Officer), appraisal.Unmarked},
		{"nor twice", appraisal.First, func(s *appraisal.State) { s.Fields[0].Finished = true }, appraisal.Decision{Action: appraisal.Finish, Field: "1"}, actor("SNV", staff.Officer), appraisal.FieldFinished},
		{"what is finished is taken up again", appraisal.First, func(s *appraisal.State) { s.Fields[0].Finished = true }, appraisal.Decision{Action: appraisal.Resume, Field: "1"}, actor("SNV", staff.Officer), ""},
		{"what is not needs not be", appraisal.First, nil, appraisal.Decision{Action: appraisal.Resume, Field: "1"}, actor("SNV", staff.Officer), appraisal.FieldOpen},

		{"a specialist drafts the answer", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Write}, actor("STC", staff.Specialist), ""},
		{"and does not send it (QD 1439 art. 14.2)", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Specialist), appraisal.NotYours},
		{"the director sends it", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Director), ""},
		{"once", appraisal.Explaining, func(s *appraisal.State) { s.Answered = true }, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Director), appraisal.Answered},
		{"late, too", appraisal.Done, nil, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Director), ""},
		{"not after the publication", appraisal.Done, func(s *appraisal.State) { s.Published = true }, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Director), appraisal.Published},
		{"nothing differs", appraisal.Explaining, func(s *appraisal.State) { s.Disputed = nil }, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.Director), appraisal.NotDisputed},
		{"not while it is marked", appraisal.First, nil, appraisal.Decision{Action: appraisal.Write}, actor("STC", staff.Specialist), appraisal.WrongStage},
		{"a head agrees with the marks", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Accept}, actor("STC", staff.DivisionHead), ""},
		{"not over what a colleague is writing", appraisal.Explaining, func(s *appraisal.State) { s.Written = true }, appraisal.Decision{Action: appraisal.Accept}, actor("STC", staff.DivisionHead), appraisal.Written},
		{"which may be sent", appraisal.Explaining, func(s *appraisal.State) { s.Written = true }, appraisal.Decision{Action: appraisal.Explain}, actor("STC", staff.DivisionHead), ""},
		{"another unit does not", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Accept}, actor("STP", staff.Director), appraisal.NotYours},

		{"the authority takes a late answer", appraisal.Done, func(s *appraisal.State) { s.LateWaits = true }, appraisal.Decision{Action: appraisal.TakeLate, Reason: reason}, actor("SNV", staff.AuthorityHead), ""},
		{"with a reason", appraisal.Done, func(s *appraisal.State) { s.LateWaits = true }, appraisal.Decision{Action: appraisal.RefuseLate}, actor("SNV", staff.Officer), document.ReasonMissing},
		{"if there is one", appraisal.Done, nil, appraisal.Decision{Action: appraisal.TakeLate, Reason: reason}, actor("SNV", staff.Officer), appraisal.NothingLate},
		{"after the publication too, which is then corrected", appraisal.Done, func(s *appraisal.State) { s.LateWaits, s.Published = true, true }, appraisal.Decision{Action: appraisal.TakeLate, Reason: reason}, actor("SNV", staff.Officer), ""},
		{"or refuses it, else it waits for ever", appraisal.Done, func(s *appraisal.State) { s.LateWaits, s.Published = true, true }, appraisal.Decision{Action: appraisal.RefuseLate, Reason: reason}, actor("SNV", staff.Officer), ""},
		{"more time is later", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Extend, Reason: reason, Until: due}, actor("SNV", staff.Officer), document.ExtensionNotLater},
		{"and given", appraisal.Explaining, nil, appraisal.Decision{Action: appraisal.Extend, Reason: reason, Until: due.AddDate(0, 0, 1)}, actor("SNV", staff.Officer), ""},
		{"not to what is over", appraisal.Done, nil, appraisal.Decision{Action: appraisal.Extend, Reason: reason, Until: due.AddDate(0, 0, 1)}, actor("SNV", staff.Officer), appraisal.WrongStage},
		{"criteria are opened again", appraisal.Done, nil, appraisal.Decision{Action: appraisal.Reopen, Reason: reason, Criteria: []string{"1.1"}}, actor("SNV", staff.Officer), ""},
		{"which ones", appraisal.Done, nil, appraisal.Decision{Action: appraisal.Reopen, Reason: reason}, actor("SNV", staff.Officer), appraisal.NoCriteria},
		{"after a late answer was seen to", appraisal.Done, func(s *appraisal.State) { s.LateWaits = true }, appraisal.Decision{Action: appraisal.Reopen, Reason: reason, Criteria: []string{"1.1"}}, actor("SNV", staff.Officer), appraisal.LateWaiting},
	} {
		s := state(row.stage, row.change)
		row.decision.Person = row.actor.Person
		var broken rule.Errors
		if _, ok := s.RoleFor(row.decision, row.actor, "SNV"); !ok {
			broken = rule.Broken(appraisal.NotYours, "")
		} else {
			broken = s.Check(row.decision, now)
		}
		if (row.want == "") != (len(broken) == 0) || row.want != "" && !broken.Has(row.want) {
			t.Errorf("%s: %v, want %q", row.name, broken, row.want)
		}
	}
}

// What is offered is what is allowed, and the same rows have a legal source.
func TestOffers(t *testing.T) {
	for _, m := range appraisal.Moves {
		if m.Source == "" {
			t.Errorf("%s has no source", m.Action)
		}
	}
	if offers := state(appraisal.First, nil).Offers("1", actor("SNV", staff.Officer), "SNV", now); !slices.Equal(offers, []appraisal.Action{appraisal.Mark, appraisal.Finish, appraisal.Extend}) {
		t.Errorf("%v", offers)
	}
	if offers := state(appraisal.Explaining, nil).Offers("", actor("STC", staff.Director), "SNV", now); !slices.Equal(offers, []appraisal.Action{appraisal.Write, appraisal.Explain, appraisal.Accept}) {
		t.Errorf("%v", offers)
	}
	if offers := state(appraisal.Done, nil).Offers("", actor("STC", staff.Specialist), "SNV", now); !slices.Equal(offers, []appraisal.Action{appraisal.Write}) {
		t.Errorf("%v", offers)
	}
}

func TestAnswers(t *testing.T) {
	s := state(appraisal.Explaining, nil)
	long := strings.Repeat("ấ", appraisal.MaxText+1)
	for _, row := range []struct {
		name   string
		answer []appraisal.Explanation
		want   rule.Code
	}{
		{"one explained", []appraisal.Explanation{{Criterion: "2.1", Text: "Có văn bản"}}, ""},
		{"nothing", nil, appraisal.ExplanationBlank},
		{"files without a word", []appraisal.Explanation{{Criterion: "2.1", Files: []appraisal.File{{Hash: "a"}}}}, appraisal.ExplanationBlank},
		{"what agrees", []appraisal.Explanation{{Criterion: "1.1", Text: "x"}}, appraisal.ExplanationUnasked},
		{"too long", []appraisal.Explanation{{Criterion: "2.1", Text: long}}, appraisal.ExplanationLong},
		{"too many files", []appraisal.Explanation{{Criterion: "2.1", Text: "x", Files: make([]appraisal.File, appraisal.MaxFiles+1)}}, appraisal.ExplanationFiles},
	} {
		broken := s.CheckAnswer(row.answer)
		if (row.want == "") != (len(broken) == 0) || row.want != "" && !broken.Has(row.want) {
			t.Errorf("%s: %v", row.name, broken)
		}
	}
	one := []appraisal.Explanation{{Criterion: "2.1", Text: "a", Files: []appraisal.File{{Hash: "h", Name: "n"}}}}
	other := []appraisal.Explanation{{Criterion: "2.1", Text: "a\n\th \"n\""}}
	if string(appraisal.Canonical(one)) == string(appraisal.Canonical(other)) {
		t.Error("two answers have one form")
	}
}

func TestDue(t *testing.T) {
	days, on := calendar.New(nil), monday.Add(20)
	s := appraisal.DefaultSchedule(appraisal.DefaultLadder())
	if got := s.Due(appraisal.Explaining, now, days); !got.Equal(monday.Add(8).Start()) { // five working days after Monday: Monday
		t.Errorf("%v", got)
	}
	s.Explain.On = &on
	if got := s.Due(appraisal.Explaining, now, days); !got.Equal(on.Add(1).Start()) {
		t.Errorf("not to the end of the named day: %v", got)
	}
	if got := s.Due(appraisal.Explaining, on.Start(), days); !got.After(on.Add(5).Start()) {
		t.Errorf("a round that begins on the named day has no time: %v", got)
	}
	if broken := s.Validate(); broken != nil {
		t.Errorf("%v", broken)
	}
	s.First.Days, s.Second.On = 0, &monday
	if broken := s.Validate(); !broken.Has(appraisal.DaysBad) || !broken.Has(appraisal.DayOrder) || len(broken) != 2 {
		t.Errorf("%v", broken)
	}
}

// Walking from instant to instant meets every rung and the end, none twice.
func TestAgenda(t *testing.T) {
	a := appraisal.Agenda{Stage: appraisal.First, DueAt: monday.Add(8).Start(), Ladder: appraisal.DefaultLadder(), Calendar: calendar.New(nil)}
	var codes []string
	for at, more := a.Next(now); more; at, more = a.Next(at) {
		rung, rings := a.At(at, at)
		if !rings && !at.Equal(a.DueAt) {
			t.Errorf("nothing at %v", at)
		}
		codes = append(codes, rung.Code)
	}
	if !slices.Equal(codes, []string{"before_3", "before_1", "due", "after_1", "after_3", "after_10"}) {
		t.Errorf("%v", codes)
	}
	// After a standstill the latest alone goes out to the same people.
	if _, rings := a.At(monday.Add(2).At(8*60), monday.Add(8).At(0)); rings {
		t.Error("a reminder goes out that a later one has overtaken")
	}
	bare := appraisal.Agenda{Stage: appraisal.Explaining, DueAt: due, Ladder: period.Ladder{}, Calendar: calendar.New(nil)}
	if at, more := bare.Next(now); !more || !at.Equal(due) {
		t.Error("without a ladder the end of the time is not met")
	}
	if _, more := (appraisal.Agenda{Stage: appraisal.Done}).Next(now); more {
		t.Error("what is done waits for something")
	}
}
