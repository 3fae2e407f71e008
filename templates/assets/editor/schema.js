// What the editor knows: no more than the notation can say.
import { Node, wrappingInputRule } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { Italic } from "@tiptap/extension-italic";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { TrailingNode } from "@tiptap/extensions/trailing-node";
import { UndoRedo } from "@tiptap/extensions/undo-redo";
import { TextSelection } from "@tiptap/pm/state";
import {
  addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell,
  isInTable, selectedRect, tableEditing,
} from "@tiptap/pm/tables";

const DEEPEST = 3, MOST_COLUMNS = 12;

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

const span = { colspan: { default: 1, rendered: false }, rowspan: { default: 1, rendered: false }, colwidth: { default: null, rendered: false } };

const role = (name, tableRole, rest) => Node.create({
  name,
  extendNodeSchema: (extension) => extension.name === name ? { tableRole } : {},
  ...rest,
});

const Row = role("tableRow", "row", {
  content: "(tableCell | tableHeader)+",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

const cell = (name, tableRole, tag, attributes) => role(name, tableRole, {
  content: "paragraph",
  isolating: true,
  addAttributes: () => span,
  parseHTML: () => [{ tag }],
  renderHTML: () => [tag, attributes, 0],
});

// toggleHead makes the first row the head, or takes that away.
function toggleHead(state, dispatch) {
  if (!isInTable(state)) return false;
  if (!dispatch) return true;
  const { table, tableStart } = selectedRect(state);
  const { tableCell, tableHeader } = state.schema.nodes;
  const { tr } = state;
  const to = table.firstChild.firstChild.type === tableHeader ? tableCell : tableHeader;
  table.firstChild.forEach((one, offset) => tr.setNodeMarkup(tableStart + 1 + offset, to));
  dispatch(tr);
  return true;
}

const run = (command) => () => ({ state, dispatch }) => command(state, dispatch);

const Table = role("table", "table", {
  group: "block",
  content: "tableRow+",
  isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
  addCommands: () => ({
    insertTable: () => ({ state, tr, dispatch }) => {
      if (isInTable(state)) return false;
      const { tableRow, tableCell, tableHeader, table } = state.schema.nodes;
      const row = (type) => tableRow.create(null, [0, 1, 2].map(() => type.createAndFill()));
      if (!dispatch) return true;
      const at = tr.selection.from + 1;
      tr.replaceSelectionWith(table.create(null, [row(tableHeader), row(tableCell), row(tableCell)]));
      tr.setSelection(TextSelection.near(tr.doc.resolve(at))).scrollIntoView();
      return true;
    },
    addRow: run(addRowAfter),
    addColumn: () => ({ state, dispatch }) =>
      isInTable(state) && selectedRect(state).map.width < MOST_COLUMNS && addColumnAfter(state, dispatch),
    dropRow: run(deleteRow),
    dropColumn: run(deleteColumn),
    dropTable: run(deleteTable),
    headRow: run(toggleHead),
  }),
  addKeyboardShortcuts() {
    const next = (step) => () => goToNextCell(step)(this.editor.state, this.editor.view.dispatch);
    return {
      Tab: () => isInTable(this.editor.state) && (next(1)() || this.editor.chain().addRow().run() && next(1)()),
      "Shift-Tab": next(-1),
      // A cell is one line: the key goes on to the next.
      Enter: () => isInTable(this.editor.state) && (next(1)(), true),
      "Shift-Enter": () => this.editor.commands.enter(),
    };
  },
  addProseMirrorPlugins: () => [tableEditing()],
});

export const extensions = [
  Document, Paragraph, Text, Bold, Italic, Bullets, Numbers, Item,
  Table, Row, cell("tableCell", "cell", "td", {}), cell("tableHeader", "header_cell", "th", { scope: "col" }),
  TrailingNode, UndoRedo,
];
