package compiled

import (
	"fmt"
	"html/template"
	"reflect"
	"time"
)

// function calls a function by its name: one of the caller's, or one that
// html/template has from the start.
func (w *writer) function(name string, args []expr) (expr, error) {
	if fn, ok := w.funcs[name]; ok {
		return call(name, reflect.ValueOf(fn), args)
	}
	switch name {
	case "and", "or":
		return either(name == "or", args)
	case "not":
		return not(args)
	case "eq", "ne", "lt", "le", "gt", "ge":
		return compare(name, args)
	case "len":
		return length(args)
	case "index":
		return element(args)
	case "print":
		return call(name, reflect.ValueOf(fmt.Sprint), args)
	case "printf":
		return call(name, reflect.ValueOf(fmt.Sprintf), args)
	}
	return expr{}, fmt.Errorf("function %s not known", name)
}

// call is the result of a Go function. What is made of constants alone is made now.
func call(name string, fn reflect.Value, args []expr) (expr, error) {
	t := fn.Type()
	if t.NumOut() == 0 || t.NumOut() > 2 || t.NumOut() == 2 && t.Out(1) != errorType {
		return expr{}, fmt.Errorf("%s does not return a value", name)
	}
	fixed := t.NumIn()
	if t.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !t.IsVariadic() {
		return expr{}, fmt.Errorf("%s with %d arguments", name, len(args))
	}
	evals := make([]func(*frame) reflect.Value, len(args))
	constant := len(args) > 0
	for i, arg := range args {
		want := t.In(min(i, t.NumIn()-1))
		if i >= fixed {
			want = want.Elem()
		}
		var err error
		if args[i], err = fitting(arg, want); err != nil {
			return expr{}, fmt.Errorf("%s: %w", name, err)
		}
		evals[i], constant = args[i].eval, constant && arg.constant.IsValid()
	}
	value := expr{typ: t.Out(0), eval: func(f *frame) reflect.Value {
		in := make([]reflect.Value, len(evals))
		for i, eval := range evals {
			in[i] = eval(f)
		}
		out := fn.Call(in)
		if len(out) == 2 && !out[1].IsNil() {
			err, _ := out[1].Interface().(error)
			fail(fmt.Errorf("%s: %w", name, err))
		}
		return out[0]
	}}
	if constant {
		return evaluated(value)
	}
	return directly(fn.Interface(), args, value), nil
}

// evaluated is a value that is the same on every page.
func evaluated(value expr) (made expr, err error) {
	defer func() {
		if r := recover(); r != nil {
			failed, ok := r.(failure)
			if !ok {
				panic(r)
			}
			err = failed.err
		}
	}()
	return constantly(value.eval(nil)), nil
}

// fitting is the argument as the function takes it.
func fitting(arg expr, want reflect.Type) (expr, error) {
	switch {
	case arg.typ == nil:
		return arg, fmt.Errorf("an argument that may be of several types")
	case arg.typ.AssignableTo(want):
		return arg, nil
	case arg.typ.Kind() == reflect.Pointer && arg.typ.Elem().AssignableTo(want):
		return target(arg), nil
	case arg.constant.IsValid() && arg.typ.Kind() == want.Kind():
		return constantly(arg.constant.Convert(want)), nil
	}
	return arg, fmt.Errorf("a %v for a %v", arg.typ, want)
}

// directly calls functions of the usual shapes without reflection.
func directly(fn any, args []expr, value expr) expr {
	switch fn := fn.(type) {
	case func(string) string:
		arg := args[0].asText()
		return value.texts(func(f *frame) string { return fn(arg(f)) })
	case func(string) (template.HTML, error):
		arg := args[0].asText()
		return value.texts(func(f *frame) string {
			html, err := fn(arg(f))
			if err != nil {
				fail(err)
			}
			return string(html)
		})
	case func(int) string:
		arg := args[0].eval
		return value.texts(func(f *frame) string { return fn(int(arg(f).Int())) })
	case func(int, int) string:
		one, other := args[0].eval, args[1].eval
		return value.texts(func(f *frame) string { return fn(int(one(f).Int()), int(other(f).Int())) })
	case func(time.Time) string:
		arg := args[0].eval
		return value.texts(func(f *frame) string { return fn(instant(arg(f))) })
	case func(int) int:
		arg := args[0].eval
		value.eval = func(f *frame) reflect.Value { return reflect.ValueOf(fn(int(arg(f).Int()))) }
	}
	return value
}

// texts gives a value of a kind of string another way to be come by.
func (e expr) texts(text func(*frame) string) expr {
	typ := e.typ
	e.text = text
	e.eval = func(f *frame) reflect.Value {
		v := reflect.ValueOf(text(f))
		if typ == stringType {
			return v
		}
		return v.Convert(typ)
	}
	return e
}

