// The figures grid: keys, pasting from Excel, undo, percentages while typing, and
// what the checks say after each save. Cells are plain inputs of a plain form; the
// server reads them, and without scripts they work as such.
import { markUnread, showChecks } from "./grid/checks.js";
import { bindMoves } from "./grid/moves.js";
import { format, parse } from "./grid/numbers.js";
import { plan, readRange } from "./grid/paste.js";
import { bindRatios } from "./grid/ratio.js";
import { pointTo, sayings } from "./grid/said.js";
import { bindUndo } from "./grid/undo.js";

// SETTLED is longer than autosave's pause: an answer that comes sooner after the
// last key is about figures that have changed since.
const SETTLED = 1400;

export function bindGrid(table) {
  const form = table.closest("form");
  const rows = [...table.querySelectorAll("[data-row]")].map(rowOf);
  const say = sayings(form.querySelector("[data-grid-said]"));
  const reckon = bindRatios(form, table);
  let touched = -Infinity;

  // changed is told after cells were filled by script: one event saves them all.
  const changed = (fields) => {
    for (const field of fields) mark(field);
    fields[0]?.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const mark = (field) => {
    const row = rows.find((one) => one.cell === field);
    if (row) markUnread(row, parse(field.value) === undefined);
    const reason = field.closest("[data-reason]");
    if (reason && field.value !== "") reason.hidden = false;
  };
  const record = bindUndo(form, form, (fields, way) => {
    changed(fields);
    say([[way === "back" ? "undone" : "redone", fields.length]]);
    fields[0].focus();
  });
  const toProblem = bindMoves(form, rows, () => {
    const link = form.querySelector("[data-problem]");
    if (link && !link.getAttribute("href").startsWith("#")) location.href = link.href;
    else say([["none", 0]]);
  });

  reckon(); // over what this machine has put back
  form.addEventListener("input", () => { touched = performance.now(); reckon(); });
  form.addEventListener("change", ({ target }) => {
    if (!rows.some((row) => row.cell === target)) return;
    const units = parse(target.value);
    if (typeof units === "bigint") target.value = format(units);
    mark(target);
  });
  form.addEventListener("autosave:saved", ({ detail }) => {
    showChecks(rows, detail);
    pointTo(form, detail.problem);
    if (performance.now() - touched < SETTLED) return;
    for (const row of rows) if (row.ratio && detail.rows?.[row.code]) row.ratio.textContent = detail.rows[row.code].ratio;
  });
  form.addEventListener("paste", (event) => {
    const at = rows.findIndex((row) => row.cell === event.target);
    const text = event.clipboardData.getData("text");
    if (at < 0 || !/[\t\n\r]/.test(text)) return; // a single word goes in as typed
    event.preventDefault();
    pasteAt(at, text);
  });
  form.addEventListener("click", (event) => {
    const reuse = event.target.closest("[data-reuse]");
    if (reuse) { event.preventDefault(); takeOver(reuse.closest("[data-reason]")); }
    if (event.target.closest("[data-problem]")) { event.preventDefault(); toProblem(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    toProblem(event.shiftKey ? -1 : 1);
  });

  function pasteAt(at, text) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => plain(head.firstChild));
    const laid = plan(readRange(text), rows, at, heads, plain(table.querySelector("[data-current]").firstChild));
    const batch = [];
    const put = (field, value) => {
      batch.push({ field, before: field.value });
      field.value = value;
    };
    const unread = [];
    for (const { row, text: figure } of laid.figures) {
      const units = parse(figure);
      put(row.cell, typeof units === "bigint" ? format(units) : figure);
      if (units === undefined) unread.push(`${row.code} “${figure}”`);
    }
    for (const { row, text: reason } of laid.reasons) put(row.reason, reason);
    if (batch.length > 0) { changed(batch.map(({ field }) => field)); record(batch); }
    say([
      ["pasted", laid.figures.length], ["reasons", laid.reasons.length], ["column", laid.column], ["unread", unread.length, unread],
      ["fixed", laid.fixed], ["blank", laid.blank.length, laid.blank], ["beyond", laid.beyond.length, laid.beyond],
    ]);
    const last = laid.figures[laid.figures.length - 1];
    (last?.row.cell ?? rows[at].cell).focus();
  }

  function takeOver(field) {
    const reason = field.querySelector("input");
    record([{ field: reason, before: reason.value }]);
    reason.value = field.querySelector("[data-offered]").textContent;
    changed([reason]);
    reason.focus();
  }
}

const plain = (node) => node.textContent.replace(/\s+/g, " ").trim().toLowerCase();

function rowOf(line) {
  const cell = line.querySelector("input.cell");
  return {
    line, cell, code: line.dataset.row, fixed: !cell || cell.readOnly, reason: line.querySelector("[data-reason] input"),
    ratio: line.querySelector("output [data-value]"), get value() { return cell?.value ?? ""; },
  };
}
