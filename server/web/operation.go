package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

const (
	operationsPath = "/operations"
	// stuckRows is how many rows of each kind an operator is shown.
	stuckRows = 50
	// reasonMost is the longest reason, in letters.
	reasonMost = 500
)

// showOperations is what is stuck: decisions without an answer, workflows that do
// not call, people who cannot be reached. It shows nothing of any content.
func (s *Server) showOperations(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	page, err := s.operationsPage(r, r.URL.Query().Get("document"), r.URL.Query().Get("check") != "")
	if err != nil {
		return err
	}
	return s.show(w, "operations/show", page)
}

func (s *Server) operationsPage(r *http.Request, chosen string, check bool) (templates.OperationsPage, error) {
	ctx := r.Context()
	page := templates.OperationsPage{
		Shell: s.shell(r, templates.TitleOperations, templates.AtOperator), Key: newKey(), Checked: check, Query: chosen,
	}
	now, err := s.store.Now(ctx)
	if err != nil {
		return page, err
	}
	v := operationView{Server: s, ctx: ctx, now: now, check: check, known: map[string]*templates.Chip{}}
	if chosen = strings.TrimSpace(chosen); chosen != "" {
		one, err := s.store.OperatedDocument(ctx, chosen)
		page.Missing = errors.Is(err, storage.ErrNotFound)
		if err != nil && !page.Missing {
			return page, err
		}
		if !page.Missing {
			v.check = true // one question
			row := v.document(one)
			page.Chosen, v.check = &row, check
		}
	}
	if err := v.fill(&page); err != nil {
		return page, err
	}
	page.AllWell = len(page.Unanswered)+len(page.Failed)+len(page.Stuck)+len(page.Silent)+len(page.Desks)+len(page.Addresses) == 0
	return page, nil
}

// operationView makes the rows of the page; an engine that does not answer is
// asked once.
type operationView struct {
	*Server
	ctx    context.Context
	now    time.Time
	check  bool
	failed bool
	known  map[string]*templates.Chip
}

func (v *operationView) fill(page *templates.OperationsPage) error {
	counts, err := v.store.OpenCounts(v.ctx)
	if err != nil {
		return err
	}
	page.Counts = templates.OperationCounts(counts.Documents, counts.Unanswered, counts.Mails, counts.Bundles)
	waiting, err := v.store.UnansweredDecisions(v.ctx, stuckRows)
	if err != nil {
		return err
	}
	page.Unanswered = v.decisions(waiting)
	failed, err := v.store.FailedDecisions(v.ctx, stuckRows)
	if err != nil {
		return err
	}
	page.Failed = v.decisions(failed)
	stuck, err := v.store.StuckItems(v.ctx, stuckRows)
	if err != nil {
		return err
	}
	for _, one := range stuck {
		page.Stuck = append(page.Stuck, templates.StuckRow{
			Document: one.Document, Campaign: one.Campaign, Kind: templates.StuckKind(one.Outage), Made: one.MadeAt,
			Failures: one.Failures, Next: templates.StuckNext(one.RetryAt, v.now),
		})
	}
	silent, all, err := v.store.SilentDocuments(v.ctx, stuckRows)
	if err != nil {
		return err
	}
	page.SilentAll = all
	for _, one := range silent {
		page.Silent = append(page.Silent, v.document(one))
	}
	return v.unreached(page)
}

func (v *operationView) unreached(page *templates.OperationsPage) error {
	desks, err := v.store.LostNotices(v.ctx)
	if err != nil {
		return err
	}
	for _, one := range desks {
		page.Desks = append(page.Desks, templates.UnreachedDesk{
			Unit: one.UnitName, Role: words.Role(one.Role), Why: templates.UnreachedWhy(one.Nobody, one.NoAddress),
			Count: one.Nobody + one.NoAddress, Since: one.Since,
		})
	}
	refused, err := v.store.FailedMails(v.ctx, stuckRows)
	if err != nil {
		return err
	}
	for _, one := range refused {
		page.Addresses = append(page.Addresses, templates.RefusedAddress{
			Name: one.Name, Address: one.Address, Answer: one.Error, At: one.CreatedAt,
		})
	}
	return nil
}

