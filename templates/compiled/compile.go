package compiled

import (
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"text/template/parse"
)

type programKey struct {
	name string
	dot  reflect.Type
}

// compiler makes the programs of one page.
type compiler struct {
	flat      flattened
	funcs     template.FuncMap
	escapings map[string]escaping
	programs  map[programKey]*program // also those being made: a program may call itself
}

// program compiles a template for a dot of the type.
func (c *compiler) program(name string, dot reflect.Type) (*program, error) {
	key := programKey{name, dot}
	if made := c.programs[key]; made != nil {
		return made, nil
	}
	tree := c.flat.tree(name)
	if tree == nil {
		return nil, fmt.Errorf("no template %q", name)
	}
	p := &program{}
	c.programs[key] = p
	w := &writer{compiler: c, program: p}
	w.bind("$", dot)
	var err error
	p.steps, err = w.list(tree.Root, known{0, dot})
	return p, err
}

// known is a value that the program keeps: where, and of what type.
type known struct {
	slot int
	typ  reflect.Type
}

// writer compiles one template.
type writer struct {
	*compiler
	program *program
	vars    []variable // in sight, the innermost last
}

type variable struct {
	name string
	known
}

// bind makes a place for a value, named for those who come after; an empty name
// is the dot.
func (w *writer) bind(name string, typ reflect.Type) known {
	k := known{w.program.slots, typ}
	w.program.slots++
	if name != "" {
		w.vars = append(w.vars, variable{name, k})
	}
	return k
}

func (w *writer) list(list *parse.ListNode, dot known) ([]step, error) {
	if list == nil {
		return nil, nil
	}
	var steps []step
	var text []byte // what is always the same, and follows the last step
	flush := func() {
		if len(text) > 0 {
			always := text
			steps = append(steps, func(f *frame) { f.out = append(f.out, always...) })
			text = nil
		}
	}
	for _, node := range list.Nodes {
		if fixed, ok := node.(*parse.TextNode); ok {
			text = append(text, fixed.Text...)
			continue
		}
		if action, ok := node.(*parse.ActionNode); ok {
			fixed, one, err := w.action(action, dot)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", node, err)
			}
			if text = append(text, fixed...); one != nil {
				flush()
				steps = append(steps, one)
			}
			continue
		}
		flush()
		one, err := w.control(node, dot)
		if err != nil {
			return nil, err
		}
		steps = append(steps, one)
	}
	flush()
	return steps, nil
}

// action is a value that is written or kept. What is the same on every page comes
// back as text.
func (w *writer) action(node *parse.ActionNode, dot known) (always []byte, one step, err error) {
	value, err := w.pipe(node.Pipe, dot)
	if err != nil {
		return nil, nil, err
	}
	if len(node.Pipe.Decl) > 0 {
		one, err = w.keep(node.Pipe, value)
		return nil, one, err
	}
	place, ok := w.escapings[escapersOf(node.Pipe.Cmds)]
	if !ok {
		return nil, nil, fmt.Errorf("a place not known: %s", node)
	}
	if value.constant.IsValid() {
		return place.careful(nil, value.constant.Interface()), nil, nil
	}
	return nil, writing(place, value), nil
}

// keep gives a value a name.
func (w *writer) keep(pipe *parse.PipeNode, value expr) (step, error) {
	if len(pipe.Decl) != 1 || pipe.IsAssign || value.typ == nil {
		return nil, fmt.Errorf("cannot keep %s", pipe)
	}
	k, eval := w.bind(pipe.Decl[0].Ident[0], value.typ), value.eval
	return func(f *frame) { f.slots[k.slot] = eval(f) }, nil
}

// writing is the step that writes a value.
func writing(place escaping, value expr) step {
	eval, text := value.eval, value.text
	switch {
	case value.typ == nil:
	case value.typ == htmlType && place.markup && text != nil:
		return func(f *frame) { f.out = append(f.out, text(f)...) }
	case value.typ == htmlType && place.markup:
		return func(f *frame) { f.out = append(f.out, eval(f).String()...) }
	case !isPlain(value.typ):
	case text != nil:
		return func(f *frame) { f.out = place.text(f.out, text(f)) }
	case value.typ.Kind() == reflect.String:
		return func(f *frame) { f.out = place.text(f.out, eval(f).String()) }
	case isInt(value.typ):
		return func(f *frame) { f.out = strconv.AppendInt(f.out, eval(f).Int(), 10) }
	}
	return func(f *frame) { f.out = place.careful(f.out, eval(f).Interface()) }
}

