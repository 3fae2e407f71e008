// The notation of narratives: text to blocks and back. The rules, and their
// reasons, stand in package prose (domain/prose), which the server reads with;
// both are held to the same cases, so a change here is a change there.
const DEEPEST = 2, MOST_COLUMNS = 12, TAB = 4;
const ESCAPABLE = "\\*|-+.()";

const isSpace = (letter) => letter === " " || letter === "\t" || letter === "\u00a0";
export const trim = (text) => text.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "");

export function parse(source) {
  const blocks = [];
  const levels = new Levels();
  let table = null;
  for (const line of source.replace(/\r\n?/g, "\n").split("\n")) {
    const body = trim(line);
    const cells = splitRow(body);
    if (cells) {
      levels.reset();
      if (!table) blocks.push(table = { kind: "table", rows: [] });
      if (table.rows.length === 1 && !table.header && marksHeader(cells)) table.header = true;
      else table.rows.push(cells.map(inline));
      continue;
    }
    table = null;
    if (!body) continue;
    const item = splitItem(body);
    if (item) blocks.push(levels.item(item, indent(line) + (body[0] === "+" ? 1 : 0)));
    else { levels.reset(); blocks.push({ kind: "paragraph", runs: inline(body) }); }
  }
  for (const block of blocks) if (block.kind === "table") squared(block);
  return blocks;
}

