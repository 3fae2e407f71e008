package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"cchc/domain/document"
)

// event is one line of a document's history. The key makes a second try of the
// same event no event.
type event struct {
	Document  string
	Key       string
	At        time.Time
	Event     string
	Person    *int64
	Role      string
	Unit      *string
	Revision  int
	FromStage document.Stage
	ToStage   document.Stage
	Reason    string
	Detail    map[string]any
}

func (r *recorder) remember(ctx context.Context, e event) error {
	return addHistory(ctx, r.tx, e)
}

func addHistory(ctx context.Context, tx sqlx.ExecerContext, e event) error {
	const insert = `
		insert into history (document_id, key, at, event, person_id, role, unit_code,
			revision, from_stage, to_stage, reason, detail)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (key) do nothing`
	if e.Detail == nil {
		e.Detail = map[string]any{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("write history: %w", err)
	}
	_, err = tx.ExecContext(ctx, insert, e.Document, e.Key, e.At, e.Event, e.Person, e.Role,
		e.Unit, e.Revision, e.FromStage, e.ToStage, e.Reason, string(detail))
	return wrap("write history", err)
}

// decided is the history of an applied decision.
func decided(doc *lockedDocument, d decisionRow, from document.Stage) event {
	line := event{
		Document: doc.ID, Key: fmt.Sprintf("decision:%d", d.ID), At: d.ReceivedAt,
		Event: string(d.Action), Person: &d.Person, Role: d.Role, Unit: &d.Unit,
		Revision: doc.Revision, FromStage: from, ToStage: doc.Stage, Reason: d.Reason,
		Detail: map[string]any{"due": told(doc, d.Action).Unix()},
	}
	if d.Outage != nil {
		line.Detail["outage"] = *d.Outage
	}
	return line
}

// duePassed is the system move of the due instant; the instant is its time.
func duePassed(doc *lockedDocument, at time.Time) event {
	return event{
		Document: doc.ID, Key: fmt.Sprintf("%s:due:%d", doc.ID, at.Unix()), At: at,
		Event: "due_passed", Revision: doc.Revision, FromStage: doc.Stage, ToStage: doc.Stage,
		Detail: map[string]any{"due": at.Unix()},
	}
}
