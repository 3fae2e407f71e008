package pdf

import "fmt"

const maxPages = 5000

// Catalog returns the document catalog as seen by revision.
func (f *File) Catalog(revision int) (Dict, error) {
	return f.Dict(revision, f.Revisions[0].Trailer.Get("Root"))
}

// Pages returns the references of all pages in order, as seen by revision.
func (f *File) Pages(revision int) ([]Ref, error) {
	catalog, err := f.Catalog(revision)
	if err != nil {
		return nil, err
	}
	root, ok := catalog.Get("Pages").(Ref)
	if !ok {
		return nil, fmt.Errorf("pdf: catalog without pages")
	}
	walk := pageWalk{file: f, revision: revision, seen: map[Ref]bool{}}
	if err := walk.visit(root, 0); err != nil {
		return nil, err
	}
	return walk.pages, nil
}

type pageWalk struct {
	file     *File
	revision int
	seen     map[Ref]bool
	pages    []Ref
}

func (w *pageWalk) visit(node Ref, depth int) error {
	if w.seen[node] || depth > maxDepth || len(w.pages) > maxPages {
		return fmt.Errorf("pdf: page tree is no tree or too large")
	}
	w.seen[node] = true
	dict, err := w.file.Dict(w.revision, node)
	if err != nil {
		return err
	}
	if dict.Get("Type") == Name("Page") {
		w.pages = append(w.pages, node)
		return nil
	}
	kids, err := w.file.Resolve(w.revision, dict.Get("Kids"))
	if err != nil {
		return err
	}
	array, ok := kids.(Array)
	if !ok {
		return fmt.Errorf("pdf: page tree node without kids")
	}
	for _, kid := range array {
		ref, ok := kid.(Ref)
		if !ok {
			return fmt.Errorf("pdf: kid of the page tree is no reference")
		}
		if err := w.visit(ref, depth+1); err != nil {
			return err
		}
	}
	return nil
}
