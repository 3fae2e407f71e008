// Reads a rule aloud while it is typed: the server is asked after a pause. Without
// this script the reading comes with the next save.
const PAUSE = 400;

for (const form of document.querySelectorAll("form[data-rules]")) {
  for (const said of form.querySelectorAll("[data-reading]")) {
    const field = document.getElementById(said.dataset.reading);
    let timer, asked = 0;
    field?.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => read(++asked), PAUSE);
    });

    async function read(mine) {
      if (field.value.trim() === "") { said.hidden = true; return; }
      try {
        const answer = await fetch(`${form.dataset.rules}?rule=${encodeURIComponent(field.value)}`, { headers: { Accept: "application/json" } });
        if (!answer.ok || mine !== asked) return;
        const { reading, problem } = await answer.json();
        said.hidden = false;
        said.toggleAttribute("data-bad", problem !== "");
        said.querySelector("span").textContent = problem || reading;
      } catch {
        // The line is down: the reading comes with the next save.
      }
    }
  }
}
