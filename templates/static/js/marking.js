// From one criterion that waits for its mark to the next by the keys n and p, and d
// agrees with what stands. Single letters are keys only while the box beside them is
// ticked, which this machine remembers, and never where somebody types. After each save
// the page says how many criteria wait to be given.
const KEY = "marking-keys";

export function bindMarking(choice) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  try { box.checked = localStorage.getItem(KEY) !== "no"; } catch { /* as the page says */ }
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEY, box.checked ? "yes" : "no"); } catch { /* until the page is left */ }
  });
  document.addEventListener("autosave:saved", ({ detail: { typed } }) => {
    const said = document.querySelector("[data-typed]");
    if (said && typed !== undefined) said.textContent = typed;
  });
  const rows = [...document.querySelectorAll(".marking")];
  const waits = (row) => {
    const points = row.querySelector("[name^='mark.']");
    const agree = row.querySelector("[name=agree]");
    const out = row.querySelector("[name^='out.']");
    return points && !points.value.trim() && !agree?.checked && !out?.checked;
  };
  const go = (row) => {
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    if (event.key === "d" && at >= 0) {
      const agree = rows[at].querySelector("[name=agree]");
      if (!agree) return;
      event.preventDefault();
      agree.click(); // as by hand: what is kept of the page hears of it
      return;
    }
    const next = event.key === "n" ? rows.slice(at + 1).find(waits)
      : event.key === "p" ? rows.slice(0, Math.max(at, 0)).reverse().find(waits) : undefined;
    if (!next) return;
    event.preventDefault();
    go(next);
  });
}
