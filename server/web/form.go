package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// parseForm reads a form whole or not at all: half of one must never be taken
// for what somebody wrote.
func parseForm(r *http.Request, needed ...string) error {
	if err := r.ParseForm(); err != nil {
		return errors.Join(err, errBadForm)
	}
	return hasAll(r.PostForm, needed)
}

// wantsJSON tells a script's request (autosave) from a form's.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

// answerJSON answers a script.
func answerJSON(w http.ResponseWriter, status int, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(text)
	return gone(err)
}

// formKey reads a form's idempotency key.
func formKey(r *http.Request) (uuid.UUID, error) {
	key, err := uuid.Parse(r.PostFormValue("key"))
	if err != nil {
		return uuid.Nil, errBadForm
	}
	return key, nil
}

// formWithFile reads a form whose file comes last: the fields, which r.PostForm then
// holds, and the file as it comes. So what was typed is there whatever is wrong with
// the file. No file chosen: its name is empty. Nothing that stands after the file is
// read.
func formWithFile(r *http.Request, needed ...string) (name string, file io.Reader, err error) {
	parts, err := r.MultipartReader()
	if err != nil { // a form without files
		return "", nil, parseForm(r, needed...)
	}
	r.PostForm = url.Values{}
	for {
		part, err := parts.NextPart()
		switch {
		case errors.Is(err, io.EOF):
			return "", nil, hasAll(r.PostForm, needed)
		case err != nil:
			return "", nil, fmt.Errorf("read form: %w", errors.Join(err, errBadForm))
		case part.FileName() != "":
			return part.FileName(), part, hasAll(r.PostForm, needed)
		}
		text, err := io.ReadAll(io.LimitReader(part, bodyLimit+1))
		if err != nil || len(text) > bodyLimit {
			return "", nil, fmt.Errorf("read form: %w", errors.Join(err, errBadForm))
		}
		r.PostForm.Add(part.FormName(), string(text))
	}
}

// hasAll refuses a form of which a field is missing.
func hasAll(form url.Values, needed []string) error {
	for _, name := range needed {
		if !form.Has(name) {
			return errBadForm
		}
	}
	return nil
}