// Levels finds how deep items stand from how far they are indented: each under
// the nearest item before it that is indented less.
export class Levels {
  #indents = [];
  reset() { this.#indents = []; }
  level(columns) {
    const indents = this.#indents;
    while (indents.length && indents[indents.length - 1] >= columns) indents.pop();
    if (indents.length <= DEEPEST) indents.push(columns);
    return indents.length - 1;
  }
  item({ kind, number, rest }, columns) {
    const block = { kind, runs: inline(rest) };
    const level = this.level(columns);
    if (level) block.level = level;
    if (number) block.number = number;
    return block;
  }
}

export function splitItem(body) {
  const found = /^(-|\+|[0-9]{1,3}\.)[ \t\u00a0]+/.exec(body);
  if (!found || found[0].length === body.length) return null;
  const rest = body.slice(found[0].length);
  if (found[1] === "-" || found[1] === "+") return { kind: "bullet", rest };
  return { kind: "numbered", number: parseInt(found[1], 10), rest };
}

function indent(line) {
  let columns = 0;
  for (const letter of line) {
    if (!isSpace(letter)) break;
    columns += letter === "\t" ? TAB : 1;
  }
  return columns;
}

function splitRow(body) {
  if (body[0] !== "|") return null;
  const cells = [];
  let from = 1;
  for (let at = 1; at < body.length; at++) {
    if (body[at] === "\\" && at + 1 < body.length && ESCAPABLE.includes(body[at + 1])) at++;
    else if (body[at] === "|") { cells.push(trim(body.slice(from, at))); from = at + 1; }
  }
  return from < body.length || !cells.length || cells.length > MOST_COLUMNS ? null : cells;
}

const marksHeader = (cells) => cells.every((cell) => /^-{3,}$/.test(cell));

// squared gives short rows empty cells.
export function squared(table) {
  const width = Math.max(...table.rows.map((row) => row.length));
  for (const row of table.rows) while (row.length < width) row.push([]);
  return table;
}

function inline(source) {
  const tokens = tokenize([...source]);
  const last = { bold: -1, italic: -1 };
  tokens.forEach((token, at) => {
    if (!token.closes) return;
    if (token.stars === 2 || token.stars === 3) last.bold = at;
    if (token.stars === 1 || token.stars === 3) last.italic = at;
  });
  const runs = [], look = { bold: false, italic: false };
  const turn = (token, mark, at) => {
    if (look[mark] ? !token.closes : !(token.opens && at < last[mark])) return false;
    look[mark] = !look[mark];
    return true;
  };
  tokens.forEach((token, at) => {
    if (!token.stars) { put(runs, look, token.letter); return; }
    let left = token.stars;
    if ((left === 2 || left === 3) && turn(token, "bold", at)) left -= 2;
    if ((token.stars === 1 || token.stars === 3) && turn(token, "italic", at)) left--;
    put(runs, look, "*".repeat(left));
  });
  return runs;
}

// put appends letters of one look.
export function put(runs, look, letters) {
  if (!letters) return;
  const last = runs[runs.length - 1];
  if (last && sameLook(last, look)) { last.text += letters; return; }
  const run = { text: letters };
  if (look.bold) run.bold = true;
  if (look.italic) run.italic = true;
  runs.push(run);
}

const sameLook = (a, b) => !a.bold === !b.bold && !a.italic === !b.italic;

function tokenize(letters) {
  const tokens = [];
  let before = " ";
  for (let at = 0; at < letters.length;) {
    const letter = letters[at];
    if (letter === "\\" && at + 1 < letters.length && ESCAPABLE.includes(letters[at + 1])) {
      tokens.push({ letter: letters[at + 1] });
      before = "x";
      at += 2;
    } else if (letter === "*") {
      let end = at;
      while (letters[end] === "*") end++;
      const after = end < letters.length ? letters[end] : " ";
      tokens.push({
        stars: end - at,
        opens: !isSpace(after) && after !== ")",
        closes: !isSpace(before) && before !== "(",
      });
      before = "*";
      at = end;
    } else {
      tokens.push({ letter });
      before = letter;
      at++;
    }
  }
  return tokens;
}

export function write(blocks) {
  const lines = [];
  blocks.forEach((block, at) => {
    if (block.kind === "table") {
      if (at && blocks[at - 1].kind === "table") lines.push("");
      lines.push(...tableLines(block));
    } else if (block.kind === "paragraph") {
      lines.push(guard(writeRuns(block.runs, "")));
    } else {
      const lead = block.kind === "bullet" ? "- " : `${block.number ?? 0}. `;
      lines.push("  ".repeat(block.level ?? 0) + lead + writeRuns(block.runs, ""));
    }
  });
  return lines.join("\n");
}

function tableLines(block) {
  const lines = [];
  block.rows.forEach((row, at) => {
    const cells = row.map((cell) => {
      const text = writeRuns(cell, "|");
      return marksHeader([text]) ? "\\" + text : text;
    });
    lines.push(`| ${cells.join(" | ")} |`);
    if (!at && block.header) lines.push("|" + " --- |".repeat(row.length));
  });
  return lines;
}

// guard keeps a paragraph from being read as an item or a row.
function guard(line) {
  if (line[0] === "|") return "\\" + line;
  const item = splitItem(line);
  if (!item) return line;
  return item.kind === "numbered" ? line.replace(".", "\\.") : "\\" + line;
}

const PLAIN = {};

function writeRuns(runs, special) {
  const letters = runs.flatMap((run) => [...run.text].map((letter) => ({ letter, look: run })));
  let out = "", look = PLAIN;
  letters.forEach((one, at) => {
    const into = [look, one.look], outOf = [one.look, letters[at + 1]?.look ?? PLAIN];
    out += stars(...into);
    if (needsEscape(letters, at, into, outOf, special)) out += "\\";
    out += one.letter;
    look = one.look;
  });
  return out + stars(look, PLAIN);
}

const stars = (before, after) =>
  "*".repeat((!before.bold !== !after.bold ? 2 : 0) + (!before.italic !== !after.italic ? 1 : 0));
const opens = (before, after) => Boolean(after.bold && !before.bold || after.italic && !before.italic);

// needsEscape tells whether a letter would be read as a mark, or keep the stars
// beside it from being one.
function needsEscape(letters, at, into, outOf, special) {
  const before = letters[at - 1]?.letter ?? " ", after = letters[at + 1]?.letter ?? " ";
  switch (letters[at].letter) {
    case "*": {
      const apart = (isSpace(before) || before === "(") && (isSpace(after) || after === ")");
      return !apart || stars(...into) !== "" || stars(...outOf) !== "";
    }
    case "\\": return stars(...outOf) !== "" || ESCAPABLE.includes(after);
    case "(": return opens(outOf[1], outOf[0]);
    case ")": return opens(...into);
    default: return special.includes(letters[at].letter);
  }
}

// tidy makes runs as the notation wants them: no space at either end, none where
// bold or italic begins or ends, equal neighbours joined.
export function tidy(runs) {
  const letters = runs.flatMap((run) => [...run.text.replace(/[\r\n]+/g, " ")]
    .map((letter) => ({ letter, bold: Boolean(run.bold), italic: Boolean(run.italic) })));
  while (letters.length && isSpace(letters[0].letter)) letters.shift();
  while (letters.length && isSpace(letters[letters.length - 1].letter)) letters.pop();
  for (const mark of ["bold", "italic"]) {
    // Spaces that are marked, with nothing marked after or before them.
    for (const step of [1, -1]) {
      let inside = false;
      for (let n = 0, at = step > 0 ? 0 : letters.length - 1; n < letters.length; n++, at += step) {
        const one = letters[at];
        if (one[mark] && !inside && isSpace(one.letter)) one[mark] = false;
        else inside = one[mark];
      }
    }
  }
  const tidied = [];
  for (const one of letters) put(tidied, one, one.letter);
  return tidied;
}
