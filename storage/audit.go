package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Audit is one line of the evidence of who did what from where: sign-ins,
// refusals, downloads, account changes. Decisions have their own rows.
type Audit struct {
	Person   int64  // 0: nobody was signed in
	Username string // as typed, when nobody was
	Action   string // one of the Audit... constants
	Object   string // what it was about: a path, a document, a username
	Detail   map[string]any
	Address  string // network address of the client
	Request  string // request id, as in the log
}

// What audit rows tell of.
const (
	AuditSignIn         = "sign_in"
	AuditSignInFailed   = "sign_in_failed"
	AuditSignInLocked   = "sign_in_locked"
	AuditSignOut        = "sign_out"
	AuditRefused        = "refused" // 403 (QĐ 1439 Đ5.1)
	AuditDownload       = "download"
	AuditActivated      = "activated"
	AuditPassword       = "password_changed"
	AuditImported       = "people_imported"
	AuditReissued       = "code_reissued"
	AuditClosed         = "account_closed"
	AuditPositionAdded  = "position_added"
	AuditPositionEnded  = "position_ended"
	AuditCause          = "cause_noted"
	AuditCalendar       = "calendar_changed"
	AuditCityPlan       = "city_plan_named" // or is named no more; with the unit before and after, and why
	AuditFirstLook      = "first_look"      // the guided first look was closed or opened again
	AuditFormEdited     = "form_edited"     // a draft was opened
	AuditFormDiscarded  = "form_discarded"
	AuditFormPublished  = "form_published"
	AuditFormRetired    = "form_retired"
	AuditFormRestored   = "form_restored"
	AuditSurvey         = "survey_imported"
	AuditExtra          = "score_extra_added" // a bonus or a penalty
	AuditExtraWithdrawn = "score_extra_withdrawn"
	AuditRankGroups     = "rank_groups_changed" // in which groups units are ranked
	AuditIndexPublished = "index_published"
	AuditLadder         = "reminder_ladder" // the steps of a kind of work before and after, and why

	AuditAppraisalSchedule = "appraisal_schedule" // of a campaign, its rounds before and after

	AuditSigningRefused = "signing_refused" // a wrong key password, an unusable certificate
)

// AddAudit writes one line.
func (s *Store) AddAudit(ctx context.Context, a Audit) error {
	return addAudit(ctx, s.db, a)
}

func addAudit(ctx context.Context, db sqlx.ExecerContext, a Audit) error {
	const add = `
		insert into audit (person_id, username, action, object, detail, address, request)
		values (nullif($1, 0), $2, $3, $4, $5, $6, $7)`
	detail := []byte("{}")
	if len(a.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(a.Detail); err != nil {
			return fmt.Errorf("write audit: %w", err)
		}
	}
	_, err := db.ExecContext(ctx, add, a.Person, a.Username, a.Action, a.Object, detail, a.Address, a.Request)
	return wrap("write audit", err)
}
