// What the checks say of each row, as the server answers after a save, put beside
// the cells. Words come from the answer and from the page's own templates.
export function showChecks(rows, answer) {
  for (const row of rows) {
    const state = answer.rows?.[row.code];
    if (state) showRow(row, state);
  }
  for (const [number, group] of Object.entries(answer.groups ?? {})) {
    for (const element of document.querySelectorAll(`[data-group="${number}"]`)) {
      element.textContent = group.state;
      element.classList.toggle("state-bad", group.bad);
    }
  }
  const summary = document.querySelector("[data-summary]");
  if (summary && summary.textContent !== answer.summary) summary.textContent = answer.summary;
}

function showRow({ line, cell, reason }, state) {
  line.className = state.class;
  cell?.toggleAttribute("aria-invalid", false);
  if (state.errors.length > 0) cell?.setAttribute("aria-invalid", "true");
  const said = [...state.errors.map((text) => saying("bad", text)), ...state.warnings.map((text) => saying("warn", text))];
  if (state.blank && state.errors.length === 0) said.push(saying("blank"));
  line.querySelector("[data-lines]").replaceChildren(...said);
  reason.closest("[data-reason]").hidden = state.warnings.length === 0 && reason.value === "" && document.activeElement !== reason;
  for (const change of line.querySelectorAll("[data-change]")) change.textContent = state[change.dataset.change];
}

function saying(kind, text) {
  const made = document.querySelector(`template[data-line="${kind}"]`).content.firstElementChild.cloneNode(true);
  if (text) made.lastElementChild.textContent = text;
  return made;
}

// markUnread shows at once that a text is no figure; the server's answer says why.
export function markUnread({ line, cell }, unread) {
  if (!unread) return;
  line.className = "broken";
  cell.setAttribute("aria-invalid", "true");
}