func (w *writer) control(node parse.Node, dot known) (step, error) {
	switch node := node.(type) {
	case *parse.IfNode:
		return w.choice(&node.BranchNode, dot, false)
	case *parse.WithNode:
		return w.choice(&node.BranchNode, dot, true)
	case *parse.RangeNode:
		return w.loop(&node.BranchNode, dot)
	case *parse.TemplateNode:
		return w.call(node, dot)
	}
	return nil, fmt.Errorf("%T not known", node)
}

// choice is if and with: they differ in what the dot is inside.
func (w *writer) choice(b *parse.BranchNode, dot known, moves bool) (step, error) {
	outside := len(w.vars)
	defer func() { w.vars = w.vars[:outside] }()
	value, err := w.pipe(b.Pipe, dot)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.Pipe, err)
	}
	if len(b.Pipe.Decl) > 1 || b.Pipe.IsAssign || value.typ == nil && (moves || len(b.Pipe.Decl) > 0) {
		return nil, fmt.Errorf("cannot choose by %s", b.Pipe)
	}
	inside, at := dot, -1
	for _, decl := range b.Pipe.Decl {
		at = w.bind(decl.Ident[0], value.typ).slot
	}
	if moves {
		if at < 0 {
			at = w.bind("", value.typ).slot
		}
		inside = known{at, value.typ}
	}
	then, err := w.list(b.List, inside)
	if err != nil {
		return nil, err
	}
	w.vars = w.vars[:outside]
	otherwise, err := w.list(b.ElseList, dot)
	if err != nil {
		return nil, err
	}
	if at < 0 {
		truth := value.truth()
		return func(f *frame) {
			steps := otherwise
			if truth(f) {
				steps = then
			}
			for _, one := range steps {
				one(f)
			}
		}, nil
	}
	eval, holds := value.eval, truthOf(value.typ)
	return func(f *frame) {
		steps, v := otherwise, eval(f)
		if holds(v) {
			steps = then
			f.slots[at] = v
		}
		for _, one := range steps {
			one(f)
		}
	}, nil
}

// loop goes through a slice.
func (w *writer) loop(b *parse.BranchNode, dot known) (step, error) {
	outside := len(w.vars)
	defer func() { w.vars = w.vars[:outside] }()
	value, err := w.pipe(b.Pipe, dot)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", b.Pipe, err)
	}
	if value.typ == nil || value.typ.Kind() != reflect.Slice || b.Pipe.IsAssign {
		return nil, fmt.Errorf("cannot go through %s", b.Pipe)
	}
	at, element := -1, w.bind("", value.typ.Elem())
	switch decl := b.Pipe.Decl; len(decl) {
	case 1:
		w.vars = append(w.vars, variable{decl[0].Ident[0], element})
	case 2:
		at = w.bind(decl[0].Ident[0], intType).slot
		w.vars = append(w.vars, variable{decl[1].Ident[0], element})
	}
	body, err := w.list(b.List, element)
	if err != nil {
		return nil, err
	}
	w.vars = w.vars[:outside]
	otherwise, err := w.list(b.ElseList, dot)
	if err != nil {
		return nil, err
	}
	eval := value.eval
	return func(f *frame) {
		all := eval(f)
		steps, n := body, all.Len()
		if n == 0 {
			steps, n = otherwise, 1
		}
		for i := range n {
			if all.Len() > 0 {
				f.slots[element.slot] = all.Index(i)
			}
			if at >= 0 {
				f.slots[at] = reflect.ValueOf(i)
			}
			for _, one := range steps {
				one(f)
			}
		}
	}, nil
}

// call shows a template that calls itself.
func (w *writer) call(node *parse.TemplateNode, dot known) (step, error) {
	if node.Pipe == nil {
		return nil, fmt.Errorf("%s has no dot", node)
	}
	value, err := w.pipe(node.Pipe, dot)
	if err != nil || value.typ == nil {
		return nil, fmt.Errorf("%s: %w", node, err)
	}
	callee, err := w.compiler.program(node.Name, value.typ)
	eval := value.eval
	return func(f *frame) { callee.run(f, eval(f)) }, err
}
