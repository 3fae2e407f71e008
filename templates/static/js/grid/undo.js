// Changes of cells that can be taken back, newest first, and made again: a finished
// cell, a whole paste, or whatever is handed in as { back, again }, two functions that
// answer the fields they changed. A new change forgets what could be made again.
// While a cell is being typed in, the browser's own undo works.
export function bindUndo(form, bar, done) {
  const past = [], ahead = [];
  const buttons = { back: bar.querySelector("[data-undo]"), again: bar.querySelector("[data-redo]") };
  let entered = null; // the field that has the focus, and what stood in it

  const typing = () => entered && entered.field.value !== entered.value;
  const enter = (field) => { entered = field.matches("textarea, input:not([type=hidden], [type=radio])") ? { field, value: field.value } : null; };

  form.addEventListener("focusin", (event) => enter(event.target));
  form.addEventListener("change", ({ target }) => {
    if (entered?.field !== target || !typing()) return;
    record([{ field: target, before: entered.value }]);
    enter(target);
  });

  function record(change) {
    past.push(Array.isArray(change) ? swapping(change) : change);
    ahead.length = 0;
    show();
  }

  function show() {
    buttons.back.hidden = past.length === 0;
    buttons.again.hidden = ahead.length === 0;
    if (document.activeElement) enter(document.activeElement);
  }

  function take(from, to, way) {
    const change = from.pop();
    if (!change) return;
    to.push(change);
    done(change[way](), way);
    show();
  }

  const undo = () => take(past, ahead, "back");
  const redo = () => take(ahead, past, "again");
  buttons.back.addEventListener("click", undo);
  buttons.again.addEventListener("click", redo);
  form.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    const again = key === "y" || key === "z" && event.shiftKey;
    if (!again && key !== "z" || typing() || (again ? ahead : past).length === 0) return;
    event.preventDefault();
    if (again) redo();
    else undo();
  });
  return record;
}

// swapping has cells and what stood in them change places, there and back.
function swapping(cells) {
  const swap = () => cells.map((cell) => {
    [cell.field.value, cell.before] = [cell.before, cell.field.value];
    return cell.field;
  });
  return { back: swap, again: swap };
}
