// Moving through the grid by keys: Enter and up and down from row to row, left and
// right between a figure and its reason once the caret is at the edge, Ctrl with
// Home and End to the first and the last cell, F8 to what must be mended.
export function bindMoves(form, rows, nothing) {
  const typed = rows.filter((row) => !row.fixed);
  const seen = (field) => field && !field.closest("[hidden]");

  function to(field) {
    if (!field) return;
    field.scrollIntoView({ block: "nearest" });
    field.focus();
    field.select();
  }

  // beside is the field of the same kind in the next row that has one.
  function beside(field, step) {
    const inReason = field.name.startsWith("reason.");
    const at = rows.findIndex((row) => row.cell === field || row.reason === field);
    for (let i = at + step; rows[i]; i += step) {
      if (inReason && seen(rows[i].reason)) return rows[i].reason;
      if (!rows[i].fixed) return rows[i].cell;
    }
    return null;
  }

  function across(field, step) {
    const row = rows.find((one) => one.cell === field || one.reason === field);
    const edge = step < 0 ? field.selectionEnd === 0 : field.selectionStart === field.value.length;
    const whole = field.selectionStart === 0 && field.selectionEnd === field.value.length;
    const target = step < 0 ? row.cell : row.reason;
    return (edge || whole) && target !== field && seen(target) && !(step < 0 && row.fixed) ? target : null;
  }

  const keys = {
    Enter: (field, event) => beside(field, event.shiftKey ? -1 : 1) ?? form.querySelector(".button-primary"),
    ArrowDown: (field) => beside(field, 1),
    ArrowUp: (field) => beside(field, -1),
    ArrowLeft: (field) => across(field, -1),
    ArrowRight: (field) => across(field, 1),
    Home: (_, event) => (event.ctrlKey ? typed[0]?.cell : null),
    End: (_, event) => (event.ctrlKey ? typed[typed.length - 1]?.cell : null),
  };

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || event.altKey || event.metaKey || !rows.some((row) => row.cell === field || row.reason === field)) return;
    const next = keys[event.key]?.(field, event);
    if (event.key === "Enter") event.preventDefault(); // the form is not sent by typing
    if (!next) return;
    event.preventDefault();
    if (next.select) to(next); else next.focus();
  });

  // problem is the next field after the present one where something is wrong;
  // only when nothing is, one that is blank.
  function problem(step) {
    const here = document.activeElement.closest?.("[data-row]");
    const at = rows.findIndex((row) => row.line === here);
    const from = at < 0 ? (step > 0 ? -1 : rows.length) : at;
    const wrong = ({ line, reason, cell }) => {
      if (line.querySelector("[type=radio]:not(:checked)") && !line.querySelector("[type=radio]:checked")) return line.querySelector("[type=radio]");
      if (line.classList.contains("broken")) return cell ?? line.querySelector("output");
      return line.classList.contains("doubtful") && seen(reason) && reason.value.trim() === "" ? reason : null;
    };
    const blank = ({ cell, fixed }) => (!fixed && cell.value.trim() === "" ? cell : null);
    for (const find of [wrong, blank]) {
      for (let i = 1; i <= rows.length; i++) {
        const row = rows[(((from + step * i) % rows.length) + rows.length) % rows.length];
        if (row && find(row)) return find(row);
      }
    }
    return null;
  }

  return function toProblem(step = 1) {
    const field = problem(step);
    if (!field) return nothing();
    field.scrollIntoView({ block: "center" });
    if (field.matches("output")) field.tabIndex = -1;
    field.focus({ preventScroll: true });
    field.select?.();
  };
}
