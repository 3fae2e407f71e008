// Copied paragraphs that nobody has changed or confirmed: the list beside the
// editor grows shorter while they are changed.
export function bindStale(card) {
  addEventListener("autosave:saved", ({ detail: { stale } }) => {
    if (!stale) return;
    const rows = [...card.querySelectorAll("[data-stale]")];
    for (const row of rows) row.hidden = !stale.includes(row.dataset.stale);
    const left = rows.filter((row) => !row.hidden).length;
    card.querySelector("[data-stale-count]").textContent = left;
    card.hidden = left === 0;
  });
}
