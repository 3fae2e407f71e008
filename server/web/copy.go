package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"cchc/domain/prose"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// copyEarlier takes the narrative of the period before into every blank part.
func (s *Server) copyEarlier(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	id := documentID(r)
	earlier, err := s.store.Earlier(r.Context(), id)
	if err != nil {
		return err
	}
	changed, err := s.store.CopyEarlier(r.Context(), id, "", actor)
	if broken := brokenIn(err); broken != nil {
		return s.notTaken(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	flash := templates.Flash{Tone: templates.ToneOK}
	flash.Text, flash.More = words.Copied(periodShort(earlier.Period), len(changed))
	if err := s.flash(r, flash); err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+id, cameFrom(r)))
}

// bringUpToDate is what else a part's form was sent for, after its text has been
// saved: to take the text of the period before, or to confirm copied paragraphs.
func (s *Server) bringUpToDate(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	id, section := documentID(r), chi.URLParam(r, "code")
	var err error
	if r.PostForm.Has("copy") {
		_, err = s.store.CopyEarlier(r.Context(), id, section, actor)
	} else {
		var hashes []string // all of the part's
		if one := r.PostFormValue("confirm"); one != "all" {
			hashes = []string{one}
		}
		err = s.store.ConfirmCopied(r.Context(), id, section, hashes, actor)
	}
	if broken := brokenIn(err); broken != nil {
		return s.notTaken(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+id+"/sections/"+section, cameFrom(r))+"#stale")
}

// tellSaved answers autosave. A page that shows copied paragraphs also hears
// which are left.
func (s *Server) tellSaved(w http.ResponseWriter, r *http.Request, text string, saved storage.Saved) error {
	answer := map[string]any{"version": saved.Version, "saved": savedWhen(saved.At, saved.At)}
	if r.PostForm.Has("copied") {
		stale, err := s.store.StaleIn(r.Context(), documentID(r), chi.URLParam(r, "code"), storage.CleanText(text))
		if err != nil {
			return err
		}
		answer["stale"] = stale
	}
	return answerJSON(w, http.StatusOK, answer)
}

// earlierOf is what the unit wrote into the part in the period before; nil for
// nothing.
func earlierOf(report *storage.EarlierReport, section, stands string) *templates.EarlierText {
	if report == nil || report.Sections[section] == "" {
		return nil
	}
	text := prose.Parse(report.Sections[section])
	earlier := &templates.EarlierText{
		Period: periodShort(report.Period), Text: report.Sections[section], URL: "/documents/" + report.Document,
		Words: text.Words(), Copied: true,
	}
	known := map[string]bool{}
	for _, block := range prose.Parse(stands) {
		known[block.Fingerprint()] = true
	}
	for _, block := range text {
		earlier.Copied = earlier.Copied && known[block.Fingerprint()]
	}
	return earlier
}

func staleTexts(blocks []prose.Block) []templates.StaleText {
	stale := make([]templates.StaleText, len(blocks))
	for i, text := range quotes(blocks) {
		stale[i] = templates.StaleText{Hash: blocks[i].Fingerprint(), Text: text}
	}
	return stale
}

// quotes are the blocks' words, each on one line.
func quotes(blocks []prose.Block) []string {
	texts := make([]string, len(blocks))
	for i, block := range blocks {
		texts[i] = strings.Join(strings.Fields(prose.Text{block}.Plain()), " ")
	}
	return texts
}
