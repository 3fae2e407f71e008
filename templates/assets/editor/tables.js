// Simple tables: rows of equal length, cells of one line, nothing merged. So that
// they stay so, a change that would leave a row shorter than others (deleting what
// is selected over several cells) does not happen.
import { Node } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";

const MOST_COLUMNS = 12;

const Row = Node.create({
  name: "tableRow",
  content: "(tableCell | tableHeader)+",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

const cell = (name, tag, attributes) => Node.create({
  name,
  content: "paragraph",
  isolating: true,
  parseHTML: () => [{ tag }],
  renderHTML: () => [tag, attributes, 0],
});

// place tells in which table, row and column the cursor stands; null: in none.
export function place({ selection: { $from } }) {
  for (let at = $from.depth; at > 0; at--) {
    const table = $from.node(at);
    if (table.type.name !== "table") continue;
    return { table, at: $from.before(at), start: $from.start(at), row: $from.index(at), column: $from.index(at + 1), width: table.firstChild.childCount };
  }
  return null;
}

// eachRow calls back with the rows from last to first, so that a change leaves the
// places of those to come as they are.
function eachRow({ table, start }, call) {
  let at = start + table.content.size;
  for (let i = table.childCount - 1; i >= 0; i--) {
    at -= table.child(i).nodeSize;
    call(table.child(i), at + 1);
  }
}

// offset is where the child of that index begins.
function offset(node, index) {
  let at = 0;
  for (let i = 0; i < index; i++) at += node.child(i).nodeSize;
  return at;
}

// changes are what the buttons do, given the transaction, the place and the schema.
const changes = {
  addRow(tr, { table, start, row, width }, { tableRow, tableCell }) {
    const cells = Array.from({ length: width }, () => tableCell.createAndFill());
    tr.insert(start + offset(table, row + 1), tableRow.create(null, cells));
  },
  addColumn(tr, found) {
    eachRow(found, (row, at) => tr.insert(at + offset(row, found.column + 1), row.child(found.column).type.createAndFill()));
  },
  dropRow(tr, { table, start, row }) {
    const at = start + offset(table, row);
    tr.delete(at, at + table.child(row).nodeSize);
  },
  dropColumn(tr, found) {
    eachRow(found, (row, start) => {
      const at = start + offset(row, found.column);
      tr.delete(at, at + row.child(found.column).nodeSize);
    });
  },
  dropTable(tr, { table, at }) { tr.delete(at, at + table.nodeSize); },
  headRow(tr, { table, start }, { tableCell, tableHeader }) {
    const to = table.firstChild.firstChild.type === tableHeader ? tableCell : tableHeader;
    table.firstChild.forEach((one, at) => tr.setNodeMarkup(start + 1 + at, to));
  },
};

const possible = {
  addColumn: ({ width }) => width < MOST_COLUMNS,
  dropRow: ({ table }) => table.childCount > 1,
  dropColumn: ({ width }) => width > 1,
};

const command = (name) => () => ({ state, tr, dispatch }) => {
  const found = place(state);
  if (!found || possible[name]?.(found) === false) return false;
  if (dispatch) changes[name](tr, found, state.schema.nodes);
  return true;
};

// goTo moves to the next cell, or the one before, and selects its text.
const goTo = (step) => () => ({ state, tr, dispatch }) => {
  const found = place(state);
  if (!found) return false;
  const { table, start, width } = found;
  const next = found.row * width + found.column + step;
  if (next < 0 || next >= width * table.childCount) return false;
  const y = Math.floor(next / width), row = table.child(y), x = next % width;
  const at = start + offset(table, y) + 1 + offset(row, x) + 2; // within the cell's paragraph
  if (dispatch) tr.setSelection(TextSelection.create(tr.doc, at, at + row.child(x).firstChild.content.size)).scrollIntoView();
  return true;
};

const insert = () => ({ state, tr, dispatch }) => {
  if (place(state)) return false;
  const { tableRow, tableCell, tableHeader, table } = state.schema.nodes;
  const row = (type) => tableRow.create(null, [0, 1, 2].map(() => type.createAndFill()));
  if (!dispatch) return true;
  const at = tr.selection.from + 1;
  tr.replaceSelectionWith(table.create(null, [row(tableHeader), row(tableCell), row(tableCell)]));
  tr.setSelection(TextSelection.near(tr.doc.resolve(at))).scrollIntoView();
  return true;
};

const even = (doc) => doc.children.every((node) => node.type.name !== "table" ||
  node.children.every((row) => row.childCount === node.firstChild.childCount));

const Table = Node.create({
  name: "table",
  group: "block",
  content: "tableRow+",
  isolating: true,
  parseHTML: () => [{ tag: "table" }],
  renderHTML: () => ["table", ["tbody", 0]],
  addCommands: () => ({
    insertTable: insert, nextCell: goTo(1), cellBefore: goTo(-1),
    ...Object.fromEntries(Object.keys(changes).map((name) => [name, command(name)])),
  }),
  addKeyboardShortcuts() {
    const { editor } = this;
    return {
      Tab: () => editor.commands.nextCell() || editor.chain().addRow().nextCell().run(),
      "Shift-Tab": () => editor.commands.cellBefore(),
      // A cell is one line: the key goes on to the next.
      Enter: () => place(editor.state) !== null && (editor.commands.nextCell(), true),
      "Shift-Enter": () => editor.commands.enter(),
    };
  },
  addProseMirrorPlugins: () => [new Plugin({ filterTransaction: (tr) => !tr.docChanged || even(tr.doc) })],
});

export const tables = [Table, Row, cell("tableCell", "td", {}), cell("tableHeader", "th", { scope: "col" })];