func (v *operationView) decisions(rows []storage.UnansweredDecision) []templates.DecisionRow {
	var out []templates.DecisionRow
	for _, one := range rows {
		action, role := templates.DecisionAction(one.Action, one.Role)
		row := templates.DecisionRow{
			Document: one.Document, URL: chooseDocument(one.Document), Action: action, Role: role,
			Received: one.ReceivedAt, Age: words.Ago(one.ReceivedAt, v.now), Failures: one.Failures, Relayed: one.Relayed,
		}
		if one.AnsweredAt == nil {
			row.Known = v.knows(one.Document)
		}
		out = append(out, row)
	}
	return out
}

func chooseDocument(id string) string {
	return operationsPath + "?document=" + url.QueryEscape(id)
}

func (v *operationView) document(one storage.OperatedDocument) templates.OperatedRow {
	row := templates.OperatedRow{
		Document: one.Document, URL: chooseDocument(one.Document), Status: one.Status,
		Expected: templates.NobodyIsAsked, Relayed: one.Relayed, Waiting: one.Waiting,
	}
	if one.WakeAt != nil {
		row.Expected = words.Moment(*one.WakeAt)
	}
	row.Engine, row.Gone = v.engineLink(one.Document, one.RunID, one.ClosedAt, v.now)
	if one.ClosedAt == nil {
		row.Known = v.knows(one.Document)
	}
	return row
}

// engineLink is where the engine's own pages show the run, or why there is none.
func (s *Server) engineLink(id, run string, closed *time.Time, now time.Time) (link, why string) {
	switch {
	case s.workflowURL == nil:
		return "", templates.EngineNoPages
	case run == "":
		return "", templates.EngineNotBegun
	case closed != nil && s.engine.Retention > 0 && now.After(closed.Add(s.engine.Retention)):
		return "", templates.EngineRetention
	}
	return s.workflowURL(id, run), ""
}

// knows asks the engine about a document; nil when it was not to be asked.
func (v *operationView) knows(id string) *templates.Chip {
	if !v.check || v.engine.Knows == nil {
		return nil
	}
	if chip, asked := v.known[id]; asked {
		return chip
	}
	if v.failed { // it was just away: every further question would wait as long
		return templates.KnownChip(false, true)
	}
	ctx, cancel := context.WithTimeout(v.ctx, enginePatience)
	defer cancel()
	runs, err := v.engine.Knows(ctx, id)
	if v.failed = err != nil; v.failed {
		v.log.WarnContext(ctx, "engine not reached", "document", id, "error", err)
	}
	v.known[id] = templates.KnownChip(runs, err != nil)
	return v.known[id]
}

// wake asks the relay to wake one document's workflow, or those of all open ones.
// It changes nothing in any document; who asked and why is audited.
func (s *Server) wake(w http.ResponseWriter, r *http.Request, _ staff.Actor) error {
	if err := parseForm(r, "reason"); err != nil {
		return err
	}
	id := strings.TrimSpace(r.PostForm.Get("document"))
	reason := strings.TrimSpace(r.PostForm.Get("reason"))
	if reason == "" || utf8.RuneCountInString(reason) > reasonMost {
		page, err := s.operationsPage(r, id, false)
		if err != nil {
			return err
		}
		page.Reason, page.Errors = reason, rule.Broken(storage.WakeReasonMissing, "reason")
		return s.showBroken(w, "operations/show", page)
	}
	banner, err := s.wakeWhat(r, id, reason)
	if err != nil {
		return err
	}
	if err := s.flash(r, banner); err != nil {
		return err
	}
	if id != "" {
		return goTo(w, r, chooseDocument(id))
	}
	return goTo(w, r, operationsPath)
}

func (s *Server) wakeWhat(r *http.Request, id, reason string) (templates.Flash, error) {
	v := visitOf(r.Context())
	if id != "" {
		err := s.store.WakeDocument(r.Context(), id, storage.Audit{
			Person: v.account.Person, Username: v.account.Username, Detail: map[string]any{"reason": reason},
			Address: clientAddress(r), Request: v.id,
		})
		return templates.WokenFlash(id), err
	}
	// The line is written first: an act without its evidence must not happen.
	if err := s.audit(r, storage.AuditWoken, "", map[string]any{"reason": reason}); err != nil {
		return templates.Flash{}, err
	}
	n, err := s.store.WakeOpen(r.Context())
	return templates.AllWokenFlash(n), err
}
