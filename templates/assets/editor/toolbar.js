// The toolbar: one stop of the Tab key, arrows within, pressed states told.
const COMMANDS = {
  bold: (chain) => chain.toggleBold(),
  italic: (chain) => chain.toggleItalic(),
  bullets: (chain) => chain.toggleList("bulletList", "listItem"),
  numbers: (chain) => chain.toggleList("orderedList", "listItem"),
  table: (chain) => chain.insertTable(),
  "add-row": (chain) => chain.addRow(),
  "add-column": (chain) => chain.addColumn(),
  "drop-row": (chain) => chain.dropRow(),
  "drop-column": (chain) => chain.dropColumn(),
  "drop-table": (chain) => chain.dropTable(),
  "head-row": (chain) => chain.headRow(),
  undo: (chain) => chain.undo(),
  redo: (chain) => chain.redo(),
};

const ACTIVE = { bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList" };

export function bindToolbar(editor, bar) {
  const buttons = [...bar.querySelectorAll("button")];
  const inTable = bar.querySelector("[data-in-table]"); // what is of use in a table only

  for (const button of buttons) {
    const command = COMMANDS[button.dataset.command];
    if (!command) continue;
    // The selection stays where it is when a button is pressed by mouse.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => command(editor.chain().focus()).run());
  }

  function update() {
    inTable.hidden = !editor.isActive("table");
    for (const button of buttons) {
      const name = button.dataset.command, command = COMMANDS[name];
      if (!command) continue;
      if (ACTIVE[name]) button.setAttribute("aria-pressed", String(editor.isActive(ACTIVE[name])));
      button.setAttribute("aria-disabled", String(!command(editor.can().chain()).run()));
    }
    if (!reachable().some((button) => button.tabIndex === 0)) reachable()[0].tabIndex = 0;
  }

  const reachable = () => buttons.filter((button) => !inTable.hidden || !inTable.contains(button));

  function focus(button) {
    for (const one of buttons) one.tabIndex = -1;
    button.tabIndex = 0;
    button.focus();
  }

  for (const button of buttons) button.tabIndex = -1;
  bar.addEventListener("keydown", (event) => {
    const all = reachable(), at = all.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    focus(all[(to + all.length) % all.length]);
  });
  // Once a frame: many transactions are letters typed in a row.
  let due = 0;
  editor.on("transaction", () => { due ||= requestAnimationFrame(() => { due = 0; update(); }); });
  update();
  return { focus: () => focus(reachable()[0]) };
}
