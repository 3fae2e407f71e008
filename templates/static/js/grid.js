// The figures grid: Enter and arrows move between cells, a column pasted from
// Excel fills downwards. Cells are plain inputs; the server reads vi-VN numbers.
export function bindGrid(table) {
  const cells = [...table.querySelectorAll("input.cell")];

  table.addEventListener("keydown", (event) => {
    const at = cells.indexOf(event.target);
    if (at < 0 || event.isComposing) return;
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = cells[at + step];
    if (next) { next.focus(); next.select(); }
  });

  table.addEventListener("paste", (event) => {
    const at = cells.indexOf(event.target);
    const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
    if (at < 0 || lines.length < 2) return;
    event.preventDefault();
    lines.forEach((line, i) => {
      const cell = cells[at + i];
      if (!cell) return;
      cell.value = line.split("\t")[0].trim();
    });
    // One event is enough: the form saves as a whole.
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
    cells[Math.min(at + lines.length, cells.length) - 1].focus();
  });
}
