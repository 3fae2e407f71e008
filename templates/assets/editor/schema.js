// What the editor knows: no more than the notation can say.
import { Node, wrappingInputRule } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { Italic } from "@tiptap/extension-italic";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { TrailingNode } from "@tiptap/extensions/trailing-node";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { tables } from "./tables.js";

const DEEPEST = 3;

// depth counts the lists around the cursor.
function depth(state) {
  let lists = 0;
  const { $from } = state.selection;
  for (let at = $from.depth; at > 0; at--) if ($from.node(at).type.name === "listItem") lists++;
  return lists;
}

const Item = Node.create({
  name: "listItem",
  content: "paragraph list*",
  defining: true,
  parseHTML: () => [{ tag: "li" }],
  renderHTML: () => ["li", 0],
  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      Enter: () => atEmptyItem(editor.state) ? editor.commands.liftListItem(this.name) : editor.commands.splitListItem(this.name),
      // At the deepest level the key moves on, as it does outside of lists.
      Tab: () => depth(editor.state) < DEEPEST && editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => editor.commands.liftListItem(this.name),
      Backspace: () => atItemStart(editor.state) && editor.commands.liftListItem(this.name),
    };
  },
});

// atEmptyItem tells an item without letters, which ends the list it stands in.
const atEmptyItem = (state) => atItemStart(state) && state.selection.$from.parent.content.size === 0;

// atItemStart tells whether the cursor stands before the text of an item.
function atItemStart({ selection: { empty, $from } }) {
  return empty && $from.parentOffset === 0 && $from.depth > 1 &&
    $from.node(-1).type.name === "listItem" && $from.index(-1) === 0;
}

const list = (name, tag, find, rest = {}) => Node.create({
  name,
  group: "block list",
  content: "listItem+",
  parseHTML: () => [{ tag }],
  renderHTML: () => [tag, 0],
  addInputRules() { return [wrappingInputRule({ find, type: this.type, ...rest.rule })]; },
  ...rest.node,
});

const Bullets = list("bulletList", "ul", /^\s*[-+]\s$/);

const Numbers = list("orderedList", "ol", /^([0-9]{1,3})\.\s$/, {
  rule: {
    getAttributes: ([, number]) => ({ start: Number(number) }),
    joinPredicate: ([, number], before) => before.childCount + before.attrs.start === Number(number),
  },
  node: {
    addAttributes: () => ({ start: { default: 1, parseHTML: (element) => element.start, renderHTML: ({ start }) => ({ start }) } }),
    renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
  },
});

export const extensions = [
  Document, Paragraph, Text, Bold, Italic, Bullets, Numbers, Item,
  ...tables, TrailingNode, UndoRedo,
];
