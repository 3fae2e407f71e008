package activities

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/activity"

	"cchc/domain/outage"
	"cchc/paper"
	"cchc/storage"
	"cchc/templates/bulletin"
	"cchc/templates/words"
)

// OutageState is how an outage stands: identifiers, instants and steps only.
type OutageState = storage.OutageState

// OutageLook is the input of RecordOutage.
type OutageLook struct {
	Outage int64
	Passed time.Time // the instant of the timer that rang; zero: none
}

// OutageStep is a step of an outage's course that is to be carried out.
type OutageStep struct {
	Outage int64
	Notice int64 // 0: none yet
	Step   outage.Step
}

// RecordOutage walks the outage to the instant and says what comes next.
func (a *Activities) RecordOutage(ctx context.Context, in OutageLook) (OutageState, error) {
	state, err := a.Store.RecordOutage(ctx, in.Outage, in.Passed, activity.GetInfo(ctx).WorkflowExecution.RunID)
	if errors.Is(err, storage.ErrNotFound) {
		// A workflow without its row: a forged start. It has nothing to do.
		return OutageState{Step: outage.Over, Phase: storage.PhaseClosed}, nil
	}
	return state, err
}

// WriteOutageNotice drafts the notice or the all-clear, or words the draft anew. What
// an officer has written is kept, and the end of the outage told after it.
func (a *Activities) WriteOutageNotice(ctx context.Context, in OutageStep) error {
	w, err := a.outageWriting(ctx, in)
	if err != nil {
		return err
	}
	kind, over := outage.TheNotice, 0
	if in.Step == outage.WriteAllClear {
		kind = outage.AllClear
	}
	if w.draft != nil {
		over = w.draft.Version
	}
	return a.Store.SaveOutageDraft(ctx, in.Outage, kind, over, w.notice(kind), !w.Span().Open())
}

// outageWriting is what a notice is written from.
type outageWriting struct {
	storage.Outage
	handling storage.OutageHandling
	head     outage.Letterhead
	draft    *storage.OutageNotice // the one that is to be worded anew; nil: none
	earlier  string                // the number of the notice that an all-clear follows
	now      time.Time
}

func (a *Activities) outageWriting(ctx context.Context, in OutageStep) (w outageWriting, err error) {
	if w.Outage, err = a.Store.Outage(ctx, in.Outage); err != nil {
		return w, err
	}
	if w.handling, err = a.Store.OutageHandling(ctx); err != nil {
		return w, err
	}
	if w.head, err = a.Store.OutageLetterhead(ctx, w.handling); err != nil {
		return w, err
	}
	notices, err := a.Store.OutageNotices(ctx, in.Outage)
	if err != nil {
		return w, err
	}
	for _, n := range notices {
		if n.ID == in.Notice {
			w.draft = &n
		}
		if n.Kind == outage.TheNotice && n.PublishedAt != nil {
			w.earlier = n.Number
		}
	}
	w.now, err = a.Store.Now(ctx)
	return w, err
}

func (w outageWriting) notice(kind outage.NoticeKind) outage.Notice {
	if w.draft != nil && w.draft.EditedBy != "" {
		return w.edited()
	}
	title, text := bulletin.Write(w.event(kind))
	n := outage.Notice{Title: title, Text: text}
	if w.draft != nil {
		n.Number = w.draft.Number
	}
	return n
}

// edited is the draft in the officer's own words, and after them how it stands now.
func (w outageWriting) edited() outage.Notice {
	n := w.draft.Notice
	n.Text = slices.DeleteFunc(slices.Clone(n.Text), words.SaysUsableAgain)
	switch {
	case !w.Span().Open():
		n.Text = append(n.Text, words.UsableAgain(w.Span().To))
	case len(n.Text) == len(w.draft.Text): // the officer knew that it was over, and wrote so
		n.Text = append(n.Text, words.StoppedAnew(w.now))
	}
	return n
}

