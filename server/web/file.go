package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"cchc/domain/document"
	"cchc/domain/rule"
	"cchc/domain/staff"
	"cchc/paper"
	"cchc/server/notary"
	"cchc/storage"
	"cchc/templates"
	"cchc/templates/words"
)

// uploadLimit is a file of the greatest size with what a form puts around it.
const uploadLimit = storage.MaxUpload + bodyLimit

// showFiles lists what is attached to the draft.
func (s *Server) showFiles(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	return s.filesPage(w, r, actor, nil)
}

func (s *Server) filesPage(w http.ResponseWriter, r *http.Request, actor staff.Actor, broken rule.Errors) error {
	d, err := s.dossier(r, actor)
	if err != nil {
		return err
	}
	draft, err := s.store.Draft(r.Context(), d.ID)
	if err != nil {
		return err
	}
	limit, err := s.store.FileLimit(r.Context(), d.Kind)
	if err != nil {
		return err
	}
	page := templates.FilesPage{
		Shell: s.shellOf(r, d, words.TitleFiles), Document: d.head(), Key: newKey(), Evidence: d.Kind == document.Index,
		Accept: storage.UploadAccept, MaxSize: words.Size(storage.MaxUpload), MaxFiles: limit.Files, MaxTogether: words.Size(limit.Bytes),
		Held: words.FilesHeld(len(draft.Files), bytesOf(draft.Files)),
	}
	page.Errors = broken
	for _, file := range draft.Files {
		page.Files = append(page.Files, templates.AttachedFile{
			Name: file.Name, About: words.AttachedAbout(file.Size, file.By, file.At, d.Now), Key: newKey(),
			URL: "/documents/" + d.ID + "/files/" + file.Hash, Hash: file.Hash,
		})
	}
	if broken != nil {
		return s.showBroken(w, "document/files", page)
	}
	return s.show(w, "document/files", page)
}

// bytesOf is how much files are together.
func bytesOf(files []storage.DraftFile) (sum int64) {
	for _, file := range files {
		sum += file.Size
	}
	return sum
}

// uploadFile attaches one file: of the plain form, or one of several that a script
// sends one after the other. The body is read as it comes and never larger than
// allowed; a body that is larger is answered like a file that is.
func (s *Server) uploadFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	id := chi.URLParam(r, "id")
	name, file, err := uploaded(r)
	if err == nil {
		_, err = s.store.AddDraftFile(r.Context(), id, name, file, actor)
	}
	err = fileTooBig(err, name)
	if broken := brokenIn(err); broken != nil {
		if wantsJSON(r) {
			return answerJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": messages(broken)})
		}
		if broken[0].Field == "" {
			return s.notTaken(w, r, actor, broken)
		}
		return s.filesPage(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	if wantsJSON(r) {
		return answerJSON(w, http.StatusOK, map[string]any{"name": name})
	}
	return goTo(w, r, withList("/documents/"+id+"/files", cameFrom(r)))
}

// uploaded finds the form's file without keeping it in memory or on disk.
func uploaded(r *http.Request) (string, io.Reader, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, rule.Broken(storage.FileMissing, "file")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, rule.Broken(storage.FileMissing, "file")
		}
		if err != nil {
			return "", nil, fmt.Errorf("read upload: %w", errors.Join(err, errBadForm))
		}
		if part.FormName() == "file" {
			return part.FileName(), part, nil
		}
	}
}

// fileTooBig answers a body that is larger than the route allows like a file that is.
func fileTooBig(err error, name string) error { return tooBig(err, name, storage.MaxUpload) }

// tooBig is fileTooBig for files of at most so many bytes.
func tooBig(err error, name string, most int64) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return rule.Broken(storage.FileTooBig, "file", name, most>>20)
	}
	return err
}

// removeFile takes a file off the draft.
func (s *Server) removeFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	id := chi.URLParam(r, "id")
	err := s.store.RemoveDraftFile(r.Context(), id, r.PostFormValue("hash"), actor)
	if broken := brokenIn(err); broken != nil {
		return s.notTaken(w, r, actor, broken)
	}
	if err != nil {
		return err
	}
	return goTo(w, r, withList("/documents/"+id+"/files", cameFrom(r)))
}

