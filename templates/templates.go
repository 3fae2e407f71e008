package templates

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"reflect"
	"sync"

	"cchc/templates/compiled"
)

//go:embed pages
var pageFiles embed.FS

// Templates is the parsed set of pages; safe for concurrent use.
type Templates struct {
	pages map[string]page
}

// page is one page of the register, compiled when it is first shown: a program
// shows few of them.
type page struct {
	set      *template.Template
	compiled func() (*compiled.Page, error)
}

// New parses every page once. It fails when a page of the register has no file,
// a file is in no register, or a template does not parse.
func New() (*Templates, error) {
	shared, err := template.New("").Funcs(functions()).ParseFS(pageFiles, "pages/layout.html", "pages/parts/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse the layout: %w", err)
	}
	t := &Templates{pages: map[string]page{}}
	for name, view := range register {
		set, err := shared.Clone()
		if err != nil {
			return nil, fmt.Errorf("clone the layout: %w", err)
		}
		if _, err := set.ParseFS(pageFiles, "pages/"+name+".html"); err != nil {
			return nil, fmt.Errorf("parse page %s: %w", name, err)
		}
		if err := addOwn(set, name); err != nil {
			return nil, err
		}
		t.pages[name] = page{set, sync.OnceValues(func() (*compiled.Page, error) {
			return compiled.Compile(set, "layout", reflect.TypeOf(view), functions())
		})}
	}
	return t, t.checkFiles()
}

// addOwn gives the layout what it says of each page: its name and its help.
func addOwn(set *template.Template, page string) error {
	help, err := helpAddress(page)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"help-address": help, "page-name": page} {
		if _, err := set.New(name).Parse(text); err != nil {
			return fmt.Errorf("%s of page %s: %w", name, page, err)
		}
	}
	return nil
}

// checkFiles finds page files that no register entry names: they would never be
// shown, nor tested.
func (t *Templates) checkFiles() error {
	return fs.WalkDir(pageFiles, "pages", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := path[len("pages/") : len(path)-len(".html")]
		if name == "layout" || len(name) > 6 && name[:6] == "parts/" {
			return nil
		}
		if _, known := t.pages[name]; !known {
			return fmt.Errorf("page file %s is not in the register", path)
		}
		return nil
	})
}

// Render writes the page as a whole HTML document. page is the name in the
// register, view the page's struct (by value). Give it a buffer.
func (t *Templates) Render(w io.Writer, page string, view any) error {
	one, known := t.pages[page]
	if !known {
		return fmt.Errorf("no page named %q", page)
	}
	if want := reflect.TypeOf(register[page]); reflect.TypeOf(view) != want {
		return fmt.Errorf("page %s takes a %v, not a %T", page, want, view)
	}
	if err := one.render(w, view); err != nil {
		return fmt.Errorf("render %s: %w", page, err)
	}
	return nil
}

// render goes on with html/template where a page cannot be compiled; a test tells
// of such pages.
func (p page) render(w io.Writer, view any) error {
	if fast, err := p.compiled(); err == nil {
		return fast.Execute(w, view)
	}
	return p.set.ExecuteTemplate(w, "layout", view)
}

// Names lists the pages of the register.
func Names() []string {
	names := make([]string, 0, len(register))
	for name := range register {
		names = append(names, name)
	}
	return names
}
