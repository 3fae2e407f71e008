// Changes of cells that can be taken back, newest first: a finished cell, a whole
// paste, or whatever a function takes back, which answers the fields it changed.
// While a cell is being typed in, the browser's own undo works.
export function bindUndo(form, button, undone) {
  const batches = [];
  let entered = null; // the field that has the focus, and what stood in it

  const typing = () => entered && entered.field.value !== entered.value;
  const enter = (field) => { entered = field.matches("textarea, input:not([type=hidden], [type=radio])") ? { field, value: field.value } : null; };

  form.addEventListener("focusin", (event) => enter(event.target));
  form.addEventListener("change", ({ target }) => {
    if (entered?.field !== target || !typing()) return;
    record([{ field: target, before: entered.value }]);
    enter(target);
  });

  function record(batch) {
    batches.push(batch);
    button.hidden = false;
    if (document.activeElement) enter(document.activeElement);
  }

  function undo() {
    const batch = batches.pop();
    if (!batch) return;
    button.hidden = batches.length === 0;
    undone(typeof batch === "function" ? batch() : putBack(batch));
    if (document.activeElement) enter(document.activeElement);
  }

  button.addEventListener("click", undo);
  form.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    if (typing() || batches.length === 0) return;
    event.preventDefault();
    undo();
  });
  return record;
}

const putBack = (batch) => batch.map(({ field, before }) => { field.value = before; return field; });
