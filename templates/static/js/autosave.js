// Saves a form marked data-autosave after a pause in typing. The words of each
// state stand in the form's state element, so that no language is in scripts.
//
// The server answers JSON: {saved, version} or {saved, versions} (200), or 409
// when somebody else has saved since: the form is then sent plainly, and the
// page that comes back shows both sides. What was typed is also kept on this machine
// until the server has it, so that nothing is lost to a dropped line or an
// ended session.
const PAUSE = 1500;

export function bindAutosave(form) {
  const say = stateOf(form);
  const base = form.elements.namedItem("base_version");
  const draftName = `draft:${document.body.dataset.user}:${location.pathname}`;
  let timer, running = false, again = false, stopped = false;

  offerDraft(form, draftName, () => schedule());

  const content = () => new URLSearchParams(new FormData(form));

  function schedule() {
    if (stopped) return;
    keepDraft(draftName, form);
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  async function save() {
    if (running) { again = true; return; }
    running = true;
    say("saving");
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: content(), redirect: "manual",
        headers: { Accept: "application/json" },
      });
      await take(answer);
    } catch {
      say("offline");
      clearTimeout(timer);
      timer = setTimeout(save, 10000);
    }
    running = false;
    if (again) { again = false; schedule(); }
  }

  async function take(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401) { say("signedout"); return; }
    if (answer.status === 409) {
      stopped = true;
      say("conflict");
      return;
    }
    if (answer.status === 422) { say("invalid"); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const saved = await answer.json();
    if (base && saved.version) base.value = saved.version;
    for (const [code, version] of Object.entries(saved.versions ?? {})) {
      const field = form.elements.namedItem(`base.${code}`);
      if (field) field.value = version;
    }
    if (!again) dropDraft(draftName);
    say("saved", saved.saved);
  }

  form.addEventListener("input", schedule);
  addEventListener("online", () => { if (localDraft(draftName)) save(); });
  // The plain button sends the form itself; the next page tells whether it was
  // taken (settleDraft).
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    stopped = true;
    sessionStorage.setItem(SENT, draftName);
  });
}

const SENT = "draft-sent";

// settleDraft forgets the draft that was sent by a plain button, once the page
// that came back says by data-settled that it was saved. Any other page (an
// error, a conflict, sign-in after the session ended) leaves the draft to be
// offered again.
export function settleDraft() {
  const name = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (name && document.querySelector("[data-settled]")) dropDraft(name);
}

// stateOf finds the live region and its words: data-saving, data-saved, ...
function stateOf(form) {
  const element = document.querySelector("[data-save-state]");
  return (state, when) => {
    if (!element) return;
    element.dataset.state = state;
    const word = element.querySelector("[data-word]");
    word.textContent = element.dataset[state] + (when ? ` ${when}` : "");
    if (state !== "conflict") return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = word.textContent;
    button.addEventListener("click", () => form.requestSubmit());
    word.replaceChildren(button);
  };
}

function localDraft(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function keepDraft(name, form) {
  const fields = [...new FormData(form)].filter(([field]) => field !== "key");
  try {
    localStorage.setItem(name, JSON.stringify({ fields }));
  } catch {
    // Storage full or forbidden: the server still gets every save.
  }
}

function dropDraft(name) {
  try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
}

// offerDraft shows what this machine kept and the server never got. It is put
// back only when the person says so: the text on the server may be newer.
function offerDraft(form, name, restored) {
  const draft = localDraft(name);
  const offer = document.querySelector("[data-draft-offer]");
  if (!draft || !offer) return;
  const fields = draft.fields.map(([field, value]) => [form.elements.namedItem(field), value]);
  if (fields.every(([element, value]) => !element || element.type === "hidden" || element.value === value)) { dropDraft(name); return; }
  offer.hidden = false;
  offer.querySelector("[data-draft-restore]").addEventListener("click", () => {
    for (const [element, value] of fields) if (element) element.value = value;
    // The base versions come back too: saving on top of what it was typed on lets
    // the server see a conflict.
    offer.hidden = true;
    restored();
  });
  offer.querySelector("[data-draft-drop]").addEventListener("click", () => { dropDraft(name); offer.hidden = true; });
}