func (w outageWriting) event(kind outage.NoticeKind) bulletin.Event {
	e := bulletin.Event{
		Kind: bulletin.Stopped, Span: w.Span(), Made: w.now, Note: w.What + "\n" + w.Advice, Letterhead: w.head,
		Help: w.handling.Help(),
	}
	if w.ExpectedAt != nil {
		e.Until = *w.ExpectedAt
	}
	switch {
	case kind == outage.AllClear && w.Kind == outage.AtRisk:
		e.Kind, e.Earlier, e.Note = bulletin.RiskOver, w.earlier, ""
	case kind == outage.AllClear || w.Kind == outage.Stopped && !w.Span().Open():
		e.Kind, e.Earlier, e.Note = bulletin.AllClear, w.earlier, ""
	case w.Kind == outage.AtRisk:
		e.Kind = bulletin.Risk
	default:
		e.Days = w.handling.Rule.Days
	}
	return e
}

// PublishOutageNotice prints the notice and publishes it: the bell and the mails of
// all units' people are written with it.
func (a *Activities) PublishOutageNotice(ctx context.Context, in OutageStep) error {
	n, err := a.Store.OutageNotice(ctx, in.Notice)
	if err != nil {
		return err
	}
	if n.Released, err = a.Store.Now(ctx); err != nil {
		return err
	}
	pdf, err := a.printNotice(ctx, n)
	if err != nil {
		return err
	}
	return a.Store.PublishOutageNotice(ctx, n.ID, n.Hash, pdf)
}

// printNotice is the notice on paper; nil where the letterhead lacks what no print can
// do without: units are told all the same.
func (a *Activities) printNotice(ctx context.Context, n storage.OutageNotice) ([]byte, error) {
	h, err := a.Store.OutageHandling(ctx)
	if err != nil {
		return nil, err
	}
	head, err := a.Store.OutageLetterhead(ctx, h)
	if err != nil {
		return nil, err
	}
	print, err := paper.Render(paper.Announcement(head, n.Notice, words.AnnouncementCopies()))
	if err != nil {
		activity.GetLogger(ctx).Error("notice goes without a print", "notice", n.ID, "error", err)
		return nil, nil
	}
	return print.PDF, nil
}

// printMissing prints what was published without a print: the separate watcher hands
// over words alone.
func (a *Activities) printMissing(ctx context.Context, announced []storage.OutageNotice) error {
	for i, n := range announced {
		if n.PDFHash != "" {
			continue
		}
		pdf, err := a.printNotice(ctx, n)
		if err != nil {
			return err
		}
		if pdf == nil {
			continue
		}
		if announced[i].PDFHash, err = a.Store.AddNoticePrint(ctx, n.ID, pdf); err != nil {
			return err
		}
	}
	return nil
}

// mostAnnounced is how many announcements the page and the feed hold.
const mostAnnounced = 50

// PostOutageNotice writes the page, the feed and the prints of what has been published
// into the board's folder. Each file is exchanged as a whole.
func (a *Activities) PostOutageNotice(ctx context.Context, in OutageStep) error {
	announced, err := a.Store.Announcements(ctx, mostAnnounced)
	if err != nil {
		return err
	}
	if err := a.printMissing(ctx, announced); err != nil {
		return err
	}
	agency, err := a.Store.Unit(ctx, a.Store.Authority())
	if err != nil {
		return err
	}
	h, err := a.Store.OutageHandling(ctx)
	if err != nil {
		return err
	}
	now, err := a.Store.Now(ctx)
	if err != nil {
		return err
	}
	state := bulletin.State{Agency: agency.Name, System: a.Board.Public.String(), Site: h.SiteURL, Made: now}
	print := func(n storage.OutageNotice) ([]byte, error) { return a.Store.ReadFile(n.PDFHash) }
	if err := a.Board.Post(state, announced, print); err != nil {
		return err
	}
	return a.Store.MarkOutagePosted(ctx, in.Notice)
}
