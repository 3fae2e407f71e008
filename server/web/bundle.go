package web

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"cchc/bundle"
	"cchc/domain/document"
	"cchc/domain/staff"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// evidenceBundle sends the evidence of a revision as one file, made while it is sent:
// it takes the memory of a buffer, however large it is, and may be broken off and gone
// on with (Range).
func (s *Server) evidenceBundle(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	revision, err := number(r, "revision")
	if err != nil {
		return err
	}
	v, err := s.store.DocumentView(r.Context(), actor.Reads(), documentID(r))
	if err != nil {
		return err
	}
	if !v.Reading().Opens(int(revision), belongs(actor, v.Unit.Code)) {
		return storage.ErrNotFound
	}
	b, err := s.bundles.Seal(r.Context(), v.ID, int(revision))
	if err != nil {
		return err
	}
	archive, err := s.bundles.Open(r.Context(), b)
	if err != nil {
		return err
	}
	reader := archive.Reader()
	defer func() { _ = reader.Close() }()
	name := fmt.Sprintf("minh-chung-%s-%d.zip", v.ID, b.Revision)
	if err := s.audit(r, storage.AuditDownload, v.ID, map[string]any{"file": name, "hash": b.Hash}); err != nil {
		return err
	}
	disposition(w, "attachment", name, "application/zip")
	w.Header().Set("ETag", `"`+b.Hash+`"`)
	http.ServeContent(unhurried{w, http.NewResponseController(w)}, r, "", *b.SealedAt, reader)
	return nil
}

// unhurried gives each piece of a long answer its own time: a slow line may take
// hours, a reader who takes nothing is let go.
type unhurried struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (u unhurried) Write(piece []byte) (int, error) {
	if err := u.control.SetWriteDeadline(time.Now().Add(slowestPiece)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return u.ResponseWriter.Write(piece)
}

// slowestPiece is how long a few kilobytes may take.
const slowestPiece = time.Minute

// bundlesOf reads what is known of a self-assessment's evidence, by revision.
func (s *Server) bundlesOf(r *http.Request, d *dossier) (map[int]storage.Bundle, error) {
	if d.Kind != document.Index {
		return nil, nil
	}
	return s.store.Bundles(r.Context(), d.ID)
}

// bundleFile is a revision's evidence among the files of the page; nil: it has none.
func bundleFile(d *dossier, bundles map[int]storage.Bundle, revision int) []templates.File {
	b, there := bundles[revision]
	if !there {
		return nil
	}
	file := templates.File{Label: words.Bundle(revision), Icon: "collection", URL: fmt.Sprintf("/documents/%s/bundle/%d.zip", d.ID, revision)}
	switch {
	case b.Sealed():
		file.About, file.Hash = words.BundleAbout(b.Files-bundle.Own, b.Size), b.Hash
	case b.Problem != "":
		file.About = b.Problem
	default:
		file.About = words.BundleWaiting
	}
	return []templates.File{file}
}
