// The grid of a plan's tasks: the whole table in cells, over the same rows that the
// page lists. It asks for them, saves what is changed (autosave.js, of the changed
// cells alone), shows what the checks say of each cell, and lets two people write at
// once: what others saved appears beside what is typed here, and only a cell that
// says two new things asks which to keep. On phones the list stays, whose cards lead
// to a page a task; so it does without scripts.
import { bindAutosave } from "./autosave.js";
import { draftName, keptDraft } from "./kept.js";
import { sayings } from "./grid/said.js";
import { bindUndo } from "./grid/undo.js";
import { bindKeys } from "./plangrid/keys.js";
import { lay, rangeIn } from "./plangrid/range.js";
import { Row, saying } from "./plangrid/row.js";

const PHONE = "(max-width: 640px)";

export async function bindPlanGrid(template) {
  if (matchMedia(PHONE).matches) return;
  const answer = await fetch(template.dataset.planGrid, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return; // the list is as good
  new Grid(template, await answer.json());
}

class Grid {
  constructor(template, table) {
    this.template = template;
    this.most = Number(template.dataset.most);
    this.rows = [];
    this.moves = [];
    this.looks = []; // rows taken over that somebody has looked at
    this.saves = new Map(); // what each save said, by its number
    this.number = 0;
    this.build();
    this.told(table);
    this.restore();
    if (this.rows.length === 0) this.add(null);
    this.bind();
    this.showAll();
    bindAutosave(this.form); // puts back what this machine kept, into the rows that stand
  }

  // build puts the grid in the list's place.
  build() {
    const made = this.template.content.cloneNode(true);
    this.form = made.querySelector("form");
    this.table = made.querySelector("table");
    this.body = made.querySelector("tbody");
    this.pieces = Object.fromEntries([...made.querySelectorAll("template[data-piece]")].map((piece) => [piece.dataset.piece, piece.content.firstElementChild]));
    this.columns = [...made.querySelectorAll("th[data-head]")].map((head) => ({ code: head.dataset.head, heads: head.dataset.heads.split("|"), name: head.textContent }));
    this.codes = this.columns.map(({ code }) => code);
    this.names = {
      fields: [...made.querySelectorAll("#plan-offers-field option")].map((option) => option.value),
      numbers: made.querySelector("[data-numbers]").dataset.numbers.split("|"),
    };
    document.querySelector("[data-plan-list]").replaceWith(made);
    document.querySelector("[data-plan-page]").classList.add("plan-writing");
    const state = document.querySelector("[data-save-state]");
    if (state) state.dataset.invalid = this.template.dataset.left;
    this.bar = document.querySelector("[data-plan-bar]");
    this.say = sayings(this.bar.querySelector("[data-grid-said]"));
  }

  bind() {
    const { form, table } = this;
    form.addEventListener("formdata", ({ formData }) => this.fill(formData));
    form.addEventListener("autosave:saved", ({ detail }) => this.saved(detail));
    form.addEventListener("input", ({ target }) => this.cellAt(target)?.cell.grow());
    form.addEventListener("editor:reload", ({ target }) => this.cellAt(target)?.cell.grow());
    form.addEventListener("focusout", ({ target }) => this.cellAt(target)?.cell.left());
    table.addEventListener("paste", (event) => this.paste(event));
    table.addEventListener("click", ({ target }) => this.click(target.closest("button")));
    this.record = bindUndo(form, this.bar, (fields, way) => {
      this.showAll();
      this.changed();
      this.say([[way === "back" ? "undone" : "redone", 1]]);
      fields[0]?.focus();
    });
    this.keys = bindKeys(table, {
      rows: () => this.standing(), columns: this.codes, add: (row, column) => this.added(row).field(column),
      move: (row, step) => this.move(row, step), nothing: () => this.say([["none", 0]]),
    });
    const adds = this.bar.querySelector("[data-add]");
    adds.addEventListener("click", (event) => {
      event.preventDefault();
      const standing = this.standing();
      const row = this.added(standing[standing.length - 1]);
      this.keys.to(row.field(row.field("field").value ? "name" : "field"));
    });
    const problem = this.bar.querySelector("[data-problem]");
    problem.addEventListener("click", (event) => { event.preventDefault(); this.keys.toProblem(1); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.look(); });
  }

  // changed has everything saved that waits.
  changed() { this.form.dispatchEvent(new Event("input", { bubbles: true })); }

  standing() { return this.rows.filter((row) => !row.removed); }
  row(key) { return this.rows.find((row) => row.key === key); }
  cellAt(field) {
    const row = field.closest && this.row(field.closest("[data-key]")?.dataset.key);
    const cell = row?.cells.get(field.closest("[data-column]")?.dataset.column);
    return cell && { row, cell };
  }

  make(key, base) {
    const row = new Row(key, this.pieces.row.cloneNode(true), base);
    this.rows.push(row);
    return row;
  }

  // add makes a new row behind another; it belongs to the same field.
  add(behind) {
    const row = this.make(newKey(), 0);
    row.after = behind?.key ?? "";
    if (behind) {
      row.field("field").value = behind.field("field").value;
      this.rows.splice(this.rows.indexOf(row), 1);
      this.rows.splice(this.rows.indexOf(behind) + 1, 0, row);
    }
    return row;
  }

  // added is add on the person's own wish, which can be taken back.
  added(behind) {
    const row = this.add(behind ?? null);
    this.showAll();
    this.record({ back: () => this.drop(row, behind), again: () => this.bring(row, behind) });
    return row;
  }

  drop(row, neighbour) {
    if (row.fresh && !this.sending(row)) this.rows = this.rows.filter((one) => one !== row);
    else row.removed = true;
    const next = neighbour && !neighbour.removed ? neighbour : this.standing()[0];
    return next ? [next.field("name")] : [];
  }

  // bring has a row that was dropped stand again.
  bring(row, behind) {
    row.removed = false;
    if (!this.rows.includes(row)) this.rows.splice(this.rows.indexOf(behind) + 1, 0, row);
    return [row.field("name")];
  }

  sending(row) { return [...this.saves.values()].some((save) => save.has(row.key)); }

  remove(row) {
    const next = this.standing()[this.standing().indexOf(row) + 1] ?? this.standing()[this.standing().indexOf(row) - 1];
    const take = (away) => {
      row.removed = away;
      row.clash = null;
      if (this.standing().length === 0) this.add(null);
      return [(away ? next ?? this.standing()[0] : row).field("name")];
    };
    take(true);
    this.record({ back: () => take(false), again: () => take(true) });
    this.showAll();
    this.changed();
    this.say([["removed", 1]]);
    (next ?? this.standing()[0]).field("name").focus();
  }

  // move makes a row and its neighbour of the same field change places.
  move(row, step) {
    const run = this.runs?.find(({ keys }) => keys.includes(row.key))?.keys;
    const at = run?.indexOf(row.key);
    const other = run && this.row(run[at + step]);
    if (!other || row.fresh) return;
    const swap = (down) => {
      const [upper, lower] = step > 0 === down ? [row, other] : [other, row];
      this.moves.push([upper.key, lower.key]); // the upper goes behind the lower
      this.put(upper.key, lower.key);
      this.order();
      this.showAll();
      this.changed();
      return [row.field("name")];
    };
    swap(true);
    this.record({ back: () => swap(false), again: () => swap(true) });
  }

  // put has a row stand behind another of its run.
  put(key, after) {
    const keys = this.runs.find((run) => run.keys.includes(key) && run.keys.includes(after))?.keys;
    if (!keys) return;
    keys.splice(keys.indexOf(key), 1);
    keys.splice(keys.indexOf(after) + 1, 0, key);
  }

  // fill says in a save what has been changed here, and nothing else of the form.
  fill(data) {
    for (const name of [...data.keys()]) if (/^(cell|base)\./.test(name)) data.delete(name);
    const save = new Map();
    for (const row of this.rows.filter((one) => one.waits())) {
      const sent = row.sent();
      save.set(row.key, sent);
      data.append("row", row.key);
      data.append(`base.${row.key}`, row.base.value);
      if (row.fresh) data.append(`after.${row.key}`, this.anchor(row));
      if (sent.removed) data.append(`removed.${row.key}`, "1");
      for (const [column, text] of Object.entries(sent.cells)) data.append(`cell.${row.key}.${column}`, text);
    }
    for (const [key, after] of this.moves) data.append("move", `${key}:${after}`);
    for (const key of this.looks) data.append("looked", key);
    [save.moves, save.looks] = [this.moves.length, this.looks.length];
    this.saves.set(String(++this.number), save);
    data.append("save", this.number);
    data.append("since", this.since ?? "");
  }

  // anchor is the row behind which a new one stands, as the table has it on the page.
  anchor(row) {
    const before = this.rows.slice(0, this.rows.indexOf(row)).filter((one) => !one.removed && !one.blank());
    return before[before.length - 1]?.key ?? "";
  }

  saved(answer) {
    const sent = this.saves.get(answer.save) ?? new Map();
    for (const number of [...this.saves.keys()]) if (Number(number) <= Number(answer.save)) this.saves.delete(number);
    this.moves.splice(0, sent.moves ?? 0);
    this.looks.splice(0, sent.looks ?? 0);
    for (const [key, version] of Object.entries(answer.versions ?? {})) {
      const [row, said] = [this.row(key), sent.get(key)];
      if (!row || !said) continue;
      row.away = said.removed;
      row.fresh = false;
      row.base.value = version;
    }
    this.told(answer, sent);
    if (answer.refused) this.say([["refused", 1, [answer.refused]]]);
    this.showAll();
    // What was merged with others' words, or changed on the way, is saved by itself.
    if (this.rows.some((row) => row.merged)) {
      for (const row of this.rows) row.merged = false;
      this.changed();
    }
  }

  // look asks what others have written while nobody looked here.
  async look() {
    const answer = await fetch(`${this.template.dataset.planGrid}?since=${encodeURIComponent(this.since ?? "")}`, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    this.told(await answer.json());
    this.showAll();
  }

  // told takes over how the table stands.
  told(answer, sent = new Map()) {
    this.since = answer.since;
    this.errors = answer.errors;
    this.runs = answer.groups ?? [];
    for (const [key, after] of this.moves) this.put(key, after); // not sent yet
    this.summary = answer;
    const unread = answer.unreadCells ?? [];
    for (const [key, stands] of Object.entries(answer.rows)) {
      const row = this.row(key) ?? this.make(key, stands.version);
      const said = sent.get(key);
      if (said && !answer.clashes?.[key] && !answer.refused) {
        row.clash = null;
        row.stands(stands, said.cells, unread.filter((one) => one.startsWith(`${key}.`)).map((one) => one.slice(key.length + 1)));
      } else if (!row.clash && !row.removed && !answer.clashes?.[key]) this.meet(row, stands, null);
      [row.about, row.stale] = [stands.about, stands.stale];
    }
    for (const [key, clash] of Object.entries(answer.clashes ?? {})) {
      const row = this.row(key);
      if (row) this.clashes(row, clash);
    }
    const keys = new Set(this.runs.flatMap((run) => run.keys));
    this.rows = this.rows.filter((row) => keys.has(row.key) || row.fresh || row.removed || row.away || row.clash || row.changed().length > 0);
    this.order();
  }

  // order has the rows in the order of the table; new ones stay behind the row that
  // they were added to.
  order() {
    const placed = this.runs.flatMap((run) => run.keys).map((key) => this.row(key)).filter(Boolean);
    for (const row of this.rows) {
      if (placed.includes(row)) continue;
      const behind = this.rows.slice(0, this.rows.indexOf(row)).reverse().find((one) => placed.includes(one));
      placed.splice(behind ? placed.indexOf(behind) + 1 : this.rows.indexOf(row) === 0 ? 0 : placed.length, 0, row);
    }
    this.rows = placed;
  }

  clashes(row, clash) {
    if (Number(row.base.value) === clash.version) { // the row has met theirs while this was on its way
      row.merged = true;
      return;
    }
    if (row.removed && !clash.removed) { // taken out here, written by somebody else: it stays
      row.removed = false;
      row.away = false;
      for (const cell of row.cells.values()) cell.put(clash.cells[cell.column] ?? "");
      row.stands(clash);
      this.say([["moved", 1, [clash.text]]]);
      return;
    }
    if (clash.removed) this.asks(row, clash, []);
    else this.meet(row, clash, clash.text);
  }

  // meet lets what others have saved into a row that may be changed here.
  meet(row, stands, text) {
    const torn = row.meets(stands);
    if (!text) return;
    row.merged = torn.length === 0;
    if (row.merged) row.clash = null;
    else this.asks(row, stands, torn);
  }

  // asks which words to keep. The same question stays as it stands on the page, with
  // whoever is about to answer it.
  asks(row, clash, torn) {
    const asked = row.clash;
    if (asked?.version === clash.version && asked.torn.length === torn.length && torn.every((cell) => asked.torn.includes(cell))) return;
    row.clash = { ...clash, torn };
  }

  // choose ends a clash: mine is based on theirs from here on, or theirs is taken.
  choose(row, mine) {
    const { clash } = row;
    row.clash = null;
    if (clash.removed) {
      row.base.value = clash.version;
      row.away = true;
      row.removed = !mine;
    } else {
      if (!mine) for (const cell of clash.torn) cell.put(clash.cells[cell.column] ?? "");
      const kept = new Map(clash.torn.map((cell) => [cell, cell.field.value]));
      row.stands(clash);
      if (mine) for (const [cell, text] of kept) cell.put(text);
    }
    this.showAll();
    this.changed();
    row.field("name").focus();
  }

  click(button) {
    const row = button && this.row(button.closest("[data-key]")?.dataset.key);
    if (!row) return;
    if ("remove" in button.dataset) this.remove(row);
    if ("up" in button.dataset) this.move(row, -1);
    if ("down" in button.dataset) this.move(row, 1);
    if ("looked" in button.dataset) this.lookedAt(row);
    if ("choose" in button.dataset) this.choose(row, button.dataset.choose === "mine");
  }

  lookedAt(row) {
    row.stale = false;
    this.looks.push(row.key);
    this.showAll();
    this.changed();
    row.field("name").focus();
  }

  paste(event) {
    const at = this.cellAt(event.target);
    const range = at && rangeIn(event.clipboardData);
    if (!range) return; // a text goes in as typed
    event.preventDefault();
    const { lines, unknown } = lay(range, this.columns, this.codes.indexOf(at.cell.column), this.names);
    const [batch, made] = [[], []];
    let row = at.row, beyond = 0;
    for (const line of lines) {
      if (!row) {
        if (this.standing().length >= this.most) { beyond += 1; continue; }
        const standing = this.standing();
        const behind = standing[standing.length - 1];
        row = this.add(behind);
        made.push({ row, behind });
      }
      for (const [column, text] of Object.entries(line)) {
        const cell = row.cells.get(column);
        batch.push({ cell, before: cell.field.value });
        cell.put(text);
      }
      row = this.standing()[this.standing().indexOf(row) + 1];
    }
    if (batch.length > 0) {
      const swap = () => {
        for (const one of batch) {
          const stood = one.cell.field.value;
          one.cell.put(one.before);
          one.before = stood;
        }
        return [at.cell.field];
      };
      const back = () => {
        const fields = swap();
        for (const one of made) this.drop(one.row);
        return fields;
      };
      const again = () => {
        for (const one of made) this.bring(one.row, one.behind);
        return swap();
      };
      this.record({ back, again });
    }
    this.showAll();
    this.changed();
    this.say([["pasted", batch.length], ["added", made.length], ["unknown", unknown.length, unknown], ["beyond", beyond]]);
    (batch[batch.length - 1]?.cell ?? at.cell).field.focus();
  }

  // restore makes rows again that this machine kept and the server never got; their
  // words are put back by autosave.
  restore() {
    const kept = keptDraft(draftName())?.fields ?? [];
    for (const [, key] of kept.filter(([name]) => name === "row")) {
      if (this.row(key)) continue;
      const value = (name) => kept.find(([field]) => field === name)?.[1] ?? "";
      if (value(`removed.${key}`)) continue;
      const behind = this.row(value(`after.${key}`));
      const row = this.make(key, Number(value(`base.${key}`)));
      if (!behind) continue;
      this.rows.splice(this.rows.indexOf(row), 1);
      this.rows.splice(this.rows.indexOf(behind) + 1, 0, row);
    }
  }

  // showAll puts the rows where they stand, with what is to be said of each.
  showAll() {
    const here = document.activeElement;
    const numbers = new Map(this.runs.flatMap((run) => run.keys).map((key, i) => [key, i + 1]));
    const wanted = [];
    let heading = null;
    for (const row of this.standing()) {
      const run = this.runs.find(({ keys }) => keys.includes(row.key));
      if (run && run !== heading) { wanted.push(this.headingOf(run)); heading = run; }
      row.number.textContent = numbers.get(row.key) ?? "+";
      row.line.classList.toggle("broken", Boolean(this.errors[row.key]));
      row.number.title = row.about ?? "";
      row.line.classList.toggle("stale", Boolean(row.stale));
      row.line.querySelector("[data-stale]").hidden = !row.stale;
      for (const cell of row.cells.values()) { cell.grow(); cell.say(this.errors[row.key]?.[cell.column] ?? []); }
      row.line.querySelector("[data-said]").replaceChildren(...(this.errors[row.key]?.[""] ?? []).map(saying));
      wanted.push(row.line);
      if (row.clash) wanted.push(this.clashOf(row));
    }
    wanted.forEach((line, i) => { if (this.body.children[i] !== line) this.body.insertBefore(line, this.body.children[i] ?? null); });
    while (this.body.children.length > wanted.length) this.body.lastElementChild.remove();
    if (here !== document.activeElement && this.form.contains(here)) here.focus();
    for (const [name, text] of [["count", this.summary.count], ["summary", this.summary.summary]]) {
      const element = document.querySelector(`[data-plan-${name}]`);
      if (element.textContent !== text) element.textContent = text;
    }
    const stale = document.querySelector("[data-plan-stale]");
    if (stale) {
      stale.hidden = this.summary.stale === "";
      stale.querySelector("[data-word]").textContent = this.summary.stale;
    }
    document.querySelector("[data-plan-summary]").classList.toggle("bad-word", this.summary.broken);
    this.bar.querySelector("[data-problem]").hidden = !this.table.querySelector("[aria-invalid], [data-choose]");
  }

  headingOf(run) {
    run.line ??= this.pieces.heading.cloneNode(true);
    run.line.querySelector("span").textContent = run.name;
    return run.line;
  }

  clashOf(row) {
    if (row.clash.line) return row.clash.line;
    const line = this.pieces.clash.cloneNode(true);
    line.dataset.key = row.key;
    line.querySelector("[data-text]").textContent = row.clash.text;
    const list = line.querySelector("dl");
    for (const cell of row.clash.torn) {
      const [term, value] = [document.createElement("dt"), document.createElement("dd")];
      term.textContent = this.columns.find(({ code }) => code === cell.column).name;
      value.textContent = row.clash.cells[cell.column] || this.template.dataset.blank;
      list.append(term, value);
    }
    list.hidden = row.clash.torn.length === 0;
    row.clash.line = line;
    return line;
  }
}

// newKey is a key that no other task has: 60 random bits.
function newKey() {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => letters[byte % 32]).join("");
}
