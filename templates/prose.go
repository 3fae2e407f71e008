package templates

import "cchc/domain/prose"

// ProseNode is one element of a narrative as HTML nests it: a paragraph, a table,
// or a list. The template "prose" prints them; the runs are escaped there as any
// text is, so that no narrative can bring markup of its own.
type ProseNode struct {
	Block prose.Block // of a paragraph or a table
	Items []ProseItem // of a list
}

// Numbered tells whether a list counts.
func (n ProseNode) Numbered() bool { return len(n.Items) > 0 && n.Items[0].Number != nil }

// ProseItem is one item of a list with what stands under it.
type ProseItem struct {
	Runs   []prose.Run
	Number *int // as written; nil: a dash
	Lists  []ProseNode
}

// proseNodes reads a narrative in the notation of package prose.
func proseNodes(text string) []ProseNode {
	nodes, rest := []ProseNode{}, []prose.Block(prose.Parse(text))
	for len(rest) > 0 {
		if rest[0].Item() {
			var lists []ProseNode
			lists, rest = proseLists(rest, 0)
			nodes = append(nodes, lists...)
			continue
		}
		nodes, rest = append(nodes, ProseNode{Block: rest[0]}), rest[1:]
	}
	return nodes
}

// proseLists takes the items of a level, and deeper, off the front. A change
// between dashes and numbers begins another list.
func proseLists(blocks []prose.Block, level int) (lists []ProseNode, rest []prose.Block) {
	kind := prose.Kind("")
	for len(blocks) > 0 && blocks[0].Item() && blocks[0].Level >= level {
		block := blocks[0]
		if block.Level > level {
			last := &lists[len(lists)-1]
			item := &last.Items[len(last.Items)-1]
			item.Lists, blocks = proseLists(blocks, level+1)
			continue
		}
		if block.Kind != kind {
			kind = block.Kind
			lists = append(lists, ProseNode{})
		}
		item := ProseItem{Runs: block.Runs}
		if block.Kind == prose.Numbered {
			item.Number = &block.Number
		}
		last := &lists[len(lists)-1]
		last.Items, blocks = append(last.Items, item), blocks[1:]
	}
	return lists, blocks
}

// editorTool is one sign of the editor's toolbar.
type editorTool struct {
	Command string // as static/js/editor.js knows it
	Label   string
	Icon    string
	Keys    string // shortcut; empty: none
}

func newEditorTool(command, label, icon, keys string) editorTool {
	return editorTool{Command: command, Label: label, Icon: icon, Keys: keys}
}
