package demo

import (
	"slices"

	"cchc/domain/document"
	"cchc/domain/period"
	"cchc/domain/staff"
)

// fate is what becomes of one document.
type fate struct {
	rest    document.Status  // where it stays
	late    bool             // nothing happens before its due has passed
	returns []document.Stage // the desk that sends back the first revision, the second, ...
	extend  int              // working days; 0: not extended
	nearly  bool             // of a draft: almost finished
}

// settled is the fate of most documents.
var settled = fate{rest: document.IsApproved}

func back(from ...document.Stage) []document.Stage { return from }

// share is a fate that falls to some of every thousand units.
type share struct {
	perMille int
	fate
}

// present is how the units stand in the present quarter; the rest is approved.
var present = []share{
	{21, fate{rest: document.IsExempt}},
	{32, fate{rest: document.NotStarted}},
	{11, fate{rest: document.NotStarted, extend: 6}},
	{32, fate{rest: document.InDrafting}},
	{11, fate{rest: document.InDrafting, extend: 4}},
	{27, fate{rest: document.InDivisionReview}},
	{5, fate{rest: document.InDivisionReview, extend: 3}},
	{21, fate{rest: document.InSigning}},
	{5, fate{rest: document.InSigning, extend: 2}},
	{11, fate{rest: document.Returned, returns: back(document.DivisionReview)}},
	{37, fate{rest: document.Returned, returns: back(document.AuthorityReview)}},
	{122, fate{rest: document.InAuthorityReview}},
	{16, fate{rest: document.InAuthorityReview, returns: back(document.AuthorityReview)}},
	{16, fate{rest: document.InAuthorityReview, late: true}},
	{27, fate{rest: document.IsApproved, late: true}},
	{64, fate{rest: document.IsApproved, returns: back(document.AuthorityReview)}},
	{21, fate{rest: document.IsApproved, returns: back(document.DivisionReview)}},
}

// known are the units whose accounts stand on the sign-in page: each shows
// another desk with something to do.
var known = map[string]fate{
	"STC":   {rest: document.InDrafting, extend: 5, nearly: true},
	"SYT":   {rest: document.InDivisionReview, extend: 3},
	"26740": {rest: document.InSigning},
	"27664": {rest: document.Returned, returns: back(document.AuthorityReview)},
	"SNV":   settled,
}

// past is how the units stood some quarters ago: with the quarters they have
// learned to be on time.
func past(quartersAgo int) []share {
	return []share{
		{42 + 16*quartersAgo, fate{rest: document.IsApproved, late: true}},
		{5, fate{rest: document.IsApproved, late: true, returns: back(document.AuthorityReview)}},
		{56 + 8*quartersAgo, fate{rest: document.IsApproved, returns: back(document.AuthorityReview)}},
		{5, fate{rest: document.IsApproved, returns: back(document.DivisionReview, document.AuthorityReview)}},
		{27, fate{rest: document.IsApproved, returns: back(document.DivisionReview)}},
		{11, fate{rest: document.IsApproved, returns: back(document.Signing)}},
	}
}

// cast gives every unit its fate in the quarter, quartersAgo before the present
// one.
func cast(units []staff.Unit, at period.Period, quartersAgo int) map[string]fate {
	fates := make(map[string]fate, len(units))
	var open []string
	for _, unit := range units {
		fates[unit.Code] = settled
		if fixed, ok := known[unit.Code]; ok && quartersAgo == 0 {
			fates[unit.Code] = fixed
			continue
		}
		open = append(open, unit.Code)
	}
	shares := present
	if quartersAgo > 0 {
		shares = past(quartersAgo)
	}
	slices.Sort(open)
	open = throw("cast", at.Code()).shuffled(open)
	for _, s := range shares {
		n := min(len(open), (len(units)*s.perMille+500)/1000)
		for _, unit := range open[:n] {
			fates[unit] = s.fate
		}
		open = open[n:]
	}
	return fates
}

// standing is where a document is, as far as its fate looks at it.
type standing struct {
	stage    document.Stage
	revision int
	extended bool
}

// next is the decision that the fate still asks for; false when the document has
// come to rest, or people have taken it elsewhere.
func (f fate) next(s standing) (document.Action, bool) {
	if s.stage.Closed() {
		return "", false
	}
	if f.rest == document.IsExempt {
		return document.Exempt, s.stage == document.Drafting
	}
	if f.extend > 0 && !s.extended && s.stage != document.AuthorityReview {
		return document.Extend, true
	}
	submissions := len(f.returns)
	if f.goesBeyond(document.Drafting) {
		submissions++
	}
	switch {
	case s.stage == document.Drafting:
		return document.Submit, s.revision < submissions
	case s.revision <= len(f.returns) && f.returns[s.revision-1] == s.stage:
		return document.Return, true
	case s.revision <= len(f.returns):
		return forward[s.stage], true
	}
	return forward[s.stage], s.revision == submissions && f.goesBeyond(s.stage)
}

// overdue tells whether the document will rest where its due finds it.
func (f fate) overdue() bool {
	return f.extend == 0 && !f.goesBeyond(document.Signing) && f.rest != document.IsExempt && !f.signs()
}

// signs tells whether the director signs on the way to the fate.
func (f fate) signs() bool {
	return f.goesBeyond(document.Signing) || slices.Contains(f.returns, document.AuthorityReview)
}

// forward is the decision that takes a document to the next desk.
var forward = map[document.Stage]document.Action{
	document.DivisionReview:  document.Approve,
	document.Signing:         document.Sign,
	document.AuthorityReview: document.Confirm,
}

// goesBeyond tells whether the last round of the fate leaves the stage.
func (f fate) goesBeyond(stage document.Stage) bool {
	at := map[document.Status]document.Stage{
		document.NotStarted: document.Drafting, document.InDrafting: document.Drafting, document.Returned: document.Drafting,
		document.InDivisionReview: document.DivisionReview, document.InSigning: document.Signing,
		document.InAuthorityReview: document.AuthorityReview, document.IsApproved: document.Approved,
	}[f.rest]
	return slices.Index(document.Stages, stage) < slices.Index(document.Stages, at)
}
