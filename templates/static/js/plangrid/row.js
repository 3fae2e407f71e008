// A row of a plan's grid: its cells, what the server holds of each, and what it is
// based on. A cell is changed while it says something else than the server holds.
export class Row {
  constructor(key, line, base) {
    Object.assign(this, { key, line, fresh: base === 0, removed: false, away: false, after: "", clash: null, problems: {} });
    this.base = line.querySelector("[data-base]");
    this.base.name = `base.${key}`;
    this.base.value = base;
    this.number = line.querySelector("[data-number]");
    this.number.id = `plan-number-${key}`;
    line.id = `task-${key}`;
    line.dataset.key = key;
    this.cells = new Map();
    for (const box of line.querySelectorAll("[data-column]")) this.cells.set(box.dataset.column, new Cell(this, box));
  }

  field(column) { return this.cells.get(column).field; }

  changed() { return [...this.cells.values()].filter((cell) => cell.field.value !== cell.holds); }

  // blank tells of a new row that nothing has been written into it: its field came
  // from the row above.
  blank() { return this.fresh && [...this.cells.values()].every((cell) => cell.column === "field" || cell.field.value.trim() === ""); }

  // waits tells whether the server is to hear of the row. One that asks which words to
  // keep is sent as it stands: the server holds it back again, so that the page goes on
  // saying that it is not saved, and this machine keeps what was typed.
  waits() {
    if (this.removed !== this.away) return !(this.removed && this.fresh);
    return !this.removed && !this.blank() && this.changed().length > 0;
  }

  // sent is what a save says of the row. One that comes back says all of itself, as far
  // as this page has ever known it.
  sent() {
    const cells = this.removed ? [] : this.away && this.version ? [...this.cells.values()] : this.changed();
    return { removed: this.removed, cells: Object.fromEntries(cells.map((cell) => [cell.column, cell.field.value])) };
  }

  // stands notes what the server holds now. What was sent and has not been changed
  // since is shown as the server understood it; what is being typed stays.
  stands({ version, cells }, sent = {}, unread = []) {
    this.fresh = false;
    this.base.value = version;
    this.version = version; // of what the cells hold
    for (const cell of this.cells.values()) {
      const text = cells[cell.column] ?? "";
      const mine = cell.field.value !== cell.holds && cell.field.value !== sent[cell.column];
      cell.holds = text;
      if (!mine && !unread.includes(cell.column)) cell.show(text);
    }
  }

  // meets tells whether what others have saved fits beside what was typed here: it
  // does while no cell says two new things. Then the row goes on from theirs. Words that
  // this machine has put back may be older than what the cells hold: each of them asks.
  meets({ version, cells }) {
    const older = Number(this.base.value) < this.version;
    const torn = this.changed().filter((cell) => (older || cells[cell.column] !== cell.holds) && cells[cell.column] !== cell.field.value);
    if (torn.length > 0) return torn;
    this.stands({ version, cells });
    return [];
  }
}

class Cell {
  constructor(row, box) {
    this.row = row;
    this.column = box.dataset.column;
    this.box = box;
    this.holds = "";
    this.field = box.querySelector(".cell");
    this.field.name = `cell.${row.key}.${this.column}`;
    this.field.id = `plan-${row.key}-${this.column}`;
    this.lines = box.querySelector("[data-lines]");
    this.lines.id = `plan-said-${row.key}-${this.column}`;
    this.field.setAttribute("aria-labelledby", `plan-number-${row.key} plan-head-${this.column}`);
    this.field.setAttribute("aria-describedby", this.lines.id);
  }

  // show puts a text into the cell, unless somebody stands in it: then when they go.
  show(text) {
    if (document.activeElement === this.field) this.later = { over: this.field.value, text };
    else this.put(text);
  }

  left() {
    if (this.later && this.field.value === this.later.over) this.put(this.later.text);
    this.later = null;
  }

  put(text) {
    this.field.value = text;
    this.grow();
  }

  // grow gives the box the height of its text.
  grow() {
    const room = this.field.parentElement;
    if (room.classList.contains("grow")) room.dataset.text = this.field.value;
  }

  say(problems) {
    const said = problems.join("\n");
    if (said === this.said) return;
    this.said = said;
    this.field.toggleAttribute("aria-invalid", false);
    if (problems.length > 0) this.field.setAttribute("aria-invalid", "true");
    this.box.classList.toggle("broken", problems.length > 0);
    this.lines.replaceChildren(...problems.map(saying));
  }
}

// saying is a line of what is wrong.
export function saying(text) {
  const made = document.querySelector('template[data-line="bad"]').content.firstElementChild.cloneNode(true);
  made.lastElementChild.textContent = text;
  return made;
}
