// The pages of a self-assessment: after each save the points, why they are so and what
// still stands against them, as the server says; and how many files are ticked.
export function bindScores(form) {
  const line = document.querySelector('template[data-line="bad"]').content.firstElementChild;
  form.addEventListener("autosave:saved", ({ detail }) => {
    document.querySelector("[data-sum]").textContent = detail.sum;
    for (const [code, state] of Object.entries(detail.rows ?? {})) {
      const card = form.querySelector(`[data-criterion="${CSS.escape(code)}"]`);
      if (card) show(card, state);
    }
  });
  form.addEventListener("change", ({ target }) => {
    const fold = target.closest("details");
    const count = fold?.querySelector("[data-chosen]");
    if (count) count.textContent = fold.querySelectorAll("input:checked").length;
  });

  function show(card, { points, title, about, why, problems }) {
    card.querySelector("[data-points]").textContent = points || "—";
    card.querySelector("[data-problems]").replaceChildren(...(problems ?? []).map((text) => {
      const made = line.cloneNode(true);
      made.lastElementChild.textContent = text;
      return made;
    }));
    const note = card.querySelector("[data-why]");
    note.hidden = !why?.length;
    note.querySelector("[data-why-title]").textContent = title;
    note.querySelector("[data-about]").textContent = about;
    note.querySelector("[data-why-lines]").textContent = (why ?? []).join(" ");
  }
}
