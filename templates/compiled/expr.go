package compiled

import (
	"fmt"
	"reflect"
	"text/template/parse"
)

// expr is a value of a page: its type, and how it is come by.
type expr struct {
	typ      reflect.Type // nil: one of several, good for asking whether there is something
	eval     func(*frame) reflect.Value
	text     func(*frame) string // the same for a kind of string, without a detour; may be nil
	constant reflect.Value       // the same on every page; invalid: it is not
}

func constantly(v reflect.Value) expr {
	return expr{typ: v.Type(), eval: func(*frame) reflect.Value { return v }, constant: v}
}

var (
	intType    = reflect.TypeFor[int]()
	boolType   = reflect.TypeFor[bool]()
	stringType = reflect.TypeFor[string]()
)

func isInt(t reflect.Type) bool { return t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64 }

// truth tells whether there is something, as {{if}} understands it.
func (e expr) truth() func(*frame) bool {
	eval := e.eval
	if e.typ == nil {
		return func(f *frame) bool { v := eval(f); return truthOf(v.Type())(v) }
	}
	holds := truthOf(e.typ)
	return func(f *frame) bool { return holds(eval(f)) }
}

func truthOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Bool:
		return reflect.Value.Bool
	case reflect.String, reflect.Slice, reflect.Map, reflect.Array:
		return func(v reflect.Value) bool { return v.Len() > 0 }
	case reflect.Pointer, reflect.Interface:
		return func(v reflect.Value) bool { return !v.IsNil() }
	case reflect.Struct:
		return func(reflect.Value) bool { return true }
	}
	return func(v reflect.Value) bool { return !v.IsZero() } // numbers
}

// pipe is the value of a pipeline, before it is escaped.
func (w *writer) pipe(pipe *parse.PipeNode, dot known) (expr, error) {
	var value expr
	for i, command := range pipe.Cmds {
		if i > 0 && isEscaper(command) {
			break
		}
		if i > 0 {
			return value, fmt.Errorf("%s: a pipeline", pipe)
		}
		var err error
		if value, err = w.command(command, dot); err != nil {
			return value, err
		}
	}
	return value, nil
}

func (w *writer) command(command *parse.CommandNode, dot known) (expr, error) {
	var args []expr
	for _, node := range command.Args[1:] {
		arg, err := w.arg(node, dot)
		if err != nil {
			return expr{}, err
		}
		args = append(args, arg)
	}
	switch first := command.Args[0].(type) {
	case *parse.IdentifierNode:
		return w.function(first.Ident, args)
	case *parse.FieldNode:
		return w.fields(w.kept(dot), first.Ident, args)
	case *parse.VariableNode:
		return w.variable(first, args)
	case *parse.ChainNode:
		return w.chain(first, args, dot)
	default:
		if len(args) > 0 {
			return expr{}, fmt.Errorf("%s takes no arguments", first)
		}
		return w.arg(first, dot)
	}
}

func (w *writer) arg(node parse.Node, dot known) (expr, error) {
	switch node := node.(type) {
	case *parse.DotNode:
		return w.kept(dot), nil
	case *parse.FieldNode:
		return w.fields(w.kept(dot), node.Ident, nil)
	case *parse.VariableNode:
		return w.variable(node, nil)
	case *parse.PipeNode:
		return w.pipe(node, dot)
	case *parse.ChainNode:
		return w.chain(node, nil, dot)
	case *parse.IdentifierNode:
		return w.function(node.Ident, nil)
	case *parse.StringNode:
		return constantly(reflect.ValueOf(node.Text)), nil
	case *parse.BoolNode:
		return constantly(reflect.ValueOf(node.True)), nil
	case *parse.NumberNode:
		if node.IsInt {
			return constantly(reflect.ValueOf(int(node.Int64))), nil
		}
	}
	return expr{}, fmt.Errorf("%T not known", node)
}

func (w *writer) variable(node *parse.VariableNode, args []expr) (expr, error) {
	for i := len(w.vars) - 1; i >= 0; i-- {
		if w.vars[i].name == node.Ident[0] {
			return w.fields(w.kept(w.vars[i].known), node.Ident[1:], args)
		}
	}
	return expr{}, fmt.Errorf("no variable %s", node.Ident[0])
}

// chain is fields of what stands in brackets.
func (w *writer) chain(node *parse.ChainNode, args []expr, dot known) (expr, error) {
	from, err := w.arg(node.Node, dot)
	if err != nil {
		return expr{}, err
	}
	return w.fields(from, node.Field, args)
}

// kept is a value that the program keeps.
func (w *writer) kept(k known) expr {
	return expr{typ: k.typ, eval: func(f *frame) reflect.Value { return f.slots[k.slot] }}
}

// fields goes along names of fields and methods; the arguments are those of the
// last, a method.
func (w *writer) fields(from expr, names []string, args []expr) (expr, error) {
	for i, name := range names {
		var rest []expr
		if i == len(names)-1 {
			rest = args
		}
		var err error
		if from, err = field(from, name, rest); err != nil {
			return expr{}, err
		}
	}
	return from, nil
}

func field(from expr, name string, args []expr) (expr, error) {
	if from.typ == nil {
		return expr{}, fmt.Errorf("%s of what may be of several types", name)
	}
	if from.typ.Kind() == reflect.Pointer {
		from = target(from)
	}
	if method, ok := reflect.PointerTo(from.typ).MethodByName(name); ok {
		return methodCall(from, method, args)
	}
	found, ok := reflect.StructField{}, false
	if from.typ.Kind() == reflect.Struct {
		found, ok = from.typ.FieldByName(name)
	}
	if !ok || !found.IsExported() || len(args) > 0 {
		return expr{}, fmt.Errorf("no field %s of %v", name, from.typ)
	}
	if len(found.Index) == 1 {
		at, eval := found.Index[0], from.eval
		return expr{typ: found.Type, eval: func(f *frame) reflect.Value { return eval(f).Field(at) }}, nil
	}
	eval := from.eval
	return expr{typ: found.Type, eval: func(f *frame) reflect.Value {
		v, err := eval(f).FieldByIndexErr(found.Index)
		if err != nil {
			fail(err)
		}
		return v
	}}, nil
}

// target is what a pointer points to.
func target(from expr) expr {
	eval := from.eval
	return expr{typ: from.typ.Elem(), eval: func(f *frame) reflect.Value {
		v := eval(f)
		if v.IsNil() {
			fail(errNil)
		}
		return v.Elem()
	}}
}

// methodCall calls a method of the value or of its address.
func methodCall(from expr, method reflect.Method, args []expr) (expr, error) {
	byValue, ok := from.typ.MethodByName(method.Name)
	if ok {
		method = byValue
	}
	eval := from.eval
	receiver := expr{typ: method.Type.In(0), eval: eval}
	if !ok {
		receiver.eval = func(f *frame) reflect.Value {
			v := eval(f)
			if !v.CanAddr() {
				fail(fmt.Errorf("no method %s of %v", method.Name, v.Type()))
			}
			return v.Addr()
		}
	}
	return call(method.Name, method.Func, append([]expr{receiver}, args...))
}
