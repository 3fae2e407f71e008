// Moving through a plan's grid by keys: Enter from row to row (past the last one a new
// one), up and down at the edge of a text, left and right at its ends, Alt with Enter
// a new line, Alt with up and down moves the row, Ctrl with Enter adds one below, Ctrl
// with Home and End the first and the last cell, F8 the next thing to mend.
export function bindKeys(table, { rows, columns, add, move, nothing }) {
  const cellOf = (field) => {
    const row = rows().find((one) => one.line === field.closest("[data-key]"));
    return row && { row, column: field.closest("[data-column]")?.dataset.column };
  };

  function to(field) {
    if (!field) return;
    field.scrollIntoView({ block: "nearest", inline: "nearest" });
    field.focus();
    field.select();
  }

  const beside = (row, step) => rows()[rows().indexOf(row) + step];
  const whole = (field) => field.selectionStart === 0 && field.selectionEnd === field.value.length;
  const oneLine = (field) => field.matches("input") || field.clientHeight < 1.9 * parseFloat(getComputedStyle(field).lineHeight) + 10;

  function vertical(field, at, step) {
    if (field.list || !(whole(field) || oneLine(field) || (step < 0 ? field.selectionEnd === 0 : field.selectionStart === field.value.length))) return null;
    return beside(at.row, step)?.field(at.column);
  }

  function across(field, at, step) {
    const edge = step < 0 ? field.selectionEnd === 0 : field.selectionStart === field.value.length;
    if (!edge && !whole(field)) return null;
    return at.row.cells.get(columns[columns.indexOf(at.column) + step])?.field;
  }

  function enter(field, at, event) {
    event.preventDefault();
    if (event.ctrlKey) return to(add(at.row, "name"));
    if (event.altKey) {
      if (field.matches("textarea")) field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
      return field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const next = beside(at.row, event.shiftKey ? -1 : 1);
    return to(next ? next.field(at.column) : !event.shiftKey && !at.row.blank() && add(at.row, at.column));
  }

  const keys = {
    ArrowDown: (field, at) => vertical(field, at, 1),
    ArrowUp: (field, at) => vertical(field, at, -1),
    ArrowLeft: (field, at) => across(field, at, -1),
    ArrowRight: (field, at) => across(field, at, 1),
    Home: (_, __, event) => event.ctrlKey && rows()[0].field(columns[0]),
    End: (_, __, event) => event.ctrlKey && rows()[rows().length - 1].field(columns[columns.length - 1]),
  };

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.metaKey || !field.matches(".cell")) return;
    const at = cellOf(field);
    if (event.key === "Enter") { enter(field, at, event); return; }
    if (event.altKey) {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      move(at.row, event.key === "ArrowUp" ? -1 : 1);
      field.focus();
      return;
    }
    const next = !event.shiftKey && keys[event.key]?.(field, at, event);
    if (!next) return;
    event.preventDefault();
    to(next);
  });

  function toProblem(step) {
    const wrong = [...table.querySelectorAll("[aria-invalid], [data-choose]")];
    const here = document.activeElement;
    const follows = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (step < 0) wrong.reverse();
    const next = wrong.find((one) => (step > 0 ? follows(here, one) : follows(one, here)) && one !== here) ?? wrong[0];
    if (!next) { nothing(); return; }
    next.scrollIntoView({ block: "center", inline: "nearest" });
    next.focus({ preventScroll: true });
    next.select?.();
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    toProblem(event.shiftKey ? -1 : 1);
  });
  return { to, toProblem };
}
