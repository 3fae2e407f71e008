package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/google/uuid"
)

// parseForm reads a form whole or not at all: half of one must never be taken
// for what somebody wrote.
func parseForm(r *http.Request, needed ...string) error {
	if err := r.ParseForm(); err != nil {
		return errors.Join(err, errBadForm)
	}
	for _, name := range needed {
		if !r.PostForm.Has(name) {
			return errBadForm
		}
	}
	return nil
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
