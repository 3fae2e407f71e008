// A range of cells as the clipboard holds it.
// cellsOf splits the clipboard's text into cells. Workbooks put a cell with a
// line break, tab or quote into quotes.
export function cellsOf(text) {
  const rows = [[""]];
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  let quoted = false;
  for (let i = 0; i < source.length; i++) {
    const row = rows[rows.length - 1];
    const last = row.length - 1;
    const letter = source[i];
    if (quoted) {
      if (letter !== '"') row[last] += letter;
      else if (source[i + 1] === '"') row[last] += source[i++];
      else quoted = false;
    } else if (letter === '"' && row[last] === "") quoted = true;
    else if (letter === "\t") row.push("");
    else if (letter === "\n") rows.push([""]);
    else row[last] += letter;
  }
  // A quote that nothing closes was just a quote.
  return quoted ? source.split("\n").map((line) => line.split("\t")) : rows;
}

// tableOf reads the first table of the clipboard's HTML, as Word and Excel put it
// there: cells that span several columns or rows stand in the first of them. Null:
// there is none. The document is inert: nothing of it is loaded or run.
export function tableOf(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [...table.rows].filter((row) => row.closest("table") === table);
  const cells = rows.map(() => []);
  rows.forEach((row, at) => {
    let column = 0;
    for (const cell of row.cells) {
      while (cells[at][column] !== undefined) column += 1;
      for (let below = 0; below < Math.max(1, cell.rowSpan) && at + below < rows.length; below++) {
        for (let beside = 0; beside < cell.colSpan; beside++) cells[at + below][column + beside] = "";
      }
      cells[at][column] = textOf(cell);
    }
  });
  return cells.map((row) => [...row].map((text) => text ?? ""));
}

// textOf is a cell's text, a line a paragraph.
function textOf(cell) {
  const lines = [""];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) lines[lines.length - 1] += node.data.replace(/\s+/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const block = /^(P|DIV|LI|BR|H[1-6]|TR)$/.test(node.tagName);
    if (block && lines[lines.length - 1].trim()) lines.push("");
    node.childNodes.forEach(walk);
    if (block && lines[lines.length - 1].trim()) lines.push("");
  };
  cell.childNodes.forEach(walk);
  return lines.map((line) => line.trim()).filter(Boolean).join("\n");
}
