// The session ends by itself when nobody asks for anything. On a page where
// something is typed a note warns before, and one click goes on working; typing
// goes on by itself, because autosave asks. After the end the note leads to the
// sign-in page and back to this very place, where what was typed is put back.
import { saveAll, signInPath } from "./autosave.js";
import { dropDraft, dropOldDrafts, ownDrafts, pathOf } from "./kept.js";

const WARN = 300; // seconds before the end
const LOOK = 5000;

export function bindSession(note) {
  const word = note.querySelector("[data-word]");
  const goOn = note.querySelector("[data-go-on]");
  const signIn = note.querySelector("[data-sign-in]");
  let end = Date.now() + Number(document.body.dataset.session) * 1000;
  let told = Infinity, over = false;

  const left = () => Math.ceil((end - Date.now()) / 1000);
  const set = (seconds) => { end = Date.now() + seconds * 1000; told = Infinity; tell(); };
  document.addEventListener("session:left", (event) => set(event.detail));

  function tell() {
    const minutes = Math.max(0, Math.ceil(left() / 60));
    if (left() > WARN) { note.hidden = true; over = false; return; }
    over = left() <= 0;
    note.hidden = false;
    goOn.hidden = over;
    signIn.hidden = !over;
    signIn.href = signInPath();
    if (minutes === told) return; // a live region speaks when it changes
    told = minutes;
    const when = over ? note.dataset.ended : note.dataset.ends.replace("#", minutes);
    word.textContent = `${when} ${document.body.dataset.kept === "no" ? note.dataset.unkept : note.dataset.kept}`;
  }

  // Another page of the same person may have gone on: the server knows.
  async function look() {
    try {
      const answer = await fetch("/session", { redirect: "manual", cache: "no-store", headers: { Accept: "application/json" } });
      if (answer.type === "opaqueredirect") set(0);
      else if (answer.ok) set((await answer.json()).left);
    } catch {
      tell(); // off line: what this page knows is the best there is
    }
  }

  const watch = () => { if (!over && left() <= WARN) (told === Infinity || left() <= 0 ? look : tell)(); };
  setInterval(watch, LOOK);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && left() <= WARN) look(); });
  goOn.addEventListener("click", async () => {
    try {
      const answer = await fetch("/session", { method: "POST", redirect: "manual", headers: { Accept: "application/json" } });
      if (answer.ok) set((await answer.json()).left); else set(0);
    } catch {
      tell();
    }
  });
}

// bindSignOut saves what is typed before signing out and clears this person's
// drafts off the machine. What cannot be saved is told once before it goes.
export function bindSignOut(form) {
  const warning = form.querySelector("[data-unsaved]");
  let asked = false;
  dropOldDrafts();
  form.addEventListener("submit", async (event) => {
    if (asked) { ownDrafts().forEach(dropDraft); return; }
    event.preventDefault();
    asked = true;
    await Promise.race([saveAll(), new Promise((done) => setTimeout(done, 3000))]).catch(() => {});
    const unsaved = ownDrafts();
    if (!unsaved.length) { form.submit(); return; }
    warning.hidden = false;
    warning.querySelector("a").href = pathOf(unsaved[0]);
    const button = form.querySelector("button");
    button.lastChild.textContent = form.dataset.anyway;
  });
}
