// From one difference to the next by the keys n and p. Single letters are keys
// only while the box beside them is ticked, which this machine remembers, and
// never where somebody types.
const KEY = "difference-keys";

export function bindDifferences(choice) {
  const box = choice.querySelector("input");
  choice.hidden = false;
  try { box.checked = localStorage.getItem(KEY) !== "no"; } catch { /* as the page says */ }
  box.addEventListener("change", () => {
    try { localStorage.setItem(KEY, box.checked ? "yes" : "no"); } catch { /* until the page is left */ }
  });
  const places = [...document.querySelectorAll("[data-differences] [id^='difference-']")];
  let at = -1;
  addEventListener("hashchange", () => {
    const found = places.findIndex((place) => `#${place.id}` === location.hash);
    if (found >= 0) { at = found; places[at].focus({ preventScroll: true }); }
  });
  document.addEventListener("keydown", (event) => {
    const step = { n: 1, p: -1 }[event.key];
    if (!step || !box.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const next = places[at + step];
    if (!next) return;
    event.preventDefault();
    at += step;
    history.replaceState(null, "", `#${next.id}`);
    next.scrollIntoView({ block: "center" });
    next.focus({ preventScroll: true });
  });
}
