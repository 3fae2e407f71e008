package web

import (
	"net/http"
	"net/url"
	"strings"

	"cchc/domain/form"
	"cchc/templates"
)

// A form that comes after its session has ended is not lost: the sign-in page
// carries it, and after signing in the reader sends it on. It travels in the
// pages alone; nothing of it is stored.
const (
	keptPath = "kept_path"
	keptForm = "kept_form"
	author   = "author" // field of a form: the username of who types into it
)

// keptOf takes what was typed from a form that cannot be accepted now; nil when
// there is nothing worth keeping. Secrets are left out: they are asked again.
func keptOf(r *http.Request) *templates.KeptForm {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.ParseForm() != nil {
		return nil
	}
	kept, typed := url.Values{}, false
	for name, values := range r.PostForm {
		if secret(name) {
			continue
		}
		kept[name] = values
		typed = typed || name != "key" && strings.Join(values, "") != ""
	}
	path, encoded := localPath(r.URL.RequestURI()), kept.Encode()
	if !typed || path == "/" || len(encoded) > bodyLimit {
		return nil
	}
	return &templates.KeptForm{Path: path, Form: encoded}
}

// secret tells whether a field may hold a password or code. The codes in rows of a
// form that is edited ("checks.3.code") are none.
func secret(name string) bool {
	if _, _, isRow := form.RowOf(name); isRow {
		return false
	}
	for _, part := range []string{"password", "repeat", "current", "code", "pin"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// keptBefore is what the sign-in page carried; nil without, or when it was
// tampered with.
func keptBefore(r *http.Request) *templates.KeptForm {
	kept := templates.KeptForm{Path: localPath(r.PostFormValue(keptPath)), Form: r.PostFormValue(keptForm)}
	if _, err := url.ParseQuery(kept.Form); err != nil || kept.Path == "/" || kept.Form == "" {
		return nil
	}
	return &kept
}

// ofAnother tells whether somebody else typed the kept form: several people use
// one office computer, and nobody is shown or sends on another's words.
func ofAnother(kept *templates.KeptForm, username string) bool {
	form, err := url.ParseQuery(kept.Form)
	return err != nil || form.Has(author) && form.Get(author) != username
}

// resume shows what was kept, to be sent by the reader's own click.
func (s *Server) resume(w http.ResponseWriter, r *http.Request, kept *templates.KeptForm) error {
	form, err := url.ParseQuery(kept.Form)
	if err != nil {
		return badForm(err)
	}
	page := templates.ResumePage{Shell: s.shell(r, templates.TitleResume, templates.AtNowhere), Action: kept.Path}
	for name, values := range form {
		for _, value := range values {
			page.Fields = append(page.Fields, templates.KeptField{Name: name, Value: value})
		}
	}
	return s.show(w, "session/resume", page)
}
