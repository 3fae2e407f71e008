// What is pasted from Word, Excel or a page, as blocks of the notation. Nothing
// of its markup gets further than this file: it is read for its text, looks,
// lists and tables, and what else it had is counted in "dropped", so that the
// person can be told.
import { Levels, put, splitItem, squared, tidy } from "./notation.js";

const MOST_COLUMNS = 12;
const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "LI", "UL", "OL", "DL", "DT", "DD", "TABLE",
  "BLOCKQUOTE", "PRE", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "ADDRESS", "FIGURE", "FIGCAPTION", "HR", "CENTER"]);
const SILENT = new Set(["STYLE", "SCRIPT", "META", "LINK", "TITLE", "HEAD", "TEMPLATE", "NOSCRIPT", "XML", "COLGROUP", "COL"]);
const PICTURES = new Set(["IMG", "SVG", "PICTURE", "OBJECT", "EMBED", "IFRAME", "VIDEO", "AUDIO", "CANVAS", "V:IMAGEDATA", "V:SHAPE"]);
const LOOKS = { U: "underline", INS: "underline", S: "strike", STRIKE: "strike", DEL: "strike", SUP: "raised", SUB: "raised", MARK: "colours", FONT: "fonts" };

// readHTML reads pasted HTML: {blocks, dropped}, dropped counting by kind.
export function readHTML(html) {
  const reader = new Reader();
  reader.walk(inert(html).body, {});
  reader.end();
  return { blocks: reader.blocks, dropped: reader.dropped };
}

// inert parses without running or loading anything. Styles are renamed first, so
// that the page's policy has nothing to refuse.
function inert(html) {
  const calm = html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style="));
  return new DOMParser().parseFromString(calm, "text/html");
}

class Reader {
  blocks = [];
  dropped = {};
  #runs = [];
  #item = null; // of the list that the next text belongs to
  #levels = new Levels();

  drop(what) { this.dropped[what] = (this.dropped[what] ?? 0) + 1; }

