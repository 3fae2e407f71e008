// Two people who write one document see each other: while the page is looked at
// it tells every 20 s where its reader is, and hears who else is there.
const EVERY = 20000;

export function bindPresence({ dataset: { presence: address } }) {
  const place = location.pathname.split("/").slice(3).join("/");
  let timer, last = 0;

  async function tell() {
    clearTimeout(timer);
    timer = setTimeout(tell, EVERY);
    if (document.hidden) return;
    last = Date.now();
    try {
      const answer = await fetch(address, {
        method: "POST", body: new URLSearchParams({ place }), redirect: "manual", headers: { Accept: "application/json" },
      });
      if (answer.ok) show((await answer.json()).others);
      else if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) clearTimeout(timer);
    } catch {
      // Off line: who is here is not known, so what was shown stays until later.
    }
  }

  function show(others) {
    const element = document.querySelector("[data-presence]"); // the page shows news by itself: it may be another now
    if (!element) return;
    const text = others.map((one) => one.text).join(". ");
    const word = element.querySelector("[data-word]");
    element.hidden = !text;
    if (word.textContent !== text) word.textContent = text; // a live region speaks when it changes
    for (const row of document.querySelectorAll("[data-here]")) {
      const here = others.filter((one) => one.place === row.dataset.here).map((one) => one.here).join(". ");
      row.hidden = !here;
      if (row.textContent !== here) row.textContent = here;
    }
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - last > EVERY / 4) tell(); });
  tell();
}
