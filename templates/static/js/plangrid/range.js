// A range pasted into a plan's grid, laid out over its columns.
//
// A first line of heads names the columns; else they go on to the right from the
// cell where it was pasted, and a first column of running numbers is passed over. A
// line with nothing but the name of a field is a heading: the lines under it belong
// to that field. Whatever else stands in a cell is taken as it is: the server reads
// it, and says so at the cell where it cannot.
import { cellsOf, tableOf } from "../grid/range.js";

// rangeIn is the range that the clipboard holds; null for a text that goes in as typed.
export function rangeIn(data) {
  const text = data.getData("text/plain");
  const table = tableOf(data.getData("text/html"));
  const range = table ?? (/\t/.test(text) ? cellsOf(text) : null);
  if (!range || range.length === 0 || (range.length === 1 && range[0].length <= 1)) return null;
  return range.map((row) => row.map((cell) => cell.replace(/\u00a0/g, " ").trim()));
}

// lay tells what goes where: lines as {column: text}, and the heads that name no
// column. columns are {code, heads} from left to right, heads as fold leaves what
// they are called; fields are the names of fields, numbers what a column of row
// numbers is called.
export function lay(range, columns, start, { fields, numbers }) {
  const width = Math.max(...range.map((row) => row.length));
  const heads = range[0].map((text) => columns.find((one) => one.heads.includes(fold(text)))?.code ?? null);
  const headed = heads.filter(Boolean).length >= Math.min(2, width);
  let body = headed ? range.slice(1) : range;
  if (!headed && width > 1 && counts(body)) body = body.map((row) => row.slice(1));
  const at = headed ? heads : columns.slice(start).map(({ code }) => code);
  const lines = [];
  let heading = "";
  for (const row of body) {
    const told = row.filter(Boolean);
    const named = told.length === 1 && width > 1 && fields.find((name) => fold(name) === fold(told[0]) || fold(name) === fold(bare(told[0])));
    if (named) { heading = named; continue; }
    const line = {};
    row.forEach((text, i) => { if (text && at[i]) line[at[i]] = text; });
    if (Object.keys(line).length === 0) continue;
    if (heading && !line.field) line.field = heading;
    lines.push(line);
  }
  const unknown = headed ? range[0].filter((text, i) => text && !heads[i] && !numbers.includes(fold(text))) : [];
  return { lines, unknown };
}

// counts tells whether the first column is running numbers or their blanks.
const counts = (rows) => rows.some((row) => row[0]) && rows.every((row) => /^(\d{1,3}[.)]?)?$/.test(row[0] ?? "") || row.filter(Boolean).length === 1);

const bare = (text) => text.replace(/^([ivx]{1,4}|\d{1,2}|[a-h])[.)/:-]\s*/i, "");

export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().replace(/\s+/g, " ").trim();
