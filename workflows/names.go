// Package workflows says what happens next, and when. It is deterministic: it
// reads no clock but the workflow's, asks the world only through activities,
// and decides nothing about a document: RecordDecisions does, the workflow only
// knows when to call it and what follows from the answer.
//
// names.go is the contract with whoever sends signals; client.go speaks
// Temporal in the domain's words. Nothing here imports storage.
package workflows

import (
	"go.temporal.io/sdk/temporal"

	"cchc/domain/document"
)

// TaskQueue is where the worker listens.
const TaskQueue = "documents"

// The names of the human tasks: signals by these names only say "look". Their
// payload, a decision's key, is for operators to read.
const (
	Drafting          = "Drafting"
	DivisionReview    = "DivisionReview"
	DirectorSigning   = "DirectorSigning"
	AuthorityDecision = "AuthorityDecision"
	Administration    = "Administration"
)

// Look is the one signal of a plan that lives, of an appraisal, and of an outage.
const Look = "Look"

// outageKind is the search attribute's kind of an outage.
const outageKind = "outage"

// The search attribute's stages of a plan that lives, and what stands before an
// appraisal's own.
const (
	planStage      = "tracking"
	appraisalStage = "appraisal_"
)

// tasks lists every signal a document listens to.
var tasks = []string{Drafting, DivisionReview, DirectorSigning, AuthorityDecision, Administration}

// taskOf names the human task of a stage.
func taskOf(stage document.Stage) string {
	switch stage {
	case document.Drafting:
		return Drafting
	case document.DivisionReview:
		return DivisionReview
	case document.Signing:
		return DirectorSigning
	case document.AuthorityReview:
		return AuthorityDecision
	}
	return Administration
}

// The search attributes that all kinds of documents share.
var (
	campaignKey = temporal.NewSearchAttributeKeyKeyword("Campaign")
	unitKey     = temporal.NewSearchAttributeKeyKeyword("UnitCode")
	kindKey     = temporal.NewSearchAttributeKeyKeyword("DocumentKind")
	stageKey    = temporal.NewSearchAttributeKeyKeyword("Stage")
	dueKey      = temporal.NewSearchAttributeKeyTime("DueAt")
	overdueKey  = temporal.NewSearchAttributeKeyBool("Overdue")
)