func (e expr) asText() func(*frame) string {
	if e.text != nil {
		return e.text
	}
	eval := e.eval
	return func(f *frame) string { return eval(f).String() }
}

func instant(v reflect.Value) time.Time {
	if v.CanAddr() {
		at, _ := v.Addr().Interface().(*time.Time)
		return *at
	}
	at, _ := v.Interface().(time.Time)
	return at
}

// either is the first argument that decides: of or, the first that is something.
func either(wanted bool, args []expr) (expr, error) {
	if len(args) == 0 {
		return expr{}, fmt.Errorf("and, or without arguments")
	}
	value := expr{typ: args[0].typ}
	truths := make([]func(reflect.Value) bool, len(args))
	for i, arg := range args {
		if arg.typ != value.typ {
			value.typ = nil
		}
		if arg.typ == nil {
			truths[i] = func(v reflect.Value) bool { return truthOf(v.Type())(v) }
		} else {
			truths[i] = truthOf(arg.typ)
		}
	}
	value.eval = func(f *frame) (v reflect.Value) {
		for i, arg := range args {
			if v = arg.eval(f); truths[i](v) == wanted {
				break
			}
		}
		return v
	}
	return value, nil
}

var yes, no = reflect.ValueOf(true), reflect.ValueOf(false)

func boolean(holds func(*frame) bool) expr {
	return expr{typ: boolType, eval: func(f *frame) reflect.Value {
		if holds(f) {
			return yes
		}
		return no
	}}
}

func not(args []expr) (expr, error) {
	if len(args) != 1 {
		return expr{}, fmt.Errorf("not with %d arguments", len(args))
	}
	truth := args[0].truth()
	return boolean(func(f *frame) bool { return !truth(f) }), nil
}

// compare compares two texts, two whole numbers, or two truths.
func compare(name string, args []expr) (expr, error) {
	if len(args) != 2 || args[0].typ == nil || args[1].typ == nil {
		return expr{}, fmt.Errorf("%s with %d arguments", name, len(args))
	}
	one, other := args[0].eval, args[1].eval
	var order func(*frame) int
	switch a, b := args[0].typ, args[1].typ; {
	case a.Kind() == reflect.String && b.Kind() == reflect.String:
		left, right := args[0].asText(), args[1].asText()
		order = func(f *frame) int { return compared(left(f), right(f)) }
	case isInt(a) && isInt(b):
		order = func(f *frame) int { return compared(one(f).Int(), other(f).Int()) }
	case a.Kind() == reflect.Bool && b.Kind() == reflect.Bool && (name == "eq" || name == "ne"):
		order = func(f *frame) int {
			if one(f).Bool() == other(f).Bool() {
				return 0
			}
			return 1
		}
	default:
		return expr{}, fmt.Errorf("%s of %v and %v", name, a, b)
	}
	holds := map[string]func(int) bool{
		"eq": func(n int) bool { return n == 0 }, "ne": func(n int) bool { return n != 0 },
		"lt": func(n int) bool { return n < 0 }, "le": func(n int) bool { return n <= 0 },
		"gt": func(n int) bool { return n > 0 }, "ge": func(n int) bool { return n >= 0 },
	}[name]
	return boolean(func(f *frame) bool { return holds(order(f)) }), nil
}

func compared[T string | int64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func length(args []expr) (expr, error) {
	if len(args) != 1 || args[0].typ == nil {
		return expr{}, fmt.Errorf("len with %d arguments", len(args))
	}
	switch args[0].typ.Kind() {
	case reflect.Slice, reflect.String, reflect.Map, reflect.Array:
	default:
		return expr{}, fmt.Errorf("len of %v", args[0].typ)
	}
	eval := args[0].eval
	return expr{typ: intType, eval: func(f *frame) reflect.Value { return reflect.ValueOf(eval(f).Len()) }}, nil
}

// element is the element of a slice at a place.
func element(args []expr) (expr, error) {
	if len(args) != 2 || args[0].typ == nil || args[0].typ.Kind() != reflect.Slice || args[1].typ == nil || !isInt(args[1].typ) {
		return expr{}, fmt.Errorf("index of what is no slice")
	}
	eval, place := args[0].eval, args[1].eval
	return expr{typ: args[0].typ.Elem(), eval: func(f *frame) reflect.Value {
		all, at := eval(f), int(place(f).Int())
		if at < 0 || at >= all.Len() {
			fail(fmt.Errorf("index %d of %d", at, all.Len()))
		}
		return all.Index(at)
	}}, nil
}
