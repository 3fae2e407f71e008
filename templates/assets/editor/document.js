// Between blocks of the notation and the editor's document.
import { tidy } from "./notation.js";

const text = (run) => {
  const marks = [];
  if (run.bold) marks.push({ type: "bold" });
  if (run.italic) marks.push({ type: "italic" });
  return { type: "text", text: run.text, ...(marks.length ? { marks } : {}) };
};

const paragraph = (runs) => ({ type: "paragraph", ...(runs.length ? { content: runs.map(text) } : {}) });

// toDocument nests the items of lists and leaves a place to type in.
export function toDocument(blocks) {
  const content = [];
  const open = []; // the lists that are open, outermost first
  for (const block of blocks) {
    if (block.kind !== "bullet" && block.kind !== "numbered") {
      open.length = 0;
      content.push(block.kind === "table" ? table(block) : paragraph(block.runs));
      continue;
    }
    const level = block.level ?? 0;
    open.length = Math.min(open.length, level + 1);
    const item = { type: "listItem", content: [paragraph(block.runs)] };
    if (!follows(open[level], block)) {
      const parent = level ? lastItem(open[level - 1]).content : content;
      open[level] = listOf(block);
      parent.push(open[level]);
    }
    open[level].content.push(item);
  }
  return { type: "doc", content: content.length ? content : [paragraph([])] };
}

const lastItem = (list) => list.content[list.content.length - 1];

const listOf = (block) => block.kind === "bullet"
  ? { type: "bulletList", content: [] }
  : { type: "orderedList", attrs: { start: block.number ?? 0 }, content: [] };

// follows tells whether an item goes on with a list: numbers that jump begin
// another one.
function follows(list, block) {
  if (!list) return false;
  if (list.type === "bulletList") return block.kind === "bullet";
  return block.kind === "numbered" && list.attrs.start + list.content.length === (block.number ?? 0);
}

const table = (block) => ({
  type: "table",
  content: block.rows.map((row, at) => ({
    type: "tableRow",
    content: row.map((cell) => ({
      type: !at && block.header ? "tableHeader" : "tableCell",
      content: [paragraph(cell)],
    })),
  })),
});

// fromDocument reads the document back; what holds no letters is left out.
export function fromDocument(doc) {
  const blocks = [];
  for (const node of doc.content ?? []) {
    if (node.type === "table") {
      blocks.push(fromTable(node));
    } else if (node.type === "bulletList" || node.type === "orderedList") {
      fromList(blocks, node, 0);
    } else {
      const runs = fromInline(node);
      if (runs.length) blocks.push({ kind: "paragraph", runs });
    }
  }
  return blocks;
}

function fromList(blocks, list, level) {
  let number = list.attrs?.start ?? 1;
  for (const item of list.content ?? []) {
    const [first, ...rest] = item.content ?? [];
    const runs = first ? fromInline(first) : [];
    if (runs.length) {
      const block = { kind: list.type === "bulletList" ? "bullet" : "numbered", runs };
      const before = blocks[blocks.length - 1];
      const deepest = isItem(before) ? (before.level ?? 0) + 1 : 0;
      const at = Math.min(level, deepest, 2);
      if (at) block.level = at;
      // Number nought is left out, as Go leaves it out.
      if (block.kind === "numbered") { const n = Math.min(number++, 999); if (n) block.number = n; }
      blocks.push(block);
    }
    for (const sub of rest) fromList(blocks, sub, level + 1);
  }
}

const isItem = (block) => block?.kind === "bullet" || block?.kind === "numbered";

function fromTable(node) {
  const rows = node.content.map((row) => row.content.map((cell) =>
    tidy((cell.content ?? []).flatMap((one, at) => [...(at ? [{ text: " " }] : []), ...inlineRuns(one)]))));
  const block = { kind: "table", rows };
  if (node.content[0].content.every((cell) => cell.type === "tableHeader")) block.header = true;
  return block;
}

const inlineRuns = (node) => (node.content ?? []).filter((one) => one.text).map((one) => ({
  text: one.text,
  bold: (one.marks ?? []).some((mark) => mark.type === "bold"),
  italic: (one.marks ?? []).some((mark) => mark.type === "italic"),
}));

const fromInline = (node) => tidy(inlineRuns(node));
