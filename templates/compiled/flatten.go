package compiled

import (
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"text/template/parse"
)

// flattened is the templates of one page, escaped: the page with everything it
// calls put in the place of the call, and those that call themselves, which
// cannot be. In one piece, because html/template keeps what it makes of a
// template that is called within an attribute to itself.
type flattened struct {
	name string
	set  *template.Template
}

// tree is a template's escaped tree; nil: there is none of that name.
func (f flattened) tree(name string) *parse.Tree {
	if one := f.set.Lookup(name); one != nil {
		return one.Tree
	}
	return nil
}

// flatten reads the set, which stays as it is, and must not have been shown yet:
// showing escapes it.
func flatten(set *template.Template, name string, funcs template.FuncMap) (flattened, error) {
	f := flattener{set: set, own: map[string]*parse.Tree{}}
	if err := f.add(name); err != nil {
		return flattened{}, err
	}
	flat := flattened{name: name, set: template.New("flat").Funcs(funcs)}
	for name, tree := range f.own {
		if _, err := flat.set.AddParseTree(name, tree); err != nil {
			return flattened{}, fmt.Errorf("flatten: %w", err)
		}
	}
	return flat, flat.escape()
}

// escape has html/template escape the templates: it does so before it writes, and
// nothing is written.
func (f flattened) escape() error {
	start, err := f.set.New("start").Parse("start {{template " + strconv.Quote(f.name) + " .}}")
	if err != nil {
		return fmt.Errorf("flatten: %w", err)
	}
	if err := start.Execute(closed{}, nil); !errors.Is(err, errClosed) {
		return fmt.Errorf("flatten: %w", err)
	}
	return nil
}

// closed takes nothing.
type closed struct{}

var errClosed = errors.New("closed")

func (closed) Write([]byte) (int, error) { return 0, errClosed }

type flattener struct {
	set    *template.Template
	own    map[string]*parse.Tree // what stays a template of its own, by name
	inline int                    // calls replaced so far
}

// scope is what names mean where a tree is put.
type scope struct {
	dot    string // the variable that stands for the dot; empty: the dot itself
	root   string // the variable that stands for $
	suffix string // of the tree's own variables, so that they hide none of its caller's
}

// add makes a template of the set one of our own.
func (f *flattener) add(name string) error {
	if f.own[name] != nil {
		return nil
	}
	one := f.set.Lookup(name)
	if one == nil || one.Tree == nil {
		return fmt.Errorf("flatten: no template %q", name)
	}
	tree := one.Tree.Copy()
	f.own[name] = tree
	return f.list(tree.Root, scope{root: "$"})
}

func (f *flattener) list(list *parse.ListNode, s scope) error {
	if list == nil {
		return nil
	}
	var nodes []parse.Node
	for _, node := range list.Nodes {
		made, err := f.node(node, s)
		if err != nil {
			return err
		}
		nodes = append(nodes, made...)
	}
	list.Nodes = nodes
	return nil
}

func (f *flattener) node(node parse.Node, s scope) ([]parse.Node, error) {
	same := []parse.Node{node}
	switch node := node.(type) {
	case *parse.TextNode:
		return same, nil
	case *parse.CommentNode:
		return nil, nil
	case *parse.ActionNode:
		s.pipe(node.Pipe)
		return same, nil
	case *parse.IfNode:
		return same, f.branch(&node.BranchNode, s, s)
	case *parse.WithNode:
		return same, f.branch(&node.BranchNode, s, s.within())
	case *parse.RangeNode:
		return same, f.branch(&node.BranchNode, s, s.within())
	case *parse.TemplateNode:
		return f.call(node, s)
	}
	return nil, fmt.Errorf("flatten: %T at %s", node, node)
}

// within is the scope where the dot is another.
func (s scope) within() scope {
	s.dot = ""
	return s
}

func (f *flattener) branch(b *parse.BranchNode, outside, inside scope) error {
	outside.pipe(b.Pipe)
	if err := f.list(b.List, inside); err != nil {
		return err
	}
	return f.list(b.ElseList, outside)
}

// call puts what is called in the place of the call, with a variable for its dot.
func (f *flattener) call(node *parse.TemplateNode, s scope) ([]parse.Node, error) {
	if node.Pipe != nil {
		s.pipe(node.Pipe)
	}
	if f.callsItself(node.Name) {
		return []parse.Node{node}, f.add(node.Name)
	}
	one := f.set.Lookup(node.Name)
	if one == nil || one.Tree == nil {
		return nil, fmt.Errorf("flatten: no template %q", node.Name)
	}
	f.inline++
	number := strconv.Itoa(f.inline)
	body := one.Tree.Root.CopyList()
	inside := scope{dot: "$dot_" + number, root: "$dot_" + number, suffix: "_" + number}
	if err := f.list(body, inside); err != nil {
		return nil, err
	}
	if node.Pipe == nil {
		return body.Nodes, nil
	}
	bind := &parse.ActionNode{NodeType: parse.NodeAction, Pipe: node.Pipe}
	bind.Pipe.Decl = []*parse.VariableNode{{NodeType: parse.NodeVariable, Ident: []string{inside.dot}}}
	return append([]parse.Node{bind}, body.Nodes...), nil
}

// callsItself tells whether a template calls itself, directly or not.
func (f *flattener) callsItself(name string) bool {
	seen := map[string]bool{}
	var reaches func(from string) bool
	reaches = func(from string) bool {
		one := f.set.Lookup(from)
		if one == nil || one.Tree == nil || seen[from] {
			return false
		}
		seen[from] = true
		for _, next := range calls(one.Tree.Root) {
			if next == name || reaches(next) {
				return true
			}
		}
		return false
	}
	return reaches(name)
}

// calls lists the names of the templates that a list calls.
func calls(list *parse.ListNode) (names []string) {
	if list == nil {
		return nil
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.TemplateNode:
			names = append(names, node.Name)
		case *parse.IfNode:
			names = append(append(names, calls(node.List)...), calls(node.ElseList)...)
		case *parse.WithNode:
			names = append(append(names, calls(node.List)...), calls(node.ElseList)...)
		case *parse.RangeNode:
			names = append(append(names, calls(node.List)...), calls(node.ElseList)...)
		}
	}
	return names
}

// pipe gives the names in a pipeline the meaning they have in the scope.
func (s scope) pipe(pipe *parse.PipeNode) {
	for _, v := range pipe.Decl {
		s.variable(v)
	}
	for _, command := range pipe.Cmds {
		for i, arg := range command.Args {
			command.Args[i] = s.arg(arg)
		}
	}
}

func (s scope) arg(arg parse.Node) parse.Node {
	switch arg := arg.(type) {
	case *parse.DotNode:
		if s.dot != "" {
			return &parse.VariableNode{NodeType: parse.NodeVariable, Ident: []string{s.dot}}
		}
	case *parse.FieldNode:
		if s.dot != "" {
			return &parse.VariableNode{NodeType: parse.NodeVariable, Ident: append([]string{s.dot}, arg.Ident...)}
		}
	case *parse.VariableNode:
		s.variable(arg)
	case *parse.ChainNode:
		arg.Node = s.arg(arg.Node)
	case *parse.PipeNode:
		s.pipe(arg)
	}
	return arg
}

func (s scope) variable(v *parse.VariableNode) {
	if v.Ident[0] == "$" {
		v.Ident[0] = s.root
	} else {
		v.Ident[0] += s.suffix
	}
}
