// A range copied from a workbook, laid out over the rows of the grid.
//
// It may be a column of figures; several columns, of which the one under the
// present period's head is taken, else the last one of numbers; a column of texts
// right of it is the reasons; a column of codes places each line at its row.
// Without codes, lines go down from the cell where they were pasted, over computed
// and locked rows too: those have their lines in a workbook as well. What does not
// fit is handed back, to be told.
import { parse } from "./numbers.js";
import { cellsOf } from "./range.js";

export const readRange = (text) => cellsOf(text).map((row) => row.map((cell) => cell.replace(/\s+/g, " ").trim()));

// plan tells what to put where. rows are {code, fixed, value} from top to bottom;
// start is where it was pasted; heads are the heads of the grid's columns, current
// that of the present period. The answer:
//   figures, reasons  [{row, text}]
//   column            the one taken, from 1, of several; else 0
//   fixed             lines that fell on rows which are not typed
//   blank, beyond     what was left out: blank lines over typed cells, and lines
//                     that have no row here
export function plan(range, rows, start, heads, current) {
  const width = Math.max(...range.map((line) => line.length));
  const at = (line, column) => range[line][column] ?? "";
  const columns = [...Array(width).keys()].map((column) => range.map((_, line) => at(line, column)));
  const codes = width > 1 ? columns.findIndex((column) => holdsCodes(column, rows)) : -1;
  const value = valueColumn(columns, codes, current);
  const reason = columns.findIndex((column, i) => i > value && i !== codes && column.some(Boolean) && !mostlyNumbers(column));
  const headed = range[0].some((cell) => heads.includes(plain(cell))) && !isNumber(at(0, value));
  const english = pointsAreDecimal(columns[value]);
  const out = { figures: [], reasons: [], column: width > 1 ? value + 1 : 0, fixed: 0, blank: [], beyond: [] };
  for (let line = headed ? 1 : 0; line < range.length; line++) {
    const [text, why] = [at(line, value), reason < 0 ? "" : at(line, reason)];
    const row = codes < 0 ? rows[start + line - (headed ? 1 : 0)] : rows.find((one) => one.code === at(line, codes));
    if (!row) {
      if (text || why) out.beyond.push((codes < 0 ? "" : at(line, codes)) || text || why);
      continue;
    }
    if (why) out.reasons.push({ row, text: why });
    if (row.fixed) out.fixed += text ? 1 : 0;
    else if (text) out.figures.push({ row, text: english ? toVietnamese(text) : text });
    else if (row.value) out.blank.push(row.code);
  }
  return out;
}

const plain = (text) => text.replace(/\s+/g, " ").trim().toLowerCase();
const isNumber = (text) => typeof parse(text) === "bigint" || ENGLISH.test(text);

function mostlyNumbers(column) {
  const filled = column.filter(Boolean);
  return filled.filter(isNumber).length * 2 > filled.length;
}

// Codes come in the order of the grid, each once; figures such as 3,1 do not.
function holdsCodes(column, rows) {
  const order = rows.map((row) => row.code);
  const found = column.map((cell) => order.indexOf(cell)).filter((index) => index >= 0);
  const filled = column.filter(Boolean).length;
  return found.length * 2 > filled && found.every((index, i) => i === 0 || index > found[i - 1]);
}

function valueColumn(columns, codes, current) {
  const named = columns.findIndex((column, i) => i !== codes && plain(column[0]) === current);
  if (named >= 0) return named;
  for (let i = columns.length - 1; i >= 0; i--) if (i !== codes && mostlyNumbers(columns[i])) return i;
  return codes === 0 && columns.length > 1 ? 1 : 0;
}

// Numbers of a workbook in English, "1,234.5", tell themselves from "1.234,5" only
// where one of them has both signs or two groups.
const ENGLISH = /^\d{1,3}(,\d{3})+\.\d+$|^\d{1,3}(,\d{3}){2,}$/;
const VIETNAMESE = /^\d{1,3}(\.\d{3})+,\d+$|^\d{1,3}(\.\d{3}){2,}$|^\d+,(\d{1,2}|\d{4,})$/;
const toVietnamese = (text) => (/^\d[\d,]*(\.\d+)?$/.test(text) ? text.replaceAll(",", "").replace(".", ",") : text);
const pointsAreDecimal = (column) => column.some((cell) => ENGLISH.test(cell)) && !column.some((cell) => VIETNAMESE.test(cell));