// attachedFile sends an attached file to be saved, never to be shown here.
func (s *Server) attachedFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.store.DocumentView(r.Context(), actor.Reads(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	own := (&dossier{DocumentView: d, actor: actor}).ownPeople()
	file, err := s.store.DocumentFile(r.Context(), d.ID, chi.URLParam(r, "hash"), own)
	if err != nil {
		return err
	}
	return s.sendKept(w, r, d.ID, file.Hash, file.Name, file.MediaType)
}

// issuedFile sends a signed file that is issued.
func (s *Server) issuedFile(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	d, err := s.store.DocumentView(r.Context(), actor.Reads(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	files, err := s.store.IssuedFiles(r.Context(), d.ID)
	if err != nil {
		return err
	}
	for _, file := range files {
		if strconv.Itoa(file.Revision) == chi.URLParam(r, "revision") && file.SignedHash != nil {
			name := strings.ReplaceAll(file.NumberText(), "/", "-") + ".pdf"
			return s.sendKept(w, r, d.ID, *file.SignedHash, name, "application/pdf")
		}
	}
	return storage.ErrNotFound
}

// sendKept sends a kept file as a download and writes its line in the audit (QĐ
// 1439 Đ5). The line comes first: no download without it.
func (s *Server) sendKept(w http.ResponseWriter, r *http.Request, id, hash, name, mediaType string) error {
	file, err := s.store.OpenFile(hash)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	if err := s.audit(r, storage.AuditDownload, id, map[string]any{"file": name, "hash": hash}); err != nil {
		return err
	}
	disposition(w, "attachment", name, mediaType)
	http.ServeContent(w, r, "", time.Time{}, file)
	return nil
}

func disposition(w http.ResponseWriter, kind, name, mediaType string) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(kind, map[string]string{"filename": name}))
}

// printDocument prints a revision, or the draft for those who write it, without
// signing anything; of a plan also what an adjustment has made of it.
func (s *Server) printDocument(w http.ResponseWriter, r *http.Request, actor staff.Actor) error {
	ctx := r.Context()
	v, err := s.store.DocumentView(ctx, actor.Reads(), chi.URLParam(r, "id"))
	if err != nil {
		return err
	}
	content, err := s.printable(r, v, actor)
	if err != nil {
		return err
	}
	if directors, err := s.store.PeopleAt(ctx, v.Unit.Code, staff.Director); err != nil {
		return err
	} else if len(directors) == 1 {
		content.Signer = directors[0].Name
	}
	layout, err := Report(v, content.Checked, content.Numbered, content.created)
	if err != nil {
		return err
	}
	if content.adjusted != nil {
		asAdjusted(&layout, *content.adjusted)
	}
	printed, err := paper.Render(layout)
	if err != nil {
		return err
	}
	name := paper.Filename(layout)
	if err := s.audit(r, storage.AuditDownload, v.ID, map[string]any{"file": name}); err != nil {
		return err
	}
	disposition(w, "inline", name, "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(printed.PDF)))
	_, err = w.Write(printed.PDF)
	return gone(err)
}

// printing is a content as it goes on paper.
type printing struct {
	storage.Checked
	notary.Numbered
	created  time.Time
	adjusted *storage.AdjustedPlan // whose table it has; nil: its own
}

// printable is the revision or adjustment asked for, else the draft where the reader
// may see it, else the newest revision open to them.
func (s *Server) printable(r *http.Request, v storage.DocumentView, actor staff.Actor) (printing, error) {
	ctx, q := r.Context(), r.URL.Query()
	own := (&dossier{DocumentView: v, actor: actor}).ownPeople()
	switch revision, adjusted := q.Get("revision"), q.Get("adjusted"); {
	case adjusted != "":
		n, err := strconv.Atoi(adjusted)
		if err != nil {
			return printing{}, storage.ErrNotFound
		}
		return s.printableAdjusted(ctx, v, n)
	case revision != "":
		number, err := strconv.Atoi(revision)
		if err != nil || !v.Reading().Opens(number, own) {
			return printing{}, storage.ErrNotFound
		}
		return s.printableRevision(ctx, v, number)
	case own && v.Stage == document.Drafting:
		draft, err := s.store.Draft(ctx, v.ID)
		created := draft.Touched
		if created.IsZero() {
			created = v.CreatedAt
		}
		return printing{Checked: draft.Checked(), created: created}, err
	}
	number := v.Reading().Newest(own)
	if !v.Reading().Opens(number, own) {
		return printing{}, storage.ErrNotFound
	}
	return s.printableRevision(ctx, v, number)
}

func (s *Server) printableRevision(ctx context.Context, v storage.DocumentView, number int) (printing, error) {
	revision, err := s.store.Revision(ctx, v.ID, number)
	if err != nil {
		return printing{}, err
	}
	checked, err := s.store.Checked(ctx, v, revision)
	return printing{Checked: checked, created: revision.SubmittedAt}, err
}

// printableAdjusted is what everybody who reads the plan may read: an adjustment in
// force changes a revision that was approved.
func (s *Server) printableAdjusted(ctx context.Context, v storage.DocumentView, n int) (printing, error) {
	adjusted, err := s.store.AdjustedPlan(ctx, v.ID, n)
	if err != nil {
		return printing{}, err
	}
	content, err := s.printableRevision(ctx, v, adjusted.Revision)
	if err != nil {
		return printing{}, err
	}
	issued, err := s.store.IssuedFiles(ctx, v.ID)
	if err != nil {
		return printing{}, err
	}
	for _, one := range issued {
		if one.Revision == adjusted.Revision {
			content.Number, content.Date = one.NumberText(), one.Date
		}
	}
	content.Content.Tasks, content.adjusted, content.created = adjusted.Tasks, &adjusted, adjusted.Since
	return content, nil
}
