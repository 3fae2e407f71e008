package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"cchc/domain/outage"
	"cchc/post"
	"cchc/templates/bulletin"
)

// A box is where a record keeps the mails of one kind.
type box func(*record) *[]outage.Delivery

func told(r *record) *[]outage.Delivery { return &r.Told }

func asked(r *record) *[]outage.Delivery { return &r.Asked }

func back(r *record) *[]outage.Delivery { return &r.Back }

func notices(r *record) *[]outage.Delivery { return &r.Notice.Sent }

func allClears(r *record) *[]outage.Delivery { return &r.AllClear.Sent }

// batch is mails of one kind.
type batch struct {
	of    box
	files []file
	ready func(record, outage.Delivery) bool // nil: all are
	write func(outage.Delivery) (bulletin.Letter, error)
}

type file struct {
	name    string
	content []byte
}

// mail sends what of a batch is due, one mail after another over one line, and notes
// each right after the server's answer. A mail is sent at least once, and twice only
// where the program dies between the server's acceptance and the note.
func (w *watcher) mail(ctx context.Context, id string, b batch) error {
	if err := w.saveUnsaved(id, b.of); err != nil {
		return err // who has got a mail cannot be noted: nobody gets another one
	}
	if w.cfg.Mail.Address == "" || w.now().Before(w.mailNext) {
		return nil
	}
	var line *post.Line
	defer func() {
		if line != nil {
			line.Close()
		}
	}()
	for _, d := range w.dueOfBatch(id, b) {
		if ctx.Err() != nil {
			return nil
		}
		if line == nil {
			var err error
			if line, err = w.mails.Dial(ctx); err != nil {
				w.mailNext = w.now().Add(mailPause)
				return fmt.Errorf("reach mail server: %w", err)
			}
		}
		verdict, why := w.hand(line, b, d)
		if err := w.note(id, b.of, d, verdict, why); err != nil {
			return err
		}
		if verdict == post.Lost || verdict == post.Closed {
			w.mailNext = w.now().Add(mailPause)
			return fmt.Errorf("mail server: %w", why)
		}
	}
	return nil
}

func (w *watcher) dueOfBatch(id string, b batch) []outage.Delivery {
	r := w.records[id]
	now := w.now()
	var due []outage.Delivery
	for _, d := range *b.of(&r) {
		if !d.Settled() && !now.Before(d.Next) && (b.ready == nil || b.ready(r, d)) {
			due = append(due, d)
		}
	}
	return due
}

func (w *watcher) hand(line *post.Line, b batch, d outage.Delivery) (post.Verdict, error) {
	letter, err := b.write(d)
	if err != nil {
		return post.Refused, err
	}
	files := make([]post.File, len(b.files))
	for i, f := range b.files {
		files[i] = post.File{Name: f.name, Type: "application/pdf", Bytes: f.content}
	}
	return line.Send(post.Letter{
		Address: d.Mail, MessageID: d.MessageID, Subject: letter.Subject, Text: letter.Text, Files: files,
	})
}

// note keeps what became of a mail. What cannot be kept stays in memory, and nothing
// more is sent until it is.
func (w *watcher) note(id string, of box, d outage.Delivery, verdict post.Verdict, why error) error {
	if verdict == post.Closed {
		return nil // it costs the mail nothing
	}
	v := outcome{accepted: verdict == post.Accepted, refused: verdict == post.Refused, at: w.now()}
	if why != nil {
		v.why = why.Error()
	}
	if v.refused {
		w.log.Warn("mail refused", "to", d.Mail, "error", why)
	}
	w.unsaved[d.MessageID] = v
	return w.saveUnsaved(id, of)
}

func (w *watcher) saveUnsaved(id string, of box) error {
	r := w.records[id]
	mine := map[string]outcome{}
	for _, d := range *of(&r) {
		if v, there := w.unsaved[d.MessageID]; there {
			mine[d.MessageID] = v
		}
	}
	if len(mine) == 0 {
		return nil
	}
	err := w.change(id, func(r *record) error {
		all := *of(r)
		for i := range all {
			if v, there := mine[all[i].MessageID]; there && !all[i].Settled() {
				settle(&all[i], v, w.now())
			}
		}
		r.changed()
		return nil
	})
	if err == nil {
		maps.DeleteFunc(w.unsaved, func(message string, _ outcome) bool { _, there := mine[message]; return there })
	}
	return err
}

// callForHelp mails operators that the watcher itself is in trouble. It keeps nothing:
// the disk may be the trouble.
func (w *watcher) callForHelp(ctx context.Context, trouble error) {
	now := w.now()
	if w.cfg.Mail.Address == "" || now.Sub(w.troubled) < troubleEvery {
		return
	}
	line, err := w.mails.Dial(ctx)
	if err != nil {
		return // the log has it
	}
	defer line.Close()
	w.troubled = now
	for i, to := range w.alarmed() {
		letter, err := bulletin.ToMender(bulletin.Trouble{Name: to.Name, What: trouble.Error(), Made: now})
		if err != nil {
			w.log.Error("call for help", "error", err)
			return
		}
		_, err = line.Send(post.Letter{
			Name: to.Name, Address: to.Mail, Subject: letter.Subject, Text: letter.Text,
			MessageID: "trouble." + strconv.FormatInt(now.Unix(), 10) + "." + number(i) + "@" + w.mails.Domain(),
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			w.log.Error("call for help", "to", to.Mail, "error", err)
		}
	}
}

func number(n int) string { return strconv.Itoa(n) }
