package compiled

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"sync"
)

// Page is a page ready to be shown; safe for concurrent use.
type Page struct {
	view reflect.Type
	body *program
}

// Compile makes a page of a template of the set, which takes a view of that type.
// The set stays as it is; it must not have been shown before. An error says what
// is not known here: html/template can still show the page.
func Compile(set *template.Template, name string, view reflect.Type, funcs template.FuncMap) (*Page, error) {
	flat, err := flatten(set, name, funcs)
	if err != nil {
		return nil, err
	}
	c := &compiler{flat: flat, funcs: funcs, programs: map[programKey]*program{}}
	if c.escapings, err = escapings(); err != nil {
		return nil, err
	}
	body, err := c.program(name, view)
	if err != nil {
		return nil, fmt.Errorf("compile %s: %w", name, err)
	}
	return &Page{view: view, body: body}, nil
}

// program is a compiled template: its steps, and how many values it keeps.
type program struct {
	steps []step
	slots int
}

// step writes, or remembers, one part of a page. It panics with failure.
type step func(*frame)

// frame is one showing of a program: what has been written, and the dots and
// variables, each at its own place.
type frame struct {
	out   []byte
	slots []reflect.Value
}

// failure is an error of a page while it is shown.
type failure struct{ err error }

// buffers keep what pages were written in: each would else grow anew from nothing.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// keptBuffer is the largest one kept, in bytes: a list in one piece for printing
// may be larger, and is rare.
const keptBuffer = 1 << 20

// Execute writes the page, or, with an error, nothing.
func (p *Page) Execute(w io.Writer, view any) (err error) {
	value := reflect.ValueOf(view)
	if value.Type() != p.view {
		return fmt.Errorf("a page of %v takes no %v", p.view, value.Type())
	}
	dot := reflect.New(p.view).Elem() // of a value in an interface no address can be taken
	dot.Set(value)
	buffer, _ := buffers.Get().(*[]byte)
	f := &frame{out: (*buffer)[:0]}
	defer func() {
		if cap(f.out) <= keptBuffer {
			*buffer = f.out
		}
		buffers.Put(buffer)
	}()
	if err := p.body.show(f, dot); err != nil {
		return err
	}
	_, err = w.Write(f.out)
	return err
}

func (p *program) show(f *frame, dot reflect.Value) (err error) {
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = failed.err
		}
	}()
	p.run(f, dot)
	return nil
}

// run shows a program with its own values at the end of what has been written.
func (p *program) run(f *frame, dot reflect.Value) {
	outer := f.slots
	f.slots = make([]reflect.Value, p.slots)
	f.slots[0] = dot
	for _, one := range p.steps {
		one(f)
	}
	f.slots = outer
}

var errNil = errors.New("nothing where a field is asked for")

func fail(err error) { panic(failure{err}) }
