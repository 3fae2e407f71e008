package templates

import "io"

// RenderPlainly is Render by html/template itself.
func (t *Templates) RenderPlainly(w io.Writer, page string, view any) error {
	return t.pages[page].set.ExecuteTemplate(w, "layout", view)
}

// Compiled tells why a page is not compiled; nil: it is.
func (t *Templates) Compiled(page string) error {
	_, err := t.pages[page].compiled()
	return err
}