  walk(node, look) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.text(child.data, look);
      else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, look);
    }
  }

  text(data, look) {
    const text = data.replace(/[\s\u00a0]+/g, " ").normalize("NFC");
    if (text === " " && !this.#runs.length) return;
    put(this.#runs, look, text);
  }

  element(element, look) {
    const name = element.tagName.toUpperCase();
    const style = styleOf(element);
    if (SILENT.has(name)) return;
    if (PICTURES.has(name)) { this.drop("pictures"); return; }
    if (style.display === "none" || style["mso-hide"] === "all") return;
    if (/footnote-list|endnote-list|comment-list/.test(style["mso-element"] ?? "")) return;
    if (style["mso-footnote-id"] || style["mso-endnote-id"]) { this.drop("notes"); return; }
    if (style["mso-special-character"] === "comment") { this.drop("comments"); return; }
    if (/Ignore/i.test(style["mso-list"] ?? "")) return; // the mark, read with its paragraph
    if (name === "TABLE") { this.table(element, look); return; }
    if (name === "BR") { if (!/page-break/.test(element.getAttribute("clear") ?? "")) this.end(); return; }
    const inner = this.look(name, element, style, look);
    if (!BLOCKS.has(name)) { this.walk(element, inner); return; }
    this.block(name, element, style, inner);
  }

  // look is how the text of an element looks, and what of it is dropped.
  look(name, element, style, look) {
    let { bold, italic } = look;
    if (name === "B" || name === "STRONG" || name === "TH") bold = true;
    if (name === "I" || name === "EM") italic = true;
    if (/^H[1-6]$/.test(name)) { bold = true; this.drop("headings"); }
    const weight = style["font-weight"];
    if (weight) bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
    if (style["font-style"]) italic = /italic|oblique/.test(style["font-style"]);
    if (LOOKS[name]) this.drop(LOOKS[name]);
    if (name === "A" && element.hasAttribute("href")) this.drop("links");
    if (!element.textContent.trim()) return { bold, italic };
    if (coloured(style.color) || coloured(style.background ?? style["background-color"])) this.drop("colours");
    if (style["font-family"] || style["font-size"] || style.font) this.drop("fonts");
    if (/underline/.test(style["text-decoration"] ?? "")) this.drop("underline");
    if (/line-through/.test(style["text-decoration"] ?? "")) this.drop("strike");
    if (/^(center|right)$/.test(style["text-align"] ?? element.getAttribute("align") ?? "")) this.drop("alignment");
    return { bold, italic };
  }

  block(name, element, style, look) {
    this.end();
    if (name === "HR") return;
    if (name === "LI") this.#item = htmlItem(element);
    else if (style["mso-list"] && !/none/i.test(style["mso-list"])) this.#item = wordItem(element, style);
    this.walk(element, look);
    this.end();
    if (name === "LI") this.#item = null;
  }

  // end closes the paragraph or item that is being read.
  end() {
    let runs = tidy(squeezed(this.#runs));
    const item = this.#item;
    this.#runs = [];
    if (!runs.length) return;
    this.#item = null;
    if (item?.letter) runs = tidy([{ text: item.letter + " " }, ...runs]);
    if (item && !item.letter) this.item(item, runs);
    else if (!this.typedItem(runs)) { this.#levels.reset(); this.blocks.push({ kind: "paragraph", runs }); }
  }

  item({ kind, number, columns }, runs) {
    const level = this.#levels.level(columns);
    const block = { kind, runs };
    if (level) block.level = level;
    if (kind === "numbered") block.number = number ?? this.next(level);
    this.blocks.push(block);
  }

  // next is the number that follows in a list whose marks are not given.
  next(level) {
    for (let at = this.blocks.length - 1; at >= 0; at--) {
      const { kind, number } = this.blocks[at], above = this.blocks[at].level ?? 0;
      if (kind === "numbered" && above === level) return Math.min(number + 1, 999);
      if (above < level || kind === "paragraph" || kind === "table" || above === level) break;
    }
    return 1;
  }

  // typedItem takes "- a" that was typed by hand for the item that it is.
  typedItem(runs) {
    const first = runs[0];
    if (first.bold || first.italic) return false;
    const typed = splitItem(first.text.replace(/^(?:[–—] |[•·▪] ?)/, "- ") + (runs.length > 1 ? "x" : ""));
    if (!typed) return false;
    const rest = runs.length > 1 ? typed.rest.slice(0, -1) : typed.rest;
    const columns = first.text[0] === "+" ? 1 : 0;
    this.item({ kind: typed.kind, number: typed.number, columns }, tidy([{ ...first, text: rest }, ...runs.slice(1)]));
    return true;
  }

  table(element, look) {
    this.end();
    this.#item = null;
    this.#levels.reset();
    const rows = this.cells(element, look).filter((row) => row.length);
    if (!rows.length) return;
    const table = squared({ kind: "table", rows });
    if (rows[0].length > MOST_COLUMNS) {
      this.drop("wide");
      for (const row of rows) {
        const runs = tidy(row.flatMap((cell, at) => [...(at ? [{ text: "; " }] : []), ...cell]));
        if (runs.length) this.blocks.push({ kind: "paragraph", runs });
      }
      return;
    }
    if (isHead(element, rows[0])) {
      table.header = true;
      rows[0] = rows[0].map((cell) => tidy(cell.map((run) => ({ ...run, bold: false }))));
    }
    if (rows.some((row) => row.some((cell) => cell.length))) this.blocks.push(table);
  }

  // cells lays the cells of a table out; merged ones leave blanks behind.
  cells(element, look) {
    const rows = [];
    [...element.rows].forEach((row, y) => {
      rows[y] ??= [];
      let x = 0;
      for (const cell of row.cells) {
        while (rows[y][x]) x++;
        const wide = Math.min(cell.colSpan || 1, 100), high = Math.min(cell.rowSpan || 1, element.rows.length - y);
        if (wide > 1 || high > 1) this.drop("merged");
        for (let dy = 0; dy < high; dy++) {
          rows[y + dy] ??= [];
          for (let dx = 0; dx < wide; dx++) rows[y + dy][x + dx] = [];
        }
        rows[y][x] = this.cell(cell, look);
      }
    });
    return rows.map((row) => Array.from(row, (cell) => cell ?? []));
  }

  // cell reads one cell on one line.
  cell(element, look) {
    const inner = new Reader();
    inner.dropped = this.dropped;
    inner.walk(element, inner.look(element.tagName === "TH" ? "TH" : "TD", element, styleOf(element), look));
    inner.end();
    if (inner.blocks.length > 1) this.drop("breaks");
    return tidy(inner.blocks.flatMap((block, at) => [
      ...(at ? [{ text: " " }] : []),
      ...(block.runs ?? block.rows.flat(2)),
    ]));
  }
}

// isHead takes a first row for the head that it says it is, or looks like.
function isHead(element, first) {
  if (element.tHead || [...element.rows[0].cells].every((cell) => cell.tagName === "TH")) return true;
  return first.some((cell) => cell.length) && first.every((cell) => cell.every((run) => run.bold));
}

// htmlItem is the place of an li in its lists.
function htmlItem(element) {
  const list = element.parentElement;
  let columns = 0;
  for (let up = list?.parentElement; up; up = up.parentElement) if (/^(UL|OL)$/.test(up.tagName)) columns += 10;
  if (list?.tagName !== "OL") return { kind: "bullet", columns };
  const type = element.getAttribute("type") ?? list.getAttribute("type") ?? "1";
  const before = [...list.children].filter((one) => one.tagName === "LI").indexOf(element);
  const number = element.hasAttribute("value") ? element.value : (list.start || 1) + before;
  if (/[ai]/i.test(type)) return { letter: lettered(type, number), columns };
  return { kind: "numbered", number: Math.min(Math.max(number, 0), 999), columns };
}

const lettered = (type, number) =>
  /[a]/i.test(type) && number >= 1 && number <= 26 ? String.fromCharCode(96 + number) + ")" : number + ")";

// wordItem reads Word's way of writing an item: a paragraph with its level in
// the style and its mark in a span.
function wordItem(element, style) {
  const level = Number(/level(\d)/.exec(style["mso-list"])?.[1] ?? 1);
  const columns = (level - 1) * 10;
  const marks = [...element.querySelectorAll("[data-style]")].filter((one) => /Ignore/i.test(styleOf(one)["mso-list"] ?? ""));
  const mark = (marks[0]?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
  const drawn = marks.some((one) => /symbol|wingdings|courier/i.test(one.parentElement.getAttribute("data-style") ?? ""));
  const number = /^(\d{1,3})[.)]?$/.exec(mark);
  if (number) return { kind: "numbered", number: parseInt(number[1], 10), columns };
  if (drawn) return { kind: "bullet", columns };
  if (/^[\p{L}\p{N}]+[.)]?$/u.test(mark) || /^\d+(\.\d+)+\.?$/.test(mark)) return { letter: mark, columns };
  return { kind: "bullet", columns };
}

// styleOf reads an inline style that inert has renamed.
function styleOf(element) {
  const style = {};
  for (const one of (element.getAttribute("data-style") ?? "").split(";")) {
    const at = one.indexOf(":");
    if (at > 0) style[one.slice(0, at).trim().toLowerCase()] = one.slice(at + 1).trim().toLowerCase();
  }
  return style;
}

// coloured tells colours from the black on white that all text has.
function coloured(value) {
  if (!value) return false;
  const plain = value.replace(/\s+/g, "");
  return !/^(windowtext|black|auto|inherit|initial|currentcolor|transparent|none|white|#0{3}(0{3})?|#f{3}(f{3})?|rgba?\(0,0,0(,[\d.]+)?\)|rgb\(255,255,255\))/.test(plain);
}

// squeezed leaves one space where markup had several.
function squeezed(runs) {
  let spaced = false;
  return runs.map((run) => {
    const text = [...run.text].filter((letter) => {
      const drop = letter === " " && spaced;
      spaced = letter === " ";
      return !drop;
    }).join("");
    return { ...run, text };
  });
}
